//! One address, several forms; and what the filters of the lists do.

use crate::seed::seeded;
use http::StatusCode;

const ACTIVITY: &str = "application/activity+json";

#[tokio::test]
async fn activitypub_clients_are_sent_to_the_id() {
    let node = seeded().await;
    for (path, ids) in [
        ("/", "https://pirkanmaa.example/ap/actors/"),
        ("/@pirkanmaa", "https://pirkanmaa.example/ap/actors/"),
        ("/@relay", "https://pirkanmaa.example/ap/relay"),
        ("/@aino_lehtiranta", "https://pirkanmaa.example/ap/actors/"),
        ("/@kehto", "https://pirkanmaa.example/ap/actors/"),
        ("/tapahtumat/talvifestarit-2026", "https://pirkanmaa.example/ap/events/"),
        ("/tehtavat/tuottaja-klubisarjaan", "https://pirkanmaa.example/ap/tasks/"),
        ("/tapahtumat", "https://pirkanmaa.example/ap/actors/"),
    ] {
        for accept in [ACTIVITY, r#"application/ld+json; profile="https://www.w3.org/ns/activitystreams""#] {
            let answer = node.ask(path, accept, "").await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
            assert!(answer.header("location").starts_with(ids), "{path} → {}", answer.header("location"));
            assert_eq!(answer.header("vary"), "Accept, Accept-Language");
        }
    }
}

#[tokio::test]
async fn lists_answer_json_page_by_page() {
    let node = seeded().await;
    let first = node.ask("/tapahtumat", "application/json", "").await;
    assert_eq!(first.header("content-type"), "application/json");
    let first = first.json();
    assert_eq!(first["total"], 29);
    assert_eq!(first["items"].as_array().unwrap().len(), 20);
    assert_eq!(first["items"][0]["starts"], "2026-12-11T16:00:00Z");
    let next = first["next"].as_str().unwrap().strip_prefix("https://pirkanmaa.example").unwrap();
    let second = node.ask(next, "application/json", "").await.json();
    assert_eq!(second["items"].as_array().unwrap().len(), 9);
    assert!(second.get("next").is_none());
    for (path, total) in [("/tehtavat", 4), ("/tuottajat", 2), ("/organisaatiot", 2), ("/alueet", 0)] {
        assert_eq!(node.ask(path, "application/json", "").await.json()["total"], total, "{path}");
    }
    let one = node.ask("/tapahtumat/talvifestarit-2026", "application/json", "").await.json();
    assert_eq!(one["name"], "Talvifestarit 2026");
    assert_eq!(one["source"]["region"], "06");
}

#[tokio::test]
async fn filters_narrow_down() {
    let node = seeded().await;
    for (query, total) in [
        ("q=talvifestarit", 1),
        ("q=TALVI+Metso", 1),
        ("q=ei+sellaista", 0),
        ("from=2027-02-01", 16),
        ("until=2026-12-31", 4),
        ("from=2026-12-11&until=2026-12-11", 4),
        ("region=06", 29),
        ("region=Pirkanmaa", 29),
        ("region=13", 0),
        ("past=1", 29),
        ("unknown=parameter", 29),
    ] {
        let answer = node.ask(&format!("/tapahtumat?{query}"), "application/json", "").await;
        assert_eq!(answer.json()["total"], total, "{query}");
    }
    let empty = node.page("/tapahtumat?q=ei+sellaista").await;
    assert!(empty.body.contains("Näillä rajauksilla ei löytynyt mitään"));
    assert!(empty.body.contains("value=\"ei sellaista\""));
}

#[tokio::test]
async fn a_faulty_filter_keeps_what_was_typed_and_says_what_to_do() {
    let node = seeded().await;
    let long = "x".repeat(300);
    for (query, typed, words) in [
        ("from=11.12.2026&q=talvi", "value=\"11.12.2026\"", "Kirjoita se muodossa 2027-01-31"),
        ("from=2027-02-30", "value=\"2027-02-30\"", "ei ole päivämäärä"),
        ("from=2027-02-01&until=2027-01-01", "value=\"2027-01-01\"", "on ennen alkupäivää"),
        ("region=Atlantis", "Atlantis", "Valitse alue luettelosta"),
        ("page=nolla", "nolla", "ei ole sivun numero"),
        ("page=-1", "-1", "ei ole sivun numero"),
        (&format!("q={long}"), &long, "enintään 200 merkkiä"),
    ] {
        let answer = node.page(&format!("/tapahtumat?{query}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
        assert!(answer.body.contains(typed), "{query}");
        assert!(answer.body.contains(words), "{query}");
        let problem = node.ask(&format!("/tapahtumat?{query}"), "application/json", "fi").await;
        assert_eq!(problem.status, StatusCode::BAD_REQUEST);
        assert!(problem.json()["detail"].as_str().unwrap().contains(words), "{query}");
    }
    assert!(node.page("/tapahtumat?from=11.12.2026&q=talvi").await.body.contains("value=\"talvi\""));
}

#[tokio::test]
async fn pages_of_a_list_keep_the_filter_and_the_language() {
    let node = seeded().await;
    let first = node.page("/tapahtumat?q=sarja&lang=en").await;
    assert!(first.body.contains("href=\"/tapahtumat?q=sarja&#38;page=2&#38;lang=en\""), "{}", first.body);
    let second = node.page("/tapahtumat?q=sarja&page=2&lang=en").await;
    assert!(second.body.contains("Page 2/2"));
    assert!(second.body.contains("href=\"/tapahtumat?q=sarja&#38;lang=en\""));
    assert_eq!(node.page("/tapahtumat?page=99").await.status, StatusCode::OK);
}

#[tokio::test]
async fn following_from_elsewhere() {
    let node = seeded().await;
    let landing =
        node.page("/authorize_interaction?uri=https%3A%2F%2Fpirkanmaa.example%2Fx&server=mastodon.social").await;
    let link = "https://mastodon.social/authorize_interaction?uri=https%3A%2F%2Fpirkanmaa.example%2Fx";
    assert!(landing.body.contains(&format!("href=\"{link}\"")), "{}", landing.body);
    let fault = node.page("/seuraa?server=javascript%3Aalert(1)").await;
    assert!(fault.body.contains("ei ole palvelimen nimi"));
    assert!(!fault.body.contains("href=\"javascript"));
    assert!(node.page("/seuraa").await.body.contains("@pirkanmaa@pirkanmaa.example"));
}
