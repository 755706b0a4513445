//! An event or a task as somebody typed it into a form: read by the same readers as a bundle's, so that a field means the
//! same, and has the same faults, whichever way it came.
//!
//! What differs: a list of words is one line with commas; and a time that the clock shows twice, or not at all, is a fault
//! here, since there is somebody to ask.

use super::content::{Content, ImportedEvent, ImportedTask};
use super::record::{self, Record};
use super::{bounds, bundle, register, times};
use crate::Node;
use crate::check::Checks;
use crate::error::FieldError;
use crate::event::{NewEvent, Organiser};
use crate::task::NewTask;
use crate::typed::Typed;
use federation::Limits;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};
use store::Timestamp;

/// Which of the two a time is that the clock shows twice; stands behind the name of its field.
pub const AGAIN: &str = "_again";

/// Fields of an event that are one text.
const EVENT_TEXTS: [&str; 9] =
    ["name", "blurb", "content", "language", "category", "status", "online_url", "participation_url", "organiser"];
const PLACE_TEXTS: [&str; 4] = ["name", "street", "postal_code", "locality"];
const PLACE_DEGREES: [&str; 2] = ["latitude", "longitude"];
/// Fields of a task that are one text.
const TASK_TEXTS: [&str; 12] = [
    "title",
    "description",
    "language",
    "client",
    "kind",
    "pay_min",
    "pay_max",
    "pay_unit",
    "unpaid_reason",
    "starts",
    "ends",
    "municipality",
];

/// Reads an event; its times are those of a clock in its zone, the country's unless another one is told. Of the organiser
/// only the name is read: the node knows who there is.
///
/// # Errors
/// Everything that is wrong, field by field.
pub fn event(typed: &Typed, limits: &Limits, now: Timestamp) -> Result<NewEvent, Vec<FieldError>> {
    let mut form = Form::of(typed);
    let zone = Some(typed.first("zone")).filter(|zone| !zone.is_empty()).unwrap_or(times::ZONE);
    form.texts(&EVENT_TEXTS);
    form.moment("starts", zone);
    form.moment("ends", zone);
    form.number("capacity");
    form.words("tags");
    form.put("zone", Some(Value::from(zone)));
    let place = form.object("place", &PLACE_TEXTS, &PLACE_DEGREES);
    form.put("place", place);
    let picture = form.object("picture", &["url", "alt"], &[]);
    form.put("picture", picture);
    let mut record = Record::of_json(&form.fields, "", bundle::EVENT);
    let mut new = bundle::event(&mut record, &[], now).new;
    if form.blames("starts") {
        new.ends = None; // without a beginning it cannot be compared with anything
    }
    new.organiser = record.text("organiser").map(|name| Organiser { name, id: None });
    let mut checks = Checks::default();
    checks.optional_text("organiser", new.organiser.as_ref().map(|organiser| organiser.name.as_str()), 200);
    form.found.extend(checks.found());
    let content = Content::Event(ImportedEvent { new, organiser: None });
    let faults = form.faults(record, &content, bundle::EVENT, limits);
    match content {
        Content::Event(event) if faults.is_empty() => Ok(event.new),
        _ => Err(faults),
    }
}

/// Reads a task. The client is left as it was typed: only the node knows which organisations there are.
///
/// # Errors
/// Everything that is wrong, field by field.
pub fn task(typed: &Typed, node: &Node, limits: &Limits) -> Result<NewTask, Vec<FieldError>> {
    let mut form = Form::of(typed);
    form.texts(&TASK_TEXTS);
    form.moment("deadline", times::ZONE);
    form.number("hours");
    form.number("seats");
    form.words("languages");
    for list in ["engagement", "skills"] {
        let all: Vec<Value> = typed.all(list).map(Value::from).collect();
        form.put(list, Some(Value::Array(all)));
    }
    form.put("remote", Some(Value::from(!typed.first("remote").is_empty())));
    form.put("state", Some(Value::from("draft")));
    let mut record = Record::of_json(&form.fields, "", register::TASKS.all);
    let content = Content::Task(register::task(&mut record, node));
    let faults = form.faults(record, &content, register::TASKS.all, limits);
    match content {
        Content::Task(ImportedTask { new, .. }) if faults.is_empty() => Ok(new),
        _ => Err(faults),
    }
}

