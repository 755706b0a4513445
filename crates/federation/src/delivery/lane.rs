//! One host's deliveries, sent: topics side by side over four connections at most, those of one topic one after the other.
//!
//! Places are few and answers may be slow. Who has not answered after a moment gives its place back and waits in the
//! waiting room, which holds a connection but keeps nobody else from being served: half of all hosts may hang, and the
//! other half does not notice.

use super::policy::{self, Parcel};
use super::queue::{self, Claimed, Delivery};
use super::results::Tried;
use super::schedule::{self, Attempt, Case, Next};
use crate::client::Answer;
use crate::key::Signer;
use crate::state::State;
use crate::{Error, signature};
use axum::body::Bytes;
use futures_util::stream::{self, StreamExt};
use http::HeaderValue;
use serde_json::Value;
use std::collections::HashMap;
use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use store::{Timestamp, failpoint};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};
use tokio_util::sync::CancellationToken;
use tracing::Instrument;
use url::Url;

/// Connections to one host.
const PER_HOST: usize = 4;
/// Requests that are served at a time, and those that wait for an answer beyond that.
const PLACES: usize = 384;
const WAITING_ROOM: usize = 384;
/// Who has not answered by then gives its place back.
const MOMENT: Duration = Duration::from_millis(250);
/// A row that was claimed longer ago is looked at once more before it is sent: its object may have been deleted.
const FRESH: Duration = Duration::from_secs(2);

/// An activity, ready to be sent: written, and its digest made, once for all hosts.
#[derive(Debug)]
pub(super) struct Body {
    pub verb: String,
    pub object_type: String,
    pub has_picture: bool,
    pub bytes: Bytes,
    pub digest: HeaderValue,
}

impl Body {
    /// From what is kept of an activity: its document without `@context`.
    pub fn new(verb: String, document: &str) -> Result<Body, Error> {
        let document: Value = serde_json::from_str(document).unwrap_or_default();
        let object_type = document["object"]["type"].as_str().unwrap_or_default().to_owned();
        let has_picture = vocab::one_or_many::each(&document["object"], "attachment").any(|part| {
            part["type"] == "Image" || part["mediaType"].as_str().is_some_and(|kind| kind.starts_with("image/"))
        });
        let bytes = Bytes::from(vocab::context::with_context(document).to_string());
        let digest = HeaderValue::from_str(&signature::digest::of(&bytes))
            .map_err(|_| Error::refused("a digest", "is no header value"))?;
        Ok(Body { verb, object_type, has_picture, bytes, digest })
    }
}

/// What was claimed for one host, with all that is needed to send it.
pub(super) struct Lane {
    pub claimed: Claimed,
    pub claimed_at: Timestamp,
    /// By activity; one that is not there is not to be sent any more.
    pub bodies: Arc<HashMap<String, Arc<Body>>>,
    /// By actor.
    pub signers: Arc<HashMap<String, Signer>>,
}

/// What a lane tells those who write it down.
pub(super) enum Report {
    /// A try, and how to say that it is written down.
    Tried(Box<Tried>, oneshot::Sender<()>),
    /// Rows that were not tried.
    Back(Vec<i64>),
}

/// What all lanes share.
#[derive(Clone)]
pub(super) struct Courier {
    pub state: State,
    pub stop: CancellationToken,
    pub reports: mpsc::Sender<Report>,
    places: Arc<Semaphore>,
    waiting_room: Arc<Semaphore>,
}

impl Courier {
    pub fn new(state: State, stop: CancellationToken, reports: mpsc::Sender<Report>) -> Courier {
        let (places, waiting_room) = (Arc::new(Semaphore::new(PLACES)), Arc::new(Semaphore::new(WAITING_ROOM)));
        Courier { state, stop, reports, places, waiting_room }
    }

    /// Does `work` in a place, and in the waiting room when it takes longer than a moment.
    async fn in_a_place<W: Future>(&self, place: OwnedSemaphorePermit, work: W) -> W::Output {
        tokio::pin!(work);
        if let Ok(done) = tokio::time::timeout(MOMENT, &mut work).await {
            return done;
        }
        let _held = match Arc::clone(&self.waiting_room).try_acquire_owned() {
            Ok(room) => {
                drop(place);
                room
            }
            Err(_) => place, // the waiting room is full: the place stays taken
        };
        work.await
    }
}

/// Sends a lane, until it is through, the host turns out not to be there, or the node stops. When it returns, all its
/// results are written down.
pub(super) async fn send(courier: &Courier, lane: Lane) {
    let width = if lane.claimed.probing { 1 } else { PER_HOST };
    let (away, left, written) = (AtomicBool::new(false), Mutex::new(Vec::new()), Mutex::new(Vec::new()));
    let at_work = AtWork { courier, lane: &lane, away: &away, left: &left, written: &written };
    stream::iter(by_topic(&lane.claimed.rows)).for_each_concurrent(width, |topic| at_work.topic(topic)).await;
    let left = left.into_inner().unwrap_or_else(PoisonError::into_inner);
    if !left.is_empty() {
        failpoint::here("delivery.released");
        if courier.reports.send(Report::Back(left)).await.is_err() {
            tracing::debug!("rows that were not tried stay held until their lease runs out");
        }
    }
    for written in written.into_inner().unwrap_or_else(PoisonError::into_inner) {
        if written.await.is_err() {
            return; // the writer is gone: the leases run out
        }
    }
}

