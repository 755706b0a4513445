//! Every check and every test of the repository, in the order in which they fail soonest.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::postgres::Server;
use crate::provision::{self, find};
use crate::run::{self, Steps, run};
use crate::{deny, docs, tidy};

/// Names the server to tests that need PostgreSQL, the database that they copy on a server that is thrown away after them, and
/// the browser to those that open pages.
const POSTGRES: &str = "SOLMU_TEST_POSTGRES";
const TEMPLATE: &str = "SOLMU_TEST_TEMPLATE";
const BROWSER: &str = "SOLMU_TEST_CHROMIUM";
/// Lets the test of tampered documents make a hundred thousand of them, which takes a minute or two.
const MANY_DOCUMENTS: &str = "SOLMU_TEST_MANY_DOCUMENTS";
/// Where keys are kept that tests use again.
const KEYS: &str = "SOLMU_TEST_KEYS";
const BROWSER_SUITE: &str = "tests/browser";
/// What a peer in Python for the federation suite needs, and the environment that is made of it.
const PYTHON_PACKAGES: &str = "tests/federation/pasture/requirements.txt";
const PYTHON_ENVIRONMENT: &str = "target/pasture";
/// Folders with packages of npm: what drives the browser, and a peer for the federation suite. The scripts of packages are
/// not run.
const NPM_FOLDERS: [&str; 2] = [BROWSER_SUITE, "tests/federation/fedify"];

/// Installs what is missing, then runs all of it. A failed check does not keep the later steps from running.
///
/// # Errors
/// Names the steps that failed.
pub fn everything(root: &Path) -> Result<()> {
    let mut steps = Steps::default();
    steps.step("provision", provision::everything);
    steps.step("format", || run(run::cargo(root).args(["fmt", "--all", "--check"])));
    steps.step("tidy", || tidy::check(root));
    steps.step("dependencies", || deny::check(root));
    let runner = Runner::find(root);
    let built = std::thread::scope(|scope| {
        // The registries of others answer while our own code is compiled.
        let beside = scope.spawn(|| packages(root).and_then(|()| browser_scan(root)));
        let built = steps.step("build and clippy", || run(&mut build(root)));
        steps.step("packages of npm and Python, browser scan, all beside it", || {
            beside.join().unwrap_or_else(|_| bail!("it panicked"))
        });
        built
    });
    if built {
        steps.step("generated files", || docs::generate(root, Command::new(run::server(root)), true));
        let mut documentation = run::linting_cargo(root);
        steps.step("documentation tests", || run(documentation.args(["test", "--quiet", "--workspace", "--doc"])));
        steps.last("tests", || runner.run(root, &[], true));
    } else {
        println!("NO TEST WAS RUN: they do not build");
    }
    steps.finish()
}

/// Runs tests only: those that `arguments`, given to the test runner, choose.
///
/// # Errors
/// When a test fails or cannot be built.
pub fn some(root: &Path, arguments: &[String]) -> Result<()> {
    provision::mention_missing();
    for folder in NPM_FOLDERS {
        if !root.join(folder).join("node_modules").is_dir() && find("npm").is_some() {
            npm_packages(root, folder)?;
        }
    }
    if find("python3").is_some() {
        python_packages(root)?;
    }
    Runner::find(root).run(root, arguments, false)
}

/// Everything from the registries of npm and Python. Says nothing unless it fails: something else is printing.
fn packages(root: &Path) -> Result<()> {
    NPM_FOLDERS.iter().try_for_each(|folder| npm_packages(root, folder))?;
    python_packages(root)
}

/// Says nothing unless it fails, as [`packages`].
fn browser_scan(root: &Path) -> Result<()> {
    run::output(with_browser(&mut npm(root, BROWSER_SUITE, &["test"]))).map(drop)
}

fn npm_packages(root: &Path, folder: &str) -> Result<()> {
    run::output(&mut npm(root, folder, &["ci", "--ignore-scripts", "--no-audit", "--no-fund"])).map(drop)
}

/// Makes the environment anew whenever the list of packages is another one.
fn python_packages(root: &Path) -> Result<()> {
    let (list, environment) = (root.join(PYTHON_PACKAGES), root.join(PYTHON_ENVIRONMENT));
    let made_of = environment.join("requirements.txt");
    let wanted = std::fs::read(&list).with_context(|| format!("reading {}", list.display()))?;
    if std::fs::read(&made_of).is_ok_and(|known| known == wanted) {
        return Ok(());
    }
    run::output(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&environment))?;
    let mut install = Command::new(environment.join("bin/python"));
    install.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"]);
    run::output(install.arg(&list))?;
    std::fs::write(&made_of, wanted).with_context(|| format!("writing {}", made_of.display()))
}

