//! What a verb does here. The generic ones are settled by the spine, once; objects go to their kind.
//!
//! By now the sender is proven: it signed, and the key is its own. What it may speak about is checked here: objects of its
//! own host that are attributed to it, its own profile, its own follows and reactions. Every verb and every order of them
//! is an answer like another ([`Outcome`]): the sender got its 202 already.

mod announcing;
mod asking;
mod blocking;
mod deleting;
mod flagging;
mod following;
mod moving;
mod objects;
mod presenting;
mod reacting;
mod undoing;

pub(crate) use following::followed;
pub(crate) use objects::{found, is_by, taken_in};
pub(crate) use presenting::presented_actor;

use crate::inbox::items::Item;
use crate::kind::{Change, Outcome, Reason, Write};
use crate::object::{self, Indexed};
use crate::state::State;
use crate::{Error, block, fetch, follow, synchronization};
use serde_json::Value;
use store::Conn;
use store::id::{ActorUrl, ObjectUrl};
use vocab::{Envelope, Verb};

/// Turns a stored activity into the write that is its effect.
///
/// # Errors
/// Temporary ones are tried again later.
pub(crate) async fn prepare(state: &State, item: &Item) -> Result<Write, Error> {
    let envelope = state
        .limits
        .read_activity(&item.body)
        .map_err(|why| Error::Refused { url: item.activity.to_string(), reason: why.to_string() })?;
    if envelope.verb != Verb::Follow && is_blocked(state, &item.sender).await? {
        return Ok(ignore(Reason::Blocked)); // since it came
    }
    let effect = effect(state, item, &envelope).await?;
    let Some(reconciled) = synchronization::prepare(state, item).await else { return Ok(effect) };
    Ok(Box::new(move |conn| {
        let outcome = effect(conn)?;
        reconciled(conn)?;
        Ok(outcome)
    }))
}

async fn effect(state: &State, item: &Item, envelope: &Envelope) -> Result<Write, Error> {
    let sender = item.sender.clone();
    match &envelope.verb {
        Verb::Follow => Ok(following::asked(state, item, envelope)),
        Verb::Accept => Ok(following::answered(state, sender, envelope, follow::ACCEPTED)),
        Verb::Reject => Ok(following::answered(state, sender, envelope, follow::REJECTED)),
        Verb::Undo => Ok(undoing::undone(state, sender, envelope)),
        Verb::Create => objects::object(state, sender, envelope, Change::Created).await,
        Verb::Update => objects::object(state, sender, envelope, Change::Updated).await,
        Verb::Delete => Ok(deleting::deleted(state, sender, envelope)),
        Verb::Add => presenting::presented(state, sender, envelope).await,
        Verb::Remove => Ok(presenting::withdrawn(state, sender, envelope)),
        Verb::Announce => announcing::announced(state, item, envelope).await,
        Verb::Like | Verb::Dislike | Verb::EmojiReact => Ok(reacting::reacted(state, item, envelope)),
        Verb::Move => moving::moved(state, sender, envelope).await,
        Verb::Flag => Ok(flagging::flagged(state, item, envelope)),
        Verb::Block => Ok(blocking::blocked(state, item, envelope)),
        Verb::QuoteRequest => Ok(asking::quote(state, sender, envelope)),
        Verb::Join => asking::join(state, sender, envelope).await,
        Verb::Leave
        | Verb::Invite
        | Verb::Offer
        | Verb::FeatureRequest
        | Verb::TentativeAccept
        | Verb::TentativeReject => Ok(ignore(Reason::NotOffered)),
        _ => Ok(ignore(Reason::NotUnderstood)),
    }
}

fn ignore(reason: Reason) -> Write {
    Box::new(move |_| Ok(Outcome::Ignored(reason)))
}

/// Whether an id is that of a live object of ours; not of an actor.
fn is_of_ours(conn: &mut Conn, url: Option<&ObjectUrl>) -> Result<bool, Error> {
    let Some(url) = url else { return Ok(false) };
    Ok(object::find(conn, url)?.is_some_and(|known| is_live_and_ours(&known)))
}

fn is_live_and_ours(known: &Indexed) -> bool {
    known.local && !known.is_deleted() && known.document.is_some()
}

async fn indexed(state: &State, url: &ObjectUrl) -> Result<Option<Indexed>, Error> {
    let url = url.clone();
    state.store.read(move |conn| object::find(conn, &url).map_err(Error::from)).await
}

async fn is_blocked(state: &State, actor: &ActorUrl) -> Result<bool, Error> {
    let (actor, origin) = (actor.clone(), state.origin.clone());
    state.store.read(move |conn| block::is_blocked(conn, &origin, &actor).map_err(Error::from)).await
}

pub(crate) async fn known_document(state: &State, url: &ActorUrl) -> Result<Value, Error> {
    Ok(fetch::known_actor(state, url).await?.parsed())
}
