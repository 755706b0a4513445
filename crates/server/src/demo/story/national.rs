//! Chapter 3: the national node learns by following, and by nothing else.

use super::follower::ids;
use super::{eventually, html, items};
use crate::demo::network::{Network, Node};
use crate::demo::report::Report;
use anyhow::{Context, ensure};
use domain::{Language, RegionCode};
use serde_json::Value;

/// Entries on a page of a list.
const PER_PAGE: usize = 20;

const LISTS: [(&str, &str); 4] =
    [("event", "/tapahtumat"), ("task", "/tehtavat"), ("producer", "/tuottajat"), ("organisation", "/organisaatiot")];

pub(super) async fn tell(network: &mut Network, report: &mut Report) -> anyhow::Result<()> {
    report.chapter("3. The national node");
    report.step("it follows the regions by handle, and they follow one another", follow_all(network)).await?;
    report
        .step("it has read what was there before: every event, task, producer and organisation", backfilled(network))
        .await?;
    report.step("each is listed with region, origin and age, in JSON and HTML", listed(network)).await?;
    report.step("lists are filtered by region, kind and date", filtered(network)).await?;
    report.step("a region that has stopped is shown as such; its content stays", stopped(network)).await
}

/// Lets the national node follow the regions and each region the others, and waits until what was there is read.
///
/// # Errors
/// When a follow is not answered.
pub(crate) async fn follow_all(network: &Network) -> anyhow::Result<()> {
    let all = || network.regions.iter().chain([&network.national]);
    for node in all() {
        for region in network.regions.iter().filter(|region| region.host != node.host) {
            node.run(&["follow", &region.handle()]).await?;
        }
    }
    for node in all() {
        let wanted = network.regions.iter().filter(|region| region.host != node.host).count();
        eventually(&format!("the follows of {} are accepted and the past is read", node.username), || async {
            let status = node.status().await?;
            Ok(status["following"] == wanted && status["backfills_waiting"] == 0 && status["inbox"]["waiting"] == 0)
        })
        .await?;
    }
    Ok(())
}

async fn backfilled(network: &Network) -> anyhow::Result<()> {
    let mut own: Vec<Value> = Vec::new();
    for region in &network.regions {
        own.push(region.status().await?["objects"]["own"].clone());
    }
    eventually("the national node has as much as the regions together", || async {
        let remote = network.national.status().await?["objects"]["remote"].clone();
        Ok(LISTS.iter().all(|(kind, _)| {
            let sum: i64 = own.iter().map(|counts| counts[kind].as_i64().unwrap_or(0)).sum();
            sum > 0 && remote[kind].as_i64() == Some(sum)
        }))
    })
    .await
}

async fn listed(network: &Network) -> anyhow::Result<()> {
    for (_, list) in LISTS {
        let national = items(&network.national, list).await?;
        for (region, code) in network.regions.iter().zip(["06", "14", "13"]) {
            for item in items(region, &format!("{list}?region={code}")).await? {
                let id = item["source"]["id"].as_str().context("an item without id")?;
                let found = national.iter().find(|other| other["source"]["id"] == id);
                let source = &found.with_context(|| format!("{id} is not on the national list {list}"))?["source"];
                ensure!(source["region"] == code, "{id} is listed under region {}", source["region"]);
                ensure!(source["host"] == region.host.as_str(), "{id} is listed with host {}", source["host"]);
                ensure!(
                    source["page"].as_str().is_some_and(|page| page.starts_with(&region.url("/"))),
                    "{id} has no link to its origin"
                );
                ensure!(source["received"].is_string(), "{id} is listed without its age");
            }
        }
        let pages = pages(&network.national, list, national.len()).await?;
        let first = national.first().with_context(|| format!("{list} is empty"))?;
        let name = first["name"].as_str().or_else(|| first["title"].as_str()).context("an item without name")?;
        let escaped = name.replace('&', "&#38;");
        ensure!(pages.contains(&escaped) || pages.contains(name), "the page {list} does not show “{name}”");
        for item in &national {
            shown(&pages, &item["source"]).with_context(|| format!("the page {list}"))?;
        }
    }
    Ok(())
}

/// All pages of a list as HTML, one after the other.
async fn pages(national: &Node, list: &str, items: usize) -> anyhow::Result<String> {
    let mut pages = String::new();
    for number in 1..=items.div_ceil(PER_PAGE) {
        pages.push_str(&html(national, &format!("{list}?page={number}")).await?);
    }
    Ok(pages)
}

/// Looks for the line that says where a thing comes from: its region, a link to its origin, and the age of the copy.
fn shown(pages: &str, source: &Value) -> anyhow::Result<()> {
    let page = source["page"].as_str().unwrap_or_default();
    let code = source["region"].as_str().unwrap_or_default();
    let region = RegionCode::parse(code).with_context(|| format!("{code} is no region"))?.name(Language::Fi);
    let link = format!("href=\"{page}\"");
    let mut lines =
        pages.split("<p class=\"origin\">").skip(1).map(|rest| rest.split("</p>").next().unwrap_or_default());
    let line = lines.find(|line| line.contains(&link));
    let line = line.with_context(|| format!("it has no link to {page}"))?;
    ensure!(line.contains(&format!(">{region}<")), "{page} is shown without its region: {line}");
    ensure!(line.contains("class=\"age\">haettu "), "{page} is shown without the age of its copy: {line}");
    Ok(())
}

async fn filtered(network: &Network) -> anyhow::Result<()> {
    let national = &network.national;
    let all = items(national, "/tapahtumat").await?;
    let of_region = items(national, "/tapahtumat?region=14").await?;
    ensure!(!of_region.is_empty() && of_region.len() < all.len(), "the filter by region does nothing");
    ensure!(of_region.iter().all(|item| item["source"]["region"] == "14"), "the filter by region lets others through");
    let mut starts: Vec<&str> = all.iter().filter_map(|item| item["starts"].as_str()).map(|time| &time[..10]).collect();
    starts.sort_unstable();
    let middle = *starts.get(starts.len() / 2).context("no events")?;
    let later = items(national, &format!("/tapahtumat?from={middle}")).await?;
    ensure!(!later.is_empty() && later.len() < all.len(), "the filter by date does nothing ({middle})");
    ensure!(
        later.iter().all(|item| item["ends"].as_str().is_some_and(|ends| &ends[..10] >= middle)),
        "the filter by date lets earlier ones through"
    );
    let (events, tasks) = (ids(&all), items(national, "/tehtavat").await?);
    ensure!(ids(&tasks).iter().all(|id| !events.contains(id)), "the kinds are mixed");
    Ok(())
}

async fn stopped(network: &mut Network) -> anyhow::Result<()> {
    let last = network.regions.len() - 1;
    network.regions[last].terminate().await?;
    let (national, gone) = (&network.national, &network.regions[last]);
    eventually("the stopped region is shown as failing", || async { Ok(state_of(national, gone).await? == "failing") })
        .await?;
    let kept = items(national, "/tapahtumat?region=13").await?;
    ensure!(!kept.is_empty(), "the content of the stopped region is gone");
    network.regions[last].start().await?;
    let (national, back) = (&network.national, &network.regions[last]);
    eventually("the region is shown as well again", || async { Ok(state_of(national, back).await? == "ok") }).await
}

async fn state_of(national: &Node, region: &Node) -> anyhow::Result<String> {
    let regions = items(national, "/alueet").await?;
    let one = regions.iter().find(|one| one["host"] == region.host.as_str()).context("the region is not listed")?;
    Ok(one["health"].as_str().unwrap_or_default().to_owned())
}
