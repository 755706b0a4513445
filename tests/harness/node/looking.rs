//! What a test looks at again and again until it finds it: what the commands tell (`status`, `queue`, `inbox`), read by the
//! code that they are made of. A process for each look was a third of what all tests cost.

use super::Node;
use serde_json::Value;
use server::admin::{show, status};
use server::app::App;
use server::config;
use std::sync::{Mutex, MutexGuard, PoisonError};

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
}
