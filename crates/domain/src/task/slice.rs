//! The tasks' line in the table of slices. A task names its client, not a person.

use super::types::TaskView;
use super::{KIND, queries};
use crate::Caller;
use crate::learnt::{UNFOLLOWED, UNFOLLOWED_RULE};
use crate::slice::{self, Retention, Searched, Slice};
use std::time::Duration;

/// So long a task stays readable after it is over.
const READABLE: Duration = Duration::from_secs(180 * 24 * 3600);

/// Tasks.
pub static SLICE: Slice = Slice {
    name: "task",
    kind: Some(KIND),
    searched: Some(Searched::of::<TaskView>(queries::after)),
    retention: &[
        Retention {
            class: "copies of other nodes' tasks",
            rule: UNFOLLOWED_RULE,
            due: |conn, now| {
                Ok(i64::try_from(queries::unfollowed(conn, now.minus(UNFOLLOWED))?.len()).unwrap_or(i64::MAX))
            },
            apply: |conn, _, now| {
                let urls = queries::unfollowed(conn, now.minus(UNFOLLOWED))?;
                Ok(queries::remove_copies(conn, &urls)?)
            },
        },
        Retention {
            class: "tasks that are over",
            rule: "half a year after they were filled, closed or withdrawn: people who passed them on can still read how it \
                   ended, and no older notice stands about",
            due: |conn, now| {
                Ok(i64::try_from(queries::over_since(conn, now.minus(READABLE))?.len()).unwrap_or(i64::MAX))
            },
            apply: |conn, _, now| {
                let over = queries::over_since(conn, now.minus(READABLE))?;
                for id in &over {
                    super::delete(conn, Caller::Coordinator, id, now)?;
                }
                Ok(over.len())
            },
        },
    ],
    forget: slice::forgets_nobody,
    readdress: slice::keeps_no_address,
    export: slice::exports_nobody,
};
