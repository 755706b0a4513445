//! The one HTTP client of this node. Every request to another server goes through it.
//!
//! Guards: only `https` to public addresses of named hosts on the default port, checked for each hop and, against DNS
//! that changes its mind, at the moment of connecting ([`crate::public_address`]); few redirects, on the same origin; a
//! largest size; ten seconds in all; few at the same time ([`crate::gate`]); and what a delivery causes is paid from its
//! budget ([`crate::budget`]). `allow_private_addresses`, for demos and tests on one machine, lifts the address rules and
//! nothing else.

use crate::gate::Gate;
use crate::key::Signer;
use crate::public_address::{PublicOnly, REFUSED};
use crate::skew::Skew;
use crate::{Error, Limits, budget, signature};
use axum::body::Bytes;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use std::sync::{Arc, LazyLock};
use std::time::Duration;
use store::Timestamp;
use url::{Host, Url};

/// Everything of one request, redirects and body included.
pub const TOTAL: Duration = Duration::from_secs(10);
/// How a refusal by status begins.
const ANSWERED: &str = "answered ";
/// Of the body of an answer to a delivery, so much is read, in bytes.
const DRAINED: usize = 16 * 1024;

type Made = Result<reqwest::Client, String>;

/// See the module.
#[derive(Clone)]
pub struct Client {
    /// Made when it is first used: reading the system's certificates is a third of what a command costs that asks nobody.
    http: Arc<LazyLock<Made, Box<dyn FnOnce() -> Made + Send>>>,
    allow_private: bool,
    /// The largest answer that is read, in bytes after decompression.
    largest: usize,
    redirects: u64,
    gate: Gate,
    /// What other servers' answers tell of our clock.
    pub skew: Arc<Skew>,
}

/// A document that was fetched.
#[derive(Debug)]
pub struct Fetched {
    /// Where it was found, after redirects.
    pub url: Url,
    /// Its content type, lower case, with parameters.
    pub content_type: String,
    /// The bytes.
    pub body: Vec<u8>,
}

/// The answer to a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// `Retry-After`, in seconds or as a date, counted from now.
    pub retry_after: Option<Duration>,
}

impl Client {
    /// A client with this `User-Agent`; `allow_private` lets it connect to addresses of this machine and its network.
    pub fn new(user_agent: &str, allow_private: bool, limits: &Limits) -> Client {
        let user_agent = user_agent.to_owned();
        let make = move || {
            let client = reqwest::Client::builder()
                .user_agent(user_agent)
                .redirect(reqwest::redirect::Policy::none())
                .no_proxy()
                .referer(false)
                .timeout(TOTAL)
                .connect_timeout(Duration::from_secs(5))
                .pool_max_idle_per_host(4)
                .pool_idle_timeout(Duration::from_secs(30))
                .dns_resolver(Arc::new(PublicOnly { allow_private, lookups: Arc::default() }));
            client.build().map_err(|error| error.to_string())
        };
        let (largest, redirects, gate) = (limits.body(), limits.redirects, Gate::new(limits));
        let http = Arc::new(LazyLock::new(Box::new(make) as Box<_>));
        Client { http, allow_private, largest, redirects, gate, skew: Arc::default() }
    }

    /// Makes everything ready for the first request, which a node does at its start.
    ///
    /// # Errors
    /// [`Error::Refused`] when the TLS roots of the system cannot be read.
    pub fn prepare(&self) -> Result<(), Error> {
        self.http().map(drop)
    }

    fn http(&self) -> Result<&reqwest::Client, Error> {
        LazyLock::force(&self.http).as_ref().map_err(|reason| Error::refused("the HTTP client", reason.clone()))
    }

    /// A request with these headers. `Host`, which was signed, is left to the connection: in HTTP/1.1 it writes the same, in
    /// HTTP/2 `:authority` (RFC 9113 §8.3.1), and nginx refuses a request that has both.
    fn request(&self, method: Method, url: &Url, mut headers: HeaderMap) -> Result<reqwest::RequestBuilder, Error> {
        headers.remove(header::HOST);
        Ok(self.http()?.request(method, url.clone()).headers(headers))
    }

