//! What the software behind an actor can do, as FEP-844e tells it.

use serde::Serialize;

/// A specification that the software of a host follows, beyond ActivityPub itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Specification {
    /// Where it is written.
    pub href: &'static str,
    /// Its name.
    pub name: &'static str,
}

/// What every actor of ours names: requests signed by HTTP Message Signatures are taken (FEP-844e; href and name as the
/// proposal and its other implementers spell them).
pub const IMPLEMENTS: &[Specification] = &[Specification {
    href: "https://datatracker.ietf.org/doc/html/rfc9421",
    name: "RFC-9421: HTTP Message Signatures",
}];

/// The software that an actor lives in: the host's own `Application` (ActivityStreams `generator`, FEP-844e "discovery
/// through an actor").
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename = "Application")]
pub struct Generator {
    /// The id of the host's `Application`.
    pub id: String,
    /// What it can do.
    pub implements: &'static [Specification],
}

impl Generator {
    /// Our software, under the id of the host's own actor.
    pub fn ours(application: impl Into<String>) -> Self {
        Self { id: application.into(), implements: IMPLEMENTS }
    }
}
