//! Finding an actor by its handle: WebFinger (RFC 7033) and host-meta (RFC 6415).

use serde::Serialize;
use serde_json::{Value, json};
use url::Url;

use crate::one_or_many::{self, each, string};
use crate::{ACTIVITY_JSON, Invalid, LD_JSON, MAX_URL};

/// The content type of a WebFinger answer.
pub const JRD_JSON: &str = "application/jrd+json";
/// The content type of host-meta.
pub const XRD_XML: &str = "application/xrd+xml";
/// The link to a person's page.
pub const PROFILE_PAGE: &str = "http://webfinger.net/rel/profile-page";
/// The link to a person's picture.
pub const AVATAR: &str = "http://webfinger.net/rel/avatar";
/// The template of the page that lets a reader of this server follow somebody elsewhere.
pub const SUBSCRIBE: &str = "http://ostatus.org/schema/1.0/subscribe";
/// The same as an intent (FEP-3b86), with `{object}` to be filled in.
pub const FOLLOW_INTENT: &str = "https://w3id.org/fep/3b86/Follow";

/// Most links that are read from one answer.
const MAX_LINKS: usize = 64;

/// What a WebFinger request asks for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Resource {
    /// `acct:user@host`.
    Account {
        /// In lower case.
        user: String,
        /// In lower case and punycode; with the port if one is written.
        host: String,
    },
    /// The address of an actor, of a profile, or of a host's root.
    Url(Url),
}

impl Resource {
    /// Reads the `resource` of a request, or a handle that a person typed: `acct:user@host` in any case, `@user@host`,
    /// `user@host`, `https://…`; also when it is percent-encoded once more.
    ///
    /// # Errors
    /// Names `resource` when it is none of these.
    pub fn parse(resource: &str) -> Result<Self, Invalid> {
        let trimmed = resource.trim();
        Self::read(trimmed)
            .or_else(|| Self::read(&percent_decoded(trimmed)?))
            .ok_or_else(|| Invalid::because("resource", "is neither an account nor a web address"))
    }

    fn read(resource: &str) -> Option<Self> {
        if resource.len() > MAX_URL {
            return None;
        }
        let lower = resource.to_lowercase();
        if lower.starts_with("https://") || lower.starts_with("http://") {
            let address = one_or_many::web_address(resource)?;
            return Url::parse(&address).ok().map(Self::Url);
        }
        let account = lower.strip_prefix("acct:").unwrap_or(&lower);
        let account = account.strip_prefix('@').unwrap_or(account);
        let (user, host) = account.split_once('@')?;
        let word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '-');
        let user_is_word = !user.is_empty() && user.chars().count() <= 128 && user.chars().all(word);
        let host = user_is_word.then(|| authority(host)).flatten()?;
        Some(Self::Account { user: user.to_owned(), host })
    }
}

impl std::fmt::Display for Resource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Account { user, host } => write!(f, "acct:{user}@{host}"),
            Self::Url(url) => f.write_str(url.as_str()),
        }
    }
}

/// A host with its port, in the form in which ids carry it.
fn authority(host: &str) -> Option<String> {
    let alone =
        !host.is_empty() && !host.contains(['/', '?', '#', '@', '\\', '%']) && !host.contains(char::is_whitespace);
    let url = alone.then(|| Url::parse(&format!("https://{host}/")).ok()).flatten()?;
    let name = url.host_str().filter(|name| !name.is_empty())?;
    Some(match url.port() {
        Some(port) => format!("{name}:{port}"),
        None => name.to_owned(),
    })
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let (digits, after) = rest.split_at_checked(2)?;
        let high = char::from(digits[0]).to_digit(16)?;
        let low = char::from(digits[1]).to_digit(16)?;
        bytes.push(u8::try_from(high * 16 + low).ok()?);
        rest = after;
    }
    String::from_utf8(bytes).ok()
}

/// A WebFinger answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Jrd {
    /// `acct:user@host` in its one true spelling.
    pub subject: String,
    /// Other addresses of the same.
    pub aliases: Vec<String>,
    /// What belongs to it.
    pub links: Vec<JrdLink>,
}

/// A link of a [`Jrd`].
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct JrdLink {
    /// What the link is for.
    pub rel: String,
    /// Content type of what it leads to.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
    /// Where it leads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub href: Option<String>,
    /// Where it leads, with `{uri}` to be filled in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
}

impl JrdLink {
    fn to(rel: &str, media_type: &str, href: &str) -> Self {
        Self {
            rel: rel.to_owned(),
            media_type: Some(media_type.to_owned()),
            href: Some(href.to_owned()),
            template: None,
        }
    }
}

