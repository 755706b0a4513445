//! Occupations of ESCO that producers work in.

use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// An occupation, with its labels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Occupation {
    /// ESCO's id.
    pub id: String,
    /// Finnish label.
    pub fi: String,
    /// Swedish label.
    pub sv: String,
    /// English label.
    pub en: String,
}

#[derive(Deserialize)]
struct File {
    occupations: Vec<Occupation>,
}

#[allow(clippy::expect_used)] // compiled in, and read by a test
static ALL: LazyLock<Vec<Occupation>> = LazyLock::new(|| {
    let file: File =
        serde_json::from_str(include_str!("../../data/occupations.json")).expect("data/occupations.json is readable");
    file.occupations
});

/// All occupations.
pub fn occupations() -> &'static [Occupation] {
    &ALL
}

/// The occupation of a stored id, or of a label in any of the three languages. A word of another node that we do not know
/// stands for itself.
pub fn occupation_of(word: &str) -> Occupation {
    let is = |one: &&Occupation| {
        one.id == word || [&one.fi, &one.sv, &one.en].iter().any(|label| label.eq_ignore_ascii_case(word))
    };
    ALL.iter().find(is).cloned().unwrap_or_else(|| {
        let word = || word.to_owned();
        Occupation { id: word(), fi: word(), sv: word(), en: word() }
    })
}

impl Occupation {
    /// The label in a language.
    pub fn label(&self, language: crate::Language) -> &str {
        language.pick(&self.fi, &self.sv, &self.en)
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn each_occupation_has_its_labels() {
        let all = super::occupations();
        assert!(all.len() >= 20);
        assert!(all.iter().all(|one| !one.fi.is_empty() && !one.sv.is_empty() && !one.en.is_empty()));
    }
}
