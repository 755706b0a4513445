//! A device registers and signs in; whoever has none of its keys does not.

#[path = "../../../../../tests/harness/authenticator.rs"]
mod authenticator;

use super::*;
use crate::person::{Appointment, MailAddress, Position, Second, link, position, second_step};
use crate::slice::{self, Person};
use crate::testing::{later, now, on_both, on_both_stores};
use crate::{Caller, Language, Node};
use authenticator::Device;

const HERE: &str = "https://pirkanmaa.example";

fn party(node: &Node) -> Party {
    Party::of(node).expect("a host with a name")
}

fn somebody(conn: &mut Conn, mail: &str, held: Position) -> Account {
    let mail = MailAddress::parse(mail).unwrap();
    let new = Appointment { position: held, mail, name: "Aino Esimerkki".into(), language: Language::Fi };
    position::appoint(conn, Caller::Coordinator, &new, now()).unwrap()
}

/// Somebody who has a position for which the account is kept.
fn aino(conn: &mut Conn) -> Account {
    somebody(conn, "aino@kulma.example", Position::DataContact)
}

fn by_mail(conn: &mut Conn, account: &Account, at: Timestamp) -> Secret {
    let (link, session) = (Secret::fresh(), Secret::fresh());
    assert!(link::make(conn, &account.id, &link, at).unwrap());
    link::enter(conn, &link, &session, at).unwrap().unwrap();
    session
}

fn answer(question: &Secret, text: String) -> Answer {
    Answer { question: question.clone(), text }
}

/// A device with a key of the account; the session in which it was made.
fn registered(conn: &mut Conn, node: &Node, account: &Account) -> (Device, Secret) {
    let (party, question, session) = (party(node), Secret::fresh(), by_mail(conn, account, now()));
    let options = begin(conn, &party, account, &question, now()).unwrap();
    let mut device = Device::at(HERE);
    let made = answer(&question, device.make(&options));
    assert!(register(conn, &party, &account.id, &made, "Puhelin", &session, now()).unwrap());
    (device, session)
}

/// Asks, lets `sign` answer, and tries it.
fn tried(
    conn: &mut Conn,
    node: &Node,
    at: Timestamp,
    sign: impl FnOnce(&Value) -> String,
) -> Option<(Account, Secret)> {
    let (party, question, session) = (party(node), Secret::fresh(), Secret::fresh());
    let options = ask(conn, &party, &question, at).unwrap().unwrap();
    let entered = enter(conn, &party, &answer(&question, sign(&options)), &session, at).unwrap();
    entered.map(|account| (account, session))
}

#[test]
fn a_device_registers_and_signs_in() {
    on_both(|conn, node| {
        let aino = aino(conn);
        let (mut device, _) = registered(conn, node, &aino);
        let known = list(conn, &aino.id).unwrap();
        assert_eq!((known.len(), known[0].name.as_str(), known[0].used_at), (1, "Puhelin", None));
        let (account, session) = tried(conn, node, later(60), |options| device.sign(options)).expect("let in");
        assert_eq!(account.id, aino.id);
        assert_eq!(session::find(conn, &session, later(61)).unwrap().unwrap().account.id, aino.id);
        assert_eq!(list(conn, &aino.id).unwrap()[0].used_at, Some(later(60)));
        assert_eq!(account::find(conn, &aino.id).unwrap().unwrap().seen_at, later(60), "she was seen");
        assert!(tried(conn, node, later(70), |options| device.sign(options)).is_some(), "again and again");
    });
}

#[test]
fn what_a_device_is_asked_for() {
    on_both(|conn, node| {
        let aino = aino(conn);
        registered(conn, node, &aino);
        let options = begin(conn, &party(node), &aino, &Secret::fresh(), now()).unwrap();
        assert_eq!(options["rp"]["id"], "pirkanmaa.example");
        assert_eq!(options["user"]["name"], "aino@kulma.example");
        assert_eq!(options["authenticatorSelection"]["userVerification"], "required");
        assert_eq!(options["authenticatorSelection"]["residentKey"], "required");
        assert_eq!(options["attestation"], "none");
        assert_eq!(options["timeout"], 300_000);
        assert_eq!(options["excludeCredentials"].as_array().unwrap().len(), 1, "no device makes a second one");
        let asked = ask(conn, &party(node), &Secret::fresh(), now()).unwrap().unwrap();
        assert_eq!((&asked["rpId"], &asked["userVerification"]), (&options["rp"]["id"], &"required".into()));
        assert_eq!(asked["allowCredentials"], Value::Array(vec![]), "it tells nothing of who is known");
    });
}