impl Jrd {
    /// The answer for an actor of ours: its id byte for byte, under both content types, `activity+json` first (Gancio
    /// takes the first `self`), then its page.
    #[must_use]
    pub fn of_actor(user: &str, host: &str, id: &str, page: Option<&str>) -> Self {
        let mut links = vec![JrdLink::to("self", ACTIVITY_JSON, id), JrdLink::to("self", LD_JSON, id)];
        links.extend(page.map(|page| JrdLink::to(PROFILE_PAGE, "text/html", page)));
        Self {
            subject: format!("acct:{user}@{host}"),
            aliases: page.into_iter().chain([id]).map(str::to_owned).collect(),
            links,
        }
    }

    /// Adds the link to its picture.
    #[must_use]
    pub fn with_avatar(mut self, href: &str, media_type: &str) -> Self {
        self.links.push(JrdLink::to(AVATAR, media_type, href));
        self
    }

    /// Adds the template (with `{uri}`) of the page for following somebody elsewhere.
    #[must_use]
    pub fn with_subscribe(mut self, template: &str) -> Self {
        self.links.push(JrdLink {
            rel: SUBSCRIBE.to_owned(),
            template: Some(template.to_owned()),
            ..JrdLink::default()
        });
        self
    }

    /// Reads an answer. Links without `rel` are passed over.
    ///
    /// # Errors
    /// Names `subject` when it is missing.
    pub fn parse(document: &Value) -> Result<Self, Invalid> {
        let text = |link: &Value, key| string(link, key).filter(|text| text.len() <= MAX_URL).map(str::to_owned);
        let link = |link: &Value| {
            Some(JrdLink {
                rel: text(link, "rel")?,
                media_type: text(link, "type"),
                href: text(link, "href"),
                template: text(link, "template"),
            })
        };
        Ok(Self {
            subject: text(document, "subject").ok_or_else(|| Invalid::missing("subject"))?,
            aliases: one_or_many::ids(document, "aliases", MAX_LINKS),
            links: each(document, "links").filter_map(link).take(MAX_LINKS).collect(),
        })
    }

    /// The actor's id: the `self` link of an ActivityPub content type.
    #[must_use]
    pub fn self_link(&self) -> Option<&str> {
        self.links
            .iter()
            .filter(|link| link.rel == "self")
            .filter(|link| link.media_type.as_deref().is_some_and(is_activity_json))
            .find_map(|link| link.href.as_deref())
    }

    /// The address, on the web, of the page where a reader of this server follows `object`: its intent (FEP-3b86) before the
    /// older template.
    #[must_use]
    pub fn follow_page(&self, object: &str) -> Option<String> {
        let filled = |(rel, place): (&str, &str)| {
            let mut templates =
                self.links.iter().filter(|link| link.rel == rel).filter_map(|link| link.template.as_deref());
            let template = templates.find(|template| template.starts_with("https://") && template.contains(place))?;
            let object: String = url::form_urlencoded::byte_serialize(object.as_bytes()).collect();
            one_or_many::web_address(&without_names(&template.replace(place, &object)))
        };
        [(FOLLOW_INTENT, "{object}"), (SUBSCRIBE, "{uri}")].into_iter().find_map(filled)
    }
}

/// What is left of a template in which nothing else is to be filled in: what stands in braces is empty (FEP-3b86).
fn without_names(template: &str) -> String {
    let mut left = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        left.push_str(before);
        rest = after.split_once('}').map_or("", |(_, after)| after);
    }
    left + rest
}

/// Whether a content type is one of ActivityPub's two, with any parameters to the first and the profile to the second.
#[must_use]
pub fn is_activity_json(content_type: &str) -> bool {
    let (kind, parameters) = content_type.split_once(';').unwrap_or((content_type, ""));
    match kind.trim().to_ascii_lowercase().as_str() {
        ACTIVITY_JSON => true,
        "application/ld+json" => parameters.contains(crate::ACTIVITY_STREAMS),
        _ => false,
    }
}

/// `/.well-known/host-meta` for a server at this base (`https://region.example`): where its WebFinger is.
#[must_use]
pub fn host_meta_xml(base: &str) -> String {
    let template = lrdd_template(base).replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<XRD xmlns=\"http://docs.oasis-open.org/ns/xri/xrd-1.0\">\n  \
         <Link rel=\"lrdd\" template=\"{template}\"/>\n</XRD>\n"
    )
}

/// `/.well-known/host-meta.json`: the same link.
#[must_use]
pub fn host_meta_json(base: &str) -> Value {
    json!({"links": [{"rel": "lrdd", "type": JRD_JSON, "template": lrdd_template(base)}]})
}

