//! The database of a node under test.

use diesel::PgConnection;
use diesel::connection::{Connection, SimpleConnection};
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
