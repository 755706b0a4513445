//! Waiting: for a state, with an end, and for time to pass where time itself is what is measured.

use std::future::Future;
use std::time::{Duration, Instant};

/// How long anything may take.
const LIMIT: Duration = Duration::from_secs(300);

/// Looks again and again, `between` apart, until it is so. How long that took.
pub async fn until<F, R>(what: &str, between: Duration, mut look: F) -> Duration
where
    F: FnMut() -> R,
    R: Future<Output = bool>,
{
    let begun = Instant::now();
    while !look().await {
        assert!(begun.elapsed() < LIMIT, "not within {LIMIT:?}: {what}");
        tokio::time::sleep(between).await;
    }
    begun.elapsed()
}

/// Lets time pass.
pub async fn rest(time: Duration) {
    tokio::time::sleep(time).await;
}
