//! Every statement about events.

use super::actions::KIND_NAME;
use super::state::{State, Status};
use super::types::{EventView, Organiser, PlaceView};
use crate::region::RegionCode;
use crate::slice::Version;
use crate::view::{self, Filter, Listing, Source};
use crate::{json, learnt, search};
use diesel::prelude::*;
use std::time::Duration;
use store::id::{EventId, ObjectUrl};
use store::schema::events;
use store::{Conn, Timestamp, each};
use vocab::SafeHtml;

/// An event whose end is not told counts as over after this.
const OPEN_END: Duration = Duration::from_secs(3 * 3600);

/// A row, as the table keeps it. Never leaves this slice: what others see is a view.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = events, treat_none_as_null = true)]
pub(crate) struct EventRow {
    pub id: EventId,
    pub url: ObjectUrl,
    pub local: bool,
    pub region: String,
    pub origin: String,
    pub page: String,
    pub slug: String,
    pub name: String,
    pub blurb: String,
    pub content: String,
    pub language: String,
    pub starts_at: Timestamp,
    /// The same as `starts_at` when the end is not told.
    pub ends_at: Timestamp,
    pub zone: String,
    pub status: String,
    pub category: String,
    pub place: Option<String>,
    pub locality: Option<String>,
    pub online_url: Option<String>,
    pub participation_url: Option<String>,
    pub capacity: Option<i32>,
    pub picture: Option<String>,
    pub tags: String,
    pub organiser: Option<String>,
    pub state: String,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub published_at: Option<Timestamp>,
    pub received_at: Option<Timestamp>,
}

impl EventRow {
    pub(crate) fn state(&self) -> State {
        State::of_column(&self.state)
    }

    pub(crate) fn status(&self) -> Status {
        Status::parse(&self.status).unwrap_or_default()
    }
}

/// The view of a row. An event has nothing to hide once it is published, so the row is enough.
pub(super) fn view(row: EventRow, handle: Option<String>) -> EventView {
    let organiser: Option<Organiser> = json::read_optional(row.organiser.as_deref());
    let (organiser, organiser_id) = organiser.map_or((None, None), |one| (Some(one.name), one.id));
    EventView {
        status: row.status(),
        source: Source {
            region: RegionCode::of_column(&row.region),
            host: row.origin,
            page: row.page,
            id: row.url.to_string(),
            local: row.local,
            received: row.received_at,
            handle,
        },
        slug: row.slug,
        name: row.name,
        blurb: row.blurb,
        content: SafeHtml::clean(&row.content),
        language: row.language,
        starts: row.starts_at,
        ends: row.ends_at,
        ends_told: row.ends_at != row.starts_at,
        zone: row.zone,
        category: row.category,
        place: json::read_optional::<PlaceView>(row.place.as_deref()),
        online_url: row.online_url,
        participation_url: row.participation_url,
        capacity: row.capacity,
        picture: json::read_optional(row.picture.as_deref()),
        tags: json::read(&row.tags),
        organiser,
        organiser_id,
        published: row.published_at.unwrap_or(row.created_at),
        updated: row.updated_at,
    }
}

fn views(conn: &mut Conn, rows: Vec<EventRow>) -> QueryResult<Vec<EventView>> {
    let urls: Vec<String> = rows.iter().map(|row| row.url.to_string()).collect();
    let mut handles = view::author_handles(conn, &urls)?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let handle = handles.remove(row.url.as_str());
            view(row, handle)
        })
        .collect())
}

type Boxed<'a> = events::BoxedQuery<'a, <Conn as Connection>::Backend>;

/// Those that everybody may see, narrowed down, also by the words.
fn narrowed<'a>(conn: &mut Conn, filter: &Filter, now: Timestamp) -> QueryResult<Boxed<'a>> {
    let query = visible(filter, now);
    Ok(match search::narrowing(conn, KIND_NAME, filter)? {
        Some(urls) => query.filter(events::url.eq_any(urls)),
        None => query,
    })
}

/// Those that everybody may see, narrowed down but for the words.
fn visible<'a>(filter: &Filter, now: Timestamp) -> Boxed<'a> {
    let mut query = events::table.filter(events::state.eq(State::Published.as_str())).into_boxed();
    if let Some(region) = filter.region {
        query = query.filter(events::region.eq(region.code()));
    }
    if filter.own {
        query = query.filter(events::local.eq(true));
    }
    if let Some(from) = filter.from {
        query = query.filter(events::ends_at.ge(from));
    }
    if let Some(until) = filter.until {
        query = query.filter(events::starts_at.le(until));
    }
    if !filter.past {
        let open_end = events::ends_at.eq(events::starts_at).and(events::starts_at.gt(now.minus(OPEN_END)));
        query = query.filter(events::ends_at.gt(now).or(open_end));
    }
    query
}

