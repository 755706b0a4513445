//! Every relative link in the documents leads to a file of the repository.
//!
//! Anchors are cut off and not followed; addresses with a scheme are not asked for.

use super::{Finding, SourceFile};

/// Reads `docs/**/*.md`, `migrations/*.md`, `deploy/**/*.md` and the root's; `paths` is every file there is.
pub fn check(files: &[SourceFile], paths: &[String]) -> Vec<Finding> {
    let read = |path: &str| {
        !path.contains('/') || ["docs/", "migrations/", "deploy/"].iter().any(|folder| path.starts_with(folder))
    };
    let exists = |wanted: &str| {
        let folder = format!("{wanted}/");
        paths.iter().any(|path| path == wanted || path.starts_with(&folder))
    };
    let documents = files.iter().filter(|file| file.has_extension("md") && read(&file.path));
    let mut findings = Vec::new();
    for document in documents {
        for (line, target) in targets(&document.text) {
            let there = resolve(&document.path, target).is_some_and(|wanted| wanted.is_empty() || exists(&wanted));
            if !there {
                findings.push(Finding::new(&document.path, Some(line), format!("link to `{target}`: no such file")));
            }
        }
    }
    findings
}

/// Line and relative target of each link and picture outside code.
fn targets(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut fenced = false;
    for (index, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if !fenced {
            let targets = inline(line).into_iter().chain(definition(line));
            found.extend(targets.filter(|target| is_relative(target)).map(|target| (index + 1, target)));
        }
    }
    found
}

/// `](target)` and `](target "title")`, but not inside backticks.
fn inline(line: &str) -> Vec<&str> {
    let in_code = |at: usize| line[..at].matches('`').count() % 2 == 1;
    line.match_indices("](")
        .filter(|(at, _)| !in_code(*at))
        .filter_map(|(at, _)| line[at + 2..].split([')', ' ']).next())
        .map(|target| target.trim_matches(['<', '>']))
        .collect()
}

/// `[name]: target`.
fn definition(line: &str) -> Option<&str> {
    let (name, target) = line.strip_prefix('[')?.split_once("]: ")?;
    (!name.contains(']') && !name.starts_with('^'))
        .then(|| target.split(' ').next().unwrap_or_default().trim_matches(['<', '>']))
}

fn is_relative(target: &str) -> bool {
    !(target.starts_with('#') || target.contains("://") || target.starts_with("mailto:"))
}

/// The path that `target` means in the document at `path`; `None` when it leaves the repository.
fn resolve(path: &str, target: &str) -> Option<String> {
    let target = target.split('#').next().unwrap_or_default();
    let mut parts: Vec<&str> = path.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "." | "" => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    (!target.starts_with('/')).then(|| parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::super::file;
    use super::*;

    #[test]
    fn links_lead_somewhere() {
        let paths = ["README.md", "docs/how-to/install.md", "docs/a.png"].map(ToOwned::to_owned);
        let cases = [
            ("docs/x.md", "[a](how-to/install.md) ![p](a.png)", 0),
            ("docs/x.md", "[a](how-to/install.md#first \"title\")", 0),
            ("docs/x.md", "[a](install.md)", 1),
            ("docs/x.md", "[a](../README.md) [b](..) [c](how-to/)", 0),
            ("docs/x.md", "[a](../../README.md)", 1),
            ("docs/x.md", "[a](/README.md)", 1),
            ("docs/x.md", "[a](https://example.org/b) [m](mailto:a@example.org) [n](#here)", 0),
            ("docs/x.md", "`[a](b)` and\n```\n[a](b)\n```\n", 0),
            ("docs/x.md", "[a]: gone.md", 1),
            ("docs/x.md", "- [ ]: not a link", 0),
            ("README.md", "[a](docs/gone.md)", 1),
            ("crates/web/notes.md", "[a](gone.md)", 0),
        ];
        for (path, text, expected) in cases {
            assert_eq!(check(&[file(path, text)], &paths).len(), expected, "{path}: {text}");
        }
    }
}
