//! The producers, narrowed down by what they agreed to show.

use crate::seed::seeded;
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
    ] {
        assert!(answer.body.contains(part), "{part}\n{}", answer.body);
    }
    for (query, words) in [
        ("skill=juggling", "”juggling” ei ole luettelossa. Valitse osaaminen"),
        ("field=%3Cb%3E", "”&#60;b&#62;” ei ole luettelossa. Valitse ala"),
        ("language=tlh", "”tlh” ei ole luettelossa. Valitse kieli"),
        ("remote=maybe", "Työtapa"),
    ] {
        let answer = node.page(&format!("/tuottajat?{query}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
        assert!(answer.body.contains(words), "{query}: {}", answer.body);
        assert!(answer.body.contains("aria-invalid=\"true\""), "{query}");
        let feed = node.page(&format!("/tuottajat.atom?{query}")).await;
        assert_eq!(feed.status, StatusCode::BAD_REQUEST, "{query}, as a feed");
    }
}
