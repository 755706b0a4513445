//! The queue of mail: a row is written in the transaction of its cause, and removed when the letter is on its way.
//!
//! Invariant: nothing secret waits here. A row says that somebody at an address is to get a letter of a kind, and at most
//! what the coordinator has to say or which account has asked; what else the letter says is made when it is sent. So a request
//! to sign in is the same row, and the same work, whether the address is known or not: only who sends it looks for an account.

use super::absence::{self, Dates, Step};
use super::{Account, MailAddress, Secret, account, join, link, new_address};
use crate::Language;
use diesel::prelude::*;
use std::time::Duration;
use store::id::AccountId;
use store::schema::letters;
use store::{Conn, Timestamp, each};

/// Letters to one address that wait at the same time; to all addresses.
const MOST_TO_ONE: i64 = 3;
const MOST: i64 = 10_000;
/// How long who sends a letter has for it.
const LEASE: Duration = Duration::from_secs(120);
/// The first pause after a letter did not leave; each is twice as long as the one before.
const PAUSE: Duration = Duration::from_secs(30);
/// How often a letter is tried: for an hour.
const ATTEMPTS: i32 = 8;
/// Whatever becomes of it, a row is not kept for longer.
pub(super) const KEPT: Duration = Duration::from_secs(24 * 3600);

/// What a letter is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A link to sign in by, for who has an account.
    SignIn,
    /// A link to join by; to sign in by, for who has an account already.
    Join,
    /// The coordinator has published the profile.
    Published,
    /// The coordinator has given the profile back, and the note says why.
    Returned,
    /// Whoever reads it is invited to take over a profile.
    Invited,
    /// Whoever reads it has stayed away for long.
    AwayFirst,
    /// And has still not come back.
    AwaySecond,
    /// A link for the account that the note names, which is to have this address.
    NewAddress,
    /// An account had this address until now.
    OldAddress,
}

impl Kind {
    const ALL: [Kind; 9] = [
        Kind::SignIn,
        Kind::Join,
        Kind::Published,
        Kind::Returned,
        Kind::Invited,
        Kind::AwayFirst,
        Kind::AwaySecond,
        Kind::NewAddress,
        Kind::OldAddress,
    ];

    fn as_str(self) -> &'static str {
        match self {
            Kind::SignIn => "sign_in",
            Kind::Join => "join",
            Kind::Published => "published",
            Kind::Returned => "returned",
            Kind::Invited => "invited",
            Kind::AwayFirst => "away_first",
            Kind::AwaySecond => "away_second",
            Kind::NewAddress => "new_address",
            Kind::OldAddress => "old_address",
        }
    }

    fn of_column(word: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|one| one.as_str() == word)
    }

    /// Which step of an absence the letter is.
    fn step(self) -> Option<Step> {
        match self {
            Kind::AwayFirst => Some(Step::First),
            Kind::AwaySecond => Some(Step::Second),
            _ => None,
        }
    }
}

/// A letter that waits.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// Its row.
    pub id: i64,
    recipient: MailAddress,
    attempts: i32,
}

/// What one letter has to say.
#[derive(Debug, Clone)]
pub enum Says {
    /// Sign in by this link.
    SignIn(Secret),
    /// Join by this link.
    Join(Secret),
    /// The profile is published.
    Published,
    /// The profile was given back, for this reason.
    Returned(String),
    /// There is a profile to take over, for whoever signs in by this address. It holds no link that lets in: it is read late.
    Invited,
    /// Take this address for the account that asked, by this link.
    NewAddress(Secret),
    /// The account has another address from now on.
    OldAddress,
    /// What becomes of the profile and the account, on which day, unless the reader signs in.
    Away(Dates),
}

/// A letter, ready to be written.
#[derive(Debug, Clone)]
pub struct Prepared {
    /// Where it goes.
    pub mail: MailAddress,
    /// What its reader is called; nothing when the node does not know the reader.
    pub name: Option<String>,
    /// In which language it is.
    pub language: Language,
    /// What it says.
    pub says: Says,
}

/// Asks for a link to sign in by, for whoever has this address. `false` when too much waits already; what is enough for
/// one address is enough in silence, since nobody is to learn what else waits for it.
///
/// # Errors
/// Those of the database.
pub fn ask_for_link(conn: &mut Conn, mail: &MailAddress, language: Language, now: Timestamp) -> QueryResult<bool> {
    ask(conn, Kind::SignIn, mail, language, None, now)
}

