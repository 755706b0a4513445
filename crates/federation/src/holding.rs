//! Leases on rows that are being worked on: short, and renewed while the work goes on. So a process that dies is replaced
//! within [`LEASE`], and one that merely waits for a slow host keeps what it has.

use crate::{Error, backfill, delivery, inbox};
use std::future::Future;
use std::time::Duration;
use store::Conn;

/// How long a row stays held after its holder has died.
pub(crate) const LEASE: Duration = Duration::from_secs(8);
/// How often a lease is renewed.
const RENEW: Duration = Duration::from_secs(3);

/// Does `work`, and calls `renew` now and then until it is done. Both are polled side by side: a renewal that waits for the
/// database must not keep the work, which may hold what the renewal waits for, from going on.
pub(crate) async fn while_holding<W, R>(work: W, renew: impl Fn() -> R) -> W::Output
where
    W: Future,
    R: Future<Output = Result<(), Error>>,
{
    let heartbeat = async {
        loop {
            tokio::time::sleep(RENEW).await;
            if let Err(error) = renew().await {
                tracing::warn!(%error, "a lease could not be renewed");
            }
        }
    };
    tokio::select! {
        done = work => done,
        never = heartbeat => never,
    }
}

/// Ends all leases at once. Only for the start of a process that has the database to itself: what is held then was held
/// by one that died.
///
/// # Errors
/// Those of the database.
pub fn release_all(conn: &mut Conn) -> Result<(), Error> {
    delivery::queue::release_all(conn)?;
    inbox::items::release_all(conn)?;
    backfill::release_all(conn)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use tokio::sync::Semaphore;

    /// The work and its renewal want the same single place, as on SQLite: neither may keep the other from going on.
    #[tokio::test(start_paused = true)]
    async fn work_goes_on_while_a_lease_is_renewed() {
        let (place, renewed) = (Arc::new(Semaphore::new(1)), Arc::new(AtomicUsize::new(0)));
        let work = async {
            for _ in 0..100 {
                let held = place.acquire().await;
                tokio::time::sleep(Duration::from_millis(200)).await;
                drop(held);
            }
        };
        let renew = || async {
            let held = place.acquire().await;
            renewed.fetch_add(1, Ordering::SeqCst);
            drop(held);
            Ok(())
        };
        let done = tokio::time::timeout(Duration::from_secs(120), while_holding(work, renew)).await;
        assert!(done.is_ok(), "the work never ended");
        assert!(renewed.load(Ordering::SeqCst) >= 4, "the lease was not renewed");
    }
}
