//! Other servers that answer with errors, slowly, or not at all. When something is tried again is a table of its own
//! (`federation::delivery::schedule`); here it is planned, kept over a restart, and tried when the server shows life.

use crate::harness::{Database, Kind, Net, Node, Reply, event, harness_now, until, until_true};
use crate::killing::many_events;
use crate::on_both_databases;
use crate::witness::{Witness, all_delivered};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};
use store::Timestamp;

on_both_databases! {
    c58_a_server_in_trouble_gets_everything_later_in_order;
    c59_what_the_answers_lead_to;
    r08_p16_an_inbox_that_is_gone_for_good;
    c63_a_server_that_never_answers_delays_nobody;
    f29_a_slow_sender_keeps_no_other_waiting;
    r18_a_node_that_was_away_catches_up;
}

/// Requests that a server may get that has trouble, however much waits for it.
const FEW: usize = 20;

/// What `solmu status --json` tells, as `docs/reference/cli.md` lists it.
const STATUS: [&str; 16] = [
    "version",
    "role",
    "domain",
    "database",
    "actors",
    "followers",
    "following",
    "objects",
    "inbox",
    "deliveries",
    "oldest_pending_delivery",
    "oldest_pending_seconds",
    "backfills_waiting",
    "peers",
    "reports",
    "alarms",
];

/// Seconds from now until the row is tried again.
fn due_in(row: &Value) -> i64 {
    let at: jiff::Timestamp = row["next_at"].as_str().unwrap().parse().unwrap();
    at.as_second() - harness_now()
}

/// The only row of the queue, when it was tried this often.
async fn tried(node: &Node, activity: &str, attempts: i64) -> Value {
    until(&format!("{activity} was tried {attempts} times"), || async {
        let rows = node.queue(false).await;
        rows.into_iter().find(|row| row["activity"] == activity && row["attempts"] == attempts)
    })
    .await
}

async fn c58_a_server_in_trouble_gets_everything_later_in_order(database: Database) {
    let mut node = Node::start(Kind::Region("06"), database).await;
    let witness = Witness::following(&node).await;
    witness.answers(Reply::status(500));
    node.import_bundle(&event("e", "Iltaklubi", "Ensin.")).await;
    let id = node.id_of("/tapahtumat/iltaklubi").await;
    let row = tried(&node, &format!("{id}/activity"), 1).await;
    assert_eq!(row["last_status"], 500);
    assert!((30..=75).contains(&due_in(&row)), "about a minute: {row}");
    check_status(&node).await;

    println!("── what comes later waits behind it, and of two changes the newer one with the text under it");
    node.import_bundle(&event("e", "Iltaklubi", "Sitten.")).await;
    node.run(&["cancel", "iltaklubi"]).await;
    let waiting = node.queue(false).await;
    assert_eq!(waiting.len(), 3, "{waiting:#?}");
    assert_eq!(witness.story(&id), ["Create"], "nothing overtakes");

    println!("── over a restart too");
    node.terminate().await;
    node.serve().await;
    let row = tried(&node, &format!("{id}/activity"), 1).await;
    assert!(due_in(&row) <= 75, "{row}");

    println!("── the server shows life, and gets all of it");
    let tries = witness.site.journal().len();
    witness.answers(Reply::status(202));
    witness.speak("Like", json!(node.actor().await)).await;
    witness.hears(&id, &["Create", "Update"]).await;
    all_delivered(&node).await;
    let posts: Vec<_> = witness.site.journal()[tries..].iter().filter(|seen| seen.method == "POST").cloned().collect();
    let (first, again) =
        (witness.site.journal().into_iter().find(|seen| seen.body["type"] == "Create").unwrap(), &posts[0]);
    assert_eq!(first.body["id"], again.body["id"], "the same activity");
    // Signed anew, since some servers take no `Date` that is older than five minutes.
    for seen in [&first, again] {
        let date = federation::signature::date_to_timestamp(seen.headers["date"].to_str().unwrap()).unwrap();
        assert!((seen.at - date.as_millis()).abs() < 5000, "dated {} ms before it came", seen.at - date.as_millis());
    }
    let status = node.status().await;
    assert_eq!(status["peers"]["failing"], 0);
    assert!(status["oldest_pending_delivery"].is_null() && status["oldest_pending_seconds"].is_null(), "{status}");
}

