//! Objects: what activities are about, and what every kind of object shares.
//!
//! The readers here work on any object, known or not. Each kind has its own module with a struct, a `parse` and a pure
//! `marks` that says from the JSON alone whether an object is of that kind: `type` is not enough, for a task is a
//! `Note` on the wire. No object is of two kinds.

pub mod event;
pub mod media;
pub mod note;
pub mod place;
pub mod quote;
pub mod tag;
pub mod task;

use jiff::Timestamp;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use crate::html::SafeHtml;
use crate::{ACTIVITY_STREAMS, Invalid, PUBLIC, one_or_many, text, time};

/// Most addressees that are kept of `to`, and of `cc`.
pub const MAX_ADDRESSEES: usize = 256;
/// Most tags that are kept.
pub const MAX_TAGS: usize = 64;
/// Most attachments that are kept.
pub const MAX_ATTACHMENTS: usize = 16;
/// Longest name that is kept, in characters.
pub const MAX_NAME: usize = 500;
/// Longest summary that is kept, in characters.
pub const MAX_SUMMARY: usize = 2_000;

/// The types of an object or activity, without namespace (`as:Note` and the full IRI are `Note`).
#[must_use]
pub fn kind_of(document: &Value) -> Vec<String> {
    ["type", "@type"]
        .into_iter()
        .find(|key| document.get(key).is_some())
        .into_iter()
        .flat_map(|key| one_or_many::each(document, key))
        .filter_map(Value::as_str)
        .take(8)
        .map(|name| bare_type(name).to_owned())
        .collect()
}

fn bare_type(name: &str) -> &str {
    name.strip_prefix(ACTIVITY_STREAMS)
        .and_then(|rest| rest.strip_prefix('#'))
        .or_else(|| name.strip_prefix("as:"))
        .unwrap_or(name)
}

/// Whether one of the types is this one.
#[must_use]
pub fn is_a(document: &Value, name: &str) -> bool {
    kind_of(document).iter().any(|kind| kind == name)
}

/// The object's own id.
#[must_use]
pub fn id(document: &Value) -> Option<&str> {
    one_or_many::id_of(document).filter(|_| document.is_object())
}

/// Whom the object is by: `attributedTo`, else `actor`; each one's id.
#[must_use]
pub fn attributed_to(document: &Value) -> Vec<String> {
    let authors = one_or_many::ids(document, "attributedTo", 16);
    if authors.is_empty() { one_or_many::ids(document, "actor", 1) } else { authors }
}

/// What the object answers to.
#[must_use]
pub fn in_reply_to(document: &Value) -> Option<&str> {
    one_or_many::id(document, "inReplyTo")
}

/// When the object was published.
#[must_use]
pub fn published(document: &Value) -> Option<Timestamp> {
    time::read(document, "published")
}

/// When the object was last edited.
#[must_use]
pub fn updated(document: &Value) -> Option<Timestamp> {
    time::read(document, "updated")
}

/// The addressees under `to` or `cc`; each spelling of everybody becomes [`PUBLIC`]. At most [`MAX_ADDRESSEES`].
#[must_use]
pub fn addressees(document: &Value, key: &str) -> Vec<String> {
    one_or_many::ids(document, key, MAX_ADDRESSEES)
        .into_iter()
        .map(|addressee| match addressee.as_str() {
            "as:Public" | "Public" => PUBLIC.to_owned(),
            _ => addressee,
        })
        .collect()
}

/// The text of an object and the language it is in.
///
/// Serialises as `content` and, when the language is known, `contentMap` with that one language and the identical
/// string: Mastodon takes the first key of the map as the language, Mitra looks for the equal string.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// The text.
    pub html: SafeHtml,
    /// A BCP 47 language tag such as `fi`; none when unknown.
    pub language: Option<String>,
}

impl Content {
    /// A text in a language.
    #[must_use]
    pub fn new(html: SafeHtml, language: Option<&str>) -> Self {
        Self { html, language: language.map(str::to_owned) }
    }

