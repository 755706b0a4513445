//! Drafts that are to be published at a time: a stored moment, and the clock that lets them take the same step as a press.
//!
//! What is refused when it is due (the deadline has passed) stays a draft, with the reason, for somebody to see to. What was
//! published or deleted meanwhile is simply passed over.

use super::staff::Staff;
use crate::audit::{self, By, Deed, Subject};
use crate::error::{FieldError, Key};
use crate::find::Found;
use crate::{Caller, Error, Node, actions, message};
use diesel::prelude::*;
use store::schema::scheduled;
use store::{Conn, Timestamp, each};

/// A draft and its moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// Which draft.
    pub what: Found,
    /// When it is to be published.
    pub at: Timestamp,
    /// Why it was not, when it was due.
    pub refused: Option<Key>,
}

type Row = (String, String, Timestamp, Option<String>);

impl Due {
    fn of(row: Row) -> Option<Due> {
        let (kind, id, at, refused) = row;
        Some(Due { what: Found::of_content(&kind, &id)?, at, refused: refused.and_then(|id| Key::kept(&id, &[])) })
    }
}

/// Puts a draft on the clock, in the place of an earlier moment.
pub(super) fn schedule(
    conn: &mut Conn,
    staff: &Staff,
    what: &Found,
    at: Timestamp,
    now: Timestamp,
) -> Result<(), Error> {
    let thing = super::thing(conn, what)?.ok_or(Error::NotFound)?;
    if thing.page.is_some() {
        return Err(Error::refused(message::ALREADY_PUBLISHED));
    }
    if at <= now {
        return Err(Error::Invalid(vec![FieldError::new("publish_at", message::NOT_TO_COME)]));
    }
    forget(conn, what)?;
    let row = (
        scheduled::url.eq(key(what)),
        scheduled::kind.eq(what.kind()),
        scheduled::row_id.eq(what.id()),
        scheduled::at.eq(at),
        scheduled::refused.eq(None::<String>),
    );
    each!(conn, c => diesel::insert_into(scheduled::table).values(row).execute(c))?;
    let subject = Subject::thing(what.kind(), what.id(), &thing.title);
    Ok(audit::note(conn, staff.by(), Deed::Scheduled, &subject, &vocab::time::utc(at.to_jiff()), now)?)
}

/// Takes a draft off the clock.
pub(super) fn unschedule(conn: &mut Conn, what: &Found) -> Result<(), Error> {
    if forget(conn, what)? == 0 { Err(Error::refused(message::NOT_SCHEDULED)) } else { Ok(()) }
}

/// The same, whether or not it was on it.
pub(super) fn forget(conn: &mut Conn, what: &Found) -> QueryResult<usize> {
    diesel::delete(scheduled::table.find(key(what))).execute(conn)
}

fn key(what: &Found) -> String {
    format!("{}/{}", what.kind(), what.id())
}

/// When a draft is to be published.
pub(super) fn of(conn: &mut Conn, what: &Found) -> QueryResult<Option<Due>> {
    let row: Option<Row> = scheduled::table
        .find(key(what))
        .select((scheduled::kind, scheduled::row_id, scheduled::at, scheduled::refused))
        .first(conn)
        .optional()?;
    Ok(row.and_then(Due::of))
}

/// Whether a draft has a time, due or not, and was not refused.
///
/// # Errors
/// Those of the database.
pub fn is_any_scheduled(conn: &mut Conn) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(scheduled::table.filter(scheduled::refused.is_null()))).get_result(conn)
}

/// What is due and was not refused, the earliest first.
///
/// # Errors
/// Those of the database.
pub fn due(conn: &mut Conn, now: Timestamp, limit: i64) -> QueryResult<Vec<Due>> {
    let rows: Vec<Row> = scheduled::table
        .filter(scheduled::at.le(now))
        .filter(scheduled::refused.is_null())
        .order((scheduled::at, scheduled::url))
        .limit(limit)
        .select((scheduled::kind, scheduled::row_id, scheduled::at, scheduled::refused))
        .load(conn)?;
    Ok(rows.into_iter().filter_map(Due::of).collect())
}

/// Publishes one draft that is due; `false` when it was refused, or is not there any more. One transaction for each, so that
/// one that fails holds up no other.
///
/// # Errors
/// Those of the database and of the spine.
pub fn publish_due(conn: &mut Conn, node: &Node, what: &Found, now: Timestamp) -> Result<bool, Error> {
    // Somebody may have moved it, or another process was first.
    if of(conn, what)?.is_none_or(|due| due.at > now || due.refused.is_some()) {
        return Ok(false);
    }
    let Some(thing) = super::thing(conn, what)? else {
        forget(conn, what)?;
        return Ok(false);
    };
    if thing.page.is_some() {
        forget(conn, what)?;
        return Ok(false);
    }
    let reason = match actions::publish(conn, node, Caller::Coordinator, what, None, now) {
        Ok(_) => {
            forget(conn, what)?;
            let subject = Subject::thing(what.kind(), what.id(), &thing.title);
            audit::note(conn, &By::CLOCK, Deed::Published, &subject, "", now)?;
            return Ok(true);
        }
        Err(Error::Refused(reason)) => reason,
        Err(Error::Invalid(mut faults)) if !faults.is_empty() => faults.remove(0).reason,
        Err(error) => return Err(error),
    };
    diesel::update(scheduled::table.find(key(what))).set(scheduled::refused.eq(Some(reason.id()))).execute(conn)?;
    Ok(false)
}
