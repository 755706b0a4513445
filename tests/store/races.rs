//! Two writers, one winner. The closures read first and write after, the naive way that loses updates without
//! `Store::write`. Two handles stand for two processes: they share no connection and no lock of this program.

use crate::rows::{NOW, add, count};
use diesel::prelude::*;
use std::sync::Barrier;
use std::thread;
use store::schema::peers;
use store::{Conn, Error, Store, each, testing};

const ROUNDS: usize = 1000;

#[test]
fn two_writers_a_thousand_rounds_one_winner_each() {
    for (name, scratch) in testing::both() {
        let other = Store::open(&scratch.url).unwrap();
        let start = Barrier::new(2);
        let wins = |store: &Store| -> Vec<bool> {
            (0..ROUNDS)
                .map(|round| {
                    start.wait();
                    store.write_now(|conn| be_first(conn, round)).unwrap()
                })
                .collect()
        };
        let (one, two) = thread::scope(|scope| {
            let one = scope.spawn(|| wins(&scratch.store));
            let two = scope.spawn(|| wins(&other));
            (one.join().unwrap(), two.join().unwrap())
        });
        for round in 0..ROUNDS {
            assert!(one[round] ^ two[round], "{name}: round {round} has {} and {}", one[round], two[round]);
            let rows = scratch.store.read_now(|conn| count(conn, &round.to_string()).map_err(Error::from)).unwrap();
            assert_eq!(rows, 1, "{name}: round {round}");
        }
    }
}

fn be_first(conn: &mut Conn, round: usize) -> Result<bool, Error> {
    let name = round.to_string();
    if count(conn, &name)? > 0 {
        return Ok(false);
    }
    add(conn, &name)?;
    Ok(true)
}

const THREADS: usize = 8;
const INCREMENTS: usize = 50;

#[test]
fn no_increment_is_lost() {
    for (name, scratch) in testing::both() {
        let other = Store::open(&scratch.url).unwrap();
        scratch.store.write_now(|conn| set_up_counter(conn).map_err(Error::from)).unwrap();
        thread::scope(|scope| {
            for number in 0..THREADS {
                let store = if number % 2 == 0 { &scratch.store } else { &other };
                scope.spawn(move || (0..INCREMENTS).for_each(|_| store.write_now(increment).unwrap()));
            }
        });
        let total: i32 = other
            .read_now(|conn| peers::table.find("counter").select(peers::failures).first(conn).map_err(Error::from))
            .unwrap();
        assert_eq!(usize::try_from(total).unwrap(), THREADS * INCREMENTS, "{name}");
    }
}

fn set_up_counter(conn: &mut Conn) -> QueryResult<usize> {
    let row = (peers::host.eq("counter"), peers::failures.eq(0), peers::probe_at.eq(NOW), peers::blocked.eq(false));
    each!(conn, c => diesel::insert_into(peers::table).values(row).execute(c))
}

fn increment(conn: &mut Conn) -> Result<(), Error> {
    let known: i32 = peers::table.find("counter").select(peers::failures).first(conn)?;
    diesel::update(peers::table.find("counter")).set(peers::failures.eq(known + 1)).execute(conn)?;
    Ok(())
}

#[test]
fn what_fails_leaves_nothing() {
    for (name, scratch) in testing::both() {
        let refused: Result<(), Error> = scratch.store.write_now(|conn| {
            add(conn, "half")?;
            Err(Error::Migration("on purpose".to_owned()))
        });
        assert!(matches!(refused, Err(Error::Migration(_))), "{name}");
        let rows = scratch.store.read_now(|conn| count(conn, "half").map_err(Error::from)).unwrap();
        assert_eq!(rows, 0, "{name}");
        scratch.store.write_now(|conn| add(conn, "whole").map_err(Error::from)).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_moment_stays_what_it_was() {
    for (name, scratch) in testing::both() {
        let other = Store::open(&scratch.url).unwrap();
        let counted = scratch.store.read_one_moment(move |conn| {
            let before = count(conn, "between")?;
            other.write_now(|conn| add(conn, "between").map_err(Error::from))?;
            Ok::<_, Error>((before, count(conn, "between")?))
        });
        assert_eq!(counted.await.unwrap(), (0, 0), "{name}");
        let refused = scratch.store.read_one_moment(|_| Err::<(), _>(Error::Migration("on purpose".to_owned()))).await;
        assert!(matches!(refused, Err(Error::Migration(_))), "{name}");
        let after = scratch.store.read(|conn| count(conn, "between").map_err(Error::from)).await.unwrap();
        assert_eq!(after, 1, "{name}: the moment is over, its connection reads what is now");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crowd_waits_in_line() {
    for (name, scratch) in testing::both() {
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..64 {
            let store = scratch.store.clone();
            tasks.spawn(async move { store.write(|conn| add(conn, "crowd").map_err(Error::from)).await });
        }
        while let Some(done) = tasks.join_next().await {
            done.unwrap().unwrap();
        }
        let rows = scratch.store.read(|conn| count(conn, "crowd").map_err(Error::from)).await.unwrap();
        assert_eq!(rows, 64, "{name}");
    }
}

#[test]
fn a_panic_inside_a_write_leaves_nothing_and_blocks_nobody() {
    for (name, scratch) in testing::both() {
        let store = scratch.store.clone();
        let panicked = thread::spawn(move || {
            store.write_now(|conn| -> Result<(), Error> {
                add(conn, "panic")?;
                panic!("on purpose");
            })
        });
        assert!(panicked.join().is_err());
        scratch.store.write_now(|conn| add(conn, "after").map_err(Error::from)).unwrap();
        let rows = scratch.store.read_now(|conn| count(conn, "panic").map_err(Error::from)).unwrap();
        assert_eq!(rows, 0, "{name}");
    }
}
