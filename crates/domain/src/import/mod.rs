//! Import: what a region already has, read row by row and put in through the slices' own actions.
//!
//! Two halves. Reading ([`read`]) is pure: it knows the five formats and the forms, which are defined in `docs/reference/import.md`, and
//! asks the slices' rules whether a row may be so. Applying ([`apply_row`]) is one row and one transaction: it knows from
//! the table `imports` what came before and adds, edits or leaves alone.
//!
//! Invariants: a bad row never stops a good one; importing the same twice writes nothing and sends nothing; a deleted
//! thing stays deleted. What bounds the documents of other servers (`limits` in the configuration) bounds each row as well,
//! with a message in place of a cut. Left out: fetching files and making keys, which the caller does outside the transaction.

mod apply;
mod bounds;
mod bundle;
mod calendar_time;
mod category;
mod content;
mod csv_file;
pub mod form;
mod ics;
mod linked_events;
mod named;
mod record;
mod register;
mod row;
mod seen;
#[cfg(test)]
mod tests;
mod times;

pub use apply::{Applied, apply_row, foresee, needs_key};
pub use content::{Content, ImportedEvent, ImportedProducer, ImportedTask, Reference};
pub use row::{BadRow, FileError, Reading, Row, Skip, refusals};

use crate::Node;
use crate::error::Key;
use crate::message;
use federation::Limits;
use register::Columns;
use row::Words;
use serde_json::Value;
use std::collections::HashMap;
use store::Timestamp;
use unicode_normalization::{UnicodeNormalization, is_nfc};
use vocab::json::{Part, Unreadable};

/// Largest file, in bytes.
pub const MAX_FILE: usize = 10_000_000;
/// Most rows of a file.
const MAX_ROWS: usize = 10_000;
/// Longest id of a calendar or an API, in characters.
const MAX_FOREIGN_ID: usize = 500;

/// The name spaces of the register's ids: one for each kind of thing, shared by CSV files and bundles.
const ORGANISATIONS: &str = "register/organisation";
const EVENTS: &str = "register/event";
const TASKS: &str = "register/task";
const PRODUCERS: &str = "register/producer";

const TASK_WORDS: Words = Words { order: register::TASKS.all, names: &[] };
const PRODUCER_WORDS: Words = Words { order: register::PRODUCERS.all, names: &[] };

/// What a file is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// A region's own content in one JSON file.
    Bundle,
    /// A page of the event list of a Linked Events API.
    LinkedEvents,
    /// iCalendar.
    Ics,
    /// People, one a row.
    ProducersCsv,
    /// Tasks, one a row.
    TasksCsv,
}

impl Format {
    /// All, in the order in which they are listed.
    pub const ALL: [Format; 5] =
        [Format::Bundle, Format::LinkedEvents, Format::Ics, Format::ProducersCsv, Format::TasksCsv];

    /// Its word, as at the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Format::Bundle => "bundle",
            Format::LinkedEvents => "linked-events",
            Format::Ics => "ics",
            Format::ProducersCsv => "producers-csv",
            Format::TasksCsv => "tasks-csv",
        }
    }

    /// Reads its word.
    pub fn parse(word: &str) -> Option<Format> {
        Format::ALL.into_iter().find(|format| format.as_str() == word)
    }
}

