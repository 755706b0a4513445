//! The front half: what is checked before a request is believed, and in what order.
//!
//! No header twice → type → size → JSON → blocked host → recipient → seen id → deletion of somebody unknown → signature,
//! time and digest ([`proof`]) → the key's owner is the actor → one row with the raw bytes → 202. What is known of hosts,
//! inboxes, ids and keys is remembered for a second ([`super::memory`]) and looked at once more when the row is written
//! ([`super::intake`]). Each refusal has the status on which peers act rightly: a 4xx that was not meant costs them days,
//! and a 5xx makes them come again.
//!
//! An actor's id is spelled as its own document spells it. A sender that writes the same address otherwise (without the
//! slash of a bare host, with `:443`, with letters that are escaped elsewhere) is taken for that actor; only comparisons
//! are normalised, nothing that is stored or sent.

use crate::inbox::intake::{Arrival, Verdict};
use crate::inbox::memory::KeyOwner;
use crate::inbox::proof::{self, Head};
use crate::inbox::verbs;
use crate::problem::Problem;
use crate::quota::Quotas;
use crate::state::State;
use crate::synchronization::MAX_HEADER;
use crate::{Error, actor, block};
use axum::Extension;
use axum::body::{Body, Bytes, to_bytes};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, Method, StatusCode, Uri, header};
use std::sync::Arc;
use store::id::{ActivityUrl, ActorUrl};
use store::{Timestamp, failpoint};
use tracing::{Instrument, Span};
use vocab::{Malformed, Sketch, Verb};

/// A request to an inbox, as the server received it.
pub struct Request {
    /// The method, part of what is signed.
    pub method: Method,
    /// The address as the client wrote it, before any routing.
    pub uri: Uri,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, not read yet.
    pub body: Body,
}

/// How an activity was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// From the one who it says has sent it.
    Proven,
    /// Without a look at its proof, as nothing depends on it: it was seen before, or is about somebody unknown.
    Unproven,
}

/// 202, with the value itself as an extension of the response.
impl IntoResponse for Taken {
    fn into_response(self) -> Response {
        (StatusCode::ACCEPTED, Extension(self)).into_response()
    }
}

/// Takes a request to an inbox. `recipient` is the actor whose own inbox it is, or `None` for the shared one.
///
/// # Errors
/// The refusal to send.
pub async fn receive(state: &State, recipient: Option<ActorUrl>, request: Request) -> Result<Taken, Problem> {
    let span =
        tracing::info_span!("inbox.receive", activity.id = tracing::field::Empty, actor.id = tracing::field::Empty);
    take(state, recipient, request).instrument(span).await
}

async fn take(state: &State, recipient: Option<ActorUrl>, request: Request) -> Result<Taken, Problem> {
    proof::check_repeated(&request.headers)?;
    check_type(&request.headers)?;
    let Request { method, uri, headers, body } = request;
    let body = to_bytes(body, state.limits.body())
        .await
        .map_err(|_| Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "The body is too large."))?;
    let sketch = Sketch::parse(&body).and_then(|sketch| state.limits.check_addresses(sketch)).map_err(malformed)?;
    Span::current().record("activity.id", sketch.id.as_str()).record("actor.id", sketch.actor.as_str());
    let activity = ActivityUrl::from_text(sketch.id.as_str());
    let sender = ActorUrl::from_text(sketch.actor.as_str());
    if needs_no_proof(state, &sketch, &activity, &sender, recipient.as_ref()).await? {
        return Ok(Taken::Unproven);
    }
    let synchronization = headers.get("collection-synchronization").and_then(|value| value.to_str().ok());
    let synchronization = synchronization.filter(|header| header.len() <= MAX_HEADER);
    // The second time, when the key was changed between the look at it and the moment of storing.
    for _ in 0..2 {
        let head = Head { method: &method, uri: &uri, headers: &headers };
        let signer = match proof::sender(state, head, &body, &sender.host(), !leaves(&sketch)).await {
            Ok(signer) if store::id::is_same_address(signer.url.as_str(), sender.as_str()) => signer,
            Ok(_) => return Err(Problem::unsigned("The key that signed is not the actor's.")),
            // The actor is gone, so its key cannot be had anew; what cannot be proven has no effect.
            Err(problem) if leaves(&sketch) && problem.status() == StatusCode::UNAUTHORIZED => {
                return Ok(Taken::Unproven);
            }
            Err(problem) => return Err(problem),
        };
        followable(state, &sketch).await?;
        if activity.host() != sender.host() {
            // Kept, it would make the genuine activity of that id look like one that was seen.
            tracing::debug!("passed over: the activity's id is on another host than its actor");
            return Ok(Taken::Proven);
        }
        Quotas::delivery(state, &sender, body.len()).await?;
        if put(state, &activity, signer, recipient.clone(), body.clone(), synchronization).await? {
            return Ok(Taken::Proven);
        }
    }
    Err(Problem::later("The sender's key changes just now."))
}

