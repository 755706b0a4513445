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

/// Gives the lease back, so that the next one need not wait. Its row stays, and tells when it was last held.
///
/// # Errors
/// Those of the database.
pub fn release(conn: &mut Conn, name: &str, holder: &str, now: Timestamp) -> QueryResult<()> {
    diesel::update(leases::table.filter(leases::name.eq(name)).filter(leases::holder.eq(holder)))
        .set((leases::holder.eq(""), leases::expires_at.eq(now.minus(Duration::from_millis(1)))))
        .execute(conn)
        .map(|_| ())
}

/// A lease.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
pub struct Lease {
    /// What it is for.
    pub name: String,
    /// Who took it last; empty when it was given back.
    pub holder: String,
    /// Until when it was taken.
    pub expires_at: Timestamp,
}

/// The lease of this name, held or not.
///
/// # Errors
/// Those of the database.
pub fn find(conn: &mut Conn, name: &str) -> QueryResult<Option<Lease>> {
    leases::table.find(name).select(Lease::as_select()).first(conn).optional()
}

/// Ends every lease that goes on for longer than `ttl`, because the clock was set back since it was taken.
///
/// # Errors
/// Those of the database.
pub fn end_beyond(conn: &mut Conn, now: Timestamp, ttl: Duration) -> QueryResult<()> {
    diesel::update(leases::table.filter(leases::expires_at.gt(now.plus(ttl))))
        .set(leases::expires_at.eq(now.minus(Duration::from_millis(1))))
        .execute(conn)
        .map(|_| ())
}
