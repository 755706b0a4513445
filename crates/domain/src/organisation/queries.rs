//! Every statement about organisations.

use super::actions::KIND_NAME;
use super::types::OrganisationView;
use crate::region::RegionCode;
use crate::slice::Version;
use crate::view::{Filter, Listing, PUBLISHED, Page, Source};
use crate::{json, learnt, search};
use diesel::prelude::*;
use store::id::{ObjectUrl, OrganisationId};
use store::schema::organisations;
use store::{Conn, Timestamp, each};

/// A row, as the table keeps it. Never leaves this slice.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = organisations, treat_none_as_null = true)]
pub(crate) struct OrganisationRow {
    pub id: OrganisationId,
    pub url: ObjectUrl,
    pub local: bool,
    pub region: String,
    pub origin: String,
    pub page: String,
    pub slug: String,
    pub name: String,
    pub kind: String,
    pub municipality: Option<String>,
    pub website: Option<String>,
    pub description: String,
    pub state: String,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub published_at: Option<Timestamp>,
    pub received_at: Option<Timestamp>,
}

/// The view of a row. An organisation is no person; all of it is public.
pub(super) fn view(row: OrganisationRow) -> OrganisationView {
    let handle = format!("@{}@{}", row.slug, row.origin);
    OrganisationView {
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
        handle: Some(handle),
        name: row.name,
        kind: row.kind,
        municipality: row.municipality,
        website: row.website,
        description: json::read(&row.description),
        updated: row.updated_at,
    }
}

type Boxed<'a> = organisations::BoxedQuery<'a, <Conn as Connection>::Backend>;

/// Those that everybody may see, narrowed down, also by the words.
fn narrowed<'a>(conn: &mut Conn, filter: &Filter) -> QueryResult<Boxed<'a>> {
    let query = visible(filter);
    Ok(match search::narrowing(conn, KIND_NAME, filter)? {
        Some(urls) => query.filter(organisations::url.eq_any(urls)),
        None => query,
    })
}

fn visible<'a>(filter: &Filter) -> Boxed<'a> {
    let mut query = organisations::table.filter(organisations::state.eq(PUBLISHED)).into_boxed();
    if let Some(region) = filter.region {
        query = query.filter(organisations::region.eq(region.code()));
    }
    if filter.own {
        query = query.filter(organisations::local.eq(true));
    }
    if let Some(from) = filter.from {
        query = query.filter(organisations::updated_at.ge(from));
    }
    if let Some(until) = filter.until {
        query = query.filter(organisations::updated_at.le(until));
    }
    query
}

