//! Members and their own profiles.

use super::*;
use crate::person::account::Account;
use crate::person::{MailAddress, Secret, consented_fields, join, letter};
use crate::producer::picture::Reader;
use crate::producer::{by_slug, give_back, needs_key, publish, waiting};
use crate::testing::{everything_indexed, everything_sent, follower, key, later, now, on_both, sent, verbs};
use crate::{Caller, slice};
use federation::actor;

/// Every text of hers occurs nowhere else.
pub(crate) fn told() -> Told {
    Told {
        name: "Aino Esimerkki".into(),
        headline: "koivunkannon sormenpää".into(),
        bio: "varpusparven kellotapuli\n\ntoinen kappale".into(),
        municipality: "Sastamala".into(),
        languages: vec!["fi".into(), "smn".into()],
        fields: vec!["circus".into()],
        links: vec!["https://aino.example/sivu".into()],
        remote: true,
        titles: vec![crate::skill::occupations()[0].id.clone()],
        regions: vec!["06".into(), "21".into()],
        engagement: vec!["light_entrepreneur".into()],
    }
}

/// Somebody who has joined.
pub(crate) fn member(conn: &mut Conn, mail: &str) -> Account {
    let mail = MailAddress::parse(mail).expect("an address");
    let link = Secret::fresh();
    letter::ask(conn, letter::Kind::Join, &mail, Language::Fi, None, now()).expect("a letter");
    for waiting in letter::claim(conn, 10, now()).expect("letters") {
        letter::prepare(conn, &waiting, &link, now()).expect("a letter");
        letter::sent(conn, &waiting).expect("sent");
    }
    let told = join::Joining { name: "Aino".into(), language: Language::Fi, adult: true, accepted: true };
    join::complete(conn, &link, &told, &Secret::fresh(), now()).expect("an account")
}

/// A member with a whole profile, nothing of it public.
pub(crate) fn with_profile(conn: &mut Conn, node: &Node) -> Account {
    let aino = member(conn, "aino@kulma.example");
    describe(conn, node, &aino.id, &told(), now()).expect("a profile");
    let skills = [("tk:touring".to_owned(), Some(3)), ("apply for government funding".to_owned(), None)];
    set_skills(conn, node, &aino.id, &skills, now()).expect("skills");
    let free = Period { from: "2027-01-31".into(), until: "2027-03-31".into(), share: 40 };
    let piece = Piece {
        title: "Lumpeenlehden oratorio".into(),
        url: Some("https://oratorio.example/".into()),
        role: Some("tuuliviirin vartija".into()),
        year: Some(2025),
    };
    set_work(conn, node, &aino.id, &[free], &[piece], now()).expect("work");
    aino
}

fn agree(conn: &mut Conn, node: &Node, aino: &Account, fields: &[Field], at: Timestamp) -> Option<ActivityUrl> {
    let fields = fields.iter().copied().collect();
    consent(conn, node, &aino.id, &fields, Language::Sv, at).expect("a consent")
}

/// Asks, and is published.
pub(crate) fn published(conn: &mut Conn, node: &Node, aino: &Account, fields: &[Field]) -> ProducerId {
    agree(conn, node, aino, fields, now());
    ask(conn, &aino.id, now()).expect("it waits");
    let id = find(conn, &aino.id).expect("a row").expect("a profile").id;
    publish(conn, node, Caller::Coordinator, &id, key(), now()).expect("published");
    id
}

fn letters(conn: &mut Conn) -> Vec<letter::Says> {
    let claimed = letter::claim(conn, 10, later(600)).unwrap();
    claimed
        .iter()
        .map(|waiting| {
            let says = letter::prepare(conn, waiting, &Secret::fresh(), later(600)).unwrap().expect("a letter").says;
            letter::sent(conn, waiting).unwrap();
            says
        })
        .collect()
}

