//! SIGKILL at the worst moments.

use crate::harness::{Database, Kind, Net, Node, Reply, event, until_true};
use crate::on_both_databases;
use crate::witness::{Witness, all_delivered};
use diesel::prelude::*;
use serde_json::{Value, json};
use std::time::Duration;
use store::failpoint;
use store::schema::deliveries;

on_both_databases! {
    r01_killed_after_the_commit_before_any_delivery;
    r01_killed_in_the_middle_of_a_fan_out;
    r01_killed_again_and_again;
    r01_killed_while_reading_the_past;
    r04_a_receiver_killed_after_its_202;
    r04_a_receiver_killed_between_its_commit_and_its_202;
}

/// The node is stopped where it is, changes are committed by the command line, and then it is killed.
async fn r01_killed_after_the_commit_before_any_delivery(database: Database) {
    let mut node = Node::start(Kind::Region("06"), database).await;
    let witness = Witness::following(&node).await;
    node.freeze();
    node.import_bundle(&event("e", "Iltaklubi", "Ensin.")).await;
    node.import_bundle(&event("e", "Iltaklubi", "Sitten.")).await;
    node.run(&["cancel", "iltaklubi"]).await;
    node.import_bundle(&event("e2", "Poistettu", "Lyhyesti.")).await;
    let delete = node.run(&["delete", "poistettu"]).await;
    node.import_bundle(&event("e3", "Kolmas", "Lyhyesti.")).await;
    assert!(witness.arrivals("Create").is_empty(), "a node that stands still has sent something");
    node.kill9();
    node.serve().await;
    let (one, three) = (node.id_of("/tapahtumat/iltaklubi").await, node.id_of("/tapahtumat/kolmas").await);
    // Of two changes that both wait the newer one is sent.
    witness.hears(&one, &["Create", "Update"]).await;
    let update = witness.site.posted_one("the Update", |body| body["type"] == "Update").await;
    assert_eq!(update["object"]["eventStatus"], "EventCancelled", "{update}");
    witness.hears(&three, &["Create"]).await;
    let two = delete.trim_end_matches("/delete");
    witness.hears(two, &["Delete"]).await;
    all_delivered(&node).await;
    for verb in ["Create", "Delete"] {
        assert!(witness.arrivals(verb).iter().all(|(_, times)| *times == 1), "{verb}: {:?}", witness.arrivals(verb));
    }
    assert_eq!(node.get(two, crate::harness::ACTIVITY).await.status, 410);
}

/// Some servers have it, others are kept waiting when the node is killed.
async fn r01_killed_in_the_middle_of_a_fan_out(database: Database) {
    let mut node = Node::start(Kind::Region("06"), database).await;
    let mut witnesses = Vec::new();
    for _ in 0..6 {
        witnesses.push(Witness::following(&node).await);
    }
    let (quick, slow) = witnesses.split_at(3);
    for witness in slow {
        witness.answers(Reply::status(503).after(Duration::from_secs(3600)));
    }
    node.import_bundle(&event("e", "Kesken jakelun", "Lyhyesti.")).await;
    let id = node.id_of("/tapahtumat/kesken-jakelun").await;
    for witness in &witnesses {
        witness.hears(&id, &["Create"]).await;
    }
    node.import_bundle(&event("e", "Kesken jakelun", "Muutettu.")).await;
    node.kill9();
    for witness in slow {
        witness.answers(Reply::status(202));
    }
    node.serve().await;
    for witness in quick.iter().chain(slow) {
        witness.hears(&id, &["Create", "Update"]).await;
    }
    all_delivered(&node).await;
    for witness in slow {
        let creates = witness.arrivals("Create");
        assert!(
            creates.iter().all(|(_, times)| *times <= 2),
            "what was under way comes once more at most: {creates:?}"
        );
    }
    let given_up = node.status().await["deliveries"]["given_up"].clone();
    assert_eq!(given_up, 0);
}

/// A bundle of events with names of their own.
pub fn many_events(name: &str, count: usize) -> Value {
    let mut bundle = event(name, name, "Lyhyesti.");
    let one = bundle["events"][0].clone();
    let numbered = |number: usize| {
        let mut another = one.clone();
        another["id"] = json!(format!("{}-{number}", name.replace(' ', "-")));
        another["name"] = json!(format!("Tapahtuma {name} {number}"));
        another
    };
    bundle["events"] = json!((0..count).map(numbered).collect::<Vec<_>>());
    bundle
}

const ROUNDS: usize = 6;
const BURST: usize = 8;
/// Connections to one host: so many deliveries may have arrived without being written down.
const UNDER_WAY: usize = 4;

/// Killed in each of several bursts, each time a little later.
async fn r01_killed_again_and_again(database: Database) {
    let mut node = Node::start(Kind::Region("06"), database).await;
    let witness = Witness::following(&node).await;
    let mut expected = 0;
    for round in 0..ROUNDS {
        let bundle = many_events(&format!("kierros {round}"), BURST);
        node.import_bundle(&bundle).await;
        let arrived = expected + round;
        until_true("some of the burst arrives", || async { witness.arrivals("Create").len() >= arrived }).await;
        node.kill9();
        expected += BURST;
        node.serve().await;
    }
    all_delivered(&node).await;
    let creates = witness.arrivals("Create");
    assert_eq!(creates.len(), expected, "what was acknowledged arrives: {creates:#?}");
    let doubled: usize = creates.iter().map(|(_, times)| times - 1).sum();
    assert!(doubled <= ROUNDS * UNDER_WAY, "{doubled} came twice in {ROUNDS} kills");
    let listed = node.items("/tapahtumat").await;
    assert_eq!(listed.len(), expected);
}

