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
        insta::assert_snapshot!(hashes.join("\n"), @r"
        terms-2026-11 95a8ad668392bb092bb88fd8518aa09a6f68949f09622aa77c3d58d1523c9bba
        terms-2026-11 09f1e8ea1fbd39167ae433c79acdada95ddd33d271f11c17cca74b09bb0232b0
        terms-2026-11 db747e847786155d35ba9b184075e7ea4594e3be341d640f0df279445085e5cb
        publication-2026-11 067a4a46760a37ea60fca65525b5f606ec1639215983a2625bb6af76a3a09a9a
        publication-2026-11 b4fa352593d17f7ba07ade6c2fb6e56cd0a27e1fcaf9f7802ad0123cb7dff319
        publication-2026-11 a6819b79797239e02c9796e796e677830e7cc75fd375201556fb558de0553b93
        ");
    }
}
