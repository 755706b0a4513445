//! The queue: by host, in order for each topic, held by one worker at a time.

use super::{NOW, Node, after, nodes, person, remote};
use crate::Error;
use crate::delivery::queue::{self, Delivery};
use crate::delivery::results::{self, Tried};
use crate::delivery::schedule::{self, Next};
use crate::delivery::{DELIVERED, GIVEN_UP, WAITING};
use crate::holding::LEASE;
use crate::peer;
use diesel::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::time::Duration;
use store::schema::{delivery_attempts, peers};
use store::{Conn, Store, Timestamp};

pub(super) fn claim(node: &Node, now: Timestamp) -> Vec<Vec<Delivery>> {
    node.write(|conn| Ok(look_and_claim(conn, now)?))
}

/// What a worker does: looks who has something due, and claims it.
fn look_and_claim(conn: &mut Conn, now: Timestamp) -> QueryResult<Vec<Vec<Delivery>>> {
    let hosts = queue::look(conn, now)?.hosts;
    Ok(queue::claim(conn, &hosts, now)?.into_iter().map(|claimed| claimed.rows).collect())
}

/// Whether something is due that nobody holds.
pub(super) fn any_due(node: &Node, now: Timestamp) -> bool {
    !node.read(|conn| queue::look(conn, now).map_err(Error::from)).hosts.is_empty()
}

/// What was claimed: for each host, the last parts of the activities' addresses.
pub(super) fn by_host(lanes: &[Vec<Delivery>]) -> BTreeMap<String, Vec<String>> {
    let short = |claimed: &Delivery| {
        let url = claimed.activity.as_str();
        url.trim_start_matches("https://here.example/ap/events/").to_owned()
    };
    lanes.iter().map(|lane| (lane[0].host.clone(), lane.iter().map(short).collect())).collect()
}

pub(super) fn lane(lanes: &[Vec<Delivery>], host: &str) -> Vec<Delivery> {
    lanes.iter().find(|lane| lane[0].host == host).cloned().unwrap_or_else(|| panic!("no lane of {host}"))
}

pub(super) fn tried(claimed: &Delivery, next: Next, at: Timestamp) -> Tried {
    let status = match next {
        Next::Delivered => Some(202),
        Next::Retry(_) => Some(500),
        Next::Pause(_) => Some(429),
        Next::GiveUp => Some(404),
        Next::Away(_) | Next::Drop | Next::Skip => None,
    };
    let duration = Duration::from_millis(5);
    Tried { delivery: claimed.clone(), next, status, error: None, at, duration, spread: 0.0 }
}

fn finish(node: &Node, results: &[Tried]) -> bool {
    node.write(|conn| results::finish(conn, results).map_err(Error::from))
}

fn release(node: &Node, rows: &[Delivery], now: Timestamp) {
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    node.write(|conn| queue::release(conn, &ids, now).map_err(Error::from));
}

/// What a worker does when the first of a lane has to wait, and the others that are about the same with it.
pub(super) fn head_fails(node: &Node, lane: &[Delivery], next: Next, at: Timestamp) {
    finish(node, &[tried(&lane[0], next, at)]);
    release(node, &lane[1..], at);
}

pub(super) fn retry(seconds: u64) -> Next {
    Next::Retry(Duration::from_secs(seconds))
}

pub(super) fn deliver(node: &Node, lane: &[Delivery], at: Timestamp) {
    let results: Vec<Tried> = lane.iter().map(|claimed| tried(claimed, Next::Delivered, at)).collect();
    finish(node, &results);
}

pub(super) fn counts(node: &Node) -> BTreeMap<String, i64> {
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
        node.write(|conn| crate::outbox::update(conn, &one, after(1), after(1)));
        let expected = ["one/activity", "two/activity", "one/updates/1800000001"];
        let lanes = claim(&node, after(1));
        let found = by_host(&lanes);
        assert_eq!(found, BTreeMap::from([row("a.example", &expected), row("b.example", &expected)]), "{}", node.name);
        assert!(claim(&node, after(1)).is_empty(), "{}: nothing is claimed twice", node.name);
        // What is published meanwhile waits for those before it.
        node.publish(&node.event("three"));
        assert!(claim(&node, after(2)).is_empty(), "{}: a host has one holder", node.name);
        deliver(&node, &lane(&lanes, "a.example"), after(2));
        let next = by_host(&claim(&node, after(2)));
        assert_eq!(next, BTreeMap::from([row("a.example", &["three/activity"])]), "{}", node.name);
    }
}

#[test]
fn one_host_is_claimed_once_for_all_senders() {
    for node in nodes() {
        let producer = node.producer("maija");
        let anna = person("anna", "a.example");
        node.follower(&anna, &node.region);
        node.follower(&anna, &producer);
        node.publish(&node.event("one"));
        node.publish(&node.event_by("two", &producer));
        let lanes = claim(&node, NOW);
        assert_eq!(lanes.len(), 1, "{}", node.name);
        let senders: BTreeSet<&str> = lanes[0].iter().map(|row| row.actor.as_str()).collect();
        assert_eq!(senders, BTreeSet::from([node.region.as_str(), producer.as_str()]), "{}", node.name);
    }
}

