//! What the tests need besides Rust, and how it gets here: root on a machine with apt-get has it installed, everybody else is
//! told its name.

use std::env;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Result, bail};

use crate::postgres;
use crate::run::{self, run};

/// A program that a test starts.
struct Tool {
    /// Any one of these will do.
    programs: &'static [&'static str],
    debian_package: &'static str,
    purpose: &'static str,
}

/// The shell is Chromium without the windows that nobody sees, at half the cost.
const BROWSER: [&str; 4] = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"];

const TOOLS: [Tool; 13] = [
    Tool { programs: &["cc"], debian_package: "gcc", purpose: "building SQLite, libpq and aws-lc" },
    Tool { programs: &["perl"], debian_package: "perl", purpose: "building OpenSSL for libpq" },
    Tool { programs: &["make"], debian_package: "make", purpose: "building OpenSSL for libpq" },
    Tool { programs: &BROWSER, debian_package: "chromium-headless-shell", purpose: "opening the pages" },
    Tool { programs: &["node"], debian_package: "nodejs", purpose: "driving Chromium and axe (18 or newer)" },
    Tool { programs: &["npm"], debian_package: "npm", purpose: "fetching playwright-core, axe-core and Fedify" },
    Tool { programs: &["python3"], debian_package: "python3-venv", purpose: "running fediverse-pasture" },
    Tool { programs: &["caddy"], debian_package: "caddy", purpose: "checking deploy/proxy" },
    Tool { programs: &["nginx"], debian_package: "nginx", purpose: "checking deploy/proxy" },
    Tool { programs: &["docker-compose"], debian_package: "docker-compose", purpose: "checking deploy/compose" },
    Tool { programs: &["openssl"], debian_package: "openssl", purpose: "a certificate for checking deploy/proxy" },
    Tool { programs: &["pg_dump"], debian_package: "postgresql-client", purpose: "copying and restoring a PostgreSQL" },
    Tool { programs: &["systemd-analyze"], debian_package: "systemd", purpose: "checking deploy/systemd" },
];

/// Installs or names everything that is missing.
///
/// # Errors
/// Lists what is still missing and what it is for.
pub fn everything() -> Result<()> {
    let lacking = missing();
    if lacking.is_empty() {
        return Ok(());
    }
    if run::is_root() && find("apt-get").is_some() {
        install(&lacking)?;
    }
    let still = missing();
    if !still.is_empty() {
        bail!("please install what the tests need:\n{}", listed(&still));
    }
    Ok(())
}

/// Says what is missing; the tests that need it will fail, the others run.
pub fn mention_missing() {
    let lacking = missing();
    if !lacking.is_empty() {
        println!("missing, and needed by some tests:\n{}", listed(&lacking));
    }
}

/// The browser that the tests shall start.
pub fn browser() -> Option<PathBuf> {
    BROWSER.iter().find_map(|program| find(program))
}

/// Debian package and purpose of each thing that is not here.
fn missing() -> Vec<(&'static str, &'static str)> {
    let absent = |tool: &&Tool| tool.programs.iter().all(|program| find(program).is_none());
    let mut lacking: Vec<_> = TOOLS.iter().filter(absent).map(|tool| (tool.debian_package, tool.purpose)).collect();
    if postgres::binaries().is_none() {
        lacking.push(("postgresql", "the tests that run on PostgreSQL (initdb and postgres)"));
    }
    lacking
}

fn listed(lacking: &[(&str, &str)]) -> String {
    let lines = lacking.iter().map(|(package, purpose)| format!("  {package}: {purpose}"));
    let packages: Vec<&str> = lacking.iter().map(|(package, _)| *package).collect();
    let all = packages.join(" ");
    format!("{}\non Debian: apt-get install --no-install-recommends {all}", lines.collect::<Vec<_>>().join("\n"))
}

fn install(lacking: &[(&str, &str)]) -> Result<()> {
    println!("installing:\n{}", listed(lacking));
    let apt = |arguments: &[&str]| {
        let mut command = Command::new("apt-get");
        command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive").stdin(Stdio::null());
        command
    };
    run(&mut apt(&["-qq", "update"]))?;
    let packages = lacking.iter().map(|(package, _)| *package);
    run(apt(&["-qq", "install", "-y", "--no-install-recommends"]).args(packages).stdout(Stdio::null()))
}

/// A program in PATH or in the folders of system programs, which are not in everybody's PATH.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let system = ["/usr/sbin", "/sbin"].map(PathBuf::from);
    env::split_paths(&path).chain(system).map(|folder| folder.join(program)).find(|candidate| candidate.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_found_in_path() {
        assert!(find("sh").is_some());
        assert!(find("no-such-program").is_none());
    }

    #[test]
    fn what_is_missing_is_named_with_its_purpose() {
        let text = listed(&[("caddy", "checking deploy/proxy"), ("nginx", "checking too")]);
        assert!(text.contains("  caddy: checking deploy/proxy\n"));
        assert!(text.ends_with("apt-get install --no-install-recommends caddy nginx"));
    }
}
