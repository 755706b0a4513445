//! How often: of one address, of one host, and of all together. Whoever sends too much is told when to come again, and
//! nobody else notices.

use crate::harness::{Answer, Database, Post, Reply, Signing, Site, Voice, until};
use crate::on_both_databases;
use crate::stage::Stage;
use serde_json::{Value, json};
use std::time::Instant;

on_both_databases! {
    f42_o33_too_much_of_one_host;
    f39_new_actors_of_one_host;
    overload_is_told_before_anything_is_read;
}

fn like(stage: &Stage, voice: &Voice) -> Post {
    let activity = voice.activity("Like", json!(stage.region));
    Post::signed(voice, &stage.inbox, &activity.to_string(), &Signing::default())
}

#[track_caller]
fn comes_again(answer: &Answer, status: u16) {
    assert_eq!(answer.status, status, "{}", answer.body);
    assert_eq!(answer.header("content-type"), "application/problem+json");
    let seconds: u64 = answer.header("retry-after").parse().expect("when to come again");
    assert!((1..=3600).contains(&seconds), "{seconds}");
}

async fn rows(stage: &Stage) -> u64 {
    stage.settled().await["inbox"]["ignored"].as_u64().unwrap()
}

async fn f42_o33_too_much_of_one_host(database: Database) {
    let stage = Stage::with(database, &[("INBOX_PER_SECOND", "1"), ("INBOX_BURST", "20")]).await;
    let other = Site::start().await;
    let cai = other.actor("cai");
    assert_eq!(like(&stage, &cai).send().await.status, 202);
    let before = rows(&stage).await;
    let (mut taken, mut refused) = (0, Vec::new());
    for number in 0..60 {
        let answer = like(&stage, if number % 2 == 0 { &stage.anna } else { &stage.bo }).send().await;
        if answer.status == 202 {
            taken += 1;
        } else {
            refused.push(answer);
        }
        if number % 20 == 19 {
            assert_eq!(like(&stage, &cai).send().await.status, 202, "another host is not touched");
        }
    }
    assert!(refused.len() >= 10, "{taken} of 60 were taken at once");
    refused.iter().for_each(|answer| comes_again(answer, 429));
    // Nobody can use up what is another's: what does not come from a host is not counted for it.
    for _ in 0..40 {
        let forged = Post::signed(
            &cai.with_wrong_key(),
            &stage.inbox,
            &cai.activity("Like", json!(stage.region)).to_string(),
            &Signing::default(),
        );
        assert_eq!(forged.send().await.status, 401);
    }
    assert_eq!(like(&stage, &cai).send().await.status, 202);
    assert_eq!(rows(&stage).await, before + taken + 4, "what was refused left nothing");
    until("the host may send again", || async { (like(&stage, &stage.anna).send().await.status == 202).then_some(()) })
        .await;
}

async fn f39_new_actors_of_one_host(database: Database) {
    let stage = Stage::with(database, &[("NEW_ACTORS", "10")]).await;
    let mut refused = 0;
    for number in 0..14 {
        let voice = stage.evil.actor(&format!("new-{number}"));
        let answer = like(&stage, &voice).send().await;
        match answer.status {
            202 => assert!(number < 10, "the {number}th was met"),
            _ => {
                comes_again(&answer, 503);
                refused += 1;
            }
        }
    }
    assert_eq!(refused, 4);
    stage.settled().await;
    // anna and bo, and ten of the other host
    assert_eq!(stage.node.status().await["actors"]["remote"], 12);
    let known = stage.evil.stranger("new-3");
    assert_eq!(like(&stage, &known).send().await.status, 202, "who is known goes on");
    assert_eq!(like(&stage, &stage.site.actor("dan")).send().await.status, 202, "another host's");
}

/// One of a sender's activities waits for a server that is away, and so do those behind it.
async fn overload_is_told_before_anything_is_read(database: Database) {
    let stage = Stage::with(database, &[("INBOX_BACKLOG", "100"), ("INBOX_BURST", "1000")]).await;
    stage.follow(&stage.site, &stage.anna).await;
    stage.evil.set("/events/1", Reply::status(500));
    let announce = stage.anna.activity("Announce", json!(stage.evil.url("/events/1")));
    stage.anna.say(&stage.inbox, &announce).await;
    until("it waits", || async {
        stage.node.inbox().await.into_iter().find(|row| row["activity"] == announce["id"] && row["attempts"] != 0)
    })
    .await;
    let mut sent = 0;
    let refused = loop {
        let answer = like(&stage, &stage.anna).send().await;
        if answer.status != 202 {
            break answer;
        }
        sent += 1;
        assert!(sent < 2_000, "everything is taken");
    };
    comes_again(&refused, 503);
    assert!(sent >= 100, "refused after {sent}");
    let unreadable = Post::unsigned(&stage.inbox, "no json").send().await;
    assert_eq!(unreadable.status, 503, "before the body is looked at");
    assert_eq!(stage.node.get("/", "text/html").await.status, 200, "readers notice nothing");
    println!("── what it waited for is there, and room with it");
    stage.evil.set("/events/1", Reply::status(404));
    let rows = stage.node.inbox().await;
    let row = rows.iter().find(|row| row["activity"] == announce["id"]);
    if let Some(id) = row.and_then(|row| row["id"].as_i64()) {
        stage.node.run(&["inbox", "retry", &id.to_string()]).await;
    }
    stage.settled().await;
    until("it takes again", || async { (like(&stage, &stage.bo).send().await.status == 202).then_some(()) }).await;
}

