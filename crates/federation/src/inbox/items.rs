//! The table of received activities.

use crate::Error;
use crate::holding::LEASE;
use crate::kind::Outcome;
use diesel::prelude::*;
use std::time::Duration;
use store::id::{ActivityUrl, ActorUrl};
use store::schema::inbox_items;
use store::{Conn, Timestamp, each};

/// Not yet processed.
pub const WAITING: &str = "waiting";
/// It had its effect.
pub const DONE: &str = "done";
/// It had none, for the reason beside it.
pub const IGNORED: &str = "ignored";
/// It failed for good; `solmu inbox retry` tries once more.
pub const FAILED: &str = "failed";

/// How often a row is tried when another server cannot be reached for it.
const ATTEMPTS: i32 = 10;

/// A received activity.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = inbox_items)]
pub struct Item {
    /// Counts up; the order of arrival.
    pub id: i64,
    /// The activity's id.
    pub activity: ActivityUrl,
    /// Who sent it: the owner of the key that signed.
    pub sender: ActorUrl,
    /// The actor whose inbox it came to; `None` for the shared one.
    pub recipient: Option<ActorUrl>,
    /// The bytes as they came.
    pub body: Vec<u8>,
    /// [`WAITING`], [`DONE`], [`IGNORED`] or [`FAILED`].
    pub state: String,
    /// Why it was ignored or has failed.
    pub reason: Option<String>,
    /// How often it was tried.
    pub attempts: i32,
    /// Not before this.
    pub next_at: Timestamp,
    /// Held by a worker until this.
    pub leased_until: Timestamp,
    /// When it arrived.
    pub received_at: Timestamp,
    /// When it was finished.
    pub finished_at: Option<Timestamp>,
    /// The `Collection-Synchronization` header that came with it (FEP-8fcf).
    pub synchronization: Option<String>,
}

/// Whether an activity was received before.
///
/// # Errors
/// Those of the database.
pub(crate) fn is_known(conn: &mut Conn, activity: &ActivityUrl) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(inbox_items::table.filter(inbox_items::activity.eq(activity)))).get_result(conn)
}

/// Stores beside a received activity the header that came with it (FEP-8fcf).
///
/// # Errors
/// Those of the database.
pub(crate) fn note_synchronization(conn: &mut Conn, activity: &ActivityUrl, header: &str) -> QueryResult<()> {
    diesel::update(inbox_items::table.filter(inbox_items::activity.eq(activity)))
        .set(inbox_items::synchronization.eq(header))
        .execute(conn)
        .map(|_| ())
}

/// Stores a received activity. `false` when it is there already.
///
/// # Errors
/// Those of the database.
pub(crate) fn put(
    conn: &mut Conn,
    activity: &ActivityUrl,
    sender: &ActorUrl,
    recipient: Option<&ActorUrl>,
    body: &[u8],
    now: Timestamp,
) -> QueryResult<bool> {
    let row = (
        inbox_items::activity.eq(activity),
        inbox_items::sender.eq(sender),
        inbox_items::recipient.eq(recipient),
        inbox_items::body.eq(body),
        inbox_items::state.eq(WAITING),
        inbox_items::attempts.eq(0),
        inbox_items::next_at.eq(now),
        inbox_items::leased_until.eq(Timestamp::default()),
        inbox_items::received_at.eq(now),
    );
    each!(conn, c => diesel::insert_into(inbox_items::table).values(row).on_conflict_do_nothing().execute(c))
        .map(|inserted| inserted == 1)
}

/// Whether there is anything to claim. A read, so that an idle node takes no write lock.
///
/// # Errors
/// Those of the database.
pub(crate) fn any_due(conn: &mut Conn, now: Timestamp) -> QueryResult<bool> {
    let due = inbox_items::table
        .filter(inbox_items::state.eq(WAITING))
        .filter(inbox_items::next_at.le(now))
        .filter(inbox_items::leased_until.le(now));
    diesel::select(diesel::dsl::exists(due)).get_result(conn)
}

/// Claims the oldest waiting row of up to `limit` senders: one at a time for each, so that nobody's activities overtake
/// one another.
///
/// # Errors
/// Those of the database.
pub(crate) fn claim(conn: &mut Conn, now: Timestamp, limit: i64) -> QueryResult<Vec<Item>> {
    let earlier = diesel::alias!(inbox_items as earlier);
    let first_of_sender = diesel::dsl::not(diesel::dsl::exists(
        earlier
            .filter(earlier.field(inbox_items::state).eq(WAITING))
            .filter(earlier.field(inbox_items::sender).eq(inbox_items::sender))
            .filter(earlier.field(inbox_items::id).lt(inbox_items::id)),
    ));
    let rows: Vec<Item> = inbox_items::table
        .filter(inbox_items::state.eq(WAITING))
        .filter(inbox_items::next_at.le(now))
        .filter(inbox_items::leased_until.le(now))
        .filter(first_of_sender)
        .order(inbox_items::id)
        .limit(limit)
        .select(Item::as_select())
        .load(conn)?;
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    diesel::update(inbox_items::table.filter(inbox_items::id.eq_any(&ids)))
        .set(inbox_items::leased_until.eq(now.plus(LEASE)))
        .execute(conn)?;
    Ok(rows)
}

