use super::representative::NewRepresentative;
use super::*;
use crate::audit::By;
use crate::person::{MailAddress, account};
use crate::slice::{self, Person};
use crate::testing::{Elsewhere, follower, key, later, now, on_both, on_both_stores, receive, verbs, waiting};
use crate::view::{Filter, Page};
use crate::{Caller, Error, Language, Node};
use federation::actor;
use federation::kind::{Change, Outcome, Reason};
use serde_json::Value;
use store::Conn;
use store::id::OrganisationId;

fn school() -> NewOrganisation {
    NewOrganisation {
        name: "Tampereen ammattikorkeakoulu".into(),
        kind: "education".into(),
        municipality: Some("Tampere".into()),
        website: Some("https://www.tuni.example/fi/tamk".into()),
        description: Description {
            fi: Some("Monialainen <koulu> & enemmän.\n\nToinen kappale.".into()),
            sv: None,
            en: Some("A university.".into()),
        },
        username: Some("tamk".into()),
    }
}

fn added(conn: &mut Conn, node: &Node, new: &NewOrganisation) -> OrganisationId {
    add(conn, node, Caller::Coordinator, new, key(), now()).expect("an organisation")
}

fn document(conn: &mut Conn, node: &Node, id: &OrganisationId) -> Value {
    actor::find(conn, &node.origin.actor(id.as_str())).unwrap().expect("an actor").parsed()
}

#[test]
fn the_life_of_an_organisation() {
    on_both(|conn, node| {
        let region = crate::region::presenter(conn).unwrap();
        follower(conn, "Application", "kansallinen.example", &region);
        let id = added(conn, node, &school());
        let served = document(conn, node, &id);
        let pem = serde_json::to_string(&served["publicKey"]["publicKeyPem"]).unwrap();
        let text = served.to_string().replace(id.as_str(), "UUID").replace(pem.trim_matches('"'), "PEM");
        insta::assert_json_snapshot!("organisation", serde_json::from_str::<Value>(&text).unwrap());
        assert_eq!(presented_ids(conn, Page::default()).unwrap().total, 1);

        let coordinator = Caller::Coordinator;
        assert_eq!(edit(conn, node, coordinator, &id, &school(), later(1)).unwrap(), None);
        let new = NewOrganisation { municipality: None, ..school() };
        assert!(edit(conn, node, coordinator, &id, &new, later(2)).unwrap().is_some());
        let renamed = NewOrganisation { username: Some("tuni".into()), ..school() };
        assert!(matches!(edit(conn, node, coordinator, &id, &renamed, later(3)), Err(Error::Invalid(_))));
        let again = add(conn, node, coordinator, &school(), key(), now());
        assert!(matches!(again, Err(Error::Invalid(faults)) if faults[0].reason.id() == "taken"));

        delete(conn, node, coordinator, &id, later(4)).unwrap();
        assert_eq!(verbs(conn), ["Add", "Update", "Delete", "Remove"]);
        assert_eq!(waiting(conn), 2, "what was not yet said of it is not said any more");
        assert!(by_slug(conn, node.origin.host(), "tamk").unwrap().is_none());
    });
}

