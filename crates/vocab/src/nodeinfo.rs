//! NodeInfo (FEP-f1d5, FEP-0151): what a server says of itself, and the pointer to it.

use serde::Serialize;
use serde_json::{Value, json};

use crate::one_or_many::{self, count, each, first, flag, string};
use crate::{ACTIVITY_STREAMS, text};

const SCHEMA: &str = "http://nodeinfo.diaspora.software/ns/schema/";

/// Whether software of this name (`software.name`) knows `Ignore` as the answer to a `Join` (FEP-8a8e). Mobilizon does not:
/// there a participation stays pending until it is accepted or rejected.
#[must_use]
pub fn understands_ignore(software: &str) -> bool {
    !software.eq_ignore_ascii_case("mobilizon")
}

/// A version of the schema. Mobilizon wants content types that begin with `application/json`, and the profile quoted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Version {
    /// 2.0, without the software's addresses.
    V2_0,
    /// 2.1.
    V2_1,
}

impl Version {
    /// `2.0` or `2.1`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V2_0 => "2.0",
            Self::V2_1 => "2.1",
        }
    }

    /// The content type of a document of this version.
    #[must_use]
    pub fn content_type(self) -> String {
        format!("application/json; profile=\"{SCHEMA}{}#\"", self.as_str())
    }
}

/// `/.well-known/nodeinfo`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WellKnown {
    /// Each with `rel` and `href`: Mobilizon fails on one that lacks either.
    pub links: Vec<WellKnownLink>,
}

/// A link of [`WellKnown`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WellKnownLink {
    /// A schema, or the host's actor.
    pub rel: String,
    /// Where it is.
    pub href: String,
}

impl WellKnown {
    /// For a server at this base (`https://region.example`) with this `Application` actor (FEP-2677). The order counts:
    /// Gancio takes the first link as the NodeInfo document, so the actor is last.
    #[must_use]
    pub fn new(base: &str, application: &str) -> Self {
        let base = base.trim_end_matches('/');
        let schema = |version: Version| WellKnownLink {
            rel: format!("{SCHEMA}{}", version.as_str()),
            href: format!("{base}/nodeinfo/{}", version.as_str()),
        };
        let actor = WellKnownLink { rel: application_rel(), href: application.to_owned() };
        Self { links: vec![schema(Version::V2_1), schema(Version::V2_0), actor] }
    }

    /// Reads a peer's; links without `rel` or a usable `href` are passed over.
    #[must_use]
    pub fn parse(document: &Value) -> Self {
        let link = |link: &Value| {
            Some(WellKnownLink {
                rel: string(link, "rel")?.to_owned(),
                href: string(link, "href").and_then(one_or_many::web_address)?,
            })
        };
        Self { links: each(document, "links").filter_map(link).take(16).collect() }
    }

    /// The NodeInfo document of the highest version.
    #[must_use]
    pub fn document(&self) -> Option<&str> {
        let schemas = self.links.iter().filter(|link| link.rel.starts_with(SCHEMA));
        schemas.max_by(|a, b| a.rel.cmp(&b.rel)).map(|link| link.href.as_str())
    }

    /// The host's own actor (FEP-2677).
    #[must_use]
    pub fn application(&self) -> Option<&str> {
        let rel = application_rel();
        self.links.iter().find(|link| link.rel == rel).map(|link| link.href.as_str())
    }
}

fn application_rel() -> String {
    format!("{ACTIVITY_STREAMS}#Application")
}

/// What this server says of itself.
#[derive(Debug, Clone, PartialEq)]
pub struct NodeInfo {
    /// The program.
    pub software: Software,
    /// Where the program comes from.
    pub repository: Option<String>,
    /// Where the program is described.
    pub homepage: Option<String>,
    /// How much it is used.
    pub usage: Usage,
    /// Further facts: the node's name and description, its region, the FEPs it follows. An object.
    pub metadata: Value,
}

