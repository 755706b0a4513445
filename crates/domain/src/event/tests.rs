use super::incoming;
use super::*;
use crate::testing::{Elsewhere, at, later, now, on_both, on_both_stores, receive, sent, verbs, waiting};
use crate::view::{Filter, Page};
use crate::{Caller, Error, RegionCode};
use federation::kind::{Change, Outcome, Reason};
use federation::object;
use serde_json::{Value, json};
use store::Conn;
use store::id::{EventId, ObjectUrl};
use vocab::SafeHtml;

pub(super) fn club() -> NewEvent {
    NewEvent {
        name: "Talvifestarit 2026".into(),
        blurb: "Kolme esitystä ja pikkujoulut.".into(),
        content: SafeHtml::clean("<p>…koko kuvaus…</p>"),
        language: "fi".into(),
        starts: at("2026-12-11T16:00:00Z"),
        ends: Some(at("2026-12-11T20:00:00Z")),
        zone: "Europe/Helsinki".into(),
        status: Status::Scheduled,
        category: "PERFORMING_VISUAL_ARTS".into(),
        place: Some(PlaceView {
            name: "Pääkirjasto Metso".into(),
            street: Some("Pirkankatu 2".into()),
            postal_code: Some("33210".into()),
            locality: Some("Tampere".into()),
            latitude: Some(61.4981),
            longitude: Some(23.7502),
        }),
        online_url: None,
        participation_url: Some("https://ilmo.example/talvi".into()),
        capacity: Some(120),
        picture: Some(Picture { url: "/static/pictures/talvi.jpg".into(), alt: "Juliste: lumihiutale".into() }),
        tags: vec!["Tampere".into(), "uusi musiikki".into()],
        organiser: Some(Organiser {
            name: "TAMK & co".into(),
            id: Some("https://pirkanmaa.example/ap/actors/9".into()),
        }),
    }
}

fn online() -> NewEvent {
    NewEvent {
        name: "Produktion på nätet".into(),
        blurb: String::new(),
        content: SafeHtml::default(),
        language: "sv".into(),
        ends: None,
        place: None,
        online_url: Some("https://stream.example/rum".into()),
        participation_url: None,
        capacity: None,
        picture: None,
        tags: Vec::new(),
        organiser: None,
        category: "LEARNING".into(),
        ..club()
    }
}

fn added(conn: &mut Conn, node: &crate::Node, new: &NewEvent) -> EventId {
    add(conn, node, Caller::Coordinator, new, now()).expect("an event")
}

pub(super) fn published(conn: &mut Conn, node: &crate::Node, new: &NewEvent) -> EventId {
    let id = added(conn, node, new);
    publish(conn, node, Caller::Coordinator, &id, now()).expect("published");
    id
}

/// The document as it is served, with its uuids and the actor's id made steady.
fn steady(conn: &mut Conn, node: &crate::Node, id: &EventId) -> Value {
    let url = node.origin.object("events", id.as_str());
    let document = object::find(conn, &url).unwrap().unwrap().document.unwrap();
    let region = crate::region::presenter(conn).unwrap();
    let text =
        document.replace(id.as_str(), "UUID").replace(region.as_str(), "https://pirkanmaa.example/ap/actors/REGION");
    serde_json::from_str(&text).unwrap()
}

