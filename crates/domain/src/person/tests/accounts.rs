//! Who holds what, and what lets them in and how long.

use crate::person::position::{appoint, dismiss};
use crate::person::*;
use crate::slice::{self, Person};
use crate::testing::{later, now, on_both, on_both_stores};
use crate::{Caller, Error, Language};
use std::time::Duration;
use store::Conn;

const DAY: u64 = 24 * 3600;

pub(super) fn address(text: &str) -> MailAddress {
    MailAddress::parse(text).expect("an address")
}

fn appointment(position: Position, mail: &str) -> Appointment {
    Appointment { position, mail: address(mail), name: "Aino Esimerkki".into(), language: Language::Sv }
}

/// Aino, the coordinator.
pub(super) fn aino(conn: &mut Conn) -> Account {
    appoint(conn, Caller::Coordinator, &appointment(Position::Coordinator, "aino@kulma.example"), now()).unwrap()
}

/// Signs in; the token of the session.
fn signed_in(conn: &mut Conn, account: &Account, at: store::Timestamp) -> Secret {
    let (link, session) = (Secret::fresh(), Secret::fresh());
    assert!(link::make(conn, &account.id, &link, at).unwrap());
    assert_eq!(link::enter(conn, &link, &session, at).unwrap().unwrap().id, account.id);
    session
}

#[test]
fn positions_are_given_and_taken() {
    on_both(|conn, _| {
        assert!(!position::is_held(conn, Position::Coordinator).unwrap());
        let aino = aino(conn);
        assert_eq!((aino.language, aino.mail.as_str()), (Language::Sv, "aino@kulma.example"));
        assert!(position::is_held(conn, Position::Coordinator).unwrap());
        assert!(!position::is_held(conn, Position::Deputy).unwrap());

        let again = appointment(Position::Coordinator, "Aino@Kulma.example");
        assert!(matches!(appoint(conn, Caller::Coordinator, &again, later(1)), Err(Error::Conflict(_))));
        let older = signed_in(conn, &aino, later(1));
        let second = Appointment { name: String::new(), ..appointment(Position::DataContact, "aino@kulma.example") };
        assert_eq!(appoint(conn, Caller::Coordinator, &second, later(1)).unwrap().id, aino.id, "known by the address");
        assert!(session::find(conn, &older, later(1)).unwrap().is_none(), "it was begun without the position");
        assert_eq!(position::of(conn, &aino.id).unwrap(), [Position::Coordinator, Position::DataContact]);

        let nameless = Appointment { name: " ".into(), ..appointment(Position::Deputy, "new@kulma.example") };
        assert!(matches!(appoint(conn, Caller::Coordinator, &nameless, now()), Err(Error::Invalid(_))));
        let stranger = appointment(Position::Deputy, "eve@evil.example");
        assert!(matches!(appoint(conn, Caller::Anyone, &stranger, now()), Err(Error::Forbidden(_))));

        let session = signed_in(conn, &aino, later(2));
        let take = |conn: &mut Conn, caller, position| dismiss(conn, caller, position, &aino.mail, later(3));
        assert!(matches!(take(conn, Caller::Anyone, Position::Coordinator), Err(Error::Forbidden(_))));
        assert!(matches!(take(conn, Caller::Coordinator, Position::Deputy), Err(Error::NotFound)));
        take(conn, Caller::Coordinator, Position::Coordinator).unwrap();
        assert!(session::find(conn, &session, later(3)).unwrap().is_none(), "what was open is open no more");
        assert_eq!(position::of(conn, &aino.id).unwrap(), [Position::DataContact]);
    });
}

#[test]
fn on_whose_behalf() {
    for (positions, expected) in [
        (&[][..], Caller::Anyone),
        (&[Position::DataContact, Position::HarassmentContact][..], Caller::Anyone),
        (&[Position::Deputy][..], Caller::Coordinator),
        (&[Position::Coordinator, Position::DataContact][..], Caller::Coordinator),
    ] {
        assert_eq!(position::caller(positions), expected, "{positions:?}");
    }
    for position in Position::ALL {
        assert_eq!(Position::parse(position.as_str()), Some(position));
    }
    assert_eq!(Position::parse("king"), None);
}

