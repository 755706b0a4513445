//! Members who stay away: what is due when, and what they were told of it. What becomes of the profile is the producers' slice
//! to do ([`crate::producer`]).
//!
//! ```text
//!   last seen ──18 months──► a letter ──23──► another ──24──► hidden ──30──► gone
//! ```
//!
//! Invariants: a step counts from the one before as well, so that nobody is hidden or deleted without the letters and the time
//! that they name, even on a node that had no mail for a year; a letter counts when it has left, and is sent once; who signs in
//! has come back, and it begins anew. Left out: who holds a position, and accounts without a profile, which go by other rules.

use super::{MailAddress, account::Account};
use crate::Language;
use diesel::prelude::*;
use std::time::Duration;
use store::id::AccountId;
use store::schema::{absences, accounts, positions, producers};
use store::{Conn, Timestamp, each};

const DAY: u64 = 24 * 3600;
/// From the last time that somebody was seen to the first letter: 18 months.
pub const FIRST: Duration = Duration::from_secs(548 * DAY);
/// To the second letter: 23 months.
pub const SECOND: Duration = Duration::from_secs(700 * DAY);
/// Until the profile is hidden: 24 months.
pub const HIDDEN: Duration = Duration::from_secs(730 * DAY);
/// Until the account is deleted: 30 months.
pub const GONE: Duration = Duration::from_secs(913 * DAY);

/// What is due for somebody who stays away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The first letter.
    First,
    /// The second letter.
    Second,
    /// The profile is hidden.
    Hide,
    /// The account goes.
    Go,
}

/// Somebody who stays away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Away {
    pub id: AccountId,
    pub mail: MailAddress,
    pub language: Language,
    pub seen_at: Timestamp,
    told: Told,
}

/// What was told and done, and when.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Told {
    first_at: Option<Timestamp>,
    second_at: Option<Timestamp>,
    hidden_at: Option<Timestamp>,
}

/// The days that a letter names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dates {
    /// When the reader was last seen.
    pub seen: Timestamp,
    /// When the profile is hidden, unless the reader signs in.
    pub hides: Timestamp,
    /// When the account is deleted.
    pub goes: Timestamp,
}

/// The step that is due, if one is. Pure.
fn step(seen_at: Timestamp, told: Told, now: Timestamp) -> Option<Step> {
    let over = |from: Option<Timestamp>, time: Duration| from.is_some_and(|from| from.plus(time) <= now);
    let seen = |time| over(Some(seen_at), time);
    let (first, second, hidden) = (told.first_at, told.second_at, told.hidden_at);
    match (first, second, hidden) {
        (None, ..) => seen(FIRST).then_some(Step::First),
        (_, None, _) => (seen(SECOND) && over(first, SECOND - FIRST)).then_some(Step::Second),
        (_, _, None) => (seen(HIDDEN) && over(second, HIDDEN - SECOND)).then_some(Step::Hide),
        _ => (seen(GONE) && over(hidden, GONE - HIDDEN)).then_some(Step::Go),
    }
}

/// What a letter that leaves now says. Pure.
fn dates(seen: Timestamp, letter: Step, now: Timestamp) -> Dates {
    let since = if letter == Step::First { FIRST } else { SECOND };
    let hides = seen.plus(HIDDEN).max(now.plus(HIDDEN - since));
    Dates { seen, hides, goes: seen.plus(GONE).max(hides.plus(GONE - HIDDEN)) }
}

impl Away {
    /// The step that is due, if one is.
    pub(crate) fn step(&self, now: Timestamp) -> Option<Step> {
        step(self.seen_at, self.told, now)
    }
}

type Row = ((AccountId, String, String, Timestamp), Option<(Timestamp, Option<Timestamp>, Option<Timestamp>)>);

fn away_of(((id, mail, language, seen_at), told): Row) -> Away {
    let told = told.map(|(first, second_at, hidden_at)| Told { first_at: Some(first), second_at, hidden_at });
    let (mail, language) = (MailAddress::of_column(mail), Language::parse(&language).unwrap_or_default());
    Away { id, mail, language, seen_at, told: told.unwrap_or_default() }
}

/// Those who have a profile, hold no position, do not leave already, and for whom a step is due.
pub(crate) fn due(conn: &mut Conn, now: Timestamp) -> QueryResult<Vec<(Away, Step)>> {
    let rows: Vec<Row> = accounts::table
        .left_join(absences::table)
        .filter(accounts::seen_at.le(now.minus(FIRST)))
        .filter(accounts::leaves_at.is_null())
        .filter(accounts::id.ne_all(positions::table.select(positions::account)))
        .filter(diesel::dsl::exists(producers::table.filter(producers::account.eq(accounts::id.nullable()))))
        .order(accounts::id)
        .select((
            (accounts::id, accounts::mail, accounts::language, accounts::seen_at),
            (absences::first_at, absences::second_at, absences::hidden_at).nullable(),
        ))
        .load(conn)?;
    let step = |away: Away| away.step(now).map(|step| (away, step));
    Ok(rows.into_iter().map(away_of).filter_map(step).collect())
}

