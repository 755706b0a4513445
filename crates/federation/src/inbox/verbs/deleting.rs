//! `Delete`: of an object of the sender, or of the sender itself. Nothing is fetched for it: what is gone cannot be asked.

use super::ignore;
use crate::kind::{Outcome, Reason, Write};
use crate::leaving::{self, Trace};
use crate::state::State;
use crate::{Error, actor, follow, object, quote, relay, taken_back};
use store::id::{ActorUrl, ObjectUrl};
use store::{Conn, Timestamp};
use vocab::Envelope;

/// What was never here leaves a tombstone, so that a `Create` that comes late finds it; but only from somebody whose
/// `Create` would be taken, or any stranger could fill the index, and bar ids of others on its host. A stranger's id is
/// remembered for a while, for that stranger alone.
pub(super) fn deleted(state: &State, sender: ActorUrl, envelope: &Envelope) -> Write {
    let Some(url) = envelope.object_id().map(ObjectUrl::from_text) else { return ignore(Reason::Unusable) };
    if url.host() != sender.host() {
        return ignore(Reason::NotTheOwner);
    }
    let (state, now) = (state.clone(), state.now());
    Box::new(move |conn| {
        if url.as_str() == sender.as_str() {
            return gone(&state, conn, &sender, now);
        }
        match object::find(conn, &url)? {
            Some(known) if known.local || known.author != sender => Ok(Outcome::Ignored(Reason::NotTheOwner)),
            Some(known) if known.is_deleted() => Ok(Outcome::Duplicate),
            Some(known) => {
                leaving::forget(state.kinds, conn, &known)?;
                object::bury(conn, &url, &sender, now)?;
                relay::take_back(conn, &url, now)?;
                Ok(Outcome::Applied)
            }
            None if follow::is_followed_here(conn, &sender)? => {
                object::bury(conn, &url, &sender, now)?;
                Ok(Outcome::Applied)
            }
            None => {
                taken_back::remember(conn, url.as_str(), &sender, now)?;
                let quotes = quote::forget_instrument(conn, &url, &sender)?;
                Ok(if quotes > 0 { Outcome::Applied } else { Outcome::Ignored(Reason::Unknown) })
            }
        }
    })
}

/// An actor that leaves takes along its follows, its own entry, what it authored and what it said about our things.
fn gone(state: &State, conn: &mut Conn, actor: &ActorUrl, now: Timestamp) -> Result<Outcome, Error> {
    leaving::clear(state.kinds, conn, actor, Trace::Tombstones(now))?;
    actor::forget(conn, actor)?;
    Ok(Outcome::Applied)
}
