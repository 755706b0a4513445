//! iCalendar (RFC 5545): each `VEVENT` on its own.
//!
//! Lines are unfolded and counted here, since one odd entry must not stop the others and messages name lines; what a
//! line says is read by the `icalendar` crate. Folds are taken out of the bytes: some programs fold within a letter.
//! What is nested in an event (alarms), and all that is no event, is passed over.

use super::calendar_time::{self, Stamp};
use super::content::{Content, ImportedEvent};
use super::row::{FileError, Reading, Row, Words};
use super::{MAX_ROWS, bounds, category, fault_of_foreign_id, linked_events, times};
use crate::Language;
use crate::check::shown;
use crate::error::{FieldError, Key};
use crate::event::{MAX_BLURB, NewEvent, Organiser, PlaceView, Status};
use crate::html;
use crate::message::{self, Message};
use federation::Limits;
use icalendar::parser::Property;
use std::collections::HashMap;
use store::Timestamp;

/// The name space of the ids.
pub(super) const SOURCE: &str = "ics";

const WORDS: Words = Words {
    order: &[
        "UID",
        "SUMMARY",
        "DTSTART",
        "DTEND",
        "DURATION",
        "LOCATION",
        "GEO",
        "URL",
        "DESCRIPTION",
        "CATEGORIES",
        "STATUS",
        "ORGANIZER",
        "RRULE",
        "RDATE",
    ],
    names: &[
        ("name", "SUMMARY"),
        ("language", "SUMMARY"),
        ("blurb", "DESCRIPTION"),
        ("content", "DESCRIPTION"),
        ("starts", "DTSTART"),
        ("zone", "DTSTART"),
        ("ends", "DTEND"),
        ("place.latitude", "GEO"),
        ("place.longitude", "GEO"),
        ("place", "LOCATION"),
        ("online_url", "URL"),
        ("participation_url", "URL"),
        ("tags", "CATEGORIES"),
        ("status", "STATUS"),
        ("organiser", "ORGANIZER"),
    ],
};

const STATUSES: [(&str, Status); 3] =
    [("CONFIRMED", Status::Scheduled), ("TENTATIVE", Status::Tentative), ("CANCELLED", Status::Cancelled)];

/// Reads a calendar.
pub(super) fn read(bytes: &[u8], limits: &Limits, now: Timestamp) -> Result<Reading, FileError> {
    let mut reading = Reading::default();
    let mut seen: HashMap<String, usize> = HashMap::new();
    let lines = lines(bytes)?;
    let entries = entries(&lines)?;
    if entries.len() > MAX_ROWS {
        return Err(FileError::new(Key::new(message::FILE_TOO_LONG).with("n", MAX_ROWS)));
    }
    for (line, mut entry) in entries {
        if entry.text("CLASS").is_some_and(|class| matches!(class.to_uppercase().as_str(), "PRIVATE" | "CONFIDENTIAL"))
        {
            reading.skipped += 1;
            continue;
        }
        let id = entry.id();
        if let Some(first) = seen.get(&id) {
            entry.fault("UID", Key::new(message::ID_USED).with("line", first));
        } else if !id.is_empty() {
            seen.insert(id.clone(), line);
        }
        let event = ImportedEvent { new: entry.event(limits, now), organiser: None };
        let mut row = Row::new(format!("line {line}"), id, SOURCE, &WORDS, Content::Event(event));
        row.sequence = entry.text("SEQUENCE").and_then(|sequence| sequence.parse().ok());
        entry.faults.extend(bounds::size(entry.size, limits));
        reading.take(row, entry.faults, limits);
    }
    Ok(reading)
}

/// A line without its folds, and the number of the line where it begins.
struct Line {
    number: usize,
    text: String,
}

fn lines(bytes: &[u8]) -> Result<Vec<Line>, FileError> {
    let mut unfolded: Vec<(usize, Vec<u8>)> = Vec::new();
    for (at, line) in super::without_mark(bytes).split(|byte| *byte == b'\n').enumerate() {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        match (line, unfolded.last_mut()) {
            ([b' ' | b'\t', rest @ ..], Some((_, whole))) => whole.extend_from_slice(rest),
            _ => unfolded.push((at + 1, line.to_vec())),
        }
    }
    let read = |(number, line)| {
        let text = String::from_utf8(line).map_err(|_| FileError::new(message::FILE_NOT_UTF8))?;
        let mut text = super::composed(text);
        // Names are in any case; the parser knows them in capitals.
        let end = text.find([';', ':']).unwrap_or(0);
        text[..end].make_ascii_uppercase();
        Ok(Line { number, text })
    };
    unfolded.into_iter().map(read).collect()
}

