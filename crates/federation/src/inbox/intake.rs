//! The transaction that stores proven activities, many at a time.
//!
//! It looks once more at all that may have changed since a request was let in on memory alone: whether its sender's host is
//! blocked, whether the inbox still has an owner, whether the key that signed is still the sender's. So what counts is what
//! the database says at the moment of storing, with one query for all instead of three for each.

use crate::inbox::items;
use crate::{Error, peer};
use axum::body::Bytes;
use diesel::prelude::*;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;
use store::id::{ActivityUrl, ActorUrl};
use store::schema::{actors, peers};
use store::{Conn, Timestamp, failpoint};

use super::memory::KeyOwner;

/// Activities stored in one transaction at most: a slow disk's synchronisation is shared by many, and the first of them
/// still does not wait long for the last.
pub(crate) const TOGETHER: usize = 256;
/// How often it is written down that a host was heard.
const HEARD: Duration = Duration::from_secs(60);

/// An activity whose signature fits its sender's key.
pub(crate) struct Arrival {
    pub activity: ActivityUrl,
    /// The key that signed, and whose it is: the sender.
    pub signer: Arc<KeyOwner>,
    /// The actor whose inbox it came to; `None` for the shared one.
    pub recipient: Option<ActorUrl>,
    /// The bytes as they came.
    pub body: Bytes,
    /// The `Collection-Synchronization` header (FEP-8fcf), if one came with it.
    pub synchronization: Option<String>,
    pub now: Timestamp,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is stored.
    Stored,
    /// It was stored before.
    Known,
    /// Its host was blocked meanwhile.
    Blocked,
    /// The owner of the inbox is gone.
    RecipientGone,
    /// The inbox is nobody's.
    NoRecipient,
    /// The key that signed is not the sender's any more.
    KeyChanged,
}

struct HostRow {
    blocked: bool,
    /// It failed, or was not heard for a while: worth a write.
    is_news: bool,
}

/// Stores what may be stored, in order.
///
/// # Errors
/// Those of the database.
pub(crate) fn store(conn: &mut Conn, arrivals: &[Arrival]) -> Result<Vec<Verdict>, Error> {
    let hosts = hosts(conn, arrivals)?;
    let keys = keys(conn, arrivals)?;
    let recipients = recipients(conn, arrivals)?;
    let verdict = |arrival: &Arrival| {
        if hosts.get(&arrival.signer.url.host()).is_some_and(|row| row.blocked) {
            return Verdict::Blocked;
        }
        if let Some(recipient) = &arrival.recipient {
            match recipients.get(recipient.as_str()) {
                None => return Verdict::NoRecipient,
                Some(true) => return Verdict::RecipientGone,
                Some(false) => {}
            }
        }
        let key = (arrival.signer.key_id.as_str(), arrival.signer.url.as_str(), arrival.signer.public_pem.as_str());
        if keys.iter().any(|(id, url, pem)| (id.as_str(), url.as_str(), pem.as_str()) == key) {
            Verdict::Stored
        } else {
            Verdict::KeyChanged
        }
    };
    let mut verdicts: Vec<Verdict> = arrivals.iter().map(verdict).collect();
    let accepted: Vec<(usize, &Arrival)> =
        arrivals.iter().enumerate().filter(|(place, _)| verdicts[*place] == Verdict::Stored).collect();
    failpoint::here("inbox.storing");
    for (place, known) in items::put_all(conn, &accepted)? {
        let arrival = &arrivals[place];
        match &arrival.synchronization {
            _ if known => verdicts[place] = Verdict::Known,
            Some(header) => items::note_synchronization(conn, &arrival.activity, header)?,
            None => {}
        }
    }
    let heard: BTreeSet<String> = accepted.iter().map(|(_, arrival)| arrival.signer.url.host()).collect();
    for host in heard {
        if hosts.get(&host).is_none_or(|row| row.is_news) {
            peer::heard(conn, &host, arrivals[0].now)?;
        }
    }
    Ok(verdicts)
}

fn hosts(conn: &mut Conn, arrivals: &[Arrival]) -> QueryResult<HashMap<String, HostRow>> {
    let wanted: BTreeSet<String> = arrivals.iter().map(|arrival| arrival.signer.url.host()).collect();
    let rows: Vec<(String, bool, i32, Option<Timestamp>)> = peers::table
        .filter(peers::host.eq_any(wanted))
        .select((peers::host, peers::blocked, peers::failures, peers::last_heard_at))
        .load(conn)?;
    let now = arrivals.first().map_or(Timestamp::default(), |arrival| arrival.now);
    Ok(rows
        .into_iter()
        .map(|(host, blocked, failures, heard)| {
            let is_news = failures > 0 || heard.is_none_or(|at| now.since(at) >= HEARD);
            (host, HostRow { blocked, is_news })
        })
        .collect())
}

/// Id, owner and key of the keys that signed.
fn keys(conn: &mut Conn, arrivals: &[Arrival]) -> QueryResult<Vec<(String, String, String)>> {
    let wanted: BTreeSet<&str> = arrivals.iter().map(|arrival| arrival.signer.key_id.as_str()).collect();
    actors::table
        .filter(actors::key_id.eq_any(wanted))
        .filter(actors::deleted_at.is_null())
        .select((actors::key_id, actors::url, actors::public_key))
        .load(conn)
}

/// The local owners of the inboxes, and whether they are gone.
fn recipients(conn: &mut Conn, arrivals: &[Arrival]) -> QueryResult<HashMap<String, bool>> {
    let wanted: BTreeSet<&str> =
        arrivals.iter().filter_map(|arrival| arrival.recipient.as_ref()).map(ActorUrl::as_str).collect();
    if wanted.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(String, Option<Timestamp>)> = actors::table
        .filter(actors::url.eq_any(wanted))
        .filter(actors::local.eq(true))
        .select((actors::url, actors::deleted_at))
        .load(conn)?;
    Ok(rows.into_iter().map(|(url, deleted)| (url, deleted.is_some())).collect())
}
