//! People: what a person behind a profile has agreed to; and who can sign in, and what they are for the region.
//!
//! Invariants: whatever is shown or sent of a person is built from a row *and* a [`Consented`], and the only way to one
//! is a query over the consents ([`consented_fields`]); nothing is published by default (GDPR Art. 25). A mail address
//! stands in no page but its owner's, in no log and in nothing that is sent to other servers. What lets somebody in
//! ([`link`], [`join`], [`session`]) is kept as a hash, or is no secret ([`passkey`]); who holds a position takes a second step
//! ([`second_step`]). Left out: passwords;
//! what a member writes ([`crate::producer`]).

pub mod absence;
pub mod account;
mod address;
mod consent;
pub mod invitation;
pub mod join;
pub mod letter;
pub mod link;
pub mod new_address;
pub mod offer;
pub mod passkey;
pub mod position;
pub mod second_step;
mod secret;
pub mod session;
mod slice;
#[cfg(test)]
mod tests;
pub mod texts;

pub use account::Account;
pub use address::{LONGEST as LONGEST_MAIL, MailAddress};
pub use consent::{Consent, Consented, Field, Shown, consented_fields, end, record, replace, still_given, withdraw};
pub(crate) use consent::{Subject, consented, history};
pub use position::{Appointment, Position};
pub use secret::Secret;
pub use session::{Second, Visitor};
pub use slice::SLICE;
