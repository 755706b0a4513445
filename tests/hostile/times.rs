//! How far from now a signature may be made, in both schemes and by whatever tells its time.

use crate::cases;
use crate::harness::{Database, MessageSigning, Post, Signing, harness_now};
use crate::stage::{Asks, Stage};
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_window_of_signatures() {
    let stage = Stage::set(Database::Sqlite).await;
    cases! { stage;
        s14_s15_outside_the_window
        s14_s15_inside_the_window
        s17_dates_that_are_none
    }
}

/// The same activity signed so many seconds from now, in each way to tell the time.
fn signed(stage: &Stage, seconds: i64) -> Vec<(&'static str, Post)> {
    let at = harness_now() + seconds;
    let like = || stage.anna.activity("Like", json!(stage.region)).to_string();
    let created = Signing {
        covered: "(request-target) host (created) digest",
        algorithm: Some("hs2019"),
        created: Some(at.to_string()),
        ..Signing::default()
    };
    // A fresh date beside it that nobody signed, and an end that never comes, change nothing.
    let expiring = Signing { expires: Some((harness_now() + 86_400).to_string()), ..created.clone() };
    let message = MessageSigning { created: Some(at.to_string()), ..MessageSigning::default() };
    let dated = Signing { date: seconds, ..Signing::default() };
    vec![
        ("date", Post::signed(&stage.anna, &stage.inbox, &like(), &dated)),
        ("created", Post::signed(&stage.anna, &stage.inbox, &like(), &created)),
        ("created and expires", Post::signed(&stage.anna, &stage.inbox, &like(), &expiring)),
        ("message", Post::signed_message(&stage.anna, &stage.inbox, &like(), &message)),
    ]
}

const HOUR: i64 = 3_600;

async fn s14_s15_outside_the_window(stage: &Stage) {
    for seconds in [-2 * HOUR, -HOUR - 60, 400, 365 * 24 * HOUR] {
        for (how, post) in signed(stage, seconds) {
            stage.refuses(&format!("{how}, {seconds} s from now"), &post, &[401], Asks::Nobody).await;
        }
    }
}

async fn s14_s15_inside_the_window(stage: &Stage) {
    for seconds in [-HOUR + 120, 200] {
        for (how, post) in signed(stage, seconds) {
            stage.ignores(&format!("{how}, {seconds} s from now"), &post, Asks::Nobody).await;
        }
    }
}

/// Rightly signed, over a `Date` that tells no time.
async fn s17_dates_that_are_none(stage: &Stage) {
    for date in [
        "yesterday",
        "0",
        "",
        "2026-11-24T10:00:00Z",
        "Tue, 31 Feb 2026 10:00:00 GMT",
        "Tue, 24 Nov 99999 10:00:00 GMT",
    ] {
        let like = stage.anna.activity("Like", json!(stage.region)).to_string();
        let mut post = Post::signed(&stage.anna, &stage.inbox, &like, &Signing::default());
        post.set("Date", date);
        post.sign(&stage.anna, &Signing::default());
        stage.refuses(date, &post, &[401], Asks::Nobody).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_operators_window() {
    let stage =
        Stage::with(Database::Sqlite, &[("SIGNATURE_AGE_SECONDS", "43200"), ("SIGNATURE_AHEAD_SECONDS", "3600")]).await;
    for seconds in [-11 * HOUR, 3_000] {
        for (how, post) in signed(&stage, seconds) {
            stage.ignores(&format!("{how}, {seconds} s from now"), &post, Asks::Nobody).await;
        }
    }
    for seconds in [-13 * HOUR, 2 * HOUR] {
        for (how, post) in signed(&stage, seconds) {
            stage.refuses(&format!("{how}, {seconds} s from now"), &post, &[401], Asks::Nobody).await;
        }
    }
}
