//! What a test does to a node's database behind its back.

use super::{Node, Scratch};
use diesel::prelude::*;
use federation::{actor, fetch, follow};
use serde_json::Value;
use store::id::ActorUrl;
use store::schema::follows;
use store::{Clock, Conn, Store, Timestamp, each};

impl Node {
    /// Its PostgreSQL database, for something that no connection of a look must be in the way of.
    fn scratch(&self) -> &Scratch {
        self.looks_anew();
        self.scratch.as_ref().expect("a node on PostgreSQL")
    }

    /// Ends all connections to its PostgreSQL database, and waits until they are gone.
    pub fn end_connections(&self) {
        self.scratch().end_connections();
    }

    /// Ends all connections to its PostgreSQL database but those that call themselves so (`application_name`).
    pub fn end_connections_except(&self, name: &str) {
        self.scratch().end_connections_except(name);
    }

    /// Whether its PostgreSQL database may be connected to.
    pub fn admit_connections(&self, admitted: bool) {
        self.scratch().admit_connections(admitted);
    }

    /// Takes everything out of its PostgreSQL database.
    pub fn empty_database(&self) {
        self.scratch().empty();
    }

    /// Where its database is, for a test that writes by the same rules as the command line.
    pub fn database(&self) -> store::DatabaseUrl {
        let file = || format!("sqlite:{}", self.path("solmu.db").display());
        self.database.clone().unwrap_or_else(file).parse().unwrap()
    }

    /// Takes everything out of its database, the schema too.
    pub fn forget_everything(&self) {
        self.looks_anew();
        match &self.scratch {
            Some(scratch) => scratch.empty(),
            None => {
                for name in ["solmu.db", "solmu.db-wal", "solmu.db-shm"] {
                    let _ = std::fs::remove_file(self.path(name));
                }
            }
        }
    }

    /// Its database, beside its own connections.
    pub fn store(&self) -> Store {
        Store::open(&self.database()).unwrap()
    }

    /// Lets actors follow the node's own without a word on the wire: such as do not answer, or cannot be found.
    pub async fn is_followed_by(&self, documents: Vec<Value>) {
        let (own, now) = (ActorUrl::from_text(self.actor().await), Clock::System.now());
        let enter = move |conn: &mut Conn| {
            for document in &documents {
                let row = fetch::actor_row(document, now).unwrap();
                actor::remember(conn, &row)?;
                accepted(conn, &row.url, &own, now)?;
            }
            Ok::<_, store::Error>(())
        };
        self.store().write(enter).await.unwrap();
    }
}

/// A follow that is in force.
pub fn accepted(conn: &mut Conn, follower: &ActorUrl, followed: &ActorUrl, now: Timestamp) -> QueryResult<()> {
    let known = actor::find(conn, follower)?;
    let server = known.as_ref().is_some_and(actor::Actor::is_server);
    let inbox = known.filter(|known| !known.local).map(|known| known.delivery_inbox().clone());
    let row = (
        follows::follower.eq(follower),
        follows::followed.eq(followed),
        follows::activity.eq(format!("{follower}#follows/{followed}")),
        follows::document.eq("{}"),
        follows::state.eq(follow::ACCEPTED),
        follows::created_at.eq(now),
        follows::answered_at.eq(Some(now)),
        follows::inbox.eq(inbox),
        follows::server.eq(server),
    );
    each!(conn, c => diesel::insert_into(follows::table).values(row).execute(c)).map(|_| ())
}
