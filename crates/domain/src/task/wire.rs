//! A task on the wire: a `Note` that everybody can read in full, with the fields of FEP-0837 for marketplaces and, under
//! `schema:about`, a schema.org `JobPosting` for nodes like this one.
//!
//! The task's page is the first plain link of the text, for Mastodon makes the preview card of that one. There is no
//! `name` and no `summary`: GoToSocial would fold the text behind them.

use super::state::State;
use super::types::TaskView;
use super::{rules, words};
use crate::Language;
use crate::dates;
use crate::html::{self, escaped};
use crate::wire::hashtag;
use federation::Origin;
use serde_json::{Map, Value, json};
use store::id::ActorUrl;
use vocab::object::{Content, Replies};
use vocab::{
    Attachment, Hashtag, Intent, InteractionPolicy, Link, LocalTime, Location, Measure, Place, SafeHtml, Task,
};

/// The zone of dates that are told without one.
pub(super) const ZONE: &str = "Europe/Helsinki";
/// The key of the job posting: schema.org's prefix is in our context, so that JSON-LD readers understand it too.
pub(super) const JOB: &str = "schema:about";

/// The task as it is sent and served, without `@context`.
pub(super) fn document(view: &TaskView, author: &ActorUrl, origin: &Origin) -> Value {
    let language = Language::of_text(&view.language);
    let id = view.source.id.as_str();
    let tags = hashtags(view, origin);
    let content = Content::new(text(view, language, &tags), Some(&view.language));
    let mut task = Task::new(id, author.as_str(), content, intent(view));
    task.url = Some(view.source.page.clone());
    task.to = federation::outbox::public();
    task.cc = federation::outbox::followers_of(author);
    task.published = Some(view.published.to_jiff());
    task.updated = (view.updated > view.published).then(|| view.updated.to_jiff());
    task.end_time = view.deadline.map(|at| at.to_jiff());
    task.closed = view.closed.map(|at| at.to_jiff());
    task.tag = tags;
    task.location =
        view.municipality.as_ref().map(|name| Location::Place(Place { name: name.clone(), ..Place::default() }));
    task.attachment = vec![Attachment::Link(Link::website(view.source.page.clone()))];
    task.reciprocal = whole_pay(view).map(|euros| Intent::payment(id, &euros));
    task.replies = Some(Replies::at(format!("{id}/replies")));
    task.interaction_policy = Some(InteractionPolicy::anyone_may_quote());
    let mut document = vocab::context::embedded(&task);
    if let Some(fields) = document.as_object_mut() {
        fields.insert(JOB.to_owned(), job(view));
    }
    document
}

fn intent(view: &TaskView) -> Intent {
    let mut intent = Intent::service(&view.source.id, &view.title);
    intent.resource_conforms_to = view.skills.iter().map(|skill| &skill.id).find(|id| id.starts_with("http")).cloned();
    let (unit, amount) = view.hours.map_or(("one", view.seats), |hours| ("hour", hours));
    intent.resource_quantity = Some(Measure::new(unit, amount));
    intent.available_quantity = Some(Measure::new(unit, if view.state.is_over() { 0 } else { amount }));
    intent
}

/// The least that is paid for the whole task, in euros. FEP-0837 wants one number for the whole: a monthly salary, or an
/// hourly one without the number of hours, is told in words and in the job posting only.
fn whole_pay(view: &TaskView) -> Option<String> {
    let pay = view.pay.as_ref()?;
    let least = rules::cents(pay.min.as_deref()?)?;
    let whole = match pay.unit.as_str() {
        "project" => least,
        "hour" => least.checked_mul(view.hours?.into())?,
        _ => return None,
    };
    let (euros, cents) = (whole / 100, whole % 100);
    Some(if cents == 0 { euros.to_string() } else { format!("{euros}.{cents:02}") })
}

/// What stands in front of the title when nobody is looked for any more.
pub(super) fn mark(state: State, language: Language) -> &'static str {
    match state {
        State::Draft | State::Open => "",
        State::Filled => language.pick("TÄYTETTY: ", "TILLSATT: ", "FILLED: "),
        State::Closed => language.pick("PÄÄTTYNYT: ", "AVSLUTAT: ", "CLOSED: "),
        State::Withdrawn => language.pick("PERUTTU: ", "ÅTERKALLAT: ", "WITHDRAWN: "),
    }
}

fn text(view: &TaskView, language: Language, tags: &[Hashtag]) -> SafeHtml {
    let mut text = format!("<p><strong>{}{}</strong></p>", mark(view.state, language), escaped(&view.title));
    text.push_str(&format!("<p>{}</p>", facts(view, language).join("<br>")));
    let more = language.pick("Lue lisää ja hae", "Läs mer och ansök", "Read more and apply");
    text.push_str(&format!("<p><a href=\"{}\">{more}</a></p>", escaped(&view.source.page)));
    text.push_str(html::cut(&view.description, html::MAX_ON_THE_WIRE).as_str().trim_end());
    let tags: Vec<String> = tags
        .iter()
        .map(|tag| {
            let href = escaped(tag.href.as_deref().unwrap_or_default());
            format!("<a href=\"{href}\" class=\"mention hashtag\" rel=\"tag\">{}</a>", escaped(&tag.name))
        })
        .collect();
    text.push_str(&format!("<p>{}</p>", tags.join(" ")));
    SafeHtml::clean(&text)
}

