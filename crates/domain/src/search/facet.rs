//! What things can be chosen by, beside words: values of their fields, each a word of the index.
//!
//! The index is made of views, so nobody is found by what they did not agree to show. A mark cannot be typed as a word.

/// A value that a thing has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Facet {
    /// Somebody can do this, or it is asked for: the id of a skill, or of an area of skills.
    Skill(String),
    /// Somebody works in this field of art: its id.
    Field(String),
    /// Somebody works in this language: its code.
    Language(String),
    /// Somebody also works from elsewhere, or it can be done from there.
    Remote,
    /// Work is paid for in this way: the id of a form of engagement.
    Engagement(String),
    /// Somebody has time on a day of this month: `2027-01`.
    Free(String),
    /// Somebody is of this region, or works for it: its code.
    Region(String),
}

impl Facet {
    /// Its word. Lower case, letters and digits parted by the mark's sign: what both databases keep as it is.
    pub(super) fn word(&self) -> String {
        let (mark, value) = match self {
            Facet::Skill(id) => ("v", id.as_str()),
            Facet::Field(id) => ("a", id.as_str()),
            Facet::Language(code) => ("l", code.as_str()),
            Facet::Remote => ("w", "remote"),
            Facet::Engagement(id) => ("e", id.as_str()),
            Facet::Free(month) => ("m", month.as_str()),
            Facet::Region(code) => ("p", code.as_str()),
        };
        let sign = |one: char| if one.is_ascii_alphanumeric() { one.to_ascii_lowercase() } else { '=' };
        format!("{mark}={}", value.chars().map(sign).collect::<String>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_one_word_of_letters_digits_and_the_sign_of_marks() {
        for (facet, word) in [
            (Facet::Skill("tk:touring".to_owned()), "v=tk=touring"),
            (Facet::Skill("G01".to_owned()), "v=g01"),
            (Facet::Field("visual_arts".to_owned()), "a=visual=arts"),
            (Facet::Language("fi' | 'x".to_owned()), "l=fi=====x"),
            (Facet::Remote, "w=remote"),
            (Facet::Engagement("light_entrepreneur".to_owned()), "e=light=entrepreneur"),
            (Facet::Free("2027-01".to_owned()), "m=2027=01"),
            (Facet::Region("06".to_owned()), "p=06"),
        ] {
            assert_eq!(facet.word(), word);
        }
    }
}
