//! What this node knows of other hosts: whether they answer, what they run, and whether they are blocked.

use crate::delivery::schedule::SUSPENDED_AFTER;
use diesel::prelude::*;
use std::time::Duration;
use store::schema::peers;
use store::{Conn, Timestamp, each};
use vocab::nodeinfo::Software;

/// How often what waits for a host is tried out of turn.
const HURRY: Duration = Duration::from_secs(60);
/// How exactly it is noted when a host that is well last answered.
const NOTED: Duration = Duration::from_secs(60);

/// A host and its health.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = peers)]
pub struct Peer {
    /// Host with port, lower case.
    pub host: String,
    /// `software.name` of its NodeInfo.
    pub software: Option<String>,
    /// `software.version` of its NodeInfo.
    pub software_version: Option<String>,
    /// When NodeInfo was last asked for, with or without success.
    pub nodeinfo_at: Option<Timestamp>,
    /// Failures since the last success.
    pub failures: i32,
    /// When the first of them happened.
    pub failing_since: Option<Timestamp>,
    /// Nothing is sent to it before this; 0 when it is well.
    pub probe_at: Timestamp,
    /// When a delivery or a fetch last succeeded.
    pub last_ok_at: Option<Timestamp>,
    /// When it last sent something that was rightly signed.
    pub last_heard_at: Option<Timestamp>,
    /// The last failure in words.
    pub last_error: Option<String>,
    /// Nothing is taken from it and nothing sent to it.
    pub blocked: bool,
    /// When it was last tried out of turn because it had shown life.
    pub hurried_at: Timestamp,
}

/// What is wrong with a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// It does not answer.
    Away,
    /// It answers, with an error of its own.
    Answers,
}

/// The health of a peer in one word, for lists and counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    /// It answers, or was never asked.
    Well,
    /// It failed since its last answer; we go on trying.
    Failing,
    /// The operator has blocked it.
    Blocked,
}

impl Health {
    /// The word that the command line and the JSON show.
    pub fn as_str(self) -> &'static str {
        match self {
            Health::Well => "ok",
            Health::Failing => "failing",
            Health::Blocked => "blocked",
        }
    }
}

impl Peer {
    /// A host that was never met.
    pub fn stranger(host: &str) -> Peer {
        Peer {
            host: host.to_owned(),
            software: None,
            software_version: None,
            nodeinfo_at: None,
            failures: 0,
            failing_since: None,
            probe_at: Timestamp::default(),
            last_ok_at: None,
            last_heard_at: None,
            last_error: None,
            blocked: false,
            hurried_at: Timestamp::default(),
        }
    }

    /// Its health.
    pub fn health(&self) -> Health {
        match (self.blocked, self.failures) {
            (true, _) => Health::Blocked,
            (false, 0) => Health::Well,
            (false, _) => Health::Failing,
        }
    }

    /// It has not answered for two weeks: nothing new is kept for it until it shows life; its followers stay.
    pub fn is_suspended(&self, now: Timestamp) -> bool {
        self.probe_at > Timestamp::default()
            && self.failing_since.is_some_and(|since| now.since(since) >= SUSPENDED_AFTER)
    }
}

/// One host.
///
/// # Errors
/// Those of the database.
pub fn find(conn: &mut Conn, host: &str) -> QueryResult<Option<Peer>> {
    peers::table.find(host).select(Peer::as_select()).first(conn).optional()
}

/// All hosts, by name.
///
/// # Errors
/// Those of the database.
pub fn all(conn: &mut Conn) -> QueryResult<Vec<Peer>> {
    peers::table.order(peers::host).select(Peer::as_select()).load(conn)
}

/// The hosts that fail and are not blocked, those that fail for longest first.
///
/// # Errors
/// Those of the database.
pub fn failing(conn: &mut Conn, limit: i64) -> QueryResult<Vec<Peer>> {
    peers::table
        .filter(peers::blocked.eq(false))
        .filter(peers::failures.gt(0))
        .order((peers::failing_since, peers::host))
        .limit(limit)
        .select(Peer::as_select())
        .load(conn)
}

/// Makes sure that there is a row for the host.
///
/// # Errors
/// Those of the database.
pub fn meet(conn: &mut Conn, host: &str) -> QueryResult<()> {
    let row = Peer::stranger(host);
    each!(conn, c => diesel::insert_into(peers::table).values(&row).on_conflict_do_nothing().execute(c)).map(|_| ())
}

/// Notes that a host sent something rightly signed: it is alive, so what waits for it is tried at once.
///
/// # Errors
/// Those of the database.
pub(crate) fn heard(conn: &mut Conn, host: &str, now: Timestamp) -> QueryResult<()> {
    meet(conn, host)?;
    hurry(conn, host, now)?;
    diesel::update(peers::table.find(host)).set(peers::last_heard_at.eq(Some(now))).execute(conn).map(|_| ())
}

/// Tries at once what waits for a host that fails, since somebody asks for it; not more than once a minute.
///
/// # Errors
/// Those of the database.
pub fn try_now(conn: &mut Conn, host: &str, now: Timestamp) -> QueryResult<()> {
    hurry(conn, host, now)
}

/// Tries at once what waits for a host that failed and has now shown life; rarely, since a host may answer one thing
/// and fail at its inbox.
fn hurry(conn: &mut Conn, host: &str, now: Timestamp) -> QueryResult<()> {
    let due = peers::table
        .find(host)
        .filter(peers::failures.gt(0))
        .filter(peers::hurried_at.le(now.minus(HURRY)).or(peers::hurried_at.gt(now)));
    let hurried = diesel::update(due)
        .set((peers::hurried_at.eq(now), peers::probe_at.eq(now), peers::failing_since.eq(Some(now))))
        .execute(conn)?;
    if hurried == 1 {
        crate::delivery::queue::hurry(conn, host, now)?;
    }
    Ok(())
}

