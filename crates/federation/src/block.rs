//! Who wants to hear no more of whom: `Block`s of others against our actors, and the operator's own, of an actor or of a
//! whole host.
//!
//! What the operator blocks is shut out at the door (403), is asked for nothing and sent nothing, and what came from there is
//! removed, so that no page, feed, search or collection can show it: it does not have to be left out in each of them. No
//! tombstones are left; after unblocking it may come again. The operator's block of an actor is one by the host's own actor.

use crate::kind::Kinds;
use crate::leaving::{self, Trace};
use crate::{Error, Origin, actor, delivery, follow, peer};
use diesel::prelude::*;
use std::collections::BTreeSet;
use store::id::{ActivityUrl, ActorUrl};
use store::schema::{actors, backfills, blocks, deliveries, objects, peers, quotes, reactions};
use store::{Conn, Timestamp, each};

/// A row of the table.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = blocks)]
pub struct Block {
    /// Who wants to hear no more.
    pub blocker: ActorUrl,
    /// Of whom.
    pub blocked: ActorUrl,
    /// The `Block`; the blocked actor's id when the operator blocks, which tells nobody.
    pub activity: ActivityUrl,
    /// Since when.
    pub created_at: Timestamp,
}

/// Keeps a block. `false` when it is there already.
///
/// # Errors
/// Those of the database.
pub(crate) fn put(conn: &mut Conn, row: &Block) -> QueryResult<bool> {
    each!(conn, c => diesel::insert_into(blocks::table).values(row).on_conflict_do_nothing().execute(c))
        .map(|inserted| inserted == 1)
}

/// Takes a block away. `false` when there was none.
///
/// # Errors
/// Those of the database.
pub(crate) fn remove(conn: &mut Conn, blocker: &ActorUrl, blocked: &ActorUrl) -> QueryResult<bool> {
    diesel::delete(blocks::table.find((blocker, blocked))).execute(conn).map(|gone| gone == 1)
}

/// Takes a block of an actor away by the id of the activity. `false` when there was none.
///
/// # Errors
/// Those of the database.
pub(crate) fn remove_by_activity(conn: &mut Conn, blocker: &ActorUrl, activity: &str) -> QueryResult<bool> {
    let row = blocks::table.filter(blocks::activity.eq(activity)).filter(blocks::blocker.eq(blocker));
    diesel::delete(row).execute(conn).map(|gone| gone > 0)
}

/// Lets go of the blocks that an actor has put up.
///
/// # Errors
/// Those of the database.
pub(crate) fn forget_blocker(conn: &mut Conn, blocker: &ActorUrl) -> QueryResult<usize> {
    diesel::delete(blocks::table.filter(blocks::blocker.eq(blocker))).execute(conn)
}

/// Whether an actor has blocked another one.
///
/// # Errors
/// Those of the database.
pub(crate) fn is_between(conn: &mut Conn, blocker: &ActorUrl, blocked: &ActorUrl) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(blocks::table.find((blocker, blocked)))).get_result(conn)
}

/// Whether the operator has blocked an actor or its host.
///
/// # Errors
/// Those of the database.
pub fn is_blocked(conn: &mut Conn, origin: &Origin, actor: &ActorUrl) -> QueryResult<bool> {
    Ok(is_host_blocked(conn, &actor.host())? || is_between(conn, &origin.relay(), actor)?)
}

/// Whether the operator has blocked a host.
///
/// # Errors
/// Those of the database.
pub fn is_host_blocked(conn: &mut Conn, host: &str) -> QueryResult<bool> {
    Ok(peer::find(conn, host)?.is_some_and(|peer| peer.blocked))
}

/// The actors that the operator has blocked, oldest first.
///
/// # Errors
/// Those of the database.
pub fn blocked_actors(conn: &mut Conn, origin: &Origin) -> QueryResult<Vec<ActorUrl>> {
    blocks::table
        .filter(blocks::blocker.eq(origin.relay()))
        .order((blocks::created_at, blocks::blocked))
        .select(blocks::blocked)
        .load(conn)
}

