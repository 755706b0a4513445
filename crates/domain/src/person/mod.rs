//! A person behind a profile: above all, what that person has agreed to.
//!
//! Invariant: whatever is shown or sent of a person is built from a row *and* a [`Consented`], and the only way to one
//! is a query over the consents ([`consented_fields`]). Nothing is published by default (GDPR Art. 25).

mod consent;
mod slice;
#[cfg(test)]
mod tests;

pub use consent::{Consent, Consented, Field, consented_fields, end, record, replace, still_given, withdraw};
pub(crate) use consent::{Subject, consented};
pub use slice::SLICE;
