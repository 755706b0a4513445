//! The pages over a real database, asked for as browsers and programs ask.

#![allow(clippy::unwrap_used)] // also outside the test functions

mod address;
mod browser;
mod calendar;
mod feeds;
mod follow;
mod forms;
mod people;
mod safety;
mod search;
mod seed;
mod setup;
mod sign_in;
mod structured;
mod texts;