fn lrdd_template(base: &str) -> String {
    format!("{}/.well-known/webfinger?resource={{uri}}", base.trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resources_as_peers_and_people_write_them() {
        for (resource, expected) in [
            ("acct:pohjois_savo@region.example", "acct:pohjois_savo@region.example"),
            ("acct:Pohjois_Savo@REGION.example", "acct:pohjois_savo@region.example"),
            ("ACCT:pohjois_savo@region.example", "acct:pohjois_savo@region.example"),
            ("acct:@pohjois_savo@region.example", "acct:pohjois_savo@region.example"),
            ("@pohjois_savo@region.example", "acct:pohjois_savo@region.example"),
            ("pohjois_savo@region.example", "acct:pohjois_savo@region.example"),
            (" acct:a@region.example ", "acct:a@region.example"),
            ("acct%3APohjois_Savo%40region.example", "acct:pohjois_savo@region.example"),
            ("acct:pirkanmaa@localhost:4001", "acct:pirkanmaa@localhost:4001"),
            ("acct:a@region.example:443", "acct:a@region.example"),
            ("acct:a@häme.example", "acct:a@xn--hme-qla.example"),
            ("https://region.example", "https://region.example/"),
            ("https://region.example/@pohjois_savo", "https://region.example/@pohjois_savo"),
            ("https%3A%2F%2Fregion.example%2Fap%2Frelay", "https://region.example/ap/relay"),
            ("HTTPS://region.example/", "https://region.example/"),
        ] {
            assert_eq!(Resource::parse(resource).map(|r| r.to_string()).as_deref(), Ok(expected), "{resource}");
        }
        for resource in [
            "",
            "%%%",
            "acct:",
            "acct:@",
            "acct:a",
            "acct:a@",
            "acct:@@region.example",
            "a@b@c",
            "acct:a b@region.example",
            "acct:a@region.example/x",
            "acct:a@b%00c",
            "mailto:a@b.example",
            "javascript:alert(1)",
            "https://",
            "ftp://region.example/",
            "https://u:p@region.example/",
            "acct:a/../b@region.example",
        ] {
            assert_eq!(Resource::parse(resource).map_err(|e| e.field), Err("resource"), "{resource}");
        }
    }

    #[test]
    fn the_self_link_is_of_an_activitypub_type() {
        for (media_type, expected) in [
            (json!("application/activity+json"), true),
            (json!("application/activity+json; charset=utf-8"), true),
            (json!(LD_JSON), true),
            (json!("application/ld+json"), false),
            (json!("text/html"), false),
            (json!(null), false),
        ] {
            let document = json!({"subject": "acct:a@b.example", "aliases": null, "links": [{"href": "x"}, null,
                {"rel": "self", "type": media_type, "href": "https://b.example/a"}]});
            let jrd = Jrd::parse(&document).expect("an answer");
            assert_eq!(jrd.self_link().is_some(), expected, "{document}");
        }
        assert_eq!(Jrd::parse(&json!({"links": []})).map_err(|e| e.field), Err("subject"));
    }

    #[test]
    fn a_follow_page_is_on_the_web() {
        let object = "https://a.example/ap/actors/1?x=1&y=2";
        let filled = "https%3A%2F%2Fa.example%2Fap%2Factors%2F1%3Fx%3D1%26y%3D2";
        for (rel, template, expected) in [
            (SUBSCRIBE, "https://b.example/authorize_interaction?uri={uri}", Some("authorize_interaction?uri=")),
            (FOLLOW_INTENT, "https://b.example/follow?o={object}", Some("follow?o=")),
            (SUBSCRIBE, "http://b.example/authorize_interaction?uri={uri}", None),
            (SUBSCRIBE, "javascript:alert('{uri}')", None),
            (SUBSCRIBE, "https://me:secret@b.example/{uri}", None),
            (SUBSCRIBE, "https://b.example/follow", None),
            (FOLLOW_INTENT, "https://b.example/follow?o={uri}", None),
            ("self", "https://b.example/follow?o={uri}", None),
        ] {
            let link = json!({"rel": rel, "template": template});
            let jrd = Jrd::parse(&json!({"subject": "acct:a@b.example", "links": [link]})).expect("an answer");
            let expected = expected.map(|page| format!("https://b.example/{page}{filled}"));
            assert_eq!(jrd.follow_page(object), expected, "{template}");
        }
        let both = json!({"subject": "acct:a@b.example", "links": [
            {"rel": SUBSCRIBE, "template": "https://b.example/old?uri={uri}"},
            {"rel": FOLLOW_INTENT, "template": "https://b.example/new?o={object}&s={on-success}&x={whatever}"},
        ]});
        let page = Jrd::parse(&both).expect("an answer").follow_page("x");
        assert_eq!(page.as_deref(), Some("https://b.example/new?o=x&s=&x="));
    }
}
