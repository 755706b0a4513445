//! What was imported before: the table `imports`.
//!
//! Its column `content_hash` keeps, parted by blanks, what the next import compares with: the digest of the row, the
//! digest of the organisation that it named, the calendar's version and the status that an event had in the file; `-`
//! where there is none. A profile that was deleted leaves the column empty.

use super::row::Row;
use diesel::prelude::*;
use store::schema::imports;
use store::{Conn, Timestamp, each};

/// A row as it was imported last.
#[derive(Debug)]
pub(super) struct Seen {
    /// The row of the thing that it became.
    pub row_id: String,
    pub mark: Mark,
}

/// What the next import compares with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Mark {
    pub digest: String,
    pub named: Option<String>,
    pub sequence: Option<u32>,
    pub status: Option<String>,
}

impl Mark {
    fn written(&self) -> String {
        let sequence = self.sequence.map(|sequence| sequence.to_string());
        let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
        format!("{} {} {} {}", self.digest, or_none(&self.named), or_none(&sequence), or_none(&self.status))
    }

    fn read(text: &str) -> Mark {
        let mut words =
            text.split(' ').map(|word| Some(word.to_owned()).filter(|word| word != "-" && !word.is_empty()));
        let mut next = || words.next().flatten();
        Mark {
            digest: next().unwrap_or_default(),
            named: next(),
            sequence: next().and_then(|sequence| sequence.parse().ok()),
            status: next(),
        }
    }
}

/// Looks a row up by its id in the name space of its source.
pub(super) fn find(conn: &mut Conn, source: &str, id: &str) -> QueryResult<Option<Seen>> {
    let found: Option<(String, String)> =
        imports::table.find((source, id)).select((imports::row_id, imports::content_hash)).first(conn).optional()?;
    Ok(found.map(|(row_id, mark)| Seen { row_id, mark: Mark::read(&mark) }))
}

/// Notes what a row has become.
pub(super) fn note(
    conn: &mut Conn,
    row: &Row,
    slice: &str,
    row_id: &str,
    mark: &Mark,
    now: Timestamp,
) -> QueryResult<()> {
    let mark = mark.written();
    let known = imports::table.find((row.source, row.id.as_str()));
    let changed =
        diesel::update(known).set((imports::content_hash.eq(&mark), imports::imported_at.eq(now))).execute(conn)?;
    if changed == 0 {
        let values = (
            imports::source.eq(row.source),
            imports::source_id.eq(row.id.as_str()),
            imports::slice.eq(slice),
            imports::row_id.eq(row_id),
            imports::content_hash.eq(&mark),
            imports::imported_at.eq(now),
        );
        each!(conn, c => diesel::insert_into(imports::table).values(values).execute(c))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_read_as_it_was_written() {
        for mark in [
            Mark { digest: "ab".to_owned(), ..Mark::default() },
            Mark { digest: "ab".to_owned(), sequence: Some(3), ..Mark::default() },
            Mark {
                digest: "ab".to_owned(),
                named: Some("cd".to_owned()),
                sequence: Some(0),
                status: Some("scheduled".to_owned()),
            },
        ] {
            assert_eq!(Mark::read(&mark.written()), mark);
        }
        assert_eq!(Mark::read(""), Mark::default());
    }
}