/// Everything that `solmu status --json` promises, while one delivery waits for the only other server.
async fn check_status(node: &Node) {
    let status: Value = serde_json::from_str(&node.run(&["status", "--json"]).await).unwrap();
    for (whole, keys) in [
        (&status, &STATUS[..]),
        (&status["actors"], &["own", "remote"][..]),
        (&status["objects"], &["own", "remote", "tombstones"][..]),
        (&status["inbox"], &["done", "failed", "ignored", "waiting"][..]),
        (&status["deliveries"], &["delivered", "given_up", "skipped", "superseded", "waiting"][..]),
        (&status["peers"], &["blocked", "failing", "ok"][..]),
    ] {
        let told: BTreeSet<&str> = whole.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(told, keys.iter().copied().collect::<BTreeSet<&str>>(), "{status}");
    }
    let (version, database) = (env!("CARGO_PKG_VERSION"), node.database().to_string());
    assert_eq!((&status["version"], &status["role"]), (&json!(version), &json!("region")));
    assert_eq!((&status["domain"], &status["database"]), (&json!(node.host()), &json!(database)));
    assert_eq!((&status["peers"]["failing"], &status["deliveries"]["waiting"]), (&json!(1), &json!(1)), "{status}");
    let oldest: jiff::Timestamp = status["oldest_pending_delivery"].as_str().unwrap().parse().unwrap();
    let (age, told) = (harness_now() - oldest.as_second(), status["oldest_pending_seconds"].as_i64().unwrap());
    assert!((0..=90).contains(&age) && (0..=10).contains(&(age - told)), "it waits for {age} seconds: {status}");
}

async fn c59_what_the_answers_lead_to(database: Database) {
    let node = Node::start(Kind::Region("06"), database).await;
    let bystander = Witness::following(&node).await;
    let trap = crate::harness::Site::start().await;
    let given_up = |status: u16| (Reply::status(status), None);
    let cases = [
        (given_up(400), 400),
        (given_up(404), 404),
        (given_up(405), 405),
        (given_up(410), 410),
        (given_up(413), 413),
        ((Reply::status(401), Some(30..=75)), 401),
        ((Reply::status(403), Some(30..=75)), 403),
        ((Reply::status(429).with("retry-after", "120"), Some(90..=125)), 429),
        ((Reply::status(503).with("retry-after", "600"), Some(550..=605)), 503),
        ((Reply::status(502), Some(5..=15)), 502),
        ((Reply::redirect(&trap.url("/inbox")), Some(30..=75)), 302),
    ];
    let mut witnesses = Vec::new();
    for ((reply, _), _) in &cases {
        let witness = Witness::following(&node).await;
        witness.answers(reply.clone());
        witnesses.push(witness);
    }
    node.import_bundle(&event("e", "Iltaklubi", "Lyhyesti.")).await;
    let id = node.id_of("/tapahtumat/iltaklubi").await;
    bystander.hears(&id, &["Create"]).await;
    for (((_, pause), status), witness) in cases.iter().zip(&witnesses) {
        println!("── {status}");
        let inbox = format!("{}/inbox", witness.voice.id);
        let row = until("the try is written down", || async {
            let rows = node.queue(pause.is_none()).await;
            rows.into_iter().find(|row| row["inbox"] == inbox.as_str() && row["attempts"] == 1)
        })
        .await;
        assert_eq!(row["last_status"], *status);
        if let Some(pause) = pause {
            assert!(pause.contains(&due_in(&row)), "{status}: tried again in {} seconds", due_in(&row));
        }
        assert_eq!(witness.story(&id), ["Create"]);
    }
    assert!(trap.journal().is_empty(), "nobody follows a redirected POST");
    // Five were given up, six wait; the bystander's was delivered.
    let deliveries = node.status().await["deliveries"].clone();
    assert_eq!((&deliveries["given_up"], &deliveries["waiting"]), (&json!(5), &json!(6)), "{deliveries}");
}

