//! Who is told of an activity, and at which inboxes.

use crate::actor::Actor;
use crate::follow;
use diesel::prelude::*;
use std::collections::BTreeSet;
use store::Conn;
use store::id::{ActorUrl, InboxUrl, ObjectUrl};
use store::schema::{activities, actors, deliveries, follows, peers};

/// Who is told.
#[derive(Debug, Clone)]
pub enum Audience {
    /// The accepted followers of an actor.
    Followers(ActorUrl),
    /// The accepted followers of an actor, and every inbox that ever was sent something about this object.
    AllWhoHave(ActorUrl, ObjectUrl),
    /// Those to whom an actor itself is known: its followers, the *servers* that follow its presenter, and every inbox
    /// that ever was sent something about it. People who follow a region do not get each producer's profile changes.
    Profile {
        /// The actor itself.
        actor: ActorUrl,
        /// The region that presents it.
        presenter: Option<ActorUrl>,
    },
    /// These alone.
    Only(Vec<Actor>),
}

/// The inboxes of an audience: shared ones collapsed, our own host and blocked hosts left out.
pub(super) fn inboxes(conn: &mut Conn, audience: &Audience) -> QueryResult<BTreeSet<InboxUrl>> {
    let mut found: BTreeSet<InboxUrl> = match audience {
        Audience::Followers(actor) => followers(conn, actor, false)?,
        Audience::AllWhoHave(actor, object) => {
            let mut all = followers(conn, actor, false)?;
            all.extend(sent_about(conn, object.as_str())?);
            all
        }
        Audience::Profile { actor, presenter } => {
            let mut all = followers(conn, actor, false)?;
            if let Some(presenter) = presenter {
                all.extend(followers(conn, presenter, true)?);
            }
            all.extend(sent_about(conn, actor.as_str())?);
            all
        }
        Audience::Only(actors) => {
            actors.iter().filter(|actor| !actor.local).map(|actor| actor.delivery_inbox().clone()).collect()
        }
    };
    let blocked: Vec<String> = peers::table.filter(peers::blocked.eq(true)).select(peers::host).load(conn)?;
    found.retain(|inbox| !blocked.contains(&inbox.host()));
    Ok(found)
}

/// Every inbox that ever was sent something about an object or actor.
fn sent_about(conn: &mut Conn, object: &str) -> QueryResult<Vec<InboxUrl>> {
    deliveries::table
        .inner_join(activities::table.on(activities::url.eq(deliveries::activity)))
        .filter(activities::object.eq(object))
        .select(deliveries::inbox)
        .distinct()
        .load(conn)
}

fn followers(conn: &mut Conn, actor: &ActorUrl, servers_only: bool) -> QueryResult<BTreeSet<InboxUrl>> {
    let rows: Vec<Actor> = follows::table
        .inner_join(actors::table.on(actors::url.eq(follows::follower)))
        .filter(follows::followed.eq(actor))
        .filter(follows::state.eq(follow::ACCEPTED))
        .filter(actors::local.eq(false))
        .select(Actor::as_select())
        .load(conn)?;
    Ok(rows
        .into_iter()
        .filter(|row| !servers_only || row.is_server())
        .map(|row| row.delivery_inbox().clone())
        .collect())
}