/// Blocks an actor for the whole node. Its follow is refused, so that its server does not go on counting on it. `false`
/// when it is blocked already.
///
/// # Errors
/// [`Error::Refused`] for an actor of this node.
pub fn actor(
    conn: &mut Conn,
    origin: &Origin,
    kinds: Kinds,
    blocked: &ActorUrl,
    now: Timestamp,
) -> Result<bool, Error> {
    if origin.owns(blocked.as_str()) {
        return Err(Error::refused(blocked.as_str(), "is one of this node's own"));
    }
    let activity = ActivityUrl::from_text(blocked.as_str());
    let row = Block { blocker: origin.relay(), blocked: blocked.clone(), activity, created_at: now };
    let new = put(conn, &row)?;
    for (ours, received) in follow::received_from(conn, blocked)? {
        follow::refuse(conn, origin, blocked, &ours, &received, now)?;
    }
    for ours in follow::followers_here(conn, blocked)? {
        follow::withdraw(conn, origin, &ours, blocked, now)?;
    }
    leaving::clear(kinds, conn, blocked, Trace::Nothing)?;
    diesel::delete(backfills::table.find(blocked)).execute(conn)?;
    Ok(new)
}

/// Unblocks an actor. `false` when it is not blocked.
///
/// # Errors
/// Those of the database.
pub fn unblock_actor(conn: &mut Conn, origin: &Origin, blocked: &ActorUrl) -> QueryResult<bool> {
    remove(conn, &origin.relay(), blocked)
}

/// Blocks a host: everything of it goes, and nothing more is sent there, not even that. `false` when it is blocked already.
///
/// # Errors
/// [`Error::Refused`] for this node's own host.
pub fn host(conn: &mut Conn, origin: &Origin, kinds: Kinds, host: &str, now: Timestamp) -> Result<bool, Error> {
    if host == origin.host() {
        return Err(Error::refused(host, "is this node itself"));
    }
    peer::meet(conn, host)?;
    let new = diesel::update(peers::table.find(host).filter(peers::blocked.eq(false)))
        .set(peers::blocked.eq(true))
        .execute(conn)?;
    for actor in heard_of(conn, host)? {
        leaving::clear(kinds, conn, &actor, Trace::Nothing)?;
        diesel::delete(backfills::table.find(&actor)).execute(conn)?;
        actor::forget(conn, &actor)?;
    }
    let waiting = deliveries::table.filter(deliveries::host.eq(host)).filter(deliveries::state.eq(delivery::WAITING));
    diesel::update(waiting)
        .set((deliveries::state.eq(delivery::SUPERSEDED), deliveries::finished_at.eq(Some(now))))
        .execute(conn)?;
    Ok(new == 1)
}

/// Unblocks a host. `false` when it is not blocked.
///
/// # Errors
/// Those of the database.
pub fn unblock_host(conn: &mut Conn, host: &str) -> QueryResult<bool> {
    diesel::update(peers::table.find(host).filter(peers::blocked.eq(true)))
        .set(peers::blocked.eq(false))
        .execute(conn)
        .map(|changed| changed == 1)
}

/// Every actor of a host of whom there is a trace here.
fn heard_of(conn: &mut Conn, host: &str) -> QueryResult<BTreeSet<ActorUrl>> {
    let mut all: BTreeSet<ActorUrl> =
        actors::table.filter(actors::host.eq(host)).select(actors::url).load(conn)?.into_iter().collect();
    let authors: Vec<ActorUrl> =
        objects::table.filter(objects::local.eq(false)).select(objects::author).distinct().load(conn)?;
    let reacting: Vec<ActorUrl> = reactions::table.select(reactions::actor).distinct().load(conn)?;
    let quoting: Vec<ActorUrl> = quotes::table.select(quotes::quoter).distinct().load(conn)?;
    all.extend(authors.into_iter().chain(reacting).chain(quoting).filter(|actor| actor.host() == host));
    Ok(all)
}
