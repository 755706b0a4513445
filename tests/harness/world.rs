//! Hundreds of other servers in one process, each on a port of its own: they hold any number of actors, take whatever is
//! delivered, check who signed it, and write every arrival to one journal that only grows.
//!
//! What an actor is follows from its address: `/users/NAME` is a person, `/regions/NAME` a region's `Group`.

use super::site::PAIR;
use super::{Reply, Voice, http};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use federation::signature::{self, cavage, digest};
use http::{HeaderMap, Method, StatusCode, header};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::Write;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// Something that was delivered.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// When, in epoch milliseconds.
    pub at: i64,
    /// The server that it came to, by its place in [`World::hosts`].
    pub host: usize,
    /// The path of the inbox.
    pub inbox: String,
    /// The activity's id.
    pub activity: String,
    /// Its verb.
    pub verb: String,
    /// The id of what it is about.
    pub object: String,
    /// The number in the first [`mark`] in its object.
    pub mark: Option<u64>,
    /// The signature is that of the activity's actor.
    pub rightly_signed: bool,
    /// What was answered.
    pub answered: u16,
}

/// A word that tells versions of one thing apart, wherever on the wire its text ends up.
pub fn mark(number: u64) -> String {
    format!("merkki{number}x")
}

fn mark_in(text: &str) -> Option<u64> {
    let (_, rest) = text.split_once("merkki")?;
    rest.split_once('x')?.0.parse().ok()
}

struct Journal {
    arrivals: Vec<Arrival>,
    file: std::io::BufWriter<std::fs::File>,
}

struct Inner {
    hosts: Vec<String>,
    journal: Mutex<Journal>,
    /// Public keys of the node under test by key id.
    keys: Mutex<HashMap<String, String>>,
    /// Held by who asks for a key.
    asking: tokio::sync::Mutex<()>,
    /// What a server's inboxes answer, when that is not 202.
    replies: Mutex<HashMap<usize, Reply>>,
}

/// See the module. Its servers stop when it is dropped.
pub struct World {
    inner: Arc<Inner>,
    _servers: JoinSet<()>,
    folder: tempfile::TempDir,
}

impl World {
    /// Starts so many servers.
    pub async fn start(count: usize) -> World {
        let folder = tempfile::tempdir().unwrap();
        let file = std::fs::File::create(folder.path().join("journal")).unwrap();
        let mut listeners = Vec::with_capacity(count);
        for _ in 0..count {
            listeners.push(TcpListener::bind("127.0.0.1:0").await.unwrap());
        }
        let hosts: Vec<String> =
            listeners.iter().map(|one| format!("localhost:{}", one.local_addr().unwrap().port())).collect();
        let journal = Journal { arrivals: Vec::new(), file: std::io::BufWriter::new(file) };
        let (keys, asking, replies) = (Mutex::default(), tokio::sync::Mutex::default(), Mutex::default());
        let inner = Arc::new(Inner { hosts, journal: Mutex::new(journal), keys, asking, replies });
        let mut servers = JoinSet::new();
        for (place, listener) in listeners.into_iter().enumerate() {
            let router = Router::new().fallback(serve).with_state((Arc::clone(&inner), place));
            servers.spawn(async move { axum::serve(listener, router).await.unwrap() });
        }
        World { inner, _servers: servers, folder }
    }

    /// Every server's host.
    pub fn hosts(&self) -> &[String] {
        &self.inner.hosts
    }

    /// An actor of a server: `users/anna`, `regions/r`.
    pub fn voice(&self, host: usize, path: &str) -> Voice {
        let id = format!("http://{}/{path}", self.inner.hosts[host]);
        let key_id = format!("{id}#main-key");
        let name = path.rsplit('/').next().unwrap().to_owned();
        let signer = PAIR.signer(key_id.clone()).unwrap();
        Voice { id, name, key_id, signer, public_pem: PAIR.public_pem.clone() }
    }

    /// Tells it the keys with which the node under test signs. Another one is asked for when it is met, as servers do.
    pub fn know(&self, keys: impl IntoIterator<Item = (String, String)>) {
        self.inner.keys.lock().unwrap().extend(keys);
    }

    /// What a server's inboxes answer from now on; arrivals are written down all the same.
    pub fn answers(&self, host: usize, reply: Reply) {
        self.inner.replies.lock().unwrap().insert(host, reply);
    }

    /// A server answers 202 again.
    pub fn recovers(&self, host: usize) {
        self.inner.replies.lock().unwrap().remove(&host);
    }

    /// Looks at every arrival so far.
    pub fn look<T>(&self, at: impl FnOnce(&[Arrival]) -> T) -> T {
        at(&self.inner.journal.lock().unwrap().arrivals)
    }

    /// How many arrivals there are so far.
    pub fn count(&self) -> usize {
        self.look(<[Arrival]>::len)
    }

    /// Where the journal lies as a file, one arrival a line.
    pub fn journal(&self) -> std::path::PathBuf {
        self.inner.journal.lock().unwrap().file.flush().unwrap();
        self.folder.path().join("journal")
    }
}

