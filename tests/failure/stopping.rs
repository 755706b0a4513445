//! SIGTERM: in ten seconds, without loss, whatever is going on. What the service manager hears of the start and the stop.

use crate::harness::{Database, Kind, LIMIT, Node, Reply, event};
use crate::on_both_databases;
use crate::witness::{Witness, all_delivered};
use serde_json::json;
use std::time::Duration;
use tokio::net::UnixDatagram;

on_both_databases! {
    r02_an_idle_node_stops_at_once;
    r02_a_busy_node_stops_in_time;
}

/// Ten seconds are promised; the rest is for a machine with other things to do.
const PROMISED: Duration = Duration::from_secs(12);

async fn r02_an_idle_node_stops_at_once(database: Database) {
    let mut node = Node::init(Kind::Region("06"), database).await;
    let socket = node.path("notify");
    let manager = UnixDatagram::bind(&socket).unwrap();
    node.set("NOTIFY_SOCKET", socket.to_str().unwrap());
    node.begin();
    assert_eq!(told(&manager).await, "READY=1");
    assert_eq!(node.get("/healthz", "").await.status, 200, "who is ready answers");
    let (status, took) = node.terminate().await;
    assert_eq!(status.code(), Some(0));
    assert!(took < PROMISED, "it took {took:?}");
    assert_eq!(told(&manager).await, "STOPPING=1");
    node.serve().await;
}

/// The next word of a node to its service manager (sd_notify(3)).
async fn told(manager: &UnixDatagram) -> String {
    let mut word = [0; 64];
    let heard = tokio::time::timeout(LIMIT, manager.recv(&mut word)).await;
    let length = heard.expect("the service manager hears nothing").unwrap();
    String::from_utf8_lossy(&word[..length]).trim().to_owned()
}

async fn r02_a_busy_node_stops_in_time(database: Database) {
    let mut node = Node::start(Kind::Region("06"), database).await;
    let (quick, slow) = (Witness::following(&node).await, Witness::following(&node).await);
    slow.answers(Reply::status(202).after(Duration::from_secs(3600)));
    for number in 0..5 {
        node.import_bundle(&event(&format!("e-{number}"), &format!("Tapahtuma {number}"), "Lyhyesti.")).await;
    }
    let id = node.id_of("/tapahtumat/tapahtuma-0").await;
    slow.hears(&id, &["Create"]).await;
    let (status, took) = node.terminate().await;
    assert_eq!(status.code(), Some(0));
    assert!(took < PROMISED, "it took {took:?}");
    slow.answers(Reply::status(202));
    node.serve().await;
    // What was under way was a try, so the next one is a minute away, unless the server shows life.
    slow.speak("Like", json!(id)).await;
    for witness in [&quick, &slow] {
        for number in 0..5 {
            let id = node.id_of(&format!("/tapahtumat/tapahtuma-{number}")).await;
            witness.hears(&id, &["Create"]).await;
        }
    }
    all_delivered(&node).await;
    assert!(quick.arrivals("Create").iter().all(|(_, times)| *times == 1), "a clean stop doubles nothing");
}
