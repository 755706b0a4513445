//! Finding a skill by what people call it: its labels in three languages, other words for it, and the name of its group, bent
//! in whatever way.
//!
//! The other words are in `data/skill-words.json`; they are ours, and say nothing but what is looked for by them.

use crate::search::Alike;
use crate::skill::{self, SkillLabel};
use std::collections::HashMap;
use std::sync::LazyLock;

/// Most skills that one look-up finds.
const MOST: usize = 20;

struct Entry {
    /// The label in each language: who names the thing itself finds it first.
    labels: [Alike; 3],
    /// The labels and the other words together.
    all: Alike,
    skill: &'static SkillLabel,
}

#[allow(clippy::expect_used)] // compiled in, and read by a test
static ENTRIES: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let words: HashMap<String, String> =
        serde_json::from_str(include_str!("../../data/skill-words.json")).expect("data/skill-words.json is readable");
    let entry = |skill: &'static SkillLabel| {
        let id = skill.id.rsplit('/').next().unwrap_or_default();
        let more = words.get(id).map_or("", String::as_str);
        let all = format!("{} {} {} {more}", skill.fi, skill.sv, skill.en);
        let labels = [Alike::of(&skill.fi), Alike::of(&skill.sv), Alike::of(&skill.en)];
        Entry { labels, all: Alike::of(&all), skill }
    };
    skill::all().iter().map(entry).collect()
});

/// The skills that somebody may mean, those whose label has the words first. Nothing for a text without words.
pub fn suggested(text: &str) -> Vec<&'static SkillLabel> {
    let asked = Alike::of(text);
    if asked.is_empty() {
        return Vec::new();
    }
    let mut found: Vec<(bool, &'static SkillLabel)> = ENTRIES
        .iter()
        .filter_map(|entry| {
            let by_label = entry.labels.iter().any(|label| label.answers(&asked));
            entry.all.answers(&asked).then_some((!by_label, entry.skill))
        })
        .collect();
    found.sort_by_key(|(by_other_word, _)| *by_other_word);
    found.into_iter().map(|(_, skill)| skill).take(MOST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_skill_is_found_by_what_people_call_it() {
        for (asked, expected) in [
            ("apuraha", "find grants"),
            ("apurahat", "find grants"),
            ("apurahojen haku", "find grants"),
            ("stipendi", "find grants"),
            ("bidrag", "find grants"),
            ("budjetti", "manage budgets"),
            ("budjetin", "manage budgets"),
            ("some", "apply social media marketing"),
            ("talkoolaiset", "manage volunteers"),
            ("kontrakt", "manage contracts"),
            ("volunteers", "manage volunteers"),
            ("keikka", "running a live venue night"),
        ] {
            let found: Vec<&str> = suggested(asked).iter().map(|skill| skill.en.as_str()).collect();
            assert!(found.contains(&expected), "{asked}: {found:?}");
        }
        for asked in ["", "  ", "!", "xyzzy"] {
            assert!(suggested(asked).is_empty(), "{asked}");
        }
    }

    #[test]
    fn other_words_are_of_skills_that_there_are() {
        let words: HashMap<String, String> = serde_json::from_str(include_str!("../../data/skill-words.json")).unwrap();
        for id in words.keys() {
            assert!(skill::find(id).is_some(), "{id}");
        }
    }
}
