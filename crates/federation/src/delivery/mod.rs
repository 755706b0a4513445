//! Durable delivery: rows with leases, in order for each (sender, host), tried again until they are through or hopeless.
//!
//! The rows are written by [`crate::outbox`] in the transaction of the change; [`queue`] claims them, [`worker`] signs and
//! posts, [`schedule`] says what follows from an answer. Every try is signed anew: Gancio takes a `Date` that is five
//! minutes old at most.

pub mod queue;
pub mod schedule;
pub mod worker;

/// Still to be sent.
pub const WAITING: &str = "waiting";
/// The other side took it.
pub const DELIVERED: &str = "delivered";
/// Given up.
pub const GIVEN_UP: &str = "given_up";
/// A newer version took its place, or its object was deleted, before it could be sent.
pub const SUPERSEDED: &str = "superseded";
