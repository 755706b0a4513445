//! The database: the only crate that knows that there are two.
//!
//! [`Store`] is opened from a URL and gives two ways in: [`Store::read`] and [`Store::write`]. Everything else is plain
//! diesel over [`Conn`], written once; where the derived backend cannot follow (`ON CONFLICT`, batch inserts), [`each!`]
//! repeats one body for each concrete connection.
//!
//! Invariants: a write is one serialisable transaction and is tried again when it loses a race; no network is reachable
//! from inside it, since the closures are synchronous. Left out: what the rows mean.

mod conn;
mod error;
pub mod failpoint;
mod grouped;
pub mod id;
pub mod lease;
pub mod migrate;
pub mod schema;
pub mod server;
mod spelt;
mod stamp;
#[cfg(feature = "testing")]
pub mod testing;
mod time;
mod transaction;
pub mod words;
mod write;

pub use conn::{Conn, DatabaseUrl, UnknownScheme};
pub use error::{Error, Failure};
pub use grouped::{Apply, Grouped, Observe};
pub use spelt::{Spelt, spelt};
pub use stamp::Stamp;
pub use time::{Clock, Timestamp};
pub use write::Store;

/// Repeats one diesel body for each concrete connection, so that it is type-checked against both databases.
///
/// ```ignore
/// each!(conn, c => diesel::insert_into(peers::table).values(&row).on_conflict_do_nothing().execute(c))
/// ```
#[macro_export]
macro_rules! each {
    ($conn:expr, $c:ident => $body:expr) => {
        match $conn {
            $crate::Conn::Postgres($c) => $body,
            $crate::Conn::Sqlite($c) => $body,
        }
    };
}
