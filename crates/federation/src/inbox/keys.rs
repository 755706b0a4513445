//! Whose key signed: from the table of actors, or by one bounded fetch.
//!
//! The key id comes in forms (`#main-key`, `/main-key`, a bare actor, a query), so the actor is never derived from it: the
//! key document names an owner, the owner's own document must list the key, and both are on one host. What could not be
//! had is not asked for again for five minutes.

use crate::actor::{self, Actor};
use crate::state::State;
use crate::{Error, fetch};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
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
    pub(crate) fn lately(&self, key_id: &str, now: Timestamp) -> bool {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(key_id).is_some_and(|at| now.since(*at) < PAUSE)
    }

    pub(crate) fn note(&self, key_id: &str, now: Timestamp) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= KEPT {
            known.retain(|_, at| now.since(*at) < PAUSE);
        }
        if known.len() < KEPT {
            known.insert(key_id.to_owned(), now);
        }
    }
}

/// The owner of a key, with the key in its row.
///
/// # Errors
/// [`Error::Unreachable`] when the key's host does not answer now; [`Error::Refused`] when the key cannot be had.
pub(crate) async fn owner(state: &State, key_id: &str) -> Result<Actor, Error> {
    let wanted = key_id.to_owned();
    let known = state.store.read(move |conn| actor::find_by_key(conn, &wanted).map_err(Error::from)).await?;
    match known {
        Some(known) if known.deleted_at.is_none() => Ok(known),
        _ => fetched(state, key_id).await,
    }
}

/// Fetches a key's owner anew, because a signature did not fit: the owner may have changed its key. At most once in five
/// minutes for each key.
///
/// # Errors
/// As [`owner`].
pub(crate) async fn renewed(state: &State, key_id: &str) -> Result<Actor, Error> {
    let now = state.now();
    if state.rejected.lately(key_id, now) {
        return Err(Error::refused(key_id, "was fetched a moment ago"));
    }
    let owner = fetch_owner(state, key_id).await;
    // A host that is away for a moment is asked again with the next try.
    if !matches!(owner, Err(Error::Unreachable { .. })) {
        state.rejected.note(key_id, now);
    }
    owner
}

async fn fetched(state: &State, key_id: &str) -> Result<Actor, Error> {
    let now = state.now();
    if state.rejected.lately(key_id, now) {
        return Err(Error::refused(key_id, "could not be had a moment ago"));
    }
    let owner = fetch_owner(state, key_id).await;
    if let Err(Error::Refused { .. }) = &owner {
        state.rejected.note(key_id, now);
    }
    owner
}

async fn fetch_owner(state: &State, key_id: &str) -> Result<Actor, Error> {
    if state.origin.owns(key_id) {
        return Err(Error::refused(key_id, "is a key of this node itself"));
    }
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
