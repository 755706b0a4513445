//! Rules about the repository that no compiler checks: crate and slice edges, where peers' names may stand, equal migration
//! trees, equal translations, file sizes, names, links.
//!
//! Each rule is one pure function from texts to [`Finding`]s, with tests that show it failing. Reading the disk happens only in
//! [`Repository::read`]. The rules run as `cargo xtask tidy` and as a test.

mod edges;
mod links;
mod locales;
mod migrations;
mod peers;
mod profiles;
mod scan;
mod shown;
mod slices;
mod source;

use std::fmt;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::run;

/// One broken rule at one place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    path: String,
    line: Option<usize>,
    message: String,
}

impl Finding {
    fn new(path: &str, line: Option<usize>, message: impl Into<String>) -> Self {
        let (path, message) = (path.to_owned(), message.into());
        Self { path, line, message }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.path, self.message),
            None => write!(f, "{}: {}", self.path, self.message),
        }
    }
}

/// One text of the repository; `path` is relative to its root, with `/`.
#[derive(Debug, Clone)]
pub struct SourceFile {
    path: String,
    text: String,
}

impl SourceFile {
    fn has_extension(&self, extension: &str) -> bool {
        Path::new(&self.path).extension().is_some_and(|found| found == extension)
    }
}

#[cfg(test)]
fn file(path: &str, text: &str) -> SourceFile {
    SourceFile { path: path.to_owned(), text: text.to_owned() }
}

/// What the rules look at.
struct Repository {
    /// Every path, also of files that are not text.
    paths: Vec<String>,
    files: Vec<SourceFile>,
    /// `packages` of `cargo metadata --no-deps`.
    packages: Vec<Value>,
}

/// Folders that are made by tools, at any depth.
const GENERATED: [&str; 3] = ["target", "node_modules", ".git"];
const READ: [&str; 10] = ["rs", "toml", "md", "ftl", "html", "mjs", "sh", "json", "yaml", "sql"];

impl Repository {
    fn read(root: &Path) -> Result<Self> {
        let mut paths = Vec::new();
        list(root, "", &mut paths)?;
        paths.sort();
        let mut files = Vec::new();
        for path in &paths {
            let read = Path::new(path).extension().is_some_and(|found| READ.iter().any(|known| found == *known));
            if read {
                let text = fs::read_to_string(root.join(path)).with_context(|| format!("reading {path}"))?;
                files.push(SourceFile { path: path.clone(), text });
            }
        }
        Ok(Self { paths, files, packages: packages(root)? })
    }

    fn findings(&self) -> Vec<Finding> {
        let mut findings = edges::check(&self.packages);
        findings.extend(slices::check(&self.files));
        findings.extend(peers::check(&self.files));
        findings.extend(migrations::check(&self.paths));
        findings.extend(migrations::check_list(&self.files, &self.paths));
        findings.extend(source::check(&self.files));
        findings.extend(locales::check(&self.files));
        findings.extend(links::check(&self.files, &self.paths));
        findings.extend(profiles::check(&self.files));
        findings.extend(shown::check(&self.files));
        findings.sort();
        findings
    }
}

fn list(root: &Path, folder: &str, paths: &mut Vec<String>) -> Result<()> {
    for entry in fs::read_dir(root.join(folder)).with_context(|| format!("listing {folder:?}"))? {
        let entry = entry?;
        let name = entry.file_name().into_string().map_err(|name| anyhow::anyhow!("{name:?} is not UTF-8"))?;
        let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
        if !entry.file_type()?.is_dir() {
            paths.push(path);
        } else if !GENERATED.contains(&name.as_str()) {
            list(root, &path, paths)?;
        }
    }
    Ok(())
}

fn packages(root: &Path) -> Result<Vec<Value>> {
    let text = run::output(run::cargo(root).args(["metadata", "--no-deps", "--format-version", "1"]))?;
    let metadata: Value = serde_json::from_str(&text).context("reading cargo metadata")?;
    Ok(metadata["packages"].as_array().cloned().unwrap_or_default())
}

/// Checks the repository at `root`, prints every finding and the files above their budget.
///
/// # Errors
/// When a rule is broken, or the repository cannot be read.
pub fn check(root: &Path) -> Result<()> {
    let repository = Repository::read(root)?;
    for note in source::over_budget(&repository.files) {
        println!("note: {note}");
    }
    let findings = repository.findings();
    for finding in &findings {
        println!("{finding}");
    }
    match findings.len() {
        0 => Ok(()),
        number => bail!("tidy: {number} broken rules"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_repository_is_tidy() {
        let repository = Repository::read(&run::root()).unwrap();
        let findings: Vec<String> = repository.findings().iter().map(ToString::to_string).collect();
        assert!(findings.is_empty(), "{} broken rules:\n{}", findings.len(), findings.join("\n"));
    }
}