#[test]
fn what_followers_get() {
    on_both(|conn, node| {
        let id = published(conn, node, &club());
        insta::assert_json_snapshot!("event_scheduled", steady(conn, node, &id));
        cancel(conn, node, Caller::Coordinator, &id, later(3600)).unwrap();
        insta::assert_json_snapshot!("event_cancelled", steady(conn, node, &id));
        let id = published(conn, node, &online());
        insta::assert_json_snapshot!("event_online", steady(conn, node, &id));
        let both = NewEvent { online_url: Some("https://stream.example/a".into()), ends: None, ..club() };
        let id = published(conn, node, &both);
        insta::assert_json_snapshot!("event_hybrid_open_end", steady(conn, node, &id));
        for (new, marked) in [
            (club(), "SIIRRETTY: Talvifestarit 2026"),
            (online(), "UPPSKJUTET: Produktion på nätet"),
            (NewEvent { language: "en".into(), ..club() }, "POSTPONED: Talvifestarit 2026"),
        ] {
            let id = published(conn, node, &new);
            postpone(conn, node, Caller::Coordinator, &id, later(3600)).unwrap();
            let document = steady(conn, node, &id);
            assert_eq!((&document["name"], &document["eventStatus"]), (&json!(marked), &json!("EventPostponed")));
            let (mark, _) = marked.split_once(' ').unwrap();
            assert!(document["summary"].as_str().unwrap().starts_with(mark), "{document}");
            assert!(document["content"].as_str().unwrap().starts_with(&format!("<p>{mark} ")), "{document}");
        }
    });
}

/// Gancio fails on an address without street and town, Mobilizon on an end before the beginning.
#[test]
fn what_is_not_told_is_told_as_well_as_can_be() {
    on_both(|conn, node| {
        let somewhere = PlaceView { name: "Metsä".into(), street: None, locality: None, ..club().place.unwrap() };
        let moment = NewEvent { place: Some(somewhere), ends: Some(club().starts), ..club() };
        let id = published(conn, node, &moment);
        let document = steady(conn, node, &id);
        assert_eq!(document["location"]["address"]["addressLocality"], "Pirkanmaa");
        assert_eq!(document["summary"], "pe 11.12.2026 klo 18 · Metsä · Kolme esitystä ja pikkujoulut.");
        assert_eq!(
            (&document["endTime"], &document["displayEndTime"]),
            (&json!("2026-12-11T20:00:00+02:00"), &json!(false))
        );
    });
}

#[test]
fn the_life_of_an_event() {
    on_both(|conn, node| {
        let region = crate::region::presenter(conn).unwrap();
        crate::testing::follower(conn, "Person", "mastodon.example", &region);
        let coordinator = Caller::Coordinator;
        let id = added(conn, node, &club());
        assert_eq!((verbs(conn).len(), waiting(conn)), (0, 0));
        assert!(by_slug(conn, node.origin.host(), "talvifestarit-2026").unwrap().is_none());
        assert!(
            matches!(cancel(conn, node, coordinator, &id, now()), Err(Error::Refused(key)) if key.id() == "not-published")
        );

        publish(conn, node, coordinator, &id, now()).unwrap();
        assert!(matches!(publish(conn, node, coordinator, &id, now()), Err(Error::Refused(_))));
        assert_eq!(edit(conn, node, coordinator, &id, &club(), later(5)).unwrap(), None, "nothing changed");
        let new = NewEvent { name: "Talvifestarit".into(), ..club() };
        assert!(edit(conn, node, coordinator, &id, &new, later(5)).unwrap().is_some());
        assert!(edit(conn, node, coordinator, &id, &club(), later(5)).unwrap().is_some(), "twice in one second");
        cancel(conn, node, coordinator, &id, later(9)).unwrap();
        let view = by_slug(conn, node.origin.host(), "talvifestarit-2026").unwrap().unwrap();
        assert_eq!((view.status, view.name.as_str()), (Status::Cancelled, "Talvifestarit 2026"));
        assert_eq!(view.source.handle.as_deref(), Some("@pirkanmaa@pirkanmaa.example"));
        assert_eq!(verbs(conn), ["Create", "Announce", "Update", "Update", "Update", "Create"]);
        assert_eq!(waiting(conn), 3, "the Create, the newest version, and the text under it");

        delete(conn, coordinator, &id, later(10)).unwrap();
        assert_eq!(verbs(conn).last().map(String::as_str), Some("Delete"));
        let stone = object::find(conn, &node.origin.object("events", id.as_str())).unwrap().unwrap();
        assert!(stone.is_deleted() && stone.document.is_none());
        assert!(matches!(edit(conn, node, coordinator, &id, &club(), later(11)), Err(Error::NotFound)));
        assert!(!crate::testing::everything_sent(conn).contains("Talvifestarit"));
    });
}

