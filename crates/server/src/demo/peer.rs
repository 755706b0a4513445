//! A small ActivityPub actor on its own port: it signs as Mastodon does (draft-cavage over `(request-target) host date
//! digest content-type`), keeps a journal of every request that it gets, and checks the signatures on what is delivered.
//!
//! The demo's check uses it as the follower on another server; the tests use it as every other server.

use anyhow::{Context, anyhow, bail};
use axum::Router;
use axum::body::{Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use federation::key::{KeyPair, Signer};
use federation::signature::{self, cavage, digest};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use store::Clock;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use url::Url;
use vocab::PublicKey;

/// How long before each try to fetch a key.
const KEY_WAITS: [Duration; 3] = [Duration::ZERO, Duration::from_millis(300), Duration::from_secs(1)];

/// One request that the peer got.
#[derive(Debug, Clone)]
pub struct Entry {
    /// When, by the peer's clock, in epoch milliseconds.
    pub at: i64,
    /// The method.
    pub method: Method,
    /// The path with its query.
    pub target: String,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as JSON, `null` when it is none.
    pub body: Value,
    /// For a `POST`: why its signature is not that of `body.actor`; `None` when it is.
    pub refused: Option<String>,
    /// What a script made the peer answer; `None` for the usual answer.
    pub scripted: Option<StatusCode>,
}

/// What a scripted peer answers; `None` lets it answer as usual.
pub type Script = Arc<dyn Fn(&Entry) -> Option<(StatusCode, Duration)> + Send + Sync>;

struct Inner {
    host: String,
    name: String,
    region: Option<&'static str>,
    pair: KeyPair,
    signer: Signer,
    journal: Mutex<Vec<Entry>>,
    /// The keys that signed so far, by their ids. As on every server, they outlive the actor that they belonged to.
    keys: Mutex<HashMap<String, PublicKey>>,
    count: watch::Sender<usize>,
    script: Mutex<Option<Script>>,
    http: reqwest::Client,
}

/// The actor. Its server stops when the value is dropped.
pub struct Peer {
    inner: Arc<Inner>,
    server: JoinHandle<()>,
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Peer {
    /// Starts an actor `@name@localhost:PORT` on a free port.
    ///
    /// # Errors
    /// When no port or key can be had.
    pub async fn start(name: &str) -> anyhow::Result<Peer> {
        let pair = KeyPair::generate_off_thread().await?;
        Peer::start_with_key(name, pair).await
    }

    /// [`Peer::start`] with a key that is there already.
    ///
    /// # Errors
    /// When no port can be had.
    pub async fn start_with_key(name: &str, pair: KeyPair) -> anyhow::Result<Peer> {
        Peer::start_as(name, None, pair).await
    }

    /// Starts an actor that presents itself as the node of a region, so that its events are taken in.
    ///
    /// # Errors
    /// When no port or key can be had.
    pub async fn start_region(name: &str, region: &'static str) -> anyhow::Result<Peer> {
        let pair = KeyPair::generate_off_thread().await?;
        Peer::start_as(name, Some(region), pair).await
    }

    async fn start_as(name: &str, region: Option<&'static str>, pair: KeyPair) -> anyhow::Result<Peer> {
        let listener = TcpListener::bind("127.0.0.1:0").await.context("a free port")?;
        let host = format!("localhost:{}", listener.local_addr()?.port());
        let signer = pair.signer(format!("http://{host}/users/{name}#main-key"))?;
        let inner = Arc::new(Inner {
            host,
            name: name.to_owned(),
            region,
            pair,
            signer,
            journal: Mutex::default(),
            keys: Mutex::default(),
            count: watch::Sender::new(0),
            script: Mutex::new(None),
            http: reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build()?,
        });
        let router = Router::new().fallback(serve).with_state(Arc::clone(&inner));
        let server = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                tracing::error!(%error, "the peer's server broke off");
            }
        });
        Ok(Peer { inner, server })
    }

    /// The actor's id.
    pub fn id(&self) -> String {
        self.inner.id()
    }

    /// `localhost:PORT`.
    pub fn host(&self) -> &str {
        &self.inner.host
    }

    /// The key that signs.
    pub fn signer(&self) -> &Signer {
        &self.inner.signer
    }

    /// Sets what it answers from now on; `None` for the usual answers.
    pub fn script(&self, script: Option<Script>) {
        *lock(&self.inner.script) = script;
    }

    /// Every request so far.
    pub fn journal(&self) -> Vec<Entry> {
        lock(&self.inner.journal).clone()
    }

    /// The activities that were delivered, rightly signed, and taken, in order of arrival.
    pub fn deliveries(&self) -> Vec<Entry> {
        let taken = |entry: &Entry| entry.scripted.is_none_or(|status| status.is_success());
        let mut all = self.journal();
        all.retain(|entry| entry.method == Method::POST && entry.refused.is_none() && taken(entry));
        all
    }

    /// Waits until a delivery for which `wanted` holds has arrived, or `limit` is over.
    ///
    /// # Errors
    /// When it did not arrive in time; names what did.
    pub async fn wait_for(&self, limit: Duration, wanted: impl Fn(&Value) -> bool) -> anyhow::Result<Entry> {
        let mut count = self.inner.count.subscribe();
        let arrived = async {
            loop {
                if let Some(entry) = self.deliveries().into_iter().find(|entry| wanted(&entry.body)) {
                    return entry;
                }
                if count.changed().await.is_err() {
                    std::future::pending::<()>().await;
                }
            }
        };
        tokio::time::timeout(limit, arrived).await.map_err(|_| {
            let posts = self.journal().into_iter().filter(|entry| entry.method == Method::POST);
            let seen: Vec<String> = posts
                .map(|entry| match (&entry.refused, entry.scripted) {
                    (Some(reason), _) => format!("{} (refused: {reason})", summary(&entry.body)),
                    (None, Some(status)) => format!("{} (answered {status})", summary(&entry.body)),
                    (None, None) => summary(&entry.body),
                })
                .collect();
            anyhow!(
                "nothing that fits was delivered within {limit:?} to {}; delivered were: {}",
                self.host(),
                seen.join(", ")
            )
        })
    }

    /// Finds an actor's id by its handle `@name@host` (RFC 7033).
    ///
    /// # Errors
    /// When WebFinger does not answer with one.
    pub async fn webfinger(&self, handle: &str) -> anyhow::Result<String> {
        let (name, host) = handle.trim_start_matches('@').split_once('@').context("a handle")?;
        let mut url = Url::parse(&format!("http://{host}/.well-known/webfinger"))?;
        url.query_pairs_mut().append_pair("resource", &format!("acct:{name}@{host}"));
        let answer = self.inner.http.get(url).send().await?.error_for_status()?;
        let jrd = vocab::Jrd::parse(&answer.json::<Value>().await?).map_err(|invalid| anyhow!("{invalid}"))?;
        jrd.self_link().map(str::to_owned).with_context(|| format!("WebFinger names no actor for {handle}"))
    }

    /// Fetches a document as ActivityPub.
    ///
    /// # Errors
    /// When the answer is no JSON.
    pub async fn get(&self, url: &str) -> anyhow::Result<(StatusCode, Value)> {
        let answer = self.inner.http.get(url).header(header::ACCEPT, vocab::ACTIVITY_JSON).send().await?;
        let status = answer.status();
        Ok((status, answer.json().await.with_context(|| format!("{url} answered {status} without JSON"))?))
    }

    /// Signs an activity and posts it to an inbox.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn post(&self, inbox: &str, activity: &Value) -> anyhow::Result<StatusCode> {
        let (url, body) = (Url::parse(inbox)?, activity.to_string().into_bytes());
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(vocab::ACTIVITY_JSON));
        signature::sign(&mut headers, &Method::POST, &url, Some(&body), &self.inner.signer, Clock::System.now())?;
        Ok(self.inner.http.post(url).headers(headers).body(body).send().await?.status())
    }

    /// Follows an actor: posts the `Follow` to its inbox and gives it back.
    ///
    /// # Errors
    /// When the actor cannot be read or the follow is not taken.
    pub async fn follow(&self, actor: &str) -> anyhow::Result<Value> {
        let (_, document) = self.get(actor).await?;
        let inbox = document["inbox"].as_str().with_context(|| format!("{actor} has no inbox"))?.to_owned();
        let id = format!("http://{}/follows/{}", self.inner.host, store::id::fresh(Clock::System.now()));
        let follow = json!({
            "@context": vocab::ACTIVITY_STREAMS, "id": id, "type": "Follow", "actor": self.id(), "object": actor,
        });
        match self.post(&inbox, &follow).await? {
            StatusCode::ACCEPTED => Ok(follow),
            status => bail!("the follow of {actor} was answered {status}"),
        }
    }
}

