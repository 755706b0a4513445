//! How a node is found: WebFinger, host-meta, NodeInfo, and the other well-known addresses.

use crate::cases;
use crate::harness::{ACTIVITY, Database};
use crate::on_both_databases;
use crate::shown::Shown;

on_both_databases! {
    finding_a_node;
}

async fn finding_a_node(database: Database) {
    let shown = Shown::on(database).await;
    cases! { shown;
        c1_c2_c3_webfinger_forms
        c4_webfinger_refusals
        c5_host_meta
        c6_c7_nodeinfo
        c8_c9_other_well_known_addresses
    }
}

async fn c1_c2_c3_webfinger_forms(shown: &Shown) {
    let (node, host) = (&shown.node, shown.node.host());
    let encoded = host.replace(':', "%3A");
    let ask = async |resource: &str| {
        let answer = node.get(&format!("/.well-known/webfinger?resource={resource}"), "").await;
        assert_eq!(answer.status, 200, "{resource}: {}", answer.body);
        assert!(answer.header("content-type").starts_with("application/jrd+json"), "{}", answer.header("content-type"));
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        answer.json()
    };
    let first = ask(&format!("acct:pirkanmaa@{host}")).await;
    assert_eq!(first["subject"], format!("acct:pirkanmaa@{host}"));
    assert_eq!((&first["links"][0]["rel"], &first["links"][0]["type"]), (&"self".into(), &ACTIVITY.into()));
    assert_eq!(first["links"][0]["href"], shown.region.as_str());
    let own_page = node.url("/@pirkanmaa");
    for resource in [
        format!("acct%3APirkanmaa%40{encoded}"),
        format!("acct:@pirkanmaa@{host}"),
        format!("acct:PIRKANMAA@{host}"),
        shown.region.clone(),
        own_page,
    ] {
        assert_eq!(ask(&resource).await, first, "{resource}");
    }
    for resource in [node.url("/"), node.url("")] {
        assert_eq!(ask(&resource).await["links"][0]["href"], shown.relay.as_str(), "{resource}");
    }
    for (name, id) in
        [("relay", &shown.relay), ("maija", &shown.producer), ("osuuskunta_esimerkki", &shown.organisation)]
    {
        assert_eq!(ask(&format!("acct:{name}@{host}")).await["links"][0]["href"], id.as_str(), "{name}");
    }
}

async fn c4_webfinger_refusals(shown: &Shown) {
    let host = shown.node.host();
    for (query, status) in [
        (format!("?resource=acct:nobody@{host}"), 404),
        ("?resource=acct:pirkanmaa@other.example".to_owned(), 404),
        ("?resource=https://other.example/@pirkanmaa".to_owned(), 404),
        (format!("?resource={}", shown.event), 404),
        (String::new(), 400),
        ("?resource=".to_owned(), 400),
        ("?resource=%%%".to_owned(), 400),
        ("?resource=pirkanmaa".to_owned(), 400),
        (format!("?resource=acct:@{host}"), 400),
    ] {
        let answer = shown.node.get(&format!("/.well-known/webfinger{query}"), "text/html").await;
        assert_eq!(answer.status, status, "{query}: {}", answer.body);
        assert!(!answer.header("content-type").contains("html"), "{query}");
    }
}

async fn c5_host_meta(shown: &Shown) {
    let template = shown.node.url("/.well-known/webfinger?resource={uri}");
    let xml = shown.node.get("/.well-known/host-meta", "").await;
    assert_eq!(xml.status, 200);
    assert!(xml.header("content-type").starts_with("application/xrd+xml"));
    assert!(xml.body.contains(&template) && xml.body.contains("rel=\"lrdd\""), "{}", xml.body);
    let json = shown.node.get("/.well-known/host-meta.json", "").await;
    assert!(json.header("content-type").starts_with("application/json"));
    assert_eq!(json.json()["links"][0]["template"], template);
}

async fn c6_c7_nodeinfo(shown: &Shown) {
    let answer = shown.node.get("/.well-known/nodeinfo", "").await;
    assert!(answer.header("content-type").starts_with("application/json"));
    let links = answer.json()["links"].as_array().unwrap().clone();
    let rels: Vec<&str> = links.iter().map(|link| link["rel"].as_str().unwrap()).collect();
    assert!(rels[0].ends_with("/2.1") && rels[1].ends_with("/2.0"), "{rels:?}");
    assert_eq!(rels[2], "https://www.w3.org/ns/activitystreams#Application");
    assert_eq!(links[2]["href"], shown.relay.as_str());
    for (number, version) in [(0, "2.1"), (1, "2.0")] {
        let answer = shown.node.get(links[number]["href"].as_str().unwrap(), "").await;
        assert!(answer.header("content-type").starts_with("application/json"), "{version}");
        let info = answer.json();
        assert_eq!(info["version"], version);
        assert_eq!(info["software"]["name"], "solmu");
        assert_eq!(info["protocols"], serde_json::json!(["activitypub"]));
        assert_eq!(info["openRegistrations"], false);
        assert!(info["usage"]["users"]["total"].is_u64() && info["usage"]["localPosts"].is_u64(), "{info}");
        assert!(info["services"]["inbound"].is_array() && info["metadata"].is_object(), "{info}");
        assert!(version == "2.1" || info["software"].get("homepage").is_none(), "2.0 knows no homepage: {info}");
    }
}

async fn c8_c9_other_well_known_addresses(shown: &Shown) {
    let probe = "/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200";
    for (path, status) in [(probe, 404), ("/.well-known/oauth-authorization-server", 404), ("/api/v1/instance", 404)] {
        assert_eq!(shown.node.get(path, "application/json").await.status, status, "{path}");
    }
}
