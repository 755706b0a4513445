//! The feedback's line in the table of slices: who left an address can have what hangs on it, and have it forgotten.

use crate::person::{MailAddress, account};
use crate::slice::{Person, Retention, Slice};
use crate::{Error, Node};
use diesel::prelude::*;
use serde_json::{Value, json};
use std::time::Duration;
use store::schema::feedback as table;
use store::{Conn, Timestamp};

/// So long it is kept after it was answered.
const KEPT: Duration = Duration::from_secs(365 * 24 * 3600);
/// So long it is kept when nobody answers.
const KEPT_UNANSWERED: Duration = Duration::from_secs(2 * 365 * 24 * 3600);

/// Feedback.
pub static SLICE: Slice = Slice {
    name: "feedback",
    kind: None,
    searched: None,
    retention: &[Retention {
        class: "feedback",
        rule: "a year after it was answered, two years when it was not: so long the region can show how it kept its time",
        due: |conn, now| Ok(i64::try_from(over(conn, now)?.len()).unwrap_or(i64::MAX)),
        apply: |conn, _, now| {
            let over = over(conn, now)?;
            Ok(diesel::delete(table::table.filter(table::id.eq_any(over))).execute(conn)?)
        },
    }],
    forget,
    readdress,
    export,
};

/// The numbers of those whose time is over.
fn over(conn: &mut Conn, now: Timestamp) -> QueryResult<Vec<i64>> {
    let answered = table::answered_at.le(now.minus(KEPT));
    let old = table::created_at.le(now.minus(KEPT_UNANSWERED)).nullable();
    table::table.filter(answered.or(old)).select(table::id).load(conn)
}

fn mail_of(conn: &mut Conn, person: Person<'_>) -> QueryResult<Option<String>> {
    let Person::Account(id) = person else { return Ok(None) };
    Ok(account::find(conn, id)?.map(|account| account.mail.as_str().to_owned()))
}

fn forget(conn: &mut Conn, _: &Node, person: Person<'_>, _: Timestamp) -> Result<usize, Error> {
    match mail_of(conn, person)? {
        Some(mail) => Ok(diesel::delete(table::table.filter(table::mail.eq(mail))).execute(conn)?),
        None => Ok(0),
    }
}

/// The answer goes where its person reads mail, and who wants to be forgotten or told everything is known by that address. The
/// desk sees the new one instead of the old one, since its person has asked for an answer.
fn readdress(conn: &mut Conn, old: &MailAddress, new: &MailAddress) -> QueryResult<usize> {
    let theirs = table::table.filter(table::mail.eq(old.as_str()));
    diesel::update(theirs).set(table::mail.eq(new.as_str())).execute(conn)
}

fn export(conn: &mut Conn, person: Person<'_>) -> Result<Option<Value>, Error> {
    type Row = (String, Option<String>, Timestamp, Option<Timestamp>);
    let Some(mail) = mail_of(conn, person)? else { return Ok(None) };
    let rows: Vec<Row> = table::table
        .filter(table::mail.eq(mail))
        .order(table::id)
        .select((table::text, table::page, table::created_at, table::answered_at))
        .load(conn)?;
    let time = |at: Timestamp| vocab::time::utc(at.to_jiff());
    let told = |(text, page, told, answered): Row| json!({"text": text, "page": page, "told": time(told), "answered": answered.map(time)});
    let all: Vec<Value> = rows.into_iter().map(told).collect();
    Ok((!all.is_empty()).then_some(Value::Array(all)))
}
