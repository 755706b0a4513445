//! `Event`: ActivityStreams §3.3 with the fields of FEP-8a8e.
//!
//! Why some fields are doubled: the picture is in `image` (Mobilizon, WordPress) and is the first attachment
//! (Mastodon, GoToSocial, Gancio); `summary` repeats date and place, for Mastodon shows nothing of an event but its
//! `name`, `summary`, link and pictures; the state is in `eventStatus` (FEP-8a8e) and `status` (iCalendar, Mobilizon).
//! `type` is one string and `location` one object, or Mobilizon refuses the event.

mod status;

use jiff::Timestamp;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::Value;

pub use status::{EventStatus, JoinMode};

use super::media::{Attachment, Image, Link};
use super::place::Location;
use super::tag::{self, Hashtag};
use super::{
    Content, InteractionPolicy, MAX_NAME, MAX_SUMMARY, Replies, addressees, attributed_to, is_a, language_tag, plain,
    required_id, updated,
};
use crate::Invalid;
use crate::one_or_many::{self, flag, string};
use crate::time::{self, LocalTime};

/// An event.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub struct Event {
    /// Its id.
    pub id: String,
    /// The UUID of the id, by which Mobilizon makes its own page's address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uuid: Option<String>,
    /// Its page for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The id of the actor it is by: the signer of its `Create`.
    pub attributed_to: String,
    /// Addressees, the same as on its activity (ActivityPub §6.2).
    pub to: Vec<String>,
    /// Further addressees.
    pub cc: Vec<String>,
    /// Its title, plain text; Mobilizon wants 3 to 200 characters.
    pub name: String,
    /// Date, place and a few words as one line of plain text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// The whole description.
    #[serde(flatten)]
    pub content: Option<Content>,
    /// Language of the event's text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_language: Option<String>,
    /// When it was published; never the date of the event.
    #[serde(serialize_with = "time::serialize_utc", skip_serializing_if = "Option::is_none")]
    pub published: Option<Timestamp>,
    /// When it was last edited; absent until then. Peers take an edit only if this grew.
    #[serde(serialize_with = "time::serialize_utc", skip_serializing_if = "Option::is_none")]
    pub updated: Option<Timestamp>,
    /// When it begins.
    pub start_time: LocalTime,
    /// When it ends; not before it begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_time: Option<LocalTime>,
    /// `false` when the end is open and `endTime` only a guess.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_end_time: Option<bool>,
    /// The IANA zone of its clock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timezone: Option<String>,
    /// Whether it takes place.
    #[serde(flatten)]
    pub status: EventStatus,
    /// One of Mobilizon's upper-case categories.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// How to take part.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub join_mode: Option<JoinMode>,
    /// Where to take part when that is outside the fediverse.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_participation_url: Option<String>,
    /// How many can take part.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maximum_attendee_capacity: Option<u64>,
    /// Whether it is online only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_online: Option<bool>,
    /// Where it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
    /// Its picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<Image>,
    /// Pictures first (Gancio downloads the first attachment as one), then links.
    pub attachment: Vec<Attachment>,
    /// Hashtags only: Gancio makes a tag of every entry.
    pub tag: Vec<Hashtag>,
    /// Ids of those who organise it (FEP-8a8e), sent as a collection.
    #[serde(serialize_with = "as_collection", skip_serializing_if = "Vec::is_empty")]
    pub organizers: Vec<String>,
    /// The answers to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replies: Option<Replies>,
    /// Who may quote it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interaction_policy: Option<InteractionPolicy>,
}

impl Event {
    /// An event with what every event has; the rest is empty, to be set field by field.
    pub fn new(
        id: impl Into<String>,
        attributed_to: impl Into<String>,
        name: impl Into<String>,
        start_time: LocalTime,
    ) -> Self {
        Self {
            id: id.into(),
            uuid: None,
            url: None,
            attributed_to: attributed_to.into(),
            to: Vec::new(),
            cc: Vec::new(),
            name: name.into(),
            summary: None,
            content: None,
            in_language: None,
            published: None,
            updated: None,
            timezone: start_time.zone_name().map(str::to_owned),
            start_time,
            end_time: None,
            display_end_time: None,
            status: EventStatus::Scheduled,
            category: None,
            join_mode: None,
            external_participation_url: None,
            maximum_attendee_capacity: None,
            is_online: None,
            location: None,
            image: None,
            attachment: Vec::new(),
            tag: Vec::new(),
            organizers: Vec::new(),
            replies: None,
            interaction_policy: None,
        }
    }

    /// Whether an object is an event, from its JSON alone.
    #[must_use]
    pub fn marks(object: &Value) -> bool {
        is_a(object, "Event")
    }

