//! Both databases have the same migrations, each with a way up and a way down.

use std::collections::BTreeSet;

use super::Finding;

const ROOT: &str = "migrations";
const TREES: [&str; 2] = ["sqlite", "postgres"];

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

fn folders<'a>(paths: &'a [String], tree: &str) -> BTreeSet<&'a str> {
    let prefix = format!("{ROOT}/{tree}/");
    paths.iter().filter_map(|path| path.strip_prefix(&prefix)?.split_once('/')).map(|(name, _)| name).collect()
}

#[cfg(test)]
mod tests {
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
}
