//! `solmu migrate` and `solmu backup`.

use crate::config::Config;
use anyhow::Context;
use std::path::Path;
use store::Store;

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
/// When the file exists, or the database is PostgreSQL.
pub fn backup(config: &Config, file: &Path) -> anyhow::Result<()> {
    let store = Store::open(&config.database).with_context(|| format!("database {}", config.database))?;
    store.backup(file)?;
    let size = std::fs::metadata(file).map(|meta| meta.len()).unwrap_or_default();
    println!("{} written ({} KiB)", file.display(), size.div_ceil(1024));
    Ok(())
}
