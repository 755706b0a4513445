//! A node: a folder, a database, and the processes that serve it.

use super::answer::{Answer, Said, http};
use super::database::{Database, Scratch};
use super::{Port, until, until_true};
use serde_json::Value;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// The shell's own: the program `kill` is in a package (procps) that a machine may lack.
pub const KILL: [&str; 3] = ["-c", "kill \"$@\"", "kill"];

/// What a node says that is not set up yet.
const CLOSED: &str = "Palvelua valmistellaan";

mod copies;
mod data;
mod heard;
mod looking;
mod time;
mod told;

pub use copies::Held;
pub use data::accepted;
use looking::Looks;

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The region of a code.
    Region(&'static str),
    /// The national node.
    National,
}

impl Kind {
    /// The name of its own actor.
    pub fn username(self) -> &'static str {
        match self {
            Kind::Region("06") => "pirkanmaa",
            Kind::Region("13") => "keski_suomi",
            Kind::Region("14") => "etela_pohjanmaa",
            Kind::Region(code) => panic!("the tests do not know region {code}"),
            Kind::National => "kansallinen",
        }
    }
}

/// See the module.
pub struct Node {
    kind: Kind,
    port: Port,
    folder: tempfile::TempDir,
    scratch: Option<Scratch>,
    database: Option<String>,
    environment: Vec<(String, String)>,
    processes: Vec<(Port, Child)>,
    process: Option<Child>,
    looks: Looks,
    said: String,
}

impl Node {
    /// Makes a node with `solmu init`; it does not serve yet.
    pub async fn init(kind: Kind, database: Database) -> Node {
        let scratch = (database == Database::Postgres).then(Scratch::make);
        let url = scratch.as_ref().map(|scratch| scratch.url().to_owned());
        Node::init_with(kind, scratch, url).await
    }

    /// Makes a node whose SQLite file lies in a given folder.
    pub async fn init_in(kind: Kind, folder: &Path) -> Node {
        Node::init_with(kind, None, Some(format!("sqlite:{}", folder.join("solmu.db").display()))).await
    }

    /// Makes a node on a PostgreSQL database that the caller has made.
    pub async fn init_on(kind: Kind, url: &str) -> Node {
        Node::init_with(kind, None, Some(url.to_owned())).await
    }

    async fn init_with(kind: Kind, scratch: Option<Scratch>, database: Option<String>) -> Node {
        let folder = tempfile::tempdir().unwrap();
        let mut node = Node {
            kind,
            port: Port::take(),
            folder,
            scratch,
            database,
            environment: Vec::new(),
            processes: Vec::new(),
            process: None,
            looks: Looks::default(),
            said: String::new(),
        };
        let mut command = tokio::process::Command::from(node.program());
        command.args(["init", "--domain", node.host().as_str(), "--dir"]).arg(node.folder.path());
        match kind {
            Kind::Region(code) => command.args(["--region", code]),
            Kind::National => command.args(["--role", "national"]),
        };
        if let Some(url) = &node.database {
            command.args(["--database", url]);
        }
        let said: Said = command.output().await.unwrap().into();
        assert_eq!(said.code, Some(0), "solmu init: {}", said.err);
        node.said = said.out;
        node
    }

    /// Makes a node and lets it serve.
    pub async fn start(kind: Kind, database: Database) -> Node {
        let mut node = Node::init(kind, database).await;
        node.serve().await;
        node
    }

    /// The program, without anything of this process's environment that speaks to it, but for where spare keys are.
    fn program(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_solmu"));
        for (name, _) in std::env::vars_os() {
            if name.to_str().is_some_and(|name| name.starts_with("SOLMU_") && name != "SOLMU_TEST_KEYS") {
                command.env_remove(name);
            }
        }
        command.stdin(Stdio::null()).envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    /// A variable of the environment of everything that is run from now on.
    pub fn set(&mut self, name: &str, value: &str) {
        self.environment.push((name.to_owned(), value.to_owned()));
    }

    /// Takes a variable back.
    pub fn unset(&mut self, name: &str) {
        self.environment.retain(|(known, _)| known != name);
    }

    /// `localhost:PORT`.
    pub fn host(&self) -> String {
        format!("localhost:{}", self.port.number)
    }

    /// `@name@localhost:PORT`.
    pub fn handle(&self) -> String {
        format!("@{}@{}", self.username(), self.host())
    }

    /// The name of its own actor.
    pub fn username(&self) -> &'static str {
        self.kind.username()
    }

