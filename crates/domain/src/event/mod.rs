//! An event: something that happens at a time, somewhere or online.
//!
//! ```text
//!   add ──► draft ──publish──► published ──cancel──► published, cancelled
//!             │                   │  ▲ edit             │
//!             └──────delete───────┴──┴───────delete─────┴──► gone (a tombstone keeps the id)
//! ```
//!
//! When an event that is published is called off, put off or moved, a short text under it says so too (`notice`).
//!
//! Ours are by the region's actor; those of other nodes are copies, changed only by what their node sends. Absent on
//! purpose: series (each occurrence is an event of its own) and signing up (that happens at the address that an event
//! names).

mod actions;
mod found;
mod incoming;
mod notice;
mod queries;
mod receive;
mod rules;
mod slice;
mod state;
#[cfg(test)]
mod tests;
mod typed;
mod types;
mod when;
mod wire;

pub(crate) use actions::foreseen;
pub use actions::{add, cancel, delete, edit, postpone, publish};
pub(crate) use queries::{EventRow, find_local, named, ours};
pub use queries::{by_slug, by_url, count, list, of_organiser, tags_of_coming, upcoming_ids};
pub use receive::KIND;
pub use rules::{CATEGORIES, NewEvent};
pub(crate) use rules::{MAX_BLURB, check};
pub use slice::SLICE;
pub use state::{State, Status};
pub(crate) use typed::typed;
pub use types::{EventView, Organiser, Picture, PlaceView};
pub use when::spoken;
