//! The table of received activities.

use crate::Error;
use crate::holding::LEASE;
use crate::inbox::intake::Arrival;
use crate::kind::Outcome;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use std::collections::HashSet;
use std::time::Duration;
use store::id::{ActivityUrl, ActorUrl};
use store::schema::inbox_items;
use store::{Conn, Spelt, Timestamp, each, spelt};

/// Not yet processed.
pub const WAITING: &str = "waiting";
/// It had its effect.
pub const DONE: &str = "done";
/// It had none, for the reason beside it.
pub const IGNORED: &str = "ignored";
/// It failed for good; `solmu inbox retry` tries once more.
pub const FAILED: &str = "failed";

/// Not yet processed, as the indexes have it.
pub(crate) fn waiting() -> Spelt {
    spelt("inbox_items.state = 'waiting'")
}

/// How often a row is tried when another server cannot be reached for it.
const ATTEMPTS: i32 = 10;

/// A new row.
macro_rules! row {
    ($activity:expr, $sender:expr, $recipient:expr, $body:expr, $now:expr) => {
        (
            inbox_items::activity.eq($activity),
            inbox_items::sender.eq($sender),
            inbox_items::recipient.eq($recipient),
            inbox_items::body.eq($body),
            inbox_items::state.eq(WAITING),
            inbox_items::attempts.eq(0),
            inbox_items::next_at.eq($now),
            inbox_items::leased_until.eq(Timestamp::default()),
            inbox_items::received_at.eq($now),
        )
    };
}

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
    let row = row!(activity, sender, recipient, body, now);
    each!(conn, c => diesel::insert_into(inbox_items::table).values(row).on_conflict_do_nothing().execute(c))
        .map(|inserted| inserted == 1)
}

/// Stores received activities, in order; of each its place, and whether it was there already.
///
/// # Errors
/// Those of the database.
pub(crate) fn put_all(conn: &mut Conn, arrivals: &[(usize, &Arrival)]) -> QueryResult<Vec<(usize, bool)>> {
    let Conn::Postgres(c) = conn else {
        // On SQLite a statement that is prepared once is run for each row.
        let put_one = |(place, one): &(usize, &Arrival)| {
            let stored = put(conn, &one.activity, &one.signer.url, one.recipient.as_ref(), &one.body, one.now)?;
            Ok((*place, !stored))
        };
        return arrivals.iter().map(put_one).collect();
    };
    // On PostgreSQL one round trip serves all.
    let row = |one: &Arrival| {
        row!(one.activity.clone(), one.signer.url.clone(), one.recipient.clone(), one.body.to_vec(), one.now)
    };
    let rows: Vec<_> = arrivals.iter().map(|(_, arrival)| row(arrival)).collect();
    let stored: Vec<String> = diesel::insert_into(inbox_items::table)
        .values(rows)
        .on_conflict_do_nothing()
        .returning(inbox_items::activity)
        .get_results(c)?;
    let mut stored: HashSet<String> = stored.into_iter().collect();
    // Of two in one group that have one id, the first is the one that is stored.
    Ok(arrivals.iter().map(|(place, one)| (*place, !stored.remove(one.activity.as_str()))).collect())
}

/// Rows of one sender that are claimed together.
const LANE: i64 = 20;
/// Senders that one claim looks at.
const WINDOW: i64 = 200;

/// The first waiting row of each sender, sender by sender from a place on. Walks the index from one sender to the next, so
/// that it costs the same however much one of them has sent.
const HEADS: &str = "WITH RECURSIVE heads (sender, place) AS (
        SELECT MIN(sender), 1 FROM inbox_items WHERE state = 'waiting' AND sender > $1
        UNION ALL
        SELECT (SELECT MIN(sender) FROM inbox_items WHERE state = 'waiting' AND sender > heads.sender), place + 1
            FROM heads WHERE heads.sender IS NOT NULL AND place < $2
    )
    SELECT item.sender, item.next_at, item.leased_until FROM heads JOIN inbox_items item
        ON item.id = (SELECT MIN(id) FROM inbox_items WHERE state = 'waiting' AND sender = heads.sender)
    ORDER BY item.sender";

#[derive(QueryableByName)]
struct Head {
    #[diesel(sql_type = Text)]
    sender: ActorUrl,
    #[diesel(sql_type = BigInt)]
    next_at: Timestamp,
    #[diesel(sql_type = BigInt)]
    leased_until: Timestamp,
}

