//! The pages that say by which test something is shown tell the truth: every test that they name exists, every row names
//! one or says *later*, and every test that carries the number of a row stands in that row.
//!
//! There are the checks of the protocol ([`CONFORMANCE`], numbers alone) and the attacks ([`ATTACKS`], a letter and a
//! number); the promises ([`PROMISES`]) name tests too, but no test is named after one.

use std::collections::{BTreeMap, BTreeSet};

use super::{Finding, SourceFile};

/// The checks: `c29` is check 29.
const CONFORMANCE: &str = "docs/reference/conformance.md";
/// The attacks: `s06` is attack S06.
const ATTACKS: &str = "docs/reference/attacks.md";
/// The promises under faults.
const PROMISES: &str = "docs/explanation/reliability.md";

/// Where `c01` is an attack by what is written (C01), not a check.
const BY_CONTENT: [&str; 6] = [
    "tests/hostile/content",
    "tests/journeys/",
    "crates/vocab/",
    "crates/web/",
    "crates/domain/src/person/",
    "crates/domain/src/setup.rs",
];

/// Reads the pages and the Rust files of `tests/`, `crates/` and `xtask/`. Says nothing about a page that is not there.
pub fn check(files: &[SourceFile]) -> Vec<Finding> {
    let functions = functions(files);
    let pages: [(&str, RowOf); 3] = [(CONFORMANCE, check_of), (ATTACKS, attack_of), (PROMISES, |_, _| None)];
    let found = pages.into_iter().filter_map(|(path, row_of)| {
        let page = files.iter().find(|file| file.path == path)?;
        Some(check_page(page, &functions, row_of))
    });
    found.flatten().collect()
}

/// The row that a part of a test's name stands for (`c29`), by the file that the test is in.
type RowOf = fn(&str, &str) -> Option<String>;

fn check_page(page: &SourceFile, functions: &BTreeMap<&str, &str>, row_of: RowOf) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut rows: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for (index, line) in page.text.lines().enumerate() {
        let mut finding = |message: String| findings.push(Finding::new(&page.path, Some(index + 1), message));
        for name in tests_named(line).filter(|name| !functions.contains_key(name)) {
            finding(format!("there is no test `{name}`"));
        }
        let numbers = numbers_of(line);
        if !numbers.is_empty() && tests_named(line).next().is_none() && !line.contains("*later*") {
            finding("the row names no test and does not say *later*".to_owned());
        }
        for number in numbers {
            rows.entry(number).or_default().extend(tests_named(line));
        }
    }
    for (name, path) in functions {
        for number in codes_of(name).filter_map(|code| row_of(code, path)) {
            if !rows.get(&number).is_some_and(|row| row.contains(name)) {
                let message = format!("`{name}` is not in the row {number} of {}", page.path);
                findings.push(Finding::new(path, None, message));
            }
        }
    }
    findings
}

