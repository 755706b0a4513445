//! What has to happen by the clock. With several processes on one database, a lease lets one of them do it.

use crate::alarms;
use crate::app::App;
use crate::erasures;
use crate::role::Duties;
use crate::timekeeping::{self, Suspicion};
use domain::{Caller, reindex};
use federation::{fetch, follow};
use std::collections::BTreeSet;
use std::time::Duration;
use store::{Timestamp, lease};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

const EVERY: Duration = Duration::from_secs(15);
/// How often that goes whose time is over. It is counted in days, so the hour does not matter.
const RETENTION: Duration = Duration::from_secs(6 * 3600);
/// Parts of the search index that are looked after in one round, so that the other jobs get their turn.
const PARTS: usize = 25;
const LEASE: &str = "jobs";
/// How long it is taken for.
const TTL: Duration = EVERY.saturating_mul(3);

/// What one process knows from its earlier rounds.
struct Memory {
    let_go_at: Option<Timestamp>,
    /// How far the search index is known to be complete; nothing when all of it is.
    reindexed: Option<reindex::Place>,
    suspicion: Suspicion,
}

impl Memory {
    fn new() -> Memory {
        Memory { let_go_at: None, reindexed: Some(reindex::Place::default()), suspicion: Suspicion::default() }
    }
}

/// Runs until `stop`.
pub async fn run(app: App, stop: CancellationToken) {
    let holder = store::id::fresh(app.state.now());
    let mut memory = Memory::new();
    loop {
        tokio::select! {
            done = round(&app, &holder, &mut memory) => {
                if let Err(error) = done {
                    tracing::error!(%error, "this round's jobs were not done; trying again");
                }
            }
            () = stop.cancelled() => break,
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            () = stop.cancelled() => break,
        }
    }
    let now = app.state.now();
    let release = move |conn: &mut store::Conn| Ok::<_, store::Error>(lease::release(conn, LEASE, &holder, now)?);
    let released = app.state.store.write(release).await;
    if let Err(error) = released {
        tracing::debug!(%error, "the lease of the jobs runs out by itself");
    }
}

async fn round(app: &App, holder: &str, memory: &mut Memory) -> anyhow::Result<()> {
    alarms::clock(app).await?;
    timekeeping::follow_the_clock(app, (LEASE, holder, TTL), &mut memory.suspicion).await?;
    let now = app.state.now();
    if !is_ours(app, holder, now).await? {
        return Ok(());
    }
    alarms::deliveries(app).await?;
    close_expired(app).await?;
    erasures::finish_due(app).await?;
    index(app, &mut memory.reindexed).await?;
    if memory.let_go_at.is_none_or(|last| now.since(last) >= RETENTION) {
        let_go(app).await?;
        memory.let_go_at = Some(now);
    }
    if Duties::of(app.node.role).watches {
        watch(app).await?;
    }
    Ok(())
}

/// Takes the lease, or renews it. While it lasts beyond the next round nothing is written: an idle node's disk may sleep.
async fn is_ours(app: &App, holder: &str, now: Timestamp) -> anyhow::Result<bool> {
    let held = app.state.store.read(|conn| lease::find(conn, LEASE).map_err(store::Error::from)).await?;
    if held.is_some_and(|held| held.holder == holder && held.expires_at > now.plus(EVERY)) {
        return Ok(true);
    }
    let holder = holder.to_owned();
    let take = move |conn: &mut store::Conn| Ok::<_, store::Error>(lease::take(conn, LEASE, &holder, now, TTL)?);
    Ok(app.state.store.write_lightly(take).await?)
}

/// Closes the tasks whose deadline has passed.
async fn close_expired(app: &App) -> anyhow::Result<()> {
    let (node, now) = (app.node.clone(), app.state.now());
    if !app.state.store.read(move |conn| domain::task::any_expired(conn, now).map_err(domain::Error::from)).await? {
        return Ok(());
    }
    let closed =
        app.state.write(move |conn| domain::task::close_expired(conn, &node, Caller::Coordinator, now)).await?;
    tracing::info!(tasks = closed.len(), "closed after their deadline");
    Ok(())
}

/// Puts into the search index what it does not have yet, some parts of it. After that once through, nothing is missing any
/// more: what changes is indexed with the change.
async fn index(app: &App, reindexed: &mut Option<reindex::Place>) -> anyhow::Result<()> {
    let mut things = 0;
    for _ in 0..PARTS {
        let Some(at) = reindexed.clone() else { break };
        let part = app.state.store.read(move |conn| reindex::look(conn, &at).map_err(domain::Error::from)).await?;
        things += part.missing.len();
        let next = part.next.clone();
        if !part.missing.is_empty() {
            let put = move |conn: &mut store::Conn| reindex::put(conn, &part).map_err(domain::Error::from);
            app.state.store.write(put).await?;
        }
        *reindexed = next;
    }
    if things > 0 {
        tracing::info!(things, complete = reindexed.is_none(), "put into the search index");
    }
    Ok(())
}

/// Lets everything go whose time is over, by the rules of the slices, those of the spine among them.
async fn let_go(app: &App) -> anyhow::Result<()> {
    let (node, now) = (app.node.clone(), app.state.now());
    let gone = app.state.write(move |conn| domain::slice::let_go(conn, &node, now)).await?;
    if gone > 0 {
        tracing::info!(rows = gone, "let go by the rules of retention");
    }
    Ok(())
}

/// Asks the hosts that are followed, all at once, whether they answer.
async fn watch(app: &App) -> anyhow::Result<()> {
    let followed = app.state.store.read(|conn| follow::of_this_node(conn).map_err(federation::Error::from)).await?;
    let hosts: BTreeSet<String> = followed.into_iter().map(|(_, actor)| actor.host).collect();
    let mut asking = JoinSet::new();
    for host in hosts {
        let state = app.state.clone();
        asking.spawn(async move { fetch::look_after(&state, &host).await });
    }
    while let Some(asked) = asking.join_next().await {
        asked??;
    }
    Ok(())
}
