//! Ids that occurred before.
