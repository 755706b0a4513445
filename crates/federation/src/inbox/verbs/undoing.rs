//! `Undo`, of whatever its sender did: by the id of the activity, else by what it says.

use super::following::followed;
use super::ignore;
use crate::kind::{Outcome, Reason, Write};
use crate::state::State;
use crate::{Error, Origin, block, follow, reaction, taken_back};
use store::Conn;
use store::id::{ActorUrl, ObjectUrl};
use vocab::{Envelope, Verb};

/// Takes back what the sender did and nobody else. What is not known is remembered by its id, so that it is void when it
/// comes late.
pub(super) fn undone(state: &State, sender: ActorUrl, envelope: &Envelope) -> Write {
    let Some(inner) = envelope.object.first().cloned() else { return ignore(Reason::Unusable) };
    let embedded = inner.embedded().cloned();
    let verb = embedded.as_ref().and_then(|inner| Verb::of(&vocab::object::kind_of(inner)));
    if verb.as_ref().is_some_and(|verb| !can_be_undone(verb)) {
        return ignore(Reason::NotUnderstood);
    }
    let told = embedded.as_ref().and_then(|inner| vocab::one_or_many::id(inner, "actor"));
    if told.is_some_and(|told| !store::id::is_same_address(told, sender.as_str())) {
        return ignore(Reason::NotTheOwner);
    }
    let id = inner.id().map(str::to_owned);
    let (origin, now) = (state.origin.clone(), state.now());
    Box::new(move |conn| {
        if let Some(id) = &id {
            if undo_by_id(conn, &sender, id)? {
                return Ok(Outcome::Applied);
            }
            taken_back::remember(conn, id, &sender, now)?;
        }
        let object = embedded.as_ref().and_then(|inner| vocab::one_or_many::id(inner, "object"));
        match (&verb, object) {
            (Some(verb), Some(object)) if undo_by_what_it_says(conn, &origin, &sender, verb, object)? => {
                Ok(Outcome::Applied)
            }
            (Some(Verb::Join), _) => Ok(Outcome::Ignored(Reason::NotOffered)),
            _ => Ok(Outcome::Ignored(Reason::Unknown)),
        }
    })
}

/// An `Undo` of an `Undo` says nothing, and what was said with `Create` is taken back with `Delete`.
fn can_be_undone(verb: &Verb) -> bool {
    matches!(verb, Verb::Follow | Verb::Block | Verb::Join) || reaction::is_reaction(verb)
}

fn undo_by_id(conn: &mut Conn, sender: &ActorUrl, id: &str) -> Result<bool, Error> {
    if let Some(known) = follow::find_by_activity(conn, id)?.filter(|known| known.follower == *sender) {
        return Ok(follow::remove(conn, sender, &known.followed)?);
    }
    Ok(reaction::remove_by_activity(conn, sender, id)? || block::remove_by_activity(conn, sender, id)?)
}

/// Gancio embeds the follow without its actor; others make up its id.
fn undo_by_what_it_says(
    conn: &mut Conn,
    origin: &Origin,
    sender: &ActorUrl,
    verb: &Verb,
    object: &str,
) -> Result<bool, Error> {
    let done = match verb {
        Verb::Follow => match followed(origin, Some(object)) {
            Some(target) => follow::remove(conn, sender, &target)?,
            None => false,
        },
        Verb::Block => block::remove(conn, sender, &ActorUrl::from_text(object))?,
        verb if reaction::is_reaction(verb) => {
            reaction::remove(conn, sender, &ObjectUrl::from_text(object), verb.as_str())?
        }
        _ => false,
    };
    Ok(done)
}
