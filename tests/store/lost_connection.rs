//! A PostgreSQL that goes away is a temporary failure, never a lost or a half-written transaction, and never the end of
//! the process.

use crate::rows::{add, count};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Integer;
use store::testing::Scratch;
use store::{Conn, DatabaseUrl, Error, Store, testing};

/// Someone with the right to end other connections, connected to another database than the one under test.
struct Operator {
    conn: PgConnection,
    database: String,
}

impl Operator {
    fn of(scratch: &Scratch) -> Operator {
        let server = testing::postgres_server();
        let DatabaseUrl::Postgres(url) = &scratch.url else { panic!("PostgreSQL only") };
        let database = url.rsplit('/').next().unwrap().to_owned();
        Operator { conn: PgConnection::establish(&server).unwrap(), database }
    }

    /// Ends a connection and waits until it is gone.
    fn end(&mut self, pid: i32) {
        self.conn.batch_execute(&format!("SELECT pg_terminate_backend({pid}, 10000)")).unwrap();
    }

    fn end_all(&mut self) {
        let database = &self.database;
        let all = format!("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '{database}'");
        self.conn.batch_execute(&all).unwrap();
    }

    fn admit(&mut self, connections: bool) {
        self.conn.batch_execute(&format!("ALTER DATABASE {} ALLOW_CONNECTIONS {connections}", self.database)).unwrap();
    }
}

fn own_pid(conn: &mut Conn) -> QueryResult<i32> {
    #[derive(QueryableByName)]
    struct Answer {
        #[diesel(sql_type = Integer)]
        pid: i32,
    }
    let Conn::Postgres(conn) = conn else { panic!("PostgreSQL only") };
    diesel::sql_query("SELECT pg_backend_pid() AS pid").get_result::<Answer>(conn).map(|answer| answer.pid)
}

fn rows(store: &Store, name: &str) -> i64 {
    store.read_now(|conn| count(conn, name).map_err(Error::from)).unwrap()
}

fn write(store: &Store, name: &str) -> Result<(), Error> {
    store.write_now(|conn| add(conn, name).map_err(Error::from))
}

#[test]
fn a_connection_lost_inside_a_transaction_loses_the_transaction_alone() {
    let scratch = testing::postgres();
    for (name, before_commit) in [("in the middle", false), ("before the commit", true)] {
        let error = scratch
            .store
            .write_now(|conn| {
                let mut operator = Operator::of(&scratch);
                add(conn, name)?;
                operator.end(own_pid(conn)?);
                if before_commit { Ok(()) } else { add(conn, name).map_err(Error::from) }
            })
            .unwrap_err();
        assert!(matches!(error, Error::Unreachable(_)), "{name}: {error:?}");
        assert!(error.is_temporary(), "{name}");
        assert_eq!(rows(&scratch.store, name), 0, "{name}: written nevertheless");
        write(&scratch.store, name).unwrap();
        assert_eq!(rows(&scratch.store, name), 1, "{name}: the next write goes through");
    }
}

#[test]
fn idle_connections_that_were_ended_are_replaced_unnoticed() {
    let scratch = testing::postgres();
    write(&scratch.store, "before").unwrap();
    assert_eq!(rows(&scratch.store, "before"), 1);
    Operator::of(&scratch).end_all();
    assert_eq!(rows(&scratch.store, "before"), 1);
    write(&scratch.store, "after").unwrap();
}

#[test]
fn a_database_that_is_away_is_told_apart_and_comes_back_without_a_restart() {
    let scratch = testing::postgres();
    write(&scratch.store, "before").unwrap();
    let mut operator = Operator::of(&scratch);
    operator.admit(false);
    operator.end_all();
    for error in [write(&scratch.store, "away").unwrap_err(), open_error(&scratch.url)] {
        assert!(matches!(error, Error::Unreachable(_)), "{error:?}");
        assert!(error.is_temporary());
    }
    operator.admit(true);
    write(&scratch.store, "back").unwrap();
    assert_eq!((rows(&scratch.store, "away"), rows(&scratch.store, "back")), (0, 1));
}

fn open_error(url: &DatabaseUrl) -> Error {
    match Store::open(url) {
        Ok(_) => panic!("it opened"),
        Err(error) => error,
    }
}

#[test]
fn what_cannot_be_opened_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let no_folder = folder.path().join("nowhere/solmu.db");
    let error = open_error(&DatabaseUrl::Sqlite(no_folder.clone())).to_string();
    assert!(error.contains("does not exist") && !no_folder.parent().unwrap().exists(), "{error}");
    let rubbish = folder.path().join("rubbish.db");
    std::fs::write(&rubbish, "this is no database, but it is long enough to be looked at ".repeat(40)).unwrap();
    let error = open_error(&DatabaseUrl::Sqlite(rubbish));
    assert!(matches!(error, Error::Open(_)), "{error:?}");
    let nobody = DatabaseUrl::Postgres("postgres://solmu:secret@127.0.0.1:1/solmu".to_owned());
    let error = open_error(&nobody).to_string();
    assert!(!error.contains("secret"), "{error}");
}
