//! The bell that wakes the workers: rung after each write of this process, and by other processes of the same machine.
//!
//! A command (`solmu publish`) writes to the database of a node that another process serves. It rings there by one
//! datagram to the loopback address with the node's own port, so that what it published leaves at once. A ring carries
//! nothing and changes nothing: whoever rings makes the workers look once. For those who cannot ring, other nodes on the
//! same PostgreSQL among them, [`Bell::watch`] notices that something was written.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;
use store::Store;
use tokio::net::UdpSocket;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// How often it is noticed that something was written: one system call on SQLite, one short query on PostgreSQL.
const WATCH: Duration = Duration::from_millis(500);
/// How often a worker looks without being woken, for what nobody writes: leases that run out, what is to be tried again.
pub(crate) const LOOK_OVER: Duration = Duration::from_secs(3);
/// How often a worker looks for whom nothing waits at all, should every ring be lost.
pub(crate) const QUIET: Duration = Duration::from_secs(30);

/// When a worker looks again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Again {
    /// There may be more to do.
    AtOnce,
    /// What waits is not due yet, or somebody holds it.
    Soon,
    /// Nothing waits.
    WhenRung,
}

impl Again {
    /// How long it waits if nobody rings.
    pub(crate) fn pause(self) -> Duration {
        match self {
            Again::AtOnce => Duration::ZERO,
            Again::Soon => LOOK_OVER,
            Again::WhenRung => QUIET,
        }
    }
}

/// See the module.
#[derive(Debug, Default)]
pub struct Bell {
    here: Notify,
    /// Rung with `here`, unless it was this process that wrote.
    from_outside: Notify,
    /// Where the process that serves this node listens; 0 when it is this one, or not known.
    elsewhere: AtomicU16,
}

impl Bell {
    /// A bell that also rings at the process which serves this node on `port`, as long as that is not this one.
    pub fn new(port: Option<u16>) -> Bell {
        Bell { elsewhere: AtomicU16::new(port.unwrap_or(0)), ..Bell::default() }
    }

    /// Wakes all who wait.
    pub fn ring(&self) {
        self.here.notify_waiters();
        let port = self.elsewhere.load(Ordering::Relaxed);
        if port != 0
            && let Err(error) = ring_at(port)
        {
            tracing::debug!(%error, "the serving process was not rung at; it will look by itself");
        }
    }

    /// Waits for the next ring from now on. The future counts from when it is made, not from when it is polled.
    pub fn heard(&self) -> tokio::sync::futures::Notified<'_> {
        self.here.notified()
    }

    /// [`Bell::heard`] for who is told otherwise of what this process writes.
    pub fn heard_from_outside(&self) -> tokio::sync::futures::Notified<'_> {
        self.from_outside.notified()
    }

    fn rung_from_outside(&self) {
        self.here.notify_waiters();
        self.from_outside.notify_waiters();
    }

    /// Rings when something was written, by whomever, until `stop`; and once more a moment later, since what is being
    /// written to a file may be seen before it can be read.
    pub async fn watch(&self, store: &Store, stop: CancellationToken) {
        let (mut seen, mut again) = (store.stamp().await, false);
        loop {
            tokio::select! {
                () = tokio::time::sleep(WATCH) => {}
                () = stop.cancelled() => return,
            }
            let now = store.stamp().await;
            let changed = now.is_none() || now != seen;
            if changed || again {
                self.rung_from_outside();
            }
            (seen, again) = (now, changed);
        }
    }

    /// Takes rings of other processes until `stop`; this one serves now. Without the port it just does not hear them.
    pub async fn listen(&self, port: u16, stop: CancellationToken) {
        self.elsewhere.store(0, Ordering::Relaxed);
        let socket = match UdpSocket::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await {
            Ok(socket) => socket,
            Err(error) => {
                tracing::info!(%error, port, "commands cannot ring for this node; it notices what they write within half a second");
                return;
            }
        };
        let mut nothing = [0_u8; 1];
        loop {
            tokio::select! {
                rung = socket.recv_from(&mut nothing) => match rung {
                    Ok(_) => self.rung_from_outside(),
                    Err(error) => tracing::debug!(%error, "a ring was lost"),
                },
                () = stop.cancelled() => return,
            }
        }
    }
}

fn ring_at(port: u16) -> std::io::Result<()> {
    let socket = std::net::UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
    socket.send_to(&[1], (Ipv4Addr::LOCALHOST, port)).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use store::Timestamp;

    #[tokio::test]
    async fn what_another_process_writes_without_ringing_is_noticed() {
        for (name, scratch) in store::testing::both() {
            let other = Store::open(scratch.store.url()).unwrap();
            let (bell, stop) = (Arc::new(Bell::new(None)), CancellationToken::new());
            let watching = tokio::spawn({
                let (bell, store, stop) = (Arc::clone(&bell), scratch.store.clone(), stop.clone());
                async move { bell.watch(&store, stop).await }
            });
            let heard = bell.heard_from_outside();
            other
                .write_now(|conn| {
                    store::lease::take(conn, "x", "me", Timestamp::default(), WATCH).map_err(store::Error::from)
                })
                .unwrap();
            tokio::time::timeout(Duration::from_secs(30), heard)
                .await
                .unwrap_or_else(|_| panic!("{name}: nobody noticed"));
            stop.cancel();
            watching.await.unwrap();
        }
    }

    #[tokio::test]
    async fn a_ring_reaches_another_process() {
        // A port that is free, as far as one can know.
        let port = UdpSocket::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
        let (served, stop) = (Arc::new(Bell::new(None)), CancellationToken::new());
        let listening = tokio::spawn({
            let (served, stop) = (Arc::clone(&served), stop.clone());
            async move { served.listen(port, stop).await }
        });
        let command = Bell::new(Some(port));
        let heard = served.heard();
        tokio::pin!(heard);
        // The listener may not have its port yet: the command rings until it is heard.
        let rung = async {
            loop {
                command.ring();
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::select! {
            () = heard.as_mut() => {}
            () = rung => {}
            () = tokio::time::sleep(Duration::from_secs(30)) => panic!("nobody heard it"),
        }
        stop.cancel();
        listening.await.unwrap();
    }
}
