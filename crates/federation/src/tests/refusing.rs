//! Who wants to hear no more of whom, what is reported, and what is not done here.

use super::processing::{activity, event};
use super::{NOW, nodes, person, remote};
use crate::kind::{Outcome, Reason};
use crate::{Error, block, follow, report};
use diesel::prelude::*;
use serde_json::{Value, json};
use store::schema::deliveries;

const UNKNOWN: Outcome = Outcome::Ignored(Reason::Unknown);

#[tokio::test]
async fn a_block_of_ours_ends_both_follows_and_is_undone() {
    let anna = person("anna", "a.example");
    for node in nodes() {
        node.follower(&anna, &node.region);
        node.follows(&anna);
        let block = activity("Block", &anna, "b", json!(node.region.as_str()));
        assert_eq!(node.hears(&anna, &block).await, Outcome::Applied, "{}", node.name);
        let between = || node.read(|conn| block::is_between(conn, &anna.url, &node.region).map_err(Error::from));
        let followed = node.read(|conn| follow::is_followed_here(conn, &anna.url).map_err(Error::from));
        assert_eq!((node.followers(), followed, between()), (0, false, true), "{}", node.name);
        let published = node.event("after");
        assert!(node.inboxes(&node.publish(&published)).is_empty(), "{}: nothing more is sent", node.name);
        assert_eq!(node.hears(&anna, &activity("Undo", &anna, "u", block)).await, Outcome::Applied, "{}", node.name);
        assert!(!between(), "{}", node.name);
        let nobody = activity("Block", &anna, "n", json!("https://here.example/ap/actors/nobody"));
        assert_eq!(node.hears(&anna, &nobody).await, UNKNOWN, "{}", node.name);
    }
}

#[tokio::test]
async fn o24_what_the_operator_blocks_is_gone_and_stays_out() {
    let (anna, bo) = (person("anna", "a.example"), person("bo", "a.example"));
    for node in nodes() {
        for whole_host in [false, true] {
            let ours = node.ours(&format!("ours-{whole_host}"));
            let run = |id: &str| format!("{whole_host}-{id}");
            node.follower(&anna, &node.region);
            node.follows(&anna);
            node.follows(&bo);
            let url = format!("https://a.example/events/{whole_host}");
            let create = activity("Create", &anna, &run("c"), event(&url, &anna));
            assert_eq!(node.hears(&anna, &create).await, Outcome::Applied, "{}", node.name);
            node.hears(&anna, &activity("Like", &anna, &run("l"), json!(ours.url.as_str()))).await;
            let state = node.state();
            let kinds = state.kinds;
            let new = node.write(|conn| match whole_host {
                true => block::host(conn, &node.origin, kinds, "a.example", NOW),
                false => block::actor(conn, &node.origin, kinds, &anna.url, NOW),
            });
            assert!(new, "{}", node.name);
            assert!(node.indexed(&url).is_none(), "{}: it is shown no more", node.name);
            assert_eq!(node.followers(), 0, "{}", node.name);
            let likes =
                node.read(|conn| crate::reaction::count(conn, &ours.url, &vocab::Verb::Like).map_err(Error::from));
            assert_eq!(likes, 0, "{}", node.name);
            if whole_host {
                let waiting: i64 = node.read(|conn| {
                    let rows = deliveries::table.filter(deliveries::host.eq("a.example"));
                    rows.filter(deliveries::state.eq(crate::delivery::WAITING))
                        .count()
                        .get_result(conn)
                        .map_err(Error::from)
                });
                assert_eq!(waiting, 0, "{}: nothing more goes there", node.name);
            } else {
                let follow = format!("{}/follows/{}", anna.url, node.region.as_str().len());
                assert_eq!(node.answers_to(&follow).last().unwrap()["type"], "Reject", "{}", node.name);
            }
            // By every way in.
            node.knows(&anna);
            node.knows(&bo);
            let again = activity("Create", &anna, &run("again"), event(&url, &anna));
            let blocked = Outcome::Ignored(Reason::Blocked);
            assert_eq!(node.hears(&anna, &again).await, blocked, "{}", node.name);
            if whole_host {
                let (region, id) = (remote("ks", "ks.example", "Group", false), run("announce"));
                node.follows(&region);
                let announce = activity("Announce", &region, &id, json!(url));
                assert_eq!(node.hears(&region, &announce).await, blocked, "{}: through others", node.name);
                let wrapped = activity("Announce", &region, &run("wrapped"), again);
                assert_eq!(node.hears(&region, &wrapped).await, blocked, "{}: wrapped", node.name);
            }
            let follow = activity("Follow", &anna, &run("follow"), json!(node.region.as_str()));
            node.hears(&anna, &follow).await;
            assert_eq!(node.answers_to(follow["id"].as_str().unwrap())[0]["type"], "Reject", "{}", node.name);
            assert_eq!(node.followers(), 0, "{}", node.name);
            assert!(node.indexed(&url).is_none(), "{}", node.name);
            node.write(|conn| match whole_host {
                true => block::unblock_host(conn, "a.example").map_err(Error::from),
                false => block::unblock_actor(conn, &node.origin, &anna.url).map_err(Error::from),
            });
            node.follows(&anna);
            let create = activity("Create", &anna, &run("after"), event(&url, &anna));
            assert_eq!(node.hears(&anna, &create).await, Outcome::Applied, "{}: it may come again", node.name);
        }
    }
}

