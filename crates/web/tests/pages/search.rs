//! The search across everything, as a page and as JSON.

use crate::seed::{ask, seeded};
use http::StatusCode;

#[tokio::test]
async fn everything_is_found_with_what_it_is_and_when() {
    let node = seeded().await;
    let answer = node.page("/search?q=klubeissa").await;
    assert_eq!(answer.status, StatusCode::OK);
    for part in [
        "<title>Haku – Pirkanmaa</title>",
        "<meta name=\"robots\" content=\"noindex\">",
        "value=\"klubeissa\"",
        "<p class=\"eyebrow\">tapahtuma</p>",
        "<a href=\"/tapahtumat/talvifestarit-2026\">Talvifestarit 2026</a>",
        "<span>Pirkanmaa</span> · <span>pe\u{a0}11.12.2026</span>",
        "<p class=\"blurb\">Kolme esitystä ja pikkujoulut.</p>",
        "<p class=\"eyebrow\">tuottaja</p>",
        "<a href=\"/@aino_lehtiranta\">Aino Lehtiranta</a>",
        "<p class=\"blurb\">Klubit ja festivaalit</p>",
    ] {
        assert!(answer.body.contains(part), "{part}\n{}", answer.body);
    }
    assert!(!answer.body.contains("Otso Varovainen"), "whose headline is not published");
    let called_off = node.ask("/search?q=karkeloissa", "text/html", "en").await;
    assert!(called_off.body.contains("<p class=\"status\">Cancelled</p>"), "{}", called_off.body);
    assert_eq!(called_off.body.matches("<li class=\"off\">").count(), 1, "struck out as in the lists");
}

#[tokio::test]
async fn a_search_is_narrowed_down_to_a_kind_and_a_region() {
    let node = seeded().await;
    for (query, total) in [
        ("q=Talvifestarit", 1),
        ("q=tampereella", 36),
        ("q=tampereella&kind=producer", 2),
        ("q=tampereella&kind=organisation", 2),
        ("q=tampereella&kind=task", 4),
        ("q=tampereella&kind=event", 28),
        ("q=tampereella&region=06", 36),
        ("q=tampereella&region=13", 0),
        ("q=tampereella&region=Pirkanmaa", 36),
        ("q=luonnos", 0),
        ("q=sarja", 25),
        ("", 0),
    ] {
        for router in [&node.router, &node.national] {
            let answer = ask(router, &format!("/search?{query}"), "application/json", "").await.json();
            assert_eq!(answer["total"], total, "{query}");
        }
    }
    let hit = node.ask("/search?q=talvifestarit", "application/json", "").await.json()["items"][0].clone();
    assert_eq!((hit["kind"].as_str(), hit["title"].as_str()), (Some("event"), Some("Talvifestarit 2026")));
    assert_eq!(hit["source"]["region"], "06");
    let form = node.page("/search?q=tampereella&kind=task&region=06").await;
    assert!(form.body.contains("<option value=\"task\" selected>Tehtäviä</option>"), "{}", form.body);
    assert!(form.body.contains("<option value=\"06\" selected>Pirkanmaa</option>"), "a region's node knows others too");
}

#[tokio::test]
async fn the_pages_of_a_search_keep_what_was_asked() {
    let node = seeded().await;
    let first = node.page("/search?q=sarja&kind=event&lang=en").await;
    assert!(first.body.contains("25 results"));
    assert!(first.body.contains("href=\"/search?q=sarja&#38;kind=event&#38;page=2&#38;lang=en\""), "{}", first.body);
    let second = node.page("/search?q=sarja&kind=event&page=2&lang=en").await;
    assert!(second.body.contains("Page 2/2"));
    assert!(
        first
            .body
            .contains("hreflang=\"sv\" href=\"https://pirkanmaa.example/search?q=sarja&#38;kind=event&#38;lang=sv\"")
    );
    let one = node.ask("/search?q=sarja", "application/json", "").await.json();
    assert_eq!(one["items"].as_array().unwrap().len(), 20);
    assert_eq!(one["next"], "https://pirkanmaa.example/search?q=sarja&page=2");
}

