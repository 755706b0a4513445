//! Who is meant by an id, and what an id or a header may hold.

use crate::cases;
use crate::harness::{ACTIVITY, Database, MessageSigning, Post, Reply, Signing, Voice, harness_now};
use crate::on_both_databases;
use crate::stage::{Asks, Stage};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use federation::signature::timestamp_to_date;
use reqwest::Method;
use serde_json::json;
use store::{Clock, Timestamp};

on_both_databases! {
    who_is_meant;
}

async fn who_is_meant(database: Database) {
    let stage = Stage::set(database).await;
    cases! { stage;
        s27_an_id_that_leads_to_another
        s38_lists_that_are_told_to_the_signer_alone
        f23_marks_in_ids_and_headers
        ids_that_look_like_ours
    }
}

/// A redirect makes nobody somebody else.
async fn s27_an_id_that_leads_to_another(stage: &Stage) {
    let eve = stage.evil.actor("eve-s27");
    let at = |id: String| Voice { key_id: format!("{id}#main-key"), id, ..eve.clone() };
    let like = |voice: &Voice| voice.activity("Like", json!(stage.region)).to_string();
    // An open redirect of an honest server, to somebody who signs.
    stage.site.set("/leave", Reply::redirect(&eve.id));
    let posing = at(stage.site.url("/leave"));
    let post = Post::signed(&posing, &stage.inbox, &like(&posing), &Signing::default());
    stage.refuses("by the redirect of an honest server", &post, &[401], Asks::TheSender(1)).await;
    // One of her own server: the same name is not the same id.
    stage.evil.set("/alias", Reply::redirect(&eve.id));
    let alias = at(stage.evil.url("/alias"));
    let post = Post::signed(&alias, &stage.inbox, &like(&alias), &Signing::default());
    stage.refuses("by a redirect of her own server", &post, &[401], Asks::TheSender(2)).await;
    let how = Signing { key_id: Some(eve.key_id.clone()), ..Signing::default() };
    let post = Post::signed(&alias, &stage.inbox, &like(&alias), &how);
    stage.refuses("by the alias, with the real key", &post, &[401], Asks::TheSender(1)).await;
    let how = MessageSigning { key_id: Some(eve.key_id.clone()), ..MessageSigning::default() };
    let post = Post::signed_message(&alias, &stage.inbox, &like(&alias), &how);
    stage.refuses("the same by RFC 9421", &post, &[401], Asks::Nobody).await;
}

/// A `GET`, signed over these headers.
async fn reads(stage: &Stage, voice: &Voice, path: &str, covered: &str, at: Timestamp) -> u16 {
    let (host, date) = (stage.node.host(), timestamp_to_date(at));
    let line = |name: &str| match name {
        "(request-target)" => format!("(request-target): get {path}"),
        "host" => format!("host: {host}"),
        _ => format!("date: {date}"),
    };
    let lines: Vec<String> = covered.split(' ').map(line).collect();
    let bytes = STANDARD.encode(voice.signer.sign(lines.join("\n").as_bytes()).unwrap());
    let signature =
        format!(r#"keyId="{}",algorithm="rsa-sha256",headers="{covered}",signature="{bytes}""#, voice.key_id);
    let headers = [("accept", ACTIVITY), ("date", date.as_str()), ("signature", signature.as_str())];
    stage.node.ask(Method::GET, path, &headers).await.status
}

async fn s38_lists_that_are_told_to_the_signer_alone(stage: &Stage) {
    let path = format!("{}/followers_synchronization", stage.region.split_once(&stage.node.host()).unwrap().1);
    let now = Clock::System.now();
    let old = Timestamp::from_millis((harness_now() - 2 * 3600) * 1000);
    let before = (stage.counts().await, stage.gets().await);
    let whole = "(request-target) host date";
    assert_eq!(stage.node.get(&path, ACTIVITY).await.status, 401, "unsigned");
    for covered in ["date", "host date", "(request-target) date", "(request-target) host"] {
        assert_eq!(reads(stage, &stage.anna, &path, covered, now).await, 401, "{covered}");
    }
    assert_eq!(reads(stage, &stage.anna, &path, whole, old).await, 401, "two hours old");
    assert_eq!(stage.gets_since(&before.1).await, [""; 0], "nobody was asked");
    assert_eq!(reads(stage, &stage.anna.with_wrong_key(), &path, whole, now).await, 401, "another key");
    assert_eq!(stage.counts().await, before.0);
    assert_eq!(reads(stage, &stage.anna, &path, whole, now).await, 200, "as it should be");
    // Each server is told of its own followers alone.
    let eve = stage.evil.actor("eve-s38");
    assert_eq!(reads(stage, &eve, &path, whole, now).await, 200);
    stage.node.run(&["block", stage.evil.host()]).await;
    assert_eq!(reads(stage, &eve, &path, whole, now).await, 403, "of a blocked host");
    stage.node.run(&["unblock", stage.evil.host()]).await;
}

async fn f23_marks_in_ids_and_headers(stage: &Stage) {
    let good = stage.anna.activity("Like", json!(stage.region));
    for mark in ["\r\nX-Evil: 1", "\u{0}", "\t", " ", "\\", "<"] {
        for field in ["id", "actor"] {
            let mut activity = good.clone();
            activity[field] = json!(format!("{}{mark}/x", good[field].as_str().unwrap()));
            let post = Post::signed(&stage.anna, &stage.inbox, &activity.to_string(), &Signing::default());
            stage.refuses(&format!("{mark:?} in {field}"), &post, &[400], Asks::Nobody).await;
        }
        // An object is somebody else's word: nobody is asked for it, and nothing is made of it.
        let follow = stage.anna.activity("Like", json!(format!("{}{mark}/x", stage.region)));
        let post = Post::signed(&stage.anna, &stage.inbox, &follow.to_string(), &Signing::default());
        stage.ignores(&format!("{mark:?} in the object"), &post, Asks::Nobody).await;
    }
    for (name, value) in [("Signature", "a\u{0}b"), ("Date", "a\rb"), ("X-Any", "a\u{1}b"), ("Digest", "\u{0}")] {
        let mut post = Post::signed(&stage.anna, &stage.inbox, &good.to_string(), &Signing::default());
        post.set(name, value);
        // The HTTP library refuses such a head without a word of ours.
        let (before, status) = (stage.counts().await, post.send().await.status);
        assert_eq!((status, stage.counts().await), (400, before), "{name}");
    }
}

/// What compares as an address of ours, however it is written, is ours; nobody else may bear it.
async fn ids_that_look_like_ours(stage: &Stage) {
    let host = stage.node.host();
    for id in [
        stage.region.replace("localhost", "LOCALHOST"),
        stage.region.replace("http://", "http://user@"),
        stage.region.replace("/ap/", "/ap/%61/../"),
        stage.region.replace("http://", "HTTP://"),
        format!("http://{host}\\@{}/users/x", stage.evil.host()),
        format!("http:{host}/ap/relay"),
    ] {
        let voice = Voice { key_id: format!("{id}#main-key"), id: id.clone(), ..stage.anna.clone() };
        let like = stage.anna.activity("Like", json!(stage.region));
        let mut activity = like.clone();
        activity["actor"] = json!(id);
        let post = Post::signed(&voice, &stage.inbox, &activity.to_string(), &Signing::default());
        stage.refuses(&id, &post, &[400, 401], Asks::Nobody).await;
    }
}
