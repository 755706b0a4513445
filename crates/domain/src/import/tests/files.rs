//! The example files: the good ones of the demo's regions, and the broken ones with what is said about them.

use super::{FILES, example, file_fault};
use crate::import::{Applied, BadRow, Content, Format, apply_row, foresee, needs_key, read, refusals};
use crate::testing::{key, node, node_of, now, on_both_stores};
use crate::{Caller, Error};
use federation::Limits;
use std::collections::{BTreeMap, BTreeSet};
use store::Store;

#[test]
fn every_example_file_reads_without_a_bad_row() {
    for (folder, code) in [("pirkanmaa", "06"), ("etela_pohjanmaa", "14"), ("keski_suomi", "13")] {
        for (file, format) in FILES {
            let bytes = example(&format!("{folder}/{file}"));
            let reading = read(format, bytes.as_bytes(), &node_of(code, "region.example"), &Limits::default(), now())
                .expect("a readable file");
            let bad: Vec<String> = reading.bad.iter().map(ToString::to_string).collect();
            assert_eq!(bad, [""; 0], "{folder}/{file}");
            assert!(!reading.rows.is_empty(), "{folder}/{file}");
            assert_eq!(reading.skipped, 0, "{folder}/{file}");
        }
    }
}

#[test]
fn an_example_calendar_says_what_its_author_meant() {
    let reading = super::reading(Format::Ics, &example("pirkanmaa/calendar.ics"));
    let Content::Event(event) = &reading.rows[0].content else { panic!("an event") };
    let event = &event.new;
    assert_eq!(event.name, "Avoin lava: runoa, laulua ja puhetta");
    assert!(
        event.content.as_str().contains("Lavalle pääsee ilmoittautumalla ovella kello 17.30 alkaen."),
        "{}",
        event.content
    );
    assert_eq!(event.content.as_str().matches("<p>").count(), 3);
    let place = event.place.as_ref().expect("a place");
    assert_eq!(place.name, "Pesulan sali (esimerkkipaikka)");
    assert_eq!(place.street.as_deref(), Some("Kehräämönkatu 4"));
    assert_eq!((place.postal_code.as_deref(), place.locality.as_deref()), (Some("37100"), Some("Nokia")));
    assert_eq!((place.latitude, place.longitude), (Some(61.4786), Some(23.5112)));
    assert_eq!(
        (event.category.as_str(), event.tags.as_slice()),
        ("MUSIC", &["esitystaide".to_owned(), "musiikki".to_owned()][..])
    );
    assert_eq!(reading.rows[0].sequence, Some(1));
    let Content::Event(cancelled) = &reading.rows[2].content else { panic!("an event") };
    assert_eq!(cancelled.new.status, crate::event::Status::Cancelled);
}

/// What an import of a file says: by place and field, and the counts of new, skipped and refused rows.
#[derive(Debug, PartialEq, Eq)]
struct Said {
    lines: BTreeSet<(String, String, String, String)>,
    counts: (usize, usize, usize),
}

fn said_of(bad: &[BadRow], new: usize, skipped: usize) -> Said {
    let lines = bad
        .iter()
        .map(|bad| (bad.place.clone(), bad.id.clone().unwrap_or_default(), bad.field.clone(), bad.reason.to_string()));
    let places: BTreeSet<&str> = bad.iter().map(|bad| bad.place.as_str()).collect();
    Said { lines: lines.collect(), counts: (new, skipped, places.len()) }
}

/// `expected.txt`, by file.
fn expected() -> BTreeMap<String, Said> {
    let mut all: BTreeMap<String, Said> = BTreeMap::new();
    for line in example("broken/expected.txt").lines().filter(|line| !line.starts_with('#')) {
        let columns: Vec<&str> = line.split('\t').collect();
        let said = all.entry(columns[0].to_owned()).or_insert(Said { lines: BTreeSet::new(), counts: (0, 0, 0) });
        match columns[1..] {
            ["counts", new, skipped, refused] => {
                let number = |text: &str| text.rsplit(' ').next().unwrap().parse().unwrap();
                said.counts = (number(new), number(skipped), number(refused));
            }
            [place, id, field, reason] => {
                said.lines.insert((place.into(), id.into(), field.into(), reason.into()));
            }
            _ => panic!("{line}"),
        }
    }
    all
}

/// Imports a file in earnest, or only tells.
fn import(store: &Store, file: &str, format: Format, dry: bool) -> Said {
    let node = node();
    let reading = read(format, example(&format!("broken/{file}")).as_bytes(), &node, &Limits::default(), now())
        .expect("a readable file");
    let (mut bad, mut new, mut skipped) = (reading.bad, 0, reading.skipped);
    for row in &reading.rows {
        let applied: Result<Applied, Error> = if dry {
            store.read_now(|conn| foresee(conn, &node, row, now()))
        } else {
            let pair = store.read_now(|conn| needs_key(conn, row)).unwrap().then(key);
            store.write_now(|conn| apply_row(conn, &node, Caller::Coordinator, row, pair, now()))
        };
        match applied {
            Ok(Applied::Added) => new += 1,
            Ok(Applied::Skipped(_)) => skipped += 1,
            Ok(other) => panic!("{} {other:?}", row.place),
            Err(error) => {
                let refused = refusals(row, &error);
                assert!(!refused.is_empty(), "{error}");
                bad.extend(refused);
            }
        }
    }
    said_of(&bad, new, skipped)
}

