//! One address, two readers: who gets the document, who the page, and what a cache may keep.

use crate::cases;
use crate::harness::{ACTIVITY, Database, event};
use crate::on_both_databases;
use crate::shown::Shown;
use reqwest::Method;

on_both_databases! {
    asking_for_documents_and_pages;
}

const CHROME: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8";
const LD: &str = r#"application/ld+json; profile="https://www.w3.org/ns/activitystreams""#;

async fn asking_for_documents_and_pages(database: Database) {
    let shown = Shown::on(database).await;
    cases! { shown;
        c10_c11_c12_documents
        c13_pages_for_browsers
        c14_from_the_page_to_the_document
        c15_head
        c16_etags
        c17_a_broken_signature_on_a_get
        c18_methods
        c32_gone_and_unknown
        c74_interleaved
    }
}

async fn c10_c11_c12_documents(shown: &Shown) {
    for accept in [
        ACTIVITY,
        LD,
        "application/activity+json, application/ld+json",
        "*/*",
        "",
        "application/json",
        "text/html;q=0.1, application/activity+json",
    ] {
        for id in [&shown.region, &shown.relay, &shown.producer, &shown.organisation, &shown.event, &shown.task] {
            let answer = shown.node.get(id, accept).await;
            assert_eq!(answer.status, 200, "{id} as {accept}");
            let kind = answer.header("content-type");
            assert!(kind == ACTIVITY || kind == "application/activity+json; charset=utf-8", "{accept}: {kind}");
            assert_eq!(answer.json()["id"], id.as_str());
            assert!(answer.header("vary").to_lowercase().contains("accept"), "{accept}: {}", answer.header("vary"));
            assert!(!answer.header("etag").is_empty() && !answer.header("cache-control").is_empty(), "{accept}");
            assert_eq!(answer.header("access-control-allow-origin"), "*");
        }
    }
}

async fn c13_pages_for_browsers(shown: &Shown) {
    let pages = [
        (&shown.region, shown.node.url("/@pirkanmaa")),
        (&shown.producer, shown.node.url("/@maija")),
        (&shown.event, shown.event_page.clone()),
        (&shown.task, shown.task_page.clone()),
    ];
    for (id, page) in pages {
        for accept in ["text/html", CHROME] {
            let answer = shown.node.get(id, accept).await;
            assert_eq!((answer.status, answer.header("location")), (303, page.as_str()), "{id} as {accept}");
            assert!(answer.header("vary").to_lowercase().contains("accept"));
        }
    }
}

async fn c14_from_the_page_to_the_document(shown: &Shown) {
    for (id, page) in [
        (&shown.region, shown.node.url("/@pirkanmaa")),
        (&shown.producer, shown.node.url("/@maija")),
        (&shown.organisation, shown.node.url("/@osuuskunta_esimerkki")),
        (&shown.event, shown.event_page.clone()),
        (&shown.task, shown.task_page.clone()),
    ] {
        for accept in [ACTIVITY, LD] {
            let answer = shown.node.get(&page, accept).await;
            assert_eq!((answer.status, answer.header("location")), (303, id.as_str()), "{page} as {accept}");
        }
        let html = shown.node.get(&page, CHROME).await;
        assert_eq!(html.status, 200, "{page}");
        assert!(html.header("content-type").starts_with("text/html"), "{page}");
        assert!(html.header("vary").to_lowercase().contains("accept"), "{page}");
        let links: Vec<_> = html.headers.get_all("link").iter().collect();
        assert_eq!(links.len(), 1, "{page}: one Link line");
        let first = links[0].to_str().unwrap().split(',').next().unwrap().to_owned();
        assert!(
            first.contains(&format!("<{id}>")) && first.contains("alternate") && first.contains(ACTIVITY),
            "{page}: {first}"
        );
        let tag = html.body.split('<').find(|tag| tag.starts_with("link") && tag.contains(ACTIVITY));
        assert!(tag.is_some_and(|tag| tag.contains(id.as_str())), "{page}: {tag:?}");
    }
}

