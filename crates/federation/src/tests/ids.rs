//! The index of ids: each used once, a tombstone never revived.

use super::{NOW, Node, after, nodes, object, person};
use crate::Error;
use crate::object::{self, Indexed};
use store::Timestamp;
use store::id::ObjectUrl;

fn of_another_host(url: &str, updated_at: Timestamp) -> Indexed {
    Indexed {
        url: object(url),
        kind: "event".to_owned(),
        local: false,
        author: person("anna", "a.example").url,
        page: None,
        document: None,
        former_type: "Event".to_owned(),
        published_at: NOW,
        updated_at,
        deleted_at: None,
    }
}

fn find(node: &Node, url: &str) -> Option<Indexed> {
    node.read(|conn| object::find(conn, &object(url)).map_err(Error::from))
}

const URL: &str = "https://a.example/events/1";

#[test]
fn only_a_newer_version_is_taken_in() {
    for node in nodes() {
        for (step, updated, taken) in [("new", 10, true), ("older", 9, false), ("same", 10, true), ("newer", 11, true)]
        {
            let row = of_another_host(URL, after(updated));
            assert_eq!(node.write(|conn| object::take_in(conn, &row)), taken, "{}: {step}", node.name);
        }
        assert_eq!(find(&node, URL).unwrap().updated_at, after(11), "{}", node.name);
    }
}

#[test]
fn a_tombstone_is_never_revived() {
    let author = person("anna", "a.example").url;
    for node in nodes() {
        for (step, known_before) in [("after it was here", true), ("before it came", false)] {
            let url = format!("https://a.example/events/{step}");
            if known_before {
                node.write(|conn| object::take_in(conn, &of_another_host(&url, NOW)));
            }
            let bury = || node.write(|conn| object::bury(conn, &object(&url), &author, after(1)));
            assert!(bury() && !bury(), "{}: {step}: buried once", node.name);
            let late = of_another_host(&url, after(100));
            assert!(!node.write(|conn| object::take_in(conn, &late)), "{}: {step}", node.name);
            let entered = node.scratch.store.write_now(|conn| object::enter(conn, &late));
            assert!(matches!(entered, Err(Error::Gone(_))), "{}: {step}", node.name);
            node.write(|conn| object::drop_entry(conn, &object(&url)).map_err(Error::from));
            let stone = find(&node, &url).unwrap();
            assert!(stone.is_deleted() && stone.document.is_none(), "{}: {step}", node.name);
        }
    }
}

#[test]
fn our_own_ids_have_versions_in_whole_seconds() {
    for node in nodes() {
        let one = node.event("one");
        node.publish(&one);
        let next = |now| node.write(|conn| object::next_version(conn, &one.url, now));
        assert_eq!(next(NOW), after(1), "{}: later than the one before, whatever the clock says", node.name);
        let odd = Timestamp::from_millis(after(5).as_millis() + 678);
        assert_eq!(next(odd), after(5), "{}", node.name);
        node.write(|conn| crate::outbox::update(conn, &one, after(5), after(5)));
        assert_eq!(next(after(2)), after(6), "{}: the clock went back", node.name);
        node.write(|conn| crate::outbox::delete(conn, &one.url, after(6)));
        let gone = node.scratch.store.write_now(|conn| object::next_version(conn, &one.url, after(7)));
        assert!(matches!(gone, Err(Error::Gone(_))), "{}", node.name);
        let unknown = ObjectUrl::from_text("https://here.example/ap/events/none");
        let unknown = node.scratch.store.write_now(|conn| object::next_version(conn, &unknown, after(7)));
        assert!(matches!(unknown, Err(Error::Unknown(_))), "{}", node.name);
    }
}

#[test]
fn an_id_of_ours_is_given_once() {
    for node in nodes() {
        let one = node.event("one");
        node.publish(&one);
        assert!(
            node.scratch.store.write_now(|conn| crate::outbox::create(conn, &one, after(1))).is_err(),
            "{}",
            node.name
        );
        node.write(|conn| crate::outbox::delete(conn, &one.url, after(2)));
        let again = node.scratch.store.write_now(|conn| crate::outbox::create(conn, &one, after(3)));
        assert!(matches!(again, Err(Error::Gone(_))), "{}: {again:?}", node.name);
        let twice = node.scratch.store.write_now(|conn| crate::outbox::delete(conn, &one.url, after(4)));
        assert!(matches!(twice, Err(Error::Gone(_))), "{}: {twice:?}", node.name);
    }
}

#[test]
fn a_page_leads_to_its_object_until_it_is_gone() {
    for node in nodes() {
        let one = node.event("one");
        node.publish(&one);
        let by_page =
            || node.read(|conn| object::find_by_page(conn, &one.page).map_err(Error::from)).map(|row| row.url);
        assert_eq!(by_page(), Some(one.url.clone()), "{}", node.name);
        node.write(|conn| crate::outbox::delete(conn, &one.url, after(1)));
        assert_eq!(by_page(), None, "{}", node.name);
        let foreign = Indexed { page: Some(one.page.clone()), ..of_another_host(URL, NOW) };
        node.write(|conn| object::take_in(conn, &foreign));
        assert_eq!(by_page(), None, "{}: another server's page is none of ours", node.name);
    }
}
