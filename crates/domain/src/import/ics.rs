//! iCalendar (RFC 5545): each `VEVENT` is an event. The library reads the grammar; what the properties mean for an event
//! is here.

use super::content::{Content, ImportedEvent};
use super::row::{FileError, Reading, Row, Words};
use super::times::{self, When};
use super::{MAX_FOREIGN_ID, MAX_ROWS, category, linked_events};
use crate::check::shown;
use crate::error::{FieldError, Key};
use crate::event::{NewEvent, Organiser, PlaceView, Status};
use crate::message::{self, Message};
use crate::{Language, html};
use icalendar::parser::{Component, Property, read_calendar, unfold};
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Span, ToSpan};
use std::collections::HashMap;
use store::Timestamp;

/// The name space of the ids.
pub(super) const SOURCE: &str = "ics";
/// How Outlook calls the country's zone.
const OUTLOOK_ZONE: &str = "FLE Standard Time";
const MAX_BLURB: usize = 250;

const WORDS: Words = Words {
    order: &["UID", "SUMMARY", "DTSTART", "DTEND", "RRULE", "LOCATION", "GEO", "URL", "CATEGORIES", "DESCRIPTION"],
    names: &[
        ("name", "SUMMARY"),
        ("starts", "DTSTART"),
        ("ends", "DTEND"),
        ("zone", "DTSTART"),
        ("place.latitude", "GEO"),
        ("place.longitude", "GEO"),
        ("place", "LOCATION"),
        ("blurb", "DESCRIPTION"),
        ("participation_url", "URL"),
        ("online_url", "URL"),
        ("tags", "CATEGORIES"),
        ("category", "CATEGORIES"),
        ("status", "STATUS"),
        ("organiser", "ORGANIZER"),
    ],
};

pub(super) fn read(bytes: &[u8], now: Timestamp) -> Result<Reading, FileError> {
    let text = super::text(bytes)?;
    let unfolded = unfold(&text);
    let calendar = read_calendar(&unfolded).map_err(|_| {
        FileError::new(Key::new(message::FILE_NOT_ICALENDAR).with("reason", "its lines are not those of a VCALENDAR"))
    })?;
    let events: Vec<&Component<'_>> =
        calendar.components.iter().filter(|component| component.name.as_str() == "VEVENT").collect();
    if events.len() > MAX_ROWS {
        return Err(FileError::new(Key::new(message::FILE_TOO_LONG).with("n", MAX_ROWS)));
    }
    let begins = |line: &(usize, &str)| line.1.trim_end().eq_ignore_ascii_case("BEGIN:VEVENT");
    let lines = text.lines().enumerate().filter(begins).map(|(at, _)| at + 1);
    let mut reading = Reading::default();
    let mut seen: HashMap<String, usize> = HashMap::new();
    for (component, line) in events.into_iter().zip(lines) {
        take(Entry { component, faults: Vec::new() }, line, now, &mut seen, &mut reading);
    }
    Ok(reading)
}

fn take(
    mut entry: Entry<'_>,
    line: usize,
    now: Timestamp,
    seen: &mut HashMap<String, usize>,
    reading: &mut Reading,
) {
    let place = format!("line {line}");
    let id = entry.id();
    let class = entry.text("CLASS").unwrap_or_default().to_ascii_uppercase();
    if matches!(class.as_str(), "PRIVATE" | "CONFIDENTIAL") {
        reading.skipped += 1;
        return;
    }
    if let Some(first) = seen.get(&id) {
        entry.fault("UID", Key::new(message::ID_USED).with("line", first));
    } else if !id.is_empty() {
        seen.insert(id.clone(), line);
    }
    let new = entry.event(now);
    let sequence = entry.text("SEQUENCE").and_then(|text| text.parse().ok());
    let content = Content::Event(ImportedEvent { new, organiser: None });
    let row = Row { sequence, ..Row::new(place, id, SOURCE, &WORDS, content) };
    reading.take(row, entry.faults);
}

struct Entry<'a> {
    component: &'a Component<'a>,
    faults: Vec<FieldError>,
}

