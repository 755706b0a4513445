//! The texts that a region has to have: the privacy notice, the accessibility statement and the principles of a safer space.
//! They come with the program, in three languages, and whoever sets a node up agrees to exactly one version of them.
//!
//! Invariant: [`id`] changes with every letter of them, the rules of the slices among them.

use crate::i18n::Locale;
use domain::slice::{Due, Slice};
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

/// When they were last gone through.
const VERSION: &str = "2026-12";
/// Hexadecimal digits of the hash that are told: enough that no two versions share them.
const DIGITS: usize = 16;

static ID: LazyLock<String> = LazyLock::new(|| {
    let mut hash = Sha256::new();
    let files = [
        include_str!("../locales/fi/texts.ftl"),
        include_str!("../locales/sv/texts.ftl"),
        include_str!("../locales/en/texts.ftl"),
    ];
    let rules = domain::SLICES.iter().flat_map(|slice| slice.retention).flat_map(|one| [one.class, one.rule]);
    for text in files.into_iter().chain(rules) {
        hash.update(text.as_bytes());
        hash.update([0]);
    }
    let digits: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{VERSION} {}", &digits[..DIGITS])
});

/// Version and hash of the texts of this program.
pub fn id() -> &'static str {
    &ID
}

/// The version alone, for those who have no use for the hash.
pub fn version() -> &'static str {
    VERSION
}

/// How long something is kept, in words.
pub struct Kept {
    /// What.
    pub class: String,
    /// How long, and why.
    pub rule: String,
    /// The language of both, where they are not in that of the page.
    pub lang: Option<&'static str>,
}

impl Kept {
    /// What stays until somebody removes it by hand, where a slice has such things.
    fn by_hand(l: Locale, slice: &Slice) -> Option<Kept> {
        let class = l.known_word("processing-kept-what", slice.name)?;
        Some(Kept { class, rule: l.word("processing-kept-until", slice.name), lang: None })
    }

    fn of(l: Locale, class: &str, rule: &str) -> Kept {
        let slug = slug(class);
        match (l.known_word("retention-class", &slug), l.known_word("retention-rule", &slug)) {
            (Some(class), Some(rule)) => Kept { class, rule, lang: None },
            _ => Kept { class: class.to_owned(), rule: rule.to_owned(), lang: l.other("en") },
        }
    }
}

/// What one rule is about to remove.
pub struct Going {
    /// The rule.
    pub kept: Kept,
    /// How many rows at once.
    pub now: i64,
    /// How many rows a little later, those among them.
    pub soon: i64,
}

/// What the rules are about to remove, those alone that have something to do: from what they would take now and a little later,
/// in the order of the table of slices.
pub fn going(l: Locale, now: &[Due], soon: &[Due]) -> Vec<Going> {
    let going = |(now, soon): (&Due, &Due)| Going {
        kept: Kept::of(l, now.class, now.rule),
        now: now.rows,
        soon: soon.rows.max(now.rows),
    };
    now.iter().zip(soon).map(going).filter(|going| going.soon > 0).collect()
}

/// `copies of other nodes' events` as the key of a text has it.
fn slug(class: &str) -> String {
    let sign = |one: char| if one.is_ascii_alphanumeric() { one.to_ascii_lowercase() } else { '-' };
    class.chars().map(sign).collect()
}

/// What one slice does with personal data, as it declares it itself.
pub struct Processing {
    /// What it is about.
    pub name: String,
    /// Whose data, and which.
    pub data: String,
    /// What for.
    pub purpose: String,
    /// What allows it (GDPR Art. 6).
    pub basis: String,
    /// How long what is kept.
    pub kept: Vec<Kept>,
}

impl Processing {
    fn of(l: Locale, slice: &Slice) -> Option<Processing> {
        Some(Processing {
            name: l.known_word("processing-name", slice.name)?,
            data: l.word("processing-data", slice.name),
            purpose: l.word("processing-purpose", slice.name),
            basis: l.word("processing-basis", slice.name),
            kept: Kept::by_hand(l, slice)
                .into_iter()
                .chain(slice.retention.iter().map(|one| Kept::of(l, one.class, one.rule)))
                .collect(),
        })
    }
}

/// What all slices do. A slice that holds nothing of anybody (the vocabulary of skills) has no words, and is not among them.
pub fn processing(l: Locale) -> Vec<Processing> {
    domain::SLICES.iter().filter_map(|slice| Processing::of(l, slice)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Language;

    #[test]
    fn every_rule_of_every_slice_has_words_in_three_languages() {
        for language in Language::ALL {
            let l = Locale::negotiated(language);
            for retention in domain::SLICES.iter().flat_map(|slice| slice.retention) {
                let slug = slug(retention.class);
                for vocabulary in ["retention-class", "retention-rule"] {
                    assert!(l.known_word(vocabulary, &slug).is_some(), "{vocabulary}-{slug} in {language:?}");
                }
            }
            for slice in domain::SLICES.iter().filter(|slice| !slice.retention.is_empty()) {
                let told = Processing::of(l, slice).unwrap_or_else(|| panic!("processing-name-{}", slice.name));
                for (text, key) in [(&told.data, "data"), (&told.purpose, "purpose"), (&told.basis, "basis")] {
                    assert_ne!(text, slice.name, "processing-{key}-{}", slice.name);
                }
            }
        }
    }

    #[test]
    fn the_id_tells_version_and_hash() {
        let (version, hash) = id().split_once(' ').unwrap();
        assert_eq!(version, VERSION);
        assert!(hash.len() == DIGITS && hash.bytes().all(|byte| byte.is_ascii_hexdigit()), "{hash}");
    }
}
