//! A position changes hands when both sides say so: who holds it offers it, and who is to have it takes it after signing in.
//!
//! The coordinator may also offer a position to somebody beside those who hold it. Invariants: nobody gets a position without
//! having taken it, and nobody loses one by another's offer; an offer holds for two weeks, and only as long as its giver might
//! still make it. (The operator appoints and dismisses at the command line, for when there is nobody to offer.)

use super::position::{self, Position};
use super::{Account, MailAddress, Secret, account, letter, session};
use crate::audit::{self, By, Deed, Subject};
use crate::error::Key;
use crate::{Error, Language, message};
use diesel::prelude::*;
use std::time::Duration;
use store::id::AccountId;
use store::schema::position_offers as offers;
use store::{Conn, Timestamp, each};

/// How long an offer holds.
pub const LIFE: Duration = Duration::from_secs(14 * 24 * 3600);

/// An offer.
#[derive(Debug, Clone)]
pub struct Offer {
    /// Its id.
    pub id: String,
    /// Of which position.
    pub position: Position,
    /// Whose position changes hands, or who offers one beside it.
    pub giver: Account,
    /// The giver's own changes hands.
    pub gives_up: bool,
    /// To whom.
    pub receiver: Account,
    /// When it was made.
    pub made_at: Timestamp,
}

/// What is offered to whom.
#[derive(Debug, Clone)]
pub struct NewOffer {
    /// Of which position.
    pub position: Position,
    /// The giver's own changes hands.
    pub gives_up: bool,
    /// The address; an account is made when nobody has it.
    pub mail: MailAddress,
    /// The name of a new account.
    pub name: String,
    /// The language of a new account.
    pub language: Language,
}

/// Whether somebody with these positions may offer one. Pure.
fn may_offer(held: &[Position], position: Position, gives_up: bool) -> Result<(), Key> {
    match gives_up {
        true if held.contains(&position) => Ok(()),
        true => Err(message::POSITION_NOT_HELD.into()),
        false if held.contains(&Position::Coordinator) => Ok(()),
        false => Err(message::COORDINATOR_ONLY.into()),
    }
}

/// Offers a position. The receiver gets a letter with a link to sign in by, and finds the offer there.
///
/// # Errors
/// [`Error::Forbidden`] for what is not the giver's to offer; [`Error::Invalid`] for a new account without a name;
/// [`Error::Conflict`] when the receiver holds the position already.
pub fn make(conn: &mut Conn, giver: &AccountId, new: &NewOffer, now: Timestamp) -> Result<String, Error> {
    let held = position::of(conn, giver)?;
    may_offer(&held, new.position, new.gives_up).map_err(Error::Forbidden)?;
    let receiver = account::make(conn, &new.mail, &new.name, new.language, now)?;
    if position::of(conn, &receiver.id)?.contains(&new.position) {
        return Err(Error::Conflict(message::POSITION_HELD.into()));
    }
    let same =
        offers::table.filter(offers::receiver.eq(&receiver.id)).filter(offers::position.eq(new.position.as_str()));
    diesel::delete(same.filter(offers::giver.eq(giver))).execute(conn)?;
    let id = store::id::fresh(now);
    let row = (
        offers::id.eq(&id),
        offers::position.eq(new.position.as_str()),
        offers::giver.eq(giver),
        offers::gives_up.eq(new.gives_up),
        offers::receiver.eq(&receiver.id),
        offers::made_at.eq(now),
    );
    each!(conn, c => diesel::insert_into(offers::table).values(row).execute(c))?;
    letter::ask_for_link(conn, &receiver.mail, receiver.language, now)?;
    account::note(conn, &receiver.id, now)?;
    let as_what = if new.gives_up { new.position } else { Position::Coordinator };
    let by = By::holder(giver, as_what.as_str());
    audit::note(conn, &by, Deed::Offered, &Subject::account(&receiver.id), new.position.as_str(), now)?;
    Ok(id)
}

