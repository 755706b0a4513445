//! The producers, narrowed down by what they agreed to show, and the tasks by what they ask for.

use crate::members::{published, sent, with_profile};
use crate::seed::{ask, seeded, seeded_on};
use http::StatusCode;

#[tokio::test]
async fn producers_are_narrowed_down_by_skill_field_language_and_way_of_working() {
    let node = seeded().await;
    for (query, total) in [
        ("", 2),
        ("skill=G01", 1),
        ("skill=g01", 1),
        ("skill=G02", 0),
        ("field=music", 1),
        ("field=dance", 0),
        ("language=sv", 1),
        ("language=fi&field=music&skill=G01&remote=1", 1),
        ("language=en", 0),
        ("remote=1", 1),
        ("field=music&q=festivaaleilla", 1),
        ("field=music&q=eiosumia", 0),
        ("field=music&region=13", 0),
    ] {
        let json = node.ask(&format!("/tuottajat?{query}"), "application/json", "").await.json();
        assert_eq!(json["total"], total, "{query}");
        let feed = node.page(&format!("/tuottajat.atom?{query}")).await.body;
        assert_eq!(feed.matches("<entry>").count(), total, "{query}, as a feed");
    }
}

#[tokio::test]
async fn tasks_are_narrowed_down_by_skill_contract_and_way_of_working() {
    let node = seeded().await;
    for (query, total) in [
        ("", 4),
        ("skill=G01", 4),
        ("skill=G02", 0),
        ("engagement=invoice", 3),
        ("engagement=unpaid&remote=1", 1),
        ("engagement=salary", 0),
        ("engagement=invoice&q=klubisarjaan", 1),
    ] {
        let json = node.ask(&format!("/tehtavat?{query}"), "application/json", "").await.json();
        assert_eq!(json["total"], total, "{query}");
        let feed = node.page(&format!("/tehtavat.atom?{query}")).await.body;
        assert_eq!(feed.matches("<entry>").count(), total, "{query}, as a feed");
    }
    let page = node.page("/tehtavat?engagement=invoice").await.body;
    for part in [
        "<option value=\"invoice\" selected>Lasku (yrittäjä)</option>",
        "href=\"/tehtavat.ics?engagement=invoice&#38;lang=fi\"",
        "<details open>\n<summary>Rajaa tarkemmin</summary>",
    ] {
        assert!(page.contains(part), "{part}\n{page}");
    }
    let answer = node.page("/tehtavat?engagement=barter").await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(answer.body.contains("Sopimusmuoto: ”barter” ei ole luettelossa"), "{}", answer.body);
}

#[tokio::test]
async fn nobody_is_found_by_what_they_do_not_show() {
    let node = seeded().await;
    let json = node.ask("/tuottajat?field=music", "application/json", "").await;
    assert!(json.body.contains("Aino Lehtiranta") && !json.body.contains("Otso"), "both work in music");
}

