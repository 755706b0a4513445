use crate::person::*;
use crate::testing::{later, now, on_both};
use std::collections::BTreeSet;
use store::id::ProducerId;

fn consent(fields: &[Field], text: &str) -> Consent {
    Consent {
        fields: fields.iter().copied().collect(),
        text: text.to_owned(),
        channel: "import".to_owned(),
        given: now(),
        shown: None,
    }
}

#[test]
fn nothing_is_agreed_to_until_somebody_says_so() {
    on_both(|conn, _| {
        let person = ProducerId::fresh(now());
        let none = consented_fields(conn, &person).unwrap();
        assert!(Field::PROFILE.iter().all(|field| !none.allows(*field)));
        assert_eq!(none.only(Field::Name, Some(1)), None);

        record(conn, &person, &consent(&[Field::Name, Field::Bio], "t1")).unwrap();
        let some = consented_fields(conn, &person).unwrap();
        assert!(some.allows(Field::Name) && some.allows(Field::Bio) && !some.allows(Field::Skills));

        assert_eq!(withdraw(conn, &person, &BTreeSet::from([Field::Bio]), later(1)).unwrap(), 1);
        assert_eq!(withdraw(conn, &person, &BTreeSet::from([Field::Bio]), later(2)).unwrap(), 0);
        assert!(!consented_fields(conn, &person).unwrap().allows(Field::Bio));
        assert_eq!(history(conn, &person).unwrap().len(), 2);
    });
}

#[test]
fn a_new_consent_replaces_the_old_one_and_leaves_its_trace() {
    on_both(|conn, _| {
        let person = ProducerId::fresh(now());
        let first = consent(&[Field::Name, Field::Bio], "t1");
        replace(conn, &person, Some(&first), now()).unwrap();
        replace(conn, &person, Some(&first), later(1)).unwrap();
        assert_eq!(history(conn, &person).unwrap().len(), 2, "the same consent is noted once");

        replace(conn, &person, Some(&consent(&[Field::Name], "t2")), later(2)).unwrap();
        let history = history(conn, &person).unwrap();
        let in_force: Vec<_> = history.iter().filter(|one| one["withdrawn"].is_null()).collect();
        assert_eq!((history.len(), in_force.len()), (3, 1));
        assert_eq!((in_force[0]["field"].as_str(), in_force[0]["text"].as_str()), (Some("name"), Some("t2")));

        replace(conn, &person, None, later(3)).unwrap();
        assert!(!consented_fields(conn, &person).unwrap().allows(Field::Name));
    });
}

#[test]
fn a_consent_that_ended_is_kept_for_three_years() {
    on_both(|conn, node| {
        let person = ProducerId::fresh(now());
        record(conn, &person, &consent(&[Field::Name, Field::Bio], "t1")).unwrap();
        withdraw(conn, &person, &BTreeSet::from([Field::Bio]), now()).unwrap();
        let year = 365 * 24 * 3600;
        let rule = &SLICE.retention[0];
        assert_eq!((rule.due)(conn, later(3 * year - 1)).unwrap(), 0);
        assert_eq!((rule.due)(conn, later(3 * year + 1)).unwrap(), 1);
        assert_eq!((rule.apply)(conn, node, later(3 * year + 1)).unwrap(), 1);
        assert_eq!(history(conn, &person).unwrap().len(), 1, "what is in force stays");
    });
}

#[test]
fn a_file_does_not_give_again_what_a_person_took_back() {
    on_both(|conn, _| {
        let person = ProducerId::fresh(now());
        let given = consent(&[Field::Name, Field::Bio], "t1");
        replace(conn, &person, Some(&given), now()).unwrap();
        assert_eq!(still_given(conn, &person, &given).unwrap(), given);
        withdraw(conn, &person, &BTreeSet::from([Field::Bio]), later(1)).unwrap();
        assert_eq!(still_given(conn, &person, &given).unwrap().fields, BTreeSet::from([Field::Name]));
        let anew = Consent { given: later(60), ..given };
        assert_eq!(still_given(conn, &person, &anew).unwrap(), anew);
    });
}
