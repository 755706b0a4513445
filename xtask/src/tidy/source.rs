//! Size, names and forbidden words of source files.
//!
//! `unwrap`, `todo!`, `dbg!` and reading the clock are clippy's to find (`Cargo.toml`, `clippy.toml`).

use super::scan::{self, Strings};
use super::{Finding, SourceFile};

/// Lines at which to think about splitting a file, and at which it must be split.
const BUDGET: usize = 400;
const LIMIT: usize = 600;

/// The modules of the tests that may wait: they ask for a state again and again, with an end; `site` plays a slow server.
const POLLING: [&str; 5] = ["poll.rs", "settle.rs", "wait.rs", "until.rs", "site.rs"];

const TYPE_WORDS: [&str; 5] = ["struct", "enum", "trait", "type", "union"];
const NAME_ENDINGS: [&str; 4] = ["Impl", "Wrapper", "Manager", "Service"];
const MODULES: [&str; 3] = ["utils", "helpers", "common"];
const HOMES: [&str; 3] = ["home", "root", "Users"];

/// Reads the source files under `crates/`, `xtask/` and `tests/`.
pub fn check(files: &[SourceFile]) -> Vec<Finding> {
    files.iter().filter(|file| is_ours(&file.path)).flat_map(check_file).collect()
}

/// The files between budget and limit, with their lines.
pub fn over_budget(files: &[SourceFile]) -> Vec<String> {
    let sized = files.iter().filter(|file| has_limit(file)).map(|file| (file, file.text.lines().count()));
    sized
        .filter(|(_, lines)| (BUDGET + 1..=LIMIT).contains(lines))
        .map(|(file, lines)| format!("{}: {lines} lines; the budget is {BUDGET}", file.path))
        .collect()
}

fn is_ours(path: &str) -> bool {
    let inside = ["crates/", "xtask/", "tests/"].iter().any(|folder| path.starts_with(folder));
    inside && !path.contains("/fixtures/") && !path.contains("/snapshots/")
}

fn has_limit(file: &SourceFile) -> bool {
    file.has_extension("rs") && is_ours(&file.path) && file.path.contains("/src/")
}

fn check_file(file: &SourceFile) -> Vec<Finding> {
    let mut findings = homes(file);
    if !file.has_extension("rs") {
        return findings;
    }
    let lines = file.text.lines().count();
    if has_limit(file) && lines > LIMIT {
        findings.push(Finding::new(&file.path, None, format!("{lines} lines; the limit is {LIMIT}")));
    }
    let code = scan::blank(&file.text, Strings::Blank);
    findings.extend(ignored_tests(&file.path, &code));
    findings.extend(sleeps(file, &code));
    findings.extend(names(&file.path, &code));
    findings
}

fn ignored_tests(path: &str, code: &str) -> Vec<Finding> {
    let found = code.match_indices("#[ignore").map(|(at, _)| scan::line_at(code, at));
    found.map(|line| Finding::new(path, Some(line), "a test that does not run proves nothing: no #[ignore]")).collect()
}

/// Says, at the end of a line in a test, that its sleep is part of the fault that is played: a slow client, a moment of chance.
const FAULT: &str = "// the fault itself";

fn sleeps(file: &SourceFile, code: &str) -> Vec<Finding> {
    let path = file.path.as_str();
    let name = path.rsplit('/').next().unwrap_or_default();
    let is_test = path.starts_with("tests/") || path.contains("/tests/") || name == "tests.rs";
    if !is_test || POLLING.contains(&name) {
        return Vec::new();
    }
    let calls = scan::words(code, "sleep").filter(|at| code[at + "sleep".len()..].starts_with('('));
    let message = "tests wait for a state, not for a time; only a module that polls may sleep";
    let is_fault =
        |line: usize| file.text.lines().nth(line.saturating_sub(1)).is_some_and(|text| text.ends_with(FAULT));
    let lines = calls.map(|at| scan::line_at(code, at)).filter(|line| !is_fault(*line));
    lines.map(|line| Finding::new(path, Some(line), message)).collect()
}

