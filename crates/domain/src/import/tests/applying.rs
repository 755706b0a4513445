//! What goes into the database, and what goes out because of it. On both databases.

use super::{example, reading};
use crate::event::{self, Status};
use crate::import::{Applied, Format, Row, Skip, apply_row, foresee, needs_key, refusals};
use crate::region::{self, RegionCode};
use crate::task::{self, Closing, State};
use crate::testing::{everything_sent, follower, key, later, node, on_both_stores, verbs, waiting};
use crate::view::Filter;
use crate::{Caller, Error, organisation};
use diesel::prelude::*;
use serde_json::{Value, json};
use store::id::{EventId, OrganisationId, TaskId};
use store::schema::{activities, imports};
use store::{Store, Timestamp};

/// Imports a text as the command line does. First it is foreseen, which says the same and writes nothing.
pub(super) fn import_at(store: &Store, format: Format, text: &str, now: Timestamp) -> Vec<String> {
    reading(format, text).rows.iter().map(|row| told(row, put_in(store, row, now))).collect()
}

pub(super) fn import(store: &Store, format: Format, text: &str) -> Vec<String> {
    import_at(store, format, text, later(60))
}

pub(super) fn put_in(store: &Store, row: &Row, now: Timestamp) -> Result<Applied, Error> {
    let node = node();
    let before = store.read_now(|conn| Ok::<_, Error>(everything_sent(conn))).unwrap();
    // The connections for reading refuse to write.
    let foreseen = store.read_now(|conn| foresee(conn, &node, row, now));
    let after = store.read_now(|conn| Ok::<_, Error>(everything_sent(conn))).unwrap();
    assert_eq!(before, after, "foreseeing sends nothing");
    let pair = store.read_now(|conn| needs_key(conn, row)).unwrap().then(key);
    let applied = store.write_now(|conn| apply_row(conn, &node, Caller::Coordinator, row, pair, now));
    match (&foreseen, &applied) {
        (Ok(foreseen), Ok(applied)) => assert_eq!(foreseen, applied),
        (Err(foreseen), Err(applied)) => assert_eq!(foreseen.to_string(), applied.to_string()),
        other => panic!("{other:?}"),
    }
    applied
}

fn told(row: &Row, applied: Result<Applied, Error>) -> String {
    match applied {
        Ok(Applied::Added) => "added".to_owned(),
        Ok(Applied::Changed) => "changed".to_owned(),
        Ok(Applied::Unchanged) => "unchanged".to_owned(),
        Ok(Applied::Skipped(skip)) => skip.to_string(),
        Err(error) => refusals(row, &error).iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"),
    }
}

/// What a row has become.
pub(super) fn row_id(store: &Store, source: &str, id: &str) -> String {
    let found = |conn: &mut store::Conn| {
        Ok::<String, Error>(imports::table.find((source, id)).select(imports::row_id).first(conn)?)
    };
    store.read_now(found).expect("an imported row")
}

pub(super) fn sent(store: &Store) -> Vec<String> {
    store.read_now(|conn| Ok::<_, Error>(verbs(conn))).unwrap()
}

pub(super) fn everything(store: &Store) -> String {
    store.read_now(|conn| Ok::<_, Error>(everything_sent(conn))).unwrap()
}

pub(super) fn events(list: &[Value]) -> String {
    json!({"format": "solmu-bundle/1", "region": "06", "events": list}).to_string()
}

pub(super) fn evening(fields: Value) -> Value {
    let mut event =
        json!({"id": "e-1", "name": "Ilta", "starts": "2027-01-05T18:00", "online_url": "https://a.example/"});
    for (field, value) in fields.as_object().expect("fields") {
        event[field] = value.clone();
    }
    event
}

#[test]
fn importing_the_examples_twice_changes_nothing() {
    on_both_stores(|store, _| {
        store
            .write_now(|conn| {
                let region = region::presenter(conn)?;
                follower(conn, "Application", "peer.example", &region);
                Ok::<_, Error>(())
            })
            .unwrap();
        for (file, format) in super::FILES {
            let told = import(store, format, &example(&format!("pirkanmaa/{file}")));
            assert!(!told.is_empty() && told.iter().all(|told| told == "added"), "{file}: {told:?}");
        }
        let state = |conn: &mut store::Conn| {
            let documents: Vec<(i64, String)> =
                activities::table.order(activities::id).select((activities::id, activities::document)).load(conn)?;
            let rows: Vec<(String, String, Timestamp)> = imports::table
                .order((imports::source, imports::source_id))
                .select((imports::row_id, imports::content_hash, imports::imported_at))
                .load(conn)?;
            Ok::<_, Error>((documents, rows, waiting(conn)))
        };
        let before = store.read_now(state).unwrap();
        assert!(before.2 > 0, "the follower is told");
        for (file, format) in super::FILES {
            let told = import_at(store, format, &example(&format!("pirkanmaa/{file}")), later(3600));
            assert!(told.iter().all(|told| told == "unchanged"), "{file}: {told:?}");
        }
        assert!(store.read_now(state).unwrap() == before, "a second import writes and sends nothing");
        let everything = everything(store);
        for secret in
            ["koivunkannon sormenpää", "varpusparven kellotapuli", "Tapio Julkaisematon", "julkaisematon.example"]
        {
            assert!(!everything.contains(secret), "{secret}");
        }
        assert!(!everything.contains("Luonnos: kesäfestivaalin"), "a draft stays inside");
    });
}

