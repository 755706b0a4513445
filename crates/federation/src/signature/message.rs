//! RFC 9421, HTTP Message Signatures, inbound, in the profile of the fediverse (SWICG report "ActivityPub and HTTP
//! Signatures"; Mastodon: `app/lib/signed_request.rb`): RSASSA-PKCS1-v1_5 with SHA-256 over `@method`, `@target-uri` and,
//! with a body, `content-digest`, made at `created` with the key `keyid`.
//!
//! Reading is pure and bounded; nothing is verified and nothing fetched here. Left out: components with parameters (`;sf`,
//! `;bs`, `;key`, `;req`, `;tr`, `@query-param`), which nobody signs on the fediverse; a signature that covers one is
//! passed over. Which address is meant is told by the caller from this node's configured origin, never from the socket.

use crate::signature::Malformed;
use http::{HeaderMap, HeaderName, Method};
use sfv::{BareItem, Dictionary, InnerList, ListEntry, Parameters, Parser};

/// The longest header that is read, in bytes.
const MAX_HEADER: usize = 8 * 1024;
/// The most signatures that are looked at.
const MAX_LABELS: usize = 8;
/// The most components that one may cover.
const MAX_COMPONENTS: usize = 32;

/// What we ask for in `Accept-Signature` (RFC 9421 §5.1) of a request with a body.
pub const WANTED_WITH_BODY: &str = r#"sig1=("@method" "@target-uri" "content-digest");created;alg="rsa-v1_5-sha256""#;

/// The same of a request without one.
pub const WANTED_WITHOUT_BODY: &str = r#"sig1=("@method" "@target-uri");created;alg="rsa-v1_5-sha256""#;

/// One of the signatures of a request, read but not verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// Its name in both headers.
    pub label: String,
    /// Names the key: usually `{actor}#main-key`, but any URL occurs.
    pub key_id: String,
    /// The names of the covered components, in order.
    pub covered: Vec<String>,
    /// When it was made, epoch seconds.
    pub created: Option<i64>,
    /// After when it counts no more, epoch seconds.
    pub expires: Option<i64>,
    /// `@signature-params`, serialised anew.
    parameters: String,
    /// The signature itself.
    pub bytes: Vec<u8>,
}

/// What a request is addressed to, by this node's own knowledge of itself.
#[derive(Debug, Clone, Copy)]
pub struct Addressed<'a> {
    /// The method.
    pub method: &'a Method,
    /// `https`, or `http` on one machine.
    pub scheme: &'a str,
    /// The host of the configured origin, with its port if it has one.
    pub host: &'a str,
    /// Path and query as they were asked for.
    pub target: &'a str,
}

/// Reads `Signature-Input` and `Signature`: the signatures that can be used, in the order of `Signature-Input`.
///
/// # Errors
/// [`Malformed`] when a header is out of shape, or why the first signature cannot be used when none can.
pub fn parse(input: &str, signature: &str) -> Result<Vec<Signature>, Malformed> {
    if input.len() > MAX_HEADER || signature.len() > MAX_HEADER {
        return Err(Malformed::TooLong);
    }
    let dictionary = |text: &str| Parser::new(text).parse::<Dictionary>().map_err(|_| Malformed::Syntax);
    let (inputs, signatures) = (dictionary(input)?, dictionary(signature)?);
    if inputs.len() > MAX_LABELS || signatures.len() > MAX_LABELS {
        return Err(Malformed::TooLong);
    }
    let mut usable = Vec::new();
    let mut why_not = None;
    for (label, entry) in &inputs {
        match read(label.as_str(), entry, signatures.get(label)) {
            Ok(signature) => usable.push(signature),
            Err(malformed) => why_not = why_not.or(Some(malformed)),
        }
    }
    if usable.is_empty() { Err(why_not.unwrap_or(Malformed::Incomplete)) } else { Ok(usable) }
}

fn read(label: &str, input: &ListEntry, signature: Option<&ListEntry>) -> Result<Signature, Malformed> {
    let ListEntry::InnerList(input) = input else { return Err(Malformed::Syntax) };
    let bytes = match signature {
        Some(ListEntry::Item(item)) => match &item.bare_item {
            BareItem::ByteSequence(bytes) if !bytes.is_empty() => bytes.clone(),
            _ => return Err(Malformed::Syntax),
        },
        Some(ListEntry::InnerList(_)) => return Err(Malformed::Syntax),
        None => return Err(Malformed::Incomplete),
    };
    if text(&input.params, "alg")?.is_some_and(|algorithm| algorithm != "rsa-v1_5-sha256") {
        return Err(Malformed::Algorithm);
    }
    let key_id = text(&input.params, "keyid")?.filter(|id| !id.is_empty()).ok_or(Malformed::Incomplete)?;
    Ok(Signature {
        label: label.to_owned(),
        key_id: key_id.to_owned(),
        covered: covered(input)?,
        created: seconds(&input.params, "created")?,
        expires: seconds(&input.params, "expires")?,
        parameters: sfv::FieldType::serialize(&vec![ListEntry::InnerList(input.clone())]).ok_or(Malformed::Syntax)?,
        bytes,
    })
}

