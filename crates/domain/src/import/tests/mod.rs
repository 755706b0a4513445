//! Tests of the importer: every rule of the reference, every example file, and what goes into both databases.

mod applying;
mod calendars;
mod files;
mod limited;
mod people;
mod registers;

use super::{Format, Reading, read};
use crate::testing::{node, now};
use federation::Limits;
use jiff::civil::Time;
use jiff::{ToSpan, Zoned};
use std::path::PathBuf;

/// Reads a text on the node of Pirkanmaa.
fn reading(format: Format, text: &str) -> Reading {
    read(format, text.as_bytes(), &node(), &Limits::default(), now()).unwrap_or_else(|error| panic!("{error}"))
}

/// What is wrong with the rows of a text.
fn faults(format: Format, text: &str) -> Vec<String> {
    reading(format, text).bad.iter().map(ToString::to_string).collect()
}

/// Why a file is refused as a whole.
fn file_fault(format: Format, bytes: &[u8]) -> String {
    match read(format, bytes, &node(), &Limits::default(), now()) {
        Ok(reading) => panic!("the file was read: {reading:?}"),
        Err(error) => error.to_string(),
    }
}

/// An example file, with its dates (see the README beside the files).
fn example(path: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../server/content").join(path);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let today = now().to_jiff().to_zoned(super::times::home());
    let mut out = String::new();
    let mut rest = text.as_str();
    while let Some((before, from)) = rest.split_once("{{") {
        let (inside, after) = from.split_once("}}").expect("a placeholder ends");
        out.push_str(before);
        out.push_str(&written(inside, &today));
        rest = after;
    }
    out + rest
}

/// `[FORM ]SIGN DAYS d[ HH:MM]`
fn written(placeholder: &str, today: &Zoned) -> String {
    let (form, rest) = match placeholder.split_once(' ') {
        Some((form @ ("utc" | "ics" | "ics-local"), rest)) => (form, rest),
        _ => ("", placeholder),
    };
    let (days, time) = rest.split_once('d').expect("days");
    let day = today.checked_add(days.parse::<i64>().expect("a number").days()).expect("a day");
    let Some(time) = time.strip_prefix(' ') else {
        return day.strftime(if form == "ics" { "%Y%m%d" } else { "%Y-%m-%d" }).to_string();
    };
    let time: Time = Time::strptime("%H:%M", time).expect("a time");
    let at = day.date().to_datetime(time).to_zoned(day.time_zone().clone()).expect("a moment");
    let utc = at.with_time_zone(jiff::tz::TimeZone::UTC);
    match form {
        "utc" => utc.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        "ics" => utc.strftime("%Y%m%dT%H%M%SZ").to_string(),
        "ics-local" => at.strftime("%Y%m%dT%H%M%S").to_string(),
        _ => at.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
    }
}

/// The example files of a folder, and how each is read.
const FILES: [(&str, Format); 5] = [
    ("bundle.json", Format::Bundle),
    ("linked-events.json", Format::LinkedEvents),
    ("calendar.ics", Format::Ics),
    ("producers.csv", Format::ProducersCsv),
    ("tasks.csv", Format::TasksCsv),
];
