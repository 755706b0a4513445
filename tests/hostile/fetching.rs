//! Servers that answer badly, slowly or with a trap when the node asks them for a key.

use crate::cases;
use crate::harness::{Database, Post, Reply, Signing, Voice};
use crate::on_both_databases;
use crate::stage::{Asks, Stage};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

on_both_databases! {
    bad_answers;
}

async fn bad_answers(database: Database) {
    let stage = Stage::set(database).await;
    cases! { stage;
        c48_a_key_server_that_never_answers
        c48_f19_redirects_into_a_trap
        f13_numeric_addresses
        f27_answers_that_are_too_large
        s25_documents_that_are_no_actors
        a_key_that_could_not_be_had_is_not_asked_for_again
        a_server_in_trouble_is_no_reason_to_refuse
    }
}

fn like(voice: &Voice, stage: &Stage) -> Post {
    Post::signed(voice, &stage.inbox, &voice.activity("Like", json!(stage.region)).to_string(), &Signing::default())
}

async fn c48_a_key_server_that_never_answers(stage: &Stage) {
    let slow = stage.evil.stranger("never");
    stage.evil.set("/users/never", Reply::status(200).after(Duration::from_secs(86_400)));
    let begun = Instant::now();
    let waiting = like(&slow, stage);
    let (answer, ()) = tokio::join!(waiting.send(), async {
        // Meanwhile the node takes what others send.
        stage.honest_request_works().await;
        assert!(begun.elapsed() < Duration::from_secs(9), "the honest one had to wait for the slow one");
    });
    let took = begun.elapsed();
    assert_eq!(answer.status, 503, "{}", answer.body);
    assert!(!answer.header("retry-after").is_empty(), "it is told when to come again");
    assert!(took <= Duration::from_secs(12), "it took {took:?}");
}

async fn c48_f19_redirects_into_a_trap(stage: &Stage) {
    let (_, port) = stage.third.host().split_once(':').unwrap();
    for (name, to) in [
        ("127", format!("http://127.0.0.1:{port}/users/x")),
        ("v6", format!("http://[::1]:{port}/users/x")),
        ("metadata", "http://169.254.169.254/latest/meta-data".to_owned()),
        ("third", stage.third.url("/users/x")),
        ("file", "file:///etc/passwd".to_owned()),
        ("gopher", "gopher://localhost/".to_owned()),
        ("nowhere", String::new()),
    ] {
        let voice = stage.evil.stranger(name);
        stage.evil.set(&format!("/users/{name}"), Reply::redirect(&to));
        stage.refuses(&to, &like(&voice, stage), &[401], Asks::TheSender(4)).await;
    }
    let voice = stage.evil.stranger("loop");
    stage.evil.set("/users/loop", Reply::redirect(&stage.evil.url("/users/loop2")));
    stage.evil.set("/users/loop2", Reply::redirect(&stage.evil.url("/users/loop")));
    stage.refuses("round and round", &like(&voice, stage), &[401], Asks::TheSender(4)).await;
    // Within its own origin a server may move things.
    let moved = stage.evil.stranger("moved");
    stage.evil.set("/users/moved", Reply::redirect(&stage.evil.url("/now/here")));
    stage.evil.set("/now/here", Reply::document(&moved.document()));
    stage.evil.set("/elsewhere", Reply::status(404));
    let status = like(&moved, stage).send().await.status;
    assert!([202, 401].contains(&status), "a document found elsewhere: {status}");
    stage.settled().await;
}

async fn f13_numeric_addresses(stage: &Stage) {
    let (_, port) = stage.third.host().split_once(':').unwrap();
    for host in ["127.0.0.1", "[::1]", "2130706433", "0x7f000001", "127.1", "0.0.0.0", "[::ffff:127.0.0.1]"] {
        let mut voice = stage.evil.stranger("numeric");
        voice.id = format!("http://{host}:{port}/users/x");
        voice.key_id = format!("{}#main-key", voice.id);
        stage.refuses(host, &like(&voice, stage), &[400, 401], Asks::Nobody).await;
    }
    assert!(stage.third.journal().is_empty(), "it was connected to");
}

async fn f27_answers_that_are_too_large(stage: &Stage) {
    let voice = stage.evil.stranger("large");
    let mut document = voice.document();
    document["summary"] = json!("x".repeat(1_200_000));
    stage.evil.set("/users/large", Reply::document(&document));
    stage.refuses("1.2 megabytes", &like(&voice, stage), &[401], Asks::TheSender(1)).await;
}

async fn s25_documents_that_are_no_actors(stage: &Stage) {
    let changed = |name: &str, change: &dyn Fn(&mut Value)| {
        let voice = stage.evil.stranger(name);
        let mut document = voice.document();
        change(&mut document);
        (voice, Reply::document(&document))
    };
    let plain = |name: &str, reply: Reply| (stage.evil.stranger(name), reply);
    for (voice, reply) in [
        plain("gone", Reply::status(410)),
        plain("missing", Reply::status(404)),
        plain("forbidden", Reply::status(403)),
        plain("empty", Reply::status(200).with("content-type", crate::harness::ACTIVITY)),
        plain("rubbish", Reply { body: "{".repeat(100), ..Reply::document(&json!({})) }),
        plain("list", Reply::document(&json!([1, 2, 3]))),
        plain("null", Reply::document(&Value::Null)),
        changed("other-host", &|document| document["id"] = json!(stage.third.url("/users/x"))),
        changed("other-id", &|document| document["id"] = json!(stage.evil.url("/users/other-id-2"))),
        changed("no-inbox", &|document| document["inbox"] = Value::Null),
        changed("no-key", &|document| document["publicKey"] = Value::Null),
        changed("a-note", &|document| document["type"] = json!("Note")),
        changed("no-type", &|document| document["type"] = json!({})),
    ] {
        stage.evil.set(&format!("/users/{}", voice.name), reply);
        stage.refuses(&voice.name, &like(&voice, stage), &[401], Asks::TheSender(3)).await;
    }
    // The right document under the wrong type, as an upload of somebody's would be served.
    for kind in ["text/plain", "text/html", "application/json", "application/ld+json", "image/png"] {
        let voice = stage.evil.stranger(&format!("uploaded-{}", kind.replace(['/', '+'], "-")));
        let reply = Reply { headers: vec![("content-type", kind.to_owned())], ..Reply::document(&voice.document()) };
        stage.evil.set(&format!("/users/{}", voice.name), reply);
        stage.refuses(kind, &like(&voice, stage), &[401], Asks::TheSender(1)).await;
    }
}

async fn a_key_that_could_not_be_had_is_not_asked_for_again(stage: &Stage) {
    let voice = stage.evil.stranger("absent");
    stage.evil.set("/users/absent", Reply::status(404));
    stage.refuses("the first time", &like(&voice, stage), &[401], Asks::TheSender(1)).await;
    stage.refuses("the second time", &like(&voice, stage), &[401], Asks::Nobody).await;
}

async fn a_server_in_trouble_is_no_reason_to_refuse(stage: &Stage) {
    for (name, reply) in
        [("trouble-500", Reply::status(500)), ("trouble-503", Reply::status(503)), ("trouble-429", Reply::status(429))]
    {
        let voice = stage.evil.stranger(name);
        stage.evil.set(&format!("/users/{name}"), reply);
        stage.refuses(name, &like(&voice, stage), &[503], Asks::TheSender(1)).await;
        stage.evil.actor(name);
        stage.ignores("it is well again", &like(&voice, stage), Asks::TheSender(1)).await;
    }
}