fn in_order(query: Boxed<'_>, past: bool) -> Boxed<'_> {
    if past {
        query.order((events::starts_at.desc(), events::id.desc()))
    } else {
        query.order((events::starts_at.asc(), events::id.asc()))
    }
}

/// The published events, ours and learnt: the next one first, or with `past` the latest one first.
///
/// # Errors
/// Those of the database.
pub fn list(conn: &mut Conn, filter: &Filter, now: Timestamp) -> QueryResult<Listing<EventView>> {
    let total = narrowed(conn, filter, now)?.count().get_result(conn)?;
    let query = in_order(narrowed(conn, filter, now)?, filter.past);
    let page = query.offset(filter.page.skip()).limit(filter.page.take());
    let rows = page.select(EventRow::as_select()).load(conn)?;
    Ok(Listing { items: views(conn, rows)?, total })
}

/// The coming events of an organiser with this id, the next one first. Those alone that come from its own host: another
/// node does not say what an organisation of ours puts on.
///
/// # Errors
/// Those of the database.
pub fn of_organiser(conn: &mut Conn, organiser: &Source, now: Timestamp, limit: i64) -> QueryResult<Vec<EventView>> {
    let query = visible(&Filter::default(), now)
        .filter(events::origin.eq(&organiser.host))
        // Any letter stands for `_` here, so what is found is looked at once more.
        .filter(events::organiser.like(format!("%{}%", organiser.id)));
    let rows = in_order(query, false).limit(limit).select(EventRow::as_select()).load(conn)?;
    let mut found = views(conn, rows)?;
    found.retain(|event| event.organiser_id.as_deref() == Some(organiser.id.as_str()));
    Ok(found)
}

/// How many published events there are.
///
/// # Errors
/// Those of the database.
pub fn count(conn: &mut Conn, filter: &Filter, now: Timestamp) -> QueryResult<i64> {
    narrowed(conn, filter, now)?.count().get_result(conn)
}

/// The published ones among these ids, in no order. Which of them are published is looked at here: asked for beside the ids,
/// SQLite takes the index of the states and reads everything that is published.
pub(super) fn by_urls(conn: &mut Conn, urls: &[ObjectUrl]) -> QueryResult<Vec<EventView>> {
    let these = events::table.filter(events::url.eq_any(urls));
    let mut rows: Vec<EventRow> = these.select(EventRow::as_select()).load(conn)?;
    rows.retain(|row| row.state() == State::Published);
    views(conn, rows)
}

/// A published event by the last part of its page's address.
///
/// # Errors
/// Those of the database.
pub fn by_slug(conn: &mut Conn, origin_host: &str, slug: &str) -> QueryResult<Option<EventView>> {
    one(conn, events::table.filter(events::origin.eq(origin_host)).filter(events::slug.eq(slug)).into_boxed())
}

/// A published event by its id or its page.
///
/// # Errors
/// Those of the database.
pub fn by_url(conn: &mut Conn, id_or_page: &str) -> QueryResult<Option<EventView>> {
    one(conn, events::table.filter(events::url.eq(id_or_page).or(events::page.eq(id_or_page))).into_boxed())
}

fn one(conn: &mut Conn, query: Boxed<'_>) -> QueryResult<Option<EventView>> {
    let row: Option<EventRow> = query
        .filter(events::state.eq(State::Published.as_str()))
        .order(events::id)
        .select(EventRow::as_select())
        .first(conn)
        .optional()?;
    Ok(views(conn, row.into_iter().collect())?.pop())
}

/// The ids of this node's own published events that are not over, the next one first: FEP-8a8e's `upcomingEvents`.
///
/// # Errors
/// Those of the database.
pub fn upcoming_ids(conn: &mut Conn, now: Timestamp, page: view::Page) -> QueryResult<Listing<String>> {
    let filter = Filter::default();
    let total = visible(&filter, now).filter(events::local.eq(true)).count().get_result(conn)?;
    let items = in_order(visible(&filter, now), false)
        .filter(events::local.eq(true))
        .offset(page.skip())
        .limit(page.take())
        .select(events::url)
        .load(conn)?;
    Ok(Listing { items, total })
}

/// The tags of our own coming events, those that most of them carry first, each in the spelling that is met first.
///
/// # Errors
/// Those of the database.
pub fn tags_of_coming(conn: &mut Conn, now: Timestamp) -> QueryResult<Vec<String>> {
    let coming = in_order(visible(&Filter::default(), now), false).filter(events::local.eq(true));
    let lists: Vec<String> = coming.limit(500).select(events::tags).load(conn)?;
    let mut counted: Vec<(String, usize)> = Vec::new();
    for tag in lists.iter().flat_map(|list| json::read::<Vec<String>>(list)) {
        let folded = tag.to_lowercase();
        match counted.iter_mut().find(|(known, _)| known.to_lowercase() == folded) {
            Some((_, count)) => *count += 1,
            None => counted.push((tag, 1)),
        }
    }
    counted.sort_by_key(|(_, count)| std::cmp::Reverse(*count)); // stable: equals stay in the order of the events
    Ok(counted.into_iter().map(|(tag, _)| tag).collect())
}

pub(super) fn insert(conn: &mut Conn, row: &EventRow) -> QueryResult<()> {
    each!(conn, c => diesel::insert_into(events::table).values(row).execute(c))?;
    search::agree(conn, std::slice::from_ref(&row.url), found(row))
}

pub(super) fn save(conn: &mut Conn, row: &EventRow) -> QueryResult<()> {
    diesel::update(events::table.find(&row.id)).set(row).execute(conn)?;
    search::agree(conn, std::slice::from_ref(&row.url), found(row))
}

/// What a search may find of a row.
fn found(row: &EventRow) -> Option<EventView> {
    (row.state() == State::Published).then(|| view(row.clone(), None))
}

/// Some that everybody may see, from an id on.
pub(super) fn after(conn: &mut Conn, id: &str, limit: i64) -> QueryResult<Vec<Version>> {
    events::table
        .filter(events::state.eq(State::Published.as_str()))
        .filter(events::id.gt(id))
        .order(events::id)
        .limit(limit)
        .select((events::id, events::url, events::updated_at))
        .load(conn)
}

pub(super) fn remove(conn: &mut Conn, url: &ObjectUrl) -> QueryResult<bool> {
    search::remove(conn, std::slice::from_ref(url))?;
    diesel::delete(events::table.filter(events::url.eq(url))).execute(conn).map(|gone| gone > 0)
}

/// One of our own, published or not.
pub(crate) fn find_local(conn: &mut Conn, id: &EventId) -> QueryResult<Option<EventRow>> {
    events::table.find(id).filter(events::local.eq(true)).select(EventRow::as_select()).first(conn).optional()
}

/// Our own, published or not, those that changed last first; drafts alone if asked for.
pub(crate) fn ours(conn: &mut Conn, drafts: bool, offset: i64, limit: i64) -> QueryResult<Vec<EventRow>> {
    let mut query = events::table.filter(events::local.eq(true)).into_boxed();
    if drafts {
        query = query.filter(events::state.eq(State::Draft.as_str()));
    }
    query
        .order((events::updated_at.desc(), events::id.desc()))
        .offset(offset)
        .limit(limit)
        .select(EventRow::as_select())
        .load(conn)
}

pub(super) fn find_by_url(conn: &mut Conn, url: &ObjectUrl) -> QueryResult<Option<EventRow>> {
    events::table.filter(events::url.eq(url)).select(EventRow::as_select()).first(conn).optional()
}

/// The slug, or the slug with the first number that is free on its host.
pub(super) fn free_slug(conn: &mut Conn, host: &str, wanted: &str, url: &ObjectUrl) -> QueryResult<String> {
    crate::slug::free(wanted, |slug| {
        let same =
            events::table.filter(events::origin.eq(host)).filter(events::slug.eq(slug)).filter(events::url.ne(url));
        diesel::select(diesel::dsl::exists(same)).get_result(conn)
    })
}

/// Our own that go by this word: an id, the end of an address, or the address; or that have one of these ids. Each with
/// its address.
pub(crate) fn named(conn: &mut Conn, word: &str, ids: &[String]) -> QueryResult<Vec<(EventId, ObjectUrl)>> {
    let by_word = events::id.eq(word).or(events::slug.eq(word)).or(events::url.eq(word)).or(events::page.eq(word));
    events::table
        .filter(events::local.eq(true))
        .filter(by_word.or(events::id.eq_any(ids)))
        .order(events::id)
        .select((events::id, events::url))
        .load(conn)
}

/// Copies of what came, before `limit`, from hosts that are not followed any more.
pub(super) fn unfollowed(conn: &mut Conn, limit: Timestamp) -> QueryResult<Vec<ObjectUrl>> {
    let hosts = learnt::followed_hosts(conn)?;
    events::table
        .filter(events::local.eq(false))
        .filter(events::received_at.lt(limit))
        .filter(events::origin.ne_all(hosts))
        .select(events::url)
        .load(conn)
}

/// Removes copies, and their ids from the index.
pub(super) fn remove_copies(conn: &mut Conn, urls: &[ObjectUrl]) -> QueryResult<usize> {
    learnt::leave_index(conn, urls)?;
    search::remove(conn, urls)?;
    let mut gone = 0;
    for some in urls.chunks(1_000) {
        let copies = events::table.filter(events::local.eq(false)).filter(events::url.eq_any(some));
        gone += diesel::delete(copies).execute(conn)?;
    }
    Ok(gone)
}
