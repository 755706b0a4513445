//! `cargo xtask`: what the repository asks of a change, in one place.
//!
//! `test` installs what it lacks, runs every check and every test; `ci` is the same under the name that continuous integration
//! uses; `bench` measures; `fuzz` looks for inputs that break something; `tidy` runs the repository's own rules; `docs` writes
//! generated files. Depends on none of the other crates.

mod bench;
mod deny;
mod docs;
mod fuzz;
mod oracle;
mod postgres;
mod provision;
mod run;
mod test;
mod tidy;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Checks, tests and generated files of this repository")]
struct Arguments {
    #[command(subcommand)]
    command: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Everything that must hold before a change lands; the same as `test`
    Ci,
    /// Every check and every test, with a scratch PostgreSQL; arguments after `--` go to the test runner and skip the checks
    Test {
        /// Filters and options for `cargo nextest run`, or for `cargo test` where nextest is missing
        #[arg(last = true)]
        runner: Vec<String>,
    },
    /// A long run of the oracle: kills a node again and again, and counts what was lost and doubled
    Oracle {
        /// Activities that are acknowledged, out and in
        #[arg(long, default_value_t = 100_000)]
        activities: u64,
        /// Processes that are killed
        #[arg(long, default_value_t = 1_000)]
        kills: u64,
        /// With the program as it is installed, which takes long to build and runs several times faster
        #[arg(long)]
        release: bool,
    },
    /// A soak: kills, cut connections and servers in trouble at random; nothing may be lost, and memory and files may not grow
    Soak {
        /// How long
        #[arg(long, default_value_t = 30)]
        minutes: u64,
        /// With the program as it is installed, which takes long to build and runs several times faster
        #[arg(long)]
        release: bool,
    },
    /// Measures a release build beside the machine's own limits; a whole run writes docs/reference/benchmarks.md
    Bench {
        /// Scenarios: fan-out, latency, followers, ingest, reads, many, idle. None: all of them
        names: Vec<String>,
        /// A first look in two minutes, without the large databases; writes nothing
        #[arg(long)]
        quick: bool,
    },
    /// The repository's own rules: crate edges, slices, names, migrations, translations, links
    Tidy,
    /// Feeds made-up inputs to whatever reads what strangers send, and says which one broke it
    Fuzz {
        /// One of the targets under tests/fuzz/targets; all of them when absent
        target: Option<String>,
        /// How long each is run
        #[arg(long, default_value_t = 10)]
        minutes: u64,
    },
    /// Writes the generated files
    Docs {
        /// Writes nothing; fails when a generated file is not what it should be
        #[arg(long)]
        check: bool,
    },
}

fn main() -> ExitCode {
    let root = run::root();
    let outcome = match Arguments::parse().command {
        Task::Ci => test::everything(&root),
        Task::Test { runner } if runner.is_empty() => test::everything(&root),
        Task::Test { runner } => test::some(&root, &runner),
        Task::Oracle { activities, kills, release } => oracle::ask(&root, activities, kills, release),
        Task::Soak { minutes, release } => oracle::soak(&root, minutes, release),
        Task::Bench { names, quick } => bench::measure(&root, &names, quick),
        Task::Tidy => tidy::check(&root),
        Task::Fuzz { target, minutes } => fuzz::fuzz(&root, target.as_deref(), minutes),
        Task::Docs { check } => {
            let mut server = run::cargo(&root);
            server.args(["run", "--quiet", "--package", "server", "--"]);
            docs::generate(&root, server, check)
        }
    };
    let Err(error) = outcome else { return ExitCode::SUCCESS };
    eprintln!("error: {error:#}");
    ExitCode::FAILURE
}
