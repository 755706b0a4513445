//! The host's own actor: what it announces to the servers that follow it, and what a national node passes on.

use crate::harness::{ACTIVITY, Database, Kind, Net, Node, Reply, Site, Voice, event, task, until, until_true};
use crate::on_both_databases;
use serde_json::{Value, json};
use server::demo::peer::Peer;

on_both_databases! {
    c57_c66_the_hosts_own_actor_announces_events;
    c64_a_national_node_passes_on_once;
}

/// What was posted to an inbox of the site: when, and what.
fn posted_to(site: &Site, voice: &Voice) -> Vec<(i64, Value)> {
    let inbox = format!("/users/{}/inbox", voice.name);
    let all = site.journal().into_iter().filter(|seen| seen.method == "POST" && seen.path == inbox);
    all.map(|seen| (seen.at, seen.body)).collect()
}

fn announced(site: &Site, voice: &Voice) -> Vec<(i64, Value)> {
    posted_to(site, voice).into_iter().filter(|(_, body)| body["type"] == "Announce").collect()
}

async fn follows(site: &Site, voice: &Voice, actor: &str) {
    voice.say(&format!("{actor}/inbox"), &voice.activity("Follow", json!(actor))).await;
    until_true("the Accept", || async { posted_to(site, voice).iter().any(|(_, body)| body["type"] == "Accept") })
        .await;
}

async fn c57_c66_the_hosts_own_actor_announces_events(database: Database) {
    let node = Node::start(Kind::Region("06"), database).await;
    for number in 1..=3 {
        node.import_bundle(&event(&format!("e-{number}"), &format!("Ennen {number}"), "Lyhyesti.")).await;
    }
    let relay = node.url("/ap/relay");
    let site = Site::start().await;
    let (person, mobilizon) = (site.actor("ihminen"), site.stranger("palvelin"));
    let mut document = mobilizon.document();
    document["type"] = json!("Application");
    site.set("/users/palvelin", Reply::document(&document));

    println!("── a server that follows is told what is coming, at a distance; a person is not");
    follows(&site, &person, &relay).await;
    follows(&site, &mobilizon, &relay).await;
    let pushed = until("three announcements", || {
        let found = announced(&site, &mobilizon);
        async { (found.len() >= 3).then_some(found) }
    })
    .await;
    assert_eq!(pushed.len(), 3);
    for pair in pushed.windows(2) {
        assert!(pair[1].0 - pair[0].0 >= 2000, "{} ms apart", pair[1].0 - pair[0].0);
    }
    assert!(announced(&site, &person).is_empty(), "a person's timeline is not flooded");
    let mut ids = Vec::new();
    for number in 1..=3 {
        ids.push(node.id_of(&format!("/tapahtumat/ennen-{number}")).await);
    }
    let mut objects: Vec<&str> = pushed.iter().map(|(_, body)| body["object"].as_str().unwrap()).collect();
    objects.sort_unstable();
    ids.sort_unstable();
    assert_eq!(objects, ids, "by id alone, each once");

    println!("── what is published is announced to all its followers");
    node.import_bundle(&event("uusi", "Uusi tapahtuma", "Lyhyesti.")).await;
    node.import_bundle(&task("t", "Tuottaja kiertueelle", "open")).await;
    let id = node.id_of("/tapahtumat/uusi-tapahtuma").await;
    for voice in [&person, &mobilizon] {
        until_true("the Announce", || async { announced(&site, voice).iter().any(|(_, body)| body["object"] == id) })
            .await;
    }
    let announce = announced(&site, &person).pop().unwrap().1;
    assert_eq!((&announce["actor"], &announce["to"]), (&json!(relay), &json!([vocab::PUBLIC])));
    assert_eq!(announce["cc"], json!([format!("{relay}/followers")]));
    let served = node.get(announce["id"].as_str().unwrap(), ACTIVITY).await.json();
    assert_eq!((&served["id"], &served["object"]), (&announce["id"], &announce["object"]));
    let outbox = node.document(&format!("{relay}/outbox")).await;
    assert_eq!(outbox["totalItems"], 4, "the relay's outbox lists its announcements, and no task's: {outbox}");

    println!("── and taken back when it is deleted");
    node.run(&["delete", &id]).await;
    for voice in [&person, &mobilizon] {
        until_true("the Undo", || async {
            posted_to(&site, voice)
                .iter()
                .any(|(_, body)| body["type"] == "Undo" && body["object"]["id"] == announce["id"])
        })
        .await;
    }
    assert_eq!(announced(&site, &mobilizon).len(), 4);
    assert_eq!(announced(&site, &person).len(), 1);

    println!("── the queue tells how far each activity is");
    let queue: Value = serde_json::from_str(&node.run(&["queue", "--json"]).await).unwrap();
    let of = |verb: &str| queue["activities"].as_array().unwrap().iter().find(|row| row["verb"] == verb).cloned();
    until_true("all is delivered", || async { node.status().await["deliveries"]["waiting"] == 0 }).await;
    assert_eq!(of("Undo").unwrap()["object"], id, "{queue}");
    assert_eq!(of("Announce").unwrap()["delivered"], 2, "{queue}");
}

async fn c64_a_national_node_passes_on_once(database: Database) {
    let net = Net::start(database, &[Kind::Region("06"), Kind::National]).await;
    net.follow(1, 0).await;
    net.follow(0, 1).await;
    let peer = Peer::start("anna").await.unwrap();
    let national = net[1].actor().await;
    peer.follow(&national).await.unwrap();
    peer.wait_for(crate::harness::LIMIT, |body| body["type"] == "Accept").await.unwrap();
    net.settle().await;
    let queued = net[0].deliveries().await;
    net[0].import_bundle(&event("e", "Kerran", "Lyhyesti.")).await;
    let id = net[0].id_of("/tapahtumat/kerran").await;
    let announce = peer.wait_for(crate::harness::LIMIT, |body| body["type"] == "Announce").await.unwrap().body;
    assert_eq!((&announce["object"], &announce["actor"]), (&json!(id), &json!(national)));
    assert!(announce["id"].as_str().unwrap().starts_with(&net[1].url("/ap/announces/")), "{announce}");
    net.settle().await;
    assert_eq!(net[0].deliveries().await - queued, 1, "its Create, and nothing because of the Announce that it got");
    net[0].import_bundle(&event("e", "Kerran", "Muutettu.")).await;
    net.settle().await;
    let announces = peer.deliveries().iter().filter(|entry| entry.body["type"] == "Announce").count();
    assert_eq!(announces, 1, "once, and not again when it changes");
    assert_eq!(net[0].deliveries().await - queued, 2, "its Update");
    println!("── and takes it back when the region deletes it");
    net[0].run(&["delete", "kerran"]).await;
    let undone = |body: &Value| body["type"] == "Undo" && body["object"]["id"] == announce["id"];
    peer.wait_for(crate::harness::LIMIT, undone).await.unwrap();
}
