//! Bodies that are no activities, or more than one reads.

use crate::cases;
use crate::harness::{ACTIVITY, Database, Post, Reply, Signing};
use crate::on_both_databases;
use crate::stage::{Asks, Stage};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

on_both_databases! {
    refused_bodies;
    odd_but_honest_bodies;
}

async fn refused_bodies(database: Database) {
    let stage = Stage::set(database).await;
    cases! { stage;
        f24_c46_oversize
        c46_no_activity
        c46_deeply_nested
        f33_more_than_one_meaning
        c46_other_content_types
        f26_compressed
        f32_an_id_of_ten_kibibytes
        f35_fields_of_every_shape
        f38_texts_that_make_readers_go_back
        c18_inboxes_are_written_to
    }
}

/// Any text as the body, rightly signed by anna.
fn text(stage: &Stage, body: &str) -> Post {
    Post::signed(&stage.anna, &stage.inbox, body, &Signing::default())
}

async fn f24_c46_oversize(stage: &Stage) {
    let mut like = stage.anna.activity("Like", json!(stage.region));
    like["content"] = json!("x".repeat(1_150_000));
    stage.refuses("1.1 megabytes", &text(stage, &like.to_string()), &[413], Asks::Nobody).await;
    stage.refuses("four megabytes of nothing", &text(stage, &" ".repeat(4 << 20)), &[413], Asks::Nobody).await;
}

async fn c46_no_activity(stage: &Stage) {
    let activity = stage.anna.activity("Like", json!(stage.region));
    let without = |name: &str| {
        let mut less = activity.clone();
        less.as_object_mut().unwrap().remove(name);
        less.to_string()
    };
    for body in [
        "",
        "not json",
        "[]",
        "null",
        "4711",
        "\"text\"",
        "{}",
        "[{}]",
        "{\"type\":",
        "\u{feff}",
        "{\"a\":1}{\"b\":2}",
        "{\"type\":\"Like\",\"actor\":1e999}",
    ] {
        stage.refuses(body, &text(stage, body), &[400], Asks::Nobody).await;
    }
    for name in ["type", "actor", "id"] {
        stage.refuses(&format!("without {name}"), &text(stage, &without(name)), &[400], Asks::Nobody).await;
    }
    let mut binary = text(stage, "{}");
    binary.body = vec![0xff, 0xfe, 0x00, b'{', b'}'];
    stage.refuses("no UTF-8", &binary, &[400], Asks::Nobody).await;
}

/// Texts that two readers read differently, or that one of the databases would not take.
async fn f33_more_than_one_meaning(stage: &Stage) {
    let good = stage.anna.activity("Like", json!(stage.region)).to_string();
    for inside in [
        r#""actor":"https://evil.example/m""#,
        r#""x":{"a":1,"a":2}"#,
        r#""x":[{"id":1,"\u0069d":2}]"#,
        r#""x":"\ud800""#,
        r#""x":"\udc00\ud800""#,
        r#""x":1e999"#,
        r#""x":-1e999"#,
        r#""x":NaN"#,
        r#""x":0x10"#,
        "\"x\":\"\u{7}\"",
    ] {
        let body = good.replacen('{', &format!("{{{inside},"), 1);
        stage.refuses(inside, &text(stage, &body), &[400], Asks::Nobody).await;
    }
    for inside in [
        r#""x":-0"#,
        r#""x":9223372036854775808"#,
        r#""x":1e-999"#,
        r#""x":"\u0000""#,
        r#""duration":"P9999999Y""#,
        r#""published":"0000-00-00T00:00:00Z""#,
        r#""published":"99999-01-01T00:00:00Z""#,
        r#""published":"2026-06-30T23:59:60Z""#,
        r#""published":"2026-06-30T23:59:00""#,
    ] {
        let activity = stage.anna.activity("Like", json!(stage.region)).to_string();
        let body = activity.replacen('{', &format!("{{{inside},"), 1);
        stage.ignores(inside, &text(stage, &body), Asks::Nobody).await;
    }
}

async fn c46_deeply_nested(stage: &Stage) {
    let arrays = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let mut activity = stage.anna.activity("Like", json!(stage.region)).to_string();
    activity.insert_str(1, &format!("\"x\":{arrays},"));
    let objects = format!("{}1{}", "{\"a\":".repeat(10_000), "}".repeat(10_000));
    for body in [arrays.as_str(), activity.as_str(), objects.as_str()] {
        stage.refuses("ten thousand levels", &text(stage, body), &[400], Asks::Nobody).await;
    }
}

