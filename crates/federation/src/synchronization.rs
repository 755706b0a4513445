//! Follower synchronisation (FEP-8fcf): a sender tells by a digest whom of this node it counts among its followers; where
//! the digests differ, its list is read and the two sides are made equal. And the other way round: who of a host follows an
//! actor of ours is told to that host alone.
//!
//! The header is believed only about the sender's own collection, and its address only on the sender's own host. What cannot
//! be read now changes nothing; the next activity brings the next header.

use crate::inbox::items::Item;
use crate::inbox::proof::{self, Head};
use crate::kind::{Outcome, Write};
use crate::outbox::{self, Audience};
use crate::problem::Problem;
use crate::state::State;
use crate::{Error, Origin, actor, block, fetch, follow};
use aws_lc_rs::digest::{SHA256, digest};
use http::StatusCode;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use store::id::{ActivityUrl, ActorUrl};
use store::{Conn, Timestamp};

/// Longest header that is read, in bytes.
pub(crate) const MAX_HEADER: usize = 4 * 1024;
/// Most followers that are read from another server's list: this node has few actors that follow anybody.
const MAX_FOLLOWERS: usize = 500;

/// The header, read.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Header {
    collection: String,
    url: String,
    digest: String,
}

/// Reads `collectionId="…", url="…", digest="…"`.
fn read(header: &str) -> Option<Header> {
    if header.len() > MAX_HEADER {
        return None;
    }
    let mut parts: BTreeMap<String, String> = BTreeMap::new();
    for part in header.split(',') {
        let (name, value) = part.trim().split_once('=')?;
        let value = value.trim().strip_prefix('"')?.strip_suffix('"')?;
        if parts.insert(name.trim().to_ascii_lowercase(), value.to_owned()).is_some() {
            return None;
        }
    }
    Some(Header {
        collection: parts.remove("collectionid")?,
        url: parts.remove("url")?,
        digest: parts.remove("digest")?.to_ascii_lowercase(),
    })
}

