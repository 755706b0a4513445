//! What is announced by id, to whom, how often, and at which distance.

use super::{NOW, Node, after, nodes, person, remote};
use crate::collection::{Listed, Paging, Slice};
use crate::delivery::queue;
use crate::delivery::results::{self, Tried};
use crate::delivery::schedule::Next;
use crate::{Error, relay};
use diesel::prelude::*;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use store::id::{ActivityUrl, ActorUrl, ObjectUrl};
use store::schema::{activities, deliveries, objects};
use store::{Conn, Timestamp};

/// The objects of the node as a collection of what is coming up.
const COMING: &[Listed] = &[Listed { name: "upcoming", of: "region", paging: Paging::Pages, read: coming }];

fn coming(conn: &mut Conn, _: &ActorUrl, _: Timestamp, offset: i64, limit: i64) -> Result<Slice, Error> {
    let documents: Vec<Option<String>> = objects::table
        .filter(objects::kind.eq("event"))
        .order(objects::url)
        .offset(offset)
        .limit(limit)
        .select(objects::document)
        .load(conn)?;
    let items: Vec<Value> = documents.into_iter().flatten().map(|text| serde_json::from_str(&text).unwrap()).collect();
    Ok(Slice { total: items.len() as i64, items })
}

/// What this node said about an object with this verb: the activities' ids, oldest first.
fn said(node: &Node, verb: &str, object: &ObjectUrl) -> Vec<ActivityUrl> {
    node.read(|conn| {
        let about = activities::table.filter(activities::object.eq(object.as_str())).filter(activities::verb.eq(verb));
        about.order(activities::id).select(activities::url).load(conn).map_err(Error::from)
    })
}

/// Sends everything that is due, all of it well.
fn deliver(node: &Node, at: Timestamp) -> Vec<queue::Delivery> {
    let rows: Vec<queue::Delivery> = node.write(|conn| {
        let hosts = queue::look(conn, at)?.hosts;
        Ok(queue::claim(conn, &hosts, at)?.into_iter().flat_map(|claimed| claimed.rows).collect())
    });
    let results: Vec<Tried> = rows
        .iter()
        .map(|row| Tried {
            delivery: row.clone(),
            next: Next::Delivered,
            status: Some(202),
            error: None,
            at,
            duration: Duration::ZERO,
            spread: 0.0,
        })
        .collect();
    node.write(|conn| results::finish(conn, &results).map_err(Error::from));
    rows
}

#[test]
fn c57_what_is_published_is_announced_once_by_id() {
    for node in nodes() {
        let relay = node.origin.relay();
        node.follower(&remote("mobilizon", "m.example", "Application", true), &relay);
        node.follower(&person("anna", "a.example"), &node.region);
        let one = node.event("one");
        node.publish(&one);
        let announced = said(&node, "Announce", &one.url);
        assert_eq!(announced.len(), 1, "{}", node.name);
        assert_eq!(node.inboxes(&announced[0]), ["https://m.example/inbox"], "{}: not to the region's", node.name);
        let document = node.activity(&announced[0]);
        assert_eq!(document["object"], one.url.as_str(), "{}: an id alone", node.name);
        assert_eq!(document["actor"], relay.as_str(), "{}", node.name);
        assert_eq!(document["to"], serde_json::json!([vocab::PUBLIC]), "{}", node.name);
        assert_eq!(document["cc"], serde_json::json!([format!("{relay}/followers")]), "{}", node.name);
        assert!(announced[0].as_str().starts_with("https://here.example/ap/announces/"), "{}", node.name);
        // A second time it is not said.
        let again = node.write(|conn| relay::announce(conn, &relay, &one.url, &node.region, after(1)));
        assert_eq!(again, None, "{}", node.name);
        // What Mobilizon cannot show is not announced.
        let task = crate::outbox::Publication { announced: false, ..node.event("task") };
        node.publish(&task);
        assert!(said(&node, "Announce", &task.url).is_empty(), "{}", node.name);
    }
}

#[test]
fn an_announcement_is_undone_for_whoever_got_it() {
    for node in nodes() {
        let relay = node.origin.relay();
        node.follower(&remote("mobilizon", "m.example", "Application", true), &relay);
        let (one, two) = (node.event("one"), node.event("two"));
        node.publish(&one);
        deliver(&node, NOW);
        node.publish(&two);
        for event in [&one, &two] {
            node.write(|conn| crate::outbox::delete(conn, &event.url, after(1)));
        }
        let undone = said(&node, "Undo", &one.url);
        assert_eq!(undone.len(), 1, "{}", node.name);
        let document = node.activity(&undone[0]);
        let announced = &said(&node, "Announce", &one.url)[0];
        assert_eq!(document["object"]["id"], announced.as_str(), "{}", node.name);
        assert_eq!(document["object"]["type"], "Announce", "{}", node.name);
        assert_eq!(document["object"]["object"], one.url.as_str(), "{}", node.name);
        assert_eq!(node.inboxes(&undone[0]), ["https://m.example/inbox"], "{}", node.name);
        let unheard = said(&node, "Undo", &two.url);
        assert!(unheard.iter().all(|id| node.inboxes(id).is_empty()), "{}: nobody had heard of it", node.name);
        let left: Vec<String> = deliver(&node, after(2)).iter().map(|row| row.activity.to_string()).collect();
        let expected = [undone[0].to_string(), format!("{}/delete", one.url), format!("{}/delete", two.url)];
        assert_eq!(left, expected, "{}: no Announce of what is gone", node.name);
    }
}

