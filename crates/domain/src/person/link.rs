//! Links to sign in by: sent by mail, good for one use within a quarter of an hour.

use super::{Account, Secret, account, session};
use diesel::prelude::*;
use std::time::Duration;
use store::id::AccountId;
use store::schema::sign_in_links as links;
use store::{Conn, Timestamp, each};

/// How long a link is good.
pub const LIFE: Duration = Duration::from_secs(15 * 60);
/// Links of one account that are good at the same time. Who asks for more has got them already.
pub const MOST: i64 = 3;

/// Makes a link for an account. `false` when it has enough of them.
///
/// # Errors
/// Those of the database.
pub fn make(conn: &mut Conn, id: &AccountId, link: &Secret, now: Timestamp) -> QueryResult<bool> {
    let good: i64 =
        links::table.filter(links::account.eq(id)).filter(links::expires_at.gt(now)).count().get_result(conn)?;
    if good >= MOST {
        return Ok(false);
    }
    let row = (links::hash.eq(link.hash()), links::account.eq(id), links::expires_at.eq(now.plus(LIFE)));
    each!(conn, c => diesel::insert_into(links::table).values(row).execute(c)).map(|_| true)
}

/// Whom a link would let in, without using it up: what fetches links before people read them changes nothing.
///
/// # Errors
/// Those of the database.
pub fn read(conn: &mut Conn, link: &Secret, now: Timestamp) -> QueryResult<Option<Account>> {
    let found: Option<AccountId> = links::table
        .find(link.hash())
        .filter(links::expires_at.gt(now))
        .select(links::account)
        .first(conn)
        .optional()?;
    found.map_or(Ok(None), |id| account::find(conn, &id))
}

/// Uses a link up and begins a session under `session`. The other links of the account end with it. Nothing when the link
/// is not good: never made, used, or too old, all the same.
///
/// # Errors
/// Those of the database.
pub fn enter(conn: &mut Conn, link: &Secret, session: &Secret, now: Timestamp) -> QueryResult<Option<Account>> {
    let Some(account) = read(conn, link, now)? else { return Ok(None) };
    if diesel::delete(links::table.find(link.hash())).execute(conn)? != 1 {
        return Ok(None);
    }
    end_all(conn, &account.id)?;
    session::begin(conn, &account.id, session, now)?;
    account::note(conn, &account.id, now)?;
    Ok(Some(account))
}

/// Ends a link that did not reach anybody.
///
/// # Errors
/// Those of the database.
pub fn end(conn: &mut Conn, link: &Secret) -> QueryResult<()> {
    diesel::delete(links::table.find(link.hash())).execute(conn).map(|_| ())
}

/// Ends all links of an account.
pub(super) fn end_all(conn: &mut Conn, id: &AccountId) -> QueryResult<usize> {
    diesel::delete(links::table.filter(links::account.eq(id))).execute(conn)
}

/// How many are too old.
pub(super) fn count_ended(conn: &mut Conn, now: Timestamp) -> QueryResult<i64> {
    links::table.filter(links::expires_at.le(now)).count().get_result(conn)
}

/// Removes those that are too old.
pub(super) fn remove_ended(conn: &mut Conn, now: Timestamp) -> QueryResult<usize> {
    diesel::delete(links::table.filter(links::expires_at.le(now))).execute(conn)
}
