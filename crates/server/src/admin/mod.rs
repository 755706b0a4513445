//! The commands of the operator. They work on the database directly, so they do the same whether the node runs or not; a
//! running node finds what they wrote within a second.

pub mod act;
pub mod block;
pub mod database;
pub mod follow;
pub mod import;
pub mod init;
pub mod people;
pub mod rekey;
pub mod reports;
pub mod setup;
pub mod show;
pub mod status;
