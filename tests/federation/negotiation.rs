//! One address, two readers: who gets the document, who the page, and what a cache may keep.

use crate::cases;
use crate::harness::{ACTIVITY, Answer, Database, event};
use crate::on_both_databases;
use crate::shown::Shown;
use reqwest::Method;
use std::collections::HashMap;

on_both_databases! {
    asking_for_documents_and_pages;
}

const CHROME: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8";
const LD: &str = r#"application/ld+json; profile="https://www.w3.org/ns/activitystreams""#;

async fn asking_for_documents_and_pages(database: Database) {
    let shown = Shown::on(database).await;
    cases! { shown;
        c10_c11_c12_documents
        scripts_of_other_sites
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
        "application/ld+json; profile='https://www.w3.org/ns/activitystreams', */*;q=0.1",
        "*/*",
        "",
        "application/json",
        "text/html;q=0.1, application/activity+json",
        "text/html, application/activity+json",
    ] {
        for id in [&shown.region, &shown.relay, &shown.producer, &shown.organisation, &shown.event, &shown.task] {
            let answer = shown.node.get(id, accept).await;
            assert_eq!(answer.status, 200, "{id} as {accept}");
            assert_eq!(answer.header("content-type"), ACTIVITY, "{accept}");
            assert_eq!(answer.json()["id"], id.as_str());
            assert_eq!(answer.header("vary"), "Accept", "{accept}");
            let tag = answer.header("etag");
            assert!(tag.starts_with('"') && tag.ends_with('"') && tag.len() > 10, "a strong one: {tag}");
            assert_eq!(answer.header("cache-control"), "public, max-age=180", "{accept}");
            assert_eq!(answer.header("access-control-allow-origin"), "*");
        }
    }
}

/// A script on somebody's site asks beforehand, and may then read every answer, also the refusals.
async fn scripts_of_other_sites(shown: &Shown) {
    let webfinger = format!("/.well-known/webfinger?resource={}", shown.region);
    let asks = [
        ("origin", "https://somewhere.example"),
        ("access-control-request-method", "GET"),
        ("access-control-request-headers", "accept"),
    ];
    for path in
        [shown.region.as_str(), shown.event.as_str(), webfinger.as_str(), "/nodeinfo/2.1", "/.well-known/host-meta"]
    {
        let answer = shown.node.ask(Method::OPTIONS, path, &asks).await;
        assert!((200..300).contains(&answer.status), "{path}: {}", answer.status);
        for (name, wanted) in [("origin", "*"), ("methods", "GET"), ("headers", "accept")] {
            let said = answer.header(&format!("access-control-allow-{name}")).to_owned();
            assert!(said.split(',').any(|one| one.trim().eq_ignore_ascii_case(wanted)), "{path}: {name}: {said}");
        }
    }
    for (path, accept, status) in [
        (shown.event.as_str(), ACTIVITY, 200),
        (shown.event.as_str(), "text/html", 303),
        (shown.deleted.as_str(), ACTIVITY, 410),
        ("/ap/events/01900000-0000-7000-8000-000000000000", ACTIVITY, 404),
    ] {
        let answer = shown.node.get(path, accept).await;
        assert_eq!((answer.status, answer.header("access-control-allow-origin")), (status, "*"), "{path}");
        assert!(!answer.header("vary").to_lowercase().contains("origin"), "{}", answer.header("vary"));
    }
}