/// The lines between the title and the description.
fn facts(view: &TaskView, language: Language) -> Vec<String> {
    let kind = words::kind_word(&view.kind, language);
    let first = [view.client.as_deref(), Some(kind).filter(|kind| !kind.is_empty())];
    let remote = language.pick("etänä", "på distans", "remote");
    let place = match (&view.municipality, view.remote) {
        (Some(place), true) => Some(format!("{place} / {remote}")),
        (Some(place), false) => Some(place.clone()),
        (None, true) => Some(remote.to_owned()),
        (None, false) => None,
    };
    let pay = view.pay.as_ref().and_then(|pay| words::pay_words(pay, language));
    let how = view
        .engagement
        .iter()
        .map(|one| crate::engagement::engagement_word(one, language))
        .collect::<Vec<_>>()
        .join(", ");
    let second = [
        place,
        dates(view, language),
        view.hours.map(|hours| format!("{hours} h")),
        pay,
        Some(how).filter(|how| !how.is_empty()),
    ];
    let mut lines = vec![joined(first.into_iter().flatten()), joined(second.iter().flatten().map(String::as_str))];
    lines.extend(view.unpaid_reason.as_deref().map(escaped));
    if let Some(deadline) = view.deadline.filter(|_| !view.state.is_over()) {
        let day = dates::words(LocalTime::new(deadline.to_jiff(), ZONE).zoned().date(), language);
        lines.push(match language {
            Language::Fi => format!("Hae viimeistään {day}."),
            Language::Sv => format!("Ansök senast {day}."),
            Language::En => format!("Apply by {day}."),
        });
    }
    lines.retain(|line| !line.is_empty());
    lines
}

fn joined<'a>(parts: impl Iterator<Item = &'a str>) -> String {
    parts.map(escaped).collect::<Vec<_>>().join(" · ")
}

fn dates(view: &TaskView, language: Language) -> Option<String> {
    let words = |text: &Option<String>| {
        let date = text.as_deref()?.get(..10)?.parse().ok()?;
        Some(dates::words(date, language))
    };
    match (words(&view.starts), words(&view.ends)) {
        (Some(first), Some(last)) if first != last => Some(format!("{first} – {last}")),
        (Some(day), _) => Some(day),
        (None, Some(last)) => Some(format!("– {last}")),
        (None, None) => None,
    }
}

fn hashtags(view: &TaskView, origin: &Origin) -> Vec<Hashtag> {
    let region = view.source.region.name(Language::Fi);
    let words = ["tuottajahaku", view.municipality.as_deref().unwrap_or(region)];
    words.into_iter().filter_map(|word| hashtag(word, origin, "/tehtavat")).collect()
}

fn job(view: &TaskView) -> Value {
    let mut job = Map::new();
    let mut put = |key: &str, value: Value| {
        let empty = value.is_null() || value.as_array().is_some_and(Vec::is_empty) || value.as_str() == Some("");
        if !empty {
            job.insert(key.to_owned(), value);
        }
    };
    put("type", json!("schema:JobPosting"));
    put("schema:occupationalCategory", json!(view.kind));
    put("schema:employmentType", json!(view.engagement));
    if let Some(client) = &view.client {
        let mut organisation = json!({"type": "schema:Organization", "name": client});
        if let (Some(page), Some(fields)) = (&view.client_page, organisation.as_object_mut()) {
            fields.insert("url".to_owned(), json!(page));
        }
        put("schema:hiringOrganization", organisation);
    }
    if let Some(pay) = &view.pay {
        let mut salary = Map::from_iter([("type".to_owned(), json!("schema:MonetaryAmount"))]);
        salary.insert("schema:currency".to_owned(), json!("EUR"));
        for (key, sum) in [("schema:minValue", &pay.min), ("schema:maxValue", &pay.max)] {
            salary.extend(sum.as_ref().map(|sum| (key.to_owned(), json!(sum))));
        }
        salary.insert("schema:unitText".to_owned(), json!(pay.unit));
        put("schema:baseSalary", Value::Object(salary));
    }
    put("schema:incentiveCompensation", json!(view.unpaid_reason));
    put("schema:workHours", json!(view.hours));
    put("schema:jobStartDate", json!(view.starts));
    put("schema:endDate", json!(view.ends));
    put("schema:jobLocationType", if view.remote { json!("TELECOMMUTE") } else { Value::Null });
    put("schema:skills", view.skills.iter().map(|skill| skill.id.as_str()).collect());
    put("schema:knowsLanguage", json!(view.languages));
    put("schema:totalJobOpenings", json!(view.seats));
    put("schema:creativeWorkStatus", json!(view.state.as_str()));
    Value::Object(job)
}
