//! Durable delivery: rows with leases, in order for each (sender, host), tried again until they are through or hopeless.

/// Still to be sent.
pub const WAITING: &str = "waiting";
/// The other side took it.
pub const DELIVERED: &str = "delivered";
/// Given up.
pub const GIVEN_UP: &str = "given_up";
/// Its object was deleted before it could be sent.
pub const SUPERSEDED: &str = "superseded";