/// The names of the components; each may be covered once (RFC 9421 §2).
fn covered(input: &InnerList) -> Result<Vec<String>, Malformed> {
    if input.items.len() > MAX_COMPONENTS {
        return Err(Malformed::TooLong);
    }
    let mut names: Vec<String> = Vec::with_capacity(input.items.len());
    for item in &input.items {
        let BareItem::String(name) = &item.bare_item else { return Err(Malformed::Syntax) };
        if !item.params.is_empty() {
            return Err(Malformed::Component);
        }
        if names.iter().any(|known| known == name.as_str()) {
            return Err(Malformed::Syntax);
        }
        names.push(name.as_str().to_owned());
    }
    Ok(names)
}

fn text<'a>(parameters: &'a Parameters, name: &str) -> Result<Option<&'a str>, Malformed> {
    match parameters.get(name) {
        None => Ok(None),
        Some(BareItem::String(text)) => Ok(Some(text.as_str())),
        Some(_) => Err(Malformed::Syntax),
    }
}

fn seconds(parameters: &Parameters, name: &str) -> Result<Option<i64>, Malformed> {
    match parameters.get(name) {
        None => Ok(None),
        Some(BareItem::Integer(number)) => Ok(Some(i64::from(*number))),
        Some(_) => Err(Malformed::Syntax),
    }
}

impl Signature {
    /// What a signature must cover to count: a request without it could be replayed elsewhere, later, or with another
    /// body.
    ///
    /// # Errors
    /// The name of the first part that is missing.
    pub fn covers_enough(&self, has_body: bool) -> Result<(), &'static str> {
        let body: &[&'static str] = if has_body { &["content-digest"] } else { &[] };
        for required in ["@method", "@target-uri"].iter().chain(body) {
            if !self.covered.iter().any(|covered| covered == required) {
                return Err(required);
            }
        }
        if self.created.is_none() { Err("created") } else { Ok(()) }
    }

    /// The signature base (RFC 9421 §2.5). `None` when a covered component is not there or cannot be told.
    pub fn base(&self, addressed: Addressed<'_>, headers: &HeaderMap) -> Option<String> {
        let mut base = String::with_capacity(512);
        for name in &self.covered {
            let value = match name.strip_prefix('@') {
                Some(derived) => addressed.derived(derived)?,
                None => field(headers, name)?,
            };
            base.push_str(&format!("\"{name}\": {value}\n"));
        }
        base.push_str(&format!("\"@signature-params\": {}", self.parameters));
        Some(base)
    }
}

impl Addressed<'_> {
    /// The derived components of a request (RFC 9421 §2.2), named without their `@`.
    fn derived(&self, name: &str) -> Option<String> {
        let (path, query) = match self.target.split_once('?') {
            Some((path, query)) => (path, query),
            None => (self.target, ""),
        };
        Some(match name {
            "method" => self.method.as_str().to_owned(),
            "target-uri" => format!("{}://{}{}", self.scheme, self.host, self.target),
            "authority" => self.host.to_owned(),
            "scheme" => self.scheme.to_owned(),
            "request-target" => self.target.to_owned(),
            "path" => path.to_owned(),
            "query" => format!("?{query}"),
            _ => return None,
        })
    }
}

