//! Sessions: a browser that somebody has signed in with, known by a token that only this browser has.
//!
//! A session ends a week after it was last used, a month after it was begun, and whenever its person says so.

use super::{Account, Position, Secret, account, position};
use crate::Caller;
use diesel::prelude::*;
use std::time::Duration;
use store::id::AccountId;
use store::schema::sessions;
use store::{Conn, Timestamp, each};

/// It ends when it was not used for so long.
pub const IDLE: Duration = Duration::from_secs(7 * 24 * 3600);
/// It ends so long after it was begun.
pub const WHOLE: Duration = Duration::from_secs(30 * 24 * 3600);
/// A use is written down when the last one that was is older than this: not every look at a page is a write.
const NOTED: Duration = Duration::from_secs(10 * 60);

/// Somebody who is signed in.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// Who it is.
    pub account: Account,
    /// What they are for the region.
    pub positions: Vec<Position>,
    /// The use has to be written down by [`note`].
    pub to_note: bool,
}

impl Visitor {
    /// On whose behalf they act.
    pub fn caller(&self) -> Caller {
        position::caller(&self.positions)
    }
}

/// Begins a session.
pub(crate) fn begin(conn: &mut Conn, id: &AccountId, session: &Secret, now: Timestamp) -> QueryResult<()> {
    let row = (
        sessions::hash.eq(session.hash()),
        sessions::account.eq(id),
        sessions::begun_at.eq(now),
        sessions::seen_at.eq(now),
    );
    each!(conn, c => diesel::insert_into(sessions::table).values(row).execute(c)).map(|_| ())
}

/// Who shows this token, if it is in force.
///
/// # Errors
/// Those of the database.
pub fn find(conn: &mut Conn, session: &Secret, now: Timestamp) -> QueryResult<Option<Visitor>> {
    let found: Option<(AccountId, Timestamp)> = sessions::table
        .find(session.hash())
        .filter(sessions::seen_at.gt(now.minus(IDLE)))
        .filter(sessions::begun_at.gt(now.minus(WHOLE)))
        .select((sessions::account, sessions::seen_at))
        .first(conn)
        .optional()?;
    let Some((id, seen_at)) = found else { return Ok(None) };
    let Some(account) = account::find(conn, &id)? else { return Ok(None) };
    let positions = position::of(conn, &id)?;
    Ok(Some(Visitor { account, positions, to_note: now.since(seen_at) >= NOTED }))
}

/// Writes down that a session is used.
///
/// # Errors
/// Those of the database.
pub fn note(conn: &mut Conn, session: &Secret, now: Timestamp) -> QueryResult<()> {
    diesel::update(sessions::table.find(session.hash())).set(sessions::seen_at.eq(now)).execute(conn).map(|_| ())
}

/// Ends a session. It is no fault when there is none.
///
/// # Errors
/// Those of the database.
pub fn end(conn: &mut Conn, session: &Secret) -> QueryResult<()> {
    diesel::delete(sessions::table.find(session.hash())).execute(conn).map(|_| ())
}

/// Ends all sessions of an account; how many there were.
///
/// # Errors
/// Those of the database.
pub fn end_all(conn: &mut Conn, id: &AccountId) -> QueryResult<usize> {
    diesel::delete(sessions::table.filter(sessions::account.eq(id))).execute(conn)
}

/// When the sessions of an account were begun and last used, the newest first.
pub(super) fn of(conn: &mut Conn, id: &AccountId) -> QueryResult<Vec<(Timestamp, Timestamp)>> {
    sessions::table
        .filter(sessions::account.eq(id))
        .order(sessions::begun_at.desc())
        .select((sessions::begun_at, sessions::seen_at))
        .load(conn)
}

/// Condition of those that are over.
macro_rules! over {
    ($now:expr) => {
        sessions::seen_at.le($now.minus(IDLE)).or(sessions::begun_at.le($now.minus(WHOLE)))
    };
}

/// How many are over.
pub(super) fn count_ended(conn: &mut Conn, now: Timestamp) -> QueryResult<i64> {
    sessions::table.filter(over!(now)).count().get_result(conn)
}

/// Removes those that are over.
pub(super) fn remove_ended(conn: &mut Conn, now: Timestamp) -> QueryResult<usize> {
    diesel::delete(sessions::table.filter(over!(now))).execute(conn)
}
