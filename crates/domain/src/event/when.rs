//! The time of an event as people say it, on the event's own clock.

use crate::{Language, dates};
use jiff::Zoned;
use store::Timestamp;
use vocab::LocalTime;

const WEEKDAYS: [(&str, &str, &str); 7] = [
    ("ma", "mån", "Mon"),
    ("ti", "tis", "Tue"),
    ("ke", "ons", "Wed"),
    ("to", "tors", "Thu"),
    ("pe", "fre", "Fri"),
    ("la", "lör", "Sat"),
    ("su", "sön", "Sun"),
];

/// An end before this hour still belongs to the evening before.
const SMALL_HOURS: i8 = 6;

/// `pe 11.12.2026 klo 18–22`; `fre 11.12.2026 kl. 18–22`; `Fri 11 Dec 2026, 18:00–22:00`. Without an end when `ends` is
/// the beginning; without a time of day when whole days are meant.
pub fn spoken(starts: Timestamp, ends: Timestamp, zone: &str, language: Language) -> String {
    let start = LocalTime::new(starts.to_jiff(), zone).zoned();
    let end = LocalTime::new(ends.to_jiff(), zone).zoned();
    let whole_days = clock(&start) == (0, 0) && clock(&end) == (23, 59);
    let same_day = start.date() == end.date();
    if whole_days {
        return match same_day {
            true => day(&start, language),
            false => format!("{} – {}", day(&start, language), day(&end, language)),
        };
    }
    let (first, from) = (day(&start, language), time(&start, language));
    let at = language.pick(" klo ", " kl. ", ", ");
    if ends == starts {
        return format!("{first}{at}{from}");
    }
    let night = start.date().tomorrow().is_ok_and(|next| next == end.date()) && end.hour() < SMALL_HOURS;
    let until = time(&end, language);
    if same_day || night {
        format!("{first}{at}{from}–{until}")
    } else {
        format!("{first}{at}{from} – {}{at}{until}", day(&end, language))
    }
}

fn clock(at: &Zoned) -> (i8, i8) {
    (at.hour(), at.minute())
}

fn day(at: &Zoned, language: Language) -> String {
    let (fi, sv, en) = WEEKDAYS[usize::from(at.weekday().to_monday_zero_offset().unsigned_abs()) % 7];
    format!("{} {}", language.pick(fi, sv, en), dates::words(at.date(), language))
}

fn time(at: &Zoned, language: Language) -> String {
    match (language, clock(at)) {
        (Language::En, (hour, minute)) => format!("{hour}:{minute:02}"),
        (_, (hour, 0)) => hour.to_string(),
        (_, (hour, minute)) => format!("{hour}.{minute:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_as_people_say_them() {
        let at = |text: &str| Timestamp::from(vocab::time::parse(text).expect("a time"));
        for (starts, ends, language, expected) in [
            ("2026-12-11T16:00:00Z", "2026-12-11T20:00:00Z", Language::Fi, "pe 11.12.2026 klo 18–22"),
            ("2026-12-11T16:00:00Z", "2026-12-11T20:30:00Z", Language::Sv, "fre 11.12.2026 kl. 18–22.30"),
            ("2026-12-11T16:00:00Z", "2026-12-11T20:00:00Z", Language::En, "Fri 11 Dec 2026, 18:00–22:00"),
            ("2026-12-11T20:00:00Z", "2026-12-12T00:00:00Z", Language::Fi, "pe 11.12.2026 klo 22–2"),
            (
                "2026-12-11T16:00:00Z",
                "2026-12-13T13:00:00Z",
                Language::Fi,
                "pe 11.12.2026 klo 18 – su 13.12.2026 klo 15",
            ),
            ("2026-12-11T16:00:00Z", "2026-12-11T16:00:00Z", Language::Fi, "pe 11.12.2026 klo 18"),
            ("2026-12-10T22:00:00Z", "2026-12-11T21:59:59Z", Language::Fi, "pe 11.12.2026"),
            ("2026-12-10T22:00:00Z", "2026-12-12T21:59:59Z", Language::Fi, "pe 11.12.2026 – la 12.12.2026"),
            ("2027-07-01T15:00:00Z", "2027-07-01T16:00:00Z", Language::Fi, "to 1.7.2027 klo 18–19"),
        ] {
            assert_eq!(spoken(at(starts), at(ends), "Europe/Helsinki", language), expected);
        }
    }
}
