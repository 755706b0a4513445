//! Somebody whom the national node follows and who is up to no good. A follow is a reason to listen, not to believe.

use crate::cases;
use crate::harness::{Database, Kind, Node, Reply, Site, Voice};
use crate::on_both_databases;
use serde_json::{Value, json};

on_both_databases! {
    who_is_followed_may_not_say_everything;
}

struct Scene {
    node: Node,
    inbox: String,
    /// An honest region of another server.
    honest: Site,
    region: Voice,
    /// Followed as well.
    evil: Site,
    announcer: Voice,
    third: Site,
}

async fn who_is_followed_may_not_say_everything(database: Database) {
    let node = Node::start(Kind::National, database).await;
    let inbox = format!("{}/inbox", node.actor().await);
    let (honest, evil, third) = (Site::start().await, Site::start().await, Site::start().await);
    let (region, announcer) = (region(&honest, "keski_suomi", "Keski-Suomi"), region(&evil, "satakunta", "Satakunta"));
    let scene = Scene { node, inbox, honest, region, evil, announcer, third };
    scene.follows(&scene.honest, &scene.region).await;
    scene.follows(&scene.evil, &scene.announcer).await;
    cases! { scene;
        o17_an_embedded_copy_is_not_believed
        o16_an_announce_of_an_announce_goes_no_further
        a_wrapped_deletion_needs_the_word_of_its_host
        an_update_of_the_unknown_is_taken_at_any_age
        a_pin_is_read_where_it_is_and_never_deletes
        o31_another_region_in_the_object_counts_for_nothing
        o34_a_region_that_nobody_configured_is_not_gathered
        o24_blocked_things_come_by_no_other_way
    }
}

/// An actor that presents itself as a region.
fn region(site: &Site, name: &str, of: &str) -> Voice {
    let voice = site.stranger(name);
    let mut document = voice.document();
    document["type"] = json!("Group");
    document["attachment"] = json!([{"type": "PropertyValue", "name": "Maakunta", "value": of}]);
    document["featured"] = json!(format!("{}/featured", voice.id));
    site.set(&format!("/users/{name}"), Reply::document(&document));
    voice
}

fn happening(id: &str, author: &str, name: &str) -> Value {
    json!({"@context": vocab::ACTIVITY_STREAMS, "id": id, "type": "Event", "name": name, "attributedTo": author,
           "startTime": "2030-01-01T10:00:00Z", "endTime": "2030-01-01T12:00:00Z", "content": format!("<p>{name}</p>"),
           "published": "2026-11-01T10:00:00Z", "url": id, "to": [vocab::PUBLIC]})
}

impl Scene {
    /// Somebody honest is heard after all that.
    async fn honest_request_works(&self) {
        let remark = self.announcer.activity("Frobnicate", json!(self.announcer.id));
        assert_eq!(self.says(&self.announcer, &remark).await.0, "ignored", "the next request");
    }

    async fn follows(&self, site: &Site, voice: &Voice) {
        self.node.follows(&self.inbox, site, voice).await;
    }

    async fn says(&self, voice: &Voice, activity: &Value) -> (String, String) {
        voice.say(&self.inbox, activity).await;
        self.node.processed(activity).await
    }

    /// Names of the events that the national node shows.
    async fn shown(&self) -> Vec<String> {
        let items = self.node.items("/tapahtumat").await;
        items.iter().filter_map(|item| item["name"].as_str().map(str::to_owned)).collect()
    }

    /// The honest region's event, served by its server.
    fn serves(&self, name: &str) -> String {
        let id = self.honest.url(&format!("/events/{name}"));
        let document = happening(&id, &self.region.id, name);
        self.honest.set(&format!("/events/{name}"), Reply::document(&document));
        id
    }
}