#[test]
fn a_draft_goes_without_a_word_and_only_the_coordinator_may() {
    on_both(|conn, node| {
        assert!(matches!(add(conn, node, Caller::Anyone, &club(), now()), Err(Error::Forbidden(_))));
        let id = added(conn, node, &club());
        assert!(matches!(publish(conn, node, Caller::Anyone, &id, now()), Err(Error::Forbidden(_))));
        assert_eq!(delete(conn, Caller::Coordinator, &id, now()).unwrap(), None);
        assert_eq!(sent(conn), []);
    });
}

#[test]
fn the_same_name_gets_another_address() {
    on_both(|conn, node| {
        for slug in ["talvifestarit-2026", "talvifestarit-2026-2", "talvifestarit-2026-3"] {
            published(conn, node, &club());
            assert!(by_slug(conn, node.origin.host(), slug).unwrap().is_some(), "{slug}");
        }
    });
}

#[test]
fn lists_are_ordered_narrowed_and_counted() {
    on_both(|conn, node| {
        for (name, starts, ends) in [
            ("Ohi", "2026-11-20T16:00:00Z", Some("2026-11-20T18:00:00Z")),
            ("Käynnissä", "2026-11-24T09:00:00Z", Some("2026-11-24T12:00:00Z")),
            ("Alkanut, loppu avoin", "2026-11-24T08:30:00Z", None),
            ("Kesäjuhla", "2027-07-01T15:00:00Z", None),
            ("Joulu", "2026-12-20T15:00:00Z", Some("2026-12-20T16:00:00Z")),
        ] {
            let new = NewEvent { name: name.into(), starts: at(starts), ends: ends.map(at), ..club() };
            published(conn, node, &new);
        }
        let mut names = |filter: &Filter| -> Vec<String> {
            let all = list(conn, filter, now()).unwrap();
            assert_eq!(count(conn, filter, now()).unwrap(), all.total);
            all.items.into_iter().map(|event| event.name).collect()
        };
        assert_eq!(names(&Filter::default()), ["Alkanut, loppu avoin", "Käynnissä", "Joulu", "Kesäjuhla"]);
        let past = Filter { past: true, ..Filter::default() };
        assert_eq!(names(&past), ["Kesäjuhla", "Joulu", "Käynnissä", "Alkanut, loppu avoin", "Ohi"]);
        let words = Filter { text: Some("KESÄ metso".into()), ..Filter::default() };
        assert_eq!(names(&words), ["Kesäjuhla"]);
        let span = Filter {
            from: Some(at("2026-12-01T00:00:00Z")),
            until: Some(at("2027-01-01T00:00:00Z")),
            ..Filter::default()
        };
        assert_eq!(names(&span), ["Joulu"]);
        assert_eq!(names(&Filter { region: RegionCode::parse("13"), ..Filter::default() }), Vec::<String>::new());
        let page = Filter { page: Page { offset: 1, limit: 2 }, ..Filter::default() };
        let second = list(conn, &page, now()).unwrap();
        assert_eq!((second.items.len(), second.total, second.items[0].name.as_str()), (2, 4, "Käynnissä"));
        assert_eq!(upcoming_ids(conn, now(), Page::default()).unwrap().total, 4);
    });
}

