//! Lanes: one for each (sender, host), in order, held by one worker at a time.

use super::{NOW, Node, after, nodes, person, remote};
use crate::Error;
use crate::delivery::queue::{self, Delivery, Tried};
use crate::delivery::schedule::Next;
use crate::delivery::{DELIVERED, GIVEN_UP, WAITING};
use crate::holding::LEASE;
use crate::peer;
use diesel::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::time::Duration;
use store::schema::{delivery_attempts, peers};
use store::{Store, Timestamp};

fn claim(node: &Node, now: Timestamp) -> Vec<Vec<Delivery>> {
    node.write(|conn| queue::claim(conn, now, 100).map_err(Error::from))
}

/// What was claimed: for each host, the last parts of the activities' addresses.
fn by_host(lanes: &[Vec<Delivery>]) -> BTreeMap<String, Vec<String>> {
    let short = |claimed: &Delivery| {
        let url = claimed.activity.as_str();
        url.trim_start_matches("https://here.example/ap/events/").to_owned()
    };
    lanes.iter().map(|lane| (lane[0].host.clone(), lane.iter().map(short).collect())).collect()
}

fn lane(lanes: &[Vec<Delivery>], host: &str) -> Vec<Delivery> {
    lanes.iter().find(|lane| lane[0].host == host).cloned().unwrap_or_else(|| panic!("no lane of {host}"))
}

fn tried(claimed: &Delivery, next: Next, at: Timestamp) -> Tried {
    let (status, host_failed) = match next {
        Next::Delivered => (Some(202), false),
        Next::Retry(_) => (Some(503), true),
        Next::GiveUp => (Some(404), false),
        Next::Drop => (None, false),
    };
    Tried { delivery: claimed.clone(), next, status, error: None, at, duration: Duration::from_millis(5), host_failed }
}

fn finish(node: &Node, results: &[Tried]) {
    node.write(|conn| queue::finish(conn, results).map_err(Error::from));
}

/// What a worker does when the head of a lane has to wait.
fn head_fails(node: &Node, lane: &[Delivery], pause: u64, at: Timestamp) {
    finish(node, &[tried(&lane[0], Next::Retry(Duration::from_secs(pause)), at)]);
    let rest: Vec<i64> = lane[1..].iter().map(|claimed| claimed.id).collect();
    node.write(|conn| queue::release(conn, &rest).map_err(Error::from));
}

fn deliver(node: &Node, lane: &[Delivery], at: Timestamp) {
    let results: Vec<Tried> = lane.iter().map(|claimed| tried(claimed, Next::Delivered, at)).collect();
    finish(node, &results);
}

fn counts(node: &Node) -> BTreeMap<String, i64> {
    node.read(|conn| queue::counts(conn).map_err(Error::from)).into_iter().collect()
}

/// A node whose region is followed from two hosts.
fn followed(node: &Node) {
    node.follower(&person("anna", "a.example"), &node.region);
    node.follower(&person("bo", "b.example"), &node.region);
}

fn row(host: &str, activities: &[&str]) -> (String, Vec<String>) {
    (host.to_owned(), activities.iter().map(|one| (*one).to_owned()).collect())
}

#[test]
fn each_lane_is_in_order_and_claimed_once() {
    for node in nodes() {
        followed(&node);
        let one = node.event("one");
        node.publish(&one);
        node.publish(&node.event("two"));
        node.write(|conn| crate::outbox::update(conn, &one, after(1)));
        let expected = ["one/activity", "two/activity", "one/updates/1800000001"];
        let lanes = claim(&node, after(1));
        let found = by_host(&lanes);
        assert_eq!(found, BTreeMap::from([row("a.example", &expected), row("b.example", &expected)]), "{}", node.name);
        assert!(claim(&node, after(1)).is_empty(), "{}: nothing is claimed twice", node.name);
        // What is published meanwhile waits for those before it.
        node.publish(&node.event("three"));
        assert!(claim(&node, after(2)).is_empty(), "{}: a lane has one holder", node.name);
        deliver(&node, &lane(&lanes, "a.example"), after(2));
        let next = by_host(&claim(&node, after(2)));
        assert_eq!(next, BTreeMap::from([row("a.example", &["three/activity"])]), "{}", node.name);
    }
}

#[test]
fn one_host_has_a_lane_for_each_sender() {
    for node in nodes() {
        let producer = node.producer("maija");
        let anna = person("anna", "a.example");
        node.follower(&anna, &node.region);
        node.follower(&anna, &producer);
        node.publish(&node.event("one"));
        node.publish(&node.event_by("two", &producer));
        let lanes = claim(&node, NOW);
        let senders: BTreeSet<&str> = lanes.iter().map(|lane| lane[0].actor.as_str()).collect();
        assert_eq!(senders, BTreeSet::from([node.region.as_str(), producer.as_str()]), "{}", node.name);
    }
}

