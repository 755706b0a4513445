//! An oracle: a region publishes and receives thousands of activities while its processes are killed again and again, at
//! random moments and at every named place; then what was acknowledged is compared with what arrived.
//!
//! Acknowledged is what a publishing command has committed, and what an inbox has answered 202. Lost is an acknowledged
//! change whose effect is missing at the end at any server that followed when it was made, or here. Doubled is an effect
//! that happened twice: two activities for one change, two answers to one follow, two rows for one object. The same
//! activity *sent* twice, which the other side knows by its id, is counted apart: after a kill there may be as many as
//! were under way.
//!
//! `SOLMU_ORACLE_ACTIVITIES` and `SOLMU_ORACLE_KILLS` make a run longer (both databases together); see
//! `cargo xtask oracle`. [`soak`] lets everything go wrong at random, for as long as one likes.

mod fleet;
mod ledger;
mod publisher;
mod senders;
mod soak;
mod verdict;

use crate::harness::{Database, Kind, Node, World, until};
use crate::on_both_databases;
use diesel::prelude::*;
pub use fleet::random;
use fleet::{Fault, Fleet, PLACES};
use ledger::Ledger;
use publisher::Publisher;
use senders::Stage;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;
use store::schema::{actors, deliveries, inbox_items};
use store::{DatabaseUrl, Store};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use verdict::Verdict;

on_both_databases! {
    r01_r04_r17_what_was_acknowledged_arrives_whatever_is_killed;
    r02_told_to_stop_under_load_nothing_is_lost_or_sent_twice;
}

/// Killed at random moments and at every named place. On PostgreSQL three processes share the database, and each is
/// killed in turn.
async fn r01_r04_r17_what_was_acknowledged_arrives_whatever_is_killed(database: Database) {
    let (activities, kills) = (wanted("SOLMU_ORACLE_ACTIVITIES", 2_400), wanted("SOLMU_ORACLE_KILLS", 24));
    let (verdict, ended) = run(database, Fault::Killed, activities, kills).await;
    assert!(verdict.repeated <= kills * IN_FLIGHT, "{} were sent twice, more than were under way", verdict.repeated);
    let reached = |place: &&str| ended.contains_key(*place);
    let missed: Vec<&str> = PLACES.iter().map(|(place, _)| *place).filter(|place| !reached(place)).collect();
    assert!(missed.is_empty() || kills < 5 * PLACES.len(), "no process ended at {missed:?}");
}

/// Told to stop (SIGTERM), as an update does it.
async fn r02_told_to_stop_under_load_nothing_is_lost_or_sent_twice(database: Database) {
    let (verdict, ended) = run(database, Fault::ToldToStop, 400, 8).await;
    assert_eq!(verdict.repeated, 0, "a clean stop sends nothing twice: {ended:?}");
}

/// The connections of all processes to the database are ended again and again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r13_cut_off_from_postgresql_again_and_again() {
    run(Database::Postgres, Fault::CutOff, 400, 8).await;
}

/// Servers that follow the region itself.
const FOLLOWERS: usize = 4;
/// Organisations, each followed by two servers of its own.
const ORGANISATIONS: usize = 24;
/// Servers that the region follows.
const REGIONS: usize = 16;
const HOSTS: usize = FOLLOWERS + 2 * ORGANISATIONS + REGIONS;
/// Deliveries that a kill may double, over all kills: those that were under way, four to one host at most. Measured: a dozen or
/// two.
const IN_FLIGHT: usize = 64;
/// What the publisher calls its connections.
const OURS: &str = "oracle";

fn wanted(variable: &str, usual: usize) -> usize {
    std::env::var(variable).map_or(usual, |text| text.parse().unwrap_or_else(|_| panic!("{variable}: {text}"))) / 2
}

/// What takes part in a run, when everybody has met.
struct Scene<'a> {
    fleet: Fleet<'a>,
    world: Arc<World>,
    store: Store,
    ledger: Arc<Ledger>,
    publisher: Publisher,
    may_send: Arc<Semaphore>,
    senders: JoinSet<()>,
}

