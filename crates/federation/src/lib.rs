//! ActivityPub as the specification names it: actors and their keys, the index of ids, inbox, outbox, follows, delivery.
//!
//! This crate knows no kind of thing. What an event or a task *is* comes in through [`kind::Kind`]; what a region calls
//! things lives in the crates above. Two rules carry it: whatever may fetch is `async` and runs first, whatever writes is
//! a synchronous function over [`store::Conn`] and runs in one transaction; and the rows to deliver are written in the
//! transaction of the change that they announce.

pub mod accept;
pub mod actor;
pub mod alarm;
pub mod backfill;
pub mod bell;
pub mod block;
mod budget;
pub mod client;
pub mod collection;
pub mod delivery;
mod discovery;
pub mod documents;
mod error;
mod fault;
pub mod fetch;
pub mod follow;
mod follow_page;
mod gate;
mod holding;
pub mod inbox;
pub mod key;
pub mod kind;
mod leaving;
pub mod limits;
mod lookup;
pub mod metrics;
pub mod object;
mod origin;
pub mod outbox;
pub mod peer;
pub mod problem;
pub mod public_address;
pub mod quota;
pub mod quote;
pub mod reaction;
pub mod relay;
pub mod reply;
pub mod report;
pub mod retention;
mod routes;
pub mod set_back;
pub mod signature;
pub mod skew;
mod state;
mod synchronization;
mod taken_back;
#[cfg(test)]
mod tests;

pub use error::Error;
pub use follow_page::follow_page;
pub use holding::release_all;
pub use limits::Limits;
pub use origin::Origin;
pub use problem::Problem;
pub use routes::{Address, addresses, router};
pub use state::{Description, Settings, Shared, State};
