//! How far everything is: for each activity how many hosts have it, wait for it, or will not get it; for each host how
//! much waits for it and why.

use super::queue::{Delivery, over_waiting_hosts, waiting};
use super::{DELIVERED, GIVEN_UP, SKIPPED, SUPERSEDED, WAITING};
use crate::peer::{self, Peer};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use std::collections::HashMap;
use store::id::{ActivityUrl, ActorUrl};
use store::schema::{activities, deliveries};
use store::{Conn, Timestamp, each};

/// How far one activity is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// Its id.
    pub activity: ActivityUrl,
    /// Who did it.
    pub actor: ActorUrl,
    /// The verb, as on the wire.
    pub verb: String,
    /// The id of what it is about.
    pub object: String,
    /// When it was made.
    pub published_at: Timestamp,
    /// Hosts that have it.
    pub delivered: i64,
    /// Hosts that it is still to be sent to.
    pub waiting: i64,
    /// Hosts that did not take it.
    pub failed: i64,
    /// Hosts that need not have it: superseded, or nothing for their software.
    pub not_needed: i64,
}

/// What waits for one host.
#[derive(Debug, Clone)]
pub struct Backlog {
    /// The host.
    pub host: String,
    /// Rows that wait.
    pub waiting: i64,
    /// When the oldest of them was made.
    pub oldest: Option<Timestamp>,
    /// What is known of the host.
    pub peer: Option<Peer>,
}

/// How far the newest activities are that go anywhere, newest first.
///
/// # Errors
/// Those of the database.
pub fn progress(conn: &mut Conn, limit: i64) -> QueryResult<Vec<Progress>> {
    let addressed = deliveries::table.filter(deliveries::activity.eq(activities::url));
    let newest: Vec<(ActivityUrl, ActorUrl, String, String, Timestamp)> = activities::table
        .filter(diesel::dsl::exists(addressed))
        .order(activities::id.desc())
        .limit(limit)
        .select((activities::url, activities::actor, activities::verb, activities::object, activities::published_at))
        .load(conn)?;
    of(conn, newest)
}

/// How far what was said about one object is, newest first.
///
/// # Errors
/// Those of the database.
pub fn progress_about(conn: &mut Conn, object: &str, limit: i64) -> QueryResult<Vec<Progress>> {
    let about = activities::table
        .filter(activities::object.eq(object))
        .order(activities::id.desc())
        .limit(limit)
        .select((activities::url, activities::actor, activities::verb, activities::object, activities::published_at))
        .load(conn)?;
    of(conn, about)
}

fn of(conn: &mut Conn, rows: Vec<(ActivityUrl, ActorUrl, String, String, Timestamp)>) -> QueryResult<Vec<Progress>> {
    let urls: Vec<&ActivityUrl> = rows.iter().map(|(url, ..)| url).collect();
    let counted: Vec<(ActivityUrl, String, i64)> = deliveries::table
        .filter(deliveries::activity.eq_any(urls))
        .group_by((deliveries::activity, deliveries::state))
        .select((deliveries::activity, deliveries::state, diesel::dsl::count_star()))
        .load(conn)?;
    let counted: HashMap<(&str, &str), i64> =
        counted.iter().map(|(url, state, count)| ((url.as_str(), state.as_str()), *count)).collect();
    let in_all = |url: &ActivityUrl, states: &[&str]| {
        states.iter().filter_map(|state| counted.get(&(url.as_str(), *state))).sum::<i64>()
    };
    Ok(rows
        .iter()
        .map(|(url, actor, verb, object, published_at)| Progress {
            activity: url.clone(),
            actor: actor.clone(),
            verb: verb.clone(),
            object: object.clone(),
            published_at: *published_at,
            delivered: in_all(url, &[DELIVERED]),
            waiting: in_all(url, &[WAITING]),
            failed: in_all(url, &[GIVEN_UP]),
            not_needed: in_all(url, &[SUPERSEDED, SKIPPED]),
        })
        .collect())
}

#[derive(QueryableByName)]
struct Waiting {
    #[diesel(sql_type = Nullable<Text>)]
    host: Option<String>,
    #[diesel(sql_type = BigInt)]
    waiting: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    oldest: Option<Timestamp>,
}

/// How much waits for each host, and since when.
const BACKLOGS: &str = over_waiting_hosts!(
    "SELECT hosts.host AS host,
           (SELECT COUNT(*) FROM deliveries d WHERE d.state = 'waiting' AND d.host = hosts.host) AS waiting,
           (SELECT d.created_at FROM deliveries d WHERE d.state = 'waiting' AND d.host = hosts.host
            ORDER BY d.id LIMIT 1) AS oldest
    FROM hosts WHERE hosts.host IS NOT NULL"
);

