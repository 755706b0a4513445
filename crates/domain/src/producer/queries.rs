//! Every statement about producers, and the one place where a row becomes a view.

use super::actions::KIND_NAME;
use super::types::ProducerView;
use super::work::Work;
use crate::person::{self, Consented, Field, Subject};
use crate::region::RegionCode;
use crate::skill::{self, SkillLabel};
use crate::slice::Version;
use crate::view::{Filter, Listing, PUBLISHED, Page, Source};
use crate::{json, learnt, search};
use diesel::prelude::*;
use store::id::{AccountId, ObjectUrl, ProducerId};
use store::schema::{consents, producers};
use store::{Conn, Timestamp, each};
use vocab::SafeHtml;

/// Kept inside the node.
pub(super) const KEPT: &str = "kept";
/// It was published, and is shown to nobody while its person may still think better of leaving.
pub(super) const HIDDEN: &str = "hidden";
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
    pub account: Option<AccountId>,
    pub work: String,
    pub picture: Option<String>,
    pub asked_at: Option<Timestamp>,
    pub returned: Option<String>,
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

    /// It has an actor, shown or not.
    pub(crate) fn has_actor(&self) -> bool {
        self.is_published() || self.state == HIDDEN
    }
}

/// What may be shown of a row. Nothing at all without consent to the name.
pub(super) fn view(row: ProducerRow, consented: &Consented) -> Option<ProducerView> {
    if !consented.allows(Field::Name) {
        return None;
    }
    let list = |field, column: &str| -> Vec<String> { shown(consented, field, json::read(column)) };
    let (skills, languages) = (list(Field::Skills, &row.skills), list(Field::Languages, &row.languages));
    let (fields, links) = (list(Field::Fields, &row.fields), list(Field::Links, &row.links));
    let work: Work = json::read(&row.work);
    let skills: Vec<SkillLabel> = skills.iter().map(|id| skill::label_of(id)).collect();
    let is_shown = |id: &String| consented.allows(Field::Levels) && skills.iter().any(|skill| skill.id == *id);
    let handle = format!("@{}@{}", row.slug, row.origin);
    Some(ProducerView {
        titles: shown(consented, Field::Titles, work.titles).iter().map(|id| skill::occupation_of(id)).collect(),
        levels: work.levels.into_iter().filter(|(id, _)| is_shown(id)).collect(),
        regions: shown(consented, Field::Regions, work.regions)
            .iter()
            .filter_map(|code| RegionCode::parse(code))
            .collect(),
        engagement: shown(consented, Field::Engagement, work.engagement),
        availability: shown(consented, Field::Availability, work.availability),
        portfolio: shown(consented, Field::Portfolio, work.portfolio),
        picture: consented.only(Field::Picture, json::read_optional(row.picture.as_deref())),
        skills,
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
        languages,
        fields,
        links,
        remote: consented.only(Field::Remote, Some(row.remote)),
        discoverable: consented.allows(Field::Discoverable),
        updated: row.updated_at,
    })
}

/// The list, if it may be shown.
fn shown<T>(consented: &Consented, field: Field, list: Vec<T>) -> Vec<T> {
    if consented.allows(field) { list } else { Vec::new() }
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

/// Those that everybody may see, narrowed down, also by the words.
fn narrowed<'a>(conn: &mut Conn, filter: &Filter) -> QueryResult<Boxed<'a>> {
    let query = visible(filter);
    Ok(match search::narrowing(conn, KIND_NAME, filter)? {
        Some(urls) => query.filter(producers::url.eq_any(urls)),
        None => query,
    })
}

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
    let total = narrowed(conn, filter)?.count().get_result(conn)?;
    let page = in_order(narrowed(conn, filter)?).offset(filter.page.skip()).limit(filter.page.take());
    let rows: Vec<ProducerRow> = page.select(ProducerRow::as_select()).load(conn)?;
    Ok(Listing { items: views(conn, rows)?, total })
}

/// How many published producers there are.
///
/// # Errors
/// Those of the database.
pub fn count(conn: &mut Conn, filter: &Filter, _now: Timestamp) -> QueryResult<i64> {
    narrowed(conn, filter)?.count().get_result(conn)
}

