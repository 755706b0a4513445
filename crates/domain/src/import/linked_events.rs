//! One page of the event list of a Linked Events API, as Finnish cities' calendars publish it.
//!
//! The publisher is a program that nobody here can correct, so what is merely untidy is left out (a picture without
//! words, a postal code that is none), and only what makes an event wrong or impossible to find refuses it. Fields that
//! the reference does not name are passed over.

use super::content::{Content, ImportedEvent};
use super::row::{FileError, Reading, Row, Words};
use super::times::{self, When};
use super::{MAX_ROWS, bounds, category};
use crate::Language;
use crate::check::shown;
use crate::error::{FieldError, Key};
use crate::event::{NewEvent, Organiser, Picture, PlaceView, Status};
use crate::message::{self, Message};
use federation::Limits;
use serde_json::{Map, Value};
use std::collections::HashMap;
use store::Timestamp;
use vocab::SafeHtml;
use vocab::json::Part;

/// The name space of the ids.
pub(super) const SOURCE: &str = "linked-events";

/// Longest blurb; a longer one is cut.
const MAX_BLURB: usize = 250;
/// Most tags, and the longest one; others are left out.
const MAX_TAGS: (usize, usize) = (20, 50);
/// Longest words for a picture; longer ones are cut.
const MAX_ALT: usize = 500;
/// Texts of one line are read up to here, so that too long ones are seen as such.
const ONE_LINE: usize = 2_000;

const WORDS: Words = Words {
    order: &[
        "id",
        "name",
        "short_description",
        "description",
        "start_time",
        "end_time",
        "event_status",
        "location",
        "virtualevent_url",
        "images",
        "keywords",
        "provider",
        "info_url",
    ],
    names: &[
        ("blurb", "short_description"),
        ("content", "description"),
        ("language", "name"),
        ("starts", "start_time"),
        ("ends", "end_time"),
        ("zone", "start_time"),
        ("status", "event_status"),
        ("place.name", "location.name"),
        ("place.street", "location.street_address"),
        ("place.postal_code", "location.postal_code"),
        ("place.locality", "location.address_locality"),
        ("place.latitude", "location.position"),
        ("place.longitude", "location.position"),
        ("place", "location"),
        ("online_url", "virtualevent_url"),
        ("participation_url", "info_url"),
        ("capacity", "maximum_attendee_capacity"),
        ("picture", "images"),
        ("tags", "keywords"),
        ("organiser", "provider"),
    ],
};

const STATUSES: [(&str, Status); 4] = [
    ("EventScheduled", Status::Scheduled),
    ("EventCancelled", Status::Cancelled),
    ("EventPostponed", Status::Postponed),
    ("EventRescheduled", Status::Rescheduled),
];

/// Reads one page.
pub(super) fn read(text: &str, limits: &Limits, now: Timestamp) -> Result<Reading, FileError> {
    let file = super::json_file(text, limits)?;
    let Some(Part::Entries(items)) = file.get("data") else {
        return Err(FileError::new(message::FILE_NOT_LINKED_EVENTS));
    };
    if items.len() > MAX_ROWS {
        return Err(FileError::new(Key::new(message::FILE_TOO_LONG).with("n", MAX_ROWS)));
    }
    let mut reading = Reading {
        next: match file.get("meta") {
            Some(Part::Whole(meta)) => meta.get("next").and_then(Value::as_str).map(str::to_owned),
            _ => None,
        },
        ..Reading::default()
    };
    let mut seen: HashMap<String, usize> = HashMap::new();
    for (at, item) in items.iter().enumerate() {
        let place = format!("item {}", at + 1);
        let Some(object) = reading.object(item, &place) else { continue };
        let mut item = Item { object, limits, faults: Vec::new() };
        let id = item.id();
        if let Some(first) = seen.get(&id) {
            item.fault("id", Key::new(message::ID_USED_ITEM).with("line", first));
        } else if !id.is_empty() {
            seen.insert(id.clone(), at + 1);
        }
        take(item, place, id, now, &mut reading);
    }
    Ok(reading)
}

fn take(mut item: Item<'_>, place: String, id: String, now: Timestamp, reading: &mut Reading) {
    let gone = item.object.get("deleted") == Some(&Value::Bool(true));
    if !gone && (item.is("publication_status", "draft") || item.is("super_event_type", "recurring")) {
        reading.skipped += 1;
        return;
    }
    let content = match gone {
        true => Content::EventGone,
        false => Content::Event(ImportedEvent { new: item.event(now), organiser: None }),
    };
    let mut found = item.faults;
    found.extend(bounds::size(crate::json::written(item.object).len(), item.limits));
    reading.take(Row::new(place, id, SOURCE, &WORDS, content), found, item.limits);
}