/// P4: what a server chokes on holds back what is about the same thing, and nothing else.
#[test]
fn p04_a_failing_head_holds_its_own_topic_back() {
    for node in nodes() {
        followed(&node);
        let one = node.event("one");
        node.publish(&one);
        node.publish(&node.event("two"));
        let lanes = claim(&node, NOW);
        let held = lane(&lanes, "a.example");
        finish(&node, &[tried(&held[0], retry(60), NOW), tried(&held[1], Next::Delivered, NOW)]);
        deliver(&node, &lane(&lanes, "b.example"), NOW);
        node.write(|conn| crate::outbox::update(conn, &one, after(1), after(1)));
        node.publish(&node.event("three"));
        let next = by_host(&claim(&node, after(59)));
        let expected =
            [row("a.example", &["three/activity"]), row("b.example", &["one/updates/1800000001", "three/activity"])];
        assert_eq!(next, BTreeMap::from(expected), "{}", node.name);
        node.write(crate::release_all);
        let again = claim(&node, after(60));
        let all = ["one/activity", "one/updates/1800000001", "three/activity"];
        assert_eq!(by_host(&again)["a.example"], all, "{}", node.name);
        assert_eq!(lane(&again, "a.example")[0].attempts, 1, "{}", node.name);
    }
}

/// P2, P8: a host that does not answer costs one probe, however much waits for it, and keeps nobody else waiting.
#[test]
fn p02_a_host_that_is_away_is_probed_by_one() {
    for node in nodes() {
        followed(&node);
        for number in 0..5 {
            node.publish(&node.event(&format!("{number}")));
        }
        let lanes = claim(&node, NOW);
        head_fails(&node, &lane(&lanes, "a.example"), Next::Away(None), NOW);
        deliver(&node, &lane(&lanes, "b.example"), NOW);
        assert!(!any_due(&node, after(9)), "{}: left alone", node.name);
        let mut at = 10;
        for _ in 0..4 {
            let probe = claim(&node, after(at));
            assert_eq!((probe.len(), probe[0].len()), (1, 1), "{}: one row", node.name);
            assert!(claim(&node, after(at)).is_empty(), "{}: once", node.name);
            head_fails(&node, &probe[0], Next::Away(None), after(at));
            assert!(!any_due(&node, after(at + 44)), "{}", node.name);
            at += 45;
        }
        let probe = claim(&node, after(at));
        assert_eq!(probe[0][0].attempts, 5, "{}: tries are counted", node.name);
        deliver(&node, &probe[0], after(at));
        assert_eq!(claim(&node, after(at))[0].len(), 4, "{}: it is back and gets the rest", node.name);
    }
}

#[test]
fn c59_a_host_that_asks_for_a_pause_gets_it() {
    for node in nodes() {
        followed(&node);
        node.publish(&node.event("one"));
        let lanes = claim(&node, NOW);
        let pause = Next::Pause(Duration::from_secs(120));
        head_fails(&node, &lane(&lanes, "a.example"), pause, NOW);
        deliver(&node, &lane(&lanes, "b.example"), NOW);
        node.publish(&node.event("two"));
        assert_eq!(by_host(&claim(&node, after(119))), BTreeMap::from([row("b.example", &["two/activity"])]));
        let first = claim(&node, after(120));
        assert_eq!(by_host(&first)["a.example"], ["one/activity"], "{}: one, to see whether it is over", node.name);
        deliver(&node, &first[0], after(120));
        let next = by_host(&claim(&node, after(120)));
        assert_eq!(next["a.example"], ["two/activity"], "{}: then the rest", node.name);
        let peer = node.read(|conn| peer::find(conn, "a.example").map_err(Error::from)).unwrap();
        assert_eq!(peer.failures, 0, "{}: that is no failure", node.name);
    }
}

#[test]
fn what_is_overdue_at_a_dead_host_is_given_up() {
    const DAY: u64 = 86_400;
    for node in nodes() {
        node.follower(&person("anna", "a.example"), &node.region);
        let (one, two) = (node.event("one"), node.event("two"));
        let create = node.publish(&one);
        node.publish(&two);
        let delete = node.write(|conn| crate::outbox::delete(conn, &two.url, NOW));
        let held = claim(&node, NOW);
        head_fails(&node, &held[0], Next::Away(None), NOW);
        let state = |id| node.recipients(id)[0].1.clone();
        for (at, expected) in [(7, (WAITING, WAITING)), (8, (GIVEN_UP, WAITING)), (31, (GIVEN_UP, GIVEN_UP))] {
            node.write(|conn| queue::give_up_overdue(conn, after(at * DAY)).map_err(Error::from));
            let found = (state(&create), state(&delete));
            assert_eq!((found.0.as_str(), found.1.as_str()), expected, "{}: after {at} days", node.name);
        }
    }
}

