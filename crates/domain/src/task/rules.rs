//! What a task has to be: pure checks over what somebody wants to publish. Above all: pay is always told.

use super::types::{Client, Pay};
use crate::check::{Checks, shown};
use crate::engagement::ENGAGEMENTS;
use crate::error::{FieldError, Key};
use crate::message;
use serde::Serialize;
use store::Timestamp;
use vocab::SafeHtml;

/// Kinds of task.
pub const KINDS: [&str; 12] = [
    "assignment",
    "gig",
    "employment_fixed",
    "employment_permanent",
    "project_lead",
    "consulting",
    "substitute",
    "internship",
    "volunteer",
    "working_group_seat",
    "residency",
    "call",
];

/// What a pay is for.
pub const PAY_UNITS: [&str; 5] = ["hour", "day", "week", "month", "project"];

/// Engagements without pay.
const WITHOUT_PAY: [&str; 2] = ["unpaid", "expenses_only"];
/// Kinds that may be without pay, when it is told why.
const MAY_BE_UNPAID: [&str; 3] = ["volunteer", "internship", "working_group_seat"];
/// Highest pay, in cents.
const MAX_CENTS: i64 = 1_000_000 * 100;

/// A task that somebody wants to add, or as it is to become.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NewTask {
    /// What is looked for.
    pub title: String,
    /// The whole description.
    pub description: SafeHtml,
    /// The language of both (BCP 47).
    pub language: String,
    /// Who looks for somebody.
    pub client: Client,
    /// One of [`KINDS`].
    pub kind: String,
    /// Some of [`ENGAGEMENTS`].
    pub engagement: Vec<String>,
    /// What is paid.
    pub pay: Option<Pay>,
    /// Why nothing is paid.
    pub unpaid_reason: Option<String>,
    /// The whole work, in hours.
    pub hours: Option<i32>,
    /// First day, `YYYY-MM-DD` or `YYYY-MM-DDTHH:MM`.
    pub starts: Option<String>,
    /// Last day, in the same form.
    pub ends: Option<String>,
    /// The last moment to apply.
    pub deadline: Option<Timestamp>,
    /// Where the work is done.
    pub municipality: Option<String>,
    /// Whether it may be done remotely.
    pub remote: bool,
    /// Ids of skills.
    pub skills: Vec<String>,
    /// Languages that the work needs (BCP 47).
    pub languages: Vec<String>,
    /// How many people are looked for.
    pub seats: i32,
}

/// Everything that is wrong with it. The fields have the names of the import formats. `to_open`: it is to be published.
pub(crate) fn check(new: &NewTask, to_open: bool) -> Vec<FieldError> {
    let mut checks = Checks::default();
    checks.text("title", &new.title, 3..=200);
    checks.fault_if(new.description.is_empty(), "description", message::MISSING);
    checks.text("client", &new.client.name, 1..=200);
    checks.one_of("kind", &new.kind, &KINDS);
    checks.fault_if(new.engagement.is_empty(), "engagement", message::MISSING);
    checks.entries("engagement", &new.engagement, 8);
    for engagement in &new.engagement {
        checks.one_of("engagement", engagement, &ENGAGEMENTS);
    }
    if !checks.blames("kind") && !checks.blames("engagement") {
        check_pay(new, &mut checks);
    }
    checks.optional_text("unpaid_reason", new.unpaid_reason.as_deref(), 500);
    if let Some(hours) = new.hours {
        checks.within("hours", hours.into(), 1..=10_000);
    }
    if let (Some(starts), Some(ends)) = (&new.starts, &new.ends) {
        checks.fault_if(is_before(ends, starts), "ends", message::ENDS_BEFORE_START);
    }
    checks.fault_if(to_open && new.deadline.is_none(), "deadline", message::MISSING);
    checks.fault_if(!new.remote && new.municipality.is_none(), "municipality", message::MISSING);
    checks.optional_text("municipality", new.municipality.as_deref(), 80);
    checks.entries("skills", &new.skills, 20);
    for skill in new.skills.iter().filter(|id| crate::skill::find(id).is_none()) {
        checks.fault("skills", Key::new(message::NO_SUCH_SKILL).with("value", shown(skill)));
    }
    checks.entries("languages", &new.languages, 10);
    checks.languages("languages", &new.languages);
    checks.within("seats", new.seats.into(), 1..=99);
    checks.found()
}

fn check_pay(new: &NewTask, checks: &mut Checks) {
    let is_without = |engagement: &String| WITHOUT_PAY.contains(&engagement.as_str());
    let may_be_unpaid = MAY_BE_UNPAID.contains(&new.kind.as_str());
    if new.engagement.iter().any(is_without) && !may_be_unpaid {
        return checks.fault("engagement", message::UNPAID_NOT_ALLOWED);
    }
    if new.engagement.iter().all(is_without) {
        checks.fault_if(new.unpaid_reason.is_none(), "unpaid_reason", message::UNPAID_REASON_MISSING);
        checks.fault_if(new.pay.is_some(), "pay_min", message::PAY_NOT_EMPTY);
        return;
    }
    let Some(pay) = &new.pay else {
        return checks.fault("pay_min", message::PAY_MISSING);
    };
    checks.one_of("pay_unit", &pay.unit, &PAY_UNITS);
    let mut sum = |field: &str, text: &Option<String>| {
        let text = text.as_deref()?;
        let sum = cents(text);
        match sum {
            None => checks.fault(field, Key::new(message::NOT_A_NUMBER).with("value", shown(text))),
            Some(sum) => {
                let too_large = Key::new(message::TOO_LARGE).with("n", MAX_CENTS / 100);
                checks.fault_if(sum > MAX_CENTS, field, too_large);
            }
        }
        sum
    };
    let min = sum("pay_min", &pay.min);
    // One sum for both is blamed once.
    let max = if pay.max == pay.min { min } else { sum("pay_max", &pay.max) };
    checks.fault_if(pay.min.is_none(), "pay_min", message::PAY_MISSING);
    if let (Some(min), Some(max)) = (min, max) {
        checks.fault_if(min > max, "pay_min", message::PAY_UPSIDE_DOWN);
    }
    let may_be_zero = new.engagement.iter().any(|engagement| engagement == "revenue_share");
    checks.fault_if(min == Some(0) && !may_be_zero, "pay_min", message::PAY_ZERO);
}

/// A sum of euros in cents: digits, a point or a comma, two decimals at most.
pub(crate) fn cents(text: &str) -> Option<i64> {
    let (whole, part) = text.split_once(['.', ',']).unwrap_or((text, "00"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(part) || part.len() > 2 || whole.len() > 9 {
        return None;
    }
    let part: i64 = format!("{part:0<2}").parse().ok()?;
    Some(whole.parse::<i64>().ok()? * 100 + part)
}

/// A sum as it is kept: `45` and `45,0` are `45.00`. What is no sum stays as it is, for the check to name.
pub(crate) fn sum_of(text: &str) -> String {
    cents(text).map_or_else(|| text.to_owned(), |cents| format!("{}.{:02}", cents / 100, cents % 100))
}

fn is_before(ends: &str, starts: &str) -> bool {
    let day = |text: &str| text.get(..10).unwrap_or(text).to_owned();
    match day(ends).cmp(&day(starts)) {
        std::cmp::Ordering::Equal => ends.len() > 10 && starts.len() > 10 && ends < starts,
        order => order.is_lt(),
    }
}