#[tokio::test]
async fn the_form_keeps_what_was_chosen_and_says_what_is_no_choice() {
    let node = seeded().await;
    let answer = node.page("/tuottajat?field=music&language=sv").await;
    for part in [
        "<option value=\"music\" selected>Musiikki</option>",
        "<option value=\"sv\" selected>Ruotsi</option>",
        "href=\"/tuottajat.atom?field=music&#38;language=sv&#38;lang=fi\"",
        "<a href=\"/tuottajat\">Tyhjennä rajaukset</a>",
        "<optgroup label=\"Osaamisalueet\">\n<option value=\"G01\">",
        "<details open>\n<summary>Rajaa tarkemmin</summary>",
        "</optgroup>\n<optgroup label=\"Yksittäiset taidot\">",
    ] {
        assert!(answer.body.contains(part), "{part}\n{}", answer.body);
    }
    assert!(node.page("/tuottajat").await.body.contains("<details>\n<summary>Rajaa"), "folded until it is of use");
    for (query, words) in [
        ("skill=juggling", "”juggling” ei ole luettelossa. Valitse osaaminen"),
        ("field=%3Cb%3E", "”&#60;b&#62;” ei ole luettelossa. Valitse ala"),
        ("language=tlh", "”tlh” ei ole luettelossa. Valitse kieli"),
        ("remote=maybe", "Työtapa"),
        ("free=pian", "Vapaana: ”pian” ei ole kuukausi"),
        ("free=2027-13", "Vapaana: ”2027-13” ei ole kuukausi"),
    ] {
        let answer = node.page(&format!("/tuottajat?{query}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
        assert!(answer.body.contains(words), "{query}: {}", answer.body);
        assert!(answer.body.contains("aria-invalid=\"true\""), "{query}");
        let feed = node.page(&format!("/tuottajat.atom?{query}")).await;
        assert_eq!(feed.status, StatusCode::BAD_REQUEST, "{query}, as a feed");
    }
}

/// By the months of one's free times and by the regions one works for, while one agrees to show them: the list, as a document
/// and as a feed.
async fn by_months_and_regions(scratch: store::testing::Scratch) {
    let node = seeded_on(scratch).await;
    let mut aino = with_profile(&node).await;
    let times = [
        ("from_0", "2026-12-20"),
        ("until_0", "2027-02-01"),
        ("share_0", "40"),
        ("from_1", "2027-06-10"),
        ("until_1", "2027-06-10"),
        ("share_1", "100"),
    ];
    sent(&mut aino, "/me/work", &times).await;
    published(&node, &mut aino, &["name", "fields", "availability"]).await;
    for (query, total) in [
        ("", 3),
        ("free=2026-11", 0),
        ("free=2026-12", 1),
        ("free=2027-01", 1),
        ("free=2027-02", 1),
        ("free=2027-03", 0),
        ("free=2027-06", 1),
        ("free=2027-01&field=circus", 1),
        ("free=2027-01&field=music", 0),
        ("free=2027-01&q=esimerkki", 1),
        ("free=2031-01", 0),
    ] {
        assert_eq!(found(&node, query).await, (total, total), "{query:?} on its own and as a feed");
    }
    let page = node.page("/tuottajat?free=2027-02").await.body;
    for part in [
        "<option value=\"2027-02\" selected>Helmikuu 2027</option>",
        "href=\"/tuottajat.atom?free=2027-02&#38;lang=fi\"",
        "href=\"/tuottajat?free=2027-02&#38;lang=sv\"",
    ] {
        assert!(page.contains(part), "{part}\n{page}");
    }
    assert_eq!(page.matches("<option value=\"202").count(), 12, "a year from now on");
    let far = node.page("/tuottajat?free=2031-01").await.body;
    assert!(far.contains("<option value=\"2031-01\" selected>Tammikuu 2031</option>"), "what was asked for stays");

    sent(&mut aino, "/me/publication", &[("on", "name"), ("on", "fields")]).await;
    assert_eq!(found(&node, "free=2027-01").await, (0, 0), "taken back");
    assert_eq!(found(&node, "field=circus").await, (1, 1));

    // She has written that she works for Åland, and shows it only now.
    assert_eq!(found(&node, "region=21").await, (0, 0), "not shown");
    sent(&mut aino, "/me/publication", &[("on", "name"), ("on", "fields"), ("on", "regions")]).await;
    for (query, total) in [
        ("region=21", 1),
        ("region=%C3%85land&field=circus", 1),
        ("region=21&field=music", 0),
        ("region=21&q=esimerkki", 1),
        ("region=06", 3),
        ("region=13", 0),
        ("region=00", 3),
    ] {
        assert_eq!(found(&node, query).await, (total, total), "{query:?} on its own and as a feed");
        let national = ask(&node.national, &format!("/tuottajat?{query}"), "application/json", "").await.json();
        assert_eq!(national["total"], total, "{query:?} on the national node");
    }
    let page = node.page("/tuottajat?region=21").await.body;
    for part in [
        "<option value=\"\">Tämän alueen tuottajat</option>",
        "<option value=\"21\" selected>Ahvenanmaa</option>",
        "href=\"/tuottajat.atom?region=21&#38;lang=fi\"",
    ] {
        assert!(page.contains(part), "{part}\n{page}");
    }
    let fault = node.page("/tuottajat?region=Atlantis").await;
    assert_eq!(fault.status, StatusCode::BAD_REQUEST);
    assert!(fault.body.contains("<a href=\"#filter-region\">"), "{}", fault.body);
    sent(&mut aino, "/me/publication", &[("on", "name"), ("on", "fields")]).await;
    assert_eq!(found(&node, "region=21").await, (0, 0), "taken back");
}

/// How many a query finds, as a document and as a feed.
async fn found(node: &crate::seed::Seeded, query: &str) -> (usize, usize) {
    let json = node.ask(&format!("/tuottajat?{query}"), "application/json", "").await.json();
    let feed = node.page(&format!("/tuottajat.atom?{query}")).await.body;
    (json["items"].as_array().unwrap().len(), feed.matches("<entry>").count())
}

#[tokio::test]
async fn who_has_time_or_works_for_a_region_is_found_on_sqlite() {
    by_months_and_regions(store::testing::sqlite()).await;
}

#[tokio::test]
async fn who_has_time_or_works_for_a_region_is_found_on_postgres() {
    by_months_and_regions(store::testing::postgres()).await;
}
