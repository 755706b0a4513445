//! The demo's network: real `solmu` processes on free ports of `localhost`, each with its own folder and database.
//!
//! They are run by the command line alone, as an operator would. With `--app-nodes` the first region runs as several
//! processes on one PostgreSQL database, behind a small balancer.

use super::balancer::Balancer;
use super::content::{self, REGIONS};
use crate::cli::Format;
use anyhow::{Context, bail};
use clap::ValueEnum;
use serde_json::Value;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::time::Duration;
use store::Clock;
use tokio::net::TcpListener;
use tokio::process::{Child, Command};

/// The shell's own: the program `kill` is in a package (procps) that a machine may lack.
const KILL: [&str; 3] = ["-c", "kill \"$@\"", "kill"];

/// How long a node may take until it answers.
const START: Duration = Duration::from_secs(30);

/// A node of the demo.
pub struct Node {
    program: PathBuf,
    /// Its user name.
    pub username: String,
    /// `localhost:PORT`.
    pub host: String,
    folder: PathBuf,
    /// Where its processes listen; one, or several behind the balancer.
    listen: Vec<SocketAddr>,
    processes: Vec<Child>,
    /// Held, so that it stops with the node.
    _balancer: Option<Balancer>,
    database: Option<(String, String)>,
}

/// All nodes.
pub struct Network {
    /// The regions, in the order of [`REGIONS`].
    pub regions: Vec<Node>,
    /// The national node.
    pub national: Node,
    /// The example files of each region, as they were imported.
    pub files: Vec<Vec<content::File>>,
    _temporary: Option<tempfile::TempDir>,
}

/// How the network is set up.
pub struct Plan<'a> {
    /// The program `solmu`.
    pub program: &'a Path,
    /// Where the nodes' folders are kept; a temporary folder when `None`.
    pub keep: Option<&'a Path>,
    /// A PostgreSQL server on which each node gets a database.
    pub server: Option<&'a str>,
    /// Processes of the first region.
    pub app_nodes: usize,
}

impl Network {
    /// Makes the nodes and starts them. Nothing is imported or followed yet.
    ///
    /// # Errors
    /// With the output of the command that failed.
    pub async fn start(plan: &Plan<'_>) -> anyhow::Result<Network> {
        let temporary = match plan.keep {
            Some(_) => None,
            None => Some(tempfile::Builder::new().prefix("solmu-demo-").tempdir().context("a temporary folder")?),
        };
        let root = match (plan.keep, &temporary) {
            (Some(keep), _) => keep.to_owned(),
            (None, Some(temporary)) => temporary.path().to_owned(),
            (None, None) => bail!("no folder for the nodes"),
        };
        std::fs::create_dir_all(&root).with_context(|| format!("the folder {}", root.display()))?;
        let today = content::today(Clock::System.now())?;
        let (mut regions, mut files) = (Vec::new(), Vec::new());
        for (index, region) in REGIONS.iter().enumerate() {
            let folder = root.join(region.username);
            let app_nodes = if index == 0 { plan.app_nodes } else { 1 };
            let arguments = ["--region", region.code];
            regions.push(Node::make(plan, region.username, folder.clone(), &arguments, app_nodes).await?);
            files.push(region.write(&folder.join("content"), &today)?);
        }
        let folder = root.join("kansallinen");
        let mut national = Node::make(plan, "kansallinen", folder, &["--role", "national"], 1).await?;
        for node in regions.iter_mut().chain([&mut national]) {
            node.start().await?;
        }
        Ok(Network { regions, national, files, _temporary: temporary })
    }

    /// Stops every node in the way an operator does, and removes the databases that were made for them.
    ///
    /// # Errors
    /// When a node does not stop.
    pub async fn stop(mut self) -> anyhow::Result<()> {
        for node in self.regions.iter_mut().chain([&mut self.national]) {
            node.terminate().await?;
            node.drop_database()?;
        }
        Ok(())
    }
}

impl Node {
    async fn make(
        plan: &Plan<'_>,
        username: &str,
        folder: PathBuf,
        arguments: &[&str],
        app_nodes: usize,
    ) -> anyhow::Result<Node> {
        let (port, balancer, listen) = if app_nodes > 1 {
            let mut behind = Vec::new();
            for _ in 0..app_nodes {
                behind.push(free_address().await?);
            }
            let balancer = Balancer::start(behind.clone()).await?;
            (balancer.port(), Some(balancer), behind)
        } else {
            let address = free_address().await?;
            (address.port(), None, vec![address])
        };
        let host = format!("localhost:{port}");
        let database = match plan.server {
            Some(server) => {
                let name = format!("solmu_demo_{username}_{port}");
                store::server::create_database(server, &name).context("--database")?;
                Some((server.to_owned(), name))
            }
            None => None,
        };
        let node = Node {
            program: plan.program.to_owned(),
            username: username.to_owned(),
            host: host.clone(),
            folder: folder.clone(),
            listen,
            processes: Vec::new(),
            _balancer: balancer,
            database,
        };
        let mut command = node.command();
        command.arg("init").args(arguments).args(["--domain", &host]).arg("--dir").arg(&folder);
        if let Some(url) = node.database_url()? {
            command.args(["--database", &url]);
        }
        succeeded(command.output().await?, "solmu init")?;
        Ok(node)
    }

    fn database_url(&self) -> anyhow::Result<Option<String>> {
        let Some((server, name)) = &self.database else { return Ok(None) };
        let mut url = url::Url::parse(server)?;
        url.set_path(name);
        Ok(Some(url.into()))
    }

