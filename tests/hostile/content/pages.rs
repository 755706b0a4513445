//! Answers as browsers and caches take them.

use super::foe::{assert_guarded, assert_harmless_page};
use super::{CHROME, Scene};
use crate::harness::{ACTIVITY, http};
use reqwest::Method;

pub(super) async fn c10_c11_caches_and_browsers(scene: &Scene) {
    let node = &scene.node;
    let (event, page) =
        (node.id_of("/tapahtumat/tapahtuma-paikalla").await, "/tapahtumat/tapahtuma-paikalla".to_owned());
    let unknown = node.url("/ap/events/01900000-0000-7000-8000-000000000000");
    let copy = scene.page_of("/tapahtumat", &scene.learnt("/tapahtumat").await[0]);
    let outbox = format!("{}/outbox", scene.region);
    for address in [
        &event,
        &page,
        &unknown,
        &copy,
        &outbox,
        &scene.region,
        "/",
        "/nothing",
        "/tapahtumat?from=x",
        "/search?q=tapahtuma",
        "/ap/inbox",
        "/nodeinfo/2.1",
        "/.well-known/x",
        "/static/solmu.css",
        "/healthz",
    ] {
        for accept in [CHROME, ACTIVITY, "application/json", "*/*"] {
            let encodings: &[&str] = if accept == CHROME { &["identity", "gzip"] } else { &["gzip"] };
            for encoding in encodings {
                let headers = [("accept", accept), ("accept-encoding", *encoding)];
                let get = node.ask(Method::GET, address, &headers).await;
                let what = format!("{address} as {accept}");
                assert_guarded(&what, &get);
                let varies = get.header("vary").to_lowercase();
                let shared =
                    !get.header("cache-control").contains("no-store") && !get.header("cache-control").is_empty();
                let two_forms =
                    address.contains("/ap/") || (!address.starts_with("/static") && !address.starts_with("/nodeinfo"));
                assert!(!shared || !two_forms || varies.contains("accept"), "{what}: {varies:?}");
                if !get.header("content-encoding").is_empty() {
                    assert!(varies.contains("accept-encoding"), "{what}: {varies}");
                }
                let html = get.header("content-type").starts_with("text/html");
                let plain = get.header("content-encoding").is_empty();
                assert!(
                    !plain || html == get.body.starts_with("<!DOCTYPE html>"),
                    "{what}: {}",
                    get.header("content-type")
                );
                assert!(!html || accept == CHROME || accept == "*/*", "{what} is a page");
                let head = node.ask(Method::HEAD, address, &headers).await;
                assert_eq!((head.status, head.body.as_str()), (get.status, ""), "HEAD {what}");
                for name in ["content-type", "vary", "cache-control", "location"] {
                    assert_eq!(head.header(name), get.header(name), "HEAD {what}: {name}");
                }
            }
        }
    }
    // A cache that keeps what it may, under what the answer says that it depends on, never gives one for the other.
    let mut kept = std::collections::HashMap::new();
    for round in 0..2 {
        for accept in [ACTIVITY, CHROME, "application/json"] {
            for address in [&node.url(&page), &event] {
                let answer = node.get(address, accept).await;
                let depends = answer.header("vary").to_lowercase().contains("accept").then_some(accept);
                let key = (address.clone(), depends);
                let form =
                    (answer.status, answer.header("content-type").to_owned(), answer.header("location").to_owned());
                assert_eq!(
                    kept.entry(key).or_insert_with(|| form.clone()),
                    &form,
                    "round {round}: {address} as {accept}"
                );
            }
        }
    }
    // A browser that gets a document all the same does not take it for a page.
    let document = http().get(&outbox).header("accept", CHROME).send().await.unwrap();
    assert_eq!(document.headers()["content-type"], ACTIVITY);
    assert_eq!(document.headers()["x-content-type-options"], "nosniff");
}

