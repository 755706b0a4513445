//! Whose key signed: from the table of actors, or by one bounded fetch.
//!
//! The key id comes in forms (`#main-key`, `/main-key`, a bare actor, a query), so the actor is never derived from it: the
//! key document names an owner, the owner's own document must list the key, and both are on one host. What could not be
//! had is not asked for again for five minutes, and of many requests that need one key at once, one asks.

use crate::actor::{self, Actor};
use crate::inbox::lately::Lately;
use crate::inbox::memory::KeyOwner;
use crate::signature::public_key;
use crate::state::State;
use crate::{Error, fetch};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use store::Timestamp;
use store::id::{ActorUrl, is_same_address};
use vocab::PublicKey;

/// What is known of keys beside the table of actors.
#[derive(Default)]
pub(crate) struct Keys {
    /// Keys that could not be had.
    missing: Lately,
    /// Keys that were fetched anew because a signature did not fit.
    renewed: Lately,
    /// Keys that are being fetched now, each with the lock that its askers wait for.
    asked: Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>,
}

impl Keys {
    fn lock_of(&self, key_id: &str) -> Arc<tokio::sync::Mutex<()>> {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        // Nobody waits for a lock that only this table holds.
        asked.retain(|_, lock| Arc::strong_count(lock) > 1);
        Arc::clone(asked.entry(key_id.to_owned()).or_default())
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
    if let Some(owner) = read(state, key_id).await? {
        return Ok(owner);
    }
    let lock = state.keys.lock_of(key_id);
    let _one_at_a_time = lock.lock().await;
    if let Some(owner) = read(state, key_id).await? {
        return Ok(owner);
    }
    let now = state.now();
    if state.keys.missing.was(key_id, now) {
        return Err(Error::refused(key_id, "could not be had a moment ago"));
    }
    let owner = fetch_owner(state, key_id).await;
    if let Err(Error::Refused { .. }) = &owner {
        state.keys.missing.note(key_id, now);
    }
    owner.map(|actor| keep(state, key_id, actor, now))
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

/// The owner of a key whose signature did not fit `unfit`, the public key that is known: it may have a new one. Fetched at
/// most once in five minutes for each key.
///
/// # Errors
/// As [`owner`].
pub(crate) async fn renewed(state: &State, key_id: &str, unfit: &str) -> Result<Arc<KeyOwner>, Error> {
    let lately = || Error::refused(key_id, "was fetched a moment ago");
    // Most often it is junk: that costs no query.
    if state.keys.renewed.was(key_id, state.now()) {
        return Err(lately());
    }
    let lock = state.keys.lock_of(key_id);
    let _one_at_a_time = lock.lock().await;
    if let Some(owner) = read(state, key_id).await?.filter(|owner| owner.public_pem != unfit) {
        return Ok(owner);
    }
    let now = state.now();
    if state.keys.renewed.was(key_id, now) {
        return Err(lately());
    }
    let owner = fetch_owner(state, key_id).await;
    // A host that is away for a moment is asked again with the next try.
    if !matches!(owner, Err(Error::Unreachable { .. })) {
        state.keys.renewed.note(key_id, now);
    }
    owner.map(|actor| keep(state, key_id, actor, now))
}

fn keep(state: &State, key_id: &str, actor: Actor, now: Timestamp) -> Arc<KeyOwner> {
    state.memory.keep_key(key_id, actor, now, state.store.commits())
}

async fn fetch_owner(state: &State, key_id: &str) -> Result<Actor, Error> {
    if state.origin.owns(key_id) {
        return Err(Error::refused(key_id, "is a key of this node itself"));
    }
    let (url, document) = fetch::document_at(state, key_id).await?;
    let key = PublicKey::all_in(&document)
        .into_iter()
        .find(|key| is_same_address(&key.id, key_id))
        .ok_or_else(|| Error::refused(key_id, "its document does not hold it"))?;
    let owner = ActorUrl::from_text(key.owner.clone());
    if owner.host() != store::id::host_of(key_id) {
        return Err(Error::refused(key_id, "its owner is on another host"));
    }
    // The document of the actor itself, at its own address, needs no second look.
    let is_the_owner = vocab::object::id(&document)
        .is_some_and(|id| is_same_address(id, owner.as_str()) && is_same_address(id, url.as_str()));
    let document = if is_the_owner { document } else { fetch::document(state, owner.as_str()).await? };
    let mut row = fetch::actor_row(&document, state.now())?;
    if !is_same_address(row.url.as_str(), owner.as_str()) {
        return Err(Error::refused(key_id, "its owner has another id"));
    }
    let listed = PublicKey::all_in(&document)
        .into_iter()
        .find(|listed| is_same_address(&listed.id, key_id) && is_same_address(&listed.owner, owner.as_str()))
        .ok_or_else(|| Error::refused(key_id, "its owner does not list it"))?;
    if !public_key::is_usable(&listed.public_key_pem, state.limits.key_bits) {
        return Err(Error::refused(key_id, "is no RSA key of a size that is taken"));
    }
    // As the signature names it: that is how it is looked for the next time.
    row.key_id = key_id.to_owned();
    row.public_key = listed.public_key_pem;
    fetch::keep(state, row).await
}
