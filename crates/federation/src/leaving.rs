//! What an actor of another server leaves behind here when it is gone, or not wanted any more.

use crate::kind::{Kinds, Route, route};
use crate::object::{self, Indexed};
use crate::{Error, block, follow, quote, reaction, relay, reply, taken_back};
use store::id::{ActorUrl, ObjectUrl};
use store::{Conn, Timestamp};

/// What stays of the ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trace {
    /// Tombstones: they are never used again.
    Tombstones(Timestamp),
    /// Nothing: they may come again, when the actor is wanted again.
    Nothing,
}

/// Removes all that an actor authored, presented or said here, and its follows in both directions.
///
/// # Errors
/// Those of the database.
pub(crate) fn clear(kinds: Kinds, conn: &mut Conn, actor: &ActorUrl, trace: Trace) -> Result<(), Error> {
    for known in object::all_of(conn, actor)? {
        forget(kinds, conn, &known)?;
        match trace {
            Trace::Tombstones(now) => {
                object::bury(conn, &known.url, actor, now)?;
                relay::take_back(conn, &known.url, now)?;
            }
            Trace::Nothing => object::drop_entry(conn, &known.url)?,
        }
    }
    if let Trace::Tombstones(now) = trace {
        object::bury(conn, &ObjectUrl::from_text(actor.as_str()), actor, now)?;
    }
    reaction::forget_actor(conn, actor)?;
    quote::forget_actor(conn, actor)?;
    taken_back::forget_actor(conn, actor)?;
    block::forget_blocker(conn, actor)?;
    follow::remove_all(conn, actor)?;
    Ok(())
}

/// Removes what a kind holds of an object of another server. Its entry in the index is the caller's.
///
/// # Errors
/// Those of the database.
pub(crate) fn forget(kinds: Kinds, conn: &mut Conn, known: &Indexed) -> Result<(), Error> {
    if known.kind == reply::KIND {
        reply::forget(conn, &known.url)?;
        return Ok(());
    }
    match route(kinds, Some(&known.kind), None, None) {
        Some(Route::Thing(kind)) => kind.forget(conn, &known.url),
        _ => Ok(()),
    }
}
