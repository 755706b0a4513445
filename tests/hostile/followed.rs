//! What somebody whom this node follows can make it read, and believe: an id leads to its own host and no further, and what
//! is found there speaks for itself alone.

use crate::cases;
use crate::harness::{ACTIVITY, Database, Post, Reply, Signing, Voice};
use crate::on_both_databases;
use crate::stage::{Asks, Stage};
use serde_json::{Value, json};

on_both_databases! {
    what_a_followed_one_says;
}

async fn what_a_followed_one_says(database: Database) {
    let stage = Stage::set(database).await;
    stage.follow(&stage.site, &stage.anna).await;
    cases! { stage;
        o05_documents_with_another_id
        o05_handles_that_lead_elsewhere
        o09_uploads_are_no_documents
        f19_redirects_on_the_way_to_an_object
        o04_more_than_one_author
        s36_proofs_inside_the_document
        o21_moves
        o23_a_list_of_followers_elsewhere
        o24_a_blocked_host_is_asked_for_nothing
        f33_marks_that_not_every_database_keeps
        f46_long_addresses_make_no_long_lines
    }
}

fn by(voice: &Voice, stage: &Stage, activity: &Value) -> Post {
    Post::signed(voice, &stage.inbox, &activity.to_string(), &Signing::default())
}

fn event(id: &str, author: &str) -> Value {
    json!({"id": id, "type": "Event", "name": "Tapahtuma", "startTime": "2030-01-01T10:00:00Z", "attributedTo": author,
           "to": ["https://www.w3.org/ns/activitystreams#Public"]})
}

/// anna announces it: what became of that, and what was asked for.
async fn announced(stage: &Stage, id: &str) -> (String, String, Vec<String>) {
    let announce = stage.anna.activity("Announce", json!(id));
    stage.hears(&by(&stage.anna, stage, &announce), &announce).await
}

async fn objects(stage: &Stage) -> Value {
    stage.settled().await["objects"].clone()
}

async fn o05_documents_with_another_id(stage: &Stage) {
    let before = objects(stage).await;
    let (author, other) = (stage.evil.url("/users/m"), stage.evil.url("/o05/other"));
    for (name, id, asked) in [
        ("third", stage.third.url("/events/1"), &["evil /o05/third"][..]),
        ("anna", stage.site.url("/events/1"), &["evil /o05/anna"]),
        ("ours", stage.node.url("/ap/events/1"), &["evil /o05/ours"]),
        ("none", String::new(), &["evil /o05/none"]),
        // On one host it may have another address, and is read there; this one then says a third.
        ("here", other, &["evil /o05/here", "evil /o05/other"]),
    ] {
        stage.evil.set(&format!("/o05/{name}"), Reply::document(&event(&id, &author)));
        stage.evil.set("/o05/other", Reply::document(&event(&stage.third.url("/events/1"), &author)));
        let (state, reason, fetched) = announced(stage, &stage.evil.url(&format!("/o05/{name}"))).await;
        assert_eq!(
            (state.as_str(), &fetched[..]),
            ("failed", asked.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>().as_slice()),
            "{name}: {reason}"
        );
    }
    assert_eq!(objects(stage).await, before);
}

/// WebFinger speaks for its own host, about the handle that was asked for, and by a link of the right kind.
async fn o05_handles_that_lead_elsewhere(stage: &Stage) {
    let (host, eve) = (stage.evil.host(), stage.evil.actor("eve"));
    let answer = |subject: String, rel: &str, href: &str| {
        json!({"subject": subject, "links": [{"rel": rel, "type": ACTIVITY, "href": href}]}).to_string()
    };
    let right = format!("acct:eve@{host}");
    let before = (stage.settled().await["following"].clone(), stage.gets().await);
    for (what, body) in [
        ("of another host", answer(right.clone(), "self", &stage.third.url("/users/eve"))),
        ("of ours", answer(right.clone(), "self", &stage.region)),
        ("for another handle", answer(format!("acct:mallory@{host}"), "self", &eve.id)),
        ("for another host", answer(format!("acct:eve@{}", stage.third.host()), "self", &eve.id)),
        ("by a link of another kind", answer(right.clone(), "http://webfinger.net/rel/avatar", &eve.id)),
        ("of an actor of another name", answer(right.clone(), "self", &stage.evil.actor("other").id)),
        ("of nothing", "{}".to_owned()),
        ("of no JSON", "<html>".to_owned()),
    ] {
        let reply = Reply { body, ..Reply::status(200) }.with("content-type", "application/jrd+json");
        stage.evil.set("/.well-known/webfinger", reply);
        let said = stage.node.cli(&["follow", &format!("@eve@{host}")]).await;
        assert_eq!(said.code, Some(1), "{what}: {}{}", said.out, said.err);
    }
    let asked = stage.gets_since(&before.1).await;
    let is_expected = |asked: &String| ["evil /.well-known/webfinger", "evil /users/other"].contains(&asked.as_str());
    assert!(asked.iter().all(is_expected), "{asked:?}");
    assert_eq!(stage.settled().await["following"], before.0);
}

