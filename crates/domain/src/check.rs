//! The checks that fields of every kind share. A check never stops at the first fault: all of them are named at once.

use crate::error::{FieldError, Key};
use crate::message;
use std::collections::BTreeSet;
use std::ops::RangeInclusive;

/// Longest link, in characters.
pub(crate) const MAX_LINK: usize = 500;

/// What was found so far.
#[derive(Debug, Default)]
pub(crate) struct Checks {
    found: Vec<FieldError>,
}

impl Checks {
    pub(crate) fn found(self) -> Vec<FieldError> {
        self.found
    }

    /// Whether a fault of this field was named already.
    pub(crate) fn blames(&self, field: &str) -> bool {
        self.found.iter().any(|fault| fault.field == field)
    }

    pub(crate) fn fault(&mut self, field: &str, reason: impl Into<Key>) {
        self.found.push(FieldError::new(field, reason));
    }

    pub(crate) fn fault_if(&mut self, wrong: bool, field: &str, reason: impl Into<Key>) {
        if wrong {
            self.fault(field, reason);
        }
    }

    /// The length of a text that has to be there.
    pub(crate) fn text(&mut self, field: &str, value: &str, length: RangeInclusive<usize>) {
        if value.is_empty() {
            return self.fault(field, message::MISSING);
        }
        self.length(field, value, length);
    }

    /// The length of a text that may be absent.
    pub(crate) fn optional_text(&mut self, field: &str, value: Option<&str>, most: usize) {
        self.length(field, value.unwrap_or_default(), 0..=most);
    }

    fn length(&mut self, field: &str, value: &str, length: RangeInclusive<usize>) {
        let characters = value.chars().count();
        if characters < *length.start() {
            self.fault(field, Key::new(message::TOO_SHORT).with("n", length.start()));
        } else if characters > *length.end() {
            self.fault(field, Key::new(message::TOO_LONG).with("n", length.end()));
        }
        if value.chars().any(is_refused) {
            self.fault(field, message::CONTROL_CHARACTERS);
        }
    }

    /// The number of entries of a list.
    pub(crate) fn entries<T>(&mut self, field: &str, list: &[T], most: usize) {
        self.fault_if(list.len() > most, field, Key::new(message::TOO_MANY).with("n", most));
    }

    /// A word of a vocabulary.
    pub(crate) fn one_of(&mut self, field: &str, value: &str, words: &[&str]) {
        let known = words.contains(&value);
        self.fault_if(
            !known,
            field,
            Key::new(message::NOT_ONE_OF).with("value", value).with("words", words.join(", ")),
        );
    }

    /// A number within bounds.
    pub(crate) fn within(&mut self, field: &str, value: i64, bounds: RangeInclusive<i64>) {
        if value < *bounds.start() {
            self.fault(field, Key::new(message::TOO_SMALL).with("n", bounds.start()));
        } else if value > *bounds.end() {
            self.fault(field, Key::new(message::TOO_LARGE).with("n", bounds.end()));
        }
    }

    /// A web address.
    pub(crate) fn link(&mut self, field: &str, value: Option<&str>) {
        let Some(value) = value else { return };
        let usable = value.chars().count() <= MAX_LINK && vocab::one_or_many::web_address(value).is_some();
        self.fault_if(!usable, field, Key::new(message::NOT_A_LINK).with("value", shown(value)));
    }

    /// A username that somebody wishes for.
    pub(crate) fn username(&mut self, field: &str, wish: Option<&str>) {
        let Some(wish) = wish else { return };
        let letters = wish.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
        let usable = letters && (2..=30).contains(&wish.len());
        self.fault_if(!usable, field, Key::new(message::NOT_A_USERNAME).with("value", shown(wish)));
    }

    /// Language codes (BCP 47), such as `fi` or `smn`.
    pub(crate) fn languages(&mut self, field: &str, codes: &[String]) {
        for code in codes.iter().filter(|code| !is_language_code(code)) {
            self.fault(field, Key::new(message::NOT_A_LANGUAGE).with("value", shown(code)));
        }
    }
}

/// Control characters other than line breaks and tabs.
pub(crate) fn is_refused(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\r' | '\t')
}

/// A value as a message repeats it: one line, not endlessly long.
pub(crate) fn shown(value: &str) -> String {
    vocab::text::line(&value.replace('<', "‹"), 100)
}

fn is_language_code(code: &str) -> bool {
    let mut parts = code.split('-');
    let first = parts.next().unwrap_or_default();
    let word = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    code.len() <= 35
        && (2..=3).contains(&first.len())
        && first.bytes().all(|b| b.is_ascii_alphabetic())
        && parts.all(word)
}

/// A list without its repetitions, in its order.
pub(crate) fn each_once(list: Vec<String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    list.into_iter().filter(|one| seen.insert(one.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_named_all_at_once() {
        let mut checks = Checks::default();
        checks.text("name", "", 3..=5);
        checks.text("title", "ab", 3..=5);
        checks.text("text", "abc\u{7}def", 3..=5);
        checks.entries("tags", &[1, 2, 3], 2);
        checks.one_of("kind", "x", &["a", "b"]);
        checks.within("seats", 0, 1..=99);
        checks.link("url", Some("javascript:alert(1)"));
        checks.link("page", None);
        checks.languages("languages", &["fi".into(), "zh-Hant".into(), "suomi".into(), "f".into()]);
        let found: Vec<String> = checks.found().iter().map(ToString::to_string).collect();
        assert_eq!(
            found,
            [
                "name: is missing",
                "title: is shorter than 3 characters",
                "text: is longer than 5 characters",
                "text: holds control characters",
                "tags: has more than 2 entries",
                "kind: \"x\" is not one of: a, b",
                "seats: is smaller than 1",
                "url: \"javascript:alert(1)\" is not a link",
                "languages: \"suomi\" is not a language code",
                "languages: \"f\" is not a language code",
            ]
        );
    }
}
