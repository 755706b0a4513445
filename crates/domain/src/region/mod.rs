//! Regions: the vocabulary of the country's nineteen, and what a node is for its own.
//!
//! The vocabulary is data (`data/regions.json`); only the code is stored. [`actors`] says which actors a node has,
//! [`followed`] what the national node knows of the regions that it follows.

pub mod actors;
mod claim;
pub mod controller;
mod followed;
mod profile;
mod slice;
#[cfg(test)]
mod tests;
mod vocabulary;

pub(crate) use actors::region_field;
pub use actors::{establish, free_username, is_username_free, of_actor, organisations_of, presenter, producers_of};
pub(crate) use claim::may_speak_for;
pub use controller::{Controller, controller};
pub use followed::{Counts, FollowedRegion, followed};
pub use profile::{Profile, profile};
pub use slice::SLICE;
pub use vocabulary::{Region, RegionCode, all};
