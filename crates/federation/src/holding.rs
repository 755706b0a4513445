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

/// Does `work`, and calls `renew` now and then until it is done.
pub(crate) async fn while_holding<W, R>(work: W, renew: impl Fn() -> R) -> W::Output
where
    W: Future,
    R: Future<Output = Result<(), Error>>,
{
    tokio::pin!(work);
    loop {
        tokio::select! {
            done = &mut work => return done,
            () = tokio::time::sleep(RENEW) => {
                if let Err(error) = renew().await {
                    tracing::warn!(%error, "a lease could not be renewed");
                }
            }
        }
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
