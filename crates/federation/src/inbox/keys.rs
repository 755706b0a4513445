//! Whose key signed: from the table of actors, or by one bounded fetch.
//!
//! The key id comes in forms (`#main-key`, `/main-key`, a bare actor, a query), so the actor is never derived from it: the
//! key document names an owner, the owner's own document must list the key, and both are on one host. What could not be
//! had is not asked for again for five minutes.

use crate::actor::{self, Actor};
use crate::inbox::memory::KeyOwner;
use crate::state::State;
use crate::{Error, fetch, peer};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use store::Timestamp;
use store::id::ActorUrl;
use vocab::PublicKey;

/// How long a failure is remembered, and how often a key may be fetched anew because a signature did not fit.
const PAUSE: Duration = Duration::from_secs(300);
/// Failures kept at most; the oldest go first.
const KEPT: usize = 10_000;

/// When which key was last fetched in vain.
#[derive(Default)]
pub(crate) struct Rejected(Mutex<HashMap<String, Timestamp>>);

impl Rejected {
    fn lately(&self, key_id: &str, now: Timestamp) -> bool {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(key_id).is_some_and(|at| now.since(*at) < PAUSE)
    }

    fn note(&self, key_id: &str, now: Timestamp) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= KEPT {
            known.retain(|_, at| now.since(*at) < PAUSE);
        }
        if known.len() < KEPT {
            known.insert(key_id.to_owned(), now);
        }
    }
}

/// The owner of a key, with the key.
///
/// # Errors
/// [`Error::Unreachable`] when the key's host does not answer now; [`Error::Refused`] when the key cannot be had.
pub(crate) async fn owner(state: &State, key_id: &str) -> Result<Arc<KeyOwner>, Error> {
    if let Some(owner) = state.memory.key(key_id, state.now()) {
        return Ok(owner);
    }
    match read(state, key_id).await? {
        Some(owner) => Ok(owner),
        None => fetched(state, key_id).await,
    }
}

/// The owner of a key as its row is now; `None` without one. For a signature that does not fit what is remembered.
///
/// # Errors
/// Those of the database.
pub(crate) async fn read(state: &State, key_id: &str) -> Result<Option<Arc<KeyOwner>>, Error> {
    let (wanted, now, commits) = (key_id.to_owned(), state.now(), state.store.commits());
    let known = state.store.read(move |conn| actor::find_by_key(conn, &wanted).map_err(Error::from)).await?;
    let known = known.filter(|known| known.deleted_at.is_none());
    Ok(known.map(|actor| state.memory.keep_key(key_id, actor, now, commits)))
}

/// Fetches a key's owner anew, because a signature did not fit: the owner may have changed its key. At most once in five
/// minutes for each key.
///
/// # Errors
/// As [`owner`].
pub(crate) async fn renewed(state: &State, key_id: &str) -> Result<Arc<KeyOwner>, Error> {
    let now = state.now();
    if state.rejected.lately(key_id, now) {
        return Err(Error::refused(key_id, "was fetched a moment ago"));
    }
    let owner = fetch_owner(state, key_id).await;
    // A host that is away for a moment is asked again with the next try.
    if !matches!(owner, Err(Error::Unreachable { .. })) {
        state.rejected.note(key_id, now);
    }
    owner.map(|actor| keep(state, key_id, actor, now))
}

async fn fetched(state: &State, key_id: &str) -> Result<Arc<KeyOwner>, Error> {
    let now = state.now();
    if state.rejected.lately(key_id, now) {
        return Err(Error::refused(key_id, "could not be had a moment ago"));
    }
    let owner = fetch_owner(state, key_id).await;
    if let Err(Error::Refused { .. }) = &owner {
        state.rejected.note(key_id, now);
    }
    owner.map(|actor| keep(state, key_id, actor, now))
}

fn keep(state: &State, key_id: &str, actor: Actor, now: Timestamp) -> Arc<KeyOwner> {
    state.memory.keep_key(key_id, actor, now, state.store.commits())
}

/// Nothing is fetched from a host that is blocked, not even since a moment ago.
async fn refuse_blocked(state: &State, key_id: &str) -> Result<(), Error> {
    let host = store::id::host_of(key_id);
    let known = state.store.read(move |conn| peer::find(conn, &host).map_err(Error::from)).await?;
    match known {
        Some(peer) if peer.blocked => Err(Error::refused(key_id, "its host is blocked")),
        _ => Ok(()),
    }
}

async fn fetch_owner(state: &State, key_id: &str) -> Result<Actor, Error> {
    if state.origin.owns(key_id) {
        return Err(Error::refused(key_id, "is a key of this node itself"));
    }
    refuse_blocked(state, key_id).await?;
    let (url, document) = fetch::document_at(state, key_id).await?;
    let key = PublicKey::all_in(&document)
        .into_iter()
        .find(|key| key.id == key_id)
        .ok_or_else(|| Error::refused(key_id, "its document does not hold it"))?;
    let owner = ActorUrl::from_text(key.owner.clone());
    if owner.host() != store::id::host_of(key_id) {
        return Err(Error::refused(key_id, "its owner is on another host"));
    }
    // The document of the actor itself, at its own address, needs no second look.
    let is_the_owner = vocab::object::id(&document) == Some(owner.as_str()) && url.as_str() == owner.as_str();
    let document = if is_the_owner { document } else { fetch::document(state, owner.as_str()).await? };
    let mut row = fetch::actor_row(&document, state.now())?;
    if row.url != owner {
        return Err(Error::refused(key_id, "its owner has another id"));
    }
    let listed = PublicKey::all_in(&document)
        .into_iter()
        .find(|listed| listed.id == key.id && listed.owner == owner.as_str())
        .ok_or_else(|| Error::refused(key_id, "its owner does not list it"))?;
    row.key_id = listed.id;
    row.public_key = listed.public_key_pem;
    fetch::keep(state, row).await
}
