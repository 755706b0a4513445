//! A PostgreSQL server for the length of one test run: fresh, on a free port of 127.0.0.1, without durability, in memory where
//! there is enough of it, gone afterwards.
//!
//! It runs in the foreground as a child of this process, so an interrupt from the terminal reaches it too. What a killed run left
//! behind is removed by the next one. PostgreSQL refuses to run as root; then it runs as `postgres` or `nobody`.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::{env, process, thread};

use anyhow::{Context, Result, anyhow, bail};

use crate::provision::find;
use crate::run::{self, output};

/// The shell's own: the program `kill` is in a package (procps) that a machine may lack.
const KILL: [&str; 3] = ["-c", "kill \"$@\"", "kill"];

/// Tries with another port, should somebody take the free one first.
const TRIES: usize = 3;
/// Where files are in memory, and how much has to be free there, in KiB: each test has a database of some ten megabytes, and
/// making and dropping their thousand files costs a disk's file system more than PostgreSQL.
const MEMORY: &str = "/dev/shm";
const ROOM: u64 = 4 << 20;
/// Longest path of a Unix socket's folder; the system allows 107 bytes with the file's name.
const SOCKET_FOLDER: usize = 80;
/// PostgreSQL remembers ten serialisable transactions for each connection that is allowed, until the oldest that runs in any
/// database is over. A test lets one stand still; with fewer connections allowed, those of others were refused then.
const SETTINGS: [&str; 6] = [
    "listen_addresses=127.0.0.1",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=800",
    "shared_buffers=64MB",
];

/// A running server; dropping it stops it and removes its data.
pub struct Server {
    child: Child,
    folder: PathBuf,
    port: u16,
}

/// User and group ids to run as.
#[derive(Clone, Copy)]
struct Owner {
    user: u32,
    group: u32,
}

/// The folder with PostgreSQL's server programs: the newest of Debian's, or the one in PATH.
pub fn binaries() -> Option<PathBuf> {
    let mut debian: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .map(|entries| entries.flatten().map(|entry| entry.path().join("bin")).collect())
        .unwrap_or_default();
    debian.sort_by_key(|bin| std::cmp::Reverse(major(bin)));
    let in_path = find("initdb").and_then(|initdb| Some(initdb.parent()?.to_path_buf()));
    debian.into_iter().chain(in_path).find(|bin| works(bin))
}

fn major(bin: &Path) -> u32 {
    let version = bin.parent().and_then(Path::file_name).and_then(|name| name.to_str());
    version.and_then(|version| version.parse().ok()).unwrap_or(0)
}

fn works(bin: &Path) -> bool {
    ["initdb", "postgres"].iter().all(|program| output(Command::new(bin.join(program)).arg("--version")).is_ok())
}

impl Server {
    /// Makes a new cluster in memory, or in the folder `target` (or, when its owner may not go there, among the temporary
    /// files), and waits until it accepts connections. Its log is `target/postgres.log`.
    ///
    /// # Errors
    /// When PostgreSQL is not installed, `initdb` fails or the server ends before it is ready; the message has its log.
    pub fn start(target: &Path) -> Result<Self> {
        let bin = binaries().context("PostgreSQL's initdb and postgres are not installed (Debian: postgresql)")?;
        let owner = run::is_root().then(unprivileged).transpose()?;
        let places = [Path::new(MEMORY), target];
        places.iter().for_each(|place| remove_leftovers(place, &bin, owner));
        let folder = make_folder(&places[usize::from(!has_room(MEMORY))..], owner)?;
        let data = folder.join("data");
        let mut initdb = run_as(&bin.join("initdb"), &folder, owner);
        initdb.arg("-D").arg(&data).args([
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
        ]);
        output(&mut initdb)?;
        for _ in 1..TRIES {
            if let Ok(server) = Self::serve(&bin, &folder, target, owner) {
                return Ok(server);
            }
        }
        Self::serve(&bin, &folder, target, owner)
    }

    fn serve(bin: &Path, folder: &Path, target: &Path, owner: Option<Owner>) -> Result<Self> {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let socket = folder.to_str().filter(|folder| folder.len() <= SOCKET_FOLDER).unwrap_or_default();
        let mut command = run_as(&bin.join("postgres"), folder, owner);
        command.arg("-D").arg(folder.join("data")).arg("-p").arg(port.to_string()).arg("-k").arg(socket);
        command.args(SETTINGS.iter().flat_map(|setting| ["-c", setting]));
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().context("starting postgres")?;
        let log = File::create(target.join("postgres.log")).context("creating target/postgres.log")?;
        let ready = child
            .stderr
            .take()
            .ok_or_else(|| anyhow!("postgres has no log"))
            .and_then(|lines| wait_until_ready(lines, log));
        let server = Self { child, folder: folder.to_path_buf(), port };
        ready.map(|()| server)
    }

    /// A folder beside its data for the temporary files of those who use it, when that is in memory: the files of SQLite are
    /// synchronised after each write, which costs a disk's file system more than everything else about them.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn folder_in_memory(&self) -> Result<Option<PathBuf>> {
        if !self.folder.starts_with(MEMORY) {
            return Ok(None);
        }
        let folder = self.folder.join("files");
        fs::create_dir_all(&folder).with_context(|| format!("creating {}", folder.display()))?;
        Ok(Some(folder))
    }

    /// Where its superuser connects; tests make their own databases inside.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The immediate shutdown: nothing of it is kept.
        let told = Command::new("sh").args(KILL).arg("-QUIT").arg(self.child.id().to_string()).status();
        if !told.is_ok_and(|status| status.success()) {
            // It has ended already, and then this fails for the same reason.
            self.child.kill().ok();
        }
        self.child.wait().ok();
        if let Err(error) = fs::remove_dir_all(&self.folder) {
            println!("could not remove {}: {error}", self.folder.display());
        }
    }
}

