//! What one activity, one actor and one collection may make the node ask of others.

use crate::harness::{Database, Reply, Site, Voice, until};
use crate::on_both_databases;
use crate::stage::Stage;
use serde_json::{Value, json};
use std::time::Duration;

on_both_databases! {
    f29_what_one_activity_may_cost;
    f21_collections_without_end;
    f37_a_past_that_is_all_elsewhere;
}

fn gets(site: &Site) -> Vec<String> {
    site.journal().into_iter().filter(|seen| seen.method == "GET").map(|seen| seen.path).collect()
}

async fn row(stage: &Stage, activity: &Value) -> Value {
    until("the activity was tried", || async {
        let rows = stage.node.inbox().await;
        let row = rows.into_iter().find(|row| row["activity"] == activity["id"])?;
        (row["state"] != "waiting" || row["attempts"] != 0).then_some(row)
    })
    .await
}

async fn f29_what_one_activity_may_cost(database: Database) {
    let stage = Stage::with(database, &[("FETCHES", "2"), ("FETCH_SECONDS", "2")]).await;
    stage.follow(&stage.site, &stage.anna).await;
    println!("── an object that says to be elsewhere, by an author nobody knows");
    let url = |path: &str| stage.evil.url(path);
    let event = |id: &str| {
        json!({"id": url(id), "type": "Event", "name": "Tapahtuma", "startTime": "2030-01-01T10:00:00Z",
               "attributedTo": url("/users/author"), "to": ["https://www.w3.org/ns/activitystreams#Public"]})
    };
    stage.evil.set("/events/a", Reply::document(&event("/events/b")));
    stage.evil.set("/events/b", Reply::document(&event("/events/b")));
    stage.evil.actor("author");
    let announce = stage.anna.activity("Announce", json!(url("/events/a")));
    stage.anna.say(&stage.inbox, &announce).await;
    let tried = row(&stage, &announce).await;
    assert_eq!(tried["state"], "failed", "{tried}");
    assert!(tried["reason"].as_str().unwrap().contains("more requests"), "{tried}");
    assert_eq!(gets(&stage.evil), ["/events/a", "/events/b"]);
    stage.honest_request_works().await;

    println!("── an object that takes its time, again and again");
    stage.evil.set("/events/slow", Reply::document(&event("/events/slow")).after(Duration::from_secs(86_400)));
    let announce = stage.anna.activity("Announce", json!(url("/events/slow")));
    stage.anna.say(&stage.inbox, &announce).await;
    let tried = row(&stage, &announce).await;
    assert_eq!((&tried["state"], &tried["attempts"]), (&json!("waiting"), &json!(1)), "{tried}");
    assert_eq!(gets(&stage.evil).iter().filter(|path| *path == "/events/slow").count(), 1);
    // anna's own activities wait behind it, in order; nobody else's do.
    stage.bo.say(&stage.inbox, &stage.bo.activity("Like", json!(stage.region))).await;
    until("another sender's is processed", || async {
        stage
            .node
            .inbox()
            .await
            .into_iter()
            .find(|row| row["sender"] == stage.bo.id.as_str() && row["state"] == "ignored")
    })
    .await;
}

async fn f21_collections_without_end(database: Database) {
    let stage = Stage::with(database, &[("PAGES", "3"), ("PAGE_ITEMS", "5")]).await;
    for (number, total) in [json!("1e18"), json!(1e18), json!(-7), json!({}), Value::Null].into_iter().enumerate() {
        let voice = stage.evil.stranger(&format!("author-{number}"));
        walk(&stage, &voice, number, total).await;
    }
    stage.honest_request_works().await;
}

/// Each page has more items than are read, and leads to another; of two collections back to themselves and each other.
async fn walk(stage: &Stage, voice: &Voice, number: usize, total: Value) {
    let page = |part: usize| format!("/pages/{number}/{part}");
    let mut document = voice.document();
    document["outbox"] = json!(stage.evil.url(&page(0)));
    stage.evil.set(&format!("/users/{}", voice.name), Reply::document(&document));
    let items: Vec<String> = (0..2_000).map(|item| stage.evil.url(&format!("/items/{number}/{item}"))).collect();
    for part in 0..20 {
        let next = match number {
            1 => part,
            2 => (part + 1) % 2,
            _ => part + 1,
        };
        stage.evil.set(
            &page(part),
            Reply::document(
                &json!({"id": stage.evil.url(&page(part)), "type": "OrderedCollectionPage", "totalItems": total,
                "orderedItems": items, "next": stage.evil.url(&page(next))}),
            ),
        );
    }
    stage.follow(&stage.evil, voice).await;
    let asked = gets(&stage.evil);
    let count = |start: &str| asked.iter().filter(|path| path.starts_with(start)).count();
    // The page that leads to itself is read once, two that lead to each other once each; else as many as may be.
    let pages = count(&format!("/pages/{number}/"));
    assert_eq!(pages, [3, 1, 2].get(number).copied().unwrap_or(3), "pages of {total} items");
    assert!(count(&format!("/items/{number}/")) <= 15, "{asked:?}");
}

/// A past that consists of announcements of what is not there: the server that they name is asked a few times, not for all.
async fn f37_a_past_that_is_all_elsewhere(database: Database) {
    let stage = Stage::set(database).await;
    let voice = stage.evil.stranger("announcer");
    let mut document = voice.document();
    document["outbox"] = json!(stage.evil.url("/outbox"));
    stage.evil.set("/users/announcer", Reply::document(&document));
    let announce = |site: &Site, item: usize| voice.activity("Announce", json!(site.url(&format!("/events/{item}"))));
    let mut items: Vec<Value> = (0..30).map(|item| announce(&stage.third, item)).collect();
    items.extend((0..3).map(|item| announce(&stage.site, item)));
    let outbox = json!({"id": stage.evil.url("/outbox"), "type": "OrderedCollection", "orderedItems": items});
    stage.evil.set("/outbox", Reply::document(&outbox));
    stage.follow(&stage.evil, &voice).await;
    assert_eq!(gets(&stage.third).len(), 5, "{:?}", gets(&stage.third));
    assert_eq!(gets(&stage.site).iter().filter(|path| path.starts_with("/events/")).count(), 3, "others are asked");
    stage.honest_request_works().await;
}
