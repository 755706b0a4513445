//! `Add` and `Remove`: of what a region presents of its own host, in a collection of its own.
//!
//! Which things are pinned (`featured`) is not kept, since everything here is listed by date. Pinning is a word about the
//! thing all the same: one that is not here yet is read. Unpinning deletes nothing.

use super::{found, ignore, known_document, taken_in};
use crate::kind::{Change, Outcome, Reason, Received, Write};
use crate::state::State;
use crate::{Error, actor, fetch, leaving, object};
use serde_json::Value;
use store::id::{ActorUrl, ObjectUrl};
use vocab::{ActorType, Envelope, Reference};

/// `Add` to a collection of the sender: a region presents a producer or an organisation of its own host, or pins a thing.
pub(super) async fn presented(state: &State, sender: ActorUrl, envelope: &Envelope) -> Result<Write, Error> {
    let (Some(id), Some(target)) = (envelope.object_id(), envelope.target.as_ref().and_then(Reference::id)) else {
        return Ok(ignore(Reason::Unusable));
    };
    let author_document = known_document(state, &sender).await?;
    let pinned = is_featured(&author_document, target);
    if !pinned && !presents(&author_document, target) {
        return Ok(ignore(Reason::NotUnderstood));
    }
    if !fetch::is_followed(state, &sender).await? {
        return Ok(ignore(Reason::NotFollowed));
    }
    if pinned && store::id::host_of(id) != sender.host() {
        return Ok(ignore(Reason::NotTheOwner));
    }
    if pinned {
        return found(state, id, Change::Created).await;
    }
    presented_actor(state, &sender, author_document, id).await
}

/// Whether a collection is one of those in which an actor presents others.
fn presents(author_document: &Value, collection: &str) -> bool {
    vocab::one_or_many::ids(author_document, "streams", 16).iter().any(|stream| stream == collection)
}

fn is_featured(author_document: &Value, collection: &str) -> bool {
    vocab::one_or_many::id(author_document, "featured") == Some(collection)
}

/// Takes in an actor that another one presents. Both are on one host, so the presenter may speak for it.
pub(crate) async fn presented_actor(
    state: &State,
    presenter: &ActorUrl,
    author_document: Value,
    id: &str,
) -> Result<Write, Error> {
    if store::id::host_of(id) != presenter.host() {
        return Ok(ignore(Reason::NotTheOwner));
    }
    let document = fetch::document(state, id).await?;
    if ActorType::of(&document).is_none() {
        return Ok(ignore(Reason::NotUnderstood));
    }
    let row = fetch::actor_row(&document, state.now())?;
    let received = Received {
        change: Change::Created,
        url: ObjectUrl::from_text(id),
        author: presenter.clone(),
        author_document,
        document,
        now: state.now(),
    };
    let inner = taken_in(state, received).await?;
    Ok(Box::new(move |conn| {
        let outcome = inner(conn)?;
        if outcome == Outcome::Applied {
            actor::remember(conn, &row)?;
        }
        Ok(outcome)
    }))
}

/// `Remove` from such a collection: the kind drops it. No tombstone, it may be presented again.
pub(super) fn withdrawn(state: &State, sender: ActorUrl, envelope: &Envelope) -> Write {
    let Some(url) = envelope.object_id().map(ObjectUrl::from_text) else { return ignore(Reason::Unusable) };
    let Some(target) = envelope.target.as_ref().and_then(Reference::id).map(str::to_owned) else {
        return ignore(Reason::Unusable);
    };
    let state = state.clone();
    Box::new(move |conn| {
        let presenter = actor::find(conn, &sender)?.map(|presenter| presenter.parsed()).unwrap_or_default();
        if is_featured(&presenter, &target) {
            return Ok(Outcome::Ignored(Reason::NotOffered));
        }
        if !presents(&presenter, &target) {
            return Ok(Outcome::Ignored(Reason::NotUnderstood));
        }
        let known = object::find(conn, &url)?.filter(|known| !known.local && !known.is_deleted());
        let Some(known) = known.filter(|known| known.author == sender) else {
            return Ok(Outcome::Ignored(Reason::Unknown));
        };
        leaving::forget(state.kinds, conn, &known)?;
        object::drop_entry(conn, &url)?;
        actor::forget(conn, &ActorUrl::from_text(url.as_str()))?;
        Ok(Outcome::Applied)
    })
}
