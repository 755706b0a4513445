//! The addresses of the spine. Handlers parse and answer; what they answer is in the modules beside this one.

use crate::collection::{self, Part};
use crate::inbox::front::{self, Taken};
use crate::inbox::{edge, proof};
use crate::problem::Problem;
use crate::state::State;
use crate::{discovery, documents, synchronization};
use axum::Router;
use axum::extract::rejection::QueryRejection;
use axum::extract::{FromRequestParts, OriginalUri, Path, Query, Request};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use serde::Deserialize;
use std::time::Duration;
use store::id::ActorUrl;
use tower_http::cors::{Any, CorsLayer, Vary};
use vocab::nodeinfo::Version;

/// One address and the methods that it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Address {
    /// Its path, with the names of its parts in braces.
    pub path: &'static str,
    /// `get`, `post`; `any` for all of them.
    pub methods: &'static [&'static str],
}

/// A list of addresses: from one list come the routes and [`addresses`], which the test of who gets what goes through.
macro_rules! addresses {
    ($(#[$doc:meta])* $routes:ident, $list:ident:
     $($path:literal $method:ident($handler:expr)$(.fallback($other:expr))?;)+) => {
        $(#[$doc])*
        fn $routes() -> Router<State> {
            Router::new()$(.route($path, $method($handler)$(.fallback($other))?))+
        }

        const $list: &[Address] = &[$(Address { path: $path, methods: &[stringify!($method)] }),+];
    };
}

addresses! {
    /// What is found, fetched and listed; and what other programs ask for that we do not have.
    documents_and_lists, READ:
    "/.well-known/webfinger" get(webfinger);
    "/.well-known/host-meta" get(host_meta);
    "/.well-known/host-meta.json" get(host_meta_json);
    "/.well-known/nodeinfo" get(nodeinfo_links);
    "/.well-known/{*unknown}" any(nothing);
    "/nodeinfo/2.1" get(nodeinfo_2_1);
    "/nodeinfo/2.0" get(nodeinfo_2_0);
    "/nodeinfo/{*unknown}" any(nothing);
    "/api/{*unknown}" any(nothing);
    "/ap/relay/followers_synchronization" get(relay_followers);
    "/ap/relay/{collection}" get(relay_collection);
    "/ap/actors/{uuid}/followers_synchronization" get(actor_followers);
    "/ap/actors/{uuid}/{collection}" get(actor_collection);
    "/ap/" any(nothing);
    "/ap/{*address}" get(document);
}

addresses! {
    /// What is written to.
    inboxes, INBOXES:
    "/ap/inbox" post(shared_inbox).fallback(only_post);
    "/ap/relay/inbox" post(relay_inbox).fallback(only_post);
    "/ap/actors/{uuid}/inbox" post(own_inbox).fallback(only_post);
}

/// Every address of the spine.
pub fn addresses() -> impl Iterator<Item = Address> {
    [READ, INBOXES].into_iter().flatten().copied()
}

/// All of them, for a node.
pub fn router(state: State) -> Router {
    documents_and_lists()
        .merge(inboxes().route_layer(from_fn_with_state(state.clone(), edge::guard)))
        .route_layer(from_fn_with_state(state.clone(), readers))
        .method_not_allowed_fallback(not_allowed)
        .layer(readable_by_scripts())
        .with_state(state)
}

/// Readers whom this node has blocked get nothing, as far as they say by a signature who they are. Caches may keep what is
/// public all the same, so the answer to others does not vary by it.
async fn readers(axum::extract::State(state): S, request: Request, next: Next) -> Result<Response, Problem> {
    if matches!(*request.method(), Method::GET | Method::HEAD) && request.headers().contains_key("signature") {
        proof::refuse_blocked_reader(&state, request.headers()).await?;
    }
    Ok(next.run(request).await)
}

/// All of this is public: a script of any site may read it, and may ask beforehand whether it may (`OPTIONS`).
fn readable_by_scripts() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::HEAD])
        .allow_headers([header::ACCEPT, header::ACCEPT_LANGUAGE, header::IF_NONE_MATCH])
        .expose_headers([header::ETAG, header::LINK, header::LOCATION])
        .vary(Vary::list([])) // the answer is the same for every origin
        .max_age(Duration::from_secs(86_400))
}

/// What is asked of other programs at addresses that we do not have: no page, whatever `Accept` says, since readers of
/// these addresses take a page for the answer.
async fn nothing() -> Problem {
    Problem::not_found()
}

/// 405; the router adds which methods there are.
async fn not_allowed() -> Problem {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "This address does not take that method.")
}

type S = axum::extract::State<State>;

#[derive(Deserialize)]
struct Asked {
    resource: Option<String>,
}

