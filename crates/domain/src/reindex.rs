//! Puts into the search index what it does not have yet: everything after the upgrade that brought the index, or another
//! way of making words; nothing at all on other days.
//!
//! Goes through all things in small parts, so that the node serves meanwhile. Needs no memory of its own: what is in the
//! index is passed over, so that a process that begins again soon is where the last one stopped.

use crate::{SLICES, search};
use diesel::QueryResult;
use store::id::ObjectUrl;
use store::{Conn, Timestamp};

/// Things that are looked at, and at most put in, at once.
const PART: i64 = 200;

/// How far it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// The place in the table of slices.
    slice: usize,
    /// The id up to which this slice is done.
    id: String,
}

/// A part of what there is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Where the next part begins; nothing at the end.
    pub next: Option<Place>,
    /// What of this part is missing in the index.
    pub missing: Vec<ObjectUrl>,
    slice: usize,
}

/// Looks at a part. Writes nothing.
///
/// # Errors
/// Those of the database.
pub fn look(conn: &mut Conn, at: &Place) -> QueryResult<Part> {
    let after = Place { slice: at.slice + 1, id: String::new() };
    let after = SLICES.get(after.slice).map(|_| after);
    let Some(searched) = SLICES.get(at.slice).and_then(|slice| slice.searched.as_ref()) else {
        return Ok(Part { next: after, missing: Vec::new(), slice: at.slice });
    };
    let rows = (searched.after)(conn, &at.id, PART)?;
    let next = rows.last().map_or(after, |(id, ..)| Some(Place { slice: at.slice, id: id.clone() }));
    let things: Vec<(ObjectUrl, Timestamp)> = rows.into_iter().map(|(_, url, updated)| (url, updated)).collect();
    Ok(Part { next, missing: search::missing(conn, &things)?, slice: at.slice })
}

/// Puts what is missing of a part in.
///
/// # Errors
/// Those of the database.
pub fn put(conn: &mut Conn, part: &Part) -> QueryResult<()> {
    match SLICES.get(part.slice).and_then(|slice| slice.searched.as_ref()) {
        Some(searched) => (searched.index)(conn, &part.missing),
        None => Ok(()),
    }
}
