//! Small bundles and files to import, in the ways in which a region's own content is written.

use serde_json::{Value, json};
use store::Clock;

/// A day some days from now, `YYYY-MM-DD`.
fn day(ahead: i64) -> String {
    let now = Clock::System.now().to_jiff().to_zoned(jiff::tz::TimeZone::UTC);
    now.checked_add(jiff::Span::new().days(ahead)).unwrap().date().to_string()
}

fn bundle(list: &str, thing: Value) -> Value {
    json!({"format": "solmu-bundle/1", "region": "06", list: [thing]})
}

/// A bundle with one event of Pirkanmaa.
pub fn event(id: &str, name: &str, blurb: &str) -> Value {
    let (starts, ends) = (format!("{}T18:00", day(20)), format!("{}T21:00", day(20)));
    bundle(
        "events",
        json!({
            "id": id, "name": name, "blurb": blurb, "content": "Ohjelmaa ja **keskustelua**.", "starts": starts, "ends": ends,
            "category": "NETWORKING", "tags": ["tuottajakahvit"],
            "place": {"name": "Kulttuuritalo", "street": "Katu 1", "locality": "Tampere", "latitude": 61.0, "longitude": 23.7689},
        }),
    )
}

/// A bundle with one open task of Pirkanmaa.
pub fn task(id: &str, title: &str, state: &str) -> Value {
    bundle(
        "tasks",
        json!({
            "id": id, "title": title, "description": "Tuottajan työtä klubi-iltaan.", "client": "osuuskunta", "kind": "gig",
            "engagement": ["invoice"], "pay_min": "35.50", "pay_max": "40.00", "pay_unit": "hour", "hours": 12,
            "starts": day(30), "ends": day(40), "deadline": day(20), "municipality": "Tampere", "skills": ["tk:live-night"],
            "languages": ["fi"], "state": state,
        }),
    )
}

/// A bundle with one organisation of Pirkanmaa.
pub fn organisation(id: &str, name: &str) -> Value {
    bundle(
        "organisations",
        json!({
            "id": id, "name": name, "kind": "association", "municipality": "Tampere", "website": "https://osuuskunta.example/",
            "description": {"fi": "Esimerkki."},
        }),
    )
}

/// A producers' file.
pub fn producers(rows: &[String]) -> String {
    let header = "id;name;headline;bio;municipality;skills;languages;fields;links;remote;consent_fields;consent_date;consent_text;username";
    format!("{header}\n{}\n", rows.join("\n"))
}

/// A row of it.
pub fn producer_row(id: &str, name: &str, headline: &str, username: &str) -> String {
    let consent = day(-60);
    format!(
        "{id};{name};{headline};Esittely.;Tampere;tk:live-night;fi;music;https://{username}.example/;ei;all;{consent};teksti-1;{username}"
    )
}
