//! What is served under `/ap/`: actors, objects, activities, their collections, and tombstones for what is gone.
//!
//! Never signed for: whoever asks gets it, or two servers that verify each other would wait for ever. A missing thing is
//! 404 and a deleted one 410, both destructive on the other side; a database that is away is 503.

use crate::accept::wants_page;
use crate::problem::Problem;
use crate::state::State;
use crate::{Error, actor, object, outbox, quote, reaction, reply};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde_json::Value;
use store::Conn;
use store::id::{ActivityUrl, ActorUrl, ObjectUrl};
use vocab::{Collection, Tombstone, Verb};

/// The newest public answers that `replies` lists.
const REPLIES: i64 = 200;

/// What an address under `/ap/` stands for.
enum Found {
    /// A document, and the page that people get instead.
    Document { document: Value, page: Option<String> },
    /// A tombstone.
    Gone(Value),
}

/// Answers a `GET` of an address under `/ap/` that is no collection.
///
/// # Errors
/// 404, or 503.
pub async fn serve(state: &State, url: String, headers: &HeaderMap) -> Result<Response, Problem> {
    let found = state.store.read(move |conn| look_up(conn, &url)).await?.ok_or_else(Problem::not_found)?;
    match found {
        Found::Document { page: Some(page), .. } if wants_page(headers) => Ok(see_other(&page)),
        Found::Document { document, .. } => Ok(activity_json(StatusCode::OK, document, headers)),
        Found::Gone(document) => Ok(activity_json(StatusCode::GONE, document, headers)),
    }
}

fn look_up(conn: &mut Conn, url: &str) -> Result<Option<Found>, Error> {
    if let Some(known) = object::find(conn, &ObjectUrl::from_text(url))? {
        if known.is_deleted() {
            let stone = Tombstone {
                id: url.to_owned(),
                former_type: Some(known.former_type),
                published: Some(known.published_at.to_jiff()),
                deleted: known.deleted_at.map(|at| at.to_jiff()),
            };
            return Ok(known.local.then(|| Found::Gone(stone.document())));
        }
        if let Some(document) = known.parsed().filter(|_| known.local) {
            return Ok(Some(Found::Document { document: vocab::context::with_context(document), page: known.page }));
        }
    }
    if let Some(actor) = actor::find(conn, &ActorUrl::from_text(url))?.filter(|actor| actor.local) {
        let document = vocab::context::with_context(actor.parsed());
        return Ok(Some(Found::Document { document, page: actor.page }));
    }
    if let Some(reactions) = reactions(conn, url)? {
        return Ok(Some(Found::Document { document: vocab::context::with_context(reactions), page: None }));
    }
    if let Some(quote) = quote::find(conn, &ObjectUrl::from_text(url))? {
        let document = vocab::context::with_context(quote.document());
        return Ok(Some(Found::Document { document, page: None }));
    }
    let activity = outbox::find(conn, &ActivityUrl::from_text(url))?;
    Ok(activity.map(|document| Found::Document { document: vocab::context::with_context(document), page: None }))
}

/// The collections of what others say about one of our objects: `likes` and `shares` tell their number alone (ActivityPub
/// §5.7, §5.8), `replies` the ids of the public answers.
fn reactions(conn: &mut Conn, url: &str) -> Result<Option<Value>, Error> {
    let Some((object, name)) = url.rsplit_once('/') else { return Ok(None) };
    if !matches!(name, "replies" | "likes" | "shares") {
        return Ok(None);
    }
    let object = ObjectUrl::from_text(object);
    let known = object::find(conn, &object)?;
    if !known.is_some_and(|known| known.local && !known.is_deleted() && known.document.is_some()) {
        return Ok(None);
    }
    let collection = match name {
        "likes" => Collection::counted(url, counted(reaction::count(conn, &object, &Verb::Like)?)),
        "shares" => Collection::counted(url, counted(reaction::count(conn, &object, &Verb::Announce)?)),
        _ => {
            let newest = reply::count(conn, &object)?.saturating_sub(REPLIES).max(0);
            let replies = reply::page(conn, &object, newest, REPLIES)?;
            Collection::whole(url, replies.into_iter().map(|reply| Value::from(reply.url.to_string())).collect())
        }
    };
    Ok(Some(vocab::context::embedded(&collection)))
}

fn counted(rows: i64) -> u64 {
    u64::try_from(rows).unwrap_or(0)
}

/// 303 with an absolute address, since users of `activitypub_federation` follow no other.
pub fn see_other(address: &str) -> Response {
    let Ok(location) = HeaderValue::from_str(address) else { return Problem::not_found().into_response() };
    let headers = [(header::LOCATION, location), (header::VARY, HeaderValue::from_static("Accept"))];
    (StatusCode::SEE_OTHER, headers).into_response()
}

/// A document with the headers of ActivityPub: its type, `Vary`, an `ETag` of its bytes.
pub fn activity_json(status: StatusCode, document: Value, headers: &HeaderMap) -> Response {
    let body = document.to_string();
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, body.as_bytes());
    let tag = format!("\"{}\"", URL_SAFE_NO_PAD.encode(&digest.as_ref()[..15]));
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let unchanged = status == StatusCode::OK
        && known.is_some_and(|known| known.split(',').any(|one| one.trim().trim_start_matches("W/") == tag));
    let mut response =
        if unchanged { StatusCode::NOT_MODIFIED.into_response() } else { (status, body).into_response() };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(vocab::ACTIVITY_JSON));
    headers.insert(header::VARY, HeaderValue::from_static("Accept"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=180"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unchanged_document_is_not_sent_again() {
        let document = serde_json::json!({"id": "https://a.example/1"});
        let first = activity_json(StatusCode::OK, document.clone(), &HeaderMap::new());
        let mut headers = HeaderMap::new();
        headers.insert(header::IF_NONE_MATCH, first.headers()[header::ETAG].clone());
        assert_eq!(activity_json(StatusCode::OK, document, &headers).status(), StatusCode::NOT_MODIFIED);
        let other = serde_json::json!({"id": "https://a.example/2"});
        assert_eq!(activity_json(StatusCode::OK, other, &headers).status(), StatusCode::OK);
    }
}
