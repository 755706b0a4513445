//! What holds for all slices together.

mod leaving;
mod logged;
mod mutated;
mod searching;

use crate::find::{Found, find};
use crate::testing::{Elsewhere, key, later, now, on_both, on_both_stores, receive};
use crate::{Caller, Error, SLICES, actions, event, kinds, organisation, task};
use diesel::prelude::*;
use federation::kind::Change;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;
use store::schema::{actors, imports, objects};
use vocab::SafeHtml;

pub(crate) fn event_called(name: &str) -> event::NewEvent {
    event::NewEvent {
        name: name.into(),
        blurb: String::new(),
        content: SafeHtml::default(),
        language: "fi".into(),
        starts: later(3600),
        ends: None,
        zone: "Europe/Helsinki".into(),
        status: event::Status::Scheduled,
        category: "MEETING".into(),
        place: None,
        online_url: Some("https://stream.example/".into()),
        participation_url: None,
        capacity: None,
        picture: None,
        tags: Vec::new(),
        organiser: None,
    }
}

fn organisation_called(name: &str) -> organisation::NewOrganisation {
    organisation::NewOrganisation {
        name: name.into(),
        kind: "company".into(),
        municipality: None,
        website: None,
        description: organisation::Description::default(),
        username: None,
    }
}

#[test]
fn the_table_of_slices() {
    let names: Vec<&str> = SLICES.iter().map(|slice| slice.name).collect();
    assert_eq!(
        names,
        [
            "audit",
            "region",
            "person",
            "skill",
            "producer",
            "organisation",
            "event",
            "task",
            "feedback",
            "desk",
            "received"
        ]
    );
    let kinds: Vec<&str> = kinds().iter().map(|kind| kind.name()).collect();
    assert_eq!(kinds, ["producer", "organisation", "event", "task"]);
    for slice in SLICES {
        assert!(slice.kind.is_none_or(|kind| kind.name() == slice.name));
    }
}

#[test]
fn a_thing_is_found_by_whatever_names_it() {
    on_both(|conn, node| {
        let club = event::add(conn, node, Caller::Coordinator, &event_called("Klubi"), now()).unwrap();
        let kulma =
            organisation::add(conn, node, Caller::Coordinator, &organisation_called("Kulma"), key(), now()).unwrap();
        diesel::insert_into(imports::table)
            .values((
                imports::source.eq("register/event"),
                imports::source_id.eq("pir-e-1"),
                imports::slice.eq("event"),
                imports::row_id.eq(club.as_str()),
                imports::content_hash.eq("x"),
                imports::imported_at.eq(now()),
            ))
            .execute(conn)
            .unwrap();
        let page = node.origin.url("/tapahtumat/klubi");
        let url = node.origin.object("events", club.as_str());
        for text in ["klubi", " klubi ", club.as_str(), url.as_str(), &page, "pir-e-1"] {
            assert_eq!(find(conn, node, text).unwrap(), Found::Event(club.clone()), "{text}");
        }
        for text in ["kulma", "@kulma", "@kulma@pirkanmaa.example", "https://pirkanmaa.example/@kulma"] {
            assert_eq!(find(conn, node, text).unwrap(), Found::Organisation(kulma.clone()), "{text}");
        }
        for text in ["nobody", "@kulma@elsewhere.example", "", "%"] {
            assert!(matches!(find(conn, node, text), Err(Error::NotFound)), "{text}");
        }
        let other = event::add(conn, node, Caller::Coordinator, &event_called("Kulma"), now()).unwrap();
        let Err(Error::Conflict(key)) = find(conn, node, "kulma") else { panic!("ambiguous") };
        let text = key.to_string();
        assert!(
            text.contains(other.as_str()) && text.contains(kulma.as_str()) && text.contains("event https://"),
            "{text}"
        );
    });
}

