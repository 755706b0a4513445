//! An organisation: an employer, a venue, a school, an association of the region.
//!
//! It is published as soon as it is added, as an actor of its own that the region presents. People may speak for it
//! ([`representative`]). Absent on purpose: business ids.

mod actions;
mod found;
mod queries;
mod receive;
pub mod representative;
mod rules;
mod slice;
#[cfg(test)]
mod tests;
mod types;
mod wire;

pub use actions::{add, delete, edit};
pub use queries::{by_slug, by_url, count, list, names, presented_ids};
pub(crate) use queries::{find_local, named, named_so};
pub use receive::KIND;
pub(crate) use rules::check;
pub use rules::{KINDS, NewOrganisation};
pub use slice::SLICE;
pub use types::{Description, OrganisationView, kind_word};
