//! Somebody on another server follows: gets `Accept`, then everything that happens, rightly signed, once, in order.

use crate::harness::{Database, Kind, Node, event, http, producer_row, producers, task, until, until_true};
use crate::on_both_databases;
use serde_json::{Value, json};
use server::demo::peer::{Entry, Peer};
use store::Clock;

on_both_databases! {
    a_follower_gets_what_happens;
    follows_come_and_go;
    what_travels_is_well_made;
}

/// Waits for a delivery about an object.
async fn delivered(peer: &Peer, verb: &str, object: &str) -> Entry {
    let wanted = |body: &Value| body["type"] == verb && (body["object"] == object || body["object"]["id"] == object);
    peer.wait_for(crate::harness::LIMIT, wanted).await.unwrap()
}

/// `Create`, `Update` … about an object, in the order of their arrival.
fn story(peer: &Peer, object: &str) -> Vec<String> {
    let about = |body: &Value| body["object"] == object || body["object"]["id"] == object;
    let all = peer.deliveries().into_iter().filter(|entry| about(&entry.body));
    all.map(|entry| entry.body["type"].as_str().unwrap().to_owned()).collect()
}

/// Follows, and waits for the right answer.
async fn followed(peer: &Peer, actor: &str) -> Value {
    let follow = peer.follow(actor).await.unwrap();
    let accept = |body: &Value| body["type"] == "Accept" && body["object"]["id"] == follow["id"];
    let accept = peer.wait_for(crate::harness::LIMIT, accept).await.unwrap();
    assert_eq!(accept.body["object"], follow, "verbatim");
    assert_eq!(accept.body["actor"], actor);
    follow
}

async fn a_follower_gets_what_happens(database: Database) {
    let node = Node::start(Kind::Region("06"), database).await;
    let peer = Peer::start("anna").await.unwrap();
    let region = peer.webfinger(&node.handle()).await.unwrap();
    followed(&peer, &region).await;

    node.import_bundle(&event("e", "Iltaklubi", "Ensin näin.")).await;
    let id = node.id_of("/tapahtumat/iltaklubi").await;
    let create = delivered(&peer, "Create", &id).await;
    assert_eq!(create.body["object"]["name"], "Iltaklubi");

    node.import_bundle(&event("e", "Iltaklubi", "Sitten toisin.")).await;
    let update = delivered(&peer, "Update", &id).await;
    assert!(update.body["object"]["summary"].as_str().unwrap().contains("Sitten toisin"));
    assert!(
        update.body["object"]["updated"].as_str() > create.body["object"]["published"].as_str(),
        "newer than it was"
    );

    let cancel = node.run(&["cancel", "iltaklubi"]).await;
    let cancelled = peer.wait_for(crate::harness::LIMIT, |body| body["id"] == cancel.as_str()).await.unwrap();
    let object = &cancelled.body["object"];
    assert_eq!((&object["eventStatus"], &object["status"]), (&json!("EventCancelled"), &json!("CANCELLED")));
    assert!(object["name"].as_str().unwrap().starts_with("PERUTTU"), "{}", object["name"]);
    assert!(object["updated"].as_str() > update.body["object"]["updated"].as_str(), "each version is newer");

    node.run(&["delete", &id]).await;
    let delete = delivered(&peer, "Delete", &id).await;
    assert_eq!(
        (&delete.body["object"]["type"], &delete.body["object"]["formerType"]),
        (&json!("Tombstone"), &json!("Event"))
    );
    assert_eq!(peer.get(&id).await.unwrap().0.as_u16(), 410);
    assert_eq!(story(&peer, &id), ["Create", "Update", "Update", "Delete"], "in order, each once");

    // Published anew it is something new.
    node.import_bundle(&event("e2", "Iltaklubi", "Uudestaan.")).await;
    let again = until("the new event has a page", || async {
        let items = node.items("/tapahtumat").await;
        items.iter().find_map(|item| item["source"]["id"].as_str().map(str::to_owned))
    })
    .await;
    assert_ne!(again, id);
    delivered(&peer, "Create", &again).await;

    // A task is a draft first, then open, then filled.
    node.import_bundle(&task("t", "Tuottaja kiertueelle", "draft")).await;
    let published = node.run(&["publish", "tuottaja-kiertueelle"]).await;
    let task = node.id_of("/tehtavat/tuottaja-kiertueelle").await;
    let create = delivered(&peer, "Create", &task).await;
    assert_eq!(create.body["id"], published.as_str(), "the command prints the activity's id");
    node.run(&["close", "tuottaja-kiertueelle"]).await;
    delivered(&peer, "Update", &task).await;
    assert_eq!(story(&peer, &task), ["Create", "Update"]);
}

