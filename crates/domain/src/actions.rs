//! The verbs of the command line, for whatever thing they are said of. Each hands on to the slice's own action.

use crate::error::Key;
use crate::find::Found;
use crate::task::Closing;
use crate::{Caller, Error, Node, event, message, organisation, producer, task};
use federation::key::KeyPair;
use store::id::ActivityUrl;
use store::{Conn, Timestamp};

/// Whether publishing it would make an actor, for which a key has to be made first.
///
/// # Errors
/// Those of the database.
pub fn needs_key(conn: &mut Conn, what: &Found) -> Result<bool, Error> {
    match what {
        Found::Producer(id) => Ok(producer::needs_key(conn, id)?),
        _ => Ok(false),
    }
}

/// Publishes an event, a task or a producer.
///
/// # Errors
/// Those of the slice's action; [`Error::Conflict`] when a key is needed and none is given.
pub fn publish(
    conn: &mut Conn,
    node: &Node,
    caller: Caller,
    what: &Found,
    pair: Option<&KeyPair>,
    now: Timestamp,
) -> Result<ActivityUrl, Error> {
    match what {
        Found::Event(id) => event::publish(conn, node, caller, id, now),
        Found::Task(id) => task::publish(conn, node, caller, id, now),
        Found::Producer(id) => match pair {
            Some(pair) => producer::publish(conn, node, caller, id, pair, now),
            None if needs_key(conn, what)? => Err(Error::Conflict(message::KEY_NEEDED.into())),
            None if producer::is_published(conn, id)? => Err(Error::refused(message::ALREADY_PUBLISHED)),
            None => Err(Error::refused(message::NO_CONSENT)),
        },
        Found::Organisation(_) => Err(Error::refused(message::ALREADY_PUBLISHED)),
    }
}

/// Calls an event or a task off.
///
/// # Errors
/// Those of the slice's action; [`Error::Refused`] for what cannot be called off.
pub fn cancel(
    conn: &mut Conn,
    node: &Node,
    caller: Caller,
    what: &Found,
    now: Timestamp,
) -> Result<ActivityUrl, Error> {
    match what {
        Found::Event(id) => event::cancel(conn, node, caller, id, now),
        Found::Task(id) => task::withdraw(conn, node, caller, id, now),
        other => Err(means_nothing("cancel", other)),
    }
}

/// Puts an event off, without a new date yet.
///
/// # Errors
/// Those of the slice's action; [`Error::Refused`] for what cannot be put off.
pub fn postpone(
    conn: &mut Conn,
    node: &Node,
    caller: Caller,
    what: &Found,
    now: Timestamp,
) -> Result<ActivityUrl, Error> {
    match what {
        Found::Event(id) => event::postpone(conn, node, caller, id, now),
        other => Err(means_nothing("postpone", other)),
    }
}

/// Closes a task.
///
/// # Errors
/// Those of the slice's action; [`Error::Refused`] for what cannot be closed.
pub fn close(
    conn: &mut Conn,
    node: &Node,
    caller: Caller,
    what: &Found,
    how: Closing,
    now: Timestamp,
) -> Result<ActivityUrl, Error> {
    match what {
        Found::Task(id) => task::close(conn, node, caller, id, how, now),
        other => Err(means_nothing("close", other)),
    }
}

/// Deletes anything for good. Without an activity when nobody had heard of it.
///
/// # Errors
/// Those of the slice's action.
pub fn delete(
    conn: &mut Conn,
    node: &Node,
    caller: Caller,
    what: &Found,
    now: Timestamp,
) -> Result<Option<ActivityUrl>, Error> {
    match what {
        Found::Event(id) => event::delete(conn, caller, id, now),
        Found::Task(id) => task::delete(conn, caller, id, now),
        Found::Producer(id) => producer::delete(conn, node, caller, id, now),
        Found::Organisation(id) => organisation::delete(conn, node, caller, id, now).map(Some),
    }
}

fn means_nothing(verb: &str, what: &Found) -> Error {
    Error::refused(Key::new(message::NOT_THIS_VERB).with("verb", verb).with("kind", what.kind()))
}
