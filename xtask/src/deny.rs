//! Licences, bans, sources and advisories of the dependencies, by cargo-deny with `deny.toml`.
//!
//! cargo-deny is installed once under `target/tools` when it is missing (about a minute on two cores, as a debug build: it runs for
//! seconds). Advisories need a database from the network; when it cannot be reached that is said, never passed over.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::provision::find;
use crate::run::{self, run};

const VERSION: &str = "0.20.2";

/// All checks. Where cargo-deny cannot be had, that is an error in continuous integration and a printed sentence elsewhere.
///
/// # Errors
/// When a dependency breaks a rule, or has an advisory that `deny.toml` does not answer.
pub fn check(root: &Path) -> Result<()> {
    match program(root) {
        Ok(program) => {
            let (rules, advisories) = (rules(root, &program), advisories(root, &program));
            rules.and(advisories)
        }
        Err(error) if run::in_ci() => Err(error),
        Err(error) => {
            println!("DEPENDENCIES NOT CHECKED: {error:#}");
            Ok(())
        }
    }
}

/// cargo-deny, installed when missing.
fn program(root: &Path) -> Result<PathBuf> {
    let tools = root.join("target/tools");
    let ours = tools.join("bin/cargo-deny");
    if ours.is_file() {
        return Ok(ours);
    }
    if let Some(installed) = find("cargo-deny") {
        return Ok(installed);
    }
    let mut install = run::cargo(root);
    install
        .args(["install", "cargo-deny", "--version", VERSION, "--locked", "--debug", "--quiet", "--root"])
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .arg(&tools);
    // Its own folder for what is built: ours would keep several hundred crates that nothing else uses.
    run(install.env_remove("CARGO_TARGET_DIR")).context("cargo-deny is missing and could not be installed")?;
    Ok(ours)
}

/// Licences, bans and sources. Asks the registry only for crates that this machine never needed to build.
fn rules(root: &Path, program: &Path) -> Result<()> {
    let mut check = Command::new(program);
    check.current_dir(root).args(["--locked", "check", "--hide-inclusion-graph"]);
    // `GPL-3.0` and `AGPL-3.0` are the old spelling of three dependencies, read all the same.
    run(check.args(["--allow", "parse-error", "licenses", "bans", "sources"]))
}

/// Advisories, when their database can be had.
fn advisories(root: &Path, program: &Path) -> Result<()> {
    let fetched = run::output(Command::new(program).current_dir(root).args(["fetch", "db"]));
    if let Err(error) = fetched {
        println!(
            "ADVISORIES NOT CHECKED: their database cannot be reached. The version floors of deny.toml were checked."
        );
        println!("  {}", error.to_string().lines().last().unwrap_or_default());
        return Ok(());
    }
    let mut check = Command::new(program);
    run(check.current_dir(root).args(["check", "--hide-inclusion-graph", "--disable-fetch", "advisories"]))
}