/// Takes an offer: the position is the receiver's from then on, and the giver's no more when it was the giver's own. Of the
/// receiver's sessions the one in which it is taken stays; the others would get the position without having asked for it.
///
/// # Errors
/// [`Error::NotFound`] when there is no such offer to this person, it is too old, or its giver might not make it any more;
/// [`Error::Conflict`] when they hold the position already.
pub fn take(
    conn: &mut Conn,
    receiver: &AccountId,
    id: &str,
    session: &Secret,
    now: Timestamp,
) -> Result<Position, Error> {
    let offer = find(conn, id, now)?.filter(|offer| offer.receiver.id == *receiver).ok_or(Error::NotFound)?;
    let held = position::of(conn, &offer.giver.id)?;
    may_offer(&held, offer.position, offer.gives_up).map_err(|_| Error::NotFound)?;
    diesel::delete(offers::table.find(id)).execute(conn)?;
    position::give(conn, offer.position, receiver, now)?;
    session::end_others(conn, receiver, session)?;
    let word = offer.position.as_str();
    let by = By::holder(receiver, word);
    audit::note(conn, &by, Deed::TakenOver, &Subject::account(receiver), word, now)?;
    if offer.gives_up {
        position::take(conn, offer.position, &offer.giver.id, now)?;
        audit::note(conn, &by, Deed::TakenOver, &Subject::account(&offer.giver.id), word, now)?;
    }
    Ok(offer.position)
}

/// Ends an offer: its giver takes it back, or its receiver does not take it.
///
/// # Errors
/// [`Error::NotFound`] when it is neither's.
pub fn end(conn: &mut Conn, who: &AccountId, id: &str, now: Timestamp) -> Result<(), Error> {
    let offer = find(conn, id, now)?.ok_or(Error::NotFound)?;
    let by = if offer.giver.id == *who {
        By::holder(who, if offer.gives_up { offer.position } else { Position::Coordinator }.as_str())
    } else if offer.receiver.id == *who {
        By::holder(who, "nobody")
    } else {
        return Err(Error::NotFound);
    };
    diesel::delete(offers::table.find(id)).execute(conn)?;
    let subject = Subject::account(&offer.receiver.id);
    Ok(audit::note(conn, &by, Deed::Withdrawn, &subject, offer.position.as_str(), now)?)
}

/// The coordinator takes a position from somebody else.
///
/// # Errors
/// [`Error::Forbidden`] for all but a coordinator, and for the coordinator's own: that is handed over; [`Error::NotFound`]
/// when it is not theirs.
pub fn dismiss(
    conn: &mut Conn,
    coordinator: &AccountId,
    position: Position,
    from: &AccountId,
    now: Timestamp,
) -> Result<(), Error> {
    let held = position::of(conn, coordinator)?;
    if !held.contains(&Position::Coordinator) || position == Position::Coordinator {
        return Err(Error::Forbidden(message::COORDINATOR_ONLY.into()));
    }
    position::take(conn, position, from, now)?;
    let by = By::holder(coordinator, Position::Coordinator.as_str());
    Ok(audit::note(conn, &by, Deed::Dismissed, &Subject::account(from), position.as_str(), now)?)
}

type Row = (String, String, AccountId, bool, AccountId, Timestamp);

fn of(conn: &mut Conn, row: Row) -> QueryResult<Option<Offer>> {
    let (id, position, giver, gives_up, receiver, made_at) = row;
    let (giver, receiver) = (account::find(conn, &giver)?, account::find(conn, &receiver)?);
    let found = Position::parse(&position).zip(giver).zip(receiver);
    Ok(found.map(|((position, giver), receiver)| Offer { id, position, giver, gives_up, receiver, made_at }))
}

fn find(conn: &mut Conn, id: &str, now: Timestamp) -> QueryResult<Option<Offer>> {
    let row: Option<Row> = offers::table.find(id).filter(offers::made_at.gt(now.minus(LIFE))).first(conn).optional()?;
    row.map_or(Ok(None), |row| of(conn, row))
}

/// The offers that somebody has made or got, the newest first.
///
/// # Errors
/// Those of the database.
pub fn concerning(conn: &mut Conn, who: &AccountId, now: Timestamp) -> QueryResult<Vec<Offer>> {
    let rows: Vec<Row> = offers::table
        .filter(offers::giver.eq(who).or(offers::receiver.eq(who)))
        .filter(offers::made_at.gt(now.minus(LIFE)))
        .order((offers::made_at.desc(), offers::id))
        .load(conn)?;
    let mut all = Vec::new();
    for row in rows {
        all.extend(of(conn, row)?);
    }
    Ok(all)
}

/// How many are too old.
pub(super) fn count_ended(conn: &mut Conn, now: Timestamp) -> QueryResult<i64> {
    offers::table.filter(offers::made_at.le(now.minus(LIFE))).count().get_result(conn)
}

/// Removes those that are too old.
pub(super) fn remove_ended(conn: &mut Conn, now: Timestamp) -> QueryResult<usize> {
    diesel::delete(offers::table.filter(offers::made_at.le(now.minus(LIFE)))).execute(conn)
}
