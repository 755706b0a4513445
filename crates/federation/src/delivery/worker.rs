//! Sends what waits: many hosts at once, each lane in order, results written down in batches.

use super::queue::{self, Delivery, Tried};
use super::schedule::{self, Attempt, Next};
use crate::holding::while_holding;
use crate::inbox::worker::LOOK;
use crate::state::State;
use crate::{Error, client::Answer};
use std::sync::Arc;
use std::time::Duration;
use store::failpoint;
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::Instrument;
use url::Url;

/// The result of a try, and how its lane learns that it is written down.
type Report = (Tried, oneshot::Sender<()>);

/// Lanes worked on at a time.
const LANES: usize = 64;
/// Results written down in one transaction at most.
const BATCH: usize = 200;

/// Runs until `stop`; then no new row is begun, those in flight are finished and written down, and the rest is given
/// back.
pub async fn run(state: State, stop: CancellationToken) {
    let (results, collected) = mpsc::channel(BATCH);
    let writer = tokio::spawn(write_down(state.clone(), collected));
    let free = Arc::new(Semaphore::new(LANES));
    let lanes = TaskTracker::new();
    while !stop.is_cancelled() {
        let woken = state.bell.notified();
        match round(&state, &free, &lanes, &results, &stop).await {
            Ok(0) => {}
            Ok(_) => continue,
            Err(error) => tracing::error!(%error, "deliveries cannot be claimed; trying again"),
        }
        tokio::select! {
            () = woken => {}
            () = tokio::time::sleep(LOOK) => {}
            () = stop.cancelled() => {}
        }
    }
    drop(results);
    lanes.close();
    lanes.wait().await;
    if let Err(error) = writer.await {
        tracing::error!(%error, "the results of the last deliveries were not written down; they will be sent again");
    }
}

async fn round(
    state: &State,
    free: &Arc<Semaphore>,
    lanes: &TaskTracker,
    results: &mpsc::Sender<Report>,
    stop: &CancellationToken,
) -> Result<usize, Error> {
    let now = state.now();
    if free.available_permits() == 0
        || !state.store.read(move |conn| queue::any_due(conn, now).map_err(Error::from)).await?
    {
        return Ok(0);
    }
    let limit = i64::try_from(free.available_permits()).unwrap_or(i64::MAX);
    let claimed = state.store.write(move |conn| queue::claim(conn, now, limit).map_err(Error::from)).await?;
    let count = claimed.len();
    if count > 0 {
        failpoint::here("delivery.claimed");
    }
    for lane in claimed {
        let Ok(permit) = Arc::clone(free).acquire_owned().await else { break };
        let (state, results, stop) = (state.clone(), results.clone(), stop.clone());
        lanes.spawn(async move {
            let ids: Arc<[i64]> = lane.iter().map(|delivery| delivery.id).collect();
            while_holding(send_lane(&state, lane, &results, &stop), || renew(&state, &ids)).await;
            drop(permit);
            state.bell.notify_waiters(); // the lane may have more rows, and a place is free
        });
    }
    Ok(count)
}

async fn renew(state: &State, ids: &Arc<[i64]>) -> Result<(), Error> {
    let (ids, now) = (Arc::clone(ids), state.now());
    state.store.write(move |conn| queue::renew(conn, &ids, now).map_err(Error::from)).await
}

/// Sends the rows of a lane one after the other, each when the result of the one before is written down; the first that
/// must wait holds the others back.
async fn send_lane(state: &State, lane: Vec<Delivery>, results: &mpsc::Sender<Report>, stop: &CancellationToken) {
    let mut rest = lane.into_iter();
    for delivery in rest.by_ref() {
        if stop.is_cancelled() {
            give_back(state, std::iter::once(delivery).chain(rest)).await;
            return;
        }
        let tried = attempt(state, delivery).await;
        let held_up = matches!(tried.next, Next::Retry(_));
        let (written, is_written) = oneshot::channel();
        if results.send((tried, written)).await.is_err() || is_written.await.is_err() {
            return; // the writer is gone: the leases run out
        }
        if held_up {
            give_back(state, rest).await;
            return;
        }
    }
}