/// Notes that hosts answered, each at its time. Few statements, and none for hosts whose last answer was noted lately.
///
/// # Errors
/// Those of the database.
pub(crate) fn all_answered(conn: &mut Conn, hosts: &[(&str, Timestamp)]) -> QueryResult<()> {
    let Some(at) = hosts.iter().map(|(_, at)| *at).max() else { return Ok(()) };
    let names: Vec<&str> = hosts.iter().map(|(host, _)| *host).collect();
    let known: Vec<(String, i32, Timestamp, Option<Timestamp>)> = peers::table
        .filter(peers::host.eq_any(&names))
        .select((peers::host, peers::failures, peers::probe_at, peers::last_ok_at))
        .load(conn)?;
    let mut changed = Vec::new();
    for (host, failures, probe_at, last_ok_at) in &known {
        let lately = last_ok_at.is_some_and(|last| at.since(last) < NOTED && last <= at);
        if *failures > 0 || *probe_at > Timestamp::default() || !lately {
            changed.push(host.as_str());
        }
    }
    for host in names.into_iter().filter(|name| known.iter().all(|(host, ..)| host != name)) {
        meet(conn, host)?;
        changed.push(host);
    }
    if changed.is_empty() {
        return Ok(());
    }
    diesel::update(peers::table.filter(peers::host.eq_any(changed)))
        .set((
            peers::failures.eq(0),
            peers::failing_since.eq(None::<Timestamp>),
            peers::probe_at.eq(Timestamp::default()),
            peers::last_ok_at.eq(Some(at)),
            peers::last_error.eq(None::<String>),
        ))
        .execute(conn)
        .map(|_| ())
}

/// Notes that a host answered, and what it runs when it says so. What waits for one that had failed is tried at once.
///
/// # Errors
/// Those of the database.
pub(crate) fn introduced(conn: &mut Conn, host: &str, software: Option<&Software>, now: Timestamp) -> QueryResult<()> {
    hurry(conn, host, now)?;
    all_answered(conn, &[(host, now)])?;
    acquainted(conn, host, software, now)
}

/// Notes what a host runs, or that it does not say: its health is not concerned.
///
/// # Errors
/// Those of the database.
pub(crate) fn acquainted(conn: &mut Conn, host: &str, software: Option<&Software>, now: Timestamp) -> QueryResult<()> {
    diesel::update(peers::table.find(host))
        .set((
            peers::software.eq(software.map(|software| &software.name)),
            peers::software_version.eq(software.map(|software| &software.version)),
            peers::nodeinfo_at.eq(Some(now)),
        ))
        .execute(conn)
        .map(|_| ())
}

/// Hosts that are alive and were not asked what they run since `before`, those never asked first.
///
/// # Errors
/// Those of the database.
pub(crate) fn strangers(conn: &mut Conn, before: Timestamp, limit: i64) -> QueryResult<Vec<String>> {
    peers::table
        .filter(peers::blocked.eq(false))
        .filter(peers::failures.eq(0))
        .filter(peers::last_ok_at.is_not_null().or(peers::last_heard_at.is_not_null()))
        .filter(peers::nodeinfo_at.is_null().or(peers::nodeinfo_at.lt(before)))
        .order((peers::nodeinfo_at.is_not_null(), peers::nodeinfo_at))
        .limit(limit)
        .select(peers::host)
        .load(conn)
}

/// Notes that a host did not answer, or with an error of its own; since when it does so. One that answers is not away.
///
/// # Errors
/// Those of the database.
pub(crate) fn failed(
    conn: &mut Conn,
    host: &str,
    error: &str,
    trouble: Trouble,
    now: Timestamp,
) -> QueryResult<Timestamp> {
    meet(conn, host)?;
    diesel::update(peers::table.find(host).filter(peers::failing_since.is_null()))
        .set(peers::failing_since.eq(Some(now)))
        .execute(conn)?;
    diesel::update(peers::table.find(host))
        .set((peers::failures.eq(peers::failures + 1), peers::last_error.eq(Some(error))))
        .execute(conn)?;
    if trouble == Trouble::Answers {
        leave_alone(conn, host, Timestamp::default())?;
    }
    let since: Option<Timestamp> = peers::table.find(host).select(peers::failing_since).first(conn)?;
    Ok(since.unwrap_or(now))
}

/// Nothing is sent to a host before `until`.
///
/// # Errors
/// Those of the database.
pub(crate) fn leave_alone(conn: &mut Conn, host: &str, until: Timestamp) -> QueryResult<()> {
    meet(conn, host)?;
    diesel::update(peers::table.find(host)).set(peers::probe_at.eq(until)).execute(conn).map(|_| ())
}

/// Hosts to which nothing new goes: blocked ones, and those that did not answer for two weeks. What takes something
/// back is kept for the latter all the same.
///
/// # Errors
/// Those of the database.
pub(crate) fn shut(conn: &mut Conn, takes_back: bool, now: Timestamp) -> QueryResult<Vec<String>> {
    let dead = peers::failing_since.le(now.minus(SUSPENDED_AFTER));
    let away = peers::probe_at.gt(Timestamp::default());
    match takes_back {
        true => peers::table.filter(peers::blocked.eq(true)).select(peers::host).load(conn),
        false => peers::table
            .filter(peers::blocked.eq(true).or(dead.and(away).assume_not_null()))
            .select(peers::host)
            .load(conn),
    }
}
