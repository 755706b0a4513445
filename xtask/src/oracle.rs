//! Long runs of the oracle in `tests/failure`: activities out and in while the node's processes are killed, or while everything
//! goes wrong at random; then what was acknowledged is compared with what arrived.

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
    let settings = [("SOLMU_ORACLE_ACTIVITIES", activities), ("SOLMU_ORACLE_KILLS", kills)];
    run_long(root, "oracle::r01_", &settings, release)
}

/// Lets everything go wrong at random for so long, on SQLite and PostgreSQL side by side.
///
/// # Errors
/// When something was lost, doubled or out of order, or what a process holds grew; the output names it.
pub fn soak(root: &Path, minutes: u64, release: bool) -> Result<()> {
    run_long(root, "oracle::soak::", &[("SOLMU_SOAK_MINUTES", minutes)], release)
}

/// Runs the tests whose names begin so, with a PostgreSQL of their own.
fn run_long(root: &Path, tests: &str, settings: &[(&str, u64)], release: bool) -> Result<()> {
    let server = Server::start(&root.join("target")).context("PostgreSQL")?;
    let mut command = run::cargo(root);
    command.args(["test", "--package", "server", "--test", "failure"]);
    command.args(release.then_some("--release"));
    command.args(["--", tests, "--nocapture"]);
    command.env("SOLMU_TEST_POSTGRES", server.url());
    command.envs(settings.iter().map(|(name, value)| (name, value.to_string())));
    run(&mut command)
}