/// Much waits for a server that comes back without the one who followed: when its own address says so too, it is over.
async fn r08_p16_an_inbox_that_is_gone_for_good(database: Database) {
    const EVENTS: usize = 100;
    let node = Node::start(Kind::Region("06"), database).await;
    let (bystander, leaver) = (Witness::following(&node).await, Witness::following(&node).await);
    leaver.answers(Reply::status(503).with("retry-after", "3600"));
    node.import_bundle(&many_events("sata", EVENTS)).await;
    until_true("others have all of it", || async { bystander.arrivals("Create").len() == EVENTS }).await;
    let posts = || leaver.site.journal().iter().filter(|seen| seen.method == "POST").count();
    until_true("all of it waits", || async { node.status().await["deliveries"]["waiting"] == EVENTS }).await;
    let before = posts();
    let shown: Value = serde_json::from_str(&node.run(&["queue", "--json"]).await).unwrap();
    let newest = &shown["activities"][0];
    assert_eq!((&newest["delivered"], &newest["waiting"]), (&json!(1), &json!(1)), "{newest}");
    let host = &shown["hosts"][0];
    assert_eq!((&host["host"], &host["waiting"]), (&json!(leaver.site.host()), &json!(EVENTS)), "{host}");
    let lag = format!("solmu_host_lag_seconds{{host=\"{}\"}}", leaver.site.host());
    let metrics = node.get("/metrics", "").await.body;
    assert!(metrics.contains(&lag) && metrics.contains("solmu_delivery_oldest_seconds"), "{metrics}");
    for operation in ["verify", "sign"] {
        let name = format!("solmu_signature_{operation}_seconds_count ");
        let count = metrics.lines().find_map(|line| line.strip_prefix(name.as_str())).unwrap_or_default();
        assert!(count.parse::<u64>().is_ok_and(|count| count > 0), "{operation}: {metrics}");
    }

    leaver.site.set("/users/todistaja", Reply::status(410));
    leaver.answers(Reply::status(410).after(Duration::from_secs(1)));
    leaver.speak("Like", json!(node.actor().await)).await;
    all_delivered(&node).await;
    assert!(posts() <= FEW, "{} requests to an inbox that is gone, {before} of them before it was", posts());
    assert_eq!(node.status().await["deliveries"]["given_up"], EVENTS, "told, not lost without a word");
    let followers = format!("{}/followers", node.actor().await);
    assert_eq!(node.document(&followers).await["totalItems"], 1);

    node.import_bundle(&event("e", "Ilman lähtenyttä", "Lyhyesti.")).await;
    let id = node.id_of("/tapahtumat/ilman-lahtenytta").await;
    bystander.hears(&id, &["Create"]).await;
    all_delivered(&node).await;
    assert!(leaver.arrivals("Create").iter().all(|(object, _)| *object != id), "nothing more goes there");
    assert!(bystander.arrivals("Create").iter().all(|(_, times)| *times == 1));
}

