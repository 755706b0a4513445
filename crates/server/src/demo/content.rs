//! The example content of the demo's regions, with its dates moved to the days ahead.
//!
//! The files lie in `content/`, whose README defines the placeholders.

use crate::cli::Format;
use anyhow::{Context, bail};
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Span, Zoned};
use std::path::{Path, PathBuf};

/// The zone in which the example dates are meant.
const ZONE: &str = "Europe/Helsinki";

/// A region of the demo.
pub struct RegionContent {
    /// Its code.
    pub code: &'static str,
    /// Its user name, and the name of its folder.
    pub username: &'static str,
    files: [(Format, &'static str, &'static str); 5],
}

macro_rules! region {
    ($code:literal, $folder:literal) => {
        RegionContent {
            code: $code,
            username: $folder,
            files: [
                (Format::Bundle, "bundle.json", include_str!(concat!("../../content/", $folder, "/bundle.json"))),
                (
                    Format::LinkedEvents,
                    "linked-events.json",
                    include_str!(concat!("../../content/", $folder, "/linked-events.json")),
                ),
                (Format::Ics, "calendar.ics", include_str!(concat!("../../content/", $folder, "/calendar.ics"))),
                (
                    Format::ProducersCsv,
                    "producers.csv",
                    include_str!(concat!("../../content/", $folder, "/producers.csv")),
                ),
                (Format::TasksCsv, "tasks.csv", include_str!(concat!("../../content/", $folder, "/tasks.csv"))),
            ],
        }
    };
}

/// The regions of the demo, in the order in which they are started.
pub const REGIONS: [RegionContent; 3] =
    [region!("06", "pirkanmaa"), region!("14", "etela_pohjanmaa"), region!("13", "keski_suomi")];

/// Bad rows among good ones, for region 06.
pub const BROKEN_PRODUCERS: &str = include_str!("../../content/broken/producers.csv");

/// A file to import.
pub struct File {
    /// What it is.
    pub format: Format,
    /// Where it was written.
    pub path: PathBuf,
}

impl RegionContent {
    /// Writes the files into a folder, with the placeholders replaced for `today`.
    ///
    /// # Errors
    /// When the folder cannot be written, or a placeholder is none.
    pub fn write(&self, folder: &Path, today: &Zoned) -> anyhow::Result<Vec<File>> {
        std::fs::create_dir_all(folder).with_context(|| format!("the folder {}", folder.display()))?;
        let mut written = Vec::with_capacity(self.files.len());
        for (format, name, text) in &self.files {
            let path = folder.join(name);
            let text = expand(text, today).with_context(|| format!("{}/{name}", self.username))?;
            std::fs::write(&path, text).with_context(|| format!("{} cannot be written", path.display()))?;
            written.push(File { format: *format, path });
        }
        Ok(written)
    }
}

/// Today, where the example dates are meant.
///
/// # Errors
/// When the time zone is not known.
pub fn today(now: store::Timestamp) -> anyhow::Result<Zoned> {
    Ok(now.to_jiff().to_zoned(TimeZone::get(ZONE)?))
}

/// Replaces every placeholder of a text.
///
/// # Errors
/// Names a placeholder that is none.
pub fn expand(text: &str, today: &Zoned) -> anyhow::Result<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        let (placeholder, after) = after.split_once("}}").context("a placeholder has no end")?;
        out.push_str(before);
        out.push_str(&date(placeholder, today).with_context(|| format!("{{{{{placeholder}}}}} is no placeholder"))?);
        rest = after;
    }
    out.push_str(rest);
    Ok(out)
}

fn date(placeholder: &str, today: &Zoned) -> anyhow::Result<String> {
    let mut words: Vec<&str> = placeholder.split(' ').collect();
    let form = if words.first().is_some_and(|word| word.starts_with(['+', '-'])) { "" } else { words.remove(0) };
    let days: i64 = words.first().and_then(|word| word.strip_suffix('d')).context("no days")?.parse()?;
    let date: Date = today.date().checked_add(Span::new().days(days))?;
    let Some(time) = words.get(1) else {
        return match form {
            "" => Ok(date.to_string()),
            "ics" => Ok(date.strftime("%Y%m%d").to_string()),
            other => bail!("{other} needs a time"),
        };
    };
    let time: Time = Time::strptime("%H:%M", time)?;
    let at = date.to_datetime(time).to_zoned(today.time_zone().clone())?;
    let utc = at.with_time_zone(TimeZone::UTC);
    Ok(match form {
        "" => at.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
        "utc" => utc.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        "ics" => utc.strftime("%Y%m%dT%H%M%SZ").to_string(),
        "ics-local" => at.strftime("%Y%m%dT%H%M%S").to_string(),
        other => bail!("{other} is no form"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_as_the_content_s_readme_defines_them() {
        let today: Zoned = "2026-11-24T10:00[Europe/Helsinki]".parse().unwrap();
        for (text, expected) in [
            ("{{+12d}}", "2026-12-06"),
            ("a {{+12d 18:00}} b", "a 2026-12-06T18:00:00+02:00 b"),
            ("{{utc +12d 18:00}}", "2026-12-06T16:00:00Z"),
            ("{{ics +12d 18:00}}", "20261206T160000Z"),
            ("{{ics-local +12d 18:00}}", "20261206T180000"),
            ("{{ics +12d}}", "20261206"),
            ("{{-7d}}{{+240d 18:00}}", "2026-11-172027-07-22T18:00:00+03:00"),
        ] {
            assert_eq!(expand(text, &today).unwrap(), expected, "{text}");
        }
        for bad in ["{{+12}}", "{{soon}}", "{{xx +1d 10:00}}", "{{+1d", "{{utc +1d}}"] {
            assert!(expand(bad, &today).is_err(), "{bad}");
        }
    }

    #[test]
    fn no_example_file_keeps_a_placeholder() {
        let today: Zoned = "2026-11-24T10:00[Europe/Helsinki]".parse().unwrap();
        for region in &REGIONS {
            for (_, name, text) in &region.files {
                assert!(!expand(text, &today).unwrap().contains("{{"), "{}/{name}", region.username);
            }
        }
    }
}
