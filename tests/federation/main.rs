//! What other servers see of a node and do with it, by real processes over HTTP: finding it, reading it, following it,
//! getting what it publishes, and gathering what several regions publish. `c29` is check 29 of the project's protocol notes.
#![allow(clippy::unwrap_used)] // a test that cannot go on fails

#[path = "../harness/mod.rs"]
mod harness;

mod aggregation;
mod collections;
mod discovery;
mod documents;
mod fedify;
mod follower;
mod importing;
mod incoming;
mod negotiation;
mod outgoing;
mod pasture;
mod relations;
mod relay;
mod shared_database;
mod shown;
mod texts;
mod verbs;

/// Runs the cases of a chapter one after the other on one node, naming each.
#[macro_export]
macro_rules! cases {
    ($shown:expr; $($case:ident)+) => {
        $(
            println!("── {}", stringify!($case));
            $case(&$shown).await;
        )+
    };
}
