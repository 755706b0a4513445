//! The bell that wakes the workers: rung after each write of this process, and by other processes of the same machine.
//!
//! A command (`solmu publish`) writes to the database of a node that another process serves. It rings there by one
//! datagram to the loopback address with the node's own port, so that what it published leaves at once; the server needs
//! no polling for it. A ring carries nothing and changes nothing: whoever rings makes the workers look once. One that is
//! lost is made up for by the workers' own look.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU16, Ordering};
use tokio::net::UdpSocket;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// See the module.
#[derive(Debug, Default)]
pub struct Bell {
    here: Notify,
    /// Where the process that serves this node listens; 0 when it is this one, or not known.
    elsewhere: AtomicU16,
}

impl Bell {
    /// A bell that also rings at the process which serves this node on `port`, as long as that is not this one.
    pub fn new(port: Option<u16>) -> Bell {
        Bell { here: Notify::new(), elsewhere: AtomicU16::new(port.unwrap_or(0)) }
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

    /// Takes rings of other processes until `stop`; this one serves now. Without the port it just does not hear them.
    pub async fn listen(&self, port: u16, stop: CancellationToken) {
        self.elsewhere.store(0, Ordering::Relaxed);
        let socket = match UdpSocket::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await {
            Ok(socket) => socket,
            Err(error) => {
                tracing::info!(%error, port, "commands cannot ring for this node; it looks by itself twice a second");
                return;
            }
        };
        let mut nothing = [0_u8; 1];
        loop {
            tokio::select! {
                rung = socket.recv_from(&mut nothing) => match rung {
                    Ok(_) => self.here.notify_waiters(),
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
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            }
        };
        tokio::select! {
            () = heard.as_mut() => {}
            () = rung => {}
            () = tokio::time::sleep(std::time::Duration::from_secs(30)) => panic!("nobody heard it"),
        }
        stop.cancel();
        listening.await.unwrap();
    }
}