    /// Whether this node would connect to an address at all.
    ///
    /// # Errors
    /// [`Error::Refused`] with the rule that speaks against it.
    pub fn check(&self, url: &Url) -> Result<(), Error> {
        let refuse = |reason: &str| Err(Error::refused(url.as_str(), reason));
        match url.scheme() {
            "https" => {}
            "http" if self.allow_private => {}
            _ => return refuse("only https addresses are used"),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return refuse("an address with a user name is not used");
        }
        match url.host() {
            Some(Host::Domain(name)) if self.allow_private || name.trim_end_matches('.').contains('.') => {}
            Some(Host::Domain(_)) => return refuse("the host is no public name"),
            _ => return refuse("a numeric address is not used"),
        }
        if url.port().is_some() && !self.allow_private {
            return refuse("only the default port is used");
        }
        Ok(())
    }

    /// Fetches a document, signed when a signer is given.
    ///
    /// # Errors
    /// [`Error::Unreachable`] when trying later may help, [`Error::Refused`] when not (404 and 410 among them).
    pub async fn get(
        &self,
        url: &Url,
        accept: &str,
        signer: Option<&Signer>,
        now: Timestamp,
    ) -> Result<Fetched, Error> {
        self.get_up_to(self.largest, url, accept, signer, now).await
    }

    /// [`Client::get`] with another limit of size, for files that an operator asks for.
    ///
    /// # Errors
    /// As there.
    pub async fn get_up_to(
        &self,
        limit: usize,
        url: &Url,
        accept: &str,
        signer: Option<&Signer>,
        now: Timestamp,
    ) -> Result<Fetched, Error> {
        budget::spend(url).await?;
        let fetched = async {
            let _place = self.gate.enter(&store::id::host_of(url.as_str())).await;
            self.follow_redirects(limit, url, accept, signer, now).await
        };
        let fetched = tokio::time::timeout(budget::time_for(TOTAL), fetched).await;
        fetched.unwrap_or_else(|_| Err(Error::unreachable(url.as_str(), "no complete answer in time")))
    }

    async fn follow_redirects(
        &self,
        limit: usize,
        url: &Url,
        accept: &str,
        signer: Option<&Signer>,
        now: Timestamp,
    ) -> Result<Fetched, Error> {
        let mut at = url.clone();
        at.set_fragment(None);
        for _ in 0..=self.redirects {
            self.check(&at)?;
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT, text(accept)?);
            if let Some(signer) = signer {
                signature::sign(&mut headers, &Method::GET, &at, None, signer, now)?;
            }
            let request = self.request(Method::GET, &at, headers)?;
            let answer = request.send().await.map_err(|e| failure(&at, &e))?;
            self.skew.note(&at, answer.headers(), now);
            if answer.status().is_redirection() {
                at = redirect(&at, answer.headers())?;
                continue;
            }
            return read(limit, at, answer).await;
        }
        Err(Error::refused(url.as_str(), "redirects too often"))
    }

    /// Posts a signed activity. Redirects are not followed, as nobody does.
    ///
    /// # Errors
    /// [`Error::Unreachable`] when there is no answer; any answer is `Ok`.
    pub async fn post(&self, url: &Url, body: Arc<[u8]>, signer: &Signer, now: Timestamp) -> Result<Answer, Error> {
        let digest = HeaderValue::from_str(&signature::digest::of(&body))
            .map_err(|_| Error::refused(url.as_str(), "the digest is no header value"))?;
        self.deliver(url.clone(), Bytes::from_owner(body), &digest, signer, TOTAL, now).await
    }

    /// [`Client::post`] of an activity that was digested before. An answer is waited for as long as `patience`.
    ///
    /// # Errors
    /// As there.
    pub async fn deliver(
        &self,
        url: Url,
        body: Bytes,
        digest: &HeaderValue,
        signer: &Signer,
        patience: Duration,
        now: Timestamp,
    ) -> Result<Answer, Error> {
        self.check(&url)?;
        let mut headers = HeaderMap::with_capacity(8);
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(vocab::ACTIVITY_JSON));
        signature::sign_digested(&mut headers, &Method::POST, &url, Some(digest), signer, now)?;
        let request = self.request(Method::POST, &url, headers)?.timeout(patience).body(reqwest::Body::from(body));
        let mut answer = request.send().await.map_err(|e| failure(&url, &e))?;
        self.skew.note(&url, answer.headers(), now);
        let retry_after = answer.headers().get(header::RETRY_AFTER).and_then(|value| retry_after(value, now));
        let status = answer.status();
        drain(&mut answer).await;
        Ok(Answer { status, retry_after })
    }
}

/// Reads a short answer to its end, so that the connection can be used again; a long one costs its connection.
async fn drain(answer: &mut reqwest::Response) {
    let mut read = 0;
    while read < DRAINED {
        match answer.chunk().await {
            Ok(Some(chunk)) => read += chunk.len(),
            Ok(None) | Err(_) => return,
        }
    }
}

