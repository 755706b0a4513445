//! Documents of the tests as examples of the reference: what we send, from the snapshots; what others send, from the
//! fixtures.
//!
//! A page names a snapshot in a comment, and the text between that comment and the closing one is written here. So the
//! reference cannot say anything else than the tests, and a snapshot that no page shows is an error.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// The pages that show examples.
const PAGES: &str = "docs/reference/federation";
/// Where snapshots are.
const SNAPSHOTS: &str = "crates";
/// What other programs send, a folder for each.
const FIXTURES: &str = "crates/vocab/fixtures";

const EXAMPLE: &str = "<!-- example: ";
const EXAMPLE_END: &str = "<!-- /example -->";
const RECEIVED: &str = "<!-- fixtures -->";
const RECEIVED_END: &str = "<!-- /fixtures -->";

/// The pages as they have to be, with their paths.
///
/// # Errors
/// When a page names a snapshot that is not there or leaves its block open, or when no page shows some snapshot.
pub fn pages(root: &Path) -> Result<Vec<(PathBuf, String)>> {
    let mut shown = BTreeSet::new();
    let mut pages = Vec::new();
    for path in files(&root.join(PAGES), "md")? {
        let text = fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
        let text = filled(root, &text, &mut shown).with_context(|| path.display().to_string())?;
        pages.push((path, text));
    }
    let missing: Vec<String> = snapshots(root)?.into_iter().filter(|name| !shown.contains(name)).collect();
    if !missing.is_empty() {
        bail!("no page under {PAGES} shows these documents:\n{}", missing.join("\n"));
    }
    Ok(pages)
}

/// A page with every block written anew.
fn filled(root: &Path, text: &str, shown: &mut BTreeSet<String>) -> Result<String> {
    let mut out = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        out.push_str(line);
        out.push('\n');
        let (block, end) = if let Some(name) = line.strip_prefix(EXAMPLE).and_then(|rest| rest.strip_suffix(" -->")) {
            shown.insert(name.to_owned());
            (example(&root.join(name))?, EXAMPLE_END)
        } else if line == RECEIVED {
            (received(root)?, RECEIVED_END)
        } else {
            continue;
        };
        if !lines.any(|line| line == end) {
            bail!("the block after `{line}` is not closed by `{end}`");
        }
        out.push_str(&block);
        out.push_str(end);
        out.push('\n');
    }
    Ok(out)
}

fn example(path: &Path) -> Result<String> {
    let text = fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
    // A snapshot has a head of its own between two lines of dashes.
    let body = text.splitn(3, "---\n").nth(2).with_context(|| format!("{} is no snapshot", path.display()))?;
    let language = if body.starts_with(['{', '[']) { "json" } else { "xml" };
    Ok(format!("```{language}\n{}\n```\n", body.trim_end()))
}

/// A table of the fixtures, by program.
fn received(root: &Path) -> Result<String> {
    let mut table = String::from("| program | document | what it is |\n|---|---|---|\n");
    let folder = root.join(FIXTURES);
    for path in files(&folder, "json")? {
        let text = fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
        let document: Value = serde_json::from_str(&text).with_context(|| format!("reading {}", path.display()))?;
        let name = path.strip_prefix(&folder).unwrap_or(&path).to_string_lossy().into_owned();
        let (program, file) = name.split_once('/').unwrap_or(("", &name));
        writeln!(table, "| {program} | [{file}](../../../{FIXTURES}/{name}) | {} |", what(&document))?;
    }
    Ok(table)
}

/// `Create` of a `Note`; `Person`; nothing for what has no type.
fn what(document: &Value) -> String {
    let types = |value: &Value| -> Option<String> {
        match value.get("type")? {
            Value::String(one) => Some(format!("`{one}`")),
            Value::Array(many) => {
                Some(many.iter().filter_map(Value::as_str).map(|one| format!("`{one}`")).collect::<Vec<_>>().join(", "))
            }
            _ => None,
        }
    };
    let own = types(document).unwrap_or_else(|| "no ActivityStreams type".to_owned());
    match document.get("object").and_then(types) {
        Some(object) => format!("{own} of {object}"),
        None if document.get("object").is_some() => format!("{own} of an id"),
        None => own,
    }
}

/// Every snapshot, as a path from the root.
fn snapshots(root: &Path) -> Result<Vec<String>> {
    let all = files(&root.join(SNAPSHOTS), "snap")?;
    Ok(all
        .iter()
        .map(|path| path.strip_prefix(root).unwrap_or(path).to_string_lossy().into_owned())
        .filter(|name| name.contains("/src/") && !name.contains("/target/"))
        .collect())
}

/// The files below a folder with an extension, in order.
fn files(folder: &Path, extension: &str) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path, extension)?);
        } else if path.extension().is_some_and(|is| is == extension) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_is_written_anew_and_an_open_one_is_an_error() {
        let root = crate::run::root();
        let snapshot = "crates/vocab/src/snapshots/follow.snap";
        let page = format!("Before.\n{EXAMPLE}{snapshot} -->\nold\n{EXAMPLE_END}\nAfter.\n");
        let mut shown = BTreeSet::new();
        let text = filled(&root, &page, &mut shown).expect("the page");
        assert!(text.contains("```json\n{") && text.contains("\"type\": \"Follow\""), "{text}");
        assert!(!text.contains("old") && text.starts_with("Before.\n") && text.ends_with("After.\n"), "{text}");
        assert_eq!(filled(&root, &text, &mut shown).expect("once more"), text);
        assert!(shown.contains(snapshot));
        let open = page.replace(EXAMPLE_END, "");
        assert!(filled(&root, &open, &mut shown).is_err());
    }

    #[test]
    fn what_a_document_is() {
        let cases = [
            (r#"{"type": "Create", "object": {"type": "Note"}}"#, "`Create` of `Note`"),
            (r#"{"type": "Like", "object": "https://a.example/1"}"#, "`Like` of an id"),
            (r#"{"type": ["Person", "x"]}"#, "`Person`, `x`"),
            (r#"{"subject": "acct:a@b"}"#, "no ActivityStreams type"),
        ];
        for (json, expected) in cases {
            assert_eq!(what(&serde_json::from_str(json).expect("JSON")), expected);
        }
    }
}
