//! What a region sends to its followers: to whom, how often, in which words, and how it is signed.

use crate::cases;
use crate::harness::{Database, Kind, Node, Post, Reply, Seen, Signing, Site, Voice, event, task, until};
use crate::on_both_databases;
use federation::signature::{self, cavage, digest};
use reqwest::Method;
use serde_json::{Value, json};
use store::Clock;

on_both_databases! {
    what_a_region_sends;
}

struct Stage {
    node: Node,
    region: String,
    /// A server with one inbox for all; anna and bo live there.
    shared: Site,
    anna: Voice,
    bo: Voice,
    /// A server without; only cecilia lives there.
    single: Site,
    cecilia: Voice,
}

impl Stage {
    async fn set(database: Database) -> Stage {
        let node = Node::start(Kind::Region("06"), database).await;
        let (shared, single) = (Site::start().await, Site::start().await);
        let [anna, bo] = ["anna", "bo"].map(|name| {
            let voice = shared.stranger(name);
            let mut document = voice.document();
            document["endpoints"] = json!({"sharedInbox": shared.url("/inbox")});
            shared.set(&format!("/users/{name}"), Reply::document(&document));
            voice
        });
        let cecilia = single.actor("cecilia");
        Stage { region: node.actor().await, node, shared, anna, bo, single, cecilia }
    }

    /// Every `POST` that two sites got about an object, by the verb.
    fn about(&self, site: &Site, verb: &str, object: &str) -> Vec<Seen> {
        let wanted = |seen: &Seen| {
            let about = &seen.body["object"];
            seen.method == "POST" && seen.body["type"] == verb && (about == object || about["id"] == object)
        };
        site.journal().into_iter().filter(wanted).collect()
    }

    /// Waits until nothing is left to be sent, and then gives what both servers got about an object.
    async fn sent(&self, verb: &str, object: &str) -> Vec<Seen> {
        until("everything is delivered", || async {
            (self.node.status().await["deliveries"]["waiting"] == 0).then_some(())
        })
        .await;
        let (one, other) = (self.about(&self.shared, verb, object), self.about(&self.single, verb, object));
        assert_eq!((one.len(), other.len()), (1, 1), "{verb} of {object}: one request for each inbox");
        assert_eq!((one[0].path.as_str(), other[0].path.as_str()), ("/inbox", "/users/cecilia/inbox"));
        assert_eq!(one[0].body, other[0].body);
        one.into_iter().chain(other).collect()
    }

    /// Whether a request is signed by the key of an actor of the node, over all that servers ask for.
    async fn check_signature(&self, seen: &Seen, actor: &str, has_body: bool) {
        let header = |name: &str| seen.headers.get(name).map_or("", |value| value.to_str().unwrap());
        let signature = cavage::parse(header("signature")).unwrap();
        assert_eq!(signature.key_id, format!("{actor}#main-key"));
        assert_eq!(signature.covers_enough(has_body), Ok(()), "{}", header("signature"));
        let document = self.node.document(actor).await;
        let pem = document["publicKey"]["publicKeyPem"].as_str().unwrap();
        let method: Method = seen.method.parse().unwrap();
        let lines = cavage::signing_string(&signature.covered, &method, &seen.path, &seen.headers, Some(&signature));
        assert!(signature::verify(pem, lines.unwrap().as_bytes(), &signature.bytes), "{}", header("signature"));
        let date = signature::date_to_timestamp(header("date")).unwrap().as_millis();
        assert!((seen.at - date).abs() <= 5_000, "Date is {} ms old", seen.at - date);
        assert!(header("user-agent").starts_with("Solmu/"), "{}", header("user-agent"));
    }
}

async fn what_a_region_sends(database: Database) {
    let stage = Stage::set(database).await;
    cases! { stage;
        c35_a_follow_is_accepted
        c56_each_inbox_gets_it_once
        c60_edited_and_deleted
        c60_published_anew
        c61_cancelled
        c62_signed_fetches
        a_follower_that_left_hears_of_the_deletion
        each_software_gets_what_it_understands
    }
}

async fn c35_a_follow_is_accepted(stage: &Stage) {
    let as_mastodon = Signing { covered: "(request-target) host date digest", ..Signing::default() };
    for (voice, site) in [(&stage.anna, &stage.shared), (&stage.bo, &stage.shared), (&stage.cecilia, &stage.single)] {
        let mut follow = voice.activity("Follow", json!(stage.region));
        // What a server of tomorrow adds comes back with the rest.
        follow["x"] = json!({"ä": [1.50, null, "\u{1f3ad}"], "b": false});
        let post = Post::signed(voice, &format!("{}/inbox", stage.region), &follow.to_string(), &as_mastodon);
        let answer = post.send().await;
        assert_eq!((answer.status, answer.body.as_str()), (202, ""));
        let accept = site
            .posted_one("the Accept", |body| body["type"] == "Accept" && body["object"]["id"] == follow["id"])
            .await;
        assert_eq!(accept["object"], follow, "whole");
        assert_eq!((&accept["actor"], &accept["to"]), (&json!(stage.region), &json!([voice.id])));
        let seen = site.journal().into_iter().find(|seen| seen.body == accept).unwrap();
        stage.check_signature(&seen, &stage.region, true).await;
        let served = stage.node.document(accept["id"].as_str().unwrap()).await;
        assert_eq!((&served["type"], &served["object"]), (&json!("Accept"), &follow), "its id can be asked for");
    }
}

