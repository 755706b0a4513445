//! The national node gathers what regions publish, by federation alone: the past from their outboxes, then every change.

use crate::harness::{
    ACTIVITY, Database, Kind, Net, Post, Signing, event, organisation, producer_row, producers, task,
};
use crate::harness::{Reply, Site};
use crate::on_both_databases;
use serde_json::{Value, json};

on_both_databases! {
    a_national_node_gathers_a_region;
    c64_a_ring_of_nodes_comes_to_rest;
    an_unfollowed_region_is_heard_no_more;
    deletions_win_over_late_creates;
}

const REGION: usize = 0;
const NATIONAL: usize = 1;

async fn region_and_national(database: Database) -> Net {
    Net::start(database, &[Kind::Region("06"), Kind::National]).await
}

fn by_id<'a>(items: &'a [Value], id: &str) -> Option<&'a Value> {
    items.iter().find(|item| item["source"]["id"] == id)
}

async fn a_national_node_gathers_a_region(database: Database) {
    let net = region_and_national(database).await;
    let (region, national) = (&net[REGION], &net[NATIONAL]);
    region.import_bundle(&organisation("osuuskunta", "Osuuskunta Esimerkki")).await;
    region.import_bundle(&event("ennen", "Ennen seuraamista", "Lyhyesti.")).await;
    region.import_bundle(&event("poissa", "Poistettu ennen", "Lyhyesti.")).await;
    region.import_bundle(&task("t", "Tuottaja kiertueelle", "open")).await;
    region.run(&["delete", "poistettu-ennen"]).await;
    let row = |headline: &str| producers(&[producer_row("p", "Maija Esimerkki", headline, "maija")]);
    assert_eq!(region.import(&row("Ensin"), "producers-csv").await.code, Some(0));

    println!("── the past is read");
    net.follow(NATIONAL, REGION).await;
    let (event_id, task_id) =
        (region.id_of("/tapahtumat/ennen-seuraamista").await, region.id_of("/tehtavat/tuottaja-kiertueelle").await);
    let events = national.items("/tapahtumat").await;
    assert_eq!(events.len(), 1, "{events:#?}");
    let found = by_id(&events, &event_id).expect("the event from before");
    assert_eq!(
        (&found["name"], &found["source"]["host"]),
        (&json!("Ennen seuraamista"), &json!(region.host())),
        "{found}"
    );
    assert!(by_id(&national.items("/tehtavat").await, &task_id).is_some());
    assert_eq!(national.items("/tuottajat").await.len(), 1);
    assert_eq!(national.items("/organisaatiot").await.len(), 1);

    println!("── what comes after arrives by itself");
    region.import_bundle(&event("jalkeen", "Seuraamisen jälkeen", "Lyhyesti.")).await;
    let new_id = region.id_of("/tapahtumat/seuraamisen-jalkeen").await;
    net.settle().await;
    assert!(by_id(&national.items("/tapahtumat").await, &new_id).is_some());

    println!("── changes");
    region.import_bundle(&event("jalkeen", "Seuraamisen jälkeen", "Muutettu kuvaus.")).await;
    assert_eq!(region.import(&row("Uusi otsikko"), "producers-csv").await.code, Some(0));
    region.run(&["close", "tuottaja-kiertueelle"]).await;
    net.settle().await;
    assert_eq!(by_id(&national.items("/tapahtumat").await, &new_id).unwrap()["blurb"], "Muutettu kuvaus.");
    assert_eq!(national.items("/tuottajat").await[0]["headline"], "Uusi otsikko");
    assert_eq!(by_id(&national.items("/tehtavat").await, &task_id).unwrap()["state"], "filled");
    region.run(&["cancel", "seuraamisen-jalkeen"]).await;
    net.settle().await;
    assert_eq!(by_id(&national.items("/tapahtumat").await, &new_id).unwrap()["status"], "cancelled");

    println!("── filters");
    assert_eq!(national.items("/tapahtumat?region=06").await.len(), 2);
    assert_eq!(national.items("/tapahtumat?region=13").await.len(), 0);

    println!("── deletions");
    region.run(&["delete", &new_id]).await;
    let producer = region.id_of("/@maija").await;
    region.run(&["delete", &producer]).await;
    net.settle().await;
    assert!(by_id(&national.items("/tapahtumat").await, &new_id).is_none());
    assert_eq!(national.items("/tuottajat").await.len(), 0);
    assert_eq!(region.get(&new_id, ACTIVITY).await.status, 410);

    println!("── the national node claims nothing of it as its own");
    assert!(national.status().await["objects"]["own"].get("event").is_none());
    let own = national.get(&national.actor().await, ACTIVITY).await.json();
    assert_eq!(own["type"], "Group");
}

