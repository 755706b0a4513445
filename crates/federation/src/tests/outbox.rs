//! Who is told of what, and what the outbox shows of it afterwards.

use super::{NOW, Node, after, nodes, person, remote};
use crate::delivery::queue;
use crate::{Error, actor, follow, outbox};
use serde_json::{Value, json};

#[test]
fn one_delivery_for_each_inbox_and_shared_ones_once() {
    for node in nodes() {
        for follower in [
            remote("anna", "m.example", "Person", true),
            remote("bo", "m.example", "Person", true),
            person("cecilia", "p.example"),
            person("daavid", "p.example"),
        ] {
            node.follower(&follower, &node.region);
        }
        let create = node.publish(&node.event("one"));
        let expected = [
            "https://m.example/inbox",
            "https://p.example/users/cecilia/inbox",
            "https://p.example/users/daavid/inbox",
        ];
        assert_eq!(node.inboxes(&create), expected, "{}", node.name);
    }
}

#[test]
fn who_was_sent_it_hears_of_its_changes_after_an_unfollow_too() {
    for node in nodes() {
        let (anna, bo) = (person("anna", "a.example"), person("bo", "b.example"));
        node.follower(&anna, &node.region);
        let one = node.event("one");
        node.publish(&one);
        assert!(node.write(|conn| follow::remove(conn, &anna.url, &node.region).map_err(Error::from)), "{}", node.name);
        node.follower(&bo, &node.region);
        let create = node.publish(&node.event("two"));
        let update = node.write(|conn| outbox::update(conn, &one, after(1), after(1)));
        let delete = node.write(|conn| outbox::delete(conn, &one.url, after(2)));
        let (only_bo, both) = (
            vec!["https://b.example/users/bo/inbox"],
            vec!["https://a.example/users/anna/inbox", "https://b.example/users/bo/inbox"],
        );
        for (activity, expected) in [(&create, only_bo), (&update, both.clone()), (&delete, both)] {
            assert_eq!(node.inboxes(activity), expected, "{}: {activity}", node.name);
        }
    }
}

#[test]
fn a_deletion_takes_along_what_was_not_sent_and_what_was_said() {
    for node in nodes() {
        node.follower(&person("anna", "a.example"), &node.region);
        let one = node.event("one");
        let create = node.publish(&one);
        let update = node.write(|conn| outbox::update(conn, &one, after(1), after(1)));
        let other = node.publish(&node.event("two"));
        let delete = node.write(|conn| outbox::delete(conn, &one.url, after(2)));
        let state = |id| node.recipients(id).into_iter().map(|(_, state)| state).collect::<Vec<_>>();
        assert_eq!(
            (state(&create), state(&update)),
            (vec!["superseded".into()], vec!["superseded".into()]),
            "{}",
            node.name
        );
        assert_eq!((state(&delete), state(&other)), (vec!["waiting".into()], vec!["waiting".into()]), "{}", node.name);
        for id in [&create, &update] {
            assert_eq!(node.activity(id), json!({}), "{}: no copy of the text is left", node.name);
            assert_eq!(node.read(|conn| outbox::find(conn, id).map_err(Error::from)), None, "{}", node.name);
        }
        let stone = &node.activity(&delete)["object"];
        assert_eq!((&stone["type"], &stone["formerType"]), (&json!("Tombstone"), &json!("Event")), "{}", node.name);
        assert_eq!(stone["id"], json!(one.url.as_str()), "{}", node.name);
    }
}

#[test]
fn a_profile_goes_to_its_followers_and_to_servers_that_follow_its_region() {
    for node in nodes() {
        let producer = node.producer("maija");
        node.follower(&person("fan", "f.example"), &producer);
        node.follower(&person("anna", "a.example"), &node.region);
        node.follower(&remote("kansallinen", "n.example", "Group", true), &node.region);
        node.follower(&remote("relay", "r.example", "Application", false), &node.region);
        let mut document =
            actor::frame(&node.origin, &producer, vocab::ActorType::Person, "maija", &super::PAIR.public_pem);
        document.name = Some("Maija Esimerkki".to_owned());
        let change = || node.write(|conn| actor::update(conn, &document, Some(&node.region), after(1)));
        let update = change().unwrap();
        let expected =
            ["https://f.example/users/fan/inbox", "https://n.example/inbox", "https://r.example/users/relay/inbox"];
        assert_eq!(node.inboxes(&update), expected, "{}: people who follow the region are spared", node.name);
        assert_eq!(change(), None, "{}: nothing new, nothing sent", node.name);
        let delete = node.write(|conn| actor::delete(conn, &producer, Some(&node.region), after(2)));
        assert_eq!(node.inboxes(&delete), expected, "{}", node.name);
        let row = node.read(|conn| actor::find(conn, &producer).map_err(Error::from)).unwrap();
        assert_eq!(
            (row.name.as_str(), row.document.as_str()),
            ("", "{}"),
            "{}: nothing of the person stays",
            node.name
        );
        assert!(node.read(|conn| actor::is_username_taken(conn, "maija").map_err(Error::from)), "{}", node.name);
        let signer = node
            .read(|conn| crate::key::Keyring::new(crate::metrics::Metrics::default().signing).signer(conn, &producer));
        assert!(signer.key_id.ends_with("#main-key"), "{}: the Delete can still be signed", node.name);
    }
}

