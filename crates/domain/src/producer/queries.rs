//! Every statement about producers, and the one place where a row becomes a view.

use super::types::ProducerView;
use crate::person::{self, Consented, Field, Subject};
use crate::region::RegionCode;
use crate::skill;
use crate::view::{self, Filter, Listing, PUBLISHED, Page, Source};
use crate::{json, learnt};
use diesel::prelude::*;
use store::id::{ObjectUrl, ProducerId};
use store::schema::{consents, producers};
use store::{Conn, Timestamp, each};
use vocab::SafeHtml;

/// Kept inside the node.
pub(super) const KEPT: &str = "kept";
/// A row, as the table keeps it: with everything the person has told. Never leaves this slice.
#[derive(Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = producers, treat_none_as_null = true)]
pub(crate) struct ProducerRow {
    pub id: ProducerId,
    pub url: ObjectUrl,
    pub local: bool,
    pub region: String,
    pub origin: String,
    pub page: String,
    pub slug: String,
    pub name: String,
    pub headline: Option<String>,
    pub bio: Option<String>,
    pub municipality: Option<String>,
    pub skills: String,
    pub languages: String,
    pub fields: String,
    pub links: String,
    pub remote: bool,
    pub state: String,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub published_at: Option<Timestamp>,
    pub received_at: Option<Timestamp>,
}

/// Without what the person has told, so that no log ever has it.
impl std::fmt::Debug for ProducerRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ProducerRow").field("id", &self.id).field("state", &self.state).finish_non_exhaustive()
    }
}

impl ProducerRow {
    pub(crate) fn is_published(&self) -> bool {
        self.state == PUBLISHED
    }
}

/// What may be shown of a row. Nothing at all without consent to the name.
pub(super) fn view(row: ProducerRow, consented: &Consented) -> Option<ProducerView> {
    if !consented.allows(Field::Name) {
        return None;
    }
    let list =
        |field, column: &str| -> Vec<String> { if consented.allows(field) { json::read(column) } else { Vec::new() } };
    let (skills, languages) = (list(Field::Skills, &row.skills), list(Field::Languages, &row.languages));
    let (fields, links) = (list(Field::Fields, &row.fields), list(Field::Links, &row.links));
    let handle = format!("@{}@{}", row.slug, row.origin);
    Some(ProducerView {
        source: Source {
            region: RegionCode::of_column(&row.region),
            host: row.origin,
            page: row.page,
            id: row.url.to_string(),
            local: row.local,
            received: row.received_at,
            handle: Some(handle.clone()),
        },
        slug: row.slug,
        handle,
        name: row.name,
        headline: consented.only(Field::Headline, row.headline),
        bio: consented.only(Field::Bio, row.bio.as_deref().map(SafeHtml::clean)),
        municipality: consented.only(Field::Municipality, row.municipality),
        skills: skills.iter().map(|id| skill::label_of(id)).collect(),
        languages,
        fields,
        links,
        remote: consented.only(Field::Remote, Some(row.remote)),
        discoverable: consented.allows(Field::Discoverable),
        updated: row.updated_at,
    })
}

/// The views of rows, with the consents as they are now.
pub(super) fn views(conn: &mut Conn, rows: Vec<ProducerRow>) -> QueryResult<Vec<ProducerView>> {
    let subjects: Vec<Subject<'_>> = rows.iter().map(|row| Subject { id: &row.id, local: row.local }).collect();
    let consents = person::consented(conn, &subjects)?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            let consented = consents.get(&row.id)?;
            view(row, consented)
        })
        .collect())
}

type Boxed<'a> = producers::BoxedQuery<'a, <Conn as Connection>::Backend>;

fn visible<'a>(filter: &Filter) -> Boxed<'a> {
    let mut query = producers::table.filter(producers::state.eq(PUBLISHED)).into_boxed();
    if let Some(region) = filter.region {
        query = query.filter(producers::region.eq(region.code()));
    }
    if filter.own {
        query = query.filter(producers::local.eq(true));
    }
    if let Some(from) = filter.from {
        query = query.filter(producers::updated_at.ge(from));
    }
    if let Some(until) = filter.until {
        query = query.filter(producers::updated_at.le(until));
    }
    query
}

