//! Which address is which page, and the headers that every answer carries.

use crate::error::Error;
use crate::feeds::sitemap;
use crate::gate::{self, Gate};
use crate::pages::{
    about, actor, event, feedback, follow, front, me, organisation, producer, record, region, search, self_test, setup,
    sign_in, task, texts,
};
use crate::quota;
use crate::visit::Visit;
use crate::{Site, assets, security_txt};
use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state, map_response};
use axum::response::Response;
use axum::routing::{get, post};
use http::HeaderValue;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS};
use std::sync::Arc;

/// All pages of a node. To be merged with the routes of `federation`; it answers whatever no route answers.
pub fn router(site: Site) -> Router {
    let site = Arc::new(site);
    let following = Router::new()
        .route("/seuraa", get(follow::show))
        .route("/authorize_interaction", get(follow::show))
        .layer(from_fn_with_state(quota::of_ways_in(), quota::count_questions));
    let pages = Router::new()
        .merge(following)
        .route("/", get(front::show))
        .route("/tapahtumat", get(event::list))
        .route("/tapahtumat.ics", get(event::calendar))
        .route("/tapahtumat.atom", get(event::atom))
        .route("/tapahtumat/{slug}", get(event::show))
        .route("/tapahtumat/{host}/{slug}", get(event::show_copy))
        .route("/tehtavat", get(task::list))
        .route("/tehtavat.atom", get(task::atom))
        .route("/tehtavat/{slug}", get(task::show))
        .route("/tehtavat/{host}/{slug}", get(task::show_copy))
        .route("/tuottajat", get(producer::list))
        .route("/tuottajat.atom", get(producer::atom))
        .route("/organisaatiot.atom", get(organisation::atom))
        .route("/organisaatiot", get(organisation::list))
        .route("/alueet", get(region::list))
        .route(search::PATH, get(search::show))
        .route("/@{username}", get(actor::show))
        .route("/tietoa", get(about::show))
        .route(sitemap::PATH, get(sitemap::show))
        .fallback(nothing)
        .layer(from_fn_with_state(Gate::of(&site), gate::pass))
        .route(texts::PRIVACY, get(texts::privacy))
        .route(texts::ACCESSIBILITY, get(texts::accessibility))
        .route(texts::SAFER_SPACE, get(texts::safer_space))
        .layer(from_fn_with_state(site.clone(), dress));
    let personal = Router::new()
        .route("/sign-in", get(sign_in::ask).post(sign_in::send))
        .route("/sign-in/sent", get(sign_in::sent))
        .route("/sign-in/{link}", get(sign_in::confirm).post(sign_in::enter))
        .route("/setup/{link}", get(setup::show).post(setup::complete))
        .route(feedback::PATH, get(feedback::ask).post(feedback::tell))
        .route(feedback::THANKS, get(feedback::thanks))
        .layer(from_fn_with_state(quota::of_ways_in(), quota::count))
        .route("/sign-out", post(sign_in::leave))
        .route("/sign-out-everywhere", post(sign_in::leave_everywhere))
        .route(self_test::PATH, get(self_test::show))
        .route(record::PATH, get(record::show))
        .route("/me", get(me::show))
        .route("/me.json", get(me::export))
        .layer(from_fn_with_state(site.clone(), dress))
        .layer(map_response(seclude));
    let files = Router::new()
        .route("/static/{*path}", get(assets::serve))
        .route("/favicon.ico", get(assets::favicon))
        .route("/apple-touch-icon.png", get(assets::touch_icon))
        .route("/robots.txt", get(robots))
        .route(security_txt::PATH, get(security_txt::show));
    pages.merge(personal).merge(files).with_state(site).layer(map_response(guard))
}

async fn nothing() -> Error {
    Error::NotFound
}

async fn robots(State(site): State<Arc<Site>>) -> String {
    format!(
        "User-agent: *\nDisallow: /ap/\nDisallow: /sign-in\nDisallow: /me\nDisallow: /desk\nDisallow: /setup\nAllow: /\nSitemap: {}\n",
        site.node.origin.url(sitemap::PATH)
    )
}

const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
);
const OPENER: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

/// What protects the reader, on every answer of the node, documents for other servers and refusals among them: nothing
/// runs, nothing loads from elsewhere, nothing is taken for another type than it says, and no refusal is kept by a cache.
/// To be laid around everything else. What an answer says itself about caches and referrers stays.
pub async fn guard(mut response: Response) -> Response {
    let refused = response.status().is_client_error() || response.status().is_server_error();
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, POLICY);
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.entry(REFERRER_POLICY).or_insert(HeaderValue::from_static("strict-origin-when-cross-origin"));
    headers.insert(OPENER, HeaderValue::from_static("same-origin"));
    if refused && !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

/// What is for one person alone: in no cache, and no other site is told the address, which may hold a secret. (Not
/// `no-referrer`: with that, browsers send `Origin: null` with our own forms.)
async fn seclude(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    response
}

/// Gives an error its page, and every page its headers: it depends on form and language, and is asked for again each time.
/// A refusal is not kept at all.
async fn dress(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    let visit = Visit::of(&site, request.uri(), request.headers());
    let response = next.run(request).await;
    let mut response = match response.extensions().get::<Error>() {
        Some(error) => error.dressed(&visit),
        None => response,
    };
    let shown = response.status().is_success() || response.status().is_redirection();
    let headers = response.headers_mut();
    headers.insert(VARY, HeaderValue::from_static("Accept, Accept-Language"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(if shown { "no-cache" } else { "no-store" }));
    response
}
