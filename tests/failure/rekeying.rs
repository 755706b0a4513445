//! The node's own keys change while things are under way.

use crate::harness::{Database, Kind, Node, World, event, until_true};
use crate::killing::many_events;
use crate::on_both_databases;
use crate::witness::all_delivered;
use diesel::prelude::*;
use std::collections::BTreeMap;
use store::schema::actors;

on_both_databases! {
    r26_another_key_while_things_are_under_way;
}

/// Servers that have the old key, half of which take their time.
const HOSTS: usize = 100;
const EVENTS: usize = 10;

async fn r26_another_key_while_things_are_under_way(database: Database) {
    let node = Node::start(Kind::Region("06"), database).await;
    let world = World::start(HOSTS).await;
    node.is_followed_by((0..HOSTS).map(|host| world.voice(host, "users/anna").document()).collect()).await;
    let keys = || {
        let ours = actors::table.filter(actors::local.eq(true)).select((actors::key_id, actors::public_key));
        node.store().read_now(|conn| Ok::<Vec<(String, String)>, store::Error>(ours.load(conn)?)).unwrap()
    };
    let old = keys();
    world.know(old.clone());

    node.import_bundle(&many_events("ennen", EVENTS)).await;
    until_true("it is under way", || async { world.count() > HOSTS }).await;
    let said = node.run(&["rekey"]).await;
    let before = world.count();
    assert!(before < EVENTS * HOSTS, "nothing is under way any more");
    assert_eq!(said.lines().count(), old.len(), "{said}");
    node.import_bundle(&event("e", "Jälkeen", "Lyhyesti.")).await;
    all_delivered(&node).await;

    assert!(keys().iter().all(|(id, pem)| id.ends_with("#key-2") && !old.iter().any(|(_, known)| known == pem)));
    world.look(|arrivals| {
        let wrong: Vec<_> = arrivals.iter().filter(|one| !one.rightly_signed || one.answered != 202).collect();
        assert!(wrong.is_empty(), "{} of {}: {:#?}", wrong.len(), arrivals.len(), wrong[0]);
        let mut each: BTreeMap<(usize, &str), Vec<i64>> = BTreeMap::new();
        arrivals.iter().for_each(|one| each.entry((one.host, &one.activity)).or_default().push(one.at));
        each.retain(|_, times| times.len() > 1);
        assert!(each.is_empty(), "sent twice: {each:#?}\n{}", node.log());
        for host in 0..HOSTS {
            let told: Vec<&str> = arrivals.iter().filter(|one| one.host == host).map(|one| one.verb.as_str()).collect();
            let count = |verb| told.iter().filter(|one| **one == verb).count();
            assert_eq!((count("Create"), count("Update")), (EVENTS + 1, 1), "{told:?}");
        }
    });
    let row = node.queue(true).await;
    assert!(row.is_empty(), "{row:#?}");
}
