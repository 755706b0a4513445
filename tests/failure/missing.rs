//! Inboxes that are not where they were. What they answer is never enough; what their owner's own address says is.

use crate::harness::{Database, Kind, Node, Reply, Site, event, until_true};
use crate::killing::many_events;
use crate::on_both_databases;
use crate::witness::{Witness, all_delivered};
use diesel::prelude::*;
use serde_json::json;
use std::time::Duration;
use store::schema::missing_inboxes;

on_both_databases! {
    r08_404_ten_times_over_three_days_and_the_owner_is_gone;
    r08_a_redirected_inbox_is_not_followed_but_looked_up;
}

const DAY: Duration = Duration::from_secs(24 * 3600);

/// How often a witness's own document was asked for.
fn asked_for(witness: &Witness) -> usize {
    let asked = |seen: &crate::harness::Seen| seen.method == "GET" && seen.path == "/users/todistaja";
    witness.site.journal().iter().filter(|seen| asked(seen)).count()
}

/// Publishes an event and waits until somebody who is well has it, and nothing more is to be tried.
async fn publish(node: &Node, number: usize, well: &Witness) {
    node.import_bundle(&event(&format!("e-{number}"), &format!("Tapahtuma {number}"), "Lyhyesti.")).await;
    let id = node.id_of(&format!("/tapahtumat/tapahtuma-{number}")).await;
    well.hears(&id, &["Create"]).await;
    all_delivered(node).await;
}

/// Neither ten times in a day nor a few times over days are believed: servers answer 404 while they are rebuilt.
async fn r08_404_ten_times_over_three_days_and_the_owner_is_gone(database: Database) {
    let mut node = Node::init(Kind::Region("06"), database).await;
    node.has_a_clock_to_turn();
    node.serve().await;
    let well = Witness::following(&node).await;
    let (gone, rebuilt) = (Witness::following(&node).await, Witness::following(&node).await);
    let seldom = Witness::following(&node).await;
    let followers = format!("{}/followers", node.actor().await);
    let count = || async { node.document(&followers).await["totalItems"].clone() };

    println!("── ten times on one day");
    for witness in [&gone, &rebuilt] {
        witness.answers(Reply::status(404));
    }
    for witness in [&gone, &seldom] {
        witness.site.set("/users/todistaja", Reply::status(404));
    }
    let before = [&gone, &rebuilt, &seldom].map(asked_for);
    node.import_bundle(&many_events("aamulla", 10)).await;
    until_true("others have all of it", || async { well.arrivals("Create").len() == 10 }).await;
    all_delivered(&node).await;
    seldom.answers(Reply::status(404));
    publish(&node, 1, &well).await;
    assert_eq!((gone.arrivals("Create").len(), seldom.arrivals("Create").len()), (11, 11));
    assert_eq!(node.status().await["deliveries"]["given_up"], 11 + 11 + 1, "404: each is tried once");

    println!("── three days later: once more");
    node.wait_virtually(3 * DAY + Duration::from_secs(60));
    assert_eq!([&gone, &rebuilt, &seldom].map(asked_for), before, "on one day nobody is asked for");
    assert_eq!(count().await, 4);
    publish(&node, 2, &well).await;
    until_true("who is gone follows nobody any more", || async { count().await == 3 }).await;
    until_true("who is there was asked for", || async { asked_for(&rebuilt) > before[1] }).await;
    assert_eq!(asked_for(&seldom), before[2], "two in three days are not ten");

    println!("── who is gone gets nothing more, who is there does");
    let posts = gone.site.posted().len();
    for witness in [&rebuilt, &seldom] {
        witness.answers(Reply::status(202));
    }
    publish(&node, 3, &well).await;
    let id = node.id_of("/tapahtumat/tapahtuma-3").await;
    rebuilt.hears(&id, &["Create"]).await;
    seldom.hears(&id, &["Create"]).await;
    assert_eq!(gone.site.posted().len(), posts);
    assert_eq!(count().await, 3);
}

/// A redirect of a POST leads nowhere, as anybody might have set it up. The owner's document says where the inbox is.
async fn r08_a_redirected_inbox_is_not_followed_but_looked_up(database: Database) {
    let node = Node::start(Kind::Region("06"), database).await;
    let (well, mover, trap) = (Witness::following(&node).await, Witness::following(&node).await, Site::start().await);
    let store = node.store();
    let looked_up = || async {
        let open = |conn: &mut store::Conn| Ok::<i64, store::Error>(missing_inboxes::table.count().get_result(conn)?);
        store.read_now(open).unwrap() == 0
    };
    let posts_to = |path: &str| {
        let journal = mover.site.journal();
        journal.into_iter().filter(|seen| seen.method == "POST" && seen.path == path).collect::<Vec<_>>()
    };
    let old = "/users/todistaja/inbox";
    let tried = posts_to(old).len();

    println!("── its owner says that it is where it was");
    mover.site.set(old, Reply::redirect(&trap.url("/inbox")));
    let before = asked_for(&mover);
    node.import_bundle(&event("e-1", "Ensimmäinen", "Lyhyesti.")).await;
    let first = node.id_of("/tapahtumat/ensimmainen").await;
    well.hears(&first, &["Create"]).await;
    until_true("its owner is asked for", || async { asked_for(&mover) > before }).await;
    until_true("that is done with", looked_up).await;
    assert_eq!(posts_to(old).len(), tried + 1, "it waits, and is tried there again later");
    assert_eq!(node.status().await["deliveries"]["waiting"], 1);

    println!("── its owner says that it is elsewhere: what waited goes there, and all that comes");
    let mut document = mover.voice.document();
    document["inbox"] = json!(mover.site.url("/moved/inbox"));
    mover.site.set("/users/todistaja", Reply::document(&document));
    node.import_bundle(&event("e-2", "Toinen", "Lyhyesti.")).await;
    until_true("both come to the new inbox", || async { posts_to("/moved/inbox").len() >= 2 }).await;
    node.import_bundle(&event("e-3", "Kolmas", "Lyhyesti.")).await;
    until_true("the next as well", || async { posts_to("/moved/inbox").len() >= 3 }).await;
    all_delivered(&node).await;
    let mut names: Vec<String> = Vec::new();
    for seen in posts_to("/moved/inbox") {
        names.push(seen.body["object"]["name"].as_str().unwrap_or_default().to_owned());
    }
    names.sort();
    assert_eq!(names, ["Ensimmäinen", "Kolmas", "Toinen"], "each once");
    assert_eq!(posts_to(old).len(), tried + 2, "the third was not tried at the old one");
    assert!(trap.journal().is_empty(), "nobody follows a redirected POST");
    assert_eq!(node.status().await["peers"]["failing"], 0);
}