/// Every function and where it is.
fn functions(files: &[SourceFile]) -> BTreeMap<&str, &str> {
    let code = files.iter().filter(|file| file.has_extension("rs"));
    let read = code.filter(|file| ["tests/", "crates/", "xtask/"].iter().any(|folder| file.path.starts_with(folder)));
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

/// The numbers in the first cell of a table's row: `29`, `S06`, `F01–F06`.
fn numbers_of(line: &str) -> Vec<String> {
    let cell = line.strip_prefix('|').and_then(|rest| rest.split('|').next()).unwrap_or_default().trim();
    let numbered = |text: &str| {
        let (letter, digits) = text.split_at(usize::from(text.starts_with(['S', 'O', 'F', 'C'])));
        Some((letter.to_owned(), digits.parse::<u32>().ok()?))
    };
    let written = |letter: &str, number: u32| match letter {
        "" => number.to_string(),
        letter => format!("{letter}{number:02}"),
    };
    let (first, last) = cell.split_once('–').unwrap_or((cell, cell));
    match (numbered(first), numbered(last)) {
        (Some((letter, first)), Some((same, last))) if letter == same => {
            (first..=last).map(|number| written(&letter, number)).collect()
        }
        _ => Vec::new(),
    }
}

/// The codes that a test's name begins with: `s21` and `c44` of `s21_c44_the_same_id_twice`. Of a range
/// (`f01_to_f18_private_addresses`) the ends count.
fn codes_of(name: &str) -> impl Iterator<Item = &str> {
    let is_code = |part: &str| {
        let digits = part.trim_start_matches(|c: char| c.is_ascii_lowercase());
        part.len() > digits.len() && !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    name.split('_').take_while(move |part| is_code(part) || *part == "to").filter(|part| *part != "to")
}

fn is_by_content(path: &str) -> bool {
    BY_CONTENT.iter().any(|start| path.starts_with(start))
}

/// `c44` in the suites is check 44.
fn check_of(code: &str, path: &str) -> Option<String> {
    let number: u32 = code.strip_prefix('c')?.parse().ok()?;
    (path.starts_with("tests/") && !is_by_content(path)).then(|| number.to_string())
}

/// `s06`, `o03`, `f24` are attacks everywhere, `c01` where content is tested.
fn attack_of(code: &str, path: &str) -> Option<String> {
    let letter = code.chars().next().filter(|letter| matches!(letter, 's' | 'o' | 'f' | 'c'))?;
    let number: u32 = code[1..].parse().ok()?;
    let counts = !path.starts_with("xtask/") && (letter != 'c' || is_by_content(path));
    counts.then(|| format!("{}{number:02}", letter.to_ascii_uppercase()))
}

#[cfg(test)]
mod tests {
    use super::super::file;
    use super::*;

    fn found(files: &[SourceFile]) -> Vec<String> {
        check(files).iter().map(ToString::to_string).collect()
    }

    #[track_caller]
    fn assert_found(files: &[SourceFile], expected: &[&str]) {
        let found = found(files);
        assert_eq!(found.len(), expected.len(), "{found:?}");
        for (found, expected) in found.iter().zip(expected) {
            assert!(found.contains(expected), "{found}");
        }
    }

    #[test]
    fn the_page_of_checks_and_the_tests_agree() {
        let tests = "async fn c1_c2_names(x: &X) {}\nfn s21_c44_twice() {}\nfn other_test() {}\nfn c_plain() {}";
        for (page, expected) in [
            (
                "| 1 | a | `c1_c2_names` |\n| 2 | b | `c1_c2_names` |\n| 44 | c | `s21_c44_twice`, `other_test` |",
                &[][..],
            ),
            ("| 1 | a | `c1_c2_names` |\n| 44 | c | `s21_c44_twice` |", &["`c1_c2_names` is not in the row 2"]),
            (
                "| 1 | `c1_c2_names` |\n| 2 | `c1_c2_names` `gone_test` |\n| 44 | `s21_c44_twice` |",
                &["there is no test `gone_test`"],
            ),
            (
                "`GET /ap/x`, `tests/federation`, `Accept`\n| 1 | `c1_c2_names` |\n| 2 | `c1_c2_names` |\n| 44 | `s21_c44_twice` |",
                &[],
            ),
            (
                "| 1 | `c1_c2_names` |\n| 2 | `c1_c2_names` |\n| 3 | x |\n| 4 | *later* |\n| 44 | `s21_c44_twice` |",
                &["the row names no test"],
            ),
        ] {
            assert_found(&[file(CONFORMANCE, page), file("tests/federation/a.rs", tests)], expected);
        }
        assert_found(&[file("tests/federation/a.rs", tests)], &[]);
        assert_found(&[file(CONFORMANCE, ""), file("tests/hostile/content/a.rs", tests)], &[]);
    }

    #[test]
    fn the_page_of_attacks_and_the_tests_agree() {
        let tests = "fn s01_c39_body() {}\nfn f01_to_f14_addresses() {}\nfn c10_inbox() {}\nfn soon() {}";
        let content = "fn c10_caches() {}";
        let page = "| S01 | x | `s01_c39_body` |\n| F01–F06 | x | `f01_to_f14_addresses` |\n| F14 | x | `f01_to_f14_addresses` |";
        for (page, expected) in [
            (format!("{page}\n| C10 | x | `c10_caches` |\n| C12 | *later* |"), &[][..]),
            (page.to_owned(), &["`c10_caches` is not in the row C10"]),
            (
                format!("{}\n| C10 | x | `c10_caches`, `c10_gone` |", page.replace("| F14 |", "| F13 |")),
                &["there is no test `c10_gone`", "`f01_to_f14_addresses` is not in the row F14"],
            ),
            (format!("{page}\n| C10 | x | `c10_caches` |\n| O31 | x | y |"), &["the row names no test"]),
        ] {
            let files =
                [file(ATTACKS, &page), file("tests/hostile/a.rs", tests), file("tests/hostile/content/b.rs", content)];
            assert_found(&files, expected);
        }
    }
}
