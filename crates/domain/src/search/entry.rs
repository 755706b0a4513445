//! What a thing tells the index, and what a search shows of it.

use super::Words;
use crate::RegionCode;
use crate::view::{self, Source};
use diesel::QueryResult;
use serde::Serialize;
use store::id::ObjectUrl;
use store::{Conn, Timestamp};

/// A thing, as the index knows it.
pub(crate) struct Entry {
    /// The slice.
    pub kind: &'static str,
    /// The ActivityPub id.
    pub url: ObjectUrl,
    pub region: RegionCode,
    /// When it happens, was published or last changed.
    pub moment: Timestamp,
    /// When it is, or was, over.
    pub over: Option<Timestamp>,
    pub updated: Timestamp,
    pub words: Words,
}

/// Something that was found, alike for all kinds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Hit {
    /// Its slice.
    pub kind: &'static str,
    /// Where it comes from.
    pub source: Source,
    /// The last part of its page's address.
    pub slug: String,
    /// Its title or name.
    pub title: String,
    /// What it is about; may be empty.
    pub about: String,
    /// The language of both (BCP 47); empty when it is not told.
    pub language: String,
    /// When an event begins, a task was published, a profile last changed.
    #[serde(serialize_with = "view::time")]
    pub moment: Timestamp,
    /// The slice's word for its state, when that is not the usual one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<&'static str>,
}

/// What can be found by words: the views of the slices. Only views have a source, so there is no way here for a row.
pub(crate) trait Findable: Sized {
    /// Those of some things that may be found, in no order.
    fn by_urls(conn: &mut Conn, urls: &[ObjectUrl]) -> QueryResult<Vec<Self>>;

    /// What a search shows of it.
    fn hit(&self) -> Hit;

    /// By which words it is found.
    fn words(&self) -> Words;

    /// When it last changed.
    fn updated(&self) -> Timestamp;

    /// When it is, or was, over; nothing for what stays.
    fn over(&self) -> Option<Timestamp> {
        None
    }

    /// What it tells the index.
    fn entry(&self) -> Entry {
        let Hit { kind, source, moment, .. } = self.hit();
        let (url, region) = (ObjectUrl::from_text(source.id), source.region);
        Entry { kind, url, region, moment, over: self.over(), updated: self.updated(), words: self.words() }
    }
}
