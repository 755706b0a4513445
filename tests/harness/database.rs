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
    name: String,
}

impl Scratch {
    pub fn make() -> Scratch {
        let name = format!("solmu_{}", uuid::Uuid::new_v4().simple());
        testing::migrated(&postgres_server(), &name).expect("a scratch database");
        Scratch { name }
    }

    pub fn url(&self) -> String {
        let mut url = url::Url::parse(&postgres_server()).unwrap();
        url.set_path(&self.name);
        url.into()
    }

    /// Does something as the superuser, from another database.
    fn operate(&self, sql: &str) {
        PgConnection::establish(&postgres_server()).unwrap().batch_execute(sql).unwrap();
    }

    pub fn end_connections(&self) {
        self.end_connections_except("");
    }

    pub fn end_connections_except(&self, kept: &str) {
        let name = &self.name;
        self.operate(&format!(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity \
             WHERE datname = '{name}' AND ('{kept}' = '' OR application_name <> '{kept}')"
        ));
    }

    pub fn admit_connections(&self, admitted: bool) {
        self.operate(&format!("ALTER DATABASE {} ALLOW_CONNECTIONS {admitted}", self.name));
    }

    pub fn empty(&self) {
        let mut conn = PgConnection::establish(&self.url()).unwrap();
        conn.batch_execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public").unwrap();
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = store::server::drop_database(&postgres_server(), &self.name) {
            eprintln!("the scratch database {} stays: {error}", self.name);
        }
    }
}
