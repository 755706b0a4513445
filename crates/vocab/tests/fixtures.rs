//! Reads every document under `fixtures/`: what other programs send is understood, and no object is of two kinds.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::Value;
use vocab::nodeinfo::{Software, WellKnown};
use vocab::{Actor, ActorType, Envelope, Event, EventStatus, Jrd, Location, PUBLIC, PublicKey, Task, Tombstone, Verb};
use vocab::{collection, object, time};

const GROUP: &str = "https://pohjois-savo.example/ap/actors/0b9c5a1e-6f0e-7c3a-9d11-52c7a4e0b001";
const EVENT: &str = "https://pohjois-savo.example/ap/events/0199d3a4-1f00-7a10-8000-7f3e00000001";
const RELAY: &str = "https://pohjois-savo.example/ap/relay";

/// What an activity should be read as: verb, actor, id of the object, the object's type if it came along, public or not.
type Facts = (&'static str, Verb, &'static str, &'static str, Option<&'static str>, bool);

#[rustfmt::skip]
fn activities() -> Vec<Facts> {
    let aino = "https://mastodon.example/users/aino";
    let mobilizon = "https://mobilizon.example/@venla";
    let dance = "https://mobilizon.example/events/3f0c8a52-6f0e-4f53-b0d8-2f9d6f0a1001";
    let gancio = "https://gancio.example/federation/u/tapahtumat";
    vec![
        ("akkoma/emoji_react", Verb::EmojiReact, "https://akkoma.example/users/tapio", EVENT, None, true),
        ("akkoma/reject_follow", Verb::Reject, "https://akkoma.example/users/tapio", "https://pohjois-savo.example/ap/follows/0199d3a4-1f00-7a10-8000-000000000007", Some("Follow"), false),
        ("fedify/create_article", Verb::Create, "https://lehti.example/.ghost/activitypub/users/index", "https://lehti.example/.ghost/activitypub/article/5f1d2f1e-0000-4b5c-9a3e-000000000010", Some("Article"), true),
        ("fedify/follow", Verb::Follow, "https://hollo.example/@lumi", GROUP, None, false),
        ("friendica/create_event", Verb::Create, "https://friendica.example/profile/kerttu", "https://friendica.example/objects/0a1b2c3d-4567-89ab-cdef-000000000001", Some("Event"), true),
        ("friendica/create_reply", Verb::Create, "https://friendica.example/profile/kerttu", "https://friendica.example/objects/0a1b2c3d-4567-89ab-cdef-000000000002", Some("Note"), true),
        ("gancio/create_event", Verb::Create, gancio, "https://gancio.example/federation/m/317", Some("Event"), true),
        ("gancio/delete_event", Verb::Delete, gancio, "https://gancio.example/federation/m/317", Some("Event"), true),
        ("gancio/follow", Verb::Follow, gancio, GROUP, None, false),
        ("gancio/undo_follow", Verb::Undo, gancio, "https://gancio.example/federation/m/https://pohjois-savo.example/ap/actors/0b9c5a1e-6f0e-7c3a-9d11-52c7a4e0b001#follow", Some("Follow"), false),
        ("gotosocial/create_note", Verb::Create, "https://gts.example/users/eino", "https://gts.example/users/eino/statuses/01KAWXYZ00000000000000000A", Some("Note"), true),
        ("gotosocial/follow", Verb::Follow, "https://gts.example/users/eino", GROUP, None, false),
        ("hubzilla/accept_event", Verb::Accept, "https://hubzilla.example/channel/ilona", EVENT, Some("Event"), false),
        ("hubzilla/invite_event", Verb::Invite, "https://hubzilla.example/channel/ilona", "https://hubzilla.example/item/7c1b5a10-0000-4a4a-8b8b-000000000001", Some("Event"), true),
        ("lemmy/announce_create_page", Verb::Announce, "https://lemmy.example/c/kulttuuri", "https://lemmy.example/activities/create/2807c9ec-0000-4859-a9e0-000000000001", Some("Create"), true),
        ("lemmy/follow", Verb::Follow, "https://lemmy.example/u/pekka", GROUP, None, false),
        ("mastodon/announce", Verb::Announce, aino, EVENT, None, true),
        ("mastodon/create_note", Verb::Create, aino, "https://mastodon.example/users/aino/statuses/115600000000000001", Some("Note"), true),
        ("mastodon/create_reply", Verb::Create, aino, "https://mastodon.example/users/aino/statuses/115600000000000002", Some("Note"), true),
        ("mastodon/create_vote", Verb::Create, aino, "https://mastodon.example/users/aino#votes/77", Some("Note"), false),
        ("mastodon/delete_actor", Verb::Delete, "https://mastodon.example/users/poistunut", "https://mastodon.example/users/poistunut", None, true),
        ("mastodon/delete_note", Verb::Delete, aino, "https://mastodon.example/users/aino/statuses/115600000000000001", Some("Tombstone"), true),
        ("mastodon/flag", Verb::Flag, "https://mastodon.example/actor", GROUP, None, false),
        ("mastodon/follow", Verb::Follow, aino, GROUP, None, false),
        ("mastodon/like", Verb::Like, aino, EVENT, None, false),
        ("mastodon/move", Verb::Move, aino, aino, None, false),
        ("mastodon/quote_request", Verb::QuoteRequest, aino, EVENT, None, false),
        ("mastodon/undo_follow", Verb::Undo, aino, "https://mastodon.example/6f5a1c1e-2d3b-4c61-8f29-b1e2d0c4a777", Some("Follow"), false),
        ("mastodon/update_actor", Verb::Update, aino, aino, Some("Person"), true),
        ("misskey/create_note", Verb::Create, "https://misskey.example/users/9zmisskey1", "https://misskey.example/notes/a1misskeynote1", Some("Note"), true),
        ("misskey/follow", Verb::Follow, "https://misskey.example/users/9zmisskey1", GROUP, None, false),
        ("misskey/like_reaction", Verb::Like, "https://misskey.example/users/9zmisskey1", EVENT, None, false),
        ("mitra/create_note", Verb::Create, "https://mitra.example/users/otso", "https://mitra.example/objects/0193f1a0-0000-7000-8000-000000000001", Some("Note"), true),
        ("mobilizon/announce", Verb::Announce, "https://mobilizon.example/relay", dance, None, true),
        ("mobilizon/create_event", Verb::Create, mobilizon, dance, Some("Event"), true),
        ("mobilizon/delete_event", Verb::Delete, mobilizon, dance, Some("Tombstone"), true),
        ("mobilizon/follow", Verb::Follow, "https://mobilizon.example/relay", RELAY, None, false),
        ("mobilizon/join", Verb::Join, mobilizon, EVENT, None, false),
        ("mobilizon/update_event", Verb::Update, mobilizon, dance, Some("Event"), true),
        ("pixelfed/create_note", Verb::Create, "https://pixelfed.example/users/saara", "https://pixelfed.example/p/saara/501", Some("Note"), true),
        ("wordpress/announce_reminder", Verb::Announce, "https://museo.example/?author=0", "https://museo.example/?p=481", None, true),
        ("wordpress/create_event", Verb::Create, "https://museo.example/?author=0", "https://museo.example/?p=481", Some("Event"), true),
    ]
}

