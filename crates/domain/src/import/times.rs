//! Dates and times as people, spreadsheets and calendars write them.
//!
//! Wall time without an offset is read in the country's zone. A moment that the clock skips in spring or repeats in
//! autumn is read as calendars do (RFC 5545 §3.3.5): the skipped one later, the repeated one as its first.

use crate::check::shown;
use crate::error::Key;
use crate::message;
use jiff::Zoned;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{AmbiguousOffset, TimeZone};
use store::Timestamp;

/// The zone of wall time that names none.
pub(super) const ZONE: &str = "Europe/Helsinki";

/// A day, or a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    /// The whole day.
    Day(Date),
    /// The moment.
    Moment(Timestamp),
}

impl When {
    /// Its first moment, on the clock of `zone`.
    pub(super) fn first(self, zone: &TimeZone) -> Option<Timestamp> {
        match self {
            When::Day(day) => moment(day.to_datetime(Time::midnight()), zone),
            When::Moment(at) => Some(at),
        }
    }

    /// Its last moment, to the second, on the clock of `zone`.
    pub(super) fn last(self, zone: &TimeZone) -> Option<Timestamp> {
        match self {
            When::Day(day) => moment(day.to_datetime(Time::constant(23, 59, 59, 0)), zone),
            When::Moment(at) => Some(at),
        }
    }

    /// `2027-01-05`, or `2027-01-05T18:00` on the country's clock.
    pub(super) fn written(self) -> String {
        match self {
            When::Day(day) => day.to_string(),
            When::Moment(at) => at.to_jiff().to_zoned(home()).strftime("%Y-%m-%dT%H:%M").to_string(),
        }
    }
}

/// The country's zone.
pub(super) fn home() -> TimeZone {
    TimeZone::get(ZONE).unwrap_or(TimeZone::UTC)
}

/// A date (`2027-01-05`, `5.1.2027`) or a date and time (`2027-01-05T18:00`, `5.1.2027 18.00`, RFC 3339).
pub(super) fn when(text: &str) -> Option<When> {
    let (day, rest) = split(text)?;
    let day = date(day)?;
    if rest.is_empty() {
        return Some(When::Day(day));
    }
    let (clock, offset) = match rest.find(['Z', 'z', '+', '-', '−']) {
        Some(at) => rest.split_at(at),
        None => (rest, ""),
    };
    let local = day.to_datetime(time(clock)?);
    let at = match offset {
        "" => moment(local, &home())?,
        _ => vocab::time::parse(&format!("{}{offset}", local.strftime("%Y-%m-%dT%H:%M:%S")))?.into(),
    };
    Some(When::Moment(at))
}

/// The moment that somebody means who can be asked: one that the clock of `zone` skips is none, and of one that it shows
/// twice `which` says whether the `first` or the `second` is meant. Nothing when nothing is told.
pub(super) fn asked(text: &str, which: &str, zone: &TimeZone) -> Result<Option<Zoned>, Key> {
    if text.is_empty() {
        return Ok(None);
    }
    let not_a_time = || Key::new(message::NOT_A_TIME).with("value", shown(text));
    let (day, rest) = split(text).ok_or_else(not_a_time)?;
    let local = date(day).zip(time(rest)).map(|(day, time)| day.to_datetime(time)).ok_or_else(not_a_time)?;
    let ambiguous = zone.to_ambiguous_zoned(local);
    let zoned = match (ambiguous.offset(), which) {
        (AmbiguousOffset::Unambiguous { .. }, _) => ambiguous.unambiguous(),
        (AmbiguousOffset::Gap { .. }, _) => return Err(Key::new(message::NO_SUCH_TIME).with("value", shown(text))),
        (AmbiguousOffset::Fold { .. }, "first") => ambiguous.earlier(),
        (AmbiguousOffset::Fold { .. }, "second") => ambiguous.later(),
        (AmbiguousOffset::Fold { .. }, _) => return Err(Key::new(message::TIME_TWICE).with("value", shown(text))),
    };
    zoned.map(Some).map_err(|_| not_a_time())
}

/// The moment that a clock on a wall of `zone` shows.
pub(super) fn moment(local: DateTime, zone: &TimeZone) -> Option<Timestamp> {
    let at: Zoned = local.to_zoned(zone.clone()).ok()?;
    Some(at.timestamp().into())
}

/// The day, and what follows it after `T` or blanks.
fn split(text: &str) -> Option<(&str, &str)> {
    let text = text.trim();
    match text.find(['T', 't', ' ']) {
        None => Some((text, "")),
        Some(at) => {
            let rest = text[at + 1..].trim_start();
            (!rest.is_empty()).then_some((&text[..at], rest))
        }
    }
}

fn date(text: &str) -> Option<Date> {
    if text.contains('.') {
        let mut parts = text.split('.');
        let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
        return parts
            .next()
            .is_none()
            .then(|| civil(number(year, 4..=4)?, number(month, 1..=2)?, number(day, 1..=2)?))?;
    }
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    parts.next().is_none().then(|| civil(number(year, 4..=4)?, number(month, 2..=2)?, number(day, 2..=2)?))?
}