#[test]
fn an_organisation_is_named_by_what_it_organises() {
    on_both_stores(|store, node| {
        let bundle = |name: &str| {
            json!({"format": "solmu-bundle/1", "region": "06",
                "organisations": [{"id": "o-1", "name": name, "kind": "association", "username": "seura"}],
                "events": [evening(json!({"organiser": "o-1"}))],
                "tasks": [{"id": "t-1", "title": "Tuottaja", "description": "Kuvaus.", "client": "o-1", "kind": "gig",
                    "engagement": ["salary"], "pay_min": "20", "pay_unit": "hour", "deadline": "2027-01-31", "municipality": "Tampere"}]})
            .to_string()
        };
        assert_eq!(import(store, Format::Bundle, &bundle("Seura ry")), ["added", "added", "added"]);
        let shown = |conn: &mut store::Conn| {
            let event = event::list(conn, &Filter::default(), later(60))?.items.remove(0);
            let task = task::list(conn, &Filter::default(), later(60))?.items.remove(0);
            Ok::<_, Error>((event.organiser, event.organiser_id, task.client, task.client_page))
        };
        let id = row_id(store, "register/organisation", "o-1");
        let url = node.origin.actor(&id).to_string();
        let (organiser, organiser_id, client, page) = store.read_now(shown).unwrap();
        assert_eq!((organiser.as_deref(), organiser_id), (Some("Seura ry"), Some(url)));
        assert_eq!((client.as_deref(), page), (Some("Seura ry"), Some(node.origin.profile("seura"))));

        // Its new name goes along.
        assert_eq!(import(store, Format::Bundle, &bundle("Uusi seura ry")), ["changed", "changed", "changed"]);
        let (organiser, _, client, _) = store.read_now(shown).unwrap();
        assert_eq!((organiser.as_deref(), client.as_deref()), (Some("Uusi seura ry"), Some("Uusi seura ry")));

        // What named an organisation that is gone keeps the name, but nothing new may name it.
        let gone = OrganisationId::from_text(id);
        store.write_now(|conn| organisation::delete(conn, node, Caller::Coordinator, &gone, later(120))).unwrap();
        let deleted = Skip::Deleted.to_string();
        assert_eq!(
            import(store, Format::Bundle, &bundle("Uusi seura ry")),
            [deleted.as_str(), "unchanged", "unchanged"]
        );
        let new = events(&[
            json!({"id": "e-2", "name": "Toinen", "starts": "2027-01-05T18:00", "online_url": "https://a.example/", "organiser": "o-1"}),
        ]);
        assert_eq!(
            import(store, Format::Bundle, &new),
            ["events item 1 (e-2): organiser: \"o-1\" is not a known organisation"]
        );
        let (organiser, ..) = store.read_now(shown).unwrap();
        assert_eq!(organiser.as_deref(), Some("Uusi seura ry"));
    });
}

#[test]
fn a_changed_event_is_an_update_and_a_deleted_one_stays_deleted() {
    on_both_stores(|store, node| {
        let usual = events(&[evening(json!({}))]);
        assert_eq!(import(store, Format::Bundle, &usual), ["added"]);
        assert_eq!(
            import_at(store, Format::Bundle, &events(&[evening(json!({"name": "Uusi ilta"}))]), later(120)),
            ["changed"]
        );
        assert_eq!(sent(store), ["Create", "Announce", "Update"]);
        assert!(everything(store).contains("Uusi ilta"));

        // Called off here, it stays so whatever else the file changes; called off and on again by the file, it takes place.
        let id = EventId::from_text(row_id(store, "register/event", "e-1"));
        let status = || {
            let row = store.read_now(|conn| Ok::<_, Error>(event::find_local(conn, &id)?)).unwrap();
            row.map(|row| row.status())
        };
        store.write_now(|conn| event::cancel(conn, node, Caller::Coordinator, &id, later(180))).unwrap();
        assert_eq!(
            import_at(store, Format::Bundle, &events(&[evening(json!({"blurb": "Lyhyt."}))]), later(240)),
            ["changed"]
        );
        assert_eq!(status(), Some(Status::Cancelled));
        assert_eq!(
            import_at(store, Format::Bundle, &events(&[evening(json!({"status": "cancelled"}))]), later(300)),
            ["changed"]
        );
        assert_eq!(import_at(store, Format::Bundle, &usual, later(360)), ["changed"]);
        assert_eq!(status(), Some(Status::Scheduled));

        store.write_now(|conn| event::delete(conn, Caller::Coordinator, &id, later(420))).unwrap();
        let before = sent(store).len();
        for text in [&usual, &events(&[evening(json!({"name": "Kolmas"}))])] {
            assert_eq!(import_at(store, Format::Bundle, text, later(480)), [Skip::Deleted.to_string()]);
        }
        assert_eq!((sent(store).len(), status()), (before, None));
    });
}

