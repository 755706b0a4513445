//! An organisation as everybody may see it.

use crate::Language;
use crate::view::{self, Source};
use serde::{Deserialize, Serialize};
use store::Timestamp;

/// A published organisation.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OrganisationView {
    /// Where it comes from.
    pub source: Source,
    /// The username, which is the last part of its page's address.
    pub slug: String,
    /// `@user@host`.
    pub handle: Option<String>,
    /// Its name.
    pub name: String,
    /// One of [`super::KINDS`]; empty when another node does not tell.
    pub kind: String,
    /// The municipality.
    pub municipality: Option<String>,
    /// Its own site.
    pub website: Option<String>,
    /// What it is, by language.
    pub description: Description,
    /// When it last changed.
    #[serde(serialize_with = "view::time")]
    pub updated: Timestamp,
}

/// A text in the languages that it was written in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Description {
    /// In Finnish.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fi: Option<String>,
    /// In Swedish.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sv: Option<String>,
    /// In English.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub en: Option<String>,
}

impl Description {
    /// The text in exactly this language.
    pub fn in_language(&self, language: Language) -> Option<&str> {
        match language {
            Language::Fi => self.fi.as_deref(),
            Language::Sv => self.sv.as_deref(),
            Language::En => self.en.as_deref(),
        }
    }

    /// The text in this language, else in another one; `None` when there is none at all.
    pub fn get(&self, language: Language) -> Option<&str> {
        self.in_language(language).or_else(|| Language::ALL.into_iter().find_map(|other| self.in_language(other)))
    }
}

const KIND_WORDS: [(&str, &str, &str, &str); 7] = [
    ("company", "yritys", "företag", "company"),
    ("association", "yhdistys", "förening", "association"),
    ("working_group", "työryhmä", "arbetsgrupp", "working group"),
    ("institution", "laitos", "institution", "institution"),
    ("municipality", "kunta", "kommun", "municipality"),
    ("education", "oppilaitos", "läroanstalt", "education"),
    ("other_sector", "muu toimiala", "annan bransch", "other sector"),
];

/// The word for a kind of organisation; an unknown kind stands for itself.
pub fn kind_word(kind: &str, language: Language) -> &str {
    KIND_WORDS.iter().find(|row| row.0 == kind).map_or(kind, |(_, fi, sv, en)| language.pick(fi, sv, en))
}

/// The kind that a word in any language means.
pub(super) fn kind_of(word: &str) -> Option<&'static str> {
    let named = |(_, fi, sv, en): &&(&str, &str, &str, &str)| [fi, sv, en].iter().any(|one| **one == word);
    KIND_WORDS.iter().find(named).map(|row| row.0)
}
