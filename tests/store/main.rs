//! The two databases mean the same: their schemas, their transactions, their failures. Everything here runs on both,
//! unless a thing exists on one of them only.
#![allow(clippy::unwrap_used)] // a test that cannot go on has failed

#[path = "../harness/mod.rs"]
mod harness;

mod backup;
mod full_disk;
mod grouped;
mod leases;
mod lost_connection;
mod migrating;
mod parity;
mod plans;
mod pragmas;
mod races;
mod rows;
mod schemas;