async fn c46_other_content_types(stage: &Stage) {
    let body = stage.anna.activity("Like", json!(stage.region)).to_string();
    for kind in [
        "text/plain",
        "text/html",
        "multipart/form-data",
        "application/x-www-form-urlencoded",
        "image/png",
        "nonsense",
        "",
    ] {
        let mut post = text(stage, &body);
        post.set("Content-Type", kind);
        post.sign(&stage.anna, &Signing::default());
        stage.refuses(kind, &post, &[415], Asks::Nobody).await;
    }
    let mut none = text(stage, &body);
    none.remove("Content-Type");
    stage.refuses("no content type", &none, &[415], Asks::Nobody).await;
    let mut two = text(stage, &body);
    two.add("Content-Type", "text/plain");
    stage.refuses("two content types", &two, &[400], Asks::Nobody).await;
}

async fn f26_compressed(stage: &Stage) {
    for encoding in ["gzip", "br", "deflate", "identity, gzip"] {
        let mut post = text(stage, &stage.anna.activity("Like", json!(stage.region)).to_string());
        post.set("Content-Encoding", encoding);
        stage.refuses(encoding, &post, &[415], Asks::Nobody).await;
    }
}

async fn f32_an_id_of_ten_kibibytes(stage: &Stage) {
    for field in ["id", "actor"] {
        let mut like = stage.anna.activity("Like", json!(stage.region));
        like[field] = json!(format!("{}/{}", stage.anna.id, "x".repeat(10 * 1024)));
        stage.refuses(field, &text(stage, &like.to_string()), &[400], Asks::Nobody).await;
    }
}

/// Every field as everything it should not be: no answer but 202 or a refusal, never a failure of the node.
async fn f35_fields_of_every_shape(stage: &Stage) {
    let shapes = [
        Value::Null,
        json!(""),
        json!("text"),
        json!(7),
        json!(-0.5),
        json!(true),
        json!([]),
        json!([[[]]]),
        json!({}),
        json!({"id": null}),
        json!([{"type": []}]),
        json!("http://["),
        json!("javascript:alert(1)"),
        json!("http://a.example/\u{0}\r\nX: y"),
    ];
    let (before, asked) = (stage.counts().await, stage.gets().await);
    for field in ["@context", "id", "type", "actor", "object", "to", "cc", "published", "target", "content"] {
        for (number, shape) in shapes.iter().enumerate() {
            for verb in ["Create", "Undo", "Accept", "Announce"] {
                let object = json!({"id": stage.anna.id, "type": "Note", "attributedTo": stage.anna.id});
                let mut activity = stage.anna.activity(verb, object);
                activity[field] = shape.clone();
                let status = text(stage, &activity.to_string()).send().await.status;
                assert!([202, 400, 401].contains(&status), "{verb} with {field} as shape {number}: {status}");
            }
        }
    }
    // What is embedded goes further: to the kind that reads it.
    let event = json!({
        "id": stage.site.url("/events/35"), "type": "Event", "attributedTo": stage.anna.id, "to": [vocab::PUBLIC], "cc": [],
        "name": "Tapahtuma", "summary": "Lyhyesti", "content": "<p>Teksti</p>", "contentMap": {"fi": "<p>Teksti</p>"},
        "startTime": "2030-01-01T10:00:00Z", "endTime": "2030-01-01T12:00:00Z", "eventStatus": "EventScheduled",
        "location": {"type": "Place", "name": "Talo"}, "tag": [{"type": "Hashtag", "name": "#x"}], "attachment": [], "image": {},
    });
    for field in event.as_object().unwrap().keys() {
        for (number, shape) in shapes.iter().enumerate() {
            let mut object = event.clone();
            object[field] = shape.clone();
            let create = stage.anna.activity("Create", object).to_string();
            let status = text(stage, &create).send().await.status;
            assert_eq!(status, 202, "an object with {field} as shape {number}");
        }
    }
    let mut after = stage.counts().await;
    assert_eq!(after["inbox"]["waiting"], 0);
    after["inbox"] = before["inbox"].clone();
    assert_eq!(after, before, "something was written but what came in");
    assert_eq!(stage.gets_since(&asked).await, [""; 0], "somebody was asked");
}

/// Texts on which a reader that goes back over what it has read needs minutes.
async fn f38_texts_that_make_readers_go_back(stage: &Stage) {
    for bomb in ["<".repeat(60_000), "<a href=".repeat(7_500), "&#".repeat(30_000), "@a@#".repeat(15_000)] {
        let event = json!({
            "id": stage.site.url("/events/38"), "type": "Event", "attributedTo": stage.anna.id, "to": [vocab::PUBLIC],
            "startTime": "2030-01-01T10:00:00Z", "name": bomb, "summary": bomb, "content": bomb, "url": bomb,
            "tag": [{"type": "Hashtag", "name": bomb, "href": bomb}], "location": {"type": "Place", "name": bomb},
        });
        let create = stage.anna.activity("Create", event).to_string();
        let begun = Instant::now();
        stage.ignores(&bomb[..8], &text(stage, &create), Asks::Nobody).await;
        assert!(begun.elapsed() < Duration::from_secs(10), "{}: {:?}", &bomb[..8], begun.elapsed());
    }
}