/// A program and its version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Software {
    /// `[a-z0-9-]+`.
    pub name: String,
    /// As the program writes it; empty when a peer hides it.
    pub version: String,
}

impl Software {
    /// Reads a peer's from its NodeInfo document; `None` when it names none.
    #[must_use]
    pub fn parse(document: &Value) -> Option<Self> {
        let software = first(document, "software")?;
        let name: String = string(software, "name")?
            .to_ascii_lowercase()
            .chars()
            .filter(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || *c == '-')
            .take(64)
            .collect();
        let version = string(software, "version").map(|version| text::line(version, 64));
        (!name.is_empty()).then(|| Self { name, version: version.unwrap_or_default() })
    }
}

/// Counts of people and posts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Usage {
    /// Actors that are people or organisations.
    pub total: u64,
    /// Those that did something in the last 30 days.
    pub active_month: u64,
    /// Those that did something in the last 180 days.
    pub active_halfyear: u64,
    /// Public objects of this node.
    pub local_posts: u64,
}

impl NodeInfo {
    /// The document in a version.
    #[must_use]
    pub fn document(&self, version: Version) -> Value {
        let mut software = json!({"name": self.software.name, "version": self.software.version});
        if version == Version::V2_1 {
            for (key, address) in [("repository", &self.repository), ("homepage", &self.homepage)] {
                if let Some(address) = address {
                    software[key] = json!(address);
                }
            }
        }
        json!({
            "version": version.as_str(),
            "software": software,
            "protocols": ["activitypub"],
            "services": {"inbound": [], "outbound": []},
            "openRegistrations": false,
            "usage": {
                "users": {
                    "total": self.usage.total,
                    "activeMonth": self.usage.active_month,
                    "activeHalfyear": self.usage.active_halfyear,
                },
                "localPosts": self.usage.local_posts,
            },
            "metadata": self.metadata,
        })
    }
}

/// Whether a peer's document says that it federates; yes unless it says no.
#[must_use]
pub fn federates(document: &Value) -> bool {
    let said = first(document, "metadata")
        .and_then(|metadata| first(metadata, "federation"))
        .and_then(|federation| flag(federation, "enabled"));
    said.unwrap_or(true)
}

/// How many people a peer says it has.
#[must_use]
pub fn users(document: &Value) -> Option<u64> {
    let usage = first(document, "usage")?;
    count(first(usage, "users")?, "total")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_peers_software() {
        for (document, expected) in [
            (json!({"software": {"name": "mastodon", "version": "4.6.5"}}), Some(("mastodon", "4.6.5"))),
            (json!({"software": {"name": "Mobilizon", "version": "5.1.3"}}), Some(("mobilizon", "5.1.3"))),
            (json!({"software": [{"name": "gancio"}]}), Some(("gancio", ""))),
            (json!({"software": {"name": "../x y<z>"}}), Some(("xyz", ""))),
            (json!({"software": {"name": null}}), None),
            (json!({}), None),
        ] {
            let found = Software::parse(&document);
            assert_eq!(found.as_ref().map(|s| (s.name.as_str(), s.version.as_str())), expected, "{document}");
        }
    }

    #[test]
    fn a_peers_pointer() {
        let links = json!({"links": [
            {"rel": "http://nodeinfo.diaspora.software/ns/schema/2.0", "href": "https://b.example/nodeinfo/2.0"},
            {"rel": "https://www.w3.org/ns/activitystreams#Application", "href": "https://b.example/actor"},
            {"rel": "http://nodeinfo.diaspora.software/ns/schema/2.1", "href": "https://b.example/nodeinfo/2.1"},
            {"href": "https://b.example/x"}, {"rel": "http://nodeinfo.diaspora.software/ns/schema/9.9", "href": "file:///etc/passwd"}]});
        let known = WellKnown::parse(&links);
        assert_eq!(known.document(), Some("https://b.example/nodeinfo/2.1"));
        assert_eq!(known.application(), Some("https://b.example/actor"));
        assert_eq!(WellKnown::parse(&json!(null)).document(), None);
    }
}
