//! What is looked at before a request is believed: who says to do what. Nothing is copied out of the document but that.

use serde_json::Value;
use url::Url;

use super::{MAX_DEPTH, Malformed, Verb, identity};
use crate::json;
use crate::object::kind_of;
use crate::one_or_many::{self, each};

/// What is read of it.
const KEYS: [&str; 6] = ["id", "@id", "type", "@type", "actor", "object"];

/// The head of an activity that arrived: the part of an [`Envelope`](super::Envelope) that decides whether it is taken.
#[derive(Debug, Clone, PartialEq)]
pub struct Sketch {
    /// The activity's id, as it was written.
    pub id: String,
    /// Who says to have sent it, as it was written.
    pub actor: String,
    /// What it does.
    pub verb: Verb,
    /// The id of the first object.
    pub object_id: Option<String>,
}

impl Sketch {
    /// Reads a body.
    ///
    /// # Errors
    /// [`Malformed`], for the same bodies as [`Envelope::parse`](super::Envelope::parse).
    pub fn parse(body: &[u8]) -> Result<Self, Malformed> {
        Self::of(&json::skim(body, MAX_DEPTH, &KEYS)?)
    }

    /// Reads a document.
    ///
    /// # Errors
    /// [`Malformed`].
    pub fn of(raw: &Value) -> Result<Self, Malformed> {
        if !raw.is_object() {
            return Err(Malformed::NotAnObject);
        }
        let verb = Verb::of(&kind_of(raw)).ok_or(Malformed::MissingType)?;
        let actor = each(raw, "actor").next().ok_or(Malformed::MissingActor)?;
        let actor = identity(actor).ok_or(Malformed::BadActor)?;
        let id = each(raw, "id").next().ok_or(Malformed::MissingId)?;
        let id = identity(id).ok_or(Malformed::BadId)?;
        let is_object = |value: &&Value| value.is_object() || one_or_many::id_of(value).is_some();
        let object_id = each(raw, "object").find(is_object).and_then(one_or_many::id_of).map(str::to_owned);
        Ok(Self { id, actor, verb, object_id })
    }

    /// As [`Envelope::is_about_its_own_actor`](super::Envelope::is_about_its_own_actor).
    #[must_use]
    pub fn is_about_its_own_actor(&self) -> bool {
        let is_actor = |id: &str| id == self.actor || Url::parse(id).ok() == Url::parse(&self.actor).ok();
        matches!(self.verb, Verb::Delete | Verb::Update) && self.object_id.as_deref().is_some_and(is_actor)
    }
}
