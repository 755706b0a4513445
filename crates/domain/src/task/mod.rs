//! An open task: somebody needs a producer.
mod queries;
mod rules;
mod state;
mod types;
pub use queries::{by_slug, by_url, count, list};
pub use rules::{ENGAGEMENTS, KINDS, PAY_UNITS};
pub use state::{Closing, State};
pub use types::{Client, Pay, TaskView};
