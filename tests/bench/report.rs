//! The figures: printed, and written as a table and a chart into `docs/reference/benchmarks.md` between two marks. What
//! people wrote around them stays.

use crate::limits::Limits;
use crate::{Effort, chart, process};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What a figure should be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Goal {
    /// This or less.
    AtMost(f64),
    /// This or more.
    AtLeast(f64),
}

/// One measured value.
#[derive(Debug, Clone)]
pub struct Figure {
    /// The goal's number (`B1`).
    pub id: &'static str,
    /// What was measured.
    pub what: String,
    /// The value.
    pub value: f64,
    /// Its unit.
    pub unit: &'static str,
    /// What it should be.
    pub goal: Option<Goal>,
    /// What it is in relation to a limit of the machine.
    pub beside: String,
    /// The lowest and the highest of several runs.
    range: Option<(f64, f64)>,
}

impl Figure {
    /// A value without a goal.
    pub fn new(id: &'static str, what: impl Into<String>, value: f64, unit: &'static str) -> Figure {
        Figure { id, what: what.into(), value, unit, goal: None, beside: String::new(), range: None }
    }

    /// With its goal.
    pub fn goal(self, goal: Goal) -> Figure {
        Figure { goal: Some(goal), ..self }
    }

    /// With a ratio to something.
    pub fn beside(self, beside: impl Into<String>) -> Figure {
        Figure { beside: beside.into(), ..self }
    }

    /// How near the goal is: 1 or more when it is reached.
    pub fn reached(&self) -> Option<f64> {
        match self.goal? {
            Goal::AtMost(most) => Some(if self.value > 0.0 { most / self.value } else { f64::INFINITY }),
            Goal::AtLeast(least) => Some(self.value / least),
        }
    }

    /// The goal and whether it is reached, in words.
    fn verdict(&self) -> (String, String) {
        let (goal, distance) = match self.goal {
            None => return (String::new(), String::new()),
            Some(Goal::AtMost(most)) => (format!("≤ {}", number(most)), self.value / most),
            Some(Goal::AtLeast(least)) => (format!("≥ {}", number(least)), least / self.value),
        };
        let verdict =
            if distance <= 1.0 { "reached".to_owned() } else { format!("**missed** by a factor of {distance:.2}") };
        (goal, verdict)
    }

    /// Prints it.
    pub fn print(&self) {
        let (goal, verdict) = self.verdict();
        let goal = if goal.is_empty() { goal } else { format!("  (goal {goal}: {})", verdict.replace("**", "")) };
        let beside = if self.beside.is_empty() { String::new() } else { format!("  [{}]", self.beside) };
        println!("   {:4} {:62} {:>9} {}{goal}{beside}", self.id, self.what, number(self.value), self.unit);
    }
}

/// A number with as many digits as it deserves.
pub fn number(value: f64) -> String {
    match value.abs() {
        size if size >= 10_000.0 => {
            let whole = format!("{value:.0}");
            let (head, tail) = whole.split_at(whole.len() - 3);
            format!("{head} {tail}")
        }
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

/// Milliseconds.
pub fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// Microseconds.
pub fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000_000.0
}

/// All figures of one run.
pub struct Report {
    effort: Effort,
    limits: Limits,
    groups: Vec<(&'static str, &'static str, Vec<Figure>)>,
}

const PAGE: &str = "docs/reference/benchmarks.md";
const CHART: &str = "docs/images/benchmarks.svg";
const BEGIN: &str = "<!-- figures: written by `cargo xtask bench` -->";
const END: &str = "<!-- end of the figures -->";

impl Report {
    /// An empty one.
    pub fn new(effort: Effort, limits: &Limits) -> Report {
        Report { effort, limits: *limits, groups: Vec::new() }
    }

    /// Takes the runs of a scenario: of each figure the median, with lowest and highest beside it.
    pub fn take(&mut self, name: &'static str, about: &'static str, runs: Vec<Vec<Figure>>) {
        let Some(first) = runs.first() else { return };
        let medians = (0..first.len()).map(|place| {
            let mut same: Vec<&Figure> = runs.iter().filter_map(|run| run.get(place)).collect();
            same.sort_by(|a, b| a.value.total_cmp(&b.value));
            let range = (same.len() > 1).then(|| (same[0].value, same[same.len() - 1].value));
            Figure { range, ..same[same.len() / 2].clone() }
        });
        self.groups.push((name, about, medians.collect()));
    }

    /// All figures.
    pub fn figures(&self) -> impl Iterator<Item = &Figure> {
        self.groups.iter().flat_map(|(_, _, figures)| figures)
    }

    /// Prints the medians, and how many goals are reached.
    pub fn print(&self) {
        println!("── figures{}", if self.effort.quick { " (quick)" } else { ", medians of three runs" });
        self.figures().for_each(Figure::print);
        let reached = self.figures().filter_map(Figure::reached).filter(|share| *share >= 1.0).count();
        println!("── {reached} of {} goals reached", self.figures().filter_map(Figure::reached).count());
    }

    /// Writes the page's part and the chart.
    pub fn write(&self) {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let page: PathBuf = root.join(PAGE);
        let text = std::fs::read_to_string(&page).unwrap();
        let (before, rest) = text.split_once(BEGIN).expect("the page has the mark where figures begin");
        let (_, after) = rest.split_once(END).expect("the page has the mark where figures end");
        std::fs::write(&page, format!("{before}{BEGIN}\n\n{}\n{END}{after}", self.tables())).unwrap();
        std::fs::write(root.join(CHART), chart::draw(self)).unwrap();
        println!("{PAGE}\n{CHART}");
    }

    fn tables(&self) -> String {
        let limits = &self.limits;
        let date = store::Clock::System.now().to_jiff().to_zoned(jiff::tz::TimeZone::UTC).date();
        let mut text = format!(
            "Made on {date} by `cargo xtask bench` on a machine with {} cores that others used at the same time.\n\n\
             | the machine's own limit | |\n|---|--:|\n\
             | RSA-2048 signatures, a second and core | {} |\n| RSA-2048 verifications, a second and core | {} |\n\
             | an empty axum `GET`, CPU | {} µs |\n| an empty axum `POST` of 1.5 KB, CPU | {} µs |\n\
             | 4 KiB written and synchronised, a second | {} |\n",
            process::cores(),
            number(limits.signatures),
            number(limits.verifications),
            number(micros(limits.get)),
            number(micros(limits.post)),
            number(limits.syncs),
        );
        for (name, about, figures) in &self.groups {
            write!(text, "\n### {name}: {about}\n\n| | what | figure | goal | | beside the limit | runs |\n").unwrap();
            text.push_str("|---|---|--:|--:|---|---|---|\n");
            for figure in figures {
                let (goal, verdict) = figure.verdict();
                let runs = figure.range.map(|(low, high)| format!("{} … {}", number(low), number(high)));
                writeln!(
                    text,
                    "| {} | {} | {} {} | {goal} | {verdict} | {} | {} |",
                    figure.id,
                    figure.what,
                    number(figure.value),
                    figure.unit,
                    figure.beside,
                    runs.unwrap_or_default()
                )
                .unwrap();
            }
        }
        text
    }
}
