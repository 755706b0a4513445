//! `solmu rekey`: other keys for this node's actors, when somebody else may have the first ones (a stolen backup).

use crate::app::App;
use anyhow::ensure;
use domain::region::actors;
use federation::Error;
use federation::actor::{self, Actor};
use federation::key::KeyPair;

/// Gives one actor, or all that this node has, another key. Prints the id of the activity that tells it for each, one a line, so
/// that it is seen how far it has come. What was done stays done when it is ended in the middle.
///
/// # Errors
/// When the text names nobody of this node.
pub async fn run(app: &App, whom: Option<&str>) -> anyhow::Result<()> {
    let ours = app.state.store.read(|conn| actor::ours(conn).map_err(Error::from)).await?;
    let chosen: Vec<Actor> = ours.into_iter().filter(|one| whom.is_none_or(|text| is_meant(one, text))).collect();
    ensure!(
        !chosen.is_empty(),
        "{} is no actor of this node; `NAME` is what its handle begins with",
        whom.unwrap_or("nobody")
    );
    for (number, one) in (1..).zip(&chosen) {
        let (pair, url, now) = (KeyPair::generate_off_thread().await?, one.url.clone(), app.state.now());
        let told = app.state.write(move |conn| actors::rekey(conn, &url, &pair, now)).await?;
        println!("{told}");
        eprintln!("{number} of {}: {} has another key", chosen.len(), one.handle());
    }
    Ok(())
}

fn is_meant(actor: &Actor, text: &str) -> bool {
    let text = text.trim();
    let handle = text.strip_prefix('@').unwrap_or(text);
    text == actor.url.as_str() || handle == actor.username || handle == format!("{}@{}", actor.username, actor.host)
}
