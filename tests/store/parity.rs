//! Both trees of migrations make the same tables, and `store::schema` describes them.

use crate::schemas::{self, Schema};
use std::path::Path;
use store::{DatabaseUrl, migrate, testing};

fn steps_in(tree: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations").join(tree);
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.file_type().unwrap().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// `2026-11-24-000001_spine` is kept as `20261124000001`.
fn version(step: &str) -> String {
    step.split('_').next().unwrap().replace('-', "")
}

#[test]
fn both_trees_hold_the_same_steps() {
    let steps = steps_in("sqlite");
    assert!(!steps.is_empty());
    assert_eq!(steps, steps_in("postgres"));
    assert_eq!(migrate::count(), (steps.len(), steps.len()), "what is compiled in");
    for (name, scratch) in testing::both() {
        let versions: Vec<String> = steps.iter().map(|step| version(step)).collect();
        assert_eq!(schemas::applied(&scratch.url), versions, "{name}");
        assert_eq!(migrate::pending(&scratch.url).unwrap(), Vec::<String>::new(), "{name}");
        assert_eq!(migrate::run(&scratch.url).unwrap(), Vec::<String>::new(), "{name}: a second run has nothing to do");
    }
}

#[test]
fn both_trees_make_the_same_tables() {
    let (sqlite, postgres) = (testing::sqlite(), testing::postgres());
    let (sqlite, postgres) = (schemas::of(&sqlite.url), schemas::of(&postgres.url));
    assert_eq!(names(&sqlite), names(&postgres));
    for (name, table) in &sqlite {
        assert_eq!(table, &postgres[name], "{name}: SQLite left, PostgreSQL right");
        assert!(!table.primary_key.is_empty(), "{name} has no primary key");
    }
}

#[test]
fn the_code_describes_the_tables() {
    let code = schemas::in_code();
    for (database, scratch) in testing::both() {
        let found = schemas::of(&scratch.url);
        assert_eq!(names(&found), code.keys().cloned().collect::<Vec<_>>(), "{database}");
        for (name, (key, columns)) in &code {
            assert_eq!(&found[name].primary_key, key, "{database}: {name}");
            assert_eq!(&found[name].columns, columns, "{database}: {name}");
        }
    }
}

#[test]
fn every_step_can_be_taken_back() {
    for (name, scratch) in testing::both() {
        let before = schemas::of(&scratch.url);
        migrate::revert_all(&scratch.url).unwrap();
        assert_eq!(names(&schemas::of(&scratch.url)), Vec::<String>::new(), "{name}: left over");
        assert_eq!(migrate::pending(&scratch.url).unwrap().len(), steps_in("sqlite").len(), "{name}");
        migrate::run(&scratch.url).unwrap();
        assert_eq!(schemas::of(&scratch.url), before, "{name}: there and back again");
    }
}

#[test]
fn an_unmigrated_database_names_what_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let url = DatabaseUrl::Sqlite(folder.path().join("new.db"));
    assert_eq!(migrate::pending(&url).unwrap(), steps_in("sqlite"));
}

fn names(schema: &Schema) -> Vec<String> {
    schema.keys().cloned().collect()
}
