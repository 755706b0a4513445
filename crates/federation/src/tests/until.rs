//! Waiting for a state of the database; the one place in these tests that sleeps.

use std::time::Duration;

/// Looks again and again until there is something to see; `None` after half a minute.
pub(super) async fn until<T>(mut look: impl FnMut() -> Option<T>) -> Option<T> {
    let seen = async {
        loop {
            if let Some(seen) = look() {
                return seen;
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), seen).await.ok()
}
