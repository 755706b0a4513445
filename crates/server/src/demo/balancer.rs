//! A small balancer in front of several processes of one node: takes turns, and passes over one that does not answer.
//! Stands in for the proxy of a real installation.

use anyhow::Context;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// See the module. Stops when the value is dropped.
pub struct Balancer {
    port: u16,
    task: JoinHandle<()>,
}

impl Drop for Balancer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Balancer {
    /// Listens on a free port for the processes behind it.
    ///
    /// # Errors
    /// When no port is free.
    pub async fn start(behind: Vec<SocketAddr>) -> anyhow::Result<Balancer> {
        let listener = TcpListener::bind("127.0.0.1:0").await.context("a free port")?;
        let port = listener.local_addr()?.port();
        let (behind, turn) = (Arc::new(behind), Arc::new(AtomicUsize::new(0)));
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(pass_on(client, Arc::clone(&behind), turn.fetch_add(1, Ordering::Relaxed)));
            }
        });
        Ok(Balancer { port, task })
    }

    /// Where it listens.
    pub fn port(&self) -> u16 {
        self.port
    }
}

async fn pass_on(mut client: TcpStream, behind: Arc<Vec<SocketAddr>>, turn: usize) {
    for offset in 0..behind.len() {
        let address = behind[(turn + offset) % behind.len()];
        if let Ok(mut process) = TcpStream::connect(address).await {
            if let Err(error) = tokio::io::copy_bidirectional(&mut client, &mut process).await {
                tracing::debug!(%error, "a connection ended");
            }
            return;
        }
    }
}
