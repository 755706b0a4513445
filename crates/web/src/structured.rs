//! What search engines read of a page: schema.org as JSON-LD, made of the same views as the page.
//!
//! Only for what is this node's own; a copy is found where it comes from. A task is a job posting only as long as it is
//! paid, open and in time: search engines punish postings that lead nowhere.

use crate::card;
use crate::moment;
use crate::visit::Visit;
use domain::event::{EventView, PlaceView, Status};
use domain::organisation::OrganisationView;
use domain::producer::ProducerView;
use domain::task::{Pay, State, TaskView};
use serde_json::{Value, json};

const CONTEXT: &str = "https://schema.org";
/// The country of all regions, where tasks and people are.
const COUNTRY: &str = "FI";

/// A document as it may stand in a page: nothing in it can end the element around it.
pub fn written(document: &Value) -> String {
    let text = document.to_string();
    text.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}

/// <https://schema.org/Event>, described as on the page. `picture` is one that this node serves.
pub fn event(visit: &Visit, event: &EventView, description: &str, picture: Option<&str>) -> Value {
    let place =
        event.place.as_ref().map(|place| json!({"@type": "Place", "name": place.name, "address": address(place)}));
    let online = event.online_url.as_deref().and_then(card::web);
    let online = online.map(|url| json!({"@type": "VirtualLocation", "url": url}));
    let mode = match (&place, &online) {
        (Some(_), Some(_)) => "MixedEventAttendanceMode",
        (None, Some(_)) => "OnlineEventAttendanceMode",
        _ => "OfflineEventAttendanceMode",
    };
    let organiser = event.organiser.as_deref().unwrap_or_else(|| event.source.region.name(visit.l.language()));
    let mut document = json!({
        "@context": CONTEXT,
        "@type": "Event",
        "@id": event.source.id,
        "url": event.source.page,
        "name": event.name,
        "description": description,
        "startDate": moment::machine(event.starts, &event.zone),
        "eventStatus": format!("{CONTEXT}/{}", status(event.status)),
        "eventAttendanceMode": format!("{CONTEXT}/{mode}"),
        "location": place.into_iter().chain(online).collect::<Vec<Value>>(),
        "organizer": {"@type": "Organization", "name": organiser},
        "inLanguage": event.language,
    });
    if event.ends_told {
        document["endDate"] = json!(moment::machine(event.ends, &event.zone));
    }
    if let Some(picture) = picture {
        document["image"] = json!([picture]);
    }
    if let Some(capacity) = event.capacity {
        document["maximumAttendeeCapacity"] = json!(capacity);
    }
    document
}

fn status(status: Status) -> &'static str {
    match status {
        Status::Scheduled | Status::Tentative => "EventScheduled",
        Status::Cancelled => "EventCancelled",
        Status::Postponed => "EventPostponed",
        Status::Rescheduled => "EventRescheduled",
        Status::MovedOnline => "EventMovedOnline",
    }
}

fn address(place: &PlaceView) -> Value {
    let mut address = json!({"@type": "PostalAddress"}); // the country is not told
    let parts =
        [("streetAddress", &place.street), ("postalCode", &place.postal_code), ("addressLocality", &place.locality)];
    for (name, part) in parts {
        if let Some(part) = part {
            address[name] = json!(part);
        }
    }
    address
}

/// <https://schema.org/JobPosting>, for a task that is one.
pub fn job(visit: &Visit, task: &TaskView) -> Option<Value> {
    let in_time = task.deadline.is_none_or(|deadline| deadline > visit.now);
    let pay = task.pay.as_ref().filter(|pay| highest(pay) > 0.0)?;
    if task.state != State::Open || !in_time {
        return None;
    }
    let region = task.source.region.name(visit.l.language());
    let mut document = json!({
        "@context": CONTEXT,
        "@type": "JobPosting",
        "@id": task.source.id,
        "url": task.source.page,
        "identifier": {"@type": "PropertyValue", "name": task.source.host, "value": task.source.id},
        "title": task.title,
        "description": task.description.as_str(),
        "datePosted": moment::machine(task.published, ""),
        "hiringOrganization": {"@type": "Organization", "name": task.client.as_deref().unwrap_or(region)},
        "employmentType": employment(&task.kind),
        "directApply": false,
    });
    if let Some(deadline) = task.deadline {
        document["validThrough"] = json!(moment::machine(deadline, ""));
    }
    if task.municipality.is_some() || !task.remote {
        let mut place = json!({"@type": "PostalAddress", "addressRegion": region, "addressCountry": COUNTRY});
        if let Some(municipality) = &task.municipality {
            place["addressLocality"] = json!(municipality);
        }
        document["jobLocation"] = json!({"@type": "Place", "address": place});
    } else {
        document["jobLocationType"] = json!("TELECOMMUTE");
        document["applicantLocationRequirements"] = json!({"@type": "Country", "name": COUNTRY});
    }
    if let Some(salary) = salary(pay) {
        document["baseSalary"] = salary;
    }
    Some(document)
}

