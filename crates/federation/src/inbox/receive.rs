//! What a verb does here. The generic ones are settled on the spot; objects go to their kind.
//!
//! By now the sender is proven: it signed, and the key is its own. What it may speak about is checked here: objects of its
//! own host that are attributed to it, its own profile, its own follows.

use crate::inbox::items::Item;
use crate::kind::{Change, Kind, Outcome, Reason, Received, Write, route};
use crate::object::{self, Indexed};
use crate::state::State;
use crate::{Error, actor, backfill, fetch, follow, relay};
use serde_json::Value;
use store::id::{ActorUrl, ObjectUrl};
use store::{Conn, Timestamp};
use vocab::{ActorType, Envelope, Reference, Verb};

/// Turns a stored activity into the write that is its effect.
///
/// # Errors
/// Temporary ones are tried again later.
pub(super) async fn prepare(state: &State, item: &Item) -> Result<Write, Error> {
    let envelope = Envelope::parse(&item.body)
        .map_err(|why| Error::Refused { url: item.activity.to_string(), reason: why.to_string() })?;
    let sender = item.sender.clone();
    match &envelope.verb {
        Verb::Follow => Ok(followed(state, sender, &envelope)),
        Verb::Undo => Ok(undone(sender, &envelope)),
        Verb::Accept => Ok(answered(state, sender, &envelope, follow::ACCEPTED)),
        Verb::Reject => Ok(answered(state, sender, &envelope, follow::REJECTED)),
        Verb::Create => object(state, sender, &envelope, Change::Created).await,
        Verb::Update => object(state, sender, &envelope, Change::Updated).await,
        Verb::Delete => Ok(deleted(state, sender, &envelope)),
        Verb::Add => presented(state, sender, &envelope).await,
        Verb::Remove => Ok(withdrawn(state, sender, &envelope)),
        Verb::Announce => announced(state, sender, &envelope).await,
        _ => Ok(ignore(Reason::NotUnderstood)),
    }
}

fn ignore(reason: Reason) -> Write {
    Box::new(move |_| Ok(Outcome::Ignored(reason)))
}

fn followed(state: &State, sender: ActorUrl, envelope: &Envelope) -> Write {
    let Some(target) = envelope.object_id().map(ActorUrl::from_text) else { return ignore(Reason::Unusable) };
    let (received, state, now) = (envelope.raw.clone(), state.clone(), state.now());
    Box::new(move |conn| match actor::find(conn, &target)? {
        Some(ours) if ours.local && ours.deleted_at.is_none() => {
            follow::accept(conn, &state.origin, &sender, &target, &received, now)?;
            if target == state.origin.relay()
                && let Some(follower) = actor::find(conn, &sender)?
            {
                relay::welcome(conn, &state.origin, state.collections, &follower, now)?;
            }
            Ok(Outcome::Applied)
        }
        _ => Ok(Outcome::Ignored(Reason::Unknown)),
    })
}

/// `Undo` of a follow: by the follow's id, else by its pair. Gancio embeds it without its actor.
fn undone(sender: ActorUrl, envelope: &Envelope) -> Write {
    let Some(inner) = envelope.object.first().cloned() else { return ignore(Reason::Unusable) };
    let kinds = inner.embedded().map(vocab::object::kind_of).unwrap_or_default();
    if !kinds.is_empty() && !kinds.iter().any(|kind| kind == "Follow") {
        return ignore(Reason::NotUnderstood);
    }
    Box::new(move |conn| {
        let by_id = match inner.id() {
            Some(id) => follow::find_by_activity(conn, id)?.filter(|known| known.follower == sender),
            None => None,
        };
        let target = match (by_id, &inner) {
            (Some(known), _) => Some(known.followed),
            (None, Reference::Embedded(inner)) => vocab::one_or_many::id(inner, "object").map(ActorUrl::from_text),
            (None, Reference::Id(_)) => None,
        };
        match target {
            Some(target) if follow::remove(conn, &sender, &target)? => Ok(Outcome::Applied),
            _ => Ok(Outcome::Ignored(Reason::Unknown)),
        }
    })
}

