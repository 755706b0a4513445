//! Rules of Linked Events and iCalendar.

use super::{faults, reading};
use crate::event::{NewEvent, Status};
use crate::import::{Content, Format, Reading};
use serde_json::{Value, json};

fn event(reading: &Reading) -> NewEvent {
    assert_eq!(reading.bad, []);
    match &reading.rows[0].content {
        Content::Event(event) => event.new.clone(),
        other => panic!("{other:?}"),
    }
}

/// A page with one event: a usual one with these fields.
fn page(fields: Value) -> String {
    let mut event = json!({"id": "a:1", "name": {"fi": "Ilta"}, "start_time": "2027-01-05T16:00:00Z",
        "location": {"id": "a:9", "name": {"fi": "Talo"}}});
    for (field, value) in fields.as_object().expect("fields") {
        event[field] = value.clone();
    }
    json!({"meta": {"next": null}, "data": [event]}).to_string()
}

fn linked(fields: Value) -> NewEvent {
    event(&reading(Format::LinkedEvents, &page(fields)))
}

#[test]
fn what_refuses_an_event_of_linked_events() {
    for (fields, expected) in [
        (json!({"id": null}), "item 1: id: is missing"),
        (json!({"id": "x".repeat(501)}), "id: is longer than 500 characters"),
        (json!({"name": {"de": "Abend"}}), "item 1 (a:1): name: is missing"),
        (json!({"name": {"fi": "Il"}}), "item 1 (a:1): name: is shorter than 3 characters"),
        (json!({"name": {"fi": "x".repeat(201)}}), "item 1 (a:1): name: is longer than 200 characters"),
        (json!({"start_time": null}), "item 1 (a:1): start_time: is missing"),
        (json!({"start_time": "huomenna"}), "item 1 (a:1): start_time: \"huomenna\" is not a date"),
        (json!({"end_time": "2027-01-05T15:59:59Z"}), "item 1 (a:1): end_time: ends before it starts"),
        (json!({"end_time": "2028-02-05T15:59:59Z"}), "item 1 (a:1): end_time: lasts longer than 366 days"),
        (
            json!({"location": {"@id": "https://a.example/v1/place/9/"}}),
            "item 1 (a:1): location: place is only a reference",
        ),
        (json!({"location": "https://a.example/v1/place/9/"}), "item 1 (a:1): location: place is only a reference"),
        (json!({"location": null}), "item 1 (a:1): location: place is missing"),
        (json!({"location": {"id": "a:9", "name": {}}}), "item 1 (a:1): location.name: is missing"),
        (json!({"info_url": {"fi": "www.a.example"}}), "item 1 (a:1): info_url: \"www.a.example\" is not a link"),
        (json!({"virtualevent_url": "zoom"}), "item 1 (a:1): virtualevent_url: \"zoom\" is not a link"),
    ] {
        let found = faults(Format::LinkedEvents, &page(fields.clone()));
        assert_eq!(found.len(), 1, "{fields}: {found:?}");
        assert!(found[0].ends_with(expected), "{fields}: {found:?}");
    }
    let page = json!({"data": [{"id": "a:1", "deleted": true}, {"id": "a:1", "deleted": true}]}).to_string();
    assert_eq!(faults(Format::LinkedEvents, &page), ["item 2 (a:1): id: the id was already used by item 1"]);
}

