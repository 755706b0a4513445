//! Waiting for a state. Nothing else in the tests sleeps in order to wait.

use std::future::Future;
use std::time::Duration;

/// How long a state may take. Generous, since the machine may be busy with other things; what has to be fast is measured
/// where it is promised.
pub const LIMIT: Duration = Duration::from_secs(90);
/// Between two looks. They become rarer while nothing comes, since a look may cost a process of its own.
const BETWEEN: Duration = Duration::from_millis(25);
const LONGEST_BETWEEN: Duration = Duration::from_millis(250);

/// Looks again and again until there is something to see.
pub async fn until<T, F, R>(what: &str, mut look: F) -> T
where
    F: FnMut() -> R,
    R: Future<Output = Option<T>>,
{
    let seen = async {
        let mut between = BETWEEN;
        loop {
            if let Some(seen) = look().await {
                return seen;
            }
            tokio::time::sleep(between).await;
            between = LONGEST_BETWEEN.min(between * 3 / 2);
        }
    };
    tokio::time::timeout(LIMIT, seen).await.unwrap_or_else(|_| panic!("not within {LIMIT:?}: {what}"))
}

/// Looks again and again until it is true.
pub async fn until_true<F, R>(what: &str, mut look: F)
where
    F: FnMut() -> R,
    R: Future<Output = bool>,
{
    until(what, || {
        let seen = look();
        async { seen.await.then_some(()) }
    })
    .await;
}
