//! The pages over a real database, asked for as browsers and programs ask.

mod address;
mod forms;
mod safety;
mod seed;