#[test]
fn an_event_of_linked_events() {
    let found = linked(json!({
        "name": {"sv": "Kväll &amp; natt", "en": "Evening"},
        "short_description": {"fi": "suomeksi", "sv": format!("<p>{}</p>", "å".repeat(300))},
        "description": {"sv": "<p onclick=\"x\">Hej</p><script>alert(1)</script><form><input></form><h2>Mer</h2>"},
        "end_time": "2027-01-05T18:00:00Z",
        "event_status": "EventRescheduled",
        "location": {"id": "a:9", "name": {"fi": "Talo"}, "street_address": {"fi": "Katu 1"}, "postal_code": "33100",
            "address_locality": {"fi": "Tampere"}, "position": {"type": "Point", "coordinates": [23.75, 61.5]}},
        "location_extra_info": {"fi": "2. kerros"},
        "images": [{"url": "https://a.example/1.jpg", "alt_text": {"fi": "Sali"}, "name": "x"}],
        "keywords": [{"id": "yso:p1", "name": {"sv": "ord"}}, {"id": "yso:p1808", "name": {"fi": "musiikki"}},
            {"id": "yso:p360", "name": {"fi": "musiikki"}}, {"@id": "https://a.example/v1/keyword/yso:p2/"}],
        "provider": {"fi": "Seura ry"},
        "info_url": {"fi": "http://a.example/"},
        "offers": [{"info_url": {"fi": "https://a.example/liput"}}],
        "maximum_attendee_capacity": 60,
    }));
    assert_eq!((found.name.as_str(), found.language.as_str()), ("Kväll & natt", "sv"));
    assert_eq!((found.blurb.chars().count(), found.blurb.ends_with('…')), (250, true));
    assert_eq!(found.content.as_str(), "<p>Hej</p><h2>Mer</h2>");
    assert_eq!((found.status, found.category.as_str()), (Status::Rescheduled, "MUSIC"));
    let place = found.place.expect("a place");
    assert_eq!(place.name, "Talo (2. kerros)");
    assert_eq!((place.latitude, place.longitude), (Some(61.5), Some(23.75)));
    assert_eq!(place.postal_code.as_deref(), Some("33100"));
    assert_eq!(found.picture.expect("a picture").alt, "Sali");
    assert_eq!(found.tags, ["ord", "musiikki"]);
    assert_eq!(found.organiser.expect("an organiser").name, "Seura ry");
    assert_eq!(found.participation_url.as_deref(), Some("https://a.example/liput"));
    assert_eq!((found.capacity, found.online_url), (Some(60), None));
}

#[test]
fn what_is_untidy_in_linked_events_is_left_out() {
    let found = linked(json!({
        "short_description": {"sv": "svenska"},
        "location": {"id": "a:9", "name": {"fi": "Talo"}, "postal_code": "FI-33100", "position": {"coordinates": [null, 61]}},
        "images": [{"url": "https://a.example/1.jpg", "alt_text": null, "name": ""}],
        "keywords": [{"name": {"fi": "x".repeat(51)}}, 5, null],
        "offers": [], "maximum_attendee_capacity": 0, "provider": {}, "super_event_type": "umbrella",
    }));
    let place = found.place.expect("a place");
    assert_eq!((place.postal_code, place.latitude, place.longitude), (None, None, None));
    assert_eq!((found.blurb.as_str(), found.picture, found.capacity, found.organiser), ("", None, None, None));
    assert_eq!((found.tags.len(), found.category.as_str()), (0, "MEETING"));
    assert_eq!((found.ends, found.participation_url), (None, None));
}

#[test]
fn places_and_days_of_linked_events() {
    let online = json!({"location": {"id": "system:internet", "name": {"fi": "Internet"}}, "virtualevent_url": "https://a.example/"});
    let found = linked(online);
    assert_eq!((found.place, found.online_url.as_deref()), (None, Some("https://a.example/")));
    let found = linked(json!({"location": null, "location_extra_info": {"sv": "Torget"}}));
    assert_eq!(found.place.expect("a place").name, "Torget");
    let days = linked(json!({"start_time": "2027-01-05", "end_time": "2027-01-06"}));
    let day = linked(json!({"start_time": "2027-01-05"}));
    let at = |text: &str| Some(crate::testing::at(text));
    assert_eq!((Some(days.starts), days.ends), (at("2027-01-04T22:00:00Z"), at("2027-01-06T21:59:59Z")));
    assert_eq!((Some(day.starts), day.ends), (at("2027-01-04T22:00:00Z"), at("2027-01-05T21:59:59Z")));
}

#[test]
fn what_is_skipped_in_linked_events_and_where_the_next_page_is() {
    for fields in [json!({"publication_status": "draft"}), json!({"super_event_type": "recurring", "name": null})] {
        let found = reading(Format::LinkedEvents, &page(fields));
        assert_eq!((found.skipped, found.rows.len(), found.refused()), (1, 0, 0));
    }
    let next = json!({"meta": {"next": "https://a.example/v1/event/?page=2"}, "data": []});
    let found = reading(Format::LinkedEvents, &next.to_string());
    assert_eq!(found.next.as_deref(), Some("https://a.example/v1/event/?page=2"));
}

