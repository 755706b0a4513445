//! How a refusal looks to another server: `application/problem+json` (RFC 9457), a status that peers act on rightly, and
//! nothing of our insides.

use crate::Error;
use crate::signature::message;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde_json::json;

/// A refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    status: StatusCode,
    detail: String,
    retry_after: Option<u32>,
    /// What a signature should cover (RFC 9421 §5), with a 401.
    accept_signature: Option<&'static str>,
}

impl Problem {
    /// With a status and a sentence for the other side's operator.
    pub fn new(status: StatusCode, detail: impl Into<String>) -> Problem {
        Problem { status, detail: detail.into(), retry_after: None, accept_signature: None }
    }

    /// Not now: 503 with `Retry-After`. Never 404 or 410, which are destructive on the other side.
    pub fn later(detail: impl Into<String>) -> Problem {
        Problem { retry_after: Some(60), ..Problem::new(StatusCode::SERVICE_UNAVAILABLE, detail) }
    }

    /// 429 with the time to wait, in whole seconds.
    pub(crate) fn too_many(wait: std::time::Duration) -> Problem {
        let seconds = u32::try_from(wait.as_secs()).unwrap_or(u32::MAX).saturating_add(1);
        let detail = "Too much at once. Please send the rest later.";
        Problem { retry_after: Some(seconds), ..Problem::new(StatusCode::TOO_MANY_REQUESTS, detail) }
    }

    /// No such thing.
    pub fn not_found() -> Problem {
        Problem::new(StatusCode::NOT_FOUND, "There is nothing at this address.")
    }

    /// 401: bad or missing signature under a body. Answered at once, since senders that try two schemes wait for it, with
    /// the signature that would be taken (`Accept-Signature`, RFC 9421 §5.1).
    pub fn unsigned(detail: impl Into<String>) -> Problem {
        Problem { accept_signature: Some(message::WANTED_WITH_BODY), ..Problem::new(StatusCode::UNAUTHORIZED, detail) }
    }

    /// The same problem of a request without a body.
    pub(crate) fn of_a_reader(self) -> Problem {
        Problem { accept_signature: self.accept_signature.map(|_| message::WANTED_WITHOUT_BODY), ..self }
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.status
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::Unknown(_) => Problem::not_found(),
            Error::Gone(_) => Problem::new(StatusCode::GONE, "It was deleted."),
            error => {
                tracing::warn!(%error, "a request could not be answered");
                Problem::later("This node cannot answer just now. Please try again later.")
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = json!({
            "type": "about:blank",
            "title": self.status.canonical_reason().unwrap_or("Error"),
            "status": self.status.as_u16(),
            "detail": self.detail,
        });
        let mut response = (self.status, body.to_string()).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if let Some(wanted) = self.accept_signature {
            headers.insert("accept-signature", HeaderValue::from_static(wanted));
        }
        response
    }
}