/// What is not proven is counted by the address that a trusted proxy tells.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s35_what_one_address_sends_without_proof() {
    let stage = Stage::with(Database::Sqlite, &[("UNPROVEN_PER_SECOND", "1")]).await;
    let from = |post: Post, address: &str| {
        let mut post = post;
        post.set("X-Forwarded-For", address);
        post
    };
    let body = stage.anna.activity("Like", json!(stage.region)).to_string();
    let before = stage.counts().await;
    let mut answers: Vec<u16> = Vec::new();
    for _ in 0..12 {
        answers.push(from(Post::unsigned(&stage.inbox, &body), "203.0.113.7").send().await.status);
    }
    assert_eq!(answers[0], 401);
    let refused = answers.iter().filter(|status| **status == 429).count();
    assert!(refused >= 4 && answers.iter().all(|status| [401, 429].contains(status)), "{answers:?}");
    let unsigned = Post::unsigned(&stage.inbox, &body);
    assert_eq!(from(unsigned.clone(), "192.0.2.9, 203.0.113.8").send().await.status, 401, "another address");
    let wrongly = Post::signed(&stage.anna.with_wrong_key(), &stage.inbox, &body, &Signing::default());
    let mut answers: Vec<u16> = Vec::new();
    for _ in 0..12 {
        answers.push(from(wrongly.clone(), "2001:db8:1:2::7").send().await.status);
    }
    assert!(answers.contains(&429) && answers[0] == 401, "wrongly signed ones count: {answers:?}");
    let same_network = from(Post::unsigned(&stage.inbox, &body), "2001:db8:1:2:ffff::1").send().await;
    comes_again(&same_network, 429);
    let unknown: Vec<Voice> = (0..9).map(|number| stage.evil.stranger(&format!("nobody-{number}"))).collect();
    let asked = |site: &Site| site.journal().iter().filter(|seen| seen.method == "GET").count();
    let (begun, mut answers) = (Instant::now(), Vec::new());
    for voice in &unknown {
        answers.push(from(like(&stage, voice), "203.0.113.99").send().await.status);
    }
    assert!(answers.iter().any(|status| [429, 503].contains(status)), "{answers:?}");
    // Four at once, and one a second.
    let most = 5 + usize::try_from(begun.elapsed().as_secs()).unwrap();
    assert!(asked(&stage.evil) <= most, "{} keys were fetched for one address", asked(&stage.evil));
    assert_eq!(asked(&stage.third), 0);
    let after: Value = stage.counts().await;
    assert_eq!(after, before, "something was written");
    assert_eq!(from(like(&stage, &stage.bo), "203.0.113.50").send().await.status, 202, "the next honest one");
    for _ in 0..12 {
        assert_eq!(Post::unsigned(&stage.inbox, &body).send().await.status, 401, "this machine itself is not counted");
    }
}

/// What was taken before is answered without a look at its proof, so it is counted by the address as well: else a copy of
/// one genuine activity, sent again and again, would cost whoever sends it nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s35_the_same_activity_again_and_again() {
    let stage = Stage::with(Database::Sqlite, &[("UNPROVEN_PER_SECOND", "1")]).await;
    let genuine = like(&stage, &stage.anna);
    let from = |address: &str| {
        let mut post = genuine.clone();
        post.set("X-Forwarded-For", address);
        post
    };
    assert_eq!(from("203.0.113.20").send().await.status, 202);
    let before = rows(&stage).await;
    let mut answers = Vec::new();
    for _ in 0..8 {
        answers.push(from("203.0.113.7").send().await);
    }
    assert_eq!(answers[0].status, 202, "who repeats itself means no harm");
    let refused: Vec<_> = answers.iter().filter(|answer| answer.status != 202).collect();
    assert!(!refused.is_empty(), "eight of the same were taken");
    refused.into_iter().for_each(|answer| comes_again(answer, 429));
    assert_eq!(from("203.0.113.20").send().await.status, 202, "another address is not touched");
    assert_eq!(rows(&stage).await, before, "once is enough");
    assert_eq!(like(&stage, &stage.bo).send().await.status, 202, "the next honest one");
}
