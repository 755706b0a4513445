//! The second step of signing in: six digits that a device makes every half minute (RFC 6238), beside the link that came by
//! mail. Whoever holds a position needs it, since whoever reads that person's mail would run the node, or read what others have
//! entrusted to it, otherwise.
//!
//! Invariants: a code is taken once; a few wrong ones, and none is taken for a while, a right one neither; a recovery code
//! works once and is kept as a hash. The secret of the device has to be kept as it is, or nothing could be checked; alone it
//! lets nobody in. A passkey is a second step by itself ([`super::passkey`]).

use super::{Account, MailAddress, Secret, account, passkey, session};
use crate::{Caller, Error};
use diesel::prelude::*;
use rand::RngCore;
use rand::rngs::OsRng;
use sha2::{Digest, Sha256};
use std::time::Duration;
use store::id::AccountId;
use store::schema::{recovery_codes as codes, second_steps as steps, sessions};
use store::{Conn, Timestamp, each};
use totp_rs::{Builder, Totp};

/// Wrong codes in a row, after which none is taken for [`PAUSE`].
const MOST: i32 = 5;
/// How long none is taken then.
const PAUSE: Duration = Duration::from_secs(15 * 60);
/// How many recovery codes there are.
const RECOVERIES: usize = 8;
/// The letters of a recovery code: none that looks like another.
const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
/// Bytes of the device's secret (RFC 4226 §4).
const BYTES: usize = 20;

/// What somebody puts into the device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The secret in letters and digits, to be typed.
    pub secret: String,
    /// The same as an address, to be shown as a picture.
    pub address: String,
}

/// What came of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tried {
    /// It is right.
    Right,
    /// It is not, or was used before.
    Wrong,
    /// There were too many wrong ones.
    TooOften,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = steps)]
struct Step {
    secret: String,
    confirmed_at: Option<Timestamp>,
    last_step: i64,
    failures: i32,
    failing_since: Timestamp,
}

fn find(conn: &mut Conn, id: &AccountId) -> QueryResult<Option<Step>> {
    steps::table.find(id).select(Step::as_select()).first(conn).optional()
}

/// Whether an account has it.
///
/// # Errors
/// Those of the database.
pub fn is_set_up(conn: &mut Conn, id: &AccountId) -> QueryResult<bool> {
    Ok(find(conn, id)?.is_some_and(|step| step.confirmed_at.is_some()))
}

/// Makes a key for the device of somebody who sets it up. It is no fault when there is one already.
///
/// # Errors
/// Those of the database.
pub fn begin(conn: &mut Conn, id: &AccountId) -> QueryResult<()> {
    let row = (
        steps::account.eq(id),
        steps::secret.eq(fresh()),
        steps::last_step.eq(0_i64),
        steps::failures.eq(0),
        steps::failing_since.eq(Timestamp::default()),
    );
    each!(conn, c => diesel::insert_into(steps::table).values(row).on_conflict_do_nothing().execute(c)).map(|_| ())
}

/// The key that was made and waits for its first code; nothing when there is none, or it is in use already.
///
/// # Errors
/// Those of the database.
pub fn key(conn: &mut Conn, account: &Account, host: &str) -> QueryResult<Option<Key>> {
    let Some(step) = find(conn, &account.id)?.filter(|step| step.confirmed_at.is_none()) else { return Ok(None) };
    let name = account.mail.as_str().replace(':', "_");
    let issuer = format!("Solmu {}", host.replace(':', "_"));
    let totp = Builder::new().with_secret(bytes(&step.secret)).with_account_name(name).with_issuer(Some(issuer));
    let address = totp.build().ok().and_then(|totp| totp.to_url().ok()).unwrap_or_default();
    Ok(Some(Key { secret: step.secret, address }))
}

/// A fresh secret, in base32.
fn fresh() -> String {
    let mut bytes = [0_u8; BYTES];
    OsRng.fill_bytes(&mut bytes);
    totp_rs::Secret::new_stack(bytes).to_base32()
}

fn bytes(secret: &str) -> totp_rs::Secret {
    totp_rs::Secret::try_from_base32(secret).unwrap_or_else(|_| totp_rs::Secret::new_stack([0; BYTES]))
}

/// The half minute whose code this is, if it is one of now (or of the half minute before or after).
fn half_minute(secret: &str, code: &str, now: Timestamp) -> Option<i64> {
    let totp: Totp = Builder::new().with_secret(bytes(secret)).build().ok()?;
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let step = totp.check(&code, u64::try_from(now.as_millis() / 1000).ok()?)?;
    i64::try_from(step).ok()
}

/// The code that a device would show, for tests and for nobody else.
#[doc(hidden)]
pub fn code_of(secret: &str, now: Timestamp) -> String {
    let totp = Builder::new().with_secret(bytes(secret)).build();
    let seconds = u64::try_from(now.as_millis() / 1000).unwrap_or_default();
    totp.map(|totp| totp.generate(seconds).to_string()).unwrap_or_default()
}

