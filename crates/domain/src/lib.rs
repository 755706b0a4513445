//! The slices, in the users' words: what a region calls its things, and what it does with them.

pub mod actions;
pub mod audit;
pub mod caller;
mod check;
mod collections;
mod dates;
pub mod desk;
pub mod engagement;
mod error;
pub mod event;
pub mod feedback;
pub mod find;
pub mod hits;
mod html;
pub mod import;
mod json;
mod language;
mod learnt;
pub mod leaving;
pub mod message;
pub mod organisation;
pub mod person;
pub mod producer;
mod received;
pub mod region;
pub mod reindex;
pub mod search;
pub mod setup;
pub mod skill;
pub mod slice;
mod slug;
pub mod task;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
pub mod typed;
pub mod view;
mod wire;

pub use caller::{Caller, Node, Role};
pub use collections::COLLECTIONS;
pub use error::{Error, FieldError, Key};
pub use language::Language;
pub use region::RegionCode;

/// The table of slices. From it come the dispatch of what is received, what is kept how long, what follows a person to another
/// mail address, and what a person is told and may have forgotten.
pub static SLICES: &[&slice::Slice] = &[
    &audit::SLICE,
    &region::SLICE,
    &person::SLICE,
    &skill::SLICE,
    &producer::SLICE,
    &organisation::SLICE,
    &event::SLICE,
    &task::SLICE,
    &feedback::SLICE,
    &desk::SLICE,
    &received::SLICE,
];

/// The kinds that take part in federation, in the order in which they are asked.
pub fn kinds() -> federation::kind::Kinds {
    static KINDS: std::sync::LazyLock<Vec<&'static dyn federation::kind::Kind>> =
        std::sync::LazyLock::new(|| SLICES.iter().filter_map(|slice| slice.kind).collect());
    &KINDS
}
