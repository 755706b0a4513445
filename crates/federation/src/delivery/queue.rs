//! The table of deliveries: claimed in lanes, one for each (sender, host), oldest first.
//!
//! Invariant: a lane is held by one worker at a time and a row is only sent when all before it in its lane are finished,
//! so that a `Create` never is overtaken by its `Update`. A lease that runs out gives the lane to another worker.

use super::schedule::Next;
use super::{DELIVERED, GIVEN_UP, SUPERSEDED, WAITING};
use crate::holding::LEASE;
use crate::peer;
use diesel::prelude::*;
use std::time::Duration;
use store::id::{ActivityUrl, ActorUrl, InboxUrl};
use store::schema::{activities, deliveries, delivery_attempts};
use store::{Conn, Timestamp, each, failpoint};

/// Rows of a lane that are claimed together.
const LANE: usize = 10;

/// A delivery.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = deliveries)]
pub struct Delivery {
    /// Counts up; the order within a lane.
    pub id: i64,
    /// What is delivered.
    pub activity: ActivityUrl,
    /// Who signs it.
    pub actor: ActorUrl,
    /// Where to.
    pub inbox: InboxUrl,
    /// The inbox's host.
    pub host: String,
    /// See [`crate::delivery`].
    pub state: String,
    /// Tries so far.
    pub attempts: i32,
    /// Not before this.
    pub next_at: Timestamp,
    /// The last answer's status.
    pub last_status: Option<i32>,
    /// The last failure in words.
    pub last_error: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was finished.
    pub finished_at: Option<Timestamp>,
}

/// The result of one try, to be written down.
#[derive(Debug, Clone)]
pub(crate) struct Tried {
    pub delivery: Delivery,
    pub next: Next,
    pub status: Option<u16>,
    pub error: Option<String>,
    pub at: Timestamp,
    pub duration: Duration,
    /// The host itself is in trouble, not this one delivery.
    pub host_failed: bool,
}

/// Whether there is anything to claim. A read, so that an idle node takes no write lock.
pub(crate) fn any_due(conn: &mut Conn, now: Timestamp) -> QueryResult<bool> {
    let due = deliveries::table
        .filter(deliveries::state.eq(WAITING))
        .filter(deliveries::next_at.le(now))
        .filter(deliveries::leased_until.le(now));
    diesel::select(diesel::dsl::exists(due)).get_result(conn)
}

/// Claims up to `limit` lanes whose first waiting row is due and free, each with its next rows.
pub(crate) fn claim(conn: &mut Conn, now: Timestamp, limit: i64) -> QueryResult<Vec<Vec<Delivery>>> {
    let earlier = diesel::alias!(deliveries as earlier);
    let first_of_lane = diesel::dsl::not(diesel::dsl::exists(
        earlier
            .filter(earlier.field(deliveries::state).eq(WAITING))
            .filter(earlier.field(deliveries::actor).eq(deliveries::actor))
            .filter(earlier.field(deliveries::host).eq(deliveries::host))
            .filter(earlier.field(deliveries::id).lt(deliveries::id)),
    ));
    let heads: Vec<(ActorUrl, String)> = deliveries::table
        .filter(deliveries::state.eq(WAITING))
        .filter(deliveries::next_at.le(now))
        .filter(deliveries::leased_until.le(now))
        .filter(first_of_lane)
        .order(deliveries::id)
        .limit(limit)
        .select((deliveries::actor, deliveries::host))
        .load(conn)?;
    let mut lanes = Vec::with_capacity(heads.len());
    for (actor, host) in heads {
        let rows: Vec<Delivery> = deliveries::table
            .filter(deliveries::state.eq(WAITING))
            .filter(deliveries::actor.eq(&actor))
            .filter(deliveries::host.eq(&host))
            .order(deliveries::id)
            .limit(LANE as i64)
            .select(Delivery::as_select())
            .load(conn)?;
        let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
        diesel::update(deliveries::table.filter(deliveries::id.eq_any(&ids)))
            .set(deliveries::leased_until.eq(now.plus(LEASE)))
            .execute(conn)?;
        failpoint::here("delivery.claiming");
        lanes.push(rows);
    }
    Ok(lanes)
}

/// Writes results down, many in one transaction.
pub(crate) fn finish(conn: &mut Conn, results: &[Tried]) -> QueryResult<()> {
    for tried in results {
        record(conn, tried)?;
        failpoint::here("delivery.marking");
        if tried.next == Next::Drop {
            continue; // nothing was sent, so nothing was learnt of the host
        }
        let host = &tried.delivery.host;
        if tried.host_failed {
            let error = tried.error.as_deref().unwrap_or("it answered with an error of its own");
            peer::failed(conn, host, error, tried.at)?;
        } else {
            peer::answered(conn, host, tried.at)?;
        }
    }
    Ok(())
}

