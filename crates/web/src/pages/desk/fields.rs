//! The fields of the forms for events and tasks: what they are called, how they are drawn, what can be chosen.
//!
//! The names are those of the import formats, so that a fault of a field is told under the same name.

use super::Things;
use crate::faults::Faults;
use crate::i18n::{Key, Locale};
use domain::event::{CATEGORIES, Status};
use domain::import::form::AGAIN;
use domain::task::{ENGAGEMENTS, KINDS, PAY_UNITS};
use domain::typed::Typed;
use domain::{FieldError, Language, skill};

/// Skills that are offered for some words at most.
const OFFERED: usize = 12;

/// What can be chosen.
pub struct Choice {
    /// Its value.
    pub value: String,
    /// What it is called.
    pub label: String,
    /// It is chosen.
    pub chosen: bool,
}

/// How a field is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Draw {
    /// One line of this type.
    Line(&'static str),
    /// Several lines.
    Area(u32),
    /// One of some.
    Select,
    /// Some of some.
    Ticks,
    /// Yes or no.
    Tick,
    /// What is not shown.
    Hidden,
}

/// A field.
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// Its label.
    pub label: String,
    /// What helps to fill it in.
    pub hint: Option<String>,
    /// What stands in it.
    pub value: String,
    /// What can be chosen.
    pub choices: Vec<Choice>,
    /// How it is drawn.
    pub draw: Draw,
    /// Something has to stand in it, whatever stands elsewhere.
    pub required: bool,
    /// When nothing has to, or only then: stands behind the label.
    pub note: Option<String>,
    /// Characters at most.
    pub most: u32,
    /// Something is wrong with it.
    pub fault: bool,
    /// Which of two times is meant, when the clock shows it twice.
    pub again: Vec<Choice>,
    /// Words that other fields know, to choose from.
    pub list: Option<&'static str>,
}

impl Field {
    /// Whether one of the choices is there: then "choose" is none of them.
    pub fn is_chosen(&self) -> bool {
        self.choices.iter().any(|choice| choice.chosen)
    }
}

/// Fields that belong together.
pub struct Section {
    /// What they are about.
    pub title: String,
    /// They are folded until somebody needs them.
    pub folded: bool,
    /// The fields.
    pub fields: Vec<Field>,
}

/// Whether something has to stand in a field. The rules are those of the domain: here it is said before they are broken.
#[derive(Debug, Clone, Copy)]
enum Need {
    Always,
    Never,
    /// In the case that these words name.
    When(Key),
}

impl Need {
    fn note(self, l: Locale) -> Option<String> {
        match self {
            Need::Always => None,
            Need::Never => Some(l.t("write-optional")),
            Need::When(case) => Some(case.text(l)),
        }
    }
}

const NEEDED: Need = Need::Always;
const FREE: Need = Need::Never;

