//! Every statement about tasks.

use super::actions::KIND_NAME;
use super::state::State;
use super::types::{Client, TaskView};
use crate::region::RegionCode;
use crate::skill;
use crate::slice::Version;
use crate::view::{self, Filter, Listing, Source};
use crate::{json, learnt, search};
use diesel::prelude::*;
use std::time::Duration;
use store::id::{ObjectUrl, TaskId};
use store::schema::tasks;
use store::{Conn, Timestamp, each};
use vocab::SafeHtml;

/// So long a task that is filled or closed stays in the list.
const SHOWN_AFTER_CLOSING: Duration = Duration::from_secs(30 * 24 * 3600);

/// The states in which no search finds a task. One that was called off is readable, and not to be found.
const NOT_FOUND: [State; 2] = [State::Draft, State::Withdrawn];

/// A row, as the table keeps it. Never leaves this slice: what others see is a view.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = tasks, treat_none_as_null = true)]
pub(crate) struct TaskRow {
    pub id: TaskId,
    pub url: ObjectUrl,
    pub local: bool,
    pub region: String,
    pub origin: String,
    pub page: String,
    pub slug: String,
    pub title: String,
    pub description: String,
    pub language: String,
    pub client: Option<String>,
    pub kind: String,
    pub engagement: String,
    pub pay: Option<String>,
    pub unpaid_reason: Option<String>,
    pub hours: Option<i32>,
    pub starts_on: Option<String>,
    pub ends_on: Option<String>,
    pub deadline_at: Option<Timestamp>,
    pub municipality: Option<String>,
    pub remote: bool,
    pub skills: String,
    pub languages: String,
    pub seats: i32,
    pub state: String,
    pub closed_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub published_at: Option<Timestamp>,
    pub received_at: Option<Timestamp>,
}

impl TaskRow {
    pub(crate) fn state(&self) -> State {
        State::parse(&self.state).unwrap_or(State::Draft)
    }
}

/// The view of a row. A task has nothing to hide once it is published, so the row is enough.
pub(super) fn view(row: TaskRow, handle: Option<String>) -> TaskView {
    let client: Option<Client> = json::read_optional(row.client.as_deref());
    let (client, client_page) = client.map_or((None, None), |one| (Some(one.name), one.page));
    let skills: Vec<String> = json::read(&row.skills);
    TaskView {
        state: row.state(),
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
        title: row.title,
        description: SafeHtml::clean(&row.description),
        language: row.language,
        client,
        client_page,
        kind: row.kind,
        engagement: json::read(&row.engagement),
        pay: json::read_optional(row.pay.as_deref()),
        unpaid_reason: row.unpaid_reason,
        hours: row.hours,
        starts: row.starts_on,
        ends: row.ends_on,
        deadline: row.deadline_at,
        municipality: row.municipality,
        remote: row.remote,
        skills: skills.iter().map(|id| skill::label_of(id)).collect(),
        languages: json::read(&row.languages),
        seats: row.seats,
        closed: row.closed_at,
        published: row.published_at.unwrap_or(row.created_at),
        updated: row.updated_at,
    }
}

