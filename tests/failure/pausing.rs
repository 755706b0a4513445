//! An hour, by the node's own clock, in which servers answer that they cannot: it costs them few requests, at the times they
//! ask for, and nothing is lost.

use crate::harness::{Database, Kind, Node, Reply, until_true};
use crate::killing::many_events;
use crate::on_both_databases;
use crate::witness::Witness;
use diesel::prelude::*;
use std::collections::HashSet;
use std::time::Duration;
use store::Store;
use store::schema::deliveries;

on_both_databases! {
    r07_an_hour_of_trouble_costs_few_requests_and_nothing_is_lost;
}

const EVENTS: usize = 100;
/// What they ask for, and what the node may make of it: a tenth more or less.
const PAUSE: Duration = Duration::from_secs(600);
const LEAST: Duration = Duration::from_secs(540);
const MOST: Duration = Duration::from_secs(660);
/// Pauses in the hour.
const ROUNDS: usize = 6;
/// Requests that a server which asks to be left alone may get in the hour, whatever waits for it.
const FEW: usize = 20;
/// Tries of one delivery in an hour: at once, after 1, 3, 10 and 30 minutes.
const TRIES: usize = 5;

fn posts(witness: &Witness) -> usize {
    witness.site.journal().iter().filter(|seen| seen.body["type"] == "Create").count()
}

/// How long the node leaves a server alone from now on.
async fn left_alone(node: &Node, witness: &Witness) -> Duration {
    let peer = node.peer(witness.site.host()).await;
    peer.map_or(Duration::ZERO, |peer| peer.probe_at.since(node.now()))
}

/// What is due for a server, or under way.
fn due(node: &Node, store: &Store, witness: &Witness) -> i64 {
    let waiting = deliveries::table.filter(deliveries::state.eq("waiting")).filter(deliveries::next_at.le(node.now()));
    let rows = waiting.filter(deliveries::host.eq(witness.site.host())).count();
    store.read_now(|conn| Ok::<i64, store::Error>(rows.get_result(conn)?)).unwrap()
}

async fn r07_an_hour_of_trouble_costs_few_requests_and_nothing_is_lost(database: Database) {
    let mut node = Node::init(Kind::Region("06"), database).await;
    node.has_a_clock_to_turn();
    node.serve().await;
    let store = node.store();
    let well = Witness::following(&node).await;
    let (away, busy, broken) =
        (Witness::following(&node).await, Witness::following(&node).await, Witness::following(&node).await);
    let seconds = PAUSE.as_secs().to_string();
    away.answers(Reply::status(503).with("retry-after", &seconds));
    busy.answers(Reply::status(429).with("retry-after", &seconds));
    broken.answers(Reply::status(500));
    node.import_bundle(&many_events("sata", EVENTS)).await;
    until_true("who is well has all of it", || async { well.arrivals("Create").len() == EVENTS }).await;
    until_true("who is broken was asked for each of them", || async { posts(&broken) >= EVENTS }).await;

    let asking = [&away, &busy];
    for round in 0..ROUNDS {
        println!("── pause {round}: {} and {} requests so far", posts(&away), posts(&busy));
        until_true("both are left alone, and what is due for the third was tried", || async {
            let alone = left_alone(&node, &away).await.min(left_alone(&node, &busy).await);
            alone > LEAST && due(&node, &store, &broken) == 0
        })
        .await;
        for witness in asking {
            let pause = left_alone(&node, witness).await;
            assert!(pause <= MOST, "{pause:?} instead of {PAUSE:?}");
        }
        let before = asking.map(posts);
        node.wait_virtually(MOST);
        until_true("both are tried again", || async {
            node.ring();
            posts(&away) > before[0] && posts(&busy) > before[1]
        })
        .await;
    }
    for witness in asking {
        assert!(posts(witness) <= FEW, "{} requests to one that asks to be left alone", posts(witness));
    }
    assert!(posts(&broken) <= EVENTS * TRIES, "{} requests for {EVENTS} deliveries", posts(&broken));

    until_true("nothing is under way", || async { due(&node, &store, &broken) == 0 }).await;
    println!("── all of them are well again");
    let troubled = [&away, &busy, &broken];
    let so_far = troubled.map(|witness| witness.site.journal().len());
    for witness in troubled {
        witness.answers(Reply::status(202));
    }
    node.wait_virtually(Duration::from_secs(2 * 3600));
    until_true("nothing waits", || async {
        node.ring();
        node.status().await["deliveries"]["waiting"] == 0
    })
    .await;
    assert_eq!(node.status().await["deliveries"]["given_up"], 0);
    for (witness, so_far) in troubled.iter().zip(so_far) {
        let journal = witness.site.journal();
        let creates = journal[so_far..].iter().filter(|seen| seen.body["type"] == "Create");
        let taken: HashSet<String> = creates.map(|seen| seen.body["id"].to_string()).collect();
        assert_eq!(taken.len(), EVENTS, "lost at {}", witness.site.host());
    }
    assert!(well.arrivals("Create").iter().all(|(_, times)| *times == 1), "nobody else noticed");
}