/// The answer to a follow of ours. Servers invent the id in it, so the pair decides when the id is not ours.
fn answered(state: &State, sender: ActorUrl, envelope: &Envelope, answer: &'static str) -> Write {
    let Some(inner) = envelope.object.first().cloned() else { return ignore(Reason::Unusable) };
    let (origin, now) = (state.origin.clone(), state.now());
    Box::new(move |conn| {
        let by_id = match inner.id() {
            Some(id) => follow::find_by_activity(conn, id)?,
            None => None,
        };
        let follower = match (by_id, inner.embedded()) {
            (Some(known), _) if known.followed == sender => Some(known.follower),
            (_, Some(inner)) => vocab::one_or_many::id(inner, "actor").map(ActorUrl::from_text),
            _ => None,
        };
        let follower = match follower.filter(|follower| origin.owns(follower.as_str())) {
            Some(follower) => Some(follower),
            None => follow::awaiting(conn, &sender)?,
        };
        let Some(follower) = follower else { return Ok(Outcome::Ignored(Reason::Unknown)) };
        if !follow::answered(conn, &follower, &sender, answer, now)? {
            return Ok(Outcome::Duplicate);
        }
        if answer == follow::ACCEPTED {
            backfill::plan(conn, &sender, now)?;
        }
        Ok(Outcome::Applied)
    })
}

/// `Create` and `Update`: of the sender's own profile, or of an object that it answers for.
async fn object(state: &State, sender: ActorUrl, envelope: &Envelope, change: Change) -> Result<Write, Error> {
    let Some(id) = envelope.object_id().map(str::to_owned) else { return Ok(ignore(Reason::Unusable)) };
    if store::id::host_of(&id) != sender.host() {
        return Ok(ignore(Reason::NotTheOwner));
    }
    let document = match envelope.embedded_object() {
        Some(embedded) => embedded.clone(),
        // A stranger does not make this node ask around.
        None if id != sender.as_str() && !fetch::is_followed(state, &sender).await? => {
            return Ok(ignore(Reason::NotFollowed));
        }
        None => fetch::document(state, &id).await?,
    };
    if id == sender.as_str() {
        return profile(state, sender, document).await;
    }
    if !vocab::object::attributed_to(&document).iter().any(|author| author == sender.as_str()) {
        return Ok(ignore(Reason::NotTheOwner));
    }
    let author_document = known_document(state, &sender).await?;
    let (url, now) = (ObjectUrl::from_text(id), state.now());
    let received = Received { change, url: url.clone(), author: sender.clone(), author_document, document, now };
    let inner = taken_in(state, received).await?;
    match state.passes_on.filter(|_| change == Change::Created) {
        None => Ok(inner),
        Some(by) => Ok(Box::new(move |conn| {
            let outcome = inner(conn)?;
            if outcome == Outcome::Applied && follow::is_followed_here(conn, &sender)? {
                relay::pass_on(conn, by, &url, &sender, now)?;
            }
            Ok(outcome)
        })),
    }
}

