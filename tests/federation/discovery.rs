//! How a node is found: WebFinger, host-meta, NodeInfo, and the other well-known addresses.

use crate::cases;
use crate::harness::{ACTIVITY, Database};
use crate::on_both_databases;
use crate::shown::{CONTACT, Shown};
use serde_json::{Value, json};
use std::collections::BTreeSet;

on_both_databases! {
    finding_a_node;
}

async fn finding_a_node(database: Database) {
    let shown = Shown::on(database).await;
    cases! { shown;
        c1_webfinger
        c2_c3_other_ways_to_ask
        c4_webfinger_refusals
        c5_host_meta
        c6_nodeinfo_links
        c7_nodeinfo
        c8_addresses_that_are_not_there
        c9_security_txt
        pages_that_other_servers_lead_to
    }
}

/// Asks WebFinger for something that is there.
async fn ask(shown: &Shown, resource: &str) -> Value {
    let answer = shown.node.get(&format!("/.well-known/webfinger?resource={resource}"), "").await;
    assert_eq!(answer.status, 200, "{resource}: {}", answer.body);
    assert!(answer.header("content-type").starts_with("application/jrd+json"), "{}", answer.header("content-type"));
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    assert_eq!(answer.header("cache-control"), "public, max-age=3600");
    answer.json()
}

async fn c1_webfinger(shown: &Shown) {
    let (node, host) = (&shown.node, shown.node.host());
    let jrd = ask(shown, &format!("acct:pirkanmaa@{host}")).await;
    assert_eq!(jrd["subject"], format!("acct:pirkanmaa@{host}"));
    let page = node.url("/@pirkanmaa");
    assert_eq!(jrd["aliases"], json!([page, shown.region]));
    let ld = "application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"";
    assert_eq!(
        jrd["links"],
        json!([
            {"rel": "self", "type": ACTIVITY, "href": shown.region},
            {"rel": "self", "type": ld, "href": shown.region},
            {"rel": "http://webfinger.net/rel/profile-page", "type": "text/html", "href": page},
            {"rel": "http://webfinger.net/rel/avatar", "type": "image/png", "href": node.url("/static/pictures/icon.png")},
            {"rel": "http://ostatus.org/schema/1.0/subscribe", "template": node.url("/authorize_interaction?uri={uri}")},
        ])
    );
    for (name, id) in
        [("relay", &shown.relay), ("maija", &shown.producer), ("osuuskunta_esimerkki", &shown.organisation)]
    {
        let jrd = ask(shown, &format!("acct:{name}@{host}")).await;
        assert_eq!((&jrd["subject"], &jrd["links"][0]["href"]), (&json!(format!("acct:{name}@{host}")), &json!(id)));
    }
}

async fn c2_c3_other_ways_to_ask(shown: &Shown) {
    let (node, host) = (&shown.node, shown.node.host());
    let encoded = host.replace(':', "%3A");
    let first = ask(shown, &format!("acct:pirkanmaa@{host}")).await.to_string();
    for resource in [
        format!("acct%3APirkanmaa%40{encoded}"),
        format!("acct:@pirkanmaa@{host}"),
        format!("acct:PIRKANMAA@{host}"),
        format!("pirkanmaa@{host}"),
        shown.region.clone(),
        node.url("/@pirkanmaa"),
        node.url("/@Pirkanmaa"),
        shown.region.replace(':', "%3A").replace('/', "%2F"),
    ] {
        assert_eq!(ask(shown, &resource).await.to_string(), first, "{resource}");
    }
    for resource in [node.url("/"), node.url("")] {
        assert_eq!(ask(shown, &resource).await["links"][0]["href"], shown.relay.as_str(), "{resource}");
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
        assert_eq!(answer.header("content-type"), "application/problem+json", "{query}");
        assert_eq!(answer.header("access-control-allow-origin"), "*", "{query}");
    }
    for resource in [format!("acct:poistuva@{host}"), shown.deleted_producer.clone()] {
        let answer = shown.node.get(&format!("/.well-known/webfinger?resource={resource}"), "").await;
        assert_eq!(answer.status, 410, "{resource}: {}", answer.body);
    }
}

async fn c5_host_meta(shown: &Shown) {
    let template = shown.node.url("/.well-known/webfinger?resource={uri}");
    let xml = shown.node.get("/.well-known/host-meta", "").await;
    assert_eq!(xml.status, 200);
    assert!(xml.header("content-type").starts_with("application/xrd+xml"));
    let link = format!("<Link rel=\"lrdd\" template=\"{template}\"/>");
    assert!(xml.body.contains(&link) && xml.body.matches("<Link").count() == 1, "{}", xml.body);
    let json = shown.node.get("/.well-known/host-meta.json", "").await;
    assert!(json.header("content-type").starts_with("application/json"));
    assert_eq!(json.json()["links"][0]["template"], template);
    for answer in [&xml, &json] {
        assert_eq!(answer.header("access-control-allow-origin"), "*");
    }
}

async fn c6_nodeinfo_links(shown: &Shown) {
    let answer = shown.node.get("/.well-known/nodeinfo", "text/html").await;
    assert!(answer.header("content-type").starts_with("application/json"));
    let schema = "http://nodeinfo.diaspora.software/ns/schema";
    assert_eq!(
        answer.json(),
        json!({"links": [
            {"rel": format!("{schema}/2.1"), "href": shown.node.url("/nodeinfo/2.1")},
            {"rel": format!("{schema}/2.0"), "href": shown.node.url("/nodeinfo/2.0")},
            {"rel": "https://www.w3.org/ns/activitystreams#Application", "href": shown.relay},
        ]}),
        "Gancio takes the first, Mobilizon fails on one without rel or href"
    );
}

