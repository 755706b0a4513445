//! Dates, times and sums of money as each language writes them.
//!
//! Everything is shown in the time of the place, Europe/Helsinki unless an event names another zone. Invariant: what a
//! `<time>` element says to machines is RFC 3339 with the offset of that day.

use domain::Language;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp as Instant, Zoned};
use std::sync::LazyLock;
use store::Timestamp;

/// No-break space: a date and its time stay on one line, and so do a number and its unit.
const NB: char = '\u{a0}';

/// Word joiner: a span of hours is not parted after its dash.
const JOINED: char = '\u{2060}';

static HELSINKI: LazyLock<TimeZone> = LazyLock::new(|| TimeZone::get("Europe/Helsinki").unwrap_or(TimeZone::UTC));

/// The zone of this name, or Finland's.
fn zone(name: &str) -> TimeZone {
    if name.is_empty() || name == "Europe/Helsinki" {
        return HELSINKI.clone();
    }
    TimeZone::get(name).unwrap_or_else(|_| HELSINKI.clone())
}

fn at(moment: Timestamp, zone_name: &str) -> Zoned {
    moment.to_jiff().to_zoned(zone(zone_name))
}

/// The day that a moment is on, where it is.
pub fn local_date(moment: Timestamp, zone_name: &str) -> Date {
    at(moment, zone_name).date()
}

/// `18.00`, where it is.
pub fn local_time(language: Language, moment: Timestamp, zone_name: &str) -> String {
    clock(language, &at(moment, zone_name))
}

/// For the `datetime` attribute.
pub fn machine(moment: Timestamp, zone_name: &str) -> String {
    at(moment, zone_name).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// `pe 11.12.2026 klo 18.00`.
pub fn date_time(language: Language, moment: Timestamp, zone_name: &str) -> String {
    let there = at(moment, zone_name);
    joined(language, &day(language, there.date()), &clock(language, &there))
}

/// `pe 11.12.2026`, in Finland's time.
pub fn date(language: Language, moment: Timestamp) -> String {
    day(language, at(moment, "").date())
}

/// From one moment to another, without saying the day twice: `pe 11.12.2026 klo 18.00–22.00`. An event that runs past
/// midnight but ends before six in the morning belongs to the evening it began.
pub fn span(language: Language, from: Timestamp, until: Timestamp, zone_name: &str) -> String {
    let (from, until) = (at(from, zone_name), at(until, zone_name));
    let next_morning = from.date().tomorrow().is_ok_and(|next| next == until.date()) && until.hour() < 6;
    let start = joined(language, &day(language, from.date()), &clock(language, &from));
    if from.date() == until.date() || next_morning {
        format!("{start}–{JOINED}{}", clock(language, &until))
    } else {
        format!("{start} – {}", joined(language, &day(language, until.date()), &clock(language, &until)))
    }
}

/// `11.12.2026` of a plain `2026-12-11`, which may have a time behind it; anything else stays as it is.
pub fn plain_date(language: Language, text: &str) -> String {
    let date = text.get(..10).and_then(|date| date.parse::<Date>().ok());
    date.map_or_else(|| text.to_owned(), |date| day(language, date))
}

/// Midnight in Finland at the beginning of a day: the lower bound of "from this day".
pub fn day_begins(text: &str) -> Option<Timestamp> {
    let date: Date = text.parse().ok()?;
    date.to_zoned(HELSINKI.clone()).ok().map(|there| there.timestamp().into())
}

/// The last millisecond of a day in Finland: the upper bound of "until this day".
pub fn day_ends(text: &str) -> Option<Timestamp> {
    let date: Date = text.parse().ok()?;
    let next = date.tomorrow().ok()?.to_zoned(HELSINKI.clone()).ok()?;
    Instant::from_millisecond(next.timestamp().as_millisecond() - 1).ok().map(Into::into)
}

/// The parts of a calendar leaf: day of the month, month in short, weekday in short.
pub struct Leaf {
    /// `11`
    pub day: i8,
    /// `joulu`, `dec`, `Dec`
    pub month: &'static str,
    /// `pe`, `fre`, `Fri`
    pub weekday: &'static str,
}

/// The calendar leaf of a moment.
pub fn leaf(language: Language, moment: Timestamp, zone_name: &str) -> Leaf {
    let date = at(moment, zone_name).date();
    Leaf { day: date.day(), month: month(language, date.month()), weekday: weekday(language, date.weekday()) }
}

/// Whole days from one moment to another, by the calendar in Finland: 0 on the same day.
pub fn days_until(now: Timestamp, then: Timestamp) -> i64 {
    let (from, until) = (at(now, "").date(), at(then, "").date());
    from.until(until).map_or(0, |span| i64::from(span.get_days()))
}

/// A sum in euros as the wire writes it (`3200.00`), as people read it: `3 200`, `20,50`; English `3,200`.
pub fn sum(language: Language, text: &str) -> String {
    let (whole, cents) = text.split_once('.').unwrap_or((text, ""));
    if whole.is_empty() || !whole.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.to_owned();
    }
    let (group, point) = if language == Language::En { (',', '.') } else { (NB, ',') };
    let mut out = String::with_capacity(text.len() + 4);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            out.push(group);
        }
        out.push(digit);
    }
    if !cents.bytes().all(|byte| byte == b'0') {
        out.push(point);
        out.push_str(cents);
    }
    out
}