/// Stores a proven activity. `false` when the key that proved it is not the sender's any more.
async fn put(
    state: &State,
    activity: &ActivityUrl,
    signer: Arc<KeyOwner>,
    recipient: Option<ActorUrl>,
    body: Bytes,
    synchronization: Option<&str>,
) -> Result<bool, Problem> {
    let (key_id, synchronization) = (signer.key_id.clone(), synchronization.map(str::to_owned));
    let arrival = Arrival { activity: activity.clone(), signer, recipient, body, synchronization, now: state.now() };
    failpoint::here("inbox.before_store");
    let verdict = state.intake.write(arrival).await?;
    failpoint::here("inbox.stored");
    match verdict {
        Verdict::Stored | Verdict::Known => {
            state.memory.keep_seen(activity);
            Ok(true)
        }
        Verdict::Blocked => Err(blocked()),
        Verdict::RecipientGone => Err(Problem::new(StatusCode::GONE, "It was deleted.")),
        Verdict::NoRecipient => Err(Problem::not_found()),
        Verdict::KeyChanged => {
            state.memory.forget_key(&key_id);
            Ok(false)
        }
    }
}

fn blocked() -> Problem {
    Problem::new(StatusCode::FORBIDDEN, "This host or actor is blocked here.")
}

/// The sender says that it is gone.
fn leaves(sketch: &Sketch) -> bool {
    sketch.verb == Verb::Delete && sketch.is_about_its_own_actor()
}

/// A `Follow` of nobody is refused at once, so that its sender does not wait for an answer.
async fn followable(state: &State, sketch: &Sketch) -> Result<(), Problem> {
    if sketch.verb != Verb::Follow {
        return Ok(());
    }
    let Some(target) = verbs::followed(&state.origin, sketch.object_id.as_deref()) else { return Ok(()) };
    let known = state.store.read(move |conn| actor::find(conn, &target).map_err(Error::from)).await?;
    match known.filter(|actor| actor.local) {
        Some(actor) if actor.deleted_at.is_some() => Err(Problem::new(StatusCode::GONE, "It was deleted.")),
        Some(_) => Ok(()),
        None => Err(Problem::not_found()),
    }
}

fn check_type(headers: &HeaderMap) -> Result<(), Problem> {
    let unsupported = |detail: &str| Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail));
    if headers.contains_key(header::CONTENT_ENCODING) {
        return unsupported("A compressed body is not taken.");
    }
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match essence.as_str() {
        "application/activity+json" | "application/ld+json" | "application/json" => Ok(()),
        _ => unsupported("An activity is sent as application/activity+json."),
    }
}

fn malformed(why: Malformed) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, format!("The body is no activity: {why}."))
}

/// Looks at what is known already, before any signature. `true` when the activity has no effect, whoever sent it.
async fn needs_no_proof(
    state: &State,
    sketch: &Sketch,
    activity: &ActivityUrl,
    sender: &ActorUrl,
    recipient: Option<&ActorUrl>,
) -> Result<bool, Problem> {
    if state.origin.owns(sender.as_str()) {
        return Err(Problem::unsigned("This node does not write to itself."));
    }
    let now = state.now();
    refuse_blocked(state, sender, sketch.verb == Verb::Follow, now).await?;
    if let Some(recipient) = recipient.filter(|recipient| !state.memory.has_inbox(recipient, now)) {
        let wanted = recipient.clone();
        let known = state.store.read(move |conn| actor::find(conn, &wanted).map_err(Error::from)).await?;
        match known.filter(|actor| actor.local) {
            Some(actor) if actor.deleted_at.is_some() => return Err(Error::Gone(recipient.to_string()).into()),
            Some(_) => state.memory.keep_inbox(recipient, now),
            None => return Err(Problem::not_found()),
        }
    }
    if state.memory.was_seen(activity) {
        return Ok(true);
    }
    // Large servers send every profile's end and change to every host they know. Who was never met leaves nothing to
    // delete and nothing to update here, and an actor that is gone can no longer be fetched.
    if matches!(sketch.verb, Verb::Delete | Verb::Update) && sketch.is_about_its_own_actor() {
        let wanted = sender.clone();
        return Ok(state.store.read(move |conn| actor::find(conn, &wanted).map_err(Error::from)).await?.is_none());
    }
    Ok(false)
}

/// The follow of a blocked actor is taken, to be refused in a way that its server understands; nothing else of it is, and
/// nothing at all of a blocked host.
async fn refuse_blocked(state: &State, sender: &ActorUrl, follows: bool, now: Timestamp) -> Result<(), Problem> {
    if !follows && state.memory.is_unblocked(sender, now) {
        return Ok(());
    }
    let (wanted, origin) = (sender.clone(), state.origin.clone());
    let is_blocked = state.store.read(move |conn| {
        let found = match follows {
            true => block::is_host_blocked(conn, &wanted.host()),
            false => block::is_blocked(conn, &origin, &wanted),
        };
        found.map_err(Error::from)
    });
    if is_blocked.await? {
        return Err(blocked());
    }
    if !follows {
        state.memory.keep_unblocked(sender, now);
    }
    Ok(())
}
