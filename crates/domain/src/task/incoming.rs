//! Another node's task as a row of ours: parsed, bounded, sanitised, and without what our own kind repeats in text.
//!
//! A task of another program may carry the fields of FEP-0837 alone; then what they do not tell stays empty.

use super::queries::TaskRow;
use super::state::State;
use super::types::{Client, Pay};
use super::{rules, wire};
use crate::{Language, RegionCode, json, learnt, skill};
use federation::kind::Received;
use serde_json::Value;
use store::Timestamp;
use store::id::TaskId;
use vocab::one_or_many::{count, each, first, id_of, string};
use vocab::{Location, Measure, SafeHtml, Task};

/// Whether it is a task that this node shows: addressed to everybody, and a request.
pub(super) fn is_for_everybody(task: &Task) -> bool {
    learnt::is_public(&task.to, &task.cc) && task.purpose == vocab::Purpose::Request
}

/// The row that a received task becomes, which must be for everybody. Slug and id are given when it is written.
pub(super) fn row(task: &Task, received: &Received, region: RegionCode) -> TaskRow {
    let job = received.document.get(wire::JOB).unwrap_or(&Value::Null);
    let (published, updated) = learnt::times(task.published, task.updated, received.now);
    let language = task.content.language.clone().unwrap_or_else(|| "und".to_owned());
    let page = learnt::page_of(task.url.as_deref(), &received.url);
    let html = task.content.html.as_str();
    let title = task.publishes.name.clone().unwrap_or_else(|| first_line(&task.content.html));
    let state = state(task, job);
    let pay = pay(task, job);
    TaskRow {
        id: TaskId::from_text(String::new()),
        url: received.url.clone(),
        local: false,
        region: region.code().to_owned(),
        origin: received.url.host(),
        slug: learnt::slug_of(&page, "tehtava"),
        title: vocab::text::line(&title, 200),
        description: SafeHtml::clean(description(html, &page)).as_str().to_owned(),
        client: client(job).as_ref().map(json::written),
        kind: word(job, "schema:occupationalCategory", &rules::KINDS).unwrap_or_default(),
        engagement: json::written(&words(job, "schema:employmentType", 8, |one| {
            crate::engagement::ENGAGEMENTS.contains(&one)
        })),
        pay: pay.as_ref().map(json::written),
        unpaid_reason: line(job, "schema:incentiveCompensation", 500),
        hours: hours(task, job),
        starts_on: date(job, "schema:jobStartDate"),
        ends_on: date(job, "schema:endDate"),
        deadline_at: task.end_time.map(Timestamp::from),
        municipality: municipality(task),
        remote: string(job, "schema:jobLocationType") == Some("TELECOMMUTE"),
        skills: json::written(&skills(task, job)),
        languages: json::written(&words(job, "schema:knowsLanguage", 10, |one| one.len() <= 35)),
        seats: count(job, "schema:totalJobOpenings").map_or(1, |seats| i32::try_from(seats.clamp(1, 99)).unwrap_or(1)),
        state: state.as_str().to_owned(),
        closed_at: state.is_over().then(|| task.closed.map_or(updated, Timestamp::from)),
        created_at: received.now,
        updated_at: updated.whole_seconds(),
        published_at: Some(published),
        received_at: Some(received.now),
        language,
        page,
    }
}

fn state(task: &Task, job: &Value) -> State {
    if !task.is_closed() {
        return State::Open;
    }
    let told = string(job, "schema:creativeWorkStatus").and_then(State::parse).filter(|state| state.is_over());
    let marked = || {
        let line = first_line(&task.content.html);
        let states = [State::Filled, State::Closed, State::Withdrawn];
        states.into_iter().find(|state| Language::ALL.iter().any(|one| line.starts_with(wire::mark(*state, *one))))
    };
    told.or_else(marked).unwrap_or(State::Closed)
}

fn first_line(html: &SafeHtml) -> String {
    html.to_text().lines().next().unwrap_or_default().to_owned()
}