#[test]
fn a_party_is_a_host_by_its_name() {
    for (domain, host) in [
        ("pirkanmaa.example", Some("pirkanmaa.example")),
        ("pirkanmaa.example:8443", Some("pirkanmaa.example")),
        ("localhost:7001", Some("localhost")),
        ("192.0.2.7", None),
    ] {
        let node = crate::testing::node_of("06", domain);
        let asked = Party::of(&node).and_then(|party| party.ask_who()).map(|asked| asked.options["rpId"].clone());
        assert_eq!(asked, host.map(Value::from), "{domain}");
    }
}

#[test]
fn c22_a_question_is_good_once_and_for_five_minutes() {
    on_both(|conn, node| {
        let aino = aino(conn);
        let (mut device, session) = registered(conn, node, &aino);
        let (party, patience) = (party(node), PATIENCE.as_secs());
        let mut enter_at = |conn: &mut Conn, question: &Secret, options: &Value, at| {
            let answer = answer(question, device.sign(options));
            enter(conn, &party, &answer, &Secret::fresh(), later(at)).unwrap().is_some()
        };
        let asked = |conn: &mut Conn| {
            let question = Secret::fresh();
            let options = ask(conn, &party, &question, now()).unwrap().unwrap();
            (question, options)
        };
        let (question, options) = asked(conn);
        assert!(!enter_at(conn, &question, &options, patience), "too old");
        let (question, options) = asked(conn);
        assert!(enter_at(conn, &question, &options, patience - 1));
        assert!(!enter_at(conn, &question, &options, patience - 1), "used");
        let (question, options) = asked(conn);
        let nonsense = answer(&question, "{}".to_owned());
        assert!(enter(conn, &party, &nonsense, &Secret::fresh(), later(1)).unwrap().is_none());
        assert!(!enter_at(conn, &question, &options, 1), "a wrong answer uses it up as well");
        let ((question, _), (_, other)) = (asked(conn), asked(conn));
        assert!(!enter_at(conn, &question, &other, 1), "the answer to another question");

        // A question for a new key lets nobody in, is for one account, and ends with the next one.
        let new = Secret::fresh();
        let options = begin(conn, &party, &aino, &new, now()).unwrap();
        assert!(!enter_at(conn, &new, &options, 1));
        let eve = somebody(conn, "eve@evil.example", Position::HarassmentContact);
        let mut stolen = Device::at(HERE);
        let first = Secret::fresh();
        let options = begin(conn, &party, &aino, &first, now()).unwrap();
        let made = answer(&first, stolen.make(&options));
        assert!(!register(conn, &party, &eve.id, &made, "x", &session, later(1)).unwrap(), "not hers");
        let (first, second) = (Secret::fresh(), Secret::fresh());
        let options = begin(conn, &party, &aino, &first, now()).unwrap();
        begin(conn, &party, &aino, &second, now()).unwrap();
        let made = answer(&first, stolen.make(&options));
        assert!(!register(conn, &party, &aino.id, &made, "x", &session, later(1)).unwrap(), "an earlier one");
        assert_eq!(list(conn, &aino.id).unwrap().len(), 1);
        assert!(list(conn, &eve.id).unwrap().is_empty());
    });
}

#[test]
fn c22_who_has_no_key_of_anybody_is_not_let_in() {
    on_both(|conn, node| {
        let aino = aino(conn);
        let (mut device, _) = registered(conn, node, &aino);
        let mut stranger = Device::at(HERE);
        assert!(tried(conn, node, now(), |options| stranger.sign(options)).is_none(), "an unknown key");
        device.before("https://pirkanmaa.example.evil.example");
        assert!(tried(conn, node, now(), |options| device.sign(options)).is_none(), "signed for another page");
        device.before(HERE);
        device.verifies = false;
        assert!(tried(conn, node, now(), |options| device.sign(options)).is_none(), "whoever found the device");
        device.verifies = true;
        let forged = tried(conn, node, now(), |options| {
            let mut answer: Value = serde_json::from_str(&device.sign(options)).unwrap();
            let other: Value = serde_json::from_str(&stranger.sign(options)).unwrap();
            answer["response"]["signature"] = other["response"]["signature"].clone();
            answer.to_string()
        });
        assert!(forged.is_none(), "her key's id, another's signature");
        let renamed = tried(conn, node, now(), |options| {
            let mut answer: Value = serde_json::from_str(&device.sign(options)).unwrap();
            answer["response"]["userHandle"] = Value::Null;
            answer.to_string()
        });
        assert!(renamed.is_none(), "it has to say whose it is");
        for nonsense in ["", "null", "[]", "{\"id\":1}", &"[".repeat(100_000)] {
            assert!(
                tried(conn, node, now(), |_| nonsense.to_owned()).is_none(),
                "{}",
                &nonsense[..nonsense.len().min(9)]
            );
        }
        assert!(tried(conn, node, now(), |options| device.sign(options)).is_some(), "and the right one is");
    });
}

