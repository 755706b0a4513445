//! What was received: the rows of a sender in order, never two at a time, each finished once.

use super::{NOW, Node, after, nodes};
use crate::holding::LEASE;
use crate::inbox::items::{self, Item};
use crate::kind::{Outcome, Reason};
use crate::limits::LIMITS;
use crate::{Error, Limits};
use std::collections::BTreeSet;
use std::sync::Mutex;
use store::id::{ActivityUrl, ActorUrl};
use store::{Conn, Store, Timestamp};

fn put(node: &Node, sender: &str, number: u32) -> bool {
    let activity = ActivityUrl::from_text(format!("https://{sender}/activities/{number}"));
    let sender = ActorUrl::from_text(format!("https://{sender}/users/x"));
    node.write(|conn| items::put(conn, &activity, &sender, None, b"{}", NOW).map_err(Error::from))
}

/// The rows of each sender.
fn lanes(node: &Node, now: Timestamp) -> Vec<Vec<Item>> {
    node.write(|conn| {
        let due = items::due(conn, now, 100, "")?;
        items::claim(conn, now, &due.senders).map_err(Error::from)
    })
}

/// All rows.
fn claim(node: &Node, now: Timestamp) -> Vec<Item> {
    lanes(node, now).concat()
}

fn release(node: &Node, items: &[Item]) {
    let ids: Vec<i64> = items.iter().map(|item| item.id).collect();
    node.write(|conn| items::release(conn, &ids).map_err(Error::from));
}

fn names(items: &[Item]) -> Vec<&str> {
    items.iter().map(|item| item.activity.as_str()).collect()
}

fn finish(node: &Node, item: &Item, outcome: &Outcome) -> bool {
    node.write(|conn| items::finish(conn, item.id, outcome, after(1)).map_err(Error::from))
}

fn fail(node: &Node, item: &Item, error: &Error, now: Timestamp) {
    node.write(|conn| items::fail(conn, item, error, now).map_err(Error::from));
}

fn unreachable() -> Error {
    Error::Unreachable { url: "https://a.example/".into(), reason: "test".into() }
}

/// State, reason and tries of the row with this activity.
fn row(node: &Node, activity: &str) -> (String, Option<String>, i32) {
    let rows = node.read(|conn| items::newest(conn, 100).map_err(Error::from));
    let row = rows.into_iter().find(|row| row.activity.as_str() == activity).unwrap();
    (row.state, row.reason, row.attempts)
}

#[test]
fn the_rows_of_each_sender_together_and_in_order() {
    for node in nodes() {
        for (sender, number) in [("a.example", 1), ("a.example", 2), ("b.example", 1), ("a.example", 3)] {
            assert!(put(&node, sender, number), "{}", node.name);
        }
        assert!(!put(&node, "a.example", 2), "{}: an id is stored once", node.name);
        let first = lanes(&node, NOW);
        let of_a =
            ["https://a.example/activities/1", "https://a.example/activities/2", "https://a.example/activities/3"];
        assert_eq!(names(&first[0]), of_a, "{}", node.name);
        assert_eq!(names(&first[1]), ["https://b.example/activities/1"], "{}", node.name);
        put(&node, "a.example", 4);
        assert!(claim(&node, NOW).is_empty(), "{}: what is held is not claimed, nor what came after it", node.name);
        assert!(finish(&node, &first[0][0], &Outcome::Applied), "{}", node.name);
        assert!(!finish(&node, &first[0][0], &Outcome::Applied), "{}: finished once", node.name);
        assert!(claim(&node, NOW).is_empty(), "{}: the others are held still", node.name);
        assert!(node.write(|conn| items::retry(conn, first[0][0].id, NOW).map_err(Error::from)), "{}", node.name);
        assert!(claim(&node, NOW).is_empty(), "{}: nothing is worked on beside them", node.name);
        release(&node, &first[0]);
        assert_eq!(names(&claim(&node, NOW))[..3], of_a, "{}", node.name);
    }
}

#[test]
fn every_sender_has_a_turn() {
    for node in nodes() {
        for sender in 0..7 {
            put(&node, &format!("h{sender}.example"), 1);
        }
        let (mut after, mut turns) = (String::new(), Vec::new());
        loop {
            let due = node.read(|conn| items::due(conn, NOW, 3, &after).map_err(Error::from));
            turns.extend(due.senders.iter().map(ActorUrl::host));
            let Some(next) = due.next else { break };
            after = next.to_string();
        }
        let expected: Vec<String> = (0..7).map(|sender| format!("h{sender}.example")).collect();
        assert_eq!(turns, expected, "{}", node.name);
    }
}

#[test]
fn outcomes_are_told_apart() {
    for node in nodes() {
        for (number, outcome, expected) in [
            (1, Outcome::Applied, ("done", None)),
            (2, Outcome::Duplicate, ("done", Some("known already"))),
            (3, Outcome::Ignored(Reason::NotFollowed), ("ignored", Some("its author is not followed"))),
        ] {
            put(&node, "a.example", number);
            let item = claim(&node, NOW).remove(0);
            finish(&node, &item, &outcome);
            let (state, reason, _) = row(&node, item.activity.as_str());
            assert_eq!((state.as_str(), reason.as_deref()), expected, "{}", node.name);
        }
        let counts = node.read(|conn| items::counts(conn).map_err(Error::from));
        assert_eq!(counts, [("done".to_owned(), 2), ("ignored".to_owned(), 1)], "{}", node.name);
    }
}

