//! Inviting, taking over, and not.

use super::*;
use crate::person::{Appointment, Consent, Position, consented_fields, history, position, texts};
use crate::producer::own::tests::{member, with_profile};
use crate::producer::{NewProducer, add, by_slug, delete, publish};
use crate::slice::{self, Person};
use crate::testing::{everything_sent, follower, key, later, now, on_both, verbs};
use federation::actor;

const MAIL: &str = "maija@kulma.example";
const DAY: u64 = 24 * 3600;

fn address(text: &str) -> MailAddress {
    MailAddress::parse(text).expect("an address")
}

/// Maija, as the register tells of her: all of it was agreed to on paper.
fn maija() -> NewProducer {
    NewProducer {
        name: "Maija Esimerkki".into(),
        headline: Some("kuukkeli kuiskaa".into()),
        bio: None,
        municipality: Some("Sastamala".into()),
        skills: vec!["tk:touring".into()],
        languages: vec!["fi".into()],
        fields: vec!["music".into()],
        links: vec![],
        remote: false,
        username: None,
    }
}

fn on_paper() -> Consent {
    let fields = Field::PROFILE.into_iter().collect();
    Consent { fields, text: "julkaisu-2026-1".into(), channel: "import".into(), given: now(), shown: None }
}

/// An imported and published profile.
fn imported(conn: &mut Conn, node: &Node) -> ProducerId {
    let id = add(conn, node, Caller::Coordinator, &maija(), Some(&on_paper()), now()).expect("a profile");
    publish(conn, node, Caller::Coordinator, &id, key(), now()).expect("published");
    id
}

fn invited(conn: &mut Conn, id: &ProducerId, at: Timestamp) -> Result<(), Error> {
    invite(conn, (Caller::Coordinator, &By::OPERATOR), id, (&address(MAIL), Language::Sv), at)
}

fn first(conn: &mut Conn, account: &Account, at: Timestamp) -> Option<String> {
    offered(conn, account, at).unwrap().into_iter().next().map(|one| one.id)
}

/// What would tell that something of the profile has changed.
fn whole(conn: &mut Conn, node: &Node, id: &ProducerId) -> String {
    let row = queries::find_local(conn, id).unwrap().expect("a row");
    let shown = by_slug(conn, node.origin.host(), "maija_esimerkki").unwrap();
    let document = actor::find(conn, &node.origin.actor(id.as_str())).unwrap().map(|one| one.document);
    let told = serde_json::to_string(&shown).unwrap();
    let consents = history(conn, id).unwrap();
    format!("{:?} {:?} {} {told} {document:?} {consents:?}", row.account, row.updated_at, row.name)
}

#[test]
fn nothing_changes_before_the_person_has_accepted() {
    on_both(|conn, node| {
        let id = imported(conn, node);
        follower(conn, "Person", "mastodon.example", &node.origin.actor(id.as_str()));
        let (before, sent) = (whole(conn, node, &id), verbs(conn));
        let nobody = invite(conn, (Caller::Anyone, &By::OPERATOR), &id, (&address(MAIL), Language::Fi), now());
        assert!(matches!(nobody, Err(Error::Forbidden(_))));
        invited(conn, &id, now()).unwrap();
        assert_eq!(without_person(conn, 0, 10, later(1)).unwrap()[0].invited_at, Some(now()));

        let (maija, other) = (member(conn, MAIL), member(conn, "otso@kulma.example"));
        assert!(first(conn, &other, later(1)).is_none(), "it is for one address");
        let all = offered(conn, &maija, later(1)).unwrap();
        assert_eq!((all.len(), all[0].own.told.headline.as_str()), (1, "kuukkeli kuiskaa"));
        let invitation = all[0].id.clone();
        let fields = BTreeSet::from([Field::Name]);
        let stolen = accept(conn, node, &other.id, &invitation, (&fields, Language::Fi), later(2));
        assert!(matches!(stolen, Err(Error::NotFound)));
        let late = later(30 * DAY);
        assert!(matches!(
            accept(conn, node, &maija.id, &invitation, (&fields, Language::Fi), late),
            Err(Error::NotFound)
        ));
        decline(conn, &maija.id, &invitation, later(3)).unwrap();
        assert!(first(conn, &maija, later(4)).is_none());
        assert!(matches!(decline(conn, &maija.id, &invitation, later(4)), Err(Error::NotFound)));
        assert_eq!((whole(conn, node, &id), verbs(conn)), (before, sent), "not by any of this");
    });
}

