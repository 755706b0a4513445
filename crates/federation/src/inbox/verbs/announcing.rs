//! `Announce`: of something of ours, which is counted; of something by an actor whom this node follows, which is read from
//! its own host; or around another activity, as the groups of the threadiverse pass everything on (FEP-1b12).
//!
//! Nothing that is embedded is believed: the announcer signed, not the author. The depth is one, and nothing is announced
//! again because of an `Announce`, so that two nodes that announce each other come to rest.

use super::{ignore, indexed, is_blocked, reacting};
use crate::inbox::items::Item;
use crate::kind::{Change, Outcome, Reason, Write};
use crate::reaction::{self, Reaction};
use crate::state::State;
use crate::{Error, fetch, leaving, object, relay};
use store::id::{ActivityUrl, ActorUrl, ObjectUrl};
use vocab::{Envelope, Reference, Verb};

/// See the module.
pub(super) async fn announced(state: &State, item: &Item, envelope: &Envelope) -> Result<Write, Error> {
    let Some(object) = envelope.object.first() else { return Ok(ignore(Reason::Unusable)) };
    let inner = object.embedded().and_then(|inner| Envelope::read(inner.clone()).ok());
    if let Some(inner) = inner.filter(|inner| !matches!(inner.verb, Verb::Other(_))) {
        return wrapped(state, &item.sender, &inner).await;
    }
    let Some(id) = object.id() else { return Ok(ignore(Reason::Unusable)) };
    if state.origin.owns(id) {
        return Ok(reacting::reacted(state, item, envelope));
    }
    if !fetch::is_followed(state, &item.sender).await? {
        return Ok(ignore(Reason::NotFollowed));
    }
    if is_blocked(state, &ActorUrl::from_text(id)).await? {
        return Ok(ignore(Reason::Blocked));
    }
    super::found(state, id, Change::Created).await
}

/// The activity inside an `Announce`. What it is about is read from its own host; a reaction is read itself.
async fn wrapped(state: &State, sender: &ActorUrl, inner: &Envelope) -> Result<Write, Error> {
    if !fetch::is_followed(state, sender).await? {
        return Ok(ignore(Reason::NotFollowed));
    }
    let Some(id) = inner.object_id() else { return Ok(ignore(Reason::Unusable)) };
    let author = ActorUrl::from_text(inner.actor.as_str());
    if is_blocked(state, &author).await? || is_blocked(state, &ActorUrl::from_text(id)).await? {
        return Ok(ignore(Reason::Blocked));
    }
    match &inner.verb {
        Verb::Create | Verb::Update | Verb::Delete if state.origin.owns(id) => Ok(ignore(Reason::NotTheOwner)),
        Verb::Create => super::found(state, id, Change::Created).await,
        Verb::Update => super::found(state, id, Change::Updated).await,
        Verb::Delete => confirmed_deletion(state, &ObjectUrl::from_text(id)).await,
        Verb::Like | Verb::Dislike | Verb::EmojiReact if state.origin.owns(id) => {
            confirmed_reaction(state, inner).await
        }
        _ => Ok(ignore(Reason::NotUnderstood)),
    }
}

/// What somebody else says was deleted goes when its own host says so too.
async fn confirmed_deletion(state: &State, url: &ObjectUrl) -> Result<Write, Error> {
    let Some(known) = indexed(state, url).await?.filter(|known| !known.local && !known.is_deleted()) else {
        return Ok(ignore(Reason::Unknown));
    };
    if !fetch::is_gone(state, url.as_str()).await? {
        return Ok(ignore(Reason::NotTheOwner));
    }
    let (kinds, now) = (state.kinds, state.now());
    Ok(Box::new(move |conn| {
        leaving::forget(kinds, conn, &known)?;
        object::bury(conn, &known.url, &known.author, now)?;
        relay::take_back(conn, &known.url, now)?;
        Ok(Outcome::Applied)
    }))
}

/// A reaction that somebody else passes on counts when its own host shows it.
async fn confirmed_reaction(state: &State, inner: &Envelope) -> Result<Write, Error> {
    if store::id::host_of(inner.id.as_str()) != store::id::host_of(inner.actor.as_str()) {
        return Ok(ignore(Reason::NotTheOwner));
    }
    let document = fetch::document(state, inner.id.as_str()).await?;
    let Ok(shown) = Envelope::read(document) else { return Ok(ignore(Reason::Unusable)) };
    let same = shown.actor == inner.actor && shown.verb == inner.verb && shown.object_id() == inner.object_id();
    let Some(Reference::Id(object)) = shown.object.first().filter(|_| same && reaction::is_reaction(&shown.verb))
    else {
        return Ok(ignore(Reason::NotTheOwner));
    };
    Ok(reacting::kept(Reaction {
        actor: ActorUrl::from_text(shown.actor.as_str()),
        object: ObjectUrl::from_text(object.clone()),
        verb: shown.verb.as_str().to_owned(),
        activity: ActivityUrl::from_text(shown.id.as_str()),
        content: reacting::sign(&shown.raw),
        received_at: state.now(),
    }))
}
