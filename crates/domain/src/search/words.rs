//! From a text to the words of the index.
//!
//! Each word is kept as it is, in lower case, and by its stem in each language that the text may be in, with a mark of
//! the language: `kaupungin`, `f=kaupunk`. Words of a title are there a second time behind `t=`. What a thing is, and of
//! which region, is a word too. The marks cannot be typed: a word has only letters and digits.

use super::folding;
use crate::Language;
use crate::RegionCode;
use snowball_stemmers_rs::{Algorithm, Stemmer};
use std::collections::BTreeSet;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Longest word, in characters; what is longer is known by its beginning.
const LONGEST: usize = 40;
/// Words of one text that are looked at.
const MOST: usize = 3_000;
/// Shorter words have no stem.
const SHORTEST_STEM: usize = 3;
/// In front of the words of a title.
pub(super) const TITLE: &str = "t=";

/// Words that are in almost every text of a language, and mean nothing in the two others.
const STOP: &[&str] = &[
    "ja", "on", "ei", "että", "sekä", "tai", "kun", "myös", "joka", "jotka", "ovat", "oli", "mutta", "och", "att",
    "det", "som", "för", "med", "av", "till", "är", "ett", "på", "den", "de", "vid", "eller", "också", "the", "and",
    "of", "to", "is", "with", "by", "at", "it", "an", "as", "or", "from", "this",
];

struct Stemmers([(Language, &'static str, Stemmer); 3]);

static STEMMERS: LazyLock<Stemmers> = LazyLock::new(|| {
    Stemmers([
        (Language::Fi, "f=", Stemmer::create(Algorithm::Finnish)),
        (Language::Sv, "s=", Stemmer::create(Algorithm::Swedish)),
        (Language::En, "e=", Stemmer::create(Algorithm::English)),
    ])
});

/// The words by which one thing is found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Words(BTreeSet<String>);

impl Words {
    /// Of a name, whose words count more. Names are in any language.
    pub(crate) fn title(&mut self, text: &str) {
        for word in of_text(text) {
            for form in forms(&word, None) {
                self.0.insert(format!("{TITLE}{form}"));
                self.0.insert(form);
            }
        }
    }

    /// Of a text in a language; in any, when that is not told or is none of ours.
    pub(crate) fn text(&mut self, text: &str, language: Option<Language>) {
        for word in of_text(text) {
            self.0.extend(forms(&word, language));
        }
    }

    /// Of what it is, and of which region.
    pub(super) fn marked(mut self, kind: &str, region: RegionCode) -> BTreeSet<String> {
        self.0.insert(of_kind(kind));
        self.0.insert(of_region(region));
        self.0
    }
}

/// The word that says what a thing is.
pub(super) fn of_kind(kind: &str) -> String {
    format!("k={kind}")
}

/// The word that says of which region a thing is.
pub(super) fn of_region(region: RegionCode) -> String {
    format!("r={}", region.code())
}

/// The words of a text that mean something, in their order.
pub(super) fn of_text(text: &str) -> Vec<String> {
    let letters: String = text.chars().flat_map(char::to_lowercase).nfc().filter_map(letter).collect();
    let words = letters.split(' ').filter(|word| !word.is_empty()).take(MOST);
    words.filter(|word| !STOP.contains(word)).map(|word| word.chars().take(LONGEST).collect()).collect()
}

/// A letter or digit as words have it, or a blank; nothing for what only hangs on a letter. `å`, `ä` and `ö` are letters
/// of their own, whose neighbours' spelling is read as theirs; the marks of all others are left out.
fn letter(of_text: char) -> Option<char> {
    match of_text {
        'a'..='z' | '0'..='9' | 'å' | 'ä' | 'ö' => Some(of_text),
        'ø' => Some('ö'),
        'æ' => Some('ä'),
        '\u{ad}' => None, // a soft hyphen
        _ if is_combining_mark(of_text) => None,
        _ if of_text.is_alphanumeric() => std::iter::once(of_text).nfd().next(),
        _ => Some(' '),
    }
}

/// The word itself, and its stems with their marks.
pub(super) fn forms(word: &str, language: Option<Language>) -> Vec<String> {
    let mut forms = vec![word.to_owned()];
    if word.chars().count() >= SHORTEST_STEM {
        let spoken = STEMMERS.0.iter().filter(|(one, ..)| language.is_none_or(|language| language == *one));
        forms.extend(spoken.map(|(language, mark, stemmer)| match language {
            Language::Fi => format!("{mark}{}", folding::folded(&stemmer.stem(word))),
            Language::Sv | Language::En => format!("{mark}{}", stemmer.stem(word)),
        }));
    }
    forms
}