/// An event as the API writes it.
struct Item<'a> {
    object: &'a Map<String, Value>,
    limits: &'a Limits,
    faults: Vec<FieldError>,
}

impl<'a> Item<'a> {
    fn fault(&mut self, field: &str, reason: impl Into<Key>) {
        self.faults.push(FieldError::new(field, reason));
    }

    fn unreadable(&mut self, field: &str, reason: Message, value: &str) {
        self.fault(field, Key::new(reason).with("value", shown(value)));
    }

    fn is(&self, field: &str, word: &str) -> bool {
        self.object.get(field).and_then(Value::as_str) == Some(word)
    }

    fn id(&mut self) -> String {
        let id = match self.object.get("id") {
            Some(Value::String(id)) => id.trim().to_owned(),
            Some(Value::Number(id)) => id.to_string(),
            _ => String::new(),
        };
        if id.is_empty() {
            self.fault("id", message::MISSING);
        } else if let Some(fault) = super::fault_of_foreign_id(&id) {
            self.fault("id", fault);
        }
        id
    }

    fn event(&mut self, now: Timestamp) -> NewEvent {
        let (name, language) = in_first_language(self.object.get("name"));
        let (starts, ends) = self.times();
        let place = self.place(language);
        let info = self.link("info_url", language);
        let tickets =
            self.object.get("offers").and_then(|offers| offers.get(0)).and_then(|offer| offer.get("info_url"));
        let (tags, category) = self.keywords(language);
        let blurb = in_language(self.object.get("short_description"), language).unwrap_or_default();
        let content = in_any_language(self.object.get("description"), language).unwrap_or_default();
        self.faults.extend(bounds::content("description", &content, self.limits));
        let organiser = in_any_language(self.object.get("provider"), language).map(|name| one_line(&name, 200));
        let online = self.link("virtualevent_url", language);
        NewEvent {
            name,
            blurb: one_line(&blurb, MAX_BLURB),
            content: SafeHtml::clean(&content),
            language: language.as_str().to_owned(),
            starts: starts.unwrap_or(now),
            ends,
            zone: times::ZONE.to_owned(),
            status: self.status(),
            category,
            place: place.filter(|_| online.is_none() || !self.is_on_the_internet()),
            online_url: online,
            participation_url: tickets.and_then(|url| address(url, language)).or(info),
            capacity: self.capacity(),
            picture: self.picture(language),
            tags,
            organiser: organiser.filter(|name| !name.is_empty()).map(|name| Organiser { name, id: None }),
        }
    }

    /// Beginning and end. Of an event that is known by its days only, the API tells days.
    fn times(&mut self) -> (Option<Timestamp>, Option<Timestamp>) {
        let zone = times::home();
        if self.text("start_time").is_none() {
            self.fault("start_time", message::MISSING);
        }
        let (starts, ends) = (self.when("start_time"), self.when("end_time"));
        let whole_day = matches!(starts, Some(When::Day(_))).then_some(starts).flatten();
        let first = starts.and_then(|when| when.first(&zone));
        // Without a beginning the end cannot be compared with anything.
        let last = ends.or(whole_day).and_then(|when| when.last(&zone)).filter(|_| first.is_some());
        (first, last)
    }

    fn when(&mut self, field: &str) -> Option<When> {
        let text = self.text(field)?;
        let when = times::when(text);
        if when.is_none() {
            self.unreadable(field, message::NOT_A_DATE, text);
        }
        when
    }

