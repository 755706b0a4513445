//! Rules of producers, tasks and bundles.

use super::{faults, reading};
use crate::import::{Content, Format, ImportedProducer, ImportedTask};
use crate::person::Field;
use serde_json::{Value, json};

/// A CSV file with one row: these columns in place of, or beside, the usual ones.
fn csv(usual: &[(&str, &str)], cells: &[(&str, &str)]) -> String {
    let mut row: Vec<(&str, &str)> = usual.to_vec();
    for (column, value) in cells {
        match row.iter_mut().find(|(known, _)| known == column) {
            Some(cell) => cell.1 = value,
            None => row.push((column, value)),
        }
    }
    let (header, values): (Vec<&str>, Vec<String>) =
        row.iter().map(|(column, value)| (*column, format!("\"{}\"", value.replace('"', "\"\"")))).unzip();
    format!("{}\n{}\n", header.join(";"), values.join(";"))
}

const PERSON: [(&str, &str); 2] = [("id", "p-1"), ("name", "Aino Esimerkki")];
const TASK: [(&str, &str); 9] = [
    ("id", "t-1"),
    ("title", "Tuottaja"),
    ("description", "Kuvaus."),
    ("client", "Seura ry"),
    ("kind", "gig"),
    ("engagement", "salary"),
    ("pay_min", "20"),
    ("pay_unit", "hour"),
    ("deadline", "2027-01-31"),
];

fn person(cells: &[(&str, &str)]) -> ImportedProducer {
    let reading = reading(Format::ProducersCsv, &csv(&PERSON, cells));
    assert_eq!(reading.bad, []);
    match reading.rows.into_iter().next().map(|row| row.content) {
        Some(Content::Producer(producer)) => producer,
        other => panic!("{other:?}"),
    }
}

