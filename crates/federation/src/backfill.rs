//! Reading the past of an actor whom this node has begun to follow: its outbox, and the actors that it presents.
//!
//! One durable row for each followed actor; the page that comes next is kept, so that a stop loses nothing. Every object
//! goes the same way as one that is delivered, so reading twice has no second effect. Pages and items are limited in number.

use crate::actor;
use crate::bell::Again;
use crate::fault::caught;
use crate::holding::{LEASE, while_holding};
use crate::inbox::verbs;
use crate::kind::{Change, Received, Write};
use crate::state::State;
use crate::{Error, fetch};
use diesel::prelude::*;
use serde_json::Value;
use std::collections::{HashMap, HashSet};
use std::time::Duration;
use store::id::{ActorUrl, ObjectUrl};
use store::schema::backfills;
use store::{Conn, Timestamp, each, failpoint};
use tokio_util::sync::CancellationToken;
use vocab::{Envelope, Reference, Verb};

const ATTEMPTS: i32 = 8;
/// So many items of another host may fail in one walk; after that its other items are passed over. Whoever is followed shall
/// not make this node ask somebody else again and again for what is not there.
const VAIN: u32 = 5;

/// Still to be read.
pub const WAITING: &str = "waiting";
/// Read to its end.
pub const DONE: &str = "done";
/// Given up, with the reason beside it.
pub const FAILED: &str = "failed";

/// One actor's past.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = backfills)]
pub struct Backfill {
    /// Whose.
    pub actor: ActorUrl,
    /// [`WAITING`], [`DONE`] or [`FAILED`].
    pub state: String,
    /// The page of the outbox to go on with.
    pub next_page: Option<String>,
    /// Objects taken in so far.
    pub received: i32,
    /// Tries since the last success.
    pub attempts: i32,
    /// The last failure.
    pub last_error: Option<String>,
}

/// Plans to read an actor's past, anew if it was read before.
///
/// # Errors
/// Those of the database.
pub fn plan(conn: &mut Conn, actor: &ActorUrl, now: Timestamp) -> QueryResult<()> {
    diesel::delete(backfills::table.find(actor)).execute(conn)?;
    let row = (
        backfills::actor.eq(actor),
        backfills::state.eq(WAITING),
        backfills::received.eq(0),
        backfills::attempts.eq(0),
        backfills::next_at.eq(now),
        backfills::leased_until.eq(Timestamp::default()),
        backfills::created_at.eq(now),
    );
    each!(conn, c => diesel::insert_into(backfills::table).values(row).execute(c)).map(|_| ())
}

/// How far the reading of an actor's past is.
///
/// # Errors
/// Those of the database.
pub fn find(conn: &mut Conn, actor: &ActorUrl) -> QueryResult<Option<Backfill>> {
    backfills::table.find(actor).select(Backfill::as_select()).first(conn).optional()
}

/// How many are still to be read.
///
/// # Errors
/// Those of the database.
pub fn count_waiting(conn: &mut Conn) -> QueryResult<i64> {
    backfills::table.filter(backfills::state.eq(WAITING)).count().get_result(conn)
}

fn claim(conn: &mut Conn, now: Timestamp) -> QueryResult<Option<Backfill>> {
    let row: Option<Backfill> = backfills::table
        .filter(backfills::state.eq(WAITING))
        .filter(backfills::next_at.le(now))
        .filter(backfills::leased_until.le(now))
        .order(backfills::created_at)
        .select(Backfill::as_select())
        .first(conn)
        .optional()?;
    if let Some(row) = &row {
        diesel::update(backfills::table.find(&row.actor))
            .set(backfills::leased_until.eq(now.plus(LEASE)))
            .execute(conn)?;
    }
    Ok(row)
}

/// Runs until `stop`.
pub async fn run(state: State, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let woken = state.bell.heard();
        let again = round(&state, &stop).await.unwrap_or_else(|error| {
            tracing::error!(%error, "the past of a followed actor cannot be read; trying again");
            Again::Soon
        });
        if again == Again::AtOnce {
            continue;
        }
        tokio::select! {
            () = woken => {}
            () = tokio::time::sleep(again.pause()) => {}
            () = stop.cancelled() => {}
        }
    }
}

