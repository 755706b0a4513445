//! Who is deleted at the command line stays deleted: a restored copy does not bring the person back. And who stays away for
//! years is written to, hidden, and deleted.

use crate::harness::{Database, Kind, Node, event, producer_row, producers, until_true};
use crate::members::{coordinator, joined, published};
use crate::on_both_databases;
use crate::signing_in::{kept, log};
use std::time::Duration;

on_both_databases! {
    a_producer_whom_the_operator_deletes_stays_gone;
    who_stays_away_is_warned_and_goes;
}

async fn a_producer_whom_the_operator_deletes_stays_gone(database: Database) {
    let mut node = Node::init(Kind::Region("06"), database).await;
    node.serve().await;
    let rows = producers(&[
        producer_row("p-1", "Maija Esimerkki", "kuukkeli kuiskaa", "maija"),
        producer_row("p-2", "Otso Jäävä", "jää tänne", "otso"),
    ]);
    assert_eq!(node.import(&rows, "producers-csv").await.code, Some(0));
    node.import_bundle(&event("e-1", "Kuukkelipäivät", "Ohjelmaa.")).await;
    assert_eq!(node.get("/@maija", "text/html").await.status, 200);
    let hers = ["Maija Esimerkki", "kuukkeli kuiskaa", "https://maija.example/"];
    let before = node.held();
    assert!(hers.iter().all(|word| before.holds(word)), "the test looks in the right place");
    let backup = node.backup().await;

    node.run(&["delete", "e-1"]).await;
    assert!(!node.path("erased").exists(), "an event is nobody");
    assert_ne!(node.cli(&["delete", "nobody"]).await.code, Some(0));
    assert!(!node.path("erased").exists(), "nor is what is not there");
    node.run(&["delete", "p-1"]).await;
    let list = std::fs::read_to_string(node.path("erased")).unwrap();
    assert_eq!((list.lines().count(), list.len()), (1, 65), "{list}");
    until_true("she is gone", || async { node.get("/@maija", "text/html").await.status == 404 }).await;

    node.terminate().await;
    let after = node.held();
    assert_eq!(hers.iter().find(|word| after.holds(word)), None, "it is still in the database");
    node.restore(&backup);
    node.serve().await;
    assert_eq!(node.get("/@maija", "text/html").await.status, 404, "yesterday's copy does not bring her back");
    assert_eq!(node.get("/@otso", "text/html").await.status, 200, "nor does it take anybody else away");
    assert!(log(&node).contains("the database is an older copy"));
    node.terminate().await;
    let after = node.held();
    assert_eq!(hers.iter().find(|word| after.holds(word)), None, "it is in the database again");
}

const DAY: Duration = Duration::from_secs(24 * 3600);

/// How many letters ask her whether she is still here.
fn asked(node: &Node) -> usize {
    kept(node).iter().filter(|letter| letter.contains("Are you still here?")).count()
}

async fn who_stays_away_is_warned_and_goes(database: Database) {
    let mut node = Node::init(Kind::Region("06"), database).await;
    node.has_a_clock_to_turn();
    node.serve().await;
    {
        let (mut kaisa, mut aino) = (coordinator(&node).await, joined(&node).await);
        published(&node, &mut aino, &mut kaisa, &["name", "headline"]).await;
    }
    let is_shown = || async { node.get("/@aino_esimerkki", "text/html").await.status == 200 };
    for (days, letters) in [(549, 1), (153, 2)] {
        node.wait_virtually(DAY * days);
        until_true("a letter has left", || async { asked(&node) == letters }).await;
        assert!(is_shown().await, "after {letters} letters");
    }
    node.wait_virtually(DAY * 31);
    until_true("nobody sees her", || async { !is_shown().await }).await;
    assert!(node.run(&["people"]).await.contains("kanariakotka"), "she may still come back");
    node.wait_virtually(DAY * 184);
    until_true("she is gone", || async { !node.run(&["people"]).await.contains("kanariakotka") }).await;
    assert_eq!(asked(&node), 2, "each letter was sent once");
    assert_eq!(std::fs::read_to_string(node.path("erased")).unwrap().lines().count(), 1);
}
