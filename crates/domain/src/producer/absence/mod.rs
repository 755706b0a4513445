//! What becomes of the profiles of members who stay away ([`crate::person::absence`] says when): their persons are written to,
//! the profile is hidden, and at last the account leaves as if its person had asked for it, by the same way and into the same
//! list of erasures ([`crate::leaving`]).

use super::own;
use crate::person::absence::{self, Away, Step};
use crate::person::{account, letter};
use crate::{Error, Node};
use store::id::AccountId;
use store::{Conn, Timestamp};

/// How many steps of these kinds are due.
pub(super) fn count(conn: &mut Conn, steps: &[Step], now: Timestamp) -> Result<i64, Error> {
    let due = absence::due(conn, now)?.iter().filter(|(_, step)| steps.contains(step)).count();
    Ok(i64::try_from(due).unwrap_or(i64::MAX))
}

/// Takes the steps of these kinds that are due; how many. Who has come back is seen again first.
pub(super) fn take(conn: &mut Conn, node: &Node, steps: &[Step], now: Timestamp) -> Result<usize, Error> {
    for id in absence::come_back(conn)? {
        welcome_back(conn, node, &id, now)?;
    }
    let mut taken = 0;
    for (away, step) in absence::due(conn, now)? {
        if steps.contains(&step) {
            taken += usize::from(take_one(conn, node, &away, step, now)?);
        }
    }
    Ok(taken)
}

/// Whether there was anything to do: a letter that waits already is not asked for twice.
fn take_one(conn: &mut Conn, node: &Node, away: &Away, step: Step, now: Timestamp) -> Result<bool, Error> {
    let kind = match step {
        Step::First => letter::Kind::AwayFirst,
        Step::Second => letter::Kind::AwaySecond,
        Step::Hide => {
            own::hide(conn, node, &away.id, now)?;
            absence::hidden(conn, &away.id, now)?;
            return Ok(true);
        }
        Step::Go => {
            account::set_leaving(conn, &away.id, Some(now))?;
            return Ok(true);
        }
    };
    if letter::is_waiting(conn, kind, &away.mail)? {
        return Ok(false);
    }
    Ok(letter::ask(conn, kind, &away.mail, away.language, None, now)?)
}

/// Somebody who stayed away has signed in: the profile is shown again, and nothing is counted any more.
///
/// # Errors
/// Those of the database.
pub fn welcome_back(conn: &mut Conn, node: &Node, account: &AccountId, now: Timestamp) -> Result<(), Error> {
    if absence::end(conn, account)? == Some(true) {
        own::show_again(conn, node, account, now)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
