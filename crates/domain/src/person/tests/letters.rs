//! The queue of mail.

use super::accounts::{address, aino};
use crate::Language;
use crate::person::letter::{Says, Waiting, ask_for_link, claim, failed, is_any_due, prepare, sent};
use crate::person::{Secret, link};
use crate::testing::{later, now, on_both};
use diesel::prelude::*;
use store::schema::letters;
use store::{Conn, Timestamp};

fn only(conn: &mut Conn, at: Timestamp) -> Waiting {
    let mut claimed = claim(conn, 10, at).unwrap();
    assert_eq!(claimed.len(), 1);
    claimed.remove(0)
}

fn waiting(conn: &mut Conn) -> i64 {
    letters::table.count().get_result(conn).unwrap()
}

/// C22: known or not, the same row is written; only who sends it finds out.
#[test]
fn c22_who_asks_learns_nothing_of_who_is_known() {
    on_both(|conn, _| {
        let aino = aino(conn);
        let stranger = address("nobody@nowhere.example");
        for mail in [&aino.mail, &stranger] {
            assert!(ask_for_link(conn, mail, Language::En, now()).unwrap());
        }
        let claimed = claim(conn, 10, now()).unwrap();
        assert_eq!(claimed.len(), 2);
        let link = Secret::fresh();
        let letter = prepare(conn, &claimed[0], &link, now()).unwrap().expect("Aino gets a letter");
        assert!(matches!(&letter.says, Says::SignIn(secret) if *secret == link));
        assert_eq!((letter.mail, letter.language), (aino.mail, Language::En));
        assert!(link::read(conn, &link, now()).unwrap().is_some());
        sent(conn, &claimed[0]).unwrap();
        assert!(prepare(conn, &claimed[1], &Secret::fresh(), now()).unwrap().is_none(), "nobody to write to");
        assert_eq!(waiting(conn), 0);
    });
}

#[test]
fn a_letter_is_held_by_one_and_taken_over_when_that_one_died() {
    on_both(|conn, _| {
        let aino = aino(conn);
        ask_for_link(conn, &aino.mail, Language::Fi, now()).unwrap();
        assert!(is_any_due(conn, now()).unwrap());
        only(conn, now());
        assert!(!is_any_due(conn, later(1)).unwrap());
        assert!(claim(conn, 10, later(119)).unwrap().is_empty());
        only(conn, later(120));
    });
}

#[test]
fn what_does_not_leave_is_tried_again_with_another_link() {
    on_both(|conn, _| {
        let aino = aino(conn);
        ask_for_link(conn, &aino.mail, Language::Fi, now()).unwrap();
        let (mut at, mut tries) = (now(), 0);
        loop {
            let held = only(conn, at);
            let link = Secret::fresh();
            assert!(prepare(conn, &held, &link, at).unwrap().is_some(), "its links do not add up");
            tries += 1;
            let again = failed(conn, &held, &link, false, at).unwrap();
            assert!(link::read(conn, &link, at).unwrap().is_none(), "a link that reached nobody is good for nothing");
            if !again {
                break;
            }
            assert!(!is_any_due(conn, at).unwrap(), "not at once");
            at = at.plus(std::time::Duration::from_secs(3840));
        }
        assert_eq!((tries, waiting(conn)), (8, 0));

        ask_for_link(conn, &aino.mail, Language::Fi, now()).unwrap();
        let held = only(conn, now());
        assert!(!failed(conn, &held, &Secret::fresh(), true, now()).unwrap(), "an address that takes nothing");
        assert_eq!(waiting(conn), 0);
    });
}

#[test]
fn one_address_gets_few_letters() {
    on_both(|conn, _| {
        let aino = aino(conn);
        for _ in 0..10 {
            assert!(ask_for_link(conn, &aino.mail, Language::Fi, now()).unwrap(), "in silence");
        }
        assert_eq!(waiting(conn), 3);
        for held in claim(conn, 10, now()).unwrap() {
            assert!(prepare(conn, &held, &Secret::fresh(), now()).unwrap().is_some());
            sent(conn, &held).unwrap();
        }
        ask_for_link(conn, &aino.mail, Language::Fi, later(60)).unwrap();
        let held = only(conn, later(60));
        assert!(prepare(conn, &held, &Secret::fresh(), later(60)).unwrap().is_none(), "three links are good already");
        assert_eq!(waiting(conn), 0);
    });
}