fn in_order(query: Boxed<'_>) -> Boxed<'_> {
    query.order((organisations::name, organisations::id))
}

/// The organisations, ours and learnt, by name.
///
/// # Errors
/// Those of the database.
pub fn list(conn: &mut Conn, filter: &Filter, _now: Timestamp) -> QueryResult<Listing<OrganisationView>> {
    let total = narrowed(conn, filter)?.count().get_result(conn)?;
    let page = in_order(narrowed(conn, filter)?).offset(filter.page.skip()).limit(filter.page.take());
    let rows: Vec<OrganisationRow> = page.select(OrganisationRow::as_select()).load(conn)?;
    Ok(Listing { items: rows.into_iter().map(view).collect(), total })
}

/// How many organisations there are.
///
/// # Errors
/// Those of the database.
pub fn count(conn: &mut Conn, filter: &Filter, _now: Timestamp) -> QueryResult<i64> {
    narrowed(conn, filter)?.count().get_result(conn)
}

/// The published ones among these ids, in no order.
pub(super) fn by_urls(conn: &mut Conn, urls: &[ObjectUrl]) -> QueryResult<Vec<OrganisationView>> {
    let published = organisations::table.filter(organisations::state.eq(PUBLISHED));
    let rows: Vec<OrganisationRow> =
        published.filter(organisations::url.eq_any(urls)).select(OrganisationRow::as_select()).load(conn)?;
    Ok(rows.into_iter().map(view).collect())
}

/// An organisation by username.
///
/// # Errors
/// Those of the database.
pub fn by_slug(conn: &mut Conn, origin_host: &str, slug: &str) -> QueryResult<Option<OrganisationView>> {
    let row: Option<OrganisationRow> = organisations::table
        .filter(organisations::origin.eq(origin_host))
        .filter(organisations::slug.eq(slug))
        .filter(organisations::state.eq(PUBLISHED))
        .select(OrganisationRow::as_select())
        .first(conn)
        .optional()?;
    Ok(row.map(view))
}

/// An organisation by id or page.
///
/// # Errors
/// Those of the database.
pub fn by_url(conn: &mut Conn, id_or_page: &str) -> QueryResult<Option<OrganisationView>> {
    let row: Option<OrganisationRow> = organisations::table
        .filter(organisations::url.eq(id_or_page).or(organisations::page.eq(id_or_page)))
        .filter(organisations::state.eq(PUBLISHED))
        .order(organisations::id)
        .select(OrganisationRow::as_select())
        .first(conn)
        .optional()?;
    Ok(row.map(view))
}

/// The ids of this node's organisations, by age: what the region's collection of them lists.
///
/// # Errors
/// Those of the database.
pub fn presented_ids(conn: &mut Conn, page: Page) -> QueryResult<Listing<String>> {
    let ours = || visible(&Filter::default()).filter(organisations::local.eq(true));
    let total = ours().count().get_result(conn)?;
    let items = ours()
        .order((organisations::published_at, organisations::id))
        .offset(page.skip())
        .limit(page.take())
        .select(organisations::url)
        .load(conn)?;
    Ok(Listing { items, total })
}

pub(super) fn insert(conn: &mut Conn, row: &OrganisationRow) -> QueryResult<()> {
    each!(conn, c => diesel::insert_into(organisations::table).values(row).execute(c))?;
    search::agree(conn, std::slice::from_ref(&row.url), found(row))
}

pub(super) fn save(conn: &mut Conn, row: &OrganisationRow) -> QueryResult<()> {
    diesel::update(organisations::table.find(&row.id)).set(row).execute(conn)?;
    search::agree(conn, std::slice::from_ref(&row.url), found(row))
}

/// What a search may find of a row.
fn found(row: &OrganisationRow) -> Option<OrganisationView> {
    (row.state == PUBLISHED).then(|| view(row.clone()))
}

/// Some that are published, from an id on.
pub(super) fn after(conn: &mut Conn, id: &str, limit: i64) -> QueryResult<Vec<Version>> {
    organisations::table
        .filter(organisations::state.eq(PUBLISHED))
        .filter(organisations::id.gt(id))
        .order(organisations::id)
        .limit(limit)
        .select((organisations::id, organisations::url, organisations::updated_at))
        .load(conn)
}

pub(super) fn remove(conn: &mut Conn, url: &ObjectUrl) -> QueryResult<bool> {
    search::remove(conn, std::slice::from_ref(url))?;
    diesel::delete(organisations::table.filter(organisations::url.eq(url))).execute(conn).map(|gone| gone > 0)
}

/// One of our own.
pub(crate) fn find_local(conn: &mut Conn, id: &OrganisationId) -> QueryResult<Option<OrganisationRow>> {
    organisations::table
        .find(id)
        .filter(organisations::local.eq(true))
        .select(OrganisationRow::as_select())
        .first(conn)
        .optional()
}

/// Our own of exactly this name.
pub(crate) fn named_so(conn: &mut Conn, name: &str) -> QueryResult<Option<OrganisationRow>> {
    let mut rows: Vec<OrganisationRow> = organisations::table
        .filter(organisations::local.eq(true))
        .filter(organisations::name.eq(name))
        .limit(2)
        .select(OrganisationRow::as_select())
        .load(conn)?;
    // A name that two have means neither.
    Ok(if rows.len() == 1 { rows.pop() } else { None })
}

/// The names of our own, for somebody to choose from.
///
/// # Errors
/// Those of the database.
pub fn names(conn: &mut Conn, limit: i64) -> QueryResult<Vec<String>> {
    organisations::table
        .filter(organisations::local.eq(true))
        .filter(organisations::state.eq(PUBLISHED))
        .order((organisations::name, organisations::id))
        .limit(limit)
        .select(organisations::name)
        .load(conn)
}

pub(super) fn find_by_url(conn: &mut Conn, url: &ObjectUrl) -> QueryResult<Option<OrganisationRow>> {
    organisations::table.filter(organisations::url.eq(url)).select(OrganisationRow::as_select()).first(conn).optional()
}

/// The username of another node's actor, numbered when that node has given it twice.
pub(super) fn free_slug(conn: &mut Conn, host: &str, wanted: &str, url: &ObjectUrl) -> QueryResult<String> {
    crate::slug::free(wanted, |slug| {
        let same = organisations::table
            .filter(organisations::origin.eq(host))
            .filter(organisations::slug.eq(slug))
            .filter(organisations::url.ne(url));
        diesel::select(diesel::dsl::exists(same)).get_result(conn)
    })
}

/// Our own that go by this word: an id, the end of an address, or the address; or that have one of these ids. Each with
/// its address.
pub(crate) fn named(conn: &mut Conn, word: &str, ids: &[String]) -> QueryResult<Vec<(OrganisationId, ObjectUrl)>> {
    let by_word = organisations::id
        .eq(word)
        .or(organisations::slug.eq(word))
        .or(organisations::url.eq(word))
        .or(organisations::page.eq(word));
    organisations::table
        .filter(organisations::local.eq(true))
        .filter(by_word.or(organisations::id.eq_any(ids)))
        .order(organisations::id)
        .select((organisations::id, organisations::url))
        .load(conn)
}

/// Copies of what came, before `limit`, from hosts that are not followed any more.
pub(super) fn unfollowed(conn: &mut Conn, limit: Timestamp) -> QueryResult<Vec<ObjectUrl>> {
    let hosts = learnt::followed_hosts(conn)?;
    organisations::table
        .filter(organisations::local.eq(false))
        .filter(organisations::received_at.lt(limit))
        .filter(organisations::origin.ne_all(hosts))
        .select(organisations::url)
        .load(conn)
}

/// Removes copies, and their ids from the index.
pub(super) fn remove_copies(conn: &mut Conn, urls: &[ObjectUrl]) -> QueryResult<usize> {
    learnt::leave_index(conn, urls)?;
    search::remove(conn, urls)?;
    let mut gone = 0;
    for some in urls.chunks(1_000) {
        let copies =
            organisations::table.filter(organisations::local.eq(false)).filter(organisations::url.eq_any(some));
        gone += diesel::delete(copies).execute(conn)?;
    }
    Ok(gone)
}
