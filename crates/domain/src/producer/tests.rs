use super::*;
use crate::person::{Consent, Field, consented_fields};
use crate::testing::{
    Elsewhere, everything_sent, follower, key, later, now, on_both, on_both_stores, receive, sent, verbs, waiting,
};
use crate::view::{Filter, Page};
use crate::{Caller, Error, Node, slice};
use diesel::prelude::*;
use federation::kind::{Change, Outcome, Reason};
use federation::{actor, object};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use store::Conn;
use store::id::{ActorUrl, ObjectUrl, ProducerId};
use store::schema::reports;
use vocab::SafeHtml;

/// Every text of hers occurs nowhere else.
fn aino() -> NewProducer {
    NewProducer {
        name: "Aino Esimerkki".into(),
        headline: Some("koivunkannon & sormenpää".into()),
        bio: Some(SafeHtml::clean("<p>varpusparven kellotapuli</p>")),
        municipality: Some("Sastamala".into()),
        skills: vec!["tk:touring".into(), "tk:music-rights".into(), "G04".into()],
        languages: vec!["fi".into(), "smn".into(), "hu".into()],
        fields: vec!["circus".into(), "visual_arts".into()],
        links: vec!["https://aino.example/sivu?a=1&b=2".into(), "https://video.example/@aino".into()],
        remote: true,
        username: None,
    }
}

fn consent(fields: &[Field]) -> Consent {
    Consent {
        fields: fields.iter().copied().collect(),
        text: "julkaisu-2026-1".into(),
        channel: "import".into(),
        given: now(),
        shown: None,
    }
}

fn published(conn: &mut Conn, node: &Node, new: &NewProducer, fields: &[Field]) -> ProducerId {
    let id = add(conn, node, Caller::Coordinator, new, Some(&consent(fields)), now()).expect("a profile");
    publish(conn, node, Caller::Coordinator, &id, key(), now()).expect("published");
    id
}

fn document(conn: &mut Conn, node: &Node, id: &ProducerId) -> Value {
    actor::find(conn, &node.origin.actor(id.as_str())).unwrap().expect("an actor").parsed()
}

#[test]
fn only_what_was_agreed_to_leaves_the_node() {
    on_both(|conn, node| {
        let id = published(conn, node, &aino(), &[Field::Name, Field::Skills]);
        let person = document(conn, node, &id);
        let text = person
            .to_string()
            .replace(id.as_str(), "UUID")
            .replace(person["publicKey"]["publicKeyPem"].as_str().unwrap(), "PEM");
        let pem = serde_json::to_string(&person["publicKey"]["publicKeyPem"]).unwrap();
        let steady: Value = serde_json::from_str(&text.replace(pem.trim_matches('"'), "PEM")).unwrap();
        insta::assert_json_snapshot!("producer_name_and_skills", steady);

        let view = by_slug(conn, node.origin.host(), "aino_esimerkki").unwrap().unwrap();
        let shown = serde_json::to_string(&view).unwrap();
        let listed = serde_json::to_string(&list(conn, &Filter::default(), now()).unwrap()).unwrap();
        let all = [everything_sent(conn), shown, listed].concat();
        for hidden in [
            "koivunkannon",
            "varpusparven",
            "Sastamala",
            "inarinsaame",
            "smn",
            "sirkus",
            "circus",
            "aino.example",
            "Etätyö",
        ] {
            assert!(!all.contains(hidden), "{hidden} left the node");
        }
        assert!(all.contains("kiertuetuotanto") && all.contains("Aino Esimerkki"));
        let search = |text: &str| Filter { text: Some(text.into()), ..Filter::default() };
        assert_eq!(count(conn, &search("kiertuetuotanto"), now()).unwrap(), 1);
        assert_eq!(count(conn, &search("sastamala"), now()).unwrap(), 0, "nor does a search find what is not shown");
    });
}

#[test]
fn a_whole_profile() {
    on_both(|conn, node| {
        let id = published(conn, node, &aino(), &Field::PROFILE);
        let person = document(conn, node, &id);
        assert_eq!((&person["discoverable"], &person["indexable"]), (&json!(false), &json!(false)));
        let pem = serde_json::to_string(&person["publicKey"]["publicKeyPem"]).unwrap();
        let text = person.to_string().replace(id.as_str(), "UUID").replace(pem.trim_matches('"'), "PEM");
        insta::assert_json_snapshot!("producer_whole", serde_json::from_str::<Value>(&text).unwrap());
    });
}

