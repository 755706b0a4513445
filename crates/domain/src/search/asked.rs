//! What somebody looks for, and what is found.

use super::Facet;
use super::words::{self, TITLE};
use crate::view::Filter;
use diesel::prelude::*;
use std::collections::HashSet;
use store::id::ObjectUrl;
use store::schema::searchable;
use store::words::{Found, Term, Wanted};
use store::{Conn, Timestamp, words as index};

/// Words of a search that are looked for; who types more meant the first.
const MOST_WORDS: usize = 8;
/// A word of so many letters may also stand for all words that begin with it.
const BEGINNING: usize = 3;
/// It does when fewer things than this have the words themselves: with more there is enough to read, and to put together
/// all words that begin alike takes long.
const FEW: u32 = 20;
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
    fn wanted(&self, mark: &str, reach: Reach) -> Vec<Vec<Term>> {
        self.0.iter().map(|word| terms(mark, word, reach)).collect()
    }

    /// How far a search has to go among the things of a kind and region.
    fn reach(&self, conn: &mut Conn, among: &[String]) -> QueryResult<Reach> {
        let exact = index::found(conn, &within(self.wanted("", Reach::Words), among), FEW);
        let some: i64 = searchable::table.filter(exact).count().get_result(conn)?;
        Ok(if some < i64::from(FEW) { Reach::Beginnings } else { Reach::Words })
    }
}

/// What a word stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// Itself, bent in whatever way.
    Words,
    /// Also all words that begin with it.
    Beginnings,
}

fn terms(mark: &str, word: &str, reach: Reach) -> Vec<Term> {
    let begins = reach == Reach::Beginnings && word.chars().count() >= BEGINNING;
    let term = |(at, form): (usize, String)| {
        let form = format!("{mark}{form}");
        if at == 0 && begins { Term::Beginning(form) } else { Term::Word(form) }
    };
    words::sought(word).into_iter().enumerate().map(term).collect()
}

/// The words that narrow things down to a kind, a region and values.
fn marks(kind: Option<&str>, filter: &Filter) -> Vec<String> {
    let facets = filter.facets.iter().map(Facet::word);
    kind.map(words::of_kind).into_iter().chain(filter.region.map(words::of_region)).chain(facets).collect()
}

fn within(mut groups: Vec<Vec<Term>>, among: &[String]) -> Wanted {
    groups.extend(among.iter().map(|word| vec![Term::Word(word.clone())]));
    Wanted(groups)
}

type Urls = diesel::dsl::Select<diesel::dsl::Filter<searchable::table, Found>, searchable::url>;

/// The ids that the words and values of a filter narrow a list of this kind down to; nothing when the filter has neither. A
/// text without a word to look for leaves nothing.
///
/// # Errors
/// Those of the database.
pub(crate) fn narrowing(conn: &mut Conn, kind: &str, filter: &Filter) -> QueryResult<Option<Urls>> {
    let text = filter.text.as_deref().unwrap_or_default();
    if text.is_empty() && filter.facets.is_empty() {
        return Ok(None);
    }
    let among = marks(Some(kind), filter);
    let (groups, most) = match Asked::parse(text) {
        Some(asked) => (asked.wanted("", asked.reach(conn, &among)?), MOST_OF_A_LIST),
        None => (Vec::new(), if text.is_empty() { MOST_OF_A_LIST } else { 0 }),
    };
    let found = index::found(conn, &within(groups, &among), most);
    Ok(Some(searchable::table.filter(found).select(searchable::url)))
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
    let marks = marks(kind, filter);
    let reach = asked.reach(conn, &marks)?;
    for mark in [TITLE, ""] {
        let among = index::found(conn, &within(asked.wanted(mark, reach), &marks), MOST_CANDIDATES);
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
