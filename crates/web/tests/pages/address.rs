//! What an address answers: pages, their machine-readable heads, and what is not there.

use crate::seed::{PAGES, ask, seeded};
use http::StatusCode;

#[tokio::test]
async fn every_page_is_there_in_three_languages() {
    let node = seeded().await;
    for path in PAGES.into_iter().chain(["/alueet", "/@relay", "/authorize_interaction?uri=x"]) {
        for (language, lang) in [("fi", "fi"), ("sv-FI,fi;q=0.5", "sv"), ("en", "en"), ("de", "fi")] {
            for router in [&node.router, &node.national] {
                let answer = ask(router, path, "text/html", language).await;
                assert_eq!(answer.status, StatusCode::OK, "{path}");
                assert!(answer.body.contains(&format!("<html lang=\"{lang}\">")), "{path} {language}");
                assert_eq!(answer.header("content-language"), lang);
            }
        }
    }
}

#[tokio::test]
async fn a_chosen_language_wins_and_is_carried_on() {
    let node = seeded().await;
    let answer = node.page("/tapahtumat?q=talvi&lang=sv").await;
    assert!(answer.body.contains("<html lang=\"sv\">"));
    assert!(answer.body.contains("href=\"/tapahtumat/talvifestarit-2026?lang=sv\""));
    assert!(answer.body.contains("name=\"lang\" value=\"sv\""));
    for code in ["fi", "sv", "en"] {
        let link = format!(
            "<link rel=\"alternate\" hreflang=\"{code}\" href=\"https://pirkanmaa.example/tapahtumat?q=talvi&#38;lang={code}\">"
        );
        assert!(answer.body.contains(&link), "{link}\n{}", answer.body);
    }
    assert!(answer.body.contains("hreflang=\"x-default\" href=\"https://pirkanmaa.example/tapahtumat?q=talvi\""));
}

#[tokio::test]
async fn the_head_of_an_event_tells_machines_what_it_is() {
    let node = seeded().await;
    let answer = node.page("/tapahtumat/talvifestarit-2026").await;
    let id = answer.body.split("type=\"application/activity+json\" href=\"").nth(1).unwrap().split('"').next().unwrap();
    assert!(id.starts_with("https://pirkanmaa.example/ap/events/"), "{id}");
    let canonical = "https://pirkanmaa.example/tapahtumat/talvifestarit-2026";
    assert_eq!(answer.headers.get_all("link").iter().count(), 1);
    let link =
        format!("<{id}>; rel=\"alternate\"; type=\"application/activity+json\", <{canonical}>; rel=\"canonical\"");
    assert_eq!(answer.header("link"), link);
    for part in [
        &format!("<link rel=\"canonical\" href=\"{canonical}\">"),
        "<meta property=\"og:title\" content=\"Talvifestarit 2026\">",
        "<meta property=\"og:type\" content=\"article\">",
        &format!("<meta property=\"og:url\" content=\"{canonical}\">"),
        "<meta property=\"og:locale\" content=\"fi_FI\">",
        "<meta property=\"og:image\" content=\"https://pirkanmaa.example/static/pictures/default.png\">",
        "<meta property=\"og:image:alt\" content=\"Piirros: lava\">",
        "<meta name=\"fediverse:creator\" content=\"@pirkanmaa@pirkanmaa.example\">",
        "<time datetime=\"2026-12-11T18:00:00+02:00\">pe\u{a0}11.12.2026 klo\u{a0}18.00–\u{2060}22.00</time>",
    ] {
        assert!(answer.body.contains(part), "{part}\n{}", answer.body);
    }
}

#[tokio::test]
async fn languages_of_texts_are_marked() {
    let node = seeded().await;
    let event = node.ask("/tapahtumat/produktion-pa-natet", "text/html", "fi").await;
    assert!(event.body.contains("<h1 lang=\"sv\">Produktion på nätet</h1>"));
    let organisation = node.ask("/@kehto", "text/html", "en").await;
    assert!(organisation.body.contains("<div class=\"prose\" lang=\"fi\">"));
    assert!(!node.page("/@kehto").await.body.contains("class=\"prose\" lang"));
}

#[tokio::test]
async fn what_is_not_there_says_so_in_the_readers_language() {
    let node = seeded().await;
    for (path, status, text) in [
        ("/tapahtumat/ei-ole", 404, "Sidan hittades inte"),
        ("/tehtavat/pirkanmaa.example/ei-ole", 404, "Sidan hittades inte"),
        ("/@nobody", 404, "Sidan hittades inte"),
        ("/nonsense/deep/path", 404, "Sidan hittades inte"),
        ("/tapahtumat/luonnos", 404, "Sidan hittades inte"),
        ("/tapahtumat/mennytta", 404, "Sidan hittades inte"), // deleted
    ] {
        let answer = node.ask(path, "text/html", "sv").await;
        assert_eq!(answer.status.as_u16(), status, "{path}");
        assert!(answer.body.contains(text), "{path}");
        assert!(answer.body.contains("<html lang=\"sv\">"), "{path}");
        assert!(!answer.body.contains("Luonnos"), "{path}");
        let problem = node.ask(path, "application/json", "sv").await;
        assert_eq!(problem.status.as_u16(), status, "{path}");
        assert_eq!(problem.header("content-type"), "application/problem+json");
        assert_eq!(problem.json()["status"], status);
    }
}

#[tokio::test]
async fn head_is_get_without_the_body() {
    let node = seeded().await;
    for path in PAGES {
        let head = node.ask(&format!("HEAD {path}"), "text/html", "fi").await;
        assert_eq!((head.status, head.body.as_str()), (StatusCode::OK, ""), "{path}");
        assert_eq!(head.header("content-type"), "text/html; charset=utf-8");
    }
    assert_eq!(node.ask("POST /tapahtumat", "", "").await.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn robots_and_icons() {
    let node = seeded().await;
    let robots = node.page("/robots.txt").await;
    assert!(robots.body.contains("Disallow: /ap/"));
    for (path, kind) in [
        ("/favicon.ico", "image/x-icon"),
        ("/apple-touch-icon.png", "image/png"),
        ("/static/pictures/default.png", "image/png"),
        ("/static/pictures/icon.png", "image/png"),
        ("/static/solmu.css", "text/css; charset=utf-8"),
    ] {
        let file = node.page(path).await;
        assert_eq!((file.status, file.header("content-type")), (StatusCode::OK, kind), "{path}");
        assert_eq!(file.header("x-content-type-options"), "nosniff");
    }
}

#[tokio::test]
async fn only_the_national_node_chooses_among_regions() {
    let node = seeded().await;
    assert!(!node.page("/tapahtumat").await.body.contains("name=\"region\""));
    let national = ask(&node.national, "/tapahtumat?region=06", "text/html", "en").await;
    assert!(national.body.contains("<option value=\"06\" selected>Pirkanmaa</option>"));
    assert!(national.body.contains("Talvifestarit 2026"));
}
