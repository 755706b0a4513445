//! The search across all slices, on both databases.

use super::{event_called, organisation_called};
use crate::hits;
use crate::person::{Consent, Field};
use crate::producer::NewProducer;
use crate::search::Hit;
use crate::task::{Client, NewTask, Pay};
use crate::testing::{Elsewhere, everything_indexed, key, later, now, on_both, on_both_stores, receive};
use crate::view::{Filter, Page};
use crate::{Caller, Error, Node, RegionCode, event, organisation, producer, reindex, task};
use diesel::prelude::*;
use federation::kind::Change;
use serde_json::{Value, json};
use store::schema::searchable;
use store::{Conn, words};
use vocab::SafeHtml;

const US: Caller = Caller::Coordinator;

fn published(conn: &mut Conn, node: &Node, new: &event::NewEvent) -> store::id::EventId {
    let id = event::add(conn, node, US, new, now()).unwrap();
    event::publish(conn, node, US, &id, now()).unwrap();
    id
}

fn task_called(title: &str) -> NewTask {
    NewTask {
        title: title.into(),
        description: SafeHtml::clean("<p>Yksi ilta.</p>"),
        language: "fi".into(),
        client: Client { name: "Kehto".into(), page: None },
        kind: "volunteer".into(),
        engagement: vec!["unpaid".into()],
        pay: None,
        unpaid_reason: Some("Talkoot.".into()),
        hours: None,
        starts: None,
        ends: None,
        deadline: Some(later(7 * 24 * 3600)),
        municipality: None,
        remote: true,
        skills: Vec::new(),
        languages: Vec::new(),
        seats: 1,
    }
}

fn producer_called(name: &str) -> NewProducer {
    NewProducer {
        name: name.into(),
        headline: Some("sormenpääkoivu".into()),
        bio: Some(SafeHtml::clean("<p>varpusparven kellotapuli</p>")),
        municipality: Some("Sastamala".into()),
        skills: vec!["tk:touring".into()],
        languages: vec!["fi".into()],
        fields: vec!["circus".into()],
        links: Vec::new(),
        remote: true,
        username: None,
    }
}

fn consent(fields: &[Field]) -> Consent {
    Consent {
        fields: fields.iter().copied().collect(),
        text: "x".into(),
        channel: "import".into(),
        given: now(),
        shown: None,
    }
}

fn title(hit: &Hit) -> String {
    hit.title.clone()
}

fn words_filter(text: &str) -> Filter {
    Filter { text: Some(text.into()), past: true, ..Filter::default() }
}

fn found(conn: &mut Conn, text: &str) -> Vec<String> {
    let found = hits::search(conn, &words_filter(text), None, now()).unwrap();
    assert_eq!(found.total, i64::try_from(found.items.len()).unwrap(), "{text}");
    found.items.iter().map(title).collect()
}

#[test]
fn words_are_found_in_all_their_forms() {
    on_both(|conn, node| {
        let names = [
            "Kaupunki soi",
            "Veden äärellä",
            "Yhdistysten ilta",
            "Talkoissa tavataan",
            "Sää ja tuuli",
            "Saa tulla",
            "Föreningarnas kväll",
            "City walks",
        ];
        for name in names {
            published(conn, node, &event_called(name));
        }
        for (text, expected) in [
            ("kaupungin", &["Kaupunki soi"][..]),
            ("kaupungissa", &["Kaupunki soi"]),
            ("KAUPUNGEISSA", &["Kaupunki soi"]),
            ("vesi", &["Veden äärellä"]),
            ("vettä", &["Veden äärellä"]),
            ("yhdistys", &["Yhdistysten ilta"]),
            ("yhdistykset", &["Yhdistysten ilta"]),
            ("talkoot", &["Talkoissa tavataan"]),
            ("sää", &["Sää ja tuuli"]),
            ("saa", &["Saa tulla"]),
            ("förening", &["Föreningarnas kväll"]),
            ("föreningen", &["Föreningarnas kväll"]),
            ("cities", &["City walks"]),
            ("walking city", &["City walks"]),
            ("kaup", &["Kaupunki soi"]), // the beginning of a word
            ("ka", &[]),                 // of too few letters
            ("kaupunki vesi", &[]),      // all words
            ("kaupunki ja", &["Kaupunki soi"]),
            ("ja", &[]),
        ] {
            assert_eq!(found(conn, text), expected, "{text}");
            let listed = event::list(conn, &words_filter(text), now()).unwrap();
            assert_eq!(
                listed.items.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(),
                expected,
                "{text}, listed"
            );
            assert_eq!(event::count(conn, &words_filter(text), now()).unwrap(), listed.total, "{text}, counted");
        }
    });
}

