//! Measuring: a release build of the server and of `tests/bench`, which does the rest.

use std::path::Path;

use anyhow::{Context as _, Result};

use crate::postgres::Server;
use crate::run::{self, run};

/// The scenario that measures on both databases.
const ON_BOTH: &str = "search";

/// Builds and runs the scenarios of these names, or all of them.
///
/// # Errors
/// When it does not build, PostgreSQL is wanted and not there, or a measurement cannot go on. A figure that misses its goal is no error.
pub fn measure(root: &Path, names: &[String], quick: bool) -> Result<()> {
    let mut command = run::cargo(root);
    command.args(["bench", "--package", "server", "--bench", "bench", "--"]).args(names);
    if quick {
        command.arg("--quick");
    }
    let on_both = names.iter().any(|name| name == ON_BOTH) || names.is_empty() && !quick;
    let server = on_both.then(|| Server::start(&root.join("target"))).transpose().context("PostgreSQL")?;
    if let Some(server) = &server {
        command.env("SOLMU_TEST_POSTGRES", server.url());
    }
    run(&mut command)
}
