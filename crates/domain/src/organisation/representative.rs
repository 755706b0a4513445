//! Who speaks for an organisation: people with an account, named by those who run the node.
//!
//! A representative edits the organisation's profile, which is public, and sees how its tasks stand. Invariants: nobody speaks
//! for an organisation but by the word of who runs the node; whoever does can end it. Nobody else sees who it is.

use super::actions::{self, KIND_NAME};
use super::queries::{self, OrganisationRow};
use super::rules::NewOrganisation;
use super::types::OrganisationView;
use crate::audit::{self, By, Deed, Subject};
use crate::person::{Account, MailAddress, account, letter};
use crate::{Caller, Error, Language, Node, message};
use diesel::prelude::*;
use store::id::{AccountId, OrganisationId};
use store::schema::{organisations, representatives};
use store::{Conn, Timestamp, each};

/// The word under which a representative acts, in the log.
pub const REPRESENTATIVE: &str = "representative";

/// Whom to name.
#[derive(Debug, Clone)]
pub struct NewRepresentative {
    /// The address; an account is made when nobody has it.
    pub mail: MailAddress,
    /// The name of a new account.
    pub name: String,
    /// The language of a new account.
    pub language: Language,
}

/// Who speaks for an organisation, and since when; those who have done so longest first.
///
/// # Errors
/// Those of the database.
pub fn representatives(conn: &mut Conn, id: &OrganisationId) -> QueryResult<Vec<(Account, Timestamp)>> {
    let rows: Vec<(AccountId, Timestamp)> = representatives::table
        .filter(representatives::organisation.eq(id))
        .order((representatives::named_at, representatives::account))
        .select((representatives::account, representatives::named_at))
        .load(conn)?;
    let mut all = Vec::new();
    for (account, since) in rows {
        all.extend(account::find(conn, &account)?.map(|account| (account, since)));
    }
    Ok(all)
}

/// The organisations that somebody speaks for, by name.
///
/// # Errors
/// Those of the database.
pub fn represented(conn: &mut Conn, account: &AccountId) -> QueryResult<Vec<(OrganisationId, OrganisationView)>> {
    let theirs =
        representatives::table.filter(representatives::account.eq(account)).select(representatives::organisation);
    let rows: Vec<OrganisationRow> = organisations::table
        .filter(organisations::id.eq_any(theirs))
        .order((organisations::name, organisations::id))
        .select(OrganisationRow::as_select())
        .load(conn)?;
    Ok(rows.into_iter().map(|row| (row.id.clone(), queries::view(row))).collect())
}

/// One of our own organisations.
///
/// # Errors
/// Those of the database.
pub fn ours(conn: &mut Conn, id: &OrganisationId) -> QueryResult<Option<OrganisationView>> {
    Ok(queries::find_local(conn, id)?.map(queries::view))
}

/// One of our own organisations, for who speaks for it.
///
/// # Errors
/// [`Error::NotFound`] for everybody else.
pub fn for_representative(
    conn: &mut Conn,
    account: &AccountId,
    id: &OrganisationId,
) -> Result<OrganisationView, Error> {
    let speaks: bool =
        diesel::select(diesel::dsl::exists(representatives::table.find((id, account)))).get_result(conn)?;
    if !speaks {
        return Err(Error::NotFound);
    }
    ours(conn, id)?.ok_or(Error::NotFound)
}

/// Names somebody to speak for an organisation. They get a letter with a link to sign in by.
///
/// # Errors
/// [`Error::Forbidden`] for all but who runs the node; [`Error::NotFound`]; [`Error::Invalid`] for a new account without a
/// name; [`Error::Conflict`] when they do already.
pub fn name(
    conn: &mut Conn,
    caller: Caller,
    by: &By,
    id: &OrganisationId,
    new: &NewRepresentative,
    now: Timestamp,
) -> Result<Account, Error> {
    caller.must_be_coordinator()?;
    let organisation = queries::find_local(conn, id)?.ok_or(Error::NotFound)?;
    let account = account::make(conn, &new.mail, &new.name, new.language, now)?;
    let row = (
        representatives::organisation.eq(id),
        representatives::account.eq(&account.id),
        representatives::named_at.eq(now),
    );
    let named =
        each!(conn, c => diesel::insert_into(representatives::table).values(row).on_conflict_do_nothing().execute(c))?;
    if named == 0 {
        return Err(Error::Conflict(message::REPRESENTS_ALREADY.into()));
    }
    account::note(conn, &account.id, now)?;
    letter::ask_for_link(conn, &account.mail, account.language, now)?;
    note_of_person(conn, by, Deed::Appointed, &account.id, &organisation, now)?;
    Ok(account)
}

/// Takes the word from somebody: who runs the node does, or they themselves.
///
/// # Errors
/// [`Error::NotFound`] when it is not theirs.
pub fn end(conn: &mut Conn, by: &By, id: &OrganisationId, account: &AccountId, now: Timestamp) -> Result<(), Error> {
    let organisation = queries::find_local(conn, id)?.ok_or(Error::NotFound)?;
    if diesel::delete(representatives::table.find((id, account))).execute(conn)? == 0 {
        return Err(Error::NotFound);
    }
    account::note(conn, account, now)?;
    note_of_person(conn, by, Deed::Dismissed, account, &organisation, now)
}

/// The line of the log that the person can read.
fn note_of_person(
    conn: &mut Conn,
    by: &By,
    deed: Deed,
    account: &AccountId,
    organisation: &OrganisationRow,
    now: Timestamp,
) -> Result<(), Error> {
    audit::note(conn, by, deed, &Subject::account(account), REPRESENTATIVE, now)?;
    let subject = Subject::thing(KIND_NAME, &organisation.id, &organisation.name);
    Ok(audit::note(conn, by, deed, &subject, "", now)?)
}

/// Changes an organisation's profile as somebody who speaks for it: by the same rules as whoever runs the node.
///
/// # Errors
/// [`Error::NotFound`] for everybody else; those of [`super::edit`].
pub fn edit_as_representative(
    conn: &mut Conn,
    node: &Node,
    account: &AccountId,
    id: &OrganisationId,
    new: &NewOrganisation,
    now: Timestamp,
) -> Result<(), Error> {
    for_representative(conn, account, id)?;
    if actions::change(conn, node, id, new, now)?.is_some() {
        let subject = Subject::thing(KIND_NAME, id, &new.name);
        audit::note(conn, &By::holder(account, REPRESENTATIVE), Deed::Changed, &subject, "", now)?;
    }
    Ok(())
}