/// A profile that its owner changed; if a kind holds it (a producer), the kind hears of it too.
async fn profile(state: &State, sender: ActorUrl, document: Value) -> Result<Write, Error> {
    let row = fetch::actor_row(&document, state.now())?;
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

/// `Add` to a collection of the sender: a region presents a producer or an organisation of its own host.
async fn presented(state: &State, sender: ActorUrl, envelope: &Envelope) -> Result<Write, Error> {
    let (Some(id), Some(target)) = (envelope.object_id(), envelope.target.as_ref().and_then(Reference::id)) else {
        return Ok(ignore(Reason::Unusable));
    };
    let author_document = known_document(state, &sender).await?;
    if !presents(&author_document, target) {
        return Ok(ignore(Reason::NotUnderstood));
    }
    if !fetch::is_followed(state, &sender).await? {
        return Ok(ignore(Reason::NotFollowed));
    }
    presented_actor(state, &sender, author_document, id).await
}

/// Whether a collection is one of those in which an actor presents others.
fn presents(author_document: &Value, collection: &str) -> bool {
    vocab::one_or_many::ids(author_document, "streams", 16).iter().any(|stream| stream == collection)
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
fn withdrawn(state: &State, sender: ActorUrl, envelope: &Envelope) -> Write {
    let Some(url) = envelope.object_id().map(ObjectUrl::from_text) else { return ignore(Reason::Unusable) };
    let Some(target) = envelope.target.as_ref().and_then(Reference::id).map(str::to_owned) else {
        return ignore(Reason::Unusable);
    };
    let state = state.clone();
    Box::new(move |conn| {
        let presenter = actor::find(conn, &sender)?;
        if !presenter.is_some_and(|presenter| presents(&presenter.parsed(), &target)) {
            return Ok(Outcome::Ignored(Reason::NotUnderstood)); // such as a pin that was taken off
        }
        let known = object::find(conn, &url)?.filter(|known| !known.local && !known.is_deleted());
        let Some(known) = known.filter(|known| known.author == sender) else {
            return Ok(Outcome::Ignored(Reason::Unknown));
        };
        forget(&state, conn, &known)?;
        object::drop_entry(conn, &url)?;
        actor::forget(conn, &ActorUrl::from_text(url.as_str()))?;
        Ok(Outcome::Applied)
    })
}

/// `Announce` of an object by its id, from somebody whom this node follows: read from its own host.
async fn announced(state: &State, sender: ActorUrl, envelope: &Envelope) -> Result<Write, Error> {
    let Some(Reference::Id(id)) = envelope.object.first() else { return Ok(ignore(Reason::NotUnderstood)) };
    if state.origin.owns(id) || !fetch::is_followed(state, &sender).await? {
        return Ok(ignore(Reason::NotFollowed));
    }
    found(state, id, Change::Created).await
}

/// Takes in an object by its id, read from its own host and for its own author.
pub(crate) async fn found(state: &State, id: &str, change: Change) -> Result<Write, Error> {
    let url = ObjectUrl::from_text(id);
    if indexed(state, &url).await?.is_some() {
        return Ok(Box::new(|_| Ok(Outcome::Duplicate)));
    }
    let document = fetch::document(state, id).await?;
    let author =
        vocab::object::attributed_to(&document).into_iter().find(|author| store::id::host_of(author) == url.host());
    let Some(author) = author.map(ActorUrl::from_text) else { return Ok(ignore(Reason::NotTheOwner)) };
    let author_document = known_document(state, &author).await?;
    taken_in(state, Received { change, url, author, author_document, document, now: state.now() }).await
}

/// Hands a checked object to its kind.
pub(crate) async fn taken_in(state: &State, received: Received) -> Result<Write, Error> {
    let known = indexed(state, &received.url).await?;
    if let Some(known) = &known {
        if known.is_deleted() {
            return Ok(ignore(Reason::Deleted));
        }
        if known.author != received.author {
            return Ok(ignore(Reason::NotTheOwner));
        }
    }
    match route(state.kinds, known.as_ref().map(|row| row.kind.as_str()), Some(&received.document)) {
        Some(kind) => kind.prepare(received, state.preparing()).await,
        None => Ok(ignore(Reason::NotUnderstood)),
    }
}

/// `Delete` of an object of the sender, or of the sender itself. What was never here leaves a tombstone, so that a
/// `Create` that comes late finds it; but only from somebody whose `Create` would be taken, or any stranger could fill
/// the index, and bar ids of others on its host.
fn deleted(state: &State, sender: ActorUrl, envelope: &Envelope) -> Write {
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
                forget(&state, conn, &known)?;
                object::bury(conn, &url, &sender, now)?;
                relay::take_back(conn, &url, now)?;
                Ok(Outcome::Applied)
            }
            None if follow::is_followed_here(conn, &sender)? => {
                object::bury(conn, &url, &sender, now)?;
                Ok(Outcome::Applied)
            }
            None => Ok(Outcome::Ignored(Reason::Unknown)),
        }
    })
}

/// An actor that leaves takes along its follows, its own entry and what it authored.
fn gone(state: &State, conn: &mut Conn, actor: &ActorUrl, now: Timestamp) -> Result<Outcome, Error> {
    for known in object::all_of(conn, actor)? {
        forget(state, conn, &known)?;
        object::bury(conn, &known.url, actor, now)?;
        relay::take_back(conn, &known.url, now)?;
    }
    object::bury(conn, &ObjectUrl::from_text(actor.as_str()), actor, now)?;
    follow::remove_all(conn, actor)?;
    actor::forget(conn, actor)?;
    Ok(Outcome::Applied)
}

fn forget(state: &State, conn: &mut Conn, known: &Indexed) -> Result<(), Error> {
    match kind_of(state, known) {
        Some(kind) => kind.forget(conn, &known.url),
        None => Ok(()),
    }
}

fn kind_of(state: &State, known: &Indexed) -> Option<&'static dyn Kind> {
    route(state.kinds, Some(&known.kind), None)
}

async fn indexed(state: &State, url: &ObjectUrl) -> Result<Option<Indexed>, Error> {
    let url = url.clone();
    state.store.read(move |conn| object::find(conn, &url).map_err(Error::from)).await
}

pub(crate) async fn known_document(state: &State, url: &ActorUrl) -> Result<Value, Error> {
    Ok(fetch::known_actor(state, url).await?.parsed())
}
