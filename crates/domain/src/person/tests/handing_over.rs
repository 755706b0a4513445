//! Positions that change hands, and the second step, where the pages do not reach.

use super::accounts::{address, aino};
use crate::audit;
use crate::person::offer::{self, NewOffer};
use crate::person::second_step::{self, Tried};
use crate::person::*;
use crate::slice;
use crate::testing::{later, now, on_both};
use crate::{Caller, Error, Language};
use store::Conn;
use store::id::AccountId;

fn new(position: Position, gives_up: bool) -> NewOffer {
    NewOffer {
        position,
        gives_up,
        mail: address("uuno@kulma.example"),
        name: "Uuno Uusi".into(),
        language: Language::Fi,
    }
}

fn uuno(conn: &mut Conn) -> Account {
    account::find_by_mail(conn, &address("uuno@kulma.example")).unwrap().unwrap()
}

fn take(conn: &mut Conn, who: &Account, id: &str, seconds: u64) -> Result<Position, Error> {
    offer::take(conn, &who.id, id, &Secret::fresh(), later(seconds))
}

#[test]
fn an_offer_holds_for_two_weeks_and_as_long_as_its_giver_might_make_it() {
    on_both(|conn, node| {
        let aino = aino(conn);
        let id = offer::make(conn, &aino.id, &new(Position::Coordinator, true), now()).unwrap();
        let uuno = uuno(conn);
        assert!(position::of(conn, &uuno.id).unwrap().is_empty(), "nobody has a position that they did not take");
        let life = offer::LIFE.as_secs();
        assert!(matches!(take(conn, &uuno, &id, life), Err(Error::NotFound)), "too old");
        assert!(matches!(take(conn, &aino, &id, 1), Err(Error::NotFound)), "not to her");
        assert!(matches!(offer::end(conn, &AccountId::fresh(now()), &id, later(1)), Err(Error::NotFound)));
        offer::end(conn, &uuno.id, &id, later(1)).unwrap();
        assert!(matches!(take(conn, &uuno, &id, 2), Err(Error::NotFound)), "declined");

        let id = offer::make(conn, &aino.id, &new(Position::Coordinator, true), later(3)).unwrap();
        position::dismiss(conn, Caller::Coordinator, Position::Coordinator, &aino.mail, later(4)).unwrap();
        assert!(matches!(take(conn, &uuno, &id, 5), Err(Error::NotFound)), "it is hers no more");
        assert!(position::of(conn, &uuno.id).unwrap().is_empty());
        slice::let_go(conn, node, later(4 + life)).unwrap();
        assert!(offer::concerning(conn, &uuno.id, later(6)).unwrap().is_empty());
    });
}

#[test]
fn an_offer_is_taken_once() {
    on_both(|conn, _| {
        let aino = aino(conn);
        let id = offer::make(conn, &aino.id, &new(Position::Coordinator, true), now()).unwrap();
        let uuno = uuno(conn);
        assert_eq!(take(conn, &uuno, &id, 1).unwrap(), Position::Coordinator);
        assert_eq!(position::of(conn, &uuno.id).unwrap(), [Position::Coordinator]);
        assert!(position::of(conn, &aino.id).unwrap().is_empty());
        assert!(matches!(take(conn, &uuno, &id, 2), Err(Error::NotFound)));
        let mine = audit::about(conn, "account", aino.id.as_str(), 9).unwrap();
        assert_eq!(mine.iter().map(|line| line.deed.as_str()).collect::<Vec<_>>(), ["taken-over", "appointed"]);
        let beside = offer::make(
            conn,
            &uuno.id,
            &NewOffer { mail: aino.mail.clone(), ..new(Position::Deputy, false) },
            later(3),
        );
        take(conn, &aino, &beside.unwrap(), 4).unwrap();
        assert_eq!(position::of(conn, &uuno.id).unwrap(), [Position::Coordinator], "given beside, nothing is given up");
        assert!(matches!(
            offer::make(conn, &aino.id, &new(Position::DataContact, false), later(5)),
            Err(Error::Forbidden(_))
        ));
        assert!(matches!(
            offer::dismiss(conn, &uuno.id, Position::Coordinator, &uuno.id, later(6)),
            Err(Error::Forbidden(_))
        ));
    });
}

fn signed_in(conn: &mut Conn, account: &Account) -> Secret {
    let (link, session) = (Secret::fresh(), Secret::fresh());
    link::make(conn, &account.id, &link, now()).unwrap();
    link::enter(conn, &link, &session, now()).unwrap().unwrap();
    session
}

#[test]
fn c22_a_code_is_taken_once_and_a_right_one_not_after_too_many_wrong_ones() {
    on_both(|conn, _| {
        let aino = aino(conn);
        let (first, second) = (signed_in(conn, &aino), signed_in(conn, &aino));
        second_step::begin(conn, &aino.id).unwrap();
        let key = second_step::key(conn, &aino, "pirkanmaa.example").unwrap().unwrap();
        second_step::begin(conn, &aino.id).unwrap();
        assert_eq!(second_step::key(conn, &aino, "x").unwrap().unwrap().secret, key.secret, "the picture stays");
        assert!(key.address.starts_with("otpauth://totp/Solmu%20pirkanmaa.example:"), "{}", key.address);
        let code = |seconds| second_step::code_of(&key.secret, later(seconds));
        let (tried, codes) = second_step::confirm(conn, &aino.id, &first, &code(0), now()).unwrap();
        assert_eq!((tried, codes.len()), (Tried::Right, 8));
        let stand = |conn: &mut Conn, session: &Secret| session::find(conn, session, later(60)).unwrap().unwrap();
        assert_eq!(stand(conn, &first).second, Second::Taken);
        let half = stand(conn, &second);
        assert!(half.second == Second::Awaited && half.positions.is_empty(), "{half:?}");
        let take =
            |conn: &mut Conn, code: &str, at| second_step::take(conn, &aino.id, &second, code, later(at)).unwrap();
        assert_eq!(take(conn, &code(0), 1), Tried::Wrong, "it was used to set it up");
        assert_eq!(take(conn, &code(60), 60), Tried::Right);
        assert_eq!(take(conn, &code(60), 61), Tried::Wrong, "a replay");
        assert_eq!(take(conn, &code(30), 62), Tried::Wrong, "an older one that was seen and not used");
        for at in 63..66 {
            assert_eq!(take(conn, "000000", at), Tried::Wrong);
        }
        assert_eq!(take(conn, &code(90), 90), Tried::TooOften);
        assert_eq!(take(conn, &codes[0], 90), Tried::TooOften);
        assert_eq!(take(conn, &code(2000), 2000), Tried::Right, "after a while");
        assert_eq!(take(conn, &codes[0], 2001), Tried::Right);
        assert_eq!(take(conn, &codes[0], 2002), Tried::Wrong, "once");
        let all = slice::export(conn, slice::Person::Account(&aino.id)).unwrap().to_string();
        assert!(!all.contains(&key.secret) && all.contains("\"secondStep\":true"), "{all}");
        assert!(matches!(second_step::reset(conn, Caller::Anyone, &aino.mail), Err(Error::Forbidden(_))));
        second_step::reset(conn, Caller::Coordinator, &aino.mail).unwrap();
        assert!(session::find(conn, &first, later(60)).unwrap().is_none());
        assert!(matches!(second_step::reset(conn, Caller::Coordinator, &aino.mail), Err(Error::NotFound)));
    });
}
