//! Several processes on one PostgreSQL database, and one of them dies with its hands full.

use crate::harness::{Database, Kind, Node, Reply, until_true};
use crate::killing::many_events;
use crate::witness::{PER_HOST, Witness, all_delivered};
use std::time::{Duration, Instant};

/// What is promised: the lease runs out within eight seconds, and somebody looks every three.
const TAKEN_OVER: Duration = Duration::from_secs(30);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r17_p14_what_a_dead_process_held_is_taken_over() {
    /// Enough for all the connections that a host gets.
    const EVENTS: usize = 16;
    let mut node = Node::start(Kind::Region("06"), Database::Postgres).await;
    let witness = Witness::following(&node).await;
    witness.answers(Reply::status(202).after(Duration::from_secs(3600)));
    node.freeze();
    node.import_bundle(&many_events("kesken", EVENTS)).await;
    node.thaw();
    until_true("some are under way", || async { witness.arrivals("Create").len() >= PER_HOST }).await;
    for _ in 0..3 {
        node.serve_also().await;
    }
    witness.answers(Reply::status(202));
    assert_eq!(witness.arrivals("Create").len(), PER_HOST, "the others leave alone what the first one holds");
    node.kill9();
    let killed = Instant::now();
    all_delivered(&node).await;
    assert!(killed.elapsed() < TAKEN_OVER, "taken over after {:?}", killed.elapsed());
    let creates = witness.arrivals("Create");
    assert_eq!(creates.len(), EVENTS);
    let doubled: usize = creates.iter().map(|(_, times)| times - 1).sum();
    assert_eq!(doubled, PER_HOST, "what was under way comes once more, and nothing else: {creates:?}");
}
