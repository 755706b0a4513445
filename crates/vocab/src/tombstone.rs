//! What is left of a deleted object (ActivityPub §6.4): served with status 410, and sent in its `Delete`.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use crate::object::{is_a, plain, required_address};
use crate::{Invalid, context, time};

/// The trace of a deleted object. No text of it is left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub struct Tombstone {
    /// The id that will not be used again.
    pub id: String,
    /// What it was. Mobilizon and Gancio delete only by it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub former_type: Option<String>,
    /// When it had been published.
    #[serde(serialize_with = "time::serialize_utc", skip_serializing_if = "Option::is_none")]
    pub published: Option<Timestamp>,
    /// When it was deleted.
    #[serde(serialize_with = "time::serialize_utc", skip_serializing_if = "Option::is_none")]
    pub deleted: Option<Timestamp>,
}

impl Tombstone {
    /// The document that answers for the deleted id; it needs no more than the ActivityStreams context.
    #[must_use]
    pub fn document(&self) -> Value {
        context::with_plain_context(context::embedded(self))
    }

    /// Reads a tombstone.
    ///
    /// # Errors
    /// Names the field when `type` is not `Tombstone` or `id` is missing.
    pub fn parse(object: &Value) -> Result<Self, Invalid> {
        if !is_a(object, "Tombstone") {
            return Err(Invalid::because("type", "is not Tombstone"));
        }
        Ok(Self {
            id: required_address(object, "id")?,
            former_type: plain(object, "formerType", 64),
            published: time::read(object, "published"),
            deleted: time::read(object, "deleted"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_tombstone_survives_the_journey() {
        let object = json!({"type": "Tombstone", "id": "https://a.example/1", "formerType": "Event", "deleted": "2026-12-01T10:00:00Z"});
        let read = Tombstone::parse(&object).expect("a tombstone");
        assert_eq!(context::embedded(&read), object);
        assert_eq!(
            Tombstone::parse(&json!({"type": "Note", "id": "https://a.example/1"})).map_err(|e| e.field),
            Err("type")
        );
        assert_eq!(Tombstone::parse(&json!({"type": "Tombstone"})).map_err(|e| e.field), Err("id"));
    }
}
