//! Inside `domain`, a slice uses only slices of lower levels.
//!
//! Modules at the top (`error`, `caller`, `view`, `slice`) are for every slice; `import` and the table of slices stand above all
//! of them and may use any. Paths are read from the text: `crate::x`, `crate::{x, y::Z}` and `super::…::x`.

use super::scan::{self, Strings};
use super::{Finding, SourceFile};

const ROOT: &str = "crates/domain/src/";

/// Lower levels first.
const LEVELS: [&[&str]; 6] = [
    &["audit"],
    &["person", "region", "skill", "search"],
    &["producer", "organisation", "network", "feedback"],
    &["task", "event", "mentoring", "supervision", "circle", "survey", "resource"],
    &["matching"],
    &["statistics", "moderation", "privacy"],
];

/// Top modules that use slices, so no slice may use them.
const ABOVE: [&str; 2] = ["import", "desk"];

/// Top modules that may be folders without being slices.
const TOP: [&str; 9] = ["import", "desk", "html", "slice", "error", "caller", "view", "vocabulary", "tests"];

fn level(name: &str) -> Option<usize> {
    LEVELS.iter().position(|names| names.contains(&name))
}

/// Reads the files of `crates/domain/src`.
pub fn check(files: &[SourceFile]) -> Vec<Finding> {
    files.iter().filter(|file| file.has_extension("rs")).flat_map(check_file).collect()
}

fn check_file(file: &SourceFile) -> Vec<Finding> {
    let Some(inside) = file.path.strip_prefix(ROOT) else { return Vec::new() };
    let module = inside.split('/').next().unwrap_or_default().trim_end_matches(".rs");
    let Some(own) = level(module) else {
        let unknown = inside.contains('/') && !TOP.contains(&module);
        let message = format!("`{module}` has no level in xtask/src/tidy/slices.rs");
        return if unknown { vec![Finding::new(&file.path, None, message)] } else { Vec::new() };
    };
    let code = scan::blank(&file.text, Strings::Blank);
    used(&code, depth(inside))
        .into_iter()
        .filter(|(_, name)| name != module)
        .filter(|(_, name)| level(name).is_some_and(|theirs| theirs >= own) || ABOVE.contains(&name.as_str()))
        .map(|(line, name)| {
            let message = format!("slice `{module}` must not use `{name}`, which is not below it");
            Finding::new(&file.path, Some(line), message)
        })
        .collect()
}

/// How many `super::` lead from the module of this file to the crate.
fn depth(inside: &str) -> usize {
    let parts = inside.split('/').count();
    if inside.ends_with("/mod.rs") { parts - 1 } else { parts }
}

/// Line and name of every module at the top of the crate that `code` names.
fn used(code: &str, depth: usize) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for at in scan::words(code, "crate") {
        if let Some(rest) = code[at..].strip_prefix("crate::") {
            found.extend(first_names(rest).into_iter().map(|name| (scan::line_at(code, at), name)));
        }
    }
    for at in scan::words(code, "super") {
        if code[..at].ends_with("super::") {
            continue;
        }
        let (mut rest, mut steps) = (&code[at..], 0);
        while let Some(after) = rest.strip_prefix("super::") {
            (rest, steps) = (after, steps + 1);
        }
        if steps >= depth {
            found.extend(first_names(rest).into_iter().map(|name| (scan::line_at(code, at), name)));
        }
    }
    found
}

/// The first name of each path in `x::…` or `{x, y::…}`.
fn first_names(rest: &str) -> Vec<String> {
    let name = |text: &str| -> String {
        text.trim_start().chars().take_while(|character| character.is_alphanumeric() || *character == '_').collect()
    };
    let Some(group) = rest.strip_prefix('{') else { return vec![name(rest)] };
    let (mut names, mut nested, mut start) = (Vec::new(), 0, 0);
    for (at, character) in group.char_indices() {
        match character {
            '{' => nested += 1,
            '}' if nested == 0 => {
                names.push(name(&group[start..at]));
                break;
            }
            '}' => nested -= 1,
            ',' if nested == 0 => {
                names.push(name(&group[start..at]));
                start = at + 1;
            }
            _ => {}
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::super::file;
    use super::*;

    fn findings(path: &str, text: &str) -> usize {
        check(&[file(&format!("{ROOT}{path}"), text)]).len()
    }

    #[test]
    fn only_downwards() {
        let cases = [
            ("task/rules.rs", "use crate::producer::Producer;", 0),
            ("task/rules.rs", "use crate::event::Event;", 1),
            ("task/rules.rs", "use crate::task::Task;", 0),
            ("task/rules.rs", "use crate::{error::Error, event, person, matching::{a, b}};", 2),
            ("task/rules.rs", "use crate::{\n    caller::Caller,\n    import,\n};", 1),
            ("task/rules.rs", "// use crate::event::Event;\nlet a = \"crate::event\";", 0),
            ("task/rules.rs", "fn f() { crate::matching::run() }", 1),
            ("task/mod.rs", "use super::event::Event;", 1),
            ("task/rules.rs", "use super::event::Event;", 0),
            ("task/rules.rs", "use super::super::event::Event;", 1),
            ("region/actors.rs", "use crate::person::Account;", 1),
            ("privacy/mod.rs", "use crate::{task, event};", 0),
            ("lib.rs", "use crate::event;", 0),
            ("import/csv.rs", "use crate::event;", 0),
            ("surprise/mod.rs", "", 1),
        ];
        for (path, text, expected) in cases {
            assert_eq!(findings(path, text), expected, "{path}: {text}");
        }
    }

    #[test]
    fn the_line_is_named() {
        let found = check(&[file("crates/domain/src/skill/mod.rs", "//! x\n\nuse crate::task::Task;\n")]);
        assert_eq!(found[0].line, Some(3));
    }
}
