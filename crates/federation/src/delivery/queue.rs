//! The table of deliveries: what is due is found and claimed by host, oldest first.
//!
//! Invariant: a host is claimed by one worker at a time, and a row is only claimed when all before it that are about the
//! same thing are finished or claimed with it, so that a `Create` never is overtaken by its `Update`. A lease that runs
//! out gives the rows to another worker. Looking costs by the number of hosts that something waits for, not by rows.

use super::schedule::Case;
use super::{GIVEN_UP, SUPERSEDED};
use crate::holding::LEASE;
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Nullable, Text};
use std::collections::{HashMap, HashSet};
use std::time::Duration;
use store::id::{ActivityUrl, ActorUrl, InboxUrl};
use store::schema::{activities, deliveries, peers};
use store::{Conn, Spelt, Timestamp, each, failpoint, spelt};

pub use super::summary::{counts, due_since, newest, oldest_waiting};

/// Rows of one host that are claimed together, when few hosts and when many are claimed at once.
const ROWS: (i64, i64) = (32, 8);
/// From how many hosts on they are many.
const MANY_HOSTS: usize = 64;

/// A delivery.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, QueryableByName, Selectable)]
#[diesel(table_name = deliveries)]
pub struct Delivery {
    /// Counts up; the order.
    pub id: i64,
    /// What is delivered.
    pub activity: ActivityUrl,
    /// Who signs it.
    pub actor: ActorUrl,
    /// Where to.
    pub inbox: InboxUrl,
    /// The inbox's host.
    pub host: String,
    /// What it is about: those of one topic keep their order at a host.
    pub topic: String,
    /// See [`crate::delivery`].
    pub state: String,
    /// Tries so far.
    pub attempts: i32,
    /// Not before this.
    pub next_at: Timestamp,
    /// Somebody is at work on it until then.
    pub leased_until: Timestamp,
    /// Milliseconds after it in which no other that has a gap goes to the same host.
    pub gap: i64,
    /// The last answer's status.
    pub last_status: Option<i32>,
    /// The last failure in words.
    pub last_error: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was finished.
    pub finished_at: Option<Timestamp>,
}

/// What was claimed for one host.
#[derive(Debug, Clone)]
pub(crate) struct Claimed {
    pub host: String,
    /// `software.name` of its NodeInfo, when it is known.
    pub software: Option<String>,
    /// It did not answer last time, or asked for a pause: this is to find out whether that is over.
    pub probing: bool,
    /// There may be more for it.
    pub more: bool,
    pub rows: Vec<Delivery>,
}

/// What a worker learns by looking.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Outlook {
    /// Hosts with something due that nobody holds.
    pub hosts: Vec<String>,
    /// When the next row is due by its own clock, if there is one.
    pub next_at: Option<Timestamp>,
    /// Something waits, due or not.
    pub anything: bool,
}

#[derive(QueryableByName)]
struct HostWaiting {
    #[diesel(sql_type = Text)]
    host: String,
    #[diesel(sql_type = Bool)]
    due: bool,
    #[diesel(sql_type = Nullable<BigInt>)]
    next_at: Option<Timestamp>,
}

/// A query over `hosts(host)`: those for which something waits. Steps over them by the index, so that what waits for one host
/// costs one step however much it is.
macro_rules! over_waiting_hosts {
    ($query:literal) => {
        concat!(
            "WITH RECURSIVE hosts(host) AS (
                SELECT MIN(host) FROM deliveries WHERE state = 'waiting'
                UNION ALL
                SELECT (SELECT MIN(later.host) FROM deliveries later
                    WHERE later.state = 'waiting' AND later.host > hosts.host)
                FROM hosts WHERE hosts.host IS NOT NULL
            ) ",
            $query
        )
    };
}
pub(crate) use over_waiting_hosts;

/// Whether something is due for a host that nobody holds, and when the next row is.
const HOSTS: &str = over_waiting_hosts!(
    "SELECT hosts.host AS host,
        (NOT EXISTS (SELECT 1 FROM peers WHERE peers.host = hosts.host AND (peers.blocked OR peers.probe_at > $1))
         AND EXISTS (SELECT 1 FROM deliveries due WHERE due.state = 'waiting' AND due.host = hosts.host
             AND due.next_at <= $1 AND due.leased_until <= $1)) AS due,
        (SELECT MIN(later.next_at) FROM deliveries later WHERE later.state = 'waiting' AND later.host = hosts.host
             AND later.next_at > $1) AS next_at
    FROM hosts WHERE hosts.host IS NOT NULL"
);