async fn o17_an_embedded_copy_is_not_believed(scene: &Scene) {
    let id = scene.serves("Aito");
    let altered = happening(&id, &scene.region.id, "Väärennetty");
    for object in [
        altered.clone(),
        json!({"id": scene.honest.url("/a/1"), "type": "Create", "actor": scene.region.id, "object": altered}),
        json!({"id": scene.honest.url("/a/2"), "type": "Update", "actor": scene.region.id, "object": altered}),
    ] {
        let announce = scene.announcer.activity("Announce", object);
        assert_ne!(scene.says(&scene.announcer, &announce).await.0, "failed");
        assert_eq!(scene.shown().await, ["Aito"], "{announce}");
    }
    // Nor is a copy under the announcer's own address one of the honest region's.
    let stolen = scene.evil.url("/events/stolen");
    scene.evil.set("/events/stolen", Reply::document(&happening(&stolen, &scene.region.id, "Varastettu")));
    let announce = scene.announcer.activity("Announce", json!(stolen));
    assert_eq!(scene.says(&scene.announcer, &announce).await.0, "ignored");
    assert_eq!(scene.shown().await, ["Aito"]);
}

async fn o16_an_announce_of_an_announce_goes_no_further(scene: &Scene) {
    let (sent, asked) = (scene.evil.posted().len() + scene.honest.posted().len(), scene.third.journal().len());
    let inner = |depth: usize| {
        let mut object = json!(scene.third.url("/events/1"));
        for level in 0..depth {
            let id = scene.evil.url(&format!("/announces/{level}"));
            object = json!({"id": id, "type": "Announce", "actor": scene.announcer.id, "object": object});
        }
        object
    };
    for depth in [1, 2, 12] {
        let announce = scene.announcer.activity("Announce", inner(depth));
        assert_eq!(scene.says(&scene.announcer, &announce).await.0, "ignored", "{depth} deep");
    }
    // By its id: what is found there is an activity, not a thing.
    scene.evil.set(
        "/announces/served",
        Reply::document(&{
            let mut document = inner(1);
            document["id"] = json!(scene.evil.url("/announces/served"));
            document
        }),
    );
    let announce = scene.announcer.activity("Announce", json!(scene.evil.url("/announces/served")));
    assert_eq!(scene.says(&scene.announcer, &announce).await.0, "ignored");
    assert_eq!(scene.third.journal().len(), asked, "nobody was asked");
    assert_eq!(scene.evil.posted().len() + scene.honest.posted().len(), sent, "nothing was sent on");
}

async fn a_wrapped_deletion_needs_the_word_of_its_host(scene: &Scene) {
    let id = scene.serves("Elossa");
    assert_eq!(
        scene.says(&scene.region, &scene.region.activity("Create", happening(&id, &scene.region.id, "Elossa"))).await.0,
        "done"
    );
    let inner = json!({"id": scene.honest.url("/d/1"), "type": "Delete", "actor": scene.region.id, "object": id});
    let wrapped = scene.announcer.activity("Announce", inner.clone());
    assert_eq!(scene.says(&scene.announcer, &wrapped).await.0, "ignored");
    assert!(scene.shown().await.contains(&"Elossa".to_owned()));
    scene.honest.set("/events/Elossa", Reply::status(410));
    let wrapped = scene.announcer.activity("Announce", inner);
    assert_eq!(scene.says(&scene.announcer, &wrapped).await.0, "done");
    assert!(!scene.shown().await.contains(&"Elossa".to_owned()));
}

/// Its `Create` may have been lost while the node was away. What was deleted stays deleted.
async fn an_update_of_the_unknown_is_taken_at_any_age(scene: &Scene) {
    let id = scene.honest.url("/events/vanha");
    let mut object = happening(&id, &scene.region.id, "Vanha");
    object["published"] = json!("2020-01-01T10:00:00Z");
    let update = || scene.region.activity("Update", object.clone());
    assert_eq!(scene.says(&scene.region, &update()).await.0, "done");
    assert!(scene.shown().await.contains(&"Vanha".to_owned()));
    assert_eq!(scene.says(&scene.region, &scene.region.activity("Delete", json!(id))).await.0, "done");
    assert_eq!(scene.says(&scene.region, &update()).await, ("ignored".to_owned(), "it was deleted".to_owned()));
    assert!(!scene.shown().await.contains(&"Vanha".to_owned()));
}

