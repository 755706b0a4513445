//! From the words and subjects of calendars to the categories of events.

/// Category, words of a calendar's `CATEGORIES` (lower case), subjects of YSO, the General Finnish Ontology.
type Line = (&'static str, &'static [&'static str], &'static [&'static str]);

const TABLE: [Line; 11] = [
    (
        "MUSIC",
        &["musiikki", "konsertti", "keikka", "musik", "konsert", "music", "concert"],
        &["p1808", "p4484", "p18434", "p2841", "p3064"],
    ),
    ("FESTIVALS", &["festivaali", "festival"], &["p1304"]),
    ("THEATRE", &["teatteri", "teater", "theatre"], &["p2625"]),
    (
        "PERFORMING_VISUAL_ARTS",
        &["tanssi", "sirkus", "näyttely", "dans", "cirkus", "utställning", "dance", "circus", "exhibition"],
        &["p1278", "p5007", "p5121"],
    ),
    ("FILM_MEDIA", &["elokuva", "film", "cinema"], &["p1235"]),
    ("COMEDY", &["stand up", "komiikka", "comedy"], &["p9244"]),
    (
        "LEARNING",
        &[
            "koulutus",
            "luento",
            "seminaari",
            "utbildning",
            "föreläsning",
            "seminarium",
            "training",
            "lecture",
            "seminar",
        ],
        &[],
    ),
    ("WORKSHOPS_SKILL_SHARING", &["työpaja", "verkstad", "workshop"], &["p9270"]),
    ("NETWORKING", &["verkostoituminen", "tuottajakahvit", "nätverk", "nätverkande", "networking"], &[]),
    ("FAMILY_EDUCATION", &["perhe", "lapset", "familj", "barn", "family", "children"], &["p4363"]),
    ("ARTS", &["kulttuuri", "taide", "kultur", "konst", "culture", "arts"], &["p360"]),
];

/// What an event is when nothing says more.
pub(super) const OTHER: &str = "MEETING";

/// The category of a word, in any case.
pub(super) fn of_word(word: &str) -> Option<&'static str> {
    let word = word.trim().to_lowercase();
    TABLE.iter().find(|(_, words, _)| words.contains(&word.as_str())).map(|line| line.0)
}

/// The category of a subject: `yso:p1808`, or an address that ends with it.
pub(super) fn of_subject(id: &str) -> Option<&'static str> {
    let (_, subject) = id.trim_end_matches('/').rsplit_once("yso:")?;
    TABLE.iter().find(|(.., subjects)| subjects.contains(&subject)).map(|line| line.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_subjects_lead_to_categories() {
        for (word, expected) in [
            ("Konsertti", Some("MUSIC")),
            (" STAND UP ", Some("COMEDY")),
            ("Näyttely", Some("PERFORMING_VISUAL_ARTS")),
            ("kokous", None),
        ] {
            assert_eq!(of_word(word), expected, "{word}");
        }
        for (id, expected) in [
            ("yso:p1808", Some("MUSIC")),
            ("https://api.example/v1/keyword/yso:p360/", Some("ARTS")),
            ("yso:p18", None),
            ("tampere:p1808", None),
            ("", None),
        ] {
            assert_eq!(of_subject(id), expected, "{id}");
        }
    }

    #[test]
    fn every_category_exists_and_every_word_names_one() {
        let mut seen = std::collections::HashSet::new();
        for (category, words, subjects) in TABLE {
            assert!(crate::event::CATEGORIES.contains(&category), "{category}");
            assert!(words.iter().chain(subjects).all(|word| seen.insert(*word)), "{category}");
        }
        assert!(crate::event::CATEGORIES.contains(&OTHER));
    }
}