/// Reads the server's log until it is ready, then goes on copying it on a thread of its own, so that the pipe never fills.
fn wait_until_ready(lines: ChildStderr, mut log: File) -> Result<()> {
    let mut lines = BufReader::new(lines).lines();
    let mut seen = Vec::new();
    loop {
        let Some(line) = lines.next().transpose()? else {
            bail!("postgres did not start:\n{}", seen.join("\n"));
        };
        writeln!(log, "{line}")?;
        if line.contains("ready to accept connections") {
            break;
        }
        seen.push(line);
    }
    thread::spawn(move || {
        for line in lines.map_while(Result::ok) {
            if writeln!(log, "{line}").is_err() {
                break;
            }
        }
    });
    Ok(())
}

fn unprivileged() -> Result<Owner> {
    let id =
        |flag: &str, user: &str| -> Result<u32> { Ok(output(Command::new("id").args([flag, user]))?.trim().parse()?) };
    let owner = |user: &str| -> Result<Owner> { Ok(Owner { user: id("-u", user)?, group: id("-g", user)? }) };
    owner("postgres").or_else(|_| owner("nobody")).context("finding a user other than root")
}

fn run_as(program: &Path, folder: &Path, owner: Option<Owner>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder).stdin(Stdio::null());
    if let Some(Owner { user, group }) = owner {
        command.uid(user).gid(group);
    }
    command
}

fn has_room(place: &str) -> bool {
    let free = output(Command::new("df").args(["--output=avail", place])).unwrap_or_default();
    free.lines().last().and_then(|free| free.trim().parse::<u64>().ok()).is_some_and(|free| free >= ROOM)
}

/// In the first of some places that its owner may go to, or else among the temporary files.
fn make_folder(places: &[&Path], owner: Option<Owner>) -> Result<PathBuf> {
    for place in places.iter().copied().chain([env::temp_dir().as_path()]) {
        let folder = place.join(format!("{PREFIX}{}", process::id()));
        fs::create_dir_all(&folder).with_context(|| format!("creating {}", folder.display()))?;
        if let Some(Owner { user, group }) = owner {
            chown(&folder, Some(user), Some(group)).with_context(|| format!("giving away {}", folder.display()))?;
        }
        let reachable = run_as(Path::new("test"), &env::temp_dir(), owner).arg("-w").arg(&folder).status()?;
        if reachable.success() {
            return Ok(folder);
        }
        fs::remove_dir(&folder)?;
    }
    bail!("neither {places:?} nor {} is open to the user that PostgreSQL runs as", env::temp_dir().display());
}

/// Names of the folders; the process that made one follows.
const PREFIX: &str = "scratch-postgres-";

/// Stops and removes the servers of test runs that were killed.
fn remove_leftovers(place: &Path, bin: &Path, owner: Option<Owner>) {
    for entry in fs::read_dir(place).into_iter().flatten().flatten() {
        let maker = entry.file_name().to_str().and_then(|name| name.strip_prefix(PREFIX).map(ToOwned::to_owned));
        let Some(maker) = maker else { continue };
        if output(Command::new("sh").args(KILL).args(["-0", &maker])).is_ok() {
            continue;
        }
        let mut stop = run_as(&bin.join("pg_ctl"), &entry.path(), owner);
        // Fails when it no longer runs, which is as good.
        output(stop.args(["stop", "--mode=immediate", "-D"]).arg(entry.path().join("data"))).ok();
        if let Err(error) = fs::remove_dir_all(entry.path()) {
            println!("could not remove {}: {error}", entry.path().display());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_server_starts_answers_and_leaves_nothing() {
        let server = Server::start(&run::root().join("target/xtask")).unwrap();
        let (url, folder) = (server.url(), server.folder.clone());
        let psql = binaries().unwrap().join("psql");
        let ask = || output(Command::new(&psql).args(["-XAtqc", "select 6 * 7", &url]));
        assert_eq!(ask().unwrap().trim(), "42");
        drop(server);
        assert!(!folder.exists());
        assert!(ask().is_err());
    }

    #[test]
    fn a_folder_closed_to_the_owner_is_passed_over() {
        let closed = run::root().join("target/xtask/closed");
        fs::create_dir_all(&closed).unwrap();
        fs::set_permissions(&closed, fs::Permissions::from_mode(0o700)).unwrap();
        let owner = run::is_root().then(unprivileged).transpose().unwrap();
        let folder = make_folder(&[&closed], owner).unwrap();
        let expected = if owner.is_some() { env::temp_dir() } else { closed };
        assert_eq!(folder.parent(), Some(expected.as_path()));
        fs::remove_dir(folder).unwrap();
    }

    #[test]
    fn debian_folders_are_ordered_by_version() {
        assert!(major(Path::new("/usr/lib/postgresql/9/bin")) < major(Path::new("/usr/lib/postgresql/17/bin")));
        assert_eq!(major(Path::new("/usr/local/bin")), 0);
    }
}
