//! Documents of other servers: fetched signed (GoToSocial answers nobody else), checked, and believed only about
//! themselves.
//!
//! Invariant: a document counts for the address it was fetched from, never for the `id` it claims. A differing `id` on the
//! same host is fetched once more under that id; on another host it is refused.

use crate::actor::{self, Actor};
use crate::state::State;
use crate::{Error, block, budget, follow, peer};
use serde_json::Value;
use std::time::Duration;
use store::id::{ActorUrl, InboxUrl};
use store::{Conn, Timestamp};
use url::Url;
use vocab::nodeinfo::{Software, WellKnown};
use vocab::{Jrd, PublicKey};

/// An actor's copy is used this long before it is fetched again.
pub const STALE: Duration = Duration::from_secs(24 * 3600);

const DAY: Duration = Duration::from_secs(24 * 3600);

const ACCEPT: &str =
    r#"application/ld+json; profile="https://www.w3.org/ns/activitystreams", application/activity+json"#;

/// Fetches a document that says of itself that it is `url`.
///
/// # Errors
/// [`Error::Unreachable`] when trying later may help, [`Error::Refused`] when not.
pub async fn document(state: &State, url: &str) -> Result<Value, Error> {
    let first = document_at(state, url).await?;
    let Some(id) = vocab::object::id(&first.1) else {
        return Err(Error::refused(url, "the document has no id"));
    };
    if store::id::is_same_address(id, first.0.as_str()) {
        return Ok(first.1);
    }
    if store::id::host_of(id) != store::id::host_of(first.0.as_str()) {
        return Err(Error::refused(url, "the document's id is on another host"));
    }
    let again = document_at(state, id).await?;
    match vocab::object::id(&again.1) {
        Some(id) if store::id::is_same_address(id, again.0.as_str()) => Ok(again.1),
        _ => Err(Error::refused(url, "the document's id is not its address")),
    }
}

/// Fetches JSON of an ActivityPub type, whatever it says of itself: key documents and collections.
///
/// # Errors
/// As [`document`].
pub async fn document_at(state: &State, url: &str) -> Result<(Url, Value), Error> {
    let address = Url::parse(url).map_err(|_| Error::refused(url, "is no address"))?;
    check_host(state, url).await?;
    let signer = state.fetch_signer().await?;
    let fetched = state.client.get(&address, ACCEPT, signer.as_ref(), state.now()).await?;
    if !vocab::webfinger::is_activity_json(&fetched.content_type) {
        return Err(Error::refused(url, "is no ActivityPub document by its content type"));
    }
    let value = state.limits.read(&fetched.body).map_err(|_| Error::refused(url, "is no JSON that can be read"))?;
    Ok((fetched.url, value))
}

/// A host that the operator has blocked is asked for nothing. A redirect stays on its origin, so one look is enough.
async fn check_host(state: &State, url: &str) -> Result<(), Error> {
    let host = store::id::host_of(url);
    if state.store.read(move |conn| block::is_host_blocked(conn, &host).map_err(Error::from)).await? {
        return Err(Error::refused(url, "its host is blocked here"));
    }
    Ok(())
}

/// Whether the host of an object says that it is gone: 404, 410, or a tombstone in its place.
///
/// # Errors
/// [`Error::Unreachable`] when it does not say.
pub(crate) async fn is_gone(state: &State, url: &str) -> Result<bool, Error> {
    match document_at(state, url).await {
        Ok((_, document)) => Ok(vocab::object::is_a(&document, "Tombstone")),
        Err(error) if crate::client::says_gone(&error) => Ok(true),
        Err(error @ (Error::Unreachable { .. } | Error::Store(_))) => Err(error),
        Err(_) => Ok(false),
    }
}

/// Fetches an actor and keeps it.
///
/// # Errors
/// As [`document`]; [`Error::Refused`] also when it is no actor, or speaks for another host.
pub async fn actor(state: &State, url: &ActorUrl) -> Result<Actor, Error> {
    let document = document(state, url.as_str()).await?;
    let row = actor_row(&document, state.now())?;
    keep(state, row).await
}

/// An actor from the table, or fetched when it is not there or stale. A stale copy is better than none.
///
/// # Errors
/// As [`actor`].
pub async fn known_actor(state: &State, url: &ActorUrl) -> Result<Actor, Error> {
    let wanted = url.clone();
    let known = state.store.read(move |conn| actor::find(conn, &wanted).map_err(Error::from)).await?;
    match known {
        Some(known) if known.local || state.now().since(known.fetched_at) < STALE => Ok(known),
        Some(known) => Ok(actor(state, url).await.unwrap_or(known)),
        None => actor(state, url).await,
    }
}