#[tokio::test]
async fn c55_reports_reach_the_queue_in_every_form() {
    let server = remote("actor", "a.example", "Application", false);
    for node in nodes() {
        let ours = node.ours("ours");
        node.knows(&server);
        let list = json!([node.region.as_str(), ours.page, "https://third.example/notes/1", null]);
        let forms: [(&str, Value); 3] = [("id", json!(ours.url.as_str())), ("page", json!(ours.page)), ("list", list)];
        for (form, object) in forms {
            let mut flag = activity("Flag", &server, form, object);
            flag["content"] = json!("<p>Roskaa <script>x</script></p><p>toinen</p>");
            assert_eq!(node.hears(&server, &flag).await, Outcome::Applied, "{}: {form}", node.name);
            assert_eq!(node.hears(&server, &flag).await, Outcome::Duplicate, "{}: {form}", node.name);
        }
        let open = node.read(|conn| report::all_open(conn, 100).map_err(Error::from));
        assert_eq!(open.len(), 3, "{}", node.name);
        assert_eq!(open[0].content, "Roskaa\n\ntoinen", "{}", node.name);
        assert_eq!(open[2].about(), [node.region.as_str(), ours.page.as_str()], "{}: ours alone", node.name);
        let about_others = activity("Flag", &server, "others", json!("https://third.example/notes/1"));
        assert_eq!(node.hears(&server, &about_others).await, UNKNOWN, "{}", node.name);
        let about_nothing = activity("Flag", &server, "nothing", json!(node.origin.url("/tapahtumat/ei-ole")));
        assert_eq!(node.hears(&server, &about_nothing).await, UNKNOWN, "{}", node.name);
        let resolved = |id: i64| node.write(|conn| report::resolve(conn, id, NOW).map_err(Error::from));
        assert!(resolved(open[0].id), "{}", node.name);
        assert!(!resolved(open[0].id), "{}: once", node.name);
        assert_eq!(node.read(|conn| report::count_open(conn).map_err(Error::from)), 2, "{}", node.name);
    }
}

#[tokio::test]
async fn what_is_not_offered_here_is_ignored() {
    let anna = person("anna", "a.example");
    for node in nodes() {
        let ours = node.ours("ours");
        node.follows(&anna);
        // A pending follow of ours must not be taken for what an answer to an event means.
        node.write(|conn| follow::request(conn, &node.origin, &node.region, &anna.url, NOW));
        let attended = json!({"type": "Event", "id": ours.url.as_str(), "name": "x"});
        for (verb, object) in [
            ("Accept", attended.clone()),
            ("Accept", json!(ours.url.as_str())),
            ("Reject", attended.clone()),
            ("TentativeAccept", attended.clone()),
            ("Invite", attended),
            ("Leave", json!(ours.url.as_str())),
            ("Offer", json!({"type": "Agreement"})),
        ] {
            let said = activity(verb, &anna, &format!("{verb}-{}", object.is_string()), object);
            assert_eq!(node.hears(&anna, &said).await, Outcome::Ignored(Reason::NotOffered), "{}: {verb}", node.name);
        }
        let known = node.read(|conn| follow::find(conn, &node.region, &anna.url).map_err(Error::from)).unwrap();
        assert_eq!(known.state, follow::PENDING, "{}", node.name);
    }
}

#[tokio::test]
async fn a_relay_is_followed_by_following_everybody() {
    let server = remote("actor", "m.example", "Application", false);
    for node in nodes() {
        node.knows(&server);
        let relay = node.origin.relay();
        let followers = || node.read(|conn| follow::count_followers(conn, &relay).map_err(Error::from));
        for (number, name) in [vocab::PUBLIC, "as:Public", "Public"].into_iter().enumerate() {
            let follow = activity("Follow", &server, &format!("f{number}"), json!(name));
            assert_eq!(node.hears(&server, &follow).await, Outcome::Applied, "{}: {name}", node.name);
            let accept = node.answers_to(follow["id"].as_str().unwrap()).remove(0);
            assert_eq!((&accept["type"], &accept["object"]), (&json!("Accept"), &follow), "{}: {name}", node.name);
            assert_eq!(accept["actor"], relay.as_str(), "{}: {name}", node.name);
            assert_eq!(followers(), 1, "{}: {name}", node.name);
            let undo = activity("Undo", &server, &format!("u{number}"), follow);
            assert_eq!(node.hears(&server, &undo).await, Outcome::Applied, "{}: {name}", node.name);
            assert_eq!(followers(), 0, "{}: {name}", node.name);
        }
    }
}

#[tokio::test]
async fn a_followed_one_that_refuses_later_ends_the_follow_in_every_form() {
    let other = remote("ks", "ks.example", "Group", false);
    for node in nodes() {
        let followed = || node.read(|conn| follow::is_followed_here(conn, &other.url).map_err(Error::from));
        let embedded = json!({"id": "https://ks.example/x", "type": "Follow", "actor": node.region.as_str(), "object": other.url.as_str()});
        let without = json!({"type": "Follow", "object": other.url.as_str()});
        for (number, object) in [embedded, without, json!("https://ks.example/invented")].into_iter().enumerate() {
            node.follows(&other);
            assert!(followed(), "{}: {object}", node.name);
            let reject = activity("Reject", &other, &number.to_string(), object.clone());
            assert_eq!(node.hears(&other, &reject).await, Outcome::Applied, "{}: {object}", node.name);
            assert!(!followed(), "{}: {object}", node.name);
        }
    }
}
