//! Cookies, and who is signed in.
//!
//! There are two cookies: one of a session, and one that ties a form to the browser that it was given to before anybody
//! signs in. Both hold a secret and nothing else. Invariant: they are `HttpOnly` and `SameSite=Lax`, are for the whole host
//! and for no other, and travel over TLS alone (`__Host-`), except on `localhost`, which has none.

use crate::Site;
use crate::csrf::FormToken;
use crate::error::Error;
use crate::visit::Visit;
use axum::extract::FromRequestParts;
use axum::response::Response;
use domain::person::{Second, Secret, Visitor, session};
use federation::Origin;
use http::header::{COOKIE, SET_COOKIE};
use http::request::Parts;
use http::{HeaderMap, HeaderValue};
use std::sync::Arc;

/// Paths that end in a secret.
const SECRET_PATHS: [&str; 4] = ["/sign-in/", "/join/", "/setup/", "/me/address/"];

/// Whether a path may end in a secret, so that it stands in no log.
pub fn is_secret_path(path: &str) -> bool {
    SECRET_PATHS.iter().any(|beginning| path.starts_with(beginning))
}

/// One of the two cookies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cookie {
    /// Somebody is signed in.
    Session,
    /// Forms before that.
    Form,
}

impl Cookie {
    /// On `localhost` the name has the port in it: browsers do not tell ports apart.
    fn name(self, origin: &Origin) -> String {
        let word = match self {
            Cookie::Session => "session",
            Cookie::Form => "form",
        };
        match origin.host().split_once(':') {
            _ if origin.scheme() == "https" => format!("__Host-{word}"),
            Some((_, port)) => format!("{word}-{port}"),
            None => word.to_owned(),
        }
    }

    /// What a request brings. Nothing when it brings two that differ: one of them is not ours.
    pub fn read(self, headers: &HeaderMap, origin: &Origin) -> Option<Secret> {
        let name = self.name(origin);
        let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
        let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let mut values = pairs.filter(|(known, _)| *known == name).map(|(_, value)| value);
        let first = values.next()?;
        if values.any(|other| other != first) { None } else { Secret::parse(first) }
    }

    /// `Set-Cookie` with a secret.
    pub fn set(self, origin: &Origin, secret: &Secret) -> Option<HeaderValue> {
        // A form's ends with the browser, a session's with the session.
        let age = match self {
            Cookie::Session => format!("; Max-Age={}", session::WHOLE.as_secs()),
            Cookie::Form => String::new(),
        };
        self.written(origin, secret.reveal(), &age)
    }

    /// `Set-Cookie` that takes it away.
    pub fn clear(self, origin: &Origin) -> Option<HeaderValue> {
        self.written(origin, "", "; Max-Age=0")
    }

    fn written(self, origin: &Origin, value: &str, age: &str) -> Option<HeaderValue> {
        let secure = if origin.scheme() == "https" { "; Secure" } else { "" };
        let text = format!("{}={value}; Path=/; HttpOnly; SameSite=Lax{age}{secure}", self.name(origin));
        HeaderValue::from_str(&text).ok()
    }
}

/// The answer with these cookies.
pub fn with_cookies<const N: usize>(mut response: Response, cookies: [Option<HeaderValue>; N]) -> Response {
    for cookie in cookies.into_iter().flatten() {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

/// A request of somebody who is signed in.
pub struct SignedIn {
    /// The request.
    pub visit: Visit,
    /// Who it is.
    pub visitor: Visitor,
    /// For the forms of the answer.
    pub form: FormToken,
}

impl SignedIn {
    /// Who shows this token, and has taken the second step if they have one.
    ///
    /// # Errors
    /// [`Error::SignInFirst`] when it is in force no more; [`Error::SecondStepFirst`]; those of the database.
    pub async fn of(visit: &Visit, token: &Secret) -> Result<Visitor, Error> {
        let visitor = SignedIn::by_half(visit, token).await?;
        if visitor.second == Second::Awaited { Err(Error::SecondStepFirst) } else { Ok(visitor) }
    }

    /// Who shows this token, also before the second step.
    ///
    /// # Errors
    /// [`Error::SignInFirst`] when it is in force no more; those of the database.
    pub async fn by_half(visit: &Visit, token: &Secret) -> Result<Visitor, Error> {
        let (shown, now) = (token.clone(), visit.now);
        let visitor = visit.read(move |conn| session::find(conn, &shown, now)).await?.ok_or(Error::SignInFirst)?;
        if visitor.to_note {
            let shown = token.clone();
            visit.write(move |conn| session::note(conn, &shown, now)).await?;
        }
        Ok(visitor)
    }
}

impl FromRequestParts<Arc<Site>> for SignedIn {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, site: &Arc<Site>) -> Result<Self, Error> {
        let visit = Visit::of(site, &parts.uri, &parts.headers);
        let token = Cookie::Session.read(&parts.headers, &site.node.origin).ok_or(Error::SignInFirst)?;
        let visitor = SignedIn::of(&visit, &token).await?;
        Ok(SignedIn { visit, visitor, form: FormToken::of_session(&token) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(COOKIE, line.parse().unwrap());
        }
        headers
    }

    #[test]
    fn c20_cookies_are_for_this_host_alone() {
        let secret = Secret::fresh();
        let value = secret.reveal();
        let set = |domain: &str, cookie: Cookie| {
            cookie.set(&Origin::new(domain), &secret).unwrap().to_str().unwrap().to_owned()
        };
        let kept = format!("__Host-session={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=2592000; Secure");
        assert_eq!(set("pirkanmaa.example", Cookie::Session), kept);
        let form = format!("__Host-form={value}; Path=/; HttpOnly; SameSite=Lax; Secure");
        assert_eq!(set("pirkanmaa.example", Cookie::Form), form);
        assert!(set("localhost:7001", Cookie::Session).starts_with(&format!("session-7001={value}; Path=/;")));
        assert!(!set("localhost:7001", Cookie::Session).contains("Secure"));
        let cleared = Cookie::Session.clear(&Origin::new("a.example")).unwrap();
        assert_eq!(cleared.to_str().unwrap(), "__Host-session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0; Secure");
    }

    #[test]
    fn c20_which_cookie_counts() {
        let origin = Origin::new("a.example");
        let (ours, other) = (Secret::fresh(), Secret::fresh());
        let (one, two) = (format!("__Host-session={}", ours.reveal()), format!("__Host-session={}", other.reveal()));
        let many = format!("a=b; {one};c=d");
        for (lines, expected) in [
            (&[one.as_str()][..], Some(&ours)),
            (&[many.as_str()], Some(&ours)),
            (&["a=b", one.as_str()], Some(&ours)),
            (&[one.as_str(), one.as_str()], Some(&ours)),
            (&[one.as_str(), two.as_str()], None),
            (&[], None),
            (&["__Host-session="], None),
            (&["__Host-session=abc"], None),
            (&["session=0000000000000000000000000000000000000000000000000000000000000000"], None),
            (&["__Host-form=0000000000000000000000000000000000000000000000000000000000000000"], None),
        ] {
            assert_eq!(Cookie::Session.read(&headers(lines), &origin).as_ref(), expected, "{lines:?}");
        }
    }

    #[test]
    fn paths_that_stand_in_no_log() {
        for (path, secret) in [
            ("/sign-in/abc", true),
            ("/setup/abc", true),
            ("/join/abc", true),
            ("/me/address/abc", true),
            ("/sign-in", false),
            ("/tapahtumat/x", false),
        ] {
            assert_eq!(is_secret_path(path), secret, "{path}");
        }
    }
}
