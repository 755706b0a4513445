//! Measuring: a release build of the server and of `tests/bench`, which does the rest.

use std::path::Path;

use anyhow::Result;

use crate::run::{self, run};

/// Builds and runs the scenarios of these names, or all of them.
///
/// # Errors
/// When it does not build, or a measurement cannot go on. A figure that misses its goal is no error.
pub fn measure(root: &Path, names: &[String], quick: bool) -> Result<()> {
    let mut command = run::cargo(root);
    command.args(["bench", "--package", "server", "--bench", "bench", "--"]).args(names);
    if quick {
        command.arg("--quick");
    }
    run(&mut command)
}