async fn give_back(state: &State, rows: impl Iterator<Item = Delivery>) {
    let ids: Vec<i64> = rows.map(|row| row.id).collect();
    if ids.is_empty() {
        return;
    }
    failpoint::here("delivery.released");
    let given = state.store.write(move |conn| queue::release(conn, &ids).map_err(Error::from)).await;
    if let Err(error) = given {
        tracing::warn!(%error, "claimed deliveries could not be given back; their lease will run out");
    }
}

async fn attempt(state: &State, delivery: Delivery) -> Tried {
    let made = u32::try_from(delivery.attempts + 1).unwrap_or(u32::MAX);
    let span = tracing::info_span!(
        "delivery.attempt", activity.id = %delivery.activity, actor.id = %delivery.actor, peer.host = %delivery.host, attempt = made
    );
    let begun = state.now();
    let outcome = post(state, &delivery).instrument(span).await;
    let at = state.now();
    let (attempt, status, error) = match outcome {
        Ok(None) => {
            let duration = at.since(begun);
            return Tried { delivery, next: Next::Drop, status: None, error: None, at, duration, host_failed: false };
        }
        Ok(Some(answer)) => {
            let attempt = Attempt::Answered { status: answer.status, retry_after: answer.retry_after };
            (attempt, Some(answer.status.as_u16()), None)
        }
        Err(error) if error.is_temporary() => (Attempt::Unanswered, None, Some(error.to_string())),
        Err(error) => (Attempt::Forbidden, None, Some(error.to_string())),
    };
    let next = schedule::next(made, &attempt, rand::random::<f64>());
    let host_failed = attempt == Attempt::Unanswered || status.is_some_and(|status| status >= 500);
    tracing::debug!(activity.id = %delivery.activity, peer.host = %delivery.host, ?status, ?next, "delivery");
    Tried { delivery, next, status, error, at, duration: at.since(begun), host_failed }
}

/// Signs and posts; `None` when there is nothing to send any more. The row is looked at once more just before, since its
/// object may have been deleted while it waited behind others.
async fn post(state: &State, delivery: &Delivery) -> Result<Option<Answer>, Error> {
    let inbox = Url::parse(delivery.inbox.as_str())
        .map_err(|_| Error::Refused { url: delivery.inbox.to_string(), reason: "is no address".into() })?;
    let (keys, actor, id) = (state.clone(), delivery.actor.clone(), delivery.id);
    let wanted = state.store.read(move |conn| {
        let Some(document) = queue::still_wanted(conn, id)? else { return Ok(None) };
        Ok::<_, Error>(Some((document, keys.keyring.signer(conn, &actor)?)))
    });
    let Some((document, signer)) = wanted.await? else { return Ok(None) };
    let document = serde_json::from_str(&document).unwrap_or(serde_json::Value::Null);
    let body = vocab::context::with_context(document).to_string();
    failpoint::here("delivery.sending");
    let answer = state.client.post(&inbox, Arc::from(body.into_bytes()), &signer, state.now()).await;
    failpoint::here("delivery.sent");
    answer.map(Some)
}

/// Collects results for a moment and writes them in one transaction. Tries until the database takes them: what is not
/// written down would be sent again.
async fn write_down(state: State, mut collected: mpsc::Receiver<Report>) {
    let mut batch = Vec::with_capacity(BATCH);
    while collected.recv_many(&mut batch, BATCH).await > 0 {
        let (results, written): (Vec<Tried>, Vec<oneshot::Sender<()>>) = batch.drain(..).unzip();
        let results: Arc<[Tried]> = results.into();
        loop {
            let rows = Arc::clone(&results);
            match state.store.write(move |conn| queue::finish(conn, &rows).map_err(Error::from)).await {
                Ok(()) => break,
                Err(error) => {
                    tracing::error!(%error, "results of deliveries cannot be written down; trying again");
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
            }
        }
        failpoint::here("delivery.marked");
        for lane in written {
            // A lane that is gone needs no word.
            if lane.send(()).is_err() {
                tracing::debug!("a lane ended before its result was written down");
            }
        }
        state.bell.notify_waiters();
    }
}
