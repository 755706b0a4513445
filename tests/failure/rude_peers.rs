//! Servers that take a connection and do not behave, and names that lead nowhere: those that are well get everything
//! meanwhile, and the number of connections stays small.

use crate::harness::{Database, Kind, Node, World, until_true};
use crate::killing::many_events;
use crate::on_both_databases;
use crate::process::handles;
use crate::witness::PER_HOST;
use diesel::prelude::*;
use federation::key::KeyPair;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use store::schema::peers;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

on_both_databases! {
    r10_servers_that_do_not_behave_delay_nobody;
}

/// What a server does with a request.
#[derive(Debug, Clone, Copy)]
enum Manner {
    /// It never answers.
    Silent,
    /// Its answer comes byte by byte and has no end.
    Dripping,
    /// It breaks off (RST) in the middle of the first line of its answer.
    BreakingOff,
    /// It speaks no TLS where it should.
    Plain,
}

/// Connections of a server.
#[derive(Default)]
struct Connections {
    open: AtomicUsize,
    /// The most that were open at once.
    most: AtomicUsize,
    closed: AtomicUsize,
}

struct Rude {
    port: u16,
    manner: Manner,
    connections: Arc<Connections>,
    server: JoinHandle<()>,
}

impl Drop for Rude {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Rude {
    async fn start(manner: Manner) -> Rude {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (port, connections) = (listener.local_addr().unwrap().port(), Arc::new(Connections::default()));
        let counted = Arc::clone(&connections);
        let server = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let counted = Arc::clone(&counted);
                let open = counted.open.fetch_add(1, Ordering::SeqCst) + 1;
                counted.most.fetch_max(open, Ordering::SeqCst);
                tokio::spawn(async move {
                    behave(stream, manner).await;
                    counted.open.fetch_sub(1, Ordering::SeqCst);
                    counted.closed.fetch_add(1, Ordering::SeqCst);
                });
            }
        });
        Rude { port, manner, connections, server }
    }

    fn is_tarpit(&self) -> bool {
        matches!(self.manner, Manner::Silent | Manner::Dripping)
    }

    fn actor(&self, key: &str) -> Value {
        let scheme = if matches!(self.manner, Manner::Plain) { "https" } else { "http" };
        follower(&format!("{scheme}://localhost:{}", self.port), key)
    }
}

/// Returns when the connection is closed.
async fn behave(mut stream: TcpStream, manner: Manner) {
    let mut request = [0; 8192];
    if !matches!(stream.read(&mut request).await, Ok(1..)) {
        return;
    }
    // Nobody may listen any more to what is written here.
    match manner {
        Manner::Silent => while matches!(stream.read(&mut request).await, Ok(1..)) {},
        Manner::Dripping => {
            let mut sent = stream.write_all(b"HTTP/1.1 202 Accepted\r\nx-drip: ").await;
            while sent.is_ok() {
                tokio::time::sleep(Duration::from_millis(100)).await; // the fault itself
                sent = stream.write_all(b"x").await;
            }
        }
        Manner::BreakingOff => {
            let _ = stream.write_all(b"HTTP/1.1 20").await;
            let _ = stream.set_zero_linger();
        }
        Manner::Plain => drop(stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await),
    }
}

/// The document of somebody at a server.
pub fn follower(origin: &str, key: &str) -> Value {
    let id = format!("{origin}/users/seuraaja");
    json!({
        "@context": vocab::ACTIVITY_STREAMS, "id": id, "type": "Person", "preferredUsername": "seuraaja", "name": "Seuraaja",
        "inbox": format!("{id}/inbox"), "publicKey": {"id": format!("{id}#main-key"), "owner": id, "publicKeyPem": key},
    })
}

async fn r10_servers_that_do_not_behave_delay_nobody(database: Database) {
    const WELL: usize = 20;
    const EVENTS: usize = 12;
    let node = Node::start(Kind::Region("06"), database).await;
    let world = World::start(WELL).await;
    let manners = [(Manner::Silent, 8), (Manner::Dripping, 8), (Manner::BreakingOff, 4), (Manner::Plain, 4)];
    let mut rude = Vec::new();
    for manner in manners.iter().flat_map(|(manner, count)| [*manner].repeat(*count)) {
        rude.push(Rude::start(manner).await);
    }
    let key = KeyPair::generate_off_thread().await.unwrap().public_pem;
    let mut followers: Vec<Value> =
        world.hosts().iter().map(|host| follower(&format!("http://{host}"), &key)).collect();
    followers.extend(rude.iter().map(|one| one.actor(&key)));
    // A name that does not exist, and a port at which nobody listens.
    followers.extend([follower("http://nowhere.invalid", &key), follower("http://localhost:1", &key)]);
    let troubled = rude.len() + 2;
    node.is_followed_by(followers).await;

    node.import_bundle(&many_events("kaikille", EVENTS)).await;
    until_true("all that are well have all of it", || async { world.count() == WELL * EVENTS }).await;
    let tarpits = || rude.iter().filter(|one| one.is_tarpit());
    let closed: usize = tarpits().map(|one| one.connections.closed.load(Ordering::SeqCst)).sum();
    assert_eq!(closed, 0, "before the node had waited for the first that hangs to its end");
    assert!(tarpits().any(|one| one.connections.open.load(Ordering::SeqCst) > 0), "nobody hangs: nothing is shown");
    let open = handles(node.pid());
    assert!(open <= 256, "{open} files and sockets");

    println!("── what hangs is cut off, and each of them is given a pause");
    let store = node.store();
    let failing = || {
        let failing = peers::table.filter(peers::failures.gt(0)).count();
        store.read_now(|conn| failing.get_result::<i64>(conn).map_err(store::Error::from)).unwrap()
    };
    until_true("all are given a pause", || async { failing() == troubled as i64 }).await;
    until_true("no connection is left", || async {
        rude.iter().all(|one| one.connections.open.load(Ordering::SeqCst) == 0)
    })
    .await;
    for one in &rude {
        let most = one.connections.most.load(Ordering::SeqCst);
        assert!((1..=PER_HOST).contains(&most), "{:?}: {most} connections at once", one.manner);
    }
    let status = node.status().await;
    assert_eq!(status["deliveries"]["waiting"], troubled * EVENTS, "nothing is lost: {status}");
    assert_eq!(world.count(), WELL * EVENTS, "nothing came twice");
}
