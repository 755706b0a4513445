//! Another mail address for one's own account.
//!
//! ```text
//!   new address ──letter──► link (a quarter of an hour) ──a press, signed in to the same account──► the address is theirs
//! ```
//!
//! Invariants: nobody gets an address but who can read its mail and is signed in to the account that asked: to all others the
//! link is none. Nobody learns whether an address is known here: who has an account gets no letter. When it is done, the other
//! sessions end, and the old address is told; what waits for the old address waits for the new one ([`crate::slice::readdress`]).
//! Left out: what is sent to the old address later, which nobody here remembers.

use super::{MailAddress, Secret, account, join, letter, session};
use crate::Error;
use crate::audit::{self, By, Deed, Subject};
use diesel::prelude::*;
use store::id::AccountId;
use store::{Conn, Timestamp};

/// Asks for a letter to the new address. `false` when too much waits already.
///
/// # Errors
/// [`Error::NotFound`] when there is no such account.
pub fn ask(conn: &mut Conn, id: &AccountId, new: &MailAddress, now: Timestamp) -> Result<bool, Error> {
    let account = account::find(conn, id)?.ok_or(Error::NotFound)?;
    Ok(letter::ask(conn, letter::Kind::NewAddress, new, account.language, Some(id.as_str()), now)?)
}

/// Makes the link for the letter. `false` when the account that asked is gone, or the address has links enough.
pub(super) fn make(
    conn: &mut Conn,
    new: &MailAddress,
    asked: Option<&str>,
    link: &Secret,
    now: Timestamp,
) -> QueryResult<bool> {
    let Some(id) = asked.map(AccountId::from_text) else { return Ok(false) };
    if account::find(conn, &id)?.is_none() {
        return Ok(false);
    }
    join::make(conn, new, &bound(link, &id), now)
}

/// Which address a link proves to this account, without using it up.
///
/// # Errors
/// Those of the database.
pub fn read(conn: &mut Conn, id: &AccountId, link: &Secret, now: Timestamp) -> QueryResult<Option<MailAddress>> {
    join::read(conn, &bound(link, id), now)
}

/// Gives the account the address that the link proves. All sessions but the one in which it is done end.
///
/// # Errors
/// [`Error::NotFound`] when the link is not good for this account; [`Error::Conflict`] when somebody has the address.
pub fn confirm(conn: &mut Conn, id: &AccountId, link: &Secret, session: &Secret, now: Timestamp) -> Result<(), Error> {
    let new = read(conn, id, link, now)?.ok_or(Error::NotFound)?;
    let account = account::find(conn, id)?.ok_or(Error::NotFound)?;
    end(conn, link, id)?;
    account::move_to(conn, &account, &new, now)?;
    session::end_others(conn, id, session)?;
    Ok(audit::note(conn, &By::holder(id, "self"), Deed::AddressChanged, &Subject::account(id), "", now)?)
}

/// Ends a link.
pub(super) fn end(conn: &mut Conn, link: &Secret, id: &AccountId) -> QueryResult<()> {
    join::end(conn, &bound(link, id))
}

/// What is kept of the link: it is of no use without the account.
fn bound(link: &Secret, id: &AccountId) -> Secret {
    link.derived(id.as_str())
}