/// Holds a row for longer.
///
/// # Errors
/// Those of the database.
pub(crate) fn renew(conn: &mut Conn, id: i64, now: Timestamp) -> QueryResult<()> {
    diesel::update(inbox_items::table.find(id).filter(inbox_items::state.eq(WAITING)))
        .set(inbox_items::leased_until.eq(now.plus(LEASE)))
        .execute(conn)
        .map(|_| ())
}

/// Ends all leases.
///
/// # Errors
/// Those of the database.
pub(crate) fn release_all(conn: &mut Conn) -> QueryResult<()> {
    diesel::update(inbox_items::table.filter(inbox_items::state.eq(WAITING)))
        .set(inbox_items::leased_until.eq(Timestamp::default()))
        .execute(conn)
        .map(|_| ())
}

/// Marks a row finished. Belongs into the transaction of its effect; `false` when another worker has finished it.
///
/// # Errors
/// Those of the database.
pub(crate) fn finish(conn: &mut Conn, id: i64, outcome: &Outcome, now: Timestamp) -> QueryResult<bool> {
    let (state, reason) = match outcome {
        Outcome::Applied => (DONE, None),
        Outcome::Duplicate => (DONE, Some("known already".to_owned())),
        Outcome::Ignored(reason) => (IGNORED, Some(reason.to_string())),
    };
    diesel::update(inbox_items::table.find(id).filter(inbox_items::state.eq(WAITING)))
        .set((inbox_items::state.eq(state), inbox_items::reason.eq(reason), inbox_items::finished_at.eq(Some(now))))
        .execute(conn)
        .map(|finished| finished == 1)
}

/// Notes a failure: once more later when that may help, or failed for good.
///
/// # Errors
/// Those of the database.
pub(crate) fn fail(conn: &mut Conn, item: &Item, error: &Error, now: Timestamp) -> QueryResult<()> {
    let attempts = item.attempts + 1;
    let again = error.is_temporary() && attempts < ATTEMPTS;
    let wait = Duration::from_secs(5 << attempts.clamp(0, 10));
    let reason = Some(vocab::text::line(&error.to_string(), 500));
    let row = inbox_items::table.find(item.id).filter(inbox_items::state.eq(WAITING));
    if again {
        diesel::update(row)
            .set((
                inbox_items::attempts.eq(attempts),
                inbox_items::next_at.eq(now.plus(wait)),
                inbox_items::leased_until.eq(Timestamp::default()),
                inbox_items::reason.eq(reason),
            ))
            .execute(conn)?;
    } else {
        diesel::update(row)
            .set((
                inbox_items::attempts.eq(attempts),
                inbox_items::state.eq(FAILED),
                inbox_items::reason.eq(reason),
                inbox_items::finished_at.eq(Some(now)),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// Puts a finished row back to be processed once more. `false` when there is no such row, or its body was let go.
///
/// # Errors
/// Those of the database.
pub fn retry(conn: &mut Conn, id: i64, now: Timestamp) -> QueryResult<bool> {
    // A body that was let go can have no effect any more.
    diesel::update(inbox_items::table.find(id).filter(inbox_items::body.ne(Vec::<u8>::new())))
        .set((
            inbox_items::state.eq(WAITING),
            inbox_items::attempts.eq(0),
            inbox_items::next_at.eq(now),
            inbox_items::leased_until.eq(Timestamp::default()),
            inbox_items::finished_at.eq(None::<Timestamp>),
        ))
        .execute(conn)
        .map(|changed| changed == 1)
}

/// The newest rows, and among them first those that failed.
///
/// # Errors
/// Those of the database.
pub fn newest(conn: &mut Conn, limit: i64) -> QueryResult<Vec<Item>> {
    let mut rows: Vec<Item> = inbox_items::table
        .filter(inbox_items::state.eq(FAILED))
        .order(inbox_items::id.desc())
        .limit(limit)
        .select(Item::as_select())
        .load(conn)?;
    let others: Vec<Item> = inbox_items::table
        .filter(inbox_items::state.ne(FAILED))
        .order(inbox_items::id.desc())
        .limit(limit.saturating_sub(i64::try_from(rows.len()).unwrap_or(limit)))
        .select(Item::as_select())
        .load(conn)?;
    rows.extend(others);
    Ok(rows)
}

/// How many rows there are in each state.
///
/// # Errors
/// Those of the database.
pub fn counts(conn: &mut Conn) -> QueryResult<Vec<(String, i64)>> {
    inbox_items::table
        .group_by(inbox_items::state)
        .order(inbox_items::state)
        .select((inbox_items::state, diesel::dsl::count_star()))
        .load(conn)
}
