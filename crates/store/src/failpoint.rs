//! Places at which a test may end the process, named after what has just happened there.
//!
//! `SOLMU_TEST_KILL_AT=delivery.sent:3` aborts the process at the third pass of `delivery.sent`: without unwinding, without
//! flushing, as a `SIGKILL` at exactly that place would. The program arms it only when it is allowed to talk to private
//! addresses, so never on a node in production. Unarmed, a pass is one look at a flag. What a process does is not changed
//! in any other way: there is no simulated error here.
//!
//! The list is complete: a name that is not in it is refused when arming, so that no test waits for a place that is gone.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// The variable that arms one.
pub const VARIABLE: &str = "SOLMU_TEST_KILL_AT";

/// Every place, in about the order in which a node passes them.
pub const ALL: [&str; 30] = [
    "migrate.before_step",
    "migrate.after_step",
    "serve.before_release",
    "serve.after_release",
    "serve.stopping",
    "write.begun",
    "write.before_commit",
    "write.after_commit",
    "outbox.entered",
    "outbox.addressed",
    "import.before_row",
    "import.after_row",
    "inbox.before_store",
    "inbox.storing",
    "inbox.stored",
    "inbox.claimed",
    "inbox.prepared",
    "inbox.in_effect",
    "inbox.done",
    "delivery.claiming",
    "delivery.claimed",
    "delivery.sending",
    "delivery.sent",
    "delivery.marking",
    "delivery.marked",
    "delivery.released",
    "backfill.claimed",
    "backfill.item",
    "backfill.page",
    "backfill.done",
];

static ARMED: OnceLock<Armed> = OnceLock::new();

struct Armed {
    name: &'static str,
    left: AtomicU64,
}

/// What was asked for cannot be armed.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("`{0}` names no place to end the process at; write NAME or NAME:PASSES with one of: {list}", list = ALL.join(", "))]
pub struct NoSuchPlace(String);

/// Arms a place by `NAME` (the first pass) or `NAME:PASSES`. The first one armed stays armed.
///
/// # Errors
/// [`NoSuchPlace`] when there is none of that name, or the number is none.
pub fn arm(text: &str) -> Result<(), NoSuchPlace> {
    let (name, passes) = parse(text).ok_or_else(|| NoSuchPlace(text.to_owned()))?;
    ARMED.get_or_init(|| Armed { name, left: AtomicU64::new(passes) });
    Ok(())
}

fn parse(text: &str) -> Option<(&'static str, u64)> {
    let (name, passes) = match text.split_once(':') {
        Some((name, passes)) => (name, passes.parse().ok().filter(|passes| *passes > 0)?),
        None => (text, 1),
    };
    ALL.into_iter().find(|known| *known == name).map(|name| (name, passes))
}

/// The process is at this place.
pub fn here(name: &'static str) {
    if let Some(armed) = ARMED.get() {
        debug_assert!(ALL.contains(&name), "{name} is not in the list");
        if armed.name == name && armed.left.fetch_sub(1, Ordering::SeqCst) == 1 {
            std::process::abort();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_armed() {
        for (text, expected) in [
            ("delivery.sent", Some(("delivery.sent", 1))),
            ("delivery.sent:3", Some(("delivery.sent", 3))),
            ("delivery.sent:0", None),
            ("delivery.sent:", None),
            ("delivery.sent:x", None),
            ("delivery", None),
            ("", None),
        ] {
            assert_eq!(parse(text), expected, "{text}");
        }
        assert!(NoSuchPlace("x".to_owned()).to_string().contains("write.after_commit"));
    }

    #[test]
    fn names_are_listed_once() {
        let mut names = ALL.to_vec();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), ALL.len());
    }

    #[test]
    fn an_unarmed_place_is_passed() {
        here("delivery.sent");
    }
}
