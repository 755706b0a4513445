//! What one delivery may cost in requests to other servers: how many, and how long they may take together.
//!
//! A scope around the work that a delivery causes, once for its proof and once for its effect; the one client takes from it
//! before each request, so that no path can forget it. What the node does on its own account (reading the past of an actor
//! that it follows, an operator's command) is in no scope. References are not followed further than from an object to its
//! author, so the number bounds the depth too.

use crate::quota::Quotas;
use crate::state::State;
use crate::{Error, peer};
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::time::Instant;
use url::Url;

tokio::task_local! {
    static BUDGET: Arc<Budget>;
}

struct Budget {
    state: State,
    /// Requests left.
    left: AtomicU64,
    until: Instant,
    /// Who pays for what is not proven yet.
    client: Option<IpAddr>,
}

/// Does the work that a delivery causes. `client` is set while its sender is not proven.
pub(crate) async fn within<W: Future>(state: &State, client: Option<IpAddr>, work: W) -> W::Output {
    let budget = Budget {
        state: state.clone(),
        left: AtomicU64::new(state.limits.fetches),
        until: Instant::now() + state.limits.fetch_time(),
        client,
    };
    BUDGET.scope(Arc::new(budget), work).await
}

/// Whether the present work is caused by a delivery.
pub(crate) fn is_set() -> bool {
    BUDGET.try_with(|_| ()).is_ok()
}

/// How long a request may take: `most`, or what is left.
pub(crate) fn time_for(most: Duration) -> Duration {
    let left = BUDGET.try_with(|budget| budget.until.saturating_duration_since(Instant::now()));
    left.map_or(most, |left| left.min(most))
}

/// Takes one request out of the budget of the present work, if it has one.
///
/// # Errors
/// [`Error::Refused`] when there is none left, [`Error::Unreachable`] when there is no time left, or when too many hosts
/// are met for the first time.
pub(crate) async fn spend(url: &Url) -> Result<(), Error> {
    let Ok(budget) = BUDGET.try_with(Arc::clone) else { return Ok(()) };
    let taken = budget.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
    if taken.is_err() {
        return Err(Error::refused(url.as_str(), "needs more requests to other servers than one activity may cause"));
    }
    if Instant::now() >= budget.until {
        return Err(Error::unreachable(url.as_str(), "what the activity needs takes too long"));
    }
    let quotas: &Quotas = &budget.state.quotas;
    if quotas.unproven(budget.client).is_err() {
        return Err(Error::unreachable(url.as_str(), "too much is to be fetched for one address"));
    }
    let (host, now) = (store::id::host_of(url.as_str()), budget.state.now());
    let wanted = host.clone();
    let known = budget.state.store.read(move |conn| peer::find(conn, &wanted).map_err(Error::from)).await?;
    quotas
        .meeting(&host, known.is_some(), now)
        .map_err(|_| Error::unreachable(url.as_str(), "too many new hosts of one domain at once"))
}
