//! Scratch databases for tests: a fresh SQLite file and a fresh PostgreSQL database, both migrated, always both.
//!
//! `SOLMU_TEST_POSTGRES` names a server where databases may be made; `cargo xtask test` starts one and sets it.

use crate::{DatabaseUrl, Store, migrate, server};

/// A database that goes away with the value.
pub struct Scratch {
    /// The open store.
    pub store: Store,
    /// Its URL, for programs under test.
    pub url: DatabaseUrl,
    _folder: Option<tempfile::TempDir>,
    _dropped: Option<Dropped>,
}

/// Both databases, empty and migrated, with the name of each for messages.
pub fn both() -> Vec<(&'static str, Scratch)> {
    vec![("sqlite", sqlite()), ("postgres", postgres())]
}

/// A fresh SQLite file.
pub fn sqlite() -> Scratch {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let url = DatabaseUrl::Sqlite(folder.path().join("solmu.db"));
    open(url, Some(folder), None)
}

/// A fresh PostgreSQL database.
pub fn postgres() -> Scratch {
    let server = std::env::var("SOLMU_TEST_POSTGRES")
        .expect("SOLMU_TEST_POSTGRES names no server: run the tests by `cargo xtask test`, which starts one");
    let name = format!("solmu_{}", uuid::Uuid::new_v4().simple());
    let url = server::create_database(&server, &name).expect("a database can be made");
    open(url, None, Some(Dropped { server, name }))
}

fn open(url: DatabaseUrl, folder: Option<tempfile::TempDir>, dropped: Option<Dropped>) -> Scratch {
    migrate::run(&url).expect("the migrations run");
    let store = Store::open(&url).expect("the database opens");
    Scratch { store, url, _folder: folder, _dropped: dropped }
}

struct Dropped {
    server: String,
    name: String,
}

impl Drop for Dropped {
    fn drop(&mut self) {
        if let Err(error) = server::drop_database(&self.server, &self.name) {
            eprintln!("{}: {error}", self.name);
        }
    }
}
