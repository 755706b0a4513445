//! Files that are written by a program and committed, so that a reader finds them.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::run;

/// Every key of the configuration with its meaning, as the server itself knows them.
const EXAMPLE_CONFIG: &str = "deploy/config.example.toml";

/// Writes the generated files, or with `check` only compares them.
///
/// # Errors
/// When the server cannot be built, or with `check` when a file differs.
pub fn generate(root: &Path, check: bool) -> Result<()> {
    let mut server = run::cargo(root);
    let text = run::output(server.args(["run", "--quiet", "--package", "server", "--", "config", "example"]))?;
    let path = root.join(EXAMPLE_CONFIG);
    if check {
        let found = fs::read_to_string(&path).with_context(|| format!("reading {EXAMPLE_CONFIG}"))?;
        if found != text {
            bail!("{EXAMPLE_CONFIG} is not what `cargo xtask docs` writes");
        }
        return Ok(());
    }
    fs::write(&path, text).with_context(|| format!("writing {EXAMPLE_CONFIG}"))?;
    println!("{EXAMPLE_CONFIG}");
    Ok(())
}