async fn round(state: &State, stop: &CancellationToken) -> Result<Again, Error> {
    let now = state.now();
    let waiting = state.store.read(|conn| count_waiting(conn).map_err(Error::from)).await?;
    if waiting == 0 {
        return Ok(Again::WhenRung);
    }
    let Some(row) = state.store.write(move |conn| claim(conn, now).map_err(Error::from)).await? else {
        return Ok(Again::Soon);
    };
    failpoint::here("backfill.claimed");
    let done = tokio::select! {
        done = while_holding(caught(row.actor.as_str(), read(state, &row)), || renew(state, &row.actor)) => done,
        () = stop.cancelled() => return Ok(Again::Soon), // the next start, or another process, goes on from the page noted
    };
    let now = state.now();
    state.store.write(move |conn| finish(conn, &row, done.as_ref().err(), now).map_err(Error::from)).await?;
    failpoint::here("backfill.done");
    Ok(Again::AtOnce)
}

async fn renew(state: &State, actor: &ActorUrl) -> Result<(), Error> {
    let (actor, now) = (actor.clone(), state.now());
    state
        .store
        .write(move |conn| {
            diesel::update(backfills::table.find(&actor))
                .set(backfills::leased_until.eq(now.plus(LEASE)))
                .execute(conn)
                .map(|_| ())
                .map_err(Error::from)
        })
        .await
}

/// Ends all leases.
///
/// # Errors
/// Those of the database.
pub(crate) fn release_all(conn: &mut Conn) -> QueryResult<()> {
    diesel::update(backfills::table.filter(backfills::state.eq(WAITING)))
        .set(backfills::leased_until.eq(Timestamp::default()))
        .execute(conn)
        .map(|_| ())
}

fn finish(conn: &mut Conn, row: &Backfill, error: Option<&Error>, now: Timestamp) -> QueryResult<()> {
    let target = backfills::table.find(&row.actor);
    let Some(error) = error else {
        return diesel::update(target)
            .set((
                backfills::state.eq(DONE),
                backfills::finished_at.eq(Some(now)),
                backfills::last_error.eq(None::<String>),
            ))
            .execute(conn)
            .map(|_| ());
    };
    let attempts = row.attempts + 1;
    let state = if error.is_temporary() && attempts < ATTEMPTS { WAITING } else { FAILED };
    diesel::update(target)
        .set((
            backfills::state.eq(state),
            backfills::attempts.eq(attempts),
            backfills::next_at.eq(now.plus(Duration::from_secs(5 << attempts.clamp(0, 10)))),
            backfills::leased_until.eq(Timestamp::default()),
            backfills::last_error.eq(Some(vocab::text::line(&error.to_string(), 500))),
        ))
        .execute(conn)
        .map(|_| ())
}

async fn read(state: &State, row: &Backfill) -> Result<(), Error> {
    let followed = fetch::actor(state, &row.actor).await?;
    let document = followed.parsed();
    if let Some(outbox) = &followed.outbox {
        walk(state, &followed, &document, outbox, row.next_page.clone()).await?;
    }
    for stream in vocab::one_or_many::ids(&document, "streams", 16) {
        walk(state, &followed, &document, &stream, None).await?;
    }
    Ok(())
}

/// Reads a collection page by page. Each page is visited once, whatever `next` says.
async fn walk(
    state: &State,
    followed: &actor::Actor,
    author_document: &Value,
    collection: &str,
    from: Option<String>,
) -> Result<(), Error> {
    let limit = |limit: u64| usize::try_from(limit).unwrap_or(usize::MAX);
    let (pages, items) = (limit(state.limits.pages), limit(state.limits.page_items));
    let mut visited = HashSet::new();
    let mut vain: HashMap<String, u32> = HashMap::new();
    let mut next = Some(from.unwrap_or_else(|| collection.to_owned()));
    while let Some(address) = next.take() {
        if visited.len() >= pages || !visited.insert(address.clone()) {
            return Ok(());
        }
        if store::id::host_of(&address) != followed.host {
            return Err(Error::refused(&address, "the collection goes on on another host"));
        }
        let (_, page) = fetch::document_at(state, &address).await?;
        let mut taken = 0;
        for item in vocab::collection::items(&page).into_iter().take(items) {
            taken += take(state, followed, author_document, item, &mut vain).await?;
            failpoint::here("backfill.item");
        }
        next = vocab::collection::next(&page);
        note(state, followed, next.clone().filter(|_| Some(collection) == followed.outbox.as_deref()), taken).await?;
        failpoint::here("backfill.page");
    }
    Ok(())
}

