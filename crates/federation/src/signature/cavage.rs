//! draft-cavage-http-signatures-12: reading the header, and the string that is signed.

use crate::signature::Malformed;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, HeaderName, Method};
use std::collections::HashMap;

/// The longest header that is read, in bytes.
const MAX_HEADER: usize = 8 * 1024;
/// The most parameters, and the most covered headers.
const MAX_PARTS: usize = 32;

/// A `Signature` header, read but not verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// Names the key: usually `{actor}#main-key`, but any URL occurs.
    pub key_id: String,
    /// What is signed, in order, lower case.
    pub covered: Vec<String>,
    /// `created`, epoch seconds.
    pub created: Option<i64>,
    /// `expires`, epoch seconds.
    pub expires: Option<i64>,
    /// The signature itself.
    pub bytes: Vec<u8>,
}

/// Reads the header. `hs2019` and a missing algorithm mean what the key is: RSA with SHA-256 here.
///
/// # Errors
/// [`Malformed`].
pub fn parse(header: &str) -> Result<Signature, Malformed> {
    if header.len() > MAX_HEADER {
        return Err(Malformed::TooLong);
    }
    let mut parameters = parameters(header)?;
    let algorithm = parameters.remove("algorithm").map(|name| name.to_ascii_lowercase());
    if algorithm.is_some_and(|name| !matches!(name.as_str(), "rsa-sha256" | "hs2019")) {
        return Err(Malformed::Algorithm);
    }
    let mut seconds = |name: &str| match parameters.remove(name) {
        Some(text) => text.parse::<i64>().map(Some).map_err(|_| Malformed::Syntax),
        None => Ok(None),
    };
    let (created, expires) = (seconds("created")?, seconds("expires")?);
    let covered: Vec<String> = match parameters.remove("headers") {
        Some(list) => list.split_ascii_whitespace().map(str::to_ascii_lowercase).collect(),
        None => vec!["date".to_owned()], // the draft's default
    };
    if covered.len() > MAX_PARTS {
        return Err(Malformed::TooLong);
    }
    let key_id = parameters.remove("keyid").filter(|id| !id.is_empty()).ok_or(Malformed::Incomplete)?;
    let bytes = parameters.remove("signature").ok_or(Malformed::Incomplete)?;
    let bytes = STANDARD.decode(bytes).map_err(|_| Malformed::Syntax)?;
    if bytes.is_empty() {
        return Err(Malformed::Incomplete);
    }
    Ok(Signature { key_id, covered, created, expires, bytes })
}

/// `name="value"` or `name=123`, separated by commas with or without spaces; names lower-cased.
fn parameters(header: &str) -> Result<HashMap<String, String>, Malformed> {
    let mut found = HashMap::new();
    let mut rest = header.trim();
    while !rest.is_empty() {
        let (name, after) = rest.split_once('=').ok_or(Malformed::Syntax)?;
        let (value, after) = match after.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').ok_or(Malformed::Syntax)?,
            None => after.split_at(after.find(',').unwrap_or(after.len())),
        };
        let name = name.trim().to_ascii_lowercase();
        if found.len() == MAX_PARTS {
            return Err(Malformed::TooLong);
        }
        if name.is_empty() || found.insert(name, value.to_owned()).is_some() {
            return Err(Malformed::Syntax);
        }
        rest = match after.trim_start() {
            "" => "",
            more => more.strip_prefix(',').ok_or(Malformed::Syntax)?.trim_start(),
        };
    }
    Ok(found)
}

impl Signature {
    /// What a signature must cover to count: a request without it could be replayed elsewhere, later, or with another
    /// body. `Err` names the first part that is missing.
    ///
    /// # Errors
    /// The name of the part.
    pub fn covers_enough(&self, has_body: bool) -> Result<(), &'static str> {
        let has = |name: &str| self.covered.iter().any(|covered| covered == name);
        if !has("(request-target)") {
            return Err("(request-target)");
        }
        if !has("host") {
            return Err("host");
        }
        let has_time = has("date") || (has("(created)") && self.created.is_some());
        if !has_time {
            return Err("date");
        }
        if has_body && !has("digest") {
            return Err("digest");
        }
        Ok(())
    }
}

