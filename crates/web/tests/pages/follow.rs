//! Following from one's own server: which page a name there leads to, as that server tells it.

use crate::seed::seeded;
use axum::Router;
use axum::routing::get;
use http::StatusCode;

/// A server that names these pages for following; its address.
async fn server(links: &'static str) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = format!("localhost:{}", listener.local_addr().unwrap().port());
    let answer = move || async move { format!("{{\"subject\":\"acct:aino@x.example\",\"links\":[{links}]}}") };
    let router = Router::new().route("/.well-known/webfinger", get(answer));
    tokio::spawn(async move { axum::serve(listener, router).await });
    host
}

const OLD: &str =
    r#"{"rel":"http://ostatus.org/schema/1.0/subscribe","template":"https://koti.example/seuraa?u={uri}"}"#;
const NEW: &str = r#"{"rel":"https://w3id.org/fep/3b86/Follow","template":"https://koti.example/aie?o={object}"}"#;
const EVIL: &str = r#"{"rel":"http://ostatus.org/schema/1.0/subscribe","template":"javascript:alert('{uri}')"}"#;

#[tokio::test]
async fn a_name_leads_to_the_page_that_its_server_names() {
    let node = seeded().await;
    let whom = "uri=%40aino_lehtiranta%40pirkanmaa.example";
    let found =
        node.ask("/.well-known/webfinger?resource=acct:aino_lehtiranta@pirkanmaa.example", "*/*", "fi").await.json();
    let id = found["links"].as_array().unwrap().iter().find(|link| link["rel"] == "self").unwrap()["href"].clone();
    let object: String = url::form_urlencoded::byte_serialize(id.as_str().unwrap().as_bytes()).collect();
    let both: &'static str = format!("{OLD},{NEW}").leak();
    for (links, expected) in [
        (OLD, format!("https://koti.example/seuraa?u={object}")),
        (both, format!("https://koti.example/aie?o={object}")),
    ] {
        let host = server(links).await;
        let page = node.page(&format!("/seuraa?{whom}&server=%40aino%40{host}")).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.body.contains(&format!("href=\"{expected}\"")), "{expected} in {}", page.body);
        assert!(page.body.contains("Avaa koti.example ja seuraa"), "{}", page.body);
    }
    for links in [EVIL, ""] {
        let host = server(links).await;
        let page = node.page(&format!("/seuraa?{whom}&server=aino%40{host}")).await;
        let usual = format!("href=\"https://{host}/authorize_interaction?uri={object}\"");
        assert!(page.body.contains(&usual), "{links}: {}", page.body);
        assert!(!page.body.contains("javascript:"));
    }
}

#[tokio::test]
async fn every_actor_can_be_followed_from_its_own_page() {
    let node = seeded().await;
    for (path, handle) in [("/", "@pirkanmaa@"), ("/@aino_lehtiranta", "@aino_lehtiranta@"), ("/@kehto", "@kehto@")] {
        let page = node.page(path).await;
        let hidden = format!("<input type=\"hidden\" name=\"uri\" value=\"{handle}pirkanmaa.example\">");
        assert!(page.body.contains("action=\"/seuraa#open\"") && page.body.contains(&hidden), "{path}: {}", page.body);
    }
}