#[test]
fn who_joins_has_nothing_public() {
    on_both(|conn, node| {
        let aino = with_profile(conn, node);
        assert_eq!(aino.terms.as_deref(), Some(texts::version(Text::Terms)));
        let own = find(conn, &aino.id).unwrap().unwrap();
        assert_eq!((own.standing, own.view, own.consented.len()), (Standing::Private, None, 0));
        assert_eq!(own.told.headline, told().headline);
        assert_eq!(own.told.bio, told().bio, "what was typed comes back");
        assert!(actor::find(conn, &node.origin.actor(own.id.as_str())).unwrap().is_none());
        assert!(by_slug(conn, node.origin.host(), "aino_esimerkki").unwrap().is_none());
        assert!(waiting(conn).unwrap().is_empty());
        assert!(!everything_indexed(conn).iter().any(|word| word.contains("aino")));
        assert!(!needs_key(conn, &own.id).unwrap());
        let refused = publish(conn, node, Caller::Coordinator, &own.id, key(), now());
        assert!(matches!(refused, Err(Error::Refused(key)) if key.id() == "no-consent"));
        assert!(matches!(ask(conn, &aino.id, now()), Err(Error::Refused(key)) if key.id() == "no-consent"));
        assert!(verbs(conn).is_empty());
    });
}

#[test]
fn each_switch_is_a_record_and_only_what_is_on_is_shown() {
    on_both(|conn, node| {
        let aino = with_profile(conn, node);
        let id = published(conn, node, &aino, &[Field::Name, Field::Skills, Field::Regions]);
        let view = by_slug(conn, node.origin.host(), "aino_esimerkki").unwrap().unwrap();
        assert_eq!((view.skills.len(), view.regions.len()), (2, 2));
        assert!(view.levels.is_empty() && view.titles.is_empty() && view.availability.is_empty());
        let all = [everything_sent(conn), serde_json::to_string(&view).unwrap(), everything_indexed(conn).join(" ")];
        let all = all.concat();
        for hidden in [
            "koivunkannon",
            "varpusparven",
            "Sastamala",
            "smn",
            "circus",
            "aino.example",
            "2027-01-31",
            "oratorio",
            "tuuliviirin",
            "kevytyrittäjä",
            "aino@kulma",
            "3/4",
        ] {
            assert!(!all.contains(hidden), "{hidden} left the node");
        }
        assert!(all.contains("Ahvenanmaa") && all.contains("kiertuetuotanto"));

        let history = person::history(conn, &id).unwrap();
        assert_eq!(history.len(), 3);
        for one in &history {
            assert_eq!((one["channel"].as_str(), one["language"].as_str()), (Some("web"), Some("sv")), "{one}");
            assert_eq!(one["text"].as_str(), Some(texts::version(Text::Publication)));
            assert_eq!(one["hash"].as_str().map(str::len), Some(64));
        }
    });
}

#[test]
fn a_whole_profile_goes_over_the_wire_and_is_read_back() {
    on_both(|conn, node| {
        let aino = with_profile(conn, node);
        published(conn, node, &aino, &Field::ALL);
        let view = by_slug(conn, node.origin.host(), "aino_esimerkki").unwrap().unwrap();
        let shown = super::super::actor_card(&view, &node.origin);
        let fields: Vec<String> =
            shown.fields.iter().map(|(title, value)| format!("{title}: {}", value.to_text())).collect();
        let expected = [
            "Nimike: koivunkannon sormenpää",
            "Erikoisala: kiertuetuotanto · hakea julkista rahoitusta",
            "Taiteenala: sirkus",
            "Toimialue: Sastamala",
            "Kielet: suomi · inarinsaame",
            "Etätyö: kyllä",
            "Ammatti: tapahtumatuottaja",
            "Osaamistaso: kiertuetuotanto 3/4",
            "Palvelee alueita: Pirkanmaa · Ahvenanmaa",
            "Sopimusmuodot: kevytyrittäjä",
            "Saatavuus: 2027-01-31 – 2027-03-31 (40 %)",
            "Verkkosivu: aino.example/sivu",
            "Työnäyte: Lumpeenlehden oratorio (tuuliviirin vartija, 2025)",
            "Maakunta: Pirkanmaa",
        ];
        assert_eq!(fields, expected);
    });
}