/// The events with the line of their `BEGIN:VEVENT`. No recursion: a file may nest as deep as it likes.
fn entries(lines: &[Line]) -> Result<Vec<(usize, Entry<'_>)>, FileError> {
    let refuse = |reason: String| Err(FileError::new(Key::new(message::FILE_NOT_ICALENDAR).with("reason", reason)));
    let mut open: Vec<String> = Vec::new();
    let mut entries: Vec<(usize, Entry<'_>)> = Vec::new();
    let mut is_calendar = false;
    for line in lines {
        let (verb, name) = line.text.split_once(':').unwrap_or((&line.text, ""));
        let name = name.trim().to_uppercase();
        if verb == "BEGIN" {
            is_calendar |= name == "VCALENDAR";
            if name == "VEVENT" {
                entries.push((line.number, Entry::default()));
            }
            open.push(name);
        } else if verb == "END" {
            let Some(at) = open.iter().rposition(|begun| *begun == name) else {
                return refuse(format!("line {} ends what was not begun", line.number));
            };
            open.truncate(at);
        } else if open.last().is_some_and(|begun| begun == "VEVENT")
            && let Some((_, entry)) = entries.last_mut()
        {
            entry.take(&line.text);
        }
    }
    match (is_calendar, open.last()) {
        (false, _) => refuse("BEGIN:VCALENDAR is missing".to_owned()),
        (true, Some(name)) => refuse(format!("END:{} is missing", shown(name))),
        (true, None) => Ok(entries),
    }
}

/// A `VEVENT`.
#[derive(Default)]
struct Entry<'a> {
    properties: Vec<Property<'a>>,
    /// In bytes, without folds.
    size: usize,
    faults: Vec<FieldError>,
}

impl<'a> Entry<'a> {
    /// Keeps a line, unless it is none: what cannot be read says nothing.
    fn take(&mut self, line: &'a str) {
        self.size += line.len() + 1;
        if let Ok(property) = Property::try_from(line) {
            self.properties.push(property);
        }
    }

    fn fault(&mut self, field: &str, reason: impl Into<Key>) {
        self.faults.push(FieldError::new(field, reason));
    }

    fn unreadable(&mut self, field: &str, reason: Message, value: &str) {
        self.fault(field, Key::new(reason).with("value", shown(value)));
    }

