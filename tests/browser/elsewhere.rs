//! What came from other servers: copies of other regions' things, and what somebody says of a thing of ours.

use crate::harness::{Site, http, until, until_true};
use crate::pages::{is_coming, listed, own};
use serde_json::{Value, json};
use server::demo::network::Node;

/// The path of a node's copy of something of another region's.
pub async fn a_copy(node: &Node, list: &str, region: &str) -> String {
    let copy = until("a copy is listed", || async {
        let things = listed(node, list, region).await;
        things.into_iter().find(|thing| thing["source"]["local"] == false)
    })
    .await;
    let (slug, host) = (copy["slug"].as_str().expect("a slug"), copy["source"]["host"].as_str().expect("a host"));
    match list {
        "/tuottajat" => format!("/@{slug}@{host}"),
        _ => format!("{list}/{host}/{slug}"),
    }
}

/// Somebody answers to an event of the region, and somebody's server reports it. What both say.
pub async fn told_from_elsewhere(region: &Node) -> [&'static str; 2] {
    let words = ["Pääseekö sinne pyörätuolilla", "Tämä ei ole tapahtuma"];
    let event = own(region, "/tapahtumat", is_coming).await["source"]["id"].clone();
    let name = format!("acct:{}@{}", region.username, region.host);
    let found = http().get(region.url(&format!("/.well-known/webfinger?resource={name}"))).send().await;
    let found: Value = found.expect("an answer").json().await.expect("JSON");
    let inbox = format!("{}/inbox", found["links"][0]["href"].as_str().expect("the region's actor"));
    let site = Site::start().await;
    let anna = site.actor("anna");
    let note = json!({
        "id": site.url("/notes/1"), "type": "Note", "attributedTo": anna.id, "inReplyTo": event,
        "content": format!("<p>{}?</p>", words[0]), "to": [vocab::PUBLIC], "url": site.url("/@anna/1"),
    });
    anna.say(&inbox, &anna.activity("Create", note)).await;
    let mut report = anna.activity("Flag", event);
    report["content"] = json!(words[1]);
    anna.say(&inbox, &report).await;
    until_true("both are taken in", || async {
        let status = region.status().await.expect("a status");
        status["reports"]["open"] == 1 && status["inbox"]["waiting"] == 0
    })
    .await;
    words
}