#[test]
fn who_accepts_owns_it_and_agrees_anew() {
    on_both(|conn, node| {
        let id = imported(conn, node);
        let url = node.origin.actor(id.as_str());
        follower(conn, "Person", "mastodon.example", &url);
        assert!(everything_sent(conn).contains("Sastamala"), "it was agreed to on paper");
        invited(conn, &id, now()).unwrap();
        let (maija, other) = (member(conn, MAIL), member(conn, "otso@kulma.example"));
        let invitation = first(conn, &maija, later(1)).unwrap();
        let fields = BTreeSet::from([Field::Name, Field::Skills]);
        assert!(accept(conn, node, &maija.id, &invitation, (&fields, Language::Sv), later(60)).unwrap().is_some());

        assert!(is_owned(conn, &id).unwrap());
        let own = own::find(conn, &maija.id).unwrap().expect("it is hers");
        assert_eq!((own.id.clone(), own.consented), (id.clone(), fields));
        assert_eq!(own.told.municipality, "Sastamala", "nothing is lost that she may publish later");
        assert_eq!(own.standing, own::Standing::Published);
        let view = by_slug(conn, node.origin.host(), "maija_esimerkki").unwrap().expect("still published");
        assert!(view.headline.is_none() && view.municipality.is_none() && view.skills.len() == 1);
        let document = actor::find(conn, &url).unwrap().unwrap().document;
        assert!(!document.contains("Sastamala") && !document.contains("kuukkeli"), "{document}");
        assert_eq!(verbs(conn).last().map(String::as_str), Some("Update"), "who follows her is told");

        let all = history(conn, &id).unwrap();
        let (old, new): (Vec<_>, Vec<_>) = all.iter().partition(|one| one["channel"] == "import");
        assert_eq!((old.len(), new.len()), (9, 2));
        assert!(old.iter().all(|one| !one["withdrawn"].is_null()), "what was agreed to on paper has ended");
        for one in new {
            assert!(one["withdrawn"].is_null() && one["channel"] == "web" && one["language"] == "sv", "{one}");
            assert_eq!(one["text"], texts::version(texts::Text::Publication));
            assert!(one["hash"].as_str().is_some_and(|hash| hash.len() == 64), "{one}");
        }
        let lines = audit::about(conn, Subject::ACCOUNT, maija.id.as_str(), 9).unwrap();
        assert_eq!(lines.iter().map(|line| line.deed.as_str()).collect::<Vec<_>>(), ["profile-taken"]);
        let lines = audit::about(conn, Subject::PRODUCER, id.as_str(), 9).unwrap();
        assert_eq!(lines.iter().map(|line| line.deed.as_str()).collect::<Vec<_>>(), ["invited"]);
        let hers = audit::concerning(conn, &maija.id, 9).unwrap();
        let deeds: Vec<&str> = hers.iter().map(|line| line.deed.as_str()).collect();
        assert_eq!(deeds, ["profile-taken", "invited"], "what was done to the profile is hers to read");
        let told = slice::export(conn, Person::Account(&maija.id)).unwrap();
        assert_eq!(told["audit"]["aboutYou"][1]["deed"], "invited", "{told}");
        assert!(audit::concerning(conn, &other.id, 9).unwrap().is_empty(), "and nobody else's");

        // It is somebody's own from then on.
        let again = invited(conn, &id, later(90));
        assert!(matches!(again, Err(Error::Conflict(key)) if key.message == message::PROFILE_OWNED));
        assert!(without_person(conn, 0, 10, later(90)).unwrap().is_empty());
        let twice = accept(conn, node, &maija.id, &invitation, (&BTreeSet::new(), Language::Fi), later(91));
        assert!(matches!(twice, Err(Error::NotFound)));
        slice::forget(conn, node, Person::Account(&maija.id), later(100)).unwrap();
        assert!(by_slug(conn, node.origin.host(), "maija_esimerkki").unwrap().is_none(), "and goes with her");
        assert!(
            audit::about(conn, Subject::PRODUCER, id.as_str(), 9).unwrap().is_empty(),
            "and so do the lines about it"
        );
    });
}

#[test]
fn without_the_name_it_goes_out_of_sight() {
    on_both(|conn, node| {
        let id = imported(conn, node);
        invited(conn, &id, now()).unwrap();
        let maija = member(conn, MAIL);
        let invitation = first(conn, &maija, later(1)).unwrap();
        accept(conn, node, &maija.id, &invitation, (&BTreeSet::new(), Language::Fi), later(60)).unwrap();
        assert!(by_slug(conn, node.origin.host(), "maija_esimerkki").unwrap().is_none());
        assert!(verbs(conn).contains(&"Delete".to_owned()));
        let own = own::find(conn, &maija.id).unwrap().unwrap();
        assert_eq!((own.standing, own.told.name.as_str()), (own::Standing::Private, "Maija Esimerkki"));
        let consented = consented_fields(conn, &id).unwrap();
        assert!(Field::ALL.into_iter().all(|field| !consented.allows(field)));
    });
}

#[test]
fn one_person_has_one_profile_and_one_profile_one_invitation() {
    on_both(|conn, node| {
        let id = imported(conn, node);
        let aino = with_profile(conn, node);
        let to = |conn: &mut Conn, mail: &str, at| {
            let to = (&address(mail), Language::Fi);
            invite(conn, (Caller::Coordinator, &By::OPERATOR), &id, to, at).unwrap();
        };
        to(conn, MAIL, now());
        to(conn, "aino@kulma.example", later(1));
        let maija = member(conn, MAIL);
        assert!(first(conn, &maija, later(2)).is_none(), "the second one ends the first");
        let invitation = first(conn, &aino, later(2)).unwrap();
        let refused = accept(conn, node, &aino.id, &invitation, (&BTreeSet::new(), Language::Fi), later(3));
        assert!(matches!(refused, Err(Error::Conflict(key)) if key.message == message::PROFILE_THERE));
        assert!(consented_fields(conn, &id).unwrap().allows(Field::Municipality), "as it was");
        take_back(conn, (Caller::Coordinator, &By::OPERATOR), &id, later(4)).unwrap();
        assert!(first(conn, &aino, later(5)).is_none());
        assert!(matches!(take_back(conn, (Caller::Coordinator, &By::OPERATOR), &id, later(6)), Err(Error::NotFound)));
    });
}

