//! One row of a CSV file or one object of a bundle, read field by field. Both have the same fields; only how a list, a
//! number or a yes is written differs.
//!
//! Reading never stops: what cannot be read is noted as a fault of its field and taken as absent.

use super::times::{self, When};
use crate::check::{is_refused, shown};
use crate::error::{FieldError, Key};
use crate::message;
use serde_json::{Map, Value};
use std::collections::HashMap;
use store::Timestamp;

/// Longest id of a region's own register.
const MAX_ID: usize = 64;

/// A row and what was found to be wrong with it.
#[derive(Debug)]
pub(super) struct Record<'a> {
    cells: Cells<'a>,
    /// Stands before the names of the fields in messages: `place.`.
    prefix: &'static str,
    pub(super) faults: Vec<FieldError>,
}

#[derive(Debug)]
enum Cells<'a> {
    Csv(HashMap<&'a str, &'a str>),
    Json(&'a Map<String, Value>),
}

impl<'a> Record<'a> {
    pub(super) fn of_csv(cells: HashMap<&'a str, &'a str>) -> Self {
        Record { cells: Cells::Csv(cells), prefix: "", faults: Vec::new() }
    }

    /// Fields that are not among the `known` ones are faults: a mistyped name would lose data silently.
    pub(super) fn of_json(object: &'a Map<String, Value>, prefix: &'static str, known: &[&str]) -> Self {
        let mut record = Record { cells: Cells::Json(object), prefix, faults: Vec::new() };
        for name in object.keys().filter(|name| !known.contains(&name.as_str())) {
            let reason = Key::new(message::UNKNOWN_FIELD).with("value", shown(&format!("{prefix}{name}")));
            record.faults.push(FieldError::new("", reason));
        }
        record
    }

    /// How large the row is, in bytes, as JSON or between its separators.
    pub(super) fn size(&self) -> usize {
        match &self.cells {
            Cells::Csv(cells) => cells.values().map(|cell| cell.len() + 1).sum(),
            Cells::Json(object) => crate::json::written(object).len(),
        }
    }

    pub(super) fn fault(&mut self, field: &str, reason: impl Into<Key>) {
        self.faults.push(FieldError::new(format!("{}{field}", self.prefix), reason));
    }

    fn unreadable(&mut self, field: &str, reason: message::Message, value: &str) {
        self.fault(field, Key::new(reason).with("value", shown(value)));
    }

