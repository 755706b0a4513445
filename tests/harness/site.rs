//! Another server, under the test's control: it answers each path as it is told, slowly, wrongly or not at all, and writes
//! down every request.

use super::{Post, Signing, until};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use federation::key::{KeyPair, Signer};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// The key of honest actors.
pub(super) static PAIR: LazyLock<KeyPair> = LazyLock::new(|| KeyPair::from_pem(include_str!("keys/one.pem")).unwrap());
/// Somebody else's key.
static OTHER_PAIR: LazyLock<KeyPair> = LazyLock::new(|| KeyPair::from_pem(include_str!("keys/other.pem")).unwrap());

/// What a path answers.
#[derive(Debug, Clone)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: String,
    /// How long it thinks first. A day means never.
    pub after: Duration,
}

impl Reply {
    /// A status alone.
    pub fn status(status: u16) -> Reply {
        Reply { status, headers: Vec::new(), body: String::new(), after: Duration::ZERO }
    }

    /// An ActivityPub document.
    pub fn document(document: &Value) -> Reply {
        Reply { body: document.to_string(), ..Reply::status(200) }.with("content-type", super::ACTIVITY)
    }

    /// To somewhere else.
    pub fn redirect(to: &str) -> Reply {
        Reply::status(302).with("location", to)
    }

    /// With one more header.
    pub fn with(mut self, name: &'static str, value: &str) -> Reply {
        self.headers.push((name, value.to_owned()));
        self
    }

    /// After some time.
    pub fn after(self, after: Duration) -> Reply {
        Reply { after, ..self }
    }
}

/// A request that was made.
#[derive(Debug, Clone)]
pub struct Seen {
    /// When, in epoch milliseconds.
    pub at: i64,
    pub method: String,
    pub path: String,
    pub headers: http::HeaderMap,
    pub body: Value,
}

struct Inner {
    host: String,
    replies: Mutex<HashMap<String, Reply>>,
    journal: Mutex<Vec<Seen>>,
}

/// See the module.
pub struct Site {
    inner: Arc<Inner>,
    server: JoinHandle<()>,
}

impl Drop for Site {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Site {
    /// Starts one on a free port of `localhost`.
    pub async fn start() -> Site {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let host = format!("localhost:{}", listener.local_addr().unwrap().port());
        let inner = Arc::new(Inner { host, replies: Mutex::default(), journal: Mutex::default() });
        let router = Router::new().fallback(answer).with_state(Arc::clone(&inner));
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Site { inner, server }
    }

    /// `localhost:PORT`.
    pub fn host(&self) -> &str {
        &self.inner.host
    }

    /// An address.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.inner.host)
    }

    /// Sets what a path answers. A path that was never set answers 404 to GET and 202 to POST.
    pub fn set(&self, path: &str, reply: Reply) {
        self.inner.replies.lock().unwrap().insert(path.to_owned(), reply);
    }

    /// Says in its NodeInfo what it runs.
    pub fn runs(&self, software: &str) {
        let says = |path: &str, document: &Value| {
            let reply = Reply { body: document.to_string(), ..Reply::status(200) };
            self.set(path, reply.with("content-type", "application/json"));
        };
        let schema = "http://nodeinfo.diaspora.software/ns/schema/2.0";
        says("/.well-known/nodeinfo", &json!({"links": [{"rel": schema, "href": self.url("/nodeinfo")}]}));
        says("/nodeinfo", &json!({"version": "2.0", "software": {"name": software, "version": "5.1.3"}}));
    }

    /// Every request so far.
    pub fn journal(&self) -> Vec<Seen> {
        self.inner.journal.lock().unwrap().clone()
    }

    /// The bodies that were posted so far.
    pub fn posted(&self) -> Vec<Value> {
        self.journal().into_iter().filter(|seen| seen.method == "POST").map(|seen| seen.body).collect()
    }

    /// Waits for a posted body.
    pub async fn posted_one(&self, what: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        until(what, || {
            let found = self.posted().into_iter().find(|body| wanted(body));
            async { found }
        })
        .await
    }

    /// An actor of this server whose document says the truth.
    pub fn actor(&self, name: &str) -> Voice {
        let voice = self.stranger(name);
        self.set(&format!("/users/{name}"), Reply::document(&voice.document()));
        voice
    }

    /// An actor that signs, but whose document is not served.
    pub fn stranger(&self, name: &str) -> Voice {
        let id = self.url(&format!("/users/{name}"));
        let key_id = format!("{id}#main-key");
        Voice {
            signer: PAIR.signer(key_id.clone()).unwrap(),
            public_pem: PAIR.public_pem.clone(),
            id,
            key_id,
            name: name.to_owned(),
        }
    }
}

async fn answer(State(site): State<Arc<Inner>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, 4 << 20).await.unwrap_or_default();
    let path = parts.uri.path().to_owned();
    let reply = site.replies.lock().unwrap().get(&path).cloned();
    site.journal.lock().unwrap().push(Seen {
        at: store::Clock::System.now().as_millis(),
        method: parts.method.to_string(),
        path,
        headers: parts.headers,
        body: serde_json::from_slice(&body).unwrap_or(Value::Null),
    });
    let reply = reply.unwrap_or_else(|| Reply::status(if parts.method == "POST" { 202 } else { 404 }));
    tokio::time::sleep(reply.after).await;
    let mut response = Response::builder().status(reply.status);
    for (name, value) in reply.headers {
        response = response.header(name, value);
    }
    response.body(Body::from(reply.body)).unwrap()
}

/// Somebody who signs.
#[derive(Clone)]
pub struct Voice {
    pub id: String,
    pub name: String,
    pub key_id: String,
    pub signer: Signer,
    pub public_pem: String,
}

impl Voice {
    /// The actor's document.
    pub fn document(&self) -> Value {
        let id = &self.id;
        json!({
            "@context": [vocab::ACTIVITY_STREAMS, "https://w3id.org/security/v1"],
            "id": id, "type": "Person", "preferredUsername": self.name, "name": self.name,
            "inbox": format!("{id}/inbox"), "outbox": format!("{id}/outbox"),
            "publicKey": {"id": self.key_id, "owner": id, "publicKeyPem": self.public_pem},
        })
    }

    /// The same actor signing with another key than the one it shows.
    pub fn with_wrong_key(&self) -> Voice {
        Voice { signer: OTHER_PAIR.signer(self.key_id.clone()).unwrap(), ..self.clone() }
    }

    /// The other key, for an actor that changes its own.
    pub fn with_new_key(&self) -> Voice {
        Voice { public_pem: OTHER_PAIR.public_pem.clone(), ..self.with_wrong_key() }
    }

    /// An activity of its own.
    pub fn activity(&self, verb: &str, object: Value) -> Value {
        let host = store::id::host_of(&self.id);
        let id = format!("http://{host}/activities/{}", uuid::Uuid::new_v4());
        json!({"@context": vocab::ACTIVITY_STREAMS, "id": id, "type": verb, "actor": self.id, "object": object})
    }

    /// Signs an activity as usual and posts it.
    pub async fn post(&self, inbox: &str, activity: &Value) -> u16 {
        Post::signed(self, inbox, &activity.to_string(), &Signing::default()).send().await.status
    }

    /// Posts an activity that has to be taken.
    pub async fn say(&self, inbox: &str, activity: &Value) {
        assert_eq!(self.post(inbox, activity).await, 202, "{activity}");
    }
}
