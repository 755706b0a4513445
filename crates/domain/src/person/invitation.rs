//! Invitations to take over a profile that an import has made: every statement about them. What comes of one is the slice of
//! producers' to say ([`crate::producer`]).
//!
//! Invariant: an invitation is for whoever can sign in by a mail address, and says nothing of whether anybody can.

use super::MailAddress;
use diesel::prelude::*;
use std::time::Duration;
use store::id::ProducerId;
use store::schema::invitations;
use store::{Conn, Timestamp, each};

/// How long one holds.
pub const LIFE: Duration = Duration::from_secs(30 * 24 * 3600);

/// An invitation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Its id.
    pub id: String,
    /// To which profile.
    pub producer: ProducerId,
    /// When it was made.
    pub made_at: Timestamp,
}

type Row = (String, ProducerId, Timestamp);

fn of((id, producer, made_at): Row) -> Invitation {
    Invitation { id, producer, made_at }
}

/// Keeps an invitation; an earlier one to the same profile ends.
pub(crate) fn keep(conn: &mut Conn, producer: &ProducerId, mail: &MailAddress, now: Timestamp) -> QueryResult<()> {
    end(conn, producer)?;
    let row = (
        invitations::id.eq(store::id::fresh(now)),
        invitations::producer.eq(producer),
        invitations::mail.eq(mail.as_str()),
        invitations::made_at.eq(now),
    );
    each!(conn, c => diesel::insert_into(invitations::table).values(row).execute(c)).map(|_| ())
}

/// Ends the invitation to a profile; how many there were.
pub(crate) fn end(conn: &mut Conn, producer: &ProducerId) -> QueryResult<usize> {
    diesel::delete(invitations::table.filter(invitations::producer.eq(producer))).execute(conn)
}

/// What whoever signs in by an address is invited to, the oldest first.
pub(crate) fn to(conn: &mut Conn, mail: &MailAddress, now: Timestamp) -> QueryResult<Vec<Invitation>> {
    let rows: Vec<Row> = invitations::table
        .filter(invitations::mail.eq(mail.as_str()))
        .filter(invitations::made_at.gt(now.minus(LIFE)))
        .order((invitations::made_at, invitations::id))
        .select((invitations::id, invitations::producer, invitations::made_at))
        .load(conn)?;
    Ok(rows.into_iter().map(of).collect())
}

/// The invitations to some profiles, in no order.
pub(crate) fn among(conn: &mut Conn, producers: &[ProducerId], now: Timestamp) -> QueryResult<Vec<Invitation>> {
    let rows: Vec<Row> = invitations::table
        .filter(invitations::producer.eq_any(producers))
        .filter(invitations::made_at.gt(now.minus(LIFE)))
        .select((invitations::id, invitations::producer, invitations::made_at))
        .load(conn)?;
    Ok(rows.into_iter().map(of).collect())
}

/// When whoever signs in by an address was invited, also when that is over.
pub(super) fn moments(conn: &mut Conn, mail: &MailAddress) -> QueryResult<Vec<Timestamp>> {
    invitations::table
        .filter(invitations::mail.eq(mail.as_str()))
        .order((invitations::made_at, invitations::id))
        .select(invitations::made_at)
        .load(conn)
}

/// What an address was invited to, another one is; how much that is.
pub(super) fn readdress(conn: &mut Conn, old: &MailAddress, new: &MailAddress) -> QueryResult<usize> {
    let theirs = invitations::table.filter(invitations::mail.eq(old.as_str()));
    diesel::update(theirs).set(invitations::mail.eq(new.as_str())).execute(conn)
}

/// Removes what an address is invited to.
pub(super) fn remove_to(conn: &mut Conn, mail: &MailAddress) -> QueryResult<usize> {
    diesel::delete(invitations::table.filter(invitations::mail.eq(mail.as_str()))).execute(conn)
}

/// How many are too old.
pub(super) fn count_ended(conn: &mut Conn, now: Timestamp) -> QueryResult<i64> {
    invitations::table.filter(invitations::made_at.le(now.minus(LIFE))).count().get_result(conn)
}

/// Removes those that are too old.
pub(super) fn remove_ended(conn: &mut Conn, now: Timestamp) -> QueryResult<usize> {
    diesel::delete(invitations::table.filter(invitations::made_at.le(now.minus(LIFE)))).execute(conn)
}
