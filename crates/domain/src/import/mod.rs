//! Import: what a region already has, read row by row and put in through the slices' own actions.
//!
//! Two halves. Reading ([`read`]) is pure: it knows the five formats, which are defined in `docs/reference/import.md`, and
//! asks the slices' rules whether a row may be so. Applying ([`apply_row`]) is one row and one transaction: it knows from
//! the table `imports` what came before and adds, edits or leaves alone.
//!
//! Invariants: a bad row never stops a good one; importing the same twice writes nothing and sends nothing; a deleted
//! thing stays deleted. Left out: fetching files and making keys, which the caller does outside the transaction.

mod apply;
mod bundle;
mod calendar_time;
mod category;
mod content;
mod csv_file;
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
use register::Columns;
use row::Words;
use serde_json::Value;
use std::collections::HashMap;
use store::Timestamp;
use unicode_normalization::{UnicodeNormalization, is_nfc};

/// Largest file, in bytes.
const MAX_FILE: usize = 10_000_000;
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

/// Reads a file. What is wrong with a row is in the answer; the file is refused when it cannot be read at all.
///
/// # Errors
/// [`FileError`] when it is too large, not in this format, or for another region.
pub fn read(format: Format, bytes: &[u8], node: &Node, now: Timestamp) -> Result<Reading, FileError> {
    if bytes.len() > MAX_FILE {
        return Err(FileError::new(Key::new(message::FILE_TOO_LARGE).with("n", MAX_FILE / 1_000_000)));
    }
    match format {
        Format::Bundle => bundle::read(&text(bytes)?, node, now),
        Format::LinkedEvents => linked_events::read(&text(bytes)?, now),
        Format::Ics => ics::read(bytes, now),
        Format::ProducersCsv => csv(&text(bytes)?, &register::PRODUCERS, |record, place, id| {
            let producer = register::producer(record, node, register::consent_columns, now);
            Row::new(place, id, PRODUCERS, &PRODUCER_WORDS, Content::Producer(producer))
        }),
        Format::TasksCsv => csv(&text(bytes)?, &register::TASKS, |record, place, id| {
            Row::new(place, id, TASKS, &TASK_WORDS, Content::Task(register::task(record, node)))
        }),
    }
}

fn csv(
    text: &str,
    columns: &Columns,
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
        reading.take(row, record.faults);
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

fn json_document(text: &str) -> Result<Value, FileError> {
    serde_json::from_str(text).map_err(|error| FileError::new(Key::new(message::FILE_NOT_JSON).with("reason", error)))
}