/// The string that is signed. `None` when a covered header is absent, not text, or there twice.
pub fn signing_string(
    covered: &[impl AsRef<str>],
    method: &Method,
    target: &str,
    headers: &HeaderMap,
    signature: Option<&Signature>,
) -> Option<String> {
    let mut lines = Vec::with_capacity(covered.len());
    for name in covered.iter().map(AsRef::as_ref) {
        lines.push(match name {
            "(request-target)" => format!("(request-target): {} {target}", method.as_str().to_ascii_lowercase()),
            "(created)" => format!("(created): {}", signature?.created?),
            "(expires)" => format!("(expires): {}", signature?.expires?),
            _ => {
                let mut values = headers.get_all(HeaderName::from_bytes(name.as_bytes()).ok()?).iter();
                let value = values.next()?.to_str().ok()?;
                if values.next().is_some() {
                    return None;
                }
                format!("{name}: {}", value.trim())
            }
        });
    }
    Some(lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_as_servers_write_them() {
        let usual = r#"keyId="https://a.example/u#main-key",algorithm="rsa-sha256",headers="(request-target) host date digest",signature="AAAA""#;
        let read = parse(usual).unwrap();
        assert_eq!(read.key_id, "https://a.example/u#main-key");
        assert_eq!(read.covered, ["(request-target)", "host", "date", "digest"]);
        assert_eq!(parse(&usual.replace(",", ", ")).unwrap(), read, "spaces after commas");
        let created = r#"keyId="k",headers="(created)",created=1700000000,expires="1700000300",signature="AAAA""#;
        assert_eq!(parse(created).unwrap().created, Some(1_700_000_000));
        for (header, reason) in [
            ("", Malformed::Incomplete),
            ("keyId", Malformed::Syntax),
            (r#"keyId="k",signature="""#, Malformed::Incomplete),
            (r#"keyId="k",signature="AAAA",keyId="l""#, Malformed::Syntax),
            (r#"keyId="k,signature="AAAA""#, Malformed::Syntax),
            (r#"keyId="k",signature="AAAA",algorithm="hmac-sha256""#, Malformed::Algorithm),
            (r#"keyId="k",signature="AAAA",created=18446744073709551615"#, Malformed::Syntax),
            (&"a".repeat(MAX_HEADER + 1), Malformed::TooLong),
        ] {
            assert_eq!(parse(header), Err(reason), "{}", &header[..header.len().min(60)]);
        }
    }

    #[test]
    fn what_must_be_covered() {
        let with = |covered: &str, created| Signature {
            key_id: "k".into(),
            covered: covered.split(' ').map(str::to_owned).collect(),
            created,
            expires: None,
            bytes: vec![1],
        };
        for (covered, created, has_body, expected) in [
            ("(request-target) host date digest", None, true, Ok(())),
            ("(request-target) host date", None, false, Ok(())),
            ("(request-target) host (created) digest", Some(1), true, Ok(())),
            ("(request-target) host (created) digest", None, true, Err("date")),
            ("digest", None, true, Err("(request-target)")),
            ("(request-target) date digest", None, true, Err("host")),
            ("(request-target) host digest", None, true, Err("date")),
            ("(request-target) host date", None, true, Err("digest")),
        ] {
            assert_eq!(with(covered, created).covers_enough(has_body), expected, "{covered}");
        }
    }

    #[test]
    fn a_header_that_is_there_twice_signs_nothing() {
        let mut headers = HeaderMap::new();
        headers.append("digest", "one".parse().unwrap());
        assert!(signing_string(&["digest"], &Method::POST, "/", &headers, None).is_some());
        headers.append("digest", "two".parse().unwrap());
        assert!(signing_string(&["digest"], &Method::POST, "/", &headers, None).is_none());
    }
}
