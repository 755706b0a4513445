//! An open task or an offer of help: a `Note` that carries the fields of FEP-0837 (federated marketplace).
//!
//! A `Note`, because every peer shows one in full and keeps its edits; a `Proposal` is shown by almost none, and a list
//! of types breaks Pleroma and Misskey. No `name` and no `summary`: GoToSocial and others would fold the text behind
//! them as a content warning. The title is on the intent, and in bold at the head of the text.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use super::media::Attachment;
use super::place::Location;
use super::tag::{self, Hashtag};
use super::{
    Content, InteractionPolicy, MAX_NAME, Replies, addressees, attributed_to, is_a, plain, published, required_id,
    updated,
};
use crate::one_or_many::{self, each, first, flag, string};
use crate::{Invalid, time};

/// A task or an offer.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename = "Note", rename_all = "camelCase")]
pub struct Task {
    /// Its id.
    pub id: String,
    /// Its page for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The id of the actor it is by.
    pub attributed_to: String,
    /// Addressees, the same as on its activity (ActivityPub §6.2).
    pub to: Vec<String>,
    /// Further addressees.
    pub cc: Vec<String>,
    /// When it was published.
    #[serde(serialize_with = "time::serialize_utc", skip_serializing_if = "Option::is_none")]
    pub published: Option<Timestamp>,
    /// When it was last edited; absent until then.
    #[serde(serialize_with = "time::serialize_utc", skip_serializing_if = "Option::is_none")]
    pub updated: Option<Timestamp>,
    /// The last moment to apply.
    #[serde(serialize_with = "time::serialize_utc", skip_serializing_if = "Option::is_none")]
    pub end_time: Option<Timestamp>,
    /// Since when nobody is looked for any more (ActivityStreams' `closed`).
    #[serde(serialize_with = "time::serialize_utc", skip_serializing_if = "Option::is_none")]
    pub closed: Option<Timestamp>,
    /// The text for people. Its first plain link is the task's page, of which Mastodon makes the preview card.
    #[serde(flatten)]
    pub content: Content,
    /// Hashtags.
    pub tag: Vec<Hashtag>,
    /// Where the work is done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
    /// Links; a picture would take the preview card's place on Mastodon.
    pub attachment: Vec<Attachment>,
    /// Whether help is looked for or offered.
    pub purpose: Purpose,
    /// Whether several may take it, each by whole units (FEP-0837).
    pub unit_based: bool,
    /// What is looked for or offered.
    pub publishes: Intent,
    /// What is given for it; absent when nothing is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reciprocal: Option<Intent>,
    /// The answers to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replies: Option<Replies>,
    /// Who may quote it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interaction_policy: Option<InteractionPolicy>,
}

impl Task {
    /// A request with what every task has; the rest is empty, to be set field by field.
    pub fn new(id: impl Into<String>, attributed_to: impl Into<String>, content: Content, publishes: Intent) -> Self {
        Self {
            id: id.into(),
            url: None,
            attributed_to: attributed_to.into(),
            to: Vec::new(),
            cc: Vec::new(),
            published: None,
            updated: None,
            end_time: None,
            closed: None,
            content,
            tag: Vec::new(),
            location: None,
            attachment: Vec::new(),
            purpose: Purpose::Request,
            unit_based: false,
            publishes,
            reciprocal: None,
            replies: None,
            interaction_policy: None,
        }
    }

    /// Whether an object is a task, from its JSON alone: a `Note` with a purpose or with an intent that it publishes.
    /// A `Note` that is an `Event` too is the event.
    #[must_use]
    pub fn marks(object: &Value) -> bool {
        let note = is_a(object, "Note") && !is_a(object, "Event");
        let purpose = || string(object, "purpose").is_some_and(|word| Purpose::named(word).is_some());
        let intent = || each(object, "publishes").any(|intent| is_a(intent, "Intent"));
        note && (purpose() || intent())
    }

    /// Reads a task.
    ///
    /// # Errors
    /// Names the field when it does not carry the marks of a task, when `id`, an author, `content` or `publishes` is
    /// missing.
    pub fn parse(object: &Value) -> Result<Self, Invalid> {
        if !Self::marks(object) {
            return Err(Invalid::because("type", "is not a Note with a purpose"));
        }
        let id = required_id(object)?;
        let author = attributed_to(object)
            .into_iter()
            .find_map(|author| one_or_many::web_address(&author))
            .ok_or_else(|| Invalid::missing("attributedTo"))?;
        let content = Content::parse(object).ok_or_else(|| Invalid::missing("content"))?;
        let publishes = intent_of(object, "publishes")
            .map(|intent| Intent::parse(intent, &id, "primary"))
            .ok_or_else(|| Invalid::missing("publishes"))?;
        let reciprocal = intent_of(object, "reciprocal").map(|intent| Intent::parse(intent, &id, "reciprocal"));
        Ok(Self {
            url: one_or_many::page(object, "url"),
            to: addressees(object, "to"),
            cc: addressees(object, "cc"),
            published: published(object),
            updated: updated(object),
            end_time: time::read(object, "endTime"),
            closed: time::read(object, "closed"),
            tag: tag::hashtags(object),
            location: Location::parse(object),
            attachment: Attachment::all_of(object),
            purpose: string(object, "purpose").and_then(Purpose::named).unwrap_or(Purpose::Request),
            unit_based: flag(object, "unitBased").unwrap_or(false),
            reciprocal,
            replies: Replies::parse(object),
            interaction_policy: InteractionPolicy::parse(object),
            ..Self::new(id, author, content, publishes)
        })
    }

