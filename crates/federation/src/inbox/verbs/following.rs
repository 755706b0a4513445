//! `Follow`, and the answers to our own: `Accept` and `Reject`.

use super::{ignore, is_of_ours};
use crate::inbox::items::Item;
use crate::kind::{Outcome, Reason, Write};
use crate::state::State;
use crate::{Error, Origin, actor, backfill, block, follow, relay, taken_back};
use serde_json::Value;
use store::Conn;
use store::id::{ActorUrl, ObjectUrl};
use vocab::{Envelope, Reference};

/// Whom a `Follow` is of. Mastodon subscribes to a relay by following everybody (`as:Public`) at the relay's inbox.
pub(crate) fn followed(origin: &Origin, object: Option<&str>) -> Option<ActorUrl> {
    match object? {
        vocab::PUBLIC | "as:Public" | "Public" => Some(origin.relay()),
        id => Some(ActorUrl::from_text(id)),
    }
}

/// A `Follow` of one of our actors: accepted, or refused while its sender is blocked.
pub(super) fn asked(state: &State, item: &Item, envelope: &Envelope) -> Write {
    let Some(target) = followed(&state.origin, envelope.object_id()) else { return ignore(Reason::Unusable) };
    let (sender, activity) = (item.sender.clone(), item.activity.clone());
    let (received, state, now) = (envelope.raw.clone(), state.clone(), state.now());
    Box::new(move |conn| {
        if taken_back::is_taken_back(conn, activity.as_str(), &sender)? {
            return Ok(Outcome::Ignored(Reason::TakenBack));
        }
        match actor::find(conn, &target)? {
            Some(ours) if ours.local && ours.deleted_at.is_none() => {}
            _ => return Ok(Outcome::Ignored(Reason::Unknown)),
        }
        if block::is_blocked(conn, &state.origin, &sender)? {
            follow::refuse(conn, &state.origin, &sender, &target, &received, now)?;
            return Ok(Outcome::Applied);
        }
        block::remove(conn, &sender, &target)?; // who asks to hear of us has ended its block
        follow::accept(conn, &state.origin, &sender, &target, &received, now)?;
        if target == state.origin.relay()
            && let Some(follower) = actor::find(conn, &sender)?
        {
            relay::welcome(conn, &state.origin, state.collections, &follower, now)?;
        }
        Ok(Outcome::Applied)
    })
}

/// The answer to a follow of ours. Servers invent the id in it, so the pair decides when the id is not ours.
pub(super) fn answered(state: &State, sender: ActorUrl, envelope: &Envelope, answer: &'static str) -> Write {
    let Some(inner) = envelope.object.first().cloned() else { return ignore(Reason::Unusable) };
    let kinds = inner.embedded().map(vocab::object::kind_of).unwrap_or_default();
    if !kinds.is_empty() && !kinds.iter().any(|kind| kind == "Follow") {
        return ignore(Reason::NotOffered); // such as an `Event` that is attended to (Hubzilla)
    }
    let (origin, now) = (state.origin.clone(), state.now());
    Box::new(move |conn| {
        if is_of_ours(conn, inner.id().map(ObjectUrl::from_text).as_ref())? {
            return Ok(Outcome::Ignored(Reason::NotOffered));
        }
        let Some(follower) = follower(conn, &origin, &sender, &inner, answer)? else {
            return Ok(Outcome::Ignored(Reason::Unknown));
        };
        if !follow::answered(conn, &follower, &sender, answer, now)? {
            return Ok(Outcome::Duplicate);
        }
        if answer == follow::ACCEPTED {
            backfill::plan(conn, &sender, now)?;
        }
        Ok(Outcome::Applied)
    })
}

/// Which of our actors is answered: by the id of its `Follow`, by the pair that came along, or the one that waits.
fn follower(
    conn: &mut Conn,
    origin: &Origin,
    sender: &ActorUrl,
    inner: &Reference,
    answer: &str,
) -> Result<Option<ActorUrl>, Error> {
    let by_id = match inner.id() {
        Some(id) => follow::find_by_activity(conn, id)?,
        None => None,
    };
    match by_id {
        Some(known) if known.followed == *sender => return Ok(Some(known.follower)),
        Some(_) => return Ok(None), // a follow of somebody else
        None => {}
    }
    let told = |inner: &Value| vocab::one_or_many::id(inner, "actor").map(ActorUrl::from_text);
    match inner.embedded().and_then(told).filter(|follower| origin.owns(follower.as_str())) {
        Some(follower) => Ok(Some(follower)),
        None => Ok(follow::meant_by(conn, sender, answer)?),
    }
}
