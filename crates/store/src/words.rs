//! The index of words: from a word to the numbers of the things that have it, FTS5 on SQLite and `tsvector` on PostgreSQL.
//!
//! Words come ready made, letters and digits in lower case with `=` after a mark. Neither database changes, stems or ranks
//! them, so that both answer the same. Left out: what the numbers stand for, and how words are made.

use crate::Conn;
use diesel::dsl::AsExprOf;
use diesel::expression::{SqlLiteral, UncheckedBind};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Text};
use std::collections::BTreeSet;

/// One way in which a thing may have what is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Term {
    /// By this word.
    Word(String),
    /// By any word that begins so.
    Beginning(String),
}

/// What is looked for: of each group, one term at least.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted(pub Vec<Vec<Term>>);

/// The condition that `searchable.number` is among those found.
pub type Found = SqlLiteral<Bool, UncheckedBind<SqlLiteral<Bool>, AsExprOf<String, Text>>>;

/// Gives a thing exactly these words.
///
/// # Errors
/// Those of the database.
pub fn put(conn: &mut Conn, number: i64, words: &BTreeSet<String>) -> QueryResult<()> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match conn {
        Conn::Sqlite(conn) => diesel::sql_query("INSERT OR REPLACE INTO search_words (rowid, words) VALUES (?, ?)")
            .bind::<BigInt, _>(number)
            .bind::<Text, _>(words.join(" "))
            .execute(conn),
        Conn::Postgres(conn) => diesel::sql_query(
            "INSERT INTO search_words (number, words) VALUES ($1, array_to_tsvector($2)) \
             ON CONFLICT (number) DO UPDATE SET words = EXCLUDED.words",
        )
        .bind::<BigInt, _>(number)
        .bind::<Array<Text>, _>(words)
        .execute(conn),
    };
    done.map(|_| ())
}

/// Takes the words of things away.
///
/// # Errors
/// Those of the database.
pub fn remove(conn: &mut Conn, numbers: &[i64]) -> QueryResult<()> {
    for number in numbers {
        match conn {
            Conn::Sqlite(conn) => {
                diesel::sql_query("DELETE FROM search_words WHERE rowid = ?").bind::<BigInt, _>(number).execute(conn)?
            }
            Conn::Postgres(conn) => diesel::sql_query("DELETE FROM search_words WHERE number = $1")
                .bind::<BigInt, _>(number)
                .execute(conn)?,
        };
    }
    Ok(())
}

/// The things that have what is wanted; of more than `most`, those that were put in last.
pub fn found(conn: &Conn, wanted: &Wanted, most: u32) -> Found {
    let (head, text, tail) = match conn {
        Conn::Sqlite(_) => (
            "searchable.number IN (SELECT rowid FROM search_words WHERE search_words MATCH ",
            wanted.to_fts5(),
            format!(" ORDER BY rowid DESC LIMIT {most})"),
        ),
        Conn::Postgres(_) => (
            "searchable.number IN (SELECT number FROM search_words WHERE words @@ CAST(",
            wanted.to_tsquery(),
            format!(" AS tsquery) ORDER BY number DESC LIMIT {most})"),
        ),
    };
    diesel::dsl::sql::<Bool>(head).bind::<Text, _>(text).sql(&tail)
}

impl Wanted {
    fn to_fts5(&self) -> String {
        self.written(" AND ", " OR ", |term| match term {
            Term::Word(word) => format!("\"{}\"", word.replace('"', "\"\"")),
            Term::Beginning(word) => format!("\"{}\" *", word.replace('"', "\"\"")),
        })
    }

    fn to_tsquery(&self) -> String {
        let quoted = |word: &str| format!("'{}'", word.replace('\\', "\\\\").replace('\'', "''"));
        self.written(" & ", " | ", |term| match term {
            Term::Word(word) => quoted(word),
            Term::Beginning(word) => format!("{}:*", quoted(word)),
        })
    }

    fn written(&self, and: &str, or: &str, term: impl Fn(&Term) -> String) -> String {
        let group = |terms: &Vec<Term>| format!("({})", terms.iter().map(&term).collect::<Vec<_>>().join(or));
        self.0.iter().map(group).collect::<Vec<_>>().join(and)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_never_becomes_part_of_the_query() {
        let wanted = Wanted(vec![
            vec![Term::Beginning("ta\"lvi".to_owned()), Term::Word("f=tal'v\\i".to_owned())],
            vec![Term::Word("kind=event".to_owned())],
        ]);
        assert_eq!(wanted.to_fts5(), r#"("ta""lvi" * OR "f=tal'v\i") AND ("kind=event")"#);
        assert_eq!(wanted.to_tsquery(), r#"('ta"lvi':* | 'f=tal''v\\i') & ('kind=event')"#);
    }
}