    /// Whether nobody is looked for any more: it is closed, or nothing of what it publishes is available.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        let none_left = self.publishes.available_quantity.as_ref().is_some_and(Measure::is_zero);
        self.closed.is_some() || none_left
    }
}

/// The first intent under a key; an object without a type counts when there is none.
fn intent_of<'a>(object: &'a Value, key: &str) -> Option<&'a Value> {
    let intent = each(object, key).find(|intent| is_a(intent, "Intent"));
    intent.or_else(|| each(object, key).find(|intent| intent.is_object()))
}

/// Whether help is looked for or offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Purpose {
    /// Somebody is looked for.
    Request,
    /// Somebody offers.
    Offer,
}

impl Purpose {
    fn named(word: &str) -> Option<Self> {
        match word {
            "request" => Some(Self::Request),
            "offer" => Some(Self::Offer),
            _ => None,
        }
    }
}

/// One side of a bargain (ValueFlows `Intent`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub struct Intent {
    /// The task's id with a fragment: `#primary` or `#reciprocal`.
    pub id: String,
    /// Its title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `deliverService` for work and mentoring, `transfer` for money.
    pub action: String,
    /// What kind of thing: the IRI of a skill, or of a currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_conforms_to: Option<String>,
    /// How much in all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_quantity: Option<Measure>,
    /// How much is still to be had.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub available_quantity: Option<Measure>,
}

/// The euro, as what is transferred.
pub const EURO: &str = "http://www.wikidata.org/entity/Q4916";

impl Intent {
    /// Work: what a task asks for or offers.
    #[must_use]
    pub fn service(task: &str, name: impl Into<String>) -> Self {
        Self {
            id: format!("{task}#primary"),
            name: Some(name.into()),
            action: "deliverService".to_owned(),
            resource_conforms_to: None,
            resource_quantity: None,
            available_quantity: None,
        }
    }

    /// Money in return; `euros` is a decimal number, and nothing when the sum is open.
    #[must_use]
    pub fn payment(task: &str, euros: &str) -> Self {
        Self {
            id: format!("{task}#reciprocal"),
            name: None,
            action: "transfer".to_owned(),
            resource_conforms_to: Some(EURO.to_owned()),
            resource_quantity: Some(Measure::new("one", euros)),
            available_quantity: None,
        }
    }

    fn parse(value: &Value, task: &str, part: &str) -> Self {
        let default = if part == "reciprocal" { "transfer" } else { "deliverService" };
        Self {
            id: one_or_many::address(value, "id").unwrap_or_else(|| format!("{task}#{part}")),
            name: plain(value, "name", MAX_NAME),
            action: plain(value, "action", 100).unwrap_or_else(|| default.to_owned()),
            resource_conforms_to: one_or_many::address(value, "resourceConformsTo"),
            resource_quantity: first(value, "resourceQuantity").and_then(Measure::parse),
            available_quantity: first(value, "availableQuantity").and_then(Measure::parse),
        }
    }
}

/// An amount (OM-2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Measure {
    /// A local name of OM-2: `hour`, `day`, `one`.
    #[serde(rename = "hasUnit")]
    pub unit: String,
    /// A decimal number, as a string (FEP-0837). Others may leave it out.
    #[serde(rename = "hasNumericalValue", skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

impl Measure {
    /// So much of a unit.
    pub fn new(unit: impl Into<String>, value: impl std::fmt::Display) -> Self {
        Self { unit: unit.into(), value: Some(value.to_string()) }
    }

    /// Whole hours.
    #[must_use]
    pub fn hours(hours: u32) -> Self {
        Self::new("hour", hours)
    }

