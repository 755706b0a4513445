//! What others say about a region's things, and what comes of it: seen from a server that says it, over HTTP, and by the
//! operator at the command line.

use crate::cases;
use crate::harness::{Database, Kind, Node, Site, Voice, event};
use crate::importing::a_list_is_imported_page_by_page;
use crate::on_both_databases;
use crate::relations::{
    a_block_ends_both_follows, a_moved_actor_is_followed_where_it_went, a_relay_is_followed_as_everybody,
    actors_change_and_leave, followers_are_told_to_their_own_host, o23_followers_are_compared,
    o24_blocked_by_the_operator, our_follow_is_answered_and_refused_later,
};
use serde_json::{Value, json};

on_both_databases! {
    what_others_say;
}

/// A region with one event, and a server on which anna lives.
pub struct Scene {
    pub node: Node,
    pub site: Site,
    pub anna: Voice,
    pub region: String,
    pub inbox: String,
    /// An event of the region.
    pub event: String,
}

async fn what_others_say(database: Database) {
    let node = Node::start(Kind::Region("06"), database).await;
    node.import_bundle(&event("e", "Iltaklubi", "Lyhyesti.")).await;
    let event = node.id_of("/tapahtumat/iltaklubi").await;
    let region = node.actor().await;
    let inbox = format!("{region}/inbox");
    let site = Site::start().await;
    let anna = site.actor("anna");
    let scene = Scene { node, site, anna, region, inbox, event };
    cases! { scene;
        c47_shapes
        reactions_are_counted
        c53_o35_answers
        c54_a_quote_is_approved
        c51_a_join_is_answered_in_the_way_its_server_knows
        c55_reports_reach_the_queue
        our_follow_is_answered_and_refused_later
        actors_change_and_leave
        a_block_ends_both_follows
        a_relay_is_followed_as_everybody
        o23_followers_are_compared
        followers_are_told_to_their_own_host
        a_moved_actor_is_followed_where_it_went
        o24_blocked_by_the_operator
        a_list_is_imported_page_by_page
    }
}

impl Scene {
    /// What anna says is taken and has been processed; its state and reason.
    pub async fn says(&self, activity: &Value) -> (String, String) {
        self.hears(&self.anna, activity).await
    }

    /// The same of somebody else.
    pub async fn hears(&self, voice: &Voice, activity: &Value) -> (String, String) {
        voice.say(&self.inbox, activity).await;
        self.node.processed(activity).await
    }

    /// How many are in a collection of the event.
    pub async fn count(&self, name: &str) -> i64 {
        self.node.document(&format!("{}/{name}", self.event)).await["totalItems"].as_i64().unwrap()
    }

    fn note(&self, name: &str, content: &str) -> Value {
        let id = self.site.url(&format!("/notes/{name}"));
        json!({"id": id, "type": "Note", "attributedTo": self.anna.id, "inReplyTo": self.event, "content": content,
               "to": [vocab::PUBLIC], "url": self.site.url(&format!("/@anna/{name}"))})
    }
}

/// What [`Scene::says`] gives for an activity that had its effect.
pub fn done() -> (String, String) {
    ("done".to_owned(), String::new())
}

/// Types in lists, one object in a list, members that are `null`, an unknown verb.
async fn c47_shapes(scene: &Scene) {
    let mut like = scene.anna.activity("Like", json!([scene.event]));
    like["type"] = json!(["Like", "x"]);
    like["to"] = json!("as:Public");
    for name in ["cc", "target", "published", "content", "tag"] {
        like[name] = Value::Null;
    }
    assert_eq!(scene.says(&like).await, done());
    assert_eq!(scene.count("likes").await, 1);
    let mut undo = scene.anna.activity("Undo", json!([like]));
    undo["type"] = json!(["Undo"]);
    assert_eq!(scene.says(&undo).await, done());
    assert_eq!(scene.count("likes").await, 0);
    let unknown = scene.anna.activity("Frobnicate", json!(scene.event));
    assert_eq!(scene.says(&unknown).await.0, "ignored");
}

async fn reactions_are_counted(scene: &Scene) {
    for (verb, collection) in [("Like", "likes"), ("Announce", "shares")] {
        let said = scene.anna.activity(verb, json!(scene.event));
        assert_eq!(scene.says(&said).await, done());
        let document = scene.node.document(&format!("{}/{collection}", scene.event)).await;
        assert_eq!((&document["type"], &document["totalItems"]), (&json!("Collection"), &json!(1)), "{verb}");
        assert!(document.get("items").is_none(), "who reacted is not told: {document}");
        let undo = scene.anna.activity("Undo", said["id"].clone());
        assert_eq!(scene.says(&undo).await, done());
        assert_eq!(scene.count(collection).await, 0, "{verb}");
    }
}