/// The rows of each topic, in order; topics by their first row.
fn by_topic(rows: &[Delivery]) -> Vec<Vec<&Delivery>> {
    let mut topics: Vec<Vec<&Delivery>> = Vec::new();
    let mut place: HashMap<&str, usize> = HashMap::new();
    for row in rows {
        let at = *place.entry(&row.topic).or_insert(topics.len());
        match topics.get_mut(at) {
            Some(topic) => topic.push(row),
            None => topics.push(vec![row]),
        }
    }
    topics
}

struct AtWork<'a> {
    courier: &'a Courier,
    lane: &'a Lane,
    /// The host is not there, or wants to be left alone.
    away: &'a AtomicBool,
    /// Rows that were not tried.
    left: &'a Mutex<Vec<i64>>,
    /// Results that are on their way to be written down.
    written: &'a Mutex<Vec<oneshot::Receiver<()>>>,
}

impl AtWork<'_> {
    /// Sends the rows of a topic one after the other, each when the result of the one before is written down.
    async fn topic(&self, rows: Vec<&Delivery>) {
        let count = rows.len();
        for (number, row) in rows.iter().enumerate() {
            let place = Arc::clone(&self.courier.places).acquire_owned().await;
            let (Ok(place), false, false) =
                (place, self.away.load(Ordering::Relaxed), self.courier.stop.is_cancelled())
            else {
                return self.leave(&rows[number..]);
            };
            let tried = self.attempt(row, place).await;
            let next = tried.next;
            if matches!(next, Next::Away(_) | Next::Pause(_)) {
                self.away.store(true, Ordering::Relaxed);
            }
            let (written, is_written) = oneshot::channel();
            if self.courier.reports.send(Report::Tried(Box::new(tried), written)).await.is_err() {
                return; // the writer is gone: the leases run out
            }
            if matches!(next, Next::Retry(_) | Next::Away(_) | Next::Pause(_)) {
                self.leave(&rows[number + 1..]);
            }
            if number + 1 == count || !matches!(next, Next::Delivered | Next::GiveUp | Next::Drop | Next::Skip) {
                self.written.lock().unwrap_or_else(PoisonError::into_inner).push(is_written);
                return;
            }
            if is_written.await.is_err() {
                return;
            }
        }
    }

    fn leave(&self, rows: &[&Delivery]) {
        self.left.lock().unwrap_or_else(PoisonError::into_inner).extend(rows.iter().map(|row| row.id));
    }

    async fn attempt(&self, row: &Delivery, place: OwnedSemaphorePermit) -> Tried {
        let state = &self.courier.state;
        let begun = state.now();
        let tried = |next, status, error| {
            let (delivery, at, spread) = (row.clone(), state.now(), rand::random::<f64>());
            Tried { delivery, next, status, error, at, duration: at.since(begun), spread }
        };
        let body = match self.body(row, begun).await {
            Ok(Some(body)) => body,
            Ok(None) => return tried(Next::Drop, None, None),
            Err(error) => return tried(Next::Retry(Duration::from_secs(10)), None, Some(error.to_string())),
        };
        let parcel = Parcel { verb: &body.verb, object_type: &body.object_type, has_picture: body.has_picture };
        let rule = policy::rule(self.lane.claimed.software.as_deref(), parcel);
        if !rule.send {
            return tried(Next::Skip, None, None);
        }
        let case = Case {
            made: u32::try_from(row.attempts + 1).unwrap_or(u32::MAX),
            age: begun.since(row.created_at),
            takes_back: schedule::takes_back(&body.verb, row.actor.as_str(), &row.topic),
            silence_counts: rule.silence_counts,
        };
        let span = tracing::info_span!(
            "delivery.attempt", activity.id = %row.activity, actor.id = %row.actor, peer.host = %row.host, attempt = case.made
        );
        let posted = self.post(row, &body, rule.patience).instrument(span);
        let (attempt, status, error) = match self.courier.in_a_place(place, posted).await {
            Ok(answer) => {
                let attempt = Attempt::Answered { status: answer.status, retry_after: answer.retry_after };
                (attempt, Some(answer.status.as_u16()), None)
            }
            Err(error) if error.is_temporary() => (Attempt::Unanswered, None, Some(error.to_string())),
            Err(error) => (Attempt::Forbidden, None, Some(error.to_string())),
        };
        let done = tried(Next::Drop, status, error);
        let next = schedule::next(&case, &attempt, done.spread);
        tracing::debug!(activity.id = %row.activity, peer.host = %row.host, ?status, ?next, "delivery");
        Tried { next, ..done }
    }

    /// What is sent for a row; `None` when it is not wanted any more.
    async fn body(&self, row: &Delivery, now: Timestamp) -> Result<Option<Arc<Body>>, Error> {
        let Some(body) = self.lane.bodies.get(row.activity.as_str()) else { return Ok(None) };
        if now.since(self.lane.claimed_at) < FRESH {
            return Ok(Some(Arc::clone(body)));
        }
        let id = row.id;
        let wanted =
            self.courier.state.store.read(move |conn| queue::still_wanted(conn, id).map_err(Error::from)).await?;
        Ok(wanted.then(|| Arc::clone(body)))
    }

    async fn post(&self, row: &Delivery, body: &Body, patience: Duration) -> Result<Answer, Error> {
        let inbox = Url::parse(row.inbox.as_str())
            .map_err(|_| Error::Refused { url: row.inbox.to_string(), reason: "is no address".into() })?;
        let signer = self.lane.signers.get(row.actor.as_str()).ok_or_else(|| Error::Unknown(row.actor.to_string()))?;
        let state = &self.courier.state;
        failpoint::here("delivery.sending");
        let answer = state.client.deliver(inbox, body.bytes.clone(), &body.digest, signer, patience, state.now()).await;
        failpoint::here("delivery.sent");
        answer
    }
}