#[test]
fn a_letter_goes_to_whoever_has_the_address() {
    on_both(|conn, node| {
        let id = imported(conn, node);
        let says = |conn: &mut Conn| {
            let waiting = letter::claim(conn, 10, later(600)).unwrap().pop().expect("a letter waits");
            let secret = person::Secret::fresh();
            let letter = letter::prepare(conn, &waiting, &secret, later(600)).unwrap().expect("a letter");
            letter::sent(conn, &waiting).unwrap();
            assert!(matches!(letter.says, letter::Says::Invited));
            (letter.name, letter.language)
        };
        invited(conn, &id, now()).unwrap();
        assert_eq!(says(conn), (None, Language::Sv), "to somebody whom the node does not know");
        let maija = member(conn, MAIL);
        invited(conn, &id, now()).unwrap();
        assert_eq!(says(conn), (Some(maija.name.clone()), Language::Sv), "to who has an account");

        // What waits for somebody goes with the account, with the profile, and by itself.
        let all = slice::export(conn, Person::Account(&maija.id)).unwrap();
        assert_eq!(all["person"]["invited"].as_array().map(Vec::len), Some(1));
        slice::forget(conn, node, Person::Account(&maija.id), now()).unwrap();
        assert!(invitation::to(conn, &maija.mail, later(1)).unwrap().is_empty());
        invited(conn, &id, now()).unwrap();
        slice::let_go(conn, node, later(30 * DAY)).unwrap();
        assert!(invitation::among(conn, std::slice::from_ref(&id), now()).unwrap().is_empty());
        invited(conn, &id, now()).unwrap();
        delete(conn, node, Caller::Coordinator, &id, later(1)).unwrap();
        assert!(invitation::to(conn, &maija.mail, later(2)).unwrap().is_empty());
    });
}

#[test]
fn an_invitation_follows_its_person_to_another_address() {
    on_both(|conn, node| {
        let id = imported(conn, node);
        let maija = member(conn, MAIL);
        invited(conn, &id, now()).unwrap();
        let invitation = first(conn, &maija, later(1)).unwrap();
        let new = address("maija@uusi.example");
        account::readdress(conn, Caller::Coordinator, &maija.mail, &new, now()).unwrap();
        let moved = account::find(conn, &maija.id).unwrap().expect("her account");
        let other = member(conn, MAIL);
        assert_ne!(other.id, maija.id, "the old address is free");
        assert!(first(conn, &other, later(2)).is_none(), "who has it now is invited to nothing");
        assert_eq!(first(conn, &moved, later(2)).as_ref(), Some(&invitation));
        let all = slice::export(conn, Person::Account(&maija.id)).unwrap();
        assert_eq!(all["person"]["invited"].as_array().map(Vec::len), Some(1), "she is told of it");
        let fields = BTreeSet::from([Field::Name]);
        accept(conn, node, &maija.id, &invitation, (&fields, Language::Fi), later(3)).unwrap();
        assert!(is_owned(conn, &id).unwrap());
    });
}

#[test]
fn who_is_leaving_takes_nothing_over() {
    on_both(|conn, node| {
        let id = imported(conn, node);
        invited(conn, &id, now()).unwrap();
        let maija = member(conn, MAIL);
        let invitation = first(conn, &maija, later(1)).unwrap();
        crate::leaving::ask(conn, node, &maija.id, later(2)).unwrap();
        let late = accept(conn, node, &maija.id, &invitation, (&BTreeSet::new(), Language::Fi), later(3));
        assert!(matches!(late, Err(Error::NotFound)));
        assert!(!is_owned(conn, &id).unwrap());
    });
}

/// The accounts of those who hold positions are invited as all others are.
#[test]
fn the_coordinator_may_be_a_producer() {
    on_both(|conn, node| {
        let id = imported(conn, node);
        let new = Appointment {
            position: Position::Coordinator,
            mail: address(MAIL),
            name: "Maija".into(),
            language: Language::Fi,
        };
        let maija = position::appoint(conn, Caller::Coordinator, &new, now()).unwrap();
        let by = By::holder(&maija.id, Position::Coordinator.as_str());
        invite(conn, (Caller::Coordinator, &by), &id, (&maija.mail, Language::Fi), now()).unwrap();
        let invitation = first(conn, &maija, later(1)).unwrap();
        let fields = BTreeSet::from([Field::Name]);
        accept(conn, node, &maija.id, &invitation, (&fields, Language::Fi), later(2)).unwrap();
        assert!(is_owned(conn, &id).unwrap());
    });
}
