//! Which address is which page, and the headers that every answer carries.

use crate::error::Error;
use crate::feeds::sitemap;
use crate::gate::{self, Gate};
use crate::pages::desk::{edit, import, imported, peers, positions, representatives, things};
use crate::pages::{
    about, actor, approval, desk, event, feedback, follow, front, join, me, member, organisation, passkey, producer,
    record, region, representing, search, second_step, self_test, setup, sign_in, task, texts,
};
use crate::quota;
use crate::visit::Visit;
use crate::{Site, answer, assets, security_txt};
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::middleware::{Next, from_fn_with_state, map_response};
use axum::response::Response;
use axum::routing::MethodRouter;
use federation::Address;
use http::HeaderValue;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS};
use std::sync::Arc;

/// A list of addresses: from one list come the routes and [`addresses`], which the tests of who may what go through.
macro_rules! addresses {
    ($(#[$doc:meta])* $routes:ident, $list:ident: $($path:literal $($method:ident $handler:expr),+;)+) => {
        $(#[$doc])*
        fn $routes() -> Router<Arc<Site>> {
            Router::new()$(.route($path, MethodRouter::new()$(.$method($handler))+))+
        }

        const $list: &[Address] = &[$(Address { path: $path, methods: &[$(stringify!($method)),+] }),+];
    };
}

addresses! {
    /// What everybody may see, as HTML and, for programs, as data.
    pages, PAGES:
    "/" get front::show;
    "/tapahtumat" get event::list;
    "/tapahtumat.ics" get event::calendar;
    "/tapahtumat.atom" get event::atom;
    "/tapahtumat/{slug}" get event::show;
    "/tapahtumat/{host}/{slug}" get event::show_copy;
    "/tehtavat" get task::list;
    "/tehtavat.ics" get task::calendar;
    "/tehtavat.atom" get task::atom;
    "/tehtavat/{slug}" get task::show;
    "/tehtavat/{host}/{slug}" get task::show_copy;
    "/tuottajat" get producer::list;
    "/tuottajat.atom" get producer::atom;
    "/organisaatiot.atom" get organisation::atom;
    "/organisaatiot" get organisation::list;
    "/alueet" get region::list;
    "/search" get search::show;
    "/@{username}" get actor::show;
    "/tietoa" get about::show;
    "/sitemap.xml" get sitemap::show;
    "/media/{name}" get member::picture::everybody;
}

addresses! {
    /// Following from one's own server, which is asked for its page.
    following, FOLLOWING:
    "/seuraa" get follow::show;
    "/authorize_interaction" get follow::show;
}

addresses! {
    /// What has to be told to everybody, also before the node is open.
    told, TOLD:
    "/tietosuoja" get texts::privacy;
    "/saavutettavuus" get texts::accessibility;
    "/turvallisempi-tila" get texts::safer_space;
}

addresses! {
    /// Ways in: how often they are tried is counted.
    ways_in, WAYS_IN:
    "/sign-in" get sign_in::ask, post sign_in::send;
    "/sign-in/sent" get sign_in::sent;
    "/sign-in/passkey" post passkey::enter;
    "/sign-in/passkey/begin" post passkey::ask;
    "/sign-in/{link}" get sign_in::confirm, post sign_in::enter;
    "/join" get join::ask, post join::send;
    "/join/sent" get join::sent;
    "/join/{link}" get join::show, post join::complete;
    "/setup/{link}" get setup::show, post setup::complete;
    "/second-step" get second_step::ask, post second_step::take;
    "/me/address" post member::account::ask_address;
    "/me/address/{link}" get member::account::show_address, post member::account::take_address;
    "/saavutettavuus/palaute" get feedback::ask, post feedback::tell;
    "/saavutettavuus/palaute/kiitos" get feedback::thanks;
}

addresses! {
    /// What is for one person alone.
    personal, PERSONAL:
    "/sign-out" post sign_in::leave;
    "/sign-out-everywhere" post sign_in::leave_everywhere;
    "/me" get me::show;
    "/me.json" get me::export;
    "/me/account" get member::account::show, post member::account::save;
    "/me/data" get member::data::show;
    "/me/profile" get member::profile::show, post member::profile::save;
    "/me/skills" get member::skills::show, post member::skills::save;
    "/me/work" get member::work::show, post member::work::save;
    "/me/picture" get member::picture::show, post member::picture::save;
    "/me/picture.jpg" get member::picture::own_file;
    "/me/picture/remove" post member::picture::remove;
    "/me/publication" get member::publication::show, post member::publication::save;
    "/me/publication/ask" post member::publication::ask;
    "/me/invitation" get member::invitation::show, post member::invitation::reply;
    "/me/delete" get member::rights::leave, post member::rights::delete;
    "/me/stay" post member::rights::stay;
    "/me/second-step" get second_step::show, post second_step::change;
    "/me/organisations/{id}" get representing::show, post representing::save;
    "/me/passkeys" get passkey::show, post passkey::change;
    "/me/passkeys/begin" post passkey::begin;
    "/me/passkeys/new" post passkey::register;
    "/me/positions" get positions::mine, post positions::change_mine;
}

addresses! {
    /// What is for those who run the node.
    at_desk, DESK:
    "/desk" get desk::show, post desk::press;
    "/desk/log" get desk::log;
    "/desk/self-test" get self_test::show;
    "/desk/processing" get record::show;
    "/desk/peers" get peers::show, post peers::press;
    "/desk/import" get import::show, post import::hand_in;
    "/desk/import/{id}" get import::look, post import::press;
    "/desk/imported" get imported::list, post imported::press;
    "/desk/positions" get positions::all, post positions::change_all;
    "/desk/organisations" get representatives::list;
    "/desk/organisations/{id}" get representatives::show, post representatives::press;
    "/desk/profiles" get approval::list;
    "/desk/profiles/{id}" get approval::show;
    "/desk/profiles/{id}/picture.jpg" get approval::picture;
    "/desk/profiles/{id}/publish" post approval::publish;
    "/desk/profiles/{id}/return" post approval::give_back;
    "/desk/{things}" get things::list;
    "/desk/{things}/new" get edit::new, post edit::add;
    "/desk/{things}/{id}" get edit::edit, post edit::save;
    "/desk/{things}/{id}/{step}" get things::ask, post things::take;
}

addresses! {
    /// Files.
    files, FILES:
    "/static/{*path}" get assets::serve;
    "/favicon.ico" get assets::favicon;
    "/apple-touch-icon.png" get assets::touch_icon;
    "/robots.txt" get robots;
    "/.well-known/security.txt" get security_txt::show;
}

/// Every address that the pages have.
pub fn addresses() -> impl Iterator<Item = Address> {
    [PAGES, FOLLOWING, TOLD, WAYS_IN, PERSONAL, DESK, FILES].into_iter().flatten().copied()
}

/// All pages of a node. To be merged with the routes of `federation`; it answers whatever no route answers.
pub fn router(site: Site) -> Router {
    let site = Arc::new(site);
    let following = following().layer(from_fn_with_state(quota::of_ways_in(), quota::count_questions));
    let pages = pages()
        .merge(following)
        .fallback(nothing)
        .layer(from_fn_with_state(Gate::of(&site), gate::pass))
        .merge(told())
        .layer(from_fn_with_state(site.clone(), dress));
    let personal = ways_in()
        .layer(from_fn_with_state(quota::of_ways_in(), quota::count))
        .merge(personal())
        .merge(at_desk())
        .layer(DefaultBodyLimit::max(member::picture::LARGEST_FORM))
        .layer(from_fn_with_state(site.clone(), dress))
        .layer(map_response(seclude));
    pages.merge(personal).merge(files()).with_state(site).layer(map_response(guard))
}

async fn nothing() -> Error {
    Error::NotFound
}

async fn robots(State(site): State<Arc<Site>>) -> String {
    format!(
        "User-agent: *\nDisallow: /ap/\nDisallow: /sign-in\nDisallow: /second-step\nDisallow: /join\nDisallow: /me\nDisallow: /desk\nDisallow: /setup\nAllow: /\nSitemap: {}\n",
        site.node.origin.url(sitemap::PATH)
    )
}

const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
);
const OPENER: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

/// What protects the reader, on every answer of the node, documents for other servers and refusals among them: nothing
/// runs (but our own script on the pages for passkeys), nothing loads from elsewhere, nothing is taken for another type than it says, and no refusal is kept by a cache.
/// To be laid around everything else. What an answer says itself about caches and referrers stays.
pub async fn guard(mut response: Response) -> Response {
    let refused = response.status().is_client_error() || response.status().is_server_error();
    let headers = response.headers_mut();
    if headers.get(CONTENT_SECURITY_POLICY) != Some(&answer::SCRIPTED) {
        headers.insert(CONTENT_SECURITY_POLICY, POLICY);
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::search as search_page;

    /// A route outside the lists would be in no test of who may what.
    #[test]
    fn every_address_is_in_a_list() {
        let text = include_str!("router.rs");
        let routes = text.split("#[cfg(test)]").next().unwrap().matches(".route(").count();
        assert_eq!(routes, 1, "the one in the macro");
        for path in [search_page::PATH, sitemap::PATH, security_txt::PATH, desk::PATH] {
            assert!(addresses().any(|address| address.path == path), "{path}");
        }
    }
}
