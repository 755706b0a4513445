//! Named leases: one process at a time does a job, and another takes over when it dies.

use crate::schema::leases;
use crate::{Conn, Timestamp, each};
use diesel::prelude::*;
use std::time::Duration;

/// Takes or renews the lease `name` for `holder` until `now + ttl`. `true` when it is held now.
///
/// # Errors
/// Those of the database.
pub fn take(conn: &mut Conn, name: &str, holder: &str, now: Timestamp, ttl: Duration) -> QueryResult<bool> {
    let row = (leases::name.eq(name), leases::holder.eq(holder), leases::expires_at.eq(now.plus(ttl)));
    let inserted =
        each!(conn, c => diesel::insert_into(leases::table).values(row).on_conflict_do_nothing().execute(c))?;
    if inserted == 1 {
        return Ok(true);
    }
    let held = diesel::update(
        leases::table.filter(leases::name.eq(name)).filter(leases::holder.eq(holder).or(leases::expires_at.lt(now))),
    )
    .set((leases::holder.eq(holder), leases::expires_at.eq(now.plus(ttl))))
    .execute(conn)?;
    Ok(held == 1)
}

/// Gives the lease back, so that the next one need not wait.
///
/// # Errors
/// Those of the database.
pub fn release(conn: &mut Conn, name: &str, holder: &str) -> QueryResult<()> {
    diesel::delete(leases::table.filter(leases::name.eq(name)).filter(leases::holder.eq(holder)))
        .execute(conn)
        .map(|_| ())
}