#[test]
fn a_host_that_is_dead_for_two_weeks_gets_nothing_new_until_it_shows_life() {
    let fortnight = schedule::SUSPENDED_AFTER.as_secs() + 1;
    for node in nodes() {
        followed(&node);
        let one = node.event("one");
        node.publish(&one);
        let lanes = claim(&node, NOW);
        deliver(&node, &lane(&lanes, "b.example"), NOW);
        head_fails(&node, &lane(&lanes, "a.example"), Next::Away(None), NOW);
        let two = node.write(|conn| crate::outbox::create(conn, &node.event("two"), after(fortnight)));
        assert_eq!(node.inboxes(&two), ["https://b.example/users/bo/inbox"], "{}", node.name);
        let gone = node.write(|conn| crate::outbox::delete(conn, &one.url, after(fortnight)));
        assert_eq!(node.inboxes(&gone).len(), 2, "{}: what takes back is kept", node.name);
        node.write(|conn| peer::heard(conn, "a.example", after(fortnight)).map_err(Error::from));
        let three = node.write(|conn| crate::outbox::create(conn, &node.event("three"), after(fortnight)));
        assert_eq!(node.inboxes(&three).len(), 2, "{}", node.name);
    }
}

#[test]
fn rows_with_a_gap_go_one_at_a_time() {
    for node in nodes() {
        node.follower(&person("anna", "a.example"), &node.region);
        let ids: Vec<_> = (0..3).map(|number| node.publish(&node.event(&format!("{number}")))).collect();
        node.write(|conn| {
            use store::schema::deliveries;
            diesel::update(deliveries::table.filter(deliveries::activity.ne(&ids[2])))
                .set(deliveries::gap.eq(2_000))
                .execute(conn)?;
            Ok(())
        });
        let first = claim(&node, NOW);
        assert_eq!(by_host(&first)["a.example"], ["0/activity", "2/activity"], "{}", node.name);
        deliver(&node, &first[0], after(3600)); // however late it was
        assert!(!any_due(&node, after(3601)), "{}", node.name);
        assert_eq!(by_host(&claim(&node, after(3602)))["a.example"], ["1/activity"], "{}", node.name);
    }
}

#[test]
fn what_is_given_up_lets_the_others_go_on() {
    for node in nodes() {
        followed(&node);
        let one = node.event("one");
        node.publish(&one);
        node.write(|conn| crate::outbox::update(conn, &one, after(1), after(1)));
        let lanes = claim(&node, after(1));
        head_fails(&node, &lane(&lanes, "a.example"), Next::GiveUp, after(1));
        let next = by_host(&claim(&node, after(1)));
        assert_eq!(next, BTreeMap::from([row("a.example", &["one/updates/1800000001"])]), "{}", node.name);
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
        for number in 0..70 {
            node.publish(&node.event(&format!("{number:02}")));
        }
        let mut seen = Vec::new();
        while let [piece] = claim(&node, NOW).as_slice() {
            assert!(piece.len() <= 32, "{}", node.name);
            seen.extend(piece.iter().map(|claimed| claimed.id));
            deliver(&node, piece, NOW);
        }
        assert_eq!(seen.len(), 70, "{}", node.name);
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
                        let lanes = store
                            .write_now(|conn| {
                                let mut hosts = queue::look(conn, NOW)?.hosts;
                                hosts.truncate(3);
                                let claimed = queue::claim(conn, &hosts, NOW)?;
                                Ok::<_, Error>(claimed.into_iter().map(|one| one.rows).collect::<Vec<_>>())
                            })
                            .unwrap();
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
            head_fails(&node, &claim(&node, at)[0], retry(60), at);
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
        let expected = vec![(NOW, Some(500)), (after(60), Some(500)), (after(120), Some(202))];
        assert_eq!(attempts, expected, "{}", node.name);
    }
}

#[test]
fn who_is_heard_is_tried_at_once() {
    for node in nodes() {
        followed(&node);
        node.publish(&node.event("one"));
        for lane in claim(&node, NOW) {
            head_fails(&node, &lane, Next::Away(Some(Duration::from_secs(3600))), NOW);
        }
        assert!(claim(&node, after(10)).is_empty(), "{}", node.name);
        node.write(|conn| peer::heard(conn, "a.example", after(10)).map_err(Error::from));
        let next = claim(&node, after(10));
        release(&node, &next[0], after(10));
        let next = by_host(&next);
        assert_eq!(next, BTreeMap::from([row("a.example", &["one/activity"])]), "{}: and nobody else", node.name);
        head_fails(&node, &claim(&node, after(20))[0], retry(3600), after(20));
        assert!(claim(&node, after(21)).is_empty(), "{}", node.name);
        node.write(|conn| peer::heard(conn, "a.example", after(80)).map_err(Error::from));
        assert_eq!(claim(&node, after(80)).len(), 1, "{}: what waits by its own clock too", node.name);
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
        assert!(!wanted, "{}: a worker that looks again sends nothing", node.name);
        finish(&node, &[tried(&held[0], retry(60), after(2))]);
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
