//! What the documents say and how they are written.

use crate::cases;
use crate::harness::{ACTIVITY, Database};
use crate::on_both_databases;
use crate::shown::{Shown, has_snapshot, shapes};
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
        c22_events
        c23_pictures_and_links
        c24_tags_and_places
        c25_ways_to_take_part
        c26_online_and_hybrid
        c27_tasks
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

/// `/ap/events/{uuid}/activity`: a kind, an id, and names of parts; lower case, no query, no escape, no port of its own.
fn is_tidy(id: &str, origin: &str) -> bool {
    let Some(path) = id.strip_prefix(origin).and_then(|path| path.strip_prefix("/ap/")) else { return false };
    let word = |part: &str| !part.is_empty() && part.bytes().all(|c| c.is_ascii_lowercase() || c == b'_');
    let uuid = |part: &str| part.len() == 36 && uuid::Uuid::parse_str(part).is_ok() && part == part.to_lowercase();
    let mut parts = path.split('/');
    parts.next().is_some_and(word) && {
        let rest: Vec<&str> = parts.collect();
        let named = rest.first().is_some_and(|part| uuid(part));
        rest[usize::from(named)..].iter().all(|part| word(part))
    }
}

/// Ids of keys and of a task's intents are the one of their document with a mark; pages of collections have a number.
fn id_of_document(address: &str) -> &str {
    let marked = ["#main-key", "#primary", "#reciprocal"].iter().find_map(|mark| address.strip_suffix(mark));
    let paged = address.split_once("?page=").filter(|(_, number)| number.parse::<i64>().is_ok());
    marked.or(paged.map(|(id, _)| id)).unwrap_or(address)
}

async fn c19_c20_c34_every_document(shown: &Shown) {
    let (origin, shapes) = (shown.node.url(""), shapes());
    assert!(!has_snapshot(&shapes, &json!({"type": "Event", "featured": "x"})), "a field of another type");
    for address in shown.addresses() {
        let answer = shown.node.get(&address, ACTIVITY).await;
        assert_eq!(answer.status, 200, "{address}: {}", answer.body);
        let most = if address.contains("page=") || address.ends_with("/upcoming") { 20 * 90_000 } else { 90_000 };
        assert!(answer.body.len() < most, "{address} has {} bytes", answer.body.len());
        let document = answer.json();
        assert_eq!(document["id"], address.as_str(), "{address}");
        assert!(document["@context"].is_array(), "{address}");
        each(&document, "", &mut |name, value| {
            assert!(!value.is_null(), "{address}: {name} is null");
            if name == "type" {
                assert!(value.is_string(), "{address}: type is {value}");
            }
            if let Some(text) = value.as_str().filter(|text| text.starts_with(&format!("{origin}/ap"))) {
                assert!(is_tidy(id_of_document(text), &origin), "{address}: {text}");
            }
            for fault in ["@graph", "@included", "@reverse"] {
                assert_ne!(name, fault, "{address}");
            }
        });
        check_shapes(&address, &document);
        assert!(has_snapshot(&shapes, &document), "{address}: no snapshot shows all fields of {document}");
    }
}

/// What is always a list and what is always one value, wherever it stands.
fn check_shapes(address: &str, document: &Value) {
    let lists = ["to", "cc", "tag", "attachment", "orderedItems", "streams", "attributionDomains"];
    let single = ["id", "attributedTo", "actor", "url", "image", "icon", "location", "summary", "content", "inReplyTo"];
    let mut open = vec![document];
    while let Some(value) = open.pop() {
        let Some(fields) = value.as_object() else { continue };
        for (name, inner) in fields.iter().filter(|(name, _)| *name != "@context") {
            if lists.contains(&name.as_str()) {
                assert!(inner.is_array(), "{address}: {name} is no list");
            }
            if single.contains(&name.as_str()) {
                assert!(!inner.is_array(), "{address}: {name} is a list");
            }
            open.extend(inner.as_array().into_iter().flatten());
            open.push(inner);
        }
    }
}

