//! Very much waits, nearly all of it for servers that are dead: a node does not hold in memory what waits, and what can go
//! goes.

use crate::harness::{Database, Kind, Node, Reply, World, until_true};
use crate::killing::many_events;
use crate::on_both_databases;
use crate::process::memory;
use crate::rude_peers::follower;
use diesel::prelude::*;
use serde_json::Value;
use std::net::TcpStream;
use std::time::Duration;
use store::schema::peers;

on_both_databases! {
    r21_very_much_waits_and_memory_stays_what_it_was;
}

/// Servers at which nobody listens, and such as come back.
const DEAD: usize = 180;
const BACK: usize = 20;
/// For each of which one delivery goes to each of them: 8,000 in all.
const EVENTS: usize = 40;
/// What a node may hold, in KiB, and by how much that may grow with what waits. The program of the tests is not optimised;
/// the one that is installed is measured with a million deliveries (B15).
const MOST: u64 = 192 << 10;
const GROWTH: u64 = 64 << 10;

/// Fails when a node holds more than it may.
fn check_memory(node: &Node, at_rest: u64, when: &str) {
    let (now, most) = memory(node.pid());
    println!("{when}: {} MiB, at most {} MiB", now >> 10, most >> 10);
    assert!(most <= MOST, "{when}: {most} KiB");
    assert!(most <= at_rest + GROWTH, "{when}: {most} KiB, and {at_rest} KiB when nothing waited");
}

async fn r21_very_much_waits_and_memory_stays_what_it_was(database: Database) {
    let mut node = Node::init(Kind::Region("06"), database).await;
    node.has_a_clock_to_turn();
    node.serve().await;
    let (world, store) = (World::start(BACK).await, node.store());
    let key = world.voice(0, "users/anna").public_pem;
    let nobody_listens = |port: &u16| TcpStream::connect(("127.0.0.1", *port)).is_err();
    let ports: Vec<u16> = (1..1024).filter(nobody_listens).take(DEAD).collect();
    assert_eq!(ports.len(), DEAD);
    let mut followers: Vec<Value> = Vec::new();
    followers.extend(ports.iter().map(|port| follower(&format!("http://localhost:{port}"), &key)));
    for host in 0..BACK {
        world.answers(host, Reply::status(503));
        followers.push(world.voice(host, "users/anna").document());
    }
    node.is_followed_by(followers).await;
    let (at_rest, _) = memory(node.pid());

    println!("── all of it waits, and each server is given a pause");
    node.import_bundle(&many_events("jono", EVENTS)).await;
    let failing = || {
        let failing = peers::table.filter(peers::failures.gt(0)).count();
        store.read_now(|conn| Ok::<i64, store::Error>(failing.get_result(conn)?)).unwrap()
    };
    until_true("all are given a pause", || async { failing() == (DEAD + BACK) as i64 }).await;
    assert_eq!(node.status().await["deliveries"]["waiting"], (DEAD + BACK) * EVENTS);
    check_memory(&node, at_rest, "queued");

    println!("── a start with all of it");
    let (status, _) = node.terminate().await;
    assert_eq!(status.code(), Some(0));
    node.serve().await;
    node.wait_virtually(Duration::from_secs(120));
    let so_far = world.count();
    until_true("those that live are tried", || async {
        node.ring();
        world.count() > so_far
    })
    .await;
    check_memory(&node, at_rest, "after a start");

    println!("── some are back");
    (0..BACK).for_each(|host| world.recovers(host));
    node.wait_virtually(Duration::from_secs(120));
    let taken = || world.look(|all| all.iter().filter(|one| one.answered == 202).count());
    until_true("who is back gets all of it", || async {
        node.ring();
        taken() >= BACK * EVENTS
    })
    .await;
    until_true("that is written down", || async { node.status().await["deliveries"]["waiting"] == DEAD * EVENTS })
        .await;
    assert_eq!(taken(), BACK * EVENTS, "each once");
    let deliveries = node.status().await["deliveries"].clone();
    assert_eq!(deliveries["given_up"], 0, "{deliveries}");
    check_memory(&node, at_rest, "drained");
    assert!(!node.has_ended());
}