    /// Reads `content`, `contentMap` and `inLanguage`, and cleans the text. `text/plain` and Markdown sources are not read.
    #[must_use]
    pub fn parse(document: &Value) -> Option<Self> {
        let map = document.get("contentMap").and_then(Value::as_object);
        let html = one_or_many::natural(document, "content")?;
        Some(Self {
            html: SafeHtml::clean(html),
            language: map
                .and_then(|map| language_in(map, html))
                .or_else(|| one_or_many::string(document, "inLanguage").and_then(language_tag)),
        })
    }
}

impl Serialize for Content {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("content", &self.html)?;
        if let Some(language) = &self.language {
            let one = Map::from_iter([(language.clone(), Value::from(self.html.as_str()))]);
            map.serialize_entry("contentMap", &one)?;
        }
        map.end()
    }
}

/// The key whose text is the content, else the first one.
fn language_in(map: &Map<String, Value>, html: &str) -> Option<String> {
    let same = map.iter().find(|(_, text)| text.as_str() == Some(html));
    same.or_else(|| map.iter().next()).and_then(|(key, _)| language_tag(key))
}

/// A usable language tag; `und` and `zxx` say that there is none.
pub(crate) fn language_tag(tag: &str) -> Option<String> {
    let form = (2..=35).contains(&tag.len())
        && tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && tag.starts_with(|first: char| first.is_ascii_alphabetic());
    (form && !matches!(tag, "und" | "zxx" | "mul")).then(|| tag.to_owned())
}

/// The collection of answers to an object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename = "Collection")]
pub struct Replies {
    /// Where the collection is served.
    pub id: String,
    /// Its first page, when it is sent along; a collection without one is only a link.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first: Option<FirstPage>,
}

/// The first page of [`Replies`], sent along.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(tag = "type", rename = "CollectionPage")]
pub struct FirstPage {
    /// The ids of the answers.
    pub items: Vec<String>,
}

impl Replies {
    /// A link to the collection.
    pub fn at(id: impl Into<String>) -> Self {
        Self { id: id.into(), first: None }
    }

    /// The collection with its first answers sent along.
    pub fn with_first(id: impl Into<String>, items: Vec<String>) -> Self {
        Self { id: id.into(), first: Some(FirstPage { items }) }
    }

    fn parse(document: &Value) -> Option<Self> {
        one_or_many::address(document, "replies").map(Self::at)
    }
}

/// Who may quote an object without asking (FEP-044f). Whoever sends it must answer `QuoteRequest`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct InteractionPolicy {
    /// The rule for quotes.
    pub can_quote: QuotePolicy,
}

/// The rule for quotes in an [`InteractionPolicy`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct QuotePolicy {
    /// Actors and collections whose quotes are approved without anybody looking.
    pub automatic_approval: Vec<String>,
}

impl InteractionPolicy {
    /// Anybody may quote.
    #[must_use]
    pub fn anyone_may_quote() -> Self {
        Self { can_quote: QuotePolicy { automatic_approval: vec![PUBLIC.to_owned()] } }
    }

    fn parse(document: &Value) -> Option<Self> {
        let can_quote = document.get("interactionPolicy")?.get("canQuote")?;
        Some(Self { can_quote: QuotePolicy { automatic_approval: addressees(can_quote, "automaticApproval") } })
    }
}

/// The `id` that every object must have.
fn required_id(document: &Value) -> Result<String, Invalid> {
    required_address(document, "id")
}

/// A web address that must be there.
pub(crate) fn required_address(document: &Value, key: &'static str) -> Result<String, Invalid> {
    match one_or_many::id(document, key) {
        None => Err(Invalid::missing(key)),
        Some(id) => one_or_many::web_address(id).ok_or_else(|| Invalid::because(key, "is not a web address")),
    }
}

/// A line of plain text, absent when nothing is left of it.
pub(crate) fn plain(document: &Value, key: &str, max_chars: usize) -> Option<String> {
    let text = text::line(one_or_many::natural(document, key)?, max_chars);
    (!text.is_empty()).then_some(text)
}
