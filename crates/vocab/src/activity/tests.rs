use serde_json::json;

use super::*;

fn parse(document: &Value) -> Result<Envelope, Malformed> {
    Envelope::parse(document.to_string().as_bytes())
}

fn least() -> Value {
    json!({"type": "Like", "id": "https://a.example/1", "actor": "https://a.example/u/1", "object": "https://b.example/1"})
}

#[test]
fn what_is_no_activity() {
    let long = format!("https://a.example/{}", "x".repeat(2_048));
    for (field, value, expected) in [
        ("type", json!(null), Malformed::MissingType),
        ("type", json!([]), Malformed::MissingType),
        ("type", json!({}), Malformed::MissingType),
        ("actor", json!(null), Malformed::MissingActor),
        ("actor", json!({"type": "Person"}), Malformed::BadActor),
        ("actor", json!("acct:aino@a.example"), Malformed::BadActor),
        ("actor", json!(long), Malformed::BadActor),
        ("id", json!(null), Malformed::MissingId),
        ("id", json!("7f3e"), Malformed::BadId),
        ("id", json!(7), Malformed::BadId),
        ("id", json!(long), Malformed::BadId),
    ] {
        let mut document = least();
        document[field] = value;
        assert_eq!(parse(&document), Err(expected), "{field}");
    }
    for (body, expected) in [
        (&b"not json"[..], Malformed::NotJson),
        (b"", Malformed::NotJson),
        (b"{\"type\": \"Like\"", Malformed::NotJson),
        (b"{\"type\": \"\xff\xfe\"}", Malformed::NotJson),
        (b"[]", Malformed::NotAnObject),
        (b"\"https://a.example/1\"", Malformed::NotAnObject),
        (b"null", Malformed::NotAnObject),
    ] {
        assert_eq!(Envelope::parse(body), Err(expected));
    }
}

#[test]
fn depth_is_counted_outside_strings() {
    let nest = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    for (object, expected) in [
        (nest(31), None),
        (nest(32), Some(Malformed::TooDeep)),
        (nest(10_000), Some(Malformed::TooDeep)),
        (format!("\"{} \\\" {}\"", "[".repeat(100), "{".repeat(100)), None),
        ("[".repeat(1_000_000), Some(Malformed::TooDeep)),
    ] {
        let body =
            format!(r#"{{"type":"Like","id":"https://a.example/1","actor":"https://a.example/u","object":{object}}}"#);
        assert_eq!(Envelope::parse(body.as_bytes()).err(), expected);
    }
}

#[test]
fn single_and_many_are_the_same() {
    let envelope = parse(&json!({"type": ["Create", "x"], "id": "https://a.example/1", "actor": {"id": "https://a.example/u/1"},
        "object": [{"type": "Note", "id": "https://a.example/n"}, null], "to": "as:Public", "cc": ["Public", null, {"id": "https://a.example/u/1/followers"}],
        "published": "2026-11-23 09:00"}))
    .expect("an activity");
    assert_eq!(envelope.verb, Verb::Create);
    assert_eq!(envelope.actor.as_str(), "https://a.example/u/1");
    assert_eq!(envelope.object_id(), Some("https://a.example/n"));
    assert_eq!(envelope.to, [PUBLIC]);
    assert_eq!(envelope.cc, [PUBLIC, "https://a.example/u/1/followers"]);
    assert!(envelope.mentions_public());
    assert!(envelope.published.is_some());
}

#[test]
fn verbs_in_every_spelling() {
    for (types, expected) in [
        (json!("Follow"), Verb::Follow),
        (json!("as:Follow"), Verb::Follow),
        (json!("https://www.w3.org/ns/activitystreams#Undo"), Verb::Undo),
        (json!(["Frobnicate", "Like"]), Verb::Like),
        (json!("Frobnicate"), Verb::Other("Frobnicate".to_owned())),
        (json!("follow"), Verb::Other("follow".to_owned())),
        (json!("x".repeat(1_000)), Verb::Other("x".repeat(64))),
    ] {
        let mut document = least();
        document["type"] = types;
        assert_eq!(parse(&document).expect("an activity").verb, expected);
    }
}

#[test]
fn an_actor_about_itself() {
    for (verb, object, expected) in [
        ("Delete", json!("https://a.example/u/1"), true),
        ("Update", json!({"type": "Person", "id": "https://a.example/u/1"}), true),
        ("Delete", json!("https://a.example/n/1"), false),
        ("Like", json!("https://a.example/u/1"), false),
        ("Delete", json!(null), false),
    ] {
        let mut document = least();
        document["type"] = json!(verb);
        document["object"] = object;
        assert_eq!(parse(&document).expect("an activity").is_about_its_own_actor(), expected, "{document}");
    }
}

#[test]
fn an_accept_gives_the_follow_back_as_it_came() {
    let follow = json!({"@context": ["x", {"y": "z"}], "odd": null, "id": "https://b.example/f#1", "type": "Follow", "actor": "https://b.example/u", "object": "https://a.example/g"});
    let accept =
        Activity::accept("https://a.example/a/1", "https://a.example/g", "https://b.example/u", follow.clone());
    assert_eq!(accept.document()["object"].to_string(), follow.to_string());
}

#[test]
fn what_is_sent_can_be_read() {
    let at = time::parse("2026-11-23T09:00:00Z").expect("a time");
    let to = || vec![PUBLIC.to_owned()];
    let note = json!({"@context": "x", "type": "Note", "id": "https://a.example/n"});
    let announce =
        Activity::announce("https://a.example/b", "https://a.example/g", to(), vec![], at, "https://c.example/e");
    for activity in [
        Activity::create("https://a.example/n/activity", "https://a.example/g", to(), vec![], at, note),
        Activity::undo("https://a.example/b/undo", to(), vec![], &announce),
        announce,
        Activity::follow("https://a.example/f", "https://a.example/g", "https://b.example/u"),
        Activity::move_to("https://a.example/m", "https://a.example/g", to(), "https://b.example/u"),
    ] {
        let envelope = parse(&activity.document()).expect("an activity");
        assert_eq!(
            (envelope.id.as_str(), envelope.actor.as_str(), envelope.verb),
            (activity.id.as_str(), activity.actor.as_str(), activity.verb)
        );
        assert!(activity.object.get("@context").is_none());
    }
}
