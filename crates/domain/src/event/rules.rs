//! What an event has to be: pure checks over what somebody wants to publish, from whichever way it came.

use super::state::Status;
use super::types::{Organiser, Picture, PlaceView};
use crate::check::Checks;
use crate::error::{FieldError, Key};
use crate::message;
use jiff::tz::TimeZone;
use serde::Serialize;
use std::time::Duration;
use store::Timestamp;
use vocab::SafeHtml;

/// The categories of FEP-8a8e that events of ours have, as Mobilizon spells them.
pub const CATEGORIES: [&str; 12] = [
    "MUSIC",
    "FESTIVALS",
    "THEATRE",
    "PERFORMING_VISUAL_ARTS",
    "FILM_MEDIA",
    "COMEDY",
    "LEARNING",
    "WORKSHOPS_SKILL_SHARING",
    "NETWORKING",
    "FAMILY_EDUCATION",
    "ARTS",
    "MEETING",
];

/// Longest time between beginning and end, in days.
const MAX_DAYS: u64 = 366;
/// Longest blurb, in characters: more is not shown of an event on Mastodon.
pub(crate) const MAX_BLURB: usize = 250;

/// An event that somebody wants to add, or as it is to become.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NewEvent {
    /// Its title.
    pub name: String,
    /// A sentence or two; may be empty.
    pub blurb: String,
    /// The whole description; may be empty.
    pub content: SafeHtml,
    /// The language of the texts (BCP 47).
    pub language: String,
    /// When it begins.
    pub starts: Timestamp,
    /// When it ends, if that is told.
    pub ends: Option<Timestamp>,
    /// The IANA zone of its clock.
    pub zone: String,
    /// Whether it takes place.
    pub status: Status,
    /// One of [`CATEGORIES`].
    pub category: String,
    /// Where it is.
    pub place: Option<PlaceView>,
    /// Where it is on the network.
    pub online_url: Option<String>,
    /// Where one signs up or buys a ticket.
    pub participation_url: Option<String>,
    /// How many fit in.
    pub capacity: Option<i32>,
    /// Its picture; the address may begin with `/` and is then on this node.
    pub picture: Option<Picture>,
    /// Words, without `#`.
    pub tags: Vec<String>,
    /// Who organises it, when that is not the region itself.
    pub organiser: Option<Organiser>,
}

/// Everything that is wrong with it. The fields have the names of the bundle format.
pub(crate) fn check(new: &NewEvent) -> Vec<FieldError> {
    let mut checks = Checks::default();
    checks.text("name", &new.name, 3..=200);
    checks.optional_text("blurb", Some(&new.blurb), MAX_BLURB);
    if TimeZone::get(&new.zone).is_err() {
        checks.fault("zone", Key::new(message::NO_SUCH_ZONE).with("value", crate::check::shown(&new.zone)));
    }
    if let Some(ends) = new.ends {
        let too_long = ends.since(new.starts) > Duration::from_secs(MAX_DAYS * 24 * 3600);
        checks.fault_if(ends < new.starts, "ends", message::ENDS_BEFORE_START);
        checks.fault_if(too_long, "ends", Key::new(message::LASTS_TOO_LONG).with("n", MAX_DAYS));
    }
    checks.one_of("category", &new.category, &CATEGORIES);
    checks.fault_if(new.place.is_none() && new.online_url.is_none(), "place", message::PLACE_MISSING);
    if let Some(place) = &new.place {
        check_place(place, &mut checks);
    }
    checks.link("online_url", new.online_url.as_deref());
    checks.link("participation_url", new.participation_url.as_deref());
    if let Some(capacity) = new.capacity {
        checks.within("capacity", capacity.into(), 1..=1_000_000);
    }
    if let Some(picture) = &new.picture {
        checks.text("picture.alt", &picture.alt, 1..=500);
        if !picture.url.starts_with('/') || picture.url.starts_with("//") {
            checks.link("picture.url", Some(&picture.url));
        }
    }
    checks.entries("tags", &new.tags, 20);
    for tag in &new.tags {
        checks.optional_text("tags", Some(tag), 50);
    }
    checks.found()
}

fn check_place(place: &PlaceView, checks: &mut Checks) {
    checks.text("place.name", &place.name, 1..=200);
    checks.optional_text("place.street", place.street.as_deref(), 200);
    checks.optional_text("place.locality", place.locality.as_deref(), 80);
    if let Some(code) = place.postal_code.as_deref() {
        let five_digits = code.len() == 5 && code.bytes().all(|byte| byte.is_ascii_digit());
        checks.fault_if(!five_digits, "place.postal_code", Key::new(message::NOT_A_POSTAL_CODE).with("value", code));
    }
    for (field, degrees, other, most) in [
        ("place.latitude", place.latitude, place.longitude, 90.0),
        ("place.longitude", place.longitude, place.latitude, 180.0),
    ] {
        match degrees {
            Some(degrees) if degrees > most => checks.fault(field, Key::new(message::TOO_LARGE).with("n", most)),
            Some(degrees) if degrees < -most => checks.fault(field, Key::new(message::TOO_SMALL).with("n", -most)),
            Some(degrees) if !degrees.is_finite() => checks.fault(field, message::MISSING),
            None if other.is_some() => checks.fault(field, message::MISSING),
            _ => {}
        }
    }
}
