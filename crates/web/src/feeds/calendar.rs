//! iCalendar (RFC 5545): events, and the last days to apply for tasks, for the calendars of readers.
//!
//! Times are in UTC, so that no calendar needs to know a zone. What is called off stays in, marked as such, until its day is
//! over: a calendar that simply lost it would leave people standing before a closed door.
//!
//! A last day to apply is an event of that whole day, and no to-do: of a calendar that is subscribed to, most programs show
//! the events and pass over the to-dos. It takes up no time, so nobody looks busy by it.

use super::{Kind, document, time};
use crate::card;
use crate::i18n::{Key, Locale};
use crate::moment;
use crate::visit::Visit;
use axum::response::Response;
use chrono::NaiveDate;
use domain::event::{EventView, PlaceView, Status};
use domain::task::TaskView;
use domain::view::Source;
use icalendar::{Calendar, CalendarDateTime, Component, Event, EventLike, EventStatus, Property};
use store::Timestamp;

/// This form of a list.
pub const KIND: Kind = Kind { extension: ".ics", media_type: "text/calendar", label: Key("feeds-calendar") };
/// How often calendars should look again.
const REFRESH: chrono::Duration = chrono::Duration::hours(6);

/// A calendar of some events.
pub fn of_events(visit: &Visit, name: &str, events: &[EventView]) -> Response {
    calendar(visit, name, events.iter().map(entry))
}

/// A calendar of the last days to apply for some tasks; of a task without one nothing is in it.
pub fn of_tasks(visit: &Visit, name: &str, tasks: &[TaskView]) -> Response {
    calendar(visit, name, tasks.iter().filter_map(|task| deadline(visit.l, task)))
}

fn calendar(visit: &Visit, name: &str, entries: impl Iterator<Item = Event>) -> Response {
    let mut calendar = Calendar::empty();
    calendar.append_property(Property::new("VERSION", "2.0"));
    calendar.append_property(Property::new("PRODID", format!("-//Solmu//{}//FI", visit.site.version)));
    calendar.append_property(Property::new("METHOD", "PUBLISH"));
    calendar.name(name).ttl(&REFRESH);
    for entry in entries {
        calendar.push(entry);
    }
    document(KIND.media_type, calendar.to_string())
}

fn entry(told: &EventView) -> Event {
    let mut event = begun(&told.source, &told.slug, told.published, told.updated);
    event.summary(&told.name).starts(CalendarDateTime::Utc(time(told.starts))).status(status(told.status));
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

/// The day on which the time to apply ends, in Finland; its time is in the text.
fn deadline(l: Locale, told: &TaskView) -> Option<Event> {
    let at = told.deadline?;
    let day = moment::local_date(at, "");
    let day =
        NaiveDate::from_ymd_opt(day.year().into(), day.month().unsigned_abs().into(), day.day().unsigned_abs().into())?;
    let mut event = begun(&told.source, &told.slug, told.published, told.updated);
    event
        .summary(&l.t1("task-deadline-of", "title", &told.title))
        .starts(day)
        .status(if told.state.is_over() { EventStatus::Cancelled } else { EventStatus::Confirmed })
        .add_property("TRANSP", "TRANSPARENT");
    let told_of = [Some(l.t1("task-deadline-by", "date", &l.date_time(&at, ""))), told.client.clone()];
    let mut description: Vec<String> = told_of.into_iter().flatten().collect();
    description.push(told.description.to_text());
    event.description(&description.join("\n\n"));
    if let Some(municipality) = &told.municipality {
        event.location(municipality);
    }
    Some(event.done())
}

/// What every entry has: its id, its page, and when it was made and changed.
fn begun(source: &Source, slug: &str, published: Timestamp, updated: Timestamp) -> Event {
    let mut event = Event::new();
    // A number that grows with each change (RFC 5545 §3.8.7.4); the seconds since publication do.
    let sequence = updated.since(published).as_secs();
    event
        .uid(&uid(source, slug))
        .timestamp(time(updated))
        .last_modified(time(updated))
        .created(time(published))
        .add_property("SEQUENCE", sequence.to_string());
    if let Some(page) = card::web(&source.page) {
        event.url(page);
    }
    event.done()
}

/// Its id on the host that it comes from; it stays when everything else changes.
fn uid(source: &Source, slug: &str) -> String {
    let own = source.id.rsplit('/').find(|part| !part.is_empty()).unwrap_or(slug);
    format!("{own}@{}", source.host)
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

#[cfg(test)]
mod tests {
    use super::*;
    use domain::task::State;
    use domain::{Language, RegionCode};
    use vocab::SafeHtml;

    fn task(deadline: Option<&str>, state: State) -> TaskView {
        let at = |text: &str| -> Timestamp { vocab::time::parse(text).unwrap().into() };
        TaskView {
            source: Source {
                region: RegionCode::parse("06").unwrap(),
                host: "pirkanmaa.example".into(),
                page: "https://pirkanmaa.example/tehtavat/x".into(),
                id: "https://pirkanmaa.example/ap/tasks/1".into(),
                local: true,
                received: None,
                handle: None,
            },
            slug: "x".into(),
            title: "Tuottaja, klubille".into(),
            description: SafeHtml::clean("<p>Neljä iltaa.</p>"),
            language: "fi".into(),
            client: None,
            client_page: None,
            kind: "gig".into(),
            engagement: Vec::new(),
            pay: None,
            unpaid_reason: None,
            hours: None,
            starts: None,
            ends: None,
            deadline: deadline.map(at),
            municipality: None,
            remote: true,
            skills: Vec::new(),
            languages: Vec::new(),
            seats: 1,
            state,
            closed: None,
            published: at("2026-11-01T08:00:00Z"),
            updated: at("2026-11-01T08:00:05Z"),
        }
    }

    /// What the line of a property says, in Finnish.
    fn line(deadline: Option<&str>, state: State, beginning: &str) -> Option<String> {
        let event = super::deadline(Locale::negotiated(Language::Fi), &task(deadline, state))?.to_string();
        event.lines().find_map(|line| line.strip_prefix(beginning)).map(str::to_owned)
    }

    #[test]
    fn a_last_day_is_the_day_in_finland() {
        for (deadline, day) in [
            ("2027-01-31T14:00:00Z", "20270131"),
            ("2027-01-31T21:59:59Z", "20270131"),
            ("2027-01-31T22:00:00Z", "20270201"),
            ("2027-07-31T21:00:00Z", "20270801"),
        ] {
            assert_eq!(line(Some(deadline), State::Open, "DTSTART;VALUE=DATE:").as_deref(), Some(day), "{deadline}");
            assert_eq!(line(Some(deadline), State::Open, "DTEND"), None, "{deadline}");
        }
        assert_eq!(line(None, State::Open, "DTSTART"), None, "a task without one");
    }

    #[test]
    fn a_task_that_is_over_is_called_off() {
        for state in State::ALL {
            let status = line(Some("2027-01-31T14:00:00Z"), state, "STATUS:").unwrap();
            assert_eq!(status == "CANCELLED", state.is_over(), "{state:?}: {status}");
        }
    }
}