/// What an actor document should be read as: type, handle's first half, the id of its key, its profile fields.
#[rustfmt::skip]
const ACTORS: &[(&str, ActorType, &str, &str, usize)] = &[
    ("fedify/actor", ActorType::Person, "lumi", "https://hollo.example/@lumi#main-key", 0),
    ("gancio/actor", ActorType::Application, "tapahtumat", "https://gancio.example/federation/u/tapahtumat#main-key", 2),
    ("gotosocial/actor", ActorType::Person, "eino", "https://gts.example/users/eino/main-key", 1),
    ("hubzilla/actor", ActorType::Person, "ilona", "https://hubzilla.example/channel/ilona", 0),
    ("lemmy/group", ActorType::Group, "kulttuuri", "https://lemmy.example/c/kulttuuri#main-key", 0),
    ("mastodon/actor", ActorType::Person, "aino", "https://mastodon.example/users/aino#main-key", 1),
    ("misskey/actor", ActorType::Person, "mikko", "https://misskey.example/users/9zmisskey1#main-key", 0),
    ("mobilizon/actor_relay", ActorType::Application, "relay", "https://mobilizon.example/relay#main-key", 0),
];

/// Documents of other sorts, each with a test of its own below.
const OTHERS: &[&str] = &[
    "gancio/outbox_page",
    "gotosocial/key_stub",
    "mastodon/nodeinfo",
    "mastodon/webfinger",
    "mitra/proposal",
    "mobilizon/nodeinfo_pointer",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(root().join(format!("{name}.json"))).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn document(name: &str) -> Value {
    serde_json::from_slice(&bytes(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn envelope(name: &str) -> Envelope {
    Envelope::parse(&bytes(name)).unwrap_or_else(|malformed| panic!("{name}: {malformed}"))
}

fn embedded(name: &str) -> Value {
    envelope(name).embedded_object().cloned().unwrap_or_else(|| panic!("{name}: the object did not come along"))
}

fn all_names() -> BTreeSet<String> {
    let folders = std::fs::read_dir(root()).expect("the fixtures folder");
    let folders = folders.map(|entry| entry.expect("an entry").path()).filter(|path| path.is_dir());
    folders
        .flat_map(|folder| std::fs::read_dir(folder).expect("a folder"))
        .map(|entry| {
            let path = entry.expect("an entry").path();
            let name = path.strip_prefix(root()).expect("below the root").with_extension("");
            name.to_str().expect("a name").to_owned()
        })
        .collect()
}

#[test]
fn every_file_is_read_by_a_test() {
    let known = activities().into_iter().map(|facts| facts.0).chain(ACTORS.iter().map(|facts| facts.0));
    let known: BTreeSet<String> = known.chain(OTHERS.iter().copied()).map(str::to_owned).collect();
    assert_eq!(known, all_names());
}

#[test]
fn activities_are_understood() {
    for (name, verb, actor, object, kind, public) in activities() {
        let envelope = envelope(name);
        assert_eq!(envelope.verb, verb, "{name}");
        assert_eq!(envelope.actor.as_str(), actor, "{name}");
        assert_eq!(envelope.object_id(), Some(object), "{name}");
        let found = envelope.embedded_object().map(|object| object::kind_of(object).remove(0));
        assert_eq!(found.as_deref(), kind, "{name}");
        assert_eq!(envelope.mentions_public(), public, "{name}");
        assert_eq!(envelope.raw, document(name), "{name}");
    }
}

#[test]
fn actors_are_understood() {
    for (name, kind, username, key, fields) in ACTORS {
        let document = document(name);
        let actor = Actor::parse(&document).unwrap_or_else(|invalid| panic!("{name}: {invalid}"));
        assert_eq!((actor.kind, actor.preferred_username.as_str()), (*kind, *username), "{name}");
        assert_eq!(actor.attachment.len(), *fields, "{name}");
        let found = actor.public_key.unwrap_or_else(|| panic!("{name}: no key"));
        assert_eq!((found.id.as_str(), &found.owner), (*key, &actor.id), "{name}");
        assert!(found.public_key_pem.starts_with("-----BEGIN PUBLIC KEY-----\n"), "{name}");
        assert!(!found.public_key_pem.contains('\r') && found.public_key_pem.ends_with("-----\n"), "{name}");
        let endpoints = actor.endpoints.unwrap_or_else(|| panic!("{name}: no shared inbox"));
        assert!(endpoints.shared_inbox.starts_with("https://"), "{name}");
    }
}

/// Every object in every file, however deep it lies.
fn objects(value: &Value, found: &mut Vec<Value>) {
    match value {
        Value::Object(fields) => {
            found.push(value.clone());
            fields.values().for_each(|value| objects(value, found));
        }
        Value::Array(members) => members.iter().for_each(|value| objects(value, found)),
        _ => {}
    }
}

#[test]
fn no_object_is_of_two_kinds() {
    let mut claimed = 0;
    for name in all_names() {
        let mut found = Vec::new();
        objects(&document(&name), &mut found);
        for object in found {
            let claims = usize::from(Event::marks(&object)) + usize::from(Task::marks(&object));
            assert!(claims <= 1, "{name}: {object}");
            claimed += claims;
        }
    }
    assert!(claimed >= 8, "the events are recognised");
}

#[test]
fn nothing_of_others_is_taken_for_a_task() {
    for name in all_names() {
        let mut found = Vec::new();
        objects(&document(&name), &mut found);
        assert!(!found.iter().any(Task::marks), "{name}");
    }
}

#[test]
#[rustfmt::skip]
fn events_are_understood() {
    for (name, title, start, place, picture, status) in [
        ("friendica/create_event", "Torikonsertti", "2026-12-06T12:00:00+00:00", "Mikkelin tori", None, EventStatus::Scheduled),
        ("gancio/create_event", "Kirjapiiri: kevään luettavaa", "2026-12-03T17:30:00+02:00", "Kahvila Kulma, Kajaani", Some("https://gancio.example/media/0f1e2d.jpg"), EventStatus::Scheduled),
        ("hubzilla/invite_event", "Talkoot näyttämöllä", "2026-12-08T15:00:00+00:00", "Kesäteatteri", None, EventStatus::Scheduled),
        ("mobilizon/create_event", "Tanssi-ilta seurantalolla", "2026-12-05T18:00:00+02:00", "Seurantalo", Some("https://mobilizon.example/media/tanssi.jpg?name=tanssi.jpg"), EventStatus::Scheduled),
        ("mobilizon/update_event", "Tanssi-ilta seurantalolla", "2026-12-05T18:00:00+02:00", "Seurantalo", Some("https://mobilizon.example/media/tanssi.jpg?name=tanssi.jpg"), EventStatus::Cancelled),
        ("wordpress/create_event", "Yömuseo", "2026-12-12T18:00:00+02:00", "Museo", Some("https://museo.example/wp-content/uploads/2026/11/yo.jpg"), EventStatus::Scheduled),
    ] {
        let event = Event::parse(&embedded(name)).unwrap_or_else(|invalid| panic!("{name}: {invalid}"));
        assert_eq!(event.name, title, "{name}");
        assert_eq!(event.start_time.to_string(), start, "{name}");
        assert_eq!(event.location.as_ref().map(Location::name), Some(place), "{name}");
        assert_eq!(event.picture().map(|image| image.url.as_str()), picture, "{name}");
        assert_eq!(event.status, status, "{name}");
        assert_eq!(event.to, [PUBLIC], "{name}");
        assert!(event.published.is_some() && event.content.is_some(), "{name}");
    }
}

#[test]
fn particulars_of_events() {
    let dance = Event::parse(&embedded("mobilizon/create_event")).expect("an event");
    assert_eq!(dance.attributed_to, "https://mobilizon.example/@kulttuuriyhdistys", "the group, not the person");
    assert_eq!(dance.maximum_attendee_capacity, None, "Mobilizon's 0 is no limit");
    assert_eq!(dance.attachment.len(), 2, "the property is passed over");
    assert_eq!(dance.timezone.as_deref(), Some("Europe/Helsinki"));

    let book = Event::parse(&embedded("gancio/create_event")).expect("an event");
    let Some(Location::Place(place)) = book.location else { panic!("a place") };
    assert_eq!((place.latitude, place.longitude), (None, None));
    let address = place.address.expect("an address");
    assert_eq!(address.street_address.as_deref(), Some("Kauppakatu 3, Kajaani"));
    assert_eq!(book.published.map(time::utc).as_deref(), Some("2026-11-21T10:11:12Z"));

    let night = Event::parse(&embedded("wordpress/create_event")).expect("an event");
    assert_eq!(night.summary.as_deref(), Some("📅 12.12.2026 klo 18.00 📍 Museo, Iisalmi"));
    assert_eq!(night.tag.len(), 1);
}

#[test]
fn particulars_of_activities() {
    let undo = envelope("gancio/undo_follow");
    let follow = undo.embedded_object().expect("a follow");
    assert!(follow.get("actor").is_none() && follow["object"] == GROUP);

    let flag = envelope("mastodon/flag");
    assert_eq!(flag.object.len(), 2);

    assert!(envelope("mastodon/delete_actor").is_about_its_own_actor());
    assert!(envelope("mastodon/update_actor").is_about_its_own_actor());
    assert!(!envelope("mastodon/delete_note").is_about_its_own_actor());

    let moved = envelope("mastodon/move").target.expect("a target");
    assert_eq!(moved.id(), Some("https://toinen.example/users/aino"));

    let reply = embedded("mastodon/create_reply");
    assert!(object::in_reply_to(&reply).is_some_and(|id| id.starts_with("https://pohjois-savo.example/ap/tasks/")));

    let gone = Tombstone::parse(&embedded("mobilizon/delete_event")).expect("a tombstone");
    assert_eq!(gone.former_type.as_deref(), Some("Event"));

    let inner = Envelope::read(embedded("lemmy/announce_create_page")).expect("an activity inside");
    assert_eq!((inner.verb, inner.actor.as_str()), (Verb::Create, "https://lemmy.example/u/pekka"));

    let note = envelope("gotosocial/create_note");
    assert_eq!((note.to.as_slice(), note.cc.len()), ([PUBLIC.to_owned()].as_slice(), 1));
}

#[test]
fn documents_of_other_sorts() {
    let page = document("gancio/outbox_page");
    let items = collection::items(&page);
    assert_eq!((items.len(), collection::next(&page), collection::total(&page)), (1, None, Some(1)));
    let create = Envelope::read(items[0].embedded().expect("an activity").clone()).expect("an activity");
    assert!(create.embedded_object().is_some_and(Event::marks));

    let keys = PublicKey::all_in(&document("gotosocial/key_stub"));
    assert_eq!(keys[0].id, "https://gts.example/users/eino/main-key");
    assert_eq!(keys[0].owner, "https://gts.example/users/eino");

    let software = Software::parse(&document("mastodon/nodeinfo")).expect("a name");
    assert_eq!((software.name.as_str(), software.version.as_str()), ("mastodon", "4.6.5"));

    let jrd = Jrd::parse(&document("mastodon/webfinger")).expect("an answer");
    assert_eq!(jrd.self_link(), Some("https://mastodon.example/users/aino"));
    assert!(jrd.follow_page("https://a.example/x").is_some());

    let known = WellKnown::parse(&document("mobilizon/nodeinfo_pointer"));
    assert_eq!(known.document(), Some("https://mobilizon.example/.well-known/nodeinfo/2.1"));
    assert_eq!(known.application(), Some("https://mobilizon.example/relay"));

    let proposal = document("mitra/proposal");
    assert!(!Task::marks(&proposal) && !Event::marks(&proposal));
}
