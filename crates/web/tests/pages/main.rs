//! The pages over a real database, asked for as browsers and programs ask.

#![allow(clippy::unwrap_used)] // also outside the test functions

mod address;
#[path = "../../../../tests/harness/authenticator.rs"]
mod authenticator;
mod between_servers;
mod browser;
mod calendar;
mod desk;
mod elsewhere;
mod feeds;
mod follow;
mod forms;
mod linking;
mod members;
mod needed;
mod passkeys;
mod people;
mod positions;
mod representatives;
mod roles;
mod safety;
mod search;
mod second_step;
mod seed;
mod setup;
mod shown;
mod sign_in;
mod staff;
mod structured;
mod texts;
mod waiting;
mod wayfinding;