async fn webfinger(axum::extract::State(state): S, request: Request) -> Result<Response, Problem> {
    let bad = || Problem::new(StatusCode::BAD_REQUEST, "The query cannot be read.");
    let (mut parts, _) = request.into_parts();
    let Query(asked) = Query::<Asked>::from_request_parts(&mut parts, &()).await.map_err(|_| bad())?;
    discovery::webfinger(&state, asked.resource).await
}

async fn host_meta(axum::extract::State(state): S) -> Response {
    discovery::host_meta(&state)
}

async fn host_meta_json(axum::extract::State(state): S) -> Response {
    discovery::host_meta_json(&state)
}

async fn nodeinfo_links(axum::extract::State(state): S) -> Response {
    discovery::nodeinfo_links(&state)
}

async fn nodeinfo_2_1(axum::extract::State(state): S) -> Result<Response, Problem> {
    discovery::nodeinfo(&state, Version::V2_1).await
}

async fn nodeinfo_2_0(axum::extract::State(state): S) -> Result<Response, Problem> {
    discovery::nodeinfo(&state, Version::V2_0).await
}

async fn shared_inbox(axum::extract::State(state): S, request: Request) -> Result<Taken, Problem> {
    front::receive(&state, None, incoming(request)).await
}

async fn relay_inbox(axum::extract::State(state): S, request: Request) -> Result<Taken, Problem> {
    let relay = state.origin.relay();
    front::receive(&state, Some(relay), incoming(request)).await
}

async fn own_inbox(
    axum::extract::State(state): S,
    Path(uuid): Path<String>,
    request: Request,
) -> Result<Taken, Problem> {
    let actor = state.origin.actor(&uuid);
    front::receive(&state, Some(actor), incoming(request)).await
}

fn incoming(request: Request) -> front::Request {
    let (parts, body) = request.into_parts();
    let uri = parts.extensions.get::<OriginalUri>().map_or(parts.uri, |original| original.0.clone());
    front::Request { method: parts.method, uri, headers: parts.headers, body }
}

/// An inbox is written to, not read.
async fn only_post() -> Response {
    let mut response = Problem::new(StatusCode::METHOD_NOT_ALLOWED, "An inbox takes POST alone.").into_response();
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("POST"));
    response
}

#[derive(Deserialize)]
struct Paged {
    page: Option<i64>,
}

/// The query of a collection. The parser's own words about a bad one are not for others.
type Pages = Result<Query<Paged>, QueryRejection>;

async fn actor_collection(
    axum::extract::State(state): S,
    Path((uuid, name)): Path<(String, String)>,
    paged: Pages,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let actor = state.origin.actor(&uuid);
    listing(&state, actor, name, paged, &headers).await
}

async fn relay_collection(
    axum::extract::State(state): S,
    Path(name): Path<String>,
    paged: Pages,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let relay = state.origin.relay();
    listing(&state, relay, name, paged, &headers).await
}

async fn actor_followers(
    axum::extract::State(state): S,
    Path(uuid): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let actor = state.origin.actor(&uuid);
    followers(&state, actor, request).await
}

async fn relay_followers(axum::extract::State(state): S, request: Request) -> Result<Response, Problem> {
    let relay = state.origin.relay();
    followers(&state, relay, request).await
}

/// Told to the reader alone, so no cache may keep it.
async fn followers(state: &State, actor: ActorUrl, request: Request) -> Result<Response, Problem> {
    let front::Request { method, uri, headers, .. } = incoming(request);
    let head = proof::Head { method: &method, uri: &uri, headers: &headers };
    let document = synchronization::serve(state, actor, head).await?;
    let mut response = documents::activity_json(StatusCode::OK, document, &headers);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    Ok(response)
}

async fn listing(
    state: &State,
    actor: ActorUrl,
    name: String,
    paged: Pages,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    if name == "delete" {
        return documents::serve(state, format!("{actor}/delete"), headers).await;
    }
    let Query(paged) = paged.map_err(|_| Problem::new(StatusCode::BAD_REQUEST, "The page is told by a number."))?;
    let part = paged.page.map_or(Part::Head, |page| Part::Page(page.max(0)));
    let document = collection::serve(state, actor, name, part).await?;
    Ok(documents::activity_json(StatusCode::OK, document, headers))
}

async fn document(
    axum::extract::State(state): S,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    documents::serve(&state, state.origin.url(uri.path()), &headers).await
}

#[cfg(test)]
mod tests {
    /// A route outside the lists would be in no test of who gets what.
    #[test]
    fn every_address_is_in_a_list() {
        let text = include_str!("routes.rs");
        let routes = text.split("#[cfg(test)]").next().unwrap().matches(".route(").count();
        assert_eq!(routes, 1, "the one in the macro");
    }
}
