//! Regions: the vocabulary of the country's nineteen, and what a node is for its own.
//!
//! The vocabulary is data (`data/regions.json`); only the code is stored. [`actors`] says which actors a node has,
//! [`followed`] what the national node knows of the regions that it follows.

pub mod actors;
mod followed;
mod profile;
mod vocabulary;

pub use actors::{establish, of_actor, presenter};
pub use followed::{Counts, FollowedRegion, followed};
pub use profile::{Profile, profile};
pub use vocabulary::{Region, RegionCode, all};
