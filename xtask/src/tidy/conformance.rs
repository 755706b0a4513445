//! Pages that name tests tell the truth: every test that they name exists; and on the page of conformance every test that
//! carries the number of a check stands in that check's row.

use std::collections::{BTreeMap, BTreeSet};

use super::{Finding, SourceFile};

/// The page of conformance. Rows begin with the number of a check; names in backquotes are tests, paths and addresses are not.
const PAGE: &str = "docs/reference/conformance.md";

/// Pages whose names in backquotes are tests.
const PAGES: [&str; 2] = [PAGE, "docs/explanation/reliability.md"];

/// Where `c01` is the number of an attack by what is written, not of a check.
const ATTACKS: &str = "tests/hostile/content.rs";

/// Reads the pages, `tests/**/*.rs` and `crates/**/*.rs`. Says nothing of a page that is not there.
pub fn check(files: &[SourceFile]) -> Vec<Finding> {
    let functions = functions(files);
    let mut findings = Vec::new();
    for page in files.iter().filter(|file| PAGES.contains(&file.path.as_str())) {
        for (index, line) in page.text.lines().enumerate() {
            for name in tests_named(line).filter(|name| !functions.contains_key(name)) {
                findings.push(Finding::new(&page.path, Some(index + 1), format!("there is no test `{name}`")));
            }
        }
    }
    let Some(page) = files.iter().find(|file| file.path == PAGE) else { return findings };
    let mut rows: BTreeMap<u32, BTreeSet<&str>> = BTreeMap::new();
    for line in page.text.lines() {
        if let Some(number) = number_of(line) {
            rows.entry(number).or_default().extend(tests_named(line));
        }
    }
    for (name, path) in &functions {
        for number in checks_of(name).filter(|_| path.starts_with("tests/") && *path != ATTACKS) {
            if !rows.get(&number).is_some_and(|row| row.contains(name)) {
                findings.push(Finding::new(
                    path,
                    None,
                    format!("`{name}` is not in the row of check {number} of {PAGE}"),
                ));
            }
        }
    }
    findings
}

/// Every function and where it is.
fn functions(files: &[SourceFile]) -> BTreeMap<&str, &str> {
    let code = files.iter().filter(|file| file.has_extension("rs"));
    let read = code.filter(|file| file.path.starts_with("tests/") || file.path.starts_with("crates/"));
    read.flat_map(|file| {
        file.text.match_indices("fn ").filter_map(|(at, _)| {
            let name = file.text[at + 3..].split(|c: char| !is_name(c)).next().filter(|name| !name.is_empty())?;
            Some((name, file.path.as_str()))
        })
    })
    .collect()
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// The words in backquotes that look like a test: several parts joined by underscores, in lower case.
fn tests_named(line: &str) -> impl Iterator<Item = &str> {
    let quoted = line.split('`').skip(1).step_by(2);
    quoted.filter(|word| {
        word.contains('_') && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    })
}

/// The number in the first cell of a table's row.
fn number_of(line: &str) -> Option<u32> {
    line.strip_prefix('|')?.split('|').next()?.trim().parse().ok()
}

/// The checks that a test's name begins with: `s21_c44_the_same_id_twice` is of check 44.
fn checks_of(name: &str) -> impl Iterator<Item = u32> {
    let numbered = |part: &&str| {
        let digits = part.trim_start_matches(|c: char| c.is_ascii_lowercase());
        part.len() > digits.len() && !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    let codes = name.split('_').take_while(move |part| numbered(part) || *part == "to");
    codes.filter_map(|part| part.strip_prefix('c')?.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::super::file;
    use super::*;

    #[test]
    fn page_and_tests_agree() {
        let tests = "async fn c1_c2_names(x: &X) {}\nfn s21_c44_twice() {}\nfn other_test() {}\nfn c_plain() {}";
        for (page, expected) in [
            (
                "| 1 | a | `c1_c2_names` |\n| 2 | b | `c1_c2_names` |\n| 44 | c | `s21_c44_twice`, `other_test` |",
                &[][..],
            ),
            (
                "| 1 | a | `c1_c2_names` |\n| 44 | c | `s21_c44_twice` |",
                &["`c1_c2_names` is not in the row of check 2"],
            ),
            (
                "| 1 | `c1_c2_names` |\n| 2 | `c1_c2_names` `gone_test` |\n| 44 | `s21_c44_twice` |",
                &["there is no test `gone_test`"],
            ),
            (
                "`GET /ap/x`, `tests/federation`, `Accept`\n| 1 | `c1_c2_names` |\n| 2 | `c1_c2_names` |\n| 44 | `s21_c44_twice` |",
                &[],
            ),
        ] {
            let found = check(&[file(PAGE, page), file("tests/federation/a.rs", tests)]);
            let found: Vec<String> = found.iter().map(ToString::to_string).collect();
            assert_eq!(found.len(), expected.len(), "{page}: {found:?}");
            for (found, expected) in found.iter().zip(expected) {
                assert!(found.contains(expected), "{found}");
            }
        }
        assert!(check(&[file("tests/federation/a.rs", tests)]).is_empty(), "without a page");
        let elsewhere = check(&[file(PAGES[1], "`other_test`, `gone_test`"), file("tests/federation/a.rs", tests)]);
        assert_eq!(elsewhere.len(), 1, "{elsewhere:?}");
        assert!(check(&[file(PAGE, ""), file(ATTACKS, tests)]).is_empty(), "attacks have numbers of their own");
    }
}