fn names(path: &str, code: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let named = |word| scan::words(code, word).map(move |at| (at, following_name(&code[at + word.len()..])));
    for (at, name) in TYPE_WORDS.into_iter().flat_map(named) {
        if name.starts_with("Apub") || NAME_ENDINGS.iter().any(|ending| name.ends_with(ending)) {
            let message = format!("`{name}` does not say what it is");
            findings.push(Finding::new(path, Some(scan::line_at(code, at)), message));
        }
    }
    for (at, name) in named("mod").filter(|(_, name)| MODULES.contains(name)) {
        let message = format!("a module `{name}` is about nothing");
        findings.push(Finding::new(path, Some(scan::line_at(code, at)), message));
    }
    findings
}

/// The identifier after a keyword and a space, or nothing.
fn following_name(rest: &str) -> &str {
    let Some(rest) = rest.strip_prefix(' ') else { return "" };
    let end = rest.find(|each: char| !(each.is_alphanumeric() || each == '_')).unwrap_or(rest.len());
    &rest[..end]
}

fn homes(file: &SourceFile) -> Vec<Finding> {
    if !["rs", "toml", "mjs", "sh", "json"].iter().any(|extension| file.has_extension(extension)) {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for (index, line) in file.text.lines().enumerate() {
        let starts_here =
            |at: usize| !line[..at].ends_with(|before: char| before.is_alphanumeric() || "/.-_}".contains(before));
        let found = HOMES.iter().any(|home| line.match_indices(&format!("/{home}/")).any(|(at, _)| starts_here(at)));
        if found {
            findings.push(Finding::new(&file.path, Some(index + 1), "a path of somebody's own machine"));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::file;
    use super::*;

    #[test]
    fn words_that_must_not_be() {
        let cases = [
            ("crates/a/src/x.rs", "#[ignore = \"slow\"]\nfn f() {}", 1),
            ("crates/a/src/x.rs", "// #[ignore]\nlet a = \"#[ignore]\";", 0),
            ("tests/journeys/main.rs", "std::thread::sleep(second);", 1),
            ("tests/journeys/main.rs", "use tokio::time::sleep;\nsleep(second).await;", 1),
            ("tests/hostile/slow.rs", "tokio::time::sleep(drip).await; // the fault itself", 0),
            ("tests/harness/settle.rs", "tokio::time::sleep(second).await;", 0),
            ("crates/a/src/tests.rs", "tokio::time::sleep(second).await;", 1),
            ("crates/a/src/x.rs", "tokio::time::sleep(pause).await;", 0),
            ("crates/a/src/x.rs", "pub struct ApubTask;\nstruct KeyWrapper(u8);\nenum QueueManager {}", 3),
            ("crates/a/src/x.rs", "trait TaskService {}\ntype AImpl = u8;", 2),
            ("crates/a/src/x.rs", "struct Impl2; // struct KeyWrapper", 0),
            ("crates/a/src/x.rs", "mod utils;\nmod task;", 1),
            ("tests/browser/a.mjs", &["open('", "/home", "/me/x')"].concat(), 1),
            ("crates/a/src/x.rs", &["let a = \"", "/root", "/x\";"].concat(), 1),
            ("crates/a/src/x.rs", &["https://example.org", "/home", "/x"].concat(), 0),
        ];
        for (path, text, expected) in cases {
            assert_eq!(check(&[file(path, text)]).len(), expected, "{path}: {text}");
        }
    }

    #[test]
    fn long_files_are_named() {
        let long = |lines: usize| [file("crates/a/src/x.rs", &"\n".repeat(lines))];
        assert!(check(&long(LIMIT)).is_empty());
        assert_eq!(check(&long(LIMIT + 1)).len(), 1);
        assert_eq!(over_budget(&long(BUDGET)).len(), 0);
        assert_eq!(over_budget(&long(BUDGET + 1)).len(), 1);
        assert_eq!(over_budget(&long(LIMIT + 1)).len(), 0, "a finding, not a note");
    }
}
