//! Members who stay away, by a clock that is turned.

use super::*;
use crate::person::letter::Says;
use crate::person::{Account, Appointment, Field, Position, Secret, link, position};
use crate::producer::own::tests::{member, published, with_profile};
use crate::producer::{by_slug, own};
use crate::slice::{self, Person};
use crate::testing::{everything_sent, follower, later, now, on_both};
use crate::{Caller, Language, leaving};

const DAY: u64 = 24 * 3600;
/// How often the job is run: between the first letter and the second lie four times as many days.
const OFTEN: usize = 38;

fn on_day(day: u64) -> Timestamp {
    later(day * DAY)
}

/// The nightly job.
fn job(conn: &mut Conn, node: &Node, day: u64) {
    slice::let_go(conn, node, on_day(day)).unwrap();
}

/// What the letters say that leave on this day, and to whom.
fn leave(conn: &mut Conn, day: u64) -> Vec<(String, Language, Says)> {
    let mut all = Vec::new();
    for waiting in letter::claim(conn, 10, on_day(day)).unwrap() {
        if let Some(letter) = letter::prepare(conn, &waiting, &Secret::fresh(), on_day(day)).unwrap() {
            all.push((letter.mail.as_str().to_owned(), letter.language, letter.says));
            letter::left(conn, &waiting, on_day(day)).unwrap();
        }
    }
    all
}

/// Runs the job now and then from one day to another, and lets the letters leave; the days on which any did.
fn days(conn: &mut Conn, node: &Node, from: u64, until: u64) -> Vec<u64> {
    let mut written = Vec::new();
    for day in (from..=until).step_by(OFTEN) {
        job(conn, node, day);
        written.extend(leave(conn, day).iter().map(|_| day));
    }
    written
}

fn seen(conn: &mut Conn, node: &Node) -> bool {
    by_slug(conn, node.origin.host(), "aino_esimerkki").unwrap().is_some()
}

fn signs_in(conn: &mut Conn, node: &Node, account: &Account, day: u64) {
    let (link, session) = (Secret::fresh(), Secret::fresh());
    link::make(conn, &account.id, &link, on_day(day)).unwrap();
    link::enter(conn, &link, &session, on_day(day)).unwrap().unwrap();
    welcome_back(conn, node, &account.id, on_day(day)).unwrap();
}

#[test]
fn two_letters_then_hidden_then_gone() {
    on_both(|conn, node| {
        let aino = with_profile(conn, node);
        published(conn, node, &aino, &[Field::Name, Field::Headline]);
        let actor = own_actor(conn, node, &aino);
        follower(conn, "Person", "mastodon.example", &actor);
        leave(conn, 0);
        assert!(days(conn, node, 2, 547).is_empty(), "who was here lately hears nothing");

        job(conn, node, 548);
        let letters = leave(conn, 549);
        let [(mail, language, Says::Away(dates))] = &letters[..] else { panic!("{letters:?}") };
        assert_eq!((mail.as_str(), *language), ("aino@kulma.example", Language::Fi));
        assert_eq!((dates.seen, dates.hides, dates.goes), (now(), on_day(549 + 182), on_day(549 + 182 + 183)));
        assert!(days(conn, node, 550, 699).is_empty(), "each letter is sent once");
        job(conn, node, 702);
        let letters = leave(conn, 702);
        let [(_, _, Says::Away(dates))] = &letters[..] else { panic!("{letters:?}") };
        let (hides, goes) = (732, 732 + 183);
        assert_eq!((dates.hides, dates.goes), (on_day(hides), on_day(goes)));
        assert!(days(conn, node, 704, hides - 1).is_empty() && seen(conn, node), "shown until the day that it named");

        job(conn, node, hides);
        assert!(!seen(conn, node));
        let document = federation::actor::find(conn, &actor).unwrap().unwrap().document;
        assert!(!document.contains("koivunkannon"), "and everybody who has it is told");
        assert!(days(conn, node, hides + 2, goes - 1).is_empty());
        assert!(leaving::due(conn, on_day(goes - 1)).unwrap().is_empty(), "nobody goes before the day that was named");
        job(conn, node, goes);
        assert_eq!(leaving::due(conn, on_day(goes)).unwrap(), std::slice::from_ref(&aino.id), "by way of the list");
        leaving::finish(conn, node, &aino.id, on_day(goes)).unwrap();
        assert!(account::find(conn, &aino.id).unwrap().is_none() && own::find(conn, &aino.id).unwrap().is_none());
        assert_eq!(absence::end(conn, &aino.id).unwrap(), None, "nothing is left of it");
    });
}

fn own_actor(conn: &mut Conn, node: &Node, account: &Account) -> store::id::ActorUrl {
    let own = own::find(conn, &account.id).unwrap().expect("a profile");
    node.origin.actor(own.id.as_str())
}

