//! Ids that their owner took back before they came: the `Undo` was faster than its `Follow`, the `Delete` faster than its
//! `Create`. What comes late under such an id is void, so that every order of arrival ends in the same state.
//!
//! Bounded: an id counts for whoever took it back alone, a host has [`KEPT`] of them at most (the oldest go), and each is
//! let go after [`EXPIRES`]. Whom this node follows leaves a lasting tombstone in [`crate::object`] instead.

use diesel::prelude::*;
use std::time::Duration;
use store::id::ActorUrl;
use store::schema::taken_back;
use store::{Conn, Timestamp, each};

/// So long an id is remembered: longer than the queues of most servers go on trying.
pub(crate) const EXPIRES: Duration = Duration::from_secs(7 * 86_400);
/// Ids remembered of one host.
const KEPT: i64 = 1_000;

/// Remembers that an actor took an id of its own host back.
///
/// # Errors
/// Those of the database.
pub(crate) fn remember(conn: &mut Conn, id: &str, actor: &ActorUrl, now: Timestamp) -> QueryResult<()> {
    let host = actor.host();
    if store::id::host_of(id) != host || id.len() > vocab::MAX_URL {
        return Ok(());
    }
    let row = (taken_back::id.eq(id), taken_back::actor.eq(actor), taken_back::host.eq(&host), taken_back::at.eq(now));
    let new = each!(conn, c => diesel::insert_into(taken_back::table).values(row).on_conflict_do_nothing().execute(c))?;
    if new == 1 {
        bound(conn, &host)?;
    }
    Ok(())
}

/// Lets the oldest of a host go when there are too many.
fn bound(conn: &mut Conn, host: &str) -> QueryResult<()> {
    let oldest_kept: Option<Timestamp> = taken_back::table
        .filter(taken_back::host.eq(host))
        .order(taken_back::at.desc())
        .offset(KEPT)
        .select(taken_back::at)
        .first(conn)
        .optional()?;
    if let Some(at) = oldest_kept {
        diesel::delete(taken_back::table.filter(taken_back::host.eq(host)).filter(taken_back::at.le(at)))
            .execute(conn)?;
    }
    Ok(())
}

/// Whether an actor has taken an id back.
///
/// # Errors
/// Those of the database.
pub(crate) fn is_taken_back(conn: &mut Conn, id: &str, actor: &ActorUrl) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(taken_back::table.find((id, actor)))).get_result(conn)
}

/// How much is remembered longer than it has to be.
///
/// # Errors
/// Those of the database.
pub(crate) fn count_over(conn: &mut Conn, now: Timestamp) -> QueryResult<i64> {
    taken_back::table.filter(taken_back::at.lt(now.minus(EXPIRES))).count().get_result(conn)
}

/// Lets go of what is remembered longer than it has to be.
///
/// # Errors
/// Those of the database.
pub(crate) fn let_go(conn: &mut Conn, now: Timestamp) -> QueryResult<usize> {
    diesel::delete(taken_back::table.filter(taken_back::at.lt(now.minus(EXPIRES)))).execute(conn)
}

/// Lets go of everything that an actor took back.
///
/// # Errors
/// Those of the database.
pub(crate) fn forget_actor(conn: &mut Conn, actor: &ActorUrl) -> QueryResult<usize> {
    diesel::delete(taken_back::table.filter(taken_back::actor.eq(actor))).execute(conn)
}
