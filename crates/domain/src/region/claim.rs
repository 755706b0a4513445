//! Whose a region is: a document alone does not make an actor the voice of one.
//!
//! What comes from another node is shown under the region that its author's own document tells; what the object says of
//! regions is not read. And a region has one voice: this node's own region is this node's, any other belongs to whoever
//! was followed for it first. So nobody gets his things into another region's lists by writing that region into his
//! profile.

use super::{RegionCode, actors, of_actor};
use diesel::prelude::*;
use federation::follow;
use store::id::ActorUrl;
use store::schema::{actors as known, follows};
use store::{Conn, Timestamp};

/// Whether things of `author` may be shown under `region`: neither is it this node's own, nor does an actor of another
/// host tell it that was followed before.
///
/// # Errors
/// Those of the database.
pub(crate) fn may_speak_for(conn: &mut Conn, author: &ActorUrl, region: RegionCode) -> QueryResult<bool> {
    let (Some(code), Some(ours)) = (region.uri(), actors::region(conn)?) else { return Ok(false) };
    if ours.host != author.host() && ours.document.contains(&code) {
        return Ok(false);
    }
    let follows_of_ours = follows::table.filter(follows::follower.eq(&ours.url));
    let since: Option<Timestamp> =
        follows_of_ours.filter(follows::followed.eq(author)).select(follows::created_at).first(conn).optional()?;
    let earlier = follows_of_ours
        .inner_join(known::table.on(known::url.eq(follows::followed)))
        .filter(follow::accepted())
        .filter(follows::created_at.lt(since.unwrap_or(Timestamp::from_millis(i64::MAX))))
        .filter(known::host.ne(author.host()));
    // The address of the code stands in the documents of those who tell it; that leaves few to read.
    let documents: Vec<String> =
        earlier.filter(known::document.like(format!("%{code}%"))).select(known::document).load(conn)?;
    let tells =
        |document: &String| serde_json::from_str(document).is_ok_and(|document| of_actor(&document) == Some(region));
    Ok(!documents.iter().any(tells))
}
