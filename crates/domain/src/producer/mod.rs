//! A producer: a person who makes culture happen, with a profile that shows what the person has agreed to show.
//!
//! ```text
//!   add ──► kept ──publish (consent to the name)──► published: an actor of its own, presented by the region
//!             ▲                                          │ edit: an Update of the profile
//!             └────withdraw (consent to the name ends)───┘        delete: gone, a tombstone stays
//! ```
//!
//! Invariant: a [`ProducerView`] is made from a row and a [`crate::person::Consented`], never from a row alone. A
//! profile that is not published has no page and no actor. Absent on purpose: sign-in, availability, prices.

mod actions;
mod fields;
mod found;
mod queries;
mod receive;
mod rules;
mod slice;
#[cfg(test)]
mod tests;
mod types;
mod wire;

pub use actions::{add, delete, edit, is_published, needs_key, publish, withdraw};
pub use fields::{FIELDS, field_word, language_codes, language_word};
pub use queries::{by_slug, by_url, count, list, presented_ids};
pub(crate) use queries::{find_local, named};
pub use receive::KIND;
pub use rules::NewProducer;
pub(crate) use rules::check;
pub use slice::SLICE;
pub use types::ProducerView;
