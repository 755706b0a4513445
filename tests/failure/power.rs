//! The power goes while a node on SQLite writes. No machine is switched off here: the process is stopped at a random moment,
//! and in what it has written by then, the part of which nobody has promised that it is on the disk is cut off, torn, or
//! made to be zeroes, as a power cut may leave it.
//!
//! What has to be on the disk follows from the format of the journal (WAL) and from when SQLite synchronises: up to the end
//! of the transaction with the last activity that was answered 202 (`synchronous=FULL`), and up to the last page that was
//! taken over into the database file. In that file any page may be half written that the journal still holds. The checks
//! would not notice a disk that says that it has written what it has not, nor a commit that does not wait for the disk: that
//! it does is shown by `the_writer_syncs_each_commit_and_readers_cannot_write`.
//!
//! PostgreSQL: [`crate::restarts`].

mod journal;

use crate::databases::integrity;
use crate::harness::{Database, Kind, Node, Site, Voice, event, until_true};
use crate::oracle::random;
use crate::process::stands_still;
use crate::witness::{Witness, all_delivered, liked};
use diesel::prelude::*;
use journal::Journal;
use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use store::schema::{activities, inbox_items};
use tokio::task::JoinSet;

/// How often the node itself is cut off, and how many copies of what it wrote are looked at before each time.
const CUTS: usize = 3;
const COPIES: usize = 5;
/// Those who send at the same time, each one activity after the other.
const SENDERS: usize = 2;

/// What the senders know.
#[derive(Default)]
struct Heard {
    /// The activities that were answered 202, by sender, in order.
    acknowledged: [Vec<String>; SENDERS],
    /// How often the node was stopped.
    stops: usize,
}

/// What was being sent when the node was stopped comes again. An answer that was still under way then counts for nothing: it is
/// heard only after it was decided what must be on the disk.
async fn sends(place: usize, voice: Voice, region: String, heard: Arc<Mutex<Heard>>, over: Arc<AtomicBool>) {
    loop {
        let stops = heard.lock().unwrap().stops;
        let Some(id) = liked(&voice, &region, &over).await else { return };
        let mut heard = heard.lock().unwrap();
        if heard.stops == stops {
            heard.acknowledged[place].push(id);
        }
    }
}

/// What a power cut may leave of the files of a node that stands still.
struct Left {
    file: Vec<u8>,
    journal: Vec<u8>,
}

impl Left {
    /// After everything has stopped; `acknowledged` are the last things of which that was said, in any order.
    fn of(node: &Node, acknowledged: &[String]) -> Left {
        let read = |name: &str| fs::read(node.path(name)).unwrap();
        let (mut file, index) = (read("solmu.db"), read("solmu.db-shm"));
        let mut journal = Journal::of(read("solmu.db-wal"));
        let durable = journal.durable(&index, acknowledged);
        let torn = journal.tear_pages(&mut file, durable);
        let all = journal.length();
        let how = journal.lose_what_follows(durable);
        println!("{durable} of {all} bytes of the journal are durable, {how}; {torn} pages of the file are torn");
        Left { file, journal: journal.bytes }
    }

    fn write_to(&self, folder: &Path) {
        fs::write(folder.join("solmu.db"), &self.file).unwrap();
        fs::write(folder.join("solmu.db-wal"), &self.journal).unwrap();
        // What is shared by processes is made anew from the journal: it is in memory.
        let _ = fs::remove_file(folder.join("solmu.db-shm"));
    }
}

/// Everything that was acknowledged is there, once, and the database is whole.
fn check(folder: &Path, received: &[String], published: &[String]) {
    let mut conn = SqliteConnection::establish(folder.join("solmu.db").to_str().unwrap()).unwrap();
    assert_eq!(integrity(&mut conn), "ok");
    let rows: Vec<String> = inbox_items::table.select(inbox_items::activity).load(&mut conn).unwrap();
    let mut count: HashMap<&str, usize> = HashMap::new();
    rows.iter().for_each(|row| *count.entry(row).or_default() += 1);
    for activity in received {
        assert_eq!(count.get(activity.as_str()), Some(&1), "{activity} was answered 202");
    }
    let rows: Vec<String> = activities::table.select(activities::url).load(&mut conn).unwrap();
    let there: HashSet<String> = rows.into_iter().collect();
    for activity in published {
        assert!(there.contains(activity), "{activity} was published");
    }
}

/// Stops the node at a random moment: what was acknowledged by then, all of it and the last of each sender.
async fn stop(node: &Node, heard: &Mutex<Heard>) -> (Vec<String>, Vec<String>) {
    tokio::time::sleep(Duration::from_millis(20 + random(200))).await; // the fault itself
    node.freeze();
    until_true("every thread stands still", || async { stands_still(node.pid()) }).await;
    let mut heard = heard.lock().unwrap();
    heard.stops += 1;
    let by_sender = &heard.acknowledged;
    (by_sender.concat(), by_sender.iter().filter_map(|all| all.last().cloned()).collect())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r03_the_power_goes_while_sqlite_writes() {
    let mut node = Node::start(Kind::Region("06"), Database::Sqlite).await;
    let (region, witness, site) = (node.actor().await, Witness::following(&node).await, Site::start().await);
    // Nobody but the node may have its files open when they are changed.
    node.looks_anew();
    let heard = Arc::new(Mutex::new(Heard::default()));
    let over = Arc::new(AtomicBool::new(false));
    let mut senders = JoinSet::new();
    for place in 0..SENDERS {
        let voice = site.actor(&format!("anna{place}"));
        senders.spawn(sends(place, voice, region.clone(), Arc::clone(&heard), Arc::clone(&over)));
    }
    let mut published: Vec<String> = Vec::new();
    let mut events = Vec::new();
    for cut in 0..CUTS {
        node.import_bundle(&event(&format!("e-{cut}"), &format!("Tapahtuma {cut}"), "Lyhyesti.")).await;
        let id = node.id_of(&format!("/tapahtumat/tapahtuma-{cut}")).await;
        published.push(format!("{id}/activity"));
        events.push(id);
        for _ in 0..COPIES {
            let (received, mut last) = stop(&node, &heard).await;
            last.extend(published.last().cloned());
            let left = Left::of(&node, &last);
            node.thaw();
            let folder = tempfile::tempdir().unwrap();
            left.write_to(folder.path());
            check(folder.path(), &received, &published);
        }
        println!("── the power of the node itself goes");
        let (received, mut last) = stop(&node, &heard).await;
        last.extend(published.last().cloned());
        let left = Left::of(&node, &last);
        node.kill9();
        left.write_to(node.config().parent().unwrap());
        node.serve().await;
        let before = received.len();
        until_true("it takes more", || async { heard.lock().unwrap().acknowledged.concat().len() > before }).await;
    }
    over.store(true, Ordering::SeqCst);
    senders.join_all().await;
    until_true("everything is processed", || async { node.status().await["inbox"]["waiting"] == 0 }).await;
    assert_eq!(node.status().await["inbox"]["failed"], 0);
    for id in &events {
        witness.hears(id, &["Create"]).await;
    }
    all_delivered(&node).await;
    let (code, _) = node.terminate().await;
    assert_eq!(code.code(), Some(0));
    let received = heard.lock().unwrap().acknowledged.concat();
    println!("{} were acknowledged, in spite of {CUTS} power cuts", received.len());
    check(node.config().parent().unwrap(), &received, &published);
}