#[test]
fn who_types_no_dots_finds_words_with_them() {
    on_both(|conn, node| {
        for name in ["Jyväskylän yö", "Jyvaskyla by night", "Sää ja tuuli", "Föreningarna", "Kello"] {
            published(conn, node, &event_called(name));
        }
        for (text, expected) in [
            ("jyvaskyla", &["Jyvaskyla by night", "Jyväskylän yö"][..]),
            ("Jyvaskylassa", &["Jyvaskyla by night", "Jyväskylän yö"]),
            ("jyväskylässä", &["Jyväskylän yö"]),
            ("forening", &["Föreningarna"]),
            ("foreningarna", &["Föreningarna"]),
            ("saa", &[]), // another word
            ("källo", &[]),
            ("jyvaskyla kello", &[]),
        ] {
            let mut found = found(conn, text);
            found.sort();
            assert_eq!(found, expected, "{text}");
        }
    });
}

#[test]
fn beginnings_are_found_when_few_things_have_the_words() {
    on_both(|conn, node| {
        published(conn, node, &event_called("Kesäteatteri"));
        for number in 0..19 {
            published(conn, node, &event_called(&format!("Kesä {number}")));
        }
        let listed = |conn: &mut Conn, text: &str| {
            let filter = Filter { page: Page { offset: 0, limit: 100 }, ..words_filter(text) };
            let (hits, list) =
                (hits::search(conn, &filter, None, now()).unwrap(), event::list(conn, &filter, now()).unwrap());
            assert_eq!((hits.total, event::count(conn, &filter, now()).unwrap()), (list.total, list.total), "{text}");
            hits.total
        };
        assert_eq!(listed(conn, "kesä"), 20, "nineteen by the word, one by its beginning");
        published(conn, node, &event_called("Kesä 19"));
        assert_eq!(listed(conn, "kesä"), 20, "enough by the word");
        assert_eq!(listed(conn, "kesän"), 20);
        assert_eq!(listed(conn, "kesäte"), 1);
    });
}

#[test]
fn producers_are_found_by_what_they_agreed_to_show() {
    use crate::search::Facet;
    on_both(|conn, node| {
        let all = consent(&Field::PROFILE);
        let aino = producer::add(conn, node, US, &producer_called("Aino Lehto"), Some(&all), now()).unwrap();
        producer::publish(conn, node, US, &aino, key(), now()).unwrap();
        let name = consent(&[Field::Name]);
        let otso = producer::add(conn, node, US, &producer_called("Otso Lehto"), Some(&name), now()).unwrap();
        producer::publish(conn, node, US, &otso, key(), now()).unwrap();
        let facet = |kind: fn(String) -> Facet, value: &str| kind(value.to_owned());
        for (facets, expected) in [
            (vec![], 2),
            (vec![facet(Facet::Skill, "tk:touring")], 1),
            (vec![facet(Facet::Skill, "G01")], 1), // the group of the skill
            (vec![facet(Facet::Skill, "G02")], 0),
            (vec![facet(Facet::Field, "circus")], 1),
            (vec![facet(Facet::Language, "fi"), Facet::Remote], 1),
            (vec![facet(Facet::Language, "sv"), Facet::Remote], 0),
            (vec![facet(Facet::Region, "06")], 2), // the home region
            (vec![facet(Facet::Region, "13")], 0),
        ] {
            for text in ["", "lehto"] {
                let filter = Filter { facets: facets.clone(), ..words_filter(text) };
                assert_eq!(producer::count(conn, &filter, now()).unwrap(), expected, "{filter:?}");
                assert_eq!(producer::list(conn, &filter, now()).unwrap().total, expected, "{filter:?}");
            }
        }
        producer::withdraw(conn, node, US, &aino, &[Field::Remote].into(), later(1)).unwrap();
        let remote = Filter { facets: vec![Facet::Remote], ..Filter::default() };
        assert_eq!(producer::count(conn, &remote, now()).unwrap(), 0, "taken back");
    });
}

