//! Answers that are kept for the next reader: when a link goes round, a thousand servers ask for the same few addresses.
//!
//! A finished `200` to a `GET` is kept under its address and the two headers that answers vary by, `Accept` and
//! `Accept-Language`, letter by letter: JSON and HTML, or two languages, never meet. It is given out again only while nothing
//! was written to the database, by whichever process ([`store::Stamp`]), and for a second at most, since pages tell how long
//! ago things were. What is for one reader alone (a cookie, a signature, `private`) is neither kept nor given.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use std::sync::Arc;
use std::time::{Duration, Instant};
use store::{Stamp, Store};

/// How long an answer may be given out again.
const FRESH: Duration = Duration::from_secs(1);
/// The largest body that is kept, and how much is kept in all, in bytes.
const LARGEST: usize = 256 << 10;
const TOGETHER: u64 = 8 << 20;
/// The longest address that is kept, with its headers.
const LONGEST_KEY: usize = 1024;

/// Request headers with which an answer may be for one reader, or for a part of the body.
const PERSONAL: [&str; 6] = ["cookie", "authorization", "signature", "signature-input", "range", "if-range"];

struct Kept {
    headers: HeaderMap,
    body: Bytes,
    stamp: Stamp,
    at: Instant,
}

#[derive(Clone)]
struct Size;

impl Weighter<String, Arc<Kept>> for Size {
    fn weight(&self, key: &String, kept: &Arc<Kept>) -> u64 {
        let headers: usize = kept.headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
        (key.len() + kept.body.len() + headers + 256) as u64
    }
}

/// The kept answers of one node.
#[derive(Clone)]
pub struct Answers {
    store: Store,
    kept: Arc<Cache<String, Arc<Kept>, Size>>,
}

impl Answers {
    /// None yet.
    pub fn new(store: Store) -> Answers {
        let kept = Cache::with_weighter(2_000, TOGETHER, Size);
        Answers { store, kept: Arc::new(kept) }
    }
}

/// The layer: answers from what is kept, or lets the request through and keeps its answer.
pub async fn answer(State(answers): State<Answers>, mut request: Request, next: Next) -> Response {
    let Some(key) = key(&request) else { return next.run(request).await };
    let Some(stamp) = answers.store.stamp().await else { return next.run(request).await };
    // The condition is looked at here, on the whole answer, so that the whole can be kept.
    let known = request.headers_mut().remove(header::IF_NONE_MATCH);
    if let Some(kept) = answers.kept.get(&key)
        && kept.stamp == stamp
        && kept.at.elapsed() < FRESH
    {
        return conditional(known.as_ref(), kept.headers.clone(), kept.body.clone());
    }
    let at = Instant::now();
    let (parts, body) = next.run(request).await.into_parts();
    if parts.status != StatusCode::OK || is_personal(&parts.headers) {
        return Response::from_parts(parts, body);
    }
    let size = axum::body::HttpBody::size_hint(&body).exact().and_then(|size| usize::try_from(size).ok());
    if size.is_none_or(|size| size > LARGEST) {
        return Response::from_parts(parts, body);
    }
    let Ok(body) = to_bytes(body, LARGEST).await else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    let kept = Kept { headers: parts.headers.clone(), body: body.clone(), stamp, at };
    answers.kept.insert(key, Arc::new(kept));
    conditional(known.as_ref(), parts.headers, body)
}

/// What an answer depends on. `None` for what is not kept.
fn key(request: &Request) -> Option<String> {
    let (uri, headers) = (request.uri(), request.headers());
    if request.method() != Method::GET || PERSONAL.iter().any(|name| headers.contains_key(*name)) {
        return None;
    }
    if uri.path().starts_with("/static/") {
        return None; // in memory as it is
    }
    let mut key = uri.path_and_query()?.as_str().to_owned();
    for name in [header::ACCEPT, header::ACCEPT_LANGUAGE] {
        key.push('\n');
        for line in headers.get_all(name) {
            key.push_str(line.to_str().ok()?);
            key.push('\r');
        }
    }
    (key.len() <= LONGEST_KEY).then_some(key)
}

