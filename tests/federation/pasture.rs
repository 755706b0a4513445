//! `verify_actor` of fediverse-pasture: six actors of a server in Python, by bovine's HTTP signatures. Two of them send
//! without a signature and have to be refused; four sign, and have to be taken: with and without a username, and with
//! documents that are shown to signed requests alone.

use crate::harness::{Database, Kind, Node, Port, http, until_true};
use crate::on_both_databases;
use serde_json::{Value, json};
use std::process::{Child, Command, Stdio};

on_both_databases! {
    verify_actor;
}

/// Where `cargo xtask test` puts it.
const PYTHON: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/pasture/bin/python");

/// The server. It ends with this value.
struct Pasture {
    process: Child,
    port: Port,
    folder: tempfile::TempDir,
}

impl Pasture {
    async fn start() -> Pasture {
        assert!(
            std::path::Path::new(PYTHON).exists(),
            "fediverse-pasture is missing: run the tests by `cargo xtask test`, which puts it into target/pasture"
        );
        // It keeps its keys in the folder in which it runs.
        let (port, folder) = (Port::take(), tempfile::tempdir().unwrap());
        let domain = format!("localhost:{}", port.number);
        let log = std::fs::File::create(folder.path().join("log")).unwrap();
        let process = Command::new(PYTHON)
            .args(["-m", "fediverse_pasture.verify_actor", "--port", &port.number.to_string(), "--domain", &domain])
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        let pasture = Pasture { process, port, folder };
        let url = pasture.url("/actor");
        until_true("fediverse-pasture answers", || async {
            http().get(&url).send().await.is_ok_and(|answer| answer.status().is_success())
        })
        .await;
        pasture
    }

    fn url(&self, path: &str) -> String {
        format!("http://localhost:{}{path}", self.port.number)
    }

    /// Lets all six look at an actor and write to it.
    async fn verifies(&self, actor: &str) -> Value {
        let mut url = url::Url::parse(&self.url("/")).unwrap();
        url.query_pairs_mut().append_pair("actor_uri", actor);
        let answer = http().get(url).header("accept", "application/json").send().await.unwrap();
        let (status, text) = (answer.status(), answer.text().await.unwrap());
        assert!(status.is_success(), "{status}: {text}\n{}", self.log());
        serde_json::from_str(&text).unwrap()
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

impl Drop for Pasture {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

async fn verify_actor(database: Database) {
    let node = Node::start(Kind::Region("06"), database).await;
    let pasture = Pasture::start().await;
    for actor in [node.actor().await, node.handle()] {
        let said = pasture.verifies(&actor).await;
        let may = |post: bool| json!({"get_actor": true, "post_inbox": post});
        let expected = json!({
            "alice": may(false), "dean": may(false),
            "bob": may(true), "claire": may(true), "emily": may(true), "frank": may(true),
            "webfinger": true,
        });
        let messages = said["messages"].as_str().unwrap_or_default();
        assert_eq!(said["result"], expected, "{messages}\n{}\n{}", pasture.log(), node.log());
    }
    // What the four sent was taken in: one `Like` each, twice.
    let rows = node.inbox().await;
    let from_there =
        rows.iter().filter(|row| row["sender"].as_str().is_some_and(|url| url.starts_with(&pasture.url(""))));
    assert_eq!(from_there.count(), 8, "{rows:#?}");
}
