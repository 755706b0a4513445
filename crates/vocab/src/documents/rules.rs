//! Rules that hold for every document that leaves.

use serde_json::Value;

use super::all;
use crate::{Activity, Envelope, PUBLIC, context};

/// Keys whose value is a list whenever they are there.
const LISTS: &[&str] = &["to", "cc", "tag", "attachment", "alsoKnownAs", "items", "orderedItems", "attributionDomains"];

/// Keys whose value is never a list.
const SINGLE: &[&str] = &[
    "type",
    "id",
    "attributedTo",
    "actor",
    "url",
    "image",
    "icon",
    "location",
    "summary",
    "content",
    "name",
    "object",
    "published",
    "updated",
    "startTime",
    "endTime",
    "publicKey",
    "first",
    "last",
    "next",
    "partOf",
];

/// Terms of the two remote contexts that our documents use.
const PLAIN_TERMS: &[&str] = &[
    "@context",
    "actor",
    "attachment",
    "attributedTo",
    "cc",
    "closed",
    "content",
    "contentMap",
    "deleted",
    "endTime",
    "endpoints",
    "first",
    "followers",
    "following",
    "formerType",
    "generator",
    "height",
    "href",
    "icon",
    "id",
    "image",
    "inReplyTo",
    "inbox",
    "instrument",
    "items",
    "last",
    "latitude",
    "location",
    "longitude",
    "mediaType",
    "name",
    "next",
    "object",
    "orderedItems",
    "outbox",
    "owner",
    "partOf",
    "preferredUsername",
    "prev",
    "publicKey",
    "publicKeyPem",
    "published",
    "replies",
    "result",
    "sharedInbox",
    "startTime",
    "summary",
    "tag",
    "target",
    "to",
    "totalItems",
    "type",
    "updated",
    "url",
    "width",
];

/// Calls `look` with every key and value, however deep; languages in a `contentMap` are no keys.
fn visit(value: &Value, look: &mut impl FnMut(&str, &Value)) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields.iter().filter(|(key, _)| *key != "@context") {
                look(key, value);
                if key != "contentMap" {
                    visit(value, look);
                }
            }
        }
        Value::Array(members) => members.iter().for_each(|member| visit(member, look)),
        _ => {}
    }
}

/// The documents in JSON-LD; the others are no ActivityStreams.
fn linked_data() -> Vec<(&'static str, Value)> {
    all().into_iter().filter(|(_, document)| document.get("@context").is_some()).collect()
}

#[test]
fn never_null_and_never_empty_strings() {
    for (name, document) in all() {
        visit(&document, &mut |key, value| {
            assert!(!value.is_null(), "{name}: {key}");
            assert_ne!(value.as_str(), Some(""), "{name}: {key}");
        });
        assert!(!document.to_string().contains("null"), "{name}");
    }
}

#[test]
fn lists_are_lists_and_single_values_single() {
    for (name, document) in linked_data() {
        visit(&document, &mut |key, value| {
            assert!(!LISTS.contains(&key) || value.is_array(), "{name}: {key} is no list");
            assert!(!SINGLE.contains(&key) || !value.is_array(), "{name}: {key} is a list");
        });
    }
}

#[test]
fn every_term_is_in_the_context() {
    let ours = context::shared()[2].as_object().expect("our terms");
    for (name, document) in linked_data() {
        let keys = document.as_object().expect("an object").keys();
        assert_eq!(keys.take(1).collect::<Vec<_>>(), ["@context"], "{name}");
        visit(&document, &mut |key, value| {
            assert!(
                PLAIN_TERMS.contains(&key) || ours.contains_key(key),
                "{name}: {key} means nothing to a JSON-LD reader"
            );
            assert!(value.get("@context").is_none() || key == "object", "{name}: {key} has a context of its own");
        });
    }
}

