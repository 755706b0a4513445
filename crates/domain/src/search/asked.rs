//! What somebody looks for, and what is found.

use super::words::{self, TITLE};
use crate::RegionCode;
use crate::view::Filter;
use diesel::prelude::*;
use std::collections::HashSet;
use store::id::ObjectUrl;
use store::schema::searchable;
use store::words::{Found, Term, Wanted};
use store::{Conn, Timestamp, words as index};

/// Words of a search that are looked for; who types more meant the first.
const MOST_WORDS: usize = 8;
/// A word of so many letters also stands for all words that begin with it.
const BEGINNING: usize = 3;
/// Most things that narrow a list down: of more, those that were written last.
const MOST_OF_A_LIST: u32 = 10_000;
/// Most things that a search brings into an order, of those with the words in their title and of the others.
const MOST_CANDIDATES: u32 = 1_000;

/// A search that has words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked(Vec<String>);

impl Asked {
    /// Reads what was typed. Nothing when there is no word to look for: signs alone, or words that are in every text.
    pub fn parse(text: &str) -> Option<Asked> {
        let words: Vec<String> = words::of_text(text).into_iter().take(MOST_WORDS).collect();
        (!words.is_empty()).then_some(Asked(words))
    }

    /// All words, in any form, as the index is asked for them; of the title alone if `mark` says so.
    fn wanted(&self, mark: &str, kind: Option<&str>, region: Option<RegionCode>) -> Wanted {
        let mut groups: Vec<Vec<Term>> = self.0.iter().map(|word| terms(mark, word)).collect();
        groups.extend(kind.map(|kind| vec![Term::Word(words::of_kind(kind))]));
        groups.extend(region.map(|region| vec![Term::Word(words::of_region(region))]));
        Wanted(groups)
    }
}

fn terms(mark: &str, word: &str) -> Vec<Term> {
    let term = |(at, form): (usize, String)| {
        let form = format!("{mark}{form}");
        if at == 0 && word.chars().count() >= BEGINNING { Term::Beginning(form) } else { Term::Word(form) }
    };
    words::forms(word, None).into_iter().enumerate().map(term).collect()
}

type Urls = diesel::dsl::Select<diesel::dsl::Filter<searchable::table, Found>, searchable::url>;

/// The ids that the words of a filter narrow a list of this kind down to; nothing when the filter has no text. A text
/// without a word to look for leaves nothing.
pub(crate) fn narrowing(conn: &Conn, kind: &str, filter: &Filter) -> Option<Urls> {
    let text = filter.text.as_deref().filter(|text| !text.is_empty())?;
    let (asked, most) = match Asked::parse(text) {
        Some(asked) => (asked, MOST_OF_A_LIST),
        None => (Asked(Vec::new()), 0),
    };
    let among = index::found(conn, &asked.wanted("", Some(kind), filter.region), most);
    Some(searchable::table.filter(among).select(searchable::url))
}

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Candidate {
    pub url: ObjectUrl,
    pub kind: String,
}

/// What is found, in its order: first what has the words in its title; of these, first what is not over; of these, what is
/// nearest in time. Of very many, those that were written first are left out.
///
/// # Errors
/// Those of the database.
pub(crate) fn candidates(
    conn: &mut Conn,
    asked: &Asked,
    kind: Option<&str>,
    filter: &Filter,
    now: Timestamp,
) -> QueryResult<Vec<Candidate>> {
    type Row = (i64, ObjectUrl, String, Timestamp, Option<Timestamp>);
    let mut found: Vec<((bool, bool, u64, i64), Candidate)> = Vec::new();
    let mut seen = HashSet::new();
    for mark in [TITLE, ""] {
        let among = index::found(conn, &asked.wanted(mark, kind, filter.region), MOST_CANDIDATES);
        let columns = (searchable::number, searchable::url, searchable::kind, searchable::moment, searchable::over_at);
        let rows: Vec<Row> = searchable::table.filter(among).select(columns).load(conn)?;
        for (number, url, kind, moment, over) in rows.into_iter().filter(|row| seen.insert(row.0)) {
            if filter.from.is_some_and(|from| moment < from) || filter.until.is_some_and(|until| moment > until) {
                continue;
            }
            let is_over = over.is_some_and(|over| over <= now);
            let distance = moment.as_millis().abs_diff(now.as_millis());
            found.push(((mark != TITLE, is_over, distance, number), Candidate { url, kind }));
        }
    }
    found.sort_by_key(|(rank, _)| *rank);
    Ok(found.into_iter().map(|(_, candidate)| candidate).collect())
}