/// The past of a region is many pages long, and the reader dies again and again.
async fn r01_killed_while_reading_the_past(database: Database) {
    let mut net = Net::start(database, &[Kind::Region("06"), Kind::National]).await;
    net[0].import_bundle(&many_events("vanha", PAST)).await;
    let handle = net[0].handle();
    net[1].run(&["follow", &handle]).await;
    for step in 1..=4 {
        let so_far = step * 10;
        until_true("some of the past is read", || async { remote_events(&net[1]).await >= so_far }).await;
        net[1].kill9();
        net[1].serve().await;
    }
    net.settle().await;
    assert_eq!(remote_events(&net[1]).await, PAST as u64);
    let mut ids: Vec<String> = net[1]
        .items("/tapahtumat")
        .await
        .iter()
        .map(|item| item["source"]["id"].as_str().unwrap().to_owned())
        .collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), PAST, "each once");
}

const PAST: usize = 65;

async fn remote_events(node: &Node) -> u64 {
    node.status().await["objects"]["remote"]["event"].as_u64().unwrap_or(0)
}

/// What was answered with 202 has its effect once, whenever the receiver dies.
async fn r04_a_receiver_killed_after_its_202(database: Database) {
    let mut net = Net::start(database, &[Kind::National]).await;
    let site = crate::harness::Site::start().await;
    let voice = site.stranger("kainuu");
    let mut document = voice.document();
    document["type"] = json!("Group");
    document["attachment"] = json!([{"type": "PropertyValue", "name": "Maakunta", "value": "Kainuu"}]);
    site.set("/users/kainuu", Reply::document(&document));
    let inbox = format!("{}/inbox", net[0].actor().await);
    net[0].follows(&inbox, &site, &voice).await;
    let mut count = 0;
    for round in 0..5 {
        for _ in 0..3 + round {
            count += 1;
            let id = site.url(&format!("/events/{count}"));
            let mut create = voice.activity(
                "Create",
                json!({
                    "id": id, "type": "Event", "name": format!("Tapahtuma {count}"), "attributedTo": voice.id,
                    "startTime": "2030-05-01T18:00:00Z", "endTime": "2030-05-01T20:00:00Z",
                    "published": "2026-11-01T10:00:00Z", "to": ["https://www.w3.org/ns/activitystreams#Public"], "url": id,
                    "location": {"type": "Place", "name": "Talo", "address": {"type": "PostalAddress", "addressLocality": "Kajaani"}},
                }),
            );
            create["to"] = json!(["https://www.w3.org/ns/activitystreams#Public"]);
            voice.say(&inbox, &create).await;
        }
        net[0].kill9();
        net[0].serve().await;
    }
    net.settle().await;
    let mut names: Vec<String> =
        net[0].items("/tapahtumat").await.iter().map(|item| item["name"].as_str().unwrap().to_owned()).collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), count, "{names:?}");
    assert_eq!(net[0].status().await["inbox"]["failed"], 0);
}

/// The sender hears nothing of what is stored already. It sends it again, is told 202, and it has had its effect once.
async fn r04_a_receiver_killed_between_its_commit_and_its_202(database: Database) {
    let mut net = Net::start(database, &[Kind::Region("06"), Kind::National]).await;
    net[0].terminate().await;
    net[0].has_a_clock_to_turn();
    net[0].serve().await;
    net.follow(1, 0).await;
    let mut id = String::new();
    for verb in ["Create", "Update", "Delete"] {
        println!("── {verb}");
        net[1].terminate().await;
        net[1].set(failpoint::VARIABLE, "inbox.stored");
        net[1].serve().await;
        match verb {
            "Create" => {
                net[0].import_bundle(&event("e", "Kolmesti", "Lyhyesti.")).await;
                id = net[0].id_of("/tapahtumat/kolmesti").await;
            }
            "Update" => drop(net[0].run(&["cancel", "kolmesti"]).await),
            _ => drop(net[0].run(&["delete", "kolmesti"]).await),
        }
        until_true("it ends before it answers", || {
            let ended = net[1].has_ended();
            async move { ended }
        })
        .await;
        net[1].unset(failpoint::VARIABLE);
        net[1].kill9();
        until_true("the sender has noticed", || async { net[0].status().await["peers"]["failing"] == 1 }).await;
        net[1].serve().await;
        net[0].wait_virtually(Duration::from_secs(20));
        net.settle().await;
        let there: Vec<Value> = net[1].items("/tapahtumat").await;
        assert_eq!(there.len(), usize::from(verb != "Delete"), "{there:#?}");
    }
    let store = net[0].store();
    let sent = store.read_now(|conn| {
        let about_it = deliveries::table.filter(deliveries::topic.eq(&id));
        let rows = about_it.select((deliveries::activity, deliveries::state, deliveries::attempts)).load(conn)?;
        Ok::<Vec<(String, String, i32)>, store::Error>(rows)
    });
    let (sent, received) = (sent.unwrap(), net[1].inbox().await);
    assert_eq!(sent.len(), 3, "{sent:#?}");
    for (activity, state, tries) in sent {
        // With a deletion goes what takes it out of the collections: whichever arrives first ends the receiver.
        let least = if activity.ends_with("/delete") { 1 } else { 2 };
        assert!(state == "delivered" && tries >= least, "{activity}: {state} after {tries} tries");
        let rows: Vec<_> = received.iter().filter(|row| row["activity"] == activity.as_str()).collect();
        assert!(rows.len() == 1 && rows[0]["state"] == "done", "{activity}: {rows:#?}");
    }
}