/// Three nodes that all follow one another: what one publishes reaches the others once, and nobody sends it on for ever.
async fn c64_a_ring_of_nodes_comes_to_rest(database: Database) {
    let net = Net::start(database, &[Kind::Region("06"), Kind::Region("13"), Kind::National]).await;
    for (follower, followed) in [(0, 1), (1, 2), (2, 0), (1, 0), (2, 1), (0, 2)] {
        net.follow(follower, followed).await;
    }
    let queued = async || [net[0].deliveries().await, net[1].deliveries().await, net[2].deliveries().await];
    let before = queued().await;
    net[0].import_bundle(&event("e", "Kierros", "Lyhyesti.")).await;
    let id = net[0].id_of("/tapahtumat/kierros").await;
    net.settle().await;
    let after = queued().await;
    let sent = [0, 1, 2].map(|place| after[place] - before[place]);
    assert_eq!(sent, [2, 0, 2], "the Create of the one, nothing of the next, the Announce of the national one");
    let announces = net[2].url("/ap/announces/");
    for (place, expected) in [1, 1, 0].into_iter().enumerate() {
        let received = net[place].inbox().await;
        let about = received.iter().filter(|row| row["activity"].as_str().unwrap().starts_with(&announces)).count();
        assert_eq!(about, expected, "node {place} was told {about} times of what it has");
    }
    for place in [1, 2] {
        let items = net[place].items("/tapahtumat?region=06").await;
        assert!(by_id(&items, &id).is_some(), "node {place}: {items:#?}");
        let received = net[place].inbox().await;
        let about = received.iter().filter(|row| row["activity"].as_str().unwrap().starts_with(&id)).count();
        assert_eq!(about, 1, "node {place} got it {about} times");
    }
    net.settle().await;
    assert_eq!(queued().await, after, "nothing more is sent");
}

async fn an_unfollowed_region_is_heard_no_more(database: Database) {
    let net = region_and_national(database).await;
    net.follow(NATIONAL, REGION).await;
    net[REGION].import_bundle(&event("e", "Seurattu", "Lyhyesti.")).await;
    net.settle().await;
    assert_eq!(net[NATIONAL].items("/tapahtumat").await.len(), 1);
    net[NATIONAL].run(&["unfollow", &net[REGION].handle()]).await;
    net.settle().await;
    assert_eq!(net[REGION].status().await["followers"], 0);
    net[REGION].import_bundle(&event("e2", "Ei enää seurattu", "Lyhyesti.")).await;
    net.settle().await;
    let names: Vec<Value> = net[NATIONAL].items("/tapahtumat").await.iter().map(|item| item["name"].clone()).collect();
    assert!(!names.contains(&json!("Ei enää seurattu")), "{names:?}");
}

