//! A region's own content in one JSON file: organisations first, so that the others may name them.

use super::content::{Content, ImportedEvent, Reference};
use super::record::Record;
use super::row::{FileError, Reading, Row, Words};
use super::{MAX_ROWS, bounds, category, register, times};
use crate::check::shown;
use crate::error::{FieldError, Key};
use crate::event::{NewEvent, Picture, PlaceView, Status};
use crate::message;
use crate::organisation::{Description, NewOrganisation};
use crate::region::RegionCode;
use crate::{Language, Node};
use federation::Limits;
use serde_json::Value;
use std::collections::HashMap;
use store::Timestamp;
use vocab::json::Part;

/// What `format` has to be.
const FORMAT: &str = "solmu-bundle/1";

const LISTS: [&str; 4] = ["organisations", "events", "tasks", "producers"];

const ORGANISATION: &[&str] = &["id", "name", "kind", "municipality", "website", "description", "username"];
pub(super) const EVENT: &[&str] = &[
    "id",
    "name",
    "blurb",
    "content",
    "language",
    "starts",
    "ends",
    "zone",
    "place",
    "online_url",
    "picture",
    "category",
    "status",
    "organiser",
    "tags",
    "participation_url",
    "capacity",
];
const PLACE: &[&str] = &["name", "street", "postal_code", "locality", "latitude", "longitude"];
const STATUSES: [Status; 5] =
    [Status::Scheduled, Status::Tentative, Status::Postponed, Status::Rescheduled, Status::Cancelled];

const ORGANISATION_WORDS: Words = Words { order: ORGANISATION, names: &[] };
const EVENT_WORDS: Words = Words { order: EVENT, names: &[] };
const PRODUCER_WORDS: Words = Words { order: register::PRODUCER_FIELDS, names: &[] };

/// Reads the whole file.
pub(super) fn read(text: &str, node: &Node, limits: &Limits, now: Timestamp) -> Result<Reading, FileError> {
    let file = &super::json_file(text, limits)?;
    if !matches!(file.get("format"), Some(Part::Whole(format)) if format == FORMAT) {
        return Err(FileError::new(message::FILE_NOT_A_BUNDLE));
    }
    own_region(file, node)?;
    let known = |name: &str| matches!(name, "format" | "region") || LISTS.contains(&name);
    if let Some(name) = file.keys().filter(|name| !known(name)).min() {
        return Err(FileError::new(Key::new(message::UNKNOWN_FIELD).with("value", shown(name))));
    }
    let length = |name: &str| match file.get(name) {
        Some(Part::Entries(entries)) => entries.len(),
        _ => 0,
    };
    if LISTS.iter().map(|name| length(name)).sum::<usize>() > MAX_ROWS {
        return Err(FileError::new(Key::new(message::FILE_TOO_LONG).with("n", MAX_ROWS)));
    }
    let mut reading = Reading::default();
    each(file, "organisations", ORGANISATION, limits, &mut reading, |record, place, id| {
        let content = Content::Organisation(organisation(record));
        Row::new(place, id, super::ORGANISATIONS, &ORGANISATION_WORDS, content)
    });
    let known: Vec<String> = reading.rows.iter().map(|row| row.id.clone()).collect();
    each(file, "events", EVENT, limits, &mut reading, |record, place, id| {
        Row::new(place, id, super::EVENTS, &EVENT_WORDS, Content::Event(event(record, &known, now)))
    });
    each(file, "tasks", register::TASKS.all, limits, &mut reading, |record, place, id| {
        Row::new(place, id, super::TASKS, &super::TASK_WORDS, Content::Task(register::task(record, node)))
    });
    each(file, "producers", register::PRODUCER_FIELDS, limits, &mut reading, |record, place, id| {
        let producer = register::producer(record, node, register::consent_object, now);
        Row::new(place, id, super::PRODUCERS, &PRODUCER_WORDS, Content::Producer(producer))
    });
    Ok(reading)
}

fn own_region(file: &HashMap<String, Part>, node: &Node) -> Result<(), FileError> {
    let word = match file.get("region") {
        Some(Part::Whole(Value::String(word))) => word.trim(),
        _ => "",
    };
    if word.is_empty() {
        return Err(FileError(FieldError::new("region", message::MISSING)));
    }
    match RegionCode::parse(word) {
        Some(region) if region == node.region => Ok(()),
        Some(region) => {
            Err(FileError::new(Key::new(message::FILE_OTHER_REGION).with("theirs", region).with("ours", node.region)))
        }
        None => {
            let reason = Key::new(message::NO_SUCH_REGION).with("value", shown(word));
            Err(FileError(FieldError::new("region", reason)))
        }
    }
}

