//! Several that start together on one new database: each step is applied once and nobody fails.

use std::sync::{Arc, Barrier};
use store::{DatabaseUrl, migrate, testing};

const TOGETHER: usize = 4;

#[test]
fn several_migrate_one_new_database_at_once() {
    for round in 0..10 {
        let folder = tempfile::tempdir().unwrap();
        together(&DatabaseUrl::Sqlite(folder.path().join("solmu.db")), &format!("sqlite, round {round}"));
    }
    let scratch = testing::postgres();
    for round in 0..5 {
        migrate::revert_all(&scratch.url).unwrap();
        together(&scratch.url, &format!("postgres, round {round}"));
    }
}

fn together(url: &DatabaseUrl, name: &str) {
    let start = Arc::new(Barrier::new(TOGETHER));
    let runs: Vec<_> = (0..TOGETHER)
        .map(|_| {
            let (url, start) = (url.clone(), Arc::clone(&start));
            std::thread::spawn(move || {
                start.wait();
                migrate::run(&url)
            })
        })
        .collect();
    let mut applied: Vec<String> = Vec::new();
    for run in runs {
        applied.extend(run.join().unwrap().unwrap_or_else(|error| panic!("{name}: {error}")));
    }
    applied.sort();
    assert_eq!(applied, crate::schemas::applied(url), "{name}: each step once");
    assert_eq!(migrate::pending(url).unwrap(), Vec::<String>::new(), "{name}");
}