#[test]
fn without_consent_to_the_name_there_is_no_profile() {
    on_both(|conn, node| {
        for fields in [&[][..], &[Field::Skills, Field::Bio]] {
            let id = add(conn, node, Caller::Coordinator, &aino(), Some(&consent(fields)), now()).unwrap();
            assert!(!needs_key(conn, &id).unwrap());
            let refused = publish(conn, node, Caller::Coordinator, &id, key(), now());
            assert!(matches!(refused, Err(Error::Refused(key)) if key.id() == "no-consent"));
            assert!(actor::find(conn, &node.origin.actor(id.as_str())).unwrap().is_none());
        }
        assert_eq!((verbs(conn).len(), count(conn, &Filter::default(), now()).unwrap()), (0, 0));
    });
}

#[test]
fn the_region_presents_its_producers_to_servers() {
    on_both(|conn, node| {
        let region = crate::region::presenter(conn).unwrap();
        follower(conn, "Group", "kansallinen.example", &region);
        follower(conn, "Person", "mastodon.example", &region);
        let id = published(conn, node, &aino(), &Field::PROFILE);
        assert_eq!(waiting(conn), 1, "people who follow the region are not told");
        let url = format!("/ap/actors/{id}");
        assert_eq!(sent(conn), [("Add".into(), url.clone())]);
        assert_eq!(presented_ids(conn, Page::default()).unwrap().items, [node.origin.actor(id.as_str()).to_string()]);

        let mine = node.origin.actor(id.as_str());
        follower(conn, "Person", "pixelfed.example", &mine);
        let new = NewProducer { headline: Some("uusi otsikko".into()), ..aino() };
        let agreed = consent(&Field::PROFILE);
        let changed = edit(conn, node, Caller::Coordinator, &id, &new, Some(&agreed), later(5)).unwrap();
        assert!(changed.is_some());
        assert_eq!(waiting(conn), 3);
        assert_eq!(edit(conn, node, Caller::Coordinator, &id, &new, Some(&agreed), later(6)).unwrap(), None);
    });
}

#[test]
fn consent_that_is_taken_back_takes_the_text_back() {
    on_both(|conn, node| {
        let id = published(conn, node, &aino(), &Field::PROFILE);
        let bio = BTreeSet::from([Field::Bio]);
        assert!(withdraw(conn, node, Caller::Coordinator, &id, &bio, later(5)).unwrap().is_some());
        assert!(!document(conn, node, &id).to_string().contains("varpusparven"));
        assert_eq!(withdraw(conn, node, Caller::Coordinator, &id, &bio, later(6)).unwrap(), None);

        let name = BTreeSet::from([Field::Name]);
        withdraw(conn, node, Caller::Coordinator, &id, &name, later(7)).unwrap();
        assert_eq!(verbs(conn), ["Add", "Update", "Delete", "Remove"]);
        assert!(by_slug(conn, node.origin.host(), "aino_esimerkki").unwrap().is_none());
        let gone = actor::find(conn, &node.origin.actor(id.as_str())).unwrap().unwrap();
        assert!(gone.deleted_at.is_some());
        assert!(!everything_sent(conn).contains("Aino"), "no copy of the name is left in what was sent");
    });
}

#[test]
fn whoever_comes_back_is_somebody_new_to_the_world() {
    on_both(|conn, node| {
        let id = published(conn, node, &aino(), &Field::PROFILE);
        withdraw(conn, node, Caller::Coordinator, &id, &BTreeSet::from([Field::Name]), later(5)).unwrap();
        edit(conn, node, Caller::Coordinator, &id, &aino(), Some(&consent(&Field::PROFILE)), later(6)).unwrap();
        assert!(needs_key(conn, &id).unwrap());
        publish(conn, node, Caller::Coordinator, &id, key(), later(7)).unwrap();
        let view = by_slug(conn, node.origin.host(), "aino_esimerkki_2").unwrap().unwrap();
        assert_ne!(view.source.id, node.origin.actor(id.as_str()).to_string());
        assert!(
            object::find(conn, &ObjectUrl::from_text(node.origin.actor(id.as_str()).as_str()))
                .unwrap()
                .unwrap()
                .is_deleted()
        );
    });
}

