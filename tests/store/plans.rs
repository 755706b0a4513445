//! Which way the database takes to what it is asked: nothing that is asked again and again reads a whole table that grows with
//! the network, and what is asked for by its addresses is looked up by them, however many they are.
//!
//! Two nodes run in this process, one follows the other, and every statement of their life is written down. Then SQLite is asked
//! for its plan of each. A plan that scans a table is only allowed to those that are listed here, each with its reason. (PostgreSQL
//! has the same indexes, by [`crate::parity`], and chooses by what is in the tables, which is next to nothing here.)

use crate::harness::{Database, Kind, Node, event, organisation, producer_row, producers, task, until_true};
use clap::Parser;
use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};
use diesel::prelude::*;
use diesel::sql_types::{Integer, Text};
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

/// Statements as they were sent, without their values.
static ASKED: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

struct Listener;

impl Instrumentation for Listener {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            let text = query.to_string();
            let statement = text.split(" -- binds: ").next().unwrap_or_default();
            let mut asked = ASKED.lock().unwrap_or_else(PoisonError::into_inner);
            if !asked.contains(statement) {
                asked.insert(statement.to_owned());
            }
        }
    }
}

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = Integer)]
    #[allow(dead_code)]
    id: i32,
    #[diesel(sql_type = Text)]
    detail: String,
}

/// A command, in this process.
async fn run(node: &Node, arguments: &[&str]) {
    let config = node.config();
    let all = ["solmu", "--config", config.to_str().unwrap()].into_iter().chain(arguments.iter().copied());
    let code = server::run(server::cli::Cli::parse_from(all)).await.unwrap();
    assert_eq!(format!("{code:?}"), format!("{:?}", std::process::ExitCode::SUCCESS), "{arguments:?}");
}

async fn import(node: &Node, text: &str, format: &str) {
    let file = node.path("import");
    std::fs::write(&file, text).unwrap();
    run(node, &["import", file.to_str().unwrap(), "--as", format]).await;
}

/// Lets a node serve in this process.
async fn serve(node: &Node) {
    let config = node.config();
    let cli = server::cli::Cli::parse_from(["solmu", "--config", config.to_str().unwrap(), "serve"]);
    tokio::spawn(async move { server::run(cli).await.unwrap() });
    let health = node.url("/healthz");
    let client = crate::harness::http();
    until_true("it answers", || async { client.get(&health).send().await.is_ok_and(|answer| answer.status() == 200) })
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_reads_more_of_a_table_than_it_needs() {
    set_default_instrumentation(|| Some(Box::new(Listener))).unwrap();
    let region = Node::init(Kind::Region("06"), Database::Sqlite).await;
    let national = Node::init(Kind::National, Database::Sqlite).await;
    live(&region, &national).await;

    let file = format!("sqlite:{}", region.path("solmu.db").display());
    let store = store::Store::open(&file.parse().unwrap()).unwrap();
    let asked = ASKED.lock().unwrap().clone();
    assert!(asked.len() > 200, "only {} statements: is anybody listening?", asked.len());
    let few = partial_indexes(&store);
    let (mut found, mut pardoned) = (Vec::new(), BTreeSet::new());
    for statement in asked.iter().filter(|one| is_planned(one)) {
        let scans: Vec<String> = plan(&store, statement).into_iter().filter(|step| reads_all(step, &few)).collect();
        match SELDOM.iter().find(|(part, _)| statement.contains(part)) {
            _ if scans.is_empty() => {}
            Some((part, _)) => drop(pardoned.insert(*part)),
            None => found.push(format!("{}\n    {statement}", scans.join("; "))),
        }
    }
    let listed: Vec<_> = asked.iter().filter(|one| is_planned(one) && one.contains("`url` IN (?")).collect();
    assert!(listed.len() > 3, "only {listed:?}: is nothing asked for by its addresses?");
    for statement in listed {
        let plan = plan(&store, &of_many(statement));
        if !plan.iter().any(|step| step.contains("(url=?)")) {
            found.push(format!("not by its addresses: {}\n    {statement}", plan.join("; ")));
        }
    }
    assert!(found.is_empty(), "{} statements read too much:\n{}", found.len(), found.join("\n"));
    let needless: Vec<_> = SELDOM.iter().filter(|(part, _)| !pardoned.contains(part)).collect();
    assert!(needless.is_empty(), "these need no pardon any more: {needless:?}");
}

/// Tables that grow with the network: with who follows, what others publish, what is said and sent.
const GROWING: [&str; 12] = [
    "actors",
    "objects",
    "activities",
    "follows",
    "inbox_items",
    "deliveries",
    "delivery_attempts",
    "replies",
    "reactions",
    "quotes",
    "searchable",
    "taken_back",
];

/// What may read all of a table, by a part of the statement, and why.
const SELDOM: [(&str, &str); 9] = [
    ("DELETE FROM", "retention, four times a day"),
    ("UPDATE `inbox_items` SET `body`", "retention, four times a day"),
    (
        "UPDATE `deliveries` SET `state` = ?, `finished_at`",
        "what hosts did not take in all its time is given up, every hour",
    ),
    ("SELECT COUNT(*) FROM `actors`", "`solmu status`"),
    ("SELECT COUNT(*) FROM `objects`", "`solmu status`"),
    (" GROUP BY ", "`solmu status`"),
    ("ORDER BY `deliveries`.`id` DESC LIMIT", "`solmu queue`, which reads backwards until it has enough"),
    ("FROM `activities` WHERE EXISTS", "`solmu queue`, which reads backwards until it has enough"),
    ("ORDER BY `inbox_items`.`id` DESC LIMIT", "`solmu inbox`, which reads backwards until it has enough"),
];

fn is_planned(statement: &str) -> bool {
    // Without anything to look for, nothing is read.
    let is_for_nothing = statement.contains("(1=0)");
    let verb = statement.split_whitespace().next().unwrap_or_default();
    !is_for_nothing && ["SELECT", "UPDATE", "DELETE", "INSERT", "WITH"].contains(&verb)
}

fn plan(store: &store::Store, statement: &str) -> Vec<String> {
    let steps: Vec<Step> = store
        .read_now(|conn| {
            let explained = diesel::sql_query(format!("EXPLAIN QUERY PLAN {statement}"));
            store::each!(conn, c => explained.load(c)).map_err(store::Error::from)
        })
        .unwrap_or_else(|error| panic!("{statement}: {error}"));
    steps.into_iter().map(|step| step.detail).collect()
}

/// The statement with a hundred values in each of its lists: SQLite plans for as many as there are.
fn of_many(statement: &str) -> String {
    let mut parts = statement.split("IN (?");
    let mut many = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = part.trim_start_matches(", ?");
        many.push_str(&format!("IN (?{}{rest}", ", ?".repeat(99)));
    }
    many
}

