//! What the spine works with: this node's addresses, its database, the one HTTP client, its keys and its kinds.

use crate::bell::Bell;
use crate::client::Client;
use crate::collection::Listed;
use crate::inbox::edge::Backlog;
use crate::inbox::intake::{self, Arrival, Verdict};
use crate::inbox::keys::Keys;
use crate::inbox::lately::Lately;
use crate::inbox::memory::Memory;
use crate::inbox::worker::{self, Effect};
use crate::key::{Keyring, Signer};
use crate::kind::{Kinds, Outcome, Preparing};
use crate::metrics::Metrics;
use crate::quota::Quotas;
use crate::{Error, Limits, Origin};
use serde_json::Value;
use std::ops::Deref;
use std::sync::Arc;
use store::{Clock, Conn, Grouped, Store, Timestamp};
use tokio::sync::Notify;
use vocab::nodeinfo::Software;

/// What a node says of itself in its NodeInfo.
#[derive(Debug, Clone)]
pub struct Description {
    /// Name and version of the program.
    pub software: Software,
    /// Where its source is.
    pub repository: Option<String>,
    /// Free facts: the node's name, its region (FEP-0151 `metadata`).
    pub metadata: Value,
}

/// What a state is made of.
pub struct Settings {
    /// This node's addresses.
    pub origin: Origin,
    /// The database, open and migrated.
    pub store: Store,
    /// The clock.
    pub clock: Clock,
    /// The kinds, in the order in which they are asked.
    pub kinds: Kinds,
    /// The collections that slices add to their actors.
    pub collections: &'static [Listed],
    /// For NodeInfo.
    pub description: Description,
    /// `User-Agent` of every request. Some hosts refuse an empty one.
    pub user_agent: String,
    /// Private addresses and plain HTTP may be used: demos and tests on one machine.
    pub allow_private_addresses: bool,
    /// The slice of the actor that announces what those publish whom this node follows (the national node's own); `None`
    /// when it passes nothing on.
    pub passes_on: Option<&'static str>,
    /// The port of the process that serves this node, so that others of this machine can ring there.
    pub port: Option<u16>,
    /// What others may make this node do.
    pub limits: Limits,
}

/// Shared by all handlers and workers of a node. Nothing is global: several nodes fit into one process.
#[derive(Clone)]
pub struct State(Arc<Shared>);

/// What is behind a [`State`].
pub struct Shared {
    /// This node's addresses.
    pub origin: Origin,
    /// The database.
    pub store: Store,
    /// The clock.
    pub clock: Clock,
    /// The kinds.
    pub kinds: Kinds,
    /// The collections that slices add to their actors.
    pub collections: &'static [Listed],
    /// For NodeInfo.
    pub description: Description,
    /// The HTTP client.
    pub client: Client,
    /// What others may make this node do.
    pub limits: Limits,
    /// How often.
    pub(crate) quotas: Quotas,
    /// Whether too much waits in the inbox.
    pub(crate) backlog: Backlog,
    /// Our keys, parsed.
    pub keyring: Keyring,
    /// What is known of others' keys beside the table of actors.
    pub(crate) keys: Keys,
    /// What is counted and timed.
    pub metrics: Metrics,
    /// What the front half of the inbox remembers for a moment.
    pub(crate) memory: Memory,
    /// Stores what comes in.
    pub(crate) intake: Grouped<Arrival, Verdict, Error>,
    /// Gives what came in its effect.
    pub(crate) effects: Grouped<Effect, Outcome, Error>,
    /// Rung when something was stored that came in.
    pub(crate) arrivals: Arc<Notify>,
    /// Whose list of followers was read a moment ago (FEP-8fcf).
    pub(crate) compared: Lately,
    /// See [`Settings::passes_on`].
    pub(crate) passes_on: Option<&'static str>,
    /// Rung after each write.
    pub bell: Arc<Bell>,
}

impl Deref for State {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl State {
    /// Puts a state together.
    pub fn new(settings: Settings) -> State {
        let (arrivals, bell) = (Arc::new(Notify::new()), Arc::new(Bell::new(settings.port)));
        let metrics = Metrics::default();
        let (rung, together) = (Arc::clone(&arrivals), metrics.stored_together.clone());
        let stored: store::Observe = Arc::new(move |count| {
            together.observe(count as f64);
            rung.notify_waiters();
        });
        let (rung, together) = (Arc::clone(&bell), metrics.effects_together.clone());
        let in_effect: store::Observe = Arc::new(move |count| {
            together.observe(count as f64);
            rung.ring();
        });
        let store = &settings.store;
        State(Arc::new(Shared {
            intake: Grouped::new(store.clone(), intake::TOGETHER, intake::store, stored),
            effects: Grouped::new(store.clone(), worker::TOGETHER, worker::give, in_effect),
            memory: Memory::new(metrics.verifying.clone(), settings.limits.key_bits),
            client: Client::new(&settings.user_agent, settings.allow_private_addresses, &settings.limits),
            quotas: Quotas::new(&settings.limits),
            backlog: Backlog::default(),
            origin: settings.origin,
            store: settings.store,
            clock: settings.clock,
            kinds: settings.kinds,
            collections: settings.collections,
            description: settings.description,
            limits: settings.limits,
            keyring: Keyring::new(metrics.signing.clone()),
            metrics,
            keys: Keys::default(),
            passes_on: settings.passes_on,
            arrivals,
            bell,
            compared: Lately::default(),
        }))
    }

    /// The present moment.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// [`Store::write`], then wakes the workers: what was written may have to be sent.
    ///
    /// # Errors
    /// What `change` returns, or the store's own failure.
    pub async fn write<T, E, F>(&self, change: F) -> Result<T, E>
    where
        F: Fn(&mut Conn) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: store::Failure + Send + 'static,
    {
        let done = self.store.write(change).await?;
        self.bell.ring();
        Ok(done)
    }

    /// The signer of the host's own actor, for fetches. `None` before the node has made its actors.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn fetch_signer(&self) -> Result<Option<Signer>, Error> {
        let state = self.clone();
        let signer = self.store.read(move |conn| state.keyring.signer(conn, &state.origin.relay())).await;
        match signer {
            Ok(signer) => Ok(Some(signer)),
            Err(Error::Unknown(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// What a kind may use.
    pub fn preparing(&self) -> Preparing<'_> {
        Preparing { origin: &self.origin, store: &self.store }
    }
}