/// Whether a fetch failed because the other side says that nothing is there, or no longer.
pub(crate) fn says_gone(error: &Error) -> bool {
    let Error::Refused { reason, .. } = error else { return false };
    matches!(reason.strip_prefix(ANSWERED), Some("404" | "410"))
}

async fn read(limit: usize, url: Url, mut answer: reqwest::Response) -> Result<Fetched, Error> {
    let status = answer.status();
    if !status.is_success() {
        let reason = format!("{ANSWERED}{}", status.as_u16());
        let later =
            status.is_server_error() || matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT);
        return Err(if later {
            Error::unreachable(url.as_str(), reason)
        } else {
            Error::refused(url.as_str(), reason)
        });
    }
    let content_type = answer
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_ascii_lowercase();
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|e| failure(&url, &e))? {
        if body.len() + chunk.len() > limit {
            return Err(Error::refused(url.as_str(), format!("is larger than {} KiB", limit / 1024)));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Fetched { url, content_type, body })
}

fn redirect(from: &Url, headers: &HeaderMap) -> Result<Url, Error> {
    let target = headers
        .get(header::LOCATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|location| from.join(location).ok())
        .ok_or_else(|| Error::refused(from.as_str(), "redirects to nowhere"))?;
    if target.origin() != from.origin() {
        return Err(Error::refused(from.as_str(), "redirects to another origin"));
    }
    Ok(target)
}

fn text(value: &str) -> Result<HeaderValue, Error> {
    HeaderValue::from_str(value).map_err(|_| Error::refused(value, "is no header value"))
}

/// Says what went wrong without the remote's own words, which may be long or forged.
fn failure(url: &Url, error: &reqwest::Error) -> Error {
    let mut source: &dyn std::error::Error = error;
    while let Some(deeper) = source.source() {
        source = deeper;
    }
    let reason = match (error.is_timeout(), error.is_connect()) {
        (true, _) => "no answer in time".to_owned(),
        (_, true) => vocab::text::line(&format!("cannot connect: {source}"), 200),
        _ => vocab::text::line(&source.to_string(), 200),
    };
    if reason.contains(REFUSED) {
        return Error::refused(url.as_str(), REFUSED);
    }
    Error::unreachable(url.as_str(), reason)
}

fn retry_after(value: &HeaderValue, now: Timestamp) -> Option<Duration> {
    let text = value.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let at = signature::date_to_timestamp(text)?;
    Some(at.since(now))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn which_addresses_are_used() {
        let strict = Client::new("test", false, &Limits::default());
        let lenient = Client::new("test", true, &Limits::default());
        for (url, in_production, on_one_machine) in [
            ("https://a.example/x", true, true),
            ("http://a.example/x", false, true),
            ("https://a.example:8443/x", false, true),
            ("https://localhost/x", false, true),
            ("http://localhost:7001/x", false, true),
            ("https://127.0.0.1/x", false, false),
            ("https://[::1]/x", false, false),
            ("https://2130706433/x", false, false),
            ("https://user@a.example/x", false, false),
            ("file:///etc/passwd", false, false),
            ("ftp://a.example/", false, false),
        ] {
            let url = Url::parse(url).unwrap();
            assert_eq!(strict.check(&url).is_ok(), in_production, "{url} in production");
            assert_eq!(lenient.check(&url).is_ok(), on_one_machine, "{url} on one machine");
        }
    }

    #[tokio::test]
    async fn a_name_that_leads_to_a_private_address_is_refused_when_connecting() {
        let client = Client::new("test", false, &Limits::default());
        // `localhost` passes only the guard that is tested here: the check of names would stop it before.
        let error = client.http().unwrap().get("https://localhost/x").send().await.unwrap_err();
        let error = failure(&Url::parse("https://localhost/x").unwrap(), &error);
        assert!(matches!(error, Error::Refused { .. }), "{error}");
    }

    #[test]
    fn retry_after_in_seconds_and_as_a_date() {
        let now = Timestamp::from_millis(1_445_412_000_000); // Wed, 21 Oct 2015 07:20:00 GMT
        for (text, seconds) in [("120", Some(120)), ("Wed, 21 Oct 2015 07:28:00 GMT", Some(480)), ("soon", None)] {
            let value = HeaderValue::from_str(text).unwrap();
            assert_eq!(retry_after(&value, now).map(|d| d.as_secs()), seconds, "{text}");
        }
    }
}
