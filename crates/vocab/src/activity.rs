//! Activities: the envelope that every document travels in, both ways.
//!
//! [`Envelope`] is what arrives. It knows the verb and the ids and leaves the object as JSON: which kind of thing it is
//! about is decided by ids and marks, not by trying one shape after another. [`Activity`] is what leaves; each
//! constructor writes one form that peers are known to take.

mod outgoing;
mod sketch;
mod verb;

use std::fmt;

use jiff::Timestamp;
use serde_json::Value;
use url::Url;

pub use outgoing::Activity;
pub use sketch::Sketch;
pub use verb::Verb;

use crate::json::{self, Unreadable};
use crate::object::addressees;
use crate::one_or_many::{self, each};
use crate::{PUBLIC, time};

/// Deepest nesting of objects and lists that is read.
pub const MAX_DEPTH: usize = 32;

/// Most members of `object` that are kept.
const MAX_OBJECTS: usize = 256;

/// An object as an activity or a collection carries it: its id alone, or all of it.
#[derive(Debug, Clone, PartialEq)]
pub enum Reference {
    /// Its id alone.
    Id(String),
    /// The object itself; what is in it is its sender's word, not its host's.
    Embedded(Value),
}

impl Reference {
    /// The object's id; an embedded object may have none.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        match self {
            Self::Id(id) => Some(id),
            Self::Embedded(object) => one_or_many::id_of(object),
        }
    }

    /// The object itself, if it came along.
    #[must_use]
    pub fn embedded(&self) -> Option<&Value> {
        match self {
            Self::Id(_) => None,
            Self::Embedded(object) => Some(object),
        }
    }

    /// Reads one value; `None` unless it is an object or a usable id.
    #[must_use]
    pub fn read(value: &Value) -> Option<Self> {
        match value {
            Value::Object(_) => Some(Self::Embedded(value.clone())),
            _ => one_or_many::id_of(value).map(|id| Self::Id(id.to_owned())),
        }
    }
}

/// An activity that arrived.
#[derive(Debug, Clone, PartialEq)]
pub struct Envelope {
    /// The activity's id, as it was written: to know it again, not to fetch it (`…#accepts/follows/1` leads nowhere).
    pub id: String,
    /// Who says to have sent it, as it was written; only the signature can prove it.
    pub actor: String,
    /// What it does.
    pub verb: Verb,
    /// What it is about: usually one, several in a `Flag`, none in a broken one.
    pub object: Vec<Reference>,
    /// Where to, for `Add`, `Remove` and `Move`.
    pub target: Option<Reference>,
    /// Addressees, at most 256; everybody is always [`PUBLIC`].
    pub to: Vec<String>,
    /// Further addressees, at most 256.
    pub cc: Vec<String>,
    /// When it was sent, by the sender's clock.
    pub published: Option<Timestamp>,
    /// The whole document, for what is not above: an `Accept` must give a `Follow` back as it came.
    pub raw: Value,
}

impl Envelope {
    /// Reads a body as an activity.
    ///
    /// # Errors
    /// [`Malformed`] when the body is no JSON object of bearable depth with a type, an id and an actor.
    pub fn parse(body: &[u8]) -> Result<Self, Malformed> {
        Self::read(json::read(body, MAX_DEPTH)?)
    }

    /// Reads a document, such as the activity inside an `Announce` or an outbox, as an activity.
    ///
    /// # Errors
    /// [`Malformed`] as for [`Envelope::parse`].
    pub fn read(raw: Value) -> Result<Self, Malformed> {
        let Sketch { id, actor, verb, .. } = Sketch::of(&raw)?;
        Ok(Self {
            id,
            actor,
            verb,
            object: each(&raw, "object").filter_map(Reference::read).take(MAX_OBJECTS).collect(),
            target: one_or_many::first(&raw, "target").and_then(Reference::read),
            to: addressees(&raw, "to"),
            cc: addressees(&raw, "cc"),
            published: time::read(&raw, "published"),
            raw,
        })
    }

    /// Whether it is addressed to everybody, listed (`to`) or unlisted (`cc`).
    #[must_use]
    pub fn mentions_public(&self) -> bool {
        self.addressees().any(|addressee| addressee == PUBLIC)
    }

    /// Everybody it is addressed to.
    pub fn addressees(&self) -> impl Iterator<Item = &str> {
        self.to.iter().chain(&self.cc).map(String::as_str)
    }

    /// The id of the first object.
    #[must_use]
    pub fn object_id(&self) -> Option<&str> {
        self.object.first().and_then(Reference::id)
    }

    /// The first object, if it came along.
    #[must_use]
    pub fn embedded_object(&self) -> Option<&Value> {
        self.object.first().and_then(Reference::embedded)
    }

    /// Whether the sender deletes or updates itself: every server hears of such, mostly of actors it never met.
    #[must_use]
    pub fn is_about_its_own_actor(&self) -> bool {
        matches!(self.verb, Verb::Delete | Verb::Update)
            && self
                .object_id()
                .is_some_and(|id| id == self.actor || Url::parse(id).ok() == Url::parse(&self.actor).ok())
    }
}

/// A web address as an identity.
fn identity(value: &Value) -> Option<String> {
    one_or_many::web_address(one_or_many::id_of(value)?)
}

/// Why a body is not an activity. All of it is the sender's fault: HTTP 400.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Malformed {
    /// No JSON, not in UTF-8, or a key stands twice.
    NotJson,
    /// JSON, but not an object.
    NotAnObject,
    /// Nested deeper than [`MAX_DEPTH`].
    TooDeep,
    /// No `type`.
    MissingType,
    /// No `actor`.
    MissingActor,
    /// An `actor` that is no web address or too long.
    BadActor,
    /// No `id`.
    MissingId,
    /// An `id` that is no web address or too long.
    BadId,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotJson => "the body is not JSON",
            Self::NotAnObject => "the body is not a JSON object",
            Self::TooDeep => "the body is nested too deeply",
            Self::MissingType => "the activity has no type",
            Self::MissingActor => "the activity has no actor",
            Self::BadActor => "the activity's actor is not a web address",
            Self::MissingId => "the activity has no id",
            Self::BadId => "the activity's id is not a web address",
        })
    }
}

impl std::error::Error for Malformed {}

impl From<Unreadable> for Malformed {
    fn from(why: Unreadable) -> Self {
        match why {
            Unreadable::NotJson => Self::NotJson,
            Unreadable::TooDeep => Self::TooDeep,
        }
    }
}

#[cfg(test)]
mod tests;
