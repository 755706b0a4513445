//! Points in time as the wire writes them.
//!
//! Out: `published` and `updated` in UTC to the second; `startTime` and `endTime` with the offset that the zone really
//! has on that day (Europe/Helsinki changes on the last Sundays of March and October). In: whatever peers send, to the
//! second. The clock is never read here.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, Zoned};
use serde::{Serialize, Serializer};

/// Reads a time leniently: fractions (cut off), missing seconds, a blank instead of `T`, any offset or none (then UTC),
/// a date alone (then midnight). `None` for anything else and for years outside 0–9999.
#[must_use]
pub fn parse(text: &str) -> Option<Timestamp> {
    let (local, offset) = parts(text)?;
    in_zone(local, offset.unwrap_or(Offset::UTC).to_time_zone())
}

/// Writes `YYYY-MM-DDTHH:MM:SSZ`, without fractions.
#[must_use]
pub fn utc(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// A moment together with the clock on the wall where it happens.
///
/// Serialises as `2026-12-11T18:00:00+02:00`, with the zone's offset at that moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalTime {
    /// The moment itself.
    pub at: Timestamp,
    /// An IANA zone name (`Europe/Helsinki`), or a fixed offset (`+02:00`) or `UTC` when the sender named no zone.
    pub zone: String,
}

impl LocalTime {
    /// A moment on the clock of `zone`. An unknown zone name is shown in UTC.
    pub fn new(at: Timestamp, zone: impl Into<String>) -> Self {
        Self { at, zone: zone.into() }
    }

    /// Reads a wire time and the zone that the document names beside it, if any.
    ///
    /// A time with an offset is that moment. A time without one is read on the named zone's clock, else on UTC's.
    /// Without a known zone name the sender's offset stands in for it.
    #[must_use]
    pub fn parse(text: &str, zone: Option<&str>) -> Option<Self> {
        let (local, offset) = parts(text)?;
        let named = zone.and_then(|name| TimeZone::get(name).ok());
        let clock = match (&offset, &named) {
            (Some(offset), _) => offset.to_time_zone(),
            (None, Some(zone)) => zone.clone(),
            (None, None) => TimeZone::UTC,
        };
        let zone = match (named.as_ref().and_then(TimeZone::iana_name), offset) {
            (Some(name), _) => name.to_owned(),
            (None, Some(offset)) if offset != Offset::UTC => written(offset),
            (None, _) => "UTC".to_owned(),
        };
        Some(Self { at: in_zone(local, clock)?, zone })
    }

    /// The moment on its own clock.
    #[must_use]
    pub fn zoned(&self) -> Zoned {
        self.at.to_zoned(self.time_zone())
    }

    /// The zone as a value; UTC if its name is unknown.
    #[must_use]
    pub fn time_zone(&self) -> TimeZone {
        TimeZone::get(&self.zone)
            .ok()
            .or_else(|| offset(&self.zone).map(|offset| offset.to_time_zone()))
            .unwrap_or(TimeZone::UTC)
    }

    /// The zone's name if it is an IANA one: what `timezone` (FEP-8a8e) carries.
    #[must_use]
    pub fn zone_name(&self) -> Option<&str> {
        let iana = self.zone.starts_with(|first: char| first.is_ascii_alphabetic());
        iana.then_some(self.zone.as_str())
    }
}

impl std::fmt::Display for LocalTime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.zoned().strftime("%Y-%m-%dT%H:%M:%S%:z"))
    }
}

impl Serialize for LocalTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// For `serialize_with` on optional UTC times; pair it with `skip_serializing_if`.
pub(crate) fn serialize_utc<S: Serializer>(at: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
    match at {
        Some(at) => serializer.serialize_str(&utc(*at)),
        None => serializer.serialize_none(),
    }
}

/// The time under `key`, read leniently.
pub(crate) fn read(document: &serde_json::Value, key: &str) -> Option<Timestamp> {
    crate::one_or_many::string(document, key).and_then(parse)
}

fn in_zone(local: DateTime, zone: TimeZone) -> Option<Timestamp> {
    let at = zone.to_timestamp(local).ok()?;
    let year = at.to_zoned(TimeZone::UTC).year();
    (0..=9999).contains(&year).then_some(at)
}

/// Splits a written time into the wall clock and the offset, if one is written.
fn parts(text: &str) -> Option<(DateTime, Option<Offset>)> {
    let text = text.trim();
    if !text.is_ascii() || text.len() > 64 {
        return None;
    }
    let mut date_digits = text.get(..10)?.splitn(3, '-');
    let date = Date::new(
        digits(date_digits.next()?, 4)?,
        digits(date_digits.next()?, 2)?.try_into().ok()?,
        digits(date_digits.next()?, 2)?.try_into().ok()?,
    )
    .ok()?;
    let Some(rest) = text.get(10..).filter(|rest| !rest.is_empty()) else {
        return Some((date.to_datetime(Time::midnight()), None));
    };
    let rest = rest.strip_prefix(['T', 't', ' '])?;
    let end = rest.find(['Z', 'z', '+', '-', ' ']).unwrap_or(rest.len());
    let (clock, zone) = rest.split_at(end);
    let offset = match zone.trim() {
        "" => None,
        zone => Some(offset(zone)?),
    };
    Some((date.to_datetime(wall_clock(clock)?), offset))
}

fn wall_clock(text: &str) -> Option<Time> {
    let (whole, fraction) = text.split_once(['.', ',']).unwrap_or((text, ""));
    if !fraction.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let mut fields = whole.split(':');
    let hour = digits(fields.next()?, 2)?;
    let minute = digits(fields.next()?, 2)?;
    let second = fields.next().map_or(Some(0), |second| digits(second, 2))?;
    if fields.next().is_some() {
        return None;
    }
    // A leap second is written :60.
    let second = if second == 60 { 59 } else { second };
    Time::new(hour.try_into().ok()?, minute.try_into().ok()?, second.try_into().ok()?, 0).ok()
}