pub(super) async fn c17_following_from_elsewhere(scene: &Scene) {
    let node = &scene.node;
    let resource = format!("/.well-known/webfinger?resource=acct:{}@{}", node.username(), node.host());
    let answer = node.get(&resource, "application/jrd+json").await.json();
    let template = answer["links"].as_array().unwrap().iter().find_map(|link| link["template"].as_str()).unwrap();
    assert_eq!(template, node.url("/authorize_interaction?uri={uri}"), "our own page");
    for (server, uri) in [
        ("javascript:alert(1)", ""),
        ("javascript:alert(1)//a.example", "javascript:alert(1)"),
        ("https://a.example@third.example:1/", "data:text/html,x"),
        ("a.example/%0d%0aSet-Cookie:x", "//third.example/"),
        ("\"><script>", "\"><script>alert(1)</script>"),
        ("mastodon.example", "javascript:{uri}"),
        ("mastodon.example", "https://b.example/\"onmouseover=\"alert(1)"),
    ] {
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("server", server)
            .append_pair("uri", uri)
            .finish();
        for page in ["/seuraa", "/authorize_interaction"] {
            let answer = node.get(&format!("{page}?{query}"), CHROME).await;
            assert_guarded(page, &answer);
            assert_harmless_page(page, &node.host(), &answer.body);
            assert_eq!((answer.status, answer.header("location")), (200, ""), "{query}");
            for link in answer.body.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
                if let Some((server, uri)) = link.split_once("/authorize_interaction?uri=")
                    && !server.is_empty()
                    && server != node.url("")
                {
                    assert!(server.starts_with("https://") && uri.starts_with("http"), "{link}");
                }
            }
        }
    }
}

/// What is kept inside the node answers like what never was.
pub(super) async fn nobody_learns_what_is_hidden(scene: &Scene) {
    let node = &scene.node;
    node.import_bundle(&crate::harness::task("luonnos", "Salainen luonnos", "draft")).await;
    for (hidden, never) in [
        ("/tehtavat/salainen-luonnos", "/tehtavat/salainen-luonnoz"),
        ("/tehtavat/salainen-luonnos?lang=en", "/tehtavat/salainen-luonnoz?lang=en"),
    ] {
        for accept in [CHROME, ACTIVITY, "application/json"] {
            let (hidden_answer, never_answer) = (node.get(hidden, accept).await, node.get(never, accept).await);
            assert_eq!(hidden_answer.status, 404, "{hidden}");
            assert_eq!(hidden_answer.status, never_answer.status);
            let path = |path: &str| path.split('?').next().unwrap().to_owned();
            let same = hidden_answer.body.replace(&path(hidden), "X") == never_answer.body.replace(&path(never), "X");
            assert!(same, "{hidden} as {accept}");
            assert_guarded(hidden, &hidden_answer);
        }
    }
    for list in ["/tehtavat", "/tehtavat?q=salainen&past=1", "/"] {
        for accept in [CHROME, "application/json"] {
            let body = node.get(list, accept).await.body;
            assert!(!body.contains("Salainen luonnos"), "{list}");
        }
    }
}

/// What a reader was made to ask for ends up in `Location` and in pages: as it was asked for, never as a header of its own.
pub(super) async fn c07_line_ends_in_addresses(scene: &Scene) {
    let node = &scene.node;
    let marks = "%0d%0aSet-Cookie:%20a=b%0d%0a%0d%0a<script>";
    for path in [
        format!("/{marks}"),
        format!("/@{marks}"),
        format!("/@maija{marks}"),
        format!("/tapahtumat/{marks}"),
        format!("/tapahtumat/{}/{marks}", scene.evil.host()),
        format!("/tapahtumat?q={marks}&lang=en"),
        format!("/search?q={marks}&lang=en"),
        format!("/@maija?lang={marks}"),
        format!("/seuraa?server={marks}&uri={marks}"),
        format!("/ap/actors/{marks}"),
        format!("/ap/actors/x/outbox?page={marks}"),
        format!("/.well-known/webfinger?resource={marks}"),
        format!("/static/{marks}"),
    ] {
        for accept in [CHROME, ACTIVITY, "application/json"] {
            let answer = node.get(&path, accept).await;
            assert!(answer.status < 500, "{path}: {}", answer.status);
            assert_eq!(answer.header("set-cookie"), "", "{path}");
            assert!(!answer.header("location").contains(['\r', '\n', '<']), "{path}: {}", answer.header("location"));
            assert!(!answer.body.contains("<script"), "{path} as {accept}");
            assert_guarded(&path, &answer);
        }
    }
}

/// There is nothing that a page of another site could make a reader's browser do here: pages are read, not written to.
pub(super) async fn c18_pages_take_no_forms(scene: &Scene) {
    let node = &scene.node;
    let before = scene.counts().await;
    for path in [
        "/",
        "/tapahtumat",
        "/tehtavat/tuottaja-klubi-iltaan",
        "/@maija",
        "/seuraa",
        "/authorize_interaction",
        "/tietoa",
    ] {
        for method in [Method::POST, Method::PUT, Method::DELETE, Method::PATCH] {
            for origin in ["null", "https://evil.example"] {
                let headers = [("content-type", "application/x-www-form-urlencoded"), ("origin", origin)];
                let answer = node.ask(method.clone(), path, &headers).await;
                assert_eq!(answer.status, 405, "{method} {path}");
                assert_guarded(path, &answer);
            }
        }
    }
    assert_eq!(scene.counts().await, before);
}