#[test]
fn c22_a_link_is_good_once_and_for_a_quarter_of_an_hour() {
    on_both(|conn, _| {
        let aino = aino(conn);
        let (link, session) = (Secret::fresh(), Secret::fresh());
        link::make(conn, &aino.id, &link, now()).unwrap();
        let life = link::LIFE.as_secs();
        assert!(link::read(conn, &link, later(life - 1)).unwrap().is_some());
        assert!(link::read(conn, &link, later(life - 1)).unwrap().is_some(), "to look does not use it up");
        assert!(link::read(conn, &link, later(life)).unwrap().is_none(), "too old");
        assert!(link::enter(conn, &link, &session, later(life)).unwrap().is_none(), "too old");
        assert!(link::enter(conn, &Secret::fresh(), &session, now()).unwrap().is_none(), "guessed");
        assert!(session::find(conn, &session, now()).unwrap().is_none());

        let other = Secret::fresh();
        link::make(conn, &aino.id, &other, now()).unwrap();
        assert!(link::enter(conn, &link, &session, later(60)).unwrap().is_some());
        let visitor = session::find(conn, &session, later(60)).unwrap().unwrap();
        assert_eq!((visitor.account.id, visitor.positions), (aino.id, vec![Position::Coordinator]));
        for used in [&link, &other] {
            assert!(link::enter(conn, used, &Secret::fresh(), later(61)).unwrap().is_none());
        }
    });
}

/// Two browsers that press the button at the same moment: one is in.
#[test]
fn c22_a_race_for_one_link_has_one_winner() {
    on_both_stores(|store, _| {
        let link = Secret::fresh();
        store
            .write_now(|conn| {
                {
                    let aino = aino(conn);
                    link::make(conn, &aino.id, &link, now())
                }
                .map_err(store::Error::from)
            })
            .unwrap();
        let enter =
            || store.write_now(|conn| link::enter(conn, &link, &Secret::fresh(), now()).map_err(store::Error::from));
        let entered: Vec<bool> = std::thread::scope(|scope| {
            let racing: Vec<_> = (0..4).map(|_| scope.spawn(enter)).collect();
            racing.into_iter().map(|one| one.join().unwrap().unwrap().is_some()).collect()
        });
        assert_eq!(entered.iter().filter(|entered| **entered).count(), 1, "{entered:?}");
    });
}

#[test]
fn links_are_few() {
    on_both(|conn, _| {
        let aino = aino(conn);
        for _ in 0..link::MOST {
            assert!(link::make(conn, &aino.id, &Secret::fresh(), now()).unwrap());
        }
        assert!(!link::make(conn, &aino.id, &Secret::fresh(), later(1)).unwrap());
        assert!(
            link::make(conn, &aino.id, &Secret::fresh(), later(link::LIFE.as_secs())).unwrap(),
            "the old ones are over"
        );
    });
}

#[test]
fn sessions_end_by_themselves() {
    on_both(|conn, _| {
        let aino = aino(conn);
        let session = signed_in(conn, &aino, now());
        let idle = session::IDLE.as_secs();
        let at = |conn: &mut Conn, seconds| session::find(conn, &session, later(seconds)).unwrap();
        assert!(!at(conn, 60).unwrap().to_note, "not every look is a write");
        assert!(at(conn, 3600).unwrap().to_note);
        assert!(at(conn, idle - 1).is_some());
        assert!(at(conn, idle).is_none(), "not used for a week");
        let whole = session::WHOLE.as_secs();
        for day in (5..whole / DAY).step_by(5) {
            assert!(at(conn, day * DAY).is_some(), "used on day {day}");
            session::note(conn, &session, later(day * DAY)).unwrap();
        }
        assert!(at(conn, whole - 1).is_some());
        assert!(at(conn, whole).is_none(), "a month is the end");
    });
}

