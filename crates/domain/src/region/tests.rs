use super::*;
use crate::testing::{key, later, now, on_both, on_both_stores};
use crate::{Language, Role};
use diesel::prelude::*;
use federation::actor;
use serde_json::json;
use store::schema::actors as actors_table;

#[test]
fn a_region_is_found_by_any_of_its_names() {
    for (text, expected) in [
        ("06", Some("06")),
        ("Pirkanmaa", Some("06")),
        ("birkaland", Some("06")),
        (" pirkanmaa ", Some("06")),
        ("Central Finland", Some("13")),
        ("ETELÄ-POHJANMAA", Some("14")),
        ("etela_pohjanmaa", Some("14")),
        ("Åland", Some("21")),
        ("kansallinen", Some("00")),
        ("03", None),
        ("Atlantis", None),
        ("", None),
    ] {
        assert_eq!(RegionCode::parse(text).map(RegionCode::code), expected, "{text}");
    }
}

#[test]
fn the_vocabulary_is_whole() {
    assert_eq!(all().len(), 19);
    for region in all() {
        assert!(!region.neighbours.is_empty(), "{}", region.fi);
        for neighbour in &region.neighbours {
            let other = all().iter().find(|other| other.code == *neighbour).expect("a neighbour that exists");
            assert!(other.neighbours.contains(&region.code), "{} and {}", region.fi, other.fi);
        }
        let code = RegionCode::parse(&region.code).expect("a code");
        assert_eq!(code.username(), vocab::text::username(&region.fi));
        assert!(Language::ALL.iter().all(|language| !code.name(*language).is_empty()));
    }
}

#[test]
fn the_actors_are_made_once() {
    on_both_stores(|store, node| {
        store.write_now(|conn| actors::make(conn, node, Some(key()), Some(key()), now())).expect("no error");
        store
            .read_now(|conn| {
                assert_eq!(actor::local_of_slice(conn, actors::REGION)?.len(), 1);
                assert_eq!(actor::local_of_slice(conn, actors::RELAY)?.len(), 1);
                let profile = profile(conn, node)?.expect("a profile");
                assert_eq!(profile.handle, "@pirkanmaa@pirkanmaa.example");
                assert_eq!((profile.name.as_str(), profile.followers), ("Tuottajakeskus Pirkanmaa", 0));
                Ok::<_, store::Error>(())
            })
            .expect("reads");
    });
}

#[test]
fn a_version_that_describes_the_actors_otherwise_tells_their_followers() {
    on_both(|conn, node| {
        actors::make(conn, node, None, None, later(60)).unwrap();
        assert_eq!(crate::testing::verbs(conn), Vec::<String>::new(), "nothing changed");
        let older = actors_table::table.filter(actors_table::slice.eq(actors::REGION));
        let document: String = older.select(actors_table::document).first(conn).unwrap();
        let document = document.replace("Tuottajakeskus Pirkanmaa", "Pirkanmaa");
        diesel::update(older).set(actors_table::document.eq(document)).execute(conn).unwrap();
        actors::make(conn, node, None, None, later(120)).unwrap();
        assert_eq!(crate::testing::verbs(conn), ["Update"]);
        actors::make(conn, node, None, None, later(180)).unwrap();
        assert_eq!(crate::testing::verbs(conn), ["Update"]);
    });
}

#[test]
fn the_regions_document() {
    let node = crate::testing::node();
    let url = node.origin.actor("0199d3a4-0000-7000-8000-000000000006");
    let document = vocab::context::embedded(&actors::region_document(&node, &url, "PEM", now()));
    assert_eq!(of_actor(&document), RegionCode::parse("06"));
    insta::assert_json_snapshot!("region", document);
    let national = crate::Node { role: Role::National, region: RegionCode::NATIONAL, ..node };
    let document = vocab::context::embedded(&actors::region_document(&national, &url, "PEM", now()));
    assert_eq!(of_actor(&document), None);
    insta::assert_json_snapshot!("national", document);
}

#[test]
fn the_region_of_an_actor_is_told_by_its_field() {
    let actor = |fields: serde_json::Value| {
        json!({"type": "Group", "id": "https://a.example/1", "preferredUsername": "pirkanmaa",
            "inbox": "https://a.example/1/inbox", "attachment": fields})
    };
    let field = |value: &str| json!([{"type": "PropertyValue", "name": "Maakunta", "value": value}]);
    for (fields, expected) in [
        (field("<a href=\"http://uri.suomi.fi/codelist/jhs/maakunta_1_20240101/code/14\">X</a>"), Some("14")),
        (field("Keski-Suomi"), Some("13")),
        (field("Koko maa"), None),
        (field("<a href=\"http://uri.suomi.fi/codelist/jhs/maakunta_1_20240101/code/99\">Atlantis</a>"), None),
        (json!([]), None),
        (json!(null), None),
    ] {
        assert_eq!(of_actor(&actor(fields.clone())).map(RegionCode::code), expected, "{fields}");
    }
}

#[test]
fn usernames_are_given_once() {
    on_both(|conn, node| {
        assert_eq!(free_username(conn, node, "Aino Esimerkki").unwrap(), "aino_esimerkki");
        assert_eq!(free_username(conn, node, "Pirkanmaa").unwrap(), "pirkanmaa_2");
        for (name, expected) in [
            ("Hämeenkyrö", "hameenkyro"),
            ("Åsa Öhman", "asa_ohman"),
            ("Relay", "relay_2"),
            ("Keski-Suomi", "keski_suomi_2"),
        ] {
            assert_eq!(free_username(conn, node, name).unwrap(), expected, "{name}");
        }
        assert!(!is_username_free(conn, node, "relay").unwrap());
        assert!(!is_username_free(conn, node, "uusimaa").unwrap());
    });
}

#[test]
fn what_is_followed_is_told_with_its_counts() {
    on_both(|conn, node| {
        assert_eq!(followed(conn, node).unwrap(), []);
        crate::testing::Elsewhere::known_to(conn, node, true);
        let all = followed(conn, node).unwrap();
        let one = &all[0];
        assert_eq!((one.region.map(RegionCode::code), one.state.as_str()), (Some("13"), "accepted"));
        assert_eq!((one.counts, one.backfill.as_deref()), (Counts::default(), None));
        assert_eq!(serde_json::to_value(one).unwrap()["health"], "ok");
    });
}
