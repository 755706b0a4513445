//! The inbox, in two halves.
//!
//! [`front`] is cheap and strict: it checks the request and the signature, stores the raw bytes in one row and answers
//! 202. [`worker`] takes the rows, in order for each sender, and gives them their effect in one transaction with the mark
//! that they are done. A crash in between leaves a row to do, never a lost activity; the id, unique in the table, makes
//! the effect happen once.

pub mod front;
pub(crate) mod intake;
pub mod items;
pub(crate) mod keys;
pub(crate) mod lately;
pub(crate) mod memory;
pub mod proof;
pub mod worker;

pub(crate) mod verbs;
