//! `Create` and `Update`: of the sender's own profile, or of an object that it answers for.

use super::{ignore, indexed, is_blocked, is_live_and_ours, known_document};
use crate::kind::{Change, Outcome, Reason, Received, Route, Write, route};
use crate::object::{self, Indexed};
use crate::reply::{self, Answer};
use crate::state::State;
use crate::{Error, actor, fetch, follow, relay, taken_back};
use serde_json::Value;
use std::time::Duration;
use store::id::{ActorUrl, ObjectUrl};
use store::{Conn, Timestamp};
use vocab::{ActorType, Envelope};

/// An `Update` of something that was never here acts as a `Create` for so long after it; of whom this node follows, always.
const FRESH: Duration = Duration::from_secs(86_400);

/// Takes an object in that came with its activity, or is named by it.
pub(super) async fn object(
    state: &State,
    sender: ActorUrl,
    envelope: &Envelope,
    change: Change,
) -> Result<Write, Error> {
    let Some(id) = envelope.object_id().map(str::to_owned) else { return Ok(ignore(Reason::Unusable)) };
    if store::id::host_of(&id) != sender.host() {
        return Ok(ignore(Reason::NotTheOwner));
    }
    let followed = fetch::is_followed(state, &sender).await?;
    let document = match envelope.embedded_object() {
        Some(embedded) => embedded.clone(),
        // A stranger does not make this node ask around.
        None if id != sender.as_str() && !followed => return Ok(ignore(Reason::NotFollowed)),
        None => fetch::document(state, &id).await?,
    };
    if id == sender.as_str() {
        return profile(state, sender, document).await;
    }
    let url = ObjectUrl::from_text(id);
    if change == Change::Updated && ActorType::of(&document).is_some() && is_known_actor(state, &url).await? {
        return profile_of_another(state, &url).await;
    }
    if !is_by(&document, &sender) {
        return Ok(ignore(Reason::NotTheOwner));
    }
    if change == Change::Updated
        && !followed
        && !is_fresh(&document, state.now())
        && indexed(state, &url).await?.is_none()
    {
        return Ok(ignore(Reason::TooOld));
    }
    let author_document = known_document(state, &sender).await?;
    let late = Late { url: url.clone(), sender: sender.clone() };
    let now = state.now();
    let received = Received { change, url, author: sender, author_document, document, now };
    let inner = taken_in(state, received).await?;
    // What is an answer, or a message to this node, is passed on to nobody.
    let passed_on_by = state.passes_on.filter(|_| change == Change::Created);
    Ok(Box::new(move |conn| {
        if late.is_void(conn)? {
            return Ok(Outcome::Ignored(Reason::Deleted));
        }
        let outcome = inner(conn)?;
        if let Some(by) = passed_on_by
            && outcome == Outcome::Applied
            && follow::is_followed_here(conn, &late.sender)?
            && reply::find(conn, &late.url)?.is_none()
        {
            relay::pass_on(conn, by, &late.url, &late.sender, now)?;
        }
        Ok(outcome)
    }))
}

/// Whether a document is the author's own. One that names somebody of another host as well is nobody's: the other did not
/// sign it.
pub(crate) fn is_by(document: &Value, author: &ActorUrl) -> bool {
    let authors = vocab::object::attributed_to(document);
    authors.iter().any(|one| one == author.as_str())
        && authors.iter().all(|one| store::id::host_of(one) == author.host())
}

/// What comes after its own `Delete`.
struct Late {
    url: ObjectUrl,
    sender: ActorUrl,
}

impl Late {
    fn is_void(&self, conn: &mut Conn) -> Result<bool, Error> {
        Ok(taken_back::is_taken_back(conn, self.url.as_str(), &self.sender)?)
    }
}

fn is_fresh(document: &Value, now: Timestamp) -> bool {
    let told = vocab::object::updated(document).or_else(|| vocab::object::published(document));
    told.is_some_and(|at| now.since(Timestamp::from(at)) < FRESH)
}

/// A profile that its owner changed; if a kind holds it (a producer), the kind hears of it too.
async fn profile(state: &State, sender: ActorUrl, document: Value) -> Result<Write, Error> {
    let row = fetch::actor_row(&document, state.now())?;
    if row.url != sender {
        return Ok(ignore(Reason::NotTheOwner));
    }
    let url = ObjectUrl::from_text(sender.as_str());
    let Some(known) = indexed(state, &url).await? else {
        return Ok(Box::new(move |conn| {
            actor::remember(conn, &row)?;
            Ok(Outcome::Applied)
        }));
    };
    let author = known.author.clone();
    let author_document = known_document(state, &author).await?;
    let received = Received { change: Change::Updated, url, author, author_document, document, now: state.now() };
    let inner = taken_in(state, received).await?;
    Ok(Box::new(move |conn| {
        actor::remember(conn, &row)?;
        inner(conn)
    }))
}

