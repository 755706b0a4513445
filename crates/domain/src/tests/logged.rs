//! Who reads what of the log of deeds, and how it ends.

use crate::audit::*;
use crate::person::{Account, Appointment, MailAddress, Position, position};
use crate::slice::{self, Person};
use crate::testing::{later, now, on_both};
use crate::{Caller, Language};
use store::Conn;
use store::id::ProducerId;

const DAY: u64 = 24 * 3600;

fn holder(conn: &mut Conn, position: Position, mail: &str) -> Account {
    let mail = MailAddress::parse(mail).unwrap();
    let new = Appointment { position, mail, name: "Aino Esimerkki".into(), language: Language::Fi };
    position::appoint(conn, Caller::Coordinator, &new, now()).unwrap()
}

#[test]
fn whom_it_concerns_reads_it_by_position_and_not_by_name() {
    on_both(|conn, _| {
        let aino = holder(conn, Position::Coordinator, "aino@kulma.example");
        let eero = holder(conn, Position::Deputy, "eero@kulma.example");
        let by = By::holder(&aino.id, "coordinator");
        note(conn, &by, Deed::LookedAt, &Subject::account(&eero.id), "mail\nname", later(1)).unwrap();
        note(conn, &by, Deed::Published, &Subject::thing("event", "E1", "Talvifestarit"), "", later(2)).unwrap();
        let told = slice::export(conn, Person::Account(&eero.id)).unwrap();
        let about = told["audit"]["aboutYou"].as_array().unwrap();
        assert_eq!(about.len(), 2, "how they came to their position, and who looked: {told}");
        assert_eq!((&about[0]["position"], &about[0]["deed"]), (&"coordinator".into(), &"looked-at".into()));
        assert_eq!(about[0]["detail"], "mail name", "one line");
        assert!(!told["audit"].to_string().contains(aino.id.as_str()), "{told}");
        let told = slice::export(conn, Person::Account(&aino.id)).unwrap();
        assert_eq!(told["audit"]["byYou"].as_array().unwrap().len(), 2, "{told}");
        assert_eq!(newest(conn, 0, 10).unwrap()[0].name, "Talvifestarit");
        assert_eq!(newest(conn, 1, 10).unwrap().len(), 3, "two positions were given before");
        assert!(last(conn, Deed::Published, "event", "E1").unwrap().is_some());
        assert!(last(conn, Deed::Deleted, "event", "E1").unwrap().is_none());
    });
}

#[test]
fn it_goes_after_two_years_or_with_the_person() {
    on_both(|conn, node| {
        let aino = holder(conn, Position::Coordinator, "aino@kulma.example");
        let eero = holder(conn, Position::Deputy, "eero@kulma.example");
        let (by, profile) = (By::holder(&aino.id, "coordinator"), ProducerId::from_text("P1"));
        note(conn, &by, Deed::LookedAt, &Subject::account(&eero.id), "", later(1)).unwrap();
        note(conn, &by, Deed::Approved, &Subject::producer(&profile), "", later(2)).unwrap();
        note(conn, &By::CLOCK, Deed::Closed, &Subject::thing("task", "T1", "x"), "", later(3)).unwrap();
        slice::forget(conn, node, Person::Account(&eero.id), later(10)).unwrap();
        assert_eq!(newest(conn, 0, 10).unwrap().len(), 3, "what concerned Eero is gone");
        slice::forget(conn, node, Person::Account(&aino.id), later(11)).unwrap();
        let left = about(conn, "producer", "P1", 10).unwrap();
        assert_eq!((left.len(), &left[0].account), (1, &None), "what Aino did stays, by nobody");
        assert_eq!(slice::forget(conn, node, Person::Profile(&profile), later(12)).unwrap(), 1);
        slice::let_go(conn, node, later(729 * DAY)).unwrap();
        assert_eq!(newest(conn, 0, 10).unwrap().len(), 1);
        slice::let_go(conn, node, later(731 * DAY)).unwrap();
        assert!(newest(conn, 0, 10).unwrap().is_empty());
    });
}

#[test]
fn each_deed_has_a_word_of_its_own() {
    let words: std::collections::BTreeSet<&str> = Deed::ALL.iter().map(|deed| deed.as_str()).collect();
    assert_eq!(words.len(), Deed::ALL.len());
}
