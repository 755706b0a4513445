//! What the front half remembers for a moment, so that an honest request costs no query of its own: parsed keys, actors
//! that are not blocked, inboxes that exist, ids that were stored a moment ago.
//!
//! Nothing here decides that something is stored: [`super::intake`] looks at the database once more, in the transaction that
//! stores it, for all that comes at the same time. So what another process changed (a block, a key, an actor that is gone)
//! counts at once, although what is remembered may be a second old. Bounded; the least used goes first.

use crate::actor::Actor;
use crate::signature::Verifier;
use prometheus_client::metrics::histogram::Histogram;
use quick_cache::sync::Cache;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::time::{Duration, Instant};
use store::Timestamp;
use store::id::{ActivityUrl, ActorUrl};

/// How long something is believed without a look at the database.
const BELIEVED: Duration = Duration::from_secs(1);
/// Entries of each kind. An id takes 8 bytes, a key about 2 KiB.
const KEYS: usize = 2_000;
const NAMES: usize = 5_000;
const IDS: usize = 50_000;

/// The owner of a key, and the key.
pub(crate) struct KeyOwner {
    /// The actor.
    pub url: ActorUrl,
    /// The id under which the key was looked up.
    pub key_id: String,
    /// As the actor's row has it, to see whether it is still the same.
    pub public_pem: String,
    verifier: Verifier,
    timed: Histogram,
    read_at: Timestamp,
    /// Commits of this process when it was read.
    commits: u64,
}

impl KeyOwner {
    /// Whether the key made a signature.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        let begun = Instant::now();
        let fits = self.verifier.verify(message, signature);
        self.timed.observe(begun.elapsed().as_secs_f64());
        fits
    }

    /// Nobody can have changed it here since it was read, and elsewhere at most a second ago.
    pub fn is_current(&self, now: Timestamp, commits: u64) -> bool {
        self.commits == commits && is_fresh(self.read_at, now)
    }
}

/// See the module.
pub(crate) struct Memory {
    keys: Cache<String, Arc<KeyOwner>>,
    unblocked: Cache<String, Timestamp>,
    inboxes: Cache<String, Timestamp>,
    seen: Cache<u64, ()>,
    verifying: Histogram,
    /// Bits of a key at most.
    key_bits: u64,
    /// Its own secret, so that nobody can choose ids that look alike.
    hasher: RandomState,
}

impl Memory {
    /// An empty one, whose keys have so many bits at most and time what they verify.
    pub fn new(verifying: Histogram, key_bits: u64) -> Memory {
        Memory {
            verifying,
            key_bits,
            keys: Cache::new(KEYS),
            unblocked: Cache::new(NAMES),
            inboxes: Cache::new(NAMES),
            seen: Cache::new(IDS),
            hasher: RandomState::new(),
        }
    }

    /// The owner of a key that was read less than a second ago.
    pub fn key(&self, key_id: &str, now: Timestamp) -> Option<Arc<KeyOwner>> {
        self.keys.get(key_id).filter(|owner| is_fresh(owner.read_at, now))
    }

    /// Parses and remembers a key as its owner's row had it, when this process had made so many commits.
    pub fn keep_key(&self, key_id: &str, actor: Actor, read_at: Timestamp, commits: u64) -> Arc<KeyOwner> {
        let verifier = Verifier::from_pem(&actor.public_key, self.key_bits);
        let owner = Arc::new(KeyOwner {
            url: actor.url,
            key_id: key_id.to_owned(),
            public_pem: actor.public_key,
            verifier,
            timed: self.verifying.clone(),
            read_at,
            commits,
        });
        self.keys.insert(key_id.to_owned(), Arc::clone(&owner));
        owner
    }

    /// The key is another one now.
    pub fn forget_key(&self, key_id: &str) {
        self.keys.remove(key_id);
    }

    /// Neither the actor nor its host was blocked a moment ago.
    pub fn is_unblocked(&self, actor: &ActorUrl, now: Timestamp) -> bool {
        self.unblocked.get(actor.as_str()).is_some_and(|at| is_fresh(at, now))
    }

    /// Remembers that an actor is not blocked.
    pub fn keep_unblocked(&self, actor: &ActorUrl, now: Timestamp) {
        self.unblocked.insert(actor.as_str().to_owned(), now);
    }

    /// The actor was one of ours, with an inbox, a moment ago.
    pub fn has_inbox(&self, actor: &ActorUrl, now: Timestamp) -> bool {
        self.inboxes.get(actor.as_str()).is_some_and(|at| is_fresh(at, now))
    }

    /// Remembers that an actor has an inbox here.
    pub fn keep_inbox(&self, actor: &ActorUrl, now: Timestamp) {
        self.inboxes.insert(actor.as_str().to_owned(), now);
    }

    /// The id was stored before; rows outlive what is remembered here.
    pub fn was_seen(&self, activity: &ActivityUrl) -> bool {
        self.seen.get(&self.hash(activity)).is_some()
    }

    /// Remembers an id that is stored.
    pub fn keep_seen(&self, activity: &ActivityUrl) {
        self.seen.insert(self.hash(activity), ());
    }

    fn hash(&self, activity: &ActivityUrl) -> u64 {
        self.hasher.hash_one(activity.as_str())
    }
}

fn is_fresh(at: Timestamp, now: Timestamp) -> bool {
    at <= now && now.since(at) < BELIEVED
}
