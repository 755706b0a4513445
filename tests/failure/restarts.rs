//! PostgreSQL itself is restarted while a node serves, in an orderly way and at once, as after a power cut: what was
//! acknowledged is there, and the node goes on without a restart of its own.
//!
//! At once means that all its processes end where they are: what it had not written then is lost, which is what the node lets
//! it write late (notes of deliveries). What it had written and not synchronised stays, as a real power cut might not
//! let it; but it tells nobody that it is committed.

use crate::harness::{ACTIVITY, Kind, Node, Voice, event, until_true};
use crate::oracle::random;
use crate::own_server::{Ending, OwnServer};
use crate::witness::{Witness, all_delivered, liked};
use diesel::prelude::*;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use store::schema::inbox_items;

/// One second is promised to readers while the database is away; the rest is for a machine with other things to do.
const PROMPT: Duration = Duration::from_secs(3);
const ENDINGS: [Ending; 4] = [Ending::AtOnce, Ending::Orderly, Ending::AtOnce, Ending::Orderly];

/// Sends one activity after the other: those that were answered 202.
async fn sends(voice: Voice, region: String, over: Arc<AtomicBool>) -> Vec<String> {
    let mut taken = Vec::new();
    while let Some(id) = liked(&voice, &region, &over).await {
        taken.push(id);
    }
    taken
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r03_r13_postgresql_itself_is_restarted() {
    let Some(mut server) = OwnServer::start().await else {
        // Where it is decided whether a change may land, what could not be tried has not passed.
        let decides = std::env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false");
        assert!(!decides, "not tried: PostgreSQL's own programs are not installed");
        println!("not tried: PostgreSQL's own programs are not installed");
        return;
    };
    let mut node = Node::init_on(Kind::Region("06"), &server.database()).await;
    node.serve().await;
    let witness = Witness::following(&node).await;
    node.import_bundle(&event("alku", "Ennen katkoksia", "Lyhyesti.")).await;
    let id = node.id_of("/tapahtumat/ennen-katkoksia").await;
    witness.hears(&id, &["Create"]).await;
    let over = Arc::new(AtomicBool::new(false));
    let sending = tokio::spawn(sends(witness.voice.clone(), node.actor().await, Arc::clone(&over)));
    let mut published = Vec::new();
    for (round, ending) in ENDINGS.into_iter().enumerate() {
        println!("── {ending:?}");
        node.looks_anew();
        let bundle = event(&format!("e-{round}"), &format!("Tapahtuma {round}"), "Lyhyesti.").to_string();
        let (said, ()) = tokio::join!(node.import(&bundle, "bundle"), async {
            tokio::time::sleep(Duration::from_millis(random(800))).await; // the fault itself
            server.end(ending).await;
        });
        assert_eq!(said.signal, None, "{}", said.err);
        if said.code == Some(0) {
            published.push(round);
        }
        let begun = Instant::now();
        assert_eq!(node.get(&id, ACTIVITY).await.status, 503, "never 404 or 410: those are destructive");
        assert!(begun.elapsed() < PROMPT, "p11: the reader was told after {:?}", begun.elapsed());

        server.serve().await;
        let back = Instant::now();
        until_true("the node answers again", || async { node.get(&id, ACTIVITY).await.status == 200 }).await;
        // Five seconds are promised; the machine may be busy.
        assert!(back.elapsed() < Duration::from_secs(15), "it took {:?}", back.elapsed());
    }
    over.store(true, Ordering::SeqCst);
    let taken = sending.await.unwrap();
    node.import_bundle(&event("e", "Lopuksi", "Lyhyesti.")).await;
    let last = node.id_of("/tapahtumat/lopuksi").await;
    witness.hears(&last, &["Create"]).await;
    println!("{} were taken in, and {} of {} imports acknowledged", taken.len(), published.len(), ENDINGS.len());
    for round in published {
        let id = node.id_of(&format!("/tapahtumat/tapahtuma-{round}")).await;
        witness.hears(&id, &["Create"]).await;
    }
    all_delivered(&node).await;
    until_true("everything is processed", || async { node.status().await["inbox"]["waiting"] == 0 }).await;
    assert_eq!(node.status().await["inbox"]["failed"], 0);
    let rows = node.store().read_now(|conn| {
        let rows = inbox_items::table.select(inbox_items::activity).load(conn)?;
        Ok::<Vec<String>, store::Error>(rows)
    });
    let mut count: HashMap<String, usize> = HashMap::new();
    rows.unwrap().into_iter().for_each(|activity| *count.entry(activity).or_default() += 1);
    assert!(!taken.is_empty(), "nothing was sent");
    for activity in &taken {
        assert_eq!(count.get(activity), Some(&1), "{activity} was answered 202");
    }
    assert!(!node.has_ended());
}
