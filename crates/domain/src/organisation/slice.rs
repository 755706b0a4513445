//! The organisations' line in the table of slices. An organisation is no person; ours stay until somebody deletes them. Who speaks
//! for one is a person.

use super::types::OrganisationView;
use super::{KIND, queries, representative};
use crate::learnt::{UNFOLLOWED, UNFOLLOWED_RULE};
use crate::slice::{self, Person, Retention, Searched, Slice};
use serde_json::{Value, json};

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
    // Who is forgotten speaks for nobody any more: that goes with the account.
    forget: slice::forgets_nobody,
    readdress: slice::keeps_no_address,
    export: |conn, person| match person {
        Person::Profile(_) => Ok(None),
        Person::Account(id) => {
            let theirs = representative::represented(conn, id)?;
            let names: Vec<Value> =
                theirs.into_iter().map(|(_, view)| json!({"name": view.name, "page": view.source.page})).collect();
            Ok((!names.is_empty()).then(|| json!({"represents": names})))
        }
    },
};
