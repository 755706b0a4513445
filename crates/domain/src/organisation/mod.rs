//! An organisation: an employer, a venue, a school, an association of the region.
mod queries;
mod rules;
mod types;
pub use queries::{by_slug, by_url, count, list, presented_ids};
pub use rules::KINDS;
pub use types::{Description, OrganisationView, kind_word};