#[test]
fn who_comes_back_is_seen_again_and_counted_anew() {
    on_both(|conn, node| {
        let aino = with_profile(conn, node);
        published(conn, node, &aino, &[Field::Name, Field::Headline]);
        leave(conn, 0);
        assert_eq!(days(conn, node, 548, 740), [548, 700]);
        assert!(!seen(conn, node));
        let told = slice::export(conn, Person::Account(&aino.id)).unwrap();
        assert_eq!(told["person"]["warned"].as_array().map(Vec::len), Some(2));
        signs_in(conn, node, &aino, 800);
        assert!(seen(conn, node), "at once");
        assert!(everything_sent(conn).contains("koivunkannon"));
        assert!(days(conn, node, 802, 1_346).is_empty(), "from the beginning");
        assert_eq!(days(conn, node, 1_348, 1_500), [1_348, 1_500]);
        assert!(seen(conn, node));
    });
}

/// Nobody goes who was not told: not when no letter leaves for years.
#[test]
fn without_letters_nothing_happens() {
    on_both(|conn, node| {
        let aino = with_profile(conn, node);
        published(conn, node, &aino, &[Field::Name]);
        leave(conn, 0);
        for day in (600..2_000).step_by(100) {
            job(conn, node, day);
        }
        assert!(seen(conn, node) && leaving::due(conn, on_day(2_000)).unwrap().is_empty());
        // When mail works at last, everything keeps its distance from the first letter.
        assert_eq!(days(conn, node, 2_000, 2_180), [2_000, 2_152]);
        assert!(seen(conn, node));
        job(conn, node, 2_182);
        assert!(!seen(conn, node));
        job(conn, node, 2_364);
        assert!(leaving::due(conn, on_day(2_364)).unwrap().is_empty());
        job(conn, node, 2_365);
        assert_eq!(leaving::due(conn, on_day(2_365)).unwrap().len(), 1);
    });
}

#[test]
fn a_letter_that_waits_is_not_asked_for_twice_and_one_that_cannot_arrive_counts() {
    on_both(|conn, node| {
        let aino = with_profile(conn, node);
        leave(conn, 0);
        job(conn, node, 548);
        slice::let_go(conn, node, on_day(548).plus(std::time::Duration::from_secs(6 * 3600))).unwrap();
        let waiting = letter::claim(conn, 10, on_day(548).plus(std::time::Duration::from_secs(7 * 3600))).unwrap();
        assert_eq!(waiting.len(), 1, "one letter");
        let due = |conn: &mut Conn| count(conn, &[Step::First, Step::Second], on_day(549)).unwrap();
        assert!(letter::failed(conn, &waiting[0], &Secret::fresh(), false, on_day(549)).unwrap(), "tried again");
        assert_eq!(due(conn), 1);
        assert!(
            !letter::failed(conn, &waiting[0], &Secret::fresh(), true, on_day(549)).unwrap(),
            "the address is dead"
        );
        assert_eq!(due(conn), 0, "what could be done was done");
        assert!(days(conn, node, 550, 699).is_empty());
        job(conn, node, 702);
        assert_eq!(leave(conn, 702).len(), 1);
        // A letter that was asked for, and whose reader signs in before it leaves, is none.
        signs_in(conn, node, &aino, 710);
        job(conn, node, 710 + 548);
        signs_in(conn, node, &aino, 710 + 549);
        assert!(leave(conn, 710 + 550).is_empty());
    });
}

#[test]
fn it_is_for_members_with_a_profile_and_without_a_position() {
    on_both(|conn, node| {
        let aino = with_profile(conn, node);
        let new = Appointment {
            position: Position::Deputy,
            mail: aino.mail.clone(),
            name: String::new(),
            language: Language::Fi,
        };
        position::appoint(conn, Caller::Coordinator, &new, now()).unwrap();
        member(conn, "otso@kulma.example");
        leave(conn, 0);
        let steps = [Step::First, Step::Second, Step::Hide, Step::Go];
        assert_eq!(count(conn, &steps, on_day(3_000)).unwrap(), 0);
        position::dismiss(conn, Caller::Coordinator, Position::Deputy, &aino.mail, on_day(3_000)).unwrap();
        assert_eq!(count(conn, &steps, on_day(3_547)).unwrap(), 0);
        assert_eq!(count(conn, &steps, on_day(3_548)).unwrap(), 1);
        let due: Vec<_> = slice::due(conn, on_day(3_548)).unwrap().into_iter().filter(|due| due.rows > 0).collect();
        assert!(due.iter().any(|due| due.class == "members who stay away" && due.rows == 1), "the preview: {due:?}");
        leaving::ask(conn, node, &aino.id, on_day(3_548)).unwrap();
        assert_eq!(count(conn, &steps, on_day(3_548)).unwrap(), 0, "who leaves already is not asked to come back");
    });
}