fn task(cells: &[(&str, &str)]) -> ImportedTask {
    let mut usual = TASK.to_vec();
    usual.push(("municipality", "Tampere"));
    let reading = reading(Format::TasksCsv, &csv(&usual, cells));
    assert_eq!(reading.bad, []);
    match reading.rows.into_iter().next().map(|row| row.content) {
        Some(Content::Task(task)) => task,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_refuses_a_person() {
    let long = |length: usize| "x".repeat(length);
    let consent = [("consent_fields", "name"), ("consent_date", "2026-09-15"), ("consent_text", "t-1")];
    let with = |change: (&'static str, &'static str)| {
        consent.iter().map(|cell| if cell.0 == change.0 { change } else { *cell }).collect::<Vec<_>>()
    };
    for (cells, expected) in [
        (vec![("name", "")], "name: is missing"),
        (vec![("name", "A")], "name: is shorter than 2 characters"),
        (vec![("name", long(121).as_str())], "name: is longer than 120 characters"),
        (vec![("name", "Aino\u{7}")], "name: holds control characters"),
        (vec![("headline", long(161).as_str())], "headline: is longer than 160 characters"),
        (vec![("bio", long(5_001).as_str())], "bio: is longer than 5000 characters"),
        (vec![("municipality", long(81).as_str())], "municipality: is longer than 80 characters"),
        (vec![("region", "99")], "region: \"99\" is not a known region"),
        (vec![("region", "Etelä-Pohjanmaa")], "region: region is 14, this node is 06"),
        (vec![("skills", "taikuus")], "skills: \"taikuus\" is not a known skill"),
        (vec![("languages", "suomi")], "languages: \"suomi\" is not a language code"),
        (vec![("links", "http://a.example/")], "links: \"http://a.example/\" is not a link"),
        (vec![("links", "https://a:b@c.example/")], "links: \"https://a:b@c.example/\" is not a link"),
        (vec![("remote", "ehkä")], "remote: \"ehkä\" is not yes or no"),
        (vec![("username", "Aino")], "username: \"Aino\" is not a username: use a-z, 0-9 and _"),
        (vec![("username", "a")], "username: \"a\" is not a username: use a-z, 0-9 and _"),
        (with(("consent_text", "")), "consent_fields: consent is not complete"),
        (with(("consent_date", "")), "consent_fields: consent is not complete"),
        (with(("consent_date", "2026-11-25")), "consent_fields: consent is not complete"),
        (with(("consent_date", "eilen")), "consent_date: \"eilen\" is not a date"),
        (
            with(("consent_fields", "name|phone")),
            "consent_fields: \"phone\" is not one of: name, headline, bio, municipality, skills, languages, fields, links, remote",
        ),
    ] {
        let found = faults(Format::ProducersCsv, &csv(&PERSON, &cells));
        assert_eq!(found, [format!("line 2 (p-1): {expected}")], "{cells:?}");
    }
    let many = (0..11).map(|n| format!("https://a.example/{n}")).collect::<Vec<_>>().join("|");
    let found = faults(Format::ProducersCsv, &csv(&PERSON, &[("links", &many)]));
    assert_eq!(found, ["line 2 (p-1): links: has more than 10 entries"]);
}

#[test]
fn a_person() {
    let found = person(&[
        ("bio", "Moi **kaikki**\n\n<script>x</script>"),
        ("skills", "tk:touring|Talous ja rahoitus|TK:touring"),
        ("languages", "FI|sv|smn"),
        ("fields", "music|dance"),
        ("links", "https://a.example/"),
        ("remote", "Kyllä"),
        ("region", "Pirkanmaa"),
        ("consent_fields", "all"),
        ("consent_date", "15.9.2026"),
        ("consent_text", "t-1"),
    ]);
    assert_eq!(found.new.bio.as_ref().map(|bio| bio.as_str().trim()), Some("<p>Moi <strong>kaikki</strong></p>"));
    assert_eq!(found.new.skills, ["tk:touring", "G04"]);
    assert_eq!(found.new.languages, ["fi", "sv", "smn"]);
    assert!(found.new.remote && found.may_be_published());
    let consent = found.consent.expect("consent");
    assert_eq!(consent.fields, Field::PROFILE.into());
    assert_eq!(consent.given, crate::testing::at("2026-09-14T21:00:00Z"));
    assert_eq!((consent.channel.as_str(), consent.text.as_str()), ("import", "t-1"));
    let kept = person(&[("consent_fields", ""), ("consent_date", "2026-09-15")]);
    assert!(kept.consent.is_none() && !kept.may_be_published());
    // Nothing of a person gets into a log.
    assert!(!format!("{:?}", reading(Format::ProducersCsv, &csv(&PERSON, &[]))).contains("Aino"));
}

#[test]
fn what_refuses_a_task() {
    let long = |length: usize| "x".repeat(length);
    let place = ("municipality", "Tampere");
    for (cells, expected) in [
        (vec![place, ("title", "")], "title: is missing"),
        (vec![place, ("title", "ab")], "title: is shorter than 3 characters"),
        (vec![place, ("description", "")], "description: is missing"),
        (vec![place, ("description", "<b></b>")], "description: is missing"),
        (vec![place, ("description", long(10_001).as_str())], "description: is longer than 10000 characters"),
        (vec![place, ("client", "")], "client: is missing"),
        (vec![place, ("kind", "")], "kind: is missing"),
        (vec![place, ("engagement", "")], "engagement: is missing"),
        (
            vec![place, ("engagement", "rakkaus")],
            "engagement: \"rakkaus\" is not one of: salary, invoice, light_entrepreneur, work_compensation, grant, revenue_share, expenses_only, unpaid",
        ),
        (vec![place, ("pay_min", "")], "pay_min: pay is missing"),
        (vec![place, ("pay_unit", "")], "pay_unit: is missing"),
        (vec![place, ("pay_unit", "vuosi")], "pay_unit: \"vuosi\" is not one of: hour, day, week, month, project"),
        (vec![place, ("pay_min", "paljon")], "pay_min: \"paljon\" is not a number"),
        (vec![place, ("pay_min", "20,123")], "pay_min: \"20,123\" is not a number"),
        (vec![place, ("pay_max", "10")], "pay_min: the smallest pay is larger than the largest"),
        (vec![place, ("pay_min", "0")], "pay_min: may be 0 only with revenue_share"),
        (vec![place, ("hours", "0")], "hours: is smaller than 1"),
        (vec![place, ("hours", "99999999999")], "hours: is larger than 10000"),
        (vec![place, ("seats", "100")], "seats: is larger than 99"),
        (vec![place, ("starts", "2027-02-02"), ("ends", "2027-02-01")], "ends: ends before it starts"),
        (vec![place, ("starts", "joskus"), ("ends", "2027-02-01")], "starts: \"joskus\" is not a date"),
        (vec![place, ("deadline", "")], "deadline: is missing"),
        (vec![], "municipality: is missing"),
        (vec![place, ("region", "14")], "region: region is 14, this node is 06"),
        (vec![place, ("language", "ru")], "language: \"ru\" is not one of: fi, sv, en"),
        (vec![place, ("state", "closed")], "state: \"closed\" is not one of: draft, open"),
    ] {
        let found = faults(Format::TasksCsv, &csv(&TASK, &cells));
        assert_eq!(found, [format!("line 2 (t-1): {expected}")], "{cells:?}");
    }
}

#[test]
fn a_task() {
    let found = task(&[
        ("pay_min", "45,5"),
        ("starts", "5.1.2027"),
        ("ends", "2027-01-06 12.30"),
        ("deadline", "31.12.2026"),
        ("state", "draft"),
        ("hours", "12"),
    ]);
    let pay = found.new.pay.expect("pay");
    assert_eq!((pay.min.as_deref(), pay.max.as_deref(), pay.unit.as_str()), (Some("45.50"), Some("45.50"), "hour"));
    assert_eq!(
        (found.new.starts.as_deref(), found.new.ends.as_deref()),
        (Some("2027-01-05"), Some("2027-01-06T12:30"))
    );
    assert_eq!(found.new.deadline, Some(crate::testing::at("2026-12-31T21:59:59Z")));
    assert_eq!((found.open, found.new.seats, found.new.language.as_str(), found.new.hours), (false, 1, "fi", Some(12)));
    let unpaid = task(&[
        ("kind", "volunteer"),
        ("engagement", "unpaid"),
        ("pay_min", ""),
        ("pay_unit", ""),
        ("unpaid_reason", "Talkoot"),
    ]);
    assert!(unpaid.new.pay.is_none() && unpaid.open);
    let remote = task(&[("municipality", ""), ("remote", "ja"), ("engagement", "revenue_share"), ("pay_min", "0")]);
    assert!(remote.new.remote && remote.new.municipality.is_none());
}

fn bundle(list: &str, item: Value) -> String {
    json!({"format": "solmu-bundle/1", "region": "Pirkanmaa", list: [item]}).to_string()
}

fn with(mut usual: Value, fields: &Value) -> Value {
    for (field, value) in fields.as_object().expect("fields") {
        usual[field] = value.clone();
    }
    usual
}

#[test]
fn what_refuses_an_event_of_a_bundle() {
    let usual = json!({"id": "e-1", "name": "Ilta", "starts": "2027-01-05T18:00", "place": {"name": "Talo", "locality": "Tampere"}});
    for (fields, expected) in [
        (json!({"id": ""}), "events item 1: id: is missing"),
        (json!({"name": null}), "name: is missing"),
        (json!({"name": 5}), "name: is not a text"),
        (json!({"blurb": "x".repeat(251)}), "blurb: is longer than 250 characters"),
        (json!({"content": "x".repeat(20_001)}), "content: is longer than 20000 characters"),
        (json!({"starts": null}), "starts: is missing"),
        (json!({"starts": "2027-01-05", "ends": "2027-01-05T19:00"}), "starts: \"2027-01-05\" is not a date"),
        (json!({"ends": "2028-02-05T18:00"}), "ends: lasts longer than 366 days"),
        (json!({"zone": "Marsin/Aika"}), "zone: \"Marsin/Aika\" is not a known time zone"),
        (json!({"place": null}), "place: place is missing"),
        (json!({"place": "Talo"}), "place: is not an object"),
        (json!({"place": {"name": "Talo"}}), "place.locality: is missing"),
        (json!({"place": {"locality": "Tampere"}}), "place.name: is missing"),
        (
            json!({"place": {"name": "Talo", "locality": "T", "postal_code": "331"}}),
            "place.postal_code: \"331\" is not a postal code",
        ),
        (json!({"place": {"name": "Talo", "locality": "T", "latitude": 61}}), "place.longitude: is missing"),
        (
            json!({"place": {"name": "Talo", "locality": "T", "latitude": 91, "longitude": 0}}),
            "place.latitude: is larger than 90",
        ),
        (
            json!({"place": {"name": "Talo", "locality": "T", "floor": 2}}),
            "events item 1 (e-1): field \"place.floor\" is unknown",
        ),
        (json!({"online_url": "http://a.example/"}), "online_url: \"http://a.example/\" is not a link"),
        (json!({"picture": {"url": "https://a.example/1.png"}}), "picture.alt: is missing"),
        (json!({"picture": {"alt": "Sali"}}), "picture.url: is missing"),
        (
            json!({"picture": {"alt": "Sali", "url": "//a.example/1.png"}}),
            "picture.url: \"//a.example/1.png\" is not a link",
        ),
        (
            json!({"status": "moved_online"}),
            "status: \"moved_online\" is not one of: scheduled, tentative, postponed, rescheduled, cancelled",
        ),
        (json!({"tags": (0..21).map(|n| format!("sana{n}")).collect::<Vec<_>>()}), "tags: has more than 20 entries"),
        (json!({"tags": "sana"}), "tags: is not a list"),
        (json!({"capacity": 0}), "capacity: is smaller than 1"),
        (json!({"capacity": "60"}), "capacity: \"60\" is not a number"),
        (json!({"organiser": 7}), "organiser: is not a text"),
    ] {
        let found = faults(Format::Bundle, &bundle("events", with(usual.clone(), &fields)));
        assert_eq!(found.len(), 1, "{fields}: {found:?}");
        assert!(found[0].ends_with(expected), "{fields}: {found:?}");
    }
    assert_eq!(faults(Format::Bundle, &bundle("events", json!(5))), ["events item 1: is not an object"]);
    let list = json!({"format": "solmu-bundle/1", "region": "06", "events": {}, "tasks": null}).to_string();
    assert_eq!(faults(Format::Bundle, &list), ["events: is not a list"]);
    let twice = json!({"format": "solmu-bundle/1", "region": "06", "events": [usual, usual]}).to_string();
    assert_eq!(faults(Format::Bundle, &twice), ["events item 2 (e-1): id: the id was already used by item 1"]);
}

#[test]
fn what_refuses_the_others_of_a_bundle() {
    let organisation = json!({"id": "o-1", "name": "Seura ry", "kind": "association"});
    let task = json!({"id": "t-1", "title": "Tuottaja", "description": "Kuvaus.", "client": "Seura ry", "kind": "gig",
        "engagement": ["salary"], "pay_min": "20.50", "pay_unit": "hour", "deadline": "2027-01-31", "municipality": "Tampere"});
    let person = json!({"id": "p-1", "name": "Aino Esimerkki",
        "consent": {"fields": ["name"], "date": "2026-09-15", "text": "t-1"}});
    for (list, usual, fields, expected) in [
        ("organisations", &organisation, json!({"kind": ""}), "kind: is missing"),
        ("organisations", &organisation, json!({"website": "a.example"}), "website: \"a.example\" is not a link"),
        ("organisations", &organisation, json!({"description": {}}), "description: is missing"),
        ("organisations", &organisation, json!({"description": {"de": "x"}}), "description: is missing"),
        (
            "organisations",
            &organisation,
            json!({"description": {"fi": "x".repeat(2_001)}}),
            "description.fi: is longer than 2000 characters",
        ),
        ("tasks", &task, json!({"pay_min": 20.5}), "pay_min: is not a text"),
        ("tasks", &task, json!({"seats": "1"}), "seats: \"1\" is not a number"),
        ("tasks", &task, json!({"remote": "yes"}), "remote: \"yes\" is not yes or no"),
        ("tasks", &task, json!({"engagement": "salary"}), "engagement: is not a list"),
        ("producers", &person, json!({"consent": []}), "consent: is not an object"),
        ("producers", &person, json!({"consent": {"fields": ["name"]}}), "consent: consent is not complete"),
        (
            "producers",
            &person,
            json!({"consent": {"fields": ["name"], "date": "2026-09-15", "text": 1}}),
            "consent.text: is not a text",
        ),
        (
            "producers",
            &person,
            json!({"consent": {"fields": ["name"], "date": "x", "text": "t"}}),
            "consent.date: \"x\" is not a date",
        ),
        ("producers", &person, json!({"consent_fields": ["name"]}), "field \"consent_fields\" is unknown"),
    ] {
        let found = faults(Format::Bundle, &bundle(list, with(usual.clone(), &fields)));
        let last = found.last().unwrap_or_else(|| panic!("{list} {fields}: no fault"));
        assert!(last.ends_with(expected) || found[0].ends_with(expected), "{list} {fields}: {found:?}");
        assert!(
            found.len() == 1 || fields.to_string().contains("\"de\"") || fields.to_string().contains("pay_min"),
            "{found:?}"
        );
    }
    for (list, usual) in [("organisations", organisation), ("tasks", task), ("producers", person)] {
        assert_eq!(faults(Format::Bundle, &bundle(list, usual)), [""; 0], "{list}");
    }
}