/// Asks for a letter. `false` when too much waits already, as with [`ask_for_link`].
///
/// # Errors
/// Those of the database.
pub fn ask(
    conn: &mut Conn,
    kind: Kind,
    mail: &MailAddress,
    language: Language,
    note: Option<&str>,
    now: Timestamp,
) -> QueryResult<bool> {
    let to_one: i64 = letters::table.filter(letters::recipient.eq(mail.as_str())).count().get_result(conn)?;
    let to_all: i64 = letters::table.count().get_result(conn)?;
    if to_all >= MOST {
        return Ok(false);
    }
    if to_one < MOST_TO_ONE {
        let row = (
            letters::kind.eq(kind.as_str()),
            letters::note.eq(note),
            letters::recipient.eq(mail.as_str()),
            letters::language.eq(language.as_str()),
            letters::attempts.eq(0),
            letters::next_at.eq(now),
            letters::leased_until.eq(Timestamp::default()),
            letters::created_at.eq(now),
        );
        each!(conn, c => diesel::insert_into(letters::table).values(row).execute(c))?;
    }
    Ok(true)
}

/// Claims letters that are due, oldest first, for a while.
///
/// # Errors
/// Those of the database.
pub fn claim(conn: &mut Conn, most: i64, now: Timestamp) -> QueryResult<Vec<Waiting>> {
    let rows: Vec<(i64, String, i32)> = letters::table
        .filter(letters::next_at.le(now))
        .filter(letters::leased_until.le(now))
        .order((letters::next_at, letters::id))
        .limit(most)
        .select((letters::id, letters::recipient, letters::attempts))
        .load(conn)?;
    let mut claimed = Vec::new();
    for (id, recipient, attempts) in rows {
        let held = diesel::update(letters::table.find(id).filter(letters::leased_until.le(now)))
            .set((letters::leased_until.eq(now.plus(LEASE)), letters::attempts.eq(attempts + 1)))
            .execute(conn)?;
        if held == 1 {
            claimed.push(Waiting { id, recipient: MailAddress::of_column(recipient), attempts: attempts + 1 });
        }
    }
    Ok(claimed)
}

/// Whether letters were tried and are still here: then the mail server takes none, or is not reached.
///
/// # Errors
/// Those of the database.
pub fn is_stuck(conn: &mut Conn) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(letters::table.filter(letters::attempts.gt(1)))).get_result(conn)
}

/// Whether a letter of this kind waits for an address.
///
/// # Errors
/// Those of the database.
pub fn is_waiting(conn: &mut Conn, kind: Kind, mail: &MailAddress) -> QueryResult<bool> {
    let same = letters::table.filter(letters::kind.eq(kind.as_str())).filter(letters::recipient.eq(mail.as_str()));
    diesel::select(diesel::dsl::exists(same)).get_result(conn)
}

/// Whether a letter is here, due or not.
///
/// # Errors
/// Those of the database.
pub fn is_any(conn: &mut Conn) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(letters::table.select(letters::id))).get_result(conn)
}

/// Whether a letter is due that nobody holds.
///
/// # Errors
/// Those of the database.
pub fn is_any_due(conn: &mut Conn, now: Timestamp) -> QueryResult<bool> {
    let due = letters::table.filter(letters::next_at.le(now)).filter(letters::leased_until.le(now));
    diesel::select(diesel::dsl::exists(due)).get_result(conn)
}

/// Makes what the letter says. When there is nobody to write to, or they have links enough, the row goes, and nothing is
/// sent.
///
/// # Errors
/// Those of the database.
pub fn prepare(conn: &mut Conn, waiting: &Waiting, link: &Secret, now: Timestamp) -> QueryResult<Option<Prepared>> {
    type Row = (String, String, Option<String>);
    let row: Option<Row> = letters::table
        .find(waiting.id)
        .select((letters::kind, letters::language, letters::note))
        .first(conn)
        .optional()?;
    let account = account::find_by_mail(conn, &waiting.recipient)?;
    let says = match &row {
        Some((kind, _, note)) => said(conn, waiting, kind, note.clone(), account.as_ref(), link, now)?,
        None => None,
    };
    let Some((says, (_, language, _))) = says.zip(row) else {
        sent(conn, waiting)?;
        return Ok(None);
    };
    let own = account.as_ref().map(|account| account.language).unwrap_or_default();
    let language = Language::parse(&language).unwrap_or(own);
    let name = account.map(|account| account.name);
    Ok(Some(Prepared { mail: waiting.recipient.clone(), name, language, says }))
}