#[test]
fn tasks_are_found_by_what_they_ask_for_and_how_they_pay() {
    use crate::search::Facet;
    on_both(|conn, node| {
        let touring = NewTask {
            skills: vec!["tk:touring".into()],
            engagement: vec!["invoice".into(), "light_entrepreneur".into()],
            pay: Some(Pay { min: Some("300".into()), max: None, unit: "day".into() }),
            municipality: Some("Sastamala".into()),
            remote: false,
            ..task_called("Kiertueen tuottaja")
        };
        for new in [touring, task_called("Talkoolainen")] {
            let id = task::add(conn, node, US, &new, now()).unwrap();
            task::publish(conn, node, US, &id, now()).unwrap();
        }
        let facet = |kind: fn(String) -> Facet, value: &str| kind(value.to_owned());
        for (facets, expected) in [
            (vec![facet(Facet::Skill, "tk:touring")], &["Kiertueen tuottaja"][..]),
            (vec![facet(Facet::Skill, "G01")], &["Kiertueen tuottaja"]), // the group of the skill
            (vec![facet(Facet::Skill, "G02")], &[]),
            (vec![facet(Facet::Engagement, "light_entrepreneur")], &["Kiertueen tuottaja"]),
            (vec![facet(Facet::Engagement, "unpaid"), Facet::Remote], &["Talkoolainen"]),
            (vec![facet(Facet::Engagement, "invoice"), Facet::Remote], &[]),
        ] {
            let filter = Filter { facets, ..Filter::default() };
            let found = task::list(conn, &filter, now()).unwrap();
            let titles: Vec<&str> = found.items.iter().map(|task| task.title.as_str()).collect();
            assert_eq!(titles, expected, "{filter:?}");
            assert_eq!(found.total, i64::try_from(expected.len()).unwrap(), "{filter:?}");
        }
    });
}

