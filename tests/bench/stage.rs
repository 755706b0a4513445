//! A node to measure, with the followers and followed that a measurement asks for, written straight into its database.

use crate::harness::{Database, Kind, Node, accepted};
use crate::site::Sites;
use crate::{harness, poll, process};
use diesel::prelude::*;
use federation::{Origin, actor, fetch};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use store::id::ActorUrl;
use store::schema::{deliveries, inbox_items};
use store::{Clock, Conn, Store};

/// A region's node.
pub struct Stage {
    /// The node.
    pub node: Node,
    /// Its database, beside its own connections.
    pub store: Store,
    /// Its own actor.
    pub actor: ActorUrl,
    drafts: AtomicUsize,
}

impl Stage {
    /// Makes a node on SQLite that does not serve yet.
    pub async fn make() -> Stage {
        Stage::on(Database::Sqlite).await
    }

    /// Makes a node that does not serve yet.
    ///
    /// What one host may send is lifted: the load comes from few, and what is asked is what the node can do.
    pub async fn on(database: Database) -> Stage {
        let mut node = Node::init(Kind::Region("06"), database).await;
        for name in ["INBOX_PER_SECOND", "INBOX_BURST"] {
            node.set(&format!("SOLMU__LIMITS__{name}"), "1000000");
        }
        let store = node.store();
        let name = node.username();
        let own = store.read_now(|conn| actor::find_local(conn, name).map_err(store::Error::from)).unwrap();
        Stage { node, store, actor: own.unwrap().url, drafts: AtomicUsize::new(0) }
    }

    /// Lets it serve.
    pub async fn serve(&mut self) {
        self.node.serve().await;
    }

    /// The number of its process.
    pub fn pid(&self) -> u32 {
        self.node.pid()
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.node.host().split_once(':').unwrap().1.parse().unwrap()
    }

    /// CPU time that its process has used.
    pub fn cpu(&self) -> Duration {
        process::cpu(self.pid())
    }

    /// Lets so many of each host follow the region; the host's shared inbox gets what the region says.
    pub fn followed_by(&self, sites: &Sites, each: usize) {
        let template =
            self.store.read_now(|conn| actor::find(conn, &self.actor).map_err(store::Error::from)).unwrap().unwrap();
        let hosts: Vec<String> = sites.hosts.clone();
        let (own, now) = (self.actor.clone(), Clock::System.now());
        self.fill(move |conn| {
            for host in &hosts {
                for number in 0..each {
                    let url = format!("http://{host}/users/{number}");
                    let document = json!({
                        "@context": vocab::ACTIVITY_STREAMS, "id": url, "type": "Person",
                        "preferredUsername": format!("u{number}"), "name": format!("Lukija {number}"),
                        "inbox": format!("{url}/inbox"), "endpoints": {"sharedInbox": format!("http://{host}/inbox")},
                        "publicKey": {"id": format!("{url}#main-key"), "owner": url, "publicKeyPem": template.public_key},
                    });
                    let row = fetch::actor_row(&document, now).unwrap();
                    actor::remember(conn, &row)?;
                    accepted(conn, &row.url, &own, now)?;
                }
            }
            Ok(())
        });
    }

    /// Lets the region follow others, whose documents these are.
    pub fn follows(&self, documents: Vec<Value>) {
        let (own, now) = (self.actor.clone(), Clock::System.now());
        self.fill(move |conn| {
            for document in &documents {
                let row = fetch::actor_row(document, now).unwrap();
                actor::remember(conn, &row)?;
                accepted(conn, &own, &row.url, now)?;
            }
            Ok(())
        });
    }

    /// Writes into the database.
    pub fn fill(&self, write: impl Fn(&mut Conn) -> QueryResult<()>) {
        self.store.write_now(|conn| write(conn).map_err(store::Error::from)).unwrap();
    }

    /// Imports so many drafts of tasks, and gives their names.
    pub async fn drafts(&self, count: usize) -> Vec<String> {
        let first = self.drafts.fetch_add(count, Ordering::Relaxed);
        let numbers: Vec<String> = (first..first + count).map(|number| format!("mitattu-{number}")).collect();
        let mut bundle = harness::organisation("osuuskunta", "Osuuskunta");
        bundle["tasks"] = numbers.iter().map(|name| harness::task(name, name, "draft")["tasks"][0].clone()).collect();
        self.node.import_bundle(&bundle).await;
        numbers
    }

    /// Publishes a draft from another process, as an operator does: when that has returned.
    pub async fn publish(&self, name: &str) -> Instant {
        self.node.run(&["publish", name]).await;
        Instant::now()
    }

    /// Waits until nothing is to be delivered any more, and that is written down.
    pub async fn delivered(&self) {
        let waiting = deliveries::table.filter(deliveries::state.eq("waiting"));
        self.until_none(move |conn| waiting.count().get_result(conn)).await;
    }

    /// Waits until everything received is processed.
    pub async fn processed(&self) {
        let waiting = inbox_items::table.filter(inbox_items::state.eq("waiting"));
        self.until_none(move |conn| waiting.count().get_result(conn)).await;
    }

    async fn until_none(&self, count: impl Fn(&mut Conn) -> QueryResult<i64>) {
        let none = || {
            let left = self.store.read_now(|conn| count(conn).map_err(store::Error::from)).unwrap();
            async move { left == 0 }
        };
        poll::until("nothing waits", Duration::from_millis(20), none).await;
    }
}

/// What a real region says: its own document and a `Create` of an event, each as its host serves it, and that host.
pub async fn region_speaks() -> (String, String, String) {
    let node = Node::start(Kind::Region("13"), Database::Sqlite).await;
    let mut bundle = harness::event("puhe", "Iltakahvit", "Tavataan ja jutellaan.");
    bundle["region"] = json!("13");
    node.import_bundle(&bundle).await;
    let id = node.actor().await;
    let path = id.strip_prefix(&Origin::new(&node.host()).url("")).unwrap().to_owned();
    let actor = node.document(&path).await;
    let page = node.document(&format!("{path}/outbox?page=0")).await;
    let mut create = page["orderedItems"][0].clone();
    assert_eq!(create["type"], "Create", "{page}");
    create["@context"] = page["@context"].clone();
    (node.host(), actor.to_string(), create.to_string())
}