#[test]
fn what_another_node_sends_is_read_back_as_it_was() {
    on_both(|conn, node| {
        for new in
            [club(), online(), NewEvent { status: Status::Cancelled, ..club() }, NewEvent { ends: None, ..club() }]
        {
            let id = published(conn, node, &new);
            let url = node.origin.object("events", id.as_str());
            let document = object::find(conn, &url).unwrap().unwrap().parsed().unwrap();
            let ours = by_url(conn, url.as_str()).unwrap().unwrap();
            let region = crate::region::actors::region(conn).unwrap().unwrap();
            let received = federation::kind::Received {
                change: Change::Created,
                url,
                author: region.url.clone(),
                author_document: region.parsed(),
                document,
                now: later(60),
            };
            let event = vocab::Event::parse(&received.document).unwrap();
            let row = incoming::row(&event, &received, node.region);
            let read = queries::view(row, ours.source.handle.clone());
            let mut expected = ours.clone();
            expected.source.local = false;
            expected.source.received = Some(later(60));
            expected.published = ours.published.whole_seconds();
            expected.updated = ours.updated.whole_seconds();
            expected.tags =
                ours.tags.iter().map(|tag| if tag == "uusi musiikki" { "uusiMusiikki" } else { tag }.into()).collect();
            if ours.content.is_empty() {
                expected.content = SafeHtml::clean("<p>Produktion på nätet</p>");
            }
            assert_eq!(read, expected);
        }
    });
}

fn foreign(elsewhere: &Elsewhere, changes: Value) -> Value {
    let mut document = json!({
        "type": "Event", "id": "https://keskisuomi.example/ap/events/1", "url": "https://keskisuomi.example/tapahtumat/kahvit",
        "attributedTo": elsewhere.actor.as_str(), "to": ["https://www.w3.org/ns/activitystreams#Public"], "cc": [],
        "name": "Kahvit", "startTime": "2026-12-11T18:00:00+02:00", "timezone": "Europe/Helsinki", "content": "<p>Tule</p>",
        "published": "2026-11-20T10:00:00Z"
    });
    for (key, value) in changes.as_object().unwrap() {
        document[key] = value.clone();
    }
    document
}

#[test]
fn events_of_followed_regions_are_taken_in() {
    on_both_stores(|store, node| {
        store
            .write_now(|conn| {
                let elsewhere = Elsewhere::known_to(conn, node, true);
                let mut take = |changes: Value, change| {
                    let received = elsewhere.sends(&foreign(&elsewhere, changes), change, later(60));
                    receive(store, node, conn, KIND, received).unwrap()
                };
                assert_eq!(take(json!({}), Change::Created), Outcome::Applied);
                assert_eq!(take(json!({}), Change::Created), Outcome::Duplicate);
                let newer = json!({"updated": "2026-11-21T10:00:00Z", "name": "PERUTTU: Kahvit", "eventStatus": "EventCancelled"});
                assert_eq!(take(newer.clone(), Change::Updated), Outcome::Applied);
                assert_eq!(take(json!({}), Change::Updated), Outcome::Ignored(Reason::Outdated));
                let other = json!({"attributedTo": "https://keskisuomi.example/ap/actors/x"});
                assert_eq!(take(other, Change::Updated), Outcome::Ignored(Reason::NotTheOwner));
                assert_eq!(take(json!({"to": [], "id": "https://keskisuomi.example/ap/events/2"}), Change::Created), Outcome::Ignored(Reason::Unusable));
                assert_eq!(take(json!({"name": null}), Change::Updated), Outcome::Ignored(Reason::Unusable));

                let view = by_slug(conn, "keskisuomi.example", "kahvit").unwrap().unwrap();
                assert_eq!((view.name.as_str(), view.status), ("Kahvit", Status::Cancelled));
                assert_eq!((view.source.region.code(), view.source.local), ("13", false));
                let counts = [false, true].map(|own| count(conn, &Filter { own, past: true, ..Filter::default() }, now()).unwrap());
                assert_eq!(counts, [1, 0], "all, and our own");
                assert_eq!(crate::region::followed(conn, node).unwrap()[0].counts.events, 1);

                let url = ObjectUrl::from_text("https://keskisuomi.example/ap/events/1");
                KIND.forget(conn, &url).unwrap();
                object::bury(conn, &url, &elsewhere.actor, later(70)).unwrap();
                let late = elsewhere.sends(&foreign(&elsewhere, newer), Change::Created, later(80));
                assert_eq!(receive(store, node, conn, KIND, late).unwrap(), Outcome::Ignored(Reason::Deleted));
                assert!(by_slug(conn, "keskisuomi.example", "kahvit").unwrap().is_none());
                Ok::<_, store::Error>(())
            })
            .unwrap();
    });
}