impl<'a> Scene<'a> {
    async fn set(node: &'a Node, database: Database) -> Scene<'a> {
        let begun = Instant::now();
        // A file has one serving process; a PostgreSQL database has any number.
        let fleet = Fleet::start(node, if database == Database::Sqlite { 1 } else { 3 }).await;
        let world = Arc::new(World::start(HOSTS).await);
        let store = Store::open(&named(node.database())).unwrap();
        let ledger = Arc::new(Ledger::default());
        let publisher = Publisher::start(node, &store, Arc::clone(&ledger)).await;
        world.know(keys(&store));
        let stage = Stage::new(node, &world, &ledger, fleet.addresses()).await;
        stage.followers(&publisher).await;
        stage.regions(node, &store).await;
        println!("{database:?}: {HOSTS} servers are met after {:.1?}", begun.elapsed());
        let may_send = Arc::new(Semaphore::new(0));
        let senders = stage.senders(&may_send);
        Scene { fleet, world, store, ledger, publisher, may_send, senders }
    }
}

/// One run; what is wrong for every fault is asserted here.
async fn run(
    database: Database,
    fault: Fault,
    activities: usize,
    faults: usize,
) -> (Verdict, BTreeMap<&'static str, usize>) {
    let begun = Instant::now();
    let node = Node::init(Kind::Region("06"), database).await;
    let Scene { mut fleet, world, store, ledger, mut publisher, may_send, senders } = Scene::set(&node, database).await;

    // What goes out goes to several servers each, so it is the larger part of the work all the same.
    let (outward, inward) = (activities * 2 / 5, activities - activities * 2 / 5);
    let may_publish = Arc::new(Semaphore::new(0));
    let gate = Arc::clone(&may_publish);
    let publishing = tokio::spawn(async move { publisher.run(&gate, outward).await });
    for round in 0..faults {
        let part = |all: usize| all * (round + 1) / faults - all * round / faults;
        may_publish.add_permits(part(outward));
        may_send.add_permits(part(inward));
        fleet.round(fault).await;
        if (round + 1) * 10 / faults > round * 10 / faults {
            let ((published, taken), arrived) = (ledger.counts(), world.count());
            println!(
                "{database:?}: {} of {faults} faults, {published} published, {taken} taken in, {arrived} deliveries after {:.0?}",
                round + 1,
                begun.elapsed()
            );
        }
    }
    fleet.recover().await;
    publishing.await.unwrap();
    all_taken(&may_send).await;
    may_send.close();
    senders.join_all().await;
    drained(&store).await;

    let verdict = ledger.with(|inside| world.look(|arrivals| Verdict::of(inside, arrivals, &store)));
    let (published, taken) = ledger.counts();
    println!(
        "{database:?}, {fault:?}: {published} published, {taken} taken in, {} deliveries to {HOSTS} servers, {} faults: lost {}, \
         doubled {}, disordered {}; {} were sent twice; {:.1?} in all, {:.1?} for the slowest stop",
        verdict.arrived,
        fleet.faults(),
        verdict.lost.len(),
        verdict.doubled.len(),
        verdict.disordered.len(),
        verdict.repeated,
        begun.elapsed(),
        fleet.slowest_stop,
    );
    println!("{database:?}, {fault:?}: ended {:?}", fleet.ended);
    nothing_is_wrong(&verdict);
    assert!(published + taken >= activities, "{published} + {taken} of {activities}");
    assert!(fleet.faults() >= faults, "{} of {faults}", fleet.faults());
    (verdict, fleet.ended.clone())
}

/// Fails when something was lost, doubled, out of order or wrongly signed, and names some of it.
fn nothing_is_wrong(verdict: &Verdict) {
    let some = |all: &[String]| all.iter().take(10).cloned().collect::<Vec<_>>().join("\n");
    assert!(verdict.lost.is_empty(), "lost {}:\n{}", verdict.lost.len(), some(&verdict.lost));
    assert!(verdict.doubled.is_empty(), "doubled {}:\n{}", verdict.doubled.len(), some(&verdict.doubled));
    assert!(verdict.disordered.is_empty(), "out of order {}:\n{}", verdict.disordered.len(), some(&verdict.disordered));
    assert!(verdict.unproven.is_empty(), "not rightly signed {}:\n{}", verdict.unproven.len(), some(&verdict.unproven));
}

/// The publisher's own connections have a name, so that a test can leave them alone.
fn named(url: DatabaseUrl) -> DatabaseUrl {
    match url {
        DatabaseUrl::Postgres(url) => DatabaseUrl::Postgres(format!("{url}?application_name={OURS}")),
        file => file,
    }
}

/// Waits until the senders have sent everything, for as long as there is progress.
async fn all_taken(permits: &Semaphore) {
    let mut left = permits.available_permits();
    while left > 0 {
        left = until("the senders go on", || {
            let now = permits.available_permits();
            async move { (now < left).then_some(now) }
        })
        .await;
    }
}

/// Waits until nothing is left to do, for as long as there is progress.
async fn drained(store: &Store) {
    let left = |conn: &mut store::Conn| {
        let out: i64 = deliveries::table.filter(deliveries::state.eq("waiting")).count().get_result(conn)?;
        let inside: i64 = inbox_items::table.filter(inbox_items::state.eq("waiting")).count().get_result(conn)?;
        Ok::<_, store::Error>(out + inside)
    };
    let mut before = store.read(left).await.unwrap();
    while before > 0 {
        println!("{before} are left to do");
        let now = until("there is progress", || async {
            let now = store.read(left).await.unwrap();
            (now == 0 || now + 1_000 <= before || now < before / 2).then_some(now)
        });
        before = now.await;
    }
}

fn keys(store: &Store) -> Vec<(String, String)> {
    let ours = actors::table.filter(actors::local.eq(true)).select((actors::key_id, actors::public_key));
    store.read_now(|conn| Ok::<_, store::Error>(ours.load(conn)?)).unwrap()
}