async fn o09_uploads_are_no_documents(stage: &Stage) {
    let before = objects(stage).await;
    for (at, kind) in [
        "text/plain",
        "text/html",
        "application/json",
        "application/ld+json",
        "application/ld+json; profile=\"https://evil.example/\"",
        "image/png",
        "application/octet-stream",
        "",
    ]
    .into_iter()
    .enumerate()
    {
        let path = format!("/uploads/{at}");
        let document = event(&stage.evil.url(&path), &stage.evil.url("/users/m"));
        stage.evil.set(&path, Reply { headers: vec![("content-type", kind.to_owned())], ..Reply::document(&document) });
        let (state, reason, fetched) = announced(stage, &stage.evil.url(&path)).await;
        assert_eq!((state.as_str(), fetched), ("failed", vec![format!("evil {path}")]), "{kind}: {reason}");
        assert!(reason.contains("content type"), "{kind}: {reason}");
    }
    assert_eq!(objects(stage).await, before);
}

async fn f19_redirects_on_the_way_to_an_object(stage: &Stage) {
    let before = objects(stage).await;
    let end = stage.evil.url("/f19/0");
    stage.evil.actor("m");
    stage.evil.set("/f19/0", Reply::document(&event(&end, &stage.evil.url("/users/m"))));
    for hops in 1..=21 {
        stage.evil.set(&format!("/f19/{hops}"), Reply::redirect(&stage.evil.url(&format!("/f19/{}", hops - 1))));
    }
    stage.evil.set("/f19/self", Reply::redirect(&stage.evil.url("/f19/self")));
    stage.evil.set("/f19/ping", Reply::redirect("/f19/pong"));
    stage.evil.set("/f19/pong", Reply::redirect("/f19/ping"));
    let path = |name: &str| format!("evil /f19/{name}");
    for (name, reaches, asked) in [
        // The first time, who wrote it is looked up as well.
        ("1", true, vec![path("1"), path("0"), "evil /users/m".to_owned()]),
        ("3", true, vec![path("3"), path("2"), path("1"), path("0")]),
        ("5", false, vec![path("5"), path("4"), path("3"), path("2")]),
        ("21", false, vec![path("21"), path("20"), path("19"), path("18")]),
        ("self", false, vec![path("self"); 4]),
        ("ping", false, vec![path("ping"), path("pong"), path("ping"), path("pong")]),
    ] {
        let at = stage.evil.journal().len();
        let (state, reason, _) = announced(stage, &stage.evil.url(&format!("/f19/{name}"))).await;
        let journal = stage.evil.journal();
        let gets = journal[at..].iter().filter(|seen| seen.method == "GET" && !seen.path.contains("nodeinfo"));
        let fetched: Vec<String> = gets.map(|seen| format!("evil {}", seen.path)).collect();
        assert_eq!(fetched, asked, "{name}: {reason}");
        // At its end is an object of somebody whom nobody here follows.
        assert_eq!(state, if reaches { "ignored" } else { "failed" }, "{name}: {reason}");
    }
    // What is no redirect leads nowhere, and what is no answer is no document, whatever comes with it.
    let document = Reply::document(&event(&stage.evil.url("/f19/status"), &stage.evil.url("/users/m")));
    for status in [404, 410, 403, 418] {
        stage.evil.set("/f19/status", Reply { status, ..document.clone() });
        let (state, reason, fetched) = announced(stage, &stage.evil.url("/f19/status")).await;
        assert_eq!((state.as_str(), fetched), ("failed", vec![path("status")]), "{status}: {reason}");
    }
    stage.evil.set("/f19/status", document.with("location", &stage.third.url("/events/1")));
    let (state, reason, fetched) = announced(stage, &stage.evil.url("/f19/status")).await;
    assert_eq!((state.as_str(), fetched), ("ignored", vec![path("status")]), "{reason}");
    for (name, to) in [
        ("third", stage.third.url("/events/1")),
        ("site", stage.site.url("/events/1")),
        ("node", stage.node.url("/")),
        ("metadata", "http://169.254.169.254/latest".to_owned()),
        ("https", "https://localhost/x".to_owned()),
        ("file", "file:///etc/passwd".to_owned()),
        ("data", "data:application/activity+json,{}".to_owned()),
        ("user", format!("http://a:b@{}/f19/0", stage.evil.host())),
    ] {
        stage.evil.set(&format!("/f19/{name}"), Reply::redirect(&to));
        let (state, reason, fetched) = announced(stage, &stage.evil.url(&format!("/f19/{name}"))).await;
        assert_eq!((state.as_str(), fetched), ("failed", vec![path(name)]), "{to}: {reason}");
    }
    assert_eq!(objects(stage).await, before);
}

