//! The words of the wire: what this node writes to other servers and what it understands of their answers.
//!
//! *Strict out, lenient in.* A document that leaves is a typed struct whose `Serialize` never writes `null`, keeps the
//! array-valued keys arrays and the single-valued keys single. A document that arrives is read by `X::parse(&Value)`,
//! which takes one value or many, passes over `null` and unknown keys, drops an odd optional field rather than the whole
//! document, and names the field ([`Invalid`]) when a required one is missing.
//!
//! Left out on purpose: input and output, databases, signatures, and every decision about who may do what. An id that
//! was read here is well-formed, not true: that its host is its signer's host is for the caller to check.

pub mod activity;
pub mod actor;
pub mod collection;
pub mod context;
pub mod html;
pub mod json;
pub mod nodeinfo;
pub mod object;
pub mod one_or_many;
pub mod shown;
pub mod text;
pub mod time;
pub mod tombstone;
pub mod webfinger;

#[cfg(test)]
mod documents;

pub use activity::{Activity, Envelope, Malformed, Reference, Sketch, Verb};
pub use actor::{Actor, ActorType, Endpoints, PropertyValue, PublicKey};
pub use collection::{Collection, OrderedCollection, OrderedCollectionPage};
pub use html::SafeHtml;
pub use object::event::{Event, EventStatus, JoinMode};
pub use object::media::{Attachment, Image, Link};
pub use object::note::Note;
pub use object::place::{Location, Place, PostalAddress, VirtualLocation};
pub use object::quote::QuoteAuthorization;
pub use object::tag::{Hashtag, Mention, Tag};
pub use object::task::{Intent, Measure, Purpose, Task};
pub use object::{Content, InteractionPolicy, Replies};
pub use time::LocalTime;
pub use tombstone::Tombstone;
pub use webfinger::{Jrd, JrdLink, Resource};

/// Everybody, as an addressee (ActivityPub §5.6). Peers also write `as:Public` and `Public`; we only read those.
pub const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

/// The ActivityStreams 2.0 namespace, which is also the IRI of its context.
pub const ACTIVITY_STREAMS: &str = "https://www.w3.org/ns/activitystreams";

/// The content type of every ActivityPub document and delivery of ours (ActivityPub §3.2, §7).
pub const ACTIVITY_JSON: &str = "application/activity+json";

/// The other content type of ActivityPub §3.2; Mastodon and GoToSocial want the profile in double quotes.
pub const LD_JSON: &str = r#"application/ld+json; profile="https://www.w3.org/ns/activitystreams""#;

/// Longest id, URL or addressee that is kept, in characters; a longer one counts as absent.
pub const MAX_URL: usize = 2_048;

/// Why a document could not be read as what it was taken for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invalid {
    /// The field at fault, as it is spelled on the wire.
    pub field: &'static str,
    /// What is wrong with it, in English, for logs.
    pub reason: String,
}

impl Invalid {
    /// The field is absent, `null`, or of a form that cannot be read.
    #[must_use]
    pub fn missing(field: &'static str) -> Self {
        Self { field, reason: "is missing or unreadable".to_owned() }
    }

    /// The field is there, and this is wrong with it.
    pub fn because(field: &'static str, reason: impl Into<String>) -> Self {
        Self { field, reason: reason.into() }
    }
}

impl std::fmt::Display for Invalid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "`{}` {}", self.field, self.reason)
    }
}

impl std::error::Error for Invalid {}