#[test]
fn usernames_are_given_once_and_never_change() {
    on_both(|conn, node| {
        let id = published(conn, node, &aino(), &Field::PROFILE);
        let wish = |username: &str| NewProducer { username: Some(username.into()), ..aino() };
        for taken in ["aino_esimerkki", "pirkanmaa", "relay", "uusimaa"] {
            let refused = add(conn, node, Caller::Coordinator, &wish(taken), None, now());
            assert!(matches!(&refused, Err(Error::Invalid(faults)) if faults[0].reason.id() == "taken"), "{taken}");
        }
        let agreed = consent(&Field::PROFILE);
        let refused = edit(conn, node, Caller::Coordinator, &id, &wish("aino"), Some(&agreed), later(1));
        assert!(matches!(refused, Err(Error::Invalid(faults)) if faults[0].reason.id() == "username-fixed"));
        delete(conn, node, Caller::Coordinator, &id, later(2)).unwrap();
        let again = add(conn, node, Caller::Coordinator, &wish("aino_esimerkki"), None, later(3));
        assert!(matches!(again, Err(Error::Invalid(_))), "not even after a deletion");
    });
}

#[test]
fn a_person_can_see_everything_and_be_forgotten() {
    on_both(|conn, node| {
        let id = published(conn, node, &aino(), &[Field::Name]);
        let all = slice::export(conn, slice::Person::Profile(&id)).unwrap();
        assert!(all.to_string().contains("varpusparven kellotapuli"), "the person sees what nobody else may");
        assert_eq!(all["person"][0]["field"], "name");

        let forget = |conn: &mut Conn, id| slice::forget(conn, node, slice::Person::Profile(id), later(5));
        assert_eq!(forget(conn, &id).unwrap(), 2, "a consent and a profile");
        assert!(matches!(forget(conn, &ProducerId::fresh(now())), Err(Error::NotFound)));
        assert!(find_local(conn, &id).unwrap().is_none());
        assert!(!consented_fields(conn, &id).unwrap().allows(Field::Name));
        assert!(!everything_sent(conn).contains("Aino"));
        assert_eq!(verbs(conn), ["Add", "Delete", "Remove"]);
    });
}

/// What another server has said of her: by her id, by her page, and by a word of the text. A report of others stays.
#[test]
fn reports_about_somebody_go_with_the_profile() {
    on_both(|conn, node| {
        let id = published(conn, node, &aino(), &[Field::Name]);
        let row = find_local(conn, &id).unwrap().unwrap();
        let about = [
            (vec![row.url.as_str()], "Roskaa."),
            (vec![row.page.as_str()], "Roskaa."),
            (vec![], row.page.as_str()),
            (vec!["https://pirkanmaa.example/@joku_muu"], "Roskaa."),
        ];
        for (number, (objects, content)) in about.into_iter().enumerate() {
            let told = (
                reports::activity.eq(format!("https://muu.example/flags/{number}")),
                reports::reporter.eq("https://muu.example/actor"),
                reports::host.eq("muu.example"),
                reports::objects.eq(json!(objects).to_string()),
                reports::content.eq(content),
                reports::received_at.eq(now()),
            );
            store::each!(conn, c => diesel::insert_into(reports::table).values(told).execute(c)).unwrap();
        }
        delete(conn, node, Caller::Coordinator, &id, later(1)).unwrap();
        let left: Vec<String> = reports::table.select(reports::activity).load(conn).unwrap();
        assert_eq!(left, ["https://muu.example/flags/3"]);
    });
}

#[test]
fn a_profile_that_nobody_agreed_to_goes_after_thirty_days() {
    on_both(|conn, node| {
        add(conn, node, Caller::Coordinator, &aino(), None, now()).unwrap();
        add(conn, node, Caller::Coordinator, &aino(), Some(&consent(&[Field::Bio])), now()).unwrap();
        published(conn, node, &aino(), &Field::PROFILE);
        let (before, after) = (later(29 * 24 * 3600), later(31 * 24 * 3600));
        let due = |conn: &mut Conn, now| -> Vec<i64> {
            let all = slice::due(conn, now).unwrap();
            all.into_iter().filter(|one| one.class.contains("nothing may be published")).map(|one| one.rows).collect()
        };
        assert_eq!((due(conn, before), due(conn, after)), (vec![0], vec![1]));
        assert_eq!(slice::let_go(conn, node, after).unwrap(), 1);
        assert_eq!(due(conn, after), [0]);
    });
}