    /// An address; `path` begins with `/`.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.host())
    }

    /// The configuration file.
    pub fn config(&self) -> PathBuf {
        self.folder.path().join("solmu.toml")
    }

    /// A path in the node's folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn spawn(&self, port: &Port) -> Child {
        self.launch(port, &[])
    }

    /// Its own port.
    pub fn port(&self) -> &Port {
        &self.port
    }

    /// Starts a `solmu serve` that is the caller's to end.
    pub fn launch(&self, port: &Port, environment: &[(&str, &str)]) -> Child {
        let file = |name: &str| File::options().create(true).append(true).open(self.path(name)).unwrap();
        let mut command = self.program();
        command.arg("serve").arg("--config").arg(self.config());
        command.env("SOLMU__SERVER__LISTEN", format!("127.0.0.1:{}", port.number)).env("SOLMU__LOG__LEVEL", "info");
        command.envs(environment.iter().copied());
        command.stdout(file("said")).stderr(file("log")).spawn().unwrap()
    }

    /// Starts `solmu serve` and waits until it answers.
    pub async fn serve(&mut self) {
        assert!(self.process.is_none(), "it runs already");
        self.looks_anew(); // its database may be another one now
        self.process = Some(self.spawn(&self.port));
        self.answers(self.port.number).await;
    }

    /// Starts `solmu serve` without waiting for anything.
    pub fn begin(&mut self) {
        assert!(self.process.is_none(), "it runs already");
        self.looks_anew(); // its database may be another one now
        self.process = Some(self.spawn(&self.port));
    }

    /// The number of the process that serves.
    pub fn pid(&self) -> u32 {
        self.process.as_ref().expect("it runs").id()
    }

    /// Starts one more process on the same database, on a port of its own.
    pub async fn serve_also(&mut self) -> String {
        let port = Port::take();
        let (number, child) = (port.number, self.spawn(&port));
        self.processes.push((port, child));
        self.answers(number).await;
        format!("http://localhost:{number}")
    }

    async fn answers(&self, port: u16) {
        let (client, url) = (http(), format!("http://127.0.0.1:{port}/healthz"));
        until_true(&format!("{url} answers; the log:\n{}", self.log()), || async {
            client.get(&url).send().await.is_ok_and(|answer| answer.status().is_success())
        })
        .await;
    }

    /// `solmu serve` in the foreground, for a start that is meant to fail: what it said, and with which code it ended.
    pub async fn fails_to_serve(&self, environment: &[(&str, &str)]) -> Said {
        let mut command = tokio::process::Command::from(self.program());
        command.arg("serve").arg("--config").arg(self.config()).kill_on_drop(true);
        command
            .env("SOLMU__SERVER__LISTEN", format!("127.0.0.1:{}", self.port.number))
            .envs(environment.iter().copied());
        let ended = tokio::time::timeout(super::LIMIT, command.output()).await;
        ended.expect("it serves, though it should not").unwrap().into()
    }

    /// It serves.
    pub fn is_alive(&self) -> bool {
        self.process.is_some()
    }

    /// The process has ended by itself.
    pub fn has_ended(&mut self) -> bool {
        self.process.as_mut().expect("it was started").try_wait().unwrap().is_some()
    }

    /// Ends the process where it is (SIGKILL).
    pub fn kill9(&mut self) {
        // Who opens SQLite's file after this is the first, and has to recover its journal.
        self.looks_anew();
        let mut process = self.process.take().expect("it runs");
        process.kill().unwrap();
        process.wait().unwrap();
    }

    /// Ends the additional processes where they are.
    pub fn kill9_others(&mut self) {
        for (_, mut process) in self.processes.drain(..) {
            process.kill().unwrap();
            process.wait().unwrap();
        }
    }

    /// Stops the process from working without ending it (SIGSTOP), so that a test can end it in the middle of something.
    pub fn freeze(&self) {
        self.signal("STOP");
    }

    /// Lets a frozen process go on (SIGCONT).
    pub fn thaw(&self) {
        self.signal("CONT");
    }

    fn signal(&self, name: &str) {
        let id = self.process.as_ref().expect("it runs").id().to_string();
        let sent = Command::new("sh").args(KILL).args([&format!("-{name}"), &id]).status().unwrap();
        assert!(sent.success(), "SIG{name}");
    }

    /// Asks the process to end (SIGTERM): how it ended, and how long that took.
    pub async fn terminate(&mut self) -> (ExitStatus, Duration) {
        self.looks_anew();
        let begun = Instant::now();
        self.signal("TERM");
        let mut process = self.process.take().unwrap();
        let status = until("the process ends", || {
            let ended = process.try_wait().unwrap();
            async move { ended }
        })
        .await;
        (status, begun.elapsed())
    }

    /// Runs a command of the node, whatever comes of it.
    pub async fn cli(&self, arguments: &[&str]) -> Said {
        let mut command = tokio::process::Command::from(self.program());
        command.arg("--config").arg(self.config()).args(arguments);
        command.output().await.unwrap().into()
    }

    /// Runs a command that has to succeed, and gives what it prints.
    pub async fn run(&self, arguments: &[&str]) -> String {
        let said = self.cli(arguments).await;
        assert_eq!(said.code, Some(0), "solmu {}: {}\n{}", arguments.join(" "), said.err, said.out);
        said.out.trim().to_owned()
    }

    /// Imports a text.
    pub async fn import(&self, text: &str, format: &str) -> Said {
        let file = self.path(&format!("import-{}", uuid::Uuid::new_v4().simple()));
        std::fs::write(&file, text).unwrap();
        self.cli(&["import", file.to_str().unwrap(), "--as", format]).await
    }

    /// Imports a bundle that has to go in completely.
    pub async fn import_bundle(&self, bundle: &Value) {
        let said = self.import(&bundle.to_string(), "bundle").await;
        assert_eq!(said.code, Some(0), "import: {}\n{}", said.err, said.out);
    }

    /// Gets an address of the node (or any, when it is complete).
    pub async fn get(&self, path: &str, accept: &str) -> Answer {
        self.ask(reqwest::Method::GET, path, &[("accept", accept)]).await
    }

    /// Gets an ActivityPub document that has to be there.
    pub async fn document(&self, path: &str) -> Value {
        let answer = self.get(path, super::ACTIVITY).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        answer.json()
    }

    /// Sends a request without a body.
    pub async fn ask(&self, method: reqwest::Method, path: &str, headers: &[(&str, &str)]) -> Answer {
        let url = if path.starts_with("http") { path.to_owned() } else { self.url(path) };
        let mut request = http().request(method, &url);
        for (name, value) in headers.iter().filter(|(_, value)| !value.is_empty()) {
            request = request.header(*name, *value);
        }
        let answer = request.send().await.unwrap_or_else(|error| panic!("{url}: {error}; the log:\n{}", self.log()));
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        Answer { status, headers, body: answer.text().await.unwrap() }
    }

    /// A public list of the node as JSON: all items. None as long as the node is closed, before it has said anything.
    pub async fn items(&self, list: &str) -> Vec<Value> {
        let (mut next, mut all) = (Some(list.to_owned()), Vec::new());
        while let Some(path) = next.take() {
            let answer = self.get(&path, "application/json").await;
            if answer.status == 503 && answer.body.contains(CLOSED) {
                return all;
            }
            assert_eq!(answer.status, 200, "{path}: {}", answer.body);
            let page = answer.json();
            all.extend(page["items"].as_array().unwrap_or_else(|| panic!("{path} has no items: {page}")).clone());
            next = page["next"].as_str().map(str::to_owned);
        }
        all
    }

    /// The id of the node's own actor.
    pub async fn actor(&self) -> String {
        let resource = format!("/.well-known/webfinger?resource=acct:{}@{}", self.username(), self.host());
        let jrd = self.get(&resource, "application/jrd+json").await.json();
        jrd["links"][0]["href"].as_str().expect("a self link").to_owned()
    }

    /// The id behind a page.
    pub async fn id_of(&self, page: &str) -> String {
        let answer = self.get(page, super::ACTIVITY).await;
        assert_eq!(answer.status, 303, "{page}: {}", answer.body);
        answer.header("location").to_owned()
    }

    /// The end of what it logged.
    pub fn log(&self) -> String {
        let text = std::fs::read_to_string(self.path("log")).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(30)..].join("\n")
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("── the log of {}:\n{}", self.host(), self.log());
        }
        self.looks_anew();
        for mut process in self.process.take().into_iter().chain(self.processes.drain(..).map(|(_, child)| child)) {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}
