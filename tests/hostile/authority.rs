//! Rightly signed, and about what is not the sender's.

use crate::cases;
use crate::harness::{ACTIVITY, Database, Post, Reply, Signing, Voice, producer_row, producers};
use crate::on_both_databases;
use crate::stage::{Asks, Stage};
use serde_json::{Value, json};

on_both_databases! {
    who_may_say_what;
}

async fn who_may_say_what(database: Database) {
    let stage = Stage::set(database).await;
    cases! { stage;
        o01_an_activity_of_another_server
        c42_o03_an_object_of_a_third_server
        c42_signed_for_another_actor
        o04_in_other_names
        o02_o11_o15_what_others_own
        o12_undoing_what_others_did
        o15_our_own_name
        o16_o17_announced_by_a_stranger
        o25_o26_addresses_of_other_servers
        o27_inboxes_where_nothing_is_sent
        c50_follows_of_nobody
        a_late_create_of_ours_stays_gone
        a_late_create_after_a_deletion
    }
}

fn post(voice: &Voice, stage: &Stage, activity: &Value) -> Post {
    Post::signed(voice, &stage.inbox, &activity.to_string(), &Signing::default())
}

fn note(id: &str, author: &str) -> Value {
    json!({"id": id, "type": "Event", "name": "Tapahtuma", "startTime": "2030-01-01T10:00:00Z", "attributedTo": author,
           "to": ["https://www.w3.org/ns/activitystreams#Public"]})
}

async fn o01_an_activity_of_another_server(stage: &Stage) {
    let mut like = stage.anna.activity("Like", json!(stage.region));
    like["id"] = json!(stage.third.url("/activities/1"));
    stage.ignores("an activity whose id is elsewhere", &post(&stage.anna, stage, &like), Asks::Nobody).await;
    let known = stage.node.inbox().await;
    assert!(
        known.iter().all(|row| row["activity"] != like["id"]),
        "kept, it would stand in the way of the genuine one"
    );
}

async fn c42_o03_an_object_of_a_third_server(stage: &Stage) {
    for author in [stage.anna.id.clone(), stage.third.url("/users/x")] {
        let id = stage.third.url("/events/1");
        for verb in ["Create", "Update"] {
            let activity = stage.anna.activity(verb, note(&id, &author));
            stage.ignores(verb, &post(&stage.anna, stage, &activity), Asks::Nobody).await;
        }
        for verb in ["Create", "Update", "Delete"] {
            let activity = stage.anna.activity(verb, json!(id));
            stage.ignores(verb, &post(&stage.anna, stage, &activity), Asks::Nobody).await;
        }
    }
}

async fn c42_signed_for_another_actor(stage: &Stage) {
    let follow = stage.bo.activity("Undo", json!({"type": "Follow", "actor": stage.bo.id, "object": stage.region}));
    stage.refuses("anna signs for bo", &post(&stage.anna, stage, &follow), &[401], Asks::Nobody).await;
}

async fn o04_in_other_names(stage: &Stage) {
    let id = stage.site.url("/events/1");
    for author in [json!(stage.bo.id), json!(stage.third.url("/users/x")), json!([]), Value::Null, json!(stage.region)]
    {
        let mut object = note(&id, "");
        object["attributedTo"] = author.clone();
        let create = stage.anna.activity("Create", object);
        stage.ignores(&format!("attributed to {author}"), &post(&stage.anna, stage, &create), Asks::Nobody).await;
    }
}

async fn o02_o11_o15_what_others_own(stage: &Stage) {
    let (event, _) = stage.publish("toisen").await;
    for verb in ["Update", "Delete", "Create"] {
        for (what, target) in [("our event", &event), ("our region", &stage.region), ("bo", &stage.bo.id)] {
            for object in [json!(target), note(target, &stage.anna.id), json!({"id": target, "type": "Tombstone"})] {
                // An object of the sender's own server that did not come along is read before it is judged.
                let asks = if object.is_string() && what == "bo" { Asks::TheSender(1) } else { Asks::Nobody };
                let activity = stage.anna.activity(verb, object);
                stage.ignores(&format!("{verb} of {what}"), &post(&stage.anna, stage, &activity), asks).await;
            }
        }
    }
    let served = stage.node.document(&event).await;
    assert_eq!(served["name"], "Tapahtuma toisen");
    assert_eq!(stage.node.get(&stage.region, ACTIVITY).await.status, 200);
}