    /// Reads a measure; the unit may carry OM-2's namespace, the value may be a number.
    #[must_use]
    pub fn parse(value: &Value) -> Option<Self> {
        let unit = string(value, "hasUnit")?.rsplit(['/', ':', '#']).next()?;
        let amount = first(value, "hasNumericalValue").and_then(|amount| match amount {
            Value::Number(number) => Some(number.to_string()),
            Value::String(text) => Some(text.trim().to_owned()),
            _ => None,
        });
        let unit_is_word =
            !unit.is_empty() && unit.len() <= 40 && unit.bytes().all(|byte| byte.is_ascii_alphanumeric());
        unit_is_word.then(|| Self { unit: unit.to_owned(), value: amount.filter(|amount| is_decimal(amount)) })
    }

    fn is_zero(&self) -> bool {
        self.value.as_deref().is_some_and(|value| value.bytes().all(|byte| matches!(byte, b'0' | b'.')))
    }
}

fn is_decimal(text: &str) -> bool {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    text.len() <= 24 && digits(whole) && digits(fraction)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn least() -> Value {
        json!({"type": "Note", "id": "https://a.example/t/1", "attributedTo": "https://a.example/u/1", "content": "<p>Haetaan</p>",
            "purpose": "request", "publishes": {"type": "Intent", "name": "Tuottaja"}})
    }

    #[test]
    fn the_marks_of_a_task() {
        for (object, expected) in [
            (json!({"type": "Note", "purpose": "request"}), true),
            (json!({"type": ["Note", "Proposal"], "purpose": "offer"}), true),
            (json!({"type": "Note", "publishes": {"type": "Intent"}}), true),
            (json!({"type": "Note", "publishes": [{"type": "vf:Proposal"}, {"type": "Intent"}]}), true),
            (json!({"type": "Note", "content": "Moi"}), false),
            (json!({"type": "Note", "purpose": null}), false),
            (json!({"type": "Note", "purpose": "fun"}), false),
            (json!({"type": "Proposal", "purpose": "offer"}), false),
            (json!({"type": ["Note", "Event"], "purpose": "offer"}), false),
            (json!("https://a.example/t/1"), false),
        ] {
            assert_eq!(Task::marks(&object), expected, "{object}");
        }
    }

    #[test]
    fn the_required_fields_are_named_when_missing() {
        Task::parse(&least()).expect("the least task");
        for field in ["type", "id", "attributedTo", "content", "publishes"] {
            let mut object = least();
            object[field] = json!(null);
            assert_eq!(Task::parse(&object).map_err(|invalid| invalid.field), Err(field), "{object}");
        }
    }

    #[test]
    fn measures() {
        for (value, expected) in [
            (json!({"hasUnit": "hour", "hasNumericalValue": "40"}), Some(("hour", Some("40")))),
            (json!({"hasUnit": "om2:hour", "hasNumericalValue": 40}), Some(("hour", Some("40")))),
            (
                json!({"hasUnit": "http://www.ontology-of-units-of-measure.org/resource/om-2/one", "hasNumericalValue": "12.50"}),
                Some(("one", Some("12.50"))),
            ),
            (json!({"hasUnit": "one"}), Some(("one", None))),
            (json!({"hasUnit": "one", "hasNumericalValue": "-1"}), Some(("one", None))),
            (json!({"hasUnit": "one", "hasNumericalValue": "1e9"}), Some(("one", None))),
            (json!({"hasNumericalValue": "1"}), None),
            (json!("40 h"), None),
        ] {
            let found = Measure::parse(&value);
            let found = found.as_ref().map(|measure| (measure.unit.as_str(), measure.value.as_deref()));
            assert_eq!(found, expected, "{value}");
        }
    }

    #[test]
    fn a_task_is_closed_when_it_says_so_or_nothing_is_left() {
        for (field, value, expected) in [
            ("closed", json!("2026-12-01T10:00:00Z"), true),
            (
                "publishes",
                json!({"type": "Intent", "availableQuantity": {"hasUnit": "hour", "hasNumericalValue": "0"}}),
                true,
            ),
            (
                "publishes",
                json!({"type": "Intent", "availableQuantity": {"hasUnit": "hour", "hasNumericalValue": "10"}}),
                false,
            ),
            ("publishes", json!({"type": "Intent", "availableQuantity": {"hasUnit": "hour"}}), false),
            ("closed", json!(null), false),
        ] {
            let mut object = least();
            object[field] = value;
            assert_eq!(Task::parse(&object).expect("a task").is_closed(), expected, "{object}");
        }
    }

    #[test]
    fn what_is_read_can_be_sent_and_read_again() {
        let mut object = least();
        object["reciprocal"] =
            json!([{"type": "Intent", "resourceQuantity": {"hasUnit": "one", "hasNumericalValue": 1800}}]);
        let read = Task::parse(&object).expect("a task");
        assert_eq!(read.reciprocal.as_ref().map(|intent| intent.action.as_str()), Some("transfer"));
        assert_eq!(Task::parse(&crate::context::document(&read)), Ok(read));
    }
}
