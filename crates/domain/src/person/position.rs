//! Positions: what somebody is for the region. A position can change hands; nothing hangs on who holds it.

use super::{Account, MailAddress, account, session};
use crate::audit::{self, By, Deed, Subject};
use crate::{Caller, Error, Language, message};
use diesel::prelude::*;
use store::id::AccountId;
use store::schema::{accounts, positions, producers, representatives};
use store::{Conn, Timestamp, each};

/// A position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Position {
    /// Leads the region's node.
    Coordinator,
    /// Stands in for the coordinator.
    Deputy,
    /// Answers for personal data (GDPR Art. 13(1)(b)).
    DataContact,
    /// Whom people turn to who were treated badly.
    HarassmentContact,
}

impl Position {
    /// All, in the order in which they are listed.
    pub const ALL: [Position; 4] =
        [Position::Coordinator, Position::Deputy, Position::DataContact, Position::HarassmentContact];

    /// Its word in the table and at the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Position::Coordinator => "coordinator",
            Position::Deputy => "deputy",
            Position::DataContact => "data-contact",
            Position::HarassmentContact => "harassment-contact",
        }
    }

    /// Reads its word.
    pub fn parse(word: &str) -> Option<Position> {
        Position::ALL.into_iter().find(|position| position.as_str() == word)
    }

    /// Who holds it runs the node from day to day.
    pub fn is_staff(self) -> bool {
        matches!(self, Position::Coordinator | Position::Deputy)
    }
}

/// On whose behalf somebody with these positions acts.
pub fn caller(positions: &[Position]) -> Caller {
    if positions.iter().any(|position| position.is_staff()) { Caller::Coordinator } else { Caller::Anyone }
}

/// The positions of somebody.
///
/// # Errors
/// Those of the database.
pub fn of(conn: &mut Conn, id: &AccountId) -> QueryResult<Vec<Position>> {
    let words: Vec<String> =
        positions::table.filter(positions::account.eq(id)).select(positions::position).load(conn)?;
    let mut held: Vec<Position> = words.iter().filter_map(|word| Position::parse(word)).collect();
    held.sort();
    Ok(held)
}

/// Since when somebody holds a position; nothing when they hold none.
pub(super) fn held_since(conn: &mut Conn, id: &AccountId) -> QueryResult<Option<Timestamp>> {
    positions::table
        .filter(positions::account.eq(id))
        .order(positions::held_since)
        .select(positions::held_since)
        .first(conn)
        .optional()
}

/// Who holds which position and since when, in the order of the positions.
///
/// # Errors
/// Those of the database.
pub fn holders(conn: &mut Conn) -> QueryResult<Vec<(Position, Account, Timestamp)>> {
    let rows: Vec<(String, AccountId, Timestamp)> = positions::table
        .order((positions::held_since, positions::account))
        .select((positions::position, positions::account, positions::held_since))
        .load(conn)?;
    let mut all = Vec::new();
    for (word, id, since) in rows {
        if let (Some(position), Some(account)) = (Position::parse(&word), account::find(conn, &id)?) {
            all.push((position, account, since));
        }
    }
    all.sort_by_key(|(position, ..)| *position);
    Ok(all)
}

/// Whether anybody holds a position.
///
/// # Errors
/// Those of the database.
pub fn is_held(conn: &mut Conn, position: Position) -> QueryResult<bool> {
    let held = positions::table.filter(positions::position.eq(position.as_str()));
    diesel::select(diesel::dsl::exists(held)).get_result(conn)
}

/// Whom to appoint.
#[derive(Debug, Clone)]
pub struct Appointment {
    /// To what.
    pub position: Position,
    /// The address; an account is made when nobody has it.
    pub mail: MailAddress,
    /// The name of a new account.
    pub name: String,
    /// The language of a new account.
    pub language: Language,
}

/// Gives somebody a position. Their sessions end: none that was begun without it gets it unasked.
///
/// # Errors
/// [`Error::Forbidden`] for all but the coordinator; [`Error::Invalid`] for a new account without a name;
/// [`Error::Conflict`] when the position is theirs already.
pub fn appoint(conn: &mut Conn, caller: Caller, new: &Appointment, now: Timestamp) -> Result<Account, Error> {
    caller.must_be_coordinator()?;
    let account = account::make(conn, &new.mail, &new.name, new.language, now)?;
    give(conn, new.position, &account.id, now)?;
    session::end_all(conn, &account.id)?;
    let subject = Subject::account(&account.id);
    audit::note(conn, &By::OPERATOR, Deed::Appointed, &subject, new.position.as_str(), now)?;
    Ok(account)
}

/// Takes a position from somebody. Their sessions end: what was open under it is open no more.
///
/// # Errors
/// [`Error::Forbidden`] for all but the coordinator; [`Error::NotFound`] when it is not theirs.
pub fn dismiss(
    conn: &mut Conn,
    caller: Caller,
    position: Position,
    mail: &MailAddress,
    now: Timestamp,
) -> Result<(), Error> {
    caller.must_be_coordinator()?;
    let account = account::find_by_mail(conn, mail)?.ok_or(Error::NotFound)?;
    take(conn, position, &account.id, now)?;
    Ok(audit::note(conn, &By::OPERATOR, Deed::Dismissed, &Subject::account(&account.id), position.as_str(), now)?)
}

/// Gives somebody a position who has an account. Which of their sessions end is for the caller to say: one that was begun
/// without the position does not get it unasked.
///
/// # Errors
/// [`Error::Conflict`] when it is theirs already.
pub(super) fn give(conn: &mut Conn, position: Position, id: &AccountId, now: Timestamp) -> Result<(), Error> {
    let row = (positions::position.eq(position.as_str()), positions::account.eq(id), positions::held_since.eq(now));
    let given =
        each!(conn, c => diesel::insert_into(positions::table).values(row).on_conflict_do_nothing().execute(c))?;
    if given == 0 {
        return Err(Error::Conflict(message::POSITION_HELD.into()));
    }
    Ok(account::note(conn, id, now)?)
}

/// Takes a position from somebody, and ends their sessions.
///
/// # Errors
/// [`Error::NotFound`] when it is not theirs.
pub(super) fn take(conn: &mut Conn, position: Position, id: &AccountId, now: Timestamp) -> Result<(), Error> {
    if diesel::delete(positions::table.find((position.as_str(), id))).execute(conn)? == 0 {
        return Err(Error::NotFound);
    }
    session::end_all(conn, id)?;
    Ok(account::note(conn, id, now)?)
}

/// The accounts that hold no position, have written no profile, speak for no organisation, and were not seen since `limit`.
pub(super) fn idle(conn: &mut Conn, limit: Timestamp) -> QueryResult<Vec<AccountId>> {
    let held = positions::table.filter(positions::account.eq(accounts::id));
    let written = producers::table.filter(producers::account.eq(accounts::id.nullable()));
    let speaking = representatives::table.filter(representatives::account.eq(accounts::id));
    accounts::table
        .filter(accounts::seen_at.lt(limit))
        .filter(diesel::dsl::not(diesel::dsl::exists(written)))
        .filter(diesel::dsl::not(diesel::dsl::exists(held)))
        .filter(diesel::dsl::not(diesel::dsl::exists(speaking)))
        .select(accounts::id)
        .load(conn)
}
