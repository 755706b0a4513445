//! The lists as calendars and feeds, read by parsers of those forms.

use crate::seed::{Answer, ask, seeded};
use atom_syndication::Feed;
use http::StatusCode;
use icalendar::{Calendar, Component, EventLike, EventStatus};
use std::collections::BTreeSet;

fn calendar(answer: &Answer) -> Calendar {
    assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, "text/calendar; charset=utf-8"));
    assert_eq!(answer.body.matches('\n').count(), answer.body.matches("\r\n").count(), "lines end in CRLF");
    assert!(answer.body.split("\r\n").all(|line| line.len() <= 75), "a line of more than 75 octets:\n{}", answer.body);
    answer.body.parse().unwrap()
}

fn feed(answer: &Answer) -> Feed {
    assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, "application/atom+xml; charset=utf-8"));
    answer.body.parse().unwrap()
}

#[tokio::test]
async fn the_events_as_a_calendar() {
    let node = seeded().await;
    let calendar = calendar(&node.ask("/tapahtumat.ics", "*/*", "").await);
    assert_eq!(calendar.property_value("METHOD"), Some("PUBLISH"));
    assert_eq!(calendar.get_name(), Some("Tapahtumat – Pirkanmaa"));
    let events: Vec<_> = calendar.events().collect();
    assert_eq!(events.len(), 29, "more than a page of the list has, and neither the draft nor what was deleted");
    let uids: BTreeSet<&str> = events.iter().filter_map(|event| event.get_uid()).collect();
    assert_eq!(uids.len(), 29);
    assert!(uids.iter().all(|uid| uid.ends_with("@pirkanmaa.example")), "{uids:?}");
    let called = |name: &str| *events.iter().find(|event| event.get_summary() == Some(name)).unwrap();
    let winter = called("Talvifestarit 2026");
    assert_eq!(winter.property_value("DTSTART"), Some("20261211T160000Z"));
    assert_eq!(winter.property_value("DTEND"), Some("20261211T200000Z"));
    assert_eq!(winter.property_value("GEO"), Some("61.4981;23.7502"));
    assert_eq!(winter.get_location(), Some("Pääkirjasto Metso, Pirkankatu 2, 33210 Tampere"));
    assert_eq!(winter.get_description(), Some("Kolme esitystä ja pikkujoulut.\n\nOvet aukeavat kello 18."));
    assert_eq!(winter.get_url(), Some("https://pirkanmaa.example/tapahtumat/talvifestarit-2026"));
    assert_eq!(winter.get_categories(), Some(vec!["klubi".to_owned()]));
    assert_eq!(winter.get_status(), Some(EventStatus::Confirmed));
    assert_eq!(called("Perutut karkelot").get_status(), Some(EventStatus::Cancelled), "it stays, as called off");
    assert_eq!(called("Produktion på nätet").get_location(), Some("https://stream.example/rum"));
    assert_eq!(called("Sarja 00").property_value("DTEND"), None, "an end that is not told is not made up");
}

