//! How somebody works: titles, levels of skills, regions, forms of engagement, free time, and what was done. Written by the
//! person on pages of this node; an import does not know it.
//!
//! Kept as one group in the row. Each part has its own consent.

use crate::check::{Checks, shown};
use crate::engagement::ENGAGEMENTS;
use crate::error::{FieldError, Key};
use crate::region::RegionCode;
use crate::{message, skill};
use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The levels of a skill: beginner, able, experienced, expert.
pub const LEVELS: [u8; 4] = [1, 2, 3, 4];
/// Periods and pieces that one profile may have.
pub const MOST_PERIODS: usize = 6;
/// See [`MOST_PERIODS`].
pub const MOST_PIECES: usize = 10;
/// Months of one period by which somebody is found: who is free for longer is asked again by then.
const MOST_MONTHS: usize = 60;

/// See the module.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Work {
    /// Ids of occupations.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub titles: Vec<String>,
    /// Levels, one of [`LEVELS`], by the id of the skill.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub levels: BTreeMap<String, u8>,
    /// Codes of the regions that the person works for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub regions: Vec<String>,
    /// Some of [`ENGAGEMENTS`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub engagement: Vec<String>,
    /// When the person has time.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub availability: Vec<Period>,
    /// What the person has done.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub portfolio: Vec<Piece>,
}

/// Without what the person has told, so that no log ever has it.
impl std::fmt::Debug for Work {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Work").finish_non_exhaustive()
    }
}

/// A time in which somebody is free.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// The first day, `2027-01-31`.
    pub from: String,
    /// The last day.
    pub until: String,
    /// How much of the working time, in per cent.
    pub share: u8,
}

impl Period {
    /// The months in which it has a day, `2027-01`, from its first one on.
    pub(super) fn months(&self) -> Vec<String> {
        let (Ok(from), Ok(until)) = (self.from.parse::<Date>(), self.until.parse::<Date>()) else { return Vec::new() };
        let first = from.first_of_month();
        let months = (0..MOST_MONTHS as i64).map_while(|at| first.checked_add(at.months()).ok());
        months.take_while(|month| *month <= until).map(|month| month.strftime("%Y-%m").to_string()).collect()
    }
}

/// Something that somebody has made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    /// What it is called.
    pub title: String,
    /// Where it can be seen.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub url: Option<String>,
    /// What the person did in it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub role: Option<String>,
    /// In which year.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub year: Option<i16>,
}

/// Everything that is wrong with it, under the names of the form's fields.
pub(super) fn check(work: &Work) -> Vec<FieldError> {
    let mut checks = Checks::default();
    checks.entries("titles", &work.titles, 10);
    let unknown = work.titles.iter().filter(|id| !skill::occupations().iter().any(|one| one.id == **id));
    for id in unknown {
        checks.fault("titles", Key::new(message::NO_SUCH_OCCUPATION).with("value", shown(id)));
    }
    for code in work.regions.iter().filter(|code| RegionCode::parse(code).is_none()) {
        checks.fault("regions", Key::new(message::NO_SUCH_REGION).with("value", shown(code)));
    }
    for one in &work.engagement {
        checks.one_of("engagement", one, &ENGAGEMENTS);
    }
    checks.entries("availability", &work.availability, MOST_PERIODS);
    for (at, period) in work.availability.iter().enumerate() {
        check_period(&mut checks, at, period);
    }
    checks.entries("portfolio", &work.portfolio, MOST_PIECES);
    for (at, piece) in work.portfolio.iter().enumerate() {
        checks.text(&format!("title_{at}"), &piece.title, 1..=160);
        checks.link(&format!("url_{at}"), piece.url.as_deref());
        checks.optional_text(&format!("role_{at}"), piece.role.as_deref(), 120);
        if let Some(year) = piece.year {
            checks.within(&format!("year_{at}"), i64::from(year), 1900..=2100);
        }
    }
    checks.found()
}

fn check_period(checks: &mut Checks, at: usize, period: &Period) {
    let mut day = |name: &str, text: &str| -> Option<Date> {
        let read = text.parse::<Date>().ok();
        let field = format!("{name}_{at}");
        match (text, read) {
            ("", _) => checks.fault(&field, message::MISSING),
            (text, None) => checks.fault(&field, Key::new(message::NOT_A_DATE).with("value", shown(text))),
            _ => {}
        }
        read
    };
    let (from, until) = (day("from", &period.from), day("until", &period.until));
    if let (Some(from), Some(until)) = (from, until) {
        checks.fault_if(until < from, &format!("until_{at}"), message::ENDS_BEFORE_START);
    }
    checks.within(&format!("share_{at}"), i64::from(period.share), 1..=100);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_in_every_month_that_it_has_a_day_of() {
        for (from, until, months) in [
            ("2027-01-31", "2027-03-01", &["2027-01", "2027-02", "2027-03"][..]),
            ("2027-05-10", "2027-05-10", &["2027-05"]),
            ("2027-12-01", "2028-01-31", &["2027-12", "2028-01"]),
            ("2027-05-10", "2027-04-30", &[]),
            ("pian", "2027-04-30", &[]),
            ("2027-04-30", "", &[]),
            ("9999-12-01", "9999-12-31", &["9999-12"]),
        ] {
            let period = Period { from: from.into(), until: until.into(), share: 50 };
            assert_eq!(period.months(), months, "{from} – {until}");
        }
        let forever = Period { from: "2027-01-01".into(), until: "9999-12-31".into(), share: 50 };
        assert_eq!(forever.months().len(), MOST_MONTHS, "nobody fills the index by a period without end");
    }
}