async fn c20_the_region(shown: &Shown) {
    let region = shown.node.document(&shown.region).await;
    assert_eq!((&region["type"], &region["preferredUsername"]), (&json!("Group"), &json!("pirkanmaa")));
    for id in [&shown.region, &shown.relay, &shown.producer, &shown.organisation] {
        let actor = shown.node.document(id).await;
        let name = actor["preferredUsername"].as_str().unwrap();
        let letters = name.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'_');
        assert!(letters && (1..=30).contains(&name.len()), "{name}");
        for part in ["inbox", "outbox", "followers", "following"] {
            assert_eq!(actor[part], format!("{id}/{part}"), "{name}");
        }
        assert_eq!(actor["url"], shown.node.url(&format!("/@{name}")), "on the host of the id, or Mastodon drops it");
        assert_eq!(actor["endpoints"]["sharedInbox"], shown.node.url("/ap/inbox"), "{name}");
        assert_eq!(actor["publicKey"]["owner"], id.as_str(), "{name}");
        assert_eq!(actor["publicKey"]["id"], format!("{id}#main-key"), "{name}");
        let pem = actor["publicKey"]["publicKeyPem"].as_str().unwrap();
        assert!(pem.starts_with("-----BEGIN PUBLIC KEY-----\n") && !pem.contains('\r'), "{name}: {pem}");
        assert!(actor["attachment"].is_array() && actor["manuallyApprovesFollowers"] == false, "{name}");
        assert!(actor["published"].as_str().unwrap().ends_with('Z'), "{name}");
        let summary = actor["summary"].as_str().unwrap_or_default();
        assert!(summary.chars().count() <= 5_000, "{name}: Mobilizon takes no more");
    }
    for (part, collection) in [("featured", "featured"), ("featuredTags", "tags"), ("upcomingEvents", "upcoming")] {
        assert_eq!(region[part], format!("{}/{collection}", shown.region));
    }
    assert_eq!((&region["discoverable"], &region["indexable"]), (&json!(true), &json!(true)));
    assert_eq!(region["attributionDomains"], json!([shown.node.host()]));
    let home = region["attachment"].as_array().unwrap().iter().find(|field| field["name"] == "Verkkosivu").unwrap();
    assert!(home["value"].as_str().unwrap().contains("rel=\"me nofollow noopener\""), "{home}");
    // The other half of the proof: the page links back to the actor's page.
    let front = shown.node.get("/", "text/html").await.body;
    let back = format!("rel=\"me\" href=\"{}\"", shown.node.url("/@pirkanmaa"));
    assert!(front.contains(&back), "the front page does not say {back}");
}

