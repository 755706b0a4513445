//! A PostgreSQL server of a test's own, which it may stop and start: all others share one. This one waits for the disk, as
//! servers do.

use crate::harness::{KILL, Port, until, until_true};
use diesel::connection::Connection;
use diesel::pg::PgConnection;
use std::fs::{self, File};
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use store::{DatabaseUrl, migrate, server};

/// PostgreSQL keeps no Unix socket, and needs little.
const SETTINGS: [&str; 4] =
    ["listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=60", "shared_buffers=16MB"];

/// How it is told to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Connections are ended, and everything is written.
    Orderly,
    /// Every process of it ends where it is. What it had not written is lost, as in a power cut, and the next start recovers
    /// from the journal.
    AtOnce,
}

/// See the module. It goes away with the value.
pub struct OwnServer {
    programs: PathBuf,
    folder: tempfile::TempDir,
    /// User and group to run as: PostgreSQL does not run as root.
    owner: Option<(u32, u32)>,
    port: Port,
    process: Option<Child>,
}

impl OwnServer {
    /// Starts one; nothing where PostgreSQL's programs are not installed.
    pub async fn start() -> Option<OwnServer> {
        let programs = programs()?;
        let owner = (id(&["-u"])? == 0).then(unprivileged).flatten();
        let folder = tempfile::tempdir().unwrap();
        if let Some((user, group)) = owner {
            chown(folder.path(), Some(user), Some(group)).unwrap();
        }
        let mut server = OwnServer { programs, folder, owner, port: Port::take(), process: None };
        let mut initdb = server.program("initdb");
        initdb.arg("-D").arg(server.data());
        initdb.args(["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]);
        let made = initdb.output().unwrap();
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        server.serve().await;
        Some(server)
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn program(&self, name: &str) -> Command {
        let mut command = Command::new(self.programs.join(name));
        command.current_dir(self.folder.path()).stdin(Stdio::null());
        if let Some((user, group)) = self.owner {
            command.uid(user).gid(group);
        }
        command
    }

    fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port.number)
    }

    /// A new database with a node's tables.
    pub fn database(&self) -> String {
        let url = server::create_database(&self.url(), "solmu").unwrap();
        migrate::run(&url).unwrap();
        match url {
            DatabaseUrl::Postgres(url) => url,
            DatabaseUrl::Sqlite(file) => panic!("{} is on no server", file.display()),
        }
    }

    /// Starts it and waits until it takes connections.
    pub async fn serve(&mut self) {
        let log = File::options().create(true).append(true).open(self.folder.path().join("log")).unwrap();
        let mut postgres = self.program("postgres");
        postgres.arg("-D").arg(self.data()).arg("-p").arg(self.port.number.to_string());
        postgres.args(SETTINGS.iter().flat_map(|setting| ["-c", setting]));
        self.process = Some(postgres.stdout(Stdio::null()).stderr(log).spawn().unwrap());
        let url = self.url();
        until_true(&format!("{url} takes connections; its log is in {}", self.folder.path().display()), || {
            let takes = PgConnection::establish(&url).is_ok();
            async move { takes }
        })
        .await;
    }

    /// Ends it, and waits until it has ended.
    pub async fn end(&mut self, how: Ending) {
        let mut process = self.process.take().expect("it runs");
        tell(&process, if how == Ending::Orderly { "-INT" } else { "-QUIT" });
        until("PostgreSQL ends", || {
            let ended = process.try_wait().unwrap();
            async move { ended }
        })
        .await;
    }
}

impl Drop for OwnServer {
    fn drop(&mut self) {
        if let Some(mut process) = self.process.take() {
            tell(&process, "-QUIT");
            let _ = process.wait();
        }
    }
}

fn tell(process: &Child, signal: &str) {
    let told = Command::new("sh").args(KILL).args([signal, &process.id().to_string()]).status().unwrap();
    assert!(told.success(), "{signal}");
}

/// The folder with the server's programs: the newest of Debian's, or the one in `PATH`.
fn programs() -> Option<PathBuf> {
    let version = |folder: &PathBuf| folder.file_name()?.to_str()?.parse::<u32>().ok();
    let debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path());
    let newest = debian.max_by_key(version).map(|folder| folder.join("bin"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    newest.into_iter().chain(std::env::split_paths(&path)).find(|folder| has_all(folder))
}

fn has_all(folder: &Path) -> bool {
    ["initdb", "postgres"].iter().all(|program| folder.join(program).is_file())
}

/// What the program `id` says.
fn id(arguments: &[&str]) -> Option<u32> {
    let said = Command::new("id").args(arguments).output().ok()?;
    String::from_utf8_lossy(&said.stdout).trim().parse().ok()
}

fn unprivileged() -> Option<(u32, u32)> {
    ["postgres", "nobody"].into_iter().find_map(|name| Some((id(&["-u", name])?, id(&["-g", name])?)))
}