async fn note(state: &State, followed: &actor::Actor, next: Option<String>, taken: i32) -> Result<(), Error> {
    let actor = followed.url.clone();
    state
        .store
        .write(move |conn| {
            diesel::update(backfills::table.find(&actor))
                .set((
                    backfills::next_page.eq(&next),
                    backfills::received.eq(backfills::received + taken),
                    backfills::attempts.eq(0), // it goes on
                ))
                .execute(conn)
                .map(|_| ())
                .map_err(Error::from)
        })
        .await
}

/// Takes one item in. What is not usable is passed over: one bad item must not stop the rest.
async fn take(
    state: &State,
    followed: &actor::Actor,
    author_document: &Value,
    item: Reference,
    vain: &mut HashMap<String, u32>,
) -> Result<i32, Error> {
    let elsewhere = announced_host(&item).filter(|host| *host != followed.host);
    if elsewhere.as_ref().and_then(|host| vain.get(host)).is_some_and(|failures| *failures >= VAIN) {
        return Ok(0);
    }
    let write = match prepare(state, followed, author_document, item).await {
        Ok(Some(write)) => write,
        Ok(None) => return Ok(0),
        Err(error) if error.is_temporary() && !is_elsewhere(&error, followed) => return Err(error),
        Err(error) => {
            tracing::debug!(%error, "an item of the past is passed over");
            elsewhere.into_iter().for_each(|host| *vain.entry(host).or_default() += 1);
            return Ok(0);
        }
    };
    let outcome = state.write(move |conn| write(conn)).await?;
    Ok(i32::from(outcome == crate::kind::Outcome::Applied))
}

/// The host of what an item announces.
fn announced_host(item: &Reference) -> Option<String> {
    let activity = item.embedded().and_then(|activity| Envelope::read(activity.clone()).ok())?;
    let announced = activity.object.first().filter(|_| activity.verb == Verb::Announce)?;
    announced.id().map(store::id::host_of)
}

/// It is another host than the followed one that does not answer: its item is passed over.
fn is_elsewhere(error: &Error, followed: &actor::Actor) -> bool {
    matches!(error, Error::Unreachable { url, .. } if store::id::host_of(url) != followed.host)
}

async fn prepare(
    state: &State,
    followed: &actor::Actor,
    author_document: &Value,
    item: Reference,
) -> Result<Option<Write>, Error> {
    match item {
        // In `streams` the items are actors that it presents; anywhere else an id is some object.
        Reference::Id(id) if id == followed.url.as_str() => Ok(None),
        Reference::Id(id) => verbs::presented_actor(state, &followed.url, author_document.clone(), &id).await.map(Some),
        Reference::Embedded(activity) => {
            let Ok(activity) = Envelope::read(activity) else { return Ok(None) };
            if activity.actor.as_str() != followed.url.as_str() {
                return Ok(None);
            }
            match (&activity.verb, activity.object.first()) {
                (Verb::Create, Some(Reference::Embedded(object))) => {
                    let Some(id) = vocab::object::id(object) else { return Ok(None) };
                    if store::id::host_of(id) != followed.host || !verbs::is_by(object, &followed.url) {
                        return Ok(None);
                    }
                    let received = Received {
                        change: Change::Created,
                        url: ObjectUrl::from_text(id),
                        author: followed.url.clone(),
                        author_document: author_document.clone(),
                        document: object.clone(),
                        now: state.now(),
                    };
                    verbs::taken_in(state, received).await.map(Some)
                }
                (Verb::Announce, Some(Reference::Id(id))) => verbs::found(state, id, Change::Created).await.map(Some),
                _ => Ok(None),
            }
        }
    }
}