/// A calendar with one event of these lines.
fn calendar(lines: &str) -> String {
    format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\n{}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
        lines.replace('\n', "\r\n")
    )
}

const USUAL: &str = "UID:1@a\nSUMMARY:Ilta\nDTSTART:20270105T180000\nLOCATION:Talo";

fn entry(lines: &str) -> NewEvent {
    event(&reading(Format::Ics, &calendar(lines)))
}

#[test]
fn what_refuses_an_entry_of_a_calendar() {
    for (lines, expected) in [
        (USUAL.replace("UID:1@a\n", ""), "line 3: UID: is missing"),
        (USUAL.replace("Ilta", "Il"), "line 3 (1@a): SUMMARY: is shorter than 3 characters"),
        (USUAL.replace("DTSTART:20270105T180000\n", ""), "line 3 (1@a): DTSTART: is missing"),
        (USUAL.replace("T180000", "T250000"), "line 3 (1@a): DTSTART: \"20270105T250000\" is not a date"),
        (USUAL.replace("LOCATION:Talo", "SEQUENCE:1"), "line 3 (1@a): LOCATION: place is missing"),
        (format!("{USUAL}\nDTEND:20270105T170000"), "line 3 (1@a): DTEND: ends before it starts"),
        (
            format!("{USUAL}\nDTEND;TZID=Marsin/Aika:20270105T190000"),
            "line 3 (1@a): DTEND: \"Marsin/Aika\" is not a known time zone",
        ),
        (format!("{USUAL}\nDURATION:pitkä"), "line 3 (1@a): DURATION: \"pitkä\" is not a date"),
        (format!("{USUAL}\nRRULE:FREQ=WEEKLY"), "line 3 (1@a): RRULE: repeats"),
        (format!("{USUAL}\nRDATE:20270112T180000"), "line 3 (1@a): RDATE: repeats"),
        (
            format!("{USUAL}\nSTATUS:MAYBE"),
            "line 3 (1@a): STATUS: \"MAYBE\" is not one of: CONFIRMED, TENTATIVE, CANCELLED",
        ),
        (format!("{USUAL}\nGEO:pohjoinen"), "line 3 (1@a): GEO: \"pohjoinen\" is not a number"),
        (format!("{USUAL}\nGEO:91;20"), "line 3 (1@a): GEO: is larger than 90"),
        (format!("{USUAL}\nURL:javascript:alert(1)"), "line 3 (1@a): URL: \"javascript:alert(1)\" is not a link"),
    ] {
        assert_eq!(faults(Format::Ics, &calendar(&lines)), [expected], "{lines}");
    }
    let twice = calendar(&format!("{USUAL}\nEND:VEVENT\nBEGIN:VEVENT\n{USUAL}"));
    assert_eq!(faults(Format::Ics, &twice), ["line 9 (1@a): UID: the id was already used on line 3"]);
    let occurrences = calendar(&format!("{USUAL}\nEND:VEVENT\nBEGIN:VEVENT\n{USUAL}\nRECURRENCE-ID:20270112T180000"));
    let ids: Vec<String> = reading(Format::Ics, &occurrences).rows.into_iter().map(|row| row.id).collect();
    assert_eq!(ids, ["1@a", "1@a#20270112T180000"]);
}

