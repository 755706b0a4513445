//! `solmu migrate` and `solmu backup`.

use crate::config::Config;
use anyhow::{Context, bail};
use std::path::Path;
use store::{DatabaseUrl, Store};

/// Brings the schema up to date and says what was done.
///
/// # Errors
/// Names the step that failed.
pub fn migrate(config: &Config) -> anyhow::Result<()> {
    let applied = store::migrate::run(&config.database).with_context(|| format!("database {}", config.database))?;
    match applied.as_slice() {
        [] => println!("{} is up to date", config.database),
        steps => println!("{}: applied {}", config.database, steps.join(", ")),
    }
    Ok(())
}

/// Writes a copy of the database.
///
/// # Errors
/// When the file exists, the database does not, or it is PostgreSQL.
pub fn backup(config: &Config, file: &Path) -> anyhow::Result<()> {
    if let DatabaseUrl::Sqlite(path) = &config.database
        && !path.exists()
    {
        bail!("database {}: there is no such file", config.database);
    }
    let store = Store::open(&config.database).with_context(|| format!("database {}", config.database))?;
    store.backup(file)?;
    let size = std::fs::metadata(file).map(|meta| meta.len()).unwrap_or_default();
    println!("{} written ({} KiB)", file.display(), size.div_ceil(1024));
    Ok(())
}