/// [`rows_of_host`] for many hosts in one journey to the server.
const ROWS_OF_HOSTS: &str = "
    SELECT rows.* FROM UNNEST($1) AS wanted(host) CROSS JOIN LATERAL (
        SELECT d.* FROM deliveries d
        WHERE d.state = 'waiting' AND d.host = wanted.host
          AND (d.leased_until > $2 OR (d.next_at <= $2 AND NOT EXISTS (
              SELECT 1 FROM deliveries earlier
              WHERE earlier.state = 'waiting' AND earlier.host = d.host AND earlier.topic = d.topic
                AND earlier.id < d.id AND earlier.next_at > $2)))
        ORDER BY d.id LIMIT $3) AS rows";

/// Still to be sent.
pub(crate) fn waiting() -> Spelt {
    spelt("deliveries.state = 'waiting'")
}

/// Looks at what waits. A read, so that an idle node takes no write lock.
pub(crate) fn look(conn: &mut Conn, now: Timestamp) -> QueryResult<Outlook> {
    let found: Vec<HostWaiting> = each!(conn, c => diesel::sql_query(HOSTS).bind::<BigInt, _>(now).load(c))?;
    let (anything, next_at) = (!found.is_empty(), found.iter().filter_map(|row| row.next_at).min());
    let hosts = found.into_iter().filter(|row| row.due).map(|row| row.host).collect();
    Ok(Outlook { hosts, next_at, anything })
}

/// Claims what is due for these hosts, apart from those that another worker holds. Of a host that did not answer or asked
/// for a pause, one row; of rows that keep a distance, one for each host.
pub(crate) fn claim(conn: &mut Conn, hosts: &[String], now: Timestamp) -> QueryResult<Vec<Claimed>> {
    let limit = if hosts.len() >= MANY_HOSTS { ROWS.1 } else { ROWS.0 };
    let mut of_host: HashMap<String, Vec<Delivery>> = HashMap::with_capacity(hosts.len());
    for row in rows(conn, hosts, now, limit)? {
        of_host.entry(row.host.clone()).or_default().push(row);
    }
    let known: Vec<(String, Timestamp, bool, Option<String>)> = peers::table
        .filter(peers::host.eq_any(hosts))
        .select((peers::host, peers::probe_at, peers::blocked, peers::software))
        .load(conn)?;
    let mut peers = HashMap::with_capacity(known.len());
    for (host, probe_at, blocked, software) in known {
        if blocked || probe_at > now {
            of_host.remove(&host); // it is left alone, since a moment ago perhaps
        }
        peers.insert(host, (probe_at > Timestamp::default(), software));
    }
    let mut claimed = Vec::with_capacity(of_host.len());
    for host in hosts {
        let Some(rows) = of_host.remove(host).filter(|rows| rows.iter().all(|row| row.leased_until <= now)) else {
            continue;
        };
        let (probing, software) = peers.remove(host).unwrap_or_default();
        let full = rows.len() as i64 == limit;
        let mut rows = spaced(rows);
        if probing {
            rows.truncate(1);
        }
        failpoint::here("delivery.claiming");
        claimed.push(Claimed { host: host.clone(), software, probing, more: full || probing, rows });
    }
    let ids: Vec<i64> = claimed.iter().flat_map(|lane| lane.rows.iter().map(|row| row.id)).collect();
    hold(conn, &ids, now)?;
    Ok(claimed)
}

fn rows(conn: &mut Conn, hosts: &[String], now: Timestamp, limit: i64) -> QueryResult<Vec<Delivery>> {
    match conn {
        Conn::Postgres(conn) => diesel::sql_query(ROWS_OF_HOSTS)
            .bind::<Array<Text>, _>(hosts)
            .bind::<BigInt, _>(now)
            .bind::<BigInt, _>(limit)
            .load(conn),
        Conn::Sqlite(conn) => {
            let mut all = Vec::with_capacity(hosts.len());
            for host in hosts {
                all.extend(rows_of_host(conn, host, now, limit)?);
            }
            Ok(all)
        }
    }
}

/// The oldest rows of one host that are held, or due with nothing before them about the same thing that is not.
fn rows_of_host(conn: &mut SqliteConnection, host: &str, now: Timestamp, limit: i64) -> QueryResult<Vec<Delivery>> {
    let earlier = diesel::alias!(deliveries as earlier);
    let not_due_before = earlier
        .filter(spelt("earlier.state = 'waiting'"))
        .filter(earlier.field(deliveries::host).eq(deliveries::host))
        .filter(earlier.field(deliveries::topic).eq(deliveries::topic))
        .filter(earlier.field(deliveries::id).lt(deliveries::id))
        .filter(earlier.field(deliveries::next_at).gt(now));
    let is_due = deliveries::next_at.le(now).and(not(exists(not_due_before)));
    deliveries::table
        .filter(waiting())
        .filter(deliveries::host.eq(host))
        .filter(deliveries::leased_until.gt(now).or(is_due))
        .order(deliveries::id)
        .limit(limit)
        .select(Delivery::as_select())
        .load(conn)
}

