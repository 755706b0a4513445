//! An event as the form shows it, field by field: what the import reads again.

use super::queries::{self, EventRow};
use super::types::{Organiser, Picture, PlaceView};
use crate::typed::Typed;
use crate::{html, json};
use store::id::EventId;
use store::{Conn, Timestamp};
use vocab::{LocalTime, SafeHtml};

/// What the form of one of our events holds; nothing when there is none.
pub(crate) fn typed(conn: &mut Conn, id: &EventId) -> diesel::QueryResult<Option<Typed>> {
    Ok(queries::find_local(conn, id)?.map(|row| of(&row)))
}

fn of(row: &EventRow) -> Typed {
    let mut typed = Typed::default();
    for (name, text) in [
        ("name", &row.name),
        ("blurb", &row.blurb),
        ("language", &row.language),
        ("category", &row.category),
        ("status", &row.status),
        ("zone", &row.zone),
    ] {
        typed.set(name, text.as_str());
    }
    typed.set("content", html::to_markdown(&SafeHtml::clean(&row.content)));
    typed.set("starts", clock(row.starts_at, &row.zone));
    if row.ends_at != row.starts_at {
        typed.set("ends", clock(row.ends_at, &row.zone));
    }
    let place: PlaceView = json::read_optional(row.place.as_deref()).unwrap_or_default();
    typed.set("place.name", place.name);
    typed.set("place.street", place.street.unwrap_or_default());
    typed.set("place.postal_code", place.postal_code.unwrap_or_default());
    typed.set("place.locality", place.locality.unwrap_or_default());
    for (name, degrees) in [("place.latitude", place.latitude), ("place.longitude", place.longitude)] {
        typed.set(name, degrees.map(|degrees| degrees.to_string()).unwrap_or_default());
    }
    if let Some(picture) = json::read_optional::<Picture>(row.picture.as_deref()) {
        typed.set("picture.url", picture.url);
        typed.set("picture.alt", picture.alt);
    }
    typed.set("online_url", row.online_url.clone().unwrap_or_default());
    typed.set("participation_url", row.participation_url.clone().unwrap_or_default());
    typed.set("capacity", row.capacity.map(|capacity| capacity.to_string()).unwrap_or_default());
    typed.set("tags", json::read::<Vec<String>>(&row.tags).join(", "));
    let organiser: Option<Organiser> = json::read_optional(row.organiser.as_deref());
    typed.set("organiser", organiser.map(|organiser| organiser.name).unwrap_or_default());
    typed
}

/// The moment as the clock of the event shows it: `2026-12-11T18:00`.
fn clock(at: Timestamp, zone: &str) -> String {
    LocalTime::new(at.to_jiff(), zone).zoned().strftime("%Y-%m-%dT%H:%M").to_string()
}
