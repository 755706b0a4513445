//! A producer: a person who makes culture happen, with a profile that shows what the person has agreed to show.
//!
//! ```text
//!   add ──► kept ──publish (consent to the name)──► published: an actor of its own, presented by the region
//!             ▲                                          │ edit: an Update of the profile
//!             └────withdraw (consent to the name ends)───┘        delete: gone, a tombstone stays
//! ```
//!
//! Invariant: a [`ProducerView`] is made from a row and a [`crate::person::Consented`], never from a row alone. A
//! profile that is not published has no page and no actor. A profile is written by its person ([`own`]) or by an import, until
//! its person takes that over (`linking`);
//! the coordinator publishes it. While its person is leaving, or stays away for long
//! (`absence`), it is hidden. Absent on purpose: prices.

mod absence;
mod actions;
mod approval;
mod fields;
mod found;
mod linking;
pub mod own;
pub mod picture;
mod queries;
mod receive;
mod rules;
mod skills;
mod slice;
#[cfg(test)]
mod tests;
mod types;
mod wire;
mod work;

pub use absence::welcome_back;
pub use actions::{add, delete, edit, is_published, needs_key, publish, withdraw};
pub use approval::{Waiting, give_back, waiting};
pub use fields::{FIELDS, field_word, language_codes, language_word};
pub use linking::{Offered, Unlinked, accept, decline, invite, is_owned, offered, take_back, without_person};
pub use queries::{by_slug, by_url, count, list, presented_ids};
pub(crate) use queries::{find_local, local_ids, named};
pub use receive::KIND;
pub use rules::NewProducer;
pub(crate) use rules::check;
pub use skills::suggested;
pub use slice::SLICE;
pub use types::ProducerView;
pub use wire::{ActorCard, actor_card};
pub use work::{LEVELS, MOST_PERIODS, MOST_PIECES, Period, Piece, Work};