fn record(conn: &mut Conn, tried: &Tried) -> QueryResult<()> {
    let next = match tried.next {
        // Its object was deleted while it was under way: it is not tried again, and what comes after it may go.
        Next::Retry(_) if still_wanted(conn, tried.delivery.id)?.is_none() => Next::Drop,
        next => next,
    };
    let (state, next_at, finished_at) = match next {
        Next::Delivered => (DELIVERED, tried.at, Some(tried.at)),
        Next::Retry(pause) => (WAITING, tried.at.plus(pause), None),
        Next::GiveUp => (GIVEN_UP, tried.at, Some(tried.at)),
        Next::Drop => (SUPERSEDED, tried.at, Some(tried.at)),
    };
    let status = tried.status.map(i32::from);
    diesel::update(deliveries::table.find(tried.delivery.id).filter(deliveries::state.eq(WAITING)))
        .set((
            deliveries::state.eq(state),
            deliveries::attempts.eq(tried.delivery.attempts + 1),
            deliveries::next_at.eq(next_at),
            deliveries::leased_until.eq(Timestamp::default()),
            deliveries::last_status.eq(status),
            deliveries::last_error.eq(&tried.error),
            deliveries::finished_at.eq(finished_at),
        ))
        .execute(conn)?;
    let attempt = (
        delivery_attempts::delivery.eq(tried.delivery.id),
        delivery_attempts::at.eq(tried.at),
        delivery_attempts::status.eq(status),
        delivery_attempts::error.eq(&tried.error),
        delivery_attempts::duration_ms.eq(i64::try_from(tried.duration.as_millis()).unwrap_or(i64::MAX)),
    );
    each!(conn, c => diesel::insert_into(delivery_attempts::table).values(attempt).execute(c)).map(|_| ())
}

/// Gives rows back that were claimed but not tried.
pub(crate) fn release(conn: &mut Conn, ids: &[i64]) -> QueryResult<()> {
    diesel::update(deliveries::table.filter(deliveries::id.eq_any(ids)).filter(deliveries::state.eq(WAITING)))
        .set(deliveries::leased_until.eq(Timestamp::default()))
        .execute(conn)
        .map(|_| ())
}

/// What is to be sent for a row that was claimed a while ago: `None` when it was finished or its object deleted since.
pub(crate) fn still_wanted(conn: &mut Conn, id: i64) -> QueryResult<Option<String>> {
    let document: Option<String> = deliveries::table
        .inner_join(activities::table.on(activities::url.eq(deliveries::activity)))
        .filter(deliveries::id.eq(id))
        .filter(deliveries::state.eq(WAITING))
        .select(activities::document)
        .first(conn)
        .optional()?;
    Ok(document.filter(|document| document != crate::outbox::EMPTIED))
}

/// Holds rows for longer.
pub(crate) fn renew(conn: &mut Conn, ids: &[i64], now: Timestamp) -> QueryResult<()> {
    diesel::update(deliveries::table.filter(deliveries::id.eq_any(ids)).filter(deliveries::state.eq(WAITING)))
        .set(deliveries::leased_until.eq(now.plus(LEASE)))
        .execute(conn)
        .map(|_| ())
}

/// Ends all leases.
pub(crate) fn release_all(conn: &mut Conn) -> QueryResult<()> {
    diesel::update(deliveries::table.filter(deliveries::state.eq(WAITING)))
        .set(deliveries::leased_until.eq(Timestamp::default()))
        .execute(conn)
        .map(|_| ())
}

/// Makes everything that waits for a host due now: it was just heard. Such a try is out of turn and not counted.
pub(crate) fn hurry(conn: &mut Conn, host: &str, now: Timestamp) -> QueryResult<()> {
    diesel::update(
        deliveries::table
            .filter(deliveries::host.eq(host))
            .filter(deliveries::state.eq(WAITING))
            .filter(deliveries::attempts.gt(0))
            .filter(deliveries::next_at.gt(now)),
    )
    .set((deliveries::next_at.eq(now), deliveries::attempts.eq(deliveries::attempts - 1)))
    .execute(conn)
    .map(|_| ())
}

/// How many rows there are in each state.
///
/// # Errors
/// Those of the database.
pub fn counts(conn: &mut Conn) -> QueryResult<Vec<(String, i64)>> {
    deliveries::table
        .group_by(deliveries::state)
        .order(deliveries::state)
        .select((deliveries::state, diesel::dsl::count_star()))
        .load(conn)
}

/// When the oldest row that still waits was made.
///
/// # Errors
/// Those of the database.
pub fn oldest_waiting(conn: &mut Conn) -> QueryResult<Option<Timestamp>> {
    deliveries::table
        .filter(deliveries::state.eq(WAITING))
        .order(deliveries::created_at)
        .select(deliveries::created_at)
        .first(conn)
        .optional()
}

/// The newest rows in one of the states, newest first.
///
/// # Errors
/// Those of the database.
pub fn newest(conn: &mut Conn, states: &[&str], limit: i64) -> QueryResult<Vec<Delivery>> {
    deliveries::table
        .filter(deliveries::state.eq_any(states.iter().copied()))
        .order(deliveries::id.desc())
        .limit(limit)
        .select(Delivery::as_select())
        .load(conn)
}