fn day(language: Language, date: Date) -> String {
    let (weekday, day, year) = (weekday(language, date.weekday()), date.day(), date.year());
    match language {
        Language::En => format!("{weekday}{NB}{day}{NB}{}{NB}{year}", month(language, date.month())),
        Language::Fi | Language::Sv => format!("{weekday}{NB}{day}.{}.{year}", date.month()),
    }
}

fn clock(language: Language, there: &Zoned) -> String {
    match language {
        Language::En => format!("{:02}:{:02}", there.hour(), there.minute()),
        Language::Fi | Language::Sv => format!("{}.{:02}", there.hour(), there.minute()),
    }
}

fn joined(language: Language, day: &str, clock: &str) -> String {
    match language {
        Language::Fi => format!("{day} klo{NB}{clock}"),
        Language::Sv => format!("{day} kl.{NB}{clock}"),
        Language::En => format!("{day}, {clock}"),
    }
}

/// `pe`, `fre`, `Fri`.
pub fn weekday(language: Language, weekday: Weekday) -> &'static str {
    let names = match language {
        Language::Fi => ["ma", "ti", "ke", "to", "pe", "la", "su"],
        Language::Sv => ["mån", "tis", "ons", "tors", "fre", "lör", "sön"],
        Language::En => ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
    };
    names[usize::try_from(weekday.to_monday_zero_offset()).unwrap_or(0)]
}

