//! People: what consent lets out, and names that are given once. On both databases.

use super::applying::{evening, events, everything, import, import_at, put_in, row_id, sent};
use super::reading;
use crate::audit::By;
use crate::import::{Applied, Format, Skip, apply_row, needs_key};
use crate::person::Field;
use crate::testing::{later, on_both_stores};
use crate::view::Filter;
use crate::{Caller, Error, Language, producer};
use diesel::prelude::*;
use serde_json::json;
use std::collections::BTreeSet;
use store::id::ProducerId;
use store::schema::imports;

const PEOPLE: &str = "id;name;headline;bio;skills;consent_fields;consent_date;consent_text;username\n";

fn aino(headline: &str, consent: &str, date: &str, username: &str) -> String {
    format!(
        "{PEOPLE}p-1;Aino Esimerkki;{headline};varpusparven kellotapuli;tk:touring;{consent};{date};t-1;{username}\n"
    )
}

#[test]
fn consent_that_a_later_file_no_longer_tells_takes_fields_off() {
    on_both_stores(|store, node| {
        let import = |text: &str, seconds: u64| import_at(store, Format::ProducersCsv, text, later(seconds)).remove(0);
        assert_eq!(import(&aino("koivunkannon sormenpää", "all", "2026-09-15", ""), 60), "added");
        assert_eq!(sent(store), ["Add"]);
        let text = everything(store);
        assert!(text.contains("koivunkannon sormenpää") && text.contains("varpusparven kellotapuli"));

        assert_eq!(import(&aino("koivunkannon sormenpää", "name|skills", "2026-09-15", ""), 120), "changed");
        assert_eq!(sent(store), ["Add", "Update"]);
        let id = row_id(store, "register/producer", "p-1");
        let document = |conn: &mut store::Conn| {
            let actor = federation::actor::find(conn, &node.origin.actor(&id))?;
            Ok::<_, Error>(actor.map(|actor| actor.document).unwrap_or_default())
        };
        let bytes = store.read_now(document).unwrap();
        assert!(bytes.contains("Aino Esimerkki"));
        for gone in ["koivunkannon", "sormenpää", "varpusparven", "kellotapuli"] {
            assert!(!bytes.contains(gone), "{gone}");
        }

        // A file that still tells the old consent does not bring back what was taken back since.
        assert_eq!(import(&aino("toinen otsikko", "all", "2026-09-15", ""), 180), "changed");
        let bytes = store.read_now(document).unwrap();
        assert!(!bytes.contains("toinen otsikko") && !bytes.contains("varpusparven"), "{bytes}");
        // A newer one does.
        assert_eq!(import(&aino("toinen otsikko", "all", "2026-11-20", ""), 240), "changed");
        assert!(store.read_now(document).unwrap().contains("toinen otsikko"));

        // Without the name the whole profile goes.
        assert_eq!(import(&aino("toinen otsikko", "headline", "2026-11-21", ""), 300), "changed");
        assert!(sent(store).iter().any(|verb| verb == "Delete"));
        let shown =
            |conn: &mut store::Conn| Ok::<_, Error>(producer::list(conn, &Filter::default(), later(300))?.total);
        assert_eq!(store.read_now(shown).unwrap(), 0);
        assert!(!store.read_now(document).unwrap().contains("Aino"));
        // Agreed anew, it comes back as somebody new to the world.
        assert_eq!(import(&aino("kolmas otsikko", "all", "2026-11-22", ""), 360), "changed");
        assert_eq!(store.read_now(shown).unwrap(), 1);

        let person = ProducerId::from_text(id.clone());
        store.write_now(|conn| producer::delete(conn, node, Caller::Coordinator, &person, later(420))).unwrap();
        assert_eq!(import(&aino("neljäs otsikko", "all", "2026-11-23", ""), 480), Skip::Deleted.to_string());
    });
}