#[test]
fn what_is_switched_off_goes_from_everywhere() {
    on_both(|conn, node| {
        let aino = with_profile(conn, node);
        let id = published(conn, node, &aino, &[Field::Name, Field::Headline, Field::Availability]);
        let url = node.origin.actor(id.as_str());
        follower(conn, "Person", "mastodon.example", &url);
        assert!(everything_sent(conn).contains("koivunkannon"));
        let activity = agree(conn, node, &aino, &[Field::Name, Field::Availability], later(5));
        assert!(activity.is_some(), "an Update goes out");
        let all = [everything_sent(conn), everything_indexed(conn).join(" ")].concat();
        assert!(!all.contains("koivunkannon") && all.contains("2027-01-31"));
        assert!(!consented_fields(conn, &id).unwrap().allows(Field::Headline));
        assert_eq!(agree(conn, node, &aino, &[Field::Name, Field::Availability], later(6)), None, "nothing new");
        let withdrawn = |one: &serde_json::Value| !one["withdrawn"].is_null();
        assert_eq!(person::history(conn, &id).unwrap().iter().filter(|one| withdrawn(one)).count(), 1);

        agree(conn, node, &aino, &[Field::Availability], later(7));
        assert!(by_slug(conn, node.origin.host(), "aino_esimerkki").unwrap().is_none(), "without the name: taken down");
        assert_eq!(verbs(conn), ["Add", "Update", "Delete", "Remove"]);
        assert_eq!(find(conn, &aino.id).unwrap().unwrap().standing, Standing::Private);
    });
}

#[test]
fn the_coordinator_publishes_or_gives_back() {
    on_both(|conn, node| {
        let aino = with_profile(conn, node);
        let us = Caller::Coordinator;
        agree(conn, node, &aino, &[Field::Name], now());
        let id = find(conn, &aino.id).unwrap().unwrap().id;
        assert!(matches!(give_back(conn, us, &id, "ei kuvaa", now()), Err(Error::Refused(_))), "nobody has asked");
        ask(conn, &aino.id, now()).unwrap();
        let queue = waiting(conn).unwrap();
        assert_eq!((queue.len(), queue[0].view.name.as_str()), (1, "Aino Esimerkki"));
        assert_eq!(queue[0].view.headline, None, "the coordinator sees what everybody will see");

        assert!(matches!(give_back(conn, Caller::Anyone, &id, "ei kuvaa", now()), Err(Error::Forbidden(_))));
        assert!(matches!(give_back(conn, us, &id, " ", now()), Err(Error::Invalid(_))));
        give_back(conn, us, &id, "Lisää kuva,\nkiitos", now()).unwrap();
        let reason = "Lisää kuva, kiitos".to_owned();
        assert!(matches!(&letters(conn)[..], [letter::Says::Returned(told)] if *told == reason));
        assert_eq!(find(conn, &aino.id).unwrap().unwrap().standing, Standing::Returned(reason));
        assert!(waiting(conn).unwrap().is_empty());

        ask(conn, &aino.id, later(1)).unwrap();
        ask(conn, &aino.id, later(9)).unwrap();
        assert_eq!(find(conn, &aino.id).unwrap().unwrap().standing, Standing::Asked(later(1)), "asked once");
        agree(conn, node, &aino, &[], later(10));
        assert!(waiting(conn).unwrap().is_empty(), "without the name there is nothing to publish");
        published(conn, node, &aino, &[Field::Name]);
        assert!(matches!(&letters(conn)[..], [letter::Says::Published]));
        assert!(matches!(ask(conn, &aino.id, later(11)), Err(Error::Refused(_))));
    });
}

