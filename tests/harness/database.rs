//! The database of a node under test.

use diesel::connection::{Connection, SimpleConnection};
use diesel::{PgConnection, QueryableByName, RunQueryDsl};
use std::path::{Path, PathBuf};
use std::process::Command;
use store::server::{create_database, drop_database};
use store::testing::{self, postgres_server};

/// Which one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Database {
    /// A file in the node's folder.
    Sqlite,
    /// A database of its own on the tests' PostgreSQL.
    Postgres,
}

/// A database on the tests' PostgreSQL that goes away with the value.
pub struct Scratch {
    url: store::DatabaseUrl,
    dropped: testing::Dropped,
}

/// A row, as one text.
#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = diesel::sql_types::Text)]
    said: String,
}

impl Scratch {
    pub fn make() -> Scratch {
        let (url, dropped) = testing::fresh(&postgres_server()).expect("a scratch database");
        Scratch { url, dropped }
    }

    pub fn url(&self) -> &str {
        match &self.url {
            store::DatabaseUrl::Postgres(url) => url,
            store::DatabaseUrl::Sqlite(file) => panic!("{} is on no server", file.display()),
        }
    }

    /// Every column of every row of every table, as one text; the index of words is among them.
    pub fn all_rows(&self) -> String {
        let mut conn = PgConnection::establish(self.url()).unwrap();
        let mut rows = |sql: String| -> Vec<String> {
            let found: Vec<Row> = diesel::sql_query(sql).load(&mut conn).unwrap();
            found.into_iter().map(|row| row.said).collect()
        };
        let own = "table_schema = 'public' AND table_type = 'BASE TABLE'";
        let tables = rows(format!("SELECT table_name::text AS said FROM information_schema.tables WHERE {own}"));
        let all = tables.iter().flat_map(|table| rows(format!("SELECT solmu::text AS said FROM \"{table}\" AS solmu")));
        all.collect::<Vec<_>>().join("\n")
    }

    /// A dump of it in a file, as the backup script makes one.
    pub fn dump(&self, file: &Path) {
        let (file, database) = (format!("--file={}", file.display()), format!("--dbname={}", self.url()));
        said_by(Command::new(program("pg_dump")).args(["--format=custom", file.as_str(), database.as_str()]));
    }

    /// A dump of it to be read, as SQL.
    pub fn dumped(&self) -> String {
        said_by(Command::new(program("pg_dump")).arg(format!("--dbname={}", self.url())))
    }

    /// Drops it and makes it anew from a dump.
    pub fn restore(&self, file: &Path) {
        let (server, name) = (postgres_server(), &self.dropped.name);
        drop_database(&server, name).unwrap();
        create_database(&server, name).unwrap();
        let mut restore = Command::new(program("pg_restore"));
        said_by(restore.arg("--exit-on-error").arg(format!("--dbname={}", self.url())).arg(file));
    }

    /// Does something as the superuser, from another database.
    fn operate(&self, sql: &str) {
        PgConnection::establish(&postgres_server()).unwrap().batch_execute(sql).unwrap();
    }

    pub fn end_connections(&self) {
        self.end_connections_except("");
    }

    pub fn end_connections_except(&self, kept: &str) {
        let name = &self.dropped.name;
        self.operate(&format!(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity \
             WHERE datname = '{name}' AND ('{kept}' = '' OR application_name <> '{kept}')"
        ));
    }

    pub fn admit_connections(&self, admitted: bool) {
        self.operate(&format!("ALTER DATABASE {} ALLOW_CONNECTIONS {admitted}", self.dropped.name));
    }

    pub fn empty(&self) {
        let mut conn = PgConnection::establish(self.url()).unwrap();
        conn.batch_execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public").unwrap();
    }
}

/// A program of PostgreSQL: that of Debian's newest version, as the tests' server is, or the one in PATH.
fn program(name: &str) -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let numbered = versions.filter_map(|version| {
        let number: u32 = version.file_name().to_str()?.parse().ok()?;
        Some((number, version.path().join("bin").join(name)))
    });
    let newest = numbered.filter(|(_, program)| program.is_file()).max();
    newest.map_or_else(|| PathBuf::from(name), |(_, program)| program)
}

/// What a program says that has to succeed.
fn said_by(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?} (Debian: postgresql-client): {error}"));
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}
