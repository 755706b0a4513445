//! The list of erasures: a line for each account or profile that went for good, in a file beside the database, so that a restored copy
//! does not bring anybody back.
//!
//! Invariant: a line is on the disk before the erasure is in the database; it says nothing of who it was
//! ([`domain::leaving::mark`]). The file only grows. Who wants to be gone does not wait for a disk: when the list cannot be
//! written, the log says so and the erasure is done. Left out: putting together the lists of several machines.

use crate::app::App;
use crate::config::Config;
use anyhow::Context;
use domain::{Error, leaving};
use std::collections::BTreeSet;
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use store::id::AccountId;
use store::{Conn, DatabaseUrl};

/// The folder that systemd keeps for the service.
const STATE_FOLDER: &str = "STATE_DIRECTORY";

/// Where the list of a node is: beside the SQLite file; with PostgreSQL in the folder that systemd keeps for the service, or
/// else beside the configuration.
fn path(config: &Config) -> PathBuf {
    let folder = match &config.database {
        DatabaseUrl::Sqlite(file) => file.parent().map(Path::to_owned).unwrap_or_default(),
        DatabaseUrl::Postgres(_) => std::env::var_os(STATE_FOLDER).map_or_else(|| config.folder.clone(), PathBuf::from),
    };
    folder.join("erased")
}

/// The marks on the list; none when there is no list yet.
fn read(file: &Path) -> anyhow::Result<BTreeSet<String>> {
    let text = match std::fs::read_to_string(file) {
        Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
        other => other.with_context(|| format!("the list of erasures {} cannot be read", file.display()))?,
    };
    Ok(text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect())
}

/// Puts a mark on the list, and on the disk.
fn note(file: &Path, mark: &str) -> anyhow::Result<()> {
    let mut list = std::fs::OpenOptions::new().append(true).create(true).mode(0o600).open(file)?;
    list.write_all(format!("{mark}\n").as_bytes())?;
    Ok(list.sync_all()?)
}

/// Writes down that an account or a profile of this id goes for good, before it does.
pub fn write_down(app: &App, id: &str) {
    let file = path(&app.config);
    if let Err(error) = note(&file, &leaving::mark(id)) {
        let file = file.display();
        tracing::error!(%error, %file, "the list of erasures cannot be written; a restored copy would bring somebody back");
    }
}

/// Forgets an account for good: first on the list, then in the database.
///
/// # Errors
/// Those of the database.
pub async fn erase(app: &App, account: AccountId) -> anyhow::Result<()> {
    write_down(app, account.as_str());
    let (node, now) = (app.node.clone(), app.state.now());
    app.state.write(move |conn| leaving::finish(conn, &node, &account, now)).await?;
    scrub(app).await
}

/// Forgets those whose week is over, and those who stayed away for too long.
///
/// # Errors
/// As of [`erase`].
pub async fn finish_due(app: &App) -> anyhow::Result<()> {
    let now = app.state.now();
    let due = app.state.store.read(move |conn| leaving::due(conn, now).map_err(Error::from)).await?;
    for account in due {
        erase(app, account).await?;
        tracing::info!("an account was deleted for good");
    }
    Ok(())
}

/// Takes away what the list knows and a restored copy has brought back.
///
/// # Errors
/// When the list cannot be read; those of the database.
pub async fn replay(app: &App) -> anyhow::Result<()> {
    let marks = read(&path(&app.config))?;
    if marks.is_empty() {
        return Ok(());
    }
    let (node, now, known) = (app.node.clone(), app.state.now(), marks.clone());
    let count = move |conn: &mut Conn| leaving::is_any_known(conn, &known).map_err(Error::from);
    if !app.state.store.read(count).await? {
        return Ok(());
    }
    let gone = app.state.write(move |conn| leaving::replay(conn, &node, &marks, now)).await?;
    tracing::warn!(people = gone, "the database is an older copy: who had left was deleted again");
    scrub(app).await
}

/// Takes what was deleted out of the files of the database, too.
///
/// # Errors
/// Those of the database.
pub async fn scrub(app: &App) -> anyhow::Result<()> {
    let store = app.state.store.clone();
    if !tokio::task::spawn_blocking(move || store.scrub()).await?? {
        tracing::warn!(
            "somebody read the database while it was scrubbed; SQLite does the rest with its next checkpoint"
        );
    }
    Ok(())
}