fn is_personal(headers: &HeaderMap) -> bool {
    let told = headers.get(header::CACHE_CONTROL).and_then(|value| value.to_str().ok()).unwrap_or_default();
    headers.contains_key(header::SET_COOKIE) || told.contains("private") || told.contains("no-store")
}

/// The answer, or `304` when the reader has it (RFC 9110 §13.1.2).
fn conditional(known: Option<&HeaderValue>, headers: HeaderMap, body: Bytes) -> Response {
    let tag = headers.get(header::ETAG).and_then(|tag| tag.to_str().ok());
    let known = known.and_then(|known| known.to_str().ok());
    let unchanged = matches!((known, tag), (Some(known), Some(tag)) if known.split(',').any(|one| one.trim().trim_start_matches("W/") == tag));
    let mut response = if unchanged { Response::new(Body::empty()) } else { Response::new(Body::from(body)) };
    *response.headers_mut() = headers;
    if unchanged {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        response.headers_mut().remove(header::CONTENT_LENGTH);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(method: &str, address: &str, headers: &[(&str, &str)]) -> Request {
        let mut request = Request::builder().method(method).uri(address);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(Body::empty()).unwrap()
    }

    #[test]
    fn what_is_kept_apart_and_what_is_not_kept() {
        let accepts = ["text/html", "application/json", "application/activity+json", "*/*"];
        let mut keys: Vec<String> =
            accepts.iter().map(|accept| key(&asked("GET", "/x", &[("accept", accept)])).unwrap()).collect();
        keys.push(key(&asked("GET", "/x", &[("accept-language", "text/html")])).unwrap());
        keys.push(key(&asked("GET", "/x?a", &[])).unwrap());
        keys.push(key(&asked("GET", "/x", &[])).unwrap());
        keys.sort();
        keys.dedup();
        assert_eq!(keys.len(), accepts.len() + 3);
        for (method, address, headers) in [
            ("POST", "/x", vec![]),
            ("HEAD", "/x", vec![]),
            ("GET", "/static/a.css", vec![]),
            ("GET", "/x", vec![("cookie", "session=1")]),
            ("GET", "/x", vec![("authorization", "Bearer x")]),
            ("GET", "/x", vec![("signature", "keyId=\"k\"")]),
            ("GET", "/x", vec![("range", "bytes=0-1")]),
        ] {
            assert_eq!(key(&asked(method, address, &headers)), None, "{method} {address} {headers:?}");
        }
        assert_eq!(key(&asked("GET", &format!("/{}", "x".repeat(LONGEST_KEY)), &[])), None);
    }

    #[test]
    fn who_has_it_gets_no_body() {
        let mut headers = HeaderMap::new();
        headers.insert(header::ETAG, HeaderValue::from_static("\"a\""));
        for (known, status) in [(Some("\"a\""), 304), (Some("\"b\", W/\"a\""), 304), (Some("\"b\""), 200), (None, 200)]
        {
            let known = known.map(HeaderValue::from_static);
            let answer = conditional(known.as_ref(), headers.clone(), Bytes::from_static(b"{}"));
            assert_eq!(answer.status(), status, "{known:?}");
            assert_eq!(answer.headers()[header::ETAG], "\"a\"");
        }
    }

    #[test]
    fn what_is_for_one_reader() {
        for (name, value, personal) in [
            ("cache-control", "public, max-age=180", false),
            ("cache-control", "no-cache", false),
            ("cache-control", "private", true),
            ("cache-control", "no-store", true),
            ("set-cookie", "a=b", true),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(name, HeaderValue::from_static(value));
            assert_eq!(is_personal(&headers), personal, "{name}: {value}");
        }
    }
}
