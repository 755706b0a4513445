//! What a search finds, of all kinds together. The index says which things; what is shown of them is read from the slices
//! now, as any other page reads it.

use crate::SLICES;
use crate::search::{self, Asked, Candidate, Hit};
use crate::slice::Searched;
use crate::view::{Filter, Listing};
use diesel::QueryResult;
use std::collections::HashMap;
use store::id::ObjectUrl;
use store::{Conn, Timestamp};

/// The kinds that can be searched for, by the names of their slices.
pub fn kinds() -> impl Iterator<Item = &'static str> {
    searched().map(|(kind, _)| kind)
}

fn searched() -> impl Iterator<Item = (&'static str, &'static Searched)> {
    SLICES.iter().filter_map(|slice| Some((slice.name, slice.searched.as_ref()?)))
}

/// Everything that has the words of the filter, of its region and between its moments, and of one kind alone if that is
/// asked for: first what has them in its title, then what is not over, then what is nearest in time. Nothing without words.
///
/// # Errors
/// Those of the database.
pub fn search(conn: &mut Conn, filter: &Filter, kind: Option<&str>, now: Timestamp) -> QueryResult<Listing<Hit>> {
    let Some(asked) = filter.text.as_deref().and_then(Asked::parse) else {
        return Ok(Listing { items: Vec::new(), total: 0 });
    };
    let found = search::candidates(conn, &asked, kind, filter, now)?;
    let total = i64::try_from(found.len()).unwrap_or(i64::MAX);
    Ok(Listing { items: read(conn, &filter.page.of(found))?, total })
}

fn read(conn: &mut Conn, found: &[Candidate]) -> QueryResult<Vec<Hit>> {
    let mut hits: HashMap<String, Hit> = HashMap::new();
    for (kind, searched) in searched() {
        let urls: Vec<ObjectUrl> = found.iter().filter(|one| one.kind == kind).map(|one| one.url.clone()).collect();
        if urls.is_empty() {
            continue;
        }
        hits.extend((searched.hits)(conn, &urls)?.into_iter().map(|hit| (hit.source.id.clone(), hit)));
    }
    Ok(found.iter().filter_map(|one| hits.remove(one.url.as_str())).collect())
}