/// Takes it into use: the first code that the device shows. The recovery codes are told this once. The browser in which it
/// is done has taken the step; all others are asked for it.
///
/// # Errors
/// Those of the database.
pub fn confirm(
    conn: &mut Conn,
    id: &AccountId,
    session: &Secret,
    code: &str,
    now: Timestamp,
) -> Result<(Tried, Vec<String>), Error> {
    let Some(step) = find(conn, id)?.filter(|step| step.confirmed_at.is_none()) else { return Err(Error::NotFound) };
    let tried = try_code(conn, id, &step, code, now)?;
    if tried != Tried::Right {
        return Ok((tried, Vec::new()));
    }
    diesel::update(steps::table.find(id)).set(steps::confirmed_at.eq(Some(now))).execute(conn)?;
    diesel::delete(codes::table.filter(codes::account.eq(id))).execute(conn)?;
    let fresh: Vec<String> = (0..RECOVERIES).map(|_| recovery()).collect();
    for code in &fresh {
        let row = (codes::hash.eq(hash(code)), codes::account.eq(id));
        each!(conn, c => diesel::insert_into(codes::table).values(row).execute(c))?;
    }
    taken(conn, session, now)?;
    Ok((Tried::Right, fresh))
}

/// Takes the step in one browser: by a code of the device, or by a recovery code.
///
/// # Errors
/// [`Error::NotFound`] when the account has no second step; those of the database.
pub fn take(conn: &mut Conn, id: &AccountId, session: &Secret, code: &str, now: Timestamp) -> Result<Tried, Error> {
    let tried = check(conn, id, code, now)?;
    if tried == Tried::Right {
        taken(conn, session, now)?;
    }
    Ok(tried)
}

/// Ends it, by a code. All sessions but the one in which it is done end: one that still waits for the step would be open from
/// then on.
///
/// # Errors
/// As [`take`].
pub fn remove(conn: &mut Conn, id: &AccountId, session: &Secret, code: &str, now: Timestamp) -> Result<Tried, Error> {
    let tried = check(conn, id, code, now)?;
    if tried == Tried::Right {
        forget(conn, id)?;
        session::end_others(conn, id, session)?;
    }
    Ok(tried)
}

/// Ends it for somebody who has lost device and codes: the operator's way back. Their passkeys and their sessions end as well.
///
/// # Errors
/// [`Error::Forbidden`] for all but the coordinator at the command line; [`Error::NotFound`] when nobody has the address,
/// or neither a second step nor a passkey.
pub fn reset(conn: &mut Conn, caller: Caller, mail: &MailAddress) -> Result<Account, Error> {
    caller.must_be_coordinator()?;
    let account = account::find_by_mail(conn, mail)?.ok_or(Error::NotFound)?;
    if forget(conn, &account.id)? + passkey::remove_all(conn, &account.id)? == 0 {
        return Err(Error::NotFound);
    }
    session::end_all(conn, &account.id)?;
    Ok(account)
}

fn forget(conn: &mut Conn, id: &AccountId) -> QueryResult<usize> {
    diesel::delete(codes::table.filter(codes::account.eq(id))).execute(conn)?;
    diesel::delete(steps::table.find(id)).execute(conn)
}

/// Notes that the step is taken in a browser.
pub(super) fn taken(conn: &mut Conn, session: &Secret, now: Timestamp) -> QueryResult<()> {
    diesel::update(sessions::table.find(session.hash()))
        .set(sessions::second_at.eq(Some(now)))
        .execute(conn)
        .map(|_| ())
}

fn check(conn: &mut Conn, id: &AccountId, code: &str, now: Timestamp) -> Result<Tried, Error> {
    let Some(step) = find(conn, id)?.filter(|step| step.confirmed_at.is_some()) else { return Err(Error::NotFound) };
    Ok(try_code(conn, id, &step, code, now)?)
}

/// Tries a code, and counts. What is wrong is an answer and no error: the count has to stay.
fn try_code(conn: &mut Conn, id: &AccountId, step: &Step, code: &str, now: Timestamp) -> QueryResult<Tried> {
    let failures = if now.since(step.failing_since) >= PAUSE { 0 } else { step.failures };
    if failures >= MOST {
        return Ok(Tried::TooOften);
    }
    let row = steps::table.find(id);
    if let Some(at) = half_minute(&step.secret, code, now).filter(|at| *at > step.last_step) {
        diesel::update(row).set((steps::last_step.eq(at), steps::failures.eq(0))).execute(conn)?;
        return Ok(Tried::Right);
    }
    let used = diesel::delete(codes::table.find(hash(code)).filter(codes::account.eq(id))).execute(conn)?;
    if used == 1 {
        diesel::update(row).set(steps::failures.eq(0)).execute(conn)?;
        return Ok(Tried::Right);
    }
    let since = if failures == 0 { now } else { step.failing_since };
    diesel::update(row).set((steps::failures.eq(failures + 1), steps::failing_since.eq(since))).execute(conn)?;
    Ok(Tried::Wrong)
}

/// How many recovery codes are left.
///
/// # Errors
/// Those of the database.
pub fn recoveries_left(conn: &mut Conn, id: &AccountId) -> QueryResult<i64> {
    codes::table.filter(codes::account.eq(id)).count().get_result(conn)
}

/// `abcde-fghij`, 50 random bits.
fn recovery() -> String {
    let mut bytes = [0_u8; 10];
    OsRng.fill_bytes(&mut bytes);
    let letters: String = bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect();
    format!("{}-{}", &letters[..5], &letters[5..])
}

/// What is kept of a recovery code, whichever way it was typed.
fn hash(code: &str) -> String {
    let bare: String = code.chars().filter(|c| c.is_ascii_alphanumeric()).collect();
    Sha256::digest(bare.to_ascii_lowercase()).iter().map(|byte| format!("{byte:02x}")).collect()
}
