//! What came of tries, written down: many in one transaction, and few statements for all that went well.
//!
//! A first try that went well leaves no row of its own among the attempts; the delivery tells it already.

use super::queue::{Delivery, still_wanted, waiting};
use super::schedule::{self, Next};
use super::{DELIVERED, GIVEN_UP, SKIPPED, SUPERSEDED, WAITING, missing};
use crate::peer::{self, Trouble};
use diesel::prelude::*;
use std::collections::BTreeMap;
use std::time::Duration;
use store::schema::{deliveries, delivery_attempts, introductions};
use store::{Conn, Timestamp, each, failpoint};

/// The result of one try, to be written down.
#[derive(Debug, Clone)]
pub(crate) struct Tried {
    pub delivery: Delivery,
    pub next: Next,
    pub status: Option<u16>,
    pub error: Option<String>,
    pub at: Timestamp,
    pub duration: Duration,
    /// A random number in 0..1, for the pause of the host.
    pub spread: f64,
}

impl Tried {
    /// Something was sent, so something was learnt of the host.
    fn was_sent(&self) -> bool {
        self.status.is_some() || matches!(self.next, Next::Away(_) | Next::Retry(_))
    }
}

/// Writes results down, many in one transaction. `true` when an inbox among them may be gone.
pub(crate) fn finish(conn: &mut Conn, results: &[Tried]) -> QueryResult<bool> {
    let mut well: BTreeMap<u16, Vec<i64>> = BTreeMap::new();
    let mut at = Timestamp::default();
    for tried in results {
        at = at.max(tried.at);
        failpoint::here("delivery.marking");
        match (tried.next, tried.status) {
            (Next::Delivered, Some(status)) => well.entry(status).or_default().push(tried.delivery.id),
            _ => record(conn, tried)?,
        }
    }
    for (status, ids) in well {
        delivered(conn, status, &ids, at)?;
    }
    attempts(conn, results)?;
    hosts(conn, results)?;
    for tried in results.iter().filter(|tried| tried.delivery.gap > 0 && tried.was_sent()) {
        keep_distance(conn, tried)?;
    }
    missing::note(conn, results)
}

fn delivered(conn: &mut Conn, status: u16, ids: &[i64], at: Timestamp) -> QueryResult<()> {
    diesel::update(deliveries::table.filter(deliveries::id.eq_any(ids)).filter(waiting()))
        .set((
            deliveries::state.eq(DELIVERED),
            deliveries::attempts.eq(deliveries::attempts + 1),
            deliveries::leased_until.eq(Timestamp::default()),
            deliveries::last_status.eq(Some(i32::from(status))),
            deliveries::last_error.eq(None::<String>),
            deliveries::finished_at.eq(Some(at)),
        ))
        .execute(conn)
        .map(|_| ())
}

/// Writes down one that did not go through.
fn record(conn: &mut Conn, tried: &Tried) -> QueryResult<()> {
    let comes_back = matches!(tried.next, Next::Retry(_) | Next::Away(_) | Next::Pause(_));
    // Its object was deleted while it was under way: it is not tried again, and what comes after it may go.
    let next = if comes_back && !still_wanted(conn, tried.delivery.id)? { Next::Drop } else { tried.next };
    let (state, next_at, finished_at) = match next {
        Next::Delivered => (DELIVERED, tried.at, Some(tried.at)),
        Next::Retry(pause) => (WAITING, tried.at.plus(pause), None),
        Next::Away(_) | Next::Pause(_) => (WAITING, tried.delivery.next_at, None), // its host has the clock
        Next::GiveUp => (GIVEN_UP, tried.at, Some(tried.at)),
        Next::Drop => (SUPERSEDED, tried.at, Some(tried.at)),
        Next::Skip => (SKIPPED, tried.at, Some(tried.at)),
    };
    diesel::update(deliveries::table.find(tried.delivery.id).filter(waiting()))
        .set((
            deliveries::state.eq(state),
            deliveries::attempts.eq(tried.delivery.attempts + i32::from(tried.was_sent())),
            deliveries::next_at.eq(next_at),
            deliveries::leased_until.eq(Timestamp::default()),
            deliveries::last_status.eq(tried.status.map(i32::from)),
            deliveries::last_error.eq(&tried.error),
            deliveries::finished_at.eq(finished_at),
        ))
        .execute(conn)
        .map(|_| ())
}

