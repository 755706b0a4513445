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
use http::{HeaderValue, StatusCode};
use serde_json::Value;
use std::collections::{HashMap, HashSet};
use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use store::{Timestamp, failpoint};
use tokio::sync::{AcquireError, OwnedSemaphorePermit, Semaphore, mpsc, oneshot};
use tokio_util::sync::CancellationToken;
use tracing::Instrument;
use url::Url;

/// Connections to one host, and topics for each of them: who has little to send to a host does not open several for it, each of
/// which stays open a while.
const PER_HOST: usize = 4;
const PER_CONNECTION: usize = 4;
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
    rooms: Rooms,
}

/// Where requests are: in a place, or in the waiting room.
#[derive(Clone)]
struct Rooms {
    places: Arc<Semaphore>,
    waiting_room: Arc<Semaphore>,
}

impl Default for Rooms {
    fn default() -> Rooms {
        Rooms { places: Arc::new(Semaphore::new(PLACES)), waiting_room: Arc::new(Semaphore::new(WAITING_ROOM)) }
    }
}

impl Rooms {
    async fn place(&self) -> Result<OwnedSemaphorePermit, AcquireError> {
        Arc::clone(&self.places).acquire_owned().await
    }

    /// Does `work` in a place, and in the waiting room when it takes longer than a moment.
    async fn work<W: Future>(&self, place: OwnedSemaphorePermit, work: W) -> W::Output {
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

impl Courier {
    pub fn new(state: State, stop: CancellationToken, reports: mpsc::Sender<Report>) -> Courier {
        Courier { state, stop, reports, rooms: Rooms::default() }
    }
}

/// Sends a lane, until it is through, the host turns out not to be there, or the node stops. When it returns, all its
/// results are written down.
pub(super) async fn send(courier: &Courier, lane: Lane) {
    let topics = by_topic(&lane.claimed.rows);
    let width = if lane.claimed.probing { 1 } else { topics.len().div_ceil(PER_CONNECTION).min(PER_HOST) };
    let (away, gone, left) = (AtomicBool::new(false), Mutex::default(), Mutex::new(Vec::new()));
    let at_work = AtWork { courier, lane: &lane, away: &away, gone: &gone, left: &left };
    stream::iter(topics).for_each_concurrent(width, |topic| at_work.topic(topic)).await;
    let left = left.into_inner().unwrap_or_else(PoisonError::into_inner);
    if !left.is_empty() {
        failpoint::here("delivery.released");
        if courier.reports.send(Report::Back(left)).await.is_err() {
            tracing::debug!("rows that were not tried stay held until their lease runs out");
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
    /// Inboxes that say that they are gone (410): what else is for them waits until their owners were asked
    /// ([`super::missing`]).
    gone: &'a Mutex<HashSet<String>>,
    /// Rows that were not tried.
    left: &'a Mutex<Vec<i64>>,
}

impl AtWork<'_> {
    /// Sends the rows of a topic one after the other, each when the result of the one before is written down. So what a
    /// host took and nobody wrote down is never more than its connections: so much comes twice after a kill.
    async fn topic(&self, rows: Vec<&Delivery>) {
        for (number, row) in rows.iter().enumerate() {
            if self.gone().contains(row.inbox.as_str()) {
                return self.leave(&rows[number..]);
            }
            let place = self.courier.rooms.place().await;
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
            if tried.status == Some(StatusCode::GONE.as_u16()) {
                self.gone().insert(row.inbox.as_str().to_owned());
            }
            let (written, is_written) = oneshot::channel();
            if self.courier.reports.send(Report::Tried(Box::new(tried), written)).await.is_err() {
                return; // the writer is gone: the leases run out
            }
            if matches!(next, Next::Retry(_) | Next::Away(_) | Next::Pause(_)) {
                self.leave(&rows[number + 1..]);
            }
            let goes_on = matches!(next, Next::Delivered | Next::GiveUp | Next::Drop | Next::Skip);
            if is_written.await.is_err() || !goes_on {
                return;
            }
        }
    }

    fn gone(&self) -> MutexGuard<'_, HashSet<String>> {
        self.gone.lock().unwrap_or_else(PoisonError::into_inner)
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
        let (attempt, status, error) = match self.courier.rooms.work(place, posted).await {
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

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;
    use std::sync::atomic::AtomicUsize;

    /// However many hosts hang, so many connections are open, and those in the waiting room take nobody's place.
    #[tokio::test(start_paused = true)]
    async fn r10_connections_are_bounded_and_who_hangs_gives_its_place_back() {
        let rooms = Rooms::default();
        let under_way = Arc::new(AtomicUsize::new(0));
        for _ in 0..2 * (PLACES + WAITING_ROOM) {
            let (rooms, under_way) = (rooms.clone(), Arc::clone(&under_way));
            tokio::spawn(async move {
                let place = rooms.place().await.unwrap();
                let hangs = async {
                    under_way.fetch_add(1, Ordering::SeqCst);
                    std::future::pending::<()>().await;
                };
                rooms.work(place, hangs).await;
            });
        }
        tokio::time::sleep(MOMENT / 2).await;
        assert_eq!(under_way.load(Ordering::SeqCst), PLACES);
        assert!(rooms.place().now_or_never().is_none(), "for a moment they are in the way");
        tokio::time::sleep(MOMENT * 4).await;
        assert_eq!(under_way.load(Ordering::SeqCst), PLACES + WAITING_ROOM, "no more than that");
    }

    #[tokio::test(start_paused = true)]
    async fn r10_as_many_as_the_waiting_room_holds_delay_nobody() {
        let rooms = Rooms::default();
        for _ in 0..WAITING_ROOM {
            let rooms = rooms.clone();
            tokio::spawn(async move {
                let place = rooms.place().await.unwrap();
                rooms.work(place, std::future::pending::<()>()).await;
            });
        }
        tokio::time::sleep(MOMENT * 2).await;
        assert_eq!(rooms.places.available_permits(), PLACES);
    }
}
