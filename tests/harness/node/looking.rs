//! What a test looks at again and again until it finds it: what the commands tell (`status`, `queue`, `inbox`), read by the
//! code that they are made of. A process for each look was a third of what all tests cost.

use super::Node;
use diesel::prelude::*;
use federation::peer::{self, Peer};
use serde_json::{Value, json};
use server::admin::{show, status};
use server::app::App;
use server::config;
use std::sync::{Mutex, MutexGuard, PoisonError};
use store::Conn;
use store::schema::{blocks, quotes, reactions, replies, reports};

/// The node's database, opened when it is looked at for the first time.
#[derive(Default)]
pub struct Looks(Mutex<Option<App>>);

impl Looks {
    fn open(&self) -> MutexGuard<'_, Option<App>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Node {
    async fn app(&self) -> App {
        let open = self.looks.open().clone();
        match open {
            Some(app) => app,
            None => {
                let config = config::load(&self.config()).expect("its configuration");
                let app = App::open(config).await.expect("its database");
                self.looks.open().get_or_insert(app).clone()
            }
        }
    }

    /// Lets go of the connections that looks are made through, as a test has to that cuts connections or takes the
    /// database away.
    pub fn looks_anew(&self) {
        *self.looks.open() = None;
    }

    /// What `solmu status --json` tells.
    pub async fn status(&self) -> Value {
        status::read(&self.app().await).await.unwrap()
    }

    /// The rows of `solmu queue --json`, waiting ones or, with `failed`, those given up.
    pub async fn queue(&self, failed: bool) -> Vec<Value> {
        let listed = show::queue_json(&self.app().await, failed).await.unwrap();
        listed["deliveries"].as_array().unwrap().clone()
    }

    /// The rows of `solmu inbox --json`.
    pub async fn inbox(&self) -> Vec<Value> {
        let listed = show::inbox_json(&self.app().await).await.unwrap();
        listed["items"].as_array().unwrap().clone()
    }

    /// How many deliveries there are in its queue, in whatever state: whatever it sends adds to them.
    pub async fn deliveries(&self) -> i64 {
        let status = self.status().await;
        status["deliveries"].as_object().unwrap().values().map(|count| count.as_i64().unwrap()).sum()
    }

    /// How often others did something to what is here, by the table that keeps it.
    pub async fn done_by_others(&self) -> Value {
        let count = |conn: &mut Conn| {
            Ok::<_, store::Error>(json!({
                "blocks": blocks::table.count().get_result::<i64>(conn)?,
                "quotes": quotes::table.count().get_result::<i64>(conn)?,
                "reactions": reactions::table.count().get_result::<i64>(conn)?,
                "replies": replies::table.count().get_result::<i64>(conn)?,
                "reports": reports::table.count().get_result::<i64>(conn)?,
            }))
        };
        self.app().await.state.store.read(count).await.unwrap()
    }

    /// What it knows of a host.
    pub async fn peer(&self, host: &str) -> Option<Peer> {
        let host = host.to_owned();
        let find = move |conn: &mut Conn| Ok::<_, store::Error>(peer::find(conn, &host)?);
        self.app().await.state.store.read(find).await.unwrap()
    }

    /// Whether it has heard a host in earnest, or was heard by it.
    pub async fn knows(&self, host: &str) -> bool {
        self.peer(host).await.is_some_and(|peer| peer.last_ok_at.is_some() || peer.last_heard_at.is_some())
    }
}