async fn c56_each_inbox_gets_it_once(stage: &Stage) {
    stage.node.import_bundle(&event("e", "Iltaklubi", "Lyhyesti.")).await;
    let id = stage.node.id_of("/tapahtumat/iltaklubi").await;
    for seen in stage.sent("Create", &id).await {
        let header = |name: &str| seen.headers.get(name).map_or("", |value| value.to_str().unwrap());
        assert_eq!(header("content-type"), "application/activity+json");
        assert!(header("digest").starts_with("SHA-256="), "{}", header("digest"));
        assert!(digest::matches(header("digest"), seen.body.to_string().as_bytes()), "of these bytes");
        assert_eq!(header("content-length"), seen.body.to_string().len().to_string());
        stage.check_signature(&seen, &stage.region, true).await;
        assert_eq!(seen.body["id"], format!("{id}/activity"));
        assert_eq!(
            seen.body["object"],
            without_context(stage.node.document(&id).await),
            "what is served is what is sent"
        );
        for document in [&seen.body, &seen.body["object"]] {
            let published: jiff::Timestamp = document["published"].as_str().unwrap().parse().unwrap();
            let age = Clock::System.now().as_millis() - published.as_millisecond();
            assert!((0..60_000).contains(&age), "published {age} ms ago: older than six hours, nobody would see it");
            assert_eq!(document["to"], json!(["https://www.w3.org/ns/activitystreams#Public"]));
            assert_eq!(document["cc"], json!([format!("{}/followers", stage.region)]));
        }
    }
}

fn without_context(mut document: Value) -> Value {
    document.as_object_mut().unwrap().remove("@context");
    document
}

async fn c60_edited_and_deleted(stage: &Stage) {
    let id = stage.node.id_of("/tapahtumat/iltaklubi").await;
    let before = stage.node.document(&id).await;
    stage.node.import_bundle(&event("e", "Iltaklubi", "Toisin kuin ennen.")).await;
    let update = stage.sent("Update", &id).await.remove(0).body;
    let object = &update["object"];
    assert!(object["updated"].as_str() > object["published"].as_str(), "or Mastodon changes nothing: {object}");
    assert_eq!((&object["published"], &object["id"]), (&before["published"], &before["id"]));
    assert_eq!(update["id"].as_str().unwrap().rsplit_once('/').unwrap().0, format!("{id}/updates"));
    for name in before.as_object().unwrap().keys().filter(|name| *name != "@context") {
        assert!(object.get(name).is_some(), "the whole object: {name}");
    }
    assert!(object["summary"].as_str().unwrap().ends_with("Toisin kuin ennen."), "{}", object["summary"]);
    assert_eq!(stage.node.document(update["id"].as_str().unwrap()).await["type"], "Update");

    stage.node.run(&["delete", &id]).await;
    let delete = stage.sent("Delete", &id).await.remove(0).body;
    let stone = &delete["object"];
    assert_eq!((&stone["type"], &stone["formerType"]), (&json!("Tombstone"), &json!("Event")));
    assert!(stone["deleted"].is_string() && stone.get("name").is_none(), "{stone}");
    assert_eq!((&delete["actor"], &delete["id"]), (&json!(stage.region), &json!(format!("{id}/delete"))));
    assert_eq!(stage.node.get(&id, crate::harness::ACTIVITY).await.status, 410);
    for (site, expected) in [(&stage.shared, 3), (&stage.single, 3)] {
        let all = ["Create", "Update", "Delete"].map(|verb| stage.about(site, verb, &id).len());
        assert_eq!(all.iter().sum::<usize>(), expected, "each once");
    }
}

async fn c60_published_anew(stage: &Stage) {
    stage.node.import_bundle(&event("e2", "Iltaklubi", "Uudestaan.")).await;
    let again = until("the new event has a page", || async {
        let items = stage.node.items("/tapahtumat").await;
        items.iter().find_map(|item| item["source"]["id"].as_str().map(str::to_owned))
    })
    .await;
    let create = stage.sent("Create", &again).await.remove(0).body;
    assert_eq!(create["object"]["name"], "Iltaklubi");
    let gone: Vec<Seen> =
        stage.shared.journal().into_iter().filter(|seen| seen.body["object"]["type"] == "Tombstone").collect();
    assert!(gone.iter().all(|seen| seen.body["object"]["id"] != again.as_str()), "Mastodon buries an id for ever");
}