/// `Create http://…`, for messages.
pub fn summary(activity: &Value) -> String {
    let object = &activity["object"];
    let object = object.as_str().or_else(|| object["id"].as_str()).unwrap_or("?");
    format!("{} {object}", activity["type"].as_str().unwrap_or("?"))
}

impl Inner {
    fn id(&self) -> String {
        format!("http://{}/users/{}", self.host, self.name)
    }

    fn document(&self) -> Value {
        let id = self.id();
        let kind = if self.region.is_some() { "Group" } else { "Person" };
        let mut document = json!({
            "@context": [vocab::ACTIVITY_STREAMS, "https://w3id.org/security/v1"],
            "id": id, "type": kind, "preferredUsername": self.name, "name": self.name,
            "url": format!("http://{}/@{}", self.host, self.name),
            "inbox": format!("{id}/inbox"), "outbox": format!("{id}/outbox"),
            "followers": format!("{id}/followers"), "following": format!("{id}/following"),
            "endpoints": {"sharedInbox": format!("http://{}/inbox", self.host)},
            "publicKey": {"id": format!("{id}#main-key"), "owner": id, "publicKeyPem": self.pair.public_pem},
        });
        if let Some(region) = self.region {
            document["location"] = json!({"type": "Place", "name": region});
            document["attachment"] = json!([{"type": "PropertyValue", "name": "Maakunta", "value": region}]);
        }
        document
    }