#[test]
fn verbs_mean_something_or_say_that_they_do_not() {
    on_both(|conn, node| {
        let coordinator = Caller::Coordinator;
        let club = Found::Event(event::add(conn, node, coordinator, &event_called("Klubi"), now()).unwrap());
        let company = organisation::add(conn, node, coordinator, &organisation_called("Kulma"), key(), now()).unwrap();
        let company = Found::Organisation(company);
        assert!(!actions::needs_key(conn, &club).unwrap());
        let published = actions::publish(conn, node, coordinator, &club, None, now()).unwrap();
        assert!(published.as_str().ends_with("/activity"), "{published}");
        actions::cancel(conn, node, coordinator, &club, later(1)).unwrap();
        for refused in [
            actions::close(conn, node, coordinator, &club, task::Closing::Filled, later(2)),
            actions::cancel(conn, node, coordinator, &company, later(2)),
        ] {
            assert!(matches!(&refused, Err(Error::Refused(key)) if key.id() == "not-this-verb"), "{refused:?}");
        }
        assert!(actions::delete(conn, node, coordinator, &club, later(3)).unwrap().is_some());
        assert!(actions::delete(conn, node, coordinator, &company, later(3)).unwrap().is_some());
        assert!(matches!(actions::delete(conn, node, coordinator, &club, later(4)), Err(Error::NotFound)));
    });
}

#[test]
fn what_belongs_to_another_node_is_not_changed_here() {
    on_both_stores(|store, node| {
        store
            .write_now(|conn| {
                let elsewhere = Elsewhere::known_to(conn, node, true);
                let document = json!({
                    "type": "Event", "id": "https://keskisuomi.example/ap/events/1", "name": "Kahvit",
                    "attributedTo": elsewhere.actor.as_str(), "startTime": "2026-12-11T18:00:00Z",
                    "to": ["https://www.w3.org/ns/activitystreams#Public"]
                });
                let received = elsewhere.sends(&document, Change::Created, now());
                receive(store, node, conn, event::KIND, received).unwrap();
                let found = find(conn, node, "https://keskisuomi.example/ap/events/1");
                let Err(Error::Refused(key)) = found else { panic!("{found:?}") };
                assert_eq!(key.to_string(), "it belongs to keskisuomi.example; only that node changes it");
                Ok::<_, store::Error>(())
            })
            .unwrap();
    });
}

/// Every document in the form in which some program sends it, with where it is from.
fn fixtures() -> Vec<(String, Value)> {
    fn collect(folder: &Path, found: &mut Vec<(String, Value)>) {
        for entry in std::fs::read_dir(folder).expect("a folder of fixtures").flatten() {
            let path = entry.path();
            if path.is_dir() {
                collect(&path, found);
            } else if path.extension().is_some_and(|kind| kind == "json") {
                let text = std::fs::read_to_string(&path).expect("a fixture");
                found.push((path.display().to_string(), serde_json::from_str(&text).expect("JSON")));
            }
        }
    }
    let mut found = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../vocab/fixtures"), &mut found);
    found
}

#[test]
fn no_document_of_any_program_is_claimed_twice() {
    let all = fixtures();
    assert!(all.len() > 10, "{} fixtures", all.len());
    let mut claimed = BTreeSet::new();
    for (name, document) in all {
        // What an activity carries is claimed, not the activity.
        let object = document.get("object").filter(|object| object.is_object()).unwrap_or(&document).clone();
        for document in [document, object] {
            let by: Vec<&str> = kinds().iter().filter(|kind| kind.claims(&document)).map(|kind| kind.name()).collect();
            assert!(by.len() <= 1, "{name} is claimed by {by:?}");
            claimed.extend(by);
        }
    }
    assert!(claimed.contains("event"), "{claimed:?}");
}

#[test]
fn what_this_node_sends_is_claimed_by_its_own_kind_alone() {
    on_both(|conn, node| {
        let club = event::add(conn, node, Caller::Coordinator, &event_called("Klubi"), now()).unwrap();
        event::publish(conn, node, Caller::Coordinator, &club, now()).unwrap();
        organisation::add(conn, node, Caller::Coordinator, &organisation_called("Kulma"), key(), now()).unwrap();
        let objects = objects::table
            .filter(objects::document.is_not_null())
            .select((objects::kind, objects::document.assume_not_null()));
        let mut sent: Vec<(String, String)> = objects.load(conn).unwrap();
        sent.extend(actors::table.select((actors::slice, actors::document)).load::<(String, String)>(conn).unwrap());
        assert_eq!(sent.len(), 4);
        for (name, document) in sent {
            let document = serde_json::from_str(&document).unwrap();
            let by: Vec<&str> = kinds().iter().filter(|kind| kind.claims(&document)).map(|kind| kind.name()).collect();
            match name.as_str() {
                "region" | "relay" => assert_eq!(by, Vec::<&str>::new(), "{name}"),
                _ => assert_eq!(by, [name.as_str()]),
            }
        }
    });
}