async fn c18_inboxes_are_written_to(stage: &Stage) {
    for inbox in [stage.inbox.clone(), stage.shared.clone(), stage.node.url("/ap/relay/inbox")] {
        for method in [reqwest::Method::GET, reqwest::Method::PUT, reqwest::Method::DELETE] {
            let answer = stage.node.ask(method.clone(), &inbox, &[("accept", ACTIVITY)]).await;
            assert_eq!((answer.status, answer.header("allow")), (405, "POST"), "{method} {inbox}");
        }
    }
}

/// What honest servers send and strict readers stumble over: taken.
async fn odd_but_honest_bodies(database: Database) {
    let limits = [("NAME", "50"), ("SUMMARY", "100"), ("TAGS", "2"), ("ADDRESS", "512")];
    let stage = Stage::with(database, &limits).await;
    let note = json!({"id": stage.site.url("/notes/1"), "type": "Note", "attributedTo": stage.anna.id, "content": "x"});
    let mut kinds = stage.anna.activity("Create", note.clone());
    kinds["type"] = json!(["Create", "x"]);
    let mut objects = stage.anna.activity("Create", json!([note.clone()]));
    objects["to"] = json!("as:Public");
    let mut actor = stage.anna.activity("Like", json!(stage.region));
    actor["actor"] = json!({"id": stage.anna.id, "type": "Person"});
    let mut blank = stage.anna.activity("Like", json!(stage.region));
    blank["published"] = json!("+999999-01-01T00:00:00Z");
    for (what, activity) in [
        ("c47 an unknown verb", stage.anna.activity("Frobnicate", json!(stage.region))),
        ("c47 several types", kinds),
        ("c47 a list of objects, one addressee", objects),
        ("c47 an embedded actor", actor),
        ("c47 a time of the far future", blank),
        ("c47 no object", stage.anna.activity("Travel", Value::Null)),
    ] {
        println!("── {what}");
        stage.ignores(what, &text(&stage, &activity.to_string()), Asks::Nobody).await;
    }
    let body = stage.anna.activity("Like", json!(stage.region)).to_string();
    for kind in [
        "application/activity+json; charset=utf-8",
        "application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"",
        "application/json",
        "Application/Activity+JSON",
    ] {
        let mut post = text(&stage, &body);
        post.set("Content-Type", kind);
        post.sign(&stage.anna, &Signing::default());
        assert_eq!(post.send().await.status, 202, "{kind}");
    }
    stage.honest_request_works().await;
    println!("── f31_f32_limits_that_the_operator_sets");
    f31_f32_limits_that_the_operator_sets(&stage).await;
    stage.honest_request_works().await;
}

/// They hold for what is delivered as for what is fetched.
async fn f31_f32_limits_that_the_operator_sets(stage: &Stage) {
    stage.publish("oma").await; // a node shows nothing before it has said something
    let voice = stage.evil.stranger("kainuu");
    let mut document = voice.document();
    document["attachment"] = json!([{"type": "PropertyValue", "name": "Maakunta", "value": "Kainuu"}]);
    stage.evil.set("/users/kainuu", Reply::document(&document));
    stage.follow(&stage.evil, &voice).await;
    let hashtags = ["yksi", "kaksi", "kolme"].map(|name| json!({"type": "Hashtag", "name": format!("#{name}")}));
    let event = json!({
        "id": stage.evil.url("/events/1"), "type": "Event", "attributedTo": voice.id, "to": "as:Public",
        "startTime": "2030-01-01T10:00:00Z", "name": "n".repeat(60), "summary": "s".repeat(150), "tag": hashtags,
    });
    let create = voice.activity("Create", event);
    let post = Post::signed(&voice, &stage.inbox, &create.to_string(), &Signing::default());
    let (state, reason, asked) = stage.hears(&post, &create).await;
    assert_eq!((state.as_str(), asked), ("done", Vec::new()), "{reason}");
    let shown = stage.node.items("/tapahtumat?region=18").await;
    assert_eq!(shown.len(), 1, "{shown:?}");
    assert_eq!(
        (&shown[0]["name"], &shown[0]["blurb"], &shown[0]["tags"]),
        (&json!("n".repeat(50)), &json!("s".repeat(100)), &json!(["yksi", "kaksi"])),
    );
    for field in ["id", "actor"] {
        let mut like = stage.anna.activity("Like", json!(stage.region));
        like[field] = json!(format!("{}/{}", stage.anna.id, "x".repeat(512)));
        stage.refuses(field, &text(stage, &like.to_string()), &[400], Asks::Nobody).await;
    }
}
