//! The tables of the spine on both databases: what waits to be sent, what was received, who follows whom, which ids are
//! known. Every test runs on SQLite and on PostgreSQL, and hands its own time in.

mod away;
mod clock;
mod conversation;
mod delivery;
mod follows;
mod ids;
mod inbox;
mod orders;
mod outbox;
mod processing;
mod readers;
mod refusing;
mod relay;
mod until;

use crate::actor::{self, Actor};
use crate::key::KeyPair;
use crate::outbox::Publication;
use crate::state::State;
use crate::{Error, Origin, follow, retention};
use diesel::prelude::*;
use serde_json::{Value, json};
use std::sync::{LazyLock, OnceLock};
use std::time::Duration;
use store::id::{ActivityUrl, ActorUrl, InboxUrl, ObjectUrl};
use store::schema::activities;
use store::testing::Scratch;
use store::{Conn, Timestamp};

/// When these tests begin.
const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);

/// One key for all actors: what it says is not what is tested here.
static PAIR: LazyLock<KeyPair> =
    LazyLock::new(|| KeyPair::from_pem(include_str!("../../../../tests/harness/keys/one.pem")).unwrap());

fn after(seconds: u64) -> Timestamp {
    NOW.plus(Duration::from_secs(seconds))
}

/// A node `here.example` with its region, on one of the databases.
struct Node {
    /// The database's name, for messages.
    name: &'static str,
    scratch: Scratch,
    origin: Origin,
    region: ActorUrl,
    /// Made when it is first asked for: the HTTP client in it is slow to make.
    state: OnceLock<State>,
}

/// A node on each database.
fn nodes() -> impl Iterator<Item = Node> {
    store::testing::both().into_iter().map(|(name, scratch)| Node::on(name, scratch))
}

impl Node {
    fn on(name: &'static str, scratch: Scratch) -> Node {
        let origin = Origin::new("here.example");
        let region = origin.actor("region");
        let node = Node { name, scratch, origin, region, state: OnceLock::new() };
        node.establish("pirkanmaa", &node.region, "region", vocab::ActorType::Group);
        node.establish("relay", &node.origin.relay(), "relay", vocab::ActorType::Application);
        node
    }

    fn write<T>(&self, change: impl Fn(&mut Conn) -> Result<T, Error>) -> T {
        self.scratch.store.write_now(change).unwrap_or_else(|error| panic!("{}: {error}", self.name))
    }

    fn read<T>(&self, query: impl FnOnce(&mut Conn) -> Result<T, Error>) -> T {
        self.scratch.store.read_now(query).unwrap_or_else(|error| panic!("{}: {error}", self.name))
    }

    fn establish(&self, username: &str, url: &ActorUrl, slice: &'static str, kind: vocab::ActorType) {
        let document = actor::frame(&self.origin, url, kind, username, &PAIR.public_pem);
        self.write(|conn| actor::establish(conn, slice, &document, &PAIR, NOW));
    }

    /// A producer that the region presents.
    fn producer(&self, username: &str) -> ActorUrl {
        let url = self.origin.actor(username);
        self.establish(username, &url, "producer", vocab::ActorType::Person);
        url
    }

    /// An actor of another host is known, and follows `followed`.
    fn follower(&self, follower: &Actor, followed: &ActorUrl) {
        let id = format!("{}/follows/{}", follower.url, followed.as_str().len());
        let received = json!({"id": id, "type": "Follow", "actor": follower.url.as_str(), "object": followed.as_str()});
        self.write(|conn| {
            actor::remember(conn, follower)?;
            follow::accept(conn, &self.origin, &follower.url, followed, &received, NOW).map(|_| ())
        });
        self.forget_deliveries();
    }

    /// Puts aside what was to be sent so far (the `Accept` of a follow), so that a test sees its own alone.
    fn forget_deliveries(&self) {
        self.write(|conn| {
            diesel::update(store::schema::deliveries::table)
                .set(store::schema::deliveries::state.eq(crate::delivery::DELIVERED))
                .execute(conn)?;
            Ok(())
        });
    }

    /// Lets everything go whose time is over.
    fn let_go(&self, now: Timestamp) {
        for rule in retention::RULES {
            self.write(|conn| (rule.apply)(conn, now).map_err(Error::from));
        }
    }

    /// An event of the region, not yet published.
    fn event(&self, uuid: &str) -> Publication {
        self.event_by(uuid, &self.region)
    }

    fn event_by(&self, uuid: &str, author: &ActorUrl) -> Publication {
        let url = self.origin.object("events", uuid);
        Publication {
            kind: "event",
            document: json!({"id": url.as_str(), "type": "Event", "name": uuid, "attributedTo": author.as_str()}),
            page: self.origin.url(&format!("/tapahtumat/{uuid}")),
            author: author.clone(),
            object_type: "Event",
            announced: true,
            url,
        }
    }

    fn publish(&self, what: &Publication) -> ActivityUrl {
        self.write(|conn| crate::outbox::create(conn, what, NOW))
    }

    fn activity(&self, id: &ActivityUrl) -> Value {
        let text: String = self.read(|conn| {
            let row = activities::table.filter(activities::url.eq(id)).select(activities::document);
            row.first(conn).map_err(Error::from)
        });
        serde_json::from_str(&text).unwrap()
    }

    /// Inboxes to which an activity goes, in order, with the state of each delivery.
    fn recipients(&self, id: &ActivityUrl) -> Vec<(String, String)> {
        use store::schema::deliveries;
        self.read(|conn| {
            deliveries::table
                .filter(deliveries::activity.eq(id))
                .order(deliveries::inbox)
                .select((deliveries::inbox, deliveries::state))
                .load(conn)
                .map_err(Error::from)
        })
    }

    fn inboxes(&self, id: &ActivityUrl) -> Vec<String> {
        self.recipients(id).into_iter().map(|(inbox, _)| inbox).collect()
    }
}

/// An actor of another host.
fn remote(name: &str, host: &str, kind: &str, shared: bool) -> Actor {
    let url = ActorUrl::from_text(format!("https://{host}/users/{name}"));
    Actor {
        local: false,
        slice: String::new(),
        actor_type: kind.to_owned(),
        username: name.to_owned(),
        host: host.to_owned(),
        inbox: InboxUrl::from_text(format!("{url}/inbox")),
        shared_inbox: shared.then(|| InboxUrl::from_text(format!("https://{host}/inbox"))),
        outbox: None,
        page: None,
        name: name.to_owned(),
        key_id: format!("{url}#main-key"),
        public_key: PAIR.public_pem.clone(),
        document: json!({"id": url.as_str(), "type": kind}).to_string(),
        fetched_at: NOW,
        created_at: NOW,
        deleted_at: None,
        url,
    }
}

fn person(name: &str, host: &str) -> Actor {
    remote(name, host, "Person", false)
}

fn object(text: &str) -> ObjectUrl {
    ObjectUrl::from_text(text)
}
