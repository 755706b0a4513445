//! Passkeys: keys that somebody's device keeps and uses after it has checked its person (WebAuthn), beside the link that comes
//! by mail.
//!
//! ```text
//!   begin ──question──► browser and device ──answer──► register      a key of the account
//!   ask   ──question──► browser and device ──answer──► enter         a session, its second step taken
//! ```
//!
//! Invariants: a question is good once and for [`PATIENCE`], whatever becomes of it, so a wrong answer is an outcome and no
//! error: the question stays used up. Who signs in types nothing, so nothing is told of who is known here. A key whose device
//! counts backwards lets nobody in. Of a device only its public key is kept. Left out: what kind of device it is.

mod party;
mod queries;
#[cfg(test)]
mod tests;

pub use party::{PATIENCE, Party};
pub(super) use queries::{count_ended, remove_all, remove_ended};
pub use queries::{has_any, list};

use super::{Account, Secret, account, second_step, session};
use crate::audit::{self, By, Deed, Subject};
use crate::check::Checks;
use crate::{Error, message};
use party::Claim;
use serde_json::Value;
use store::id::AccountId;
use store::{Conn, Timestamp};

/// Keys of one account at most.
pub const MOST: usize = 20;
/// Characters of a name at most.
pub const LONGEST_NAME: usize = 60;
/// Questions of people who sign in that are good at the same time, of all.
const MOST_QUESTIONS: i64 = 10_000;

/// A passkey, as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passkey {
    /// Its id here.
    pub id: String,
    /// What its owner calls it.
    pub name: String,
    /// When it was registered.
    pub created_at: Timestamp,
    /// When somebody last signed in by it.
    pub used_at: Option<Timestamp>,
}

/// What a browser sends after its device was asked.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Which question it answers: what [`begin`] or [`ask`] was given.
    pub question: Secret,
    /// What `navigator.credentials` has answered, as JSON.
    pub text: String,
}

/// Asks for a new key. `question` is what the browser shows again with the answer; an earlier question of the same account
/// ends. The answer is what the page hands to the device.
///
/// # Errors
/// [`Error::Refused`] when the account has [`MOST`] keys; [`Error::NotFound`] when no device makes keys for this account.
pub fn begin(
    conn: &mut Conn,
    party: &Party,
    account: &Account,
    question: &Secret,
    now: Timestamp,
) -> Result<Value, Error> {
    let known = queries::credentials(conn, &account.id)?;
    if known.len() >= MOST {
        return Err(Error::refused(message::PASSKEYS_FULL));
    }
    let asked = party.ask_for_key(account, &known).ok_or(Error::NotFound)?;
    queries::end_questions_of(conn, &account.id)?;
    queries::keep_question(conn, question, Some(&account.id), &asked.state, now)?;
    Ok(asked.options)
}

/// Keeps the key that a device has made, under a name. The browser in which it is done has taken the second step, for the
/// device has checked its person. `false` when the answer is none to this question, or the key is known already.
///
/// # Errors
/// Those of the database.
pub fn register(
    conn: &mut Conn,
    party: &Party,
    account: &AccountId,
    answer: &Answer,
    name: &str,
    session: &Secret,
    now: Timestamp,
) -> Result<bool, Error> {
    let state = queries::take_question(conn, &answer.question, Some(account), now)?;
    let Some(made) = state.and_then(|state| party.read_key(&state, &answer.text)) else { return Ok(false) };
    let name = vocab::text::line(name, LONGEST_NAME);
    if !queries::insert(conn, account, &made, &name, now)? {
        return Ok(false);
    }
    second_step::taken(conn, session, now)?;
    note(conn, account, Deed::PasskeyAdded, now)?;
    Ok(true)
}

/// Asks whoever wants to sign in. Nothing when too many questions are out already.
///
/// # Errors
/// [`Error::NotFound`] when no device makes keys for this node.
pub fn ask(conn: &mut Conn, party: &Party, question: &Secret, now: Timestamp) -> Result<Option<Value>, Error> {
    remove_ended(conn, now)?;
    if queries::count_asked(conn)? >= MOST_QUESTIONS {
        return Ok(None);
    }
    let asked = party.ask_who().ok_or(Error::NotFound)?;
    queries::keep_question(conn, question, None, &asked.state, now)?;
    Ok(Some(asked.options))
}

/// Begins a session under `session` for whoever's key has signed; its second step is taken, since the device has checked its
/// person. Nothing when the answer is not good: an unknown key, a wrong signature, an old question, all the same.
///
/// # Errors
/// Those of the database.
pub fn enter(
    conn: &mut Conn,
    party: &Party,
    answer: &Answer,
    session: &Secret,
    now: Timestamp,
) -> Result<Option<Account>, Error> {
    let state = queries::take_question(conn, &answer.question, None, now)?;
    let Some((state, claim)) = state.zip(Claim::read(&answer.text)) else { return Ok(None) };
    let Some(kept) = queries::find_by_credential(conn, &claim.credential)? else { return Ok(None) };
    let Some(key) = party.check(&state, &claim, kept.account.as_str(), &kept.public_key) else { return Ok(None) };
    queries::used(conn, &kept.id, &key, now)?;
    session::begin_with_step(conn, &kept.account, session, now)?;
    account::note(conn, &kept.account, now)?;
    Ok(account::find(conn, &kept.account)?)
}

/// Gives a key another name.
///
/// # Errors
/// [`Error::NotFound`] when it is not theirs; [`Error::Invalid`] for a name that is none.
pub fn rename(conn: &mut Conn, account: &AccountId, id: &str, name: &str) -> Result<(), Error> {
    let name = vocab::text::line(name, LONGEST_NAME + 1);
    let mut checks = Checks::default();
    checks.text("name", &name, 1..=LONGEST_NAME);
    Error::if_any(checks.found())?;
    if queries::rename(conn, account, id, &name)? == 0 { Err(Error::NotFound) } else { Ok(()) }
}

/// Takes a key away. All sessions but the one in which it is done end, since whoever had the device may have begun one.
///
/// # Errors
/// [`Error::NotFound`] when it is not theirs.
pub fn remove(conn: &mut Conn, account: &AccountId, id: &str, session: &Secret, now: Timestamp) -> Result<(), Error> {
    if queries::remove(conn, account, id)? == 0 {
        return Err(Error::NotFound);
    }
    session::end_others(conn, account, session)?;
    note(conn, account, Deed::PasskeyRemoved, now)
}

fn note(conn: &mut Conn, account: &AccountId, deed: Deed, now: Timestamp) -> Result<(), Error> {
    Ok(audit::note(conn, &By::holder(account, "self"), deed, &Subject::account(account), "", now)?)
}