#[test]
fn events_that_go_where_they_come_from_go_here() {
    on_both_stores(|store, _| {
        let page = |deleted: bool| {
            json!({"data": [{"id": "a:1", "deleted": deleted, "name": {"fi": "Ilta"}, "start_time": "2027-01-05T16:00:00Z",
                "location": {"name": {"fi": "Talo"}}}]})
            .to_string()
        };
        let format = Format::LinkedEvents;
        assert_eq!(import(store, format, &page(true)), [Skip::NeverHere.to_string()]);
        assert_eq!(import(store, format, &page(false)), ["added"]);
        assert_eq!(import_at(store, format, &page(true), later(120)), ["changed"]);
        assert_eq!(sent(store), ["Create", "Announce", "Undo", "Delete"]);
        for deleted in [true, false] {
            assert_eq!(import_at(store, format, &page(deleted), later(180)), [Skip::Deleted.to_string()]);
        }
    });
}

#[test]
fn an_older_version_of_a_calendars_entry_is_skipped() {
    on_both_stores(|store, _| {
        let calendar = |name: &str, sequence: &str| {
            format!(
                "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1@a\nSUMMARY:{name}\nDTSTART:20270105T180000\nLOCATION:Talo\n{sequence}\nEND:VEVENT\nEND:VCALENDAR"
            )
        };
        for (name, sequence, expected) in [
            ("Ilta", "SEQUENCE:2", "added"),
            ("Vanha ilta", "SEQUENCE:1", "is older than what was imported already"),
            ("Vanha ilta", "X-NONE:1", "is older than what was imported already"),
            ("Ilta", "SEQUENCE:3", "unchanged"),
            ("Uusi ilta", "SEQUENCE:2", "changed"),
            ("Uusin ilta", "SEQUENCE:4", "changed"),
        ] {
            assert_eq!(import(store, Format::Ics, &calendar(name, sequence)), [expected], "{name} {sequence}");
        }
    });
}

const TASKS: &str = "id;title;description;client;kind;engagement;pay_min;pay_unit;deadline;municipality;state\n";

fn task_row(title: &str, deadline: &str, state: &str) -> String {
    format!("{TASKS}t-1;{title};Kuvaus.;Seura ry;gig;salary;20;hour;{deadline};Tampere;{state}\n")
}

#[test]
fn a_task_goes_from_draft_to_open_and_not_back() {
    on_both_stores(|store, node| {
        let import = |title: &str, deadline: &str, state: &str| {
            import(store, Format::TasksCsv, &task_row(title, deadline, state)).remove(0)
        };
        let passed = "line 2 (t-1): deadline: the deadline has passed";
        assert_eq!(import("Tuottaja", "2026-11-20", "open"), passed);
        assert_eq!(import("Tuottaja", "2026-11-20", "draft"), "added", "a draft may have any deadline");
        assert_eq!(sent(store), [""; 0]);
        assert_eq!(import("Tuottaja", "2026-11-21", "open"), passed);
        assert_eq!(import("Tuottaja", "2027-01-31", "open"), "changed");
        assert_eq!(import("Uusi tuottaja", "2027-01-31", "open"), "changed");
        assert_eq!(sent(store), ["Create", "Update"]);
        assert_eq!(import("Uusi tuottaja", "2027-01-31", "draft"), Skip::Published.to_string());
        assert_eq!(import("Uusi tuottaja", "2026-11-20", "open"), "changed", "of an open one the deadline may pass");

        let id = TaskId::from_text(row_id(store, "register/task", "t-1"));
        store.write_now(|conn| task::close(conn, node, Caller::Coordinator, &id, Closing::Filled, later(600))).unwrap();
        let before = sent(store).len();
        assert_eq!(import("Uusi tuottaja", "2026-11-20", "open"), "unchanged");
        assert_eq!(import("Taas tuottaja", "2027-01-31", "open"), Skip::Over.to_string());
        let row = store.read_now(|conn| Ok::<_, Error>(task::find_local(conn, &id)?)).unwrap();
        assert_eq!((row.map(|row| row.state()), sent(store).len()), (Some(State::Filled), before));
    });
}

#[test]
fn one_id_may_name_a_thing_of_each_kind_and_formats_share_it() {
    on_both_stores(|store, node| {
        assert_eq!(node.region, RegionCode::parse("06").unwrap());
        let csv = task_row("Tuottaja", "2027-01-31", "open").replace("t-1", "yksi");
        assert_eq!(import(store, Format::TasksCsv, &csv), ["added"]);
        let bundle = json!({"format": "solmu-bundle/1", "region": "06",
            "events": [evening(json!({"id": "yksi"}))],
            "tasks": [{"id": "yksi", "title": "Tuottaja", "description": "Kuvaus.", "client": "Seura ry", "kind": "gig",
                "engagement": ["salary"], "pay_min": "20.00", "pay_unit": "hour", "deadline": "2027-01-31", "municipality": "Tampere"}]});
        assert_eq!(import(store, Format::Bundle, &bundle.to_string()), ["added", "unchanged"]);
    });
}