async fn c21_the_relay(shown: &Shown) {
    let relay = shown.node.document(&shown.relay).await;
    assert_eq!((&relay["type"], &relay["preferredUsername"]), (&json!("Application"), &json!("relay")));
    assert_eq!(relay["inbox"], shown.node.url("/ap/relay/inbox"), "what the operator of another server types");
    assert_eq!(relay["discoverable"], false);
    for resource in [format!("acct:relay@{}", shown.node.host()), shown.node.url("/"), shown.relay.clone()] {
        let jrd = shown.node.get(&format!("/.well-known/webfinger?resource={resource}"), "").await.json();
        assert_eq!(jrd["subject"], format!("acct:relay@{}", shown.node.host()), "{resource}");
    }
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

async fn c22_events(shown: &Shown) {
    for id in shown.objects().into_iter().filter(|id| id.contains("/ap/events/")) {
        let event = shown.node.document(id).await;
        assert_eq!(event["type"], "Event");
        assert_eq!(event["uuid"], id.rsplit('/').next().unwrap());
        assert!((3..=200).contains(&event["name"].as_str().unwrap().chars().count()), "{id}");
        let [starts, ends] = ["startTime", "endTime"].map(|field| event[field].as_str().unwrap());
        let moment = |text: &str| text.parse::<jiff::Timestamp>().unwrap();
        assert!(moment(starts) < moment(ends), "{starts} – {ends}");
        for time in [starts, ends] {
            assert!(time.ends_with("+02:00") || time.ends_with("+03:00"), "{time}");
        }
        assert_eq!(event["timezone"], "Europe/Helsinki");
        let summary = event["summary"].as_str().unwrap();
        assert!((1..=250).contains(&summary.chars().count()) && !summary.contains(['<', '\n']), "{summary}");
        let content = event["content"].as_str().unwrap();
        assert!(!content.is_empty() && content.len() <= 21_000, "{id}: {} bytes", content.len());
        assert_eq!(event["contentMap"], json!({"fi": content}));
        assert_eq!(event["inLanguage"], "fi");
        let line = summary.split(" · ").take(2).collect::<Vec<_>>().join(" · ");
        assert!(
            content.starts_with(&format!("<p>{line}</p>")),
            "date and place for those who see no summary: {content:.200}"
        );
        assert_eq!(event["attributedTo"], shown.region.as_str());
        assert!(
            event["url"].as_str().unwrap().starts_with(&shown.node.url("/tapahtumat/")) && event.get("actor").is_none()
        );
        for field in ["published", "updated"] {
            let told =
                event.get(field).is_none_or(|at| at.as_str().is_some_and(|at| at.len() == 20 && at.ends_with('Z')));
            assert!(told, "{field}: {}", event[field]);
        }
        assert_eq!((&event["eventStatus"], &event["status"]), (&json!("EventScheduled"), &json!("CONFIRMED")));
    }
    for (id, offset) in [(&shown.summer, "+03:00"), (&shown.winter, "+02:00")] {
        let event = shown.node.document(id).await;
        for field in ["startTime", "endTime"] {
            let time = event[field].as_str().unwrap();
            assert!(time.contains("T") && time.ends_with(offset), "{time}: each day has the offset of its own");
        }
        assert!(event["startTime"].as_str().unwrap().contains("T18:00:00"), "and the clock of the place");
    }
}

async fn c23_pictures_and_links(shown: &Shown) {
    for id in shown.objects().into_iter().filter(|id| id.contains("/ap/events/")) {
        let event = shown.node.document(id).await;
        let attachments = event["attachment"].as_array().unwrap();
        let picture = &attachments[0];
        assert_eq!((&picture["type"], picture), (&json!("Image"), &event["image"]), "the same twice");
        assert!(picture["mediaType"].as_str().unwrap().starts_with("image/"), "{picture}");
        let alt = picture["name"].as_str().unwrap();
        assert!(alt.chars().count() > 10 && alt != "Banner" && !alt.ends_with(".png"), "it is read aloud: {alt}");
        let shown_picture = shown.node.get(picture["url"].as_str().unwrap(), "image/*").await;
        assert_eq!(
            (shown_picture.status, shown_picture.header("content-type")),
            (200, picture["mediaType"].as_str().unwrap())
        );
        let right = |one: &Value| one["mediaType"].is_string() && one["type"] != "PropertyValue";
        assert!(attachments.iter().all(right), "{attachments:?}");
        let websites: Vec<&Value> =
            attachments.iter().filter(|one| one["type"] == "Link" && one["name"] == "Website").collect();
        assert_eq!(websites.len(), 1);
        assert_eq!((&websites[0]["mediaType"], &websites[0]["href"]), (&json!("text/html"), &event["url"]));
    }
}

async fn c24_tags_and_places(shown: &Shown) {
    let mut seen = 0;
    for id in shown.objects() {
        for tag in shown.node.document(id).await["tag"].as_array().unwrap() {
            let name = tag["name"].as_str().unwrap();
            let whole = name.starts_with('#') && name.len() > 1 && !name.contains(['-', ' ']);
            assert!(tag["type"] == "Hashtag" && whole, "{tag}");
            let list = shown.node.get(tag["href"].as_str().unwrap(), "text/html").await;
            assert_eq!(list.status, 200, "{tag}");
            seen += 1;
        }
    }
    assert!(seen > 20, "{seen}");
    let answer = shown.node.get(&shown.event, ACTIVITY).await;
    let document = answer.json();
    let names: Vec<&Value> = document["tag"].as_array().unwrap().iter().map(|tag| &tag["name"]).collect();
    assert_eq!(names, ["#tuottajakahvit", "#kaksiSanaa", "#väliViiva"]);
    let place = &document["location"];
    assert_eq!((&place["type"], &place["name"]), (&json!("Place"), &json!("Kulttuuritalo")));
    assert_eq!(
        (&place["address"]["addressLocality"], &place["address"]["streetAddress"]),
        (&json!("Tampere"), &json!("Katu 1"))
    );
    for (field, whole) in [("latitude", "61.0"), ("longitude", "23.7689")] {
        assert!(
            answer.body.contains(&format!("\"{field}\":{whole}")),
            "a decimal for readers that are strict: {field}"
        );
    }
}

async fn c25_ways_to_take_part(shown: &Shown) {
    for id in shown.objects().into_iter().filter(|id| id.contains("/ap/events/")) {
        let event = shown.node.document(id).await;
        let mode = event["joinMode"].as_str().unwrap();
        assert!(["external", "free", "restricted"].contains(&mode), "{mode}: Mobilizon drops an event of mode none");
        if mode == "external" {
            let link = event["externalParticipationUrl"].as_str().unwrap();
            assert!(link.starts_with("https://") || link.starts_with(&shown.node.url("/")), "{link}");
        }
    }
    let hybrid = shown.node.document(&shown.hybrid).await;
    assert_eq!(hybrid["externalParticipationUrl"], "https://ilmo.example/x");
    assert_eq!(hybrid["maximumAttendeeCapacity"], 20);
}

async fn c26_online_and_hybrid(shown: &Shown) {
    let online = shown.node.document(&shown.online).await;
    assert_eq!((&online["location"]["name"], &online["isOnline"]), (&json!("online"), &json!(true)));
    assert_eq!(
        (&online["location"]["type"], &online["location"]["url"]),
        (&json!("VirtualLocation"), &json!("https://video.example/x"))
    );
    let hybrid = shown.node.document(&shown.hybrid).await;
    assert_eq!((&hybrid["location"]["type"], &hybrid["isOnline"]), (&json!("Place"), &json!(false)));
    let streams: Vec<&Value> = hybrid["attachment"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["href"] == "https://video.example/y")
        .collect();
    assert_eq!(streams.len(), 1, "the stream is a second link: {hybrid}");
}

async fn c27_tasks(shown: &Shown) {
    for id in [&shown.task, &shown.long_task] {
        let task = shown.node.document(id).await;
        assert_eq!(task["type"], "Note");
        for field in ["name", "summary", "sensitive", "image"] {
            assert!(task.get(field).is_none(), "{field}: the text would be folded, or the preview card dropped");
        }
        assert!(["request", "offer"].contains(&task["purpose"].as_str().unwrap()), "{}", task["purpose"]);
        assert_eq!((&task["unitBased"], &task["publishes"]["type"]), (&json!(false), &json!("Intent")));
        assert_eq!(task["publishes"]["id"], format!("{id}#primary"));
        assert_eq!(task["reciprocal"]["id"], format!("{id}#reciprocal"));
        assert_eq!(
            task["reciprocal"]["resourceQuantity"],
            json!({"hasUnit": "one", "hasNumericalValue": "426"}),
            "12 h × 35.50 €"
        );
        for part in ["resourceQuantity", "availableQuantity"] {
            assert_eq!(task["publishes"][part], json!({"hasUnit": "hour", "hasNumericalValue": "12"}), "{part}");
        }
        let content = task["content"].as_str().unwrap();
        assert_eq!(task["contentMap"], json!({"fi": content}));
        let plain = |link: &&str| !link.split('>').next().unwrap().contains("class=");
        let link = content.split("<a ").skip(1).find(plain).unwrap();
        assert!(link.contains(&format!("href=\"{}\"", task["url"].as_str().unwrap())), "{link}");
        for tag in task["tag"].as_array().unwrap() {
            let (name, href) = (tag["name"].as_str().unwrap(), tag["href"].as_str().unwrap());
            assert!(
                content.contains(name) && content.contains(&href.replace('&', "&amp;")),
                "{name} stands in the text"
            );
        }
        let unsafe_kinds = task["attachment"].as_array().unwrap().iter().filter(|one| one["type"] != "Link").count();
        assert_eq!(unsafe_kinds, 0, "a picture would take the place of the preview card");
    }
    assert_eq!(shown.node.document(&shown.task).await["url"], shown.task_page.as_str());
}

async fn c28_c31_addresses_and_creates(shown: &Shown) {
    for (id, kind) in shown.objects().map(|id| (id, if id.contains("/events/") { "Event" } else { "Note" })) {
        let object = shown.node.document(id).await;
        let may_quote = &object["interactionPolicy"]["canQuote"]["automaticApproval"];
        assert_eq!(may_quote, &json!([vocab::PUBLIC]), "Mastodon lets nobody quote what says nothing about it");
        let create = shown.node.document(&format!("{id}/activity")).await;
        assert_eq!(create["published"], object["published"]);
        assert!(create["object"].get("@context").is_none(), "one context is enough");
        assert_eq!((&create["type"], &create["object"]["id"]), (&json!("Create"), &json!(id)));
        assert_eq!((&create["object"]["type"], &create["actor"]), (&json!(kind), &json!(shown.region)));
        for document in [&object, &create] {
            assert_eq!(document["to"], json!(["https://www.w3.org/ns/activitystreams#Public"]));
            assert_eq!(document["cc"], json!([format!("{}/followers", shown.region)]));
        }
    }
}
