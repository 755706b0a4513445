//! A host that is away for a minute, an hour, a day, a week, in the time that is handed in: how soon it is found when it
//! is back, how often it was asked meanwhile, and that it gets everything.

use super::delivery::{claim, counts, deliver, tried};
use super::{NOW, Node, after, nodes, person};
use crate::Error;
use crate::delivery::queue::{self, Delivery};
use crate::delivery::results::{self, Tried};
use crate::delivery::schedule::Next;
use crate::delivery::{DELIVERED, GIVEN_UP, WAITING};
use crate::peer;
use store::Timestamp;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// When the host is tried next.
fn probe_at(node: &Node) -> Timestamp {
    node.read(|conn| peer::find(conn, "a.example").map_err(Error::from)).unwrap().probe_at
}

fn does_not_answer(node: &Node, lane: &[Delivery], at: Timestamp, spread: f64) {
    let rest: Vec<i64> = lane[1..].iter().map(|row| row.id).collect();
    node.write(|conn| {
        results::finish(conn, &[Tried { spread, ..tried(&lane[0], Next::Away(None), at) }])?;
        queue::release(conn, &rest, at)?;
        // As the worker does it, now and then.
        queue::give_up_overdue(conn, at).map_err(Error::from)
    });
}

/// Lets the host be away for so long while something is published now and then. How long after its return the first
/// delivery came, and how often it was tried in vain.
fn outage(node: &Node, seconds: u64, every: u64, spread: f64) -> (u64, u64) {
    let back = after(seconds);
    let (mut at, mut published, mut in_vain) = (NOW, 0, 0);
    loop {
        while published * every < seconds && after(published * every) <= at {
            let what = node.event(&format!("{seconds}-{spread}-{published}"));
            let made = after(published * every);
            node.write(|conn| crate::outbox::create(conn, &what, made));
            published += 1;
        }
        let lanes = claim(node, at);
        assert_eq!(lanes.len(), 1, "{}: one host, at {at:?}", node.name);
        if at >= back {
            deliver(node, &lanes[0], at);
            break;
        }
        does_not_answer(node, &lanes[0], at, spread);
        in_vain += 1;
        at = probe_at(node);
    }
    let found_after = at.since(back).as_secs();
    let mut pieces = 0;
    while let [lane] = claim(node, at).as_slice() {
        deliver(node, lane, at);
        pieces += 1;
    }
    assert!(pieces <= 1 + published / 32, "{}: {published} in {pieces} pieces", node.name);
    let states = counts(node);
    assert_eq!(states.get(WAITING).copied().unwrap_or(0), 0, "{}", node.name);
    assert_eq!(states.get(GIVEN_UP), None, "{}: lost after {seconds} s", node.name);
    assert!(states[DELIVERED] >= published as i64, "{}", node.name);
    (found_after, in_vain)
}

#[test]
fn r11_p02_p03_a_host_that_was_away_is_found_soon_and_gets_everything() {
    for node in nodes() {
        node.follower(&person("anna", "a.example"), &node.region);
        for (away, every, within, most) in [
            (MINUTE, 5, MINUTE, 4),
            (HOUR, MINUTE, MINUTE, 82),
            (DAY, 20 * MINUTE, 15 * MINUTE, 82 + 116),
            (7 * DAY, 4 * HOUR, HOUR, 82 + 116 + 181),
        ] {
            // The widest pauses find a host latest, and the narrowest ask most often; weeks of the latter take long.
            for spread in if away <= HOUR { [0.0, 1.0].as_slice() } else { &[1.0] } {
                let (found_after, in_vain) = outage(&node, away, every, *spread);
                assert!(found_after <= within, "{}: {away} s away, found after {found_after} s", node.name);
                assert!(in_vain <= most, "{}: {away} s away, asked {in_vain} times in vain", node.name);
            }
        }
    }
}