async fn is_known_actor(state: &State, url: &ObjectUrl) -> Result<bool, Error> {
    let wanted = ActorUrl::from_text(url.as_str());
    let known = state.store.read(move |conn| actor::find(conn, &wanted).map_err(Error::from)).await?;
    Ok(known.is_some_and(|actor| !actor.local))
}

/// Somebody else of the same host says that a profile changed: it is read anew, and the body is not believed.
async fn profile_of_another(state: &State, url: &ObjectUrl) -> Result<Write, Error> {
    let document = fetch::document(state, url.as_str()).await?;
    profile(state, ActorUrl::from_text(url.as_str()), document).await
}

/// Takes in an object by its id, read from its own host and for its own author. `Created` leaves one alone that is here.
pub(crate) async fn found(state: &State, id: &str, change: Change) -> Result<Write, Error> {
    let url = ObjectUrl::from_text(id);
    if change == Change::Created && indexed(state, &url).await?.is_some() {
        return Ok(Box::new(|_| Ok(Outcome::Duplicate)));
    }
    let document = fetch::document(state, id).await?;
    let authors = vocab::object::attributed_to(&document).into_iter().map(ActorUrl::from_text);
    let Some(author) = authors.filter(|author| is_by(&document, author)).find(|author| author.host() == url.host())
    else {
        return Ok(ignore(Reason::NotTheOwner));
    };
    if is_blocked(state, &author).await? {
        return Ok(ignore(Reason::Blocked));
    }
    let author_document = known_document(state, &author).await?;
    taken_in(state, Received { change, url, author, author_document, document, now: state.now() }).await
}

/// Hands a checked object to its kind: as a thing of that kind, or as an answer to one. A message to this node needs none.
pub(crate) async fn taken_in(state: &State, received: Received) -> Result<Write, Error> {
    let known = indexed(state, &received.url).await?;
    if let Some(known) = &known {
        if known.is_deleted() {
            return Ok(ignore(Reason::Deleted));
        }
        if known.local || known.author != received.author {
            return Ok(ignore(Reason::NotTheOwner));
        }
    }
    let kind = known.as_ref().map(|row| row.kind.clone());
    let answered = answered(state, &received).await?;
    let (parent, about) = answered.map_or((None, None), |(parent, about)| (Some(parent), Some(about.kind)));
    match (route(state.kinds, kind.as_deref(), about.as_deref(), Some(&received.document)), parent) {
        (Some(Route::Thing(kind)), _) => kind.prepare(received, state.preparing()).await,
        (Some(Route::Reply(kind)), Some(parent)) => kind.replied(Answer { received, parent }, state.preparing()).await,
        _ => match addressee(state, &received).await? {
            Some(parent) => Ok(reply::kept(Answer { received, parent })),
            None => Ok(ignore(Reason::NotUnderstood)),
        },
    }
}

/// The actor of ours that a note which answers nothing of ours is a message to.
async fn addressee(state: &State, received: &Received) -> Result<Option<Indexed>, Error> {
    let (note, mentioned) = (received.url.clone(), reply::mentioned(&received.document, &state.origin));
    state.store.read(move |conn| reply::addressee(conn, &note, mentioned)).await
}

/// What a document answers, and the thing of ours that the conversation is about.
async fn answered(state: &State, received: &Received) -> Result<Option<(Indexed, Indexed)>, Error> {
    let told = vocab::object::in_reply_to(&received.document).map(ObjectUrl::from_text);
    let url = received.url.clone();
    let looked_up = state.store.read(move |conn| {
        let parent = match told {
            Some(told) => told,
            None => match reply::find(conn, &url)? {
                Some(known) => known.parent, // a later version need not say it again
                None => return Ok::<_, Error>(None),
            },
        };
        let Some(parent) = object::find(conn, &parent)?.filter(|parent| !parent.is_deleted()) else { return Ok(None) };
        let about = match reply::find(conn, &parent.url)? {
            Some(reply) => object::find(conn, &reply.object)?,
            None => Some(parent.clone()),
        };
        Ok(about.filter(is_live_and_ours).map(|about| (parent, about)))
    });
    looked_up.await
}