#[test]
fn a_failing_head_holds_its_own_lane_back() {
    for node in nodes() {
        followed(&node);
        node.publish(&node.event("one"));
        node.publish(&node.event("two"));
        let lanes = claim(&node, NOW);
        head_fails(&node, &lane(&lanes, "a.example"), 60, NOW);
        deliver(&node, &lane(&lanes, "b.example"), NOW);
        node.publish(&node.event("three"));
        let next = claim(&node, after(59));
        assert_eq!(by_host(&next), BTreeMap::from([row("b.example", &["three/activity"])]), "{}", node.name);
        assert!(
            node.read(|conn| queue::any_due(conn, after(59)).map_err(Error::from)),
            "{}: the rest is due",
            node.name
        );
        let all = ["one/activity", "two/activity", "three/activity"];
        let again = claim(&node, after(60));
        assert_eq!(by_host(&again), BTreeMap::from([row("a.example", &all)]), "{}", node.name);
        assert_eq!(again[0][0].attempts, 1, "{}", node.name);
    }
}

#[test]
fn what_is_given_up_lets_the_others_go_on() {
    for node in nodes() {
        followed(&node);
        node.publish(&node.event("one"));
        node.publish(&node.event("two"));
        let lanes = claim(&node, NOW);
        let held = lane(&lanes, "a.example");
        finish(&node, &[tried(&held[0], Next::GiveUp, NOW)]);
        node.write(|conn| queue::release(conn, &[held[1].id]).map_err(Error::from));
        let next = by_host(&claim(&node, NOW));
        assert_eq!(next, BTreeMap::from([row("a.example", &["two/activity"])]), "{}", node.name);
        assert_eq!(counts(&node)[GIVEN_UP], 1, "{}", node.name);
        let failed = node.read(|conn| queue::newest(conn, &[GIVEN_UP], 10).map_err(Error::from));
        assert_eq!((failed.len(), failed[0].last_status), (1, Some(404)), "{}", node.name);
    }
}

#[test]
fn a_lease_that_runs_out_gives_the_lane_to_another() {
    for node in nodes() {
        followed(&node);
        node.publish(&node.event("one"));
        let first = by_host(&claim(&node, NOW));
        assert!(claim(&node, NOW.plus(LEASE - Duration::from_millis(1))).is_empty(), "{}", node.name);
        let taken_over = claim(&node, NOW.plus(LEASE));
        assert_eq!(by_host(&taken_over), first, "{}", node.name);
        // A holder that is alive renews.
        let ids: Vec<i64> = taken_over.iter().flatten().map(|claimed| claimed.id).collect();
        node.write(|conn| queue::renew(conn, &ids, NOW.plus(LEASE * 2)).map_err(Error::from));
        assert!(claim(&node, NOW.plus(LEASE * 3 - Duration::from_millis(1))).is_empty(), "{}: renewed", node.name);
        node.write(crate::release_all);
        assert_eq!(by_host(&claim(&node, after(1))), first, "{}: a start ends all leases", node.name);
    }
}

#[test]
fn a_long_lane_is_claimed_in_pieces() {
    for node in nodes() {
        node.follower(&person("anna", "a.example"), &node.region);
        for number in 0..25 {
            node.publish(&node.event(&format!("{number:02}")));
        }
        let mut seen = Vec::new();
        while let [piece] = claim(&node, NOW).as_slice() {
            assert!(piece.len() <= 10, "{}", node.name);
            seen.extend(piece.iter().map(|claimed| claimed.id));
            deliver(&node, piece, NOW);
        }
        assert_eq!(seen.len(), 25, "{}", node.name);
        assert!(seen.is_sorted(), "{}", node.name);
    }
}

#[test]
fn two_workers_never_hold_the_same_row() {
    for node in nodes() {
        for number in 0..30 {
            node.follower(&person("x", &format!("h{number}.example")), &node.region);
        }
        node.publish(&node.event("one"));
        node.publish(&node.event("two"));
        let other = Store::open(&node.scratch.url).unwrap();
        let seen = Mutex::new(Vec::new());
        std::thread::scope(|scope| {
            for number in 0..4 {
                let store = if number % 2 == 0 { &node.scratch.store } else { &other };
                let seen = &seen;
                scope.spawn(move || {
                    loop {
                        let lanes = store.write_now(|conn| queue::claim(conn, NOW, 3).map_err(Error::from)).unwrap();
                        if lanes.is_empty() {
                            break;
                        }
                        seen.lock().unwrap().extend(lanes.into_iter().flatten().map(|claimed| claimed.id));
                    }
                });
            }
        });
        let seen = seen.into_inner().unwrap();
        let once: BTreeSet<i64> = seen.iter().copied().collect();
        assert_eq!((seen.len(), once.len()), (60, 60), "{}: rows claimed, and different ones", node.name);
    }
}

