//! A CSV file as spreadsheets write it: comma or semicolon, quoted fields over several lines, any order of columns.

use super::record::Record;
use super::row::FileError;
use super::{MAX_ROWS, register};
use crate::check::shown;
use crate::error::{FieldError, Key};
use crate::message;
use csv::{ReaderBuilder, StringRecord};
use std::collections::HashMap;

/// Columns that a region keeps for itself.
const OWN: &str = "x_";

/// Reads a file with these columns. Each row is handed to `take` with its line; one that is too short or too long comes
/// with that fault alone.
pub(super) fn read(
    text: &str,
    columns: &register::Columns,
    mut take: impl FnMut(usize, Result<Record<'_>, (Option<&str>, FieldError)>),
) -> Result<(), FileError> {
    // One kind of line end, so that lines can be counted.
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let start = text.len() - text.trim_start_matches('\n').len();
    let body = &text[start..];
    let mut reader = ReaderBuilder::new()
        .delimiter(separator(body.lines().next().unwrap_or_default()))
        .flexible(true)
        .has_headers(false)
        .from_reader(body.as_bytes());
    let unreadable = |error: csv::Error| FileError::new(Key::new(message::FILE_NOT_CSV).with("reason", error));
    let mut row = StringRecord::new();
    if !reader.read_record(&mut row).map_err(unreadable)? {
        return Err(FileError::new(message::FILE_EMPTY));
    }
    let header = header(&row, columns)?;
    let mut lines = Lines { text: body, at: 0, line: 1 + start };
    let mut count = 0_usize;
    while reader.read_record(&mut row).map_err(unreadable)? {
        let line = lines.of(row.position().map_or(0, csv::Position::byte));
        if row.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        count += 1;
        if count > MAX_ROWS {
            return Err(FileError::new(Key::new(message::FILE_TOO_LONG).with("n", MAX_ROWS)));
        }
        let cells: HashMap<&str, &str> = header.iter().map(String::as_str).zip(&row).collect();
        if row.len() == header.len() {
            take(line, Ok(Record::of_csv(cells)));
        } else {
            let reason = Key::new(message::WRONG_FIELD_COUNT).with("n", row.len()).with("m", header.len());
            let id = cells.get("id").map(|id| id.trim());
            take(line, Err((id, FieldError::new("", reason))));
        }
    }
    Ok(())
}

/// The separator that the header uses.
fn separator(header: &str) -> u8 {
    let count = |mark: char| header.matches(mark).count();
    if count(';') > count(',') { b';' } else { b',' }
}

/// The names of the columns in lower case, if they are the right ones.
fn header(row: &StringRecord, columns: &register::Columns) -> Result<Vec<String>, FileError> {
    let names: Vec<String> = row.iter().map(|name| name.trim().to_lowercase()).collect();
    if names.iter().all(String::is_empty) {
        return Err(FileError::new(message::FILE_EMPTY));
    }
    let refuse = |reason, name: &str| Err(FileError::new(Key::new(reason).with("value", shown(name))));
    for (at, name) in names.iter().enumerate() {
        if !columns.all.contains(&name.as_str()) && !name.starts_with(OWN) {
            return refuse(message::FILE_UNKNOWN_COLUMN, name);
        }
        if names[..at].contains(name) {
            return refuse(message::FILE_DOUBLE_COLUMN, name);
        }
    }
    match columns.required.iter().find(|name| !names.iter().any(|known| known == *name)) {
        Some(missing) => refuse(message::FILE_MISSING_COLUMN, missing),
        None => Ok(names),
    }
}

/// Counts the lines of a file from its start to its end.
struct Lines<'a> {
    text: &'a str,
    /// Up to here the lines are counted.
    at: usize,
    line: usize,
}

impl Lines<'_> {
    /// The line, counted from 1, of the record that the reader found from `byte` on; empty lines before it are passed.
    fn of(&mut self, byte: u64) -> usize {
        let bytes = self.text.as_bytes();
        let mut to = usize::try_from(byte).unwrap_or(bytes.len()).min(bytes.len());
        while bytes.get(to) == Some(&b'\n') {
            to += 1;
        }
        self.line += bytes[self.at.min(to)..to].iter().filter(|byte| **byte == b'\n').count();
        self.at = to;
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: register::Columns = register::Columns { all: &["id", "name", "bio"], required: &["id"] };

    /// Line, id and bio of the good rows; what is said of the bad ones.
    type Rows = (Vec<(usize, String, String)>, Vec<String>);

    fn rows(text: &str) -> Result<Rows, String> {
        let (mut rows, mut bad) = (Vec::new(), Vec::new());
        let done = read(text, &COLUMNS, |line, row| match row {
            Ok(mut row) => rows.push((line, row.words("id"), row.words("bio"))),
            Err((id, fault)) => bad.push(format!("{line} {id:?} {fault}")),
        });
        done.map(|()| (rows, bad)).map_err(|error| error.to_string())
    }

    #[test]
    fn lines_are_those_where_records_begin() {
        let text = "id;bio\na;1\n\nb;\"x\n\ny\"\n;\n  \nc;=1+1\nd\ne;1;2\nf;\"a \"\"b\"\"\"\n";
        for text in [text.to_owned(), text.replace('\n', "\r\n"), text.replace('\n', "\r")] {
            let (found, bad) = rows(&text).unwrap();
            let expected = [(2, "a", "1"), (4, "b", "x\n\ny"), (9, "c", "=1+1"), (12, "f", "a \"b\"")];
            let expected: Vec<_> = expected.map(|(line, id, bio)| (line, id.to_owned(), bio.to_owned())).into();
            assert_eq!(found, expected);
            assert_eq!(
                bad,
                ["10 Some(\"d\") has 1 fields, the header has 2", "11 Some(\"e\") has 3 fields, the header has 2"]
            );
        }
    }

    #[test]
    fn a_header_is_needed_and_checked() {
        for (text, expected) in [
            ("", "the file has no header row"),
            ("\n\n", "the file has no header row"),
            (";;\na;b;c", "the file has no header row"),
            ("name;bio\na;b", "column \"id\" is missing"),
            ("id;nmae\na;b", "column \"nmae\" is unknown"),
            ("id;bio;ID\na;b;c", "column \"id\" is there twice"),
        ] {
            assert_eq!(rows(text).unwrap_err(), expected, "{text}");
        }
        let (found, _) = rows("\n\nX_Own, Bio ,ID\n1,b,a").unwrap();
        assert_eq!(found, [(4, "a".to_owned(), "b".to_owned())]);
    }

    #[test]
    fn too_many_rows_are_refused() {
        let text = format!("id\n{}", "a\n".repeat(MAX_ROWS + 1));
        assert_eq!(rows(&text).unwrap_err(), "the file has more than 10000 rows");
    }
}