async fn c61_cancelled(stage: &Stage) {
    stage.node.import_bundle(&event("p", "Perutaan pian", "Lyhyesti.")).await;
    let id = stage.node.id_of("/tapahtumat/perutaan-pian").await;
    stage.sent("Create", &id).await;
    stage.node.run(&["cancel", "perutaan-pian"]).await;
    let update = stage.sent("Update", &id).await.remove(0).body;
    let object = &update["object"];
    assert_eq!((&object["eventStatus"], &object["status"]), (&json!("EventCancelled"), &json!("CANCELLED")));
    for field in ["name", "summary"] {
        let text = object[field].as_str().unwrap();
        assert!(text.starts_with("PERUTTU: "), "who reads no status reads the word: {field}: {text}");
    }
    assert!(object["content"].as_str().unwrap().starts_with("<p>PERUTTU: "), "{}", object["content"]);
    assert!(object["updated"].as_str() > object["published"].as_str());
    assert_eq!(stage.node.document(&id).await["status"], "CANCELLED", "it stays readable");
    // Mastodon before 4.5 shows no edits: a short text under it says the same.
    let listed = stage.node.document(&format!("{id}/replies")).await["items"].clone();
    let note = listed[0].as_str().unwrap_or_else(|| panic!("{listed}"));
    let object = stage.sent("Create", note).await.remove(0).body["object"].clone();
    assert_eq!((&object["type"], &object["inReplyTo"]), (&json!("Note"), &json!(id)));
    assert!(object["content"].as_str().unwrap().starts_with("<p><strong>PERUTTU: Perutaan pian"), "{object}");
    assert!(object.get("name").is_none() && object.get("summary").is_none(), "it would be folded: {object}");
    assert_eq!(object, without_context(stage.node.document(note).await));
}

/// A server that answers nobody it does not know (authorized fetch) can see who asks: the host's own actor.
async fn c62_signed_fetches(stage: &Stage) {
    for site in [&stage.shared, &stage.single] {
        let asked: Vec<Seen> = site.journal().into_iter().filter(|seen| seen.method == "GET").collect();
        let actors: Vec<&Seen> = asked.iter().filter(|seen| seen.path.starts_with("/users/")).collect();
        assert!(!actors.is_empty());
        for seen in actors {
            stage.check_signature(seen, &stage.node.url("/ap/relay"), false).await;
            let accept = seen.headers.get("accept").unwrap().to_str().unwrap();
            assert!(accept.contains("application/activity+json"), "{accept}");
        }
    }
}

async fn a_follower_that_left_hears_of_the_deletion(stage: &Stage) {
    let id = stage.node.id_of("/tapahtumat/perutaan-pian").await;
    let undo = stage.cecilia.activity("Undo", json!({"type": "Follow", "object": stage.region}));
    stage.cecilia.say(&format!("{}/inbox", stage.region), &undo).await;
    let followers = format!("{}/followers", stage.region);
    until("she is no follower any more", || async {
        (stage.node.document(&followers).await["totalItems"] == 2).then_some(())
    })
    .await;
    stage.node.run(&["delete", &id]).await;
    stage.sent("Delete", &id).await;
}

/// What the policy withholds from a software, which its NodeInfo names, does not come there; everything else does.
async fn each_software_gets_what_it_understands(stage: &Stage) {
    let relay = stage.node.url("/ap/relay");
    let mut sites = Vec::new();
    // The event, the task, the announcement of the event.
    for (software, expected) in [
        ("gancio", [true, false, false]),
        ("mobilizon", [true, false, true]),
        ("lemmy", [false, false, false]),
        ("mastodon", [true, true, true]),
    ] {
        let site = Site::start().await;
        site.runs(software);
        let voice = site.actor("seuraaja");
        for actor in [&stage.region, &relay] {
            voice.say(&format!("{actor}/inbox"), &voice.activity("Follow", json!(actor))).await;
            site.posted_one("the Accept", |body| body["type"] == "Accept" && body["actor"] == actor.as_str()).await;
        }
        sites.push((software, site, expected));
    }
    for (software, site, _) in &sites {
        until(&format!("{software} has said what it is"), || async {
            stage.node.peer(site.host()).await.filter(|peer| peer.software.as_deref() == Some(*software))
        })
        .await;
    }
    stage.node.import_bundle(&event("kenelle", "Kenelle mitäkin", "Lyhyesti.")).await;
    stage.node.import_bundle(&task("kenelle", "Tuottaja lajitteluun", "open")).await;
    let evening = stage.node.id_of("/tapahtumat/kenelle-mitakin").await;
    let job = stage.node.id_of("/tehtavat/tuottaja-lajitteluun").await;
    until("everything is delivered", || async {
        (stage.node.status().await["deliveries"]["waiting"] == 0).then_some(())
    })
    .await;
    for (software, site, expected) in &sites {
        let got = [("Create", &evening), ("Create", &job), ("Announce", &evening)]
            .map(|(verb, object)| !stage.about(site, verb, object).is_empty());
        assert_eq!(got, *expected, "{software}");
    }
}