#[test]
fn organisations_of_followed_regions_are_taken_in() {
    on_both_stores(|store, node| {
        store
            .write_now(|conn| {
                let elsewhere = Elsewhere::known_to(conn, node, true);
                let id = added(conn, node, &school());
                let ours = by_slug(conn, node.origin.host(), "tamk").unwrap().unwrap();
                let text = document(conn, node, &id).to_string();
                let theirs: Value =
                    serde_json::from_str(&text.replace("pirkanmaa.example", "keskisuomi.example")).unwrap();
                assert!(KIND.claims(&theirs));
                let received = elsewhere.sends(&theirs, Change::Created, later(60));
                assert_eq!(receive(store, node, conn, KIND, received).unwrap(), Outcome::Applied);
                let mut person = theirs.clone();
                person["type"] = "Person".into();
                let received = elsewhere.sends(&person, Change::Updated, later(61));
                assert_eq!(receive(store, node, conn, KIND, received).unwrap(), Outcome::Ignored(Reason::Unusable));

                let read = by_slug(conn, "keskisuomi.example", "tamk").unwrap().unwrap();
                let mut expected = ours.clone();
                (expected.source, expected.handle, expected.updated) =
                    (read.source.clone(), read.handle.clone(), read.updated);
                assert_eq!(read, expected);
                assert_eq!(list(conn, &Filter::default(), now()).unwrap().total, 2);
                let search = Filter { text: Some("monialainen".into()), ..Filter::default() };
                assert_eq!(count(conn, &search, now()).unwrap(), 2);
                let counts = [false, true]
                    .map(|own| count(conn, &Filter { own, past: true, ..Filter::default() }, now()).unwrap());
                assert_eq!(counts, [2, 1], "all, and our own");
                Ok::<_, store::Error>(())
            })
            .unwrap();
    });
}

#[test]
fn a_description_falls_back_to_another_language() {
    let description = school().description;
    assert_eq!(description.get(Language::En), Some("A university."));
    assert_eq!(description.get(Language::Sv), description.get(Language::Fi));
    assert_eq!(Description::default().get(Language::Fi), None);
    for kind in KINDS {
        assert_eq!(types::kind_of(kind_word(kind, Language::Sv)), Some(kind));
    }
}

#[test]
fn who_speaks_for_an_organisation_is_kept_until_that_ends() {
    const MONTH: u64 = 40 * 24 * 3600;
    on_both(|conn, node| {
        let (id, by) = (added(conn, node, &school()), By::OPERATOR);
        let new = NewRepresentative {
            mail: MailAddress::parse("aino@tamk.example").unwrap(),
            name: "Aino".into(),
            language: Language::Fi,
        };
        let refused = representative::name(conn, Caller::Anyone, &by, &id, &new, now());
        assert!(matches!(refused, Err(Error::Forbidden(_))));
        let named = |conn: &mut Conn, at| representative::name(conn, Caller::Coordinator, &by, &id, &new, at);
        let aino = named(conn, now()).unwrap();
        assert!(matches!(named(conn, now()), Err(Error::Conflict(_))));

        // Nothing else keeps the account.
        slice::let_go(conn, node, later(MONTH)).unwrap();
        assert!(account::find(conn, &aino.id).unwrap().is_some());
        representative::end(conn, &by, &id, &aino.id, later(MONTH)).unwrap();
        assert!(matches!(representative::end(conn, &by, &id, &aino.id, later(MONTH)), Err(Error::NotFound)));
        slice::let_go(conn, node, later(MONTH + 1)).unwrap();
        assert!(account::find(conn, &aino.id).unwrap().is_some(), "thirty days from then on");
        slice::let_go(conn, node, later(2 * MONTH)).unwrap();
        assert!(account::find(conn, &aino.id).unwrap().is_none());

        // It goes with the person, and with the organisation.
        let aino = named(conn, later(2 * MONTH)).unwrap();
        slice::forget(conn, node, Person::Account(&aino.id), later(2 * MONTH)).unwrap();
        assert!(representative::representatives(conn, &id).unwrap().is_empty());
        let aino = named(conn, later(2 * MONTH)).unwrap();
        let edit = |conn: &mut Conn, new: &NewOrganisation| {
            representative::edit_as_representative(conn, node, &aino.id, &id, new, later(2 * MONTH))
        };
        let changed = NewOrganisation { municipality: Some("Nokia".into()), ..school() };
        edit(conn, &changed).unwrap();
        assert!(matches!(edit(conn, &NewOrganisation { name: String::new(), ..changed }), Err(Error::Invalid(_))));
        assert_eq!(verbs(conn), ["Add", "Update"]);
        delete(conn, node, Caller::Coordinator, &id, later(2 * MONTH)).unwrap();
        assert!(representative::represented(conn, &aino.id).unwrap().is_empty());
        assert!(matches!(edit(conn, &school()), Err(Error::NotFound)));
    });
}