fn month(language: Language, month: i8) -> &'static str {
    let names = match language {
        Language::Fi => {
            ["tammi", "helmi", "maalis", "huhti", "touko", "kesä", "heinä", "elo", "syys", "loka", "marras", "joulu"]
        }
        Language::Sv => ["jan", "feb", "mars", "apr", "maj", "juni", "juli", "aug", "sep", "okt", "nov", "dec"],
        Language::En => ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    };
    names[usize::try_from(month - 1).unwrap_or(0).min(11)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use Language::{En, Fi, Sv};

    fn stamp(text: &str) -> Timestamp {
        text.parse::<Instant>().unwrap().into()
    }

    fn plain(text: &str) -> String {
        text.replace(NB, " ").replace(JOINED, "")
    }

    #[test]
    fn spans() {
        for (from, until, fi, sv, en) in [
            (
                "2026-12-11T16:00:00Z",
                "2026-12-11T20:00:00Z",
                "pe 11.12.2026 klo 18.00–22.00",
                "fre 11.12.2026 kl. 18.00–22.00",
                "Fri 11 Dec 2026, 18:00–22:00",
            ),
            (
                "2027-07-01T05:30:00Z", // summer time
                "2027-07-03T09:00:00Z",
                "to 1.7.2027 klo 8.30 – la 3.7.2027 klo 12.00",
                "tors 1.7.2027 kl. 8.30 – lör 3.7.2027 kl. 12.00",
                "Thu 1 Jul 2027, 08:30 – Sat 3 Jul 2027, 12:00",
            ),
            (
                "2026-12-31T18:00:00Z", // over midnight, and over the year
                "2027-01-01T00:30:00Z",
                "to 31.12.2026 klo 20.00–2.30",
                "tors 31.12.2026 kl. 20.00–2.30",
                "Thu 31 Dec 2026, 20:00–02:30",
            ),
        ] {
            for (language, expected) in [(Fi, fi), (Sv, sv), (En, en)] {
                assert_eq!(plain(&span(language, stamp(from), stamp(until), "Europe/Helsinki")), expected);
            }
        }
    }

    #[test]
    fn one_moment() {
        let moment = stamp("2026-12-11T07:05:00Z");
        for (language, expected) in
            [(Fi, "pe 11.12.2026 klo 9.05"), (Sv, "fre 11.12.2026 kl. 9.05"), (En, "Fri 11 Dec 2026, 09:05")]
        {
            assert_eq!(plain(&date_time(language, moment, "")), expected);
        }
        assert_eq!(plain(&date_time(Fi, moment, "Europe/Stockholm")), "pe 11.12.2026 klo 8.05");
        assert_eq!(plain(&date_time(Fi, moment, "Mars/Olympus")), "pe 11.12.2026 klo 9.05");
        assert_eq!(machine(moment, ""), "2026-12-11T09:05:00+02:00");
        assert_eq!(machine(stamp("2027-07-01T05:30:00Z"), ""), "2027-07-01T08:30:00+03:00");
    }

    #[test]
    fn days_of_a_filter() {
        assert_eq!(day_begins("2026-12-11"), Some(stamp("2026-12-10T22:00:00Z")));
        assert_eq!(day_ends("2026-12-11"), Some(stamp("2026-12-11T21:59:59.999Z")));
        for nonsense in ["", "11.12.2026", "2026-02-30", "2026-12", "99999999999"] {
            assert_eq!(day_begins(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn days_are_counted_by_the_calendar() {
        let evening = stamp("2026-12-11T20:00:00Z");
        for (then, expected) in [
            ("2026-12-11T21:30:00Z", 0),
            ("2026-12-11T22:30:00Z", 1), // half past midnight in Finland
            ("2026-12-18T10:00:00Z", 7),
            ("2026-12-10T10:00:00Z", -1),
        ] {
            assert_eq!(days_until(evening, stamp(then)), expected, "{then}");
        }
    }

    #[test]
    fn sums() {
        for (text, fi, en) in [
            ("3200.00", "3 200", "3,200"),
            ("20.50", "20,50", "20.50"),
            ("999", "999", "999"),
            ("1000000", "1 000 000", "1,000,000"),
            ("0", "0", "0"),
            ("n/a", "n/a", "n/a"),
        ] {
            assert_eq!(plain(&sum(Fi, text)), fi);
            assert_eq!(sum(En, text), en);
        }
    }

    #[test]
    fn plain_dates_and_leaves() {
        assert_eq!(plain(&plain_date(Sv, "2027-01-05")), "tis 5.1.2027");
        assert_eq!(plain(&plain_date(En, "2027-01-05T18:00:00+02:00")), "Tue 5 Jan 2027");
        assert_eq!(plain_date(Fi, "ensi kesänä"), "ensi kesänä");
        let leaf = leaf(Fi, stamp("2026-12-11T23:00:00Z"), "");
        assert_eq!((leaf.day, leaf.month, leaf.weekday), (12, "joulu", "la"));
    }
}
