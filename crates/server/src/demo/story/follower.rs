//! Chapter 2: somebody on another server finds the region, follows it, and gets what it publishes.

use super::{SOON, is, object_id, publish_event};
use crate::cli::Format;
use crate::demo::content;
use crate::demo::network::{Network, Node};
use crate::demo::peer::{Entry, Peer};
use crate::demo::report::Report;
use anyhow::{Context, ensure};
use serde_json::Value;
use store::{Clock, Timestamp};

/// What is promised between publication and arrival, in milliseconds.
const PROMISED: i64 = 1000;

/// What the chapter published, for the later ones to change.
pub(super) struct Things {
    /// The event's id.
    pub event: String,
    /// Its slug.
    pub event_slug: String,
    /// The task's id.
    pub task: String,
    /// Its slug.
    pub task_slug: String,
}

pub(super) async fn tell(network: &Network, follower: &Peer, report: &mut Report) -> anyhow::Result<Things> {
    report.chapter("2. A follower on another server");
    let region = &network.regions[0];
    let handle = region.handle();
    let actor = report.step(&format!("WebFinger finds {handle}"), follower.webfinger(&handle)).await?;
    report.step("it follows and gets Accept with its Follow embedded verbatim", follows(follower, &actor)).await?;
    let name = "Seuraajan iltaklubi";
    let (event, event_slug) = (
        report
            .step("a new event arrives within a second", async {
                let begun = Clock::System.now();
                let id = publish_event(region, "tarkistus-e-2", name).await?;
                arrives_in_time(follower, "Create", &id, begun).await?;
                anyhow::Ok(id)
            })
            .await?,
        vocab::text::slug(name),
    );
    let (task, task_slug) = report
        .step("a task that was a draft arrives within a second", async {
            let slug = draft(region).await?;
            let begun = Clock::System.now();
            region.run(&["publish", &slug]).await?;
            let id = object_id(region, &format!("/tehtavat/{slug}")).await?;
            arrives_in_time(follower, "Create", &id, begun).await?;
            anyhow::Ok((id, slug))
        })
        .await?;
    report.step("it follows a producer and gets the change of the profile", producer(network, follower)).await?;
    Ok(Things { event, event_slug, task, task_slug })
}

async fn follows(follower: &Peer, actor: &str) -> anyhow::Result<()> {
    let follow = follower.follow(actor).await?;
    let accept = follower.wait_for(SOON, |activity| activity["type"] == "Accept" && activity["actor"] == actor).await?;
    ensure!(
        accept.body["object"] == follow,
        "the Accept does not embed the Follow verbatim: {}",
        accept.body["object"]
    );
    Ok(())
}

/// Imports a task as a draft and gives its slug.
async fn draft(region: &Node) -> anyhow::Result<String> {
    let title = "Tarkistuksen luonnos";
    let today = content::today(Clock::System.now())?;
    let deadline = content::expand("{{+30d}}", &today)?;
    let text = format!(
        "id;title;description;client;kind;engagement;pay_min;pay_unit;deadline;municipality;state\n\
         tarkistus-t-1;{title};Esimerkki tarkistusta varten.;tamk;gig;invoice;250;day;{deadline};Tampere;draft\n"
    );
    let output = super::import::import_text(region, "draft.csv", &text, Format::TasksCsv).await?;
    ensure!(output.status.success(), "the import failed: {}", String::from_utf8_lossy(&output.stderr));
    Ok(vocab::text::slug(title))
}

/// Waits for a delivery, and measures from the moment before the publishing command was started until the delivery had
/// arrived and its signature been checked. The publication itself is a little later, when the command commits; so what is
/// measured is never shorter than what a follower waits.
async fn arrives_in_time(follower: &Peer, verb: &str, id: &str, begun: Timestamp) -> anyhow::Result<Entry> {
    let entry = follower.wait_for(SOON, |activity| is(activity, verb, id)).await?;
    let took = entry.at - begun.as_millis();
    ensure!(took <= PROMISED, "{verb} arrived {took} ms after the command was begun");
    Ok(entry)
}

async fn producer(network: &Network, follower: &Peer) -> anyhow::Result<()> {
    let region = &network.regions[0];
    let (person, row) = ("pir-p-01", "Aino Lehtiranta (esimerkki)");
    let listed = super::items(region, "/tuottajat?region=06").await?;
    let producer = listed.iter().find(|item| item["name"] == row).context("the producer is not listed")?;
    let id = producer["source"]["id"].as_str().context("no id")?;
    follows(follower, id).await?;
    let headline = "Uusi otsikko tarkistusta varten";
    let changed = with_headline(region, person, headline)?;
    let begun = Clock::System.now();
    let output = super::import::import_text(region, "producers-changed.csv", &changed, Format::ProducersCsv).await?;
    ensure!(output.status.success(), "the import failed: {}", String::from_utf8_lossy(&output.stderr));
    let update = arrives_in_time(follower, "Update", id, begun).await?;
    ensure!(update.body["object"].to_string().contains(headline), "the profile says nothing of the new headline");
    Ok(())
}

/// The region's producers as a file, with another headline for one of them.
fn with_headline(region: &Node, id: &str, headline: &str) -> anyhow::Result<String> {
    let path = region.config().with_file_name("content").join("producers.csv");
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_path(&path).context("producers.csv")?;
    let header = reader.headers()?.clone();
    let column = header.iter().position(|name| name == "headline").context("no headline column")?;
    let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
    writer.write_record(&header)?;
    for row in reader.records() {
        let row = row?;
        if row.get(0) == Some(id) {
            writer.write_record(row.iter().enumerate().map(|(i, value)| if i == column { headline } else { value }))?;
        }
    }
    Ok(String::from_utf8(writer.into_inner()?)?)
}

/// The ids that a list holds.
pub(super) fn ids(items: &[Value]) -> Vec<&str> {
    items.iter().filter_map(|item| item["source"]["id"].as_str()).collect()
}
