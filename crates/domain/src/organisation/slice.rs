//! The organisations' line in the table of slices. An organisation is no person; ours stay until somebody deletes them.

use super::types::OrganisationView;
use super::{KIND, queries};
use crate::learnt::{UNFOLLOWED, UNFOLLOWED_RULE};
use crate::slice::{self, Retention, Searched, Slice};

/// Organisations.
pub static SLICE: Slice = Slice {
    name: "organisation",
    kind: Some(KIND),
    searched: Some(Searched::of::<OrganisationView>(queries::after)),
    retention: &[Retention {
        class: "copies of other nodes' organisations",
        rule: UNFOLLOWED_RULE,
        due: |conn, now| Ok(i64::try_from(queries::unfollowed(conn, now.minus(UNFOLLOWED))?.len()).unwrap_or(i64::MAX)),
        apply: |conn, _, now| {
            let urls = queries::unfollowed(conn, now.minus(UNFOLLOWED))?;
            Ok(queries::remove_copies(conn, &urls)?)
        },
    }],
    forget: slice::forgets_nobody,
    export: slice::exports_nobody,
};