fn civil(year: i16, month: i16, day: i16) -> Option<Date> {
    Date::new(year, month.try_into().ok()?, day.try_into().ok()?).ok()
}

/// `18:00`, `18.00`, `18:00:30`, with or without fractions of a second, which are cut off.
fn time(text: &str) -> Option<Time> {
    let text = text.trim();
    let joint = if text.contains(':') { ':' } else { '.' };
    let mut parts = text.split(joint);
    let (hour, minute) = (number(parts.next()?, 1..=2)?, number(parts.next()?, 2..=2)?);
    let second = match parts.next() {
        None => 0,
        Some(second) => {
            let (whole, fraction) = second.split_once('.').unwrap_or((second, ""));
            number(whole, 2..=2).filter(|_| fraction.bytes().all(|digit| digit.is_ascii_digit()))?
        }
    };
    let (hour, minute, second) = (hour.try_into().ok()?, minute.try_into().ok()?, second.try_into().ok()?);
    parts.next().is_none().then(|| Time::new(hour, minute, second, 0).ok())?
}

fn number(text: &str, digits: std::ops::RangeInclusive<usize>) -> Option<i16> {
    let plain = digits.contains(&text.len()) && text.bytes().all(|digit| digit.is_ascii_digit());
    plain.then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_times_in_every_form() {
        for (text, expected) in [
            ("2027-01-05", Some("2027-01-05")),
            (" 5.1.2027 ", Some("2027-01-05")),
            ("05.01.2027", Some("2027-01-05")),
            ("2027-01-05T18:00", Some("2027-01-05T18:00")),
            ("2027-01-05 18:00", Some("2027-01-05T18:00")),
            ("2027-01-05T18:00:59", Some("2027-01-05T18:00")),
            ("5.1.2027 18.00", Some("2027-01-05T18:00")),
            ("5.1.2027  9:30", Some("2027-01-05T09:30")),
            ("2027-01-05T18:00:00+02:00", Some("2027-01-05T18:00")),
            ("2027-01-05T16:00:00Z", Some("2027-01-05T18:00")),
            ("2027-07-05T15:00:00.250Z", Some("2027-07-05T18:00")),
            ("2027-01-05T11:00-05:00", Some("2027-01-05T18:00")),
            ("2027-03-28T03:30", Some("2027-03-28T04:30")), // skipped by the clock
            ("2027-02-30", None),
            ("31.2.2026", None),
            ("2027-1-5", None),
            ("5.1.27", None),
            ("5/1/2027", None),
            ("2027-01-05T25:00", None),
            ("2027-01-05T18", None),
            ("2027-01-05T", None),
            ("2027-01-05T18:00:00+", None),
            ("2027-01-05T18:00 huomenna", None),
            ("ensi viikolla", None),
            ("٢٠٢٧-٠١-٠٥", None),
            ("", None),
        ] {
            assert_eq!(when(text).map(When::written).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn who_is_there_is_asked_which_of_two_times_is_meant() {
        for (text, which, expected) in [
            ("2026-12-11T18:00", "", Ok("2026-12-11T18:00:00+02:00")),
            ("11.12.2026 18.00", "", Ok("2026-12-11T18:00:00+02:00")),
            ("2027-07-01T18:00", "second", Ok("2027-07-01T18:00:00+03:00")),
            ("2027-03-28T03:30", "", Err("no-such-time")),
            ("2027-03-28T03:30", "first", Err("no-such-time")),
            ("2027-10-31T03:30", "", Err("time-twice")),
            ("2027-10-31T03:30", "first", Ok("2027-10-31T03:30:00+03:00")),
            ("2027-10-31T03:30", "second", Ok("2027-10-31T03:30:00+02:00")),
            ("2027-10-31", "", Err("not-a-time")),
            ("huomenna", "", Err("not-a-time")),
            ("9999-12-31T23:59", "", Err("not-a-time")),
        ] {
            let found = asked(text, which, &home());
            let found = found.map(|at| at.map(|at| at.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()));
            let expected = expected.map(|text| Some(text.to_owned()));
            assert_eq!(found.map_err(|key| key.id()), expected, "{text} {which}");
        }
        assert_eq!(asked("", "", &home()).map(|at| at.is_none()), Ok(true));
    }

    #[test]
    fn a_day_ends_with_its_last_second() {
        let day = when("2027-03-28").unwrap(); // 23 hours long
        let (first, last) = (day.first(&home()).unwrap(), day.last(&home()).unwrap());
        assert_eq!(first, vocab::time::parse("2027-03-27T22:00:00Z").unwrap().into());
        assert_eq!(last, vocab::time::parse("2027-03-28T20:59:59Z").unwrap().into());
    }

    #[test]
    fn a_repeated_hour_is_the_first_of_the_two() {
        let at = when("2027-10-31T03:30").unwrap().first(&home());
        assert_eq!(at, Some(vocab::time::parse("2027-10-31T00:30:00Z").unwrap().into()));
    }
}