/// What stands between our own link to the task's page and our own last line of tags; else all of it.
fn description<'a>(html: &'a str, page: &str) -> &'a str {
    let link = format!("<p><a href=\"{}\"", crate::html::escaped(page));
    let Some(rest) = html.find(&link).and_then(|at| html[at..].split_once("</p>")).map(|(_, rest)| rest) else {
        return html;
    };
    match rest.rfind("<p><a href=") {
        Some(at) if rest[at..].contains("class=\"mention hashtag\"") => rest[..at].trim(),
        _ => rest.trim(),
    }
}

fn client(job: &Value) -> Option<Client> {
    let organisation = first(job, "schema:hiringOrganization")?;
    Some(Client {
        name: line(organisation, "name", 200)?,
        page: string(organisation, "url").and_then(vocab::one_or_many::web_address),
    })
}

fn pay(task: &Task, job: &Value) -> Option<Pay> {
    let sum = |text: &str| rules::cents(text).map(|_| rules::sum_of(text));
    if let Some(salary) = first(job, "schema:baseSalary") {
        let of = |key| string(salary, key).and_then(sum);
        let pay = Pay {
            min: of("schema:minValue"),
            max: of("schema:maxValue"),
            unit: word(salary, "schema:unitText", &rules::PAY_UNITS)?,
        };
        return (pay.min.is_some() || pay.max.is_some()).then_some(pay);
    }
    let given = task.reciprocal.as_ref()?;
    let in_euros = given.resource_conforms_to.as_deref() == Some(vocab::object::task::EURO);
    let amount = given.resource_quantity.as_ref()?.value.as_deref().filter(|_| in_euros).and_then(sum)?;
    Some(Pay { min: Some(amount.clone()), max: Some(amount), unit: "project".to_owned() })
}

fn hours(task: &Task, job: &Value) -> Option<i32> {
    let told = count(job, "schema:workHours");
    let measured = |measure: &Measure| {
        let whole = measure.value.as_deref()?.split('.').next()?.parse().ok();
        whole.filter(|_| measure.unit == "hour")
    };
    let hours = told.or_else(|| task.publishes.resource_quantity.as_ref().and_then(measured))?;
    i32::try_from(hours).ok().filter(|hours| (1..=10_000).contains(hours))
}

fn municipality(task: &Task) -> Option<String> {
    match &task.location {
        Some(Location::Place(place)) => {
            let town = place.address.as_ref().and_then(|address| address.address_locality.as_ref());
            Some(vocab::text::line(town.unwrap_or(&place.name), 80))
        }
        _ => None,
    }
}

/// Known skills by their id, unknown ones by whatever they are called.
fn skills(task: &Task, job: &Value) -> Vec<String> {
    let told: Vec<String> = words(job, "schema:skills", 20, |one| one.len() <= 300);
    let told = if told.is_empty() { task.publishes.resource_conforms_to.iter().cloned().collect() } else { told };
    told.into_iter()
        .filter_map(|one| match skill::find(&one) {
            Some(known) => Some(known.id.clone()),
            None => Some(vocab::text::line(&one, 100)).filter(|line| !line.is_empty() && !line.starts_with("http")),
        })
        .collect()
}

fn line(object: &Value, key: &str, most: usize) -> Option<String> {
    let line = vocab::text::line(string(object, key)?, most);
    (!line.is_empty()).then_some(line)
}

fn word(object: &Value, key: &str, known: &[&str]) -> Option<String> {
    string(object, key).filter(|word| known.contains(word)).map(str::to_owned)
}

fn words(object: &Value, key: &str, most: usize, usable: impl Fn(&str) -> bool) -> Vec<String> {
    let all = each(object, key).filter_map(id_of).filter(|word| usable(word));
    all.take(most).map(|word| vocab::text::line(word, 300)).collect()
}

/// `YYYY-MM-DD`, with or without a time of day.
fn date(object: &Value, key: &str) -> Option<String> {
    let text = string(object, key)?;
    let day: jiff::civil::Date = text.get(..10)?.parse().ok()?;
    match text.get(10..16).filter(|_| text.get(10..11) == Some("T")) {
        Some(time) if time[1..].parse::<jiff::civil::Time>().is_ok() => Some(format!("{day}{time}")),
        _ => Some(day.to_string()),
    }
}
