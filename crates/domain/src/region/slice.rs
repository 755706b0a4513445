//! The region's line in the table of slices: it names no person, and of who answers for it an organisation.

use crate::slice::{self, Retention, Slice};
use diesel::prelude::*;
use store::schema::setup_links;

/// The region.
pub static SLICE: Slice = Slice {
    name: "region",
    kind: None, // its actors are the spine's
    searched: None,
    retention: &[Retention {
        class: "addresses for setting up",
        rule: "a day, or until the node is set up",
        due: |conn, now| Ok(setup_links::table.filter(setup_links::expires_at.le(now)).count().get_result(conn)?),
        apply: |conn, _, now| {
            Ok(diesel::delete(setup_links::table.filter(setup_links::expires_at.le(now))).execute(conn)?)
        },
    }],
    forget: slice::forgets_nobody,
    readdress: slice::keeps_no_address,
    export: slice::exports_nobody,
};