async fn c13_pages_for_browsers(shown: &Shown) {
    let pages = [
        (&shown.region, shown.node.url("/@pirkanmaa")),
        (&shown.producer, shown.node.url("/@maija")),
        (&shown.relay, shown.node.url("/@relay")),
        (&shown.event, shown.event_page.clone()),
        (&shown.task, shown.task_page.clone()),
    ];
    for (id, page) in pages {
        assert!(page.starts_with("http://localhost:"), "absolute");
        for accept in ["text/html", CHROME, "text/html, application/activity+json;q=0.5"] {
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
        (&shown.relay, shown.node.url("/@relay")),
        (&shown.event, shown.event_page.clone()),
        (&shown.task, shown.task_page.clone()),
    ] {
        for accept in [ACTIVITY, LD] {
            let answer = shown.node.get(&page, accept).await;
            assert_eq!((answer.status, answer.header("location")), (303, id.as_str()), "{page} as {accept}");
            assert!(answer.header("vary").to_lowercase().contains("accept"), "{page}");
        }
        let html = shown.node.get(&page, CHROME).await;
        assert_eq!(html.status, 200, "{page}");
        assert!(html.header("content-type").starts_with("text/html"), "{page}");
        assert!(html.header("vary").to_lowercase().contains("accept"), "{page}");
        assert_eq!(html.header("set-cookie"), "", "{page}: previews of a thousand servers are answered from a cache");
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
    let outbox = format!("{}/outbox", shown.region);
    let inbox = format!("{}/inbox", shown.region);
    let unknown = shown.node.url("/ap/events/01900000-0000-7000-8000-000000000000");
    for id in [&shown.region, &shown.event, &shown.deleted, &outbox, &inbox, &unknown, &shown.event_page] {
        for accept in [ACTIVITY, "text/html"] {
            let get = shown.node.ask(Method::GET, id, &[("accept", accept)]).await;
            let head = shown.node.ask(Method::HEAD, id, &[("accept", accept)]).await;
            assert_eq!((head.status, head.body.as_str()), (get.status, ""), "{id}");
            let (mut of_get, mut of_head) = (get.headers, head.headers);
            for name in ["date", "content-length", "transfer-encoding"] {
                of_get.remove(name);
                of_head.remove(name);
            }
            assert_eq!(of_head, of_get, "{id} as {accept}");
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
    for broken in
        ["keyId=\"x\",signature=\"!!\"", "", "sig1=:AAAA:", "keyId=\"http://localhost:1/x\",signature=\"AAAA\""]
    {
        for id in [&shown.region, &shown.relay, &shown.event, &shown.producer] {
            let headers =
                [("accept", ACTIVITY), ("signature", broken), ("signature-input", broken), ("digest", broken)];
            assert_eq!(shown.node.ask(Method::GET, id, &headers).await.status, 200, "{id}: {broken}");
        }
    }
}

async fn c18_methods(shown: &Shown) {
    for path in [shown.event.as_str(), &shown.deleted, &shown.region, "/.well-known/nodeinfo", "/nodeinfo/2.1"] {
        for method in [Method::PUT, Method::DELETE, Method::POST, Method::PATCH] {
            let answer = shown.node.ask(method.clone(), path, &[]).await;
            assert_eq!((answer.status, answer.header("allow")), (405, "GET,HEAD"), "{method} {path}");
            assert_eq!(answer.header("content-type"), "application/problem+json", "{method} {path}");
        }
    }
    let inbox = format!("{}/inbox", shown.region);
    let answer = shown.node.ask(Method::GET, &inbox, &[]).await;
    assert_eq!((answer.status, answer.header("allow")), (405, "POST"));
}

async fn c32_gone_and_unknown(shown: &Shown) {
    for (id, kind) in [(&shown.deleted, "Event"), (&shown.deleted_producer, "Person")] {
        let gone = shown.node.get(id, ACTIVITY).await;
        assert_eq!((gone.status, gone.header("content-type")), (410, ACTIVITY));
        let stone = gone.json();
        assert_eq!((&stone["type"], &stone["formerType"]), (&"Tombstone".into(), &kind.into()));
        assert_eq!(stone["id"], id.as_str());
        assert!(stone["deleted"].is_string() && stone["published"].is_string(), "{stone}");
        assert_eq!(stone.as_object().unwrap().len(), 6, "and nothing of what it was: {stone}");
        assert_eq!(shown.node.get(id, CHROME).await.status, 410, "a browser too");
    }
    for part in ["outbox", "followers"] {
        let answer = shown.node.get(&format!("{}/{part}", shown.deleted_producer), ACTIVITY).await;
        assert_eq!(answer.status, 410, "{part}");
    }
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

/// A cache in front of the node that honours `Vary` and `Cache-Control`, and believes them.
#[derive(Default)]
struct SharedCache {
    kept: HashMap<(String, Vec<String>), Answer>,
    varies: HashMap<String, Vec<String>>,
    hits: usize,
}

impl SharedCache {
    async fn get(&mut self, shown: &Shown, url: &str, accept: &str, language: &str) -> Answer {
        let headers = [("accept", accept), ("accept-language", language)];
        let key = |varies: &[String]| {
            let said = |name: &String| headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| *value);
            (url.to_owned(), varies.iter().map(|name| said(name).to_owned()).collect::<Vec<_>>())
        };
        if let Some(hit) = self.varies.get(url).and_then(|varies| self.kept.get(&key(varies))) {
            self.hits += 1;
            return hit.clone();
        }
        let answer = shown.node.ask(Method::GET, url, &headers).await;
        let varies: Vec<String> = answer.header("vary").split(',').map(|name| name.trim().to_lowercase()).collect();
        if !answer.header("cache-control").contains("no-") {
            self.kept.insert(key(&varies), answer.clone());
            self.varies.insert(url.to_owned(), varies);
        }
        answer
    }
}

async fn c74_interleaved(shown: &Shown) {
    let mut cache = SharedCache::default();
    for round in 0..100 {
        let language = ["fi", "sv", "en"][round % 3];
        let document = cache.get(shown, &shown.event, ACTIVITY, language).await;
        assert_eq!((document.status, document.header("content-type")), (200, ACTIVITY));
        let to_page = cache.get(shown, &shown.event, CHROME, language).await;
        assert_eq!((to_page.status, to_page.header("location")), (303, shown.event_page.as_str()));
        let page = cache.get(shown, &shown.event_page, CHROME, language).await;
        assert_eq!((page.status, page.header("content-language")), (200, language));
        assert!(page.header("content-type").starts_with("text/html"));
        let to_document = cache.get(shown, &shown.event_page, ACTIVITY, language).await;
        assert_eq!((to_document.status, to_document.header("location")), (303, shown.event.as_str()));
        let ours = cache.get(shown, &shown.event_page, "application/json", language).await;
        assert_eq!((ours.status, ours.header("content-type")), (200, "application/json"));
    }
    assert!(cache.hits > 90, "the documents are kept: {}", cache.hits);
}
