//! A full disk: refused in clear words, nothing half-written, and it goes on when there is room again.
//!
//! SQLite's own limit on the number of pages stands for the disk; it fails at the same places with the same code. Where
//! this process may mount a file system, a really full one is tried as well.

use crate::rows::{add_long, count};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Integer;
use std::path::Path;
use std::process::Command;
use store::{Conn, DatabaseUrl, Error, Store, migrate, testing};

const KIBIBYTES_64: usize = 64 * 1024;

fn fill(store: &Store, name: &str) -> Result<(), Error> {
    let text = "x".repeat(KIBIBYTES_64);
    store.write_now(|conn| {
        add_long(conn, name, "first half")?;
        add_long(conn, name, &text)?;
        add_long(conn, name, "second half").map_err(Error::from)
    })
}

/// Writes until it is refused, and checks the refusal.
fn until_full(store: &Store, first: u32) -> u32 {
    for number in first..first + 10_000 {
        let name = number.to_string();
        let Err(error) = fill(store, &name) else { continue };
        assert!(matches!(error, Error::DiskFull), "{error:?}");
        assert!(error.is_temporary());
        assert!(error.to_string().contains("full"), "{error}");
        let half = store.read_now(|conn| count(conn, &name).map_err(Error::from)).unwrap();
        assert_eq!(half, 0, "half-written");
        return number;
    }
    panic!("the disk has no end");
}

fn check_all(store: &Store, written: u32) {
    for number in 0..written {
        let rows = store.read_now(|conn| count(conn, &number.to_string()).map_err(Error::from)).unwrap();
        assert_eq!(rows, 3, "what was acknowledged is there: {number} of {written}");
    }
}

#[test]
fn a_full_database_refuses_and_goes_on_when_there_is_room() {
    let scratch = testing::sqlite();
    let limit = |pages: i32| {
        scratch.store.write_now(|conn| max_pages(conn, pages).map_err(Error::from)).unwrap();
    };
    let pages = scratch.store.write_now(|conn| page_count(conn).map_err(Error::from)).unwrap();
    limit(pages + 200);
    let written = until_full(&scratch.store, 0);
    assert!(written > 0, "there was room for some");
    assert_eq!(until_full(&scratch.store, written), written, "it is as full as before");
    check_all(&scratch.store, written);
    limit(pages + 4000);
    fill(&scratch.store, "room").unwrap();
    check_all(&scratch.store, written);
}

fn max_pages(conn: &mut Conn, pages: i32) -> QueryResult<()> {
    let Conn::Sqlite(conn) = conn else { panic!("SQLite only") };
    conn.batch_execute(&format!("PRAGMA max_page_count = {pages}"))
}

fn page_count(conn: &mut Conn) -> QueryResult<i32> {
    #[derive(QueryableByName)]
    struct Answer {
        #[diesel(sql_type = Integer)]
        page_count: i32,
    }
    let Conn::Sqlite(conn) = conn else { panic!("SQLite only") };
    diesel::sql_query("PRAGMA page_count").get_result::<Answer>(conn).map(|answer| answer.page_count)
}

/// A file system of its own size, unmounted when dropped.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    fn mount(size: &str) -> Option<SmallDisk> {
        let folder = tempfile::tempdir().unwrap();
        let options = format!("size={size}");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &options, "tmpfs"]).arg(folder.path()).output();
        mounted.is_ok_and(|done| done.status.success()).then(|| SmallDisk(folder))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.path()).output();
    }
}

#[test]
fn a_full_file_system_refuses_and_goes_on_when_there_is_room() {
    let Some(disk) = SmallDisk::mount("4m") else {
        println!("not tried: this process may not mount a file system");
        return;
    };
    let ballast = disk.path().join("ballast");
    std::fs::write(&ballast, vec![0; 1 << 20]).unwrap();
    let url = DatabaseUrl::Sqlite(disk.path().join("solmu.db"));
    migrate::run(&url).unwrap();
    let store = Store::open(&url).unwrap();
    let written = until_full(&store, 0);
    assert!(written > 0);
    check_all(&store, written);
    std::fs::remove_file(&ballast).unwrap();
    fill(&store, "room").unwrap();
    check_all(&store, written);
}
