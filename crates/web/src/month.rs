//! A month as a calendar shows it: whole weeks from Monday to Sunday, by the calendar of Finland.

use crate::i18n::Locale;
use crate::moment;
use domain::Language;
use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan};
use store::Timestamp;

/// The years that a calendar has: what is beyond was mistyped.
const YEARS: std::ops::RangeInclusive<i16> = 2000..=2100;

/// A month of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Month(Date);

/// One of the seven columns.
pub struct Column {
    /// `ma`
    pub short: &'static str,
    /// `maanantai`
    pub long: &'static str,
}

impl Month {
    /// Reads `2026-12`.
    pub fn parse(text: &str) -> Option<Month> {
        let (year, month) = text.split_once('-')?;
        let plain = year.len() == 4 && month.len() == 2;
        let first = Date::new(year.parse().ok()?, month.parse().ok()?, 1).ok()?;
        (plain && YEARS.contains(&first.year())).then_some(Month(first))
    }

    /// The month that a moment is in.
    pub fn of(moment: Timestamp) -> Month {
        Month(moment::local_date(moment, "").first_of_month())
    }

    /// `2026-12`.
    pub fn code(self) -> String {
        self.0.strftime("%Y-%m").to_string()
    }

    /// The month before; nothing before the first.
    pub fn previous(self) -> Option<Month> {
        self.moved(-1.month())
    }

    /// The month after; nothing after the last.
    pub fn next(self) -> Option<Month> {
        self.moved(1.month())
    }

    fn moved(self, span: Span) -> Option<Month> {
        let first = self.0.checked_add(span).ok()?;
        YEARS.contains(&first.year()).then_some(Month(first))
    }

    /// Its first and last day.
    pub fn days(self) -> (Date, Date) {
        (self.0, self.0.last_of_month())
    }

    /// Its first and last moment.
    pub fn moments(self) -> (Option<Timestamp>, Option<Timestamp>) {
        let (first, last) = self.days();
        (moment::day_begins(&first.to_string()), moment::day_ends(&last.to_string()))
    }

    /// Its weeks; the first and the last one may begin and end in a neighbour.
    pub fn weeks(self) -> Vec<[Date; 7]> {
        let (first, last) = self.days();
        let back = i64::from(first.weekday().to_monday_zero_offset());
        let mut monday = first.checked_sub(back.days()).unwrap_or(first);
        let mut weeks = Vec::new();
        while monday <= last {
            weeks.push(std::array::from_fn(|at| monday.checked_add((at as i64).days()).unwrap_or(monday)));
            monday = monday.checked_add(7.days()).unwrap_or(Date::MAX);
        }
        weeks
    }

    /// Whether a day belongs to it.
    pub fn has(self, day: Date) -> bool {
        day.first_of_month() == self.0
    }

    /// `joulukuu 2026`.
    pub fn title(self, l: &Locale) -> String {
        let names = match l.language() {
            Language::Fi => [
                "tammikuu",
                "helmikuu",
                "maaliskuu",
                "huhtikuu",
                "toukokuu",
                "kesäkuu",
                "heinäkuu",
                "elokuu",
                "syyskuu",
                "lokakuu",
                "marraskuu",
                "joulukuu",
            ],
            Language::Sv => [
                "januari",
                "februari",
                "mars",
                "april",
                "maj",
                "juni",
                "juli",
                "augusti",
                "september",
                "oktober",
                "november",
                "december",
            ],
            Language::En => [
                "January",
                "February",
                "March",
                "April",
                "May",
                "June",
                "July",
                "August",
                "September",
                "October",
                "November",
                "December",
            ],
        };
        let name = usize::try_from(self.0.month() - 1).ok().and_then(|at| names.get(at)).copied().unwrap_or_default();
        format!("{name} {}", self.0.year())
    }
}

/// The columns of a week, Monday first.
pub fn columns(l: Locale) -> Vec<Column> {
    let long = match l.language() {
        Language::Fi => ["maanantai", "tiistai", "keskiviikko", "torstai", "perjantai", "lauantai", "sunnuntai"],
        Language::Sv => ["måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag"],
        Language::En => ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    };
    let days = Weekday::Monday.cycle_forward().take(7);
    days.zip(long).map(|(day, long)| Column { short: moment::weekday(l.language(), day), long }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_as_they_are_typed() {
        for (text, expected) in [
            ("2026-12", Some("2026-12")),
            ("2026-02", Some("2026-02")),
            ("2026-13", None),
            ("2026-00", None),
            ("2026-1", None),
            ("26-12", None),
            ("1999-12", None),
            ("2101-01", None),
            ("2026-12-01", None),
            ("-026-12", None),
            ("joulukuu", None),
            ("", None),
        ] {
            assert_eq!(Month::parse(text).map(Month::code).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn weeks_begin_on_monday_and_are_whole() {
        for (text, weeks, first, last) in [
            ("2026-12", 5, "2026-11-30", "2027-01-03"),
            ("2027-02", 4, "2027-02-01", "2027-02-28"), // exactly four
            ("2026-11", 6, "2026-10-26", "2026-12-06"),
            ("2024-02", 5, "2024-01-29", "2024-03-03"),
        ] {
            let month = Month::parse(text).unwrap();
            let found = month.weeks();
            assert_eq!(found.len(), weeks, "{text}");
            assert_eq!((found[0][0].to_string(), found[weeks - 1][6].to_string()), (first.into(), last.into()));
            assert!(found.iter().all(|week| week[0].weekday() == Weekday::Monday));
            let own = found.iter().flatten().filter(|day| month.has(**day)).count();
            assert_eq!(own, usize::try_from(month.days().1.day()).unwrap(), "{text}: each day once");
        }
    }

    #[test]
    fn neighbours_and_ends() {
        let around = |text: &str| {
            let month = Month::parse(text).unwrap();
            (month.previous().map(Month::code), month.next().map(Month::code))
        };
        assert_eq!(around("2026-12"), (Some("2026-11".into()), Some("2027-01".into())));
        assert_eq!(around("2000-01").0, None);
        assert_eq!(around("2100-12").1, None);
    }

    #[test]
    fn a_month_is_of_finlands_calendar() {
        let december = Month::parse("2026-12").unwrap();
        let (from, until) = december.moments();
        let utc = |at: Option<Timestamp>| at.unwrap().to_jiff().to_string();
        assert_eq!(utc(from), "2026-11-30T22:00:00Z");
        assert_eq!(utc(until), "2026-12-31T21:59:59.999Z");
        assert_eq!(Month::of(from.unwrap()), december);
        assert_eq!(Month::of(until.unwrap()), december);
        let l = Locale::negotiated(Language::Sv);
        assert_eq!(december.title(&l), "december 2026");
        let columns: Vec<&str> = columns(l).iter().map(|column| column.short).collect();
        assert_eq!(columns, ["mån", "tis", "ons", "tors", "fre", "lör", "sön"]);
    }
}