async fn o04_more_than_one_author(stage: &Stage) {
    let before = objects(stage).await;
    let id = stage.site.url("/events/two");
    let anna = json!(stage.anna.id);
    for others in [
        vec![anna.clone(), json!(stage.third.url("/users/x"))],
        vec![json!(stage.region), anna.clone()],
        vec![anna.clone(), json!({"id": stage.evil.url("/users/m"), "type": "Person"})],
    ] {
        let mut object = event(&id, "");
        object["attributedTo"] = json!(others);
        let create = stage.anna.activity("Create", object);
        let (state, reason, fetched) = stage.hears(&by(&stage.anna, stage, &create), &create).await;
        let said = (state.as_str(), reason.as_str(), fetched.len());
        assert_eq!(said, ("ignored", "the sender does not own it", 0), "{others:?}");
    }
    assert_eq!(objects(stage).await, before);
}

/// A proof inside the document is none here: who signed the request is who speaks.
async fn s36_proofs_inside_the_document(stage: &Stage) {
    let proofs = json!({
        "signature": {"type": "RsaSignature2017", "creator": format!("{}#main-key", stage.bo.id), "created": "2026-11-20T10:00:00Z",
                      "signatureValue": "AAAA"},
        "proof": {"type": "DataIntegrityProof", "cryptosuite": "eddsa-jcs-2022", "verificationMethod": format!("{}#ed", stage.bo.id),
                  "proofPurpose": "assertionMethod", "proofValue": "z3"},
    });
    let object = event(&stage.site.url("/events/proven"), &stage.bo.id);
    let mut relayed = stage.bo.activity("Create", object.clone());
    let mut restructured = json!({"@context": relayed["@context"], "@graph": [relayed.clone()], "id": relayed["id"], "type": "Create",
                                  "actor": stage.anna.id, "object": object});
    for document in [&mut relayed, &mut restructured] {
        for (name, proof) in proofs.as_object().unwrap() {
            document[name] = proof.clone();
        }
    }
    stage.refuses("another one's, with a proof", &by(&stage.anna, stage, &relayed), &[401], Asks::Nobody).await;
    let (state, reason, fetched) = stage.hears(&by(&stage.anna, stage, &restructured), &restructured).await;
    assert_eq!((state.as_str(), fetched.len()), ("ignored", 0), "{reason}");
    // Wrapped in an Announce, what it is about is read at its source, which has never heard of it.
    let before = objects(stage).await;
    let announce = stage.anna.activity("Announce", relayed);
    let (state, reason, fetched) = stage.hears(&by(&stage.anna, stage, &announce), &announce).await;
    assert_eq!((state.as_str(), fetched), ("failed", vec!["site /events/proven".to_owned()]), "{reason}");
    assert_eq!(objects(stage).await, before);
}

async fn o21_moves(stage: &Stage) {
    let status = stage.settled().await;
    let moves = async |voice: &Voice, target: &str| {
        let mut activity = voice.activity("Move", json!(voice.id));
        activity["target"] = json!(target);
        stage.hears(&by(voice, stage, &activity), &activity).await
    };
    let new = stage.evil.stranger("new");
    let serve = |also_known_as: Value, moved_to: Value| {
        let mut document = new.document();
        (document["alsoKnownAs"], document["movedTo"]) = (also_known_as, moved_to);
        stage.evil.set("/users/new", Reply::document(&document));
    };
    let once = vec!["evil /users/new".to_owned()];
    for (what, also_known_as, moved_to) in [
        ("without a link back", Value::Null, Value::Null),
        ("with a link to another", json!([stage.bo.id]), Value::Null),
        ("that has moved on", json!([stage.anna.id]), json!(stage.third.url("/users/next"))),
    ] {
        serve(also_known_as, moved_to);
        let (state, reason, fetched) = moves(&stage.anna, &new.id).await;
        assert_eq!((state.as_str(), fetched), ("ignored", once.clone()), "{what}: {reason}");
    }
    serve(json!([stage.bo.id, stage.anna.id]), Value::Null);
    for (what, voice, target) in [
        ("of somebody who is not followed", &stage.bo, new.id.as_str()),
        ("to an actor of ours", &stage.anna, stage.region.as_str()),
        ("to itself", &stage.anna, stage.anna.id.as_str()),
    ] {
        let (state, reason, fetched) = moves(voice, target).await;
        assert_eq!((state.as_str(), fetched.len()), ("ignored", 0), "{what}: {reason}");
    }
    let (state, reason, fetched) = moves(&stage.anna, "no address").await;
    assert_eq!((state.as_str(), fetched.len()), ("failed", 0), "to nowhere: {reason}");
    let after = stage.settled().await;
    for name in ["following", "followers", "objects"] {
        assert_eq!(after[name], status[name], "{name}");
    }
}

