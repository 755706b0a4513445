//! `solmu demo` as somebody has it who only wants to look: it says what to open and whom to try, stays until Ctrl-C, and
//! leaves its files where `--keep` says.

use crate::harness::{KILL, http, until};
use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Child;

/// The demo; a test that fails stops it too, so that its nodes do not stay.
struct Demo(Child);

impl Demo {
    fn keeping(folder: &Path, log: &Path) -> Demo {
        let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_solmu"));
        command.args(["demo", "--keep"]).arg(folder).stdin(Stdio::null()).stdout(Stdio::piped());
        Demo(command.stderr(File::create(log).unwrap()).spawn().unwrap())
    }

    /// Everything that it prints until it waits for Ctrl-C.
    async fn says(&mut self) -> String {
        let mut lines = BufReader::new(self.0.stdout.take().unwrap()).lines();
        let mut said = String::new();
        while let Some(line) = lines.next_line().await.unwrap() {
            said.push_str(&line);
            said.push('\n');
            if line.starts_with("Ctrl-C") {
                // What it says after this is read as well, or it would have nobody to say it to.
                tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
                return said;
            }
        }
        panic!("it ended by itself:\n{said}");
    }

    /// Ctrl-C.
    fn interrupt(&self) {
        if let Some(id) = self.0.id() {
            let _ = Command::new("sh").args(KILL).args(["-INT", &id.to_string()]).status();
        }
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        self.interrupt();
    }
}

/// What stands between two texts.
fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let rest = text.split(before).nth(1).unwrap_or_else(|| panic!("no {before} in:\n{text}"));
    rest.split(after).next().unwrap().trim()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_demo_is_open_until_ctrl_c_and_keeps_its_files() {
    let folder = tempfile::tempdir().unwrap();
    let (kept, log) = (folder.path().join("network"), folder.path().join("log"));
    let mut demo = Demo::keeping(&kept, &log);
    let said = demo.says().await;
    for node in ["national node", "pirkanmaa", "etela_pohjanmaa", "keski_suomi"] {
        assert!(said.contains(&format!("  {node:<16} http://localhost:")), "{node} in:\n{said}");
    }
    let page = between(&said, &format!("  {:<16} ", "pirkanmaa"), " ");
    let answer = http().get(page).header("accept", "text/html").send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 200, "{page}");
    assert!(answer.text().await.unwrap().contains("Pirkanmaa"), "{page}");
    let handle = between(&said, "speaks ActivityPub: @", "\n");
    let host = handle.split('@').nth(1).unwrap();
    let finger = format!("http://{host}/.well-known/webfinger?resource=acct:{handle}");
    assert_eq!(http().get(&finger).send().await.unwrap().status().as_u16(), 200, "{finger}");

    demo.interrupt();
    let ended = until("the demo ends", || {
        let ended = demo.0.try_wait().unwrap();
        async move { ended }
    })
    .await;
    assert_eq!(ended.code(), Some(0), "{}", std::fs::read_to_string(&log).unwrap());
    assert!(http().get(page).send().await.is_err(), "its nodes are stopped");
    for node in ["kansallinen", "pirkanmaa", "etela_pohjanmaa", "keski_suomi"] {
        for file in ["solmu.toml", "solmu.db", "node-0.log"] {
            assert!(kept.join(node).join(file).is_file(), "{node}/{file} is kept");
        }
    }
}