/// What a letter of this kind says to this reader; nothing when it has nothing to say.
fn said(
    conn: &mut Conn,
    waiting: &Waiting,
    kind: &str,
    note: Option<String>,
    account: Option<&Account>,
    link: &Secret,
    now: Timestamp,
) -> QueryResult<Option<Says>> {
    let kind = Kind::of_column(kind);
    if let Some((step, account)) = kind.and_then(Kind::step).zip(account) {
        return Ok(absence::says(conn, account, step, now)?.map(Says::Away));
    }
    Ok(match (kind, account) {
        (Some(Kind::SignIn | Kind::Join), Some(account)) => {
            link::make(conn, &account.id, link, now)?.then(|| Says::SignIn(link.clone()))
        }
        (Some(Kind::Join), None) => join::make(conn, &waiting.recipient, link, now)?.then(|| Says::Join(link.clone())),
        (Some(Kind::Published), Some(_)) => Some(Says::Published),
        (Some(Kind::Returned), Some(_)) => Some(Says::Returned(note.unwrap_or_default())),
        (Some(Kind::Invited), _) => Some(Says::Invited),
        (Some(Kind::NewAddress), None) => new_address::make(conn, &waiting.recipient, note.as_deref(), link, now)?
            .then(|| Says::NewAddress(link.clone())),
        (Some(Kind::OldAddress), _) => Some(Says::OldAddress),
        _ => None,
    })
}

/// The letter has left: its reader was told.
///
/// # Errors
/// Those of the database.
pub fn left(conn: &mut Conn, waiting: &Waiting, now: Timestamp) -> QueryResult<()> {
    note(conn, waiting, now)?;
    sent(conn, waiting)
}

/// Notes what its reader was told, where that counts.
fn note(conn: &mut Conn, waiting: &Waiting, now: Timestamp) -> QueryResult<()> {
    let kind: Option<String> = letters::table.find(waiting.id).select(letters::kind).first(conn).optional()?;
    match kind.as_deref().and_then(Kind::of_column).and_then(Kind::step) {
        Some(step) => absence::told(conn, &waiting.recipient, step, now),
        None => Ok(()),
    }
}

/// The row of a letter goes.
///
/// # Errors
/// Those of the database.
pub fn sent(conn: &mut Conn, waiting: &Waiting) -> QueryResult<()> {
    diesel::delete(letters::table.find(waiting.id)).execute(conn).map(|_| ())
}

/// The letter did not leave: its link ends, and it is tried again later. `false` when that was the last time, or when
/// `lasting` says that trying again is of no use; then the row is gone. A reader whom no letter reaches any more counts as told.
///
/// # Errors
/// Those of the database.
pub fn failed(conn: &mut Conn, waiting: &Waiting, link: &Secret, lasting: bool, now: Timestamp) -> QueryResult<bool> {
    end_links(conn, waiting, link)?;
    if lasting {
        note(conn, waiting, now)?;
    }
    if lasting || waiting.attempts >= ATTEMPTS {
        sent(conn, waiting)?;
        return Ok(false);
    }
    diesel::update(letters::table.find(waiting.id))
        .set((letters::next_at.eq(now.plus(pause(waiting.attempts))), letters::leased_until.eq(Timestamp::default())))
        .execute(conn)?;
    Ok(true)
}

/// Ends the link of a letter that reached nobody, whatever it was good for.
fn end_links(conn: &mut Conn, waiting: &Waiting, link: &Secret) -> QueryResult<()> {
    link::end(conn, link)?;
    join::end(conn, link)?;
    let asked = letters::table.find(waiting.id).filter(letters::kind.eq(Kind::NewAddress.as_str()));
    let asked: Option<Option<String>> = asked.select(letters::note).first(conn).optional()?;
    match asked.flatten() {
        Some(account) => new_address::end(conn, link, &AccountId::from_text(account)),
        None => Ok(()),
    }
}

/// How long after so many attempts the next one is.
fn pause(attempts: i32) -> Duration {
    PAUSE * 2_u32.pow(u32::try_from(attempts.clamp(1, ATTEMPTS) - 1).unwrap_or(0))
}

/// How many were written before `limit`.
pub(super) fn count_older(conn: &mut Conn, limit: Timestamp) -> QueryResult<i64> {
    letters::table.filter(letters::created_at.lt(limit)).count().get_result(conn)
}

/// Removes those that were written before `limit`.
pub(super) fn remove_older(conn: &mut Conn, limit: Timestamp) -> QueryResult<usize> {
    diesel::delete(letters::table.filter(letters::created_at.lt(limit))).execute(conn)
}

/// Removes what waits for an address.
pub(super) fn remove_to(conn: &mut Conn, mail: &MailAddress) -> QueryResult<usize> {
    diesel::delete(letters::table.filter(letters::recipient.eq(mail.as_str()))).execute(conn)
}

/// Removes what waits for an address that an account has asked for.
pub(super) fn remove_asked_by(conn: &mut Conn, id: &AccountId) -> QueryResult<usize> {
    let asked = letters::table.filter(letters::kind.eq(Kind::NewAddress.as_str()));
    diesel::delete(asked.filter(letters::note.eq(id.as_str()))).execute(conn)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double() {
        for (attempts, seconds) in [(0, 30), (1, 30), (2, 60), (3, 120), (8, 3840), (100, 3840)] {
            assert_eq!(pause(attempts).as_secs(), seconds, "{attempts}");
        }
    }
}