pub(crate) async fn keep(state: &State, row: Actor) -> Result<Actor, Error> {
    if state.origin.owns(row.url.as_str()) {
        return Err(Error::refused(row.url.as_str(), "is one of this node's own"));
    }
    let kept = row.clone();
    // What the node fetches on its own account, such as the producers of a region that it follows, is not counted.
    let most = budget::is_set().then_some(state.limits.new_actors);
    state
        .store
        .write(move |conn| {
            if let Some(most) = most {
                check_number(conn, &row, most)?;
            }
            actor::remember(conn, &row).map_err(Error::from)
        })
        .await?;
    Ok(kept)
}

/// Refuses an actor that was never met when many of its host were met within a day.
fn check_number(conn: &mut Conn, row: &Actor, most: u64) -> Result<(), Error> {
    if actor::find(conn, &row.url)?.is_some() || follow::is_host_followed_here(conn, &row.host)? {
        return Ok(());
    }
    let since = row.fetched_at.minus(DAY);
    if actor::count_met(conn, &row.host, since)? < i64::try_from(most).unwrap_or(i64::MAX) {
        return Ok(());
    }
    Err(Error::unreachable(row.url.as_str(), "many actors of its host were met for the first time today"))
}

/// Reads an actor document into a row. Every address in it must be of the actor's own origin, so that nobody makes this node
/// write to, or read from, somebody else: with an inbox or a key elsewhere it is no actor, other addresses are dropped.
///
/// # Errors
/// [`Error::Refused`] with the rule.
pub fn actor_row(document: &Value, now: Timestamp) -> Result<Actor, Error> {
    let actor = vocab::Actor::parse(document)
        .map_err(|invalid| Error::refused(vocab::object::id(document).unwrap_or("the actor"), invalid.to_string()))?;
    let url = ActorUrl::from_text(actor.id.clone());
    let host = url.host();
    let is_own = |address: &str| store::id::is_same_origin(address, url.as_str());
    let page = actor.url.filter(|page| is_own(page));
    let shared_inbox = actor.endpoints.map(|all| all.shared_inbox).filter(|inbox| is_own(inbox));
    let outbox = actor.outbox.filter(|outbox| is_own(outbox));
    if !is_own(&actor.inbox) {
        return Err(Error::refused(url.as_str(), "its inbox is on another host"));
    }
    let key = PublicKey::all_in(document)
        .into_iter()
        .find(|key| store::id::is_same_address(&key.owner, url.as_str()))
        .ok_or_else(|| Error::refused(url.as_str(), "it has no key of its own"))?;
    if !is_own(&key.id) {
        return Err(Error::refused(url.as_str(), "its key is on another host"));
    }
    Ok(Actor {
        local: false,
        slice: String::new(),
        actor_type: actor.kind.as_str().to_owned(),
        username: vocab::text::line(&actor.preferred_username, 128),
        host,
        inbox: InboxUrl::from_text(actor.inbox),
        shared_inbox: shared_inbox.map(InboxUrl::from_text),
        outbox,
        page,
        name: actor.name.unwrap_or_else(|| actor.preferred_username.clone()),
        key_id: key.id,
        public_key: key.public_key_pem,
        document: document.to_string(),
        fetched_at: now,
        created_at: now,
        deleted_at: None,
        url,
    })
}

/// Finds an actor by what a person types: `@user@host`, `user@host`, `acct:user@host`, or an address.
///
/// # Errors
/// [`Error::Refused`] when the text is neither, or leads to no actor; else as [`actor`].
pub async fn find(state: &State, text: &str) -> Result<Actor, Error> {
    let text = text.trim();
    if text.starts_with("https://") || text.starts_with("http://") {
        return actor(state, &ActorUrl::from_text(text)).await;
    }
    let handle = text.strip_prefix("acct:").unwrap_or(text).trim_start_matches('@');
    let Some((user, host)) = handle.split_once('@').filter(|(user, host)| !user.is_empty() && !host.is_empty()) else {
        return Err(Error::refused(text, "is neither a handle (@name@host) nor an address (https://…)"));
    };
    let id = webfinger(state, user, host).await?;
    let found = actor(state, &ActorUrl::from_text(id)).await?;
    if !found.username.eq_ignore_ascii_case(user) {
        return Err(Error::refused(text, "leads to an actor of another name"));
    }
    Ok(found)
}

