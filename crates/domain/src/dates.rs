//! Dates as people write them.

use crate::Language;
use jiff::civil::Date;

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// `5.12.2026`, or `5 Dec 2026`.
pub(crate) fn words(date: Date, language: Language) -> String {
    let (year, month, day) = (date.year(), date.month(), date.day());
    match language {
        Language::Fi | Language::Sv => format!("{day}.{month}.{year}"),
        Language::En => format!("{day} {} {year}", MONTHS[usize::from((month - 1).unsigned_abs()) % 12]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_in_three_languages() {
        let date = jiff::civil::date(2026, 12, 5);
        assert_eq!(Language::ALL.map(|language| words(date, language)), ["5.12.2026", "5.12.2026", "5 Dec 2026"]);
    }
}
