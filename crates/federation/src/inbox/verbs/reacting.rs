//! `Like`, `Dislike`, `EmojiReact` and `Announce` of an object of ours: a row, and a number in a collection.

use super::{ignore, is_live_and_ours};
use crate::inbox::items::Item;
use crate::kind::{Outcome, Reason, Write};
use crate::object;
use crate::reaction::{self, Reaction};
use crate::state::State;
use crate::taken_back;
use serde_json::Value;
use store::id::ObjectUrl;
use vocab::Envelope;

/// Longest sign that is kept, in characters: a shortcode of a server's own picture.
const MAX_SIGN: usize = 64;

/// A reaction of the sender.
pub(super) fn reacted(state: &State, item: &Item, envelope: &Envelope) -> Write {
    let Some(object) = envelope.object_id().filter(|id| state.origin.owns(id)) else {
        return ignore(Reason::Unknown); // to what others published; that is theirs to count
    };
    kept(Reaction {
        actor: item.sender.clone(),
        object: ObjectUrl::from_text(object),
        verb: envelope.verb.as_str().to_owned(),
        activity: item.activity.clone(),
        content: sign(&envelope.raw),
        received_at: state.now(),
    })
}

/// Keeps a reaction whose actor is proven.
pub(super) fn kept(reaction: Reaction) -> Write {
    Box::new(move |conn| {
        if taken_back::is_taken_back(conn, reaction.activity.as_str(), &reaction.actor)? {
            return Ok(Outcome::Ignored(Reason::TakenBack));
        }
        match object::find(conn, &reaction.object)? {
            Some(known) if is_live_and_ours(&known) => {}
            Some(known) if known.is_deleted() => return Ok(Outcome::Ignored(Reason::Deleted)),
            _ => return Ok(Outcome::Ignored(Reason::Unknown)),
        }
        Ok(if reaction::put(conn, &reaction)? { Outcome::Applied } else { Outcome::Duplicate })
    })
}

/// The sign in an activity, as plain text.
pub(super) fn sign(activity: &Value) -> Option<String> {
    let text = vocab::text::line(vocab::one_or_many::string(activity, "content")?, MAX_SIGN);
    (!text.is_empty()).then_some(text)
}
