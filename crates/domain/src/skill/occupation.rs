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

#[cfg(test)]
mod tests {
    #[test]
    fn each_occupation_has_its_labels() {
        let all = super::occupations();
        assert!(all.len() >= 20);
        assert!(all.iter().all(|one| !one.fi.is_empty() && !one.sv.is_empty() && !one.en.is_empty()));
    }
}