#[test]
fn producers_of_followed_regions_are_taken_in() {
    on_both_stores(|store, node| {
        store
            .write_now(|conn| {
                let elsewhere = Elsewhere::known_to(conn, node, true);
                let id = published(conn, node, &aino(), &Field::PROFILE);
                let ours = by_slug(conn, node.origin.host(), "aino_esimerkki").unwrap().unwrap();
                let text = document(conn, node, &id).to_string();
                let theirs: Value =
                    serde_json::from_str(&text.replace("pirkanmaa.example", "keskisuomi.example")).unwrap();
                assert!(KIND.claims(&theirs));
                let mut take = |document: &Value, now| {
                    receive(store, node, conn, KIND, elsewhere.sends(document, Change::Created, now)).unwrap()
                };
                assert_eq!(take(&theirs, later(60)), Outcome::Applied);
                assert_eq!(take(&theirs, later(61)), Outcome::Duplicate);
                let mut elsewhere_still = theirs.clone();
                elsewhere_still["id"] = json!("https://mastodon.example/users/aino");
                assert_eq!(take(&elsewhere_still, later(62)), Outcome::Ignored(Reason::NotTheOwner));

                let read = by_slug(conn, "keskisuomi.example", "aino_esimerkki").unwrap().unwrap();
                assert_eq!(read.source.region.code(), "13");
                let counts = [false, true]
                    .map(|own| count(conn, &Filter { own, past: true, ..Filter::default() }, now()).unwrap());
                assert_eq!(counts, [2, 1], "all, and our own");
                assert_eq!(read.handle, "@aino_esimerkki@keskisuomi.example");
                let mut expected = ours.clone();
                (expected.source, expected.handle, expected.updated) =
                    (read.source.clone(), read.handle.clone(), read.updated);
                assert_eq!(read, expected);
                KIND.forget(conn, &ObjectUrl::from_text(read.source.id.as_str())).unwrap();
                assert!(by_slug(conn, "keskisuomi.example", "aino_esimerkki").unwrap().is_none());
                Ok::<_, store::Error>(())
            })
            .unwrap();
    });
}

#[test]
fn other_people_of_the_fediverse_are_no_producers() {
    let person = json!({"type": "Person", "id": "https://mastodon.example/users/a", "preferredUsername": "a",
        "inbox": "https://mastodon.example/users/a/inbox", "attachment": []});
    assert!(!KIND.claims(&person));
}

#[test]
fn a_log_never_has_what_a_person_told() {
    assert!(!format!("{:?}", aino()).contains("Aino"));
    on_both(|conn, node| {
        let id = add(conn, node, Caller::Coordinator, &aino(), None, now()).unwrap();
        let row = find_local(conn, &id).unwrap();
        assert!(!format!("{row:?}").contains("Aino"));
        assert!(actor::find(conn, &ActorUrl::from_text("https://nobody.example/")).unwrap().is_none());
    });
}

#[test]
fn what_is_wrong_with_a_profile() {
    type Changes = fn(&mut NewProducer);
    let cases: [(Changes, &str); 7] = [
        (|one| one.name = "A".into(), "name: is shorter than 2 characters"),
        (|one| one.headline = Some("a".repeat(161)), "headline: is longer than 160 characters"),
        (|one| one.skills.push("loitsut".into()), "skills: \"loitsut\" is not a known skill"),
        (|one| one.languages = vec!["suomi".into()], "languages: \"suomi\" is not a language code"),
        (|one| one.links = vec!["javascript:alert(1)".into()], "links: \"javascript:alert(1)\" is not a link"),
        (|one| one.username = Some("Aino!".into()), "username: \"Aino!\" is not a username: use a-z, 0-9 and _"),
        (|one| one.languages = vec!["fi".into(); 11], "languages: has more than 10 entries"),
    ];
    assert_eq!(check(&aino()), []);
    for (change, expected) in cases {
        let mut one = aino();
        change(&mut one);
        let found: Vec<String> = check(&one).iter().map(ToString::to_string).collect();
        assert_eq!(found, [expected]);
    }
}
