//! How the connections are set up: SQLite's pragmas for each use, PostgreSQL's isolation, foreign keys on both.

use crate::rows::{NOW, add};
use diesel::prelude::*;
use diesel::sql_types::Text;
use std::os::unix::fs::PermissionsExt;
use store::schema::actor_keys;
use store::{Conn, DatabaseUrl, Error, each, testing};

#[derive(QueryableByName)]
struct Answer {
    #[diesel(sql_type = Text)]
    value: String,
}

fn pragma(conn: &mut Conn, name: &str) -> Result<String, Error> {
    let Conn::Sqlite(conn) = conn else { panic!("SQLite only") };
    let query = diesel::sql_query(format!("SELECT CAST({name} AS TEXT) AS value FROM pragma_{name}"));
    query.get_result::<Answer>(conn).map(|answer| answer.value).map_err(Error::from)
}

#[test]
fn the_writer_syncs_each_commit_and_readers_cannot_write() {
    let scratch = testing::sqlite();
    for (name, writer, reader) in [
        ("journal_mode", "wal", "wal"),
        ("synchronous", "2", "1"),
        ("foreign_keys", "1", "1"),
        ("secure_delete", "1", "1"),
        ("query_only", "0", "1"),
    ] {
        assert_eq!(scratch.store.write_now(|conn| pragma(conn, name)).unwrap(), writer, "writer: {name}");
        assert_eq!(scratch.store.read_now(|conn| pragma(conn, name)).unwrap(), reader, "reader: {name}");
    }
    assert!(scratch.store.read_now(|conn| add(conn, "reader").map_err(Error::from)).is_err());
}

/// Private keys are in it.
#[test]
fn a_new_file_is_its_owners_alone() {
    let scratch = testing::sqlite();
    scratch.store.write_now(|conn| add(conn, "somebody").map_err(Error::from)).unwrap();
    let DatabaseUrl::Sqlite(file) = &scratch.url else { panic!("SQLite only") };
    for end in ["", "-wal", "-shm"] {
        let file = format!("{}{end}", file.display());
        let mode = std::fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
}

#[test]
fn writes_on_postgresql_are_serializable() {
    let scratch = testing::postgres();
    let level = |conn: &mut Conn| {
        let Conn::Postgres(conn) = conn else { panic!("PostgreSQL only") };
        let query = diesel::sql_query("SELECT current_setting('transaction_isolation') AS value");
        query.get_result::<Answer>(conn).map(|answer| answer.value).map_err(Error::from)
    };
    assert_eq!(scratch.store.write_now(level).unwrap(), "serializable");
}

#[test]
fn a_row_cannot_point_to_nothing() {
    for (name, scratch) in testing::both() {
        let key = || (actor_keys::actor.eq("nobody"), actor_keys::private_key.eq("x"), actor_keys::created_at.eq(NOW));
        let refused = scratch.store.write_now(|conn| {
            each!(conn, c => diesel::insert_into(actor_keys::table).values(key()).execute(c)).map_err(Error::from)
        });
        assert!(matches!(refused, Err(Error::Query(_))), "{name}: {refused:?}");
    }
}
