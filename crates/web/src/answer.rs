//! Answers: a page, JSON, a problem document, or the way to the ActivityPub id.

use crate::error::Error;
use crate::layout::Frame;
use crate::visit::Visit;
use askama::Template;
use axum::response::{Html, IntoResponse, Response};
use http::header::{CONTENT_LANGUAGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LINK, LOCATION};
use http::{HeaderValue, StatusCode};
use serde::Serialize;

/// A page, with the one `Link` header that readers of previews and crawlers look at.
///
/// # Errors
/// [`Error::Internal`] when the template fails.
pub fn html(frame: &Frame, page: &impl Template) -> Result<Response, Error> {
    let mut response = Html(page.render()?).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(frame.language()));
    // An address that cannot stand in a header (it came from another server) leaves the header out.
    if let Ok(links) = HeaderValue::from_str(&frame.link_header()) {
        headers.insert(LINK, links);
    }
    Ok(response)
}

/// What a page with a script of ours may do: run that, and ask this node.
pub const SCRIPTED: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; script-src 'self'; connect-src 'self'",
);

/// A page that holds a script of ours. All others run nothing.
pub fn scripted(mut page: Response) -> Response {
    page.headers_mut().insert(CONTENT_SECURITY_POLICY, SCRIPTED);
    page
}

/// A list in our own JSON.
#[derive(Serialize)]
pub struct Items<'a, T> {
    /// How many there are in all.
    pub total: i64,
    /// Those of this page.
    pub items: &'a [T],
    /// The address of the next page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// Our own JSON.
pub fn json(document: &impl Serialize) -> Response {
    axum::Json(document).into_response()
}

/// To the ActivityPub id of what was asked for; `id` is absolute.
///
/// # Errors
/// [`Error::NotFound`] for an id that cannot stand in a header.
pub fn see_id(id: &str) -> Result<Response, Error> {
    let location = HeaderValue::from_str(id).map_err(|_| Error::NotFound)?;
    Ok((StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response())
}

/// To another page of this node, after a form or instead of a page; carries a chosen language on.
pub fn see(visit: &Visit, path: &str) -> Response {
    // The paths are ours and the language is one of three: nothing that was typed gets here.
    match HeaderValue::from_str(&visit.l.link(path)) {
        Ok(location) => (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

#[derive(Serialize)]
struct Problem<'a> {
    r#type: &'static str,
    title: &'a str,
    status: u16,
    detail: &'a str,
}

/// A problem document (RFC 9457).
pub fn problem(status: StatusCode, title: &str, detail: &str) -> Response {
    let problem = Problem { r#type: "about:blank", title, status: status.as_u16(), detail };
    let mut response = (status, axum::Json(problem)).into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    response
}
