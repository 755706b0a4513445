//! Asks hosts what they run, for [`super::policy`]: once when they are new, then every week.
//!
//! Beside everything else and slowly. Nothing waits for it: until a host has said, it gets everything. That it does not
//! say is no failure of the host, and is asked again a week later.

use crate::state::State;
use crate::{Error, fetch, peer};
use futures_util::stream::{self, StreamExt};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How long an answer is believed.
const BELIEVED: Duration = Duration::from_secs(7 * 86_400);
/// How often hosts that are new are looked for.
const LOOK: Duration = Duration::from_secs(2);
/// How often when there were none.
const IDLE: Duration = Duration::from_secs(30);
/// Asked in one go, so that a first publication to a thousand hosts is not held up by a thousand questions.
const AT_ONCE: i64 = 16;
/// Asked at the same time.
const SIDE_BY_SIDE: usize = 4;

/// Runs until `stop`.
pub async fn run(state: State, stop: CancellationToken) {
    loop {
        let pause = tokio::select! {
            done = round(&state) => match done {
                Ok(0) => IDLE,
                Ok(_) => LOOK,
                Err(error) => {
                    tracing::warn!(%error, "what other hosts run cannot be noted; trying again");
                    IDLE
                }
            },
            () = stop.cancelled() => return,
        };
        // A new follower rings too; it is asked within a moment of it.
        let rung = async {
            state.bell.heard().await;
            tokio::time::sleep(LOOK).await;
        };
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = rung, if pause == IDLE => {}
            () = stop.cancelled() => return,
        }
    }
}

/// Asks some hosts; how many.
async fn round(state: &State) -> Result<usize, Error> {
    let before = state.now().minus(BELIEVED);
    let hosts = state.store.read(move |conn| peer::strangers(conn, before, AT_ONCE).map_err(Error::from)).await?;
    let count = hosts.len();
    let asked = stream::iter(hosts).map(|host| ask(state, host)).buffer_unordered(SIDE_BY_SIDE);
    asked.fold(Ok(count), |all, one| async move { one.and(all) }).await
}

async fn ask(state: &State, host: String) -> Result<usize, Error> {
    let software = match fetch::nodeinfo(state, &host).await {
        Ok(software) => software,
        Err(error) => {
            tracing::debug!(peer.host = host, %error, "does not say what it runs");
            None
        }
    };
    let now = state.now();
    state
        .store
        .write(move |conn| peer::acquainted(conn, &host, software.as_ref(), now).map_err(Error::from))
        .await
        .map(|()| 0)
}
