//! Forms that change something are taken from this node's own pages alone, as they were given to this very browser.
//!
//! Two fences, each of which would do: the browser says that the form comes from a page of this origin (`Sec-Fetch-Site`,
//! `Origin`; a form of nowhere, `null`, is none), and the form holds what only that browser's cookie can have made
//! ([`FormToken`]). What fails is answered 403 before anything of it is read as anything.

use crate::Site;
use crate::error::Error;
use crate::session::{Cookie, SignedIn};
use crate::visit::Visit;
use axum::extract::{FromRequest, Multipart, Request};
use domain::person::{Secret, Visitor};
use domain::typed::Typed;
use federation::Origin;
use http::header::{CONTENT_TYPE, ORIGIN};
use http::request::Parts;
use http::{HeaderMap, HeaderValue};
use std::sync::Arc;

/// The field that holds the token.
pub const FIELD: &str = "form";
/// What the token is derived for.
const PURPOSE: &str = "form";
/// Bytes of a form at most.
const LARGEST: usize = 256 << 10;
/// Fields of a form at most: a profile has some hundred boxes to tick.
const MOST: usize = 256;
const KIND: &str = "application/x-www-form-urlencoded";

/// What the forms of an answer hold, and the cookie that the answer sets for it.
pub struct FormToken {
    token: Secret,
    cookie: Option<HeaderValue>,
}

impl FormToken {
    /// For the forms of somebody who is signed in.
    pub fn of_session(session: &Secret) -> FormToken {
        FormToken { token: session.derived(PURPOSE), cookie: None }
    }

    /// For the forms of anybody. Who has no cookie for them gets one.
    pub fn of_anybody(headers: &HeaderMap, origin: &Origin) -> FormToken {
        match Cookie::Form.read(headers, origin) {
            Some(known) => FormToken { token: known.derived(PURPOSE), cookie: None },
            None => {
                let fresh = Secret::fresh();
                FormToken { token: fresh.derived(PURPOSE), cookie: Cookie::Form.set(origin, &fresh) }
            }
        }
    }

    /// What stands in the form.
    pub fn value(&self) -> &str {
        self.token.reveal()
    }

    /// The answer's `Set-Cookie`, if it needs one.
    pub fn cookie(self) -> Option<HeaderValue> {
        self.cookie
    }
}

/// A form that passed both fences.
pub struct Posted {
    /// The request.
    pub visit: Visit,
    /// What the browser showed as its session, whether or not there is one.
    pub session: Option<Secret>,
    /// For the same form again, with what is wrong with it.
    pub form: FormToken,
    fields: Vec<(String, String)>,
    by_session: bool,
}

impl Posted {
    /// The session that the form was made for; nothing for a form of before signing in.
    pub fn own_session(&self) -> Option<&Secret> {
        self.session.as_ref().filter(|_| self.by_session)
    }

    /// All that was typed.
    pub fn typed(&self) -> Typed {
        Typed::of(self.fields.iter().cloned())
    }

    /// A field, trimmed; empty when it is not there.
    pub fn field(&self, name: &str) -> &str {
        self.fields.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.trim())
    }

    /// All values of a field, as of boxes that were ticked.
    pub fn fields(&self, name: &str) -> Vec<String> {
        let named = self.fields.iter().filter(|(known, _)| known == name);
        named.map(|(_, value)| value.trim().to_owned()).filter(|value| !value.is_empty()).collect()
    }
}

impl FromRequest<Arc<Site>> for Posted {
    type Rejection = Error;

    async fn from_request(request: Request, site: &Arc<Site>) -> Result<Self, Error> {
        let (parts, body) = request.into_parts();
        if !is_from_here(&parts.headers, &site.node.origin) || !is_form(&parts.headers) {
            return Err(Error::Forbidden);
        }
        let body = axum::body::to_bytes(body, LARGEST).await.map_err(|_| Error::Forbidden)?;
        let pairs = url::form_urlencoded::parse(&body).map(|(name, value)| (name.into_owned(), value.into_owned()));
        Posted::of(site, &parts, pairs.take(MOST).collect())
    }
}

impl Posted {
    /// A form that comes from here, if it holds the token.
    fn of(site: &Arc<Site>, parts: &Parts, fields: Vec<(String, String)>) -> Result<Self, Error> {
        let (headers, origin) = (&parts.headers, &site.node.origin);
        let shown = fields.iter().find(|(name, _)| name == FIELD).map_or("", |(_, value)| value.as_str());
        let session = Cookie::Session.read(headers, origin);
        let is_of = |secret: &Secret| shows_token(secret, shown);
        let by_session = session.as_ref().is_some_and(is_of);
        if !by_session && !Cookie::Form.read(headers, origin).as_ref().is_some_and(is_of) {
            return Err(Error::Forbidden);
        }
        // Who is signed in gets the form again for that session.
        let form = match &session {
            Some(session) if by_session => FormToken::of_session(session),
            _ => FormToken::of_anybody(headers, origin),
        };
        Ok(Posted { visit: Visit::of(site, &parts.uri, headers), session, form, fields, by_session })
    }
}

