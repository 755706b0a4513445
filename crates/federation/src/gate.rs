//! How many documents are fetched at the same time, together and from one host: a slow host keeps few places, and none of
//! the others'. Deliveries have places of their own.

use crate::Limits;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Hosts that are kept without looking whether anybody is there.
const KEPT: usize = 256;

/// See the module.
#[derive(Clone)]
pub(crate) struct Gate {
    all: Arc<Semaphore>,
    hosts: Arc<Mutex<HashMap<String, Arc<Semaphore>>>>,
    per_host: usize,
}

/// A place; held while the document is fetched.
pub(crate) struct Place {
    _host: Option<OwnedSemaphorePermit>,
    _all: Option<OwnedSemaphorePermit>,
}

impl Gate {
    pub(crate) fn new(limits: &Limits) -> Gate {
        let places = |limit: u64| usize::try_from(limit).unwrap_or(Semaphore::MAX_PERMITS).min(Semaphore::MAX_PERMITS);
        Gate {
            all: Arc::new(Semaphore::new(places(limits.fetch_connections))),
            hosts: Arc::default(),
            per_host: places(limits.fetch_connections_per_host),
        }
    }

    /// Waits for a place. The host's own comes first, so that who waits for a slow host takes nobody else's.
    pub(crate) async fn enter(&self, host: &str) -> Place {
        let places = self.places_of(host);
        let host = places.acquire_owned().await.ok();
        let all = Arc::clone(&self.all).acquire_owned().await.ok();
        Place { _host: host, _all: all }
    }

    fn places_of(&self, host: &str) -> Arc<Semaphore> {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        if hosts.len() >= KEPT {
            // A permit and whoever waits for one hold the semaphore too.
            hosts.retain(|_, places| Arc::strong_count(places) > 1);
        }
        let places = hosts.entry(host.to_owned()).or_insert_with(|| Arc::new(Semaphore::new(self.per_host)));
        Arc::clone(places)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;

    #[tokio::test]
    async fn places_together_and_of_one_host() {
        let gate = Gate::new(&Limits { fetch_connections: 3, fetch_connections_per_host: 2, ..Limits::default() });
        let (one, _two) = (gate.enter("a.example").await, gate.enter("a.example").await);
        assert!(gate.enter("a.example").now_or_never().is_none(), "a third of one host");
        let _three = gate.enter("b.example").await;
        assert!(gate.enter("c.example").now_or_never().is_none(), "a fourth of all");
        drop(one);
        assert!(gate.enter("c.example").now_or_never().is_some());
    }

    #[tokio::test]
    async fn f41_hosts_are_forgotten() {
        let gate = Gate::new(&Limits::default());
        let _held = gate.enter("held.example").await;
        for number in 0..KEPT * 4 {
            drop(gate.enter(&format!("h{number}.example")).await);
        }
        let hosts = gate.hosts.lock().unwrap();
        assert!(hosts.len() <= KEPT && hosts.contains_key("held.example"), "{}", hosts.len());
    }
}
