//! Joining: whoever can read mail at an address may have an account there, and nothing public with it.
//!
//! ```text
//!   address ──letter──► link (a quarter of an hour) ──name, age, terms──► account, session
//! ```
//!
//! Invariant: of somebody who only types an address, or whose address somebody else types, nothing is kept but that address,
//! until the link is too old. Who has an account already gets a link to sign in by instead, so that nobody learns of it.

use super::texts::{self, Text};
use super::{Account, MailAddress, Secret, account, session};
use crate::check::Checks;
use crate::{Error, Language, message};
use diesel::prelude::*;
use store::schema::join_links as links;
use store::{Conn, Timestamp, each};

/// Links of one address that are good at the same time.
const MOST: i64 = 3;

/// What somebody tells to join, as it was typed.
#[derive(Debug, Clone, Default)]
pub struct Joining {
    /// What the person is called. Only the node and its coordinator see it.
    pub name: String,
    /// The language of the person's mail.
    pub language: Language,
    /// Eighteen or over.
    pub adult: bool,
    /// The terms are agreed to, in the version that stands here now.
    pub accepted: bool,
}

/// Makes a link for an address. `false` when it has enough of them.
pub(super) fn make(conn: &mut Conn, mail: &MailAddress, link: &Secret, now: Timestamp) -> QueryResult<bool> {
    let good = links::table.filter(links::mail.eq(mail.as_str())).filter(links::expires_at.gt(now));
    if good.count().get_result::<i64>(conn)? >= MOST {
        return Ok(false);
    }
    let row =
        (links::hash.eq(link.hash()), links::mail.eq(mail.as_str()), links::expires_at.eq(now.plus(super::link::LIFE)));
    each!(conn, c => diesel::insert_into(links::table).values(row).execute(c)).map(|_| true)
}

/// Whose address a link proves, without using it up.
///
/// # Errors
/// Those of the database.
pub fn read(conn: &mut Conn, link: &Secret, now: Timestamp) -> QueryResult<Option<MailAddress>> {
    let known = links::table.find(link.hash()).filter(links::expires_at.gt(now));
    let mail: Option<String> = known.select(links::mail).first(conn).optional()?;
    Ok(mail.map(MailAddress::of_column))
}

/// Makes the account and begins a session. The links of that address end.
///
/// # Errors
/// [`Error::NotFound`] when the link is not good; [`Error::Invalid`] with everything that is wrong, field by field.
pub fn complete(
    conn: &mut Conn,
    link: &Secret,
    told: &Joining,
    session: &Secret,
    now: Timestamp,
) -> Result<Account, Error> {
    let mail = read(conn, link, now)?.ok_or(Error::NotFound)?;
    let name = vocab::text::line(&told.name, 200);
    let mut checks = Checks::default();
    account::check_name(&mut checks, "name", &name);
    checks.fault_if(!told.adult, "adult", message::NOT_ADULT);
    checks.fault_if(!told.accepted, "accepted", message::TERMS_NOT_ACCEPTED);
    Error::if_any(checks.found())?;
    diesel::delete(links::table.filter(links::mail.eq(mail.as_str()))).execute(conn)?;
    let account = account::make(conn, &mail, &name, told.language, now)?;
    account::accept(conn, &account.id, texts::version(Text::Terms))?;
    session::begin(conn, &account.id, session, now)?;
    account::find(conn, &account.id)?.ok_or(Error::NotFound)
}

/// Ends a link that did not reach anybody.
pub(super) fn end(conn: &mut Conn, link: &Secret) -> QueryResult<()> {
    diesel::delete(links::table.find(link.hash())).execute(conn).map(|_| ())
}

/// How many are too old.
pub(super) fn count_ended(conn: &mut Conn, now: Timestamp) -> QueryResult<i64> {
    links::table.filter(links::expires_at.le(now)).count().get_result(conn)
}

/// Removes those that are too old.
pub(super) fn remove_ended(conn: &mut Conn, now: Timestamp) -> QueryResult<usize> {
    diesel::delete(links::table.filter(links::expires_at.le(now))).execute(conn)
}
