//! The limits of a node hold for rows too, each told by its field; and no text of a row, however odd, stops the others or
//! means another thing on the other database.

use super::applying::{evening, events, put_in};
use crate::import::{Format, Reading, read, refusals};
use crate::testing::{later, node, now, on_both_stores};
use crate::view::Filter;
use crate::{Error, event};
use federation::Limits;
use serde_json::json;
use std::cell::RefCell;

fn narrow() -> Limits {
    Limits {
        depth: 8,
        name: 50,
        summary: 100,
        content: 1_000,
        address: 512,
        tags: 2,
        attachments: 1,
        body: 65_536,
        ..Limits::default()
    }
}

/// What the good rows are called, and what is said of the others.
fn read_by(format: Format, text: &str) -> (Vec<String>, Vec<String>) {
    let Reading { rows, bad, .. } = read(format, text.as_bytes(), &node(), &narrow(), now()).unwrap();
    (rows.into_iter().map(|row| row.id).collect(), bad.iter().map(ToString::to_string).collect())
}

#[test]
fn f31_f32_rows_of_a_bundle_are_bounded_each_for_itself() {
    let nested = (0..20).fold(json!("x"), |inner, _| json!([inner]));
    let rows = [
        json!({"id": "good-1"}),
        json!({"id": "name", "name": "x".repeat(51)}),
        json!({"id": "blurb", "blurb": "x".repeat(101)}),
        json!({"id": "content", "content": "x".repeat(1_001)}),
        json!({"id": "tags", "tags": ["a", "b", "c"]}),
        json!({"id": "deep", "tags": nested}),
        json!({"id": "large", "content": "x".repeat(70_000)}),
        json!({"id": "rules", "name": "x".repeat(300)}),
        json!({"id": "good-2", "name": "x".repeat(50), "tags": ["a", "b"]}),
    ];
    let twice = r#"{"id":"twice","name":"Ilta","name":"Toinen"},{"id":"good-2""#;
    let text = events(&rows.map(evening)).replace(r#"{"id":"good-2""#, twice);
    let (good, bad) = read_by(Format::Bundle, &text);
    assert_eq!(good, ["good-1", "good-2"]);
    let said: Vec<&str> = bad.iter().map(|line| line.split_once(": ").unwrap().1).collect();
    assert_eq!(
        said,
        [
            "name: is longer than 50 characters",
            "blurb: is longer than 100 characters",
            "content: is longer than 1000 characters",
            "tags: has more than 2 entries",
            "is nested too deeply",
            "content: is longer than 20000 characters",
            "is larger than 65536 bytes",
            "name: is longer than 200 characters",
            "a field stands twice",
        ],
        "{bad:?}"
    );
}

#[test]
fn f31_f32_rows_of_the_other_formats_are_bounded_too() {
    let long = "x".repeat(1_001);
    let linked = |id: &str, name: &str, description: &str| {
        json!({"id": id, "name": {"fi": name}, "description": {"fi": description}, "start_time": "2027-01-05T16:00:00Z",
               "virtualevent_url": "https://a.example/"})
    };
    let data = json!([
        linked("a:1", "Ilta", ""),
        linked("a:2", &long, ""),
        linked("a:3", "Ilta", &long),
        linked("a:4", "Ilta", "")
    ]);
    let page = json!({"meta": {"next": null}, "data": data}).to_string();
    let entry = |uid: &str, name: &str, description: &str| {
        format!(
            "BEGIN:VEVENT\nUID:{uid}\nSUMMARY:{name}\nDESCRIPTION:{description}\nDTSTART:20270105T180000\nLOCATION:Talo\nEND:VEVENT\n"
        )
    };
    let calendar = format!(
        "BEGIN:VCALENDAR\n{}{}{}{}END:VCALENDAR\n",
        entry("1", "Ilta", "Lyhyt"),
        entry("2", &"x".repeat(60), "Lyhyt"),
        entry("3", "Ilta", &long),
        entry("4", "Ilta", "Lyhyt"),
    );
    let people = format!(
        "id;name;bio;links;x_own\np1;Aino Esimerkki;;;\np2;{};;;\np3;Aino Esimerkki;{long};;\np4;Aino Esimerkki;;https://a.example/|https://b.example/;\np5;Aino Esimerkki;;;{}\np6;Otso Esimerkki;;;\n",
        "x".repeat(60),
        "x".repeat(70_000)
    );
    for (format, text, good, bad) in [
        (
            Format::LinkedEvents,
            page,
            &["a:1", "a:4"][..],
            &["name: is longer than 200 characters", "description: is longer than 1000 characters"][..],
        ),
        (
            Format::Ics,
            calendar,
            &["1", "4"],
            &["SUMMARY: is longer than 50 characters", "DESCRIPTION: is longer than 1000 characters"],
        ),
        (
            Format::ProducersCsv,
            people,
            &["p1", "p6"],
            &[
                "name: is longer than 50 characters",
                "bio: is longer than 1000 characters",
                "links: has more than 1 entries",
                "is larger than 65536 bytes",
            ],
        ),
    ] {
        let (rows, said) = read_by(format, &text);
        assert_eq!(rows, good, "{format:?}: {said:?}");
        let said: Vec<&str> = said.iter().map(|line| line.split_once(": ").unwrap().1).collect();
        assert_eq!(said, bad, "{format:?}");
    }
}

/// Text that one of the databases does not take, letters in two pieces, marks that hide: either the row is refused with a
/// reason, or the same text is in both databases.
#[test]
fn f33_odd_texts_are_refused_or_equal_on_both_databases() {
    let odd = "Ha\u{308}n\u{0}\u{7}\u{202e}\u{200b}\u{fdd0}\u{10ffff}";
    let page = |event: serde_json::Value| json!({"meta": {"next": null}, "data": [event]}).to_string();
    let linked = |id: &str, field: &str, value: serde_json::Value| {
        let mut event = json!({"id": id, "name": {"fi": "Ilta"}, "start_time": "2027-01-05T16:00:00Z",
                               "location": {"id": "a:9", "name": {"fi": "Talo"}}});
        event[field] = value;
        page(event)
    };
    let words = json!({"fi": odd});
    let mut files = vec![
        (Format::LinkedEvents, linked("a:1", "name", json!({"fi": format!("Ilta {odd}")}))),
        (Format::LinkedEvents, linked("a:2", "description", words.clone())),
        (Format::LinkedEvents, linked("a:3", "short_description", words.clone())),
        (Format::LinkedEvents, linked("a:4", "provider", words.clone())),
        (Format::LinkedEvents, linked("a:5", "keywords", json!([{"name": words}]))),
        (
            Format::LinkedEvents,
            linked("a:6", "location", json!({"name": words, "street_address": words, "address_locality": words})),
        ),
        (Format::LinkedEvents, linked("a:7", "info_url", json!({"fi": format!("https://a.example/{odd}")}))),
        (
            Format::LinkedEvents,
            linked("a:8", "images", json!([{"url": format!("https://a.example/{odd}"), "alt_text": words}])),
        ),
        (Format::LinkedEvents, linked(&format!("a:9{odd}"), "x", json!(1))),
        (Format::LinkedEvents, linked("a:10", "publication_status", words.clone())),
    ];
    for field in
        ["UID", "SUMMARY", "DESCRIPTION", "LOCATION", "CATEGORIES", "ORGANIZER;CN=\"x\"", "URL", "DTSTART;TZID=x"]
    {
        let usual = "UID:1@a\nSUMMARY:Ilta\nDTSTART:20270105T180000\nLOCATION:Talo";
        let lines: String =
            usual.lines().filter(|line| !line.starts_with(field)).map(|line| format!("{line}\n")).collect();
        let value = if field == "URL" { format!("https://a.example/{odd}") } else { format!("Ilta {odd}") };
        let field = field.replace('x', odd);
        files.push((
            Format::Ics,
            format!("BEGIN:VCALENDAR\nBEGIN:VEVENT\n{lines}{field}:{value}\nEND:VEVENT\nEND:VCALENDAR\n"),
        ));
    }
    for field in ["id", "name", "blurb", "content", "zone", "category", "online_url", "participation_url", "organiser"]
    {
        let value = if field.ends_with("url") { format!("https://a.example/{odd}") } else { format!("Ilta {odd}") };
        files.push((Format::Bundle, events(&[evening(json!({field: value}))])));
    }
    let (before, stored) = (files.len(), RefCell::new(Vec::new()));
    assert_eq!(before, 27);
    on_both_stores(|store, _| {
        for (format, text) in &files {
            let reading = super::reading(*format, text);
            assert_eq!(reading.rows.len() + reading.refused(), 1, "{text}");
            for row in &reading.rows {
                if let Err(error) = put_in(store, row, later(60)) {
                    assert!(!refusals(row, &error).is_empty(), "{error} would stop the import: {text}");
                }
            }
        }
        let filter = Filter::default();
        let all = store.read_now(|conn| event::list(conn, &filter, now()).map_err(Error::from)).unwrap();
        let mut texts: Vec<String> = all
            .items
            .iter()
            .map(|view| {
                json!([view.name, view.blurb, view.content.as_str(), view.tags, view.place, view.organiser]).to_string()
            })
            .collect();
        texts.sort();
        assert!(!texts.is_empty());
        for text in &texts {
            assert!(!text.contains("\\u0000") && !text.contains('\u{308}') && !text.contains('\u{202e}'), "{text}");
        }
        stored.borrow_mut().push(texts);
    });
    let stored = stored.into_inner();
    assert_eq!(stored[0], stored[1]);
    // What JSON wrote in escapes is the same text.
    let escaped = r#"{"format":"solmu-bundle/1","region":"06","events":[{"id":"e","name":"Ha\u0308me","starts":"2027-01-05T18:00","online_url":"https://a.example/"}]}"#;
    let plain = escaped.replace(r"a\u0308", "ä");
    assert_eq!(super::reading(Format::Bundle, escaped), super::reading(Format::Bundle, &plain));
}
