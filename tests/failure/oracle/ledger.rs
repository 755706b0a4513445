//! What was acknowledged, and what has to be so in the end.

use std::collections::{HashMap, HashSet};
use std::sync::Mutex;

/// What a thing has to be in the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// There, with this mark.
    Marked(u64),
    /// Deleted.
    Gone,
}

/// A thing of the region, and the servers that have to have it.
#[derive(Debug, Clone)]
pub struct Thing {
    pub end: End,
    pub hosts: Vec<usize>,
}

/// A follow of somebody elsewhere.
#[derive(Debug, Clone)]
pub struct Followed {
    /// The `Follow` itself.
    pub activity: String,
    pub host: usize,
    pub follower: String,
    pub followed: String,
    /// It was taken back.
    pub undone: bool,
}

/// Everything that was acknowledged.
#[derive(Default)]
pub struct Inside {
    /// Ids of the region's activities.
    pub published: HashSet<String>,
    /// The region's things by id.
    pub things: HashMap<String, Thing>,
    /// Ids of activities that were answered 202.
    pub taken: HashSet<String>,
    /// Other servers' events by id.
    pub events: HashMap<String, End>,
    /// Follows by activity.
    pub follows: HashMap<String, Followed>,
}

/// See the module.
#[derive(Default)]
pub struct Ledger(Mutex<Inside>);

impl Ledger {
    /// Writes something down, or looks.
    pub fn with<T>(&self, work: impl FnOnce(&mut Inside) -> T) -> T {
        work(&mut self.0.lock().unwrap())
    }

    /// How many activities were acknowledged so far: out and in.
    pub fn counts(&self) -> (usize, usize) {
        self.with(|inside| (inside.published.len(), inside.taken.len()))
    }
}
