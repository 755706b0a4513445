//! A start that cannot succeed says why, in plain words, everything at once, and leaves what is there alone.

use crate::harness::{Database, Kind, Node, Said};
use diesel::connection::SimpleConnection;
use std::process::Command;
use store::each;

fn refused(said: &Said, words: &[&str]) {
    assert_eq!(said.code, Some(1), "{}", said.err);
    for word in words {
        assert!(said.err.contains(word), "`{word}` is not told: {}", said.err);
    }
    for inside in ["panicked", "Err(", "unwrap", "secret"] {
        assert!(!said.err.contains(inside), "{}", said.err);
    }
}

#[tokio::test]
async fn a_busy_port() {
    let node = Node::start(Kind::Region("06"), Database::Sqlite).await;
    let said = node.fails_to_serve(&[]).await;
    refused(&said, &["cannot listen on 127.0.0.1:", "another node"]);
    assert_eq!(node.get("/healthz", "").await.status, 200, "the first one goes on");
}

#[tokio::test]
async fn every_problem_of_the_configuration_at_once() {
    let node = Node::init(Kind::Region("06"), Database::Sqlite).await;
    let said = node
        .fails_to_serve(&[
            ("SOLMU__DATABASE__URL", "postgers://solmu:secret@db.example/solmu"),
            ("SOLMU__SERVER__LISTEN", "nowhere"),
            ("SOLMU__FEDERATION__USER_AGNET", "x"),
            ("SOLMU__LOG__FORMAT", "yaml"),
        ])
        .await;
    refused(&said, &["database", "listen", "user_agnet", "user_agent", "format"]);
    let said = node
        .fails_to_serve(&[
            ("SOLMU__DOMAIN", "pirkanmaa.example"),
            ("SOLMU__FEDERATION__ALLOW_PRIVATE_ADDRESSES", "true"),
        ])
        .await;
    refused(&said, &["allow_private_addresses"]);
}

#[tokio::test]
async fn a_database_that_is_not_there() {
    let node = Node::init(Kind::Region("06"), Database::Sqlite).await;
    let said = node.fails_to_serve(&[("SOLMU__DATABASE__URL", "postgres://solmu:secret@127.0.0.1:1/solmu")]).await;
    refused(&said, &["database", "127.0.0.1"]);
    let missing = node.path("nowhere/solmu.db");
    let said = node.fails_to_serve(&[("SOLMU__DATABASE__URL", &format!("sqlite:{}", missing.display()))]).await;
    refused(&said, &["nowhere", "does not exist"]);
    assert!(!missing.parent().unwrap().exists(), "no folder is made by mistake");
    // A slip of the pen must not begin another node under the same name.
    let missing = node.path("sulmo.db");
    let said = node.fails_to_serve(&[("SOLMU__DATABASE__URL", &format!("sqlite:{}", missing.display()))]).await;
    refused(&said, &["no node in the database", "sulmo.db", "solmu init"]);
    assert!(!missing.exists(), "nothing is made");
    let rubbish = node.path("rubbish.db");
    std::fs::write(&rubbish, "no database ".repeat(500)).unwrap();
    let said = node.fails_to_serve(&[("SOLMU__DATABASE__URL", &format!("sqlite:{}", rubbish.display()))]).await;
    refused(&said, &["rubbish.db"]);
}

#[tokio::test]
async fn an_empty_database_of_a_server() {
    let node = Node::init(Kind::Region("06"), Database::Postgres).await;
    node.forget_everything();
    let said = node.fails_to_serve(&[]).await;
    refused(&said, &["no node in the database", "solmu init"]);
}

#[tokio::test]
async fn a_database_that_a_newer_program_has_changed() {
    let node = Node::init(Kind::Region("06"), Database::Sqlite).await;
    let step = "INSERT INTO __diesel_schema_migrations (version) VALUES ('29990101000001')";
    node.store().write_now(|conn| Ok::<_, store::Error>(each!(conn, c => c.batch_execute(step))?)).unwrap();
    let said = node.fails_to_serve(&[]).await;
    refused(&said, &["a newer version of solmu", "29990101000001"]);
}

#[tokio::test]
async fn the_database_of_another_node() {
    let (one, other) = (
        Node::init(Kind::Region("06"), Database::Sqlite).await,
        Node::init(Kind::Region("13"), Database::Sqlite).await,
    );
    let theirs = format!("sqlite:{}", one.path("solmu.db").display());
    let said = other.fails_to_serve(&[("SOLMU__DATABASE__URL", &theirs)]).await;
    refused(&said, &["this database is the one of", &one.host()]);
}

#[tokio::test]
async fn commands_say_what_they_do_not_know() {
    let node = Node::init(Kind::Region("06"), Database::Sqlite).await;
    for (arguments, code) in [
        (&["publish", "tuntematon"] as &[&str], 1),
        (&["delete", "http://other.example/ap/events/1"], 1),
        (&["follow", "nonsense"], 1),
        (&["follow", "@x@localhost:1"], 1),
        (&["inbox", "retry", "4711"], 1),
        (&["frobnicate"], 2),
        (&["import", "no-such-file", "--as", "bundle"], 1),
        (&["backup", "/nowhere/at/all.db"], 1),
    ] {
        let said = node.cli(arguments).await;
        assert_eq!(said.code, Some(code), "{arguments:?}: {}", said.err);
        assert!(!said.err.trim().is_empty() && !said.err.contains("panicked"), "{arguments:?}: {}", said.err);
    }
    // Nobody reads any more what it prints, as after `| head`.
    for arguments in [&["status"] as &[&str], &["status", "--json"], &["config", "example"]] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = Command::new(env!("CARGO_BIN_EXE_solmu"));
        command.arg("--config").arg(node.config()).args(arguments).stdout(writer);
        let said: Said = command.output().unwrap().into();
        assert_eq!(said.code, Some(141), "{arguments:?}: {}", said.err);
        assert!(!said.err.contains("panicked") && !said.err.contains("pipe"), "{arguments:?}: {}", said.err);
    }
}

/// Two processes that start together on a database without tables.
#[tokio::test]
async fn two_migrate_one_new_database_at_once() {
    for database in [Database::Sqlite, Database::Postgres] {
        let node = Node::init(Kind::Region("06"), database).await;
        match database {
            Database::Sqlite => ["solmu.db", "solmu.db-wal", "solmu.db-shm"].iter().for_each(|name| {
                // The journals are there only while something is written.
                let _ = std::fs::remove_file(node.path(name));
            }),
            Database::Postgres => node.empty_database(),
        }
        let (one, two) = tokio::join!(node.cli(&["migrate"]), node.cli(&["migrate"]));
        assert_eq!((one.code, two.code), (Some(0), Some(0)), "{database:?}: {}{}", one.err, two.err);
        let (one, two) = tokio::join!(node.cli(&["status"]), node.cli(&["status"]));
        assert_eq!((one.code, two.code), (Some(0), Some(0)), "{database:?}: {}{}", one.err, two.err);
    }
}
