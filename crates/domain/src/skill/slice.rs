//! The skills' line in the table of slices: a vocabulary, compiled in. Who has which skill is the producer's.

use crate::slice::{self, Slice};

/// Skills.
pub static SLICE: Slice = Slice {
    name: "skill",
    kind: None,
    searched: None,
    retention: &[],
    forget: slice::forgets_nobody,
    readdress: slice::keeps_no_address,
    export: slice::exports_nobody,
};
