//! Licences, bans, sources and advisories of the dependencies, by cargo-deny with `deny.toml`.
//!
//! Advisories need a database from the network; when it cannot be reached that is said, never passed over.

use std::path::Path;

use anyhow::Result;

use crate::run::{self, run};

const VERSION: &str = "0.20.2";

/// All checks. Where cargo-deny cannot be had, that is an error in continuous integration and a printed sentence elsewhere.
///
/// # Errors
/// When a dependency breaks a rule, or has an advisory that `deny.toml` does not answer.
pub fn check(root: &Path) -> Result<()> {
    match run::install(root, "deny", VERSION) {
        Ok(()) => {
            let (rules, advisories) = (rules(root), advisories(root));
            rules.and(advisories)
        }
        Err(error) if run::in_ci() => Err(error),
        Err(error) => {
            println!("DEPENDENCIES NOT CHECKED: {error:#}");
            Ok(())
        }
    }
}

/// Licences, bans and sources. Asks the registry only for crates that this machine never needed to build.
fn rules(root: &Path) -> Result<()> {
    let mut check = run::cargo(root);
    check.args(["deny", "--locked", "check", "--hide-inclusion-graph"]);
    // `GPL-3.0` and `AGPL-3.0` are the old spelling of three dependencies, read all the same.
    run(check.args(["--allow", "parse-error", "licenses", "bans", "sources"]))
}

/// Advisories, when their database can be had.
fn advisories(root: &Path) -> Result<()> {
    let fetched = run::output(run::cargo(root).args(["deny", "fetch", "db"]));
    if let Err(error) = fetched {
        println!(
            "ADVISORIES NOT CHECKED: their database cannot be reached. The version floors of deny.toml were checked."
        );
        println!("  {}", error.to_string().lines().last().unwrap_or_default());
        return Ok(());
    }
    run(run::cargo(root).args(["deny", "check", "--hide-inclusion-graph", "--disable-fetch", "advisories"]))
}
