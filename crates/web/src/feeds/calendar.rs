//! iCalendar (RFC 5545): events for the calendars of readers.
//!
//! Times are in UTC, so that no calendar needs to know a zone. What is called off stays in, marked as such, until its day is
//! over: a calendar that simply lost it would leave people standing before a closed door.

use super::{Kind, document, time};
use crate::card;
use crate::i18n::Key;
use crate::visit::Visit;
use axum::response::Response;
use domain::event::{EventView, PlaceView, Status};
use icalendar::{Calendar, CalendarDateTime, Component, Event, EventLike, EventStatus, Property};

/// This form of a list.
pub const KIND: Kind = Kind { extension: ".ics", media_type: "text/calendar", label: Key("feeds-calendar") };
/// How often calendars should look again.
const REFRESH: chrono::Duration = chrono::Duration::hours(6);

/// A calendar of some events.
pub fn calendar(visit: &Visit, name: &str, events: &[EventView]) -> Response {
    let mut calendar = Calendar::empty();
    calendar.append_property(Property::new("VERSION", "2.0"));
    calendar.append_property(Property::new("PRODID", format!("-//Solmu//{}//FI", visit.site.version)));
    calendar.append_property(Property::new("METHOD", "PUBLISH"));
    calendar.name(name).ttl(&REFRESH);
    for event in events {
        calendar.push(entry(event));
    }
    document(KIND.media_type, calendar.to_string())
}

fn entry(told: &EventView) -> Event {
    let mut event = Event::new();
    // A number that grows with each change (RFC 5545 §3.8.7.4); the seconds since publication do.
    let sequence = told.updated.since(told.published).as_secs();
    event
        .uid(&uid(told))
        .summary(&told.name)
        .timestamp(time(told.updated))
        .last_modified(time(told.updated))
        .created(time(told.published))
        .starts(CalendarDateTime::Utc(time(told.starts)))
        .status(status(told.status))
        .add_property("SEQUENCE", sequence.to_string());
    if let Some(page) = card::web(&told.source.page) {
        event.url(page);
    }
    if told.ends_told {
        event.ends(CalendarDateTime::Utc(time(told.ends)));
    }
    let description = [told.blurb.clone(), told.content.to_text(), told.online_url.clone().unwrap_or_default()];
    let description: Vec<String> = description.into_iter().filter(|part| !part.is_empty()).collect();
    if !description.is_empty() {
        event.description(&description.join("\n\n"));
    }
    match &told.place {
        Some(place) => {
            event.location(&location(place));
            if let (Some(north), Some(east)) = (place.latitude, place.longitude) {
                event.add_property("GEO", format!("{north};{east}"));
            }
        }
        None => {
            if let Some(url) = &told.online_url {
                event.location(url);
            }
        }
    }
    if !told.tags.is_empty() {
        event.categories(&told.tags);
    }
    event.done()
}

/// Its id on the host that it comes from; it stays when everything else changes.
fn uid(told: &EventView) -> String {
    let own = told.source.id.rsplit('/').find(|part| !part.is_empty()).unwrap_or(&told.slug);
    format!("{own}@{}", told.source.host)
}

/// What is put off has no time yet.
fn status(status: Status) -> EventStatus {
    match status {
        Status::Cancelled => EventStatus::Cancelled,
        Status::Postponed | Status::Tentative => EventStatus::Tentative,
        Status::Scheduled | Status::Rescheduled | Status::MovedOnline => EventStatus::Confirmed,
    }
}

fn location(place: &PlaceView) -> String {
    let parts = [place.name.clone(), place.street.clone().unwrap_or_default(), place.town()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}
