//! What comes of documents that were tampered with, made from what this and other programs send: many are read as a received
//! one is (a hundred thousand when all tests are run), and some of them go on into both databases. Nothing panics, no database refuses what was let
//! through, and nothing is tried again later, which is what a sender would be told with a 5xx.
//!
//! A failing document is made smaller by proptest and printed; `PROPTEST_RNG_SEED` repeats a run.

use super::fixtures;
use crate::kinds;
use crate::region::actors::region_document;
use crate::testing::{Elsewhere, now, on_both_stores, receive};
use diesel::Connection;
use federation::kind::{Change, Route, route};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestError, TestRunner};
use serde_json::{Value, json};
use std::cell::RefCell;
use vocab::{Actor, Envelope, Event, Task};

/// How many documents are read when nothing else is said; the whole run of all tests reads [`MANY`].
const READ: u32 = 4_000;
/// How many go on into each database.
const TAKEN_IN: u32 = 1_000;
/// Set by `cargo xtask test` without arguments: read a hundred thousand, and take in three thousand.
const MANY: &str = "SOLMU_TEST_MANY_DOCUMENTS";
/// Stands before what is to be written without quotes, such as a number that no `Value` can hold.
const RAW: &str = "\u{e000}raw ";

/// One change of a document.
#[derive(Debug, Clone)]
enum Tamper {
    /// The value at some place becomes this one.
    Replace(usize, Value),
    /// The key at some place goes.
    Remove(usize),
    /// The value at one place is copied to another.
    Copy(usize, usize),
    /// The value at some place becomes a list with itself in it, so many times and so deep.
    Wrap(usize, usize, usize),
    /// Bytes of the text are overwritten.
    Bytes(usize, Vec<u8>),
}

/// Large ones are rare: they take most of the time.
fn odd_values() -> impl Strategy<Value = Value> {
    prop_oneof![24 => small_values(), 1 => large_values()]
}

fn large_values() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!("x".repeat(70_000))),
        Just(json!("ä".repeat(3_000))),
        Just(json!("<p>".repeat(5_000))),
        Just(json!(vec!["https://a.example/"; 2_000])),
    ]
}

