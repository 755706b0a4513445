//! The consents' line in the table of slices.

use super::consent;
use crate::slice::{Retention, Slice};
use crate::{Error, Node};
use serde_json::Value;
use std::time::Duration;
use store::id::ProducerId;
use store::{Conn, Timestamp};

/// So long a consent that has ended can still be shown.
const SHOWN_FOR: Duration = Duration::from_secs(3 * 365 * 24 * 3600);

/// People's consents.
pub static SLICE: Slice = Slice {
    name: "person",
    kind: None,
    searched: None,
    retention: &[Retention {
        class: "consents that have ended",
        rule: "three years after they ended: so long the node must be able to show that it had them (GDPR Art. 7(1))",
        due: |conn, now| Ok(consent::count_ended(conn, now.minus(SHOWN_FOR))?),
        apply: |conn, _, now| Ok(consent::remove_ended(conn, now.minus(SHOWN_FOR))?),
    }],
    forget,
    export,
};

/// Consents are ended, not removed: the proof outlives the profile, under an id that names nobody any more.
fn forget(conn: &mut Conn, _: &Node, person: &ProducerId, now: Timestamp) -> Result<usize, Error> {
    Ok(consent::end(conn, person, now)?)
}

fn export(conn: &mut Conn, person: &ProducerId) -> Result<Option<Value>, Error> {
    let all = consent::history(conn, person)?;
    Ok((!all.is_empty()).then(|| Value::Array(all)))
}
