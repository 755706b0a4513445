//! The desk's line in the table of slices.

use super::today::LISTED;
use crate::slice::{self, Person, Retention, Slice};
use crate::{Error, Node};
use diesel::prelude::*;
use serde_json::{Value, json};
use std::time::Duration;
use store::schema::{files_in_hand as files, settled_answers as settled};
use store::{Conn, Timestamp};

/// So long a file waits.
const IN_HAND: Duration = Duration::from_secs(24 * 3600);

/// The desk.
pub static SLICE: Slice = Slice {
    name: "desk",
    kind: None,
    searched: None,
    retention: &[
        Retention {
            class: "files that were handed in to be imported",
            rule: "a day, or until they are put in or put away",
            due: |conn, now| {
                Ok(files::table.filter(files::created_at.lt(now.minus(IN_HAND))).count().get_result(conn)?)
            },
            apply: |conn, _, now| {
                Ok(diesel::delete(files::table.filter(files::created_at.lt(now.minus(IN_HAND)))).execute(conn)?)
            },
        },
        Retention {
            class: "which answers somebody has seen to",
            rule: "thirty days: so long answers are listed",
            due: |conn, now| Ok(settled::table.filter(settled::at.lt(now.minus(LISTED))).count().get_result(conn)?),
            apply: |conn, _, now| {
                Ok(diesel::delete(settled::table.filter(settled::at.lt(now.minus(LISTED)))).execute(conn)?)
            },
        },
    ],
    forget,
    readdress: slice::keeps_no_address,
    export,
};

/// A file goes with the account of who handed it in.
fn forget(conn: &mut Conn, _: &Node, person: Person<'_>, _: Timestamp) -> Result<usize, Error> {
    match person {
        Person::Account(id) => Ok(diesel::delete(files::table.filter(files::account.eq(id))).execute(conn)?),
        Person::Profile(_) => Ok(0),
    }
}

/// The names of the files, not what is in them: that is about others.
fn export(conn: &mut Conn, person: Person<'_>) -> Result<Option<Value>, Error> {
    let Person::Account(id) = person else { return Ok(None) };
    let names: Vec<String> =
        files::table.filter(files::account.eq(id)).order(files::id).select(files::name).load(conn)?;
    Ok((!names.is_empty()).then(|| json!({"files": names})))
}
