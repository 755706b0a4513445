//! Both databases have the same migrations, each with a way up and a way down, and the page about them lists all of them.

use std::collections::BTreeSet;

use super::{Finding, SourceFile};

const ROOT: &str = "migrations";
const TREES: [&str; 2] = ["sqlite", "postgres"];
/// Lists the steps of the first tree, a line each; the other tree has the same.
const LIST: &str = "migrations/README.md";

/// Reads the paths under `migrations/`.
pub fn check(paths: &[String]) -> Vec<Finding> {
    let names: BTreeSet<&str> = TREES.iter().flat_map(|tree| folders(paths, tree)).collect();
    let wanted = TREES.iter().flat_map(|tree| names.iter().map(move |name| format!("{ROOT}/{tree}/{name}")));
    wanted
        .flat_map(|folder| ["up.sql", "down.sql"].map(|file| format!("{folder}/{file}")))
        .filter(|path| !paths.contains(path))
        .map(|path| Finding::new(&path, None, "missing: both databases have the same migrations, up and down"))
        .collect()
}

/// Compares the list in [`LIST`] with the folders. Says nothing when the page is not there.
pub fn check_list(files: &[SourceFile], paths: &[String]) -> Vec<Finding> {
    let Some(page) = files.iter().find(|file| file.path == LIST) else { return Vec::new() };
    let listed = listed(&page.text);
    let names = folders(paths, TREES[0]);
    let missing = names
        .iter()
        .filter(|name| !listed.iter().any(|(_, known)| known == *name))
        .map(|name| Finding::new(LIST, None, format!("`{name}` is not in the list")));
    let unknown = listed
        .iter()
        .filter(|(_, name)| !names.contains(name))
        .map(|(line, name)| Finding::new(LIST, Some(*line), format!("there is no step `{name}`")));
    missing.chain(unknown).collect()
}

/// The steps that the page lists, with the numbers of their lines.
fn listed(text: &str) -> Vec<(usize, &str)> {
    let prefix = format!("{}/", TREES[0]);
    let lines = text.lines().enumerate();
    lines.filter_map(|(index, line)| Some((index + 1, line.strip_prefix(&prefix)?.split_once('/')?.0))).collect()
}

fn folders<'a>(paths: &'a [String], tree: &str) -> BTreeSet<&'a str> {
    let prefix = format!("{ROOT}/{tree}/");
    paths.iter().filter_map(|path| path.strip_prefix(&prefix)?.split_once('/')).map(|(name, _)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::super::file;
    use super::*;

    fn missing(paths: &[&str]) -> Vec<String> {
        let paths: Vec<String> = paths.iter().map(|path| (*path).to_owned()).collect();
        check(&paths).into_iter().map(|finding| finding.path).collect()
    }

    #[test]
    fn both_trees_are_whole() {
        let whole = [
            "migrations/README.md",
            "migrations/sqlite/1_a/up.sql",
            "migrations/sqlite/1_a/down.sql",
            "migrations/postgres/1_a/up.sql",
            "migrations/postgres/1_a/down.sql",
        ];
        assert!(missing(&whole).is_empty());
        assert_eq!(missing(&whole[..4]), ["migrations/postgres/1_a/down.sql"]);
        assert_eq!(missing(&whole[..3]), ["migrations/postgres/1_a/up.sql", "migrations/postgres/1_a/down.sql"]);
        assert_eq!(missing(&[&whole[..], &["migrations/postgres/2_b/up.sql"]].concat()).len(), 3);
    }

    #[test]
    fn every_step_is_listed() {
        let paths = ["migrations/sqlite/1_a/up.sql", "migrations/sqlite/2_b/up.sql", "migrations/postgres/2_b/up.sql"];
        let paths = paths.map(str::to_owned);
        let found = |text: &str| -> Vec<String> {
            check_list(&[file(LIST, text)], &paths).iter().map(ToString::to_string).collect()
        };
        let whole = "# Steps\n\nsqlite/1_a/{up,down}.sql  a\nsqlite/2_b/{up,down}.sql  b\npostgres/…  the same\n";
        assert!(found(whole).is_empty(), "{:?}", found(whole));
        let lacking = whole.replace("sqlite/2_b/{up,down}.sql  b\n", "");
        assert_eq!(found(&lacking), ["migrations/README.md: `2_b` is not in the list"]);
        let more = whole.replace("2_b", "2_c");
        let expected =
            ["migrations/README.md: `2_b` is not in the list", "migrations/README.md:4: there is no step `2_c`"];
        assert_eq!(found(&more), expected);
        assert!(check_list(&[], &paths).is_empty());
    }
}
