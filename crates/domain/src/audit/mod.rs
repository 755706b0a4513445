//! The log of what those who hold a position did and looked at: a line is written in the transaction of the deed, and whom it
//! concerns can read it (on `/me` and in their export).
//!
//! It stands below all other slices: a kind of thing is a word, an id is a text. Of the others it reads which profile and
//! which feedback is whose, since both are a person's in the log as the account is. Whoever looks at a person's data again
//! within a day leaves one line ([`unseen`]). Invariants: a line is
//! never changed; it holds no name of a person and nothing that was typed about one; it goes after two years, or with the
//! person whom it concerns. Left out: what people without a position do with what is their own.

mod deed;
mod queries;
mod slice;

pub use deed::{By, Deed, Subject};
pub use queries::{Line, about, by, concerning, last, newest, note, unseen};
pub use slice::SLICE;
