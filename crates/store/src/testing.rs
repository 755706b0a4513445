//! Scratch databases for tests: a fresh SQLite file and a fresh PostgreSQL database, both migrated, always both.
//!
//! `SOLMU_TEST_POSTGRES` names a server where databases may be made; `cargo xtask test` starts one and sets it. On such a server,
//! which is gone after the run, `SOLMU_TEST_TEMPLATE` names a database too: who comes first makes and migrates it, and all others
//! copy it, since that takes a tenth of the time.

use crate::{Conn, DatabaseUrl, Error, Store, each, migrate, server};
use diesel::PgConnection;
use diesel::connection::{Connection, SimpleConnection};

/// Any number that differs from other programs' advisory locks.
const TEMPLATE_LOCK: i64 = 0x0050_4c4d_5501;

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
    migrate::run(&url).expect("the migrations run");
    open(url, Some(folder), None)
}

/// A fresh PostgreSQL database.
pub fn postgres() -> Scratch {
    let server = postgres_server();
    let (url, dropped) = fresh(&server).expect("a database can be made");
    open(url, None, Some(dropped))
}

/// The tests' PostgreSQL.
pub fn postgres_server() -> String {
    std::env::var("SOLMU_TEST_POSTGRES")
        .expect("SOLMU_TEST_POSTGRES names no server: run the tests by `cargo xtask test`, which starts one")
}

/// Runs statements in the SQL that both databases share: for what a test needs to be there and only other servers bring about.
///
/// # Errors
/// Those of the database.
pub fn execute(conn: &mut Conn, statements: &str) -> diesel::QueryResult<()> {
    each!(conn, c => c.batch_execute(statements))
}

/// Makes a migrated database on a PostgreSQL server.
///
/// # Errors
/// [`Error::Open`] and [`Error::Migration`] in words.
pub fn fresh(server: &str) -> Result<(DatabaseUrl, Dropped), Error> {
    let name = format!("solmu_{}", uuid::Uuid::new_v4().simple());
    let url = migrated(server, &name)?;
    Ok((url, Dropped { server: server.to_owned(), name }))
}

fn migrated(server: &str, name: &str) -> Result<DatabaseUrl, Error> {
    let Ok(template) = std::env::var("SOLMU_TEST_TEMPLATE") else {
        let url = server::create_database(server, name)?;
        migrate::run(&url)?;
        return Ok(url);
    };
    let copy = || server::copy_database(server, &template, name);
    copy().or_else(|_| {
        let _turn = take_turn(server)?;
        // Somebody else may have made it meanwhile.
        copy().or_else(|_| {
            make_template(server, &template)?;
            copy()
        })
    })
}

/// One at a time, as long as the connection is held.
fn take_turn(server: &str) -> Result<PgConnection, Error> {
    let mut conn = PgConnection::establish(server).map_err(|error| Error::Open(error.to_string()))?;
    conn.batch_execute(&format!("SELECT pg_advisory_lock({TEMPLATE_LOCK})"))?;
    Ok(conn)
}

/// It gets its name when it is whole. What somebody left unfinished who was ended meanwhile goes first.
fn make_template(server: &str, template: &str) -> Result<(), Error> {
    let unfinished = format!("{template}_unfinished");
    server::drop_database(server, &unfinished)?;
    migrate::run(&server::create_database(server, &unfinished)?)?;
    let mut admin = PgConnection::establish(server).map_err(|error| Error::Open(error.to_string()))?;
    Ok(admin.batch_execute(&format!("ALTER DATABASE {unfinished} RENAME TO {template}"))?)
}

fn open(url: DatabaseUrl, folder: Option<tempfile::TempDir>, dropped: Option<Dropped>) -> Scratch {
    let store = Store::open(&url).expect("the database opens");
    Scratch { store, url, _folder: folder, _dropped: dropped }
}

/// The name of a database on a server, which is dropped with the value.
pub struct Dropped {
    server: String,
    /// Its name.
    pub name: String,
}

impl Drop for Dropped {
    fn drop(&mut self) {
        if let Err(error) = server::drop_database(&self.server, &self.name) {
            eprintln!("{}: {error}", self.name);
        }
    }
}
