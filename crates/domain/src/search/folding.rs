//! What Snowball's Finnish stemmer leaves apart: consonant gradation. It stems `kaupunki` to `kaupunk` and `kaupungin` to
//! `kaupung`; folded, both are `kaupunk`.
//!
//! A stem is taken apart into its head, its last consonants and a last `o`, `u`, `y` or `ö`; grades that change into each
//! other are written alike. Too much is written alike now and then, which finds too much. Left out: `k` that vanishes
//! between vowels (`joki`, `joen`), and what only a dictionary knows, but for [`IRREGULAR`].

/// Stems that no rule brings together, of words that are met often in this field.
const IRREGULAR: [(&str, &str); 5] =
    [("lap", "laps"), ("last", "laps"), ("musi", "musiik"), ("töitä", "työ"), ("op", "opas")];

/// What the last consonants become, the longest first: strong and weak grade alike.
const GRADES: [(&str, &str); 13] = [
    ("ng", "nk"),
    ("mp", "m"),
    ("nt", "n"),
    ("lt", "l"),
    ("rt", "r"),
    ("nn", "n"),
    ("mm", "m"),
    ("ll", "l"),
    ("rr", "r"),
    ("tt", "t"),
    ("pp", "p"),
    ("d", "t"),
    ("v", "p"),
];

/// A stem of this length or less ends in `s`, `d` or `t` by its case: `vesi`, `veden`, `vettä`.
const SHORT: usize = 4;
/// Letters that have to be left in front of an ending that is taken off.
const LEFT: usize = 4;

/// A Finnish stem, with its grades written alike.
pub(super) fn folded(stem: &str) -> String {
    let stem = IRREGULAR.iter().find(|(irregular, _)| *irregular == stem).map_or(stem, |(_, regular)| regular);
    let stem = without_case_of_short(stem);
    let stem = without_last_vowel(stem);
    if let Some(noun) = noun_in_us(stem) {
        return graded(noun);
    }
    if let Some(head) = stem.strip_suffix("in").filter(|head| length(head) >= LEFT) {
        return format!("{head}is"); // kulttuurin(en), kulttuuris(en)
    }
    let stem = match stem.strip_suffix("ks") {
        Some(head) if head.ends_with(is_vowel) => format!("{head}s"),
        _ => stem.to_owned(),
    };
    graded(&stem)
}

/// `sään`, `työtä`: stems that Snowball takes for too short.
fn without_case_of_short(stem: &str) -> &str {
    let bare = ["tä", "ta", "n"].into_iter().find_map(|ending| stem.strip_suffix(ending));
    let long_vowel = |bare: &&str| bare.chars().rev().take_while(|one| is_vowel(*one)).count() == 2;
    bare.filter(|bare| length(bare) <= SHORT).filter(long_vowel).unwrap_or(stem)
}

/// `saari`, `saare`: a vowel after a consonant that Snowball takes from longer stems.
fn without_last_vowel(stem: &str) -> &str {
    match stem.strip_suffix(['e', 'i', 'a', 'ä']) {
        Some(head) if length(head) >= 2 && !head.ends_with(is_vowel) => head,
        _ => stem,
    }
}

/// `yhdistys`, `yhdistyks(en)`, `yhdisty(stä)`; `rakkaus`, `rakkaud(en)`, `rakkaut(ta)`.
fn noun_in_us(stem: &str) -> Option<&str> {
    let head = ["ks", "st", "s", "d", "t"].into_iter().find_map(|ending| stem.strip_suffix(ending))?;
    (head.ends_with(['u', 'y']) && length(head) >= LEFT).then_some(head)
}

fn graded(stem: &str) -> String {
    let (stem, last) = match stem.chars().next_back() {
        Some(last @ ('o' | 'u' | 'y' | 'ö')) if !stem[..stem.len() - last.len_utf8()].ends_with(is_vowel) => {
            (&stem[..stem.len() - last.len_utf8()], Some(last))
        }
        _ => (stem, None),
    };
    let mut folded = match GRADES.iter().find(|(grade, _)| stem.ends_with(grade)) {
        Some((grade, alike)) => format!("{}{alike}", &stem[..stem.len() - grade.len()]),
        None => stem.to_owned(),
    };
    match last {
        // Turku, Turun
        Some('u') if folded.ends_with("rk") || folded.ends_with("lk") => folded.truncate(folded.len() - 1),
        None if length(stem) <= SHORT && folded.ends_with('s') => {
            folded.truncate(folded.len() - 1);
            folded.push('t');
        }
        _ => {}
    }
    folded.extend(last);
    folded
}

fn is_vowel(letter: char) -> bool {
    matches!(letter, 'a' | 'e' | 'i' | 'o' | 'u' | 'y' | 'ä' | 'ö')
}

fn length(text: &str) -> usize {
    text.chars().count()
}