async fn o12_undoing_what_others_did(stage: &Stage) {
    let theirs = json!({"id": stage.site.url("/f"), "type": "Follow", "actor": stage.bo.id, "object": stage.region});
    for object in
        [json!(stage.site.url("/never")), json!({"id": stage.site.url("/u"), "type": "Undo", "object": theirs})]
    {
        let undo = stage.anna.activity("Undo", object);
        stage.ignores("Undo of what is unknown", &post(&stage.anna, stage, &undo), Asks::Nobody).await;
    }
    // Bo's follow itself, as it was answered: by its id, whole, and under an id of anna's.
    let accept = stage.site.posted_one("bo's Accept", |body| body["object"]["actor"] == stage.bo.id.as_str()).await;
    let (follow, mut renamed) = (accept["object"].clone(), accept["object"].clone());
    renamed["id"] = json!(stage.site.url("/f"));
    for object in [follow["id"].clone(), follow, renamed] {
        let undo = stage.anna.activity("Undo", object);
        stage.ignores("Undo of somebody else's follow", &post(&stage.anna, stage, &undo), Asks::Nobody).await;
    }
}

async fn o15_our_own_name(stage: &Stage) {
    let mut us = stage.anna.clone();
    us.id = stage.region.clone();
    us.key_id = format!("{}#main-key", stage.region);
    let activity = us.activity("Delete", json!(stage.region));
    stage.refuses("in our own name", &post(&us, stage, &activity), &[401], Asks::Nobody).await;
    let mut like = stage.anna.activity("Like", json!(stage.region));
    like["id"] = json!(format!("{}/likes/1", stage.region));
    stage.ignores("an activity with an id of ours", &post(&stage.anna, stage, &like), Asks::Nobody).await;
}

async fn o16_o17_announced_by_a_stranger(stage: &Stage) {
    let id = stage.third.url("/events/1");
    let inner = json!({"id": stage.third.url("/a/1"), "type": "Announce", "actor": stage.bo.id, "object": id});
    for object in [json!(id), note(&id, &stage.third.url("/users/x")), inner] {
        let announce = stage.anna.activity("Announce", object);
        stage
            .ignores("announced by somebody we do not follow", &post(&stage.anna, stage, &announce), Asks::Nobody)
            .await;
    }
}

async fn o25_o26_addresses_of_other_servers(stage: &Stage) {
    for (name, field) in [("inbox", "/inbox"), ("key", "/publicKey/id"), ("owner", "/publicKey/owner")] {
        let voice = stage.evil.stranger(&format!("elsewhere-{name}"));
        let mut document = voice.document();
        *document.pointer_mut(field).unwrap() = json!(stage.third.url("/x"));
        stage.evil.set(&format!("/users/{}", voice.name), Reply::document(&document));
        let follow = voice.activity("Follow", json!(stage.region));
        stage.refuses(name, &post(&voice, stage, &follow), &[401], Asks::TheSender(2)).await;
    }
    // A shared inbox of another server is not used; the actor's own is.
    let voice = stage.evil.stranger("shared");
    let mut document = voice.document();
    document["endpoints"] = json!({"sharedInbox": stage.third.url("/inbox")});
    stage.evil.set("/users/shared", Reply::document(&document));
    voice.say(&stage.inbox, &voice.activity("Follow", json!(stage.region))).await;
    stage.evil.posted_one("the Accept comes to the actor's own inbox", |body| body["type"] == "Accept").await;
    assert_eq!(stage.third.posted().len(), 0);
    voice.say(&stage.inbox, &voice.activity("Undo", json!({"type": "Follow", "object": stage.region}))).await;
    stage.settled().await;
}

