//! An actor's collections: counted, paged, and the same way for all of them (ActivityPub §5).
//!
//! `outbox` and `following` are the spine's own; what a region presents (its coming events, its producers) comes in as
//! [`Listed`] from the crates above. `followers` tells its number only, and of a person not even that: who follows is for the
//! followers to say.

use crate::problem::Problem;
use crate::state::State;
use crate::{Error, actor, follow, outbox};
use serde_json::Value;
use store::id::ActorUrl;
use store::{Conn, Timestamp};
use vocab::{ActorType, Collection, OrderedCollection, OrderedCollectionPage};

/// Items of a page.
pub const PAGE: i64 = 20;
/// Items of a collection that is served in one piece.
const WHOLE: i64 = 10;

/// One page of a [`Listed`] collection.
pub struct Slice {
    /// How many items there are in all.
    pub total: i64,
    /// Those of this page: ids, or embedded objects.
    pub items: Vec<Value>,
}

/// How a collection is served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paging {
    /// In pages.
    Pages,
    /// In one piece of at most ten: Mastodon reads the first page of `featured` only.
    Whole,
    /// In one piece of at most ten, without an order (`Collection`).
    Set,
}

/// Reads a page of a collection: the owner, the moment, offset and limit.
pub type Reader = fn(&mut Conn, &ActorUrl, Timestamp, i64, i64) -> Result<Slice, Error>;

/// A collection that a slice adds to certain actors.
#[derive(Clone, Copy)]
pub struct Listed {
    /// The last part of its address (`upcoming`).
    pub name: &'static str,
    /// The slice of the actors that have it (`region`).
    pub of: &'static str,
    /// How it is served.
    pub paging: Paging,
    /// Where its items come from.
    pub read: Reader,
}

/// Which part of a collection is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The collection itself.
    Head,
    /// The page at this place: an offset, or in the outbox the number before which it begins (0: the newest).
    Page(i64),
}

/// Answers a collection of a local actor.
///
/// # Errors
/// 404 for an unknown one, 410 when the actor is gone, 503.
pub async fn serve(state: &State, owner: ActorUrl, name: String, part: Part) -> Result<Value, Problem> {
    let now = state.now();
    let listed = state.collections;
    let read = state
        .store
        .read(move |conn| {
            let actor = outbox::ours(conn, &owner)?;
            if actor.deleted_at.is_some() {
                return Err(Error::Gone(owner.to_string()));
            }
            let id = format!("{owner}/{name}");
            let document = match name.as_str() {
                "outbox" => outbox_part(conn, &owner, &id, part)?,
                "followers" => followers(conn, &actor, id)?,
                "following" => paged(&id, part, follow::count_following(conn, &owner)?, |offset| {
                    let page = follow::following(conn, &owner, offset, PAGE)?;
                    Ok(page.into_iter().map(|url| Value::String(url.to_string())).collect())
                })?,
                _ => {
                    let Some(source) = listed.iter().find(|one| one.name == name && one.of == actor.slice) else {
                        return Err(Error::Unknown(id));
                    };
                    of_slice(conn, source, &actor, &id, part, now)?
                }
            };
            Ok(document)
        })
        .await?;
    Ok(vocab::context::with_context(read))
}

/// How many follow a person is personal; nobody has been asked whether it may be told.
fn followers(conn: &mut Conn, actor: &actor::Actor, id: String) -> Result<Value, Error> {
    let collection = if actor.actor_type == ActorType::Person.as_str() {
        OrderedCollection::hidden(id)
    } else {
        OrderedCollection::counted(id, count(follow::count_followers(conn, &actor.url)?))
    };
    Ok(vocab::context::embedded(&collection))
}

fn of_slice(
    conn: &mut Conn,
    source: &Listed,
    owner: &actor::Actor,
    id: &str,
    part: Part,
    now: Timestamp,
) -> Result<Value, Error> {
    match source.paging {
        Paging::Whole => {
            let slice = (source.read)(conn, &owner.url, now, 0, WHOLE)?;
            Ok(vocab::context::embedded(&OrderedCollection::whole(id, slice.items)))
        }
        Paging::Set => {
            let slice = (source.read)(conn, &owner.url, now, 0, WHOLE)?;
            Ok(vocab::context::embedded(&Collection::whole(id, slice.items)))
        }
        Paging::Pages => {
            let offset = if let Part::Page(offset) = part { offset } else { 0 };
            let slice = (source.read)(conn, &owner.url, now, offset, PAGE)?;
            paged(id, part, slice.total, |_| Ok(slice.items))
        }
    }
}

/// A collection whose pages are addressed by offset.
fn paged(
    id: &str,
    part: Part,
    total: i64,
    items: impl FnOnce(i64) -> Result<Vec<Value>, Error>,
) -> Result<Value, Error> {
    let at = |offset: i64| format!("{id}?page={offset}");
    let Part::Page(offset) = part else {
        let last = (total - 1).max(0) / PAGE * PAGE;
        return Ok(vocab::context::embedded(&OrderedCollection::paged(id, count(total), at(0), at(last))));
    };
    // Whoever asks may write any number.
    let next = Some(offset.saturating_add(PAGE)).filter(|next| *next < total).map(at);
    let prev = (offset > 0).then(|| at((offset - PAGE).max(0)));
    Ok(page(id, &at(offset), total, next, prev, items(offset)?))
}

/// The outbox: newest first, pages addressed by the number of the activity before which they begin, so that a new
/// activity shifts nothing under a reader; 0 is the newest page.
fn outbox_part(conn: &mut Conn, owner: &ActorUrl, id: &str, part: Part) -> Result<Value, Error> {
    let total = outbox::count(conn, owner)?;
    let at = |before: i64| format!("{id}?page={before}");
    let Part::Page(before) = part else {
        let head = OrderedCollection::paged(id, count(total), at(0), at(outbox::last_page(conn, owner, PAGE)?));
        return Ok(vocab::context::embedded(&head));
    };
    let mut rows = outbox::page(conn, owner, Some(before).filter(|before| *before > 0), PAGE + 1)?;
    let more = i64::try_from(rows.len()).unwrap_or(0) > PAGE;
    if more {
        rows.pop();
    }
    let next = rows.last().filter(|_| more).map(|(number, _)| at(*number));
    Ok(page(id, &at(before), total, next, None, rows.into_iter().map(|(_, document)| document).collect()))
}

fn page(
    collection: &str,
    id: &str,
    total: i64,
    next: Option<String>,
    prev: Option<String>,
    ordered_items: Vec<Value>,
) -> Value {
    vocab::context::embedded(&OrderedCollectionPage {
        id: id.to_owned(),
        part_of: collection.to_owned(),
        total_items: Some(count(total)),
        next,
        prev,
        ordered_items,
    })
}

fn count(rows: i64) -> u64 {
    u64::try_from(rows).unwrap_or(0)
}