#[tokio::test]
async fn one_event_as_a_calendar() {
    let node = seeded().await;
    let page = node.page("/tapahtumat/talvifestarit-2026?lang=sv").await;
    assert!(page.body.contains("href=\"/tapahtumat/talvifestarit-2026.ics?lang=sv\""), "{}", page.body);
    let calendar = calendar(&node.page("/tapahtumat/talvifestarit-2026.ics?lang=sv").await);
    assert_eq!(calendar.events().filter_map(|event| event.get_summary()).collect::<Vec<_>>(), ["Talvifestarit 2026"]);
    for path in ["/tapahtumat/luonnos.ics", "/tapahtumat/.ics", "/tapahtumat/elsewhere.example/talvifestarit-2026.ics"]
    {
        assert_eq!(node.page(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn the_last_days_to_apply_as_a_calendar() {
    let node = seeded().await;
    let calendar_of = async |path: &str| calendar(&node.page(path).await);
    let all = calendar(&node.ask("/tehtavat.ics", "*/*", "").await);
    assert_eq!(all.get_name(), Some("Avoimet tehtävät – Pirkanmaa"));
    let days: Vec<_> = all.events().collect();
    assert_eq!((days.len(), all.todos().count()), (4, 0));
    let called = |name: &str| *days.iter().find(|day| day.get_summary() == Some(name)).unwrap();
    let club = called("Haku päättyy: Tuottaja klubisarjaan");
    assert_eq!(club.property_value("DTSTART"), Some("20261204"));
    assert_eq!(club.properties()["DTSTART"].params()["VALUE"].value(), "DATE", "a whole day");
    assert_eq!((club.property_value("DTEND"), club.property_value("TRANSP")), (None, Some("TRANSPARENT")));
    assert!(club.get_uid().unwrap().ends_with("@pirkanmaa.example"), "{club:?}");
    let text = club.get_description().unwrap();
    for part in ["4.12.2026", "klo 12.00", "Kehto", "Neljä iltaa."] {
        assert!(text.replace('\u{a0}', " ").contains(part), "{part}: {text}");
    }
    assert_eq!(club.get_url(), Some("https://pirkanmaa.example/tehtavat/tuottaja-klubisarjaan"));
    assert_eq!((club.get_location(), club.get_status()), (Some("Tampere"), Some(EventStatus::Confirmed)));
    assert_eq!(called("Haku päättyy: Täytetty paikka").get_status(), Some(EventStatus::Cancelled));

    // Narrowed down as the list is, and linked from it.
    assert_eq!(calendar_of("/tehtavat.ics?q=klubisarjaan").await.events().count(), 1);
    assert_eq!(calendar_of("/tehtavat.ics?region=13").await.events().count(), 0);
    assert_eq!(node.page("/tehtavat.ics?from=eilen").await.status, StatusCode::BAD_REQUEST);
    let list = node.page("/tehtavat?q=klubisarjaan").await.body;
    assert!(list.contains("href=\"/tehtavat.ics?q=klubisarjaan&#38;lang=fi\" type=\"text/calendar\""), "{list}");

    let page = node.page("/tehtavat/tuottaja-klubisarjaan?lang=sv").await;
    assert!(page.body.contains("href=\"/tehtavat/tuottaja-klubisarjaan.ics?lang=sv\""), "{}", page.body);
    let one = calendar_of("/tehtavat/tuottaja-klubisarjaan.ics?lang=sv").await;
    let names: Vec<_> = one.events().filter_map(|day| day.get_summary()).collect();
    assert_eq!(names, ["Ansökningstiden går ut: Tuottaja klubisarjaan"]);
    for path in ["/tehtavat/nothing.ics", "/tehtavat/.ics", "/tehtavat/elsewhere.example/tuottaja-klubisarjaan.ics"] {
        assert_eq!(node.page(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn the_events_as_a_feed() {
    let node = seeded().await;
    let feed = feed(&node.ask("/tapahtumat.atom", "*/*", "").await);
    assert_eq!(feed.title.value, "Tapahtumat – Pirkanmaa");
    assert_eq!(feed.lang.as_deref(), Some("fi"));
    let own = feed.links.iter().find(|link| link.rel == "self").unwrap();
    assert_eq!((own.href.as_str(), &feed.id), ("https://pirkanmaa.example/tapahtumat.atom?lang=fi", &own.href));
    assert_eq!(feed.entries.len(), 29);
    let entry = feed.entries.iter().find(|entry| entry.title.value == "Talvifestarit 2026").unwrap();
    let page = node.page("/tapahtumat/talvifestarit-2026").await;
    assert!(page.body.contains(&format!("type=\"application/activity+json\" href=\"{}\"", entry.id)), "{}", entry.id);
    assert_eq!(entry.links[0].href, "https://pirkanmaa.example/tapahtumat/talvifestarit-2026");
    let content = entry.content.as_ref().unwrap();
    assert_eq!(content.content_type.as_deref(), Some("html"));
    assert_eq!(content.value.as_deref(), Some("<p>Ovet aukeavat kello <strong>18</strong>.</p>"));
    assert_eq!(content.lang.as_deref(), Some("fi"));
    let summary = &entry.summary.as_ref().unwrap().value;
    assert!(summary.contains("11.12.2026") && summary.contains("Pääkirjasto Metso, Tampere"), "{summary}");
    let off = feed.entries.iter().find(|entry| entry.title.value == "Perutut karkelot").unwrap();
    assert!(off.summary.as_ref().unwrap().value.starts_with("Peruttu"), "{:?}", off.summary);
}

#[tokio::test]
async fn every_list_has_a_feed_that_is_narrowed_down_as_the_list_is() {
    let node = seeded().await;
    for (list, word, all, some) in [
        ("/tapahtumat", "talvifestarit", 29, 1),
        ("/tehtavat", "klubisarjaan", 4, 1),
        ("/tuottajat", "lehtiranta", 2, 1),
        ("/organisaatiot", "kehto", 2, 1),
    ] {
        assert_eq!(feed(&node.page(&format!("{list}.atom")).await).entries.len(), all, "{list}");
        let page = node.page(&format!("{list}?q={word}")).await;
        let address = format!("{list}.atom?q={word}&#38;lang=fi");
        let head = format!(
            "<link rel=\"alternate\" type=\"application/atom+xml\" title=\"uutissyöte (Atom)\" href=\"{address}\">"
        );
        assert!(page.body.contains(&head), "{head}\n{}", page.body);
        assert!(page.body.contains(&format!("<a href=\"{address}\"")), "{list} links to its feed");
        let narrowed = feed(&node.page(&format!("{list}.atom?q={word}&lang=en")).await);
        assert_eq!((narrowed.entries.len(), narrowed.lang.as_deref()), (some, Some("en")), "{list}");
        assert_eq!(node.page(&format!("{list}.atom?from=eilen")).await.status, StatusCode::BAD_REQUEST, "{list}");
    }
    assert_eq!(calendar(&node.page("/tapahtumat.ics?q=talvifestarit").await).events().count(), 1);
    let nothing = feed(&node.page("/tehtavat.atom?q=eiosumia").await);
    assert!(nothing.entries.is_empty() && nothing.updated.timestamp() > 0);
}

/// What a person did not release is in no feed, and the map leads nobody to who does not want to be found.
#[tokio::test]
async fn feeds_tell_what_the_pages_tell() {
    let node = seeded().await;
    let atom = node.page("/tuottajat.atom").await.body;
    assert!(atom.contains("Otso Varovainen") && atom.contains("koivunkannon"), "{atom}");
    let careful = atom.split("<entry>").find(|entry| entry.contains("Otso Varovainen")).unwrap();
    for hidden in ["koivunkannon", "Klubit ja festivaalit", "aino.example"] {
        assert!(!careful.contains(hidden), "{hidden} in\n{careful}");
    }
    let map = node.page("/sitemap.xml").await;
    assert_eq!((map.status, map.header("content-type")), (StatusCode::OK, "application/xml; charset=utf-8"));
    for path in [
        "/",
        "/tapahtumat",
        "/tapahtumat/talvifestarit-2026",
        "/tehtavat/tuottaja-klubisarjaan",
        "/@kehto",
        "/@aino_lehtiranta",
    ] {
        assert!(map.body.contains(&format!("<loc>https://pirkanmaa.example{path}</loc>")), "{path}\n{}", map.body);
    }
    for hidden in ["luonnos", "mennytta", "otso"] {
        assert!(!map.body.contains(hidden), "{hidden}\n{}", map.body);
    }
    let robots = node.page("/robots.txt").await.body;
    assert!(robots.contains("Sitemap: https://pirkanmaa.example/sitemap.xml\n"), "{robots}");
    assert!(
        ask(&node.national, "/sitemap.xml", "", "").await.body.contains("<loc>https://pirkanmaa.example/alueet</loc>")
    );
}
