//! Days, moments and durations of iCalendar (RFC 5545 §3.3.4–3.3.6).

use super::times;
use crate::message::{self, Message};
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{Span, ToSpan};
use store::Timestamp;

/// What Outlook calls the zone of Finland.
const OUTLOOK: &str = "FLE Standard Time";

/// A day or a moment, and the clock that it is read on.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Stamp {
    value: Value,
    /// The IANA name of the clock's zone.
    pub(super) zone: String,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Value {
    Day(Date),
    /// On the wall of the zone.
    Local(DateTime),
    Utc(Timestamp),
}

/// Reads `20270105`, `20270105T180000` or `20270105T160000Z`. What is wrong is answered with the text to blame.
pub(super) fn read(text: &str, zone: Option<&str>) -> Result<Stamp, (Message, String)> {
    let value = value(text).ok_or_else(|| (message::NOT_A_DATE, text.to_owned()))?;
    let zone = match zone {
        Some(name) if !matches!(value, Value::Utc(_)) => {
            iana(name).ok_or_else(|| (message::NO_SUCH_ZONE, name.to_owned()))?
        }
        _ => times::ZONE.to_owned(),
    };
    Ok(Stamp { value, zone })
}

fn value(text: &str) -> Option<Value> {
    let Some((day, clock)) = text.split_once(['T', 't']) else {
        return Some(Value::Day(date(text)?));
    };
    let (clock, is_utc) = match clock.strip_suffix(['Z', 'z']) {
        Some(clock) => (clock, true),
        None => (clock, false),
    };
    let (hour, minute, second) = (number(clock, 0..2)?, number(clock, 2..4)?, number(clock, 4..6)?);
    // A leap second is the last one of its minute.
    let time = Time::new(hour, minute, second.min(59), 0).ok().filter(|_| clock.len() == 6 && second <= 60)?;
    let local = date(day)?.to_datetime(time);
    if is_utc { times::moment(local, &TimeZone::UTC).map(Value::Utc) } else { Some(Value::Local(local)) }
}

fn date(text: &str) -> Option<Date> {
    let year = text.get(0..4).filter(|year| year.bytes().all(|digit| digit.is_ascii_digit()))?.parse().ok()?;
    Date::new(year, number(text, 4..6)?, number(text, 6..8)?).ok().filter(|_| text.len() == 8)
}

fn number(text: &str, at: std::ops::Range<usize>) -> Option<i8> {
    let digits = text.get(at)?;
    digits.bytes().all(|digit| digit.is_ascii_digit()).then(|| digits.parse().ok())?
}

fn iana(name: &str) -> Option<String> {
    if name.eq_ignore_ascii_case(OUTLOOK) {
        return Some(times::ZONE.to_owned());
    }
    TimeZone::get(name).ok()?.iana_name().map(str::to_owned)
}

impl Stamp {
    fn clock(&self) -> TimeZone {
        TimeZone::get(&self.zone).unwrap_or(TimeZone::UTC)
    }

    fn is_day(&self) -> bool {
        matches!(self.value, Value::Day(_))
    }

    fn local(&self) -> DateTime {
        match self.value {
            Value::Day(day) => day.to_datetime(Time::midnight()),
            Value::Local(local) => local,
            Value::Utc(at) => at.to_jiff().to_zoned(self.clock()).datetime(),
        }
    }

    /// The first moment.
    pub(super) fn first(&self) -> Option<Timestamp> {
        match self.value {
            Value::Utc(at) => Some(at),
            Value::Day(_) | Value::Local(_) => times::moment(self.local(), &self.clock()),
        }
    }

    /// The last moment, of an end. An end that is a day is the day after.
    pub(super) fn last(&self) -> Option<Timestamp> {
        if self.is_day() { self.before_midnight(self.local()) } else { self.first() }
    }

    /// The last moment of a day on which something begins; none when it begins at a moment.
    pub(super) fn whole_day(&self) -> Option<Timestamp> {
        self.after("P1D").filter(|_| self.is_day())
    }

    /// The last moment of what begins now and takes so long. Days are days of the calendar, hours are hours.
    pub(super) fn after(&self, duration: &str) -> Option<Timestamp> {
        let span: Span = duration.trim_start_matches('+').parse().ok()?;
        if self.is_day() {
            return self.before_midnight(self.local().checked_add(span).ok()?);
        }
        let start = self.first()?.to_jiff().to_zoned(self.clock());
        Some(start.checked_add(span).ok()?.timestamp().into())
    }

    fn before_midnight(&self, end: DateTime) -> Option<Timestamp> {
        times::moment(end.checked_sub(1.second()).ok()?, &self.clock())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Option<Timestamp> {
        vocab::time::parse(text).map(Timestamp::from)
    }

    #[test]
    fn days_and_moments_on_their_clock() {
        for (text, zone, first, last) in [
            ("20270105T180000", None, "2027-01-05T16:00:00Z", "2027-01-05T16:00:00Z"),
            ("20270705T180000", Some("Europe/Helsinki"), "2027-07-05T15:00:00Z", "2027-07-05T15:00:00Z"),
            ("20270705T180000", Some("FLE Standard Time"), "2027-07-05T15:00:00Z", "2027-07-05T15:00:00Z"),
            ("20270105T180000", Some("Europe/Stockholm"), "2027-01-05T17:00:00Z", "2027-01-05T17:00:00Z"),
            ("20270105T160000Z", Some("Marsin/Aika"), "2027-01-05T16:00:00Z", "2027-01-05T16:00:00Z"),
            ("20270106", None, "2027-01-05T22:00:00Z", "2027-01-05T21:59:59Z"),
        ] {
            let stamp = read(text, zone).unwrap();
            assert_eq!((stamp.first(), stamp.last()), (at(first), at(last)), "{text} {zone:?}");
        }
    }

    #[test]
    fn what_is_no_day_and_no_moment() {
        for (text, zone, reason) in [
            ("20270231T180000", Some("Europe/Helsinki"), message::NOT_A_DATE),
            ("2027-01-05", None, message::NOT_A_DATE),
            ("20270105T1800", None, message::NOT_A_DATE),
            ("20270105T180061", None, message::NOT_A_DATE),
            ("20270105T1800000", None, message::NOT_A_DATE),
            ("+2270105", None, message::NOT_A_DATE),
            ("", None, message::NOT_A_DATE),
            ("ääääT180000", None, message::NOT_A_DATE),
            ("20270105T180000", Some("Marsin/Aika"), message::NO_SUCH_ZONE),
        ] {
            assert_eq!(read(text, zone).map_err(|(reason, _)| reason), Err(reason), "{text}");
        }
    }

    #[test]
    fn durations() {
        for (start, duration, end) in [
            ("20270105T180000", "PT1H30M", Some("2027-01-05T17:30:00Z")),
            ("20270327T180000", "P1D", Some("2027-03-28T15:00:00Z")), // a day of 23 hours
            ("20270327T180000", "PT24H", Some("2027-03-28T16:00:00Z")),
            ("20270105T160000Z", "+P1W", Some("2027-01-12T16:00:00Z")),
            ("20270105", "P2D", Some("2027-01-06T21:59:59Z")),
            ("20270105T180000", "kaksi tuntia", None),
            ("20270105T180000", "P99999999999W", None),
        ] {
            assert_eq!(read(start, None).unwrap().after(duration), end.and_then(at), "{start} {duration}");
        }
        assert_eq!(read("20270105", None).unwrap().whole_day(), at("2027-01-05T21:59:59Z"));
        assert_eq!(read("20270105T180000", None).unwrap().whole_day(), None);
    }
}