#[test]
fn the_broken_files_say_exactly_what_is_expected_in_earnest_and_dry() {
    let expected = expected();
    assert_eq!(expected.len(), FILES.len());
    on_both_stores(|store, _| {
        for dry in [true, false] {
            for (file, format) in FILES {
                assert_eq!(import(store, file, format, dry), expected[file], "{file}, dry: {dry}");
            }
        }
    });
}

#[test]
fn files_that_cannot_be_read_at_all() {
    use Format::{Bundle, Ics, LinkedEvents, ProducersCsv, TasksCsv};
    let large = vec![b' '; 10_000_001];
    let many = format!(r#"{{"data": [{}null]}}"#, "null,".repeat(10_000));
    let many_events = format!("BEGIN:VCALENDAR\n{}END:VCALENDAR\n", "BEGIN:VEVENT\nEND:VEVENT\n".repeat(10_001));
    let many_in_bundle =
        format!(r#"{{"format": "solmu-bundle/1", "region": "06", "tasks": [{}1]}}"#, "1,".repeat(10_000));
    for (format, bytes, expected) in [
        (TasksCsv, &large[..], "the file is larger than 10 MB"),
        (TasksCsv, b"id;title\xff", "the file is not UTF-8 text"),
        (Ics, b"BEGIN:VCALENDAR\r\nSUMMARY:\xff\r\nEND:VCALENDAR", "the file is not UTF-8 text"),
        (Bundle, b"", "the file is not JSON: EOF while parsing a value at line 1 column 0"),
        (Bundle, b"[]", "the file is not a bundle: \"format\" has to be \"solmu-bundle/1\""),
        (
            Bundle,
            br#"{"format": "solmu-bundle/2"}"#,
            "the file is not a bundle: \"format\" has to be \"solmu-bundle/1\"",
        ),
        (Bundle, br#"{"format": "solmu-bundle/1"}"#, "region: is missing"),
        (Bundle, br#"{"format": "solmu-bundle/1", "region": "14"}"#, "the file is for region 14, this node is 06"),
        (Bundle, br#"{"format": "solmu-bundle/1", "region": "99"}"#, "region: \"99\" is not a known region"),
        (Bundle, br#"{"format": "solmu-bundle/1", "region": "06", "evnets": []}"#, "field \"evnets\" is unknown"),
        (Bundle, many_in_bundle.as_bytes(), "the file has more than 10000 rows"),
        (LinkedEvents, br#"{"meta": {}}"#, "the file is no page of a Linked Events API: \"data\" is missing"),
        (LinkedEvents, many.as_bytes(), "the file has more than 10000 rows"),
        (ProducersCsv, b"", "the file has no header row"),
        (ProducersCsv, b"id;nimi", "column \"nimi\" is unknown"),
        (TasksCsv, b"id;title", "column \"description\" is missing"),
        (Ics, b"<html>", "the file is not an iCalendar file: BEGIN:VCALENDAR is missing"),
        (Ics, b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\n", "the file is not an iCalendar file: END:VEVENT is missing"),
        (Ics, b"BEGIN:VCALENDAR\nEND:VEVENT", "the file is not an iCalendar file: line 2 ends what was not begun"),
        (Ics, many_events.as_bytes(), "the file has more than 10000 rows"),
    ] {
        assert_eq!(
            file_fault(format, bytes),
            expected,
            "{format:?} {}",
            String::from_utf8_lossy(&bytes[..bytes.len().min(60)])
        );
    }
}

#[test]
fn deep_nesting_is_survived() {
    let deep = format!("BEGIN:VCALENDAR\n{}{}END:VCALENDAR", "BEGIN:X\n".repeat(400_000), "END:X\n".repeat(400_000));
    assert!(super::reading(Format::Ics, &deep).rows.is_empty());
    let deep = "[".repeat(1_000_000);
    assert!(file_fault(Format::LinkedEvents, deep.as_bytes()).starts_with("the file is not JSON: EOF"));
}

#[test]
fn a_byte_order_mark_and_letters_in_two_pieces_make_no_difference() {
    let plain = "id;name;municipality\np-1;Häkkinen;Ähtäri\n";
    let other = "\u{feff}id;name;municipality\r\np-1;Ha\u{308}kkinen;A\u{308}hta\u{308}ri\r\n";
    assert_eq!(super::reading(Format::ProducersCsv, plain), super::reading(Format::ProducersCsv, other));
    let calendar = super::reading(Format::Ics, "\u{feff}BEGIN:VCALENDAR\nEND:VCALENDAR");
    assert_eq!(calendar, crate::import::Reading::default());
}
