//! Another address for one's own account.

use super::accounts::{address, aino};
use crate::Error;
use crate::person::letter::{Prepared, Says};
use crate::person::*;
use crate::testing::{later, now, on_both};
use store::{Conn, Timestamp};

/// The letters that are due, sent.
fn letters(conn: &mut Conn, at: Timestamp) -> Vec<Prepared> {
    let mut all = Vec::new();
    for waiting in letter::claim(conn, 10, at).unwrap() {
        let prepared = letter::prepare(conn, &waiting, &Secret::fresh(), at).unwrap();
        letter::sent(conn, &waiting).unwrap();
        all.extend(prepared);
    }
    all
}

fn signed_in(conn: &mut Conn, account: &Account) -> Secret {
    let (link, session) = (Secret::fresh(), Secret::fresh());
    link::make(conn, &account.id, &link, now()).unwrap();
    link::enter(conn, &link, &session, now()).unwrap().unwrap();
    session
}

#[test]
fn c22_another_address_is_for_who_reads_its_mail_and_is_signed_in_as_who_asked() {
    on_both(|conn, _| {
        let aino = aino(conn);
        let eero = account::make(conn, &address("eero@kulma.example"), "Eero", crate::Language::Fi, now()).unwrap();
        let new = address("aino@uusi.example");
        let (here, elsewhere) = (signed_in(conn, &aino), signed_in(conn, &aino));
        assert!(new_address::ask(conn, &aino.id, &new, now()).unwrap());
        let all = letters(conn, now());
        let [Prepared { mail, says: Says::NewAddress(link), .. }] = &all[..] else { panic!("{all:?}") };
        assert_eq!(*mail, new);
        let life = link::LIFE.as_secs();
        assert!(new_address::read(conn, &aino.id, link, later(life)).unwrap().is_none(), "too old");
        assert!(new_address::read(conn, &eero.id, link, later(1)).unwrap().is_none(), "another account");
        assert!(join::read(conn, link, later(1)).unwrap().is_none(), "nor does anybody join by it");
        let stolen = new_address::confirm(conn, &eero.id, link, &Secret::fresh(), later(1));
        assert!(matches!(stolen, Err(Error::NotFound)));
        assert_eq!(new_address::read(conn, &aino.id, link, later(1)).unwrap(), Some(new.clone()));

        new_address::confirm(conn, &aino.id, link, &here, later(60)).unwrap();
        assert_eq!(account::find(conn, &aino.id).unwrap().unwrap().mail, new);
        assert!(session::find(conn, &here, later(60)).unwrap().is_some(), "this browser stays");
        assert!(session::find(conn, &elsewhere, later(60)).unwrap().is_none(), "others end");
        let again = new_address::confirm(conn, &aino.id, link, &here, later(61));
        assert!(matches!(again, Err(Error::NotFound)), "once");
        let told = letters(conn, later(60));
        assert!(matches!(&told[..], [Prepared { mail, says: Says::OldAddress, .. }] if *mail == aino.mail), "{told:?}");
        let lines = crate::audit::concerning(conn, &aino.id, 1).unwrap();
        assert_eq!(lines[0].deed, "address-changed");

        assert!(new_address::ask(conn, &aino.id, &eero.mail, later(70)).unwrap(), "the same answer");
        assert!(letters(conn, later(70)).is_empty(), "and no letter to who has an account");
    });
}

#[test]
fn an_address_that_somebody_took_meanwhile_is_theirs() {
    on_both(|conn, _| {
        let aino = aino(conn);
        let new = address("aino@uusi.example");
        new_address::ask(conn, &aino.id, &new, now()).unwrap();
        let all = letters(conn, now());
        let [Prepared { says: Says::NewAddress(link), .. }] = &all[..] else { panic!("{all:?}") };
        account::make(conn, &new, "Uuno", crate::Language::Fi, later(1)).unwrap();
        let taken = new_address::confirm(conn, &aino.id, link, &Secret::fresh(), later(2));
        assert!(matches!(taken, Err(Error::Conflict(_))));
        assert_eq!(account::find(conn, &aino.id).unwrap().unwrap().mail, aino.mail);
    });
}
