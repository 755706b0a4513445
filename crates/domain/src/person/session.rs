//! Sessions: a browser that somebody has signed in with, known by a token that only this browser has.
//!
//! A session ends a week after it was last used, a month after it was begun, and whenever its person says so.

use super::{Account, Position, Secret, account, passkey, position, second_step};
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
/// So long after they were given a position, people have to set the second step up.
pub const GRACE: Duration = Duration::from_secs(14 * 24 * 3600);
/// A use is written down when the last one that was is older than this: not every look at a page is a write.
const NOTED: Duration = Duration::from_secs(10 * 60);

/// Somebody who is signed in.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// Who it is.
    pub account: Account,
    /// What they are for the region.
    pub positions: Vec<Position>,
    /// How they stand with the second step.
    pub second: Second,
    /// The use has to be written down by [`note`].
    pub to_note: bool,
}

/// How somebody stands with the second step of signing in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Second {
    /// Their account has none, and needs none.
    None,
    /// They have taken it in this browser.
    Taken,
    /// They have it, and have not taken it here yet: nothing is open to them but that.
    Awaited,
    /// They hold a position and have to set it up, until this moment.
    Missing(Timestamp),
    /// They hold a position and have not set it up in time: their positions rest until they do.
    Overdue,
}

impl Visitor {
    /// On whose behalf they act.
    pub fn caller(&self) -> Caller {
        position::caller(&self.positions)
    }
}

/// Begins a session.
pub(crate) fn begin(conn: &mut Conn, id: &AccountId, session: &Secret, now: Timestamp) -> QueryResult<()> {
    begin_with(conn, id, session, None, now)
}

/// Begins a session whose second step is taken: by a device that has checked its person.
pub(super) fn begin_with_step(conn: &mut Conn, id: &AccountId, session: &Secret, now: Timestamp) -> QueryResult<()> {
    begin_with(conn, id, session, Some(now), now)
}

fn begin_with(
    conn: &mut Conn,
    id: &AccountId,
    session: &Secret,
    second_at: Option<Timestamp>,
    now: Timestamp,
) -> QueryResult<()> {
    let row = (
        sessions::hash.eq(session.hash()),
        sessions::account.eq(id),
        sessions::begun_at.eq(now),
        sessions::seen_at.eq(now),
        sessions::second_at.eq(second_at),
    );
    each!(conn, c => diesel::insert_into(sessions::table).values(row).execute(c)).map(|_| ())
}

/// Who shows this token, if it is in force.
///
/// # Errors
/// Those of the database.
pub fn find(conn: &mut Conn, session: &Secret, now: Timestamp) -> QueryResult<Option<Visitor>> {
    let found: Option<(AccountId, Timestamp, Option<Timestamp>)> = sessions::table
        .find(session.hash())
        .filter(sessions::seen_at.gt(now.minus(IDLE)))
        .filter(sessions::begun_at.gt(now.minus(WHOLE)))
        .select((sessions::account, sessions::seen_at, sessions::second_at))
        .first(conn)
        .optional()?;
    let Some((id, seen_at, second_at)) = found else { return Ok(None) };
    let Some(account) = account::find(conn, &id)? else { return Ok(None) };
    let second = second(conn, &id, second_at, now)?;
    let positions = match second {
        Second::None | Second::Taken | Second::Missing(_) => position::of(conn, &id)?,
        Second::Awaited | Second::Overdue => Vec::new(),
    };
    Ok(Some(Visitor { account, positions, second, to_note: now.since(seen_at) >= NOTED }))
}

/// A passkey is a second step for who holds a position. For others it is a convenience: the link alone lets them in as before,
/// so that nobody is shut out by a lost device.
fn second(conn: &mut Conn, id: &AccountId, taken: Option<Timestamp>, now: Timestamp) -> QueryResult<Second> {
    let since = position::held_since(conn, id)?;
    if second_step::is_set_up(conn, id)? || (since.is_some() && passkey::has_any(conn, id)?) {
        return Ok(if taken.is_some() { Second::Taken } else { Second::Awaited });
    }
    Ok(match since.map(|since| since.plus(GRACE)) {
        None => Second::None,
        Some(until) if until > now => Second::Missing(until),
        Some(_) => Second::Overdue,
    })
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

/// Ends all sessions of an account but one.
pub(super) fn end_others(conn: &mut Conn, id: &AccountId, kept: &Secret) -> QueryResult<usize> {
    let others = sessions::table.filter(sessions::account.eq(id)).filter(sessions::hash.ne(kept.hash()));
    diesel::delete(others).execute(conn)
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
