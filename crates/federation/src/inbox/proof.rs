//! From the head and the body of a request to its proven sender: which signature it carries, whether that covers enough,
//! is of now and for this host, whose key made it, and whether it fits.
//!
//! Two schemes are taken. A request with `Signature-Input` is read by RFC 9421 and by nothing else, one without by
//! draft-cavage-12: the scheme is never guessed, and a signature of one is never tried as the other. `Authorization` is
//! never looked at. Everything that can be refused without asking anybody is refused first ([`claim`] is pure); then the
//! key is looked up, by at most one bounded fetch, and the signature checked.

use crate::inbox::keys;
use crate::inbox::memory::KeyOwner;
use crate::problem::Problem;
use crate::signature::{self, Window, cavage, digest, message};
use crate::state::State;
use crate::{Error, Origin, block};
use http::{HeaderMap, Method, StatusCode, Uri};
use std::sync::Arc;
use store::Timestamp;
use store::id::ActorUrl;

/// The headers of which a request may carry one: whoever reads the first and whoever reads the last must read the same.
const ONCE: [&str; 8] =
    ["host", "date", "digest", "content-digest", "signature", "signature-input", "content-type", "content-length"];

/// The head of a request, as the client wrote it.
#[derive(Debug, Clone, Copy)]
pub struct Head<'a> {
    /// The method.
    pub method: &'a Method,
    /// The address, before any routing.
    pub uri: &'a Uri,
    /// The headers.
    pub headers: &'a HeaderMap,
}

/// The present moment, and how far from it a signature may be made.
#[derive(Debug, Clone, Copy)]
struct Time {
    now: Timestamp,
    window: Window,
}

impl Time {
    fn of(state: &State) -> Time {
        Time { now: state.now(), window: state.limits.signature_window() }
    }
}

/// What a signature claims: a key, and the strings of which one was signed with it.
#[derive(Debug)]
struct Claim {
    key_id: String,
    strings: Vec<String>,
    bytes: Vec<u8>,
}

impl Claim {
    fn fits(&self, owner: &KeyOwner) -> bool {
        self.strings.iter().any(|signed| owner.verify(signed.as_bytes(), &self.bytes))
    }
}

/// Refuses a head in which a header is repeated that says what a request is, for whom, or by whom.
///
/// # Errors
/// 400.
pub(crate) fn check_repeated(headers: &HeaderMap) -> Result<(), Problem> {
    for name in ONCE {
        if headers.get_all(name).iter().nth(1).is_some() {
            return Err(Problem::new(StatusCode::BAD_REQUEST, format!("There is more than one {name} header.")));
        }
    }
    Ok(())
}

/// The sender of a `POST`. `host` is that of the actor who says to have sent it; keys of other hosts are not asked for.
/// With `may_ask_anew` unset, a signature that does not fit the key that is known is not a reason to fetch the key.
///
/// # Errors
/// 400, 401 or 421 without asking anybody; 401 or 503 after.
pub(crate) async fn sender(
    state: &State,
    head: Head<'_>,
    body: &[u8],
    host: &str,
    may_ask_anew: bool,
) -> Result<Arc<KeyOwner>, Problem> {
    let claim = claim(&state.origin, head, Some(body), Some(host), Time::of(state))?;
    prove(state, &claim, may_ask_anew).await
}

/// The reader who signed a `GET`, for what is not everybody's.
///
/// # Errors
/// 403 from a host that is blocked here; else as [`sender`]. Without a signature 401.
pub async fn reader(state: &State, head: Head<'_>) -> Result<ActorUrl, Problem> {
    check_repeated(head.headers)?;
    let claim = claim(&state.origin, head, None, None, Time::of(state)).map_err(Problem::of_a_reader)?;
    refuse_blocked(state, store::id::host_of(&claim.key_id)).await?;
    let owner = prove(state, &claim, true).await.map_err(Problem::of_a_reader)?;
    Ok(owner.url.clone())
}

/// Refuses a `GET` that is signed, rightly or not, with a key of a host that is blocked here. What is public needs no
/// signature, and a broken one does no harm.
///
/// # Errors
/// 403.
pub(crate) async fn refuse_blocked_reader(state: &State, headers: &HeaderMap) -> Result<(), Problem> {
    for key_id in key_ids(headers) {
        refuse_blocked(state, store::id::host_of(&key_id)).await?;
    }
    Ok(())
}

