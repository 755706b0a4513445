//! Durable delivery: rows with leases, in order for each topic and host, tried again until they are through or hopeless.
//!
//! The rows are written by [`crate::outbox`] in the transaction of the change. [`worker`] looks for hosts that have
//! something due, claims it from the [`queue`] and hands it to one [`lane`] for each host, which signs and posts;
//! [`schedule`] says what follows from an answer, [`policy`] what a host's software gets at all, [`results`] writes it
//! down. Beside them, [`missing`] looks after inboxes that are gone and [`acquaint`] asks hosts what they run;
//! [`summary`] says how far everything is. Every try is signed anew: Gancio takes a `Date` that is five minutes old at
//! most.
//!
//! Invariants: what is about one thing (a topic: the object of the activity) arrives at a host in order; a host is worked
//! on by one process at a time, over four connections at most; a host that does not answer costs one probe, and nobody
//! else's time.

pub mod acquaint;
mod lane;
mod missing;
pub mod policy;
pub mod queue;
pub(crate) mod results;
pub mod schedule;
pub mod summary;
pub mod worker;

/// Still to be sent.
pub const WAITING: &str = "waiting";
/// The other side took it.
pub const DELIVERED: &str = "delivered";
/// Given up.
pub const GIVEN_UP: &str = "given_up";
/// A newer version took its place, or its object was deleted, before it could be sent.
pub const SUPERSEDED: &str = "superseded";
/// The host's software would do nothing with it.
pub const SKIPPED: &str = "skipped";
