//! People and tasks as a region's register tells them, the same in a CSV file and in a bundle.

use super::content::{ImportedProducer, ImportedTask};
use super::record::Record;
use super::times::{self, When};
use crate::check::{Checks, each_once, shown};
use crate::error::Key;
use crate::message;
use crate::person::{Consent, Field};
use crate::producer::NewProducer;
use crate::region::RegionCode;
use crate::task::{self, Client, NewTask, Pay};
use crate::{Language, Node, html, skill};
use std::collections::BTreeSet;
use store::Timestamp;
use vocab::SafeHtml;

/// The columns of a CSV file.
#[derive(Debug)]
pub(super) struct Columns {
    /// All that may be there.
    pub all: &'static [&'static str],
    /// Those that have to be.
    pub required: &'static [&'static str],
}

/// Columns of `producers-csv`.
pub(super) const PRODUCERS: Columns = Columns {
    all: &[
        "id",
        "name",
        "headline",
        "bio",
        "municipality",
        "region",
        "skills",
        "languages",
        "fields",
        "links",
        "remote",
        "consent_fields",
        "consent_date",
        "consent_text",
        "username",
    ],
    required: &["id", "name"],
};

/// Fields of a producer in a bundle.
pub(super) const PRODUCER_FIELDS: &[&str] = &[
    "id",
    "name",
    "headline",
    "bio",
    "municipality",
    "region",
    "skills",
    "languages",
    "fields",
    "links",
    "remote",
    "consent",
    "username",
];

/// Columns of `tasks-csv`, and the fields of a task in a bundle.
pub(super) const TASKS: Columns = Columns {
    all: &[
        "id",
        "title",
        "description",
        "client",
        "kind",
        "engagement",
        "pay_min",
        "pay_max",
        "pay_unit",
        "unpaid_reason",
        "hours",
        "starts",
        "ends",
        "deadline",
        "municipality",
        "region",
        "remote",
        "skills",
        "languages",
        "seats",
        "language",
        "state",
    ],
    required: &["id", "title", "description", "client", "kind", "engagement"],
};

/// What "all" stands for in a consent.
const ALL: &str = "all";
/// By which way a consent came.
const CHANNEL: &str = "import";