    /// The value of an object, unless it is `null`.
    fn json(&self, field: &str) -> Option<&'a Value> {
        match &self.cells {
            Cells::Json(object) => object.get(field).filter(|value| !value.is_null()),
            Cells::Csv(_) => None,
        }
    }

    /// What a CSV file has in a column, without the blanks around it.
    fn csv(&self, field: &str) -> Option<&'a str> {
        match &self.cells {
            Cells::Csv(cells) => cells.get(field).map(|value| value.trim()).filter(|value| !value.is_empty()),
            Cells::Json(_) => None,
        }
    }

    /// A text without the blanks around it. One with characters that not every database keeps is a fault.
    pub(super) fn text(&mut self, field: &str) -> Option<String> {
        let text = match (self.csv(field), self.json(field)) {
            (Some(text), _) => text,
            (None, Some(Value::String(text))) => text.trim(),
            (None, Some(_)) => {
                self.fault(field, message::NOT_TEXT);
                return None;
            }
            (None, None) => return None,
        };
        if text.chars().any(is_refused) {
            self.fault(field, message::CONTROL_CHARACTERS);
            return None;
        }
        Some(text).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// A text that is empty when it is not there.
    pub(super) fn words(&mut self, field: &str) -> String {
        self.text(field).unwrap_or_default()
    }

    /// A text that has to be there.
    pub(super) fn required(&mut self, field: &str) -> String {
        let text = self.words(field);
        if text.is_empty() && !self.is_blamed(field) {
            self.fault(field, message::MISSING);
        }
        text
    }

    /// One of these words; `usual` when it is not told.
    pub(super) fn word(&mut self, field: &str, usual: &str, words: &[&str]) -> String {
        let Some(word) = self.text(field) else {
            return usual.to_owned();
        };
        if !words.contains(&word.as_str()) {
            let reason = Key::new(message::NOT_ONE_OF).with("value", shown(&word)).with("words", words.join(", "));
            self.fault(field, reason);
        }
        word
    }

    /// Whether a fault of this field was found already.
    pub(super) fn is_blamed(&self, field: &str) -> bool {
        self.faults.iter().any(|fault| fault.field.strip_prefix(self.prefix) == Some(field))
    }

    /// The id in the region's own register.
    pub(super) fn id(&mut self) -> String {
        let id = self.required("id");
        let usable = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ':');
        if id.chars().count() > MAX_ID {
            self.fault("id", Key::new(message::TOO_LONG).with("n", MAX_ID));
        } else if !id.chars().all(usable) {
            self.unreadable("id", message::NOT_AN_ID, &id);
        }
        id
    }

    /// A list: `a|b` in a CSV file.
    pub(super) fn list(&mut self, field: &str) -> Vec<String> {
        if let Some(text) = self.csv(field) {
            return text.split('|').map(str::trim).filter(|one| !one.is_empty()).map(str::to_owned).collect();
        }
        let entries = match self.json(field) {
            None => return Vec::new(),
            Some(Value::Array(entries)) => entries,
            Some(_) => {
                self.fault(field, message::NOT_A_LIST);
                return Vec::new();
            }
        };
        let words = entries.iter().filter_map(Value::as_str);
        if words.clone().count() < entries.len() {
            self.fault(field, message::NOT_TEXT);
        }
        words.map(str::trim).filter(|one| !one.is_empty()).map(str::to_owned).collect()
    }

    /// Yes or no.
    pub(super) fn flag(&mut self, field: &str) -> Option<bool> {
        if let Some(text) = self.csv(field) {
            let flag = yes_or_no(text);
            if flag.is_none() {
                self.unreadable(field, message::NOT_YES_OR_NO, text);
            }
            return flag;
        }
        let value = self.json(field)?;
        if value.as_bool().is_none() {
            self.unreadable(field, message::NOT_YES_OR_NO, &plain(value));
        }
        value.as_bool()
    }

    /// A whole number.
    pub(super) fn number(&mut self, field: &str) -> Option<i32> {
        let (read, written) = match (self.csv(field), self.json(field)) {
            (Some(text), _) => (text.parse::<i64>().ok(), text.to_owned()),
            (None, Some(value)) => (value.as_i64(), plain(value)),
            (None, None) => return None,
        };
        if read.is_none() {
            self.unreadable(field, message::NOT_A_NUMBER, &written);
        }
        // What does not fit is out of every bound as well.
        read.map(|number| i32::try_from(number).unwrap_or(if number < 0 { i32::MIN } else { i32::MAX }))
    }

    /// Degrees of latitude or longitude.
    pub(super) fn degrees(&mut self, field: &str) -> Option<f64> {
        let value = self.json(field)?;
        if value.as_f64().is_none() {
            self.unreadable(field, message::NOT_A_NUMBER, &plain(value));
        }
        value.as_f64()
    }

    /// A day or a moment.
    pub(super) fn when(&mut self, field: &str) -> Option<When> {
        let text = self.text(field)?;
        let when = times::when(&text);
        if when.is_none() {
            self.unreadable(field, message::NOT_A_DATE, &text);
        }
        when
    }

    /// A moment; a day alone is none.
    pub(super) fn moment(&mut self, field: &str) -> Option<Timestamp> {
        let written = self.text(field)?;
        match times::when(&written) {
            Some(When::Moment(at)) => Some(at),
            _ => {
                self.unreadable(field, message::NOT_A_DATE, &written);
                None
            }
        }
    }

    /// A link of a register: encrypted. Whether it is a link at all is asked by the rules of the thing.
    pub(super) fn encrypted(&mut self, field: &str, link: Option<&str>) {
        if let Some(link) = link.filter(|link| link.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("http://")))
        {
            self.unreadable(field, message::NOT_A_LINK, link);
        }
    }

    /// A link that is checked with [`Record::encrypted`].
    pub(super) fn link(&mut self, field: &str) -> Option<String> {
        let link = self.text(field)?;
        self.encrypted(field, Some(&link));
        Some(link)
    }

    /// An object within an object, read by `read`. Its faults are this record's.
    pub(super) fn object<T>(
        &mut self,
        field: &str,
        prefix: &'static str,
        known: &[&str],
        read: impl FnOnce(&mut Record<'a>) -> T,
    ) -> Option<T> {
        let Value::Object(object) = self.json(field)? else {
            self.fault(field, message::NOT_AN_OBJECT);
            return None;
        };
        let mut inner = Record::of_json(object, prefix, known);
        let value = read(&mut inner);
        self.faults.append(&mut inner.faults);
        Some(value)
    }
}

/// `yes`, `true`, `1`, `kyllä`, `ja`; `no`, `false`, `0`, `ei`, `nej`; in any case.
fn yes_or_no(word: &str) -> Option<bool> {
    match word.to_lowercase().as_str() {
        "yes" | "true" | "1" | "kyllä" | "ja" => Some(true),
        "no" | "false" | "0" | "ei" | "nej" => Some(false),
        _ => None,
    }
}

/// A JSON value as a message repeats it: a text without its quotes.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The faults that reading found and those that the rules of the thing found, in the order of the format's fields. What
/// could not be read is not blamed twice.
pub(super) fn merged(read: Vec<FieldError>, ruled: Vec<FieldError>, order: &[&str]) -> Vec<FieldError> {
    let is_blamed = |field: &str| {
        read.iter().filter(|fault| !fault.field.is_empty()).any(|fault| {
            field.strip_prefix(fault.field.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    };
    let ruled: Vec<FieldError> = ruled.into_iter().filter(|fault| !is_blamed(&fault.field)).collect();
    let mut all: Vec<FieldError> = read.into_iter().chain(ruled).collect();
    all.sort_by_key(|fault| {
        let whole = fault.field.split('.').next().unwrap_or_default();
        order.iter().position(|field| *field == whole).unwrap_or(order.len())
    });
    all
}

#[cfg(test)]
mod tests;
