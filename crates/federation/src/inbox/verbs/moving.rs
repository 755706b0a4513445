//! `Move`: an actor that we follow goes elsewhere, and our follows go with it (FEP-7628).
//!
//! The old actor's signature is half of the proof; the other half is that the new one names it in `alsoKnownAs`. A new
//! actor that has itself moved on is not followed further, and one of ours is nobody's new address.

use super::{ignore, is_blocked};
use crate::kind::{Outcome, Reason, Write};
use crate::state::State;
use crate::{Error, actor, fetch, follow};
use store::id::ActorUrl;
use vocab::{Envelope, Reference};

/// Most names of an actor that are looked through.
const MAX_NAMES: usize = 64;

/// Asks the new actor for what the old one was followed for, and ends the follow of the old.
pub(super) async fn moved(state: &State, sender: ActorUrl, envelope: &Envelope) -> Result<Write, Error> {
    if envelope.object_id() != Some(sender.as_str()) {
        return Ok(ignore(Reason::NotTheOwner));
    }
    let target = envelope.target.as_ref().and_then(Reference::id).map(ActorUrl::from_text);
    let Some(target) = target.filter(|target| *target != sender && !state.origin.owns(target.as_str())) else {
        return Ok(ignore(Reason::Unusable));
    };
    // Whom nobody here follows does not make this node ask around.
    if !is_wanted(state, &sender).await? {
        return Ok(ignore(Reason::NotFollowed));
    }
    if is_blocked(state, &target).await? {
        return Ok(ignore(Reason::Blocked));
    }
    let document = fetch::document(state, target.as_str()).await?;
    let names = vocab::one_or_many::ids(&document, "alsoKnownAs", MAX_NAMES);
    if !names.iter().any(|name| name == sender.as_str()) {
        return Ok(ignore(Reason::NotTheOwner));
    }
    if vocab::one_or_many::id(&document, "movedTo").is_some() {
        return Ok(ignore(Reason::Unusable));
    }
    let row = fetch::actor_row(&document, state.now())?;
    let (origin, now) = (state.origin.clone(), state.now());
    Ok(Box::new(move |conn| {
        actor::remember(conn, &row)?;
        let mut outcome = Outcome::Duplicate;
        for ours in follow::followers_here(conn, &sender)? {
            if follow::find(conn, &ours, &row.url)?.is_none_or(|known| known.state == follow::REJECTED) {
                follow::request(conn, &origin, &ours, &row.url, now)?;
            }
            follow::withdraw(conn, &origin, &ours, &sender, now)?;
            outcome = Outcome::Applied;
        }
        Ok(outcome)
    }))
}

async fn is_wanted(state: &State, actor: &ActorUrl) -> Result<bool, Error> {
    let actor = actor.clone();
    let followers = state.store.read(move |conn| follow::followers_here(conn, &actor).map_err(Error::from)).await?;
    Ok(!followers.is_empty())
}
