//! Runs a node: its listener, its workers, its jobs; and stops it without losing anything.

use crate::admin;
use crate::app::App;
use crate::desk;
use crate::erasures;
use crate::jobs;
use crate::listener::Door;
use crate::mail::Office;
use anyhow::Context;
use federation::{backfill, delivery, inbox};
use std::future::Future;
use std::time::Duration;
use store::{DatabaseUrl, failpoint};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How long a stop may take: what is in flight then is left to its lease and sent again.
const STOP: Duration = Duration::from_secs(10);

/// A worker that ended by a fault begins again after this.
const PAUSE: Duration = Duration::from_secs(1);

/// Serves until SIGTERM or Ctrl-C.
///
/// # Errors
/// When the port is taken, in words; or when serving breaks off.
pub async fn run(app: App) -> anyhow::Result<()> {
    // Before anybody can know that this node is here, and might end it.
    let stopped = stopped()?;
    let address = app.config.listen;
    let listener = TcpListener::bind(address).await.with_context(|| {
        format!("cannot listen on {address}: is another node running there? Change `server.listen`, or stop it")
    })?;
    app.state.client.prepare()?;
    failpoint::here("serve.before_release");
    if matches!(app.config.database, DatabaseUrl::Sqlite(_)) {
        // A file has one serving process, and this one has the port: what is held was held by one that died.
        app.state.store.write(federation::release_all).await?;
    }
    failpoint::here("serve.after_release");
    erasures::replay(&app).await?;
    app.state.store.answer_soon();
    let stop = CancellationToken::new();
    let workers = TaskTracker::new();
    let (state, halt) = (app.state.clone(), stop.clone());
    workers.spawn(kept_running("inbox", stop.clone(), move || inbox::worker::run(state.clone(), halt.clone())));
    let (state, halt) = (app.state.clone(), stop.clone());
    workers.spawn(kept_running("delivery", stop.clone(), move || delivery::worker::run(state.clone(), halt.clone())));
    let (state, halt) = (app.state.clone(), stop.clone());
    workers.spawn(kept_running("backfill", stop.clone(), move || backfill::run(state.clone(), halt.clone())));
    let (node, halt) = (app.clone(), stop.clone());
    workers.spawn(kept_running("jobs", stop.clone(), move || jobs::run(node.clone(), halt.clone())));
    let (node, halt) = (app.clone(), stop.clone());
    workers.spawn(kept_running("desk", stop.clone(), move || desk::run(node.clone(), halt.clone())));
    let (office, halt) = (Office::of(&app)?, stop.clone());
    if let Some(office) = office {
        workers.spawn(kept_running("mail", stop.clone(), move || office.clone().run(halt.clone())));
    }
    let (state, halt) = (app.state.clone(), stop.clone());
    workers.spawn(kept_running("acquaintance", stop.clone(), move || {
        delivery::acquaint::run(state.clone(), halt.clone())
    }));
    let (state, halt) = (app.state.clone(), stop.clone());
    workers.spawn(async move {
        tokio::join!(state.bell.listen(address.port(), halt.clone()), state.bell.watch(&state.store, halt));
    });
    workers.close();

    let (limits, trusted) = (app.config.limits.clone(), std::sync::Arc::new(app.config.trusted_proxies.clone()));
    let door = Door { listener, router: app.router(), limits, trusted };
    let server = tokio::spawn(door.serve(stop.clone()));
    tracing::info!(%address, url = app.node.origin.url("/"), version = env!("CARGO_PKG_VERSION"), "serving");
    if let Err(error) = admin::setup::offer(&app).await {
        tracing::warn!(%error, "whether the node is set up could not be looked at; `solmu setup` does the same");
    }
    notify(&[sd_notify::NotifyState::Ready]);

    stopped.await;
    tracing::info!("stopping");
    notify(&[sd_notify::NotifyState::Stopping]);
    stop.cancel();
    failpoint::here("serve.stopping");
    let all = async {
        workers.wait().await;
        server.await
    };
    match tokio::time::timeout(STOP, all).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::error!(%error, "the listener broke off"),
        Err(_) => tracing::warn!("not everything was finished in ten seconds; the rest is done after the next start"),
    }
    tracing::info!("stopped");
    Ok(())
}

/// Listens to SIGTERM and Ctrl-C from now on; the future is done when one of them came.
fn stopped() -> anyhow::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate()).context("SIGTERM cannot be listened to")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("Ctrl-C cannot be listened to")?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Begins a worker again when it ended by a fault. What it held is taken up when its lease has run out.
async fn kept_running<W, F>(name: &'static str, stop: CancellationToken, worker: W)
where
    W: Fn() -> F,
    F: Future<Output = ()> + Send + 'static,
{
    while let Err(error) = tokio::spawn(worker()).await {
        tracing::error!(name, %error, "a worker ended by a fault of the program, please report it; it begins again");
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            () = stop.cancelled() => return,
        }
    }
}

fn notify(states: &[sd_notify::NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(states) {
        tracing::debug!(%error, "systemd was not told");
    }
}
