//! A long run of the oracle in `tests/failure`: activities out and in while the node's processes are killed, then what was
//! acknowledged is compared with what arrived.

use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::postgres::Server;
use crate::run::{self, run};

/// Runs it on SQLite and PostgreSQL side by side, half of everything on each.
///
/// # Errors
/// When something was lost, doubled or out of order; the output names it.
pub fn ask(root: &Path, activities: u64, kills: u64, release: bool) -> Result<()> {
    if kills == 0 || activities < kills {
        bail!("at least one kill, and an activity for each");
    }
    let server = Server::start(&root.join("target")).context("PostgreSQL")?;
    let mut command = run::cargo(root);
    command.args(["test", "--package", "server", "--test", "failure"]);
    command.args(release.then_some("--release"));
    command.args(["--", "oracle::r01_", "--nocapture"]);
    command
        .env("SOLMU_TEST_POSTGRES", server.url())
        .env("SOLMU_ORACLE_ACTIVITIES", activities.to_string())
        .env("SOLMU_ORACLE_KILLS", kills.to_string());
    run(&mut command)
}