fn views(conn: &mut Conn, rows: Vec<TaskRow>) -> QueryResult<Vec<TaskView>> {
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

type Boxed<'a> = tasks::BoxedQuery<'a, <Conn as Connection>::Backend>;

/// Those that everybody may see, narrowed down, also by the words.
fn narrowed<'a>(conn: &mut Conn, filter: &Filter, now: Timestamp) -> QueryResult<Boxed<'a>> {
    let query = visible(filter, now);
    Ok(match search::narrowing(conn, KIND_NAME, filter)? {
        Some(urls) => query.filter(tasks::url.eq_any(urls)),
        None => query,
    })
}

/// Those that everybody may see, narrowed down but for the words.
fn visible<'a>(filter: &Filter, now: Timestamp) -> Boxed<'a> {
    let mut query = tasks::table.filter(tasks::state.ne(State::Draft.as_str())).into_boxed();
    if let Some(region) = filter.region {
        query = query.filter(tasks::region.eq(region.code()));
    }
    if filter.own {
        query = query.filter(tasks::local.eq(true));
    }
    if let Some(from) = filter.from {
        query = query.filter(tasks::deadline_at.is_null().or(tasks::deadline_at.assume_not_null().ge(from)));
    }
    if let Some(until) = filter.until {
        query = query.filter(tasks::published_at.is_null().or(tasks::published_at.assume_not_null().le(until)));
    }
    if !filter.past {
        let lately = tasks::closed_at.assume_not_null().gt(now.minus(SHOWN_AFTER_CLOSING));
        let just_closed = tasks::state.ne(State::Withdrawn.as_str()).and(tasks::closed_at.is_not_null()).and(lately);
        query = query.filter(tasks::state.eq(State::Open.as_str()).or(just_closed));
    }
    query
}

/// The open ones first, and of each kind the newest.
fn in_order(query: Boxed<'_>) -> Boxed<'_> {
    query.order((tasks::state.eq(State::Open.as_str()).desc(), tasks::published_at.desc(), tasks::id.desc()))
}

/// The published tasks, ours and learnt: open ones first, the newest first. Without `past`, those that were closed
/// more than thirty days ago or withdrawn are left out.
///
/// # Errors
/// Those of the database.
pub fn list(conn: &mut Conn, filter: &Filter, now: Timestamp) -> QueryResult<Listing<TaskView>> {
    let total = narrowed(conn, filter, now)?.count().get_result(conn)?;
    let page = in_order(narrowed(conn, filter, now)?).offset(filter.page.skip()).limit(filter.page.take());
    let rows = page.select(TaskRow::as_select()).load(conn)?;
    Ok(Listing { items: views(conn, rows)?, total })
}

/// The open tasks of a client, the newest first. Those alone that come from its own host: another node does not say that an
/// organisation of ours looks for somebody.
///
/// # Errors
/// Those of the database.
pub fn open_of_client(conn: &mut Conn, client: &Source, now: Timestamp, limit: i64) -> QueryResult<Vec<TaskView>> {
    let query = visible(&Filter { from: Some(now), ..Filter::default() }, now)
        .filter(tasks::state.eq(State::Open.as_str()))
        .filter(tasks::origin.eq(&client.host))
        // Any letter stands for `_` here, so what is found is looked at once more.
        .filter(tasks::client.like(format!("%{}%", client.page)));
    let rows = in_order(query).limit(limit).select(TaskRow::as_select()).load(conn)?;
    let mut found = views(conn, rows)?;
    found.retain(|task| task.client_page.as_deref() == Some(client.page.as_str()));
    Ok(found)
}

/// How many published tasks there are.
///
/// # Errors
/// Those of the database.
pub fn count(conn: &mut Conn, filter: &Filter, now: Timestamp) -> QueryResult<i64> {
    narrowed(conn, filter, now)?.count().get_result(conn)
}

/// What a search may find among these ids, in no order.
pub(super) fn by_urls(conn: &mut Conn, urls: &[ObjectUrl]) -> QueryResult<Vec<TaskView>> {
    let rows = found_by_search().filter(tasks::url.eq_any(urls)).select(TaskRow::as_select()).load(conn)?;
    views(conn, rows)
}

fn found_by_search<'a>() -> Boxed<'a> {
    tasks::table.filter(tasks::state.ne_all(NOT_FOUND.map(State::as_str))).into_boxed()
}

/// A published task by the last part of its page's address.
///
/// # Errors
/// Those of the database.
pub fn by_slug(conn: &mut Conn, origin_host: &str, slug: &str) -> QueryResult<Option<TaskView>> {
    one(conn, tasks::table.filter(tasks::origin.eq(origin_host)).filter(tasks::slug.eq(slug)).into_boxed())
}

/// A published task by its id or its page.
///
/// # Errors
/// Those of the database.
pub fn by_url(conn: &mut Conn, id_or_page: &str) -> QueryResult<Option<TaskView>> {
    one(conn, tasks::table.filter(tasks::url.eq(id_or_page).or(tasks::page.eq(id_or_page))).into_boxed())
}

fn one(conn: &mut Conn, query: Boxed<'_>) -> QueryResult<Option<TaskView>> {
    let row: Option<TaskRow> = query
        .filter(tasks::state.ne(State::Draft.as_str()))
        .order(tasks::id)
        .select(TaskRow::as_select())
        .first(conn)
        .optional()?;
    Ok(views(conn, row.into_iter().collect())?.pop())
}

/// Our open tasks whose deadline has passed.
pub(super) fn overdue(conn: &mut Conn, now: Timestamp) -> QueryResult<Vec<TaskId>> {
    tasks::table
        .filter(tasks::local.eq(true))
        .filter(tasks::state.eq(State::Open.as_str()))
        .filter(tasks::deadline_at.is_not_null())
        .filter(tasks::deadline_at.assume_not_null().lt(now))
        .order(tasks::id)
        .select(tasks::id)
        .load(conn)
}

pub(super) fn insert(conn: &mut Conn, row: &TaskRow) -> QueryResult<()> {
    each!(conn, c => diesel::insert_into(tasks::table).values(row).execute(c))?;
    search::agree(conn, std::slice::from_ref(&row.url), found(row))
}

pub(super) fn save(conn: &mut Conn, row: &TaskRow) -> QueryResult<()> {
    diesel::update(tasks::table.find(&row.id)).set(row).execute(conn)?;
    search::agree(conn, std::slice::from_ref(&row.url), found(row))
}

/// What a search may find of a row.
fn found(row: &TaskRow) -> Option<TaskView> {
    (!NOT_FOUND.contains(&row.state())).then(|| view(row.clone(), None))
}

/// Some that may be found, from an id on.
pub(super) fn after(conn: &mut Conn, id: &str, limit: i64) -> QueryResult<Vec<Version>> {
    found_by_search()
        .filter(tasks::id.gt(id))
        .order(tasks::id)
        .limit(limit)
        .select((tasks::id, tasks::url, tasks::updated_at))
        .load(conn)
}

pub(super) fn remove(conn: &mut Conn, url: &ObjectUrl) -> QueryResult<bool> {
    search::remove(conn, std::slice::from_ref(url))?;
    diesel::delete(tasks::table.filter(tasks::url.eq(url))).execute(conn).map(|gone| gone > 0)
}

/// One of our own, published or not.
pub(crate) fn find_local(conn: &mut Conn, id: &TaskId) -> QueryResult<Option<TaskRow>> {
    tasks::table.find(id).filter(tasks::local.eq(true)).select(TaskRow::as_select()).first(conn).optional()
}

/// Our own, published or not, those that changed last first; drafts alone if asked for.
pub(crate) fn ours(conn: &mut Conn, drafts: bool, offset: i64, limit: i64) -> QueryResult<Vec<TaskRow>> {
    let mut query = tasks::table.filter(tasks::local.eq(true)).into_boxed();
    if drafts {
        query = query.filter(tasks::state.eq(State::Draft.as_str()));
    }
    query
        .order((tasks::updated_at.desc(), tasks::id.desc()))
        .offset(offset)
        .limit(limit)
        .select(TaskRow::as_select())
        .load(conn)
}

/// How one of our tasks stands, drafts too: for its client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// What is looked for.
    pub title: String,
    /// Where it stands.
    pub state: State,
    /// The last moment to apply.
    pub deadline: Option<Timestamp>,
    /// The last part of its page's address; nothing while it is a draft.
    pub slug: Option<String>,
}

/// Our own of a client with this page, those that changed last first.
///
/// # Errors
/// Those of the database.
pub fn of_client(conn: &mut Conn, page: &str, limit: i64) -> QueryResult<Vec<Standing>> {
    type Row = (Option<String>, String, String, Option<Timestamp>, String);
    let rows: Vec<Row> = tasks::table
        .filter(tasks::local.eq(true))
        // Any letter stands for `_` here, so what is found is looked at once more.
        .filter(tasks::client.like(format!("%{page}%")))
        .order((tasks::updated_at.desc(), tasks::id.desc()))
        .limit(limit)
        .select((tasks::client, tasks::title, tasks::state, tasks::deadline_at, tasks::slug))
        .load(conn)?;
    let standing = |(client, title, state, deadline, slug): Row| {
        let client: Client = json::read_optional(client.as_deref())?;
        let state = State::parse(&state).filter(|_| client.page.as_deref() == Some(page))?;
        Some(Standing { title, state, deadline, slug: (state != State::Draft).then_some(slug) })
    };
    Ok(rows.into_iter().filter_map(standing).collect())
}

/// Our open tasks whose deadline is before `until`, the next one first.
pub(crate) fn closing(conn: &mut Conn, until: Timestamp, limit: i64) -> QueryResult<Vec<TaskRow>> {
    tasks::table
        .filter(tasks::local.eq(true))
        .filter(tasks::state.eq(State::Open.as_str()))
        .filter(tasks::deadline_at.lt(until))
        .order((tasks::deadline_at, tasks::id))
        .limit(limit)
        .select(TaskRow::as_select())
        .load(conn)
}

pub(super) fn find_by_url(conn: &mut Conn, url: &ObjectUrl) -> QueryResult<Option<TaskRow>> {
    tasks::table.filter(tasks::url.eq(url)).select(TaskRow::as_select()).first(conn).optional()
}

/// The slug, or the slug with the first number that is free on its host.
pub(super) fn free_slug(conn: &mut Conn, host: &str, wanted: &str, url: &ObjectUrl) -> QueryResult<String> {
    crate::slug::free(wanted, |slug| {
        let same = tasks::table.filter(tasks::origin.eq(host)).filter(tasks::slug.eq(slug)).filter(tasks::url.ne(url));
        diesel::select(diesel::dsl::exists(same)).get_result(conn)
    })
}

/// Our own that go by this word: an id, the end of an address, or the address; or that have one of these ids. Each with
/// its address.
pub(crate) fn named(conn: &mut Conn, word: &str, ids: &[String]) -> QueryResult<Vec<(TaskId, ObjectUrl)>> {
    let by_word = tasks::id.eq(word).or(tasks::slug.eq(word)).or(tasks::url.eq(word)).or(tasks::page.eq(word));
    tasks::table
        .filter(tasks::local.eq(true))
        .filter(by_word.or(tasks::id.eq_any(ids)))
        .order(tasks::id)
        .select((tasks::id, tasks::url))
        .load(conn)
}

/// Copies of what came, before `limit`, from hosts that are not followed any more.
pub(super) fn unfollowed(conn: &mut Conn, limit: Timestamp) -> QueryResult<Vec<ObjectUrl>> {
    let hosts = learnt::followed_hosts(conn)?;
    tasks::table
        .filter(tasks::local.eq(false))
        .filter(tasks::received_at.lt(limit))
        .filter(tasks::origin.ne_all(hosts))
        .select(tasks::url)
        .load(conn)
}

/// Removes copies, and their ids from the index.
pub(super) fn remove_copies(conn: &mut Conn, urls: &[ObjectUrl]) -> QueryResult<usize> {
    learnt::leave_index(conn, urls)?;
    search::remove(conn, urls)?;
    let mut gone = 0;
    for some in urls.chunks(1_000) {
        let copies = tasks::table.filter(tasks::local.eq(false)).filter(tasks::url.eq_any(some));
        gone += diesel::delete(copies).execute(conn)?;
    }
    Ok(gone)
}

/// Our tasks that were over before `limit`.
pub(super) fn over_since(conn: &mut Conn, limit: Timestamp) -> QueryResult<Vec<TaskId>> {
    tasks::table
        .filter(tasks::local.eq(true))
        .filter(tasks::closed_at.lt(limit))
        .order(tasks::id)
        .select(tasks::id)
        .load(conn)
}

/// Whether one of our open tasks has a deadline that has passed.
///
/// # Errors
/// Those of the database.
pub fn any_expired(conn: &mut Conn, now: Timestamp) -> QueryResult<bool> {
    overdue(conn, now).map(|all| !all.is_empty())
}
