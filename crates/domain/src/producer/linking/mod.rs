//! A profile that an import has made becomes its person's own.
//!
//! ```text
//!   imported ──invite──► waits for whoever signs in by an address ──accept──► the person's own ([`super::own`])
//!      ▲                        │
//!      └──decline, take back, thirty days
//! ```
//!
//! Invariants: before the person has accepted, nothing of the profile changes, and nobody learns whether the address is known;
//! what was agreed to elsewhere ends with the acceptance, and only what the person switches on here is public from then on; from
//! then on no import writes to it ([`is_owned`]). Left out: putting two profiles of one person together.

use super::own::{self, Own};
use super::queries::{self, ProducerRow};
use crate::audit::{self, By, Deed, Subject};
use crate::person::{self, Account, Field, MailAddress, account, invitation, letter};
use crate::{Caller, Error, Language, Node, message};
use std::collections::{BTreeSet, HashMap};
use store::id::{AccountId, ActivityUrl, ProducerId};
use store::{Conn, Timestamp};

/// A profile of nobody's own, as the desk lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unlinked {
    /// Its id.
    pub id: ProducerId,
    /// Its name.
    pub name: String,
    /// Whether it is published.
    pub published: bool,
    /// When somebody was invited, while that holds.
    pub invited_at: Option<Timestamp>,
}

/// A profile that somebody is invited to take over.
pub struct Offered {
    /// The invitation.
    pub id: String,
    /// The profile as it is.
    pub own: Own,
}

/// The profiles that are nobody's own, by name.
///
/// # Errors
/// Those of the database.
pub fn without_person(conn: &mut Conn, offset: i64, limit: i64, now: Timestamp) -> diesel::QueryResult<Vec<Unlinked>> {
    let rows = queries::without_account(conn, offset, limit)?;
    let ids: Vec<ProducerId> = rows.iter().map(|row| row.id.clone()).collect();
    let invited: HashMap<ProducerId, Timestamp> =
        invitation::among(conn, &ids, now)?.into_iter().map(|one| (one.producer, one.made_at)).collect();
    let unlinked = |row: ProducerRow| Unlinked {
        published: row.is_published(),
        invited_at: invited.get(&row.id).copied(),
        id: row.id,
        name: row.name,
    };
    Ok(rows.into_iter().map(unlinked).collect())
}

/// Whether a profile is its person's own.
///
/// # Errors
/// Those of the database.
pub fn is_owned(conn: &mut Conn, id: &ProducerId) -> diesel::QueryResult<bool> {
    Ok(queries::find_local(conn, id)?.is_some_and(|row| row.account.is_some()))
}

/// Invites whoever can sign in by an address to take a profile over, and writes to that address.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::NotFound`]; [`Error::Conflict`] when the profile is somebody's own.
pub fn invite(
    conn: &mut Conn,
    (caller, by): (Caller, &By),
    id: &ProducerId,
    (mail, language): (&MailAddress, Language),
    now: Timestamp,
) -> Result<(), Error> {
    caller.must_be_coordinator()?;
    let row = queries::find_local(conn, id)?.ok_or(Error::NotFound)?;
    if row.account.is_some() {
        return Err(Error::Conflict(message::PROFILE_OWNED.into()));
    }
    invitation::keep(conn, id, mail, now)?;
    letter::ask(conn, letter::Kind::Invited, mail, language, None, now)?;
    Ok(audit::note(conn, by, Deed::Invited, &Subject::producer(id), "", now)?)
}

/// Takes the invitation to a profile back.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::NotFound`] when nobody is invited.
pub fn take_back(conn: &mut Conn, (caller, by): (Caller, &By), id: &ProducerId, now: Timestamp) -> Result<(), Error> {
    caller.must_be_coordinator()?;
    if invitation::end(conn, id)? == 0 {
        return Err(Error::NotFound);
    }
    Ok(audit::note(conn, by, Deed::InvitationEnded, &Subject::producer(id), "", now)?)
}

/// What somebody is invited to.
///
/// # Errors
/// Those of the database.
pub fn offered(conn: &mut Conn, account: &Account, now: Timestamp) -> diesel::QueryResult<Vec<Offered>> {
    let mut all = Vec::new();
    for one in invitation::to(conn, &account.mail, now)? {
        if let Some(row) = queries::find_local(conn, &one.producer)?.filter(|row| row.account.is_none()) {
            all.push(Offered { id: one.id, own: own::of_row(conn, row)? });
        }
    }
    Ok(all)
}

/// Takes a profile over. What was agreed to before ends; these fields are public from then on, by the text that stands here,
/// and no others. A published profile stays published, unless the name is not among them.
///
/// # Errors
/// [`Error::NotFound`] without an invitation that holds, and for who is leaving; [`Error::Conflict`] for who has a profile.
pub fn accept(
    conn: &mut Conn,
    node: &Node,
    account: &AccountId,
    id: &str,
    (fields, language): (&BTreeSet<Field>, Language),
    now: Timestamp,
) -> Result<Option<ActivityUrl>, Error> {
    let row = invited_to(conn, account, id, now)?;
    if queries::find_by_account(conn, account)?.is_some() {
        return Err(Error::Conflict(message::PROFILE_THERE.into()));
    }
    invitation::end(conn, &row.id)?;
    person::end(conn, &row.id, now)?;
    queries::save(conn, &ProducerRow { account: Some(account.clone()), asked_at: None, returned: None, ..row })?;
    audit::note(conn, &By::holder(account, "self"), Deed::ProfileTaken, &Subject::account(account), "", now)?;
    own::consent(conn, node, account, fields, language, now)
}

/// Does not take a profile over. It stays as it is.
///
/// # Errors
/// [`Error::NotFound`] without an invitation that holds.
pub fn decline(conn: &mut Conn, account: &AccountId, id: &str, now: Timestamp) -> Result<(), Error> {
    let row = invited_to(conn, account, id, now)?;
    invitation::end(conn, &row.id)?;
    let by = By::holder(account, "self");
    Ok(audit::note(conn, &by, Deed::InvitationEnded, &Subject::producer(&row.id), "", now)?)
}

/// The profile that an account is invited to by this invitation.
fn invited_to(conn: &mut Conn, account: &AccountId, id: &str, now: Timestamp) -> Result<ProducerRow, Error> {
    let known = account::find(conn, account)?.filter(|one| one.leaves_at.is_none()).ok_or(Error::NotFound)?;
    let all = invitation::to(conn, &known.mail, now)?;
    let one = all.into_iter().find(|one| one.id == id).ok_or(Error::NotFound)?;
    let row = queries::find_local(conn, &one.producer)?;
    row.filter(|row| row.account.is_none()).ok_or(Error::NotFound)
}

#[cfg(test)]
mod tests;