#[test]
fn all_kinds_are_found_in_their_order() {
    on_both(|conn, node| {
        let day = 24 * 3600;
        let told = |name: &str, blurb: &str, days: u64| event::NewEvent {
            blurb: blurb.into(),
            starts: later(days * day),
            ..event_called(name)
        };
        published(conn, node, &told("Sirkuskoulu", "", 30));
        published(conn, node, &told("Kesän avajaiset", "Sirkusta ja soittoa.", 90));
        published(conn, node, &told("Talven päättäjäiset", "Sirkusta jäällä.", 10));
        let over =
            event::NewEvent { starts: now().minus(std::time::Duration::from_secs(3 * day)), ..told("Sirkusta", "", 0) };
        published(conn, node, &over);
        let open = task::add(conn, node, US, &task_called("Sirkuksen tuottaja"), now()).unwrap();
        task::publish(conn, node, US, &open, now()).unwrap();
        organisation::add(conn, node, US, &organisation_called("Sirkus Ylös"), key(), now()).unwrap();
        let all = [Field::Name, Field::Fields];
        let aino = producer::add(conn, node, US, &producer_called("Aino Lehto"), Some(&consent(&all)), now()).unwrap();
        producer::publish(conn, node, US, &aino, key(), now()).unwrap();

        let in_order = [
            "Sirkuksen tuottaja", // in the title, and now
            "Sirkus Ylös",
            "Sirkuskoulu",
            "Sirkusta",   // over
            "Aino Lehto", // not in the title: by the field of art
            "Talven päättäjäiset",
            "Kesän avajaiset",
        ];
        assert_eq!(found(conn, "sirkus"), in_order);
        assert_eq!(hits::kinds().collect::<Vec<_>>(), ["producer", "organisation", "event", "task"]);
        for (kind, expected) in [
            ("event", &["Sirkuskoulu", "Sirkusta", "Talven päättäjäiset", "Kesän avajaiset"][..]),
            ("task", &["Sirkuksen tuottaja"]),
            ("producer", &["Aino Lehto"]),
            ("organisation", &["Sirkus Ylös"]),
        ] {
            let found = hits::search(conn, &words_filter("sirkus"), Some(kind), now()).unwrap();
            assert_eq!(found.items.iter().map(title).collect::<Vec<_>>(), expected, "{kind}");
        }
        let second = Filter { page: Page { offset: 2, limit: 2 }, ..words_filter("sirkus") };
        let second = hits::search(conn, &second, None, now()).unwrap();
        assert_eq!(second.total, 7);
        assert_eq!(second.items.iter().map(title).collect::<Vec<_>>(), in_order[2..4]);
        let soon = Filter { from: Some(now()), until: Some(later(40 * day)), ..words_filter("sirkus") };
        let soon = hits::search(conn, &soon, Some("event"), now()).unwrap();
        assert_eq!(soon.items.iter().map(title).collect::<Vec<_>>(), ["Sirkuskoulu", "Talven päättäjäiset"]);
    });
}

#[test]
fn only_what_everybody_may_see_is_found() {
    on_both(|conn, node| {
        let club = event::add(conn, node, US, &event_called("Hämäräklubi"), now()).unwrap();
        assert_eq!(found(conn, "hämäräklubi"), Vec::<String>::new(), "a draft");
        event::publish(conn, node, US, &club, now()).unwrap();
        assert_eq!(found(conn, "hämäräklubi"), ["Hämäräklubi"]);
        event::edit(conn, node, US, &club, &event_called("Aamuklubi"), later(1)).unwrap();
        assert_eq!(found(conn, "hämäräklubi"), Vec::<String>::new(), "its former name");
        event::cancel(conn, node, US, &club, later(2)).unwrap();
        assert_eq!(found(conn, "aamuklubi"), ["Aamuklubi"], "called off, and says so");
        event::delete(conn, US, &club, later(3)).unwrap();
        assert_eq!(found(conn, "aamuklubi"), Vec::<String>::new(), "deleted");

        let work = task::add(conn, node, US, &task_called("Valomies"), now()).unwrap();
        assert_eq!(found(conn, "valomies"), Vec::<String>::new(), "a draft");
        task::publish(conn, node, US, &work, now()).unwrap();
        assert_eq!(found(conn, "valomies"), ["Valomies"]);
        task::withdraw(conn, node, US, &work, later(1)).unwrap();
        assert_eq!(found(conn, "valomies"), Vec::<String>::new(), "withdrawn");

        let kulma = organisation::add(conn, node, US, &organisation_called("Kulma"), key(), now()).unwrap();
        assert_eq!(found(conn, "yritys kulma"), ["Kulma"], "by what it is");
        organisation::delete(conn, node, US, &kulma, later(1)).unwrap();
        assert_eq!(found(conn, "kulma"), Vec::<String>::new(), "deleted");
        assert_eq!(searchable::table.count().get_result::<i64>(conn).unwrap(), 0, "nothing is left");
    });
}

