//! What others ask of an object of ours and get an answer to: `QuoteRequest` (FEP-044f) and `Join` (FEP-8a8e).

use super::{ignore, indexed, is_live_and_ours};
use crate::kind::{Outcome, Reason, Write};
use crate::outbox::{self, Audience};
use crate::state::State;
use crate::{Error, actor, fetch, object, peer, quote};
use store::id::{ActivityUrl, ActorUrl, ObjectUrl};
use store::{Conn, Timestamp};
use vocab::{Activity, Envelope};

/// A quote of a public object of ours is approved at once, as its `interactionPolicy` says; of anything else it is refused.
pub(super) fn quote(state: &State, sender: ActorUrl, envelope: &Envelope) -> Write {
    let Some(wanted) = envelope.object_id().filter(|id| state.origin.owns(id)).map(ObjectUrl::from_text) else {
        return ignore(Reason::Unknown);
    };
    let instrument = vocab::one_or_many::id(&envelope.raw, "instrument").map(ObjectUrl::from_text);
    let Some(instrument) = instrument.filter(|instrument| instrument.host() == sender.host()) else {
        return ignore(Reason::NotTheOwner);
    };
    let (state, asked, now) = (state.clone(), envelope.raw.clone(), state.now());
    Box::new(move |conn| {
        let Some(known) = object::find(conn, &wanted)?.filter(|known| known.local) else {
            return Ok(Outcome::Ignored(Reason::Unknown));
        };
        let author = known.author.clone();
        let answer = if is_live_and_ours(&known) {
            let approved = quote::approve(conn, &state.origin, &wanted, &author, &instrument, &sender, now)?;
            let id = state.origin.activity("accepts", &store::id::fresh(now));
            Activity::accept(id.as_str(), author.as_str(), sender.as_str(), asked.clone())
                .with_result(approved.url.as_str())
        } else {
            let id = state.origin.activity("rejects", &store::id::fresh(now));
            Activity::reject(id.as_str(), author.as_str(), sender.as_str(), asked.clone())
        };
        answered(conn, &author, &sender, &answer, now)?;
        Ok(Outcome::Applied)
    })
}

/// Who wants to take part in an event is told that it is not done here: the event's page says where. Told by `Ignore`, or
/// by `Reject` to those who know no other.
pub(super) async fn join(state: &State, sender: ActorUrl, envelope: &Envelope) -> Result<Write, Error> {
    let Some(wanted) = envelope.object_id().filter(|id| state.origin.owns(id)).map(ObjectUrl::from_text) else {
        return Ok(ignore(Reason::Unknown));
    };
    if indexed(state, &wanted).await?.is_none_or(|known| !is_live_and_ours(&known)) {
        return Ok(ignore(Reason::Unknown));
    }
    let refuses = software(state, &sender).await?.is_some_and(|name| !vocab::nodeinfo::understands_ignore(&name));
    let (origin, asked, now) = (state.origin.clone(), envelope.raw.clone(), state.now());
    Ok(Box::new(move |conn| {
        let Some(known) = object::find(conn, &wanted)?.filter(is_live_and_ours) else {
            return Ok(Outcome::Ignored(Reason::Unknown));
        };
        let author = known.author;
        let answer = if refuses {
            let id = origin.activity("rejects", &store::id::fresh(now));
            Activity::reject(id.as_str(), author.as_str(), sender.as_str(), asked.clone())
        } else {
            let id = origin.activity("ignores", &store::id::fresh(now));
            let join = vocab::object::id(&asked).unwrap_or_default();
            Activity::ignore(id.as_str(), author.as_str(), sender.as_str(), join)
        };
        answered(conn, &author, &sender, &answer, now)?;
        Ok(Outcome::Applied)
    }))
}

/// What the sender's host runs; asked for when it was never told. That it does not say is an answer too.
async fn software(state: &State, sender: &ActorUrl) -> Result<Option<String>, Error> {
    let read = async || {
        let host = sender.host();
        state.store.read(move |conn| peer::find(conn, &host).map_err(Error::from)).await
    };
    let known = read().await?;
    if let Some(peer) = known.filter(|peer| peer.nodeinfo_at.is_some()) {
        return Ok(peer.software);
    }
    fetch::look_after(state, &sender.host()).await?;
    Ok(read().await?.and_then(|peer| peer.software))
}

fn answered(
    conn: &mut Conn,
    ours: &ActorUrl,
    asker: &ActorUrl,
    answer: &Activity,
    now: Timestamp,
) -> Result<(), Error> {
    let asker = actor::find(conn, asker)?.ok_or_else(|| Error::Unknown(asker.to_string()))?;
    let id = ActivityUrl::from_text(answer.id.as_str());
    let about = vocab::one_or_many::id_of(&answer.object).unwrap_or_default().to_owned();
    let document = vocab::context::embedded(answer);
    let audience = Audience::Only(vec![asker]);
    outbox::send(conn, ours, &id, answer.verb.as_str(), &about, &document, audience, now)
}