#[test]
fn c22_a_device_that_counts_backwards_is_a_copy() {
    on_both(|conn, node| {
        let aino = aino(conn);
        let (mut device, _) = registered(conn, node, &aino);
        device.counter = 41;
        assert!(tried(conn, node, now(), |options| device.sign(options)).is_some());
        assert!(tried(conn, node, now(), |options| device.sign_again(options)).is_none(), "as often as before");
        device.counter = 7;
        assert!(tried(conn, node, now(), |options| device.sign(options)).is_none(), "less often");
        device.counter = 42;
        assert!(tried(conn, node, now(), |options| device.sign(options)).is_some(), "more often");
    });
}

#[test]
fn every_position_needs_a_second_step_within_two_weeks() {
    on_both(|conn, node| {
        let grace = session::GRACE.as_secs();
        let stand = |conn: &mut Conn, session: &Secret, at| session::find(conn, session, later(at)).unwrap().unwrap();
        for held in Position::ALL {
            let holder = somebody(conn, &format!("{}@kulma.example", held.as_str()), held);
            let session = by_mail(conn, &holder, later(grace - 60));
            let waiting = stand(conn, &session, grace - 1);
            assert_eq!((waiting.second, waiting.positions), (Second::Missing(later(grace)), vec![held]));
            let late = stand(conn, &session, grace);
            assert!(late.second == Second::Overdue && late.positions.is_empty(), "{late:?}");
            registered(conn, node, &holder);
            let half = stand(conn, &session, grace);
            assert!(half.second == Second::Awaited && half.positions.is_empty(), "mail alone opens nothing: {half:?}");
        }
    });
}

#[test]
fn who_runs_the_node_has_taken_the_second_step_by_it() {
    on_both(|conn, node| {
        let kaisa = somebody(conn, "kaisa@kulma.example", Position::Coordinator);
        let stand = |conn: &mut Conn, session: &Secret, at| session::find(conn, session, later(at)).unwrap().unwrap();
        let (mut device, first) = registered(conn, node, &kaisa);
        let late = session::GRACE.as_secs() + 1;
        assert_eq!(stand(conn, &first, 60).second, Second::Taken, "her device has just checked her");
        let thief = by_mail(conn, &kaisa, later(late));
        let half = stand(conn, &thief, late);
        assert!(half.second == Second::Awaited && half.positions.is_empty(), "mail alone opens nothing: {half:?}");
        let (_, session) = tried(conn, node, later(late), |options| device.sign(options)).expect("let in");
        let whole = stand(conn, &session, late);
        assert_eq!((whole.second, whole.positions.len()), (Second::Taken, 1));

        // Digits of a device as well: either will do.
        second_step::begin(conn, &kaisa.id).unwrap();
        let key = second_step::key(conn, &kaisa, "x").unwrap().unwrap();
        let code = second_step::code_of(&key.secret, later(late));
        second_step::confirm(conn, &kaisa.id, &session, &code, later(late)).unwrap();
        let (_, session) = tried(conn, node, later(late), |options| device.sign(options)).expect("let in");
        assert_eq!(stand(conn, &session, late).second, Second::Taken);

        // The operator's way back ends both.
        second_step::reset(conn, Caller::Coordinator, &kaisa.mail).unwrap();
        assert!(!has_any(conn, &kaisa.id).unwrap() && session::find(conn, &session, later(late)).unwrap().is_none());
        let session = by_mail(conn, &kaisa, later(late));
        assert_eq!(stand(conn, &session, late).second, Second::Overdue);
    });
}

#[test]
fn for_who_holds_no_position_the_link_is_enough_as_before() {
    on_both(|conn, node| {
        let mail = MailAddress::parse("otso@kulma.example").unwrap();
        let otso = account::make(conn, &mail, "Otso Esimerkki", Language::Fi, now()).unwrap();
        registered(conn, node, &otso);
        let session = by_mail(conn, &otso, later(60));
        let visitor = session::find(conn, &session, later(60)).unwrap().unwrap();
        assert_eq!((visitor.second, visitor.positions.len()), (Second::None, 0));
    });
}

