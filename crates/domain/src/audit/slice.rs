//! The log's line in the table of slices.

use super::deed::Subject;
use super::queries;
use crate::slice::{self, Person, Retention, Slice};
use crate::{Error, Node};
use serde_json::{Value, json};
use std::time::Duration;
use store::{Conn, Timestamp};

/// So long a line is kept.
const KEPT: Duration = Duration::from_secs(2 * 365 * 24 * 3600);
/// Lines of one person in an export at most.
const TOLD: i64 = 10_000;

/// The log.
pub static SLICE: Slice = Slice {
    name: "audit",
    kind: None,
    searched: None,
    retention: &[Retention {
        class: "log of what those who hold a position did and looked at",
        rule: "two years: so long whom it concerns can read it and ask about it",
        due: |conn, now| Ok(queries::count_older(conn, now.minus(KEPT))?),
        apply: |conn, _, now| Ok(queries::remove_older(conn, now.minus(KEPT))?),
    }],
    forget,
    readdress: slice::keeps_no_address,
    export,
};

/// What concerns the person goes. What the person did for the region stays, by nobody: the table lets go of the account.
fn forget(conn: &mut Conn, _: &Node, person: Person<'_>, _: Timestamp) -> Result<usize, Error> {
    Ok(match person {
        Person::Profile(id) => queries::remove_about(conn, Subject::PRODUCER, id.as_str())?,
        Person::Account(id) => queries::remove_concerning(conn, id)?,
    })
}

/// What was done to the person, and what the person did. Of those who did something the position is told, not the name.
fn export(conn: &mut Conn, person: Person<'_>) -> Result<Option<Value>, Error> {
    let (about, by) = match person {
        Person::Profile(id) => (queries::about(conn, Subject::PRODUCER, id.as_str(), TOLD)?, Vec::new()),
        Person::Account(id) => (queries::concerning(conn, id, TOLD)?, queries::by(conn, id, TOLD)?),
    };
    let nothing = about.is_empty() && by.is_empty();
    Ok((!nothing).then(|| json!({"aboutYou": about, "byYou": by})))
}
