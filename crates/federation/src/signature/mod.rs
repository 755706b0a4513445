//! HTTP signatures: draft-cavage-http-signatures-12 in both directions, since every server of the fediverse verifies it, and
//! RFC 9421 inbound. RSASSA-PKCS1-v1_5 with SHA-256 in both.
//!
//! A signature counts only when it covers method, address, time and, with a body, its digest; the library's verifier asks
//! for `digest` alone, so ours stands in front of it. Nothing is fetched here: who needs a key looks it up between
//! [`cavage::parse`] or [`message::parse`] and [`verify`].

pub mod cavage;
pub mod digest;
pub mod message;
pub mod public_key;

pub use public_key::{Verifier, verify};

use crate::Error;
use crate::key::Signer;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use store::Timestamp;
use url::Url;

/// The time in which a signature counts, around the moment when it was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// It may be this old on arrival.
    pub past: Duration,
    /// It may lie this far ahead.
    pub future: Duration,
}

impl Window {
    /// Whether a signing time is acceptable now.
    pub fn holds(&self, signed_at: Timestamp, now: Timestamp) -> bool {
        signed_at >= now.minus(self.past) && signed_at <= now.plus(self.future)
    }
}

/// Why the headers of a signature cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// A header is longer than 8 KiB or has too many parts.
    #[error("the signature's headers are too long")]
    TooLong,
    /// A header is not of its grammar, or says something twice.
    #[error("the signature's headers are not written as their specification says")]
    Syntax,
    /// The key's id or the signature is missing or empty.
    #[error("the signature's headers lack the key's id or the signature")]
    Incomplete,
    /// An algorithm that is not RSA with SHA-256.
    #[error("the algorithm is not RSASSA-PKCS1-v1_5 with SHA-256")]
    Algorithm,
    /// A component with parameters is covered (RFC 9421 §2.1).
    #[error("the signature covers a component with parameters")]
    Component,
}

/// Adds `Host`, `Date`, `Digest` (with a body) and `Signature` to a request.
///
/// # Errors
/// [`Error::Key`] when the key cannot sign.
pub fn sign(
    headers: &mut HeaderMap,
    method: &Method,
    url: &Url,
    body: Option<&[u8]>,
    signer: &Signer,
    now: Timestamp,
) -> Result<(), Error> {
    let digest = body.map(|body| HeaderValue::from_str(&digest::of(body)));
    let digest = digest.transpose().map_err(|_| Error::refused(url.as_str(), "the digest is no header value"))?;
    sign_digested(headers, method, url, digest.as_ref(), signer, now)
}

/// [`sign`] for a body whose `Digest` was made before: an activity that goes to many hosts is digested once.
///
/// # Errors
/// As there.
pub fn sign_digested(
    headers: &mut HeaderMap,
    method: &Method,
    url: &Url,
    digest: Option<&HeaderValue>,
    signer: &Signer,
    now: Timestamp,
) -> Result<(), Error> {
    let host = store::id::host_of(url.as_str());
    put(headers, header::HOST, &host)?;
    put(headers, header::DATE, &timestamp_to_date(now))?;
    let mut covered = vec!["(request-target)", "host", "date"];
    if let Some(digest) = digest {
        headers.insert(HeaderName::from_static("digest"), digest.clone());
        covered.extend(["digest", "content-type"]);
    }
    let target = match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    };
    let lines = cavage::signing_string(&covered, method, &target, headers, None)
        .ok_or_else(|| Error::refused(url.as_str(), "a header to sign is missing"))?;
    let signature = STANDARD.encode(signer.sign(lines.as_bytes())?);
    let value = format!(
        r#"keyId="{}",algorithm="rsa-sha256",headers="{}",signature="{signature}""#,
        signer.key_id,
        covered.join(" ")
    );
    put(headers, HeaderName::from_static("signature"), &value)
}

fn put(headers: &mut HeaderMap, name: HeaderName, value: &str) -> Result<(), Error> {
    let value = HeaderValue::from_str(value).map_err(|_| Error::refused(value, "is no header value"))?;
    headers.insert(name, value);
    Ok(())
}

/// `Date` as HTTP writes it (RFC 9110 §5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`.
pub fn timestamp_to_date(at: Timestamp) -> String {
    let millis = u64::try_from(at.as_millis()).unwrap_or(0);
    httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_millis(millis))
}

/// Reads an HTTP date.
pub fn date_to_timestamp(text: &str) -> Option<Timestamp> {
    let at: SystemTime = httpdate::parse_http_date(text).ok()?;
    let millis = at.duration_since(UNIX_EPOCH).ok()?.as_millis();
    i64::try_from(millis).ok().map(Timestamp::from_millis)
}