fn attempts(conn: &mut Conn, results: &[Tried]) -> QueryResult<()> {
    let worth_a_row = |tried: &&Tried| {
        let smooth = tried.next == Next::Delivered && tried.delivery.attempts == 0;
        !smooth && !matches!(tried.next, Next::Drop | Next::Skip)
    };
    let rows: Vec<_> = results
        .iter()
        .filter(worth_a_row)
        .map(|tried| {
            (
                delivery_attempts::delivery.eq(tried.delivery.id),
                delivery_attempts::at.eq(tried.at),
                delivery_attempts::status.eq(tried.status.map(i32::from)),
                delivery_attempts::error.eq(tried.error.clone()),
                delivery_attempts::duration_ms.eq(i64::try_from(tried.duration.as_millis()).unwrap_or(i64::MAX)),
            )
        })
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    each!(conn, c => diesel::insert_into(delivery_attempts::table).values(rows).execute(c)).map(|_| ())
}

/// The health of the hosts: for each, what the last of its tries says.
fn hosts(conn: &mut Conn, results: &[Tried]) -> QueryResult<()> {
    let mut last: BTreeMap<&str, &Tried> = BTreeMap::new();
    for tried in results.iter().filter(|tried| tried.was_sent()) {
        last.insert(&tried.delivery.host, tried);
    }
    let mut well = Vec::new();
    for (host, tried) in last {
        let reason = tried.error.as_deref().unwrap_or("it answered with an error of its own");
        match tried.next {
            Next::Away(asked) => {
                let failing_since = peer::failed(conn, host, reason, Trouble::Away, tried.at)?;
                let pause = schedule::probe(tried.at.since(failing_since), tried.spread).max(asked.unwrap_or_default());
                peer::leave_alone(conn, host, tried.at.plus(pause))?;
            }
            Next::Pause(pause) => peer::leave_alone(conn, host, tried.at.plus(pause))?,
            _ if tried.status.is_some_and(|status| status >= 500) => {
                peer::failed(conn, host, reason, Trouble::Answers, tried.at)?;
            }
            // Silence that says nothing.
            Next::Retry(_) if tried.status.is_none() => {}
            _ => well.push((host, tried.at)),
        }
    }
    peer::all_answered(conn, &well)
}

/// What else keeps a distance waits until then. A server that the host has now been told of is a stranger to it no more,
/// and further announcements of it need no distance.
fn keep_distance(conn: &mut Conn, tried: &Tried) -> QueryResult<()> {
    let (row, gap) = (&tried.delivery, u64::try_from(tried.delivery.gap).unwrap_or(0));
    if tried.next == Next::Delivered && row.gap == crate::relay::INTRODUCING {
        let subject = store::id::host_of(&row.topic);
        let introduction =
            (introductions::peer.eq(&row.host), introductions::subject.eq(&subject), introductions::at.eq(tried.at));
        each!(conn, c => diesel::insert_into(introductions::table).values(introduction).on_conflict_do_nothing().execute(c))?;
        if let Some((scheme, _)) = row.topic.split_once("://") {
            let introduced = format!("{scheme}://{subject}/%");
            waiting_with_gap(conn, row, crate::relay::INTRODUCING, Some(&introduced), 0, tried.at)?;
        }
    }
    waiting_with_gap(conn, row, row.gap, None, row.gap, tried.at.plus(Duration::from_millis(gap)))
}

/// Sets the gap of what waits for the same host with a gap of `of`; with a new gap it also moves behind `at`.
fn waiting_with_gap(
    conn: &mut Conn,
    like: &Delivery,
    of: i64,
    topics: Option<&str>,
    gap: i64,
    at: Timestamp,
) -> QueryResult<()> {
    let like =
        deliveries::table.filter(waiting()).filter(deliveries::host.eq(&like.host)).filter(deliveries::gap.eq(of));
    match topics {
        Some(topics) => diesel::update(like.filter(deliveries::topic.like(topics)))
            .set((deliveries::gap.eq(gap), deliveries::next_at.eq(at)))
            .execute(conn),
        None => diesel::update(like.filter(deliveries::next_at.lt(at))).set(deliveries::next_at.eq(at)).execute(conn),
    }
    .map(|_| ())
}
