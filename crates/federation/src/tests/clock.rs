//! The machine's clock jumps, by a day forwards and backwards: nothing that waits is lost, or waits longer than it was
//! meant to. And alarms, which tell when the clock is wrong.

use super::delivery::{any_due, by_host, claim, deliver, head_fails, lane, retry};
use super::{NOW, Node, after, nodes, person};
use crate::alarm::{self, Alarm};
use crate::delivery::queue;
use crate::delivery::schedule::Next;
use crate::inbox::items;
use crate::{Error, backfill, object, outbox, peer, set_back};
use diesel::prelude::*;
use std::time::Duration;
use store::Timestamp;
use store::id::ActivityUrl;
use store::schema::{backfills, inbox_items, peers};

const DAY: u64 = 86_400;

/// A node that is followed from three hosts, and has published at a time.
fn published_at(node: &Node, at: Timestamp) -> outbox::Publication {
    for host in ["a.example", "b.example", "c.example"] {
        node.follower(&person("anna", host), &node.region);
    }
    let one = node.event("one");
    node.write(|conn| outbox::create(conn, &one, at));
    one
}

/// One is tried again in a minute, one is away, one is held by a worker that has died.
fn in_all_ways(node: &Node, at: Timestamp) {
    let lanes = claim(node, at);
    head_fails(node, &lane(&lanes, "a.example"), retry(60), at);
    head_fails(node, &lane(&lanes, "b.example"), Next::Away(None), at);
}

#[test]
fn p13_a_clock_set_back_by_a_day_loses_no_retry() {
    for node in nodes() {
        let one = published_at(&node, after(DAY));
        in_all_ways(&node, after(DAY));
        node.write(|conn| {
            let received = ActivityUrl::from_text("https://a.example/activities/1");
            items::put(conn, &received, &person("anna", "a.example").url, None, b"{}", after(DAY))?;
            backfill::plan(conn, &person("anna", "a.example").url, after(DAY))?;
            Ok(())
        });
        assert!(!any_due(&node, after(DAY - 1)), "{}: as it is, all of it waits for a day", node.name);
        node.write(|conn| set_back::move_plans(conn, Duration::from_secs(DAY), NOW).map_err(Error::from));
        let hosts = |at| by_host(&claim(&node, at)).into_keys().collect::<Vec<_>>();
        assert!(hosts(NOW).is_empty(), "{}: each has its pause", node.name);
        assert_eq!(hosts(after(8)), ["c.example"], "{}: the lease runs out", node.name);
        assert_eq!(hosts(after(10)), ["b.example"], "{}: the probe", node.name);
        assert_eq!(hosts(after(60)).first().map(String::as_str), Some("a.example"), "{}: the retry", node.name);
        let due: (Timestamp, Timestamp) = node.read(|conn| {
            let inbox = inbox_items::table.select(inbox_items::next_at).first(conn)?;
            Ok((inbox, backfills::table.select(backfills::next_at).first(conn)?))
        });
        assert_eq!(due, (NOW, NOW), "{}: what came in, and what is to be read", node.name);
        let failing = node.read(|conn| peer::find(conn, "b.example").map_err(Error::from)).unwrap().failing_since;
        assert_eq!(failing, Some(NOW), "{}", node.name);

        // What is made now goes out now, though its version is one after that of tomorrow.
        node.forget_deliveries();
        node.write(|conn| {
            let at = object::next_version(conn, &one.url, after(100))?;
            assert_eq!(at, after(DAY + 1), "newer than what it replaces");
            outbox::update(conn, &one, at, after(100))
        });
        assert_eq!(claim(&node, after(100)).len(), 3, "{}", node.name);
    }
}

#[test]
fn p13_a_clock_set_forward_by_a_day_gives_nothing_up() {
    for node in nodes() {
        published_at(&node, NOW);
        in_all_ways(&node, NOW);
        let later = after(DAY);
        let given_up = node.write(|conn| queue::give_up_overdue(conn, later).map_err(Error::from));
        assert_eq!(given_up, 0, "{}", node.name);
        let lanes = claim(&node, later);
        assert_eq!(lanes.len(), 3, "{}: all are tried early", node.name);
        lanes.iter().for_each(|lane| deliver(&node, lane, later));
    }
}

#[test]
fn p13_p16_an_alarm_is_raised_once_and_cleared() {
    for node in nodes() {
        let set = |value, at| node.write(|conn| alarm::set(conn, alarm::CLOCK, value, at).map_err(Error::from));
        let all = || node.read(|conn| alarm::all(conn).map_err(Error::from));
        assert!(!set(None, NOW), "{}", node.name);
        assert!(set(Some(400_000), NOW), "{}: new", node.name);
        assert!(!set(Some(500_000), after(15)), "{}: known", node.name);
        let expected = Alarm { name: "clock".to_owned(), value: 500_000, since: NOW };
        assert_eq!(all(), [expected], "{}", node.name);
        assert!(set(None, after(30)), "{}", node.name);
        assert_eq!(all(), [], "{}", node.name);
    }
}

/// Due and not sent, although the host answers: that is our own fault, and the only one of these that is.
#[test]
fn p16_what_is_due_for_a_host_that_answers_is_seen() {
    for node in nodes() {
        let due = |before| node.read(|conn| queue::due_since(conn, before).map_err(Error::from));
        assert_eq!(due(after(DAY)), None, "{}: nothing waits", node.name);
        let one = published_at(&node, NOW);
        assert_eq!(due(NOW.minus(Duration::from_millis(1))), None, "{}: not yet", node.name);
        assert_eq!(due(NOW), Some(NOW), "{}", node.name);
        let lanes = claim(&node, NOW);
        head_fails(&node, &lane(&lanes, "a.example"), Next::Away(None), NOW);
        deliver(&node, &lane(&lanes, "b.example"), NOW);
        assert_eq!(due(NOW), Some(NOW), "{}: c", node.name);
        deliver(&node, &lane(&lanes, "c.example"), NOW);
        assert_eq!(due(after(DAY)), None, "{}: a is away", node.name);
        node.write(|conn| {
            let asked = peers::table.find("a.example");
            diesel::update(asked).set((peers::failures.eq(0), peers::probe_at.eq(after(600)))).execute(conn)?;
            Ok(())
        });
        assert_eq!(due(after(599)), None, "{}: it asked for a pause", node.name);
        assert_eq!(due(after(600)), Some(NOW), "{}: which is over", node.name);
        // A server chokes on one thing; what comes after it, and is about the same, waits behind it.
        node.write(|conn| outbox::update(conn, &one, after(601), after(601)));
        let held = claim(&node, after(601));
        head_fails(&node, &lane(&held, "a.example"), retry(1000), after(601));
        node.write(|conn| {
            diesel::update(peers::table).set(peers::failures.eq(0)).execute(conn)?;
            Ok(())
        });
        held.iter().filter(|lane| lane[0].host != "a.example").for_each(|lane| deliver(&node, lane, after(601)));
        assert_eq!(due(after(1600)), None, "{}", node.name);
        assert_eq!(due(after(1601)), Some(after(601)), "{}: its own turn came and went", node.name);
    }
}
