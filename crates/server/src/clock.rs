//! The node's clock: the machine's, or, on this machine's own networks alone, one that a test turns while the node runs.
//!
//! `SOLMU_TEST_CLOCK` names a file that holds a number of milliseconds to add. It is read again and again; what was told in
//! days can so be shown in seconds. Only what the node takes for the time of day is turned; its pauses between two looks,
//! and what it waits for an answer, are as long as ever.

use crate::config::Config;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use store::Clock;

const VARIABLE: &str = "SOLMU_TEST_CLOCK";
const BETWEEN: Duration = Duration::from_millis(20);

/// The clock of a node of this configuration.
pub fn of(config: &Config) -> Clock {
    match std::env::var_os(VARIABLE).map(PathBuf::from) {
        Some(file) if config.allow_private_addresses => turned(file),
        _ => Clock::System,
    }
}

fn turned(file: PathBuf) -> Clock {
    // One for each node that a process opens; it is read as long as the process lives.
    let by: &'static AtomicI64 = Box::leak(Box::default());
    read(&file, by);
    std::thread::spawn(move || {
        loop {
            std::thread::sleep(BETWEEN);
            read(&file, by);
        }
    });
    Clock::Turned(by)
}

fn read(file: &Path, by: &AtomicI64) {
    let read = std::fs::read_to_string(file).ok().and_then(|text| text.trim().parse().ok());
    if let Some(millis) = read {
        by.store(millis, Ordering::SeqCst);
    }
}