/// The digest of a set of actors: the SHA-256 of each id, all of them combined by exclusive or, in hexadecimal.
fn digest_of(actors: &[ActorUrl]) -> String {
    let mut all = [0_u8; 32];
    for actor in actors {
        let one = digest(&SHA256, actor.as_str().as_bytes());
        for (byte, other) in all.iter_mut().zip(one.as_ref()) {
            *byte ^= other;
        }
    }
    all.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Compares what a sender says with what is here. `Some` when something has to be set right.
pub(crate) async fn prepare(state: &State, item: &Item) -> Option<Write> {
    let header = read(item.synchronization.as_deref()?)?;
    match reconciled(state, &item.sender, &header).await {
        Ok(write) => write,
        Err(error) => {
            tracing::debug!(actor.id = %item.sender, %error, "the followers could not be compared");
            None
        }
    }
}

async fn reconciled(state: &State, sender: &ActorUrl, header: &Header) -> Result<Option<Write>, Error> {
    let wanted = sender.clone();
    let known = state.store.read(move |conn| {
        let document = actor::find(conn, &wanted)?.map(|actor| actor.parsed()).unwrap_or_default();
        Ok::<_, Error>((document, follow::accepted_here(conn, &wanted)?))
    });
    let (document, ours) = known.await?;
    let own = vocab::one_or_many::id(&document, "followers") == Some(header.collection.as_str());
    if !own || store::id::host_of(&header.url) != sender.host() || header.digest == digest_of(&ours) {
        return Ok(None);
    }
    let now = state.now();
    if state.compared.was(sender.as_str(), now) {
        return Ok(None);
    }
    state.compared.note(sender.as_str(), now);
    let (_, listed) = fetch::document_at(state, &header.url).await?;
    let theirs: BTreeSet<ActorUrl> = ["orderedItems", "items"]
        .into_iter()
        .flat_map(|key| vocab::one_or_many::ids(&listed, key, MAX_FOLLOWERS))
        .filter(|id| state.origin.owns(id))
        .map(ActorUrl::from_text)
        .collect();
    // A list in pages, or one that is cut off, does not say who is missing from it.
    if vocab::one_or_many::id(&listed, "first").is_some() || theirs.len() >= MAX_FOLLOWERS {
        return Ok(None);
    }
    let (origin, sender) = (state.origin.clone(), sender.clone());
    Ok(Some(Box::new(move |conn| {
        make_equal(conn, &origin, &sender, &theirs, now)?;
        Ok(Outcome::Applied)
    })))
}

fn make_equal(
    conn: &mut Conn,
    origin: &Origin,
    sender: &ActorUrl,
    theirs: &BTreeSet<ActorUrl>,
    now: Timestamp,
) -> Result<(), Error> {
    for ours in follow::accepted_here(conn, sender)?.iter().filter(|ours| !theirs.contains(ours)) {
        tracing::info!(actor.id = %sender, follower = %ours, "the followed one does not know of the follow; it ends");
        follow::remove(conn, ours, sender)?;
    }
    for ours in theirs {
        match follow::find(conn, ours, sender)?.map(|known| known.state) {
            Some(state) if state == follow::ACCEPTED => {}
            Some(state) if state == follow::PENDING => {
                follow::answered(conn, ours, sender, follow::ACCEPTED, now)?;
            }
            _ => disown(conn, origin, ours, sender, now)?,
        }
    }
    Ok(())
}

/// Tells the other side that one of our actors does not follow it.
fn disown(conn: &mut Conn, origin: &Origin, ours: &ActorUrl, sender: &ActorUrl, now: Timestamp) -> Result<(), Error> {
    let (Some(local), Some(target)) = (actor::find(conn, ours)?, actor::find(conn, sender)?) else { return Ok(()) };
    if !local.local || local.deleted_at.is_some() {
        return Ok(()); // it cannot sign
    }
    let followed = origin.activity("follows", &store::id::fresh(now));
    let id = origin.activity("undos", &store::id::fresh(now));
    let undone = vocab::Activity::follow(followed.as_str(), ours.as_str(), sender.as_str());
    let undo = vocab::Activity::undo(id.as_str(), vec![sender.to_string()], Vec::new(), &undone);
    let document = vocab::context::embedded(&undo);
    let id = ActivityUrl::from_text(id.as_str());
    outbox::send(conn, ours, &id, "Undo", followed.as_str(), &document, Audience::Only(vec![target]), now)
}

/// Answers a `GET` of the followers of a local actor on the reader's own host: signed, or nothing is told.
///
/// # Errors
/// 401 without a signature, 403 for a blocked host, 404, 410, 503.
pub(crate) async fn serve(state: &State, owner: ActorUrl, head: Head<'_>) -> Result<Value, Problem> {
    let reader = proof::reader(state, head).await?;
    let origin = state.origin.clone();
    let told = state.store.read(move |conn| {
        if block::is_blocked(conn, &origin, &reader)? {
            return Ok::<_, Error>(None);
        }
        followers_on(conn, &owner, &reader.host()).map(Some)
    });
    told.await?.ok_or_else(|| Problem::new(StatusCode::FORBIDDEN, "This actor is blocked here."))
}

fn followers_on(conn: &mut Conn, owner: &ActorUrl, host: &str) -> Result<Value, Error> {
    let actor = outbox::ours(conn, owner)?;
    if actor.deleted_at.is_some() {
        return Err(Error::Gone(owner.to_string()));
    }
    let followers = follow::followers_on(conn, owner, host)?;
    let items = followers.into_iter().map(|url| Value::String(url.to_string())).collect();
    let id = format!("{owner}/followers_synchronization");
    Ok(vocab::context::document(&vocab::OrderedCollection::whole(id, items)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_is_read_or_passed_over() {
        let good = r#"collectionId="https://a.example/f", url="https://a.example/s", digest="ABC0""#;
        let read_good = Header {
            collection: "https://a.example/f".to_owned(),
            url: "https://a.example/s".to_owned(),
            digest: "abc0".to_owned(),
        };
        assert_eq!(read(good), Some(read_good));
        let long = format!(r#"collectionId="{}""#, "x".repeat(MAX_HEADER));
        for bad in [
            "",
            "x",
            r#"collectionId="a", url="b""#,
            r#"collectionId=a, url="b", digest="c""#,
            r#"collectionId="a", url="b", digest="c", digest="d""#,
            r#"collectionId="a", url="b", digest="c"#,
            long.as_str(),
        ] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_digest_is_that_of_the_proposal() {
        let actors = [
            "https://testing.example.org/users/1",
            "https://testing.example.org/users/2",
            "https://testing.example.org/users/2",
        ]
        .map(ActorUrl::from_text);
        assert_eq!(digest_of(&[]), "0".repeat(64));
        assert_eq!(digest_of(&actors[1..]), "0".repeat(64), "combined twice it is nothing");
        assert_ne!(digest_of(&actors[..1]), digest_of(&actors[..2]));
        assert_eq!(
            digest_of(&[ActorUrl::from_text("abc")]),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            "SHA-256 of \"abc\" (FIPS 180-2)"
        );
    }
}
