//! The region's line in the table of slices: it names no person.

use crate::slice::{self, Slice};

/// The region.
pub static SLICE: Slice = Slice {
    name: "region",
    kind: None, // its actors are the spine's
    searched: None,
    retention: &[],
    forget: slice::forgets_nobody,
    export: slice::exports_nobody,
};
