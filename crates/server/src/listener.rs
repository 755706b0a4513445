//! The door: takes connections, few of one address and not more than there is room for, and cuts those that are slow.
//!
//! HTTP/1.1 alone, as the proxy in front speaks it. A request's head has to be there in time and within its size (408 by
//! closing, 431); an idle connection is closed after the same time, so a proxy must let go of it sooner; and whoever takes
//! nothing of an answer is cut off too ([`patience`]). Every request gets the address that it is counted by ([`ClientAddress`]). A stop ends idle connections at once and the others after
//! their answer.

mod patience;

use crate::config::TrustedProxies;
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use federation::Limits;
use federation::quota::ClientAddress;
use http::{HeaderMap, Request};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use patience::Patient;
use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

/// What is said to a connection for which there is no room.
const FULL: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 10\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
/// How long it is waited when no connection can be taken, such as for want of file handles.
const PAUSE: Duration = Duration::from_millis(200);

/// What is needed to take connections.
pub struct Door {
    /// Where they come in.
    pub listener: TcpListener,
    /// What answers.
    pub router: Router,
    /// How many, and how slow.
    pub limits: Limits,
    /// Whose `X-Forwarded-For` is believed.
    pub trusted: Arc<TrustedProxies>,
}

impl Door {
    /// Serves until `stop`, then until every answer that was begun is given.
    pub async fn serve(self, stop: CancellationToken) {
        let graceful = GracefulShutdown::new();
        let seats = Seats::new(&self.limits);
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new())
            .header_read_timeout(Duration::from_secs(self.limits.header_seconds))
            .max_header_size(usize::try_from(self.limits.header_block).unwrap_or(usize::MAX));
        loop {
            let accepted = tokio::select! {
                accepted = self.listener.accept() => accepted,
                () = stop.cancelled() => break,
            };
            let (stream, socket, peer) = match accepted {
                Ok((stream, peer)) => (stream, peer, peer.ip().to_canonical()),
                Err(error) => {
                    tracing::warn!(%error, "no connection can be taken just now");
                    tokio::time::sleep(PAUSE).await;
                    continue;
                }
            };
            let counted = (!self.trusted.contain(peer)).then_some(peer);
            let Some(seat) = seats.take(counted) else {
                let _best_effort = stream.try_write(FULL);
                continue;
            };
            self.attend(&http, stream, (socket, peer), seat, graceful.watcher());
        }
        drop(self.listener);
        graceful.shutdown().await;
    }

    fn attend(
        &self,
        http: &http1::Builder,
        stream: TcpStream,
        (socket, peer): (SocketAddr, IpAddr),
        seat: Seat,
        watcher: Watcher,
    ) {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY");
        }
        let trusted = Arc::clone(&self.trusted);
        let service = self.router.clone().map_request(move |request: Request<Incoming>| {
            let client = client_address(peer, request.headers(), &trusted);
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ClientAddress(client));
            request.extensions_mut().insert(ConnectInfo(socket));
            request
        });
        let stream = Patient::new(stream, Duration::from_secs(self.limits.answer_seconds));
        let connection = http.serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
        let connection = watcher.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection broke off");
            }
            drop(seat);
        });
    }
}

/// The address that a request is counted by: the one that speaks to us or, when that is a trusted proxy, the last in
/// `X-Forwarded-For` that is none. `None` when a trusted one asks for itself, as the operator on the same machine does.
fn client_address(peer: IpAddr, headers: &HeaderMap, trusted: &TrustedProxies) -> Option<IpAddr> {
    if !trusted.contain(peer) {
        return Some(peer);
    }
    let lines: Vec<&str> =
        headers.get_all("x-forwarded-for").iter().map(|line| line.to_str().unwrap_or("unreadable")).collect();
    for hop in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
        match hop.trim().parse::<IpAddr>() {
            Ok(address) if trusted.contain(address) => {}
            Ok(address) => return Some(address.to_canonical()),
            Err(_) => return Some(peer), // what it says is not to be read: it answers for it
        }
    }
    None
}

/// How many connections there are.
#[derive(Clone)]
struct Seats(Arc<Taken>);

struct Taken {
    most: usize,
    most_of_one: usize,
    /// All, and those of each address.
    taken: Mutex<(usize, HashMap<IpAddr, usize>)>,
}