#[test]
fn an_attempt_is_written_down_with_the_health_of_its_host() {
    for node in nodes() {
        node.follower(&person("anna", "a.example"), &node.region);
        node.publish(&node.event("one"));
        let health = || {
            let known = node.read(|conn| peer::find(conn, "a.example").map_err(Error::from)).unwrap();
            (known.failures, known.failing_since, known.last_ok_at)
        };
        for (round, at) in [(1, NOW), (2, after(60))] {
            head_fails(&node, &claim(&node, at)[0], 60, at);
            assert_eq!(health(), (round, Some(NOW), None), "{}", node.name);
        }
        deliver(&node, &claim(&node, after(120))[0], after(120));
        assert_eq!(health(), (0, None, Some(after(120))), "{}", node.name);
        let attempts: Vec<(Timestamp, Option<i32>)> = node.read(|conn| {
            delivery_attempts::table
                .order(delivery_attempts::id)
                .select((delivery_attempts::at, delivery_attempts::status))
                .load(conn)
                .map_err(Error::from)
        });
        let expected = vec![(NOW, Some(503)), (after(60), Some(503)), (after(120), Some(202))];
        assert_eq!(attempts, expected, "{}", node.name);
    }
}

#[test]
fn who_is_heard_is_tried_at_once() {
    for node in nodes() {
        followed(&node);
        node.publish(&node.event("one"));
        for lane in claim(&node, NOW) {
            head_fails(&node, &lane, 3600, NOW);
        }
        assert!(claim(&node, after(10)).is_empty(), "{}", node.name);
        node.write(|conn| peer::heard(conn, "a.example", after(10)).map_err(Error::from));
        let next = by_host(&claim(&node, after(10)));
        assert_eq!(next, BTreeMap::from([row("a.example", &["one/activity"])]), "{}: and nobody else", node.name);
        node.write(|conn| queue::hurry(conn, "b.example", after(11)).map_err(Error::from));
        assert_eq!(claim(&node, after(11)).len(), 1, "{}", node.name);
    }
}

#[test]
fn a_late_result_does_not_undo_what_was_decided_meanwhile() {
    for node in nodes() {
        node.follower(&person("anna", "a.example"), &node.region);
        let one = node.event("one");
        let create = node.publish(&one);
        let held = claim(&node, NOW).remove(0);
        node.write(|conn| crate::outbox::delete(conn, &one.url, after(1)));
        assert!(claim(&node, after(1)).is_empty(), "{}: the Delete waits behind what is under way", node.name);
        let wanted = node.read(|conn| queue::still_wanted(conn, held[0].id).map_err(Error::from));
        assert_eq!(wanted, None, "{}: a worker that looks again sends nothing", node.name);
        finish(&node, &[tried(&held[0], Next::Retry(Duration::from_secs(60)), after(2))]);
        let states: Vec<String> = node.recipients(&create).into_iter().map(|(_, state)| state).collect();
        assert_eq!(states, ["superseded"], "{}: the Create is not sent any more", node.name);
        let next = by_host(&claim(&node, after(2)));
        assert_eq!(next, BTreeMap::from([row("a.example", &["one/delete"])]), "{}", node.name);
        assert_eq!(counts(&node)[WAITING], 1, "{}", node.name);
    }
}

#[test]
fn the_oldest_that_waits_is_known() {
    for node in nodes() {
        assert_eq!(node.read(|conn| queue::oldest_waiting(conn).map_err(Error::from)), None, "{}", node.name);
        node.follower(&remote("n", "national.example", "Group", true), &node.region);
        node.publish(&node.event("one"));
        node.write(|conn| crate::outbox::create(conn, &node.event("two"), after(5)));
        assert_eq!(node.read(|conn| queue::oldest_waiting(conn).map_err(Error::from)), Some(NOW), "{}", node.name);
        deliver(&node, &claim(&node, after(5))[0], after(5));
        assert_eq!(node.read(|conn| queue::oldest_waiting(conn).map_err(Error::from)), None, "{}", node.name);
        assert!(counts(&node)[DELIVERED] >= 2, "{}", node.name);
    }
}

#[test]
fn nothing_goes_to_a_blocked_host() {
    for node in nodes() {
        followed(&node);
        node.write(|conn| {
            peer::meet(conn, "a.example")?;
            diesel::update(peers::table.find("a.example")).set(peers::blocked.eq(true)).execute(conn)?;
            Ok(())
        });
        let create = node.publish(&node.event("one"));
        assert_eq!(node.inboxes(&create), ["https://b.example/users/bo/inbox"], "{}", node.name);
    }
}
