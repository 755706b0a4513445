//! Consents; accounts, and the ways into them.

mod accounts;
mod consent;
mod handing_over;
mod letters;
mod new_address;
