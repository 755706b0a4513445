//! Who is told of an activity, and at which inboxes.

use crate::actor::Actor;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable, Text};
use std::collections::BTreeSet;
use store::id::{ActorUrl, InboxUrl, ObjectUrl};
use store::schema::{activities, deliveries};
use store::{Conn, each};

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

/// The inboxes of an audience: shared ones collapsed, our own host left out.
pub(super) fn all(conn: &mut Conn, audience: &Audience) -> QueryResult<BTreeSet<InboxUrl>> {
    Ok(match audience {
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
    })
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

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Nullable<Text>)]
    inbox: Option<InboxUrl>,
}

/// Steps over the inboxes by the index, so that a thousand followers behind one shared inbox cost as much as one.
const INBOXES: &str = "
    WITH RECURSIVE found(inbox) AS (
        SELECT MIN(inbox) FROM follows WHERE state = 'accepted' AND followed = $1 AND server = $2 AND inbox IS NOT NULL
        UNION ALL
        SELECT (SELECT MIN(later.inbox) FROM follows later
                WHERE later.state = 'accepted' AND later.followed = $1 AND later.server = $2 AND later.inbox > found.inbox)
        FROM found WHERE found.inbox IS NOT NULL
    )
    SELECT inbox FROM found WHERE inbox IS NOT NULL";

/// Where the accepted followers of an actor are reached; `servers_only` leaves people out.
fn followers(conn: &mut Conn, actor: &ActorUrl, servers_only: bool) -> QueryResult<BTreeSet<InboxUrl>> {
    let mut all = BTreeSet::new();
    for server in [true, false] {
        if servers_only && !server {
            continue;
        }
        let query = diesel::sql_query(INBOXES).bind::<Text, _>(actor).bind::<Bool, _>(server);
        let found: Vec<Found> = each!(conn, c => query.load(c))?;
        all.extend(found.into_iter().filter_map(|row| row.inbox));
    }
    Ok(all)
}
