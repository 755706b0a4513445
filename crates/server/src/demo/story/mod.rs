//! The story that `solmu demo --check` tells and verifies: one chapter a file, everything by command line and HTTP, as an
//! operator and other servers would.

mod changes;
mod crash;
mod follower;
pub(super) mod import;
pub(super) mod national;

use super::network::{Network, Node};
use super::peer::Peer;
use super::report::Report;
use anyhow::{Context, bail};
use serde_json::Value;
use std::future::Future;
use std::time::Duration;

/// How long something that travels through the network may take. On a loaded machine this is generous on purpose; where
/// a second is promised, the chapter measures it.
const SOON: Duration = Duration::from_secs(60);

/// Tells all chapters.
///
/// # Errors
/// The first step that fails.
pub async fn tell(network: &mut Network, report: &mut Report) -> anyhow::Result<()> {
    let follower = Peer::start("seuraaja").await?;
    import::tell(network, report).await?;
    let things = follower::tell(network, &follower, report).await?;
    national::tell(network, report).await?;
    changes::tell(network, &follower, &things, report).await?;
    crash::tell(network, report).await?;
    network_without_centre(network, &follower, report).await
}

/// The last chapter: the national node is stopped, and nothing else notices.
async fn network_without_centre(network: &mut Network, follower: &Peer, report: &mut Report) -> anyhow::Result<()> {
    report.chapter("6. Without the national node");
    report.step("the national node is stopped", network.national.terminate()).await?;
    let region = &network.regions[0];
    let name = "Verkosto ilman keskustaa";
    let id = report.step("a region publishes", publish_event(region, "tarkistus-e-6", name)).await?;
    report
        .step("the follower on another server has it", async {
            follower.wait_for(SOON, |activity| is(activity, "Create", &id)).await.map(|_| ())
        })
        .await?;
    let neighbour = &network.regions[1];
    report
        .step("the neighbouring region has it", async {
            eventually("the event at the neighbour", || async {
                Ok(items(neighbour, "/tapahtumat?region=06")
                    .await?
                    .iter()
                    .any(|item| item["source"]["id"] == id.as_str()))
            })
            .await
        })
        .await
}

/// Whether an activity is of a verb and about an object.
fn is(activity: &Value, verb: &str, object: &str) -> bool {
    activity["type"] == verb && (activity["object"] == object || activity["object"]["id"] == object)
}

/// Publishes an event by importing a bundle that holds it alone, and gives its id.
async fn publish_event(region: &Node, id: &str, name: &str) -> anyhow::Result<String> {
    import::bundle(region, &import::event_bundle(id, name, "Tarkistuksen oma tapahtuma.")?).await?;
    object_id(region, &format!("/tapahtumat/{}", vocab::text::slug(name))).await
}

/// The id behind a page: what an ActivityPub client is sent to.
async fn object_id(node: &Node, page: &str) -> anyhow::Result<String> {
    let http = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build()?;
    let answer = http.get(node.url(page)).header(http::header::ACCEPT, vocab::ACTIVITY_JSON).send().await?;
    if answer.status() != http::StatusCode::SEE_OTHER {
        bail!("{} answered {} to an ActivityPub client, not 303", node.url(page), answer.status());
    }
    let location = answer.headers().get(http::header::LOCATION).context("no Location")?.to_str()?;
    Ok(location.to_owned())
}

/// A list of a node as JSON, page after page.
async fn items(node: &Node, list: &str) -> anyhow::Result<Vec<Value>> {
    let http = reqwest::Client::builder().no_proxy().build()?;
    let (mut next, mut all) = (Some(node.url(list)), Vec::new());
    while let Some(url) = next.take() {
        let answer =
            http.get(&url).header(http::header::ACCEPT, "application/json").send().await?.error_for_status()?;
        let page: Value = answer.json().await.with_context(|| format!("{url} answers no JSON"))?;
        let items = page["items"].as_array().with_context(|| format!("{url} has no items"))?;
        if items.is_empty() {
            break;
        }
        all.extend(items.iter().cloned());
        next = page["next"].as_str().map(str::to_owned);
    }
    Ok(all)
}

/// A page as HTML.
async fn html(node: &Node, path: &str) -> anyhow::Result<String> {
    let http = reqwest::Client::builder().no_proxy().build()?;
    let request =
        http.get(node.url(path)).header(http::header::ACCEPT, "text/html").header(http::header::ACCEPT_LANGUAGE, "fi");
    Ok(request.send().await?.error_for_status()?.text().await?)
}

/// Asks again until it holds; the wait is for a state, not for a time.
///
/// # Errors
/// When it does not hold in time.
async fn eventually<F, R>(what: &str, holds: F) -> anyhow::Result<()>
where
    F: Fn() -> R,
    R: Future<Output = anyhow::Result<bool>>,
{
    let asked = async {
        loop {
            if holds().await? {
                return anyhow::Ok(());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(SOON, asked).await.with_context(|| format!("not within {SOON:?}: {what}"))?
}
