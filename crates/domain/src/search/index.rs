//! Every statement about the index.

use super::entry::{Entry, Findable, Hit};
use diesel::prelude::*;
use std::collections::HashSet;
use store::id::ObjectUrl;
use store::schema::searchable;
use store::{Conn, Timestamp, each, words};

/// To be counted up when words are made in another way; every thing is put in anew then.
const RULES: i32 = 5;

#[derive(Insertable, AsChangeset)]
#[diesel(table_name = searchable, treat_none_as_null = true)]
struct Row<'a> {
    url: &'a ObjectUrl,
    kind: &'static str,
    moment: Timestamp,
    over_at: Option<Timestamp>,
    updated_at: Timestamp,
    rules: i32,
}

/// Brings the index in line with what everybody may see of some things: `views` are of the `urls`, and those without a view
/// are taken out.
///
/// # Errors
/// Those of the database.
pub(crate) fn agree(
    conn: &mut Conn,
    urls: &[ObjectUrl],
    views: impl IntoIterator<Item = impl Findable>,
) -> QueryResult<()> {
    let mut seen = HashSet::new();
    for view in views {
        let entry = view.entry();
        seen.insert(entry.url.clone());
        put(conn, entry)?;
    }
    let gone: Vec<ObjectUrl> = urls.iter().filter(|url| !seen.contains(*url)).cloned().collect();
    remove(conn, &gone)
}

/// Brings the index in line with what everybody may see of some things of one slice.
///
/// # Errors
/// Those of the database.
pub(crate) fn index<F: Findable>(conn: &mut Conn, urls: &[ObjectUrl]) -> QueryResult<()> {
    let views = F::by_urls(conn, urls)?;
    agree(conn, urls, views)
}

/// What a search shows of some things of one slice, in no order.
///
/// # Errors
/// Those of the database.
pub(crate) fn hits<F: Findable>(conn: &mut Conn, urls: &[ObjectUrl]) -> QueryResult<Vec<Hit>> {
    Ok(F::by_urls(conn, urls)?.iter().map(Findable::hit).collect())
}

fn put(conn: &mut Conn, entry: Entry) -> QueryResult<()> {
    let row = Row {
        url: &entry.url,
        kind: entry.kind,
        moment: entry.moment,
        over_at: entry.over,
        updated_at: entry.updated,
        rules: RULES,
    };
    let number: i64 = each!(conn, c => diesel::insert_into(searchable::table)
        .values(&row)
        .on_conflict(searchable::url)
        .do_update()
        .set(&row)
        .returning(searchable::number)
        .get_result(c))?;
    words::put(conn, number, &entry.words.marked(entry.kind, entry.region))
}

/// Takes things out.
///
/// # Errors
/// Those of the database.
pub(crate) fn remove(conn: &mut Conn, urls: &[ObjectUrl]) -> QueryResult<()> {
    for some in urls.chunks(1_000) {
        let these = searchable::table.filter(searchable::url.eq_any(some));
        let numbers: Vec<i64> = these.select(searchable::number).load(conn)?;
        words::remove(conn, &numbers)?;
        diesel::delete(searchable::table.filter(searchable::number.eq_any(numbers))).execute(conn)?;
    }
    Ok(())
}

/// Those of some things, each with its last change, that the index does not have in this version, or not by the rules
/// that hold now.
///
/// # Errors
/// Those of the database.
pub(crate) fn missing(conn: &mut Conn, things: &[(ObjectUrl, Timestamp)]) -> QueryResult<Vec<ObjectUrl>> {
    let urls: Vec<&ObjectUrl> = things.iter().map(|(url, _)| url).collect();
    let known: Vec<(ObjectUrl, Timestamp)> = searchable::table
        .filter(searchable::url.eq_any(urls))
        .filter(searchable::rules.eq(RULES))
        .select((searchable::url, searchable::updated_at))
        .load(conn)?;
    let known: HashSet<(ObjectUrl, Timestamp)> = known.into_iter().collect();
    Ok(things.iter().filter(|thing| !known.contains(thing)).map(|(url, _)| url.clone()).collect())
}
