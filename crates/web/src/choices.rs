//! Lists of values to choose one of: what a filter form offers beside words, and which of it was chosen.

use crate::i18n::{Key, Locale};
use crate::month::Month;
use crate::visit::Visit;
use domain::engagement::ENGAGEMENTS;
use domain::search::Facet;
use domain::{Language, producer, skill};
use std::borrow::Cow;

/// Months that are offered, from this one on; one further away can be asked for by the address.
const MONTHS: usize = 12;

/// One value.
pub struct Choice {
    /// What stands in the address.
    pub code: Cow<'static, str>,
    /// What people read.
    pub name: String,
    /// It is chosen.
    pub selected: bool,
}

/// Some values of a list, under a heading when the list has several parts.
pub struct Part<'a> {
    /// What they have in common.
    pub heading: Option<String>,
    /// The values.
    pub choices: &'a [Choice],
}

/// A list of values, and what was asked for of it.
pub struct Select {
    /// The parameter.
    pub name: &'static str,
    /// What is chosen.
    pub label: String,
    /// What it says when nothing is.
    pub any: String,
    /// The values.
    pub options: Vec<Choice>,
    /// As it was asked for.
    pub typed: String,
    /// What to say of a value that is not in the list.
    pub fault: Key,
    facet: fn(&str) -> Facet,
}

impl Select {
    /// What was asked for is none of the values.
    pub fn is_at_fault(&self) -> bool {
        !self.typed.is_empty() && self.facet().is_none()
    }

    /// The values in parts: areas of skills stand apart from single skills, some of which have the same words.
    pub fn parts(&self, l: &Locale) -> Vec<Part<'_>> {
        let areas = if self.name == "skill" { skill::groups().len() } else { 0 };
        match self.options.split_at_checked(areas) {
            Some((areas, skills)) if !areas.is_empty() => vec![
                Part { heading: Some(l.t("filter-skill-areas")), choices: areas },
                Part { heading: Some(l.t("filter-skill-single")), choices: skills },
            ],
            _ => vec![Part { heading: None, choices: &self.options }],
        }
    }

    /// What was chosen, as the index of words knows it.
    pub fn facet(&self) -> Option<Facet> {
        self.options.iter().find(|choice| choice.selected).map(|choice| (self.facet)(&choice.code))
    }
}

/// What producers can be chosen by, beside words and regions.
pub fn of_people(visit: &Visit) -> Vec<Select> {
    let l = visit.l;
    let language = l.language();
    let fields = producer::FIELDS.into_iter().map(|id| (id, producer::field_word(id, language)));
    let languages = producer::language_codes().map(|code| (code, producer::language_word(code, language)));
    vec![
        skills(visit),
        select(visit, "field", (Key("producer-filter-field"), Key("fault-field")), in_order(fields, l), |code| {
            Facet::Field(code.to_owned())
        }),
        select(
            visit,
            "language",
            (Key("producer-filter-language"), Key("fault-language")),
            languages.collect(),
            |code| Facet::Language(code.to_owned()),
        ),
        remote(visit, Key("producer-remote-yes")),
        months(visit),
    ]
}

/// What tasks can be chosen by, beside words, regions and dates.
pub fn of_tasks(visit: &Visit) -> Vec<Select> {
    let words = ENGAGEMENTS.map(|id| (id, visit.l.word("task-engagement", id)));
    let engagements = words.iter().map(|(id, word)| (*id, word.as_str())).collect();
    vec![
        skills(visit),
        select(visit, "engagement", (Key("task-engagement"), Key("fault-engagement")), engagements, |id| {
            Facet::Engagement(id.to_owned())
        }),
        remote(visit, Key("task-filter-remote")),
    ]
}

/// Areas of skills, and single ones.
fn skills(visit: &Visit) -> Select {
    let language = visit.l.language();
    let skills = skill::groups().iter().chain(skill::all()).map(|one| (tail(&one.id), one.label(language)));
    select(visit, "skill", (Key("filter-skill"), Key("fault-skill")), skills.collect(), |code| {
        Facet::Skill(skill::label_of(code).id)
    })
}

/// From elsewhere as well, in the words that suit the list.
fn remote(visit: &Visit, words: Key) -> Select {
    let word = words.text(visit.l);
    select(visit, "remote", (Key("filter-remote"), Key("fault-remote")), vec![("1", word.as_str())], |_| Facet::Remote)
}

/// In which month somebody has time: what was asked for stands in the list too, so that an address that was kept stays good.
fn months(visit: &Visit) -> Select {
    let asked = Month::parse(visit.asked("free"));
    let coming = std::iter::successors(Some(Month::of(visit.now)), |month| month.next()).take(MONTHS);
    let mut months: Vec<Month> = coming.collect();
    if let Some(asked) = asked.filter(|asked| !months.contains(asked)) {
        months.push(asked);
    }
    let choice = |month: Month| Choice {
        code: Cow::Owned(month.code()),
        name: capitalised(&month.title(&visit.l)),
        selected: asked == Some(month),
    };
    Select {
        name: "free",
        label: visit.l.t("producer-filter-free"),
        any: visit.l.t("filter-any"),
        options: months.into_iter().map(choice).collect(),
        typed: visit.asked("free").to_owned(),
        fault: Key("fault-free"),
        facet: |month| Facet::Free(month.to_owned()),
    }
}

fn select(
    visit: &Visit,
    name: &'static str,
    (label, fault): (Key, Key),
    values: Vec<(&'static str, &str)>,
    facet: fn(&str) -> Facet,
) -> Select {
    let typed = visit.asked(name).to_owned();
    let choice = |(code, word): (&'static str, &str)| Choice {
        code: Cow::Borrowed(code),
        name: capitalised(word),
        selected: typed.eq_ignore_ascii_case(code),
    };
    let options = values.into_iter().map(choice).collect();
    Select { name, label: label.text(visit.l), any: visit.l.t("filter-any"), options, typed, fault, facet }
}

/// By their words; `å`, `ä` and `ö` come last, as in Finnish and Swedish.
fn in_order<'a>(values: impl Iterator<Item = (&'static str, &'a str)>, l: Locale) -> Vec<(&'static str, &'a str)> {
    let mut values: Vec<_> = values.collect();
    if l.language() == Language::En {
        values.sort_by_key(|(_, word)| *word);
    } else {
        values.sort_by_key(|(_, word)| word.replace('å', "{").replace('ä', "|").replace('ö', "}"));
    }
    values
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The last part of an id that is an address; ids of our own as they are.
fn tail(id: &'static str) -> &'static str {
    id.rsplit('/').next().unwrap_or(id)
}