    fn all(&self, name: &str) -> impl Iterator<Item = &Property<'a>> {
        self.properties.iter().filter(move |property| property.name.as_str() == name)
    }

    fn property(&self, name: &str) -> Option<&Property<'a>> {
        self.all(name).next()
    }

    /// The text of a property without the blanks around it.
    fn text(&self, name: &str) -> Option<String> {
        let text = self.property(name)?.val.as_str().trim();
        (!text.is_empty()).then(|| text.to_owned())
    }

    fn id(&mut self) -> String {
        let Some(uid) = self.text("UID") else {
            self.fault("UID", message::MISSING);
            return String::new();
        };
        let id = match self.text("RECURRENCE-ID") {
            Some(occurrence) => format!("{uid}#{occurrence}"),
            None => uid,
        };
        if let Some(fault) = fault_of_foreign_id(&id) {
            self.fault("UID", fault);
        }
        id
    }

    fn event(&mut self, limits: &Limits, now: Timestamp) -> NewEvent {
        for rule in ["RRULE", "RDATE"] {
            if self.property(rule).is_some() {
                self.fault(rule, message::REPEATS);
            }
        }
        let (starts, ends, zone) = self.times();
        let description = self.text("DESCRIPTION").unwrap_or_default();
        self.faults.extend(bounds::content("DESCRIPTION", &description, limits));
        let url = self.text("URL");
        let place = self.place();
        let (tags, category) = self.categories();
        NewEvent {
            name: vocab::text::line(&self.text("SUMMARY").unwrap_or_default(), 2_000),
            blurb: vocab::text::line(description.lines().next().unwrap_or_default(), MAX_BLURB),
            content: html::from_text(&description),
            language: self.language(),
            starts: starts.unwrap_or(now),
            ends,
            zone,
            status: self.status(),
            category,
            online_url: url.clone().filter(|_| place.is_none()),
            place,
            participation_url: url,
            capacity: None,
            picture: None,
            tags,
            organiser: self.organiser(),
        }
    }

    /// Beginning, end, and the zone of the clock.
    fn times(&mut self) -> (Option<Timestamp>, Option<Timestamp>, String) {
        let home = || (None, None, times::ZONE.to_owned());
        if self.text("DTSTART").is_none() {
            self.fault("DTSTART", message::MISSING);
            return home();
        }
        let Some(start) = self.stamp("DTSTART") else {
            self.stamp("DTEND"); // what is wrong with it is told as well
            return home();
        };
        let ends = match (self.stamp("DTEND"), self.text("DURATION")) {
            (Some(end), _) => end.last(),
            (None, Some(duration)) if self.text("DTEND").is_none() => {
                let end = start.after(&duration);
                if end.is_none() {
                    self.unreadable("DURATION", message::NOT_A_DATE, &duration);
                }
                end
            }
            _ => start.whole_day(),
        };
        (start.first(), ends, start.zone)
    }

    fn stamp(&mut self, field: &str) -> Option<Stamp> {
        let property = self.property(field)?;
        let text = property.val.as_str().trim().to_owned();
        match calendar_time::read(&text, parameter(property, "TZID").as_deref()) {
            Ok(stamp) => Some(stamp),
            Err((reason, value)) => {
                self.unreadable(field, reason, &value);
                None
            }
        }
    }

    /// The language of the title, as BCP 47 writes it; Finnish when none is told, or none of ours.
    fn language(&self) -> String {
        let told = self.property("SUMMARY").and_then(|summary| parameter(summary, "LANGUAGE"));
        told.and_then(|tag| Language::parse(&tag)).unwrap_or_default().as_str().to_owned()
    }

    fn status(&mut self) -> Status {
        let Some(word) = self.text("STATUS") else {
            return Status::Scheduled;
        };
        if let Some((_, status)) = STATUSES.iter().find(|(known, _)| known.eq_ignore_ascii_case(&word)) {
            return *status;
        }
        let words = STATUSES.map(|(known, _)| known).join(", ");
        self.fault("STATUS", Key::new(message::NOT_ONE_OF).with("value", shown(&word)).with("words", words));
        Status::Scheduled
    }

    fn place(&mut self) -> Option<PlaceView> {
        let mut place = place_of(&self.text("LOCATION")?)?;
        if let Some(text) = self.text("GEO") {
            let degrees = |part: &str| part.trim().parse::<f64>().ok().filter(|degrees| degrees.is_finite());
            match text.split_once(';').map(|(north, east)| (degrees(north), degrees(east))) {
                Some((Some(latitude), Some(longitude))) => {
                    (place.latitude, place.longitude) = (Some(latitude), Some(longitude));
                }
                _ => self.unreadable("GEO", message::NOT_A_NUMBER, &text),
            }
        }
        Some(place)
    }

    fn categories(&self) -> (Vec<String>, String) {
        let words: Vec<String> = self.all("CATEGORIES").flat_map(|property| listed(property.val.as_str())).collect();
        let category = words.iter().find_map(|word| category::of_word(word)).unwrap_or(category::OTHER);
        (linked_events::tags(words.into_iter()), category.to_owned())
    }

    /// The name of the organiser. Some programs write the address in its place; it is not kept.
    fn organiser(&self) -> Option<Organiser> {
        let name = parameter(self.property("ORGANIZER")?, "CN")?;
        let name = vocab::text::line(&name, 200);
        (!name.is_empty() && !name.contains('@')).then_some(Organiser { name, id: None })
    }
}

fn parameter(property: &Property<'_>, name: &str) -> Option<String> {
    let found = property.params.iter().find(|parameter| parameter.key.as_str().eq_ignore_ascii_case(name))?;
    let value = found.val.as_ref()?.as_str().trim().trim_matches('"').trim();
    (!value.is_empty()).then(|| value.to_owned())
}

/// The values of a list of texts (RFC 5545 §3.3.11): commas part them, except behind a backslash.
fn listed(text: &str) -> Vec<String> {
    let mut list = vec![String::new()];
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        let last = list.len() - 1;
        match letter {
            ',' => list.push(String::new()),
            '\\' => list[last].push(letters.next().filter(|next| !matches!(next, 'n' | 'N')).unwrap_or(' ')),
            other => list[last].push(other),
        }
    }
    list
}

/// `Name, Street 1, 33100 Town`, as people write it into one line.
fn place_of(text: &str) -> Option<PlaceView> {
    let mut parts = text.split([',', '\n']).map(str::trim).filter(|part| !part.is_empty());
    let mut place = PlaceView { name: parts.next()?.to_owned(), ..PlaceView::default() };
    let mut rest: Vec<&str> =
        parts.filter(|part| !matches!(part.to_lowercase().as_str(), "suomi" | "finland")).collect();
    if let Some(at) = rest.iter().position(|part| postal(part).is_some()) {
        let (code, town) = postal(rest.remove(at)).unwrap_or_default();
        (place.postal_code, place.locality) = (Some(code.to_owned()), Some(town.to_owned()));
    } else {
        place.locality = rest.pop().map(str::to_owned);
    }
    place.street = (!rest.is_empty()).then(|| rest.join(", "));
    Some(place)
}

/// Five digits and a town.
fn postal(part: &str) -> Option<(&str, &str)> {
    let (code, town) = part.split_once(' ')?;
    (code.len() == 5 && code.bytes().all(|digit| digit.is_ascii_digit())).then(|| (code, town.trim()))
}
