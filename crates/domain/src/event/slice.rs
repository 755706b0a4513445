//! The events' line in the table of slices. An event names no person; ours stay until somebody deletes them, as the region's
//! record of what there was.

use super::types::EventView;
use super::{KIND, queries};
use crate::learnt::{UNFOLLOWED, UNFOLLOWED_RULE};
use crate::slice::{self, Retention, Searched, Slice};

/// Events.
pub static SLICE: Slice = Slice {
    name: "event",
    kind: Some(KIND),
    searched: Some(Searched::of::<EventView>(queries::after)),
    retention: &[Retention {
        class: "copies of other nodes' events",
        rule: UNFOLLOWED_RULE,
        due: |conn, now| Ok(i64::try_from(queries::unfollowed(conn, now.minus(UNFOLLOWED))?.len()).unwrap_or(i64::MAX)),
        apply: |conn, _, now| {
            let urls = queries::unfollowed(conn, now.minus(UNFOLLOWED))?;
            Ok(queries::remove_copies(conn, &urls)?)
        },
    }],
    forget: slice::forgets_nobody,
    readdress: slice::keeps_no_address,
    export: slice::exports_nobody,
};
