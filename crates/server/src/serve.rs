//! Runs a node: its listener, its workers, its jobs; and stops it without losing anything.

use crate::app::App;
use crate::jobs;
use anyhow::Context;
use axum::serve::ListenerExt;
use federation::{backfill, delivery, inbox};
use std::future::IntoFuture;
use std::net::SocketAddr;
use std::time::Duration;
use store::{DatabaseUrl, failpoint};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How long a stop may take: what is in flight then is left to its lease and sent again.
const STOP: Duration = Duration::from_secs(10);

/// Serves until SIGTERM or Ctrl-C.
///
/// # Errors
/// When the port is taken, in words; or when serving breaks off.
pub async fn run(app: App) -> anyhow::Result<()> {
    let address = app.config.listen;
    let listener = TcpListener::bind(address).await.with_context(|| {
        format!("cannot listen on {address}: is another node running there? Change `server.listen`, or stop it")
    })?;
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY");
        }
    });
    failpoint::here("serve.before_release");
    if matches!(app.config.database, DatabaseUrl::Sqlite(_)) {
        // A file has one serving process, and this one has the port: what is held was held by one that died.
        app.state.store.write(federation::release_all).await?;
    }
    failpoint::here("serve.after_release");
    let stop = CancellationToken::new();
    let workers = TaskTracker::new();
    workers.spawn(inbox::worker::run(app.state.clone(), stop.clone()));
    workers.spawn(delivery::worker::run(app.state.clone(), stop.clone()));
    workers.spawn(delivery::acquaint::run(app.state.clone(), stop.clone()));
    workers.spawn(listen_for_rings(app.state.clone(), address.port(), stop.clone()));
    workers.spawn(backfill::run(app.state.clone(), stop.clone()));
    workers.spawn(jobs::run(app.clone(), stop.clone()));
    workers.close();

    let server = axum::serve(listener, app.router().into_make_service_with_connect_info::<SocketAddr>())
        .with_graceful_shutdown(stop.clone().cancelled_owned());
    let server = tokio::spawn(server.into_future());
    tracing::info!(%address, url = app.node.origin.url("/"), version = env!("CARGO_PKG_VERSION"), "serving");
    notify(&[sd_notify::NotifyState::Ready]);

    stopped().await?;
    tracing::info!("stopping");
    notify(&[sd_notify::NotifyState::Stopping]);
    stop.cancel();
    failpoint::here("serve.stopping");
    let all = async {
        workers.wait().await;
        server.await
    };
    match tokio::time::timeout(STOP, all).await {
        Ok(Ok(served)) => served.context("serving broke off")?,
        Ok(Err(error)) => tracing::error!(%error, "the listener broke off"),
        Err(_) => tracing::warn!("not everything was finished in ten seconds; the rest is done after the next start"),
    }
    tracing::info!("stopped");
    Ok(())
}

async fn listen_for_rings(state: federation::State, port: u16, stop: CancellationToken) {
    state.bell.listen(port, stop).await;
}

async fn stopped() -> anyhow::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate()).context("SIGTERM cannot be listened to")?;
    tokio::select! {
        _ = terminate.recv() => {}
        done = tokio::signal::ctrl_c() => done.context("Ctrl-C cannot be listened to")?,
    }
    Ok(())
}

fn notify(states: &[sd_notify::NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(states) {
        tracing::debug!(%error, "systemd was not told");
    }
}
