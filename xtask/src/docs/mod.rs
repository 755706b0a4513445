//! Files that are written by a program and committed, so that a reader finds them.

mod examples;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::run;

/// Every key of the configuration with its meaning, as the server itself knows them.
const EXAMPLE_CONFIG: &str = "deploy/config.example.toml";

/// Writes the generated files, or with `check` only compares them. `server` is the start of a command line of the program that
/// knows its own configuration.
///
/// # Errors
/// When the server cannot be built, when a page of the reference shows what is not there, or with `check` when a file
/// differs.
pub fn generate(root: &Path, server: Command, check: bool) -> Result<()> {
    let mut files = examples::pages(root)?;
    files.push((root.join(EXAMPLE_CONFIG), example_config(server)?));
    let mut stale = Vec::new();
    for (path, text) in files {
        let found = fs::read_to_string(&path).unwrap_or_default();
        if found == text {
            continue;
        }
        stale.push(shown(root, &path));
        if !check {
            fs::write(&path, text).with_context(|| format!("writing {}", path.display()))?;
        }
    }
    if check && !stale.is_empty() {
        bail!("not what `cargo xtask docs` writes:\n{}", stale.join("\n"));
    }
    stale.iter().for_each(|name| println!("{name}"));
    Ok(())
}

fn example_config(mut server: Command) -> Result<String> {
    run::output(server.args(["config", "example"]))
}

fn shown(root: &Path, path: &Path) -> String {
    let path: PathBuf = path.strip_prefix(root).unwrap_or(path).to_owned();
    path.display().to_string()
}