/// A field's value: its lines, trimmed, in order, separated by a comma and a space (RFC 9421 §2.1).
fn field(headers: &HeaderMap, name: &str) -> Option<String> {
    let name = HeaderName::from_lowercase(name.as_bytes()).ok()?;
    let lines: Option<Vec<&str>> = headers.get_all(name).iter().map(|line| line.to_str().ok().map(str::trim)).collect();
    lines.filter(|lines| !lines.is_empty()).map(|lines| lines.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    const INPUT: &str =
        r#"sig1=("@method" "@target-uri" "content-digest");created=1700000000;keyid="https://a.example/u#main-key""#;
    const BYTES: &str = "sig1=:AAAA:";

    #[test]
    fn headers_as_servers_write_them() {
        let read = &parse(INPUT, BYTES).unwrap()[0];
        assert_eq!((read.label.as_str(), read.key_id.as_str()), ("sig1", "https://a.example/u#main-key"));
        assert_eq!(read.covered, ["@method", "@target-uri", "content-digest"]);
        assert_eq!((read.created, read.expires), (Some(1_700_000_000), None));
        for same in [
            INPUT.replace("\" \"", "\"   \""),
            INPUT.replace(";created", "; created"),
            format!("{INPUT};alg=\"rsa-v1_5-sha256\";expires=1700000300;nonce=\"x\";tag=\"y\""),
            format!("other=(\"@method\");keyid=\"k\", {INPUT}"),
        ] {
            assert_eq!(parse(&same, BYTES).unwrap()[0].covered, read.covered, "{same}");
        }
    }

    #[test]
    fn headers_out_of_shape() {
        let with = |parameter: &str| format!("{INPUT}{parameter}");
        let covering = |list: &str| format!("sig1=({list});created=1700000000;keyid=\"k\"");
        for (input, signature, reason) in [
            ("", BYTES, Malformed::Incomplete),
            ("sig1", BYTES, Malformed::Syntax),
            ("sig1=\"x\"", BYTES, Malformed::Syntax),
            ("sig1=(\"@method\"", BYTES, Malformed::Syntax),
            (INPUT, "", Malformed::Incomplete),
            (INPUT, "sig2=:AAAA:", Malformed::Incomplete),
            (INPUT, "sig1=::", Malformed::Syntax),
            (INPUT, "sig1=AAAA", Malformed::Syntax),
            (INPUT, "sig1=(:AAAA:)", Malformed::Syntax),
            ("sig1=(\"@method\");created=1", BYTES, Malformed::Incomplete),
            ("sig1=(\"@method\");keyid=\"\"", BYTES, Malformed::Incomplete),
            ("sig1=(\"@method\");keyid=k", BYTES, Malformed::Syntax),
            (&with(";alg=\"hmac-sha256\""), BYTES, Malformed::Algorithm),
            (&with(";created=\"now\""), BYTES, Malformed::Syntax),
            (&with(";created=1.5"), BYTES, Malformed::Syntax),
            (&with(";created=18446744073709551615"), BYTES, Malformed::Syntax),
            (&with(";expires"), BYTES, Malformed::Syntax),
            (&covering("\"@method\" \"@method\""), BYTES, Malformed::Syntax),
            (&covering("@method"), BYTES, Malformed::Syntax),
            (&covering("\"content-digest\";req"), BYTES, Malformed::Component),
            (&covering("\"@query-param\";name=\"x\""), BYTES, Malformed::Component),
            (&covering(&(0..33).map(|i| format!("\"x{i}\" ")).collect::<String>()), BYTES, Malformed::TooLong),
            (&"a".repeat(MAX_HEADER + 1), BYTES, Malformed::TooLong),
            (&(0..9).map(|i| format!("s{i}=()")).collect::<Vec<_>>().join(","), BYTES, Malformed::TooLong),
        ] {
            assert_eq!(parse(input, signature), Err(reason), "{} / {signature}", &input[..input.len().min(90)]);
        }
    }

    #[test]
    fn what_must_be_covered() {
        for (covered, created, has_body, expected) in [
            (r#""@method" "@target-uri" "content-digest""#, ";created=1", true, Ok(())),
            (r#""content-digest" "date" "@target-uri" "@method""#, ";created=1", true, Ok(())),
            (r#""@method" "@target-uri""#, ";created=1", false, Ok(())),
            (r#""@method" "@target-uri""#, ";created=1", true, Err("content-digest")),
            (r#""@method" "@authority" "@path" "content-digest""#, ";created=1", true, Err("@target-uri")),
            (r#""@target-uri" "content-digest""#, ";created=1", true, Err("@method")),
            (r#""@method" "@target-uri" "content-digest" "date""#, "", true, Err("created")),
        ] {
            let input = format!("sig1=({covered}){created};keyid=\"k\"");
            assert_eq!(parse(&input, BYTES).unwrap()[0].covers_enough(has_body), expected, "{input}");
        }
    }

    /// The base of RFC 9421 §2.5, as far as its components go, and the parameters in their canonical form.
    #[test]
    fn the_signature_base() {
        let mut headers = HeaderMap::new();
        headers.insert("content-digest", "  sha-256=:X48E9q==:  ".parse().unwrap());
        headers.append("x-twice", "one".parse().unwrap());
        headers.append("x-twice", "two".parse().unwrap());
        let input = concat!(
            r#"sig1=( "@method"  "@target-uri" "@authority" "@scheme" "@request-target" "@path" "@query" "#,
            r#""content-digest" "x-twice" ); created=1618884473;keyid="k""#
        );
        let addressed =
            Addressed { method: &Method::POST, scheme: "https", host: "a.example", target: "/foo?param=Value&b=c" };
        let base = parse(input, BYTES).unwrap()[0].base(addressed, &headers).unwrap();
        let expected = [
            r#""@method": POST"#,
            r#""@target-uri": https://a.example/foo?param=Value&b=c"#,
            r#""@authority": a.example"#,
            r#""@scheme": https"#,
            r#""@request-target": /foo?param=Value&b=c"#,
            r#""@path": /foo"#,
            r#""@query": ?param=Value&b=c"#,
            r#""content-digest": sha-256=:X48E9q==:"#,
            r#""x-twice": one, two"#,
            concat!(
                r#""@signature-params": ("@method" "@target-uri" "@authority" "@scheme" "@request-target" "@path" "@query" "#,
                r#""content-digest" "x-twice");created=1618884473;keyid="k""#
            ),
        ];
        assert_eq!(base, expected.join("\n"));
        for absent in ["\"date\"", "\"@status\"", "\"@unknown\"", "\"Content-Digest\""] {
            let input = format!("sig1=({absent});created=1;keyid=\"k\"");
            assert_eq!(parse(&input, BYTES).unwrap()[0].base(addressed, &headers), None, "{absent}");
        }
    }
}