async fn a_pin_is_read_where_it_is_and_never_deletes(scene: &Scene) {
    let pin = |verb: &str, voice: &Voice, of: &Voice, object: &str| {
        let mut activity = voice.activity(verb, json!(object));
        activity["target"] = json!(format!("{}/featured", of.id));
        activity
    };
    let id = scene.serves("Kiinnitetty");
    let (region, announcer) = (&scene.region, &scene.announcer);
    let asked = scene.third.journal().len();
    for (what, voice, activity) in [
        ("of another host", announcer, pin("Add", announcer, announcer, &id)),
        ("to the pins of somebody else", announcer, pin("Add", announcer, region, &id)),
        ("of a third server", announcer, pin("Add", announcer, announcer, &scene.third.url("/events/1"))),
    ] {
        assert_eq!(scene.says(voice, &activity).await.0, "ignored", "{what}");
        assert!(!scene.shown().await.contains(&"Kiinnitetty".to_owned()), "{what}");
    }
    assert_eq!(scene.third.journal().len(), asked, "nobody was asked");
    assert_eq!(scene.says(region, &pin("Add", region, region, &id)).await.0, "done");
    for verb in ["Remove", "Add", "Remove"] {
        assert_ne!(scene.says(region, &pin(verb, region, region, &id)).await.0, "failed", "{verb}");
        assert!(scene.shown().await.contains(&"Kiinnitetty".to_owned()), "{verb}");
    }
}

async fn o31_another_region_in_the_object_counts_for_nothing(scene: &Scene) {
    let id = scene.evil.url("/events/claims");
    let mut object = happening(&id, &scene.announcer.id, "Väitetty");
    object["tag"] = json!([{"type": "Hashtag", "name": "#KeskiSuomi"}]);
    object["attachment"] = json!([{"type": "PropertyValue", "name": "Maakunta", "value": "Keski-Suomi"}]);
    object["organizers"] = json!([scene.region.id]);
    assert_eq!(scene.says(&scene.announcer, &scene.announcer.activity("Create", object)).await.0, "done");
    let items = scene.node.items("/tapahtumat").await;
    let item = items.iter().find(|item| item["name"] == "Väitetty").unwrap();
    assert!(!item["source"].to_string().contains("Keski-Suomi"), "{item}");
    assert!(item["source"].to_string().contains(scene.evil.host()), "{item}");
}

async fn o34_a_region_that_nobody_configured_is_not_gathered(scene: &Scene) {
    let stranger = region(&scene.third, "lappi", "Lappi");
    let id = scene.third.url("/events/1");
    let create = stranger.activity("Create", happening(&id, &stranger.id, "Kutsumatta"));
    assert_eq!(scene.says(&stranger, &create).await, ("ignored".to_owned(), "its author is not followed".to_owned()));
    scene.third.set("/events/1", Reply::document(&happening(&id, &stranger.id, "Kutsumatta")));
    let announce = scene.announcer.activity("Announce", json!(id));
    assert_eq!(scene.says(&scene.announcer, &announce).await.0, "ignored", "not through a friend either");
    assert!(!scene.shown().await.contains(&"Kutsumatta".to_owned()));
}

async fn o24_blocked_things_come_by_no_other_way(scene: &Scene) {
    assert!(scene.shown().await.contains(&"Aito".to_owned()));
    scene.node.run(&["block", scene.honest.host()]).await;
    assert!(!scene.shown().await.contains(&"Aito".to_owned()), "what came from there is gone");
    let asked = scene.honest.journal().len();
    let id = scene.honest.url("/events/Aito");
    scene.evil.set("/redirects", Reply::redirect(&id));
    let copy = happening(&id, &scene.region.id, "Aito");
    let update = json!({"id": scene.evil.url("/u/1"), "type": "Update", "actor": scene.region.id, "object": copy});
    for object in [json!(id), copy.clone(), update, json!(scene.evil.url("/redirects"))] {
        let announce = scene.announcer.activity("Announce", object);
        assert_ne!(scene.says(&scene.announcer, &announce).await.0, "done", "{announce}");
    }
    assert_eq!(scene.region.post(&scene.inbox, &scene.region.activity("Create", copy)).await, 403);
    assert!(!scene.shown().await.contains(&"Aito".to_owned()));
    assert_eq!(scene.honest.journal().len(), asked, "it was asked");
}