fn employment(kind: &str) -> &'static str {
    match kind {
        "assignment" | "gig" | "project_lead" | "consulting" => "CONTRACTOR",
        "employment_fixed" | "substitute" => "TEMPORARY",
        "internship" => "INTERN",
        _ => "OTHER",
    }
}

fn sum(text: Option<&String>) -> Option<f64> {
    text?.parse().ok()
}

fn highest(pay: &Pay) -> f64 {
    sum(pay.max.as_ref()).or(sum(pay.min.as_ref())).unwrap_or(0.0)
}

/// For a whole project schema.org has no unit, so nothing is said of it.
fn salary(pay: &Pay) -> Option<Value> {
    let unit = match pay.unit.as_str() {
        "hour" => "HOUR",
        "day" => "DAY",
        "week" => "WEEK",
        "month" => "MONTH",
        _ => return None,
    };
    let mut value = json!({"@type": "QuantitativeValue", "unitText": unit});
    for (name, text) in [("minValue", &pay.min), ("maxValue", &pay.max)] {
        if let Some(number) = sum(text.as_ref()) {
            value[name] = json!(number);
        }
    }
    Some(json!({"@type": "MonetaryAmount", "currency": "EUR", "value": value}))
}

/// <https://schema.org/Person>: what the person has released, as everything in the view is.
pub fn person(visit: &Visit, producer: &ProducerView) -> Value {
    let skills = producer.skills.iter().map(|skill| skill.label(visit.l.language()));
    let links: Vec<&str> = producer.links.iter().filter_map(|link| card::web(link)).collect();
    let mut document = json!({
        "@context": CONTEXT,
        "@type": "Person",
        "@id": producer.source.id,
        "url": producer.source.page,
        "name": producer.name,
        "knowsAbout": skills.collect::<Vec<&str>>(),
        "knowsLanguage": producer.languages,
        "sameAs": links,
    });
    if let Some(headline) = &producer.headline {
        document["description"] = json!(headline);
    }
    if let Some(municipality) = &producer.municipality {
        let address = json!({"@type": "PostalAddress", "addressLocality": municipality, "addressCountry": COUNTRY});
        document["address"] = address;
    }
    document
}

/// <https://schema.org/Organization>
pub fn organisation(visit: &Visit, organisation: &OrganisationView) -> Value {
    let mut document = json!({
        "@context": CONTEXT,
        "@type": "Organization",
        "@id": organisation.source.id,
        "url": organisation.source.page,
        "name": organisation.name,
    });
    if let Some(text) = organisation.description.get(visit.l.language()) {
        document["description"] = json!(text);
    }
    if let Some(website) = organisation.website.as_deref().and_then(card::web) {
        document["sameAs"] = json!([website]);
    }
    document
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_the_element_around_it() {
        let document = json!({"name": "</script><script>alert(1)</script><!-- & -->"});
        let text = written(&document);
        assert!(!text.contains(['<', '>', '&']), "{text}");
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), document);
    }

    #[test]
    fn what_is_paid() {
        let pay = |min: Option<&str>, max: Option<&str>, unit: &str| Pay {
            min: min.map(str::to_owned),
            max: max.map(str::to_owned),
            unit: unit.to_owned(),
        };
        let told = salary(&pay(Some("25.50"), None, "hour")).unwrap();
        assert_eq!(told["value"], json!({"@type": "QuantitativeValue", "unitText": "HOUR", "minValue": 25.5}));
        assert_eq!(salary(&pay(Some("3000"), Some("4000"), "project")), None);
        assert!(highest(&pay(Some("0"), Some("0.00"), "hour")) == 0.0 && highest(&pay(Some("1"), None, "day")) == 1.0);
    }
}