#[test]
fn an_entry_of_a_calendar() {
    let found = entry(
        "uid:1@a\nsummary;language=sv-FI:Kväll\\, natt\nDTSTART;TZID=\"FLE Standard Time\":20270105T180000\nDURATION:PT2H\n\
         DESCRIPTION:Rivi \\; yksi\\nRivi kaksi\\n\\nToinen <b>kappale</b>\n\
         LOCATION:Talo\\, Sali 2\\, Katu 1\\, 33100 Tampere\\, Finland\nGEO:61.5;23.75\nURL:http://a.example/?a=1,2\n\
         CATEGORIES:sana,Konsertti\nCATEGORIES:a\\,b,#sana\nSTATUS:TENTATIVE\n\
         ORGANIZER;CN=\"Seura: ry\":mailto:salainen@a.example\nATTENDEE;CN=Muu:mailto:toinen@a.example\n\
         BEGIN:VALARM\nDESCRIPTION:Hälytys\nSUMMARY:Hälytys\nEND:VALARM\nSEQUENCE:2\nX-ODD\nroskaa ilman mitään",
    );
    assert_eq!((found.name.as_str(), found.language.as_str()), ("Kväll, natt", "sv"));
    assert_eq!(found.starts, crate::testing::at("2027-01-05T16:00:00Z"));
    assert_eq!(found.ends, Some(crate::testing::at("2027-01-05T18:00:00Z")));
    assert_eq!((found.zone.as_str(), found.blurb.as_str()), ("Europe/Helsinki", "Rivi ; yksi"));
    assert_eq!(found.content.as_str(), "<p>Rivi ; yksi<br>Rivi kaksi</p><p>Toinen &lt;b&gt;kappale&lt;/b&gt;</p>");
    let place = found.place.expect("a place");
    assert_eq!((place.name.as_str(), place.street.as_deref()), ("Talo", Some("Sali 2, Katu 1")));
    assert_eq!((place.postal_code.as_deref(), place.locality.as_deref()), (Some("33100"), Some("Tampere")));
    assert_eq!((place.latitude, place.longitude), (Some(61.5), Some(23.75)));
    assert_eq!(found.participation_url.as_deref(), Some("http://a.example/?a=1,2"));
    assert_eq!((found.category.as_str(), found.status), ("MUSIC", Status::Tentative));
    assert_eq!(found.tags, ["sana", "Konsertti", "a,b"]);
    assert_eq!(found.organiser.expect("an organiser").name, "Seura: ry");
}

#[test]
fn places_of_calendars() {
    for (location, street, code, town) in [
        ("Talo", None, None, None),
        ("Talo\\, Tampere", None, None, Some("Tampere")),
        ("Talo\\, Katu 1\\, Tampere", Some("Katu 1"), None, Some("Tampere")),
        ("Talo\\, 33100 Tampere", None, Some("33100"), Some("Tampere")),
        ("Talo\\nKatu 1\\n33100 Iso Kylä", Some("Katu 1"), Some("33100"), Some("Iso Kylä")),
    ] {
        let place = entry(&USUAL.replace("Talo", location)).place.expect("a place");
        assert_eq!(place.name, "Talo", "{location}");
        assert_eq!(
            (place.street.as_deref(), place.postal_code.as_deref(), place.locality.as_deref()),
            (street, code, town)
        );
    }
    let online = entry(&USUAL.replace("LOCATION:Talo", "URL:https://a.example/"));
    assert_eq!((online.place, online.online_url.as_deref()), (None, Some("https://a.example/")));
}

#[test]
fn whole_days_folds_and_addresses_of_calendars() {
    let days = entry(
        &USUAL
            .replace(":20270105T180000", ";VALUE=DATE:20270105")
            .replace("LOCATION", "DTEND;VALUE=DATE:20270107\nLOCATION"),
    );
    assert_eq!(days.ends, Some(crate::testing::at("2027-01-06T21:59:59Z")));
    let day = entry(&USUAL.replace(":20270105T180000", ";VALUE=DATE:20270105"));
    assert_eq!(day.ends, Some(crate::testing::at("2027-01-05T21:59:59Z")));
    // Folded within a letter: one byte of ä on each line.
    let mut folded = Vec::new();
    for byte in calendar(&USUAL.replace("Ilta", "Kesäilta")).bytes() {
        folded.push(byte);
        if byte == 0xc3 {
            folded.extend_from_slice(b"\r\n ");
        }
    }
    let found = crate::import::read(
        Format::Ics,
        &folded,
        &crate::testing::node(),
        &federation::Limits::default(),
        crate::testing::now(),
    )
    .expect("readable");
    assert_eq!(event(&found).name, "Kesäilta");
    let address = entry(&format!("{USUAL}\nORGANIZER;CN=matti@a.example:mailto:matti@a.example"));
    assert_eq!(address.organiser, None);
    for class in ["PRIVATE", "confidential"] {
        let found = reading(Format::Ics, &calendar(&format!("{USUAL}\nCLASS:{class}")));
        assert_eq!((found.skipped, found.rows.len()), (1, 0));
    }
}
