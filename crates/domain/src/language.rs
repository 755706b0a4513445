//! The three languages that the product speaks. What people write may be in any language (BCP 47).

/// A language of the pages and of the words that we put around people's own texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Language {
    /// Finnish.
    #[default]
    Fi,
    /// Swedish.
    Sv,
    /// English.
    En,
}

impl Language {
    /// All, in the order in which they are shown.
    pub const ALL: [Language; 3] = [Language::Fi, Language::Sv, Language::En];

    /// Reads a BCP 47 tag by its first part (`fi-FI`); `None` for other languages.
    pub fn parse(tag: &str) -> Option<Language> {
        let first = tag.split(['-', '_']).next().unwrap_or_default();
        Language::ALL.into_iter().find(|language| language.as_str().eq_ignore_ascii_case(first))
    }

    /// The language of a text, for the words that we add to it: English when it is in none of ours.
    pub fn of_text(tag: &str) -> Language {
        Language::parse(tag).unwrap_or(Language::En)
    }

    /// Its BCP 47 tag.
    pub fn as_str(self) -> &'static str {
        match self {
            Language::Fi => "fi",
            Language::Sv => "sv",
            Language::En => "en",
        }
    }

    /// One of three words.
    pub fn pick<'a>(self, fi: &'a str, sv: &'a str, en: &'a str) -> &'a str {
        match self {
            Language::Fi => fi,
            Language::Sv => sv,
            Language::En => en,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_read_by_their_first_part() {
        for (tag, expected) in [
            ("fi-FI", Some(Language::Fi)),
            ("SV", Some(Language::Sv)),
            ("en_GB", Some(Language::En)),
            ("fin", None),
            ("se", None),
            ("", None),
        ] {
            assert_eq!(Language::parse(tag), expected, "{tag}");
        }
    }
}
