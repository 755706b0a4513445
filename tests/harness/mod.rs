//! What the suites share: real `solmu` processes on ports of `localhost`, driven by HTTP and by their own command line,
//! looked at through the code that the command line is made of; and other servers that answer what a test wants and write
//! down what they are asked.
//!
//! Waiting is for a state, never for a time; [`until`] is the one place that sleeps between two looks.
#![allow(dead_code, unused_imports)] // each suite uses its part

mod answer;
mod content;
mod database;
mod net;
mod node;
mod port;
mod post;
mod site;
mod until;
mod world;

pub use answer::{Answer, Said, http};
pub use content::{event, organisation, producer_row, producers, task};
pub use database::Database;
pub use net::Net;
pub use node::{Held, KILL, Kind, Node, accepted};
pub use port::Port;
pub use post::{MessageSigning, Post, Signing};
pub use site::{Reply, Seen, Site, Voice};
pub use until::{LIMIT, until, until_true};
pub use world::{Arrival, World, mark};

/// The present moment in epoch seconds, as `created` tells it.
pub fn harness_now() -> i64 {
    store::Clock::System.now().as_millis() / 1000
}

/// ActivityPub's own type, as the strictest server asks for it.
pub const ACTIVITY: &str = "application/activity+json";

/// Makes of one test two, on each database one.
#[macro_export]
macro_rules! on_both_databases {
    ($($(#[$meta:meta])* $name:ident;)+) => {
        $(mod $name {
            use $crate::harness::Database;

            $(#[$meta])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                super::$name(Database::Sqlite).await;
            }

            $(#[$meta])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                super::$name(Database::Postgres).await;
            }
        })+
    };
}
