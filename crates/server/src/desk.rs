//! What was put off at the desk: drafts that come due, and files that are to be put in.
//!
//! Each draft and each row is one transaction, so that one that fails holds up no other; two processes may do this at once,
//! since a draft is looked at again in its transaction and a file is held by who has it.

use crate::admin::import::take;
use crate::app::App;
use domain::desk::{self, InHand, Outcome};
use domain::{Error, import};
use std::sync::Arc;
use std::time::Duration;
use store::Conn;
use tokio_util::sync::CancellationToken;

/// How often it is looked without being woken, for what comes due or is left behind by a process that ended.
const LOOK: Duration = Duration::from_secs(5);
/// The same while nothing is put off, should every ring be lost.
const QUIET: Duration = Duration::from_secs(30);
/// Drafts of one round.
const TOGETHER: i64 = 20;
/// Rows after which it is noted how far a file is.
const NOTED: usize = 25;

/// Runs until `stop`; a row in hand is finished.
pub async fn run(app: App, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let woken = app.state.bell.heard();
        let pause = round(&app, &stop).await.unwrap_or_else(|error| {
            tracing::error!(%error, "what was put off at the desk was not done; trying again");
            LOOK
        });
        tokio::select! {
            () = woken => {}
            () = tokio::time::sleep(pause) => {}
            () = stop.cancelled() => {}
        }
    }
}

/// Does what is due; how long there is time for the next look.
async fn round(app: &App, stop: &CancellationToken) -> Result<Duration, Error> {
    let now = app.state.now();
    let look = move |conn: &mut Conn| {
        let waits = desk::is_any_scheduled(conn)?;
        Ok::<_, Error>((waits, desk::due(conn, now, TOGETHER)?, desk::is_any_wanted(conn)?))
    };
    let (waits, due, wanted) = app.state.store.read(look).await?;
    for draft in due {
        let (node, what) = (app.node.clone(), draft.what.clone());
        let published = app.state.write(move |conn| desk::publish_due(conn, &node, &what, now)).await?;
        tracing::info!(kind = draft.what.kind(), published, "a draft came due");
    }
    if wanted {
        let next = app.state.store.write(move |conn| desk::next_wanted(conn, now).map_err(Error::from)).await?;
        if let Some(file) = next {
            put_in(app, file, stop).await?;
        }
    }
    Ok(if waits || wanted { LOOK } else { QUIET })
}

/// Puts a file in, row by row. When the process ends in between, whoever comes next begins anew: what is in is unchanged then.
async fn put_in(app: &App, file: InHand, stop: &CancellationToken) -> Result<(), Error> {
    let reading = match file.read(&app.node, &app.state.limits, app.state.now()) {
        Ok(reading) => reading,
        // It was read when it was handed in; a deadline of it may have passed since.
        Err(_) => return note(app, &file, &Outcome::default(), true).await,
    };
    let mut outcome = Outcome::of(&reading);
    for (at, row) in reading.rows.into_iter().enumerate() {
        if stop.is_cancelled() {
            return Ok(());
        }
        let row = Arc::new(row);
        let applied: Result<import::Applied, Error> = take(app, &row).await;
        outcome.take(&row, applied)?;
        if at % NOTED == NOTED - 1 {
            note(app, &file, &outcome, false).await?;
        }
    }
    note(app, &file, &outcome, true).await
}

async fn note(app: &App, file: &InHand, outcome: &Outcome, done: bool) -> Result<(), Error> {
    let (file, outcome, now) = (file.clone(), outcome.clone(), app.state.now());
    app.state.write(move |conn| desk::note_outcome(conn, &file, &outcome, done, now).map_err(Error::from)).await
}