fn small_values() -> impl Strategy<Value = Value> {
    let raw = |text: &str| Value::String(format!("{RAW}{text}"));
    prop_oneof![
        Just(Value::Null),
        Just(json!(true)),
        Just(json!("")),
        Just(json!([])),
        Just(json!({})),
        Just(json!([null, [], {}, ["x", ["y"]]])),
        Just(json!({"type": "Link"})),
        Just(json!({"id": {"id": "https://keskisuomi.example/x"}})),
        Just(json!("https://keskisuomi.example/ap/events/1")),
        Just(json!("javascript:alert(1)")),
        Just(json!("https://[::1]:99999/\u{0}")),
        Just(json!("a\u{0}b\u{202e}c\u{feff}a\u{308}")),
        Just(json!(-0.0)),
        Just(json!(u64::MAX)),
        Just(json!(i64::MIN)),
        Just(json!(9_223_372_036_854_775_808_u64)),
        Just(raw("1e999")),
        Just(raw("-1e-999")),
        Just(raw("123456789012345678901234567890")),
        Just(raw(r#""\ud800""#)),
        Just(raw(r#"{"id":1,"id":2}"#)),
        Just(json!("0000-00-00T00:00:00Z")),
        Just(json!("99999-01-01T00:00:00Z")),
        Just(json!("-009999-01-01T00:00:00+25:00")),
        Just(json!("2026-06-30T23:59:60Z")),
        Just(json!("2026-11-24")),
        Just(json!("P9999999Y")),
        any::<i64>().prop_map(|number| json!(number)),
        any::<f64>().prop_map(|number| json!(number)),
        ".{0,40}".prop_map(Value::String),
    ]
}

fn tampering() -> impl Strategy<Value = Vec<Tamper>> {
    let place = || any::<usize>();
    let one = prop_oneof![
        6 => (place(), odd_values()).prop_map(|(at, value)| Tamper::Replace(at, value)),
        2 => place().prop_map(Tamper::Remove),
        2 => (place(), place()).prop_map(|(from, to)| Tamper::Copy(from, to)),
        1 => (place(), 0..40_usize, 1..40_usize).prop_map(|(at, times, deep)| Tamper::Wrap(at, times, deep)),
        1 => (place(), prop::collection::vec(any::<u8>(), 1..4)).prop_map(|(at, bytes)| Tamper::Bytes(at, bytes)),
    ];
    prop::collection::vec(one, 1..5)
}

/// How many places a document has: each field and each item, at every depth.
fn places(value: &Value) -> usize {
    match value {
        Value::Object(fields) => fields.values().map(|inside| 1 + places(inside)).sum(),
        Value::Array(items) => items.iter().map(|inside| 1 + places(inside)).sum(),
        _ => 0,
    }
}

/// The path to the place of this number, below [`places`]; what is inside of a place comes after it.
fn path(value: &Value, number: usize) -> String {
    let mut left = number;
    let found = match value {
        Value::Object(fields) => fields.iter().find_map(|(key, inside)| {
            let key = || key.replace('~', "~0").replace('/', "~1");
            step(inside, &mut left).map(|rest| format!("/{}{rest}", key()))
        }),
        Value::Array(items) => {
            items.iter().enumerate().find_map(|(at, inside)| step(inside, &mut left).map(|rest| format!("/{at}{rest}")))
        }
        _ => None,
    };
    found.unwrap_or_default()
}

/// The rest of the path, when the place is `here` or inside of it; otherwise that many are `left` to pass.
fn step(here: &Value, left: &mut usize) -> Option<String> {
    if *left == 0 {
        return Some(String::new());
    }
    *left -= 1;
    let inside = places(here);
    if *left < inside {
        return Some(path(here, *left));
    }
    *left -= inside;
    None
}

fn tampered(document: &Value, changes: &[Tamper]) -> Vec<u8> {
    let mut document = document.clone();
    let mut overwritten = Vec::new();
    for change in changes {
        let Some(count) = Some(places(&document)).filter(|count| *count > 0) else { break };
        let place = |at: &usize| path(&document, at % count);
        match change {
            Tamper::Replace(at, value) => {
                let at = place(at);
                put(&mut document, &at, value.clone());
            }
            Tamper::Remove(at) => {
                let at = place(at);
                remove(&mut document, &at);
            }
            Tamper::Copy(from, to) => {
                let (from, to) = (place(from), place(to));
                let value = document.pointer(&from).cloned().unwrap_or(Value::Null);
                put(&mut document, &to, value);
            }
            Tamper::Wrap(at, times, deep) => {
                let at = place(at);
                let value = document.pointer(&at).cloned().unwrap_or(Value::Null);
                let list = vec![value; *times];
                let wrapped = (0..*deep).fold(Value::Array(list), |inner, _| Value::Array(vec![inner]));
                put(&mut document, &at, wrapped);
            }
            Tamper::Bytes(at, bytes) => overwritten.push((*at, bytes.clone())),
        }
    }
    let mut text = with_raw(&document.to_string()).into_bytes();
    for (at, bytes) in overwritten {
        let start = at % text.len();
        for (to, byte) in text[start..].iter_mut().zip(bytes) {
            *to = byte;
        }
    }
    text
}

fn put(document: &mut Value, place: &str, value: Value) {
    if let Some(there) = document.pointer_mut(place) {
        *there = value;
    }
}

fn remove(document: &mut Value, place: &str) {
    let (parent, key) = place.rsplit_once('/').unwrap_or_default();
    if let Some(fields) = document.pointer_mut(parent).and_then(Value::as_object_mut) {
        fields.remove(&key.replace("~1", "/").replace("~0", "~"));
    }
}

/// The text with its marked strings as they are meant.
fn with_raw(text: &str) -> String {
    let mark = format!("\"{RAW}");
    let mut parts = text.split(&mark);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part
            .char_indices()
            .find(|(at, c)| *c == '"' && !part[..*at].ends_with('\\'))
            .map_or(part.len(), |(at, _)| at);
        out.push_str(&part[..end].replace("\\\"", "\"").replace("\\\\", "\\"));
        out.push_str(part.get(end + 1..).unwrap_or_default());
    }
    out
}

/// What other programs send, and what a region like this one sends, all as activities.
fn documents(elsewhere: &Elsewhere) -> Vec<Value> {
    let author = elsewhere.actor.as_str();
    let mut all: Vec<Value> = fixtures().into_iter().map(|(_, document)| document).collect();
    let mut own = vec![elsewhere.document.clone()];
    let to = json!([vocab::PUBLIC]);
    own.push(json!({
        "type": "Event", "id": "https://keskisuomi.example/ap/events/1", "attributedTo": author, "to": to, "name": "Kahvit",
        "url": "https://keskisuomi.example/tapahtumat/kahvit", "summary": "to 3.12.2026 klo 9 · Piilo, Jyväskylä · Tule!",
        "content": "<p>Tule</p>", "contentMap": {"fi": "<p>Tule</p>"}, "inLanguage": "fi", "published": "2026-11-24T09:00:00Z",
        "updated": "2026-11-24T09:30:00Z", "startTime": "2026-12-03T09:00:00+02:00", "endTime": "2026-12-03T10:00:00+02:00",
        "timezone": "Europe/Helsinki", "eventStatus": "EventScheduled", "status": "CONFIRMED", "category": "MEETING",
        "joinMode": "external", "externalParticipationUrl": "https://keskisuomi.example/x", "maximumAttendeeCapacity": 12,
        "isOnline": false, "image": {"type": "Image", "mediaType": "image/png", "url": "https://keskisuomi.example/k.png", "name": "Kuva"},
        "location": {"type": "Place", "name": "Piilo", "latitude": 62.2, "longitude": 25.7, "address": {"type": "PostalAddress", "addressLocality": "Jyväskylä"}},
        "attachment": [{"type": "Link", "href": "https://keskisuomi.example/", "mediaType": "text/html", "name": "Website"}],
        "tag": [{"type": "Hashtag", "name": "#Kahvit", "href": "https://keskisuomi.example/t"}]
    }));
    own.push(json!({
        "type": "Note", "id": "https://keskisuomi.example/ap/tasks/1", "attributedTo": author, "to": to,
        "url": "https://keskisuomi.example/tehtavat/1", "content": "<p><strong>Haetaan</strong></p><p>Työtä</p>",
        "contentMap": {"fi": "<p><strong>Haetaan</strong></p><p>Työtä</p>"}, "published": "2026-11-24T09:00:00Z",
        "endTime": "2026-12-05T21:59:59Z", "purpose": "request", "unitBased": false,
        "publishes": {"type": "Intent", "id": "https://keskisuomi.example/ap/tasks/1#primary", "name": "Tuottaja", "action": "deliverService",
            "resourceQuantity": {"hasUnit": "hour", "hasNumericalValue": "40"}, "availableQuantity": {"hasUnit": "hour", "hasNumericalValue": "40"}},
        "reciprocal": {"type": "Intent", "id": "https://keskisuomi.example/ap/tasks/1#reciprocal", "action": "transfer",
            "resourceQuantity": {"hasUnit": "one", "hasNumericalValue": "1800"}},
        "schema:about": {"type": "schema:JobPosting", "schema:occupationalCategory": "gig", "schema:employmentType": ["invoice"],
            "schema:baseSalary": {"type": "schema:MonetaryAmount", "schema:minValue": "10", "schema:unitText": "hour"},
            "schema:skills": ["x"], "schema:totalJobOpenings": 1, "schema:workHours": 40, "schema:creativeWorkStatus": "open"}
    }));
    // An event and a task count more than one of sixty fixtures: they have the most fields, and are taken in.
    for _ in 0..8 {
        all.extend(own.iter().map(|object| {
            json!({"@context": vocab::ACTIVITY_STREAMS, "type": "Create", "id": "https://keskisuomi.example/ap/creates/1",
                "actor": author, "to": to, "object": object})
        }));
    }
    all
}

/// What is read of a body before any database is asked, and where it goes: to the kind that claims it, of which there is
/// one at most.
fn read(body: &[u8]) -> Result<Option<(Value, Option<Route>)>, String> {
    let Ok(envelope) = Envelope::parse(body) else { return Ok(None) };
    let object = envelope.embedded_object().unwrap_or(&envelope.raw).clone();
    let claims: Vec<&str> = kinds().iter().filter(|kind| kind.claims(&object)).map(|kind| kind.name()).collect();
    let routed = route(kinds(), None, None, Some(&object));
    let to = match &routed {
        Some(Route::Thing(kind) | Route::Reply(kind)) => vec![kind.name()],
        None => Vec::new(),
    };
    if claims != to {
        return Err(format!("claimed by {claims:?}, but goes to {to:?}"));
    }
    let parsed = [Event::parse(&object).is_ok(), Task::parse(&object).is_ok(), Actor::parse(&object).is_ok()];
    std::hint::black_box(parsed);
    Ok(Some((object, routed)))
}

/// Runs `test` on so many tampered documents. Says which one failed, made as small as it goes.
fn on_tampered(cases: u32, all: &[Value], test: impl Fn(&[u8]) -> Result<(), String>) {
    let cases = match std::env::var_os(MANY) {
        Some(_) if cases == READ => 100_000,
        Some(_) => 3_000,
        None => cases,
    };
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 2_000, ..Config::default() };
    let outcome = TestRunner::new(config).run(&(any::<usize>(), tampering()), |(at, changes)| {
        let body = tampered(&all[at % all.len()], &changes);
        test(&body).map_err(|reason| {
            TestCaseError::fail(format!("{reason}\n{}", String::from_utf8_lossy(&body[..body.len().min(4_000)])))
        })
    });
    match outcome {
        Ok(()) => {}
        Err(TestError::Fail(reason, _)) => panic!("{reason}"),
        Err(TestError::Abort(reason)) => panic!("given up: {reason}"),
    }
}

#[test]
fn tampered_documents_are_read_or_refused() {
    let node = crate::testing::node_of("13", "keskisuomi.example");
    let actor = node.origin.actor("0199d3a4-0000-7000-8000-000000000013");
    let document = vocab::context::embedded(&region_document(&node, &actor, "KEY", now()));
    on_tampered(READ, &documents(&Elsewhere { actor, document }), |body| read(body).map(|_| ()));
}

#[test]
fn tampered_documents_break_no_database() {
    on_both_stores(|store, node| {
        let undone = store.write_now(|conn| {
            let elsewhere = Elsewhere::known_to(conn, node, true);
            let all = documents(&elsewhere);
            let conn = RefCell::new(conn);
            on_tampered(TAKEN_IN, &all, |body| {
                let Some((object, Some(Route::Thing(kind)))) = read(body)? else { return Ok(()) };
                for change in [Change::Created, Change::Updated] {
                    let received = elsewhere.sends(&object, change, now());
                    let done = conn.borrow_mut().transaction(|conn| receive(store, node, conn, kind, received));
                    done.map_err(|error| format!("{}: {error}", kind.name()))?;
                }
                Ok(())
            });
            Err::<(), _>(store::Error::Open("nothing is kept".to_owned()))
        });
        assert!(undone.is_err());
    });
}

#[test]
fn tampering_is_what_it_says() {
    let document = json!({"a": [1, {"b": "x"}], "c": 2});
    let text = |changes: &[Tamper]| String::from_utf8(tampered(&document, changes)).expect("text");
    for (change, expected) in [
        (Tamper::Remove(0), r#"{"c":2}"#),
        (Tamper::Replace(4, Value::String(format!("{RAW}1e999"))), r#"{"a":[1,{"b":"x"}],"c":1e999}"#),
        (Tamper::Replace(3, Value::String(format!(r#"{RAW}"\ud800""#))), r#"{"a":[1,{"b":"\ud800"}],"c":2}"#),
        (Tamper::Copy(4, 0), r#"{"a":2,"c":2}"#),
        (Tamper::Wrap(4, 2, 1), r#"{"a":[1,{"b":"x"}],"c":[[2,2]]}"#),
    ] {
        assert_eq!(text(std::slice::from_ref(&change)), expected, "{change:?}");
    }
    assert_ne!(text(&[Tamper::Bytes(1, vec![b'!'])]), document.to_string());
}
