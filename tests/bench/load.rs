//! A load generator: requests that were written beforehand go out over a fixed number of kept connections, each waiting for
//! its answer before it sends the next.
//!
//! Closed loop: what is told of latency is what a sender sees that has so many requests under way, not more.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::JoinSet;

/// Requests, byte for byte.
pub type Shots = Arc<Vec<Vec<u8>>>;

/// What came of it.
#[derive(Debug, Default)]
pub struct Load {
    /// From the first request to the last answer.
    pub took: Duration,
    /// The answers by status.
    pub statuses: BTreeMap<u16, usize>,
    /// The time to each answer, sorted.
    latencies: Vec<Duration>,
}

impl Load {
    /// Answers a second, by the clock.
    pub fn rate(&self) -> f64 {
        self.latencies.len() as f64 / self.took.as_secs_f64()
    }

    /// The time within which this share of the answers came.
    pub fn within(&self, share: f64) -> Duration {
        within(&self.latencies, share)
    }

    /// Ends the measurement unless every answer had this status.
    pub fn must_all_be(&self, status: u16) {
        assert!(self.statuses.keys().eq([&status]), "not every answer was {status}: {:?}", self.statuses);
    }
}

/// The value below which this share of sorted ones lies.
pub fn within(sorted: &[Duration], share: f64) -> Duration {
    let last = sorted.len().saturating_sub(1);
    sorted.get(((sorted.len() as f64 * share) as usize).min(last)).copied().unwrap_or_default()
}

/// Sends `total` requests, beginning anew when they run out.
pub async fn fire(port: u16, connections: usize, shots: &Shots, total: usize) -> Load {
    let next = Arc::new(AtomicUsize::new(0));
    let begun = Instant::now();
    let mut running = JoinSet::new();
    for _ in 0..connections {
        let (shots, next) = (Arc::clone(shots), Arc::clone(&next));
        running.spawn(async move {
            let mut line = Line::open(port).await;
            let mut seen = Vec::new();
            loop {
                let turn = next.fetch_add(1, Ordering::Relaxed);
                if turn >= total {
                    return seen;
                }
                let sent = Instant::now();
                let status = line.ask(&shots[turn % shots.len()]).await;
                seen.push((status, sent.elapsed()));
            }
        });
    }
    let mut load = Load::default();
    for (status, latency) in running.join_all().await.into_iter().flatten() {
        *load.statuses.entry(status).or_default() += 1;
        load.latencies.push(latency);
    }
    load.took = begun.elapsed();
    load.latencies.sort_unstable();
    load
}

/// Sends requests over so many connections from each of the addresses until it is dropped, one after the other as they are
/// answered. Whatever the answer is, and when there is none, it goes on.
pub fn flood(port: u16, from: impl Iterator<Item = Ipv4Addr>, connections: usize, shots: &Shots) -> JoinSet<()> {
    let mut running = JoinSet::new();
    for address in from.flat_map(|address| std::iter::repeat_n(address, connections)) {
        let shots = Arc::clone(shots);
        running.spawn(async move {
            let mut line = Line::open_from(address, port).await;
            for shot in shots.iter().cycle() {
                if line.try_ask(shot).await.is_err() {
                    line = Line::open_from(address, port).await;
                }
            }
        });
    }
    running
}

/// A kept connection.
pub struct Line {
    from: Ipv4Addr,
    port: u16,
    stream: TcpStream,
    received: Vec<u8>,
}

impl Line {
    /// Connects.
    pub async fn open(port: u16) -> Line {
        Line::open_from(Ipv4Addr::LOCALHOST, port).await
    }

    /// Connects from an address of this machine.
    async fn open_from(from: Ipv4Addr, port: u16) -> Line {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind((from, 0).into()).unwrap();
        let stream = socket.connect((Ipv4Addr::LOCALHOST, port).into()).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Line { from, port, stream, received: Vec::with_capacity(16 << 10) }
    }

    /// Sends a request and reads its whole answer: the status. Connects anew when the other side has closed.
    pub async fn ask(&mut self, shot: &[u8]) -> u16 {
        self.try_ask(shot).await.unwrap()
    }

    async fn try_ask(&mut self, shot: &[u8]) -> std::io::Result<u16> {
        self.received.clear();
        self.stream.write_all(shot).await?;
        loop {
            if self.stream.read_buf(&mut self.received).await? == 0 {
                return Err(std::io::Error::other("the server closed in the middle of an answer"));
            }
            let Some((status, length, closes)) = head(&self.received) else { continue };
            if self.received.len() < length {
                continue;
            }
            if closes {
                *self = Line::open_from(self.from, self.port).await;
            }
            return Ok(status);
        }
    }
}

/// Status, whole length, and whether the connection ends, once the head of an answer is there. Answers here have a length.
fn head(received: &[u8]) -> Option<(u16, usize, bool)> {
    let end = received.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let head = std::str::from_utf8(&received[..end]).unwrap().to_ascii_lowercase();
    let status: u16 = head.split(' ').nth(1).unwrap().parse().unwrap();
    let field = |name: &str| head.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
    let length = field("content-length:").map_or(0, |length| length.parse::<usize>().unwrap());
    assert!(field("transfer-encoding:").is_none(), "an answer without a length cannot be measured");
    Some((status, end + length, field("connection:") == Some("close")))
}

/// A request without a body.
pub fn get(host: &str, path: &str, accept: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept: {accept}\r\nAccept-Language: fi\r\n\r\n").into_bytes()
}
