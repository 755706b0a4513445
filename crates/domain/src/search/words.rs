//! From a text to the words of the index.
//!
//! Each word is kept as it is, in lower case, and by its stem in each language that the text may be in, with a mark of
//! the language: `kaupungin`, `f=kaupunk`. Words of a title are there a second time behind `t=`. What a thing is, and of
//! which region, is a word too. The marks cannot be typed: a word has only letters and digits. Who types no dots (`jyvaskyla`)
//! finds the words with them: behind `d=` they are there without, unless they are short (`sää` is not `saa`).

use super::{Facet, folding};
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
/// Shorter words have to be written with their dots: too many of them are others without.
const SHORTEST_BARE: usize = 5;
/// In front of a word without its dots.
const BARE: &str = "d=";
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
            for form in kept(&word, None) {
                self.0.insert(format!("{TITLE}{form}"));
                self.0.insert(form);
            }
        }
    }

    /// Of a text in a language; in any, when that is not told or is none of ours.
    pub(crate) fn text(&mut self, text: &str, language: Option<Language>) {
        for word in of_text(text) {
            self.0.extend(kept(&word, language));
        }
    }

    /// Of a value that it can be chosen by.
    pub(crate) fn facet(&mut self, facet: &Facet) {
        self.0.insert(facet.word());
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

/// The forms of a word as the index keeps them: all of them, and without dots where it has some.
fn kept(word: &str, language: Option<Language>) -> Vec<String> {
    let mut kept = forms(word, language);
    if is_dotted(word) && word.chars().count() >= SHORTEST_BARE {
        let bare: Vec<String> = kept.iter().map(|form| format!("{BARE}{}", without_dots(unmarked(form)))).collect();
        kept.extend(bare);
    }
    kept
}

/// The forms by which a word is looked for, itself first: what was typed without dots may mean a word with them.
pub(super) fn sought(word: &str) -> Vec<String> {
    let mut sought = forms(word, None);
    if !is_dotted(word) && word.chars().count() >= SHORTEST_BARE {
        let bare: BTreeSet<String> = sought.iter().map(|form| format!("{BARE}{}", unmarked(form))).collect();
        sought.extend(bare);
    }
    sought
}

fn is_dotted(word: &str) -> bool {
    word.contains(['å', 'ä', 'ö'])
}

fn without_dots(word: &str) -> String {
    let bare = |letter| match letter {
        'å' | 'ä' => 'a',
        'ö' => 'o',
        other => other,
    };
    word.chars().map(bare).collect()
}

/// A stem without the mark of its language.
fn unmarked(form: &str) -> &str {
    form.split_once('=').map_or(form, |(_, stem)| stem)
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

/// The words of a short text in all their forms, to find the few things that are no part of the index: entries of a
/// vocabulary.
pub(crate) struct Alike(Vec<BTreeSet<String>>);

impl Alike {
    /// Of a text in any of our languages.
    pub(crate) fn of(text: &str) -> Alike {
        Alike(of_text(text).iter().map(|word| forms(word, None).into_iter().collect()).collect())
    }

    /// Whether there is no word in it.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether each word of `asked` is one of these: bent in whatever way, or its beginning.
    pub(crate) fn answers(&self, asked: &Alike) -> bool {
        let begins = |one: &BTreeSet<String>, other: &BTreeSet<String>| {
            let typed = other.iter().filter(|form| !form.contains('=') && form.chars().count() >= SHORTEST_STEM);
            typed.into_iter().any(|form| one.iter().any(|word| word.starts_with(form.as_str())))
        };
        asked.0.iter().all(|word| self.0.iter().any(|one| !one.is_disjoint(word) || begins(one, word)))
    }
}