fn in_order(query: Boxed<'_>) -> Boxed<'_> {
    query.order((producers::name, producers::id))
}

/// The published producers, ours and learnt, by name.
///
/// # Errors
/// Those of the database.
pub fn list(conn: &mut Conn, filter: &Filter, _now: Timestamp) -> QueryResult<Listing<ProducerView>> {
    if !filter.words().is_empty() {
        let found = matching(conn, filter)?;
        let total = i64::try_from(found.len()).unwrap_or(i64::MAX);
        return Ok(Listing { items: filter.page.of(found), total });
    }
    let total = visible(filter).count().get_result(conn)?;
    let rows = in_order(visible(filter))
        .offset(filter.page.skip())
        .limit(filter.page.take())
        .select(ProducerRow::as_select())
        .load(conn)?;
    Ok(Listing { items: views(conn, rows)?, total })
}

/// How many published producers there are.
///
/// # Errors
/// Those of the database.
pub fn count(conn: &mut Conn, filter: &Filter, _now: Timestamp) -> QueryResult<i64> {
    if filter.words().is_empty() {
        return visible(filter).count().get_result(conn);
    }
    Ok(i64::try_from(matching(conn, filter)?.len()).unwrap_or(i64::MAX))
}

/// Searches the *views*: words that a person has not published must not find that person either.
fn matching(conn: &mut Conn, filter: &Filter) -> QueryResult<Vec<ProducerView>> {
    let rows = in_order(visible(filter)).limit(view::MAX_SEARCHED).select(ProducerRow::as_select()).load(conn)?;
    let words = filter.words();
    Ok(views(conn, rows)?.into_iter().filter(|one| view::all_occur(&words, [Some(words_of(one).as_str())])).collect())
}

fn words_of(view: &ProducerView) -> String {
    let bio = view.bio.as_ref().map(SafeHtml::to_text);
    let mut words: Vec<&str> = vec![&view.name];
    words.extend([&view.headline, &bio, &view.municipality].into_iter().filter_map(|text| text.as_deref()));
    for skill in &view.skills {
        words.extend([skill.fi.as_str(), &skill.sv, &skill.en]);
    }
    for field in &view.fields {
        words.extend(crate::Language::ALL.map(|language| super::field_word(field, language)));
    }
    words.join("\n")
}

/// A published producer by username.
///
/// # Errors
/// Those of the database.
pub fn by_slug(conn: &mut Conn, origin_host: &str, slug: &str) -> QueryResult<Option<ProducerView>> {
    one(conn, producers::table.filter(producers::origin.eq(origin_host)).filter(producers::slug.eq(slug)).into_boxed())
}

/// A published producer by id or page.
///
/// # Errors
/// Those of the database.
pub fn by_url(conn: &mut Conn, id_or_page: &str) -> QueryResult<Option<ProducerView>> {
    one(conn, producers::table.filter(producers::url.eq(id_or_page).or(producers::page.eq(id_or_page))).into_boxed())
}

fn one(conn: &mut Conn, query: Boxed<'_>) -> QueryResult<Option<ProducerView>> {
    let row: Option<ProducerRow> = query
        .filter(producers::state.eq(PUBLISHED))
        .order(producers::id)
        .select(ProducerRow::as_select())
        .first(conn)
        .optional()?;
    Ok(views(conn, row.into_iter().collect())?.pop())
}

/// The ids of this node's published producers, by age: what the region's collection of them lists.
///
/// # Errors
/// Those of the database.
pub fn presented_ids(conn: &mut Conn, page: Page) -> QueryResult<Listing<String>> {
    let ours = || visible(&Filter::default()).filter(producers::local.eq(true));
    let total = ours().count().get_result(conn)?;
    let items = ours()
        .order((producers::published_at, producers::id))
        .offset(page.skip())
        .limit(page.take())
        .select(producers::url)
        .load(conn)?;
    Ok(Listing { items, total })
}

pub(super) fn insert(conn: &mut Conn, row: &ProducerRow) -> QueryResult<()> {
    each!(conn, c => diesel::insert_into(producers::table).values(row).execute(c)).map(|_| ())
}

pub(super) fn save(conn: &mut Conn, row: &ProducerRow) -> QueryResult<()> {
    diesel::update(producers::table.find(&row.id)).set(row).execute(conn).map(|_| ())
}

pub(super) fn remove(conn: &mut Conn, url: &ObjectUrl) -> QueryResult<bool> {
    diesel::delete(producers::table.filter(producers::url.eq(url))).execute(conn).map(|gone| gone > 0)
}

/// One of our own, published or not.
pub(crate) fn find_local(conn: &mut Conn, id: &ProducerId) -> QueryResult<Option<ProducerRow>> {
    producers::table.find(id).filter(producers::local.eq(true)).select(ProducerRow::as_select()).first(conn).optional()
}

pub(super) fn find_by_url(conn: &mut Conn, url: &ObjectUrl) -> QueryResult<Option<ProducerRow>> {
    producers::table.filter(producers::url.eq(url)).select(ProducerRow::as_select()).first(conn).optional()
}

/// The username of another node's actor, numbered when that node has given it twice.
pub(super) fn free_slug(conn: &mut Conn, host: &str, wanted: &str, url: &ObjectUrl) -> QueryResult<String> {
    crate::slug::free(wanted, |slug| {
        let same = producers::table
            .filter(producers::origin.eq(host))
            .filter(producers::slug.eq(slug))
            .filter(producers::url.ne(url));
        diesel::select(diesel::dsl::exists(same)).get_result(conn)
    })
}

/// Our own that go by this word: an id, the end of an address, or the address; or that have one of these ids. Each with
/// its address.
pub(crate) fn named(conn: &mut Conn, word: &str, ids: &[String]) -> QueryResult<Vec<(ProducerId, ObjectUrl)>> {
    let by_word =
        producers::id.eq(word).or(producers::slug.eq(word)).or(producers::url.eq(word)).or(producers::page.eq(word));
    producers::table
        .filter(producers::local.eq(true))
        .filter(by_word.or(producers::id.eq_any(ids)))
        .order(producers::id)
        .select((producers::id, producers::url))
        .load(conn)
}

/// Copies of what came, before `limit`, from hosts that are not followed any more.
pub(super) fn unfollowed(conn: &mut Conn, limit: Timestamp) -> QueryResult<Vec<ObjectUrl>> {
    let hosts = learnt::followed_hosts(conn)?;
    producers::table
        .filter(producers::local.eq(false))
        .filter(producers::received_at.lt(limit))
        .filter(producers::origin.ne_all(hosts))
        .select(producers::url)
        .load(conn)
}

/// Removes copies, and their ids from the index.
pub(super) fn remove_copies(conn: &mut Conn, urls: &[ObjectUrl]) -> QueryResult<usize> {
    learnt::leave_index(conn, urls)?;
    let mut gone = 0;
    for some in urls.chunks(1_000) {
        let copies = producers::table.filter(producers::local.eq(false)).filter(producers::url.eq_any(some));
        gone += diesel::delete(copies).execute(conn)?;
    }
    Ok(gone)
}

/// Kept profiles that nobody has agreed to publish anything of, unchanged since before `limit`.
pub(super) fn stale(conn: &mut Conn, limit: Timestamp) -> QueryResult<Vec<ProducerId>> {
    let agreed = consents::table.filter(consents::withdrawn_at.is_null()).select(consents::person);
    producers::table
        .filter(producers::local.eq(true))
        .filter(producers::state.eq(KEPT))
        .filter(producers::updated_at.lt(limit))
        .filter(producers::id.ne_all(agreed))
        .order(producers::id)
        .select(producers::id)
        .load(conn)
}
