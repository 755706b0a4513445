//! What people tell of what does not work for them, and the day by which they have to have an answer: two weeks, as the act
//! on digital services asks (306/2019, section 9).
//!
//! ```text
//!   told ── open, with a day on which it is due ── answered ── gone after a year
//! ```
//!
//! Nobody has to sign in, nor leave an address. Invariant: no more than [`MOST_OPEN`] wait at a time, so that nobody fills
//! the node by telling it something. Left out: the answer itself, which goes by mail from person to person.

mod slice;
#[cfg(test)]
mod tests;

use crate::check::Checks;
use crate::person::MailAddress;
use crate::{Caller, Error, Key, Language, message};
use diesel::prelude::*;
use std::time::Duration;
use store::schema::feedback as table;
use store::{Conn, Timestamp, each};

pub use slice::SLICE;

/// How long an answer may take.
pub const ANSWERED_WITHIN: Duration = Duration::from_secs(14 * 24 * 3600);
/// So much may wait for an answer.
const MOST_OPEN: i64 = 500;
/// Characters of what is told.
const LONGEST: usize = 5_000;
/// Characters of the name or address of a page.
const LONGEST_PAGE: usize = 300;

/// What somebody tells, as it was typed.
#[derive(Debug, Clone, Default)]
pub struct NewFeedback {
    /// What does not work.
    pub text: String,
    /// On which page; may be empty.
    pub page: String,
    /// Where the answer goes; may be empty.
    pub mail: String,
    /// The language of the page that it is told on.
    pub language: Language,
}

/// What waits for an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feedback {
    /// Its number.
    pub id: i64,
    /// What was told.
    pub text: String,
    /// On which page.
    pub page: Option<String>,
    /// Where the answer goes; nothing when none is wanted.
    pub mail: Option<String>,
    /// The language of the page that it was told on.
    pub language: Language,
    /// When it was told.
    pub told: Timestamp,
    /// By when it has to be answered.
    pub due: Timestamp,
}

/// Takes something in; by when it is answered.
///
/// # Errors
/// [`Error::Invalid`] with everything that is wrong, field by field; [`Error::Refused`] when too much waits already.
pub fn tell(conn: &mut Conn, new: &NewFeedback, now: Timestamp) -> Result<Timestamp, Error> {
    let (text, page) = (new.text.replace("\r\n", "\n"), new.page.trim());
    let mut checks = Checks::default();
    checks.text("text", text.trim(), 3..=LONGEST);
    checks.optional_text("page", Some(page), LONGEST_PAGE);
    let mail = MailAddress::parse(&new.mail);
    if !new.mail.is_empty() && mail.is_none() {
        let shown = crate::check::shown(&new.mail);
        checks.fault("mail", Key::new(message::NOT_A_MAIL_ADDRESS).with("value", shown));
    }
    Error::if_any(checks.found())?;
    let waiting: i64 = table::table.filter(table::answered_at.is_null()).count().get_result(conn)?;
    if waiting >= MOST_OPEN {
        return Err(Error::refused(message::FEEDBACK_FULL));
    }
    let due = now.plus(ANSWERED_WITHIN);
    let row = (
        table::text.eq(text.trim()),
        table::page.eq(Some(page).filter(|page| !page.is_empty())),
        table::mail.eq(mail.as_ref().map(MailAddress::as_str)),
        table::language.eq(new.language.as_str()),
        table::created_at.eq(now),
        table::due_at.eq(due),
    );
    each!(conn, c => diesel::insert_into(table::table).values(row).execute(c))?;
    Ok(due)
}

type Row = (i64, String, Option<String>, Option<String>, String, Timestamp, Timestamp);

/// What waits for an answer; what is due first comes first.
///
/// # Errors
/// Those of the database.
pub fn open(conn: &mut Conn) -> QueryResult<Vec<Feedback>> {
    let rows: Vec<Row> = table::table
        .filter(table::answered_at.is_null())
        .order((table::due_at, table::id))
        .select((table::id, table::text, table::page, table::mail, table::language, table::created_at, table::due_at))
        .load(conn)?;
    let feedback = |(id, text, page, mail, language, told, due): Row| Feedback {
        id,
        text,
        page,
        mail,
        language: Language::parse(&language).unwrap_or_default(),
        told,
        due,
    };
    Ok(rows.into_iter().map(feedback).collect())
}

/// Marks something as answered.
///
/// # Errors
/// [`Error::Forbidden`] for all but the coordinator; [`Error::NotFound`] for what does not wait.
pub fn answer(conn: &mut Conn, caller: Caller, id: i64, now: Timestamp) -> Result<(), Error> {
    caller.must_be_coordinator()?;
    let waiting = table::table.find(id).filter(table::answered_at.is_null());
    match diesel::update(waiting).set(table::answered_at.eq(now)).execute(conn)? {
        0 => Err(Error::NotFound),
        _ => Ok(()),
    }
}