#[test]
fn what_is_written_later_goes_out_at_once_and_a_picture_with_it() {
    on_both(|conn, node| {
        let aino = with_profile(conn, node);
        let id = published(conn, node, &aino, &[Field::Name, Field::Headline]);
        let new = Told { headline: "uusi otsikko".into(), ..told() };
        assert!(describe(conn, node, &aino.id, &new, later(5)).unwrap().is_some());
        assert!(everything_sent(conn).contains("uusi otsikko"));
        assert_eq!(find(conn, &aino.id).unwrap().unwrap().skills.len(), 2, "what has its own page stays");
        assert!(describe(conn, node, &aino.id, &Told { bio: "piilossa".into(), ..new }, later(6)).unwrap().is_none());

        let png = {
            let mut bytes = std::io::Cursor::new(Vec::new());
            image::DynamicImage::new_rgb8(8, 8).write_to(&mut bytes, image::ImageFormat::Png).unwrap();
            bytes.into_inner()
        };
        let remade = picture::remade(&png).unwrap();
        let set = |conn: &mut Conn, alt: &str| set_picture(conn, node, &aino.id, Some((&remade, alt)), later(7));
        assert!(matches!(set(conn, " "), Err(Error::Invalid(_))), "a picture needs its words");
        set(conn, "Aino lumihangella").unwrap();
        let path = find(conn, &aino.id).unwrap().unwrap().picture.unwrap().path;
        let name = path.rsplit('/').next().unwrap().to_owned();
        let served = |conn: &mut Conn, reader| picture::picture(conn, &name, &reader).unwrap().is_some();
        let herself = || Reader::Member(aino.id.clone());
        assert!(!served(conn, Reader::Anybody) && !served(conn, Reader::Coordinator) && served(conn, herself()));
        assert!(!everything_sent(conn).contains("lumihangella"));
        agree(conn, node, &aino, &[Field::Name, Field::Picture], later(8));
        assert!(served(conn, Reader::Anybody) && everything_sent(conn).contains("Aino lumihangella"));
        set_picture(conn, node, &aino.id, None, later(9)).unwrap();
        assert!(!served(conn, Reader::Anybody) && !everything_sent(conn).contains("lumihangella"));
        assert!(sent(conn).iter().all(|(_, object)| object.ends_with(id.as_str())));
    });
}

#[test]
fn what_is_wrong_is_told_by_field() {
    on_both(|conn, node| {
        let aino = member(conn, "aino@kulma.example");
        assert!(matches!(set_work(conn, node, &aino.id, &[], &[], now()), Err(Error::Refused(_))), "no profile yet");
        let bad = Told {
            name: "A".into(),
            links: vec!["javascript:alert(1)".into()],
            titles: vec!["velho".into()],
            regions: vec!["77".into()],
            engagement: vec!["barter".into()],
            ..told()
        };
        let Err(Error::Invalid(found)) = describe(conn, node, &aino.id, &bad, now()) else { panic!("refused") };
        let fields: Vec<&str> = found.iter().map(|fault| fault.field.as_str()).collect();
        assert_eq!(fields, ["name", "links", "titles", "regions", "engagement"]);

        describe(conn, node, &aino.id, &told(), now()).unwrap();
        let period = |from: &str, until: &str, share| Period { from: from.into(), until: until.into(), share };
        let piece =
            |title: &str, url: &str| Piece { title: title.into(), url: Some(url.into()), role: None, year: Some(1800) };
        let periods = [period("2027-02-30", "", 50), period("2027-02-02", "2027-02-01", 0)];
        let found = set_work(conn, node, &aino.id, &periods, &[piece("", "ftp://x")], now());
        let Err(Error::Invalid(found)) = found else { panic!("refused") };
        let fields: Vec<&str> = found.iter().map(|fault| fault.field.as_str()).collect();
        assert_eq!(fields, ["from_0", "until_0", "until_1", "share_1", "title_0", "url_0", "year_0"]);
        let odd = [("loitsut".to_owned(), Some(2))];
        assert!(matches!(set_skills(conn, node, &aino.id, &odd, now()), Err(Error::Invalid(_))));
    });
}

#[test]
fn a_member_who_writes_stays_and_an_account_without_a_profile_goes() {
    on_both(|conn, node| {
        let aino = with_profile(conn, node);
        let silent = member(conn, "nobody@kulma.example");
        let day = 24 * 3600;
        slice::let_go(conn, node, later(31 * day)).unwrap();
        assert!(person::account::find(conn, &silent.id).unwrap().is_none(), "nothing was done with it");
        assert!(find(conn, &aino.id).unwrap().is_some());
        slice::let_go(conn, node, later(1_000 * day)).unwrap();
        assert!(find(conn, &aino.id).unwrap().is_some(), "nobody who was not told goes for staying away");
    });
}
