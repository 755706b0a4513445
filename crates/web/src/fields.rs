//! The fields of forms, as templates draw them: lines, boxes to tick, and what people choose from.

use crate::i18n::{Key, Locale};

/// Characters that a field gives back of what was typed: more is no use to anybody.
const MOST_SHOWN: usize = 10_000;

/// A field of one line.
pub struct Line {
    /// Its name in the form.
    pub name: String,
    /// What it is called.
    pub label: String,
    /// What it holds.
    pub value: String,
    /// What browsers may fill in (`autocomplete`).
    pub fills: &'static str,
    /// It has to be filled in.
    pub required: bool,
}

impl Line {
    /// A line of text that may be empty.
    pub fn new(name: impl Into<String>, label: String, value: &str) -> Line {
        let value = value.chars().take(MOST_SHOWN).collect();
        Line { name: name.into(), label, value, fills: "off", required: false }
    }

    /// That has to be filled in.
    #[must_use]
    pub fn required(self) -> Line {
        Line { required: true, ..self }
    }

    /// That browsers may fill in.
    #[must_use]
    pub fn filled_with(self, fills: &'static str) -> Line {
        Line { fills, ..self }
    }
}

/// A box to tick. Its id is its name and its value.
pub struct Tick {
    /// Its name in the form.
    pub name: &'static str,
    /// Its value.
    pub value: String,
    /// What it is called.
    pub label: String,
    /// It is ticked.
    pub ticked: bool,
}

/// Boxes of one name, ticked where the value is among `ticked`.
pub fn ticks<V: Into<String>>(
    name: &'static str,
    all: impl IntoIterator<Item = (V, String)>,
    ticked: &[String],
) -> Vec<Tick> {
    let tick = |(value, label): (V, String)| {
        let value = value.into();
        Tick { name, ticked: ticked.contains(&value), value, label }
    };
    all.into_iter().map(tick).collect()
}

/// What a field is called, by the table of a form.
pub fn label(l: Locale, labels: &[(&str, Key)], name: &str) -> String {
    labels.iter().find(|(field, _)| *field == name).map_or(String::new(), |(_, label)| label.text(l))
}

/// A text that was cut into lines, each with something on it.
pub fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).take(MOST_LINES).collect()
}

/// Lines of one field that are looked at.
const MOST_LINES: usize = 100;
