//! Whom the node follows, and whom it does not want to hear of; what is known of other hosts, for people to read.

use super::staff::Staff;
use crate::audit::{self, Deed, Line, Subject};
use crate::{Error, Node, message, region};
use federation::peer::{self, Peer};
use federation::{actor, block as blocks, follow as follows};
use std::collections::HashMap;
use store::id::{ActivityUrl, ActorUrl};
use store::{Conn, Timestamp};

/// The kind of a host in the log.
const HOST: &str = "host";

/// A host, and why it was blocked.
#[derive(Debug, Clone)]
pub struct Host {
    /// What is known of it.
    pub peer: Peer,
    /// Deliveries that wait for it.
    pub waiting: i64,
    /// The last block, with its reason.
    pub block: Option<Line>,
}

/// Asks to follow an actor that was fetched.
///
/// # Errors
/// Those of the spine; [`Error::Refused`] before the node has made its actors.
pub fn follow(
    conn: &mut Conn,
    node: &Node,
    staff: &Staff,
    followed: &ActorUrl,
    now: Timestamp,
) -> Result<ActivityUrl, Error> {
    let ours = region::presenter(conn)?;
    let id = follows::request(conn, &node.origin, &ours, followed, now)?;
    note(conn, staff, Deed::Followed, followed, now)?;
    Ok(id)
}

/// Ends a follow of ours.
///
/// # Errors
/// [`Error::NotFound`] when there is none; those of the spine.
pub fn unfollow(
    conn: &mut Conn,
    node: &Node,
    staff: &Staff,
    followed: &ActorUrl,
    now: Timestamp,
) -> Result<ActivityUrl, Error> {
    let ours = region::presenter(conn)?;
    follows::find(conn, &ours, followed)?.ok_or(Error::NotFound)?;
    let id = follows::withdraw(conn, &node.origin, &ours, followed, now)?;
    note(conn, staff, Deed::Unfollowed, followed, now)?;
    Ok(id)
}

fn note(conn: &mut Conn, staff: &Staff, deed: Deed, whom: &ActorUrl, now: Timestamp) -> Result<(), Error> {
    let handle = actor::find(conn, whom)?.map(|actor| actor.handle()).unwrap_or_default();
    Ok(audit::note(conn, staff.by(), deed, &Subject::thing("actor", whom, &handle), "", now)?)
}

/// Blocks a host, with a reason. What came from it is removed.
///
/// # Errors
/// [`Error::Refused`] for this node's own; [`Error::Conflict`] when it is blocked already.
pub fn block(
    conn: &mut Conn,
    node: &Node,
    staff: &Staff,
    host: &str,
    reason: &str,
    now: Timestamp,
) -> Result<(), Error> {
    if host == node.origin.host() {
        return Err(Error::refused(message::OWN_HOST));
    }
    if !blocks::host(conn, &node.origin, crate::kinds(), host, now)? {
        return Err(Error::Conflict(message::ALREADY_BLOCKED.into()));
    }
    Ok(audit::note(conn, staff.by(), Deed::Blocked, &Subject::thing(HOST, host, host), reason, now)?)
}

/// Ends a block.
///
/// # Errors
/// [`Error::NotFound`] when it is not blocked.
pub fn unblock(conn: &mut Conn, staff: &Staff, host: &str, now: Timestamp) -> Result<(), Error> {
    if !blocks::unblock_host(conn, host)? {
        return Err(Error::NotFound);
    }
    Ok(audit::note(conn, staff.by(), Deed::Unblocked, &Subject::thing(HOST, host, host), "", now)?)
}

/// The hosts that are known, by name, those that want to be looked at first.
///
/// # Errors
/// Those of the database.
pub fn hosts(conn: &mut Conn) -> Result<Vec<Host>, Error> {
    let backlogs = federation::delivery::summary::backlogs(conn, 1_000)?;
    let waiting: HashMap<String, i64> = backlogs.into_iter().map(|backlog| (backlog.host, backlog.waiting)).collect();
    let mut all = Vec::new();
    for peer in peer::all(conn)? {
        let block = match peer.blocked {
            true => audit::last(conn, Deed::Blocked, HOST, &peer.host)?,
            false => None,
        };
        all.push(Host { waiting: waiting.get(&peer.host).copied().unwrap_or_default(), block, peer });
    }
    all.sort_by_key(|host| (!host.peer.blocked && host.peer.failures == 0, host.peer.host.clone()));
    Ok(all)
}