/// A moment that somebody typed, of a clock in the country's zone; nothing when nothing was typed.
///
/// # Errors
/// What is wrong with it.
pub fn moment(typed: &Typed, field: &str) -> Result<Option<Timestamp>, FieldError> {
    let read = times::asked(typed.first(field), typed.first(&format!("{field}{AGAIN}")), &times::home());
    read.map(|at| at.map(|zoned| zoned.timestamp().into())).map_err(|reason| FieldError::new(field, reason))
}

/// The fields as a bundle has them.
struct Form<'a> {
    typed: &'a Typed,
    fields: Map<String, Value>,
    found: Vec<FieldError>,
}

impl<'a> Form<'a> {
    fn of(typed: &'a Typed) -> Form<'a> {
        Form { typed, fields: Map::new(), found: Vec::new() }
    }

    fn put(&mut self, name: &str, value: Option<Value>) {
        self.fields.extend(value.map(|value| (name.to_owned(), value)));
    }

    fn texts(&mut self, names: &[&str]) {
        for name in names {
            self.put(name, text(self.typed.first(name)));
        }
    }

    /// A number, or what was typed instead, for the reader to name.
    fn number(&mut self, name: &str) {
        let typed = self.typed.first(name);
        self.put(name, typed.parse::<i64>().ok().map(Value::from).or_else(|| text(typed)));
    }

    fn words(&mut self, name: &str) {
        let words = self.typed.first(name).split(',').map(str::trim).filter(|word| !word.is_empty());
        self.put(name, Some(words.map(Value::from).collect()));
    }

    /// A moment with its offset, when there is exactly one that is meant.
    fn moment(&mut self, name: &str, zone: &str) {
        let zone = TimeZone::get(zone).unwrap_or_else(|_| times::home());
        match times::asked(self.typed.first(name), self.typed.first(&format!("{name}{AGAIN}")), &zone) {
            Ok(at) => self.put(name, at.map(|at| at.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string().into())),
            Err(reason) => self.found.push(FieldError::new(name, reason)),
        }
    }

    /// A group of fields; nothing when none of them is filled in.
    fn object(&mut self, group: &str, texts: &[&str], degrees: &[&str]) -> Option<Value> {
        let typed = |name: &str| self.typed.first(&format!("{group}.{name}"));
        let mut fields: Map<String, Value> =
            texts.iter().filter_map(|name| Some(((*name).to_owned(), text(typed(name))?))).collect();
        if fields.is_empty() {
            return None; // coordinates alone are what is left of a place that was taken away
        }
        fields.extend(degrees.iter().filter_map(|name| {
            let value =
                typed(name).replace(',', ".").parse::<f64>().ok().map(Value::from).or_else(|| text(typed(name)));
            Some(((*name).to_owned(), value?))
        }));
        Some(Value::Object(fields))
    }

    fn blames(&self, field: &str) -> bool {
        self.found.iter().any(|fault| fault.field == field)
    }

    /// What reading found and what the rules and the limits say, in the order of the fields; each field once.
    fn faults(&self, record: Record<'_>, content: &Content, order: &[&str], limits: &Limits) -> Vec<FieldError> {
        let mut read = self.found.clone();
        let others = record.faults.into_iter().filter(|fault| !self.blames(&fault.field));
        read.extend(others.collect::<Vec<_>>());
        let mut ruled = content.faults();
        for fault in bounds::faults(content, limits) {
            if ruled.iter().all(|known| known.field != fault.field) {
                ruled.push(fault);
            }
        }
        record::merged(read, ruled, order)
    }
}

fn text(typed: &str) -> Option<Value> {
    (!typed.is_empty()).then(|| Value::from(typed))
}
