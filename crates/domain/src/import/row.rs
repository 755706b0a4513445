//! What a file holds, row by row: what may go in, what is refused and why, what is passed over.

use super::content::Content;
use crate::error::{FieldError, Key};
use sha2::{Digest, Sha256};
use std::collections::HashSet;
use std::fmt;

/// A file, read.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reading {
    /// The rows that are right as far as the file can tell, in the order in which they go in.
    pub rows: Vec<Row>,
    /// What is wrong with the others, one entry for each problem.
    pub bad: Vec<BadRow>,
    /// Rows that are not meant to go in.
    pub skipped: Vec<SkippedRow>,
    /// Where the next page of a Linked Events list is.
    pub next: Option<String>,
}

impl Reading {
    /// How many rows the file has.
    pub fn len(&self) -> usize {
        self.rows.len() + self.skipped.len() + refused(&self.bad)
    }

    /// Whether the file has no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
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
}

impl Row {
    pub(super) fn new(place: String, id: String, source: &'static str, content: Content) -> Row {
        let hash = digest(&[&crate::json::written(&content)]);
        Row { place, id, source, hash, sequence: None, content }
    }

    /// What is wrong with this row, in the words of its format.
    pub(super) fn refuse(&self, faults: Vec<FieldError>) -> Vec<BadRow> {
        let id = Some(self.id.as_str());
        BadRow::all(&self.place, id, faults)
    }
}

/// SHA-256 of texts, in hexadecimal. Where one ends and the next begins makes a difference.
pub(super) fn digest(texts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for text in texts {
        hash.update(text.len().to_be_bytes());
        hash.update(text);
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
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
    pub(super) fn all(place: &str, id: Option<&str>, faults: Vec<FieldError>) -> Vec<BadRow> {
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

/// How many rows the problems belong to.
pub fn refused(bad: &[BadRow]) -> usize {
    bad.iter().map(|one| one.place.as_str()).collect::<HashSet<_>>().len()
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

/// A row that is not meant to go in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SkippedRow {
    /// Where it is in the file.
    pub place: String,
    /// Its id, when it has one.
    pub id: Option<String>,
    /// Why it is passed over.
    pub reason: Skip,
}

/// `line 84 (rikki-9@esimerkki.example): is private`
impl fmt::Display for SkippedRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.place)?;
        if let Some(id) = &self.id {
            write!(f, " ({id})")?;
        }
        write!(f, ": {}", self.reason)
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
