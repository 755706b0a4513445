//! Why there is no page, and the page (or the problem document, RFC 9457) that says so in the reader's language.
//!
//! A handler returns [`Error`]; [`crate::router`] turns it into an answer, since only there are form and language known
//! again. Invariant: what went wrong inside is logged here, once, and never shown.

use crate::answer;
use crate::i18n::Key;
use crate::layout::Frame;
use crate::negotiate::Form;
use crate::visit::Visit;
use askama::Template;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::RETRY_AFTER;

/// Why there is no page.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// There is nothing at this address.
    #[error("nothing is here")]
    NotFound,
    /// The address or its query cannot be understood; the texts say why, in the reader's language.
    #[error("the request cannot be understood")]
    Invalid(Vec<String>),
    /// Nobody is signed in, and here somebody has to be.
    #[error("nobody is signed in")]
    SignInFirst,
    /// Somebody is signed in by half: the second step is to be taken first.
    #[error("the second step is to be taken")]
    SecondStepFirst,
    /// Somebody who holds a position has not set the second step up in time.
    #[error("the second step is to be set up")]
    SetUpSecondStep,
    /// A file that is larger than is taken.
    #[error("the file is too large")]
    TooLarge,
    /// A form that is not one of this node's pages, as it was given to this browser.
    #[error("the form is not ours")]
    Forbidden,
    /// A rule speaks against it, as things stand.
    #[error("it cannot be done as things stand")]
    Refused,
    /// A link to sign in by that was never made, was used, or is too old.
    #[error("the link is good for nothing")]
    LinkOver,
    /// An address for setting up that was never made, was used, or is too old.
    #[error("the address for setting up is good for nothing")]
    SetUpOver,
    /// Too often from one address; after so many seconds again.
    #[error("too often")]
    TooOften(u64),
    /// The node is not set up yet.
    #[error("not set up yet")]
    NotYet,
    /// The database is away, full or busy.
    #[error("the database is away")]
    Away,
    /// A fault of ours.
    #[error("a fault of ours")]
    Internal,
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        if error.is_temporary() {
            tracing::warn!(%error, "a page could not be read from the database; answered 503");
            return Error::Away;
        }
        tracing::error!(%error, "a page could not be read from the database");
        Error::Internal
    }
}

/// What forms have to say of their fields is theirs to take out first.
impl From<domain::Error> for Error {
    fn from(error: domain::Error) -> Self {
        match error {
            domain::Error::NotFound | domain::Error::Forbidden(_) => Error::NotFound,
            domain::Error::Refused(_) | domain::Error::Conflict(_) | domain::Error::Invalid(_) => Error::Refused,
            domain::Error::Store(error) => error.into(),
            domain::Error::Federation(error) => {
                tracing::error!(%error, "a change asked for by a page failed");
                Error::Internal
            }
        }
    }
}

impl From<askama::Error> for Error {
    fn from(error: askama::Error) -> Self {
        tracing::error!(%error, "a template failed");
        Error::Internal
    }
}

/// Only the status, with the error attached for [`Error::dressed`].
impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

#[derive(Template)]
#[template(path = "layout/failure.html")]
struct FailurePage {
    l: crate::i18n::Locale,
    frame: Frame,
    status: u16,
    advice: String,
}

impl Error {
    /// Its HTTP status.
    pub fn status(&self) -> StatusCode {
        match self {
            Error::NotFound => StatusCode::NOT_FOUND,
            Error::Invalid(_) => StatusCode::BAD_REQUEST,
            Error::SignInFirst | Error::SecondStepFirst => StatusCode::UNAUTHORIZED,
            Error::Forbidden | Error::SetUpSecondStep => StatusCode::FORBIDDEN,
            Error::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Error::Refused => StatusCode::CONFLICT,
            Error::LinkOver | Error::SetUpOver => StatusCode::GONE,
            Error::TooOften(_) => StatusCode::TOO_MANY_REQUESTS,
            Error::Away | Error::NotYet => StatusCode::SERVICE_UNAVAILABLE,
            Error::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn texts(&self) -> (Key, Key) {
        match self {
            Error::NotFound => (Key("failure-404"), Key("failure-404-advice")),
            Error::Invalid(_) => (Key("failure-400"), Key("failure-400-advice")),
            Error::SignInFirst => (Key("failure-401"), Key("failure-401-advice")),
            Error::SecondStepFirst => (Key("failure-second"), Key("failure-second-advice")),
            Error::SetUpSecondStep => (Key("failure-second-missing"), Key("failure-second-missing-advice")),
            Error::TooLarge => (Key("failure-413"), Key("failure-413-advice")),
            Error::Forbidden => (Key("failure-403"), Key("failure-403-advice")),
            Error::Refused => (Key("failure-409"), Key("failure-409-advice")),
            Error::LinkOver => (Key("failure-link"), Key("failure-link-advice")),
            Error::SetUpOver => (Key("failure-setup"), Key("failure-setup-advice")),
            Error::TooOften(_) => (Key("failure-429"), Key("failure-429-advice")),
            Error::NotYet => (Key("failure-closed"), Key("failure-closed-advice")),
            Error::Away => (Key("failure-503"), Key("failure-503-advice")),
            Error::Internal => (Key("failure-500"), Key("failure-500-advice")),
        }
    }

    /// The whole answer, in the form and the language of the visit.
    pub fn dressed(&self, visit: &Visit) -> Response {
        let way = match self {
            Error::SignInFirst => Some("/sign-in"),
            Error::SecondStepFirst => Some("/second-step"),
            Error::SetUpSecondStep => Some("/me/second-step"),
            _ => None,
        };
        if let Some(way) = way.filter(|_| visit.form == Form::Html) {
            return answer::see(visit, way);
        }
        let (title, advice) = self.texts();
        let (title, advice) = (title.text(visit.l), advice.text(visit.l));
        let mut response = match visit.form {
            Form::Html => {
                let frame = Frame::new(visit, &title, &advice).unlisted();
                let page = FailurePage { l: visit.l, frame, status: self.status().as_u16(), advice };
                answer::html(&page.frame, &page).unwrap_or_else(|_| title.into_response())
            }
            Form::Activity | Form::Json => {
                let detail = match self {
                    Error::Invalid(reasons) => reasons.join(" "),
                    _ => advice,
                };
                answer::problem(self.status(), &title, &detail)
            }
        };
        *response.status_mut() = self.status();
        let wait = match self {
            Error::Away => Some(10),
            Error::NotYet => Some(600),
            Error::TooOften(seconds) => Some(*seconds),
            _ => None,
        };
        if let Some(seconds) = wait {
            response.headers_mut().insert(RETRY_AFTER, http::HeaderValue::from(seconds));
        }
        response
    }
}
