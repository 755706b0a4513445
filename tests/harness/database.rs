//! The database of a node under test.

use diesel::connection::{Connection, SimpleConnection};
use diesel::{PgConnection, QueryableByName, RunQueryDsl};
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
