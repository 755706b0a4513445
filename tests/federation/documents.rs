//! What the documents say and how they are written.

use crate::cases;
use crate::harness::{ACTIVITY, Database};
use crate::on_both_databases;
use crate::shown::Shown;
use serde_json::{Value, json};

on_both_databases! {
    reading_documents;
}

async fn reading_documents(database: Database) {
    let shown = Shown::on(database).await;
    cases! { shown;
        c19_c20_c34_every_document
        c20_the_region
        c21_the_relay
        producers_and_organisations
        c22_c23_c24_an_event
        c25_c26_online_and_hybrid
        c27_a_task
        c28_c31_addresses_and_creates
    }
}

/// Calls `look` with every value inside, and the name under which it stands.
fn each(value: &Value, name: &str, look: &mut impl FnMut(&str, &Value)) {
    look(name, value);
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, inner)| each(inner, name, look)),
        Value::Array(items) => items.iter().for_each(|inner| each(inner, name, look)),
        _ => {}
    }
}

/// Ids of this node look alike: lower case, no query, no escape.
fn is_tidy(id: &str, origin: &str) -> bool {
    let Some(path) = id.strip_prefix(origin) else { return false };
    let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    parts[0] == "ap"
        && parts.len() >= 2
        && parts[1..].iter().all(|part| {
            !part.is_empty()
                && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_')
        })
}

async fn c19_c20_c34_every_document(shown: &Shown) {
    let origin = shown.node.url("");
    for address in shown.addresses() {
        let answer = shown.node.get(&address, ACTIVITY).await;
        assert_eq!(answer.status, 200, "{address}: {}", answer.body);
        assert!(answer.body.len() < 90_000, "{address} has {} bytes", answer.body.len());
        let document = answer.json();
        assert_eq!(document["id"], address.as_str(), "{address}");
        assert!(document["@context"].is_array(), "{address}");
        each(&document, "", &mut |name, value| {
            assert!(!value.is_null(), "{address}: {name} is null");
            if ["to", "cc", "tag", "attachment", "orderedItems", "items", "streams"].contains(&name)
                && !value.is_object()
            {
                return;
            }
            if name == "type" {
                assert!(value.is_string(), "{address}: type is {value}");
            }
        });
        let Some(fields) = document.as_object() else { panic!("{address}") };
        for name in ["to", "cc", "tag", "attachment"] {
            assert!(fields.get(name).is_none_or(Value::is_array), "{address}: {name} is no list");
        }
        let id = address.split('?').next().unwrap();
        assert!(is_tidy(id, &origin), "{id}");
    }
}

async fn c20_the_region(shown: &Shown) {
    let region = shown.node.document(&shown.region).await;
    assert_eq!(region["type"], "Group");
    assert_eq!(region["preferredUsername"], "pirkanmaa");
    let origin = shown.node.url("/");
    for name in ["inbox", "outbox", "followers", "following", "featured", "upcomingEvents", "url"] {
        assert!(region[name].as_str().is_some_and(|url| url.starts_with(&origin)), "{name}: {}", region[name]);
    }
    assert_eq!(region["endpoints"]["sharedInbox"], shown.node.url("/ap/inbox"));
    assert_eq!(region["publicKey"]["owner"], shown.region.as_str());
    assert_eq!(region["publicKey"]["id"], format!("{}#main-key", shown.region));
    assert!(region["publicKey"]["publicKeyPem"].as_str().unwrap().starts_with("-----BEGIN PUBLIC KEY-----\n"));
    assert!(region["attachment"].is_array() && region["manuallyApprovesFollowers"] == false, "{region}");
}

async fn c21_the_relay(shown: &Shown) {
    let relay = shown.node.document(&shown.relay).await;
    assert_eq!((&relay["type"], &relay["preferredUsername"]), (&json!("Application"), &json!("relay")));
    assert_eq!(relay["inbox"], format!("{}/inbox", shown.relay));
    assert_eq!(relay["publicKey"]["id"], format!("{}#main-key", shown.relay));
}

async fn producers_and_organisations(shown: &Shown) {
    let producer = shown.node.document(&shown.producer).await;
    assert_eq!((&producer["type"], &producer["preferredUsername"]), (&json!("Person"), &json!("maija")));
    assert_eq!(producer["name"], "Maija Esimerkki");
    let organisation = shown.node.document(&shown.organisation).await;
    assert_eq!(
        (&organisation["type"], &organisation["name"]),
        (&json!("Organization"), &json!("Osuuskunta Esimerkki"))
    );
    let keys: Vec<&Value> = [&producer, &organisation].map(|actor| &actor["publicKey"]["publicKeyPem"]).to_vec();
    assert_ne!(keys[0], keys[1], "each has a key of its own");
}

