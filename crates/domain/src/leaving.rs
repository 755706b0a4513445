//! Leaving: an account and everything written with it is hidden at once, and goes for good after a week in which its person may
//! think better of it.
//!
//! ```text
//!   here ──ask──► hidden, for seven days ──finish──► gone; its mark is in the list of erasures
//!     ▲                 │                                    │
//!     └──────stay───────┘            a restored backup ──replay──► gone again
//! ```
//!
//! Invariant: what is gone stays gone. Who finishes writes the mark ([`mark`]) to a list outside the database first; after a start
//! from yesterday's copy, [`replay`] takes away again what the list knows.

use crate::person::account;
use crate::person::position;
use crate::producer::{self, own};
use crate::slice::{self, Person};
use crate::{Error, Node, message};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::time::Duration;
use store::id::{AccountId, ProducerId};
use store::{Conn, Timestamp};

/// How long somebody may think better of it.
pub const REGRET: Duration = Duration::from_secs(7 * 24 * 3600);

/// Begins to leave: nothing is shown any more, from now on. When everything goes for good.
///
/// # Errors
/// [`Error::Refused`] for whoever holds a position, which is handed over first; [`Error::NotFound`].
pub fn ask(conn: &mut Conn, node: &Node, id: &AccountId, now: Timestamp) -> Result<Timestamp, Error> {
    let known = account::find(conn, id)?.ok_or(Error::NotFound)?;
    if !position::of(conn, id)?.is_empty() {
        return Err(Error::refused(message::HAND_OVER_FIRST));
    }
    if let Some(at) = known.leaves_at {
        return Ok(at);
    }
    let at = now.plus(REGRET);
    account::set_leaving(conn, id, Some(at))?;
    own::hide(conn, node, id, now)?;
    Ok(at)
}

/// Stays after all: everything is as it was before.
///
/// # Errors
/// [`Error::NotFound`] when it is too late.
pub fn stay(conn: &mut Conn, node: &Node, id: &AccountId, now: Timestamp) -> Result<(), Error> {
    let known = account::find(conn, id)?.ok_or(Error::NotFound)?;
    if known.leaves_at.is_some() {
        account::set_leaving(conn, id, None)?;
        own::show_again(conn, node, id, now)?;
    }
    Ok(())
}

/// The accounts whose week is over.
///
/// # Errors
/// Those of the database.
pub fn due(conn: &mut Conn, now: Timestamp) -> diesel::QueryResult<Vec<AccountId>> {
    account::leaving(conn, now)
}

/// How many people are leaving, and when the week of the first of them is over. Nobody is named.
///
/// # Errors
/// Those of the database.
pub fn ahead(conn: &mut Conn) -> diesel::QueryResult<(i64, Option<Timestamp>)> {
    account::all_leaving(conn)
}

/// Takes everything of a person away, and tells every host that ever had any of it. How many rows that were.
///
/// # Errors
/// [`Error::NotFound`].
pub fn finish(conn: &mut Conn, node: &Node, id: &AccountId, now: Timestamp) -> Result<usize, Error> {
    slice::forget(conn, node, Person::Account(id), now)
}

/// How the list of erasures knows an account or a profile: it tells nothing of who it was.
pub fn mark(id: &str) -> String {
    use std::fmt::Write;
    Sha256::digest(id.as_bytes()).iter().fold(String::new(), |mut text, byte| {
        // Writing into a `String` does not fail.
        let _ok = write!(text, "{byte:02x}");
        text
    })
}

/// Whether anything is there that the list of erasures knows.
///
/// # Errors
/// Those of the database.
pub fn is_any_known(conn: &mut Conn, marks: &BTreeSet<String>) -> diesel::QueryResult<bool> {
    let accounts = account::ids(conn)?;
    let profiles = producer::local_ids(conn)?;
    let mut ids = accounts.iter().map(AccountId::as_str).chain(profiles.iter().map(ProducerId::as_str));
    Ok(ids.any(|id| marks.contains(&mark(id))))
}

/// Takes away what the list of erasures knows and is there all the same: the database is an older copy. How many people that
/// were.
///
/// # Errors
/// Those of the database.
pub fn replay(conn: &mut Conn, node: &Node, marks: &BTreeSet<String>, now: Timestamp) -> Result<usize, Error> {
    let mut gone = 0;
    for id in account::ids(conn)? {
        if marks.contains(&mark(id.as_str())) {
            finish(conn, node, &id, now)?;
            gone += 1;
        }
    }
    for id in producer::local_ids(conn)? {
        if marks.contains(&mark(id.as_str())) {
            slice::forget(conn, node, Person::Profile(&id), now)?;
            gone += 1;
        }
    }
    Ok(gone)
}