async fn c15_head(shown: &Shown) {
    for id in [&shown.region, &shown.event, &shown.deleted] {
        let get = shown.node.ask(Method::GET, id, &[("accept", ACTIVITY)]).await;
        let head = shown.node.ask(Method::HEAD, id, &[("accept", ACTIVITY)]).await;
        assert_eq!((head.status, head.body.as_str()), (get.status, ""), "{id}");
        for name in ["content-type", "etag", "vary", "cache-control"] {
            assert_eq!(head.header(name), get.header(name), "{id}: {name}");
        }
    }
}

async fn c16_etags(shown: &Shown) {
    let first = shown.node.get(&shown.event, ACTIVITY).await;
    let tag = first.header("etag").to_owned();
    let again = async |known: &str| {
        shown.node.ask(Method::GET, &shown.event, &[("accept", ACTIVITY), ("if-none-match", known)]).await
    };
    for known in [tag.clone(), format!("W/{tag}"), format!("\"other\", {tag}")] {
        let answer = again(&known).await;
        assert_eq!((answer.status, answer.body.as_str()), (304, ""), "{known}");
        assert_eq!(answer.header("etag"), tag);
    }
    assert_eq!(again("\"other\"").await.status, 200);
    assert_ne!(shown.node.get(&shown.event_page, "text/html").await.header("etag"), tag);
    shown.node.import_bundle(&event("paikalla", "Tapahtuma paikalla", "Toisin kuin ennen.")).await;
    assert_eq!(again(&tag).await.status, 200, "a changed document has another tag");
}

async fn c17_a_broken_signature_on_a_get(shown: &Shown) {
    let headers = [("accept", ACTIVITY), ("signature", "keyId=\"x\",signature=\"!!\"")];
    assert_eq!(shown.node.ask(Method::GET, &shown.region, &headers).await.status, 200);
}

async fn c18_methods(shown: &Shown) {
    for method in [Method::PUT, Method::DELETE, Method::POST, Method::PATCH] {
        assert_eq!(shown.node.ask(method.clone(), &shown.event, &[]).await.status, 405, "{method}");
    }
    let inbox = format!("{}/inbox", shown.region);
    let answer = shown.node.ask(Method::GET, &inbox, &[]).await;
    assert_eq!((answer.status, answer.header("allow")), (405, "POST"));
}

async fn c32_gone_and_unknown(shown: &Shown) {
    let gone = shown.node.get(&shown.deleted, ACTIVITY).await;
    assert_eq!(gone.status, 410);
    assert_eq!(gone.header("content-type"), ACTIVITY);
    let stone = gone.json();
    assert_eq!((&stone["type"], &stone["formerType"]), (&"Tombstone".into(), &"Event".into()));
    assert_eq!(stone["id"], shown.deleted.as_str());
    assert!(stone["deleted"].is_string() && stone.get("name").is_none(), "{stone}");
    assert_eq!(shown.node.get(&shown.deleted, CHROME).await.status, 410, "a browser too");
    let unknown = [
        shown.node.url("/ap/events/01900000-0000-7000-8000-000000000000"),
        shown.node.url("/ap/actors/01900000-0000-7000-8000-000000000000/outbox"),
        format!("{}/nothing", shown.region),
        shown.node.url("/ap/"),
        shown.node.url("/ap/events/%00"),
        shown.node.url(&format!("/ap/events/{}", "x".repeat(4000))),
    ];
    for id in unknown {
        let answer = shown.node.get(&id, ACTIVITY).await;
        assert_eq!(answer.status, 404, "{}", &id[..id.len().min(120)]);
        assert!(answer.header("content-type").contains("json"), "{}: {}", &id[..id.len().min(120)], answer.body);
    }
    let page = shown.node.get("/tapahtumat/tapahtuma-poistettu", "text/html").await;
    assert!([404, 410].contains(&page.status), "its page: {}", page.status);
    let activity = shown.node.get(&format!("{}/activity", shown.deleted), ACTIVITY).await;
    assert!([404, 410].contains(&activity.status), "its Create: {}", activity.status);
}

async fn c74_interleaved(shown: &Shown) {
    for _ in 0..10 {
        let (json, html) =
            tokio::join!(shown.node.get(&shown.event, ACTIVITY), shown.node.get(&shown.event_page, CHROME));
        assert_eq!(json.header("content-type").split(';').next(), Some(ACTIVITY));
        assert_eq!(html.header("content-type").split(';').next(), Some("text/html"));
    }
}
