//! Consents; accounts, and the ways into them.

mod accounts;
mod consent;
mod letters;