async fn c53_o35_answers(scene: &Scene) {
    // Words that no hexadecimal id on a page has in it.
    let script = r#"<p>Tulen!<script>alert("kuukkeli")</script><img src=x onerror="alert(1)"></p>"#;
    let public = scene.note("1", script);
    assert_eq!(scene.says(&scene.anna.activity("Create", public.clone())).await, done());
    let mut private = scene.note("2", "<p>Vain teille o35</p>");
    private["to"] = json!([scene.region]);
    assert_eq!(scene.says(&scene.anna.activity("Create", private)).await, done());
    let replies = scene.node.document(&format!("{}/replies", scene.event)).await;
    assert_eq!((&replies["totalItems"], &replies["items"]), (&json!(1), &json!([public["id"]])));
    for path in ["/", "/tapahtumat", "/tapahtumat/iltaklubi"] {
        let page = scene.node.get(path, "text/html").await;
        assert_eq!(page.status, 200, "{path}");
        assert!(!page.body.contains("kuukkeli") && !page.body.contains("o35"), "{path}");
        let policy = page.header("content-security-policy");
        assert!(policy.contains("default-src") && !policy.contains("unsafe-inline"), "{path}: {policy}");
    }
    let delete = scene.anna.activity("Delete", json!({"id": public["id"], "type": "Tombstone"}));
    assert_eq!(scene.says(&delete).await, done());
    assert_eq!(scene.count("replies").await, 0);
    let late = scene.anna.activity("Create", public);
    assert_eq!(scene.says(&late).await, ("ignored".to_owned(), "it was deleted".to_owned()));
}

async fn c54_a_quote_is_approved(scene: &Scene) {
    let policy = scene.node.document(&scene.event).await["interactionPolicy"].clone();
    assert_eq!(policy["canQuote"]["automaticApproval"], json!([vocab::PUBLIC]));
    let mut request = scene.anna.activity("QuoteRequest", json!(scene.event));
    let quoting = scene.site.url("/notes/quoting");
    request["instrument"] = json!({"id": quoting, "type": "Note", "quote": scene.event});
    assert_eq!(scene.says(&request).await, done());
    let accept = scene.site.posted_one("the Accept", |body| body["object"]["id"] == request["id"]).await;
    assert_eq!((&accept["type"], &accept["object"]), (&json!("Accept"), &request));
    let approval = scene.node.document(accept["result"].as_str().unwrap()).await;
    assert_eq!(approval["type"], "QuoteAuthorization");
    assert_eq!(approval["id"], accept["result"]);
    assert_eq!(approval["attributedTo"], scene.region.as_str());
    assert_eq!(
        (&approval["interactingObject"], &approval["interactionTarget"]),
        (&json!(quoting), &json!(scene.event))
    );
}

async fn c51_a_join_is_answered_in_the_way_its_server_knows(scene: &Scene) {
    let join = scene.anna.activity("Join", json!(scene.event));
    assert_eq!(scene.says(&join).await, done());
    let ignore = scene.site.posted_one("the Ignore", |body| body["type"] == "Ignore").await;
    assert_eq!((&ignore["object"], &ignore["actor"]), (&join["id"], &json!(scene.region)));
    // Another server says in its NodeInfo that it knows no `Ignore`.
    let other = Site::start().await;
    other.runs("mobilizon");
    let venla = other.actor("venla");
    let join = venla.activity("Join", json!(scene.event));
    venla.say(&scene.inbox, &join).await;
    let reject = other.posted_one("the Reject", |body| body["type"] == "Reject").await;
    assert_eq!((&reject["object"], &reject["actor"]), (&join, &json!(scene.region)));
    assert!(other.posted().iter().all(|body| body["type"] != "Ignore"));
}

async fn c55_reports_reach_the_queue(scene: &Scene) {
    let page = scene.node.url("/tapahtumat/iltaklubi");
    for (text, object) in [("yksi", json!(scene.event)), ("monta", json!([scene.region, page]))] {
        let mut flag = scene.anna.activity("Flag", object);
        flag["content"] = json!(format!("<p>{text}</p>"));
        assert_eq!(scene.says(&flag).await, done());
    }
    let reports = async || {
        let said: Value = serde_json::from_str(&scene.node.run(&["reports", "--json"]).await).unwrap();
        said["reports"].as_array().unwrap().clone()
    };
    let open = reports().await;
    assert_eq!(open.len(), 2);
    assert_eq!((&open[0]["content"], &open[0]["about"]), (&json!("yksi"), &json!([scene.event])));
    assert_eq!((&open[1]["content"], &open[1]["about"]), (&json!("monta"), &json!([scene.region, page])));
    assert_eq!(open[0]["host"], scene.site.host());
    assert!(!open[0].to_string().contains("anna"), "who reports is not shown");
    assert_eq!(scene.node.status().await["reports"]["open"], 2);
    let id = open[0]["id"].to_string();
    scene.node.run(&["reports", "--resolve", &id]).await;
    assert_eq!(reports().await.len(), 1);
    assert_eq!(scene.node.cli(&["reports", "--resolve", &id]).await.code, Some(1), "once");
}
