//! Fields of art and languages: the words that people read, and how they are read back.

use crate::Language;

/// The fields of art: id, Finnish, Swedish, English.
const WORDS: [(&str, &str, &str, &str); 19] = [
    ("music", "musiikki", "musik", "music"),
    ("theatre", "teatteri", "teater", "theatre"),
    ("dance", "tanssi", "dans", "dance"),
    ("circus", "sirkus", "cirkus", "circus"),
    ("performance", "performanssi", "performance", "performance art"),
    ("visual_arts", "kuvataide", "bildkonst", "visual arts"),
    ("photography", "valokuvataide", "fotografi", "photography"),
    ("film", "elokuva", "film", "film"),
    ("media_art", "mediataide", "mediekonst", "media art"),
    ("literature", "kirjallisuus", "litteratur", "literature"),
    ("crafts_design", "muotoilu ja käsityö", "design och konsthantverk", "crafts and design"),
    ("architecture", "arkkitehtuuri", "arkitektur", "architecture"),
    ("heritage", "kulttuuriperintö", "kulturarv", "heritage"),
    ("community_art", "yhteisötaide", "gemenskapskonst", "community art"),
    ("children_youth", "lasten ja nuorten kulttuuri", "barn- och ungdomskultur", "children and youth"),
    ("festivals", "festivaalit", "festivaler", "festivals"),
    ("games", "pelit", "spel", "games"),
    ("multidisciplinary", "monialainen", "tvärkonstnärlig", "multidisciplinary"),
    ("other", "muu", "annat", "other"),
];

/// The ids of the fields of art.
pub const FIELDS: [&str; 19] = {
    let mut ids = [""; 19];
    let mut at = 0;
    while at < ids.len() {
        ids[at] = WORDS[at].0;
        at += 1;
    }
    ids
};

/// Languages that producers here work in: code, Finnish, Swedish, English.
const LANGUAGES: [(&str, &str, &str, &str); 20] = [
    ("fi", "suomi", "finska", "Finnish"),
    ("sv", "ruotsi", "svenska", "Swedish"),
    ("en", "englanti", "engelska", "English"),
    ("se", "pohjoissaame", "nordsamiska", "Northern Sámi"),
    ("smn", "inarinsaame", "enaresamiska", "Inari Sámi"),
    ("sms", "koltansaame", "skoltsamiska", "Skolt Sámi"),
    ("fse", "suomalainen viittomakieli", "finskt teckenspråk", "Finnish Sign Language"),
    ("fss", "suomenruotsalainen viittomakieli", "finlandssvenskt teckenspråk", "Finland-Swedish Sign Language"),
    ("rom", "romanikieli", "romani", "Romani"),
    ("et", "viro", "estniska", "Estonian"),
    ("ru", "venäjä", "ryska", "Russian"),
    ("uk", "ukraina", "ukrainska", "Ukrainian"),
    ("de", "saksa", "tyska", "German"),
    ("fr", "ranska", "franska", "French"),
    ("es", "espanja", "spanska", "Spanish"),
    ("it", "italia", "italienska", "Italian"),
    ("no", "norja", "norska", "Norwegian"),
    ("da", "tanska", "danska", "Danish"),
    ("ar", "arabia", "arabiska", "Arabic"),
    ("so", "somali", "somaliska", "Somali"),
];

fn word<'a>(table: &'a [(&str, &'a str, &'a str, &'a str)], id: &'a str, language: Language) -> &'a str {
    table.iter().find(|row| row.0 == id).map_or(id, |(_, fi, sv, en)| language.pick(fi, sv, en))
}

fn id_of<'a>(table: &'a [(&'a str, &str, &str, &str)], word: &'a str) -> &'a str {
    let word = word.trim();
    let named = table.iter().find(|(_, fi, sv, en)| [fi, sv, en].iter().any(|one| one.eq_ignore_ascii_case(word)));
    named.map_or(word, |row| row.0)
}

/// The word for a field of art; an unknown id stands for itself.
pub fn field_word(id: &str, language: Language) -> &str {
    word(&WORDS, id, language)
}

/// The word for a language by its code; an unknown code stands for itself.
pub fn language_word(code: &str, language: Language) -> &str {
    word(&LANGUAGES, code, language)
}

/// The codes of the languages that producers here work in.
pub fn language_codes() -> impl Iterator<Item = &'static str> {
    LANGUAGES.iter().map(|row| row.0)
}

/// The field of art that a word means; an unknown word stands for itself.
pub(super) fn field_of(word: &str) -> &str {
    id_of(&WORDS, word)
}

/// The code of the language that a word means; an unknown word stands for itself.
pub(super) fn language_of(word: &str) -> &str {
    id_of(&LANGUAGES, word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_back_in_every_language() {
        for language in Language::ALL {
            for id in FIELDS {
                assert_eq!(field_of(field_word(id, language)), id);
            }
            for (code, ..) in LANGUAGES {
                assert_eq!(language_of(language_word(code, language)), code);
            }
        }
        assert_eq!(field_of("puppetry"), "puppetry");
        assert_eq!(language_word("tlh", Language::Fi), "tlh");
    }
}
