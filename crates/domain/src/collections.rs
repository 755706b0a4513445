//! The collections that a region's actor has besides its outbox: what is coming up, what it has pinned, and whom it
//! presents.

use crate::view::{Listing, Page};
use crate::{event, organisation, producer, wire};
use diesel::QueryResult;
use federation::collection::{Listed, Paging, Slice};
use federation::object;
use federation::{Error, Origin};
use serde_json::{Value, json};
use store::id::{ActorUrl, ObjectUrl};
use store::{Conn, Timestamp};

/// Coming events that are pinned to the profile.
const PINNED: i64 = 5;

/// All of them; the spine serves them under the region's actor.
pub const COLLECTIONS: &[Listed] = &[
    Listed { name: "upcoming", of: "region", paging: Paging::Pages, read: upcoming },
    Listed { name: "featured", of: "region", paging: Paging::Whole, read: featured },
    Listed { name: "tags", of: "region", paging: Paging::Set, read: tags },
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

/// The hashtags that most coming events carry, which Mastodon shows on the profile.
fn tags(conn: &mut Conn, region: &ActorUrl, now: Timestamp, _: i64, limit: i64) -> Result<Slice, Error> {
    let origin = Origin::new(&region.host());
    let most = usize::try_from(limit).unwrap_or(0);
    let tags = event::tags_of_coming(conn, now)?;
    let items: Vec<Value> = tags
        .iter()
        .filter_map(|tag| wire::hashtag(tag, &origin, "/tapahtumat"))
        .take(most)
        .map(|tag| json!({"type": "Hashtag", "name": tag.name, "href": tag.href}))
        .collect();
    Ok(Slice { total: limit.min(items.len().try_into().unwrap_or(limit)), items })
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
