//! The public origin of this node and the addresses that are made from it. One place, so that no id is ever spelled
//! two ways.

use store::id::{ActivityUrl, ActorUrl, InboxUrl, ObjectUrl};

/// Scheme and host under which the world reaches this node: `https://pirkanmaa.example`. Behind a proxy this is the
/// proxy's name, never the socket's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    scheme: &'static str,
    host: String,
}

impl Origin {
    /// From the configured domain, lower case, with its port if it has one. `http` is for `localhost` alone.
    pub fn new(domain: &str) -> Self {
        let host = domain.to_ascii_lowercase();
        let name = host.split(':').next().unwrap_or_default();
        let scheme = if name == "localhost" { "http" } else { "https" };
        Origin { scheme, host }
    }

    /// The host, with its port if the domain names one.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// `https`, or `http` on `localhost`.
    pub fn scheme(&self) -> &'static str {
        self.scheme
    }

    /// An address of this node; `path` begins with `/`.
    pub fn url(&self, path: &str) -> String {
        format!("{}://{}{path}", self.scheme, self.host)
    }

    /// Whether an address is one of this node's own.
    pub fn owns(&self, url: &str) -> bool {
        store::id::host_of(url) == self.host
    }

    /// The id of an actor: `/ap/actors/{uuid}`. Never derived from a name, which may change.
    pub fn actor(&self, uuid: &str) -> ActorUrl {
        ActorUrl::from_text(self.url(&format!("/ap/actors/{uuid}")))
    }

    /// The id of the host's own `Application` actor (FEP-2677), whose inbox is also what a relay's subscriber types.
    pub fn relay(&self) -> ActorUrl {
        ActorUrl::from_text(self.url("/ap/relay"))
    }

    /// The id of an object: `/ap/{kind}/{uuid}`, with the kind in the plural (`events`).
    pub fn object(&self, kinds: &str, uuid: &str) -> ObjectUrl {
        ObjectUrl::from_text(self.url(&format!("/ap/{kinds}/{uuid}")))
    }

    /// The id of an activity that has an address of its own: `/ap/{verbs}/{uuid}` (`follows`, `accepts`, `adds`).
    pub fn activity(&self, verbs: &str, uuid: &str) -> ActivityUrl {
        ActivityUrl::from_text(self.url(&format!("/ap/{verbs}/{uuid}")))
    }

    /// The inbox shared by all actors of this host (ActivityPub §7.1.3).
    pub fn shared_inbox(&self) -> InboxUrl {
        InboxUrl::from_text(self.url("/ap/inbox"))
    }

    /// The page of an actor: `/@username`.
    pub fn profile(&self, username: &str) -> String {
        self.url(&format!("/@{username}"))
    }

    /// `@username@host`, as people type it.
    pub fn handle(&self, username: &str) -> String {
        format!("@{username}@{}", self.host)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_localhost_is_plain_http() {
        for (domain, url) in [
            ("pirkanmaa.example", "https://pirkanmaa.example/ap/relay"),
            ("Localhost:7001", "http://localhost:7001/ap/relay"),
            ("localhost.example", "https://localhost.example/ap/relay"),
        ] {
            assert_eq!(Origin::new(domain).relay().as_str(), url);
        }
    }

    #[test]
    fn a_port_makes_another_host() {
        let here = Origin::new("localhost:7001");
        assert!(here.owns("http://localhost:7001/ap/x"));
        assert!(!here.owns("http://localhost:7002/ap/x"));
        assert!(!here.owns("nonsense"));
    }
}