#[tokio::test]
async fn every_page_has_the_search_in_its_head() {
    let node = seeded().await;
    for path in ["/", "/tapahtumat", "/tapahtumat/talvifestarit-2026", "/@kehto", "/tietoa", "/nothing"] {
        let answer = node.page(path).await;
        assert!(
            answer.body.contains("<form class=\"seek\" method=\"get\" action=\"/search#results\" role=\"search\""),
            "{path}"
        );
    }
    assert_eq!(node.page("/search?q=klubi").await.body.matches("type=\"search\"").count(), 1, "one field is enough");
    let carried = node.page("/tietoa?lang=sv").await;
    let head = carried.body.split("<form class=\"seek\"").nth(1).unwrap().split("</form>").next().unwrap().to_owned();
    assert!(head.contains("name=\"lang\" value=\"sv\"") && head.contains(">Sök i hela tjänsten</label>"), "{head}");
    let list = node.page("/tehtavat?lang=sv").await.body;
    assert!(
        list.contains("<button class=\"button\" type=\"submit\">Sök bland dessa</button>"),
        "not the one in the head"
    );
}

#[tokio::test]
async fn whatever_is_typed_gets_a_clear_answer() {
    let node = seeded().await;
    let long = "x".repeat(10_000);
    for (typed, status, words) in [
        ("", 200, "Sanat löytyvät kaikissa taivutusmuodoissaan"),
        ("eiosumia", 200, "Näillä sanoilla ei löytynyt mitään"),
        ("ja", 400, "haussa ”ja” ei ole sanaa, jolla voisi hakea"),
        ("%22*%22", 400, "ei ole sanaa, jolla voisi hakea"),
        ("%00", 400, "ei ole sanaa, jolla voisi hakea"),
        ("talvifestarit%22%20OR%20*", 200, "Talvifestarit 2026"),
        ("%22talvifestarit%22", 200, "Talvifestarit 2026"),
        ("talvifestarit%00", 200, "Talvifestarit 2026"),
        ("NEAR(a%20b)%20%5Ex%20-y%20k%3Aevent", 200, "Näillä sanoilla ei löytynyt mitään"),
        (&long, 400, "enintään 200 merkkiä"),
        ("talvi&kind=kissa", 400, "”kissa” ei ole mikään niistä"),
        ("talvi&region=Atlantis", 400, "Valitse alue luettelosta"),
    ] {
        let answer = node.page(&format!("/search?q={typed}")).await;
        assert_eq!(answer.status.as_u16(), status, "{typed}\n{}", answer.body);
        assert!(answer.body.contains(words), "{typed}: {words}\n{}", answer.body);
        let json = node.ask(&format!("/search?q={typed}"), "application/json", "fi").await;
        assert_eq!(json.status.as_u16(), status, "{typed} as JSON");
    }
    let list = node.page("/tapahtumat?q=%22*%22").await;
    assert_eq!(list.status, StatusCode::BAD_REQUEST, "the lists say the same");
    assert!(list.body.contains("ei ole sanaa, jolla voisi hakea"));
    let queries = ["/tapahtumat", "/tapahtumat?month=2026-12", "/tapahtumat?view=map", "/tehtavat", "/tuottajat"];
    for path in queries.into_iter().chain(["/organisaatiot", "/search?q=talvi", "/tapahtumat?q=%22*%22"]) {
        let body = node.page(path).await.body;
        let place = path.split('?').next().unwrap();
        assert!(body.contains(&format!("<form class=\"search\" method=\"get\" action=\"{place}#results\"")), "{path}");
        assert_eq!(body.matches("id=\"results\"").count(), 1, "{path}: what was found, or what is wrong");
    }
}