/// The published ones among these ids, in no order.
pub(super) fn by_urls(conn: &mut Conn, urls: &[ObjectUrl]) -> QueryResult<Vec<ProducerView>> {
    let published = producers::table.filter(producers::state.eq(PUBLISHED));
    let rows: Vec<ProducerRow> =
        published.filter(producers::url.eq_any(urls)).select(ProducerRow::as_select()).load(conn)?;
    views(conn, rows)
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
    each!(conn, c => diesel::insert_into(producers::table).values(row).execute(c))?;
    index(conn, std::slice::from_ref(&row.url))
}

pub(super) fn save(conn: &mut Conn, row: &ProducerRow) -> QueryResult<()> {
    diesel::update(producers::table.find(&row.id)).set(row).execute(conn)?;
    index(conn, std::slice::from_ref(&row.url))
}

/// Brings the search index in line with what everybody may see of these, by the consents as they are now: to be called when
/// either has changed.
pub(super) fn index(conn: &mut Conn, urls: &[ObjectUrl]) -> QueryResult<()> {
    search::index::<ProducerView>(conn, urls)
}

/// Some that are published, from an id on.
pub(super) fn after(conn: &mut Conn, id: &str, limit: i64) -> QueryResult<Vec<Version>> {
    producers::table
        .filter(producers::state.eq(PUBLISHED))
        .filter(producers::id.gt(id))
        .order(producers::id)
        .limit(limit)
        .select((producers::id, producers::url, producers::updated_at))
        .load(conn)
}

pub(super) fn remove(conn: &mut Conn, url: &ObjectUrl) -> QueryResult<bool> {
    search::remove(conn, std::slice::from_ref(url))?;
    diesel::delete(producers::table.filter(producers::url.eq(url))).execute(conn).map(|gone| gone > 0)
}

/// One of our own, published or not.
pub(crate) fn find_local(conn: &mut Conn, id: &ProducerId) -> QueryResult<Option<ProducerRow>> {
    producers::table.find(id).filter(producers::local.eq(true)).select(ProducerRow::as_select()).first(conn).optional()
}

/// The profile that the person of an account writes.
pub(super) fn find_by_account(conn: &mut Conn, account: &AccountId) -> QueryResult<Option<ProducerRow>> {
    producers::table.filter(producers::account.eq(account)).select(ProducerRow::as_select()).first(conn).optional()
}

/// Our own that are nobody's own, by name.
pub(super) fn without_account(conn: &mut Conn, offset: i64, limit: i64) -> QueryResult<Vec<ProducerRow>> {
    producers::table
        .filter(producers::local.eq(true))
        .filter(producers::account.is_null())
        .order((producers::name, producers::id))
        .offset(offset)
        .limit(limit)
        .select(ProducerRow::as_select())
        .load(conn)
}

/// Those whose persons have asked for them to be published, the longest waiting first.
pub(super) fn asked(conn: &mut Conn) -> QueryResult<Vec<ProducerRow>> {
    producers::table
        .filter(producers::asked_at.is_not_null())
        .filter(producers::state.eq(KEPT))
        .order((producers::asked_at, producers::id))
        .select(ProducerRow::as_select())
        .load(conn)
}

/// The ids of our own, published or not.
pub(crate) fn local_ids(conn: &mut Conn) -> QueryResult<Vec<ProducerId>> {
    producers::table.filter(producers::local.eq(true)).order(producers::id).select(producers::id).load(conn)
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
    search::remove(conn, urls)?;
    let mut gone = 0;
    for some in urls.chunks(1_000) {
        let copies = producers::table.filter(producers::local.eq(false)).filter(producers::url.eq_any(some));
        gone += diesel::delete(copies).execute(conn)?;
    }
    Ok(gone)
}

/// Kept profiles without an account that nobody has agreed to publish anything of, unchanged since before `limit`.
pub(super) fn stale(conn: &mut Conn, limit: Timestamp) -> QueryResult<Vec<ProducerId>> {
    let agreed = consents::table.filter(consents::withdrawn_at.is_null()).select(consents::person);
    producers::table
        .filter(producers::local.eq(true))
        .filter(producers::state.eq(KEPT))
        .filter(producers::account.is_null())
        .filter(producers::updated_at.lt(limit))
        .filter(producers::id.ne_all(agreed))
        .order(producers::id)
        .select(producers::id)
        .load(conn)
}
