//! `solmu init`: a new node.

use crate::app::App;
use crate::cli::{Init, RoleArgument};
use crate::config;
use anyhow::{Context, bail};
use domain::Role;
use domain::region::RegionCode;
use std::path::Path;

/// Makes the folder, the configuration file, the database and the node's actors with their keys.
///
/// # Errors
/// When there is a configuration already, or what was given cannot be used.
pub async fn run(arguments: &Init) -> anyhow::Result<()> {
    let role = match arguments.role {
        RoleArgument::Region => Role::Region,
        RoleArgument::National => Role::National,
    };
    let region = match (role, arguments.region.as_deref()) {
        (Role::National, _) => RegionCode::NATIONAL,
        (Role::Region, Some(text)) => RegionCode::parse(text)
            .with_context(|| format!("--region: `{text}` is no region; use a code from 01 to 21, or its name"))?,
        (Role::Region, None) => bail!("--region is missing: the code of the region, such as 06 for Pirkanmaa"),
    };
    if let Err(reason) = config::check_domain(&arguments.domain) {
        bail!("--domain: `{}`: {reason}", arguments.domain);
    }
    if let Some(url) = &arguments.database {
        url.parse::<store::DatabaseUrl>().map_err(|error| anyhow::anyhow!("--database: {error}"))?;
    }
    std::fs::create_dir_all(&arguments.dir).with_context(|| format!("the folder {}", arguments.dir.display()))?;
    let file = arguments.dir.join("solmu.toml");
    if file.exists() {
        bail!("{} exists already; nothing was changed. Remove it, or choose another --dir", file.display());
    }
    let text = config::initial(role, region, &arguments.domain, arguments.database.as_deref());
    write_private(&file, &text)?;
    let app = match open(&file).await {
        Ok(app) => app,
        Err(error) => {
            // Nothing half-made stays: the next `init` must be able to try again.
            std::fs::remove_file(&file).with_context(|| format!("{} could not be removed again", file.display()))?;
            return Err(error);
        }
    };
    println!("{} written, database {} ready.", file.display(), app.config.database);
    println!("This node is {}.", app.node.origin.handle(region.username()));
    println!("Next: solmu --config {} serve", file.display());
    super::setup::offer(&app).await?;
    Ok(())
}

async fn open(file: &Path) -> anyhow::Result<App> {
    App::found(config::load(file)?).await
}

/// Readable by its owner alone: the database's password may be in it.
fn write_private(file: &Path, text: &str) -> anyhow::Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file)
        .and_then(|mut open| open.write_all(text.as_bytes()))
        .with_context(|| format!("{} cannot be written", file.display()))
}
