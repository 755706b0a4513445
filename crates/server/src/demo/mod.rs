//! `solmu demo`: a small network on this machine, and with `--check` the proof that it works.

mod balancer;
pub mod content;
pub mod network;
pub mod peer;
mod report;
mod story;

use crate::cli::Demo;
use anyhow::{Context, bail};
use network::{Network, Plan};
use report::Report;
use tokio::signal::unix::{SignalKind, signal};

/// Runs it.
///
/// # Errors
/// With `--check`, the first step that fails.
pub async fn run(arguments: &Demo) -> anyhow::Result<()> {
    if arguments.app_nodes > 1 && arguments.database.is_none() {
        bail!("--app-nodes needs --database postgres://…: only PostgreSQL can be shared by several processes");
    }
    let program = std::env::current_exe().context("the path of this program")?;
    let plan = Plan {
        program: &program,
        keep: arguments.keep.as_deref(),
        server: arguments.database.as_deref(),
        app_nodes: arguments.app_nodes.max(1),
    };
    let mut report = Report::new();
    let mut network = report.step("three regions and a national node start", Network::start(&plan)).await?;
    let told =
        if arguments.check { story::tell(&mut network, &mut report).await } else { open(&network, &mut report).await };
    let stopped = network.stop().await.context("the network does not stop");
    told.and(stopped)?;
    if arguments.check {
        report.total();
    }
    Ok(())
}

/// Loads the content, lets the nodes follow one another, and leaves the network open until Ctrl-C.
async fn open(network: &Network, report: &mut Report) -> anyhow::Result<()> {
    report.step("each region imports its content", import_everything(network)).await?;
    report.step("the nodes follow one another", follow_one_another(network)).await?;
    // Before anybody can read that this would end it.
    let mut interrupted = signal(SignalKind::interrupt()).context("Ctrl-C cannot be listened to")?;
    println!("\nOpen in a browser:");
    println!("  {:<16} {}   all regions together", "national node", network.national.url("/"));
    for region in &network.regions {
        println!("  {:<16} {}   {}", region.username, region.url("/"), region.handle());
    }
    let first = network.regions.first().context("a region")?;
    println!("\nA handle to try, from anything on this machine that speaks ActivityPub: {}", first.handle());
    println!(
        "As ActivityPub sees it: curl -L -H 'Accept: application/activity+json' {}",
        first.url(&format!("/@{}", first.username))
    );
    println!("An operator's view:     solmu --config {} status", first.config().display());
    println!("\nCtrl-C stops everything.");
    interrupted.recv().await;
    println!("stopping");
    Ok(())
}

/// Imports the example content of every region.
///
/// # Errors
/// When a file is not taken completely.
pub async fn import_everything(network: &Network) -> anyhow::Result<()> {
    story::import::everything(network).await
}

/// Lets the national node follow the regions and each region the others, and waits until what was there is read.
///
/// # Errors
/// When a follow is not answered.
pub async fn follow_one_another(network: &Network) -> anyhow::Result<()> {
    story::national::follow_all(network).await
}
