//! What came from other servers: copies of other regions' things, and what somebody says of a thing of ours.

use crate::harness::{Reply, Site, http, until, until_true};
use crate::pages::{is_coming, listed, own};
use diesel::prelude::*;
use federation::peer;
use serde_json::{Value, json};
use server::config;
use server::demo::network::Node;
use std::time::Duration;
use store::schema::peers;
use store::{Clock, Conn, Store};

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
    let inbox = format!("{}/inbox", actor_of(region).await);
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

/// The region's actor.
async fn actor_of(region: &Node) -> String {
    let name = format!("acct:{}@{}", region.username, region.host);
    let found = http().get(region.url(&format!("/.well-known/webfinger?resource={name}"))).send().await;
    let found: Value = found.expect("an answer").json().await.expect("JSON");
    found["links"][0]["href"].as_str().expect("the region's actor").to_owned()
}

/// Somebody follows the region whose inbox is broken, for two hours now as far as the region knows. The host.
pub async fn who_takes_nothing(region: &Node) -> String {
    let (site, actor) = (Site::start().await, actor_of(region).await);
    let bertta = site.actor("bertta");
    site.set("/users/bertta/inbox", Reply::status(500));
    bertta.say(&format!("{actor}/inbox"), &bertta.activity("Follow", json!(actor))).await;
    let config = config::load(&region.config()).expect("its configuration");
    let store = Store::open(&config.database).expect("its database");
    let find = |conn: &mut Conn| peer::find(conn, site.host()).map_err(store::Error::from);
    until_true("the answer to the follow is not taken", || async {
        store.read_now(find).expect("a look").is_some_and(|peer| peer.failures > 0)
    })
    .await;
    let since = Clock::System.now().minus(Duration::from_secs(2 * 3600));
    let set_back = |conn: &mut Conn| {
        let row = diesel::update(peers::table.find(site.host()));
        row.set(peers::failing_since.eq(Some(since))).execute(conn).map_err(store::Error::from)
    };
    assert_eq!(store.write_now(set_back).expect("a row"), 1);
    site.host().to_owned()
}
