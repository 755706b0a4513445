//! A copy made while the node writes is whole, and never takes the place of another file.

use crate::rows::{add, count_all};
use diesel::prelude::*;
use diesel::sql_types::Text;
use std::os::unix::fs::PermissionsExt;
use std::sync::atomic::{AtomicBool, Ordering};
use store::{Conn, DatabaseUrl, Error, Store, testing};

#[test]
fn a_copy_made_while_writing_is_whole() {
    let scratch = testing::sqlite();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("it's a copy.db");
    let all = |store: &Store| store.read_now(|conn| count_all(conn).map_err(Error::from)).unwrap();
    for _ in 0..20 {
        scratch.store.write_now(|conn| add(conn, "before").map_err(Error::from)).unwrap();
    }
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                scratch.store.write_now(|conn| pair(conn).map_err(Error::from)).unwrap();
            }
        });
        let before = all(&scratch.store);
        scratch.store.backup(&file).unwrap();
        over.store(true, Ordering::Relaxed);
        let copied = all(&Store::open(&DatabaseUrl::Sqlite(file.clone())).unwrap());
        assert!(copied >= before, "{copied} rows in the copy, {before} before it was begun");
        assert_eq!(copied % 2, 0, "half a transaction was copied");
    });
    assert_eq!(integrity(&file), "ok");
    let mode = std::fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "the keys in it are for its owner alone");
    assert_eq!(crate::schemas::of(&DatabaseUrl::Sqlite(file)), crate::schemas::of(&scratch.url));
}

fn pair(conn: &mut Conn) -> QueryResult<()> {
    add(conn, "one")?;
    add(conn, "other")
}

fn integrity(file: &std::path::Path) -> String {
    #[derive(QueryableByName)]
    struct Answer {
        #[diesel(sql_type = Text)]
        integrity_check: String,
    }
    let mut conn = SqliteConnection::establish(file.to_str().unwrap()).unwrap();
    diesel::sql_query("PRAGMA integrity_check").get_result::<Answer>(&mut conn).unwrap().integrity_check
}

#[test]
fn no_file_is_overwritten() {
    let scratch = testing::sqlite();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("there.db");
    std::fs::write(&file, "precious").unwrap();
    let error = scratch.store.backup(&file).unwrap_err();
    assert!(matches!(error, Error::Backup(_)), "{error:?}");
    assert!(error.to_string().contains("exists already"), "{error}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "precious");
}

#[test]
fn postgresql_names_its_own_tool() {
    let scratch = testing::postgres();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("copy.dump");
    let error = scratch.store.backup(&file).unwrap_err().to_string();
    assert!(error.contains("pg_dump") && error.contains(file.to_str().unwrap()), "{error}");
    assert!(!file.exists());
}
