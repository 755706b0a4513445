//! Every statement about passkeys and about what their devices are asked.

use super::party::{Made, PATIENCE};
use super::{Passkey, Secret};
use diesel::prelude::*;
use store::id::AccountId;
use store::schema::{passkey_challenges as challenges, passkeys};
use store::{Conn, Timestamp, each};

/// A key, as it is kept.
pub(super) struct Kept {
    pub id: String,
    pub account: AccountId,
    pub public_key: String,
}

/// The keys of an account, the oldest first.
///
/// # Errors
/// Those of the database.
pub fn list(conn: &mut Conn, account: &AccountId) -> QueryResult<Vec<Passkey>> {
    let rows: Vec<(String, String, Timestamp, Option<Timestamp>)> = passkeys::table
        .filter(passkeys::account.eq(account))
        .order((passkeys::created_at, passkeys::id))
        .select((passkeys::id, passkeys::name, passkeys::created_at, passkeys::used_at))
        .load(conn)?;
    let passkey = |(id, name, created_at, used_at)| Passkey { id, name, created_at, used_at };
    Ok(rows.into_iter().map(passkey).collect())
}

/// Whether an account has a key.
///
/// # Errors
/// Those of the database.
pub fn has_any(conn: &mut Conn, account: &AccountId) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(passkeys::table.filter(passkeys::account.eq(account)))).get_result(conn)
}

/// The ids that the devices of an account know its keys by.
pub(super) fn credentials(conn: &mut Conn, account: &AccountId) -> QueryResult<Vec<String>> {
    passkeys::table.filter(passkeys::account.eq(account)).order(passkeys::id).select(passkeys::credential).load(conn)
}

/// Keeps a key; `false` when it is there already.
pub(super) fn insert(
    conn: &mut Conn,
    account: &AccountId,
    made: &Made,
    name: &str,
    now: Timestamp,
) -> QueryResult<bool> {
    let row = (
        passkeys::id.eq(store::id::fresh(now)),
        passkeys::account.eq(account),
        passkeys::credential.eq(&made.credential),
        passkeys::name.eq(name),
        passkeys::public_key.eq(&made.key),
        passkeys::created_at.eq(now),
    );
    let kept = each!(conn, c => diesel::insert_into(passkeys::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(kept == 1)
}

/// Whose key a device knows by this id.
pub(super) fn find_by_credential(conn: &mut Conn, credential: &str) -> QueryResult<Option<Kept>> {
    let row: Option<(String, AccountId, String)> = passkeys::table
        .filter(passkeys::credential.eq(credential))
        .select((passkeys::id, passkeys::account, passkeys::public_key))
        .first(conn)
        .optional()?;
    Ok(row.map(|(id, account, public_key)| Kept { id, account, public_key }))
}

/// Notes that somebody has signed in by a key, and how often its device says it was used.
pub(super) fn used(conn: &mut Conn, id: &str, public_key: &str, now: Timestamp) -> QueryResult<()> {
    diesel::update(passkeys::table.find(id))
        .set((passkeys::public_key.eq(public_key), passkeys::used_at.eq(Some(now))))
        .execute(conn)
        .map(|_| ())
}

/// Renames a key; how many of the account go by this id.
pub(super) fn rename(conn: &mut Conn, account: &AccountId, id: &str, name: &str) -> QueryResult<usize> {
    diesel::update(passkeys::table.find(id).filter(passkeys::account.eq(account)))
        .set(passkeys::name.eq(name))
        .execute(conn)
}

/// Removes a key; how many of the account went by this id.
pub(super) fn remove(conn: &mut Conn, account: &AccountId, id: &str) -> QueryResult<usize> {
    diesel::delete(passkeys::table.find(id).filter(passkeys::account.eq(account))).execute(conn)
}

/// Removes all keys of an account; how many there were.
pub(in crate::person) fn remove_all(conn: &mut Conn, account: &AccountId) -> QueryResult<usize> {
    diesel::delete(passkeys::table.filter(passkeys::account.eq(account))).execute(conn)
}

/// Keeps what a device was asked.
pub(super) fn keep_question(
    conn: &mut Conn,
    question: &Secret,
    account: Option<&AccountId>,
    state: &str,
    now: Timestamp,
) -> QueryResult<()> {
    let row = (
        challenges::hash.eq(question.hash()),
        challenges::account.eq(account),
        challenges::state.eq(state),
        challenges::expires_at.eq(now.plus(PATIENCE)),
    );
    each!(conn, c => diesel::insert_into(challenges::table).values(row).execute(c)).map(|_| ())
}

/// Uses a question up: what has to be known to read its answer, when it is still good and is one of this account (or, for
/// nobody, one to sign in by).
pub(super) fn take_question(
    conn: &mut Conn,
    question: &Secret,
    account: Option<&AccountId>,
    now: Timestamp,
) -> QueryResult<Option<String>> {
    let row = challenges::table.find(question.hash());
    let kept: Option<(Option<AccountId>, String, Timestamp)> =
        row.select((challenges::account, challenges::state, challenges::expires_at)).first(conn).optional()?;
    let used = diesel::delete(challenges::table.find(question.hash())).execute(conn)?;
    let good = kept.filter(|(of, _, ends)| used == 1 && of.as_ref() == account && *ends > now);
    Ok(good.map(|(_, state, _)| state))
}

/// Ends the questions for new keys of an account.
pub(super) fn end_questions_of(conn: &mut Conn, account: &AccountId) -> QueryResult<usize> {
    diesel::delete(challenges::table.filter(challenges::account.eq(account))).execute(conn)
}

/// How many questions of people who sign in are kept.
pub(super) fn count_asked(conn: &mut Conn) -> QueryResult<i64> {
    challenges::table.filter(challenges::account.is_null()).count().get_result(conn)
}

/// How many questions are too old.
pub(in crate::person) fn count_ended(conn: &mut Conn, now: Timestamp) -> QueryResult<i64> {
    challenges::table.filter(challenges::expires_at.le(now)).count().get_result(conn)
}

/// Removes the questions that are too old.
pub(in crate::person) fn remove_ended(conn: &mut Conn, now: Timestamp) -> QueryResult<usize> {
    diesel::delete(challenges::table.filter(challenges::expires_at.le(now))).execute(conn)
}
