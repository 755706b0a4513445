//! What this node knows of other hosts: whether they answer, what they run, and whether they are blocked.

use diesel::prelude::*;
use std::time::Duration;
use store::schema::peers;
use store::{Conn, Timestamp, each};
use vocab::nodeinfo::Software;

/// How often what waits for a host is tried out of turn.
const HURRY: Duration = Duration::from_secs(600);

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
    /// What waits for it is not hurried again before this.
    pub probe_at: Timestamp,
    /// When a delivery or a fetch last succeeded.
    pub last_ok_at: Option<Timestamp>,
    /// When it last sent something that was rightly signed.
    pub last_heard_at: Option<Timestamp>,
    /// The last failure in words.
    pub last_error: Option<String>,
    /// Nothing is taken from it and nothing sent to it.
    pub blocked: bool,
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

/// Tries at once what waits for a host that failed and has now shown life; rarely, since a host may answer one thing
/// and fail at its inbox.
fn hurry(conn: &mut Conn, host: &str, now: Timestamp) -> QueryResult<()> {
    let due = peers::table.find(host).filter(peers::failures.gt(0)).filter(peers::probe_at.le(now));
    let hurried = diesel::update(due).set(peers::probe_at.eq(now.plus(HURRY))).execute(conn)?;
    if hurried == 1 {
        crate::delivery::queue::hurry(conn, host, now)?;
    }
    Ok(())
}

/// Notes that a host answered.
///
/// # Errors
/// Those of the database.
pub(crate) fn answered(conn: &mut Conn, host: &str, now: Timestamp) -> QueryResult<()> {
    meet(conn, host)?;
    diesel::update(peers::table.find(host))
        .set((
            peers::failures.eq(0),
            peers::failing_since.eq(None::<Timestamp>),
            peers::last_ok_at.eq(Some(now)),
            peers::last_error.eq(None::<String>),
        ))
        .execute(conn)
        .map(|_| ())
}

/// Notes that a host answered and what it runs. What waits for one that had failed is tried at once.
///
/// # Errors
/// Those of the database.
pub(crate) fn introduced(conn: &mut Conn, host: &str, software: Option<&Software>, now: Timestamp) -> QueryResult<()> {
    hurry(conn, host, now)?;
    answered(conn, host, now)?;
    diesel::update(peers::table.find(host))
        .set((
            peers::software.eq(software.map(|software| &software.name)),
            peers::software_version.eq(software.map(|software| &software.version)),
            peers::nodeinfo_at.eq(Some(now)),
        ))
        .execute(conn)
        .map(|_| ())
}

/// Notes that a host did not answer, or with an error of its own.
///
/// # Errors
/// Those of the database.
pub(crate) fn failed(conn: &mut Conn, host: &str, error: &str, now: Timestamp) -> QueryResult<()> {
    meet(conn, host)?;
    diesel::update(peers::table.find(host).filter(peers::failing_since.is_null()))
        .set(peers::failing_since.eq(Some(now)))
        .execute(conn)?;
    diesel::update(peers::table.find(host))
        .set((peers::failures.eq(peers::failures + 1), peers::last_error.eq(Some(error))))
        .execute(conn)
        .map(|_| ())
}