/// Nobody becomes a follower whose inbox is ours, on a private address, at another port, or no web address at all.
async fn o27_inboxes_where_nothing_is_sent(stage: &Stage) {
    let (host, _) = stage.evil.host().split_once(':').unwrap();
    for (number, inbox) in [
        stage.inbox.clone(),
        stage.shared.clone(),
        "http://169.254.169.254/latest".to_owned(),
        format!("http://{host}:22/inbox"),
        format!("http://{host}/inbox"),
        "file:///etc/passwd".to_owned(),
        stage.evil.url("/inbox").replace("http://", "http://user:password@"),
    ]
    .into_iter()
    .enumerate()
    {
        let voice = stage.evil.stranger(&format!("nowhere-{number}"));
        let mut document = voice.document();
        document["inbox"] = json!(inbox);
        stage.evil.set(&format!("/users/{}", voice.name), Reply::document(&document));
        let follow = voice.activity("Follow", json!(stage.region));
        stage.refuses(&inbox, &post(&voice, stage, &follow), &[401], Asks::TheSender(2)).await;
    }
}

async fn c50_follows_of_nobody(stage: &Stage) {
    let unknown = stage.node.url("/ap/actors/0190a0a0-0000-7000-8000-000000000000");
    let follow = stage.anna.activity("Follow", json!(unknown)).to_string();
    let at = |inbox: &str| Post::signed(&stage.anna, inbox, &follow, &Signing::default());
    stage.refuses("a follow of nobody", &at(&format!("{unknown}/inbox")), &[404], Asks::Nobody).await;
    stage.refuses("the same at the shared inbox", &at(&stage.shared), &[404], Asks::Nobody).await;
    let row = producer_row("poistuva", "Poistuva Esimerkki", "Otsikko", "poistuva");
    let said = stage.node.import(&producers(&[row]), "producers-csv").await;
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    let gone = stage.node.id_of("/@poistuva").await;
    stage.node.run(&["delete", &gone]).await;
    stage.settled().await;
    let follow = stage.anna.activity("Follow", json!(gone)).to_string();
    let post = Post::signed(&stage.anna, &format!("{gone}/inbox"), &follow, &Signing::default());
    stage.refuses("a follow of somebody deleted", &post, &[410], Asks::Nobody).await;
}

async fn a_late_create_of_ours_stays_gone(stage: &Stage) {
    let (event, slug) = stage.publish("poistettu").await;
    let document = stage.node.document(&event).await;
    stage.node.run(&["delete", &slug]).await;
    stage.settled().await;
    for object in [document.clone(), json!(event)] {
        for verb in ["Create", "Update", "Announce"] {
            let activity = stage.anna.activity(verb, object.clone());
            stage.ignores(verb, &post(&stage.anna, stage, &activity), Asks::Nobody).await;
        }
    }
    let answer = stage.node.get(&event, ACTIVITY).await;
    assert_eq!((answer.status, answer.json()["type"].clone()), (410, json!("Tombstone")));
}

async fn a_late_create_after_a_deletion(stage: &Stage) {
    let id = stage.site.url("/events/late");
    let delete = stage.anna.activity("Delete", json!(id));
    stage.ignores("a stranger deletes what is unknown", &post(&stage.anna, stage, &delete), Asks::Nobody).await;
    stage.follow(&stage.site, &stage.anna).await;
    stage.anna.say(&stage.inbox, &stage.anna.activity("Delete", json!(id))).await;
    stage.settled().await;
    for verb in ["Create", "Update"] {
        let activity = stage.anna.activity(verb, note(&id, &stage.anna.id));
        stage.ignores(verb, &post(&stage.anna, stage, &activity), Asks::Nobody).await;
        let rows = stage.node.inbox().await;
        let row = rows.iter().find(|row| row["activity"] == activity["id"]).unwrap();
        assert_eq!(row["reason"], "it was deleted", "{verb}");
    }
}