/// What waits, by host, the most first.
///
/// # Errors
/// Those of the database.
pub fn backlogs(conn: &mut Conn, limit: usize) -> QueryResult<Vec<Backlog>> {
    let mut rows: Vec<Waiting> = each!(conn, c => diesel::sql_query(BACKLOGS).load(c))?;
    rows.sort_by(|a, b| b.waiting.cmp(&a.waiting).then_with(|| a.host.cmp(&b.host)));
    rows.truncate(limit);
    rows.into_iter()
        .filter_map(|row| Some((row.host?, row.waiting, row.oldest)))
        .map(|(host, waiting, oldest)| {
            let peer = peer::find(conn, &host)?;
            Ok(Backlog { host, waiting, oldest, peer })
        })
        .collect()
}

/// Deletions that some hosts have not heard of yet: host, how many, and when the oldest was made.
///
/// # Errors
/// Those of the database.
pub fn deletions_waiting(conn: &mut Conn, limit: i64) -> QueryResult<Vec<(String, i64, Option<Timestamp>)>> {
    deliveries::table
        .inner_join(activities::table.on(activities::url.eq(deliveries::activity)))
        .filter(waiting())
        .filter(activities::verb.eq(vocab::Verb::Delete.as_str()))
        .group_by(deliveries::host)
        .order(deliveries::host)
        .limit(limit)
        .select((deliveries::host, diesel::dsl::count_star(), diesel::dsl::min(deliveries::created_at)))
        .load(conn)
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

#[derive(QueryableByName)]
struct Oldest {
    #[diesel(sql_type = Nullable<BigInt>)]
    id: Option<i64>,
}

const OLDEST: &str = over_waiting_hosts!(
    "SELECT MIN((SELECT MIN(d.id) FROM deliveries d WHERE d.state = 'waiting' AND d.host = hosts.host)) AS id
    FROM hosts WHERE hosts.host IS NOT NULL"
);

/// When the oldest row that still waits was made.
///
/// # Errors
/// Those of the database.
pub fn oldest_waiting(conn: &mut Conn) -> QueryResult<Option<Timestamp>> {
    let oldest: Oldest = each!(conn, c => diesel::sql_query(OLDEST).get_result(c))?;
    match oldest.id {
        Some(id) => deliveries::table.find(id).select(deliveries::created_at).first(conn).optional(),
        None => Ok(None),
    }
}

/// The newest rows in one of the states, newest first. What waits for a host that is left alone waits as long as that.
///
/// # Errors
/// Those of the database.
pub fn newest(conn: &mut Conn, states: &[&str], limit: i64) -> QueryResult<Vec<Delivery>> {
    let mut rows: Vec<Delivery> = match states {
        [WAITING] => deliveries::table
            .filter(waiting())
            .order(deliveries::id.desc())
            .limit(limit)
            .select(Delivery::as_select())
            .load(conn)?,
        _ => deliveries::table
            .filter(deliveries::state.eq_any(states.iter().copied()))
            .order(deliveries::id.desc())
            .limit(limit)
            .select(Delivery::as_select())
            .load(conn)?,
    };
    let mut pauses: HashMap<String, Timestamp> = HashMap::new();
    for row in rows.iter_mut().filter(|row| row.state == WAITING) {
        let pause = match pauses.get(&row.host) {
            Some(pause) => *pause,
            None => peer::find(conn, &row.host)?.map(|peer| peer.probe_at).unwrap_or_default(),
        };
        pauses.insert(row.host.clone(), pause);
        row.next_at = row.next_at.max(pause);
    }
    Ok(rows)
}

/// What was due first, for each host that answers and did not ask for a pause.
const DUE: &str = over_waiting_hosts!(
    "SELECT MIN(first.next_at) AS since FROM (
        SELECT (SELECT d.next_at FROM deliveries d
            WHERE d.state = 'waiting' AND d.host = hosts.host AND d.next_at <= $1 AND NOT EXISTS (
                SELECT 1 FROM deliveries earlier
                WHERE earlier.state = 'waiting' AND earlier.host = d.host AND earlier.topic = d.topic
                  AND earlier.id < d.id AND earlier.next_at > $1)
            ORDER BY d.next_at LIMIT 1) AS next_at
        FROM hosts WHERE hosts.host IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM peers
            WHERE peers.host = hosts.host AND (peers.blocked OR peers.failures > 0 OR peers.probe_at > $1))
    ) AS first"
);

/// Since when something is due, `before` or earlier, for a host that answers. `None` is how it should be.
///
/// # Errors
/// Those of the database.
pub fn due_since(conn: &mut Conn, before: Timestamp) -> QueryResult<Option<Timestamp>> {
    #[derive(QueryableByName)]
    struct Since {
        #[diesel(sql_type = Nullable<BigInt>)]
        since: Option<Timestamp>,
    }
    let found: Since = each!(conn, c => diesel::sql_query(DUE).bind::<BigInt, _>(before).get_result(c))?;
    Ok(found.since)
}