#[test]
fn c20_all_sessions_end_with_the_address_and_when_their_person_says_so() {
    on_both(|conn, _| {
        let aino = aino(conn);
        let (one, other) = (signed_in(conn, &aino, now()), signed_in(conn, &aino, now()));
        session::end(conn, &one).unwrap();
        assert!(session::find(conn, &one, now()).unwrap().is_none());
        assert!(session::find(conn, &other, now()).unwrap().is_some(), "the other browser stays");
        let third = signed_in(conn, &aino, now());
        assert_eq!(session::end_all(conn, &aino.id).unwrap(), 2);

        let (fourth, link) = (signed_in(conn, &aino, now()), Secret::fresh());
        link::make(conn, &aino.id, &link, now()).unwrap();
        let new = address("aino@uusi.example");
        assert!(matches!(account::readdress(conn, Caller::Anyone, &aino.mail, &new, now()), Err(Error::Forbidden(_))));
        account::readdress(conn, Caller::Coordinator, &aino.mail, &new, now()).unwrap();
        for ended in [&other, &third, &fourth] {
            assert!(session::find(conn, ended, now()).unwrap().is_none());
        }
        assert!(link::read(conn, &link, now()).unwrap().is_none(), "a link that went to the old address");
        assert!(account::find_by_mail(conn, &aino.mail).unwrap().is_none());
        assert!(matches!(account::readdress(conn, Caller::Coordinator, &aino.mail, &new, now()), Err(Error::NotFound)));
        assert!(matches!(account::readdress(conn, Caller::Coordinator, &new, &new, now()), Err(Error::Conflict(_))));
    });
}

#[test]
fn what_is_over_goes_and_what_is_not_stays() {
    on_both(|conn, node| {
        let aino = aino(conn);
        let kept = signed_in(conn, &aino, now());
        link::make(conn, &aino.id, &Secret::fresh(), now()).unwrap();
        letter::ask_for_link(conn, &aino.mail, Language::Fi, now()).unwrap();
        let rows = |conn: &mut Conn, seconds| -> Vec<i64> {
            slice::due(conn, later(seconds))
                .unwrap()
                .iter()
                .filter(|due| due.slice == "person")
                .map(|due| due.rows)
                .collect()
        };
        assert_eq!(rows(conn, 60), [0; 8]);
        assert_eq!(rows(conn, 8 * DAY), [0, 1, 1, 0, 0, 0, 1, 0], "a link, a session, a letter");
        assert_eq!(slice::let_go(conn, node, later(3600)).unwrap(), 1, "the link");
        assert!(session::find(conn, &kept, later(3600)).unwrap().is_some());
        assert_eq!(slice::let_go(conn, node, later(8 * DAY)).unwrap(), 2);

        assert_eq!(rows(conn, 400 * DAY), [0; 8], "who holds a position is kept");
        dismiss(conn, Caller::Coordinator, Position::Coordinator, &aino.mail, later(400 * DAY)).unwrap();
        assert_eq!(rows(conn, 429 * DAY), [0; 8]);
        assert_eq!(slice::let_go(conn, node, later(431 * DAY)).unwrap(), 1);
        assert!(account::find(conn, &aino.id).unwrap().is_none());
    });
}

#[test]
fn an_account_is_told_whole_and_forgotten_whole() {
    on_both(|conn, node| {
        let aino = aino(conn);
        let session = signed_in(conn, &aino, now());
        letter::ask_for_link(conn, &aino.mail, Language::Fi, now()).unwrap();
        let all = slice::export(conn, Person::Account(&aino.id)).unwrap();
        assert_eq!(all["person"]["mail"], "aino@kulma.example");
        assert_eq!(all["person"]["positions"][0], "coordinator");
        assert_eq!(all["person"]["sessions"].as_array().unwrap().len(), 1);
        assert!(!all.to_string().contains(session.reveal()) && !all.to_string().contains(&session.hash()));

        assert_eq!(
            slice::forget(conn, node, Person::Account(&aino.id), now()).unwrap(),
            2,
            "the account, and that she was appointed"
        );
        assert!(session::find(conn, &session, now()).unwrap().is_none());
        assert!(!position::is_held(conn, Position::Coordinator).unwrap());
        assert!(!letter::is_any_due(conn, now().plus(Duration::from_secs(1))).unwrap());
        assert!(matches!(slice::forget(conn, node, Person::Account(&aino.id), now()), Err(Error::NotFound)));
        assert!(matches!(slice::export(conn, Person::Account(&aino.id)), Err(Error::NotFound)));
    });
}