async fn o23_a_list_of_followers_elsewhere(stage: &Stage) {
    let mut document = stage.anna.document();
    document["followers"] = json!(format!("{}/followers", stage.anna.id));
    stage.site.set("/users/anna", Reply::document(&document));
    let update = stage.anna.activity("Update", document);
    let (state, reason, _) = stage.hears(&by(&stage.anna, stage, &update), &update).await;
    assert_eq!(state, "done", "{reason}");
    let own = format!("{}/followers", stage.anna.id);
    let before = stage.settled().await["following"].clone();
    for (collection, url) in [
        (own.as_str(), stage.third.url("/followers")),
        (own.as_str(), stage.node.url("/ap/relay/followers")),
        (own.as_str(), "http://169.254.169.254/latest".to_owned()),
        (stage.third.url("/followers").as_str(), format!("{}/followers_synchronization", stage.anna.id)),
    ] {
        let like = stage.anna.activity("Like", json!(stage.region));
        let mut post = by(&stage.anna, stage, &like);
        let digest = "0".repeat(64);
        post.set(
            "Collection-Synchronization",
            &format!("collectionId=\"{collection}\", url=\"{url}\", digest=\"{digest}\""),
        );
        let (state, reason, fetched) = stage.hears(&post, &like).await;
        assert_eq!((state.as_str(), fetched.len()), ("ignored", 0), "{collection} {url}: {reason}");
    }
    assert_eq!(stage.settled().await["following"], before);
}

async fn o24_a_blocked_host_is_asked_for_nothing(stage: &Stage) {
    let mallory = stage.evil.actor("mallory");
    let id = stage.evil.url("/events/blocked");
    stage.evil.set("/events/blocked", Reply::document(&event(&id, &mallory.id)));
    stage.site.set("/events/leads", Reply::redirect(&id));
    stage.node.run(&["block", stage.evil.host()]).await;
    let before = (objects(stage).await, stage.gets().await);
    let create = mallory.activity("Create", event(&id, &mallory.id));
    stage.refuses("it sends itself", &by(&mallory, stage, &create), &[403], Asks::Nobody).await;
    for object in [
        json!(id),
        event(&id, &mallory.id),
        create.clone(),
        json!({"type": "Create", "id": id, "actor": stage.anna.id, "object": id}),
    ] {
        let announce = stage.anna.activity("Announce", object);
        let (state, reason, fetched) = stage.hears(&by(&stage.anna, stage, &announce), &announce).await;
        assert_eq!((state.as_str(), fetched.len()), ("ignored", 0), "{reason}");
    }
    let (state, reason, fetched) = announced(stage, &stage.site.url("/events/leads")).await;
    assert_eq!((state.as_str(), fetched), ("failed", vec!["site /events/leads".to_owned()]), "{reason}");
    let mut mover = stage.anna.activity("Move", json!(stage.anna.id));
    mover["target"] = json!(mallory.id);
    let (state, reason, fetched) = stage.hears(&by(&stage.anna, stage, &mover), &mover).await;
    assert_eq!((state.as_str(), fetched.len()), ("ignored", 0), "{reason}");
    for target in [mallory.id.clone(), format!("@mallory@{}", stage.evil.host())] {
        let said = stage.node.cli(&["follow", &target]).await;
        assert!(said.code == Some(1) && said.err.contains("blocked"), "{target}: {}{}", said.out, said.err);
    }
    // Somebody of another host, who is followed, has it in its past in every way.
    let teller = stage.site.actor("kertoja");
    let items = json!([
        id,
        event(&id, &mallory.id),
        create,
        teller.activity("Announce", json!(id)),
        teller.activity("Create", event(&id, &mallory.id)),
        teller.activity("Create", event(&id, &teller.id)),
    ]);
    let outbox = json!({"id": format!("{}/outbox", teller.id), "type": "OrderedCollection", "orderedItems": items});
    stage.site.set("/users/kertoja/outbox", Reply::document(&outbox));
    stage.follow(&stage.site, &teller).await;
    assert!(stage.gets_since(&before.1).await.contains(&"site /users/kertoja/outbox".to_owned()), "its past is read");
    stage.node.run(&["unfollow", &teller.id]).await;
    let asked: Vec<String> =
        stage.gets_since(&before.1).await.into_iter().filter(|asked| asked.starts_with("evil")).collect();
    assert_eq!(asked, [""; 0], "the blocked host was asked");
    assert_eq!(objects(stage).await, before.0);
    stage.node.run(&["unblock", stage.evil.host()]).await;
}