#[test]
fn c66_a_server_that_follows_is_told_what_is_coming_and_a_person_is_not() {
    for node in nodes() {
        let relay = node.origin.relay();
        for number in 0..60 {
            node.publish(&node.event(&format!("{number:02}")));
        }
        let (server, anna) = (remote("mobilizon", "m.example", "Application", true), person("anna", "a.example"));
        for follower in [&server, &anna] {
            node.follower(follower, &relay);
        }
        for follower in [&server, &anna] {
            for _ in 0..2 {
                node.write(|conn| relay::welcome(conn, &node.origin, COMING, follower, after(1)));
            }
        }
        let waiting: Vec<(String, i64)> = node.read(|conn| {
            let rows = deliveries::table.filter(deliveries::state.eq("waiting")).order(deliveries::id);
            rows.select((deliveries::inbox, deliveries::gap)).load(conn).map_err(Error::from)
        });
        assert_eq!(waiting.len(), 50, "{}: the nearest fifty, once", node.name);
        assert!(waiting.iter().all(|(inbox, gap)| inbox == "https://m.example/inbox" && *gap >= 2_000));
        // One at a time, at a distance, however late the worker looks.
        let (mut at, mut sent) = (after(600), Vec::new());
        while sent.len() < 50 {
            let rows = deliver(&node, at);
            assert!(rows.len() <= 1, "{}", node.name);
            sent.extend(rows.into_iter().map(|row| (at, row.topic)));
            at = at.plus(Duration::from_millis(100));
        }
        let close = sent.windows(2).filter(|pair| pair[1].0.since(pair[0].0) < Duration::from_secs(2)).count();
        assert_eq!(close, 0, "{}", node.name);
        assert!(sent.first().unwrap().1.ends_with("/00"), "{}: the nearest first", node.name);
    }
}

/// Nineteen regions under one registrable domain, several events of each at once, to two servers.
#[test]
fn c65_a_server_is_told_of_six_new_ones_a_minute_at_most() {
    for node in nodes() {
        for host in ["a.example", "b.example"] {
            node.follower(&person("x", host), &node.region);
        }
        let regions: Vec<String> = (0..19).map(|number| format!("r{number}.solmut.example")).collect();
        for (number, host) in regions.iter().enumerate().chain(regions.iter().enumerate()) {
            let author = ActorUrl::from_text(format!("https://{host}/ap/actors/region"));
            let again = node.read(|conn| Ok(activities::table.count().get_result::<i64>(conn)?));
            let object = ObjectUrl::from_text(format!("https://{host}/ap/events/{number}-{again}"));
            node.write(|conn| relay::pass_on(conn, "region", &object, &author, NOW));
        }
        let (mut at, mut told) = (NOW, BTreeMap::<String, Vec<(Timestamp, String)>>::new());
        let mut left = 2 * 2 * 19;
        while left > 0 {
            for row in deliver(&node, at) {
                let subject = store::id::host_of(&row.topic);
                let new = told.entry(row.host).or_default();
                if new.iter().all(|(_, known)| *known != subject) {
                    new.push((at, subject));
                }
                left -= 1;
            }
            at = at.plus(Duration::from_millis(500));
            assert!(at < after(600), "{}: it takes too long, {left} left", node.name);
        }
        for (peer, new) in told {
            assert_eq!(new.iter().map(|(_, host)| host).collect::<BTreeSet<_>>().len(), 19, "{}: {peer}", node.name);
            let minute = Duration::from_secs(60);
            let most = new
                .iter()
                .map(|(from, _)| new.iter().filter(|(at, _)| *at >= *from && at.since(*from) <= minute).count());
            assert!(most.max().unwrap() <= 6, "{}: {peer}: {new:?}", node.name);
        }
        // Once known, a region is announced at once.
        let known = ObjectUrl::from_text("https://r3.solmut.example/ap/events/new");
        let author = ActorUrl::from_text("https://r3.solmut.example/ap/actors/region");
        node.write(|conn| relay::pass_on(conn, "region", &known, &author, at));
        assert_eq!(deliver(&node, at).len(), 2, "{}", node.name);
    }
}
