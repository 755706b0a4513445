//! The collections that a region's actor has besides its outbox: what is coming up, what it has pinned, and whom it
//! presents.

use crate::view::{Listing, Page};
use crate::{event, organisation, producer};
use diesel::QueryResult;
use federation::Error;
use federation::collection::{Listed, Paging, Slice};
use federation::object;
use serde_json::Value;
use store::id::{ActorUrl, ObjectUrl};
use store::{Conn, Timestamp};

/// Coming events that are pinned to the profile.
const PINNED: i64 = 5;

/// All of them; the spine serves them under the region's actor.
pub const COLLECTIONS: &[Listed] = &[
    Listed { name: "upcoming", of: "region", paging: Paging::Pages, read: upcoming },
    Listed { name: "featured", of: "region", paging: Paging::Whole, read: featured },
    Listed { name: "producers", of: "region", paging: Paging::Pages, read: producers },
    Listed { name: "organisations", of: "region", paging: Paging::Pages, read: organisations },
];

/// Events that have not ended, next first, embedded (FEP-8a8e `upcomingEvents`).
fn upcoming(conn: &mut Conn, _: &ActorUrl, now: Timestamp, offset: i64, limit: i64) -> Result<Slice, Error> {
    let Listing { items, total } = event::upcoming_ids(conn, now, Page { offset, limit })?;
    let mut documents = Vec::with_capacity(items.len());
    for id in items {
        documents.extend(object::find(conn, &ObjectUrl::from_text(id))?.and_then(|known| known.parsed()));
    }
    Ok(Slice { total, items: documents })
}

/// The next events by id, which Mastodon fetches and pins.
fn featured(conn: &mut Conn, _: &ActorUrl, now: Timestamp, offset: i64, limit: i64) -> Result<Slice, Error> {
    by_id(event::upcoming_ids(conn, now, Page { offset, limit: limit.min(PINNED) }))
}

fn producers(conn: &mut Conn, _: &ActorUrl, _: Timestamp, offset: i64, limit: i64) -> Result<Slice, Error> {
    by_id(producer::presented_ids(conn, Page { offset, limit }))
}

fn organisations(conn: &mut Conn, _: &ActorUrl, _: Timestamp, offset: i64, limit: i64) -> Result<Slice, Error> {
    by_id(organisation::presented_ids(conn, Page { offset, limit }))
}

fn by_id(listing: QueryResult<Listing<String>>) -> Result<Slice, Error> {
    let Listing { items, total } = listing?;
    Ok(Slice { total, items: items.into_iter().map(Value::String).collect() })
}
