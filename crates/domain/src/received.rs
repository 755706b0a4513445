//! What other servers send, in the table of slices: the spine keeps it and lets it go by rules of its own, and whoever reads how
//! long things are kept, or what goes next, finds them beside those of the slices.
//!
//! Whom it is about is on another server and has no account here: it goes by its time, or by the word of its author.

use crate::slice::{self, Retention, Slice};
use federation::retention;

/// A rule of the spine as one of a slice.
macro_rules! of_the_spine {
    ($rule:ident) => {
        Retention {
            class: retention::$rule.class,
            rule: retention::$rule.rule,
            due: |conn, now| Ok((retention::$rule.due)(conn, now)?),
            apply: |conn, _, now| Ok((retention::$rule.apply)(conn, now)?),
        }
    };
}

/// What other servers send.
pub static SLICE: Slice = Slice {
    name: "received",
    kind: None,
    searched: None,
    retention: &[
        of_the_spine!(BODIES),
        of_the_spine!(RECEIVED),
        of_the_spine!(ATTEMPTS),
        of_the_spine!(TAKEN_BACK),
        of_the_spine!(REPORTS),
        of_the_spine!(ANSWERS),
        of_the_spine!(MESSAGES),
        of_the_spine!(STRANGERS),
    ],
    forget: slice::forgets_nobody,
    readdress: slice::keeps_no_address,
    export: slice::exports_nobody,
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_of_the_spine_is_here_in_its_order() {
        let here: Vec<&str> = SLICE.retention.iter().map(|one| one.class).collect();
        let there: Vec<&str> = retention::RULES.iter().map(|one| one.class).collect();
        assert_eq!(here, there);
    }
}
