//! What was asked in vain a moment ago, so that it is not asked again: keys by host, in bounded memory.
//!
//! Invariant: whoever floods this with names is alone in suffering from it. A host that fills its own share is not asked
//! for any further key until the first of them is forgotten; of too many hosts the one that was noted longest ago goes.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use store::Timestamp;

/// How long a failure is remembered.
pub(crate) const PAUSE: Duration = Duration::from_secs(300);
/// Keys of one host.
const KEYS: usize = 100;
/// Hosts.
const HOSTS: usize = 10_000;

#[derive(Default)]
struct Host {
    keys: HashMap<String, Timestamp>,
    newest: Timestamp,
}

/// When which key was last asked for in vain.
#[derive(Default)]
pub(crate) struct Lately(Mutex<HashMap<String, Host>>);

impl Lately {
    /// Whether a key was asked for in vain in the last five minutes, or too many keys of its host were.
    pub(crate) fn was(&self, key_id: &str, now: Timestamp) -> bool {
        let hosts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(host) = hosts.get(&store::id::host_of(key_id)) else { return false };
        match host.keys.get(key_id) {
            Some(at) => is_recent(*at, now),
            None => host.keys.len() >= KEYS && host.keys.values().all(|at| is_recent(*at, now)),
        }
    }

    /// Notes that a key was asked for in vain.
    pub(crate) fn note(&self, key_id: &str, now: Timestamp) {
        let mut hosts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let name = store::id::host_of(key_id);
        if hosts.len() >= HOSTS && !hosts.contains_key(&name) {
            hosts.retain(|_, host| is_recent(host.newest, now));
            if hosts.len() >= HOSTS
                && let Some(oldest) = hosts.iter().min_by_key(|(_, host)| host.newest).map(|(name, _)| name.clone())
            {
                hosts.remove(&oldest);
            }
        }
        let host = hosts.entry(name).or_default();
        host.newest = now;
        if host.keys.len() >= KEYS {
            host.keys.retain(|_, at| is_recent(*at, now));
        }
        if host.keys.len() < KEYS {
            host.keys.insert(key_id.to_owned(), now);
        }
    }
}

fn is_recent(at: Timestamp, now: Timestamp) -> bool {
    at <= now && now.since(at) < PAUSE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_that_names_too_many_keys_is_alone_in_it() {
        let (lately, now) = (Lately::default(), Timestamp::from_millis(1_700_000_000_000));
        let later = now.plus(PAUSE);
        for number in 0..KEYS {
            lately.note(&format!("https://e.example/{number}"), now);
        }
        for (key_id, at, was) in [
            ("https://e.example/0", now, true),
            ("https://e.example/never-seen", now, true),
            ("https://g.example/u#main-key", now, false),
            ("https://e.example/0", later, false),
            ("https://e.example/never-seen", later, false),
        ] {
            assert_eq!(lately.was(key_id, at), was, "{key_id}");
        }
    }

    #[test]
    fn of_too_many_hosts_the_oldest_goes() {
        let lately = Lately::default();
        let at = |millis: i64| Timestamp::from_millis(1_700_000_000_000 + millis);
        for number in 0..=HOSTS {
            lately.note(&format!("https://h{number}.example/k"), at(i64::try_from(number).unwrap()));
        }
        let now = at(20_000);
        assert!(!lately.was("https://h0.example/k", now));
        assert!(lately.was("https://h1.example/k", now) && lately.was(&format!("https://h{HOSTS}.example/k"), now));
    }
}
