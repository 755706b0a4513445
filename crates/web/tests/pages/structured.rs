//! What search engines read of a page.

use crate::seed::{Seeded, seeded};
use serde_json::{Value, json};

/// The schema.org document of a page.
async fn document(node: &Seeded, path: &str) -> Option<Value> {
    let body = node.page(path).await.body;
    let data = body.split("<script type=\"application/ld+json\">").nth(1)?;
    Some(serde_json::from_str(data.split("</script>").next().unwrap()).unwrap())
}

#[tokio::test]
async fn events_for_search_engines() {
    let node = seeded().await;
    let event = document(&node, "/tapahtumat/talvifestarit-2026").await.unwrap();
    let address = json!({"@type": "PostalAddress", "streetAddress": "Pirkankatu 2", "postalCode": "33210", "addressLocality": "Tampere"});
    for (name, expected) in [
        ("@type", json!("Event")),
        ("name", json!("Talvifestarit 2026")),
        ("startDate", json!("2026-12-11T18:00:00+02:00")),
        ("endDate", json!("2026-12-11T22:00:00+02:00")),
        ("eventStatus", json!("https://schema.org/EventScheduled")),
        ("eventAttendanceMode", json!("https://schema.org/OfflineEventAttendanceMode")),
        ("location", json!([{"@type": "Place", "name": "Pääkirjasto Metso", "address": address}])),
        ("image", json!(["https://pirkanmaa.example/static/pictures/default.png"])),
        ("organizer", json!({"@type": "Organization", "name": "Pirkanmaa"})),
        ("url", json!("https://pirkanmaa.example/tapahtumat/talvifestarit-2026")),
        ("inLanguage", json!("fi")),
    ] {
        assert_eq!(event[name], expected, "{name}");
    }
    let cancelled = document(&node, "/tapahtumat/perutut-karkelot").await.unwrap();
    assert_eq!(cancelled["eventStatus"], "https://schema.org/EventCancelled");
    let online = document(&node, "/tapahtumat/produktion-pa-natet").await.unwrap();
    assert_eq!(online["location"], json!([{"@type": "VirtualLocation", "url": "https://stream.example/rum"}]));
    assert_eq!(online["image"], Value::Null, "a picture of another host is not ours to offer");
    let series = document(&node, "/tapahtumat/sarja-00").await.unwrap();
    assert_eq!(series["endDate"], Value::Null);
}

#[tokio::test]
async fn a_paid_and_open_task_is_a_job() {
    let node = seeded().await;
    let job = document(&node, "/tehtavat/tuottaja-klubisarjaan").await.unwrap();
    for (name, expected) in [
        ("@type", json!("JobPosting")),
        ("title", json!("Tuottaja klubisarjaan")),
        ("description", json!("<p>Neljä iltaa.</p>")),
        ("hiringOrganization", json!({"@type": "Organization", "name": "Kehto"})),
        ("employmentType", json!("CONTRACTOR")),
        (
            "jobLocation",
            json!({"@type": "Place", "address": {"@type": "PostalAddress", "addressRegion": "Pirkanmaa",
            "addressCountry": "FI", "addressLocality": "Tampere"}}),
        ),
    ] {
        assert_eq!(job[name], expected, "{name}");
    }
    for name in ["datePosted", "validThrough"] {
        assert!(job[name].as_str().is_some_and(|time| time.len() == 25), "{name}: {}", job[name]);
    }
    for path in ["/tehtavat/avustaja-talkoisiin", "/tehtavat/taytetty-paikka"] {
        assert_eq!(node.page(path).await.status, 200, "{path}");
        assert_eq!(document(&node, path).await, None, "{path}: unpaid or filled, and no job to apply for");
    }
}

/// Only what a person has released, and nothing at all about who does not want to be found.
#[tokio::test]
async fn people_and_organisations_for_search_engines() {
    let node = seeded().await;
    let aino = document(&node, "/@aino_lehtiranta").await.unwrap();
    assert_eq!((&aino["@type"], &aino["name"]), (&json!("Person"), &json!("Aino Lehtiranta")));
    assert_eq!(aino["sameAs"], json!(["https://aino.example/"]));
    assert_eq!(aino["address"]["addressLocality"], "Tampere");
    assert_eq!(document(&node, "/@otso_varovainen").await, None);
    let kehto = document(&node, "/@kehto").await.unwrap();
    assert_eq!((&kehto["@type"], &kehto["description"]), (&json!("Organization"), &json!("Osuuskunta.")));
    assert_eq!(document(&node, "/tapahtumat").await, None);
}