/// What a field is, before anything is typed.
struct Plan(&'static str, Key, Draw, Need, u32);

const LINE: Draw = Draw::Line("text");
const MOMENT: Draw = Draw::Line("datetime-local");
const DAY: Draw = Draw::Line("date");

const EVENT: [(Key, bool, &[Plan]); 4] = [
    (
        Key("write-what"),
        false,
        &[
            Plan("name", Key("write-name"), LINE, NEEDED, 200),
            Plan("blurb", Key("write-blurb"), LINE, FREE, 250),
            Plan("content", Key("write-content"), Draw::Area(10), FREE, 20_000),
            Plan("category", Key("write-category"), Draw::Select, FREE, 0),
            Plan("language", Key("write-language"), Draw::Select, NEEDED, 0),
        ],
    ),
    (
        Key("write-when"),
        false,
        &[
            Plan("starts", Key("write-starts"), MOMENT, NEEDED, 40),
            Plan("ends", Key("write-ends"), MOMENT, FREE, 40),
            Plan("status", Key("write-status"), Draw::Select, NEEDED, 0),
            Plan("zone", Key("write-zone"), Draw::Hidden, FREE, 64),
        ],
    ),
    (
        Key("write-where"),
        false,
        &[
            Plan("place.name", Key("write-place"), LINE, Need::When(Key("write-unless-online")), 200),
            Plan("place.street", Key("write-street"), LINE, FREE, 200),
            Plan("place.postal_code", Key("write-postal-code"), LINE, FREE, 10),
            Plan("place.locality", Key("write-locality"), LINE, Need::When(Key("write-with-place")), 80),
            Plan("place.latitude", Key("write-latitude"), Draw::Hidden, FREE, 20),
            Plan("place.longitude", Key("write-longitude"), Draw::Hidden, FREE, 20),
            Plan("online_url", Key("write-online"), Draw::Line("url"), Need::When(Key("write-without-place")), 500),
        ],
    ),
    (
        Key("write-more"),
        true,
        &[
            Plan("organiser", Key("write-organiser"), LINE, FREE, 200),
            Plan("participation_url", Key("write-sign-up"), Draw::Line("url"), FREE, 500),
            Plan("capacity", Key("write-capacity"), Draw::Line("number"), FREE, 7),
            Plan("tags", Key("write-tags"), LINE, FREE, 1_000),
            Plan("picture.url", Key("write-picture"), Draw::Line("url"), FREE, 500),
            Plan("picture.alt", Key("write-picture-alt"), LINE, Need::When(Key("write-with-picture")), 500),
        ],
    ),
];

const TASK: [(Key, bool, &[Plan]); 4] = [
    (
        Key("write-what"),
        false,
        &[
            Plan("title", Key("write-title"), LINE, NEEDED, 200),
            Plan("description", Key("write-description"), Draw::Area(10), NEEDED, 10_000),
            Plan("client", Key("write-client"), LINE, NEEDED, 200),
            Plan("kind", Key("write-kind"), Draw::Select, NEEDED, 0),
            Plan("language", Key("write-language"), Draw::Select, NEEDED, 0),
        ],
    ),
    (
        Key("write-pay"),
        false,
        &[
            Plan("engagement", Key("write-engagement"), Draw::Ticks, NEEDED, 0),
            Plan("pay_min", Key("write-pay-min"), LINE, Need::When(Key("write-unless-unpaid")), 14),
            Plan("pay_max", Key("write-pay-max"), LINE, FREE, 14),
            Plan("pay_unit", Key("write-pay-unit"), Draw::Select, Need::When(Key("write-unless-unpaid")), 0),
            Plan("unpaid_reason", Key("write-unpaid-reason"), LINE, Need::When(Key("write-if-unpaid")), 500),
            Plan("hours", Key("write-hours"), Draw::Line("number"), FREE, 6),
        ],
    ),
    (
        Key("write-when-where"),
        false,
        &[
            Plan("deadline", Key("write-deadline"), MOMENT, Need::When(Key("write-to-publish")), 40),
            Plan("starts", Key("write-work-starts"), DAY, FREE, 40),
            Plan("ends", Key("write-work-ends"), DAY, FREE, 40),
            Plan("municipality", Key("write-municipality"), LINE, Need::When(Key("write-unless-remote")), 80),
            Plan("remote", Key("write-remote"), Draw::Tick, FREE, 0),
        ],
    ),
    (
        Key("write-whom"),
        false,
        &[
            Plan("skill_words", Key("write-skill-words"), Draw::Line("search"), FREE, 100),
            Plan("skills", Key("write-skills"), Draw::Ticks, FREE, 0),
            Plan("languages", Key("write-work-languages"), LINE, FREE, 100),
            Plan("seats", Key("write-seats"), Draw::Line("number"), FREE, 2),
        ],
    ),
];

fn plans(things: Things) -> &'static [(Key, bool, &'static [Plan])] {
    match things {
        Things::Events => &EVENT,
        Things::Tasks => &TASK,
    }
}

/// What is wrong, in the reader's words, each at a field that the form shows: that there is no place at all is told at its
/// name.
pub fn told(l: Locale, things: Things, found: &[FieldError]) -> Faults {
    let mut faults = Faults::told(l, found, &labels(things));
    for fault in faults.0.iter_mut().filter(|fault| fault.field == "place") {
        fault.field = "place.name".to_owned();
    }
    faults
}

/// The labels by the fields' names, for what is told of their faults.
fn labels(things: Things) -> Vec<(&'static str, Key)> {
    let own = plans(things).iter().flat_map(|(.., plans)| plans.iter().map(|Plan(name, label, ..)| (*name, *label)));
    own.chain([("place", Key("write-place")), ("publish_at", Key("write-publish-at"))]).collect()
}