/// Senders whose next row may be claimed.
#[derive(Debug)]
pub(crate) struct Due {
    /// Up to as many as were asked for.
    pub senders: Vec<ActorUrl>,
    /// Where to look next, when there are more senders than were looked at.
    pub next: Option<ActorUrl>,
    /// Anything waits of those who were looked at, due or not.
    pub anything: bool,
}

/// Looks for up to `limit` senders after `after` whose first waiting row is due and free. A read, so that a node takes no
/// write lock for nothing.
///
/// # Errors
/// Those of the database.
pub(crate) fn due(conn: &mut Conn, now: Timestamp, limit: usize, after: &str) -> QueryResult<Due> {
    let heads: Vec<Head> = each!(conn, c => diesel::sql_query(HEADS)
        .bind::<Text, _>(after)
        .bind::<BigInt, _>(WINDOW)
        .load(c))?;
    let is_free = |head: &&Head| head.next_at <= now && head.leased_until <= now;
    let senders: Vec<ActorUrl> = heads.iter().filter(is_free).take(limit).map(|head| head.sender.clone()).collect();
    let looked_at_all = i64::try_from(heads.len()).is_ok_and(|looked| looked < WINDOW);
    let next = match senders.last() {
        Some(last) if senders.len() == limit => Some(last.clone()),
        _ if looked_at_all => None,
        _ => heads.last().map(|head| head.sender.clone()),
    };
    Ok(Due { senders, next, anything: !heads.is_empty() })
}

/// Claims the next waiting rows of senders: a sender's rows only together and in order, so that nobody's activities overtake
/// one another.
///
/// # Errors
/// Those of the database.
pub(crate) fn claim(conn: &mut Conn, now: Timestamp, senders: &[ActorUrl]) -> QueryResult<Vec<Vec<Item>>> {
    let (mut lanes, mut ids) = (Vec::with_capacity(senders.len()), Vec::new());
    for sender in senders {
        let rows: Vec<Item> = inbox_items::table
            .filter(waiting())
            .filter(inbox_items::sender.eq(sender))
            .order(inbox_items::id)
            .limit(LANE)
            .select(Item::as_select())
            .load(conn)?;
        // One that is put back to be tried once more does not overtake those that somebody holds.
        if rows.iter().any(|row| row.leased_until > now) {
            continue;
        }
        let rows: Vec<Item> = rows.into_iter().take_while(|row| row.next_at <= now).collect();
        if !rows.is_empty() {
            ids.extend(rows.iter().map(|row| row.id));
            lanes.push(rows);
        }
    }
    for some in ids.chunks(500) {
        diesel::update(inbox_items::table.filter(inbox_items::id.eq_any(some)))
            .set(inbox_items::leased_until.eq(now.plus(LEASE)))
            .execute(conn)?;
    }
    Ok(lanes)
}

/// Gives rows back that were claimed but not tried.
///
/// # Errors
/// Those of the database.
pub(crate) fn release(conn: &mut Conn, ids: &[i64]) -> QueryResult<()> {
    diesel::update(inbox_items::table.filter(inbox_items::id.eq_any(ids)).filter(waiting()))
        .set(inbox_items::leased_until.eq(Timestamp::default()))
        .execute(conn)
        .map(|_| ())
}

/// Holds rows for longer.
///
/// # Errors
/// Those of the database.
pub(crate) fn renew(conn: &mut Conn, ids: &[i64], now: Timestamp) -> QueryResult<()> {
    diesel::update(inbox_items::table.filter(inbox_items::id.eq_any(ids)).filter(waiting()))
        .set(inbox_items::leased_until.eq(now.plus(LEASE)))
        .execute(conn)
        .map(|_| ())
}

/// Ends all leases.
///
/// # Errors
/// Those of the database.
pub(crate) fn release_all(conn: &mut Conn) -> QueryResult<()> {
    diesel::update(inbox_items::table.filter(waiting()))
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
    diesel::update(inbox_items::table.find(id).filter(waiting()))
        .set((inbox_items::state.eq(state), inbox_items::reason.eq(reason), inbox_items::finished_at.eq(Some(now))))
        .execute(conn)
        .map(|finished| finished == 1)
}

/// Notes a failure: once more later when that may help (then it is `true`), or failed for good.
///
/// # Errors
/// Those of the database.
pub(crate) fn fail(conn: &mut Conn, item: &Item, error: &Error, now: Timestamp) -> QueryResult<bool> {
    let attempts = item.attempts + 1;
    let again = error.is_temporary() && attempts < ATTEMPTS;
    let wait = Duration::from_secs(5 << attempts.clamp(0, 10));
    let reason = Some(vocab::text::line(&error.to_string(), 500));
    let row = inbox_items::table.find(item.id).filter(waiting());
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
    Ok(again)
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
