//! When the machine's clock was set back: what was planned by the clock as it was before lies too far ahead, by as much as
//! the clock was set back, and is moved back with it. Nothing waits longer than it was meant to.
//!
//! A clock that is set forward needs nothing: some things are tried early, and their leases are renewed.

use crate::holding::LEASE;
use diesel::prelude::*;
use std::time::Duration;
use store::schema::{backfills, deliveries, inbox_items, peers};
use store::{Conn, Timestamp};

/// Moves everything that waits for a time; how many rows. `by` is how far the clock was set back, `now` what it shows.
///
/// # Errors
/// Those of the database.
pub fn move_plans(conn: &mut Conn, by: Duration, now: Timestamp) -> QueryResult<usize> {
    let by = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
    let held = now.plus(LEASE);
    let mut moved = 0;
    macro_rules! move_back {
        ($table:ident) => {
            let waiting = || $table::table.filter($table::state.eq("waiting"));
            moved += diesel::update(waiting().filter($table::next_at.gt(now)))
                .set($table::next_at.eq($table::next_at - by))
                .execute(conn)?;
            diesel::update(waiting().filter($table::leased_until.gt(held)))
                .set($table::leased_until.eq(held))
                .execute(conn)?;
        };
    }
    move_back!(deliveries);
    move_back!(inbox_items);
    move_back!(backfills);
    moved += diesel::update(peers::table.filter(peers::probe_at.gt(now)))
        .set(peers::probe_at.eq(peers::probe_at - by))
        .execute(conn)?;
    diesel::update(peers::table.filter(peers::failing_since.gt(now)))
        .set(peers::failing_since.eq(Some(now)))
        .execute(conn)?;
    Ok(moved)
}
