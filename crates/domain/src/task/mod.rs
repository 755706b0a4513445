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
mod incoming;
mod queries;
mod receive;
mod rules;
mod state;
mod types;
mod wire;
mod words;

pub use actions::{add, close, close_overdue, delete, edit, publish, withdraw};
pub(crate) use queries::find_local;
pub use queries::{by_slug, by_url, count, list};
pub use receive::KIND;
pub use rules::{ENGAGEMENTS, KINDS, NewTask, PAY_UNITS};
pub(crate) use rules::{check, sum_of};
pub use state::{Closing, State};
pub use types::{Client, Pay, TaskView};
pub use words::{engagement_word, kind_word, pay_words};
