//! Many small writes in one transaction: each has its effect before it is answered, a bad one harms only itself, and a stamp
//! tells that something was written, whoever wrote it.

use crate::rows::{add, count, count_all};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use store::{Conn, Error, Grouped, Stamp, Store, testing};

/// Adds the rows; refuses one that is named so, and breaks off at another.
fn add_all(conn: &mut Conn, names: &[String]) -> Result<Vec<usize>, Error> {
    let mut lengths = Vec::new();
    for name in names {
        add(conn, name)?;
        assert!(!name.contains("panics"), "as it was asked to");
        if name.contains("refused") {
            return Err(Error::Open("as it was asked to".to_owned()));
        }
        lengths.push(name.len());
    }
    Ok(lengths)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bad_one_harms_only_itself() {
    for (name, scratch) in testing::both() {
        let (committed, transactions) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let (sum, times) = (Arc::clone(&committed), Arc::clone(&transactions));
        let observe = Arc::new(move |count| {
            sum.fetch_add(count, Ordering::SeqCst);
            times.fetch_add(1, Ordering::SeqCst);
        });
        let grouped = Grouped::new(scratch.store.clone(), 32, add_all, observe);
        let mut writing = tokio::task::JoinSet::new();
        for number in 0..200 {
            let grouped = grouped.clone();
            let row = match number {
                70 => "refused".to_owned(),
                130 => "panics".to_owned(),
                _ => format!("row {number}"),
            };
            let store = scratch.store.clone();
            writing.spawn(async move {
                let written = grouped.write(row.clone()).await;
                let wanted = row.clone();
                let there = store.read(move |conn| count(conn, &wanted).map_err(Error::from)).await.unwrap();
                (row, written, there)
            });
        }
        for (row, written, there) in writing.join_all().await {
            let bad = row == "refused" || row == "panics";
            assert_eq!(written.is_err(), bad, "{name}: {row}: {written:?}");
            assert_eq!(there, i64::from(!bad), "{name}: {row} when it was answered");
            if !bad {
                assert_eq!(written.unwrap(), row.len(), "{name}: its own outcome");
            }
        }
        assert_eq!(scratch.store.read_now(|conn| count_all(conn).map_err(Error::from)).unwrap(), 198, "{name}");
        assert_eq!(committed.load(Ordering::SeqCst), 198, "{name}: what was told of the transactions");
        assert!(transactions.load(Ordering::SeqCst) < 198, "{name}: none was shared");
        assert_eq!(grouped.waiting(), 0, "{name}");
        grouped.write("one more".to_owned()).await.unwrap_or_else(|error| panic!("{name}: it goes on: {error}"));
    }
}

/// The stamp, once the file's time is old enough to tell.
async fn stamp(store: &Store) -> Stamp {
    loop {
        if let Some(stamp) = store.stamp().await {
            return stamp;
        }
        tokio::task::yield_now().await;
    }
}

/// A stamp after which nothing moves it but a write. A snapshot of PostgreSQL tells of all databases of its server, and other
/// tests write to theirs meanwhile.
async fn stamp_at_rest(store: &Store) -> Stamp {
    loop {
        let before = stamp(store).await;
        store.read_now(|conn| count_all(conn).map_err(Error::from)).unwrap();
        if stamp(store).await == before {
            return before;
        }
    }
}

#[tokio::test]
async fn a_stamp_tells_what_any_process_wrote() {
    for (name, scratch) in testing::both() {
        let other = Store::open(&scratch.url).unwrap();
        let mut last = stamp_at_rest(&scratch.store).await;
        for (turn, writer) in [&scratch.store, &other, &other, &scratch.store].into_iter().enumerate() {
            writer.write_now(|conn| add(conn, &turn.to_string()).map_err(Error::from)).unwrap();
            assert_ne!(stamp(&scratch.store).await, last, "{name}: write {turn}");
            last = stamp_at_rest(&scratch.store).await;
        }
    }
}