#[test]
fn another_key_is_told_and_signs_from_then_on() {
    const OTHER: &str = include_str!("../../../../tests/harness/keys/other.pem");
    let other = crate::key::KeyPair::from_pem(OTHER).unwrap();
    for node in nodes() {
        let producer = node.producer("maija");
        node.follower(&person("fan", "f.example"), &producer);
        let keyring = crate::key::Keyring::new(crate::metrics::Metrics::default().signing);
        let signer = || node.read(|conn| keyring.signer(conn, &producer));
        let before = signer();
        for (number, pair) in [(2, &other), (3, &*super::PAIR)] {
            let told = node.write(|conn| actor::rekey(conn, &producer, pair, Some(&node.region), after(number)));
            assert_eq!(node.inboxes(&told), ["https://f.example/users/fan/inbox"], "{}", node.name);
            let key = &node.activity(&told)["object"]["publicKey"];
            let shown =
                json!({"id": format!("{producer}#key-{number}"), "owner": producer, "publicKeyPem": pair.public_pem});
            assert_eq!(*key, shown, "{}", node.name);
            let signer = signer();
            assert_eq!(signer.key_id, key["id"], "{}: another process may have changed it", node.name);
            let signature = signer.sign(b"message").unwrap();
            assert!(crate::signature::verify(&pair.public_pem, b"message", &signature), "{}", node.name);
        }
        assert!(before.key_id.ends_with("#main-key"), "{}", node.name);
        let mut document =
            actor::frame(&node.origin, &producer, vocab::ActorType::Person, "maija", &super::PAIR.public_pem);
        document.name = Some("Maija Esimerkki".to_owned());
        let update = node.write(|conn| actor::update(conn, &document, None, after(4))).unwrap();
        let key = &node.activity(&update)["object"]["publicKey"]["id"];
        assert_eq!(*key, format!("{producer}#key-3"), "{}: a change of the profile keeps the key", node.name);
        node.write(|conn| actor::delete(conn, &producer, None, after(5)));
        let refused = node.scratch.store.write_now(|conn| actor::rekey(conn, &producer, &other, None, after(6)));
        assert!(matches!(refused, Err(Error::Gone(_))), "{}: {refused:?}", node.name);
    }
}

#[test]
fn no_name_is_given_twice() {
    for node in nodes() {
        node.producer("maija");
        let again = node.origin.actor("other");
        let document = actor::frame(&node.origin, &again, vocab::ActorType::Person, "maija", &super::PAIR.public_pem);
        let refused =
            node.scratch.store.write_now(|conn| actor::establish(conn, "producer", &document, &super::PAIR, NOW));
        assert!(matches!(refused, Err(Error::Refused { .. })), "{}: {refused:?}", node.name);
    }
}

/// The pages of the outbox: the numbers and the documents.
fn walk(node: &Node) -> Vec<(i64, Value)> {
    let mut all: Vec<(i64, Value)> = Vec::new();
    loop {
        let before = all.last().map(|(number, _)| *number);
        let page = node.read(|conn| outbox::page(conn, &node.region, before, 3).map_err(Error::from));
        if page.is_empty() {
            return all;
        }
        all.extend(page);
    }
}

#[test]
fn the_outbox_shows_the_present_newest_first() {
    for node in nodes() {
        let events: Vec<_> = (0..7).map(|number| node.event(&number.to_string())).collect();
        for event in &events {
            node.publish(event);
        }
        let mut changed = events[3].clone();
        changed.document["name"] = json!("changed");
        node.write(|conn| outbox::update(conn, &changed, after(1), after(1)));
        node.write(|conn| outbox::delete(conn, &events[5].url, after(2)));
        let all = walk(&node);
        let names: Vec<&str> = all.iter().map(|(_, item)| item["object"]["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["6", "4", "changed", "2", "1", "0"], "{}: as it is now, without what is gone", node.name);
        assert!(all.iter().all(|(_, item)| item["type"] == "Create"), "{}", node.name);
        let count = node.read(|conn| outbox::count(conn, &node.region).map_err(Error::from));
        assert_eq!(count, 6, "{}", node.name);
    }
}

#[test]
fn a_change_and_its_deliveries_are_there_together_or_not_at_all() {
    for node in nodes() {
        node.follower(&person("anna", "a.example"), &node.region);
        let one = node.event("one");
        let failed: Result<(), Error> = node.scratch.store.write_now(|conn| {
            outbox::create(conn, &one, NOW)?;
            Err(Error::Unknown("on purpose".to_owned()))
        });
        assert!(failed.is_err());
        assert!(!node.read(|conn| queue::look(conn, NOW).map_err(Error::from)).anything, "{}", node.name);
        assert_eq!(node.read(|conn| outbox::count(conn, &node.region).map_err(Error::from)), 0, "{}", node.name);
        assert_eq!(node.inboxes(&node.publish(&one)).len(), 1, "{}", node.name);
    }
}

#[test]
fn thousands_of_followers_fit_into_one_transaction() {
    for node in nodes() {
        node.write(|conn| {
            for number in 0..2500 {
                let follower = person("x", &format!("h{number}.example"));
                actor::remember(conn, &follower)?;
                let received = json!({"id": format!("{}/f", follower.url), "type": "Follow"});
                follow::accept(conn, &node.origin, &follower.url, &node.region, &received, NOW)?;
            }
            Ok(())
        });
        let create = node.publish(&node.event("one"));
        assert_eq!(node.recipients(&create).len(), 2500, "{}", node.name);
    }
}