async fn follows_come_and_go(database: Database) {
    let node = Node::start(Kind::Region("06"), database).await;
    let peer = Peer::start("anna").await.unwrap();
    let region = node.actor().await;
    let inbox = format!("{region}/inbox");
    let followers = async || node.document(&format!("{region}/followers")).await["totalItems"].as_i64().unwrap();
    let has = async |count: i64| until_true("the number of followers", || async { followers().await == count }).await;
    let undo = |number: u32, object: Value| {
        json!({"@context": vocab::ACTIVITY_STREAMS, "id": format!("http://{}/undo/{number}", peer.host()), "type": "Undo",
               "actor": peer.id(), "object": object})
    };
    // c35, c50: twice asked, twice answered, one follower.
    followed(&peer, &region).await;
    let second = followed(&peer, &region).await;
    assert_eq!(followers().await, 1);
    // c49: undone by its bare id, and as Gancio does, without an actor.
    peer.post(&inbox, &undo(1, second["id"].clone())).await.unwrap();
    has(0).await;
    followed(&peer, &region).await;
    peer.post(&inbox, &undo(2, json!({"type": "Follow", "object": region}))).await.unwrap();
    has(0).await;
    // Nothing more comes.
    let before = peer.deliveries().len();
    node.import_bundle(&event("e", "Kenellekään", "Lyhyesti.")).await;
    until_true("nothing waits", || async { node.status().await["deliveries"]["waiting"] == 0 }).await;
    assert_eq!(peer.deliveries().len(), before);

    // A producer is followed by itself.
    let row = |headline: &str| producers(&[producer_row("p", "Maija Esimerkki", headline, "maija")]);
    assert_eq!(node.import(&row("Ensin"), "producers-csv").await.code, Some(0));
    let producer = node.id_of("/@maija").await;
    followed(&peer, &producer).await;
    assert_eq!(node.import(&row("Sitten"), "producers-csv").await.code, Some(0));
    let update = delivered(&peer, "Update", &producer).await;
    assert!(update.body["object"].to_string().contains("Sitten"), "{}", update.body);
    assert_eq!(update.body["actor"], producer.as_str());
    node.run(&["delete", &producer]).await;
    // Whoever gets this can no longer fetch the key that signed it; it knows the key from before.
    until_true("the Delete of the producer arrives", || async {
        peer.journal().iter().any(|entry| entry.body["type"] == "Delete" && entry.body["object"] == producer.as_str())
    })
    .await;
    let gone = http().get(&producer).header("accept", crate::harness::ACTIVITY).send().await.unwrap();
    assert_eq!(gone.status().as_u16(), 410);
}

async fn what_travels_is_well_made(database: Database) {
    let node = Node::start(Kind::Region("06"), database).await;
    let region = node.actor().await;
    // Three followers on two hosts; on the first of them two share an inbox by being one server.
    let (anna, bo) = (Peer::start("anna").await.unwrap(), Peer::start("bo").await.unwrap());
    for peer in [&anna, &bo] {
        followed(peer, &region).await;
    }
    node.import_bundle(&event("e", "Hyvin tehty", "Lyhyesti.")).await;
    let id = node.id_of("/tapahtumat/hyvin-tehty").await;
    for peer in [&anna, &bo] {
        let entry = delivered(peer, "Create", &id).await;
        assert_eq!(entry.target, "/inbox", "to the shared inbox");
        let header = |name: &str| entry.headers.get(name).map_or("", |value| value.to_str().unwrap()).to_owned();
        assert_eq!(header("content-type"), "application/activity+json");
        assert!(header("digest").starts_with("SHA-256="), "{}", header("digest"));
        assert!(header("user-agent").starts_with("Solmu/"), "{}", header("user-agent"));
        for covered in ["(request-target)", "host", "date", "digest", "content-type"] {
            assert!(header("signature").contains(covered), "{covered}: {}", header("signature"));
        }
        assert!(header("signature").contains(&format!("keyId=\"{region}#main-key\"")), "{}", header("signature"));
        let date = federation::signature::date_to_timestamp(&header("date")).unwrap().as_millis();
        assert!((entry.at - date).abs() <= 5000, "Date is {} ms off", entry.at - date);
        let published: jiff::Timestamp = entry.body["object"]["published"].as_str().unwrap().parse().unwrap();
        assert!((Clock::System.now().as_millis() - published.as_millisecond()).abs() < 60_000);
        let creates = story(peer, &id);
        assert_eq!(creates, ["Create"], "once");
        // c62: what the node asked this server for was signed by its own actor.
        let asked: Vec<Entry> = peer.journal().into_iter().filter(|entry| entry.method == "GET").collect();
        assert!(!asked.is_empty());
        for entry in asked.iter().filter(|entry| entry.target.starts_with("/users/")) {
            let signature = entry.headers.get("signature").expect("a signed GET").to_str().unwrap();
            assert!(signature.contains(&format!("keyId=\"{}#main-key\"", node.url("/ap/relay"))), "{signature}");
        }
    }
}