/// What a letter says to its reader; nothing when it is not due any more: its reader has come back.
pub(super) fn says(conn: &mut Conn, account: &Account, letter: Step, now: Timestamp) -> QueryResult<Option<Dates>> {
    let due = due(conn, now)?.into_iter().find(|(away, _)| away.id == account.id);
    Ok(due.filter(|(_, step)| *step == letter).map(|(away, _)| dates(away.seen_at, letter, now)))
}

/// Notes that a letter has left.
pub(super) fn told(conn: &mut Conn, mail: &MailAddress, letter: Step, now: Timestamp) -> QueryResult<()> {
    let Some(account) = super::account::find_by_mail(conn, mail)? else { return Ok(()) };
    if letter == Step::First {
        let row = (absences::account.eq(&account.id), absences::first_at.eq(now));
        each!(conn, c => diesel::insert_into(absences::table).values(row).on_conflict_do_nothing().execute(c))?;
    } else {
        let first_told = absences::table.find(&account.id).filter(absences::second_at.is_null());
        diesel::update(first_told).set(absences::second_at.eq(Some(now))).execute(conn)?;
    }
    Ok(())
}

/// Notes that the profile is hidden.
pub(crate) fn hidden(conn: &mut Conn, id: &AccountId, now: Timestamp) -> QueryResult<()> {
    diesel::update(absences::table.find(id)).set(absences::hidden_at.eq(Some(now))).execute(conn).map(|_| ())
}

/// Those who were told, and were seen since.
pub(crate) fn come_back(conn: &mut Conn) -> QueryResult<Vec<AccountId>> {
    absences::table
        .inner_join(accounts::table)
        .filter(accounts::seen_at.gt(absences::first_at))
        .order(absences::account)
        .select(absences::account)
        .load(conn)
}

/// Ends an absence: whether the profile was hidden for it. Nothing when there was none.
pub(crate) fn end(conn: &mut Conn, id: &AccountId) -> QueryResult<Option<bool>> {
    let hidden: Option<Option<Timestamp>> =
        absences::table.find(id).select(absences::hidden_at).first(conn).optional()?;
    diesel::delete(absences::table.find(id)).execute(conn)?;
    Ok(hidden.map(|at| at.is_some()))
}

/// When somebody was written to.
pub(super) fn moments(conn: &mut Conn, id: &AccountId) -> QueryResult<Vec<Timestamp>> {
    let told: Option<(Timestamp, Option<Timestamp>)> =
        absences::table.find(id).select((absences::first_at, absences::second_at)).first(conn).optional()?;
    Ok(told.into_iter().flat_map(|(first, second)| [Some(first), second]).flatten().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(days: u64) -> Timestamp {
        Timestamp::default().plus(Duration::from_secs(days * DAY))
    }

    fn told(first: Option<u64>, second: Option<u64>, hidden: Option<u64>) -> Told {
        Told { first_at: first.map(day), second_at: second.map(day), hidden_at: hidden.map(day) }
    }

    #[test]
    fn what_is_due_when() {
        let none = Told::default();
        for (told, today, expected) in [
            (none, 547, None),
            (none, 548, Some(Step::First)),
            (none, 5_000, Some(Step::First)),
            (told(Some(548), None, None), 699, None),
            (told(Some(548), None, None), 700, Some(Step::Second)),
            // The first letter came late: the second keeps its distance, and so does all that follows.
            (told(Some(690), None, None), 841, None),
            (told(Some(690), None, None), 842, Some(Step::Second)),
            (told(Some(548), Some(700), None), 729, None),
            (told(Some(548), Some(700), None), 730, Some(Step::Hide)),
            (told(Some(4_000), Some(4_152), None), 4_181, None),
            (told(Some(4_000), Some(4_152), None), 4_182, Some(Step::Hide)),
            (told(Some(548), Some(700), Some(730)), 912, None),
            (told(Some(548), Some(700), Some(730)), 913, Some(Step::Go)),
            (told(Some(548), Some(700), Some(900)), 1_082, None),
            (told(Some(548), Some(700), Some(900)), 1_083, Some(Step::Go)),
        ] {
            assert_eq!(step(day(0), told, day(today)), expected, "{told:?} on day {today}");
        }
    }

    #[test]
    fn what_a_letter_says_is_never_sooner_than_what_happens() {
        for (letter, today, hides, goes) in [
            (Step::First, 548, 730, 913),
            (Step::First, 600, 782, 965),
            (Step::Second, 700, 730, 913),
            (Step::Second, 5_000, 5_030, 5_213),
        ] {
            let dates = dates(day(0), letter, day(today));
            assert_eq!((dates.hides, dates.goes), (day(hides), day(goes)), "{letter:?} on day {today}");
        }
    }
}
