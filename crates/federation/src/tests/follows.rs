//! Follows in both directions, each pair once.

use super::{NOW, Node, after, nodes, person, remote};
use crate::{Error, actor, follow};
use serde_json::{Value, json};
use store::id::ActorUrl;

fn pair(node: &Node, follower: &ActorUrl, followed: &ActorUrl) -> Option<(String, String)> {
    let row = node.read(|conn| follow::find(conn, follower, followed).map_err(Error::from));
    row.map(|row| (row.state, row.activity.to_string()))
}

#[test]
fn asking_is_pending_until_it_is_answered() {
    for node in nodes() {
        let other = remote("keski_suomi", "ks.example", "Group", true);
        let request =
            || node.scratch.store.write_now(|conn| follow::request(conn, &node.origin, &node.region, &other.url, NOW));
        assert!(matches!(request(), Err(Error::Unknown(_))), "{}: it was not fetched", node.name);
        node.write(|conn| actor::remember(conn, &other).map_err(Error::from));
        let first = request().unwrap();
        let second = request().unwrap();
        assert_ne!(first, second, "{}", node.name);
        let expected = Some((follow::PENDING.to_owned(), second.to_string()));
        assert_eq!(pair(&node, &node.region, &other.url), expected, "{}: the newest counts", node.name);
        assert_eq!(node.inboxes(&second), ["https://ks.example/inbox"], "{}", node.name);
        let sent = node.activity(&second);
        assert_eq!((&sent["type"], &sent["object"]), (&json!("Follow"), &json!(other.url.as_str())), "{}", node.name);
        let following = || node.read(|conn| follow::count_following(conn, &node.region).map_err(Error::from));
        let followed_here = || node.read(|conn| follow::is_followed_here(conn, &other.url).map_err(Error::from));
        assert_eq!((following(), followed_here()), (0, false), "{}", node.name);
        let answer = |state: &str| {
            node.write(|conn| follow::answered(conn, &node.region, &other.url, state, after(1)).map_err(Error::from))
        };
        assert!(answer(follow::ACCEPTED) && !answer(follow::ACCEPTED), "{}: once", node.name);
        assert_eq!((following(), followed_here()), (1, true), "{}", node.name);
        assert!(answer(follow::REJECTED), "{}: thrown out later", node.name);
        assert_eq!((following(), followed_here()), (0, false), "{}", node.name);
    }
}

#[test]
fn a_follow_is_accepted_verbatim_and_counts_once() {
    for node in nodes() {
        let anna = person("anna", "a.example");
        node.write(|conn| actor::remember(conn, &anna).map_err(Error::from));
        let received = |number: u32| -> Value {
            json!({
                "@context": "https://www.w3.org/ns/activitystreams", "id": format!("https://a.example/f/{number}"),
                "type": "Follow", "actor": anna.url.as_str(), "object": node.region.as_str(), "x:odd": [null, 1.50],
            })
        };
        for number in [1, 2] {
            let accept = node.write(|conn| {
                follow::accept(conn, &node.origin, &anna.url, &node.region, &received(number), after(u64::from(number)))
            });
            let sent = node.activity(&accept);
            assert_eq!(sent["object"], received(number), "{}: verbatim", node.name);
            assert_eq!(
                (&sent["type"], &sent["actor"]),
                (&json!("Accept"), &json!(node.region.as_str())),
                "{}",
                node.name
            );
            assert_eq!(node.inboxes(&accept), ["https://a.example/users/anna/inbox"], "{}", node.name);
            let followers = node.read(|conn| follow::count_followers(conn, &node.region).map_err(Error::from));
            assert_eq!(followers, 1, "{}", node.name);
        }
        let expected = Some((follow::ACCEPTED.to_owned(), "https://a.example/f/2".to_owned()));
        assert_eq!(pair(&node, &anna.url, &node.region), expected, "{}", node.name);
    }
}

#[test]
fn ending_a_follow_sends_an_undo_with_the_follow_inside() {
    for node in nodes() {
        let other = remote("keski_suomi", "ks.example", "Group", false);
        let withdraw =
            || node.scratch.store.write_now(|conn| follow::withdraw(conn, &node.origin, &node.region, &other.url, NOW));
        assert!(matches!(withdraw(), Err(Error::Unknown(_))), "{}: there is none", node.name);
        node.write(|conn| actor::remember(conn, &other).map_err(Error::from));
        let asked = node.write(|conn| follow::request(conn, &node.origin, &node.region, &other.url, NOW));
        let undo = withdraw().unwrap();
        assert_eq!(pair(&node, &node.region, &other.url), None, "{}", node.name);
        let sent = node.activity(&undo);
        assert_eq!((&sent["type"], &sent["object"]["id"]), (&json!("Undo"), &json!(asked.as_str())), "{}", node.name);
        assert_eq!(sent["object"]["object"], json!(other.url.as_str()), "{}", node.name);
        assert_eq!(node.inboxes(&undo), ["https://ks.example/users/keski_suomi/inbox"], "{}", node.name);
    }
}

#[test]
fn following_is_paged_without_gaps() {
    for node in nodes() {
        for number in 0..7 {
            let other = person("x", &format!("h{number}.example"));
            node.write(|conn| {
                actor::remember(conn, &other)?;
                follow::request(conn, &node.origin, &node.region, &other.url, after(7 - number))?;
                follow::answered(conn, &node.region, &other.url, follow::ACCEPTED, after(9))?;
                Ok(())
            });
        }
        let page = |offset| node.read(|conn| follow::following(conn, &node.region, offset, 3).map_err(Error::from));
        let all: Vec<String> = [0, 3, 6].into_iter().flat_map(page).map(|url| url.host()).collect();
        let expected: Vec<String> = (0..7).rev().map(|number| format!("h{number}.example")).collect();
        assert_eq!(all, expected, "{}: oldest first", node.name);
        let listed = node.read(|conn| follow::of_this_node(conn).map_err(Error::from));
        assert_eq!(listed.len(), 7, "{}", node.name);
    }
}
