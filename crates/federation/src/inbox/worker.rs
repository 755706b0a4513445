//! The back half: takes stored activities and gives them their effect, once.
//!
//! A worker claims the next rows of many senders at once. A sender's rows are worked on one after the other; what several
//! senders' rows change goes into one transaction ([`store::Grouped`]), each with the mark that its row is done.

use crate::bell::Again;
use crate::fault::caught;
use crate::holding::while_holding;
use crate::inbox::items::{self, Item};
use crate::inbox::verbs;
use crate::state::State;
use crate::{
    Error, budget,
    kind::{Outcome, Write},
};
use std::sync::Arc;
use std::time::Duration;
use store::id::{ActivityUrl, ActorUrl};
use store::{Conn, Timestamp, failpoint};
use tokio::sync::Semaphore;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Senders whose rows are processed at a time.
const AT_ONCE: usize = 64;
/// How long one look is at least after another, however often the bell rings.
const PAUSE: Duration = Duration::from_millis(2);
/// Effects written in one transaction at most.
pub(crate) const TOGETHER: usize = 100;

/// What a row changes, ready to be written.
pub(crate) struct Effect {
    write: Write,
    id: i64,
    activity: ActivityUrl,
    now: Timestamp,
}

/// Gives rows their effect and marks them done.
///
/// # Errors
/// Those of the effects and of the database.
pub(crate) fn give(conn: &mut Conn, effects: &[Effect]) -> Result<Vec<Outcome>, Error> {
    let mut outcomes = Vec::with_capacity(effects.len());
    for effect in effects {
        let outcome = (effect.write)(conn)?;
        failpoint::here("inbox.in_effect");
        if !items::finish(conn, effect.id, &outcome, effect.now)? {
            // Its lease ran out and another worker was faster: this effect would be a second one.
            return Err(Error::refused(effect.activity.as_str(), "another worker has finished it"));
        }
        outcomes.push(outcome);
    }
    Ok(outcomes)
}

/// Runs until `stop`. What is being processed then is finished first.
pub async fn run(state: State, stop: CancellationToken) {
    let free = Arc::new(Semaphore::new(AT_ONCE));
    let tasks = TaskTracker::new();
    let mut after: Option<ActorUrl> = None;
    while !stop.is_cancelled() {
        let (woken, looked_at) = (state.arrivals.notified(), Instant::now());
        let from_outside = state.bell.heard_from_outside();
        let again = round(&state, &free, &tasks, &mut after, &stop).await.unwrap_or_else(|error| {
            tracing::error!(%error, "the inbox cannot be worked on; trying again");
            Again::Soon
        });
        if again == Again::AtOnce {
            continue;
        }
        tokio::select! {
            () = woken => tokio::time::sleep_until(looked_at + PAUSE).await,
            () = from_outside => {}
            () = tokio::time::sleep(again.pause()) => {}
            () = stop.cancelled() => {}
        }
    }
    tasks.close();
    tasks.wait().await;
}

/// Claims what is due, as much as there are free places, and begins with it: one slow host keeps nobody else waiting. `after` is the sender at which the last look ended, so that everybody has a turn.
async fn round(
    state: &State,
    free: &Arc<Semaphore>,
    tasks: &TaskTracker,
    after: &mut Option<ActorUrl>,
    stop: &CancellationToken,
) -> Result<Again, Error> {
    let now = state.now();
    let places = free.available_permits();
    if places == 0 {
        return Ok(Again::Soon);
    }
    let from = after.take().map_or_else(String::new, |sender| sender.to_string());
    let began_anew = from.is_empty();
    let due = state.store.read(move |conn| items::due(conn, now, places, &from).map_err(Error::from)).await?;
    *after = due.next;
    let there_is_more = after.is_some() || !began_anew;
    if due.senders.is_empty() {
        let nothing = if due.anything { Again::Soon } else { Again::WhenRung };
        return Ok(if there_is_more { Again::AtOnce } else { nothing });
    }
    let senders = due.senders;
    let lanes = state.store.write(move |conn| items::claim(conn, now, &senders).map_err(Error::from)).await?;
    let any = !lanes.is_empty();
    if any {
        failpoint::here("inbox.claimed");
    }
    for lane in lanes {
        let Ok(permit) = Arc::clone(free).acquire_owned().await else { break };
        let (state, stop) = (state.clone(), stop.clone());
        tasks.spawn(async move {
            process(&state, lane, &stop).await;
            drop(permit);
            state.arrivals.notify_waiters(); // the sender may have sent more, and a place is free
        });
    }
    Ok(if any || there_is_more { Again::AtOnce } else { Again::Soon })
}

/// Processes rows of one sender, in order. One that must be tried again holds back those behind it.
async fn process(state: &State, lane: Vec<Item>, stop: &CancellationToken) {
    let ids: Arc<[i64]> = lane.iter().map(|item| item.id).collect();
    let work = async {
        let mut rest = lane.into_iter();
        while let Some(item) = rest.next() {
            let held_up = !take(state, item).await;
            if held_up || stop.is_cancelled() {
                return give_back(state, rest.map(|item| item.id).collect()).await;
            }
        }
    };
    while_holding(work, || renew(state, &ids)).await;
}

/// Processes one row; `false` when those behind it have to wait.
async fn take(state: &State, item: Item) -> bool {
    let handled = caught(item.activity.as_str(), handle(state, &item)).await;
    state.metrics.processed(&handled);
    let error = match handled {
        Ok(outcome) => {
            tracing::debug!(activity.id = %item.activity, actor.id = %item.sender, ?outcome, "processed");
            return true;
        }
        Err(error) => error,
    };
    tracing::warn!(activity.id = %item.activity, actor.id = %item.sender, %error, "not processed");
    let (id, now) = (item.id, state.now());
    match state.store.write(move |conn| items::fail(conn, &item, &error, now).map_err(Error::from)).await {
        Ok(again) => !again,
        Err(error) => {
            tracing::error!(id, %error, "the failure could not be noted; the lease will run out");
            false
        }
    }
}

/// Network first, then one transaction with the effect and the mark that the row is done.
async fn handle(state: &State, item: &Item) -> Result<Outcome, Error> {
    let write = budget::within(state, None, verbs::prepare(state, item)).await?;
    failpoint::here("inbox.prepared");
    let effect = Effect { write, id: item.id, activity: item.activity.clone(), now: state.now() };
    let outcome = state.effects.write(effect).await?;
    failpoint::here("inbox.done");
    Ok(outcome)
}

async fn give_back(state: &State, ids: Vec<i64>) {
    if ids.is_empty() {
        return;
    }
    let given = state.store.write(move |conn| items::release(conn, &ids).map_err(Error::from)).await;
    if let Err(error) = given {
        tracing::warn!(%error, "claimed rows could not be given back; their lease will run out");
    }
}

async fn renew(state: &State, ids: &Arc<[i64]>) -> Result<(), Error> {
    let (ids, now) = (Arc::clone(ids), state.now());
    state.store.write(move |conn| items::renew(conn, &ids, now).map_err(Error::from)).await
}