/// The form as it is shown.
pub fn sections(l: Locale, things: Things, typed: &Typed, faults: &Faults) -> Vec<Section> {
    let section = |(title, folded, plans): &(Key, bool, &'static [Plan])| {
        let fields: Vec<Field> = plans.iter().map(|plan| field(l, plan, typed, faults)).collect();
        let used = fields.iter().any(|field| field.fault || !field.value.is_empty());
        Section { title: title.text(l), folded: *folded && !used, fields }
    };
    plans(things).iter().map(section).collect()
}

fn field(l: Locale, plan: &Plan, typed: &Typed, faults: &Faults) -> Field {
    let Plan(name, label, draw, need, most) = *plan;
    let value = typed.first(name).to_owned();
    let fault = faults.concern(name);
    let draw = match draw {
        // What a browser would not show in a field of its kind is shown as it was typed.
        Draw::Line("date") if value.contains('T') => MOMENT,
        Draw::Line("date" | "datetime-local" | "number" | "url") if fault && !value.is_empty() => LINE,
        draw => draw,
    };
    Field {
        name,
        label: label.text(l),
        hint: hint(l, name),
        choices: choices(l, name, typed),
        value,
        draw,
        required: matches!(need, Need::Always),
        note: need.note(l),
        most,
        fault,
        again: again(l, name, typed, faults),
        list: matches!(name, "client" | "organiser").then_some("organisations"),
    }
}

/// Which of two times is meant; nothing to choose when the clock shows the time once.
pub fn again(l: Locale, name: &str, typed: &Typed, faults: &Faults) -> Vec<Choice> {
    let chosen = typed.first(&format!("{name}{AGAIN}")).to_owned();
    if chosen.is_empty() && !faults.tell(name, "time-twice") {
        return Vec::new();
    }
    let choice =
        |which: &str| Choice { value: which.to_owned(), label: l.word("write-again", which), chosen: chosen == which };
    vec![choice("first"), choice("second")]
}

fn hint(l: Locale, name: &str) -> Option<String> {
    let key = match name {
        "blurb" => Key("write-blurb-hint"),
        "content" | "description" => Key("write-text-hint"),
        "place.name" => Key("write-place-hint"),
        "client" | "organiser" => Key("write-organisation-hint"),
        "pay_min" => Key("write-pay-hint"),
        "unpaid_reason" => Key("write-unpaid-hint"),
        "tags" | "languages" => Key("write-comma-hint"),
        "skill_words" => Key("write-skill-hint"),
        "picture.alt" => Key("write-picture-hint"),
        _ => return None,
    };
    Some(key.text(l))
}

fn choices(l: Locale, name: &str, typed: &Typed) -> Vec<Choice> {
    let chosen: Vec<&str> = typed.all(name).collect();
    let of = |words: &[&str], label: &dyn Fn(&str) -> String| -> Vec<Choice> {
        let choice =
            |word: &&str| Choice { value: (*word).to_owned(), label: label(word), chosen: chosen.contains(word) };
        words.iter().map(choice).collect()
    };
    match name {
        "category" => of(&CATEGORIES, &|word| l.word("event-category", word)),
        "status" => of(&STATUSES.map(Status::as_str), &|word| l.word("write-status", word)),
        "language" => of(&Language::ALL.map(Language::as_str), &|word| l.language_name(word)),
        "kind" => of(&KINDS, &|word| l.word("task-kind", word)),
        "engagement" => of(&ENGAGEMENTS, &|word| l.word("task-engagement", word)),
        "pay_unit" => of(&PAY_UNITS, &|word| l.word("write-unit", word)),
        "skills" => skills(l, typed),
        _ => Vec::new(),
    }
}

const STATUSES: [Status; 5] =
    [Status::Scheduled, Status::Tentative, Status::Postponed, Status::Rescheduled, Status::Cancelled];

/// Those that are ticked, and those that the words find.
fn skills(l: Locale, typed: &Typed) -> Vec<Choice> {
    let choice = |id: &str, chosen| {
        let label = skill::label_of(id);
        Choice { label: label.label(l.language()).to_owned(), value: label.id, chosen }
    };
    let mut all: Vec<Choice> = typed.all("skills").map(|id| choice(id, true)).collect();
    for found in skill::matching(typed.first("skill_words"), OFFERED) {
        if all.iter().all(|known| known.value != found.id) {
            all.push(choice(&found.id, false));
        }
    }
    all
}
