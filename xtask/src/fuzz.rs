//! `cargo xtask fuzz`: the fuzz targets of `tests/fuzz`, each for some minutes, one after the other.
//!
//! The pinned stable toolchain is enough: the coverage counters need no sanitiser, and the code under test has no `unsafe`. Not
//! part of `cargo xtask test`: a run that looks for what nobody knows has no end.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::run::{self, run};

const VERSION: &str = "0.13.2";
/// The workspace of the targets.
const FOLDER: &str = "tests/fuzz";
/// What the targets have found so far, and the first inputs, in the repository.
const SEEDS: &str = "tests/fuzz/seeds";
/// Inputs longer than this find nothing that shorter ones do not.
const LONGEST: &str = "-max_len=16384";

/// Runs one target, or all of them, for `minutes` each.
///
/// # Errors
/// When a target does not build, when it is not known, or when it found something; the input that shows it is named.
pub fn fuzz(root: &Path, only: Option<&str>, minutes: u64) -> Result<()> {
    let targets = targets(root)?;
    if let Some(unknown) = only.filter(|only| !targets.iter().any(|target| target == only)) {
        bail!("`{unknown}` is no fuzz target; there are {}", targets.join(", "));
    }
    run::install(root, "fuzz", VERSION)?;
    let mut found = Vec::new();
    for target in targets.iter().filter(|target| only.is_none_or(|only| *target == only)) {
        println!("── fuzz {target}, {minutes} min");
        if let Err(error) = one(root, target, minutes) {
            println!("── fuzz {target}: {error:#}\n");
            found.push(target.as_str());
        }
    }
    match found.len() {
        0 => Ok(()),
        _ => bail!("found something: {}; the inputs are under target/fuzz", found.join(", ")),
    }
}

fn targets(root: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(root.join(FOLDER).join("targets")).context("reading the fuzz targets")? {
        let path = entry?.path();
        names.extend(path.file_stem().map(|name| name.to_string_lossy().into_owned()));
    }
    names.sort();
    Ok(names)
}

fn one(root: &Path, target: &str, minutes: u64) -> Result<()> {
    let (built, corpus) = (root.join("target/fuzz"), root.join("target/fuzz/corpus").join(target));
    let artifacts = built.join("artifacts").join(target);
    fs::create_dir_all(&corpus).and_then(|()| fs::create_dir_all(&artifacts)).context("making the folders")?;
    let mut command = run::cargo(root);
    command.args(["fuzz", "run", "--sanitizer", "none", "--fuzz-dir", FOLDER, "--target-dir"]).arg(&built);
    command.arg(target).arg(&corpus).arg(root.join(SEEDS).join(target)).arg("--");
    command.arg(LONGEST).arg(format!("-max_total_time={}", minutes * 60)).arg("-print_final_stats=1");
    command.arg(format!("-artifact_prefix={}/", artifacts.display()));
    run(&mut command)
}
