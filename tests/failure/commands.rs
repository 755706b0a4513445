//! Commands that are killed in the middle: what is half done is finished by the next run, and nothing happens twice.

use crate::harness::{Database, Kind, Node, Said, event};
use crate::on_both_databases;
use crate::witness::{Witness, all_delivered};
use serde_json::{Value, json};
use store::{failpoint, migrate};

on_both_databases! {
    r01_an_import_killed_at_every_place;
    r23_a_migration_killed_at_every_step;
}

/// SIGABRT, which is how an armed place ends the process.
const ENDED: i32 = 6;

#[track_caller]
fn ended_there(said: &Said, place: &str) {
    assert_eq!((said.code, said.signal), (None, Some(ENDED)), "{place} was not reached: {}{}", said.out, said.err);
}

fn bundle(count: usize, blurb: &str) -> Value {
    let mut bundle = event("e", "Tapahtuma", blurb);
    let one = bundle["events"][0].clone();
    let numbered = |number: usize| {
        let mut another = one.clone();
        another["id"] = json!(format!("e-{number}"));
        another["name"] = json!(format!("Tapahtuma {number}"));
        another
    };
    bundle["events"] = (0..count).map(numbered).collect();
    bundle
}

/// Each run goes a little further before it is killed; the last one ends by itself.
async fn r01_an_import_killed_at_every_place(database: Database) {
    const EVENTS: usize = 12;
    let mut node = Node::start(Kind::Region("06"), database).await;
    let witness = Witness::following(&node).await;
    let text = bundle(EVENTS, "Lyhyesti.").to_string();
    let places = [
        "import.before_row:1",
        "write.begun:4",
        "outbox.entered:1",
        "import.after_row:2",
        "outbox.addressed:2",
        "write.before_commit:3",
        "write.after_commit:3",
        "import.before_row:8",
    ];
    for place in places {
        node.set(failpoint::VARIABLE, place);
        let said = node.import(&text, "bundle").await;
        ended_there(&said, place);
        node.unset(failpoint::VARIABLE);
        let listed = node.items("/tapahtumat").await.len();
        println!("── {place}: {listed} are there");
        assert!(listed < EVENTS, "{place}: nothing is left to kill");
    }
    assert!(!node.items("/tapahtumat").await.is_empty(), "each run began anew");
    let said = node.import(&text, "bundle").await;
    assert_eq!(said.code, Some(0), "{}", said.err);
    let mut ids: Vec<String> = Vec::new();
    for item in node.items("/tapahtumat").await {
        ids.push(item["source"]["id"].as_str().unwrap().to_owned());
    }
    assert_eq!(ids.len(), EVENTS);
    for id in &ids {
        witness.hears(id, &["Create"]).await;
    }
    all_delivered(&node).await;
    let creates = witness.arrivals("Create");
    assert!(creates.len() == EVENTS && creates.iter().all(|(_, times)| *times == 1), "{creates:#?}");
}

/// A migration that was killed is taken up by the next start, whatever step it was in, and ends with the same schema.
async fn r23_a_migration_killed_at_every_step(database: Database) {
    let mut node = Node::init(Kind::Region("06"), database).await;
    let whole = schema(&node);
    let steps = match database {
        Database::Sqlite => migrate::count().0,
        Database::Postgres => migrate::count().1,
    };
    for step in 1..=steps {
        for place in ["migrate.before_step", "migrate.after_step"] {
            node.forget_everything();
            let place = format!("{place}:{step}");
            node.set(failpoint::VARIABLE, &place);
            ended_there(&node.cli(&["migrate"]).await, &place);
            node.unset(failpoint::VARIABLE);
            let left = migrate::pending(&node.database()).unwrap().len();
            match database {
                // All steps are one transaction.
                Database::Sqlite => assert_eq!(left, steps, "{place}"),
                // Each step is one of its own.
                Database::Postgres if place.contains("before") => assert_eq!(left, steps - step + 1, "{place}"),
                Database::Postgres => assert_eq!(left, steps - step, "{place}"),
            }
            node.run(&["migrate"]).await;
            assert_eq!(migrate::pending(&node.database()).unwrap(), Vec::<String>::new(), "{place}");
            assert_eq!(schema(&node), whole, "{place}");
        }
    }
    node.serve().await;
}

/// Every column and index, by name and type, in the database's own words.
fn schema(node: &Node) -> Vec<(String, String)> {
    use diesel::prelude::*;
    #[derive(QueryableByName)]
    struct Part {
        #[diesel(sql_type = diesel::sql_types::Text)]
        name: String,
        #[diesel(sql_type = diesel::sql_types::Text)]
        what: String,
    }
    let store = store::Store::open(&node.database()).unwrap();
    let parts = store.read_now(|conn| {
        let sql = match conn {
            store::Conn::Sqlite(_) => "SELECT name, coalesce(sql, '') AS what FROM sqlite_master ORDER BY name",
            store::Conn::Postgres(_) => {
                "SELECT table_name || '.' || column_name AS name, data_type || is_nullable AS what \
                 FROM information_schema.columns WHERE table_schema = 'public' \
                 UNION ALL SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1, 2"
            }
        };
        Ok::<_, store::Error>(diesel::sql_query(sql).load::<Part>(conn)?)
    });
    parts.unwrap().into_iter().map(|part| (part.name, part.what)).collect()
}