#[test]
fn events_of_strangers_are_not() {
    on_both_stores(|store, node| {
        store
            .write_now(|conn| {
                let elsewhere = Elsewhere::known_to(conn, node, false);
                let received = elsewhere.sends(&foreign(&elsewhere, json!({})), Change::Created, now());
                let outcome = receive(store, node, conn, KIND, received).unwrap();
                assert_eq!(outcome, Outcome::Ignored(Reason::NotFollowed));
                assert_eq!(count(conn, &Filter::default(), now()).unwrap(), 0);
                Ok::<_, store::Error>(())
            })
            .unwrap();
    });
}

/// O35: what its owner takes back from the public is not shown on; an older version does not do that.
#[test]
fn o35_an_event_that_is_no_longer_public_goes() {
    on_both_stores(|store, node| {
        store
            .write_now(|conn| {
                let elsewhere = Elsewhere::known_to(conn, node, true);
                let mut take = |changes: Value, change| {
                    let received = elsewhere.sends(&foreign(&elsewhere, changes), change, later(60));
                    let outcome = receive(store, node, conn, KIND, received).unwrap();
                    (outcome, count(conn, &Filter::default(), now()).unwrap())
                };
                let at =
                    |hour: u8, to: Value| json!({"updated": format!("2026-11-21T{hour}:00:00Z"), "to": to, "cc": []});
                let followers = json!(["https://keskisuomi.example/ap/actors/x/followers"]);
                let public = json!(["as:Public"]);
                for (changes, expected) in [
                    (at(12, public.clone()), (Outcome::Applied, 1)),
                    (at(11, followers.clone()), (Outcome::Ignored(Reason::Outdated), 1)),
                    (at(13, followers.clone()), (Outcome::Applied, 0)),
                    (at(13, followers), (Outcome::Ignored(Reason::Unusable), 0)),
                    (at(14, public), (Outcome::Applied, 1)),
                    (at(15, json!([])), (Outcome::Applied, 0)),
                ] {
                    assert_eq!(take(changes.clone(), Change::Updated), expected, "{changes}");
                }
                let url = ObjectUrl::from_text("https://keskisuomi.example/ap/events/1");
                assert!(object::find(conn, &url).unwrap().is_none(), "no tombstone");
                Ok::<_, store::Error>(())
            })
            .unwrap();
    });
}

