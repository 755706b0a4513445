//! An event: something that happens at a time, somewhere or online.
mod queries;
mod rules;
mod state;
mod types;
mod wire;
pub use queries::{by_slug, by_url, count, list, upcoming_ids};
pub use rules::CATEGORIES;
pub use state::{State, Status};
pub use types::{EventView, Organiser, Picture, PlaceView};
pub(crate) use wire::default_picture;
