//! `solmu setup`, and what `solmu init` and `solmu serve` say of it: the address at which somebody becomes the first
//! coordinator. It goes to standard output, which is the operator's, and not into the log.

use crate::app::App;
use anyhow::bail;
use domain::person::Secret;
use domain::setup;
use std::io::Write;

/// Prints an address, and ends the earlier ones.
///
/// # Errors
/// When there is nothing to set up; those of the database.
pub async fn run(app: &App) -> anyhow::Result<()> {
    match made(app, true).await? {
        Some(address) => println!("{address}"),
        None => bail!("the node is set up already; `solmu people` lists who holds which position"),
    }
    Ok(())
}

/// Prints an address when the node has no coordinator. Who does not read it loses nothing.
///
/// # Errors
/// Those of the database.
pub async fn offer(app: &App) -> anyhow::Result<()> {
    let without = |conn: &mut store::Conn| setup::is_without_coordinator(conn).map_err(domain::Error::from);
    if app.state.store.read(without).await?
        && let Some(address) = made(app, false).await?
    {
        let said = "This node has no coordinator yet. Whoever opens this address within a day sets it up:";
        let _nobody_may_listen = writeln!(std::io::stdout(), "{said}\n{address}");
    }
    Ok(())
}

async fn made(app: &App, alone: bool) -> anyhow::Result<Option<String>> {
    let (link, now) = (Secret::fresh(), app.state.now());
    let new = link.clone();
    let offer = move |conn: &mut store::Conn| setup::offer(conn, &new, alone, now).map_err(domain::Error::from);
    let made = app.state.write(offer).await?;
    Ok(made.then(|| web::setup_address(&app.node.origin, &link)))
}
