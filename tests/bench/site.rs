//! Many other hosts in one process: each listens on a port of `localhost`, which makes it a host of its own, takes every
//! `POST` after as long as it was told, and writes down when it came.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// How a host behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// It answers after this.
    After(Duration),
    /// It takes the request and never answers.
    Never,
}

#[derive(Default)]
struct Inner {
    /// The host's number and the moment, of each `POST`.
    posts: Mutex<Vec<(usize, Instant)>>,
    /// What is served, by address without the scheme.
    documents: Mutex<HashMap<String, String>>,
}

/// See the module. Its hosts end with it.
pub struct Sites {
    inner: Arc<Inner>,
    /// `localhost:PORT` of each.
    pub hosts: Vec<String>,
    _listening: JoinSet<()>,
}

impl Sites {
    /// Opens hosts, each with the manner that its number has.
    pub async fn open(count: usize, manner: impl Fn(usize) -> Manner) -> Sites {
        let inner = Arc::new(Inner::default());
        let (mut hosts, mut listening) = (Vec::with_capacity(count), JoinSet::new());
        for number in 0..count {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let host = format!("localhost:{}", listener.local_addr().unwrap().port());
            hosts.push(host.clone());
            listening.spawn(listen(listener, Arc::clone(&inner), number, Arc::from(host), manner(number)));
        }
        Sites { inner, hosts, _listening: listening }
    }

    /// Serves a document under its address.
    pub fn serve(&self, url: &str, document: String) {
        let address = url.trim_start_matches("http://").to_owned();
        self.inner.documents.lock().unwrap().insert(address, document);
    }

    /// Forgets what came.
    pub fn forget(&self) {
        self.inner.posts.lock().unwrap().clear();
    }

    /// How many `POST`s came.
    pub fn count(&self) -> usize {
        self.inner.posts.lock().unwrap().len()
    }

    /// How many came to hosts of a kind.
    pub fn count_of(&self, which: impl Fn(usize) -> bool) -> usize {
        self.inner.posts.lock().unwrap().iter().filter(|(host, _)| which(*host)).count()
    }

    /// How long after a moment each `POST` came to the hosts of a kind, sorted.
    pub fn since(&self, begun: Instant, which: impl Fn(usize) -> bool) -> Vec<Duration> {
        let posts = self.inner.posts.lock().unwrap();
        let mut times: Vec<Duration> =
            posts.iter().filter(|(host, _)| which(*host)).map(|(_, at)| at.saturating_duration_since(begun)).collect();
        times.sort_unstable();
        times
    }
}

async fn listen(listener: TcpListener, inner: Arc<Inner>, number: usize, host: Arc<str>, manner: Manner) {
    let mut lines = JoinSet::new();
    loop {
        tokio::select! {
            Ok((stream, _)) = listener.accept() => {
                lines.spawn(serve(stream, Arc::clone(&inner), number, Arc::clone(&host), manner));
            }
            Some(_) = lines.join_next() => {}
        }
    }
}

/// Answers one connection until it ends.
async fn serve(mut stream: TcpStream, inner: Arc<Inner>, number: usize, host: Arc<str>, manner: Manner) {
    let mut received = Vec::with_capacity(4 << 10);
    if stream.set_nodelay(true).is_err() {
        return;
    }
    loop {
        let (end, head) = loop {
            if let Some(end) = received.windows(4).position(|four| four == b"\r\n\r\n") {
                break (end + 4, String::from_utf8_lossy(&received[..end]).into_owned());
            }
            if !matches!(stream.read_buf(&mut received).await, Ok(read) if read > 0) {
                return;
            }
        };
        let length = head
            .lines()
            .filter_map(|line| line.split_once(':'))
            .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
            .map_or(0, |(_, length)| length.trim().parse::<usize>().unwrap_or(0));
        while received.len() < end + length {
            if !matches!(stream.read_buf(&mut received).await, Ok(read) if read > 0) {
                return;
            }
        }
        received.drain(..end + length);
        let answer = if head.starts_with("POST ") {
            inner.posts.lock().unwrap().push((number, Instant::now()));
            match manner {
                Manner::Never => return std::future::pending().await,
                Manner::After(Duration::ZERO) => {}
                Manner::After(time) => tokio::time::sleep(time).await,
            }
            "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n".to_owned()
        } else {
            if manner == Manner::Never {
                return std::future::pending().await;
            }
            let path = head.split(' ').nth(1).unwrap_or_default();
            document(&inner, &host, path)
        };
        if stream.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
    }
}

fn document(inner: &Inner, host: &str, path: &str) -> String {
    let written = match path {
        "/.well-known/nodeinfo" => Some(format!(
            r#"{{"links":[{{"rel":"http://nodeinfo.diaspora.software/ns/schema/2.0","href":"http://{host}/nodeinfo/2.0"}}]}}"#
        )),
        "/nodeinfo/2.0" => Some(r#"{"version":"2.0","software":{"name":"mastodon","version":"4.4.0"}}"#.to_owned()),
        _ => inner.documents.lock().unwrap().get(&format!("{host}{path}")).cloned(),
    };
    match written {
        Some(body) => format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/activity+json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        ),
        None => "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".to_owned(),
    }
}