    /// Checks a request against the key that signed it, as it is known or else as its actor has it now.
    async fn verify(&self, method: &Method, target: &str, headers: &HeaderMap, body: &[u8]) -> Result<(), String> {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let signature = cavage::parse(text("signature")).map_err(|why| why.to_string())?;
        signature.covers_enough(true)?;
        if !digest::matches(text("digest"), body) {
            return Err("the digest does not fit".to_owned());
        }
        let message = cavage::signing_string(&signature.covered, method, target, headers, Some(&signature))
            .ok_or("a signed header is missing")?;
        let fits = |key: &PublicKey| signature::verify(&key.public_key_pem, message.as_bytes(), &signature.bytes);
        let sender: Value = serde_json::from_slice(body).unwrap_or(Value::Null);
        let is_theirs = |key: &PublicKey| sender["actor"].as_str() == Some(key.owner.as_str());
        let known = lock(&self.keys).get(&signature.key_id).cloned();
        if known.is_some_and(|key| is_theirs(&key) && fits(&key)) {
            return Ok(());
        }
        let key = self.key(&signature.key_id).await?;
        if !is_theirs(&key) {
            return Err("the key is not the sender's".to_owned());
        }
        if !fits(&key) {
            return Err("the signature does not fit".to_owned());
        }
        lock(&self.keys).insert(key.id.clone(), key);
        Ok(())
    }

    /// Fetches a key; once more after a moment from a server that is just starting or very busy.
    async fn key(&self, id: &str) -> Result<PublicKey, String> {
        let mut failed = String::new();
        for wait in KEY_WAITS {
            tokio::time::sleep(wait).await;
            let actor = async {
                let address = id.split('#').next().unwrap_or_default();
                let request = self.http.get(address).header(header::ACCEPT, vocab::ACTIVITY_JSON);
                request.send().await?.error_for_status()?.json::<Value>().await
            };
            match actor.await {
                Ok(actor) => {
                    let named = PublicKey::all_in(&actor).into_iter().find(|key| key.id == id);
                    return named.ok_or_else(|| format!("{id} is no key of its actor"));
                }
                Err(error) => failed = format!("the key cannot be had: {error}"),
            }
        }
        Err(failed)
    }

    fn answer(&self, method: &Method, path: &str, query: &str) -> Response {
        let activity = [(header::CONTENT_TYPE, HeaderValue::from_static(vocab::ACTIVITY_JSON))];
        let users = format!("/users/{}", self.name);
        match path {
            _ if *method == Method::POST => StatusCode::ACCEPTED.into_response(),
            "/.well-known/webfinger" if query.contains(&self.name) => {
                let jrd = vocab::Jrd::of_actor(&self.name, &self.host, &self.id(), None);
                let headers = [(header::CONTENT_TYPE, HeaderValue::from_static("application/jrd+json"))];
                (headers, vocab::context::embedded(&jrd).to_string()).into_response()
            }
            path if path == users => (activity, self.document().to_string()).into_response(),
            path if path.starts_with(&users) => {
                let empty =
                    json!({"id": format!("http://{}{path}", self.host), "type": "OrderedCollection", "totalItems": 0});
                (activity, vocab::context::with_context(empty).to_string()).into_response()
            }
            _ => StatusCode::NOT_FOUND.into_response(),
        }
    }
}

async fn serve(State(peer): State<Arc<Inner>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body: Bytes = to_bytes(body, 1 << 21).await.unwrap_or_default();
    let target = parts.uri.path_and_query().map_or("/", |target| target.as_str()).to_owned();
    let refused = match parts.method {
        Method::POST => peer.verify(&parts.method, &target, &parts.headers, &body).await.err(),
        _ => None,
    };
    let is_refused = refused.is_some();
    if let Some(reason) = &refused {
        tracing::warn!(reason, "a delivery to the peer is not rightly signed");
    }
    let mut entry = Entry {
        at: Clock::System.now().as_millis(),
        method: parts.method.clone(),
        target,
        headers: parts.headers,
        body: serde_json::from_slice(&body).unwrap_or(Value::Null),
        refused,
        scripted: None,
    };
    let scripted = lock(&peer.script).as_ref().and_then(|script| script(&entry));
    entry.scripted = scripted.map(|(status, _)| status);
    let seen = {
        let mut journal = lock(&peer.journal);
        journal.push(entry);
        journal.len()
    };
    peer.count.send_replace(seen);
    if let Some((status, delay)) = scripted {
        tokio::time::sleep(delay).await;
        if !status.is_success() || parts.method == Method::POST {
            return status.into_response();
        }
    }
    if is_refused {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    peer.answer(&parts.method, parts.uri.path(), parts.uri.query().unwrap_or_default())
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