async fn c63_a_server_that_never_answers_delays_nobody(database: Database) {
    let node = Node::start(Kind::Region("06"), database).await;
    let quick = Witness::following(&node).await;
    let mut silent = Vec::new();
    for _ in 0..4 {
        let witness = Witness::following(&node).await;
        witness.answers(Reply::status(200).after(Duration::from_secs(86_400)));
        silent.push(witness);
    }
    let gancio = Witness::running("gancio", &node).await;
    gancio.answers(Reply::status(200).after(Duration::from_secs(86_400)));
    let mut slowest = Duration::ZERO;
    for number in 0..10 {
        node.import_bundle(&event(&format!("e-{number}"), &format!("Tapahtuma {number}"), "Lyhyesti.")).await;
        let id = node.id_of(&format!("/tapahtumat/tapahtuma-{number}")).await;
        let begun = Instant::now();
        quick.hears(&id, &["Create"]).await;
        slowest = slowest.max(begun.elapsed());
    }
    assert!(slowest < Duration::from_secs(5), "the slowest took {slowest:?}, as long as a silent server is waited for");
    until_true("the silent servers are given a pause", || async {
        let rows = node.queue(false).await;
        silent.iter().all(|witness| {
            let inbox = format!("{}/inbox", witness.voice.id);
            rows.iter()
                .any(|row| row["inbox"] == inbox.as_str() && row["attempts"] == 1 && row["last_error"].is_string())
        })
    })
    .await;
    // The silence of a program that is known to be silent says nothing: it gets the next thing, without a pause.
    let inbox = format!("{}/inbox", gancio.voice.id);
    until_true("the next thing goes to the one that is known to be silent", || async {
        let rows = node.queue(false).await;
        let is_over = rows.iter().any(|row| row["inbox"] == inbox.as_str() && row["attempts"] == 1);
        is_over && gancio.arrivals("Create").len() > 1
    })
    .await;
    let known = node.peer(gancio.site.host()).await.unwrap();
    assert_eq!((known.failures, known.failing_since, known.probe_at), (0, None, Timestamp::default()));
}

/// What one server sends can only be understood by asking it, and it does not answer; others are understood meanwhile.
async fn f29_a_slow_sender_keeps_no_other_waiting(database: Database) {
    let node = Node::start(Kind::Region("06"), database).await;
    let (slow, quick) = (Witness::following(&node).await, Witness::following(&node).await);
    slow.site.set("/events/slow", Reply::status(200).after(Duration::from_secs(86_400)));
    for _ in 0..20 {
        slow.speak("Update", json!(slow.site.url("/events/slow"))).await;
    }
    let followers = format!("{}/followers", node.actor().await);
    let begun = Instant::now();
    quick.speak("Undo", json!({"type": "Follow", "object": node.actor().await})).await;
    until_true("the quick one is heard", || async { node.document(&followers).await["totalItems"] == 1 }).await;
    assert!(begun.elapsed() < Duration::from_secs(6), "it had to wait {:?} for another", begun.elapsed());
}

/// A node is away while others publish; when it is back and shows life, it gets all of it, in order, once.
async fn r18_a_node_that_was_away_catches_up(database: Database) {
    let mut net = Net::start(database, &[Kind::Region("06"), Kind::National]).await;
    net.follow(1, 0).await;
    net[1].terminate().await;
    net[0].import_bundle(&event("e-1", "Poissa ollessa 1", "Ensin.")).await;
    net[0].import_bundle(&event("e-2", "Poissa ollessa 2", "Ensin.")).await;
    net[0].import_bundle(&event("e-3", "Poissa ollessa 3", "Ensin.")).await;
    net[0].import_bundle(&event("e-1", "Poissa ollessa 1", "Sitten.")).await;
    net[0].run(&["delete", "poissa-ollessa-2"]).await;
    until_true("the region has noticed", || async { net[0].status().await["peers"]["failing"] == 1 }).await;
    net[1].serve().await;
    let handle = net[0].handle();
    net[1].run(&["follow", &handle]).await;
    net.settle().await;
    let mut found: Vec<(String, String)> = net[1]
        .items("/tapahtumat")
        .await
        .iter()
        .map(|item| (item["name"].as_str().unwrap().to_owned(), item["blurb"].as_str().unwrap().to_owned()))
        .collect();
    found.sort();
    let expected = [("Poissa ollessa 1", "Sitten."), ("Poissa ollessa 3", "Ensin.")];
    assert_eq!(found, expected.map(|(name, blurb)| (name.to_owned(), blurb.to_owned())));
    assert_eq!(net[0].status().await["peers"]["failing"], 0);
}
