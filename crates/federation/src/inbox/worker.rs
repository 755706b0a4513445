//! The back half: takes stored activities and gives them their effect, once.

use crate::fault::caught;
use crate::holding::while_holding;
use crate::inbox::items::{self, Item};
use crate::inbox::receive;
use crate::state::State;
use crate::{Error, budget, kind::Outcome};
use std::sync::Arc;
use std::time::Duration;
use store::failpoint;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Rows processed at a time, of as many senders.
const AT_ONCE: usize = 16;
/// How often the table is looked at without being woken: for rows of another process, and for those to try again.
pub(crate) const LOOK: Duration = Duration::from_millis(500);

/// Runs until `stop`. What is being processed then is finished first.
pub async fn run(state: State, stop: CancellationToken) {
    let free = Arc::new(Semaphore::new(AT_ONCE));
    let tasks = TaskTracker::new();
    while !stop.is_cancelled() {
        let woken = state.bell.notified();
        match round(&state, &free, &tasks).await {
            Ok(0) => {}
            Ok(_) => continue,
            Err(error) => tracing::error!(%error, "the inbox cannot be worked on; trying again"),
        }
        tokio::select! {
            () = woken => {}
            () = tokio::time::sleep(LOOK) => {}
            () = stop.cancelled() => {}
        }
    }
    tasks.close();
    tasks.wait().await;
}

/// Claims what is due, as much as there are free places, and begins with it: one slow host keeps nobody else waiting. The
/// number of rows that were claimed.
async fn round(state: &State, free: &Arc<Semaphore>, tasks: &TaskTracker) -> Result<usize, Error> {
    let now = state.now();
    let places = i64::try_from(free.available_permits()).unwrap_or(i64::MAX);
    if places == 0 || !state.store.read(move |conn| items::any_due(conn, now).map_err(Error::from)).await? {
        return Ok(0);
    }
    let claimed = state.store.write(move |conn| items::claim(conn, now, places).map_err(Error::from)).await?;
    let count = claimed.len();
    if count > 0 {
        failpoint::here("inbox.claimed");
    }
    for item in claimed {
        let Ok(permit) = Arc::clone(free).acquire_owned().await else { break };
        let state = state.clone();
        tasks.spawn(async move {
            process(state.clone(), item).await;
            drop(permit);
            state.bell.notify_waiters(); // the sender may have sent more, and a place is free
        });
    }
    Ok(count)
}

async fn process(state: State, item: Item) {
    let id = item.id;
    match caught(item.activity.as_str(), handle(&state, &item)).await {
        Ok(outcome) => tracing::debug!(activity.id = %item.activity, actor.id = %item.sender, ?outcome, "processed"),
        Err(error) => {
            tracing::warn!(activity.id = %item.activity, actor.id = %item.sender, %error, "not processed");
            let now = state.now();
            let noted = state.store.write(move |conn| items::fail(conn, &item, &error, now).map_err(Error::from)).await;
            if let Err(error) = noted {
                tracing::error!(id, %error, "the failure could not be noted; the lease will run out");
            }
        }
    }
}

/// Network first, then one transaction with the effect and the mark that the row is done.
async fn handle(state: &State, item: &Item) -> Result<Outcome, Error> {
    let write =
        while_holding(budget::within(state, None, receive::prepare(state, item)), || renew(state, item.id)).await?;
    let (id, activity) = (item.id, item.activity.clone());
    let now = state.now();
    failpoint::here("inbox.prepared");
    let outcome = state
        .write(move |conn| {
            let outcome = write(conn)?;
            failpoint::here("inbox.in_effect");
            if items::finish(conn, id, &outcome, now)? {
                return Ok(outcome);
            }
            // Its lease ran out and another worker was faster: this effect would be a second one.
            Err(Error::Refused { url: activity.to_string(), reason: "another worker has finished it".to_owned() })
        })
        .await?;
    failpoint::here("inbox.done");
    Ok(outcome)
}

async fn renew(state: &State, id: i64) -> Result<(), Error> {
    let now = state.now();
    state.store.write(move |conn| items::renew(conn, id, now).map_err(Error::from)).await
}
