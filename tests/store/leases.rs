//! Leases by the clock that is handed in: taken, renewed, refused, taken over, given back.

use crate::rows::NOW;
use std::time::Duration;
use store::{Error, Store, Timestamp, lease, testing};

const TTL: Duration = Duration::from_secs(30);

fn take(store: &Store, holder: &str, now: Timestamp) -> bool {
    store.write_now(|conn| lease::take(conn, "jobs", holder, now, TTL).map_err(Error::from)).unwrap()
}

#[test]
fn one_holder_at_a_time() {
    let at = |seconds: u64| NOW.plus(Duration::from_secs(seconds));
    for (name, scratch) in testing::both() {
        for (step, holder, seconds, held) in [
            ("taken", "a", 0, true),
            ("renewed until 40", "a", 10, true),
            ("refused", "b", 20, false),
            ("refused until its last moment", "b", 40, false),
            ("taken over when it has run out", "b", 41, true),
            ("the first one comes late", "a", 42, false),
            ("renewed by its new holder", "b", 60, true),
        ] {
            assert_eq!(take(&scratch.store, holder, at(seconds)), held, "{name}: {step}");
        }
        let release = |holder: &str| {
            scratch.store.write_now(|conn| lease::release(conn, "jobs", holder, at(61)).map_err(Error::from)).unwrap()
        };
        release("a");
        assert!(!take(&scratch.store, "a", at(61)), "{name}: nobody gives back what another holds");
        release("b");
        assert!(take(&scratch.store, "a", at(61)), "{name}: given back");
    }
}

/// The row stays, so that a clock that was set back meanwhile is seen by it; and no lease is held for the time in between.
#[test]
fn p13_leases_end_when_the_clock_was_set_back() {
    const DAY: Duration = Duration::from_secs(24 * 3600);
    for (name, scratch) in testing::both() {
        let find = || scratch.store.read_now(|conn| lease::find(conn, "jobs").map_err(Error::from)).unwrap();
        let change = |change: fn(&mut store::Conn) -> diesel::QueryResult<()>| {
            scratch.store.write_now(|conn| change(conn).map_err(Error::from)).unwrap();
        };
        assert_eq!(find(), None, "{name}: nobody held it yet");
        assert!(take(&scratch.store, "a", NOW));
        change(|conn| lease::end_beyond(conn, NOW, TTL));
        assert_eq!(find().unwrap().expires_at, NOW.plus(TTL), "{name}: all is well");
        assert!(!take(&scratch.store, "b", NOW.minus(DAY)), "{name}: set back");
        change(|conn| lease::end_beyond(conn, NOW.minus(DAY), TTL));
        assert!(take(&scratch.store, "b", NOW.minus(DAY)), "{name}: it would have been held for a day");
        change(|conn| lease::release(conn, "jobs", "b", NOW.minus(DAY)));
        let left = find().unwrap();
        assert!(left.holder.is_empty() && left.expires_at < NOW.minus(DAY), "{name}: {left:?}");
    }
}

#[test]
fn a_free_lease_has_one_taker() {
    for (name, scratch) in testing::both() {
        let other = Store::open(&scratch.url).unwrap();
        for round in 0..50u64 {
            // Each round begins when the lease of the one before has run out.
            let now = NOW.plus(TTL * 2 * u32::try_from(round).unwrap());
            let taken = std::thread::scope(|scope| {
                let (store, other) = (&scratch.store, &other);
                let tries: Vec<_> = (0..4)
                    .map(|number| {
                        let store = if number % 2 == 0 { store } else { other };
                        scope.spawn(move || take(store, &format!("{round}-{number}"), now))
                    })
                    .collect();
                tries.into_iter().map(|one| one.join().unwrap()).filter(|held| *held).count()
            });
            assert_eq!(taken, 1, "{name}: round {round}");
        }
    }
}
