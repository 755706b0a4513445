//! Reports of other servers about what is published here (`Flag`): the queue of whoever moderates this node.
//!
//! The reporter is mostly the other server's own actor, which speaks for a person that it does not name; only its host is
//! shown. Invariants: a report names something of this node; its text is plain and bounded; reading one changes nothing.

use diesel::prelude::*;
use store::id::{ActivityUrl, ActorUrl};
use store::schema::reports;
use store::{Conn, Timestamp, each};

/// Longest text of a report that is kept, in characters.
pub(crate) const MAX_TEXT: usize = 3_000;
/// Open reports that are kept of one host; what comes beyond is passed over.
const OPEN_OF_A_HOST: i64 = 500;

/// A row of the table.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = reports)]
pub struct Report {
    /// Counts up.
    pub id: i64,
    /// The `Flag`.
    pub activity: ActivityUrl,
    /// Who sent it; not to be shown.
    pub reporter: ActorUrl,
    /// The reporter's host.
    pub host: String,
    /// What it is about: ids and pages of this node, a JSON list of strings.
    pub objects: String,
    /// What it says, plain text.
    pub content: String,
    /// When it came.
    pub received_at: Timestamp,
    /// When it was settled.
    pub resolved_at: Option<Timestamp>,
}

impl Report {
    /// What it is about.
    pub fn about(&self) -> Vec<String> {
        serde_json::from_str(&self.objects).unwrap_or_default()
    }
}

/// What a new report says.
#[derive(Debug, Clone)]
pub(crate) struct New {
    pub(crate) activity: ActivityUrl,
    pub(crate) reporter: ActorUrl,
    pub(crate) about: Vec<String>,
    pub(crate) content: String,
}

/// What became of a new report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Filed {
    /// It is in the queue.
    New,
    /// It was there already.
    Known,
    /// Its host has too many open ones.
    TooMany,
}

/// Puts a report into the queue.
///
/// # Errors
/// Those of the database.
pub(crate) fn file(conn: &mut Conn, new: &New, now: Timestamp) -> QueryResult<Filed> {
    let host = new.reporter.host();
    let open: i64 = open().filter(reports::host.eq(&host)).count().get_result(conn)?;
    if open >= OPEN_OF_A_HOST {
        return Ok(Filed::TooMany);
    }
    let row = (
        reports::activity.eq(&new.activity),
        reports::reporter.eq(&new.reporter),
        reports::host.eq(host),
        reports::objects.eq(serde_json::Value::from(new.about.clone()).to_string()),
        reports::content.eq(&new.content),
        reports::received_at.eq(now),
    );
    let inserted =
        each!(conn, c => diesel::insert_into(reports::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(if inserted == 1 { Filed::New } else { Filed::Known })
}

#[diesel::dsl::auto_type(no_type_alias)]
fn open() -> _ {
    reports::table.filter(reports::resolved_at.is_null())
}

/// The open reports, oldest first.
///
/// # Errors
/// Those of the database.
pub fn all_open(conn: &mut Conn, limit: i64) -> QueryResult<Vec<Report>> {
    open().order(reports::id).limit(limit).select(Report::as_select()).load(conn)
}

/// How many reports are open.
///
/// # Errors
/// Those of the database.
pub fn count_open(conn: &mut Conn) -> QueryResult<i64> {
    open().count().get_result(conn)
}

/// Settles a report. `false` when there is no open one of that number.
///
/// # Errors
/// Those of the database.
pub fn resolve(conn: &mut Conn, id: i64, now: Timestamp) -> QueryResult<bool> {
    diesel::update(reports::table.find(id).filter(reports::resolved_at.is_null()))
        .set(reports::resolved_at.eq(Some(now)))
        .execute(conn)
        .map(|changed| changed == 1)
}

/// Removes the reports, open or settled, that name one of these addresses: of somebody who left nothing is kept, and nothing is
/// left to be settled. Reads all of them, which are few and bounded by host.
///
/// # Errors
/// Those of the database.
pub fn forget(conn: &mut Conn, addresses: &[&str]) -> QueryResult<usize> {
    let all: Vec<Report> = reports::table.select(Report::as_select()).load(conn)?;
    let names = |report: &Report| {
        report.about().iter().any(|one| addresses.contains(&one.as_str()))
            || addresses.iter().any(|one| report.content.contains(one))
    };
    let gone: Vec<i64> = all.iter().filter(|report| names(report)).map(|report| report.id).collect();
    diesel::delete(reports::table.filter(reports::id.eq_any(gone))).execute(conn)
}

/// How many reports were settled before a moment.
///
/// # Errors
/// Those of the database.
pub(crate) fn count_settled(conn: &mut Conn, before: Timestamp) -> QueryResult<i64> {
    reports::table.filter(reports::resolved_at.lt(before)).count().get_result(conn)
}

/// Lets go of reports that were settled before a moment.
///
/// # Errors
/// Those of the database.
pub(crate) fn let_go(conn: &mut Conn, before: Timestamp) -> QueryResult<usize> {
    diesel::delete(reports::table.filter(reports::resolved_at.lt(before))).execute(conn)
}
