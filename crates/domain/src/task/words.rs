//! The words of tasks in three languages.

use super::types::Pay;
use crate::Language;

type Words = (&'static str, &'static str, &'static str, &'static str);

const KINDS: [Words; 12] = [
    ("assignment", "toimeksianto", "uppdrag", "assignment"),
    ("gig", "keikka", "gig", "gig"),
    ("employment_fixed", "määräaikainen työ", "visstidsanställning", "fixed-term employment"),
    ("employment_permanent", "vakituinen työ", "tillsvidareanställning", "permanent employment"),
    ("project_lead", "hankkeen vetäjä", "projektledare", "project lead"),
    ("consulting", "sparraus", "rådgivning", "consulting"),
    ("substitute", "tuotantolomittaja", "produktionsvikarie", "substitute producer"),
    ("internship", "harjoittelu", "praktik", "internship"),
    ("volunteer", "talkootyö", "talkoarbete", "volunteer work"),
    ("working_group_seat", "työryhmän jäsen", "arbetsgruppsmedlem", "working group seat"),
    ("residency", "residenssi", "residens", "residency"),
    ("call", "haku", "utlysning", "call"),
];

const UNITS: [Words; 5] = [
    ("hour", "h", "h", "h"),
    ("day", "pv", "dag", "day"),
    ("week", "vk", "vecka", "week"),
    ("month", "kk", "mån", "month"),
    ("project", "", "", ""),
];

fn word(table: &[Words], id: &str, language: Language) -> Option<&'static str> {
    table.iter().find(|row| row.0 == id).map(|(_, fi, sv, en)| language.pick(fi, sv, en))
}

/// The word for a kind of task; an unknown kind stands for itself.
pub fn kind_word(kind: &str, language: Language) -> &str {
    word(&KINDS, kind, language).unwrap_or(kind)
}

/// A pay in words: `45–60 €/h`, `2 750 €/kk`; nothing when no sum is told.
pub fn pay_words(pay: &Pay, language: Language) -> Option<String> {
    let sums = match (pay.min.as_deref(), pay.max.as_deref()) {
        (Some(min), Some(max)) if min != max => format!("{}–{}", euros(min, language), euros(max, language)),
        (Some(sum), _) | (None, Some(sum)) => euros(sum, language),
        (None, None) => return None,
    };
    let unit = word(&UNITS, &pay.unit, language).unwrap_or(&pay.unit);
    Some(if unit.is_empty() { format!("{sums} €") } else { format!("{sums} €/{unit}") })
}

/// `1800.00` as `1 800`, `45.50` as `45,50`.
fn euros(sum: &str, language: Language) -> String {
    let (whole, cents) = sum.split_once('.').unwrap_or((sum, ""));
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            grouped.push(language.pick("\u{a0}", "\u{a0}", ",").chars().next().unwrap_or(' '));
        }
        grouped.push(digit);
    }
    match cents {
        "" | "0" | "00" => grouped,
        cents => format!("{grouped}{}{cents:0<2}", language.pick(",", ",", ".")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pay_as_people_write_it() {
        let pay = |min: &str, max: &str, unit: &str| Pay {
            min: (!min.is_empty()).then(|| min.to_owned()),
            max: (!max.is_empty()).then(|| max.to_owned()),
            unit: unit.to_owned(),
        };
        for (pay, language, expected) in [
            (pay("45.00", "60.00", "hour"), Language::Fi, Some("45–60 €/h")),
            (pay("1800.00", "1800.00", "project"), Language::Fi, Some("1\u{a0}800 €")),
            (pay("2750.50", "2950.00", "month"), Language::Sv, Some("2\u{a0}750,50–2\u{a0}950 €/mån")),
            (pay("1800.00", "1800.00", "project"), Language::En, Some("1,800 €")),
            (pay("", "100", "day"), Language::En, Some("100 €/day")),
            (pay("", "", "day"), Language::Fi, None),
        ] {
            assert_eq!(pay_words(&pay, language).as_deref(), expected);
        }
    }

    #[test]
    fn every_word_of_the_rules_has_its_translations() {
        for kind in super::super::KINDS {
            assert!(word(&KINDS, kind, Language::Sv).is_some(), "{kind}");
        }
        for unit in super::super::PAY_UNITS {
            assert!(word(&UNITS, unit, Language::Sv).is_some(), "{unit}");
        }
    }
}