struct Seat {
    seats: Seats,
    of: Option<IpAddr>,
}

impl Seats {
    fn new(limits: &Limits) -> Seats {
        // The other half of the file handles is for the database and for other servers.
        let most = open_files().map_or(limits.connections, |files| limits.connections.min(files / 2));
        let size = |limit: u64| usize::try_from(limit).unwrap_or(usize::MAX);
        let (most, most_of_one) = (size(most), size(limits.connections_per_address));
        Seats(Arc::new(Taken { most, most_of_one, taken: Mutex::default() }))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, (usize, HashMap<IpAddr, usize>)> {
        self.0.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self, of: Option<IpAddr>) -> Option<Seat> {
        let mut taken = self.lock();
        if taken.0 >= self.0.most {
            return None;
        }
        if let Some(address) = of {
            let of_one = taken.1.entry(address).or_default();
            if *of_one >= self.0.most_of_one {
                return None;
            }
            *of_one += 1;
        }
        taken.0 += 1;
        Some(Seat { seats: self.clone(), of })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.seats.lock();
        taken.0 -= 1;
        if let Some(address) = self.of
            && let Some(of_one) = taken.1.get_mut(&address)
        {
            *of_one -= 1;
            if *of_one == 0 {
                taken.1.remove(&address);
            }
        }
    }
}

/// How many files this process may have open, where the system tells it (Linux).
fn open_files() -> Option<u64> {
    let limits = std::fs::read_to_string("/proc/self/limits").ok()?;
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn whom_a_request_is_counted_by() {
        let trusted = TrustedProxies::parse("127.0.0.1, 10.0.0.2").unwrap();
        for (peer, lines, expected) in [
            ("203.0.113.7", vec![], Some("203.0.113.7")),
            ("203.0.113.7", vec!["198.51.100.1"], Some("203.0.113.7")),
            ("127.0.0.1", vec![], None),
            ("127.0.0.1", vec!["198.51.100.1"], Some("198.51.100.1")),
            ("127.0.0.1", vec!["192.0.2.9, 198.51.100.1"], Some("198.51.100.1")),
            ("127.0.0.1", vec!["192.0.2.9", "198.51.100.1"], Some("198.51.100.1")),
            ("127.0.0.1", vec!["198.51.100.1, 10.0.0.2"], Some("198.51.100.1")),
            ("127.0.0.1", vec!["10.0.0.2,127.0.0.1"], None),
            ("127.0.0.1", vec!["::ffff:198.51.100.1"], Some("198.51.100.1")),
            ("127.0.0.1", vec!["2001:db8::7"], Some("2001:db8::7")),
            ("127.0.0.1", vec!["198.51.100.1, unknown"], Some("127.0.0.1")),
            ("127.0.0.1", vec![""], Some("127.0.0.1")),
        ] {
            let mut headers = HeaderMap::new();
            for line in &lines {
                headers.append("x-forwarded-for", HeaderValue::from_str(line).unwrap());
            }
            let found = client_address(peer.parse().unwrap(), &headers, &trusted);
            assert_eq!(found, expected.map(|text| text.parse().unwrap()), "{peer} {lines:?}");
        }
    }

    #[test]
    fn f30_seats_of_all_and_of_one() {
        let seats = Seats::new(&Limits { connections: 16, connections_per_address: 4, ..Limits::default() });
        let (one, other) = ("203.0.113.7".parse().ok(), "203.0.113.8".parse().ok());
        let mut kept: Vec<Seat> = (0..9).map_while(|_| seats.take(one)).collect();
        assert_eq!(kept.len(), 4);
        kept.extend((0..99).map_while(|_| seats.take(None)));
        assert_eq!(kept.len(), 16, "a trusted proxy is bounded by all");
        assert!(seats.take(other).is_none());
        kept.clear();
        assert!(seats.lock().1.is_empty());
        assert!(seats.take(one).is_some());
    }

    #[test]
    fn r22_file_handles_are_left_for_the_rest() {
        let files = open_files().expect("Linux tells it");
        let seats = Seats::new(&Limits { connections: u64::MAX, ..Limits::default() });
        assert!(seats.0.most as u64 <= files / 2);
    }
}