impl Entry<'_> {
    fn fault(&mut self, field: &str, reason: impl Into<Key>) {
        self.faults.push(FieldError::new(field, reason));
    }

    fn unreadable(&mut self, field: &str, reason: Message, value: &str) {
        self.fault(field, Key::new(reason).with("value", shown(value)));
    }

    fn property(&self, name: &str) -> Option<&Property<'_>> {
        self.component.properties.iter().find(|property| property.name.as_str().eq_ignore_ascii_case(name))
    }

    /// A text value, with its escapes undone (RFC 5545 §3.3.11).
    fn text(&self, name: &str) -> Option<String> {
        let text = self.property(name)?.val.clone().unescape_text().as_str().trim().to_owned();
        (!text.is_empty()).then_some(text)
    }

    fn id(&mut self) -> String {
        let mut id = self.text("UID").unwrap_or_default();
        if id.is_empty() {
            self.fault("UID", message::MISSING);
        } else if id.chars().count() > MAX_FOREIGN_ID {
            self.fault("UID", Key::new(message::TOO_LONG).with("n", MAX_FOREIGN_ID));
        }
        if let Some(occurrence) = self.text("RECURRENCE-ID").filter(|_| !id.is_empty()) {
            id = format!("{id}#{occurrence}");
        }
        id
    }

    fn event(&mut self, now: Timestamp) -> NewEvent {
        if self.property("RRULE").is_some() || self.property("RDATE").is_some() {
            self.fault("RRULE", message::REPEATS);
        }
        let (starts, ends, zone) = self.times();
        let description = self.text("DESCRIPTION").unwrap_or_default();
        let url = self.text("URL");
        let place = self.place();
        if place.is_none() && url.is_none() {
            self.fault("LOCATION", message::PLACE_MISSING);
        }
        let words: Vec<String> = self.categories();
        NewEvent {
            name: self.text("SUMMARY").map(|name| vocab::text::line(&name, 2_000)).unwrap_or_default(),
            blurb: vocab::text::line(description.lines().next().unwrap_or_default(), MAX_BLURB),
            content: html::from_text(&description),
            language: self.language().as_str().to_owned(),
            starts: starts.unwrap_or(now),
            ends,
            zone,
            status: self.status(),
            category: words.iter().find_map(|word| category::of_word(word)).unwrap_or(category::OTHER).to_owned(),
            online_url: url.clone().filter(|_| place.is_none()),
            place,
            participation_url: url,
            capacity: None,
            picture: None,
            tags: linked_events::tags(words.into_iter()),
            organiser: self.organiser(),
        }
    }

    fn language(&self) -> Language {
        self.property("SUMMARY")
            .and_then(|summary| parameter(summary, "LANGUAGE"))
            .and_then(|tag| Language::parse(&tag))
            .unwrap_or(Language::Fi)
    }

    fn status(&mut self) -> Status {
        match self.text("STATUS").map(|word| word.to_ascii_uppercase()).as_deref() {
            None | Some("CONFIRMED") => Status::Scheduled,
            Some("TENTATIVE") => Status::Tentative,
            Some("CANCELLED") => Status::Cancelled,
            Some(other) => {
                let words = "CONFIRMED, TENTATIVE, CANCELLED";
                self.fault("STATUS", Key::new(message::NOT_ONE_OF).with("value", shown(other)).with("words", words));
                Status::Scheduled
            }
        }
    }

    /// Start, end and the zone in which both are meant.
    fn times(&mut self) -> (Option<Timestamp>, Option<Timestamp>, String) {
        let zone = match self.zone("DTSTART") {
            Ok((name, zone)) => (name, zone),
            Err(()) => return (None, None, times::ZONE.to_owned()),
        };
        let Some(start) = self.when("DTSTART", &zone.1) else {
            if self.text("DTSTART").is_none() {
                self.fault("DTSTART", message::MISSING);
            }
            return (None, None, zone.0);
        };
        let starts = start.first(&zone.1);
        let ends = match (self.text("DTEND"), self.text("DURATION"), start) {
            (Some(_), ..) => self.end(&zone.1),
            (None, Some(duration), _) => match (duration.parse::<Span>(), starts) {
                (Ok(span), Some(starts)) => {
                    let end = starts.to_jiff().to_zoned(zone.1.clone()).checked_add(span).ok();
                    end.map(|end| end.timestamp().into())
                }
                _ => {
                    self.unreadable("DURATION", message::NOT_A_DATE, &duration);
                    None
                }
            },
            (None, None, When::Day(_)) => start.last(&zone.1),
            (None, None, When::Moment(_)) => None,
        };
        (starts, ends, zone.0)
    }

    /// `DTEND`; a day is exclusive (RFC 5545 §3.6.1), so the event ends with the day before.
    fn end(&mut self, fallback: &TimeZone) -> Option<Timestamp> {
        let zone = self.zone("DTEND").ok().map_or_else(|| fallback.clone(), |(_, zone)| zone);
        match self.when("DTEND", &zone)? {
            When::Day(day) => When::Day(day.checked_sub(1.day()).unwrap_or(day)).last(&zone),
            moment => moment.last(&zone),
        }
    }

    fn zone(&mut self, field: &str) -> Result<(String, TimeZone), ()> {
        let name = self.property(field).and_then(|property| parameter(property, "TZID"));
        let name = match name.as_deref() {
            None | Some(OUTLOOK_ZONE) => times::ZONE.to_owned(),
            Some(name) => name.to_owned(),
        };
        match TimeZone::get(&name) {
            Ok(zone) => Ok((name, zone)),
            Err(_) => {
                self.unreadable(field, message::NO_SUCH_ZONE, &name);
                Err(())
            }
        }
    }

    fn when(&mut self, field: &str, zone: &TimeZone) -> Option<When> {
        let text = self.text(field)?;
        let when = stamp(&text, zone);
        if when.is_none() {
            self.unreadable(field, message::NOT_A_DATE, &text);
        }
        when
    }

    /// `Name, Street 1, 33100 Town`.
    fn place(&mut self) -> Option<PlaceView> {
        let location = self.text("LOCATION")?;
        let mut parts = location.split([',', '\n']).map(str::trim).filter(|part| !part.is_empty());
        let mut place = PlaceView { name: parts.next()?.to_owned(), ..PlaceView::default() };
        let mut others = Vec::new();
        for part in parts {
            let digits = part.split_once(' ').filter(|(code, _)| code.len() == 5 && code.bytes().all(|b| b.is_ascii_digit()));
            match digits {
                Some((code, town)) => {
                    place.postal_code = Some(code.to_owned());
                    place.locality = Some(town.trim().to_owned());
                }
                None => others.push(part.to_owned()),
            }
        }
        if place.locality.is_none() {
            place.locality = others.pop();
        }
        place.street = others.into_iter().next();
        if let Some((latitude, longitude)) = self.text("GEO").as_deref().and_then(|geo| geo.split_once(';')) {
            let degrees = (latitude.trim().parse::<f64>().ok(), longitude.trim().parse::<f64>().ok());
            if let (Some(latitude), Some(longitude)) = degrees {
                (place.latitude, place.longitude) = (Some(latitude), Some(longitude));
            }
        }
        Some(place)
    }

    fn categories(&self) -> Vec<String> {
        let all = self.component.properties.iter().filter(|one| one.name.as_str().eq_ignore_ascii_case("CATEGORIES"));
        all.flat_map(|one| one.val.as_str().split(',').map(|word| word.trim().to_owned()).collect::<Vec<_>>())
            .filter(|word| !word.is_empty())
            .collect()
    }

    /// The organiser's name; the address is not kept.
    fn organiser(&self) -> Option<Organiser> {
        let name = self.property("ORGANIZER").and_then(|organiser| parameter(organiser, "CN"))?;
        let name = vocab::text::line(&name, 200);
        (!name.is_empty()).then_some(Organiser { name, id: None })
    }
}

fn parameter(property: &Property<'_>, name: &str) -> Option<String> {
    let found = property.params.iter().find(|parameter| parameter.key.as_str().eq_ignore_ascii_case(name))?;
    found.val.as_ref().map(|value| value.as_str().trim_matches('"').to_owned())
}

/// `20270105`, `20270105T180000`, `20270105T160000Z`.
fn stamp(text: &str, zone: &TimeZone) -> Option<When> {
    if let Some(utc) = text.strip_suffix('Z') {
        return times::moment(DateTime::strptime("%Y%m%dT%H%M%S", utc).ok()?, &TimeZone::UTC).map(When::Moment);
    }
    if text.contains('T') {
        return times::moment(DateTime::strptime("%Y%m%dT%H%M%S", text).ok()?, zone).map(When::Moment);
    }
    Date::strptime("%Y%m%d", text).ok().map(When::Day)
}