async fn serve(State((world, host)): State<(Arc<Inner>, usize)>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path().to_owned();
    if parts.method != Method::POST {
        return document(&world.hosts[host], &path);
    }
    let body = to_bytes(body, 4 << 20).await.unwrap_or_default();
    let value: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    // Tests run side by side, and a port that was one's may be another's a moment later.
    if value["actor"].as_str().is_some_and(|actor| world.is_of_another_node(actor)) {
        return StatusCode::GONE.into_response();
    }
    world.meet_key(&parts.headers, &value).await;
    let rightly_signed = verify(&world, &path, &parts.headers, &body, &value);
    let reply = world.replies.lock().unwrap().get(&host).cloned().unwrap_or_else(|| Reply::status(202));
    let object = &value["object"];
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let arrival = Arrival {
        at: store::Clock::System.now().as_millis(),
        host,
        inbox: path,
        activity: text(&value["id"]),
        verb: text(&value["type"]),
        object: object.as_str().or(object["id"].as_str()).unwrap_or_default().to_owned(),
        mark: mark_in(&object.to_string()),
        rightly_signed,
        answered: reply.status,
    };
    world.write_down(arrival);
    tokio::time::sleep(reply.after).await; // the fault itself
    let mut response = Response::builder().status(reply.status);
    for (name, value) in reply.headers {
        response = response.header(name, value);
    }
    response.body(Body::from(reply.body)).unwrap()
}

impl Inner {
    /// Whether an actor is of another host than the keys that are known.
    fn is_of_another_node(&self, actor: &str) -> bool {
        let host = store::id::host_of(actor);
        let keys = self.keys.lock().unwrap();
        !keys.is_empty() && !keys.keys().any(|key| store::id::host_of(key) == host)
    }

    /// Asks for the key of a signature, if nobody has met it and the actor is of the node under test.
    async fn meet_key(&self, headers: &HeaderMap, activity: &Value) {
        let signature = headers.get("signature").and_then(|value| cavage::parse(value.to_str().ok()?).ok());
        let Some(key_id) = signature.map(|signature| signature.key_id) else { return };
        let actor = activity["actor"].as_str().unwrap_or_default();
        if key_id.split('#').next() != Some(actor) || self.keys.lock().unwrap().contains_key(&key_id) {
            return;
        }
        let _one_asks = self.asking.lock().await;
        if self.keys.lock().unwrap().contains_key(&key_id) {
            return;
        }
        let asked = http().get(actor).header(header::ACCEPT, super::ACTIVITY).send().await;
        // The node may be down just now; then the signature counts as wrong.
        let Ok(document) = async { asked?.json::<Value>().await }.await else { return };
        let key = &document["publicKey"];
        if let (Some(id), Some(pem)) = (key["id"].as_str(), key["publicKeyPem"].as_str()) {
            self.keys.lock().unwrap().insert(id.to_owned(), pem.to_owned());
        }
    }

    fn write_down(&self, arrival: Arrival) {
        let mut journal = self.journal.lock().unwrap();
        let Arrival { at, host, activity, verb, object, answered, .. } = &arrival;
        let line = json!({"at": at, "host": self.hosts[*host], "activity": activity, "type": verb, "object": object, "answered": answered});
        writeln!(journal.file, "{line}").unwrap();
        journal.arrivals.push(arrival);
    }
}

/// Against the keys that it knows.
fn verify(world: &Inner, target: &str, headers: &HeaderMap, body: &[u8], activity: &Value) -> bool {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let Ok(signature) = cavage::parse(header("signature")) else { return false };
    let key = world.keys.lock().unwrap().get(&signature.key_id).cloned();
    let owner = signature.key_id.split('#').next();
    let Some(key) = key.filter(|_| owner == activity["actor"].as_str()) else { return false };
    if signature.covers_enough(true).is_err() || !digest::matches(header("digest"), body) {
        return false;
    }
    cavage::signing_string(&signature.covered, &Method::POST, target, headers, Some(&signature))
        .is_some_and(|message| signature::verify(&key, message.as_bytes(), &signature.bytes))
}

/// What a server shows of itself.
fn document(host: &str, path: &str) -> Response {
    let id = format!("http://{host}{path}");
    let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    let document = match parts[..] {
        ["users", name] => actor(host, &id, name, None),
        ["regions", name] => actor(host, &id, name, Some("Keski-Suomi")),
        ["users" | "regions", _, _] => {
            json!({"@context": vocab::ACTIVITY_STREAMS, "id": id, "type": "OrderedCollection", "totalItems": 0})
        }
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    ([(header::CONTENT_TYPE, super::ACTIVITY)], document.to_string()).into_response()
}

fn actor(host: &str, id: &str, name: &str, region: Option<&str>) -> Value {
    let kind = if region.is_some() { "Group" } else { "Person" };
    let mut document = json!({
        "@context": [vocab::ACTIVITY_STREAMS, "https://w3id.org/security/v1"],
        "id": id, "type": kind, "preferredUsername": name, "name": name,
        "inbox": format!("{id}/inbox"), "outbox": format!("{id}/outbox"), "followers": format!("{id}/followers"),
        "endpoints": {"sharedInbox": format!("http://{host}/inbox")},
        "publicKey": {"id": format!("{id}#main-key"), "owner": id, "publicKeyPem": PAIR.public_pem},
    });
    if let Some(region) = region {
        document["attachment"] = json!([{"type": "PropertyValue", "name": "Maakunta", "value": region}]);
    }
    document
}
