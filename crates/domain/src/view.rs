//! What every list and every page shares: filters, pages of a list, and where a thing comes from.

use crate::region::RegionCode;
use crate::search::Facet;
use diesel::prelude::*;
use serde::{Serialize, Serializer};
use std::collections::HashMap;
use store::schema::{actors, objects};
use store::{Conn, Timestamp};

/// Most entries of one page of a list.
pub const MAX_LIMIT: i64 = 100;
/// The state of a thing that everybody may see, as the tables name it.
pub(crate) const PUBLISHED: &str = "published";
/// The state of a thing that is inside the node only, as the tables name it.
pub(crate) const DRAFT: &str = "draft";

/// A part of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// How many entries are passed over.
    pub offset: i64,
    /// How many are wanted, [`MAX_LIMIT`] at most.
    pub limit: i64,
}

impl Default for Page {
    fn default() -> Self {
        Page { offset: 0, limit: 50 }
    }
}

impl Page {
    /// The number of entries that are passed over, not below zero.
    pub(crate) fn skip(self) -> i64 {
        self.offset.max(0)
    }

    /// The number of entries that are wanted, within bounds.
    pub(crate) fn take(self) -> i64 {
        self.limit.clamp(0, MAX_LIMIT)
    }

    /// The members of this page.
    pub(crate) fn of<T>(self, all: Vec<T>) -> Vec<T> {
        let skip = usize::try_from(self.skip()).unwrap_or(usize::MAX);
        let take = usize::try_from(self.take()).unwrap_or_default();
        all.into_iter().skip(skip).take(take).collect()
    }
}

/// A part of a list, and how many entries the whole has.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Listing<T> {
    /// The entries.
    pub items: Vec<T>,
    /// How many there are in all.
    pub total: i64,
}

/// What a list is narrowed down to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// One region's alone.
    pub region: Option<RegionCode>,
    /// This node's own alone, no copies.
    pub own: bool,
    /// Events that end at or after this moment; tasks whose deadline is not before it; people and organisations whose
    /// profile changed at or after it.
    pub from: Option<Timestamp>,
    /// Events that start at or before this moment; tasks published, and profiles changed, at or before it.
    pub until: Option<Timestamp>,
    /// Words that all have to occur, bent in whatever way ([`crate::search`]).
    pub text: Option<String>,
    /// Values that all have to be there; only producers have some.
    pub facets: Vec<Facet>,
    /// Also what is over: events that have ended, newest first; tasks that were closed long ago or withdrawn.
    pub past: bool,
    /// Which part.
    pub page: Page,
}

/// Where a thing comes from. Ours and learnt ones tell it alike.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Source {
    /// The region whose thing it is.
    pub region: RegionCode,
    /// The host that it lives on.
    pub host: String,
    /// Its page for people on that host, an absolute address.
    pub page: String,
    /// Its ActivityPub id.
    pub id: String,
    /// It is this node's own.
    pub local: bool,
    /// When its newest version arrived here; nothing for our own.
    #[serde(serialize_with = "optional_time", skip_serializing_if = "Option::is_none")]
    pub received: Option<Timestamp>,
    /// `@user@host` of the actor it is by, or of the actor that it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handle: Option<String>,
}

/// `@user@host` of the authors of objects, by the objects' ids.
pub(crate) fn author_handles(conn: &mut Conn, urls: &[String]) -> QueryResult<HashMap<String, String>> {
    let rows: Vec<(String, String, String)> = objects::table
        .inner_join(actors::table.on(actors::url.eq(objects::author)))
        .filter(objects::url.eq_any(urls))
        .select((objects::url, actors::username, actors::host))
        .load(conn)?;
    Ok(rows.into_iter().map(|(url, username, host)| (url, format!("@{username}@{host}"))).collect())
}

/// Writes a moment as RFC 3339 in UTC, to the second.
pub(crate) fn time<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&vocab::time::utc(at.to_jiff()))
}

/// [`time`] for what may be absent.
pub(crate) fn optional_time<S: Serializer>(at: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
    match at {
        Some(at) => time(at, serializer),
        None => serializer.serialize_none(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_stays_within_bounds() {
        let page = Page { offset: -5, limit: 1_000 };
        assert_eq!((page.skip(), page.take()), (0, MAX_LIMIT));
        assert_eq!(Page { offset: 2, limit: 2 }.of(vec![1, 2, 3, 4, 5]), [3, 4]);
    }
}