/// Ids and texts that one database refuses and the other cuts: they name nothing, have no effect, and nothing waits for them.
async fn f33_marks_that_not_every_database_keeps(stage: &Stage) {
    let odd = |path: &str| json!(format!("{}\u{0}\u{8}x", stage.site.url(path)));
    let of_anna = |id: Value| {
        let mut object = event("x", &stage.anna.id);
        object["id"] = id;
        object
    };
    let before = (objects(stage).await, stage.settled().await["following"].clone());
    let reply = json!({"id": stage.site.url("/notes/odd"), "type": "Note", "attributedTo": stage.anna.id, "content": "a\u{0}b",
                       "inReplyTo": odd("/notes/1"), "to": "as:Public"});
    let mut key = stage.anna.document();
    key["publicKey"]["publicKeyPem"] = json!("-----BEGIN PUBLIC KEY-----\nA\u{0}A\n-----END PUBLIC KEY-----\n");
    let mut profile = stage.anna.document();
    (profile["name"], profile["summary"], profile["url"]) = (json!("An\u{0}na"), json!("a\u{0}b"), odd("/@anna"));
    for (verb, object) in [
        ("Undo", odd("/activities/1")),
        ("Undo", json!({"type": "Follow", "id": odd("/f"), "object": odd("/x"), "actor": stage.anna.id})),
        ("Undo", json!({"type": "Like", "id": stage.site.url("/l"), "object": odd("/x")})),
        ("Delete", odd("/events/1")),
        ("Create", of_anna(odd("/events/1"))),
        ("Update", of_anna(odd("/events/1"))),
        ("Create", reply),
        ("Like", odd("/x")),
        ("EmojiReact", json!(stage.region)),
        ("Announce", odd("/x")),
        ("Announce", json!({"type": "Create", "id": odd("/a"), "actor": odd("/u"), "object": odd("/x")})),
        ("Flag", json!([stage.region, odd("/x")])),
        ("Block", odd("/users/x")),
        ("Follow", odd("/users/x")),
        ("Accept", odd("/follows/x")),
        ("Add", odd("/users/x")),
        ("Remove", odd("/users/x")),
        ("QuoteRequest", odd("/x")),
        ("Join", odd("/x")),
        ("Update", key),
        ("Update", profile),
    ] {
        let mut activity = stage.anna.activity(verb, object);
        activity["target"] = odd("/target");
        activity["instrument"] = odd("/instrument");
        activity["content"] = json!("a\u{0}b");
        let (state, reason, _) = stage.hears(&by(&stage.anna, stage, &activity), &activity).await;
        assert!(["ignored", "done", "failed"].contains(&state.as_str()), "{activity}: {state} {reason}");
        assert!(!reason.contains("database"), "{activity}: {reason}");
    }
    assert_eq!((objects(stage).await, stage.settled().await["following"].clone()), before);
    stage.anna.say(&stage.inbox, &stage.anna.activity("Update", stage.anna.document())).await;
    stage.settled().await;
}

/// Why it could not be had is logged with both addresses, in a line that stays short.
async fn f46_long_addresses_make_no_long_lines(stage: &Stage) {
    let path = format!("/f46/{}", "x".repeat(1_900));
    let mut announce = stage.anna.activity("Announce", json!(stage.evil.url(&path)));
    announce["id"] = json!(stage.site.url(&path));
    let (state, reason, _) = stage.hears(&by(&stage.anna, stage, &announce), &announce).await;
    assert_eq!(state, "failed", "{reason}");
    let log = stage.node.log();
    let lines: Vec<&str> = log.lines().filter(|line| line.contains("/f46/")).collect();
    assert!(!lines.is_empty() && lines.iter().all(|line| line.len() <= 2_048), "{lines:?}");
}