/// The keys that a head names, in either scheme.
fn key_ids(headers: &HeaderMap) -> Vec<String> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    match (text("signature-input"), text("signature")) {
        (Some(input), Some(signature)) => {
            let all = message::parse(input, signature).unwrap_or_default();
            all.into_iter().map(|one| one.key_id).collect()
        }
        (None, Some(signature)) => cavage::parse(signature).map(|one| one.key_id).into_iter().collect(),
        _ => Vec::new(),
    }
}

async fn refuse_blocked(state: &State, host: String) -> Result<(), Problem> {
    if state.store.read(move |conn| block::is_host_blocked(conn, &host).map_err(Error::from)).await? {
        return Err(Problem::new(StatusCode::FORBIDDEN, "This host is blocked here."));
    }
    Ok(())
}

/// Everything about a signature that can be told from the request alone.
fn claim(
    origin: &Origin,
    head: Head<'_>,
    body: Option<&[u8]>,
    host: Option<&str>,
    time: Time,
) -> Result<Claim, Problem> {
    check_host(origin, head)?;
    let of_host = |key_id: &str| match host {
        Some(host) => store::id::host_of(key_id) == host,
        None => !origin.owns(key_id) && !store::id::host_of(key_id).is_empty(),
    };
    let claim = if head.headers.contains_key("signature-input") {
        of_message(origin, head, body, of_host, time)?
    } else {
        of_cavage(head, body, time)?
    };
    if !of_host(&claim.key_id) {
        return Err(Problem::unsigned("The key is on another host than the actor."));
    }
    Ok(claim)
}

/// RFC 9421: the first signature that covers enough, is of now, and names a key of the right host.
fn of_message(
    origin: &Origin,
    head: Head<'_>,
    body: Option<&[u8]>,
    of_host: impl Fn(&str) -> bool,
    time: Time,
) -> Result<Claim, Problem> {
    let signatures = message::parse(one(head.headers, "signature-input")?, one(head.headers, "signature")?)
        .map_err(|why| Problem::unsigned(format!("{why}.")))?;
    let (mut chosen, mut why_not) = (None, None);
    for signature in signatures {
        match check_message(&signature, body.is_some(), time) {
            Ok(()) if of_host(&signature.key_id) => {
                chosen = Some(signature);
                break;
            }
            Ok(()) => {
                why_not = why_not.or_else(|| Some(Problem::unsigned("The key is on another host than the actor.")))
            }
            Err(problem) => why_not = why_not.or(Some(problem)),
        }
    }
    let Some(signature) = chosen else {
        return Err(why_not.unwrap_or_else(|| Problem::unsigned("There is no signature.")));
    };
    if let Some(body) = body
        && !digest::content_matches(one(head.headers, "content-digest")?, body)
    {
        return Err(Problem::unsigned("The digest does not fit the body."));
    }
    let addressed = message::Addressed {
        method: head.method,
        scheme: origin.scheme(),
        host: origin.host(),
        target: head.uri.path_and_query().map_or(head.uri.path(), |target| target.as_str()),
    };
    let base = signature
        .base(addressed, head.headers)
        .ok_or_else(|| Problem::unsigned("The signature covers what the request does not have."))?;
    Ok(Claim { key_id: signature.key_id, strings: vec![base], bytes: signature.bytes })
}

fn check_message(signature: &message::Signature, has_body: bool, time: Time) -> Result<(), Problem> {
    signature
        .covers_enough(has_body)
        .map_err(|missing| Problem::unsigned(format!("The signature does not cover {missing}.")))?;
    check_time(signature.created.and_then(from_seconds), signature.expires, time)
}

