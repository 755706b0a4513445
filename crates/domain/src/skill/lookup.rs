//! Finding a skill by what people write: an id, its last part, a label in one of three languages, or a group.

use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

/// Ids of ESCO begin so.
const ESCO: &str = "http://data.europa.eu/esco/skill/";

/// A skill or a group of skills, with its labels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkillLabel {
    /// ESCO's id, `tk:…` for our own, `G01` for a group. Another node's unknown skill has its label here.
    pub id: String,
    /// Finnish label.
    pub fi: String,
    /// Swedish label.
    pub sv: String,
    /// English label.
    pub en: String,
}

impl SkillLabel {
    /// The label in a language.
    pub fn label(&self, language: crate::Language) -> &str {
        language.pick(&self.fi, &self.sv, &self.en)
    }
}

#[derive(Deserialize)]
struct File {
    groups: Vec<SkillLabel>,
    skills: Vec<Entry>,
    local_skills: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    #[serde(flatten)]
    label: SkillLabel,
    group: String,
    #[serde(default)]
    self_only: bool,
}

struct Vocabulary {
    groups: Vec<SkillLabel>,
    /// ESCO's first, then ours.
    skills: Vec<SkillLabel>,
    /// The group of each, by its id.
    group_of: HashMap<String, String>,
    /// Positions by every word that names one; at or above `skills.len()` it is a group.
    by_word: HashMap<String, usize>,
}

#[allow(clippy::expect_used)] // compiled in, and read by a test
static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| {
    let file: File =
        serde_json::from_str(include_str!("../../data/skills.json")).expect("data/skills.json is readable");
    let entries = file.skills.into_iter().chain(file.local_skills);
    let entries: Vec<Entry> = entries.filter(|entry| !entry.self_only).collect();
    let group_of = entries.iter().map(|entry| (entry.label.id.clone(), entry.group.clone())).collect();
    let skills: Vec<SkillLabel> = entries.into_iter().map(|entry| entry.label).collect();
    let mut by_word = HashMap::new();
    // Skills before groups: where a label names both, the skill is meant.
    for (at, entry) in skills.iter().chain(&file.groups).enumerate() {
        let tail = entry.id.strip_prefix(ESCO).unwrap_or(&entry.id);
        for word in [&entry.id, tail, &entry.fi, &entry.sv, &entry.en] {
            by_word.entry(case_folded(word)).or_insert(at);
        }
    }
    Vocabulary { groups: file.groups, skills, group_of, by_word }
});

fn case_folded(word: &str) -> String {
    word.trim().nfc().flat_map(char::to_lowercase).collect()
}

/// All skills that may be published. Those for private self-assessment are not among them.
pub fn all() -> &'static [SkillLabel] {
    &VOCABULARY.skills
}

/// The groups.
pub fn groups() -> &'static [SkillLabel] {
    &VOCABULARY.groups
}

/// The id of the group that a skill belongs to.
pub fn group_of(id: &str) -> Option<&'static str> {
    VOCABULARY.group_of.get(id).map(String::as_str)
}

/// The ids of skills, each followed by that of its group: who has a skill, or asks for one, has or asks for one of its group.
pub fn with_groups(skills: &[SkillLabel]) -> impl Iterator<Item = &str> {
    skills.iter().map(|skill| skill.id.as_str()).flat_map(|id| [Some(id), group_of(id)]).flatten()
}

/// Finds a skill or a group by id, the last part of an ESCO id, or label in any of the three languages and any case.
pub fn find(word: &str) -> Option<&'static SkillLabel> {
    let at = *VOCABULARY.by_word.get(&case_folded(word))?;
    VOCABULARY.skills.get(at).or_else(|| VOCABULARY.groups.get(at - VOCABULARY.skills.len()))
}

/// Skills one of whose labels holds all these words, or their beginnings; those with the shortest labels first.
pub fn matching(words: &str, most: usize) -> Vec<&'static SkillLabel> {
    let words = case_folded(words);
    let words: Vec<&str> = words.split_whitespace().collect();
    if words.is_empty() {
        return Vec::new();
    }
    let holds = |label: &str| {
        let label = case_folded(label);
        words.iter().all(|word| label.contains(word))
    };
    let found = all().iter().filter(|skill| [&skill.fi, &skill.sv, &skill.en].into_iter().any(|label| holds(label)));
    let mut found: Vec<&SkillLabel> = found.collect();
    found.sort_by_key(|skill| skill.fi.chars().count());
    found.truncate(most);
    found
}

/// The labels of a stored id. A word of another node that we do not know stands for itself.
pub fn label_of(id: &str) -> SkillLabel {
    find(id).cloned().unwrap_or_else(|| SkillLabel {
        id: id.to_owned(),
        fi: id.to_owned(),
        sv: id.to_owned(),
        en: id.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_skill_is_found_by_whatever_names_it() {
        for (word, expected) in [
            ("tk:touring", Some("tk:touring")),
            ("TK:Touring", Some("tk:touring")),
            ("G04", Some("G04")),
            ("g04", Some("G04")),
            ("Talous ja rahoitus", Some("G04")),
            ("http://data.europa.eu/esco/skill/a4b7f1be-7058-45e4-ac90-66580499187f", Some("a4b7f1be")),
            ("a4b7f1be-7058-45e4-ac90-66580499187f", Some("a4b7f1be")),
            ("SUUNNITELLA tapahtumia", Some("a4b7f1be")),
            ("planera evenemang", Some("a4b7f1be")),
            (" plan events ", Some("a4b7f1be")),
            ("pyrotekniikka", None),
            ("", None),
        ] {
            let found = find(word).map(|skill| skill.id.trim_start_matches(ESCO));
            assert!(
                match (found, expected) {
                    (Some(found), Some(expected)) => found.starts_with(expected),
                    (None, None) => true,
                    _ => false,
                },
                "{word}: {found:?}"
            );
        }
    }

    #[test]
    fn skills_are_looked_for_by_words() {
        let found = |words: &str| matching(words, 5).into_iter().map(|skill| skill.en.as_str()).collect::<Vec<_>>();
        assert!(found("tapaht suunni").contains(&"plan events"), "{:?}", found("tapaht suunni"));
        assert!(found("PLAN event").contains(&"plan events"));
        assert!(found(" ").is_empty() && found("pyrotekniikka xyz").is_empty());
        assert!(found("a").len() <= 5);
    }

    #[test]
    fn where_a_label_names_a_skill_and_a_group_the_skill_is_meant() {
        let found = find("projektinhallinta").expect("a skill");
        assert!(found.id.starts_with(ESCO), "{}", found.id);
    }

    #[test]
    fn skills_for_self_assessment_are_not_in_the_vocabulary() {
        let file: serde_json::Value = serde_json::from_str(include_str!("../../data/skills.json")).unwrap();
        let private: Vec<&str> = ["skills", "local_skills"]
            .iter()
            .flat_map(|list| file[*list].as_array().unwrap())
            .filter(|skill| skill["self_only"] == true)
            .map(|skill| skill["id"].as_str().unwrap())
            .collect();
        assert!(!private.is_empty());
        assert!(private.iter().all(|id| find(id).is_none()));
    }
}
