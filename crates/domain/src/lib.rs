//! The slices, in the users' words: what a region calls its things, and what it does with them.

pub mod caller;
mod check;
mod collections;
mod dates;
mod error;
pub mod event;
mod html;
mod json;
mod language;
mod learnt;
pub mod message;
pub mod organisation;
pub mod person;
pub mod producer;
pub mod region;
pub mod skill;
mod slug;
pub mod task;
pub mod view;
mod wire;

pub use collections::COLLECTIONS;
pub use caller::{Caller, Node, Role};
pub use error::{Error, FieldError, Key};
pub use language::Language;
pub use region::RegionCode;