/// Reads one of the lists, each object by `row`.
fn each(
    file: &HashMap<String, Part>,
    list: &str,
    fields: &[&str],
    limits: &Limits,
    reading: &mut Reading,
    row: impl Fn(&mut Record<'_>, String, String) -> Row,
) {
    let items = match file.get(list) {
        None | Some(Part::Whole(Value::Null)) => return,
        Some(Part::Entries(items)) => items,
        Some(Part::Whole(_)) => return reading.refuse(list, None, vec![FieldError::new("", message::NOT_A_LIST)]),
    };
    let mut seen: HashMap<String, usize> = HashMap::new();
    for (at, item) in items.iter().enumerate() {
        let place = format!("{list} item {}", at + 1);
        let Some(object) = reading.object(item, &place) else { continue };
        let mut record = Record::of_json(object, "", fields);
        let id = record.id();
        match seen.get(&id) {
            Some(first) => record.fault("id", Key::new(message::ID_USED_ITEM).with("line", first)),
            None if id.is_empty() => {}
            None => {
                seen.insert(id.clone(), at + 1);
            }
        }
        let row = row(&mut record, place, id);
        record.faults.extend(bounds::size(record.size(), limits));
        reading.take(row, record.faults, limits);
    }
}

fn organisation(record: &mut Record<'_>) -> NewOrganisation {
    let texts =
        |inner: &mut Record<'_>| Description { fi: inner.text("fi"), sv: inner.text("sv"), en: inner.text("en") };
    let codes = Language::ALL.map(Language::as_str);
    let description = record.object("description", "description.", &codes, texts);
    if description.as_ref().is_some_and(|texts| texts.get(Language::Fi).is_none()) {
        record.fault("description", message::MISSING);
    }
    NewOrganisation {
        name: record.words("name"),
        kind: record.required("kind"),
        municipality: record.text("municipality"),
        website: record.link("website"),
        description: description.unwrap_or_default(),
        username: record.text("username"),
    }
}

/// Reads an event. `known` are the organisations of the same file.
pub(super) fn event(record: &mut Record<'_>, known: &[String], now: Timestamp) -> ImportedEvent {
    let (starts, ends) = (record.required("starts"), record.moment("ends"));
    let starts = if starts.is_empty() { None } else { record.moment("starts") };
    let zone = record.text("zone");
    let status = record.word("status", Status::default().as_str(), &STATUSES.map(Status::as_str));
    let organiser = record.text("organiser").map(|id| Reference { in_file: known.contains(&id), id });
    let picture = |inner: &mut Record<'_>| {
        let url = inner.required("url");
        inner.encrypted("url", Some(&url));
        Picture { url, alt: inner.words("alt") }
    };
    let new = NewEvent {
        name: record.words("name"),
        blurb: record.words("blurb"),
        content: register::markdown(record, "content", 20_000),
        language: register::language(record),
        starts: starts.unwrap_or(now),
        // Without a beginning the end cannot be compared with anything.
        ends: ends.filter(|_| starts.is_some()),
        zone: zone.unwrap_or_else(|| times::ZONE.to_owned()),
        status: Status::parse(&status).unwrap_or_default(),
        category: record.text("category").unwrap_or_else(|| category::OTHER.to_owned()),
        place: record.object("place", "place.", PLACE, place),
        online_url: record.link("online_url"),
        participation_url: record.link("participation_url"),
        capacity: record.number("capacity"),
        picture: record.object("picture", "picture.", &["url", "alt"], picture),
        tags: tags(record.list("tags")),
        organiser: None,
    };
    ImportedEvent { new, organiser }
}

fn place(record: &mut Record<'_>) -> PlaceView {
    PlaceView {
        name: record.words("name"),
        street: record.text("street"),
        postal_code: record.text("postal_code"),
        locality: Some(record.required("locality")).filter(|town| !town.is_empty()),
        latitude: record.degrees("latitude"),
        longitude: record.degrees("longitude"),
    }
}

fn tags(words: Vec<String>) -> Vec<String> {
    let bare = |word: String| word.trim_start_matches('#').trim().to_owned();
    crate::check::each_once(words.into_iter().map(bare).filter(|word| !word.is_empty()).collect())
}