#[test]
fn keys_are_their_owners_to_rename_and_remove() {
    on_both(|conn, node| {
        let (aino, eve) = (aino(conn), somebody(conn, "eve@evil.example", Position::HarassmentContact));
        let (mut device, session) = registered(conn, node, &aino);
        let other = by_mail(conn, &aino, now());
        let id = list(conn, &aino.id).unwrap()[0].id.clone();
        assert!(matches!(rename(conn, &eve.id, &id, "Minun"), Err(Error::NotFound)));
        assert!(matches!(remove(conn, &eve.id, &id, &session, now()), Err(Error::NotFound)));
        assert!(matches!(rename(conn, &aino.id, &id, "  "), Err(Error::Invalid(_))));
        assert!(matches!(rename(conn, &aino.id, &id, &"x".repeat(61)), Err(Error::Invalid(_))));
        rename(conn, &aino.id, &id, " Työpuhelin\n").unwrap();
        assert_eq!(list(conn, &aino.id).unwrap()[0].name, "Työpuhelin");
        remove(conn, &aino.id, &id, &session, now()).unwrap();
        assert!(session::find(conn, &session, now()).unwrap().is_some(), "this browser stays");
        assert!(session::find(conn, &other, now()).unwrap().is_none(), "others end: one may be a thief's");
        assert!(tried(conn, node, now(), |options| device.sign(options)).is_none());
        assert!(matches!(remove(conn, &aino.id, &id, &session, now()), Err(Error::NotFound)));
        let lines = audit::about(conn, Subject::ACCOUNT, aino.id.as_str(), 9).unwrap();
        let deeds: Vec<&str> = lines.iter().map(|line| line.deed.as_str()).collect();
        assert_eq!(deeds, ["passkey-removed", "passkey-added", "appointed"]);
    });
}

#[test]
fn they_are_few_and_questions_are_bounded() {
    on_both(|conn, node| {
        let aino = aino(conn);
        for _ in 0..MOST {
            registered_in_short(conn, node, &aino);
        }
        let refused = begin(conn, &party(node), &aino, &Secret::fresh(), now());
        assert!(matches!(refused, Err(Error::Refused(key)) if key.message == message::PASSKEYS_FULL));
    });
}

/// As [`registered`], without a link: links are few.
fn registered_in_short(conn: &mut Conn, node: &Node, account: &Account) {
    let (party, question) = (party(node), Secret::fresh());
    let options = begin(conn, &party, account, &question, now()).unwrap();
    let made = answer(&question, Device::at(HERE).make(&options));
    assert!(register(conn, &party, &account.id, &made, "x", &Secret::fresh(), now()).unwrap());
}

#[test]
fn they_are_told_and_forgotten_with_the_account() {
    on_both(|conn, node| {
        let aino = aino(conn);
        let (mut device, _) = registered(conn, node, &aino);
        let kept = queries::credentials(conn, &aino.id).unwrap();
        let key = queries::find_by_credential(conn, &kept[0]).unwrap().unwrap().public_key;
        let all = slice::export(conn, Person::Account(&aino.id)).unwrap();
        assert_eq!(all["person"]["passkeys"][0]["name"], "Puhelin");
        assert!(!all.to_string().contains(&kept[0]) && key.contains("cred"), "without what the device goes by: {all}");
        slice::forget(conn, node, Person::Account(&aino.id), now()).unwrap();
        assert!(!has_any(conn, &aino.id).unwrap());
        assert!(tried(conn, node, now(), |options| device.sign(options)).is_none());
    });
}

#[test]
fn questions_that_are_over_go() {
    on_both(|conn, node| {
        ask(conn, &party(node), &Secret::fresh(), now()).unwrap();
        let over = later(PATIENCE.as_secs());
        assert_eq!(count_ended(conn, later(1)).unwrap(), 0);
        assert_eq!(count_ended(conn, over).unwrap(), 1);
        assert_eq!(slice::let_go(conn, node, over).unwrap(), 1);
        ask(conn, &party(node), &Secret::fresh(), over).unwrap();
        ask(conn, &party(node), &Secret::fresh(), over.plus(PATIENCE)).unwrap();
        assert_eq!(queries::count_asked(conn).unwrap(), 1, "the next question clears up as well");
    });
}

/// Two browsers that show the same answer at the same moment: one is in.
#[test]
fn c22_a_race_for_one_answer_has_one_winner() {
    on_both_stores(|store, node| {
        let (party, question) = (party(node), Secret::fresh());
        let signed = std::sync::Mutex::new(String::new());
        let prepare = |conn: &mut Conn| {
            let aino = aino(conn);
            let (mut device, _) = registered(conn, node, &aino);
            let options = ask(conn, &party, &question, now())?.expect("asked");
            device.sign(&options).clone_into(&mut signed.lock().unwrap());
            Ok::<_, Error>(())
        };
        store.write_now(prepare).unwrap();
        let answer = answer(&question, signed.lock().unwrap().clone());
        let try_it = || store.write_now(|conn| enter(conn, &party, &answer, &Secret::fresh(), now()));
        let entered: Vec<bool> = std::thread::scope(|scope| {
            let racing: Vec<_> = (0..4).map(|_| scope.spawn(try_it)).collect();
            racing.into_iter().map(|one| one.join().unwrap().unwrap().is_some()).collect()
        });
        assert_eq!(entered.iter().filter(|entered| **entered).count(), 1, "{entered:?}");
    });
}
