//! The node's own actor as its pages show it.

use super::RegionCode;
use super::actors;
use crate::Node;
use diesel::prelude::*;
use federation::follow;
use serde::Serialize;
use store::Conn;
use vocab::SafeHtml;

/// The region's actor, for people.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Profile {
    /// The region.
    pub region: RegionCode,
    /// Its name.
    pub name: String,
    /// What it says of itself.
    pub summary: SafeHtml,
    /// `@user@host`.
    pub handle: String,
    /// Its ActivityPub id.
    pub id: String,
    /// Its page.
    pub page: String,
    /// How many follow it.
    pub followers: i64,
    /// How many it follows.
    pub following: i64,
}

/// The profile of this node's region; nothing until its actors are made.
///
/// # Errors
/// Those of the database.
pub fn profile(conn: &mut Conn, node: &Node) -> QueryResult<Option<Profile>> {
    let Some(actor) = actors::region(conn)? else {
        return Ok(None);
    };
    let summary = vocab::Actor::parse(&actor.parsed()).ok().and_then(|document| document.summary).unwrap_or_default();
    Ok(Some(Profile {
        region: node.region,
        handle: node.origin.handle(&actor.username),
        page: node.origin.profile(&actor.username),
        followers: follow::count_followers(conn, &actor.url)?,
        following: follow::count_following(conn, &actor.url)?,
        id: actor.url.to_string(),
        name: actor.name,
        summary,
    }))
}