/// `SCAN table`, and not by an index that holds only a few of its rows.
fn reads_all(step: &str, few: &[String]) -> bool {
    let mut words = step.split_whitespace();
    let is_scan = words.next() == Some("SCAN") && words.next().is_some_and(|table| GROWING.contains(&table));
    is_scan && !words.any(|word| few.iter().any(|index| index == word))
}

#[derive(QueryableByName)]
struct Named {
    #[diesel(sql_type = Text)]
    name: String,
}

/// The indexes with a condition.
fn partial_indexes(store: &store::Store) -> Vec<String> {
    let named = diesel::sql_query("SELECT name FROM sqlite_master WHERE type = 'index' AND sql LIKE '% WHERE %'");
    let found: Vec<Named> =
        store.read_now(|conn| store::each!(conn, c => named.load(c)).map_err(store::Error::from)).unwrap();
    found.into_iter().map(|row| row.name).collect()
}

/// What happens in a network: things are imported, published, followed, changed, read, searched, taken back.
async fn live(region: &Node, national: &Node) {
    serve(region).await;
    serve(national).await;
    import(region, &organisation("osuuskunta", "Osuuskunta").to_string(), "bundle").await;
    import(region, &event("ensin", "Iltakahvit", "Lyhyesti.").to_string(), "bundle").await;
    import(region, &task("t", "Tuottaja kiertueelle", "open").to_string(), "bundle").await;
    import(region, &producers(&[producer_row("p", "Maija Esimerkki", "Ensin", "maija")]), "producers-csv").await;
    run(national, &["follow", &region.handle()]).await;
    until_true("the past is read", || async { national.items("/tuottajat").await.len() == 1 }).await;
    import(region, &event("ensin", "Iltakahvit", "Muutettu.").to_string(), "bundle").await;
    import(region, &event("sitten", "Aamukahvit", "Lyhyesti.").to_string(), "bundle").await;
    until_true("what is new arrives", || async { national.items("/tapahtumat").await.len() == 2 }).await;
    let commands: [&[&str]; 9] = [
        &["cancel", "aamukahvit"],
        &["close", "tuottaja-kiertueelle"],
        &["delete", "iltakahvit"],
        &["status"],
        &["queue"],
        &["queue", "--failed"],
        &["inbox"],
        &["peers"],
        &["reports"],
    ];
    for command in commands {
        run(region, command).await;
    }
    until_true("it is gone there", || async { national.items("/tapahtumat").await.len() == 1 }).await;
    for node in [region, national] {
        let actor = node.actor().await;
        let path = actor.strip_prefix(&node.url("")).unwrap().to_owned();
        for document in ["", "/outbox", "/outbox?page=0", "/followers", "/following", "/featured", "/upcoming"] {
            node.get(&format!("{path}{document}"), crate::harness::ACTIVITY).await;
        }
        for page in [
            "/",
            "/tapahtumat",
            "/tapahtumat?region=06",
            "/tapahtumat.ics",
            "/tapahtumat.atom",
            "/tapahtumat?month=2026-12",
            "/tapahtumat?view=map&q=kahvit",
            "/tapahtumat/aamukahvit",
            "/tehtavat",
            "/tehtavat?skill=tk:live-night",
            "/tehtavat.atom",
            "/tehtavat/tuottaja-kiertueelle",
            "/tuottajat",
            "/tuottajat?field=music&language=fi&q=maija",
            "/tuottajat.atom",
            "/@maija",
            "/organisaatiot",
            "/organisaatiot.atom",
            "/@osuuskunta",
            "/alueet",
            "/search?q=kahvit",
            "/seuraa?handle=@a@b.example",
            "/tietoa",
            "/sitemap.xml",
            "/nodeinfo/2.1",
            "/sign-in",
        ] {
            node.get(page, "text/html").await;
        }
    }
}