/// WebFinger (RFC 7033): the id behind a handle.
async fn webfinger(state: &State, user: &str, host: &str) -> Result<String, Error> {
    let refused = |reason: &str| Error::refused(&format!("@{user}@{host}"), reason);
    let scheme = crate::Origin::new(host).scheme();
    let mut url = Url::parse(&format!("{scheme}://{host}/.well-known/webfinger"))
        .map_err(|_| refused("the host is no host name"))?;
    url.query_pairs_mut().append_pair("resource", &format!("acct:{user}@{host}"));
    check_host(state, url.as_str()).await?;
    let fetched = state.client.get(&url, "application/jrd+json, application/json", None, state.now()).await?;
    let answer = state.limits.read(&fetched.body).map_err(|_| refused("WebFinger answers no JSON"))?;
    let jrd = Jrd::parse(&answer).map_err(|invalid| refused(&format!("WebFinger: {invalid}")))?;
    let wanted = format!("acct:{user}@{host}");
    if !jrd.subject.eq_ignore_ascii_case(&wanted) {
        return Err(refused("WebFinger answers for another handle"));
    }
    let id = jrd.self_link().ok_or_else(|| refused("WebFinger names no ActivityPub actor"))?;
    if store::id::host_of(id) != host.to_ascii_lowercase() {
        return Err(refused("the actor is on another host than its handle"));
    }
    Ok(id.to_owned())
}

/// Whether the actor is followed by this node.
///
/// # Errors
/// Those of the database.
pub(crate) async fn is_followed(state: &State, url: &ActorUrl) -> Result<bool, Error> {
    let url = url.clone();
    state.store.read(move |conn| follow::is_followed_here(conn, &url).map_err(Error::from)).await
}

/// Asks a host for its NodeInfo and notes whether it answers, and with what software.
///
/// # Errors
/// Those of the database; that the host does not answer is noted, not an error.
pub async fn look_after(state: &State, host: &str) -> Result<(), Error> {
    let answer = nodeinfo(state, host).await;
    let (host, now) = (host.to_owned(), state.now());
    state
        .write(move |conn| {
            match &answer {
                Ok(software) => peer::introduced(conn, &host, software.as_ref(), now)?,
                Err(error) => {
                    let error = vocab::text::line(&error.to_string(), 300);
                    peer::failed(conn, &host, &error, peer::Trouble::Away, now)?;
                }
            }
            Ok::<_, Error>(())
        })
        .await
}

/// The software of a host (FEP-f1d5); `None` when its document names none.
pub(crate) async fn nodeinfo(state: &State, host: &str) -> Result<Option<Software>, Error> {
    let scheme = crate::Origin::new(host).scheme();
    let address = format!("{scheme}://{host}/.well-known/nodeinfo");
    let links = WellKnown::parse(&json_at(state, &address).await?);
    let document = links.document().filter(|document| store::id::host_of(document) == host);
    let document = document.ok_or_else(|| Error::refused(&address, "names no NodeInfo document of its own"))?;
    Ok(Software::parse(&json_at(state, document).await?))
}

async fn json_at(state: &State, address: &str) -> Result<Value, Error> {
    let url = Url::parse(address).map_err(|_| Error::refused(address, "is no address"))?;
    check_host(state, address).await?;
    let fetched = state.client.get(&url, "application/json", None, state.now()).await?;
    state.limits.read(&fetched.body).map_err(|_| Error::refused(address, "is no JSON"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const ELSEWHERE: [&str; 6] = [
        "https://b.example/x",
        "http://a.example/x",
        "https://a.example:8443/x",
        "https://a.example@b.example/x",
        "https://169.254.169.254/x",
        "https://here.example/ap/inbox",
    ];

    fn actor(field: &str, address: &str) -> Result<Actor, Error> {
        let mut document = json!({
            "id": "https://a.example/u", "type": "Person", "preferredUsername": "u", "inbox": "https://a.example/u/inbox",
            "outbox": "https://a.example/u/outbox", "url": "https://a.example/@u",
            "endpoints": {"sharedInbox": "https://a.example/inbox"},
            "publicKey": {"id": "https://a.example/u#main-key", "owner": "https://a.example/u", "publicKeyPem": "x"},
        });
        if let Some(place) = document.pointer_mut(field) {
            *place = json!(address);
        }
        actor_row(&document, Timestamp::default())
    }

    /// Whoever names the inbox of somebody else gets nothing sent there.
    #[test]
    fn o25_o26_o27_every_endpoint_is_of_the_actors_origin() {
        let own = actor("/nothing", "").unwrap();
        assert!(own.shared_inbox.is_some() && own.outbox.is_some() && own.page.is_some());
        for address in ELSEWHERE {
            // An owner that is no address is not told: the key is its holder's.
            let told = |field: &&str| !(address.contains('@') && *field == "/publicKey/owner");
            for field in ["/inbox", "/publicKey/id", "/publicKey/owner"].into_iter().filter(told) {
                assert!(matches!(actor(field, address), Err(Error::Refused { .. })), "{field} {address}");
            }
            assert_eq!(actor("/endpoints/sharedInbox", address).unwrap().shared_inbox, None, "{address}");
            assert_eq!(actor("/outbox", address).unwrap().outbox, None, "{address}");
            assert_eq!(actor("/url", address).unwrap().page, None, "{address}");
        }
    }
}
