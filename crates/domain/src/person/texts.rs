//! The texts that people agree to, as they are shown: by version, language and hash.
//!
//! Invariant: a version is never edited. Who changes a text gives it a new version; what was agreed to before stays known
//! by the hash of what was shown.

use super::consent::Shown;
use super::secret::hex;
use crate::Language;
use sha2::{Digest, Sha256};

/// One of the texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Text {
    /// What joining means.
    Terms,
    /// What publishing a field means.
    Publication,
}

/// The version that stands here now.
pub fn version(text: Text) -> &'static str {
    match text {
        Text::Terms => "terms-2026-11",
        Text::Publication => "publication-2026-11",
    }
}

/// Its words, a paragraph on each line.
pub fn words(text: Text, language: Language) -> &'static str {
    match text {
        Text::Terms => language.pick(
            include_str!("../../data/texts/terms-2026-11.fi.txt"),
            include_str!("../../data/texts/terms-2026-11.sv.txt"),
            include_str!("../../data/texts/terms-2026-11.en.txt"),
        ),
        Text::Publication => language.pick(
            include_str!("../../data/texts/publication-2026-11.fi.txt"),
            include_str!("../../data/texts/publication-2026-11.sv.txt"),
            include_str!("../../data/texts/publication-2026-11.en.txt"),
        ),
    }
}

/// What is noted of a text that was shown.
pub(crate) fn shown(text: Text, language: Language) -> Shown {
    Shown { hash: hex(&Sha256::digest(words(text, language).as_bytes())), language: language.as_str() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A version that was agreed to is not edited: who changes a text gives it a new version.
    #[test]
    fn what_was_agreed_to_stays_as_it_was() {
        let mut hashes = Vec::new();
        for text in [Text::Terms, Text::Publication] {
            for language in Language::ALL {
                assert!(words(text, language).lines().all(|line| !line.trim().is_empty()), "{text:?} {language:?}");
                hashes.push(format!("{} {}", version(text), shown(text, language).hash));
            }
        }
        insta::assert_snapshot!(hashes.join("\n"));
    }
}