/// Reads a person. `consent` says how the format writes consent down.
pub(super) fn producer(
    record: &mut Record<'_>,
    node: &Node,
    consent: fn(&mut Record<'_>) -> Told,
    now: Timestamp,
) -> ImportedProducer {
    region(record, node);
    let told = consent(record);
    let links = record.list("links");
    for link in &links {
        record.encrypted("links", Some(link));
    }
    let new = NewProducer {
        name: record.words("name"),
        headline: record.text("headline"),
        bio: Some(markdown(record, "bio", 5_000)).filter(|bio| !bio.is_empty()),
        municipality: record.text("municipality"),
        skills: skills(record),
        languages: languages(record),
        fields: each_once(record.list("fields")),
        links: each_once(links),
        remote: record.flag("remote").unwrap_or(false),
        username: record.text("username"),
    };
    ImportedProducer { new, consent: agreed(record, told, now) }
}

/// A consent as it is written down, not yet judged.
pub(super) struct Told {
    /// What a message calls the whole of it.
    pub whole: &'static str,
    /// What a message calls its fields.
    pub fields_name: &'static str,
    pub fields: Vec<String>,
    pub date_name: &'static str,
    pub date: Option<When>,
    pub text_name: &'static str,
    pub text: Option<String>,
}

/// The consent in the columns of a CSV file.
pub(super) fn consent_columns(record: &mut Record<'_>) -> Told {
    Told {
        whole: "consent_fields",
        fields_name: "consent_fields",
        fields: record.list("consent_fields"),
        date_name: "consent_date",
        date: record.when("consent_date"),
        text_name: "consent_text",
        text: record.text("consent_text"),
    }
}

/// The consent in the object of a bundle.
pub(super) fn consent_object(record: &mut Record<'_>) -> Told {
    let parts = |inner: &mut Record<'_>| (inner.list("fields"), inner.when("date"), inner.text("text"));
    let (fields, date, text) =
        record.object("consent", "consent.", &["fields", "date", "text"], parts).unwrap_or_default();
    Told {
        whole: "consent",
        fields_name: "consent.fields",
        fields,
        date_name: "consent.date",
        date,
        text_name: "consent.text",
        text,
    }
}

/// The consent, when it is whole: which fields, when, and by which text; not one that is still to be given.
fn agreed(record: &mut Record<'_>, told: Told, now: Timestamp) -> Option<Consent> {
    if told.fields.is_empty() {
        return None;
    }
    let mut fields = BTreeSet::new();
    for word in &told.fields {
        match Field::parse(word) {
            Some(field) => {
                fields.insert(field);
            }
            None if word == ALL => fields.extend(Field::PROFILE),
            None => {
                let words = Field::PROFILE.map(Field::as_str).join(", ");
                let reason = Key::new(message::NOT_ONE_OF).with("value", shown(word)).with("words", words);
                record.fault(told.fields_name, reason);
            }
        }
    }
    let mut checks = Checks::default();
    checks.optional_text(told.text_name, told.text.as_deref(), 64);
    record.faults.extend(checks.found());
    let given = told.date.and_then(|date| date.first(&times::home()));
    let is_ahead = given.is_some_and(|given| given > now);
    match (given, told.text) {
        (Some(given), Some(text)) if !is_ahead => {
            Some(Consent { fields, text, channel: CHANNEL.to_owned(), given, shown: None })
        }
        // A date or a text that could not be read was blamed already.
        (None, Some(_)) if record.is_blamed(told.date_name) => None,
        _ if record.is_blamed(told.text_name) => None,
        _ => {
            record.fault(told.whole, message::CONSENT_INCOMPLETE);
            None
        }
    }
}

/// Reads a task. The client is left as it is written: only the node knows which organisations it has.
pub(super) fn task(record: &mut Record<'_>, node: &Node) -> ImportedTask {
    region(record, node);
    let (starts, ends) = (record.when("starts"), record.when("ends"));
    let new = NewTask {
        title: record.words("title"),
        description: markdown(record, "description", 10_000),
        language: language(record),
        client: Client { name: record.words("client"), page: None },
        kind: record.required("kind"),
        engagement: each_once(record.list("engagement")),
        pay: pay(record),
        unpaid_reason: record.text("unpaid_reason"),
        hours: record.number("hours"),
        starts: starts.map(When::written),
        // Without a beginning that can be read, the end cannot be compared with it.
        ends: ends.map(When::written).filter(|_| !record.is_blamed("starts")),
        deadline: record.when("deadline").and_then(|when| when.last(&times::home())),
        municipality: record.text("municipality"),
        remote: record.flag("remote").unwrap_or(false),
        skills: skills(record),
        languages: languages(record),
        seats: record.number("seats").unwrap_or(1),
    };
    ImportedTask { new, open: record.word("state", "open", &["draft", "open"]) == "open" }
}

/// What is paid. The highest pay is the lowest one where it is not told.
fn pay(record: &mut Record<'_>) -> Option<Pay> {
    let (min, max) = (record.text("pay_min"), record.text("pay_max"));
    let unit = match min.is_some() {
        true => record.required("pay_unit"),
        false => record.words("pay_unit"),
    };
    if min.is_none() && max.is_none() && unit.is_empty() {
        return None;
    }
    let sum = |text: &Option<String>| text.as_deref().map(task::sum_of);
    Some(Pay { max: sum(&max).or_else(|| sum(&min)), min: sum(&min), unit })
}

/// The region of a row, if it is told, is the node's own.
fn region(record: &mut Record<'_>, node: &Node) {
    let Some(word) = record.text("region") else { return };
    match RegionCode::parse(&word) {
        Some(region) if region == node.region => {}
        Some(region) => {
            let reason = Key::new(message::OTHER_REGION).with("theirs", region).with("ours", node.region);
            record.fault("region", reason);
        }
        None => record.fault("region", Key::new(message::NO_SUCH_REGION).with("value", shown(&word))),
    }
}

/// Markdown as safe HTML; its length is that of what people wrote.
pub(super) fn markdown(record: &mut Record<'_>, field: &str, most: usize) -> SafeHtml {
    let text = record.words(field);
    let mut checks = Checks::default();
    checks.optional_text(field, Some(&text), most);
    let faults = checks.found();
    let html = if faults.is_empty() { html::from_markdown(&text) } else { SafeHtml::default() };
    record.faults.extend(faults);
    html
}

/// The language of a row's texts.
pub(super) fn language(record: &mut Record<'_>) -> String {
    record.word("language", Language::Fi.as_str(), &Language::ALL.map(Language::as_str))
}

/// Skills by their ids. What is no skill stays as it is, for the rules of the thing to name.
fn skills(record: &mut Record<'_>) -> Vec<String> {
    let id = |word: String| skill::find(&word).map_or(word, |skill| skill.id.clone());
    each_once(record.list("skills").into_iter().map(id).collect())
}

/// Language codes as BCP 47 spells them.
fn languages(record: &mut Record<'_>) -> Vec<String> {
    let tidy = |code: String| if code.len() <= 3 { code.to_ascii_lowercase() } else { code };
    each_once(record.list("languages").into_iter().map(tidy).collect())
}