/// O20, O31: an event speaks for its own host alone, and is shown under the region of whoever told it first.
#[test]
fn o20_o31_events_in_other_names() {
    on_both_stores(|store, node| {
        store
            .write_now(|conn| {
                let genuine = Elsewhere::known_to(conn, node, true);
                let posing = Elsewhere::telling(conn, node, "13", "posing.example", true);
                let as_us = Elsewhere::telling(conn, node, "06", "as-us.example", true);
                let mut take = |who: &Elsewhere, host: &str, changes: Value| {
                    let mut event = foreign(who, changes);
                    event["id"] = json!(format!("https://{host}/ap/events/1"));
                    receive(store, node, conn, KIND, who.sends(&event, Change::Created, later(60))).unwrap()
                };
                assert_eq!(take(&posing, "posing.example", json!({})), Outcome::Ignored(Reason::NotTheOwner));
                assert_eq!(take(&as_us, "as-us.example", json!({})), Outcome::Ignored(Reason::NotTheOwner));
                let tagged = json!({
                    "content": "<p>Moi</p><p>Järjestäjä: Kulma</p>", "url": "https://pirkanmaa.example/tapahtumat/x",
                    "organizers": ["https://pirkanmaa.example/ap/actors/kulma"],
                    "location": {"type": "Place", "name": "Tori", "address": {"addressRegion": "Pirkanmaa"}},
                    "tag": [{"type": "Hashtag", "name": "#Pirkanmaa"}], "inLanguage": "fi",
                });
                assert_eq!(take(&genuine, "keskisuomi.example", tagged), Outcome::Applied);
                let view = list(conn, &Filter::default(), now()).unwrap().items.remove(0);
                assert_eq!((view.source.region.code(), view.organiser_id), ("13", None));
                assert_eq!(view.source.page, "https://keskisuomi.example/ap/events/1");
                let told: Vec<_> = crate::region::followed(conn, node).unwrap();
                let told: Vec<_> =
                    told.iter().map(|one| (one.host.as_str(), one.region.map(|region| region.code()))).collect();
                assert_eq!(
                    told,
                    [("keskisuomi.example", Some("13")), ("as-us.example", None), ("posing.example", None)]
                );
                Ok::<_, store::Error>(())
            })
            .unwrap();
    });
}

#[test]
fn copies_go_when_their_node_is_not_followed_any_more() {
    on_both_stores(|store, node| {
        store
            .write_now(|conn| {
                let elsewhere = Elsewhere::known_to(conn, node, true);
                let received = elsewhere.sends(&foreign(&elsewhere, json!({})), Change::Created, now());
                receive(store, node, conn, KIND, received).unwrap();
                let rule = &SLICE.retention[0];
                let month = later(31 * 24 * 3600);
                assert_eq!((rule.due)(conn, month).unwrap(), 0, "it is followed");
                let here = crate::region::presenter(conn).unwrap();
                federation::follow::remove(conn, &here, &elsewhere.actor).unwrap();
                assert_eq!((rule.due)(conn, later(60)).unwrap(), 0, "not yet");
                assert_eq!((rule.due)(conn, month).unwrap(), 1);
                assert_eq!((rule.apply)(conn, node, month).unwrap(), 1);
                assert!(
                    object::find(conn, &ObjectUrl::from_text("https://keskisuomi.example/ap/events/1"))
                        .unwrap()
                        .is_none()
                );
                Ok::<_, store::Error>(())
            })
            .unwrap();
    });
}

#[test]
fn what_is_wrong_with_an_event() {
    type Change = fn(&mut NewEvent);
    let cases: [(Change, &str); 10] = [
        (|event| event.name = "ab".into(), "name: is shorter than 3 characters"),
        (|event| event.name.clear(), "name: is missing"),
        (|event| event.blurb = "a".repeat(251), "blurb: is longer than 250 characters"),
        (|event| event.zone = "Marsin/Aika".into(), "zone: \"Marsin/Aika\" is not a known time zone"),
        (|event| event.ends = Some(at("2026-12-11T15:59:59Z")), "ends: ends before it starts"),
        (|event| event.ends = Some(at("2028-01-01T00:00:00Z")), "ends: lasts longer than 366 days"),
        (|event| event.place = None, "place: place is missing"),
        (|event| event.picture = Some(Picture { url: "/a.png".into(), alt: String::new() }), "picture.alt: is missing"),
        (|event| event.capacity = Some(0), "capacity: is smaller than 1"),
        (|event| event.place.as_mut().unwrap().longitude = None, "place.longitude: is missing"),
    ];
    assert_eq!(check(&club()), []);
    for (change, expected) in cases {
        let mut event = club();
        change(&mut event);
        let found: Vec<String> = check(&event).iter().map(ToString::to_string).collect();
        assert_eq!(found, [expected]);
    }
}
