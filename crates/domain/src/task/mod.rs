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
mod typed;
mod types;
mod wire;
mod words;

pub use crate::engagement::{ENGAGEMENTS, engagement_word};
pub(crate) use actions::foreseen;
pub use actions::{add, close, close_expired, delete, edit, publish, withdraw};
pub use queries::{Standing, any_expired, by_slug, by_url, count, list, of_client, open_of_client};
pub(crate) use queries::{TaskRow, closing, find_local, named, ours};
pub use receive::KIND;
pub use rules::{KINDS, NewTask, PAY_UNITS};
pub(crate) use rules::{check, sum_of};
pub use slice::SLICE;
pub use state::{Closing, State};
pub(crate) use typed::typed;
pub use types::{Client, Pay, TaskView};
pub use words::{kind_word, pay_words};