async fn c22_c23_c24_an_event(shown: &Shown) {
    let answer = shown.node.get(&shown.event, ACTIVITY).await;
    let event = answer.json();
    assert_eq!(event["type"], "Event");
    assert!((3..=200).contains(&event["name"].as_str().unwrap().chars().count()));
    let (starts, ends) = (event["startTime"].as_str().unwrap(), event["endTime"].as_str().unwrap());
    assert!(starts < ends, "{starts} – {ends}");
    for time in [starts, ends] {
        assert!(time.ends_with("+02:00") || time.ends_with("+03:00"), "{time}");
    }
    assert_eq!(event["timezone"], "Europe/Helsinki");
    let summary = event["summary"].as_str().unwrap();
    assert!(summary.chars().count() <= 250 && !summary.contains('<'), "{summary}");
    let map = event["contentMap"].as_object().unwrap();
    assert_eq!((map.len(), map.values().next()), (1, Some(&event["content"])));
    assert_eq!((&event["url"], &event["attributedTo"]), (&json!(shown.event_page), &json!(shown.region)));
    assert!(event.get("actor").is_none());
    let attachments = event["attachment"].as_array().unwrap();
    let picture = &attachments[0];
    assert!(picture["mediaType"].as_str().unwrap().starts_with("image/") && picture["name"].is_string(), "{picture}");
    let shown_picture = shown.node.get(picture["url"].as_str().unwrap(), "image/*").await;
    assert_eq!(shown_picture.status, 200);
    assert!(shown_picture.header("content-type").starts_with("image/"));
    assert!(
        attachments.iter().all(|one| one["mediaType"].is_string() && one["type"] != "PropertyValue"),
        "{attachments:?}"
    );
    let websites: Vec<&Value> =
        attachments.iter().filter(|one| one["type"] == "Link" && one["name"] == "Website").collect();
    assert_eq!(websites.len(), 1);
    assert_eq!((&websites[0]["mediaType"], &websites[0]["href"]), (&json!("text/html"), &json!(shown.event_page)));
    for tag in event["tag"].as_array().unwrap() {
        let name = tag["name"].as_str().unwrap();
        assert!(tag["type"] == "Hashtag" && name.starts_with('#') && !name.contains(['-', ' ']), "{tag}");
    }
    let place = &event["location"];
    assert!(!place["name"].as_str().unwrap().is_empty(), "{place}");
    assert!(
        place["address"]["addressLocality"].is_string() || place["address"]["streetAddress"].is_string(),
        "{place}"
    );
    assert!(answer.body.contains("\"latitude\":61.0"), "a whole number stays a decimal for readers that are strict");
}

async fn c25_c26_online_and_hybrid(shown: &Shown) {
    let modes = ["external", "free", "restricted"];
    for id in [&shown.event, &shown.online, &shown.hybrid] {
        let event = shown.node.document(id).await;
        let mode = event["joinMode"].as_str().unwrap();
        assert!(modes.contains(&mode), "{mode}");
        if mode == "external" {
            let link = event["externalParticipationUrl"].as_str().unwrap();
            assert!(link.starts_with("https://") || link.starts_with(&shown.node.url("/")), "{link}");
        }
    }
    let online = shown.node.document(&shown.online).await;
    assert_eq!((&online["location"]["name"], &online["isOnline"]), (&json!("online"), &json!(true)));
    let hybrid = shown.node.document(&shown.hybrid).await;
    assert!(hybrid["location"].is_object(), "{hybrid}");
    assert_eq!(hybrid["externalParticipationUrl"], "https://ilmo.example/x");
}

async fn c27_a_task(shown: &Shown) {
    let task = shown.node.document(&shown.task).await;
    assert_eq!(task["type"], "Note");
    assert!(task.get("name").is_none() && task.get("summary").is_none(), "Mastodon would fold or drop it");
    assert_eq!(task["purpose"], "request");
    assert_eq!(task["publishes"]["id"], format!("{}#primary", shown.task));
    assert!(task["publishes"]["resourceQuantity"]["hasNumericalValue"].is_string());
    let content = task["content"].as_str().unwrap();
    let link = content.split("<a ").skip(1).find(|link| !link.split('>').next().unwrap().contains("class=")).unwrap();
    assert!(link.contains(&format!("href=\"{}\"", shown.task_page)), "{link}");
}

async fn c28_c31_addresses_and_creates(shown: &Shown) {
    for (id, kind) in [(&shown.event, "Event"), (&shown.task, "Note")] {
        let object = shown.node.document(id).await;
        let create = shown.node.document(&format!("{id}/activity")).await;
        assert_eq!((&create["type"], &create["object"]["id"]), (&json!("Create"), &json!(id)));
        assert_eq!((&create["object"]["type"], &create["actor"]), (&json!(kind), &json!(shown.region)));
        for document in [&object, &create] {
            assert_eq!(document["to"], json!(["https://www.w3.org/ns/activitystreams#Public"]));
            assert_eq!(document["cc"], json!([format!("{}/followers", shown.region)]));
        }
    }
}
