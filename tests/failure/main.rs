//! What happens when something breaks: a node that is killed, other servers in trouble, a database that goes away, a full
//! disk. The promise is the same everywhere: what was acknowledged is not lost, has one effect, and comes in order.
#![allow(clippy::unwrap_used)] // a test that cannot go on fails

#[path = "../harness/mod.rs"]
mod harness;

mod clock;
mod commands;
mod databases;
mod handles;
mod killing;
mod missing;
mod oracle;
mod orders;
mod own_server;
mod pausing;
mod power;
mod process;
mod queued;
mod rekeying;
mod restarts;
mod rude_peers;
mod several;
mod starting;
mod stopping;
mod troubled_peers;
mod witness;