async fn c7_nodeinfo(shown: &Shown) {
    for version in ["2.1", "2.0"] {
        let answer = shown.node.get(&format!("/nodeinfo/{version}"), "text/html").await;
        let schema = format!("profile=\"http://nodeinfo.diaspora.software/ns/schema/{version}#\"");
        assert_eq!(answer.header("content-type"), format!("application/json; {schema}"));
        let info = answer.json();
        by_the_schema(&info, version);
        assert_eq!(info["software"]["name"], "solmu");
        let number = info["software"]["version"].as_str().unwrap();
        assert!(
            number.split('.').count() == 3 && number.split('.').all(|part| part.parse::<u32>().is_ok()),
            "{number}"
        );
        assert_eq!((&info["protocols"], &info["openRegistrations"]), (&json!(["activitypub"]), &json!(false)));
        let users = &info["usage"]["users"];
        assert_eq!(users["total"], 2, "a producer and an organisation");
        assert_eq!(info["usage"]["localPosts"], crate::shown::OBJECTS);
        let metadata = &info["metadata"];
        assert_eq!((&metadata["region"], &metadata["federation"]["enabled"]), (&json!("06"), &json!(true)));
        assert!(metadata["nodeName"].is_string() && metadata["nodeDescription"].is_string(), "{metadata}");
        assert!(metadata["feps"].as_array().unwrap().contains(&json!("2677")), "{metadata}");
    }
}

/// What the published JSON schemas of NodeInfo 2.0 and 2.1 ask for: these members and no others.
fn by_the_schema(info: &Value, version: &str) {
    let members = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>();
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
    let all = ["version", "software", "protocols", "services", "openRegistrations", "usage", "metadata"];
    assert_eq!(members(info), names(&all));
    assert_eq!(info["version"], version);
    let software = members(&info["software"]);
    let allowed: &[&str] =
        if version == "2.1" { &["name", "version", "repository", "homepage"] } else { &["name", "version"] };
    assert!(software.is_superset(&names(&["name", "version"])) && software.is_subset(&names(allowed)), "{software:?}");
    let name = info["software"]["name"].as_str().unwrap();
    assert!(
        !name.is_empty() && name.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-'),
        "{name}"
    );
    assert!(!info["protocols"].as_array().unwrap().is_empty());
    assert_eq!(members(&info["services"]), names(&["inbound", "outbound"]));
    assert!(info["services"]["inbound"].is_array() && info["services"]["outbound"].is_array());
    assert!(info["openRegistrations"].is_boolean() && info["metadata"].is_object());
    assert_eq!(members(&info["usage"]), names(&["users", "localPosts"]));
    let [total, half, month] =
        ["total", "activeHalfyear", "activeMonth"].map(|name| info["usage"]["users"][name].as_u64().unwrap());
    assert!(month <= half && half <= total, "{month} {half} {total}");
}

/// Nobody can sign in, so there is no password to change.
async fn c8_addresses_that_are_not_there(shown: &Shown) {
    let probe = "/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200";
    for path in [
        probe,
        "/.well-known/change-password",
        "/.well-known/oauth-authorization-server",
        "/.well-known/host-meta/x",
        "/api/v1/instance",
        "/api/v2/instance",
        "/nodeinfo/1.0",
    ] {
        for accept in ["application/json", "text/html", "*/*"] {
            let answer = shown.node.get(path, accept).await;
            assert_eq!(answer.status, 404, "{path}");
            assert_eq!(
                answer.header("content-type"),
                "application/problem+json",
                "{path}: no page is taken for an answer"
            );
        }
    }
}

async fn c9_security_txt(shown: &Shown) {
    let answer = shown.node.get("/.well-known/security.txt", "*/*").await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "text/plain; charset=utf-8"));
    let field = |name: &str| answer.body.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    assert_eq!(field("Contact"), Some(CONTACT));
    assert_eq!(field("Canonical"), Some(shown.node.url("/.well-known/security.txt").as_str()));
    let expires: jiff::Timestamp = field("Expires").unwrap().parse().unwrap();
    let left = expires.duration_since(store::Clock::System.now().to_jiff());
    assert!(left.as_hours() > 24 && left.as_hours() < 365 * 24, "{left}");
}

/// The page to which other servers send people who want to interact, and the profile pages.
async fn pages_that_other_servers_lead_to(shown: &Shown) {
    let landing = shown.node.get(&format!("/authorize_interaction?uri={}", shown.event), "text/html").await;
    assert_eq!(landing.status, 200);
    assert!(landing.body.contains(&shown.node.handle()) && landing.body.contains(&shown.event), "{}", landing.body);
    for (path, id) in [("/@MAIJA", &shown.producer), ("/@Pirkanmaa", &shown.region), ("/@Relay", &shown.relay)] {
        assert_eq!(shown.node.get(path, "text/html").await.status, 200, "{path}");
        assert_eq!(shown.node.id_of(path).await, id.as_str(), "{path}");
    }
    let robots = shown.node.get("/robots.txt", "").await;
    assert!(robots.status == 200 && robots.body.contains("Disallow: /ap/"), "{}", robots.body);
}
