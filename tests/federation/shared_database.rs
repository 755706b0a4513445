//! Two processes of one region on one PostgreSQL database: whatever reaches one of them is done once, and either can do
//! it.

use crate::harness::{ACTIVITY, Database, Kind, Net, Node, Site, event, http, until_true};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_of_one_region() {
    let mut region = Node::start(Kind::Region("06"), Database::Postgres).await;
    let second = region.serve_also().await;
    let site = Site::start().await;
    let (anna, bo) = (site.actor("anna"), site.actor("bo"));
    let id = region.actor().await;
    let path = |url: &str| url.trim_start_matches(&region.url("")).to_owned();

    println!("── both show the same");
    for document in [id.clone(), format!("{id}/outbox")] {
        let first = region.document(&document).await;
        let answer =
            http().get(format!("{second}{}", path(&document))).header("accept", ACTIVITY).send().await.unwrap();
        let text = answer.text().await.unwrap();
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), first);
    }

    println!("── a follow is answered once, whichever process takes it");
    for voice in [&anna, &bo] {
        voice.say(&format!("{id}/inbox"), &voice.activity("Follow", json!(id))).await;
        site.posted_one("the Accept", |body| body["type"] == "Accept" && body["object"]["actor"] == voice.id.as_str())
            .await;
    }

    println!("── what is published goes out once");
    for number in 0..20 {
        region.import_bundle(&event(&format!("e-{number}"), &format!("Tapahtuma {number}"), "Lyhyesti.")).await;
    }
    for number in 0..5 {
        region.import_bundle(&event(&format!("e-{number}"), &format!("Tapahtuma {number}"), "Muutettu.")).await;
    }
    until_true("everything is delivered", || async { region.status().await["deliveries"]["waiting"] == 0 }).await;
    check_once(&site, &anna.id, "Create", 20);
    check_once(&site, &anna.id, "Update", 5);
    check_order(&site, &anna.id);

    println!("── one process dies in the middle, the other goes on");
    region.kill9();
    for number in 20..30 {
        region.import_bundle(&event(&format!("e-{number}"), &format!("Tapahtuma {number}"), "Lyhyesti.")).await;
    }
    until_true("everything is delivered", || async { region.status().await["deliveries"]["waiting"] == 0 }).await;
    check_once(&site, &anna.id, "Create", 30);
    region.serve().await;
}

/// What came to a follower, in order: verbs and names.
fn heard(site: &Site, follower: &str) -> Vec<(String, String)> {
    let inbox = format!("{}/inbox", follower.trim_start_matches(&site.url("")));
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let posts = site.journal().into_iter().filter(|seen| seen.path == inbox);
    posts.map(|seen| (text(&seen.body["type"]), text(&seen.body["object"]["name"]))).collect()
}

/// Each of the first things came to the follower once.
fn check_once(site: &Site, follower: &str, verb: &str, count: usize) {
    let all = heard(site, follower).into_iter().filter(|(heard, _)| heard == verb);
    let mut names: Vec<String> = all.map(|(_, name)| name).collect();
    let mut expected: Vec<String> = (0..count).map(|number| format!("Tapahtuma {number}")).collect();
    names.sort();
    expected.sort();
    assert_eq!(names, expected, "each {verb} once");
}

/// What is about one thing came in order, whichever process sent it. What is about different things may overtake one another
/// (decision 0030): four connections are used side by side.
fn check_order(site: &Site, follower: &str) {
    let heard = heard(site, follower);
    for (place, (_, name)) in heard.iter().enumerate().filter(|(_, (verb, _))| verb == "Update") {
        let created = heard.iter().position(|(verb, other)| verb == "Create" && other == name);
        assert!(created.is_some_and(|created| created < place), "the Update of {name} came first: {heard:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_receive_for_one_national_node() {
    let mut net = Net::start(Database::Postgres, &[Kind::Region("06"), Kind::National]).await;
    net[1].serve_also().await;
    net.follow(1, 0).await;
    for number in 0..10 {
        net[0].import_bundle(&event(&format!("e-{number}"), &format!("Tapahtuma {number}"), "Lyhyesti.")).await;
    }
    net[0].import_bundle(&event("e-0", "Tapahtuma 0", "Muutettu.")).await;
    net[0].run(&["delete", "tapahtuma-9"]).await;
    net.settle().await;
    let items = net[1].items("/tapahtumat").await;
    assert_eq!(items.len(), 9, "{items:#?}");
    assert!(items.iter().any(|item| item["blurb"] == "Muutettu."));
    net[1].kill9_others();
}