/// A form of somebody who is signed in, made for that very session.
pub struct SignedForm {
    /// The form.
    pub posted: Posted,
    /// Who it is.
    pub visitor: Visitor,
    /// For the forms of the answer.
    pub form: FormToken,
}

impl FromRequest<Arc<Site>> for SignedForm {
    type Rejection = Error;

    async fn from_request(request: Request, site: &Arc<Site>) -> Result<Self, Error> {
        SignedForm::of(Posted::from_request(request, site).await?).await
    }
}

impl SignedForm {
    async fn of(posted: Posted) -> Result<Self, Error> {
        let session = posted.own_session().ok_or(Error::Forbidden)?;
        let (visitor, form) = (SignedIn::of(&posted.visit, session).await?, FormToken::of_session(session));
        Ok(SignedForm { posted, visitor, form })
    }
}

/// A form with a file, of somebody who is signed in.
pub struct SignedUpload {
    /// The form.
    pub form: SignedForm,
    /// The file; empty when none was chosen. Its name is not looked at.
    pub file: Vec<u8>,
}

impl FromRequest<Arc<Site>> for SignedUpload {
    type Rejection = Error;

    /// The body is bounded by the route.
    async fn from_request(request: Request, site: &Arc<Site>) -> Result<Self, Error> {
        if !is_from_here(request.headers(), &site.node.origin) {
            return Err(Error::Forbidden);
        }
        let (parts, body) = request.into_parts();
        let again = Request::from_parts(parts.clone(), body);
        let mut multipart = Multipart::from_request(again, site).await.map_err(|_| Error::Forbidden)?;
        let (mut fields, mut file) = (Vec::new(), Vec::new());
        while let Some(field) = multipart.next_field().await.map_err(|_| Error::TooLarge)? {
            let name = field.name().unwrap_or_default().to_owned();
            if field.file_name().is_some() {
                file = field.bytes().await.map_err(|_| Error::TooLarge)?.to_vec();
            } else if fields.len() < MOST {
                fields.push((name, field.text().await.map_err(|_| Error::TooLarge)?));
            }
        }
        Ok(SignedUpload { form: SignedForm::of(Posted::of(site, &parts, fields)?).await?, file })
    }
}

/// Whether a browser says that a request comes from a page of this origin. Every browser of these years says one of the
/// two; who says neither is none.
pub fn is_from_here(headers: &HeaderMap, origin: &Origin) -> bool {
    let ours = origin.url("");
    let all = |name: &http::HeaderName, wanted: &str| {
        let mut values = headers.get_all(name).iter().peekable();
        values.peek().is_some().then(|| values.all(|value| value.as_bytes() == wanted.as_bytes()))
    };
    match (all(&http::HeaderName::from_static("sec-fetch-site"), "same-origin"), all(&ORIGIN, &ours)) {
        (None, None) => false,
        (site, origin) => site.unwrap_or(true) && origin.unwrap_or(true),
    }
}

fn is_form(headers: &HeaderMap) -> bool {
    is_of_kind(headers, KIND)
}

/// Whether somebody shows what only this session's forms hold.
pub fn shows_token(session: &Secret, shown: &str) -> bool {
    session.derived(PURPOSE).is_shown_by(shown)
}

/// Whether a body is of this media type.
pub fn is_of_kind(headers: &HeaderMap, wanted: &str) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c18_where_a_form_comes_from() {
        let origin = Origin::new("a.example");
        for (said, expected) in [
            (&[("origin", "https://a.example")][..], true),
            (&[("origin", "https://a.example"), ("sec-fetch-site", "same-origin")], true),
            (&[("sec-fetch-site", "same-origin")], true),
            (&[], false),
            (&[("origin", "null")], false),
            (&[("origin", "null"), ("sec-fetch-site", "same-origin")], false),
            (&[("origin", "http://a.example")], false),
            (&[("origin", "https://a.example:8443")], false),
            (&[("origin", "https://a.example.evil.example")], false),
            (&[("origin", "https://evil.example")], false),
            (&[("origin", "https://a.example"), ("origin", "https://evil.example")], false),
            (&[("origin", "https://a.example"), ("sec-fetch-site", "cross-site")], false),
            (&[("origin", "https://a.example"), ("sec-fetch-site", "same-site")], false),
            (&[("origin", "https://a.example"), ("sec-fetch-site", "none")], false),
            (&[("referer", "https://a.example/")], false),
        ] {
            let mut headers = HeaderMap::new();
            for (name, value) in said {
                headers.append(*name, value.parse().unwrap());
            }
            assert_eq!(is_from_here(&headers, &origin), expected, "{said:?}");
        }
    }

    #[test]
    fn c18_what_is_a_form() {
        for (kind, expected) in [
            ("application/x-www-form-urlencoded", true),
            ("Application/X-WWW-Form-Urlencoded; charset=UTF-8", true),
            ("text/plain", false),
            ("application/json", false),
            ("multipart/form-data; boundary=x", false),
            ("", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, kind.parse().unwrap());
            assert_eq!(is_form(&headers), expected, "{kind}");
        }
        assert!(!is_form(&HeaderMap::new()));
    }
}