/// Leaves out rows that keep a distance but for the first of them, and what comes after one that was left out.
fn spaced(rows: Vec<Delivery>) -> Vec<Delivery> {
    let mut spaced_one = false;
    let mut held_up: HashSet<String> = HashSet::new();
    rows.into_iter()
        .filter(|row| {
            let wait = held_up.contains(&row.topic) || (row.gap > 0 && spaced_one);
            if wait {
                held_up.insert(row.topic.clone());
            } else if row.gap > 0 {
                spaced_one = true;
            }
            !wait
        })
        .collect()
}

fn hold(conn: &mut Conn, ids: &[i64], now: Timestamp) -> QueryResult<()> {
    diesel::update(deliveries::table.filter(deliveries::id.eq_any(ids)))
        .set(deliveries::leased_until.eq(now.plus(LEASE)))
        .execute(conn)
        .map(|_| ())
}

/// Gives rows back that were claimed but not tried. One whose object was deleted meanwhile is not sent any more.
pub(crate) fn release(conn: &mut Conn, ids: &[i64], now: Timestamp) -> QueryResult<()> {
    let emptied = activities::table.filter(activities::document.eq(crate::outbox::EMPTIED)).select(activities::url);
    diesel::update(
        deliveries::table
            .filter(deliveries::id.eq_any(ids))
            .filter(waiting())
            .filter(deliveries::activity.eq_any(emptied)),
    )
    .set((deliveries::state.eq(SUPERSEDED), deliveries::finished_at.eq(Some(now))))
    .execute(conn)?;
    diesel::update(deliveries::table.filter(deliveries::id.eq_any(ids)).filter(waiting()))
        .set(deliveries::leased_until.eq(Timestamp::default()))
        .execute(conn)
        .map(|_| ())
}

/// Whether a row that was claimed a while ago is still to be sent: not when it was finished, or its object deleted, since.
pub(crate) fn still_wanted(conn: &mut Conn, id: i64) -> QueryResult<bool> {
    let document: Option<String> = deliveries::table
        .inner_join(activities::table.on(activities::url.eq(deliveries::activity)))
        .filter(deliveries::id.eq(id))
        .filter(waiting())
        .select(activities::document)
        .first(conn)
        .optional()?;
    Ok(document.is_some_and(|document| document != crate::outbox::EMPTIED))
}

/// Holds rows for longer.
pub(crate) fn renew(conn: &mut Conn, ids: &[i64], now: Timestamp) -> QueryResult<()> {
    for ids in ids.chunks(10_000) {
        diesel::update(deliveries::table.filter(deliveries::id.eq_any(ids)).filter(waiting()))
            .set(deliveries::leased_until.eq(now.plus(LEASE)))
            .execute(conn)?;
    }
    Ok(())
}

/// Ends all leases. Costs by the number of leases, not of rows: what is held is due, and the oldest of its host.
pub(crate) fn release_all(conn: &mut Conn) -> QueryResult<()> {
    let held = deliveries::table.filter(waiting()).filter(spelt("deliveries.leased_until > 0"));
    diesel::update(held).set(deliveries::leased_until.eq(Timestamp::default())).execute(conn).map(|_| ())
}

/// Makes everything due now that waits for a host by its own clock: it was just heard. Such a try is out of turn and not
/// counted.
pub(crate) fn hurry(conn: &mut Conn, host: &str, now: Timestamp) -> QueryResult<()> {
    diesel::update(
        deliveries::table
            .filter(deliveries::host.eq(host))
            .filter(waiting())
            .filter(deliveries::attempts.gt(0))
            .filter(deliveries::next_at.gt(now)),
    )
    .set((deliveries::next_at.eq(now), deliveries::attempts.eq(deliveries::attempts - 1)))
    .execute(conn)
    .map(|_| ())
}

/// Gives up what a host that is away did not take in all its time; how many rows. What takes something back has longer.
pub(crate) fn give_up_overdue(conn: &mut Conn, now: Timestamp) -> QueryResult<usize> {
    let patience = |takes_back| {
        let case = Case { made: 1, age: Duration::ZERO, takes_back, silence_counts: true };
        now.minus(case.patience())
    };
    let (usual, long) = (patience(false), patience(true));
    let takes_back = activities::table
        .filter(activities::verb.eq_any(["Delete", "Undo"]).or(activities::object.eq(activities::actor)))
        .select(activities::url);
    let overdue = deliveries::table
        .filter(waiting())
        .filter(deliveries::next_at.lt(usual))
        .filter(deliveries::leased_until.le(now))
        .filter(deliveries::next_at.lt(long).or(deliveries::activity.ne_all(takes_back)));
    diesel::update(overdue).set((deliveries::state.eq(GIVEN_UP), deliveries::finished_at.eq(Some(now)))).execute(conn)
}
