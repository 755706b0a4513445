//! The coordinator's part: which profiles wait to be published, and giving one back. To publish one is [`super::publish`].
//!
//! Invariant: the coordinator sees of a profile what everybody will see, and nothing else.

use super::queries::{self, ProducerRow};
use super::types::ProducerView;
use crate::audit::Subject;
use crate::check::Checks;
use crate::person::{account, letter};
use crate::{Caller, Error, message};
use store::id::{AccountId, ProducerId};
use store::{Conn, Timestamp};

/// Longest reason, in characters.
const LONGEST_REASON: usize = 1_000;

/// A profile that waits.
#[derive(Debug, Clone, PartialEq)]
pub struct Waiting {
    /// Its id.
    pub id: ProducerId,
    /// Since when.
    pub asked_at: Timestamp,
    /// The account of the person, who can read in the log that it was looked at.
    pub account: Option<AccountId>,
    /// What everybody will see.
    pub view: ProducerView,
}

impl Waiting {
    /// The person, for the log.
    pub fn person(&self) -> Subject {
        self.account.as_ref().map_or_else(|| Subject::producer(&self.id), Subject::account)
    }
}

/// The profiles whose persons have asked for them to be published, the longest waiting first.
///
/// # Errors
/// Those of the database.
pub fn waiting(conn: &mut Conn) -> diesel::QueryResult<Vec<Waiting>> {
    let mut all = Vec::new();
    for row in queries::asked(conn)? {
        let (id, account, asked_at) = (row.id.clone(), row.account.clone(), row.asked_at.unwrap_or_default());
        let views = queries::views(conn, vec![row])?;
        all.extend(views.into_iter().map(|view| Waiting { id: id.clone(), asked_at, account: account.clone(), view }));
    }
    Ok(all)
}

/// Gives a profile back to its person, who is told the reason by letter and on the own page.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::NotFound`]; [`Error::Refused`] when it does not wait; [`Error::Invalid`] without a reason.
pub fn give_back(conn: &mut Conn, caller: Caller, id: &ProducerId, reason: &str, now: Timestamp) -> Result<(), Error> {
    caller.must_be_coordinator()?;
    let row = queries::find_local(conn, id)?.ok_or(Error::NotFound)?;
    if row.asked_at.is_none() {
        return Err(Error::refused(message::NOT_ASKED));
    }
    let reason = vocab::text::line(reason, LONGEST_REASON + 1);
    let mut checks = Checks::default();
    checks.text("reason", &reason, 3..=LONGEST_REASON);
    Error::if_any(checks.found())?;
    tell(conn, &row, letter::Kind::Returned, Some(&reason), now)?;
    queries::save(conn, &ProducerRow { asked_at: None, returned: Some(reason), ..row })?;
    Ok(())
}

/// Writes to the person of a profile, if it is somebody with an account.
pub(super) fn tell(
    conn: &mut Conn,
    row: &ProducerRow,
    kind: letter::Kind,
    note: Option<&str>,
    now: Timestamp,
) -> diesel::QueryResult<()> {
    let Some(account) = row.account.as_ref() else { return Ok(()) };
    if let Some(account) = account::find(conn, account)? {
        letter::ask(conn, kind, &account.mail, account.language, note, now)?;
    }
    Ok(())
}