    /// Reads an event.
    ///
    /// # Errors
    /// Names the field when `type` is not `Event`, when `id`, `name`, `startTime` or an author is missing.
    pub fn parse(object: &Value) -> Result<Self, Invalid> {
        if !Self::marks(object) {
            return Err(Invalid::because("type", "is not Event"));
        }
        let id = required_id(object)?;
        let author = attributed_to(object)
            .into_iter()
            .find_map(|author| one_or_many::web_address(&author))
            .ok_or_else(|| Invalid::missing("attributedTo"))?;
        let name = plain(object, "name", MAX_NAME).ok_or_else(|| Invalid::missing("name"))?;
        let zone = string(object, "timezone");
        let at = |key| string(object, key).and_then(|text| LocalTime::parse(text, zone));
        let start = at("startTime").ok_or_else(|| Invalid::missing("startTime"))?;
        let content = Content::parse(object);
        Ok(Self {
            uuid: string(object, "uuid").filter(|uuid| uuid.len() <= 64).map(str::to_owned),
            url: one_or_many::page(object, "url"),
            to: addressees(object, "to"),
            cc: addressees(object, "cc"),
            summary: plain(object, "summary", MAX_SUMMARY),
            in_language: string(object, "inLanguage")
                .and_then(language_tag)
                .or_else(|| content.as_ref()?.language.clone()),
            content,
            published: super::published(object),
            updated: updated(object),
            end_time: at("endTime").filter(|end| end.at >= start.at),
            display_end_time: flag(object, "displayEndTime"),
            status: EventStatus::parse(object),
            category: plain(object, "category", 64),
            join_mode: string(object, "joinMode").and_then(JoinMode::named),
            external_participation_url: one_or_many::page(object, "externalParticipationUrl"),
            // Mobilizon writes 0 for no limit.
            maximum_attendee_capacity: one_or_many::count(object, "maximumAttendeeCapacity")
                .filter(|places| *places > 0),
            is_online: flag(object, "isOnline"),
            location: Location::parse(object),
            image: Image::first(object, "image"),
            attachment: attachments(object),
            tag: tag::hashtags(object),
            organizers: organizers(object),
            replies: Replies::parse(object),
            interaction_policy: InteractionPolicy::parse(object),
            ..Self::new(id, author, name, start)
        })
    }

    /// The picture to show: `image`, else the first attached one.
    #[must_use]
    pub fn picture(&self) -> Option<&Image> {
        self.image.as_ref().or_else(|| {
            self.attachment.iter().find_map(|one| match one {
                Attachment::Image(image) => Some(image),
                Attachment::Link(_) => None,
            })
        })
    }
}

/// The attachments, with the online part of an event that is also in a place as a link among them.
fn attachments(object: &Value) -> Vec<Attachment> {
    let mut all = Attachment::all_of(object);
    let online = Location::online_part(object);
    if let (Some(Location::Place(_)), Some(stream)) = (Location::parse(object), online) {
        all.push(Attachment::Link(Link::page(stream, "Online")));
    }
    all
}

fn organizers(object: &Value) -> Vec<String> {
    let listed = one_or_many::each(object, "organizers").flat_map(|value| match value.get("items") {
        Some(_) => one_or_many::ids(value, "items", 32),
        None => one_or_many::id_of(value).map(str::to_owned).into_iter().collect(),
    });
    listed.filter_map(|id| one_or_many::web_address(&id)).take(32).collect()
}

fn as_collection<S: Serializer>(ids: &[String], serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(3))?;
    map.serialize_entry("type", "Collection")?;
    map.serialize_entry("totalItems", &ids.len())?;
    map.serialize_entry("items", ids)?;
    map.end()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn least() -> Value {
        json!({"type": "Event", "id": "https://a.example/e/1", "name": "Kahvit", "attributedTo": "https://a.example/u/1",
            "startTime": "2026-12-11T18:00:00+02:00"})
    }

    #[test]
    fn the_required_fields_are_named_when_missing() {
        Event::parse(&least()).expect("the least event");
        for field in ["type", "id", "name", "startTime", "attributedTo"] {
            for absent in [json!(null), json!([]), json!("")] {
                let mut object = least();
                object[field] = absent;
                assert_eq!(Event::parse(&object).map_err(|invalid| invalid.field), Err(field), "{object}");
            }
        }
    }

    #[test]
    fn odd_optional_fields_do_not_lose_the_event() {
        for (field, odd) in [
            ("endTime", json!("2026-12-11T17:00:00+02:00")),
            ("endTime", json!("later")),
            ("location", json!([[]])),
            ("image", json!(7)),
            ("attachment", json!(null)),
            ("tag", json!({"type": "Emoji"})),
            ("joinMode", json!("none")),
            ("eventStatus", json!({})),
            ("status", json!(null)),
            ("maximumAttendeeCapacity", json!(-1)),
            ("url", json!("javascript:alert(1)")),
            ("content", json!(null)),
            ("contentMap", json!(["x"])),
            ("organizers", json!(null)),
            ("replies", json!(false)),
            ("interactionPolicy", json!([])),
            ("published", json!("yesterday")),
            ("updated", json!(0)),
            ("to", json!(null)),
            ("isOnline", json!("perhaps")),
        ] {
            let mut object = least();
            object[field] = odd;
            let read = Event::parse(&object).unwrap_or_else(|invalid| panic!("{object}: {invalid}"));
            assert_eq!(read, Event::parse(&least()).expect("the least event"), "{object}");
        }
    }

    #[test]
    fn what_is_read_can_be_sent_and_read_again() {
        let mut object = least();
        object["location"] =
            json!([{"type": "Place", "name": "Tori"}, {"type": "VirtualLocation", "url": "https://stream.example/"}]);
        object["contentMap"] = json!({"sv": "<p>Kaffe</p>"});
        let read = Event::parse(&object).expect("an event");
        assert_eq!(read.in_language.as_deref(), Some("sv"));
        assert!(matches!(&read.attachment[..], [Attachment::Link(link)] if link.href == "https://stream.example/"));
        assert_eq!(Event::parse(&crate::context::document(&read)), Ok(read));
    }
}
