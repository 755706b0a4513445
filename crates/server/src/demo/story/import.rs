//! Chapter 1: each region imports what it has.

use crate::cli::Format;
use crate::demo::content;
use crate::demo::network::{Network, Node};
use crate::demo::report::Report;
use anyhow::{Context, bail, ensure};
use serde_json::{Value, json};
use std::process::Output;
use store::Clock;

/// Exit code of an import in which some rows were refused.
const SOME_REFUSED: i32 = 3;

pub(super) async fn tell(network: &Network, report: &mut Report) -> anyhow::Result<()> {
    report.chapter("1. Import");
    report
        .step("each region imports a bundle, Linked Events, iCalendar and two CSV files", everything(network))
        .await?;
    report.step("a second import of the same files changes nothing", again(network)).await?;
    report.step("a changed row becomes a new version", changed(&network.regions[0])).await?;
    report.step("bad rows are named with line and reason, good ones go in", broken(&network.regions[0])).await
}

/// Imports every file of every region.
///
/// # Errors
/// When one is not taken completely.
pub(crate) async fn everything(network: &Network) -> anyhow::Result<()> {
    for (region, files) in network.regions.iter().zip(&network.files) {
        for file in files {
            let said = taken(region.import(&file.path, file.format).await?)?;
            ensure!(count(&said, "new")? > 0, "{} brought nothing new: {said}", file.path.display());
        }
        let own = &region.status().await?["objects"]["own"];
        for kind in ["event", "task", "producer", "organisation"] {
            ensure!(own[kind].as_i64().unwrap_or(0) > 0, "{} has no {kind} after the import: {own}", region.username);
        }
    }
    Ok(())
}

async fn again(network: &Network) -> anyhow::Result<()> {
    for (region, files) in network.regions.iter().zip(&network.files) {
        let before = region.status().await?;
        for file in files {
            let said = taken(region.import(&file.path, file.format).await?)?;
            let (new, changed) = (count(&said, "new")?, count(&said, "changed")?);
            ensure!(new == 0 && changed == 0, "{} changed something: {said}", file.path.display());
        }
        let after = region.status().await?;
        ensure!(before["objects"] == after["objects"], "the counts of {} changed", region.username);
        ensure!(before["deliveries"] == after["deliveries"], "{} sent something", region.username);
    }
    Ok(())
}

async fn changed(region: &Node) -> anyhow::Result<()> {
    let (id, name) = ("tarkistus-e-1", "Muuttuva tarkistusilta");
    bundle(region, &event_bundle(id, name, "Ensimmäinen kuvaus.")?).await?;
    let url = super::object_id(region, &format!("/tapahtumat/{}", vocab::text::slug(name))).await?;
    let said = bundle(region, &event_bundle(id, name, "Toinen kuvaus.")?).await?;
    ensure!(count(&said, "changed")? == 1, "the changed row was not taken as a change: {said}");
    let document: Value = document(&url).await?;
    let summary = document["summary"].as_str().unwrap_or_default();
    ensure!(summary.contains("Toinen kuvaus"), "{url} still says: {summary}");
    ensure!(document["updated"].is_string(), "{url} has no `updated`");
    Ok(())
}

async fn broken(region: &Node) -> anyhow::Result<()> {
    let today = content::today(Clock::System.now())?;
    let text = content::expand(content::BROKEN_PRODUCERS, &today)?;
    let before = region.status().await?["objects"]["own"]["producer"].as_i64().unwrap_or(0);
    let output = import_text(region, "broken-producers.csv", &text, Format::ProducersCsv).await?;
    ensure!(output.status.code() == Some(SOME_REFUSED), "the exit code is {:?}", output.status.code());
    let said = said(&output);
    ensure!(said.contains("line 3 (rikki-p-02): name: is missing"), "line 3 is not named: {said}");
    ensure!(count(&said, "refused")? > 0 && count(&said, "new")? > 0, "the counts do not fit: {said}");
    let after = region.status().await?["objects"]["own"]["producer"].as_i64().unwrap_or(0);
    ensure!(after > before, "no good row went in");
    Ok(())
}

/// A bundle for Pirkanmaa with one event.
///
/// # Errors
/// When the date cannot be made.
pub(super) fn event_bundle(id: &str, name: &str, blurb: &str) -> anyhow::Result<String> {
    let today = content::today(Clock::System.now())?;
    let (starts, ends) = (content::expand("{{+20d 18:00}}", &today)?, content::expand("{{+20d 21:00}}", &today)?);
    let event = json!({
        "id": id, "name": name, "blurb": blurb, "content": "Esimerkki tarkistusta varten.",
        "starts": starts, "ends": ends, "category": "NETWORKING",
        "place": {"name": "Kulttuuritalo Telakka", "locality": "Tampere", "latitude": 61.4955, "longitude": 23.7689},
    });
    Ok(json!({"format": "solmu-bundle/1", "region": "06", "events": [event]}).to_string())
}

/// Imports a bundle given as text, and gives what the import says.
///
/// # Errors
/// When it is not taken completely.
pub(super) async fn bundle(region: &Node, text: &str) -> anyhow::Result<String> {
    taken(import_text(region, "check.json", text, Format::Bundle).await?)
}

/// Imports a text as a file.
///
/// # Errors
/// When the file cannot be written or the command not be run.
pub(super) async fn import_text(region: &Node, name: &str, text: &str, format: Format) -> anyhow::Result<Output> {
    let path = region.config().with_file_name(name);
    std::fs::write(&path, text).with_context(|| format!("{}", path.display()))?;
    region.import(&path, format).await
}

fn taken(output: Output) -> anyhow::Result<String> {
    let said = said(&output);
    if output.status.success() { Ok(said) } else { bail!("the import failed: {said}") }
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// A number of the summary line: `6 new · 1 changed · …`.
fn count(said: &str, what: &str) -> anyhow::Result<u64> {
    let part = said.lines().rev().find(|line| line.contains(" new · ")).context("the import prints no summary")?;
    let number = part.split(" · ").find_map(|one| one.trim().strip_suffix(what)).context("no such count")?;
    Ok(number.trim().parse()?)
}

async fn document(url: &str) -> anyhow::Result<Value> {
    let http = reqwest::Client::builder().no_proxy().build()?;
    let answer = http.get(url).header(http::header::ACCEPT, vocab::ACTIVITY_JSON).send().await?;
    Ok(answer.error_for_status()?.json().await?)
}
