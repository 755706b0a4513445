use super::*;
use crate::person::{Appointment, Position, Secret, letter, new_address, position};
use crate::slice::{self, Person};
use crate::testing::{now, on_both};

fn told(text: &str) -> NewFeedback {
    NewFeedback { text: text.into(), language: Language::Sv, ..NewFeedback::default() }
}

#[test]
fn what_is_told_waits_two_weeks_and_no_longer() {
    on_both(|conn, _| {
        let day = Duration::from_secs(24 * 3600);
        let new = NewFeedback {
            page: " /tapahtumat ".into(),
            mail: "Aino@Esimerkki.example".into(),
            ..told("Rivi\r\nkaksi ")
        };
        assert_eq!(tell(conn, &new, now()).unwrap(), now().plus(14 * day));
        tell(conn, &told("Myöhempi"), now().plus(day)).unwrap();
        let waiting = open(conn).unwrap();
        let seen: Vec<&str> = waiting.iter().map(|one| one.text.as_str()).collect();
        assert_eq!(seen, ["Rivi\nkaksi", "Myöhempi"], "what is due first");
        assert_eq!(waiting[0].page.as_deref(), Some("/tapahtumat"));
        assert_eq!((waiting[0].mail.as_deref(), waiting[1].mail.as_deref()), (Some("aino@esimerkki.example"), None));
        assert_eq!((waiting[0].language, waiting[0].due), (Language::Sv, now().plus(14 * day)));

        assert!(matches!(answer(conn, Caller::Anyone, waiting[0].id, now()), Err(Error::Forbidden(_))));
        answer(conn, Caller::Coordinator, waiting[0].id, now()).unwrap();
        assert!(matches!(answer(conn, Caller::Coordinator, waiting[0].id, now()), Err(Error::NotFound)), "once");
        assert_eq!(open(conn).unwrap().len(), 1);
    });
}

#[test]
fn what_cannot_be_taken_is_named() {
    on_both(|conn, _| {
        let long = "x".repeat(LONGEST + 1);
        for (new, field) in [
            (told(""), "text"),
            (told("  \n "), "text"),
            (told("ab"), "text"),
            (told(&long), "text"),
            (told("a\u{0}bc"), "text"),
            (NewFeedback { page: "x".repeat(LONGEST_PAGE + 1), ..told("Ei toimi") }, "page"),
            (NewFeedback { mail: "aino".into(), ..told("Ei toimi") }, "mail"),
        ] {
            let Err(Error::Invalid(faults)) = tell(conn, &new, now()) else { panic!("{new:?}") };
            assert_eq!(faults.iter().map(|fault| fault.field.as_str()).collect::<Vec<_>>(), [field], "{faults:?}");
        }
        assert!(open(conn).unwrap().is_empty());
        for _ in 0..MOST_OPEN {
            tell(conn, &told("Ei toimi"), now()).unwrap();
        }
        assert!(matches!(tell(conn, &told("Ei toimi"), now()), Err(Error::Refused(_))), "no more than can be read");
    });
}

/// What its person told before they had another address, answered or not, is theirs as before.
#[test]
fn what_somebody_told_follows_them_to_another_address() {
    on_both(|conn, node| {
        let old = MailAddress::parse("aino@esimerkki.example").unwrap();
        let new = MailAddress::parse("aino@uusi.example").unwrap();
        let appointment =
            Appointment { position: Position::Deputy, mail: old.clone(), name: "Aino".into(), language: Language::Fi };
        let aino = position::appoint(conn, Caller::Coordinator, &appointment, now()).unwrap().id;
        let of = |mail: &str, text: &str| NewFeedback { mail: mail.into(), ..told(text) };
        for new in [of(old.as_str(), "Vastattu"), of(old.as_str(), "Avoin"), of("otso@kulma.example", "Otson")] {
            tell(conn, &new, now()).unwrap();
        }
        let answered = open(conn).unwrap()[0].id;
        answer(conn, Caller::Coordinator, answered, now()).unwrap();

        new_address::ask(conn, &aino, &new, now()).unwrap();
        let mut link = None;
        for waiting in letter::claim(conn, 10, now()).unwrap() {
            let prepared = letter::prepare(conn, &waiting, &Secret::fresh(), now()).unwrap();
            if let Some(letter::Says::NewAddress(secret)) = prepared.map(|prepared| prepared.says) {
                link = Some(secret);
            }
        }
        new_address::confirm(conn, &aino, &link.expect("a link"), &Secret::fresh(), now()).unwrap();

        let mails: Vec<Option<String>> = open(conn).unwrap().into_iter().map(|one| one.mail).collect();
        let expected = [new.as_str(), "otso@kulma.example"].map(|mail| Some(mail.to_owned()));
        assert_eq!(mails, expected, "the answer goes where she reads it, and nobody else's does");
        let all = slice::export(conn, Person::Account(&aino)).unwrap();
        assert_eq!(all["feedback"].as_array().map(Vec::len), Some(2), "{all}");
        assert_eq!((SLICE.forget)(conn, node, Person::Account(&aino), now()).unwrap(), 2);
        let left: Vec<Option<String>> = table::table.select(table::mail).load(conn).unwrap();
        assert_eq!(left, [Some("otso@kulma.example".to_owned())], "nothing is left of the old address");
    });
}

#[test]
fn it_goes_when_its_time_is_over_and_with_its_person() {
    on_both(|conn, node| {
        let mail = MailAddress::parse("aino@esimerkki.example").unwrap();
        let new =
            Appointment { position: Position::Deputy, mail: mail.clone(), name: "Aino".into(), language: Language::Fi };
        let account = position::appoint(conn, Caller::Coordinator, &new, now()).unwrap();
        let theirs = NewFeedback { mail: mail.as_str().into(), ..told("Minun") };
        for new in [&theirs, &told("Vastattu"), &told("Vastaamatta")] {
            tell(conn, new, now()).unwrap();
        }
        let answered = open(conn).unwrap()[1].id;
        answer(conn, Caller::Coordinator, answered, now()).unwrap();
        let all = slice::export(conn, Person::Account(&account.id)).unwrap();
        assert_eq!(all["feedback"][0]["text"], "Minun", "{all}");
        assert_eq!(all["feedback"].as_array().map(Vec::len), Some(1));
        (SLICE.forget)(conn, node, Person::Account(&account.id), now()).unwrap();
        assert_eq!(open(conn).unwrap().len(), 1, "their own is gone");

        let rule = &SLICE.retention[0];
        let year = Duration::from_secs(365 * 24 * 3600);
        for (years, due) in [(0, 0), (1, 1), (2, 2)] {
            assert_eq!((rule.due)(conn, now().plus(years * year)).unwrap(), due, "after {years} years");
        }
        assert_eq!((rule.apply)(conn, node, now().plus(2 * year)).unwrap(), 2);
        assert!(open(conn).unwrap().is_empty());
    });
}
