//! An account: somebody who can sign in. It is known by its mail address and shown nowhere.

use super::{MailAddress, letter, link, session};
use crate::check::Checks;
use crate::{Caller, Error, Language, message, slice};
use diesel::prelude::*;
use std::ops::RangeInclusive;
use store::id::AccountId;
use store::schema::accounts;
use store::{Conn, Timestamp, each};

/// Characters of a name.
const NAME: RangeInclusive<usize> = 2..=100;

/// See the module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// Where its person gets mail.
    pub mail: MailAddress,
    /// What its person is called.
    pub name: String,
    /// In which its person gets mail.
    pub language: Language,
    /// When it was made.
    pub created_at: Timestamp,
    /// When its person last signed in, or was given or lost a position.
    pub seen_at: Timestamp,
    /// Which version of the terms its person agreed to; nothing for who was appointed.
    pub terms: Option<String>,
    /// When it goes for good; set while its person may still think better of it.
    pub leaves_at: Option<Timestamp>,
}

type Row = (AccountId, String, String, String, Timestamp, Timestamp, Option<String>, Option<Timestamp>);

impl Account {
    fn of(row: Row) -> Account {
        let (id, mail, name, language, created_at, seen_at, terms, leaves_at) = row;
        let (mail, language) = (MailAddress::of_column(mail), Language::parse(&language).unwrap_or_default());
        Account { id, mail, name, language, created_at, seen_at, terms, leaves_at }
    }
}

/// The account of this id.
///
/// # Errors
/// Those of the database.
pub fn find(conn: &mut Conn, id: &AccountId) -> QueryResult<Option<Account>> {
    Ok(accounts::table.find(id).first::<Row>(conn).optional()?.map(Account::of))
}

/// The account of somebody with this address.
///
/// # Errors
/// Those of the database.
pub fn find_by_mail(conn: &mut Conn, mail: &MailAddress) -> QueryResult<Option<Account>> {
    let found = accounts::table.filter(accounts::mail.eq(mail.as_str())).first::<Row>(conn).optional()?;
    Ok(found.map(Account::of))
}

/// All accounts, by name.
///
/// # Errors
/// Those of the database.
pub fn all(conn: &mut Conn) -> QueryResult<Vec<Account>> {
    let rows: Vec<Row> = accounts::table.order((accounts::name, accounts::id)).load(conn)?;
    Ok(rows.into_iter().map(Account::of).collect())
}

/// Faults of a name, under the field that it was typed into.
pub(crate) fn check_name(checks: &mut Checks, field: &str, name: &str) {
    checks.text(field, name, NAME);
}

/// Makes an account, or finds the one of this address and lets its name and language be.
///
/// # Errors
/// [`Error::Invalid`] for a name that is none.
pub(crate) fn make(
    conn: &mut Conn,
    mail: &MailAddress,
    name: &str,
    language: Language,
    now: Timestamp,
) -> Result<Account, Error> {
    if let Some(known) = find_by_mail(conn, mail)? {
        return Ok(known);
    }
    let name = vocab::text::line(name, NAME.end() + 1);
    let mut checks = Checks::default();
    check_name(&mut checks, "name", &name);
    Error::if_any(checks.found())?;
    let id = AccountId::fresh(now);
    let row = (
        accounts::id.eq(&id),
        accounts::mail.eq(mail.as_str()),
        accounts::name.eq(&name),
        accounts::language.eq(language.as_str()),
        accounts::created_at.eq(now),
        accounts::seen_at.eq(now),
    );
    each!(conn, c => diesel::insert_into(accounts::table).values(row).execute(c))?;
    let mail = mail.clone();
    Ok(Account { id, mail, name, language, created_at: now, seen_at: now, terms: None, leaves_at: None })
}

