//! Chapter 4: what changes at a region changes everywhere, and what is deleted stays deleted.

use super::follower::{Things, ids};
use super::{SOON, eventually, import, is, items};
use crate::demo::network::{Network, Node};
use crate::demo::peer::Peer;
use crate::demo::report::Report;
use anyhow::{Context, ensure};
use http::StatusCode;
use serde_json::{Value, json};
use store::Clock;

pub(super) async fn tell(
    network: &Network,
    follower: &Peer,
    things: &Things,
    report: &mut Report,
) -> anyhow::Result<()> {
    report.chapter("4. Changes and deletions");
    report.step("an edit reaches the follower and the national node", edited(network, follower, things)).await?;
    report.step("so does a cancellation", cancelled(network, follower, things)).await?;
    report.step("so does the filling of a task", filled(network, follower, things)).await?;
    report.step("so does a deletion; the id answers 410 with a Tombstone", deleted(network, follower, things)).await?;
    report.step("a late Create does not bring a deleted id back", late_create(&network.national)).await
}

async fn edited(network: &Network, follower: &Peer, things: &Things) -> anyhow::Result<()> {
    let region = &network.regions[0];
    import::bundle(region, &import::event_bundle("tarkistus-e-2", "Seuraajan iltaklubi", "Kuvaus on nyt toinen.")?)
        .await?;
    let update = follower.wait_for(SOON, |activity| is(activity, "Update", &things.event)).await?;
    let summary = update.body["object"]["summary"].as_str().unwrap_or_default();
    ensure!(summary.contains("Kuvaus on nyt toinen"), "the Update says: {summary}");
    at_national(network, "/tapahtumat", &things.event, |item| item["blurb"] == "Kuvaus on nyt toinen.").await
}

async fn cancelled(network: &Network, follower: &Peer, things: &Things) -> anyhow::Result<()> {
    let activity = network.regions[0].run(&["cancel", &things.event_slug]).await?;
    let update = follower.wait_for(SOON, |got| got["id"] == activity.trim()).await?;
    ensure!(
        update.body["object"]["eventStatus"] == "EventCancelled",
        "the status is {}",
        update.body["object"]["eventStatus"]
    );
    let name = update.body["object"]["name"].as_str().unwrap_or_default();
    ensure!(name.starts_with("PERUTTU"), "the name is {name}");
    at_national(network, "/tapahtumat", &things.event, |item| item["status"] == "cancelled").await
}

async fn filled(network: &Network, follower: &Peer, things: &Things) -> anyhow::Result<()> {
    let activity = network.regions[0].run(&["close", &things.task_slug]).await?;
    let update = follower.wait_for(SOON, |got| got["id"] == activity.trim()).await?;
    ensure!(is(&update.body, "Update", &things.task), "closing sent {}", update.body["type"]);
    let content = update.body["object"]["content"].as_str().unwrap_or_default();
    ensure!(content.contains("TÄYTETTY"), "the text is {content}");
    at_national(network, "/tehtavat", &things.task, |item| item["state"] == "filled").await
}

async fn deleted(network: &Network, follower: &Peer, things: &Things) -> anyhow::Result<()> {
    network.regions[0].run(&["delete", &things.event_slug]).await?;
    let delete = follower.wait_for(SOON, |activity| is(activity, "Delete", &things.event)).await?;
    ensure!(delete.body["object"]["type"] == "Tombstone", "the Delete carries {}", delete.body["object"]);
    let (status, stone) = follower.get(&things.event).await?;
    ensure!(status == StatusCode::GONE, "the deleted id answers {status}");
    ensure!(stone["type"] == "Tombstone" && stone["formerType"] == "Event", "the deleted id answers {stone}");
    eventually("the event is gone from the national node", || async {
        Ok(!ids(&items(&network.national, "/tapahtumat").await?).contains(&things.event.as_str()))
    })
    .await?;
    // The same row once more: a deleted thing stays deleted.
    import::bundle(&network.regions[0], &import::event_bundle("tarkistus-e-2", "Seuraajan iltaklubi", "Taas.")?)
        .await?;
    let (status, _) = follower.get(&things.event).await?;
    ensure!(status == StatusCode::GONE, "an import brought the deleted id back: {status}");
    Ok(())
}

async fn at_national(network: &Network, list: &str, id: &str, holds: impl Fn(&Value) -> bool) -> anyhow::Result<()> {
    eventually(&format!("the change of {id} at the national node"), || async {
        let all = items(&network.national, list).await?;
        Ok(all.iter().any(|item| item["source"]["id"] == id && holds(item)))
    })
    .await
}

/// Another server's event: created, deleted, and its `Create` sent once more under another id.
async fn late_create(national: &Node) -> anyhow::Result<()> {
    let other = Peer::start_region("toinen", "Kainuu").await?;
    national.run(&["follow", &other.id()]).await?;
    let follow = other.wait_for(SOON, |activity| activity["type"] == "Follow").await?.body;
    let inbox = national.url("/ap/inbox");
    let activity = |kind: &str, object: Value| {
        let id = format!("{}/activities/{}", other.id(), store::id::fresh(Clock::System.now()));
        json!({"@context": vocab::ACTIVITY_STREAMS, "id": id, "type": kind, "actor": other.id(),
               "to": [vocab::PUBLIC], "object": object})
    };
    let event = foreign_event(&other)?;
    let id = event["id"].as_str().context("an id")?.to_owned();
    let sequence = [
        activity("Accept", follow),
        activity("Create", event.clone()),
        activity("Delete", json!({"type": "Tombstone", "id": id})),
        activity("Create", event),
    ];
    for (index, one) in sequence.iter().enumerate() {
        let status = other.post(&inbox, one).await?;
        ensure!(status == StatusCode::ACCEPTED, "{} was answered {status}", one["type"]);
        eventually("the activity is worked on", || async { Ok(national.status().await?["inbox"]["waiting"] == 0) })
            .await?;
        let there = ids(&items(national, "/tapahtumat").await?).contains(&id.as_str());
        ensure!(there == (index == 1), "after {} the event is {}there", one["type"], if there { "" } else { "not " });
    }
    national.run(&["unfollow", &other.id()]).await?;
    Ok(())
}

fn foreign_event(other: &Peer) -> anyhow::Result<Value> {
    let today = crate::demo::content::today(Clock::System.now())?;
    let at = |text: &str| crate::demo::content::expand(text, &today);
    Ok(json!({
        "type": "Event", "id": format!("http://{}/events/1", other.host()), "attributedTo": other.id(),
        "url": format!("http://{}/events/1", other.host()), "to": [vocab::PUBLIC], "name": "Vieraan palvelimen ilta",
        "content": "<p>Esimerkki</p>", "startTime": at("{{+9d 18:00}}")?, "endTime": at("{{+9d 20:00}}")?,
        "published": vocab::time::utc(Clock::System.now().to_jiff()),
        "location": {"type": "Place", "name": "Kirjasto, Kajaani"},
    }))
}
