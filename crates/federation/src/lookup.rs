//! Addresses of names, from the system. It answers on a blocking thread, of which the process has a limited number that the
//! database needs too: a name server that hangs may keep half of them, and the database goes on.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Names that are looked up at the same time. The runtime has 512 blocking threads.
const AT_ONCE: usize = 256;

/// See the module.
pub(crate) struct Lookups(Arc<Semaphore>);

impl Default for Lookups {
    fn default() -> Lookups {
        Lookups(Arc::new(Semaphore::new(AT_ONCE)))
    }
}

impl Lookups {
    /// The addresses of a name, with port 0.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) async fn of(&self, name: &str) -> io::Result<Vec<SocketAddr>> {
        let place = Arc::clone(&self.0).acquire_owned().await.map_err(io::Error::other)?;
        let name = name.to_owned();
        // A task of its own: whoever has waited long enough goes away, and the thread, with its place, does not.
        let looked_up = tokio::spawn(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await.map(Iterator::collect);
            drop(place);
            found
        });
        looked_up.await.map_err(io::Error::other)?
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;

    #[tokio::test]
    async fn r10_a_name_server_that_hangs_leaves_threads_for_the_database() {
        let lookups = Lookups::default();
        let mut hanging: Vec<_> =
            (0..AT_ONCE).map(|_| Arc::clone(&lookups.0).try_acquire_owned().expect("a place")).collect();
        let mut waiting = Box::pin(lookups.of("localhost"));
        assert!(waiting.as_mut().now_or_never().is_none(), "one more thread is taken");
        hanging.pop();
        assert!(waiting.await.unwrap().iter().all(|found| found.ip().is_loopback()));
        assert_eq!(lookups.0.available_permits(), 1, "its place is free again");
        // Nobody waits for the answer any more, but a thread still does.
        let _ = lookups.of("localhost").now_or_never();
        assert_eq!(lookups.0.available_permits(), 0);
    }
}