fn offset(text: &str) -> Option<Offset> {
    if text.eq_ignore_ascii_case("z") {
        return Some(Offset::UTC);
    }
    let (sign, rest) = match text.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = match rest.len() {
        2 => (rest, "00"),
        4 => rest.split_at_checked(2)?,
        5 => rest.split_once(':')?,
        _ => return None,
    };
    let (hours, minutes) = (digits(hours, 2)?, digits(minutes, 2)?);
    if minutes > 59 {
        return None;
    }
    Offset::from_seconds(sign * (i32::from(hours) * 3600 + i32::from(minutes) * 60)).ok()
}

fn written(offset: Offset) -> String {
    let minutes = offset.seconds() / 60;
    let sign = if minutes < 0 { '-' } else { '+' };
    format!("{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
}

fn digits(text: &str, length: usize) -> Option<i16> {
    let all = text.len() == length && text.bytes().all(|digit| digit.is_ascii_digit());
    all.then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_peers_write() {
        for (text, expected) in [
            ("2026-11-23T09:00:00Z", "2026-11-23T09:00:00Z"),
            ("2026-11-23T09:00:00.123456Z", "2026-11-23T09:00:00Z"),
            ("2026-11-23T09:00:00,5+02:00", "2026-11-23T07:00:00Z"),
            ("2026-11-23T09:00Z", "2026-11-23T09:00:00Z"),
            ("2026-11-23 09:00:00+0200", "2026-11-23T07:00:00Z"),
            ("2026-11-23 09:00:00 +02:00", "2026-11-23T07:00:00Z"),
            ("2026-11-23t09:00:00z", "2026-11-23T09:00:00Z"),
            ("2026-11-23T09:00:00-03", "2026-11-23T12:00:00Z"),
            ("2026-11-23T09:00:00", "2026-11-23T09:00:00Z"),
            ("2026-11-23", "2026-11-23T00:00:00Z"),
            (" 2026-11-23T23:59:60Z ", "2026-11-23T23:59:59Z"),
            ("0000-01-01T00:00:00Z", "0000-01-01T00:00:00Z"),
            ("9999-12-29T23:59:59Z", "9999-12-29T23:59:59Z"),
        ] {
            assert_eq!(parse(text).map(utc).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_time() {
        for text in [
            "",
            "soon",
            "23.11.2026",
            "2026-13-01",
            "2026-02-30T00:00:00Z",
            "2026-11-23T25:00:00Z",
            "12026-11-23T09:00:00Z",
            "+12026-11-23T09:00:00Z",
            "-001-11-23T09:00:00Z",
            "2026-11-23T09:00:00Europe",
            "2026-11-23T09:00:00+99:00",
            "2026-11-23T",
            "2026-11-23T09",
            "2026-11-23T09:00:00.x",
            "2026-11-23T09:00:00:00",
            "9999-12-31T23:59:59-12:00",
            "２０２６-11-23",
            "2026-1-2",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_offset_is_that_of_the_day() {
        for (text, expected) in [
            ("2026-12-11T16:00:00Z", "2026-12-11T18:00:00+02:00"),
            ("2027-07-01T15:00:00Z", "2027-07-01T18:00:00+03:00"),
            ("2027-03-28T00:59:59Z", "2027-03-28T02:59:59+02:00"),
            ("2027-03-28T01:00:00Z", "2027-03-28T04:00:00+03:00"),
            ("2027-10-31T00:59:59Z", "2027-10-31T03:59:59+03:00"),
            ("2027-10-31T01:00:00Z", "2027-10-31T03:00:00+02:00"),
        ] {
            let time = LocalTime::new(parse(text).expect("a time"), "Europe/Helsinki");
            assert_eq!(time.to_string(), expected);
        }
    }

    #[test]
    fn reading_local_times() {
        for (text, zone, expected, named) in [
            ("2026-12-11T18:00:00+02:00", Some("Europe/Helsinki"), "2026-12-11T18:00:00+02:00", "Europe/Helsinki"),
            ("2026-12-11T16:00:00Z", Some("Europe/Helsinki"), "2026-12-11T18:00:00+02:00", "Europe/Helsinki"),
            ("2026-12-11T18:00:00", Some("Europe/Helsinki"), "2026-12-11T18:00:00+02:00", "Europe/Helsinki"),
            ("2026-12-11T18:00:00+02:00", None, "2026-12-11T18:00:00+02:00", "+02:00"),
            ("2026-12-11T18:00:00+02:00", Some("Nowhere/Land"), "2026-12-11T18:00:00+02:00", "+02:00"),
            ("2026-12-11T18:00:00Z", None, "2026-12-11T18:00:00+00:00", "UTC"),
            ("2026-12-11T18:00:00", Some("europe/HELSINKI"), "2026-12-11T18:00:00+02:00", "Europe/Helsinki"),
            ("2026-12-11T18:00:00", Some("../../../etc/passwd"), "2026-12-11T18:00:00+00:00", "UTC"),
            ("2026-12-11T18:00:00", Some("nonsense"), "2026-12-11T18:00:00+00:00", "UTC"),
            ("2026-12-11T18:00:00-03:30", None, "2026-12-11T18:00:00-03:30", "-03:30"),
        ] {
            let time = LocalTime::parse(text, zone).expect("a time");
            assert_eq!((time.to_string().as_str(), time.zone.as_str()), (expected, named), "{text} {zone:?}");
        }
        assert_eq!(LocalTime::parse("tomorrow", Some("Europe/Helsinki")), None);
    }
}