/// Who has taken the profile over is the only one who writes to it.
#[test]
fn a_profile_that_is_somebodys_own_is_passed_over() {
    on_both_stores(|store, node| {
        let import = |text: &str, seconds: u64| import_at(store, Format::ProducersCsv, text, later(seconds)).remove(0);
        assert_eq!(import(&aino("koivunkannon sormenpää", "all", "2026-09-15", ""), 60), "added");
        let id = ProducerId::from_text(row_id(store, "register/producer", "p-1"));
        let take_over = |conn: &mut store::Conn| {
            let account = producer::own::tests::member(conn, "aino@kulma.example");
            let (by, to) = ((Caller::Coordinator, &By::OPERATOR), (&account.mail, Language::Fi));
            producer::invite(conn, by, &id, to, later(61))?;
            let invitation = producer::offered(conn, &account, later(62))?.remove(0).id;
            let fields = BTreeSet::from([Field::Name]);
            producer::accept(conn, node, &account.id, &invitation, (&fields, Language::Fi), later(63)).map(|_| ())
        };
        store.write_now(take_over).unwrap();
        let before = everything(store);
        let changed = aino("toinen otsikko", "all", "2026-11-20", "");
        assert_eq!(import(&changed, 120), Skip::Owned.to_string());
        assert_eq!(import(&aino("toinen otsikko", "", "", ""), 180), Skip::Owned.to_string());
        let row = &reading(Format::ProducersCsv, &changed).rows[0];
        assert!(!store.read_now(|conn| needs_key(conn, row)).unwrap(), "no key is made in vain");
        assert_eq!(everything(store), before);
        let shown = |conn: &mut store::Conn| Ok::<_, Error>(producer::list(conn, &Filter::default(), later(300))?);
        let shown = store.read_now(shown).unwrap();
        assert_eq!((shown.total, &shown.items[0].headline), (1, &None));
    });
}

#[test]
fn what_is_kept_inside_is_counted_and_not_sent() {
    on_both_stores(|store, _| {
        for (consent, date, headline, expected) in [
            ("", "", "koivunkannon sormenpää", "added"),
            ("", "", "koivunkannon sormenpää", "unchanged"),
            ("headline", "2026-09-15", "koivunkannon sormenpää", "changed"),
        ] {
            let text = aino(headline, consent, date, "");
            let row = &reading(Format::ProducersCsv, &text).rows[0];
            assert!(!store.read_now(|conn| needs_key(conn, row)).unwrap(), "no key is made in vain");
            assert_eq!(import(store, Format::ProducersCsv, &text), [expected]);
        }
        assert_eq!(sent(store), [""; 0]);
        assert!(!everything(store).contains("koivunkannon"));
    });
}

#[test]
fn usernames_are_given_once() {
    on_both_stores(|store, _| {
        let taken = |name: &str| format!("line 2 (p-1): username: \"{name}\" is taken");
        for name in ["pirkanmaa", "relay", "uusimaa"] {
            assert_eq!(import(store, Format::ProducersCsv, &aino("x", "all", "2026-09-15", name)), [taken(name)]);
        }
        let other = aino("x", "all", "2026-09-15", "aino").replace("p-1", "p-2");
        assert_eq!(import(store, Format::ProducersCsv, &other), ["added"]);
        assert_eq!(import(store, Format::ProducersCsv, &aino("x", "all", "2026-09-15", "aino")), [taken("aino")]);
        assert_eq!(import(store, Format::ProducersCsv, &aino("x", "all", "2026-09-15", "")), ["added"]);
        let changed = import(store, Format::ProducersCsv, &aino("y", "all", "2026-09-15", "aino_e"));
        assert_eq!(changed, ["line 2 (p-1): username: the username cannot change"]);
        let organisation = json!({"format": "solmu-bundle/1", "region": "06",
            "organisations": [{"id": "o-1", "name": "Seura ry", "kind": "association", "username": "aino"}]});
        let told = import(store, Format::Bundle, &organisation.to_string());
        assert_eq!(told, ["organisations item 1 (o-1): username: \"aino\" is taken"]);
    });
}

#[test]
fn only_the_coordinator_imports_and_a_key_is_not_forgotten() {
    on_both_stores(|store, node| {
        let event = &reading(Format::Bundle, &events(&[evening(json!({}))])).rows[0];
        let refused = store.write_now(|conn| apply_row(conn, node, Caller::Anyone, event, None, later(60)));
        assert!(matches!(refused, Err(Error::Forbidden(_))));
        let person = &reading(Format::ProducersCsv, &aino("x", "all", "2026-09-15", "")).rows[0];
        assert!(store.read_now(|conn| needs_key(conn, person)).unwrap());
        let refused = store.write_now(|conn| apply_row(conn, node, Caller::Coordinator, person, None, later(60)));
        assert!(matches!(refused, Err(Error::Conflict(_))));
        let kept = |conn: &mut store::Conn| Ok::<i64, Error>(imports::table.count().get_result(conn)?);
        assert_eq!(store.read_now(kept).unwrap(), 0, "a refused row leaves nothing");
        assert_eq!(put_in(store, person, later(60)).unwrap(), Applied::Added);
        assert!(!store.read_now(|conn| needs_key(conn, person)).unwrap());
    });
}
