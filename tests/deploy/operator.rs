//! Hands of an operator: reading and copying files, running programs, a folder to work in.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs};

/// The repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// The text of a file of the repository.
pub fn text(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// An empty folder of its own for each test.
pub fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("deploy").join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// A program of this machine; without it the test cannot say anything, so it fails and names the Debian package.
pub fn program(name: &str, package: &str) -> PathBuf {
    find(name).unwrap_or_else(|| panic!("`{name}` is missing: apt-get install --no-install-recommends {package}"))
}

/// In PATH or in the folders of system programs.
pub fn find(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let system = ["/usr/sbin", "/sbin"].map(PathBuf::from);
    env::split_paths(&path).chain(system).map(|folder| folder.join(name)).find(|candidate| candidate.is_file())
}

/// What a finished program said and how it ended.
pub struct Said {
    pub success: bool,
    pub out: String,
    pub all: String,
}

/// Runs a program to its end.
pub fn run(command: &mut Command) -> Said {
    let output = command.stdin(Stdio::null()).output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let out = String::from_utf8_lossy(&output.stdout).into_owned();
    let all = format!("{command:?}\n{out}{}", String::from_utf8_lossy(&output.stderr));
    Said { success: output.status.success(), out, all }
}

/// Runs a program that has to succeed.
pub fn succeed(command: &mut Command) -> Said {
    let said = run(command);
    assert!(said.success, "{}", said.all);
    said
}

/// The lines that a program reads: without comments and empty ones.
pub fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// True when this process may do everything on this machine.
pub fn is_root() -> bool {
    succeed(Command::new("id").arg("-u")).out.trim() == "0"
}
