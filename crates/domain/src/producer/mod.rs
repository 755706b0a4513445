//! A producer: a person who makes culture happen, with a profile that shows what the person has agreed to show.
mod fields;
mod queries;
mod types;
pub use fields::{FIELDS, field_word, language_word};
pub use queries::{by_slug, by_url, count, list, presented_ids};
pub use types::ProducerView;