/// Corrects what its person is called and in which language they get mail, as they have typed it.
///
/// # Errors
/// [`Error::Invalid`] with everything that is wrong, field by field; [`Error::NotFound`] when there is no such account.
pub fn correct(conn: &mut Conn, id: &AccountId, name: &str, language: &str) -> Result<(), Error> {
    let name = vocab::text::line(name, NAME.end() + 1);
    let mut checks = Checks::default();
    check_name(&mut checks, "name", &name);
    checks.one_of("language", language, &Language::ALL.map(Language::as_str));
    Error::if_any(checks.found())?;
    let told = (accounts::name.eq(&name), accounts::language.eq(language));
    match diesel::update(accounts::table.find(id)).set(told).execute(conn)? {
        0 => Err(Error::NotFound),
        _ => Ok(()),
    }
}

/// Notes that somebody was seen.
pub(crate) fn note(conn: &mut Conn, id: &AccountId, now: Timestamp) -> QueryResult<()> {
    diesel::update(accounts::table.find(id)).set(accounts::seen_at.eq(now)).execute(conn).map(|_| ())
}

/// Gives an account another mail address. Whoever could sign in by the old one is out: links and sessions end, and a letter to it
/// says so. The account, as it was.
///
/// # Errors
/// [`Error::Forbidden`] for all but the coordinator; [`Error::NotFound`] when nobody has the old address;
/// [`Error::Conflict`] when somebody has the new one.
pub fn readdress(
    conn: &mut Conn,
    caller: Caller,
    old: &MailAddress,
    new: &MailAddress,
    now: Timestamp,
) -> Result<Account, Error> {
    caller.must_be_coordinator()?;
    let account = find_by_mail(conn, old)?.ok_or(Error::NotFound)?;
    move_to(conn, &account, new, now)?;
    session::end_all(conn, &account.id)?;
    Ok(account)
}

/// Gives an account another mail address, tells the old one, and ends the links that went to it. What waits for the old one, such
/// as an invitation, waits for the new one from then on.
///
/// # Errors
/// [`Error::Conflict`] when somebody has it.
pub(super) fn move_to(conn: &mut Conn, account: &Account, new: &MailAddress, now: Timestamp) -> Result<(), Error> {
    if find_by_mail(conn, new)?.is_some() {
        return Err(Error::Conflict(message::MAIL_TAKEN.into()));
    }
    diesel::update(accounts::table.find(&account.id)).set(accounts::mail.eq(new.as_str())).execute(conn)?;
    slice::readdress(conn, &account.mail, new)?;
    link::end_all(conn, &account.id)?;
    letter::ask(conn, letter::Kind::OldAddress, &account.mail, account.language, None, now)?;
    Ok(())
}

/// Notes which terms the person has agreed to.
pub(super) fn accept(conn: &mut Conn, id: &AccountId, terms: &str) -> QueryResult<()> {
    diesel::update(accounts::table.find(id)).set(accounts::terms.eq(Some(terms))).execute(conn).map(|_| ())
}

/// Sets when an account goes for good; nothing when it stays.
pub(crate) fn set_leaving(conn: &mut Conn, id: &AccountId, at: Option<Timestamp>) -> QueryResult<()> {
    diesel::update(accounts::table.find(id)).set(accounts::leaves_at.eq(at)).execute(conn).map(|_| ())
}

/// The accounts whose time to think better of it is over.
pub(crate) fn leaving(conn: &mut Conn, now: Timestamp) -> QueryResult<Vec<AccountId>> {
    accounts::table.filter(accounts::leaves_at.le(now)).order(accounts::id).select(accounts::id).load(conn)
}

/// How many accounts are leaving, and when the first of them goes for good.
pub(crate) fn all_leaving(conn: &mut Conn) -> QueryResult<(i64, Option<Timestamp>)> {
    accounts::table
        .filter(accounts::leaves_at.is_not_null())
        .select((diesel::dsl::count_star(), diesel::dsl::min(accounts::leaves_at)))
        .get_result(conn)
}

/// The ids of all accounts.
pub(crate) fn ids(conn: &mut Conn) -> QueryResult<Vec<AccountId>> {
    accounts::table.order(accounts::id).select(accounts::id).load(conn)
}

/// Removes an account with everything that hangs on it. How many rows that were: one, or none.
pub(super) fn remove(conn: &mut Conn, id: &AccountId) -> QueryResult<usize> {
    diesel::delete(accounts::table.find(id)).execute(conn)
}