#[test]
fn a_temporary_failure_is_tried_again_and_ends_some_day() {
    for node in nodes() {
        put(&node, "a.example", 1);
        put(&node, "a.example", 2);
        let (mut now, mut pauses) = (NOW, Vec::new());
        let tries = loop {
            let held = claim(&node, now);
            let item = held[0].clone();
            assert_eq!(item.activity.as_str(), "https://a.example/activities/1", "{}: order is kept", node.name);
            fail(&node, &item, &unreachable(), now);
            let (state, _, tries) = row(&node, item.activity.as_str());
            if state == items::FAILED {
                release(&node, &held);
                break tries;
            }
            release(&node, &held);
            assert!(claim(&node, now).is_empty(), "{}: number 2 waits for number 1", node.name);
            let due = node.read(|conn| items::newest(conn, 100).map_err(Error::from));
            let due = due.into_iter().find(|row| row.id == item.id).unwrap().next_at;
            pauses.push(due.since(now));
            now = due;
        };
        assert_eq!((tries, pauses.len()), (10, 9), "{}", node.name);
        assert!(pauses.is_sorted() && pauses[0] < pauses[8], "{}: ever longer: {pauses:?}", node.name);
        assert_eq!(names(&claim(&node, now)), ["https://a.example/activities/2"], "{}: the next one's turn", node.name);
    }
}

#[test]
fn a_lasting_failure_ends_a_row_until_the_operator_retries_it() {
    for node in nodes() {
        put(&node, "a.example", 1);
        put(&node, "a.example", 2);
        let held = claim(&node, NOW);
        let item = held[0].clone();
        release(&node, &held);
        fail(&node, &item, &Error::Refused { url: "x".into(), reason: "no".into() }, NOW);
        let (state, reason, tries) = row(&node, item.activity.as_str());
        assert_eq!((state.as_str(), tries), (items::FAILED, 1), "{}", node.name);
        assert!(reason.unwrap().contains("refused"), "{}", node.name);
        let second = claim(&node, NOW).remove(0);
        assert!(second.activity.as_str().ends_with("/2"), "{}: the next one goes on", node.name);
        finish(&node, &second, &Outcome::Applied);
        assert!(node.write(|conn| items::retry(conn, item.id, after(2)).map_err(Error::from)), "{}", node.name);
        assert!(!node.write(|conn| items::retry(conn, 4711, after(2)).map_err(Error::from)), "{}", node.name);
        let again = claim(&node, after(2)).remove(0);
        assert_eq!((again.id, again.attempts), (item.id, 0), "{}", node.name);
    }
}

#[test]
fn a_failure_noted_late_does_not_undo_a_success() {
    for node in nodes() {
        put(&node, "a.example", 1);
        let slow = claim(&node, NOW).remove(0);
        let quick = claim(&node, NOW.plus(LEASE)).remove(0);
        assert_eq!(slow.id, quick.id, "{}: taken over", node.name);
        finish(&node, &quick, &Outcome::Applied);
        fail(&node, &slow, &unreachable(), after(60));
        assert_eq!(row(&node, quick.activity.as_str()).0, items::DONE, "{}", node.name);
    }
}

#[test]
fn two_workers_never_hold_the_same_row() {
    for node in nodes() {
        for sender in 0..30 {
            put(&node, &format!("h{sender}.example"), 1);
        }
        let other = Store::open(&node.scratch.url).unwrap();
        let seen = Mutex::new(Vec::new());
        std::thread::scope(|scope| {
            for number in 0..4 {
                let store = if number % 2 == 0 { &node.scratch.store } else { &other };
                let seen = &seen;
                scope.spawn(move || {
                    loop {
                        let due = store.read_now(|conn| items::due(conn, NOW, 3, "").map_err(Error::from)).unwrap();
                        if due.senders.is_empty() {
                            break;
                        }
                        let claim = |conn: &mut Conn| items::claim(conn, NOW, &due.senders).map_err(Error::from);
                        let rows = store.write_now(claim).unwrap().concat();
                        seen.lock().unwrap().extend(rows.into_iter().map(|row| row.id));
                    }
                });
            }
        });
        let seen = seen.into_inner().unwrap();
        assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), 30, "{}", node.name);
        assert_eq!(seen.len(), 30, "{}", node.name);
    }
}

/// Whatever window an operator sets: as long as a signature counts, the id under it is known.
#[test]
fn s22_an_id_is_known_longer_than_a_signature_counts() {
    let age = LIMITS.iter().find(|limit| limit.name == "signature_age_seconds").unwrap();
    let mut widest = Limits::default();
    assert!(age.set(&mut widest, age.most));
    let window = widest.signature_window();
    let last = NOW.plus(window.past);
    assert!(window.holds(NOW, last) && !window.holds(NOW, last.plus(std::time::Duration::from_millis(1))));
    for node in nodes() {
        assert!(put(&node, "a.example", 1), "{}", node.name);
        let items = claim(&node, NOW);
        assert!(finish(&node, &items[0], &Outcome::Applied), "{}", node.name);
        node.let_go(last);
        assert!(!put(&node, "a.example", 1), "{}: forgotten while its signature still counts", node.name);
    }
}
