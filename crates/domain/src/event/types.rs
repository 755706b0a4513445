//! An event as everybody may see it.

use super::state::Status;
use crate::view::{self, Source};
use serde::{Deserialize, Serialize};
use store::Timestamp;
use vocab::SafeHtml;

/// An event, published or about to be.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EventView {
    /// Where it comes from.
    pub source: Source,
    /// The last part of its page's address.
    pub slug: String,
    /// Its title.
    pub name: String,
    /// A sentence or two; may be empty.
    pub blurb: String,
    /// The whole description.
    pub content: SafeHtml,
    /// The language of the texts (BCP 47).
    pub language: String,
    /// When it begins.
    #[serde(serialize_with = "view::time")]
    pub starts: Timestamp,
    /// When it ends; the beginning when the end is not told.
    #[serde(serialize_with = "view::time")]
    pub ends: Timestamp,
    /// Whether the end is known.
    pub ends_told: bool,
    /// The IANA zone of its clock.
    pub zone: String,
    /// Whether it takes place.
    pub status: Status,
    /// One of [`super::CATEGORIES`], or another node's word.
    pub category: String,
    /// Where it is, when it is somewhere.
    pub place: Option<PlaceView>,
    /// Where it is on the network.
    pub online_url: Option<String>,
    /// Where one signs up or buys a ticket.
    pub participation_url: Option<String>,
    /// How many fit in.
    pub capacity: Option<i32>,
    /// Its picture.
    pub picture: Option<Picture>,
    /// Words, without `#`.
    pub tags: Vec<String>,
    /// The name of who organises it, when that is not the region itself.
    pub organiser: Option<String>,
    /// The ActivityPub id of who organises it.
    pub organiser_id: Option<String>,
    /// When it was published.
    #[serde(serialize_with = "view::time")]
    pub published: Timestamp,
    /// When it last changed.
    #[serde(serialize_with = "view::time")]
    pub updated: Timestamp,
}

/// A place.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PlaceView {
    /// Its name.
    pub name: String,
    /// Street and number.
    #[serde(default)]
    pub street: Option<String>,
    /// Postal code.
    #[serde(default)]
    pub postal_code: Option<String>,
    /// Town or municipality.
    #[serde(default)]
    pub locality: Option<String>,
    /// Degrees north.
    #[serde(default)]
    pub latitude: Option<f64>,
    /// Degrees east.
    #[serde(default)]
    pub longitude: Option<f64>,
}

impl PlaceView {
    /// Postal code and locality, as on an envelope; empty when neither is told.
    pub fn town(&self) -> String {
        let parts: Vec<&str> = [&self.postal_code, &self.locality].into_iter().flatten().map(String::as_str).collect();
        parts.join(" ")
    }
}

/// A picture and its words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// Where it is, an absolute address.
    pub url: String,
    /// What it shows, for those who do not see it.
    pub alt: String,
}

/// Who organises an event, when that is not the region itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organiser {
    /// Its name.
    pub name: String,
    /// Its ActivityPub id, when it has one.
    #[serde(default)]
    pub id: Option<String>,
}
