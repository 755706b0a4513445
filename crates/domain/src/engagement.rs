//! Forms of engagement: how somebody is paid for work. A task names those that it offers, a producer those that suit.

use crate::Language;

/// The forms: id, Finnish, Swedish, English.
const WORDS: [(&str, &str, &str, &str); 8] = [
    ("salary", "palkka", "lön", "salary"),
    ("invoice", "lasku", "faktura", "invoice"),
    ("light_entrepreneur", "kevytyrittäjä", "lättföretagare", "light entrepreneur"),
    ("work_compensation", "työkorvaus", "arbetsersättning", "work compensation"),
    ("grant", "apuraha", "stipendium", "grant"),
    ("revenue_share", "osuus tuotosta", "andel av intäkterna", "share of the revenue"),
    ("expenses_only", "vain kulut", "endast kostnadsersättning", "expenses only"),
    ("unpaid", "palkaton", "oavlönat", "unpaid"),
];

/// The ids of the forms.
pub const ENGAGEMENTS: [&str; 8] = {
    let mut ids = [""; 8];
    let mut at = 0;
    while at < ids.len() {
        ids[at] = WORDS[at].0;
        at += 1;
    }
    ids
};

/// The word for a form of engagement; an unknown one stands for itself.
pub fn engagement_word(engagement: &str, language: Language) -> &str {
    let known = WORDS.iter().find(|row| row.0 == engagement);
    known.map_or(engagement, |(_, fi, sv, en)| language.pick(fi, sv, en))
}

/// The form that a word means; an unknown word stands for itself.
pub(crate) fn engagement_of(word: &str) -> &str {
    let known = WORDS.iter().find(|(_, fi, sv, en)| [fi, sv, en].iter().any(|one| one.eq_ignore_ascii_case(word)));
    known.map_or(word, |row| row.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_back_in_every_language() {
        for language in Language::ALL {
            for id in ENGAGEMENTS {
                assert_eq!(engagement_of(engagement_word(id, language)), id);
            }
        }
        assert_eq!(engagement_word("barter", Language::Fi), "barter");
    }
}