/// Reads a file. What is wrong with a row is in the answer, `limits` among it; the file is refused when it cannot be read
/// at all.
///
/// # Errors
/// [`FileError`] when it is too large, not in this format, or for another region.
pub fn read(format: Format, bytes: &[u8], node: &Node, limits: &Limits, now: Timestamp) -> Result<Reading, FileError> {
    if bytes.len() > MAX_FILE {
        return Err(FileError::new(Key::new(message::FILE_TOO_LARGE).with("n", MAX_FILE / 1_000_000)));
    }
    match format {
        Format::Bundle => bundle::read(&text(bytes)?, node, limits, now),
        Format::LinkedEvents => linked_events::read(&text(bytes)?, limits, now),
        Format::Ics => ics::read(bytes, limits, now),
        Format::ProducersCsv => csv(&text(bytes)?, &register::PRODUCERS, limits, |record, place, id| {
            let producer = register::producer(record, node, register::consent_columns, now);
            Row::new(place, id, PRODUCERS, &PRODUCER_WORDS, Content::Producer(producer))
        }),
        Format::TasksCsv => csv(&text(bytes)?, &register::TASKS, limits, |record, place, id| {
            Row::new(place, id, TASKS, &TASK_WORDS, Content::Task(register::task(record, node)))
        }),
    }
}

fn csv(
    text: &str,
    columns: &Columns,
    limits: &Limits,
    row: impl Fn(&mut record::Record<'_>, String, String) -> Row,
) -> Result<Reading, FileError> {
    let mut reading = Reading::default();
    let mut seen: HashMap<String, usize> = HashMap::new();
    csv_file::read(text, columns, |line, record| {
        let place = format!("line {line}");
        let mut record = match record {
            Ok(record) => record,
            Err((id, fault)) => return reading.refuse(&place, id, vec![fault]),
        };
        let id = record.id();
        match seen.get(&id) {
            Some(first) => record.fault("id", Key::new(message::ID_USED).with("line", first)),
            None if id.is_empty() => {}
            None => {
                seen.insert(id.clone(), line);
            }
        }
        let row = row(&mut record, place, id);
        record.faults.extend(bounds::size(record.size(), limits));
        reading.take(row, record.faults, limits);
    })?;
    Ok(reading)
}

/// The file without the byte-order mark.
fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes)
}

fn text(bytes: &[u8]) -> Result<String, FileError> {
    let text = std::str::from_utf8(without_mark(bytes)).map_err(|_| FileError::new(message::FILE_NOT_UTF8))?;
    Ok(composed(text.to_owned()))
}

/// Letters in one piece (NFC): some systems write `ä` as two, which breaks search and hashtags.
fn composed(text: String) -> String {
    if is_nfc(&text) { text } else { text.nfc().collect() }
}

/// A JSON file, by its keys; the entries of its lists one by one.
fn json_file(text: &str, limits: &Limits) -> Result<HashMap<String, Part>, FileError> {
    let parts = vocab::json::parts(text, usize::try_from(limits.depth).unwrap_or(usize::MAX))
        .map_err(|error| FileError::new(Key::new(message::FILE_NOT_JSON).with("reason", error)))?;
    Ok(parts.into_iter().map(|(name, part)| (name, composed_part(part))).collect())
}

/// Letters in one piece also where JSON wrote them as `\u` escapes.
fn composed_part(part: Part) -> Part {
    match part {
        Part::Whole(value) => Part::Whole(composed_value(value)),
        Part::Entries(entries) => Part::Entries(entries.into_iter().map(|entry| entry.map(composed_value)).collect()),
    }
}

fn composed_value(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(composed(text)),
        Value::Array(list) => list.into_iter().map(composed_value).collect(),
        Value::Object(fields) => fields.into_iter().map(|(name, value)| (name, composed_value(value))).collect(),
        other => other,
    }
}

/// What is wrong with an id of a calendar or an API. It is kept as it is, so it may hold only what both databases keep.
fn fault_of_foreign_id(id: &str) -> Option<Key> {
    if id.chars().count() > MAX_FOREIGN_ID {
        return Some(Key::new(message::TOO_LONG).with("n", MAX_FOREIGN_ID));
    }
    id.chars().any(char::is_control).then(|| message::CONTROL_CHARACTERS.into())
}

/// Why an entry of a list was not read.
fn unreadable(fault: Unreadable) -> Key {
    match fault {
        Unreadable::TooDeep => message::NESTED_TOO_DEEP.into(),
        Unreadable::NotJson => message::FIELD_TWICE.into(),
    }
}
