//! The readable copy of what the node holds of somebody: what `/me.json` has, in the reader's words (GDPR Art. 12 and 15).
//!
//! Invariant: it leaves out nothing that the file tells. What has no words here is shown as the file has it.

use super::{Step, steps};
use crate::answer;
use crate::error::Error;
use crate::i18n::Locale;
use crate::layout::Frame;
use crate::session::SignedIn;
use askama::Template;
use axum::response::Response;
use domain::engagement::engagement_word;
use domain::producer::language_word;
use domain::slice::{self, Person};
use domain::{RegionCode, skill};
use serde_json::Value;
use store::Timestamp;

/// The keys whose values are moments.
const MOMENTS: [&str; 15] = [
    "answered",
    "asked",
    "at",
    "begun",
    "created",
    "given",
    "invited",
    "lastSeen",
    "lastUsed",
    "leaves",
    "published",
    "told",
    "updated",
    "warned",
    "withdrawn",
];

/// A line of the copy.
struct Line {
    name: String,
    value: String,
    depth: usize,
}

#[derive(Template)]
#[template(path = "member/data.html")]
struct Page {
    l: Locale,
    frame: Frame,
    steps: Vec<Step>,
    parts: Vec<(String, Vec<Line>)>,
}

/// `GET /me/data`
pub async fn show(signed_in: SignedIn) -> Result<Response, Error> {
    let SignedIn { visit, visitor, .. } = signed_in;
    let id = visitor.account.id;
    let all = visit.site.store.read(move |conn| slice::export(conn, Person::Account(&id))).await?;
    let l = visit.l;
    let parts = all.as_object().into_iter().flatten().map(|(part, value)| {
        let mut lines = Vec::new();
        read(l, ("", ""), value, 0, &mut lines);
        (l.word("data-part", part), lines)
    });
    let page = Page {
        l,
        frame: Frame::new(&visit, &l.t("data-title"), &l.t("data-lead")).unlisted(),
        steps: steps(&visit),
        parts: parts.collect(),
    };
    answer::html(&page.frame, &page)
}

/// One line for each value: under a key of the file, and the name that people read.
fn read(l: Locale, (key, name): (&str, &str), value: &Value, depth: usize, lines: &mut Vec<Line>) {
    let mut line = |value: String| lines.push(Line { name: name.to_owned(), value, depth });
    match value {
        Value::Null => {}
        Value::Bool(_) | Value::Number(_) | Value::String(_) => line(worded(l, key, value)),
        Value::Array(list) if list.iter().all(|one| !one.is_object()) => {
            line(list.iter().map(|one| worded(l, key, one)).collect::<Vec<_>>().join(", "));
        }
        Value::Array(list) => {
            for (at, one) in list.iter().enumerate() {
                read(l, (key, format!("{name} {}", at + 1).trim_start()), one, depth, lines);
            }
        }
        Value::Object(fields) => {
            if !name.is_empty() {
                line(String::new());
            }
            for (field, value) in fields {
                // Levels stand under the ids of their skills.
                let (key, name) = match key {
                    "levels" => ("level", skill::label_of(field).label(l.language()).to_owned()),
                    _ => (field.as_str(), label(l, field)),
                };
                read(l, (key, &name), value, depth + 1, lines);
            }
        }
    }
}

/// What people call a key of the file: by a word of this page, or as the page of the publication calls that part.
fn label(l: Locale, key: &str) -> String {
    let mut word = String::new();
    for letter in key.chars() {
        if letter.is_ascii_uppercase() {
            word.push('-');
        }
        word.push(letter.to_ascii_lowercase());
    }
    let known = l.known_word("data-name", &word).or_else(|| l.known_word("publication-field", &word));
    known.unwrap_or_else(|| key.to_owned())
}

fn worded(l: Locale, key: &str, value: &Value) -> String {
    match value {
        Value::Bool(yes) => l.word("data-word", if *yes { "yes" } else { "no" }),
        Value::Number(level) if key == "level" => l.word("skills-level", &level.to_string()),
        Value::String(text) => worded_text(l, key, text),
        other => other.to_string(),
    }
}

fn worded_text(l: Locale, key: &str, text: &str) -> String {
    let language = l.language();
    match key {
        "deed" => l.word("audit-deed", text),
        "kind" => l.word("audit-kind", text),
        // What somebody was given or lost is the detail of its line.
        "position" | "positions" | "detail" => l.word("position", text),
        "state" | "scope" | "channel" => l.word("data-word", text),
        "field" => l.word("publication-field", text),
        "fields" => l.word("field", text),
        "language" => l.language_name(text),
        "languages" => language_word(text, language).to_owned(),
        "engagement" => engagement_word(text, language).to_owned(),
        "region" | "regions" => RegionCode::parse(text).map_or(text, |code| code.name(language)).to_owned(),
        "skills" => skill::label_of(text).label(language).to_owned(),
        "titles" => skill::occupation_of(text).label(language).to_owned(),
        "from" | "until" => l.plain_date(text),
        _ if MOMENTS.contains(&key) => moment(l, text),
        _ => text.to_owned(),
    }
}

fn moment(l: Locale, text: &str) -> String {
    vocab::time::parse(text).map_or_else(|| text.to_owned(), |at| l.date_time(&Timestamp::from(at), ""))
}
