//! Every statement about the log.

use super::deed::{By, Deed, Subject};
use diesel::prelude::*;
use serde::Serialize;
use std::time::Duration;
use store::id::AccountId;
use store::schema::{accounts, audit, feedback, producers};
use store::{Conn, Timestamp, each};

/// Longest detail that is kept, in characters.
const LONGEST: usize = 500;
/// Who looks at the same person again within this time leaves no second line: the log would be full of them otherwise.
const LOOK: Duration = Duration::from_secs(24 * 3600);

/// A line of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Queryable, Selectable)]
#[diesel(table_name = audit)]
pub struct Line {
    /// When.
    #[serde(serialize_with = "crate::view::time")]
    pub at: Timestamp,
    /// Who; nothing for the clock, for the operator, and when the account is gone.
    #[serde(skip)]
    pub account: Option<AccountId>,
    /// As what.
    pub position: String,
    /// The word of a [`Deed`].
    pub deed: String,
    /// The kind of thing.
    pub kind: String,
    /// Its id.
    pub subject: String,
    /// What it was called; empty for people.
    pub name: String,
    /// A reason, or the names of fields; may be empty.
    pub detail: String,
}

/// Writes a line, in the transaction of what it tells.
///
/// # Errors
/// Those of the database.
pub fn note(conn: &mut Conn, by: &By, deed: Deed, subject: &Subject, detail: &str, now: Timestamp) -> QueryResult<()> {
    let row = (
        audit::at.eq(now),
        audit::account.eq(by.account.as_ref()),
        audit::position.eq(by.position),
        audit::deed.eq(deed.as_str()),
        audit::kind.eq(subject.kind),
        audit::subject.eq(&subject.id),
        audit::name.eq(&subject.name),
        audit::detail.eq(vocab::text::line(detail, LONGEST)),
    );
    each!(conn, c => diesel::insert_into(audit::table).values(row).execute(c)).map(|_| ())
}

/// Those among these whom somebody has not looked at within a day. To look at oneself is no matter of the log.
///
/// # Errors
/// Those of the database.
pub fn unseen(conn: &mut Conn, by: &By, whom: Vec<Subject>, now: Timestamp) -> QueryResult<Vec<Subject>> {
    let Some(account) = by.account.as_ref() else { return Ok(whom) };
    let ids: Vec<&str> = whom.iter().map(|one| one.id.as_str()).collect();
    let seen: Vec<(String, String)> = audit::table
        .filter(audit::account.eq(account))
        .filter(audit::deed.eq(Deed::LookedAt.as_str()))
        .filter(audit::at.gt(now.minus(LOOK)))
        .filter(audit::subject.eq_any(ids))
        .select((audit::kind, audit::subject))
        .load(conn)?;
    let own = Subject::account(account);
    let is_seen = |one: &Subject| seen.iter().any(|(kind, id)| kind == one.kind && *id == one.id);
    Ok(whom.into_iter().filter(|one| *one != own && !is_seen(one)).collect())
}

/// What was done to one thing or person, the newest first.
///
/// # Errors
/// Those of the database.
pub fn about(conn: &mut Conn, kind: &str, subject: &str, limit: i64) -> QueryResult<Vec<Line>> {
    audit::table
        .filter(audit::kind.eq(kind))
        .filter(audit::subject.eq(subject))
        .order(audit::id.desc())
        .limit(limit)
        .select(Line::as_select())
        .load(conn)
}

/// The ids under which the log knows somebody beside the account: the profile that is theirs now, and what they told with
/// their address.
struct Known {
    profiles: Vec<String>,
    feedback: Vec<String>,
}

fn known(conn: &mut Conn, account: &AccountId) -> QueryResult<Known> {
    let profiles = producers::table.filter(producers::account.eq(account)).select(producers::id).load(conn)?;
    let mail: Option<String> = accounts::table.find(account).select(accounts::mail).first(conn).optional()?;
    let told: Vec<i64> = feedback::table.filter(feedback::mail.eq(mail)).select(feedback::id).load(conn)?;
    Ok(Known { profiles, feedback: told.iter().map(ToString::to_string).collect() })
}

/// Condition of the lines that concern somebody.
macro_rules! concerning {
    ($account:expr, $known:expr) => {
        audit::kind
            .eq(Subject::ACCOUNT)
            .and(audit::subject.eq($account.as_str()))
            .or(audit::kind.eq(Subject::PRODUCER).and(audit::subject.eq_any($known.profiles)))
            .or(audit::kind.eq(Subject::FEEDBACK).and(audit::subject.eq_any($known.feedback)))
    };
}

/// What was done to somebody with an account, to the profile that is theirs now, and to what they told, the newest first.
///
/// # Errors
/// Those of the database.
pub fn concerning(conn: &mut Conn, account: &AccountId, limit: i64) -> QueryResult<Vec<Line>> {
    let known = known(conn, account)?;
    audit::table
        .filter(concerning!(account, known))
        .order(audit::id.desc())
        .limit(limit)
        .select(Line::as_select())
        .load(conn)
}

/// What somebody did, the newest first.
///
/// # Errors
/// Those of the database.
pub fn by(conn: &mut Conn, account: &AccountId, limit: i64) -> QueryResult<Vec<Line>> {
    audit::table
        .filter(audit::account.eq(account))
        .order(audit::id.desc())
        .limit(limit)
        .select(Line::as_select())
        .load(conn)
}

/// The last time that a deed was done to a thing.
///
/// # Errors
/// Those of the database.
pub fn last(conn: &mut Conn, deed: Deed, kind: &str, subject: &str) -> QueryResult<Option<Line>> {
    audit::table
        .filter(audit::kind.eq(kind))
        .filter(audit::subject.eq(subject))
        .filter(audit::deed.eq(deed.as_str()))
        .order(audit::id.desc())
        .select(Line::as_select())
        .first(conn)
        .optional()
}

/// The whole log, the newest first.
///
/// # Errors
/// Those of the database.
pub fn newest(conn: &mut Conn, offset: i64, limit: i64) -> QueryResult<Vec<Line>> {
    audit::table.order(audit::id.desc()).offset(offset).limit(limit).select(Line::as_select()).load(conn)
}

/// How many lines are older than `limit`.
pub(super) fn count_older(conn: &mut Conn, limit: Timestamp) -> QueryResult<i64> {
    audit::table.filter(audit::at.lt(limit)).count().get_result(conn)
}

/// Removes the lines that are older than `limit`.
pub(super) fn remove_older(conn: &mut Conn, limit: Timestamp) -> QueryResult<usize> {
    diesel::delete(audit::table.filter(audit::at.lt(limit))).execute(conn)
}

/// Removes what concerns somebody with an account.
pub(super) fn remove_concerning(conn: &mut Conn, account: &AccountId) -> QueryResult<usize> {
    let known = known(conn, account)?;
    diesel::delete(audit::table.filter(concerning!(account, known))).execute(conn)
}

/// Removes what concerns a thing, or a person by the profile.
pub(super) fn remove_about(conn: &mut Conn, kind: &str, subject: &str) -> QueryResult<usize> {
    diesel::delete(audit::table.filter(audit::kind.eq(kind)).filter(audit::subject.eq(subject))).execute(conn)
}
