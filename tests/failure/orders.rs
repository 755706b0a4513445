//! Over the wire, in every order: what follows, is undone, made, changed and deleted ends in the same state. Every actor
//! of a world speaks in an order of its own, so one node takes them all.

use crate::harness::{Database, Kind, Node, World, event, until_true};
use crate::on_both_databases;
use diesel::prelude::*;
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;
use store::schema::{follows, inbox_items, replies};
use store::{Clock, Error};
use tokio::task::JoinSet;

on_both_databases! {
    r06_every_order_of_five_and_of_three_of_them_over_the_wire;
}

const VERBS: [&str; 5] = ["Follow", "Undo", "Create", "Update", "Delete"];
const HOSTS: usize = 24;

/// All orders of the five verbs, and all of any three of them. Those of any number: see the test beside the code.
fn orders() -> Vec<Vec<&'static str>> {
    let longer = |order: &Vec<&'static str>| {
        let rest = VERBS.into_iter().filter(|verb| !order.contains(verb)).collect::<Vec<_>>();
        rest.into_iter().map(|verb| [order.as_slice(), &[verb]].concat()).collect::<Vec<_>>()
    };
    let mut all = vec![Vec::new()];
    for _ in 0..3 {
        all = all.iter().flat_map(longer).collect();
    }
    let four: Vec<_> = all.iter().flat_map(longer).collect();
    all.extend(four.iter().flat_map(longer));
    all
}

/// What an order has to end in: a follower, and the text of the reply.
fn end(order: &[&str]) -> (bool, Option<&'static str>) {
    let has = |verb| order.contains(&verb);
    let text = match (has("Delete"), has("Update"), has("Create")) {
        (true, ..) => None,
        (_, true, _) => Some("toinen"),
        (_, _, true) => Some("ensimmäinen"),
        _ => None,
    };
    (has("Follow") && !has("Undo"), text)
}

/// What an actor says, by verb; `note` is its reply.
fn said(actor: &str, note: &str, verb: &str, region: &str, parent: &str) -> Value {
    let ago = |minutes: u64| {
        Clock::System.now().minus(Duration::from_secs(minutes * 60)).whole_seconds().to_jiff().to_string()
    };
    let reply = |text: &str, minutes| {
        json!({"id": note, "type": "Note", "attributedTo": actor, "inReplyTo": parent, "content": text,
               "published": ago(30), "updated": ago(minutes), "to": [vocab::PUBLIC]})
    };
    let follow = json!({"id": format!("{actor}#Follow"), "type": "Follow", "actor": actor, "object": region});
    let object = match verb {
        "Follow" => return follow,
        "Undo" => follow,
        "Create" => reply("ensimmäinen", 30),
        "Update" => reply("toinen", 10),
        _ => json!({"id": note, "type": "Tombstone"}),
    };
    json!({"id": format!("{actor}#{verb}"), "type": verb, "actor": actor, "object": object, "to": [vocab::PUBLIC]})
}

async fn r06_every_order_of_five_and_of_three_of_them_over_the_wire(database: Database) {
    let node = Node::start(Kind::Region("06"), database).await;
    node.import_bundle(&event("e", "Kaikissa järjestyksissä", "Lyhyesti.")).await;
    let (region, parent) = (node.actor().await, node.id_of("/tapahtumat/kaikissa-jarjestyksissa").await);
    let world = Arc::new(World::start(HOSTS).await);
    let orders = orders();
    assert_eq!(orders.len(), 60 + 120);
    let mut speaking = JoinSet::new();
    for (run, order) in orders.iter().cloned().enumerate() {
        let (world, region, parent) = (Arc::clone(&world), region.clone(), parent.clone());
        speaking.spawn(async move {
            let voice = world.voice(run % HOSTS, &format!("users/anna{run}"));
            let note = format!("{}/notes/1", voice.id);
            for verb in order {
                let activity = said(&voice.id, &note, verb, &region, &parent);
                voice.say(&format!("{region}/inbox"), &activity).await;
            }
            (run, voice.id, note)
        });
    }
    let spoke = speaking.join_all().await;

    let store = node.store();
    let waiting = inbox_items::table.filter(inbox_items::state.eq("waiting"));
    until_true("everything is processed", || async {
        store.read_now(|conn| waiting.count().get_result::<i64>(conn).map_err(Error::from)).unwrap() == 0
    })
    .await;
    let (followers, texts) = store
        .read_now(|conn| {
            let followers: Vec<String> = follows::table.select(follows::follower).load(conn)?;
            let texts: Vec<(String, String)> = replies::table.select((replies::url, replies::content)).load(conn)?;
            Ok::<_, Error>((followers, texts))
        })
        .unwrap();
    let (followers, texts): (HashSet<_>, HashMap<_, _>) =
        (followers.into_iter().collect(), texts.into_iter().collect());
    for (run, actor, note) in spoke {
        let found = (followers.contains(&actor), texts.get(&note).map(String::as_str));
        assert_eq!(found, end(&orders[run]), "{:?}", orders[run]);
    }
    assert_eq!(node.status().await["inbox"]["failed"], 0);
}