    fn text(&self, field: &str) -> Option<&'a str> {
        let object: &'a Map<String, Value> = self.object;
        object.get(field).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty())
    }

    fn status(&mut self) -> Status {
        let Some(word) = self.text("event_status") else {
            return Status::Scheduled;
        };
        if let Some((_, status)) = STATUSES.iter().find(|(known, _)| *known == word) {
            return *status;
        }
        let words = STATUSES.map(|(known, _)| known).join(", ");
        self.fault("event_status", Key::new(message::NOT_ONE_OF).with("value", shown(word)).with("words", words));
        Status::Scheduled
    }

    fn place(&mut self, language: Language) -> Option<PlaceView> {
        let more =
            in_any_language(self.object.get("location_extra_info"), language).map(|more| one_line(&more, ONE_LINE));
        let location = match self.object.get("location") {
            None | Some(Value::Null) => return more.map(|name| PlaceView { name, ..PlaceView::default() }),
            Some(Value::Object(location)) => location,
            Some(Value::String(_)) => {
                self.fault("location", message::PLACE_REFERENCE);
                return None;
            }
            Some(_) => {
                self.fault("location", message::NOT_AN_OBJECT);
                return None;
            }
        };
        if location.get("name").is_none_or(Value::is_null) && location.contains_key("@id") {
            self.fault("location", message::PLACE_REFERENCE);
            return None;
        }
        let text = |field: &str| in_any_language(location.get(field), language).map(|text| one_line(&text, ONE_LINE));
        let mut name = text("name").unwrap_or_default();
        if let Some(more) = more.filter(|more| !more.is_empty() && !name.contains(more.as_str())) {
            let longer = format!("{name} ({more})");
            name = if longer.chars().count() > 200 { name } else { longer };
        }
        let (latitude, longitude) = position(location.get("position"));
        Some(PlaceView {
            name,
            street: text("street_address").filter(|street| !street.is_empty()),
            postal_code: text("postal_code").filter(|code| is_postal_code(code)),
            locality: text("address_locality").filter(|town| !town.is_empty()),
            latitude,
            longitude,
        })
    }

    /// The place that stands for all online events: `helsinki:internet`, `system:internet`.
    fn is_on_the_internet(&self) -> bool {
        let id = self.object.get("location").and_then(|location| location.get("id")).and_then(Value::as_str);
        id.is_some_and(|id| id.ends_with(":internet"))
    }

    fn link(&self, field: &str, language: Language) -> Option<String> {
        self.object.get(field).and_then(|url| address(url, language))
    }

    fn capacity(&self) -> Option<i32> {
        let capacity = self.object.get("maximum_attendee_capacity").and_then(Value::as_i64)?;
        i32::try_from(capacity).ok().filter(|capacity| *capacity > 0)
    }

    fn picture(&self, language: Language) -> Option<Picture> {
        let image = self.object.get("images")?.get(0)?;
        let url = image.get("url").and_then(Value::as_str).and_then(vocab::one_or_many::web_address)?;
        let alt = in_any_language(image.get("alt_text"), language)
            .or_else(|| in_any_language(image.get("name"), language))?;
        Some(Picture { url, alt: one_line(&alt, MAX_ALT) }).filter(|picture| !picture.alt.is_empty())
    }

    /// Tags, and the category of the first subject that has one.
    fn keywords(&self, language: Language) -> (Vec<String>, String) {
        let keywords = self.object.get("keywords").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let subject = |keyword: &Value| {
            let id = |field| keyword.get(field).and_then(Value::as_str).and_then(category::of_subject);
            id("id").or_else(|| id("@id"))
        };
        let category = keywords.iter().find_map(subject).unwrap_or(category::OTHER);
        let names = keywords.iter().filter_map(|keyword| in_any_language(keyword.get("name"), language));
        (tags(names), category.to_owned())
    }
}

/// Words as tags: on one line, once each, no more and no longer ones than an event may have.
pub(super) fn tags(words: impl Iterator<Item = String>) -> Vec<String> {
    let (most, longest) = MAX_TAGS;
    let tidy = words.map(|word| one_line(word.trim_start_matches('#'), ONE_LINE));
    let fitting = tidy.filter(|word| !word.is_empty() && word.chars().count() <= longest).collect();
    let mut tags = crate::check::each_once(fitting);
    tags.truncate(most);
    tags
}

/// A text that may be a text by language, in this language alone.
fn in_language(value: Option<&Value>, language: Language) -> Option<String> {
    let text = match value? {
        Value::String(text) => text,
        Value::Object(texts) => texts.get(language.as_str())?.as_str()?,
        _ => return None,
    };
    Some(text.trim()).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// A text that may be a text by language, in this language or else in the first one that is there.
fn in_any_language(value: Option<&Value>, language: Language) -> Option<String> {
    in_language(value, language).or_else(|| Language::ALL.into_iter().find_map(|other| in_language(value, other)))
}

/// A text by language in the first language that is there, and that language.
fn in_first_language(value: Option<&Value>) -> (String, Language) {
    let found = Language::ALL.into_iter().find_map(|language| Some((in_language(value, language)?, language)));
    let (text, language) = found.unwrap_or_default();
    (one_line(&text, ONE_LINE), language)
}

fn one_line(text: &str, most: usize) -> String {
    vocab::text::line(text, most)
}

/// A web address, or one by language.
fn address(value: &Value, language: Language) -> Option<String> {
    in_any_language(Some(value), language)
}

fn is_postal_code(text: &str) -> bool {
    text.len() == 5 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Latitude and longitude of a GeoJSON point (RFC 7946 §3.1.1: longitude first). What lies outside the globe is none.
fn position(value: Option<&Value>) -> (Option<f64>, Option<f64>) {
    let degrees = |at: usize, most: f64| {
        let number = value?.get("coordinates")?.get(at)?.as_f64()?;
        (number.abs() <= most).then_some(number)
    };
    match (degrees(1, 90.0), degrees(0, 180.0)) {
        (Some(latitude), Some(longitude)) => (Some(latitude), Some(longitude)),
        _ => (None, None),
    }
}
