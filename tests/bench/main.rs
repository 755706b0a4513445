//! What a node costs, and how fast it answers: measured on real `solmu serve` processes over loopback, beside the limits of
//! the machine that are measured in the same run.
//!
//! `cargo xtask bench` starts it. It fails on nothing but its own mistakes: a figure that misses its goal is printed and
//! written down as such. CPU time is what the kernel charged to the server's process, so the load generator beside it and a
//! busy machine do not count; times by the clock do suffer from both, and say so.
#![allow(clippy::unwrap_used, clippy::expect_used)] // a measurement that cannot go on ends
#![allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)] // figures, not money

#[path = "../harness/mod.rs"]
mod harness;

mod chart;
mod fan_out;
mod ingest;
mod limits;
mod load;
mod many;
mod poll;
mod process;
mod reads;
mod report;
mod rest;
mod search;
mod site;
mod stage;

use limits::Limits;
use report::{Figure, Report};
use std::future::Future;
use std::pin::Pin;

/// How much is measured.
#[derive(Debug, Clone, Copy)]
pub struct Effort {
    /// A first look in two minutes, instead of medians of three runs.
    pub quick: bool,
}

impl Effort {
    /// One of two numbers.
    pub fn pick<T>(self, quick: T, full: T) -> T {
        if self.quick { quick } else { full }
    }
}

type Measured<'a> = Pin<Box<dyn Future<Output = Vec<Figure>> + 'a>>;

/// A group of figures that are measured together.
struct Scenario {
    name: &'static str,
    about: &'static str,
    /// Run three times in a full run, with the median told; what takes minutes repeats within itself.
    repeated: bool,
    run: for<'a> fn(Effort, &'a Limits) -> Measured<'a>,
}

const SCENARIOS: &[Scenario] = &[
    Scenario {
        name: "fan-out",
        about: "one publication to many hosts",
        repeated: true,
        run: |effort, limits| Box::pin(fan_out::measure(effort, limits)),
    },
    Scenario {
        name: "latency",
        about: "publication to slow, silent and single hosts",
        repeated: true,
        run: |effort, limits| Box::pin(fan_out::latency(effort, limits)),
    },
    Scenario {
        name: "followers",
        about: "the same hosts with ever more followers",
        repeated: false,
        run: |effort, limits| Box::pin(fan_out::followers(effort, limits)),
    },
    Scenario {
        name: "ingest",
        about: "signed activities into one node",
        repeated: true,
        run: |effort, limits| Box::pin(ingest::measure(effort, limits)),
    },
    Scenario {
        name: "reads",
        about: "documents and pages",
        repeated: true,
        run: |effort, limits| Box::pin(reads::measure(effort, limits)),
    },
    Scenario {
        name: "search",
        about: "questions beside a hundred thousand things",
        repeated: false,
        run: |effort, limits| Box::pin(search::measure(effort, limits)),
    },
    Scenario {
        name: "many",
        about: "a million stored objects, a million queued deliveries",
        repeated: false,
        run: |effort, limits| Box::pin(many::measure(effort, limits)),
    },
    Scenario {
        name: "idle",
        about: "a node that has nothing to do",
        repeated: false,
        run: |effort, limits| Box::pin(rest::measure(effort, limits)),
    },
];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.iter().any(|one| one == limits::EMPTY_SERVER) {
        return limits::empty_server();
    }
    // A test runner that tries every target gets an answer at once.
    if !arguments.iter().any(|one| one == "--bench") {
        println!("`cargo xtask bench` measures");
        return;
    }
    let quick = arguments.iter().any(|one| one == "--quick");
    let names: Vec<&str> = arguments.iter().map(String::as_str).filter(|one| !one.starts_with("--")).collect();
    for name in &names {
        if !SCENARIOS.iter().any(|scenario| scenario.name == *name) {
            let known: Vec<&str> = SCENARIOS.iter().map(|scenario| scenario.name).collect();
            eprintln!("there is no scenario `{name}`; there are {}", known.join(", "));
            std::process::exit(2);
        }
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let report = runtime.block_on(run(Effort { quick }, &names));
    report.print();
    // A part of the figures, or hasty ones, must not take the place of the whole.
    if names.is_empty() && !quick {
        report.write();
    }
}

async fn run(effort: Effort, names: &[&str]) -> Report {
    println!("── the machine's own limits");
    let limits = limits::measure(effort).await;
    let mut report = Report::new(effort, &limits);
    for scenario in SCENARIOS {
        if !names.is_empty() && !names.contains(&scenario.name) || effort.quick && names.is_empty() && skipped(scenario)
        {
            continue;
        }
        println!("── {}: {}", scenario.name, scenario.about);
        let times = if scenario.repeated { effort.pick(1, 3) } else { 1 };
        let mut runs = Vec::new();
        for _ in 0..times {
            let figures = (scenario.run)(effort, &limits).await;
            figures.iter().for_each(Figure::print);
            runs.push(figures);
        }
        report.take(scenario.name, scenario.about, runs);
    }
    report
}

/// A quick run leaves out what needs minutes to be prepared.
fn skipped(scenario: &Scenario) -> bool {
    matches!(scenario.name, "many" | "followers" | "search")
}
