//! What a node knows of the regions that it follows: how they are, and what came from them.

use super::{RegionCode, of_actor};
use crate::{Node, view};
use diesel::dsl::count_star;
use diesel::prelude::*;
use federation::peer::{self, Health, Peer};
use federation::{actor, follow};
use serde::{Serialize, Serializer};
use std::collections::HashMap;
use store::schema::{backfills, events, organisations, producers, tasks};
use store::{Conn, Timestamp};

/// A region that this node follows, or asked to follow.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FollowedRegion {
    /// Which region; nothing for an actor that is no region of ours.
    pub region: Option<RegionCode>,
    /// The actor's name.
    pub name: String,
    /// `@user@host`.
    pub handle: String,
    /// Its page.
    pub page: String,
    /// Its ActivityPub id.
    pub id: String,
    /// Its host.
    pub host: String,
    /// `pending`, `accepted` or `rejected`.
    pub state: String,
    /// Whether the host answers.
    #[serde(serialize_with = "health")]
    pub health: Health,
    /// When it last answered us, or last sent something.
    #[serde(serialize_with = "view::optional_time", skip_serializing_if = "Option::is_none")]
    pub last_ok: Option<Timestamp>,
    /// Why it did not answer the last time, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_error: Option<String>,
    /// What this node has from it.
    pub counts: Counts,
    /// How far the reading of its past has come (`waiting`, `done`, …); nothing when none was begun.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backfill: Option<String>,
}

/// How many things came from one host and are shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Events.
    pub events: i64,
    /// Tasks.
    pub tasks: i64,
    /// Producers.
    pub producers: i64,
    /// Organisations.
    pub organisations: i64,
}

fn health<S: Serializer>(health: &Health, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(health.as_str())
}

/// The regions that this node follows, by code. A region that is this node's own, or whose voice was followed before, is
/// not taken from somebody else's document.
///
/// # Errors
/// Those of the database.
pub fn followed(conn: &mut Conn, node: &Node) -> QueryResult<Vec<FollowedRegion>> {
    let follows = follow::of_this_node(conn)?;
    let counts = counts_by_host(conn)?;
    let reading: HashMap<String, String> =
        backfills::table.select((backfills::actor, backfills::state)).load(conn)?.into_iter().collect();
    let mut found = Vec::with_capacity(follows.len());
    let mut spoken_for = HashMap::from([(node.region, node.origin.host().to_owned())]);
    for (follow, actor) in follows {
        let told = of_actor(&actor.parsed());
        let region =
            told.filter(|region| *spoken_for.entry(*region).or_insert_with(|| actor.host.clone()) == actor.host);
        let host = peer::find(conn, &actor.host)?.unwrap_or_else(|| Peer::stranger(&actor.host));
        found.push(FollowedRegion { region, ..entry(follow, actor, host, &counts, &reading) });
    }
    found.sort_by(|a, b| (a.region.is_none(), a.region, &a.handle).cmp(&(b.region.is_none(), b.region, &b.handle)));
    Ok(found)
}

fn entry(
    follow: follow::Follow,
    actor: actor::Actor,
    host: Peer,
    counts: &HashMap<String, Counts>,
    reading: &HashMap<String, String>,
) -> FollowedRegion {
    FollowedRegion {
        region: None,
        handle: actor.handle(),
        page: actor.page.clone().unwrap_or_else(|| actor.url.to_string()),
        id: actor.url.to_string(),
        state: follow.state,
        health: host.health(),
        last_ok: host.last_ok_at.max(host.last_heard_at),
        last_error: host.last_error.filter(|_| host.failures > 0),
        counts: counts.get(&actor.host).copied().unwrap_or_default(),
        backfill: reading.get(actor.url.as_str()).cloned(),
        name: actor.name,
        host: actor.host,
    }
}

fn counts_by_host(conn: &mut Conn) -> QueryResult<HashMap<String, Counts>> {
    let mut all: HashMap<String, Counts> = HashMap::new();
    let rows: Vec<(String, i64)> = events::table
        .filter(events::local.eq(false))
        .filter(events::state.eq(view::PUBLISHED))
        .group_by(events::origin)
        .select((events::origin, count_star()))
        .load(conn)?;
    for (host, count) in rows {
        all.entry(host).or_default().events = count;
    }
    let rows: Vec<(String, i64)> = tasks::table
        .filter(tasks::local.eq(false))
        .filter(tasks::state.ne(view::DRAFT))
        .group_by(tasks::origin)
        .select((tasks::origin, count_star()))
        .load(conn)?;
    for (host, count) in rows {
        all.entry(host).or_default().tasks = count;
    }
    let rows: Vec<(String, i64)> = producers::table
        .filter(producers::local.eq(false))
        .group_by(producers::origin)
        .select((producers::origin, count_star()))
        .load(conn)?;
    for (host, count) in rows {
        all.entry(host).or_default().producers = count;
    }
    let rows: Vec<(String, i64)> = organisations::table
        .filter(organisations::local.eq(false))
        .group_by(organisations::origin)
        .select((organisations::origin, count_star()))
        .load(conn)?;
    for (host, count) in rows {
        all.entry(host).or_default().organisations = count;
    }
    Ok(all)
}
