//! A soak: processes are killed and told to stop, connections cut, servers in trouble, all at random, for as long as one
//! likes. Nothing is lost, and what a process holds does not grow.
//!
//! In the first quarter of the time the node's processes are ended again and again; in the rest they live, suffer everything
//! else, and are measured. `SOLMU_SOAK_MINUTES` makes it longer; see `cargo xtask soak`.

use super::fleet::{Fault, random};
use super::verdict::Verdict;
use super::{HOSTS, REGIONS, Scene, all_taken, drained, nothing_is_wrong};
use crate::harness::{Database, Kind, Node, Reply, World};
use crate::on_both_databases;
use crate::process::{handles, memory};
use crate::witness::PER_HOST;
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;

on_both_databases! {
    r25_faults_at_random_and_nothing_grows;
}

/// On each database.
const SHORT: Duration = Duration::from_secs(10);
/// Activities of a round, out and in.
const EACH: usize = 24;
/// Rounds at least that end a process, and that measure those that live.
const ENDING: usize = 4;
const MEASURING: usize = 6;
/// Servers in trouble at a time.
const TROUBLED: usize = 4;
/// Files and sockets that a process may have open: connections to every server, and its own.
const HANDLES: usize = 96 + PER_HOST * HOSTS;
/// By how much memory may grow, in KiB: by chance, and in an hour.
const BY_CHANCE: u64 = 32 << 10;
const IN_AN_HOUR: u64 = 1 << 10;

fn length() -> Duration {
    let minutes = std::env::var("SOLMU_SOAK_MINUTES");
    minutes.map_or(SHORT, |text| {
        Duration::from_secs(60 * text.parse::<u64>().unwrap_or_else(|_| panic!("SOLMU_SOAK_MINUTES: {text}")))
    })
}

/// What a server in trouble answers; one that hangs is only seen to after ten seconds.
fn trouble(may_hang: bool) -> Reply {
    match random(if may_hang { 5 } else { 4 }) {
        0 => Reply::status(500),
        1 => Reply::status(503).with("retry-after", "3"),
        2 => Reply::status(429).with("retry-after", "3"),
        3 => Reply::status(202).after(Duration::from_millis(700)),
        _ => Reply::status(202).after(Duration::from_secs(3600)),
    }
}

/// Lets other servers be in trouble than those that were.
fn change_troubles(world: &World, troubled: &mut Vec<usize>, may_hang: bool) {
    troubled.drain(..).for_each(|host| world.recovers(host));
    for _ in 0..TROUBLED {
        let host = usize::try_from(random((HOSTS - REGIONS) as u64)).unwrap();
        world.answers(host, trouble(may_hang));
        troubled.push(host);
    }
}

/// A fault of the node's own side; connections can only be cut to PostgreSQL.
fn fault(database: Database, ends: bool) -> Option<Fault> {
    match (ends, random(3)) {
        (_, 0) if database == Database::Postgres => Some(Fault::CutOff),
        (true, 1) => Some(Fault::ToldToStop),
        (true, _) => Some(Fault::Killed),
        (false, _) => None,
    }
}

/// Turns the clock on and on: every pause of a server is over in the end, and that of every delivery, also one that begins
/// only now, with a try that was under way.
async fn hours_pass(node: &Node) {
    let mut hours = tokio::time::interval(Duration::from_secs(4));
    loop {
        hours.tick().await;
        node.wait_virtually(Duration::from_secs(3600));
    }
}

async fn r25_faults_at_random_and_nothing_grows(database: Database) {
    let mut node = Node::init(Kind::Region("06"), database).await;
    node.has_a_clock_to_turn();
    let Scene { mut fleet, world, store, ledger, mut publisher, may_send, senders } = Scene::set(&node, database).await;
    let (begun, length) = (Instant::now(), length());
    let (gate, mut troubled) = (Semaphore::new(0), Vec::new());
    let (mut rounds, mut measured) = (0, Vec::new());
    while begun.elapsed() < length || measured.len() < MEASURING {
        let ends = rounds < ENDING || begun.elapsed() < length / 4;
        if !ends && measured.is_empty() {
            fleet.recover().await;
        }
        change_troubles(&world, &mut troubled, !ends && begun.elapsed() < length / 2);
        gate.add_permits(EACH);
        may_send.add_permits(EACH);
        let fault = fault(database, ends);
        tokio::join!(publisher.run(&gate, EACH), async {
            if let Some(fault) = fault {
                fleet.round(fault).await;
            }
        });
        fleet.keeps_serving_until(all_taken(&may_send)).await;
        rounds += 1;
        if !ends {
            measured.push(fleet.processes().into_iter().map(|pid| (memory(pid).0, handles(pid))).collect::<Vec<_>>());
        }
    }

    troubled.into_iter().for_each(|host| world.recovers(host));
    fleet.recover().await;
    may_send.close();
    senders.join_all().await;
    tokio::select! {
        () = drained(&store) => {}
        () = hours_pass(&node) => {}
    }
    // What a server answered with an error it has not got.
    let taken = world.look(|all| all.iter().filter(|one| one.answered == 202).cloned().collect::<Vec<_>>());
    let verdict = ledger.with(|inside| Verdict::of(inside, &taken, &store));
    let (published, received) = ledger.counts();
    println!(
        "{database:?}: {rounds} rounds in {:.0?}, {published} published, {received} taken in, {} deliveries, {} faults: \
         lost {}, doubled {}, disordered {}; ended {:?}",
        begun.elapsed(),
        taken.len(),
        fleet.faults(),
        verdict.lost.len(),
        verdict.doubled.len(),
        verdict.disordered.len(),
        fleet.ended,
    );
    nothing_is_wrong(&verdict);
    assert!(published >= rounds * EACH / 2, "{published} published in {rounds} rounds");
    assert!(fleet.faults() >= ENDING, "{} faults", fleet.faults());
    nothing_grows(&measured, begun.elapsed());
}

/// Compares the last third of what was measured with the one before; in the first, what is kept for later fills up.
fn nothing_grows(measured: &[Vec<(u64, usize)>], took: Duration) {
    let third = measured.len() / 3;
    let allowed = BY_CHANCE + IN_AN_HOUR * took.as_secs() / 3600;
    for process in 0..measured[0].len() {
        let memory = |from: usize, to: usize| {
            let mut all: Vec<u64> = measured[from..to].iter().map(|round| round[process].0).collect();
            all.sort_unstable();
            all[all.len() / 2]
        };
        let (before, after) = (memory(third, 2 * third), memory(2 * third, measured.len()));
        let most = measured.iter().map(|round| round[process].1).max().unwrap();
        println!("process {process}: {before} KiB, then {after} KiB; {most} files and sockets at most");
        assert!(after <= before + allowed, "process {process}: {before} KiB became {after} KiB");
        assert!(most <= HANDLES, "process {process}: {most} files and sockets");
    }
}
