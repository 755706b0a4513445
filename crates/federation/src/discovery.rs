//! How others find this node: WebFinger (RFC 7033, FEP-d556), host-meta (RFC 6415), NodeInfo (FEP-f1d5, FEP-2677).

use crate::actor::{self, Actor};
use crate::problem::Problem;
use crate::state::State;
use crate::{Error, Origin};
use axum::response::{IntoResponse, Response};
use diesel::prelude::*;
use http::{HeaderValue, StatusCode, header};
use serde_json::Value;
use store::Conn;
use store::id::ActorUrl;
use store::schema::{actors, objects};
use vocab::nodeinfo::{NodeInfo, Usage, Version, WellKnown};
use vocab::{Jrd, Resource};

/// `/.well-known/webfinger?resource=`.
///
/// # Errors
/// 400 without a readable resource, 404 for another host's or an unknown one, 410 for one that is gone, 503.
pub async fn webfinger(state: &State, resource: Option<String>) -> Result<Response, Problem> {
    let bad = || Problem::new(StatusCode::BAD_REQUEST, "Ask with ?resource=acct:name@host.");
    let resource = Resource::parse(&resource.ok_or_else(bad)?).map_err(|_| bad())?;
    let origin = state.origin.clone();
    let asked = state.clone();
    let actor = state.store.read(move |conn| find(conn, &origin, &resource)).await?.ok_or_else(Problem::not_found)?;
    if actor.deleted_at.is_some() {
        return Err(Problem::new(StatusCode::GONE, "It was deleted."));
    }
    let mut jrd = Jrd::of_actor(&actor.username, asked.origin.host(), actor.url.as_str(), actor.page.as_deref());
    let icon = vocab::Actor::parse(&actor.parsed()).ok().and_then(|document| document.icon);
    if let Some(icon) = icon
        && let Some(media_type) = &icon.media_type
    {
        jrd = jrd.with_avatar(&icon.url, media_type);
    }
    let jrd = jrd.with_subscribe(&asked.origin.url("/authorize_interaction?uri={uri}"));
    Ok(kept(json(&vocab::context::embedded(&jrd), "application/jrd+json")))
}

fn find(conn: &mut Conn, origin: &Origin, resource: &Resource) -> Result<Option<Actor>, Error> {
    match resource {
        Resource::Account { user, host } if host == origin.host() => Ok(actor::find_local(conn, user)?),
        Resource::Account { .. } => Ok(None),
        Resource::Url(url) if !origin.owns(url.as_str()) => Ok(None),
        Resource::Url(url) if url.path() == "/" => Ok(actor::find(conn, &origin.relay())?),
        Resource::Url(url) => match url.path().strip_prefix("/@") {
            Some(username) => Ok(actor::find_local(conn, &username.to_ascii_lowercase())?),
            None => {
                let known = actor::find(conn, &ActorUrl::from_text(url.as_str()))?;
                Ok(known.filter(|actor| actor.local))
            }
        },
    }
}

/// `/.well-known/host-meta`. Mobilizon asks here first.
pub fn host_meta(state: &State) -> Response {
    let mut response = vocab::webfinger::host_meta_xml(&state.origin.url("")).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/xrd+xml; charset=utf-8"));
    kept(response)
}

/// `/.well-known/host-meta.json`.
pub fn host_meta_json(state: &State) -> Response {
    kept(json(&vocab::webfinger::host_meta_json(&state.origin.url("")), "application/json"))
}

/// `/.well-known/nodeinfo`.
pub fn nodeinfo_links(state: &State) -> Response {
    let links = WellKnown::new(&state.origin.url(""), state.origin.relay().as_str());
    kept(json(&vocab::context::embedded(&links), "application/json"))
}

/// `/nodeinfo/2.1` and `/nodeinfo/2.0`.
///
/// # Errors
/// 503.
pub async fn nodeinfo(state: &State, version: Version) -> Result<Response, Problem> {
    let half_a_year_ago = state.now().minus(std::time::Duration::from_secs(180 * 86_400));
    let a_month_ago = state.now().minus(std::time::Duration::from_secs(30 * 86_400));
    let usage = state
        .store
        .read(move |conn| {
            let people = || {
                actors::table
                    .filter(actors::local)
                    .filter(actors::deleted_at.is_null())
                    .filter(actors::actor_type.eq_any(["Person", "Organization"]))
            };
            let posts = objects::table
                .filter(objects::local)
                .filter(objects::deleted_at.is_null())
                .filter(objects::document.is_not_null());
            let natural = |count: i64| u64::try_from(count).unwrap_or(0);
            Ok::<_, Error>(Usage {
                total: natural(people().count().get_result(conn)?),
                active_month: natural(people().filter(actors::fetched_at.ge(a_month_ago)).count().get_result(conn)?),
                active_halfyear: natural(
                    people().filter(actors::fetched_at.ge(half_a_year_ago)).count().get_result(conn)?,
                ),
                local_posts: natural(posts.count().get_result(conn)?),
            })
        })
        .await?;
    let info = NodeInfo {
        software: state.description.software.clone(),
        repository: state.description.repository.clone(),
        homepage: state.description.repository.clone(),
        usage,
        metadata: state.description.metadata.clone(),
    };
    Ok(kept(json(&info.document(version), &version.content_type())))
}

fn json(value: &Value, content_type: &str) -> Response {
    let mut response = value.to_string().into_response();
    if let Ok(content_type) = HeaderValue::from_str(content_type) {
        response.headers_mut().insert(header::CONTENT_TYPE, content_type);
    }
    response
}

/// Cached for an hour at most.
fn kept(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600"));
    response
}
