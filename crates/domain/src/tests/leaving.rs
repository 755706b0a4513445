//! Leaving, staying after all, and staying gone.

use crate::leaving::{REGRET, ask, due, finish, is_any_known, mark, replay, stay};
use crate::person::{Field, account, history, letter};
use crate::producer::own::tests::{member, published, with_profile};
use crate::producer::{by_slug, own};
use crate::slice::{self, Person};
use crate::testing::{everything_indexed, everything_sent, follower, later, now, on_both, on_both_stores, verbs};
use crate::{Caller, Error, Language, message};
use federation::{actor, object};
use std::collections::BTreeSet;
use store::Conn;
use store::id::ObjectUrl;

const FIELDS: [Field; 3] = [Field::Name, Field::Headline, Field::Portfolio];

#[test]
fn who_leaves_is_hidden_at_once_and_may_stay_after_all() {
    on_both(|conn, node| {
        let aino = with_profile(conn, node);
        let id = published(conn, node, &aino, &FIELDS);
        let url = node.origin.actor(id.as_str());
        follower(conn, "Person", "mastodon.example", &url);
        let seen = |conn: &mut Conn| by_slug(conn, node.origin.host(), "aino_esimerkki").unwrap();
        let before = seen(conn).expect("published");

        let at = ask(conn, node, &aino.id, later(5)).unwrap();
        assert_eq!(at, later(5).plus(REGRET));
        assert_eq!(ask(conn, node, &aino.id, later(50)).unwrap(), at, "asked twice is asked once");
        assert!(seen(conn).is_none());
        let all = [everything_sent(conn), everything_indexed(conn).join(" ")].concat();
        for gone in ["Aino Esimerkki", "koivunkannon", "oratorio"] {
            assert!(!all.contains(gone), "{gone} is still told");
        }
        let document = actor::find(conn, &url).unwrap().unwrap().parsed();
        assert_eq!(document["attachment"].as_array().map(Vec::len), Some(0));
        assert_eq!(verbs(conn), ["Add", "Update"]);
        assert!(due(conn, later(6)).unwrap().is_empty());

        stay(conn, node, &aino.id, later(100)).unwrap();
        assert!(account::find(conn, &aino.id).unwrap().unwrap().leaves_at.is_none());
        let after = seen(conn).expect("it is there again");
        assert_eq!((after.name, after.headline, after.source.id), (before.name, before.headline, before.source.id));
        assert_eq!(verbs(conn), ["Add", "Update", "Update"]);
    });
}

#[test]
fn after_a_week_everything_is_gone() {
    on_both(|conn, node| {
        let aino = with_profile(conn, node);
        let id = published(conn, node, &aino, &FIELDS);
        let url = node.origin.actor(id.as_str());
        follower(conn, "Person", "mastodon.example", &url);
        letter::ask_for_link(conn, &aino.mail, Language::Fi, now()).unwrap();
        let at = ask(conn, node, &aino.id, later(5)).unwrap();
        assert_eq!(due(conn, at).unwrap(), std::slice::from_ref(&aino.id));
        assert!(finish(conn, node, &aino.id, at).unwrap() >= 2);

        assert!(account::find(conn, &aino.id).unwrap().is_none() && own::find(conn, &aino.id).unwrap().is_none());
        assert!(object::find(conn, &ObjectUrl::from_text(url.as_str())).unwrap().unwrap().is_deleted());
        assert_eq!(verbs(conn), ["Add", "Update", "Delete", "Remove"]);
        let gone = actor::find_local(conn, "aino_esimerkki").unwrap().expect("the name is not given again");
        assert!(gone.deleted_at.is_some() && !format!("{gone:?}").contains("esimerkki"), "{gone:?}");
        assert!(history(conn, &id).unwrap().iter().all(|one| !one["withdrawn"].is_null()));
        assert!(matches!(slice::export(conn, Person::Account(&aino.id)), Err(Error::NotFound)));
        assert!(matches!(finish(conn, node, &aino.id, at), Err(Error::NotFound)));
    });
}

#[test]
fn who_holds_a_position_hands_it_over_first() {
    on_both(|conn, node| {
        let aino = member(conn, "aino@kulma.example");
        let new = crate::person::Appointment {
            position: crate::person::Position::Deputy,
            mail: aino.mail.clone(),
            name: String::new(),
            language: Language::Fi,
        };
        crate::person::position::appoint(conn, Caller::Coordinator, &new, now()).unwrap();
        let refused = ask(conn, node, &aino.id, now());
        assert!(matches!(refused, Err(Error::Refused(key)) if key.message == message::HAND_OVER_FIRST));
    });
}

#[test]
fn c23_an_older_copy_does_not_bring_anybody_back() {
    on_both(|conn, node| {
        let aino = with_profile(conn, node);
        published(conn, node, &aino, &FIELDS);
        let otso = member(conn, "otso@kulma.example");
        // What a restored copy has: the person is there, and the list knows better.
        let marks = BTreeSet::from([mark(aino.id.as_str()), mark("somebody else")]);
        assert!(is_any_known(conn, &marks).unwrap());
        assert_eq!(replay(conn, node, &marks, later(5)).unwrap(), 1);
        assert!(account::find(conn, &aino.id).unwrap().is_none());
        assert!(account::find(conn, &otso.id).unwrap().is_some());
        assert!(by_slug(conn, node.origin.host(), "aino_esimerkki").unwrap().is_none());
        assert!(!is_any_known(conn, &marks).unwrap());
        assert_eq!(replay(conn, node, &marks, later(6)).unwrap(), 0);
    });
}

/// C23: after the erasure the very bytes are gone, from the file, its WAL and the index of words.
#[test]
fn c23_no_byte_of_who_left_is_in_the_database_files() {
    on_both_stores(|store, node| {
        let store::DatabaseUrl::Sqlite(file) = store.url().clone() else { return };
        let bytes = || {
            let wal = std::path::PathBuf::from(format!("{}-wal", file.display()));
            let mut all = std::fs::read(&file).unwrap();
            all.extend(std::fs::read(wal).unwrap_or_default());
            all
        };
        let has = |all: &[u8], word: &str| all.windows(word.len()).any(|window| window == word.as_bytes());
        let words =
            ["Aino Esimerkki", "aino_esimerkki", "koivunkannon", "varpusparven", "oratorio", "aino@kulma", "koivunkan"];
        let id = store
            .write_now(|conn| {
                let aino = with_profile(conn, node);
                published(conn, node, &aino, &FIELDS);
                Ok::<_, Error>(aino.id)
            })
            .unwrap();
        let before = bytes();
        assert!(words.iter().all(|word| has(&before, word)), "the test looks in the right place");
        store.write_now(|conn| ask(conn, node, &id, later(5)).map(|_| ())).unwrap();
        store.write_now(|conn| finish(conn, node, &id, later(6)).map(|_| ())).unwrap();
        assert!(store.scrub().unwrap());
        let after = bytes();
        for word in words {
            assert!(!has(&after, word), "{word} is still in the file");
        }
    });
}