    fn drop_database(&mut self) -> anyhow::Result<()> {
        match self.database.take() {
            Some((server, name)) => Ok(store::server::drop_database(&server, &name)?),
            None => Ok(()),
        }
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.stdin(Stdio::null()).kill_on_drop(true).env_remove("SOLMU_CONFIG");
        command
    }

    /// The node's configuration file.
    pub fn config(&self) -> PathBuf {
        self.folder.join("solmu.toml")
    }

    /// An address of the node; `path` begins with `/`.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.host)
    }

    /// `@name@localhost:PORT`.
    pub fn handle(&self) -> String {
        format!("@{}@{}", self.username, self.host)
    }

    /// Starts the node's processes and waits until they answer.
    ///
    /// # Errors
    /// When one does not answer in time; with its log.
    pub async fn start(&mut self) -> anyhow::Result<()> {
        for (index, address) in self.listen.clone().into_iter().enumerate() {
            let log = std::fs::OpenOptions::new()
                .create(true)
                .append(true)
                .open(self.folder.join(format!("node-{index}.log")))
                .context("the log of a node")?;
            let mut command = self.command();
            command
                .arg("serve")
                .arg("--config")
                .arg(self.config())
                .env("SOLMU__SERVER__LISTEN", address.to_string())
                .stdout(Stdio::null())
                .stderr(log);
            self.processes.push(command.spawn().context("solmu serve")?);
        }
        for address in &self.listen {
            self.answers(*address).await?;
        }
        Ok(())
    }

    /// Waits until a process answers its health check.
    async fn answers(&self, address: SocketAddr) -> anyhow::Result<()> {
        let http = reqwest::Client::builder().no_proxy().build()?;
        let up = async {
            loop {
                let answer = http.get(format!("http://{address}/healthz")).send().await;
                if answer.is_ok_and(|answer| answer.status().is_success()) {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(25)).await;
            }
        };
        if tokio::time::timeout(START, up).await.is_err() {
            bail!("{} does not answer on {address}; its log:\n{}", self.username, self.log());
        }
        Ok(())
    }

    /// The end of the first process's log.
    pub fn log(&self) -> String {
        let text = std::fs::read_to_string(self.folder.join("node-0.log")).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }

    /// Stops the processes where they are (SIGSTOP): they do nothing more, but the database can be written to. One that
    /// was caught inside a transaction is let go on and stopped once more.
    ///
    /// # Errors
    /// When the signal cannot be sent, or the database stays locked.
    pub async fn freeze(&self) -> anyhow::Result<()> {
        for _ in 0..20 {
            self.signal("STOP").await?;
            let writes = tokio::time::timeout(Duration::from_secs(2), self.try_run(&["status"])).await;
            if writes.is_ok_and(|output| output.is_ok_and(|output| output.status.success())) {
                return Ok(());
            }
            self.signal("CONT").await?;
        }
        bail!("{} holds its database whenever it is stopped", self.username)
    }

    /// Kills the processes (SIGKILL): they can finish nothing.
    ///
    /// # Errors
    /// When they cannot be killed.
    pub async fn kill(&mut self) -> anyhow::Result<()> {
        for mut process in self.processes.drain(..) {
            process.kill().await.context("SIGKILL")?;
        }
        Ok(())
    }

    /// Stops the processes in the way an operator does (SIGTERM) and waits for their end.
    ///
    /// # Errors
    /// When one does not end within fifteen seconds, or with an error.
    pub async fn terminate(&mut self) -> anyhow::Result<()> {
        self.signal("TERM").await?;
        for mut process in self.processes.drain(..) {
            let ended = tokio::time::timeout(Duration::from_secs(15), process.wait()).await;
            let status = ended.with_context(|| format!("{} does not stop", self.username))??;
            if !status.success() {
                bail!("{} stopped with {status}", self.username);
            }
        }
        Ok(())
    }

    async fn signal(&self, name: &str) -> anyhow::Result<()> {
        for process in &self.processes {
            let Some(id) = process.id() else { continue };
            let sent = Command::new("sh").args(KILL).args([&format!("-{name}"), &id.to_string()]).status().await;
            if !sent.context("kill")?.success() {
                bail!("SIG{name} could not be sent to {}", self.username);
            }
        }
        Ok(())
    }

    /// Runs a command of the node and gives what it prints.
    ///
    /// # Errors
    /// With what it says on stderr when it fails.
    pub async fn run(&self, arguments: &[&str]) -> anyhow::Result<String> {
        let output = self.try_run(arguments).await?;
        succeeded(output, &format!("solmu {}", arguments.join(" ")))
    }

    /// Runs a command of the node, whatever comes of it.
    ///
    /// # Errors
    /// When it cannot be started.
    pub async fn try_run(&self, arguments: &[&str]) -> anyhow::Result<Output> {
        let mut command = self.command();
        command.arg("--config").arg(self.config()).args(arguments);
        Ok(command.output().await?)
    }

    /// Imports a file.
    ///
    /// # Errors
    /// With what the command says.
    pub async fn import(&self, file: &Path, format: Format) -> anyhow::Result<Output> {
        let name = format.to_possible_value().context("a format")?;
        self.try_run(&["import", &file.to_string_lossy(), "--as", name.get_name()]).await
    }

    /// `solmu status --json`.
    ///
    /// # Errors
    /// When the command fails.
    pub async fn status(&self) -> anyhow::Result<Value> {
        Ok(serde_json::from_str(&self.run(&["status", "--json"]).await?)?)
    }
}

fn succeeded(output: Output, what: &str) -> anyhow::Result<String> {
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    bail!("`{what}` failed: {}", String::from_utf8_lossy(&output.stderr).trim())
}

async fn free_address() -> anyhow::Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").await.context("a free port")?;
    Ok(listener.local_addr()?)
}