#[test]
fn values_have_the_forms_that_peers_read() {
    for (name, document) in linked_data() {
        visit(&document, &mut |key, value| match key {
            "latitude" | "longitude" => assert!(value.is_f64() && value.to_string().contains('.'), "{name}: {value}"),
            "hasNumericalValue" => assert!(value.is_string(), "{name}: {value}"),
            "published" | "updated" | "deleted" | "closed" => {
                let text = value.as_str().expect("a string");
                assert!(text.len() == 20 && text.ends_with('Z'), "{name}: {text}");
            }
            "to" => assert!(value.as_array().is_some_and(|to| !to.is_empty()), "{name}: nobody is addressed"),
            "id" | "url" | "href" => {
                let text = value.as_str().expect("a string");
                assert!(text.starts_with("https://") && !text.contains(['%', ' ']), "{name}: {text}");
            }
            _ => {}
        });
        assert!(!document.to_string().contains("\"as:Public\""), "{name}");
        assert!(document.to_string().len() < 90_000, "{name}: Gancio takes 100 kB");
    }
}

#[test]
fn the_text_and_its_language_agree() {
    let mut seen = 0;
    for (name, document) in linked_data() {
        let mut check = |object: &Value| {
            let Some(map) = object.get("contentMap") else { return };
            let texts: Vec<&Value> = map.as_object().expect("a map").values().collect();
            assert_eq!(texts, [&object["content"]], "{name}");
            seen += 1;
        };
        check(&document);
        visit(&document, &mut |_, value| check(value));
    }
    assert!(seen >= 8);
}

#[test]
fn objects_and_their_activities_have_the_same_addressees() {
    for (name, document) in
        linked_data().into_iter().filter(|(name, _)| name.starts_with("create") || *name == "update_event")
    {
        assert_eq!(document["to"], document["object"]["to"], "{name}");
        assert_eq!(document["cc"], document["object"]["cc"], "{name}");
        assert_eq!(document["to"][0], PUBLIC, "{name}");
    }
}

#[test]
fn events_are_as_peers_demand() {
    let mut seen = 0;
    for (name, event) in linked_data().into_iter().filter(|(name, _)| name.starts_with("event_")) {
        assert_eq!(event["type"], "Event", "{name}");
        assert!(event.get("actor").is_none(), "{name}: Mobilizon would take the actor for another organiser");
        assert!(
            event["summary"].as_str().is_some_and(|summary| summary.len() <= 250 && !summary.contains('<')),
            "{name}"
        );
        assert!(event["location"]["name"].is_string() && event["attributedTo"].is_string(), "{name}");
        assert!(event["tag"].as_array().expect("a list").iter().all(|tag| tag["type"] == "Hashtag"), "{name}");
        let attachments = event["attachment"].as_array().expect("a list");
        assert_eq!(attachments[0]["type"], "Image", "{name}: Gancio downloads the first attachment");
        assert!(attachments.iter().all(|one| one["mediaType"].is_string()), "{name}");
        assert_eq!(attachments.iter().filter(|one| one["name"] == "Website").count(), 1, "{name}");
        assert_eq!(event["timezone"], "Europe/Helsinki", "{name}");
        seen += 1;
    }
    assert_eq!(seen, 4);
}

#[test]
fn tasks_are_as_peers_demand() {
    let mut seen = 0;
    for (name, task) in linked_data().into_iter().filter(|(name, _)| name.starts_with("task_")) {
        assert_eq!(task["type"], "Note", "{name}");
        assert!(task.get("name").is_none() && task.get("summary").is_none(), "{name}: it would be folded behind them");
        assert_eq!(task["publishes"]["id"], format!("{}#primary", task["id"].as_str().expect("an id")), "{name}");
        seen += 1;
    }
    assert_eq!(seen, 3);
}

#[test]
fn our_own_activities_are_understood_by_us() {
    let activities: Vec<_> =
        linked_data().into_iter().filter(|(_, document)| document.get("actor").is_some()).collect();
    assert!(activities.len() >= 14);
    for (name, document) in activities {
        let envelope =
            Envelope::parse(document.to_string().as_bytes()).unwrap_or_else(|malformed| panic!("{name}: {malformed}"));
        assert_eq!(document["type"], envelope.verb.as_str(), "{name}");
        assert!(envelope.object_id().is_some(), "{name}");
    }
}

#[test]
fn an_embedded_object_loses_its_context() {
    let at = super::at("2026-11-23T09:00:00Z");
    let note = context::with_context(serde_json::json!({"type": "Note", "id": "https://a.example/1"}));
    let create = Activity::create("https://a.example/1/activity", "https://a.example/u", super::to(), vec![], at, note);
    assert!(create.document()["object"].get("@context").is_none());
}
