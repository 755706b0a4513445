//! An open task: somebody needs a producer.
//!
//! ```text
//!   draft ──publish──► open ──► filled | closed | withdrawn
//!     └──delete──┐       └──────────┬───────────────┘
//!                └──────────────► gone (a tombstone keeps the id)
//! ```
//!
//! A filled or closed task stays readable, since people have passed it on; it says so in its first line. Absent on
//! purpose, until their time comes: applications and agreements.

mod actions;
mod found;
mod incoming;
mod queries;
mod receive;
mod rules;
mod slice;
mod state;
#[cfg(test)]
mod tests;
mod types;
mod wire;
mod words;

pub use actions::{add, close, close_expired, delete, edit, publish, withdraw};
pub use queries::{any_expired, by_slug, by_url, count, list};
pub(crate) use queries::{find_local, named};
pub use receive::KIND;
pub use rules::{ENGAGEMENTS, KINDS, NewTask, PAY_UNITS};
pub(crate) use rules::{check, sum_of};
pub use slice::SLICE;
pub use state::{Closing, State};
pub use types::{Client, Pay, TaskView};
pub use words::{engagement_word, kind_word, pay_words};
