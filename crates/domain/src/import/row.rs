//! What a file holds, row by row: what may go in, what is refused and why, what is passed over.

use super::content::Content;
use super::{bounds, record};
use crate::error::{Error, FieldError, Key};
use crate::message;
use federation::Limits;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::collections::HashSet;
use std::fmt;
use vocab::json::Unreadable;

/// A file, read.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reading {
    /// The rows that are right as far as the file can tell, in the order in which they go in.
    pub rows: Vec<Row>,
    /// What is wrong with the others, one entry for each problem.
    pub bad: Vec<BadRow>,
    /// How many rows are not meant to go in: drafts, series, private entries.
    pub skipped: usize,
    /// Where the next page of a Linked Events list is.
    pub next: Option<String>,
}

impl Reading {
    /// How many rows are refused.
    pub fn refused(&self) -> usize {
        self.bad.iter().map(|one| one.place.as_str()).collect::<HashSet<_>>().len()
    }

    /// Takes a row in, or what is wrong with it: what reading found, what the rules of the thing say, and what the limits of
    /// the node do of fields that the rules do not blame.
    pub(super) fn take(&mut self, row: Row, found: Vec<FieldError>, limits: &Limits) {
        let mut ruled = row.content.faults();
        for fault in bounds::faults(&row.content, limits) {
            if ruled.iter().all(|known| known.field != fault.field) {
                ruled.push(fault);
            }
        }
        let ruled = ruled.into_iter().map(|fault| row.words.in_format(fault)).collect();
        let faults = record::merged(found, ruled, row.words.order);
        if faults.is_empty() {
            self.rows.push(row);
        } else {
            self.refuse(&row.place, Some(&row.id), faults);
        }
    }

    /// The object that an entry of a list is, or `None` and a note of why it is none.
    pub(super) fn object<'e>(
        &mut self,
        entry: &'e Result<Value, Unreadable>,
        place: &str,
    ) -> Option<&'e Map<String, Value>> {
        let reason = match entry {
            Ok(Value::Object(object)) => return Some(object),
            Ok(_) => Key::new(message::NOT_AN_OBJECT),
            Err(fault) => super::unreadable(*fault),
        };
        self.refuse(place, None, vec![FieldError::new("", reason)]);
        None
    }

    /// Notes what is wrong with a row.
    pub(super) fn refuse(&mut self, place: &str, id: Option<&str>, faults: Vec<FieldError>) {
        self.bad.extend(BadRow::all(place, id, faults));
    }
}

/// What the fields of a format are called.
#[derive(Debug, PartialEq)]
pub(super) struct Words {
    /// The fields in the order in which messages name them.
    pub order: &'static [&'static str],
    /// Fields as the rules of the things call them, where the format has another name.
    pub names: &'static [(&'static str, &'static str)],
}

impl Words {
    fn in_format(&self, fault: FieldError) -> FieldError {
        let exact = self.names.iter().find(|(ours, _)| *ours == fault.field);
        let whole = fault.field.split('.').next().unwrap_or_default();
        let name = exact.or_else(|| self.names.iter().find(|(ours, _)| *ours == whole));
        match name {
            Some((_, theirs)) => FieldError::new(*theirs, fault.reason),
            None => fault,
        }
    }
}

/// A row that may go in.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Where it is in the file, in the words of the messages: `line 3`, `events item 2`.
    pub place: String,
    /// Its id in the region's own register, calendar or API.
    pub id: String,
    /// The name space of the id: `register/task`, `linked-events`, `ics`.
    pub source: &'static str,
    /// A digest of what it says: equal when nothing changed since the last import.
    pub hash: String,
    /// The version that the calendar counts (`SEQUENCE`, RFC 5545 §3.8.7.4).
    pub sequence: Option<u32>,
    /// What it says.
    pub content: Content,
    pub(super) words: &'static Words,
}

impl Row {
    pub(super) fn new(place: String, id: String, source: &'static str, words: &'static Words, content: Content) -> Row {
        let hash = digest(&crate::json::written(&content));
        Row { place, id, source, hash, sequence: None, content, words }
    }
}

/// What a refusal says of a row that was read without a fault, in the words of its format. Empty when the row is not to
/// blame: then the database or the node is.
pub fn refusals(row: &Row, error: &Error) -> Vec<BadRow> {
    let faults = match error {
        Error::Invalid(faults) => faults.clone(),
        Error::Refused(reason) if reason.message == message::DEADLINE_PASSED => {
            vec![FieldError::new("deadline", reason.clone())]
        }
        Error::Refused(reason) | Error::Conflict(reason) | Error::Forbidden(reason) => {
            vec![FieldError::new("", reason.clone())]
        }
        Error::NotFound | Error::Federation(_) | Error::Store(_) => Vec::new(),
    };
    BadRow::all(&row.place, Some(&row.id), faults.into_iter().map(|fault| row.words.in_format(fault)).collect())
}

pub(super) fn digest(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// One problem of a row that does not go in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadRow {
    /// Where the row is.
    pub place: String,
    /// Its id, when it has one.
    pub id: Option<String>,
    /// The field that is to blame, as the file calls it; empty when no single one is.
    pub field: String,
    /// What is wrong.
    pub reason: Key,
}

impl BadRow {
    fn all(place: &str, id: Option<&str>, faults: Vec<FieldError>) -> Vec<BadRow> {
        let id = id.filter(|id| !id.is_empty()).map(crate::check::shown);
        let bad = |fault: FieldError| BadRow {
            place: place.to_owned(),
            id: id.clone(),
            field: fault.field,
            reason: fault.reason,
        };
        faults.into_iter().map(bad).collect()
    }
}

/// `line 4 (p-003): skills: "pyrotekniikka" is not a known skill`
impl fmt::Display for BadRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.place)?;
        if let Some(id) = &self.id {
            write!(f, " ({id})")?;
        }
        match self.field.as_str() {
            "" => write!(f, ": {}", self.reason),
            field => write!(f, ": {field}: {}", self.reason),
        }
    }
}

/// Why a row is passed over without being wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Skip {
    /// The entry is a draft where it comes from.
    Draft,
    /// It stands for a series whose occurrences are events of their own.
    Series,
    /// It was not meant for the public.
    Private,
    /// It is deleted where it comes from, and was never here.
    NeverHere,
    /// It was deleted on this node.
    Deleted,
    /// A newer version of the entry was imported already.
    Older,
    /// The task is filled, closed or withdrawn on this node.
    Over,
    /// The profile is its person's own by now.
    Owned,
    /// The task is published; an import does not take it back to a draft.
    Published,
}

impl fmt::Display for Skip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Skip::Draft => "is a draft",
            Skip::Series => "is a series, its occurrences are events of their own",
            Skip::Private => "is private",
            Skip::NeverHere => "is deleted at its origin and was never here",
            Skip::Deleted => "was deleted on this node",
            Skip::Older => "is older than what was imported already",
            Skip::Over => "is filled, closed or withdrawn on this node",
            Skip::Owned => "is its person's own by now, and only that person changes it",
            Skip::Published => "is published and stays so",
        })
    }
}

/// Why a whole file cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct FileError(pub FieldError);

impl FileError {
    pub(super) fn new(reason: impl Into<Key>) -> FileError {
        FileError(FieldError::new("", reason))
    }
}
