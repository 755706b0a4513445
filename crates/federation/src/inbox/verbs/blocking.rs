//! `Block` of one of our actors: it is recorded, and neither follows the other any more.

use super::ignore;
use crate::block::{self, Block};
use crate::inbox::items::Item;
use crate::kind::{Outcome, Reason, Write};
use crate::state::State;
use crate::{actor, follow, taken_back};
use store::id::ActorUrl;
use vocab::Envelope;

/// Nothing is answered: who blocks wants to hear no more.
pub(super) fn blocked(state: &State, item: &Item, envelope: &Envelope) -> Write {
    let Some(ours) = envelope.object_id().filter(|id| state.origin.owns(id)).map(ActorUrl::from_text) else {
        return ignore(Reason::Unknown);
    };
    let (blocker, activity, now) = (item.sender.clone(), item.activity.clone(), state.now());
    Box::new(move |conn| {
        if taken_back::is_taken_back(conn, activity.as_str(), &blocker)? {
            return Ok(Outcome::Ignored(Reason::TakenBack));
        }
        if actor::find(conn, &ours)?.is_none_or(|actor| !actor.local || actor.deleted_at.is_some()) {
            return Ok(Outcome::Ignored(Reason::Unknown));
        }
        follow::remove(conn, &blocker, &ours)?;
        follow::remove(conn, &ours, &blocker)?;
        let row =
            Block { blocker: blocker.clone(), blocked: ours.clone(), activity: activity.clone(), created_at: now };
        Ok(if block::put(conn, &row)? { Outcome::Applied } else { Outcome::Duplicate })
    })
}
