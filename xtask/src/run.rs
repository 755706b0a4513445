//! Running other programs as steps: each is announced, timed, and its failure remembered while the later ones still run.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// The folder of the workspace.
pub fn root() -> PathBuf {
    let own = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    let own = PathBuf::from(own);
    own.parent().map_or_else(|| own.clone(), Path::to_path_buf)
}

/// True in continuous integration.
pub fn in_ci() -> bool {
    env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false")
}

/// A `cargo` command in `root` that builds the same as one typed by hand: without what `cargo run` told this process about
/// itself, which would make build scripts run again.
pub fn cargo(root: &Path) -> Command {
    let mut command = Command::new("cargo");
    command.current_dir(root);
    let about_us = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_", "CARGO_PRIMARY_"];
    for (name, _) in env::vars_os() {
        if name.to_str().is_some_and(|name| about_us.iter().any(|prefix| name.starts_with(prefix))) {
            command.env_remove(&name);
        }
    }
    if in_ci() {
        command.env("CARGO_INCREMENTAL", "0");
        // A failure names its place all the same.
        command.env("CARGO_PROFILE_DEV_DEBUG", "0");
        // Thousands of processes start here, and each would measure the noise of the processor for its random numbers.
        command.env("AWS_LC_SYS_NO_JITTER_ENTROPY", "1");
        if has_openssl() {
            // What everybody builds along takes three minutes; the tests' libpq may as well use the system's.
            command.env("OPENSSL_NO_VENDOR", "1");
        }
    }
    command
}

/// [`cargo`] with clippy in the compiler's place for the crates of this workspace, and each warning an error: they are linted
/// while they are built, and nothing is compiled a second time for the sake of `cargo clippy`.
pub fn linting_cargo(root: &Path) -> Command {
    let mut command = cargo(root);
    // What `cargo clippy` itself sets for its `cargo check`. The second is for `build.warnings` once that is stable.
    command.env("RUSTC_WORKSPACE_WRAPPER", "clippy-driver").env("CLIPPY_ARGS", "-Dwarnings__CLIPPY_HACKERY__");
    command
}

/// The server as the last debug build left it. Run like this it is not built anew, as `cargo run` would where a build of the
/// whole workspace chose more features of some dependency than the server alone does.
pub fn server(root: &Path) -> PathBuf {
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    target.join("debug/solmu")
}

/// Installs a subcommand of cargo where cargo finds it, unless it is there: once for all clones, and in a minute or two on two
/// cores, as a debug build, for these tools run for seconds.
///
/// # Errors
/// When it is missing and cannot be installed.
pub fn install(root: &Path, subcommand: &str, version: &str) -> Result<()> {
    if output(cargo(root).args([subcommand, "--version"])).is_ok() {
        return Ok(());
    }
    let package = format!("cargo-{subcommand}");
    let mut install = cargo(root);
    install.args(["install", &package, "--version", version, "--locked", "--debug", "--quiet"]);
    // Built in a folder of its own: ours would keep several hundred crates that nothing else uses.
    install.env("CARGO_PROFILE_DEV_DEBUG", "0").env_remove("CARGO_TARGET_DIR");
    run(&mut install).with_context(|| format!("{package} is missing and could not be installed"))
}

/// True when OpenSSL can be linked without building it.
fn has_openssl() -> bool {
    output(Command::new("pkg-config").args(["--exists", "openssl"])).is_ok()
}

/// Runs a command with its output shown.
///
/// # Errors
/// When it cannot be started or does not succeed.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("starting {}", shown(command)))?;
    if !status.success() {
        bail!("{}: {status}", shown(command));
    }
    Ok(())
}

/// Runs a command silently and returns what it prints.
///
/// # Errors
/// When it cannot be started or does not succeed; the message has what it said.
pub fn output(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| format!("starting {}", shown(command)))?;
    if !output.status.success() {
        // Which of the two tells what is wrong is another one for each program.
        let said = [output.stderr, output.stdout].concat();
        bail!("{}: {}\n{}", shown(command), output.status, String::from_utf8_lossy(&said).trim_end());
    }
    String::from_utf8(output.stdout).with_context(|| format!("reading the output of {}", shown(command)))
}

/// True when this process may do everything on this machine.
pub fn is_root() -> bool {
    output(Command::new("id").arg("-u")).is_ok_and(|user| user.trim() == "0")
}

/// A command as one would type it.
pub fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

/// The steps of one run.
#[derive(Default)]
pub struct Steps {
    failed: Vec<String>,
}

impl Steps {
    /// Runs one step and prints how long it took. A failure is printed and remembered; true when there was none.
    pub fn step(&mut self, name: &str, work: impl FnOnce() -> Result<()>) -> bool {
        println!("── {name}");
        let started = Instant::now();
        let outcome = work();
        let time = seconds(started.elapsed());
        match &outcome {
            Ok(()) => println!("── {name}: done in {time}\n"),
            Err(error) => {
                println!("── {name}: FAILED after {time}: {error:#}\n");
                self.failed.push(name.to_owned());
            }
        }
        outcome.is_ok()
    }

    /// Runs the step whose own closing lines shall be the last thing a reader sees.
    pub fn last(&mut self, name: &str, work: impl FnOnce() -> Result<()>) {
        println!("── {name}");
        if let Err(error) = work() {
            println!("── {name}: FAILED: {error:#}");
            self.failed.push(name.to_owned());
        }
    }

    /// # Errors
    /// Names the steps that failed.
    pub fn finish(self) -> Result<()> {
        if !self.failed.is_empty() {
            bail!("failed: {}", self.failed.join(", "));
        }
        Ok(())
    }
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_step_fails_the_run_and_stops_nothing() {
        let mut steps = Steps::default();
        let mut ran = 0;
        assert!(!steps.step("first", || bail!("no")));
        assert!(steps.step("second", || {
            ran += 1;
            Ok(())
        }));
        steps.last("third", || bail!("no"));
        assert_eq!(ran, 1);
        assert_eq!(steps.finish().unwrap_err().to_string(), "failed: first, third");
    }

    #[test]
    fn commands_are_shown_and_their_failure_is_an_error() {
        let mut command = Command::new("false");
        command.arg("x");
        assert!(run(&mut command).unwrap_err().to_string().starts_with("false x: exit status"));
        assert!(run(&mut Command::new("true")).is_ok());
        assert!(run(&mut Command::new("no-such-program")).is_err());
    }
}