/// draft-cavage-12, with the query in the target and, as Mobilizon and Gancio sign, without.
fn of_cavage(head: Head<'_>, body: Option<&[u8]>, time: Time) -> Result<Claim, Problem> {
    let signature =
        cavage::parse(one(head.headers, "signature")?).map_err(|why| Problem::unsigned(format!("{why}.")))?;
    signature
        .covers_enough(body.is_some())
        .map_err(|missing| Problem::unsigned(format!("The signature does not cover {missing}.")))?;
    let signed_at = if signature.covered.iter().any(|part| part == "date") {
        signature::date_to_timestamp(one(head.headers, "date")?)
    } else {
        signature.created.and_then(from_seconds)
    };
    check_time(signed_at, signature.expires, time)?;
    if let Some(body) = body
        && !digest::matches(one(head.headers, "digest")?, body)
    {
        return Err(Problem::unsigned("The digest does not fit the body."));
    }
    let with_query = head.uri.path_and_query().map_or(head.uri.path(), |target| target.as_str());
    let mut targets = vec![with_query];
    if with_query != head.uri.path() {
        targets.push(head.uri.path());
    }
    let strings: Vec<String> = targets
        .into_iter()
        .filter_map(|target| {
            cavage::signing_string(&signature.covered, head.method, target, head.headers, Some(&signature))
        })
        .collect();
    if strings.is_empty() {
        return Err(Problem::unsigned("The signature covers what the request does not have."));
    }
    Ok(Claim { key_id: signature.key_id, strings, bytes: signature.bytes })
}

/// Looks the key up and checks the signature; one that does not fit may mean that the owner has a new key.
async fn prove(state: &State, claim: &Claim, may_ask_anew: bool) -> Result<Arc<KeyOwner>, Problem> {
    let unfit = || Problem::unsigned("The signature does not fit the key.");
    let owner = keys::owner(state, &claim.key_id).await.map_err(key_problem)?;
    if claim.fits(&owner) {
        return Ok(owner);
    }
    if !owner.is_current(state.now(), state.store.commits()) {
        let read = keys::read(state, &claim.key_id).await.map_err(key_problem)?;
        if let Some(owner) = read.filter(|new| new.public_pem != owner.public_pem && claim.fits(new)) {
            return Ok(owner);
        }
    }
    if !may_ask_anew {
        return Err(unfit());
    }
    let owner = keys::renewed(state, &claim.key_id, &owner.public_pem).await.map_err(|error| match error {
        Error::Refused { .. } => unfit(),
        error => key_problem(error),
    })?;
    if claim.fits(&owner) { Ok(owner) } else { Err(unfit()) }
}

fn key_problem(error: Error) -> Problem {
    match error {
        Error::Unreachable { .. } => Problem::later("The key cannot be fetched just now."),
        Error::Store(_) => error.into(),
        _ => Problem::unsigned("The key cannot be had, or is not its owner's."),
    }
}

/// A header as text. That there is one alone was checked before.
fn one<'a>(headers: &'a HeaderMap, name: &'static str) -> Result<&'a str, Problem> {
    let value = headers.get(name).ok_or_else(|| Problem::unsigned(format!("There is no {name} header.")))?;
    value.to_str().map_err(|_| Problem::new(StatusCode::BAD_REQUEST, format!("The {name} header is not text.")))
}

/// A signature made for another host is none for this one. The header is what is signed; an address in the request line
/// must say the same.
fn check_host(origin: &Origin, head: Head<'_>) -> Result<(), Problem> {
    let ours = |host: &str| host.eq_ignore_ascii_case(origin.host());
    let in_line = head.uri.authority().is_none_or(|authority| ours(authority.as_str()));
    if in_line && ours(one(head.headers, "host")?) {
        return Ok(());
    }
    Err(Problem::new(StatusCode::MISDIRECTED_REQUEST, "This request is for another host."))
}

/// Epoch seconds as a moment; `None` for what is none.
fn from_seconds(at: i64) -> Option<Timestamp> {
    at.checked_mul(1000).map(Timestamp::from_millis)
}

fn check_time(signed_at: Option<Timestamp>, expires: Option<i64>, time: Time) -> Result<(), Problem> {
    let fresh = signed_at.is_some_and(|at| time.window.holds(at, time.now));
    let expired = expires.is_some_and(|at| from_seconds(at).is_none_or(|at| at < time.now));
    if fresh && !expired {
        return Ok(());
    }
    Err(Problem::unsigned("The signature is too old, or its time is not readable."))
}