fn npm(root: &Path, folder: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new("npm");
    command.args(arguments).current_dir(root.join(folder));
    command
}

fn with_browser(command: &mut Command) -> &mut Command {
    match provision::browser() {
        Some(browser) => command.env(BROWSER, browser),
        None => command,
    }
}

/// Builds all that either runner runs, the server among it, and the bench, which nothing else would lint.
fn build(root: &Path) -> Command {
    let mut command = run::linting_cargo(root);
    command.args(["test", "--workspace", "--all-targets", "--no-run"]);
    command
}

#[derive(Clone, Copy)]
enum Runner {
    Nextest,
    CargoTest,
}

impl Runner {
    fn find(root: &Path) -> Self {
        let nextest = run::output(run::cargo(root).args(["nextest", "--version"])).is_ok();
        if nextest { Self::Nextest } else { Self::CargoTest }
    }

    /// All packages, unless the arguments choose some.
    fn command(self, mut command: Command, arguments: &[String]) -> Command {
        match self {
            Self::Nextest => command.args(["nextest", "run", "--no-fail-fast"]),
            Self::CargoTest => command.args(["test", "--no-fail-fast", "--all-targets"]),
        };
        let chosen = |argument: &String| argument == "-p" || argument.starts_with("--package");
        if !arguments.iter().any(chosen) {
            command.arg("--workspace");
        }
        command.args(arguments);
        command
    }

    /// Runs with a PostgreSQL of its own, or with the one that the environment names; `thorough` for the whole run, of what
    /// [`build`] built.
    fn run(self, root: &Path, arguments: &[String], thorough: bool) -> Result<()> {
        let cargo = if thorough { run::linting_cargo(root) } else { run::cargo(root) };
        let mut command = self.command(cargo, arguments);
        with_browser(&mut command);
        command.env(KEYS, root.join("target/keys"));
        if thorough {
            command.env(MANY_DOCUMENTS, "1");
        }
        let server =
            if std::env::var_os(POSTGRES).is_none() { Some(Server::start(&root.join("target"))?) } else { None };
        if let Some(server) = &server {
            println!("PostgreSQL for the tests: {}", server.url());
            command.env(POSTGRES, server.url()).env(TEMPLATE, "solmu_template");
            if let Some(folder) = server.folder_in_memory()? {
                command.env("TMPDIR", folder);
            }
        }
        match self {
            Self::Nextest => run(&mut command),
            Self::CargoTest => run_and_count(&mut command),
        }
    }
}

/// `cargo test` prints one result per test program; this adds them up.
fn run_and_count(command: &mut Command) -> Result<()> {
    let mut child =
        command.stdout(Stdio::piped()).spawn().with_context(|| format!("starting {}", run::shown(command)))?;
    let mut totals = [0; 3];
    for line in BufReader::new(child.stdout.take().context("cargo test has no output")?).lines() {
        let line = line?;
        println!("{line}");
        let counts = results(&line).unwrap_or_default();
        totals.iter_mut().zip(counts).for_each(|(total, count)| *total += count);
    }
    let status = child.wait()?;
    let [passed, failed, skipped] = totals;
    println!("{passed} passed, {failed} failed, {skipped} skipped");
    if !status.success() {
        bail!("{}: {status}", run::shown(command));
    }
    Ok(())
}

/// Passed, failed and ignored of `test result: ok. 3 passed; 0 failed; 1 ignored; …`.
fn results(line: &str) -> Option<[usize; 3]> {
    let counts = line.strip_prefix("test result: ")?;
    let count = |what: &str| -> Option<usize> {
        let before = counts.split(what).next()?;
        before.trim_end().rsplit(' ').next()?.parse().ok()
    };
    Some([count(" passed")?, count(" failed")?, count(" ignored")?])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_of_a_test_program_are_read() {
        let cases = [
            ("test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 3 filtered out", Some([12, 0, 1])),
            ("test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out", Some([1, 2, 0])),
            ("test tidy ... ok", None),
        ];
        for (line, expected) in cases {
            assert_eq!(results(line), expected, "{line}");
        }
    }

    #[test]
    fn arguments_choose_the_packages() {
        let shown = |arguments: &[&str]| {
            let arguments: Vec<String> = arguments.iter().map(|argument| (*argument).to_owned()).collect();
            run::shown(&Runner::Nextest.command(Command::new("cargo"), &arguments))
        };
        assert_eq!(shown(&["task"]), "cargo nextest run --no-fail-fast --workspace task");
        assert_eq!(shown(&["-p", "domain"]), "cargo nextest run --no-fail-fast -p domain");
    }
}