#[test]
fn what_a_person_has_not_agreed_to_never_gets_into_the_index() {
    on_both(|conn, node| {
        let some = consent(&[Field::Name, Field::Skills]);
        let aino = producer::add(conn, node, US, &producer_called("Aino Lehto"), Some(&some), now()).unwrap();
        assert_eq!(everything_indexed(conn), Vec::<String>::new(), "kept");
        producer::publish(conn, node, US, &aino, key(), now()).unwrap();
        let indexed = everything_indexed(conn);
        assert!(indexed.iter().any(|word| word == "kiertuetuotanto"), "{indexed:?}");
        for hidden in ["sormenpää", "koivu", "varpus", "kellotapul", "sastamala", "sirku", "cirkus", "circus"] {
            assert!(!indexed.iter().any(|word| word.contains(hidden)), "{hidden} in {indexed:?}");
        }

        let all = consent(&Field::PROFILE);
        producer::edit(conn, node, US, &aino, &producer_called("Aino Lehto"), Some(&all), later(1)).unwrap();
        assert_eq!(found(conn, "sastamala"), ["Aino Lehto"], "agreed to since");
        producer::withdraw(conn, node, US, &aino, &[Field::Municipality].into(), later(2)).unwrap();
        assert_eq!(found(conn, "sastamala"), Vec::<String>::new(), "taken back");
        assert_eq!(found(conn, "kellotapuli"), ["Aino Lehto"]);
        producer::withdraw(conn, node, US, &aino, &[Field::Name].into(), later(3)).unwrap();
        assert_eq!(found(conn, "kellotapuli"), Vec::<String>::new(), "taken down");
        assert_eq!(searchable::table.count().get_result::<i64>(conn).unwrap(), 0, "nothing is left");

        producer::edit(conn, node, US, &aino, &producer_called("Aino Lehto"), Some(&all), later(4)).unwrap();
        producer::publish(conn, node, US, &aino, key(), later(5)).unwrap();
        assert_eq!(found(conn, "kellotapuli"), ["Aino Lehto"], "back, under another id");
        producer::delete(conn, node, US, &aino, later(6)).unwrap();
        assert_eq!(found(conn, "aino"), Vec::<String>::new(), "deleted");
        assert_eq!(searchable::table.count().get_result::<i64>(conn).unwrap(), 0, "nothing is left");
    });
}

#[test]
fn what_other_nodes_have_is_found_as_long_as_it_is_shown() {
    on_both_stores(|store, node| {
        store
            .write_now(|conn| {
                let elsewhere = Elsewhere::known_to(conn, node, true);
                let document = |name: &str, updated: &str, to: &str| -> Value {
                    json!({
                        "type": "Event", "id": "https://keskisuomi.example/ap/events/1", "name": name,
                        "attributedTo": elsewhere.actor.as_str(), "startTime": "2026-12-11T18:00:00Z",
                        "updated": updated, "to": [to]
                    })
                };
                let public = "https://www.w3.org/ns/activitystreams#Public";
                let take = |conn: &mut Conn, name: &str, updated: &str, to: &str| {
                    let received = elsewhere.sends(&document(name, updated, to), Change::Created, now());
                    receive(store, node, conn, event::KIND, received).unwrap()
                };
                take(conn, "Jyväskylän kesä", "2026-11-20T10:00:00Z", public);
                assert_eq!(found(conn, "jyväskylä"), ["Jyväskylän kesä"]);
                for (region, expected) in [("13", 1), ("06", 0)] {
                    let there = Filter { region: RegionCode::parse(region), ..words_filter("kesällä") };
                    assert_eq!(hits::search(conn, &there, None, now()).unwrap().total, expected, "{region}");
                    assert_eq!(event::list(conn, &there, now()).unwrap().total, expected, "{region}, listed");
                }
                take(conn, "Kuopion kesä", "2026-11-21T10:00:00Z", public);
                assert_eq!(found(conn, "jyväskylä"), Vec::<String>::new(), "edited there");
                assert_eq!(found(conn, "kuopiossa"), ["Kuopion kesä"]);
                take(conn, "Kuopion kesä", "2026-11-22T10:00:00Z", elsewhere.actor.as_str());
                assert_eq!(found(conn, "kuopiossa"), Vec::<String>::new(), "not public any more");
                take(conn, "Mikkelin kesä", "2026-11-23T10:00:00Z", public);
                let url = store::id::ObjectUrl::from_text("https://keskisuomi.example/ap/events/1");
                event::KIND.forget(conn, &url).unwrap();
                assert_eq!(found(conn, "mikkelin"), Vec::<String>::new(), "deleted there");
                assert_eq!(searchable::table.count().get_result::<i64>(conn)?, 0, "nothing is left");
                Ok::<_, store::Error>(())
            })
            .unwrap();
    });
}