/// A region that runs another program is followed by its address, and sends its `Delete` before or twice before its `Create`.
async fn deletions_win_over_late_creates(database: Database) {
    let net = Net::start(database, &[Kind::National]).await;
    let (national, site) = (&net[0], Site::start().await);
    let anna = site.stranger("kainuu");
    let mut document = anna.document();
    document["type"] = json!("Group");
    document["attachment"] = json!([{"type": "PropertyValue", "name": "Maakunta", "value": "Kainuu"}]);
    site.set("/users/kainuu", Reply::document(&document));
    let inbox = format!("{}/inbox", national.actor().await);
    national.follows(&inbox, &site, &anna).await;
    let event = |number: u32, name: &str, updated: &str| {
        json!({
            "id": site.url(&format!("/events/{number}")), "type": "Event", "name": name, "attributedTo": anna.id,
            "startTime": "2030-05-01T18:00:00Z", "endTime": "2030-05-01T20:00:00Z", "published": "2026-11-01T10:00:00Z",
            "updated": updated, "to": ["https://www.w3.org/ns/activitystreams#Public"], "cc": [],
            "url": site.url(&format!("/e/{number}")), "content": "<p>Teksti</p>",
            "location": {"type": "Place", "name": "Talo", "address": {"type": "PostalAddress", "addressLocality": "Oulu"}},
        })
    };
    let public = |mut activity: Value| {
        activity["to"] = json!(["https://www.w3.org/ns/activitystreams#Public"]);
        activity
    };
    let create = |number, name, updated| public(anna.activity("Create", event(number, name, updated)));
    let names = async || {
        net.settle().await;
        let mut names: Vec<String> =
            national.items("/tapahtumat").await.iter().map(|item| item["name"].as_str().unwrap().to_owned()).collect();
        names.sort();
        names
    };
    println!("── created, and once more");
    let one = create(1, "Yksi", "2026-11-01T10:00:00Z");
    anna.say(&inbox, &one).await;
    anna.say(&inbox, &one).await;
    anna.say(&inbox, &create(1, "Yksi", "2026-11-01T10:00:00Z")).await;
    assert_eq!(names().await, ["Yksi"]);
    println!("── the newer version wins, in whatever order they come");
    let update = |name, updated| public(anna.activity("Update", event(1, name, updated)));
    anna.say(&inbox, &update("Uusin", "2026-11-03T10:00:00Z")).await;
    anna.say(&inbox, &update("Vanhempi", "2026-11-02T10:00:00Z")).await;
    assert_eq!(names().await, ["Uusin"]);
    println!("── deleted before it came");
    anna.say(&inbox, &anna.activity("Delete", json!(site.url("/events/2")))).await;
    anna.say(&inbox, &create(2, "Kaksi", "2026-11-01T10:00:00Z")).await;
    assert_eq!(names().await, ["Uusin"]);
    println!("── deleted, then created and changed once more");
    anna.say(&inbox, &anna.activity("Delete", json!({"id": site.url("/events/1"), "type": "Tombstone"}))).await;
    anna.say(&inbox, &create(1, "Palannut", "2026-11-05T10:00:00Z")).await;
    anna.say(&inbox, &update("Palannut", "2026-11-06T10:00:00Z")).await;
    assert_eq!(names().await, Vec::<String>::new());
    println!("── what is not for everybody is not shown");
    let mut private = anna.activity("Create", event(3, "Yksityinen", "2026-11-01T10:00:00Z"));
    private["object"]["to"] = json!([inbox.trim_end_matches("/inbox")]);
    private["to"] = private["object"]["to"].clone();
    assert_eq!(Post::signed(&anna, &inbox, &private.to_string(), &Signing::default()).send().await.status, 202);
    assert_eq!(names().await, Vec::<String>::new());
    println!("── scripts do not get through");
    let mut evil = event(4, "<script>alert(1)</script> ilta", "2026-11-01T10:00:00Z");
    evil["content"] = json!("<p onclick=\"x()\">Teksti</p><script>alert(1)</script><img src=x onerror=alert(1)>");
    evil["url"] = json!("javascript:alert(1)");
    anna.say(&inbox, &public(anna.activity("Create", evil))).await;
    net.settle().await;
    for item in national.items("/tapahtumat").await {
        let page = item["url"].as_str().or_else(|| item["page"].as_str()).unwrap_or("/tapahtumat").to_owned();
        for path in [page.as_str(), "/tapahtumat", "/"] {
            if path.starts_with("http") && !path.starts_with(&national.url("/")) {
                continue;
            }
            let html = national.get(path, "text/html").await.body;
            for bad in ["<script>alert", "onerror=", "onclick=", "javascript:alert"] {
                assert!(!html.contains(bad), "{path} lets {bad} through");
            }
        }
    }
}
