//! The node's clock jumps by a day while it serves.

use crate::harness::{Database, Kind, Node, Reply, event, until, until_true};
use crate::on_both_databases;
use crate::witness::{Witness, all_delivered};
use federation::alarm::{self, Alarm};
use std::time::Duration;
use store::schema::deliveries;
use store::{Error, Store, Timestamp};

on_both_databases! {
    p13_a_clock_that_is_a_day_ahead_and_is_set_back;
}

const DAY: Duration = Duration::from_secs(24 * 3600);

fn alarms(store: &Store) -> Vec<Alarm> {
    store.read_now(|conn| alarm::all(conn).map_err(Error::from)).unwrap()
}

/// When what waits is due.
fn due_at(store: &Store) -> Option<Timestamp> {
    use diesel::prelude::*;
    let waiting = deliveries::table.filter(deliveries::state.eq("waiting")).filter(deliveries::attempts.gt(0));
    let due = waiting.select(diesel::dsl::max(deliveries::next_at));
    store.read_now(|conn| due.first(conn).map_err(Error::from)).unwrap()
}

async fn p13_a_clock_that_is_a_day_ahead_and_is_set_back(database: Database) {
    let mut node = Node::init(Kind::Region("06"), database).await;
    node.has_a_clock_to_turn();
    node.serve().await;
    let store = node.store();
    let mut witnesses = Vec::new();
    for _ in 0..4 {
        witnesses.push(Witness::following(&node).await);
    }
    let (troubled, well) = witnesses.split_first().unwrap();

    println!("── a day ahead: the operator is told, and what fails is planned by that clock");
    node.wait_virtually(DAY);
    troubled.answers(Reply::status(500));
    node.import_bundle(&event("e", "Huominen", "Lyhyesti.")).await;
    let id = node.id_of("/tapahtumat/huominen").await;
    for witness in well {
        witness.hears(&id, &["Create"]).await;
    }
    let planned = until("it is planned", || async { due_at(&store) }).await;
    assert!(planned > node.now(), "{planned:?}");
    let ahead = until("an alarm is raised", || async { alarms(&store).pop() }).await;
    assert_eq!(ahead.name, alarm::CLOCK);
    assert!((86_390_000..86_410_000).contains(&ahead.value), "{ahead:?}");
    assert_eq!(node.status().await["alarms"]["clock"]["value"], ahead.value);
    let metrics = node.get("/metrics", "").await.body;
    assert!(metrics.contains("solmu_alarm{name=\"clock\"} 1"), "{metrics}");
    let told = metrics.lines().find_map(|line| line.strip_prefix("solmu_clock_ahead_seconds ")).unwrap_or(&metrics);
    assert!((86_390..86_410).contains(&told.parse::<i64>().unwrap()), "{told}");

    println!("── set back: what was planned for tomorrow has its turn today, and the alarm is over");
    node.turn_clock(0);
    troubled.answers(Reply::status(202));
    // Versions go on from those of tomorrow; what is made now goes out now.
    node.run(&["cancel", "huominen"]).await;
    for witness in well {
        witness.hears(&id, &["Create", "Update"]).await;
    }
    until_true("the plan is moved", || async { due_at(&store).is_some_and(|due| due < node.now().plus(DAY / 24)) })
        .await;
    node.wait_virtually(Duration::from_secs(80));
    troubled.hears(&id, &["Create", "Update"]).await;
    all_delivered(&node).await;
    until_true("the alarm is over", || async { alarms(&store).is_empty() }).await;
    assert!(!node.has_ended());
}