#[test]
fn whatever_is_typed_is_answered() {
    on_both(|conn, node| {
        published(conn, node, &event_called("Kesän NEAR ja kaupunki"));
        let long = "kesä ".repeat(2_000);
        let one_word = "ä".repeat(10_000);
        for (text, hits) in [
            ("kesä\"", 1),
            ("\"kesä", 1),
            ("kesä*", 1),
            ("kesä AND kaupunki", 1), // `and` is in every text
            ("kesä NEAR kaupunki", 1),
            ("NEAR(kesä kaupunki, 5)", 0), // `5` is a word
            ("words:kesä", 0),
            ("k=event", 0), // a mark cannot be typed
            ("t=kesä", 0),
            ("kesä & kaupunki | !x", 0),
            ("kesä' OR 1=1 --", 0),
            ("'kesä':*", 1),
            ("\\'kesä\\", 1),
            ("kesä\0kaupunki", 1),
            ("^kesä + kaupunki", 1),
            ("{kesä} (kaupunki) [near]", 1),
            ("🎪 kesä 🎪", 1),
            ("🎪", 0),
            ("\u{301}\u{308}", 0),
            ("\u{202e}kesä", 1),
            (long.as_str(), 1),
            (one_word.as_str(), 0),
            ("%", 0),
            ("", 0),
        ] {
            assert_eq!(found(conn, text).len(), hits, "{text:?}");
        }
        assert_eq!(event::list(conn, &words_filter("\"*\" ja"), now()).unwrap().total, 0, "no word, no list");
    });
}

#[test]
fn what_is_missing_in_the_index_is_put_in() {
    on_both(|conn, node| {
        for number in 0..5 {
            published(conn, node, &event_called(&format!("Sarja {number}")));
        }
        event::add(conn, node, US, &event_called("Luonnos"), now()).unwrap();
        organisation::add(conn, node, US, &organisation_called("Kulma"), key(), now()).unwrap();
        let before = everything_indexed(conn);
        assert_eq!(reindexed(conn).unwrap(), 0, "nothing is missing");

        let all: Vec<i64> = searchable::table.select(searchable::number).load(conn).unwrap();
        words::remove(conn, &all).unwrap();
        diesel::delete(searchable::table).execute(conn).unwrap();
        assert_eq!(found(conn, "sarja").len(), 0);
        assert_eq!(reindexed(conn).unwrap(), 6, "as after the upgrade that brought the index");
        assert_eq!((found(conn, "sarja").len(), everything_indexed(conn)), (5, before.clone()));

        diesel::update(searchable::table).set(searchable::rules.eq(0)).execute(conn).unwrap();
        assert_eq!(reindexed(conn).unwrap(), 6, "made by older rules");
        assert_eq!((reindexed(conn).unwrap(), everything_indexed(conn)), (0, before));
    });
}

/// Goes through everything once; how many things were missing.
fn reindexed(conn: &mut Conn) -> Result<usize, Error> {
    let (mut at, mut missing) = (Some(reindex::Place::default()), 0);
    while let Some(place) = at {
        let part = reindex::look(conn, &place)?;
        reindex::put(conn, &part)?;
        missing += part.missing.len();
        at = part.next;
    }
    Ok(missing)
}
