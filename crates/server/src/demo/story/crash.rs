//! Chapter 5: a region is killed at the two worst moments, and nothing is lost, doubled or out of order.

use super::{SOON, eventually, import, is, object_id, publish_event};
use crate::demo::network::Network;
use crate::demo::peer::{Peer, Script};
use crate::demo::report::Report;
use anyhow::{Context, ensure};
use federation::key::KeyPair;
use http::{Method, StatusCode};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Servers that the fan-out goes to.
const SERVERS: usize = 8;
/// How long a slow server keeps the region waiting: longer than the region lives.
const HOLD: Duration = Duration::from_secs(5);

pub(super) async fn tell(network: &mut Network, report: &mut Report) -> anyhow::Result<()> {
    report.chapter("5. Killed at the worst moments");
    let servers = report.step(&format!("{SERVERS} servers follow the region"), followers(network)).await?;
    report
        .step(
            "killed after a commit, before any delivery: all of it arrives, in order",
            after_commit(network, &servers),
        )
        .await?;
    report.step("killed in the middle of a fan-out: every server has it", mid_fan_out(network, &servers)).await?;
    report.step("each has it with one effect, and the national node too", one_effect(network, &servers)).await
}

async fn followers(network: &Network) -> anyhow::Result<Vec<Peer>> {
    let actor = object_id(&network.regions[0], &format!("/@{}", network.regions[0].username)).await?;
    let key = KeyPair::generate_off_thread().await?;
    let mut servers = Vec::with_capacity(SERVERS);
    for number in 0..SERVERS {
        let server = Peer::start_with_key(&format!("palvelin{number}"), key.clone()).await?;
        server.follow(&actor).await?;
        server.wait_for(SOON, |activity| activity["type"] == "Accept").await?;
        servers.push(server);
    }
    Ok(servers)
}

/// The node is stopped where it is, the command line commits three changes of one event, and then the node is killed.
async fn after_commit(network: &mut Network, servers: &[Peer]) -> anyhow::Result<()> {
    let name = "Kaatumisen jälkeen";
    let bundle = |blurb: &str| import::event_bundle("tarkistus-e-5", name, blurb);
    network.regions[0].freeze().await?;
    let committed = async {
        let region = &network.regions[0];
        import::bundle(region, &bundle("Ensin.")?).await?;
        import::bundle(region, &bundle("Sitten.")?).await?;
        region.run(&["cancel", &vocab::text::slug(name)]).await
    };
    let cancelled = committed.await?;
    for server in servers {
        ensure!(!knows(server, name), "something was sent by a node that stands still");
    }
    network.regions[0].kill().await?;
    network.regions[0].start().await?;
    let id = object_id(&network.regions[0], &format!("/tapahtumat/{}", vocab::text::slug(name))).await?;
    for server in servers {
        server.wait_for(SOON, |activity| activity["id"] == cancelled.trim()).await?;
        // Of two versions that both waited, the newer one is enough.
        let verbs = verbs_of(server, &id);
        let in_order =
            verbs.first().is_some_and(|verb| verb == "Create") && verbs[1..].iter().all(|verb| verb == "Update");
        ensure!(in_order && verbs.len() > 1, "{} got {verbs:?}", server.host());
    }
    Ok(())
}

/// Half of the servers answer at once, the others keep the region waiting; it is killed when the first has got it.
async fn mid_fan_out(network: &mut Network, servers: &[Peer]) -> anyhow::Result<()> {
    let holding = Arc::new(AtomicBool::new(true));
    let (quick, slow) = servers.split_at(servers.len() / 2);
    for server in slow {
        let holding = Arc::clone(&holding);
        let script: Script = Arc::new(move |entry| {
            let hold = holding.load(Ordering::SeqCst) && entry.method == Method::POST;
            hold.then_some((StatusCode::SERVICE_UNAVAILABLE, HOLD))
        });
        server.script(Some(script));
    }
    let id = publish_event(&network.regions[0], "tarkistus-e-7", "Kesken jakelun").await?;
    quick.first().context("a quick server")?.wait_for(SOON, |activity| is(activity, "Create", &id)).await?;
    network.regions[0].kill().await?;
    holding.store(false, Ordering::SeqCst);
    for server in slow {
        ensure!(verbs_of(server, &id).is_empty(), "a slow server took it before the kill");
    }
    network.regions[0].start().await?;
    for server in servers {
        server.wait_for(SOON, |activity| is(activity, "Create", &id)).await?;
    }
    Ok(())
}

/// A delivery may come twice after a kill; its id is the same, so its effect is one.
async fn one_effect(network: &Network, servers: &[Peer]) -> anyhow::Result<()> {
    let id = object_id(&network.regions[0], "/tapahtumat/kesken-jakelun").await?;
    for server in servers {
        let creates: BTreeSet<String> = server
            .deliveries()
            .iter()
            .filter(|entry| is(&entry.body, "Create", &id))
            .filter_map(|entry| entry.body["id"].as_str().map(str::to_owned))
            .collect();
        ensure!(creates.len() == 1, "{} got {} different Creates", server.host(), creates.len());
    }
    eventually("the national node lists it once", || async {
        let all = super::items(&network.national, "/tapahtumat?region=06").await?;
        Ok(all.iter().filter(|item| item["source"]["id"] == id.as_str()).count() == 1)
    })
    .await?;
    eventually("nothing waits any more at the region", || async {
        Ok(network.regions[0].status().await?["deliveries"]["waiting"] == 0)
    })
    .await
}

fn knows(server: &Peer, name: &str) -> bool {
    server.deliveries().iter().any(|entry| entry.body["object"]["name"] == name)
}

/// The verbs about an object in order of first arrival, repeated deliveries left out.
fn verbs_of(server: &Peer, id: &str) -> Vec<String> {
    let mut seen = BTreeSet::new();
    server
        .deliveries()
        .iter()
        .filter(|entry| entry.body["object"]["id"] == id)
        .filter(|entry| seen.insert(entry.body["id"].to_string()))
        .filter_map(|entry| entry.body["type"].as_str().map(str::to_owned))
        .collect()
}
