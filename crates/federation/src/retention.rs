//! What the spine lets go: received bodies when they have had their effect, and what nobody needs any more.
//!
//! Ids outlive the texts: a received id is kept longer than a signature is accepted, so that nothing old has an effect
//! again; tombstones and the deliveries that tell who has an object stay.

use crate::inbox::items::{FAILED, WAITING};
use crate::{Error, report, taken_back};
use diesel::prelude::*;
use std::time::Duration;
use store::schema::{actors, delivery_attempts, follows, inbox_items, objects};
use store::{Conn, Timestamp};

const DAY: Duration = Duration::from_secs(86_400);
/// How long a received body stays for `solmu inbox retry`.
const BODY_DAYS: u32 = 2;
/// How long finished rows, attempts and strangers' profiles stay.
const ROW_DAYS: u32 = 30;

/// How long a report that was settled stays.
const REPORT_DAYS: u32 = 180;

/// Lets everything go whose time is over; how many rows changed.
///
/// # Errors
/// Those of the database.
pub fn let_go(conn: &mut Conn, now: Timestamp) -> Result<usize, Error> {
    let (bodies, rows) = (now.minus(DAY * BODY_DAYS), now.minus(DAY * ROW_DAYS));
    let mut gone = 0;
    gone += diesel::update(
        inbox_items::table
            .filter(inbox_items::state.ne_all([WAITING, FAILED]))
            .filter(inbox_items::finished_at.lt(bodies))
            .filter(inbox_items::body.ne(Vec::<u8>::new())),
    )
    .set(inbox_items::body.eq(Vec::<u8>::new()))
    .execute(conn)?;
    gone += diesel::delete(inbox_items::table.filter(inbox_items::finished_at.lt(rows))).execute(conn)?;
    gone += diesel::delete(delivery_attempts::table.filter(delivery_attempts::at.lt(rows))).execute(conn)?;
    gone += taken_back::let_go(conn, now)?;
    gone += report::let_go(conn, now.minus(DAY * REPORT_DAYS))?;
    // Whom nobody here follows or is followed by, and who presents or authored nothing that is kept.
    let followers = follows::table.select(follows::follower);
    let followed = follows::table.select(follows::followed);
    let authors = objects::table.filter(objects::deleted_at.is_null()).select(objects::author);
    let presented = objects::table.filter(objects::deleted_at.is_null()).select(objects::url);
    gone += diesel::delete(
        actors::table
            .filter(actors::local.eq(false))
            .filter(actors::fetched_at.lt(rows))
            .filter(actors::url.ne_all(followers))
            .filter(actors::url.ne_all(followed))
            .filter(actors::url.ne_all(authors))
            .filter(actors::url.ne_all(presented)),
    )
    .execute(conn)?;
    Ok(gone)
}
