//! What people do, from end to end. And the whole story, told by the program itself: `solmu demo --check`, which verifies each step over HTTP. On SQLite, on
//! PostgreSQL, and with two processes of one region on one PostgreSQL database.
#![allow(clippy::unwrap_used)] // a test that cannot go on has failed

mod demo;
mod desk;
mod erasing;
#[path = "../harness/mod.rs"]
mod harness;
mod mail_server;
mod members;
mod signing_in;
mod visitor;

use std::process::Command;
use store::testing::postgres_server;

/// Runs the check and shows what it printed when it fails.
fn tell(arguments: &[&str]) {
    let output = Command::new(env!("CARGO_BIN_EXE_solmu"))
        .args(["demo", "--check"])
        .args(arguments)
        .output()
        .expect("solmu can be run");
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "demo --check {arguments:?}: {}\n{out}\n{err}", output.status);
    assert!(out.contains("steps hold"), "the check does not end with its total:\n{out}");
}

#[test]
fn the_story_on_sqlite() {
    tell(&[]);
}

#[test]
fn the_story_on_postgres() {
    tell(&["--database", &postgres_server()]);
}

#[test]
fn the_story_with_two_processes_of_one_region() {
    tell(&["--database", &postgres_server(), "--app-nodes", "2"]);
}
