//! Collections and their pages (ActivityStreams §5): ours to serve, others' to walk through.
//!
//! Walking is two questions to a document that somebody else fetched: [`items`], what is in it, and [`next`], what to
//! fetch then. Bounds on the number of pages are the walker's.

use serde::Serialize;
use serde_json::Value;

use crate::activity::Reference;
use crate::one_or_many::{self, each};

/// Most members that are read from one document.
pub const MAX_ITEMS: usize = 500;

/// An ordered collection: outbox, followers, following, featured, upcoming events.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub struct OrderedCollection {
    /// Its id.
    pub id: String,
    /// How many are in it; nothing when that is not told (ActivityStreams §5.1 leaves it to the server).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_items: Option<u64>,
    /// Its first page. Without one Mastodon takes the members to be hidden.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first: Option<String>,
    /// Its last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<String>,
    /// Its members, when it has no pages.
    #[serde(rename = "orderedItems", skip_serializing_if = "Option::is_none")]
    pub items: Option<Vec<Value>>,
}

impl OrderedCollection {
    /// A collection whose members are on pages.
    pub fn paged(id: impl Into<String>, total_items: u64, first: impl Into<String>, last: impl Into<String>) -> Self {
        let (total_items, first, last) = (Some(total_items), Some(first.into()), Some(last.into()));
        Self { id: id.into(), total_items, first, last, items: None }
    }

    /// A collection that says neither how many are in it nor which.
    pub fn hidden(id: impl Into<String>) -> Self {
        Self { id: id.into(), total_items: None, first: None, last: None, items: None }
    }

    /// A collection that says how many are in it and not which.
    pub fn counted(id: impl Into<String>, total_items: u64) -> Self {
        Self { total_items: Some(total_items), ..Self::hidden(id) }
    }

    /// A short collection with all its members.
    pub fn whole(id: impl Into<String>, items: Vec<Value>) -> Self {
        Self { total_items: Some(items.len() as u64), items: Some(items), ..Self::hidden(id) }
    }
}

/// A page of an [`OrderedCollection`].
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub struct OrderedCollectionPage {
    /// Its id.
    pub id: String,
    /// The collection.
    pub part_of: String,
    /// How many are in the collection.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_items: Option<u64>,
    /// The page after this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// The page before this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prev: Option<String>,
    /// Its members.
    pub ordered_items: Vec<Value>,
}

/// A collection without an order: hashtags of an actor, likes, shares, replies.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub struct Collection {
    /// Its id.
    pub id: String,
    /// How many are in it.
    pub total_items: u64,
    /// Its members, when they are shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub items: Option<Vec<Value>>,
}

impl Collection {
    /// A collection with all its members.
    pub fn whole(id: impl Into<String>, items: Vec<Value>) -> Self {
        Self { id: id.into(), total_items: items.len() as u64, items: Some(items) }
    }

    /// A collection that says how many are in it and not which.
    pub fn counted(id: impl Into<String>, total_items: u64) -> Self {
        Self { id: id.into(), total_items, items: None }
    }
}

/// The members in a collection or a page, those of an embedded first page among them; at most [`MAX_ITEMS`].
#[must_use]
pub fn items(document: &Value) -> Vec<Reference> {
    let embedded = document.get("first").filter(|first| first.is_object());
    [Some(document), embedded]
        .into_iter()
        .flatten()
        .flat_map(|page| each(page, "orderedItems").chain(each(page, "items")))
        .filter_map(Reference::read)
        .take(MAX_ITEMS)
        .collect()
}

/// The address of the page to fetch after this document: a page's `next`; a collection's `first`, or what follows an
/// embedded `first`. `None` at the end, and when the document points to itself.
#[must_use]
pub fn next(document: &Value) -> Option<String> {
    let own = one_or_many::id_of(document).filter(|_| document.is_object());
    let following = |page: &Value| one_or_many::address(page, "next");
    let address = following(document).or_else(|| match document.get("first") {
        Some(page @ Value::Object(object)) => {
            let shows_items = object.contains_key("orderedItems") || object.contains_key("items");
            if shows_items { following(page) } else { one_or_many::address(document, "first") }
        }
        _ => one_or_many::address(document, "first"),
    })?;
    (own != Some(address.as_str())).then_some(address)
}

/// `totalItems`, also when it is a string.
#[must_use]
pub fn total(document: &Value) -> Option<u64> {
    one_or_many::count(document, "totalItems")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn walking_through_others_collections() {
        let page = "https://a.example/o?page=1";
        for (document, found, onward) in [
            (json!({"type": "OrderedCollection", "id": "https://a.example/o", "first": page}), 0, Some(page)),
            (
                json!({"type": "OrderedCollection", "first": {"type": "OrderedCollectionPage", "orderedItems": ["https://a.example/1"], "next": page}}),
                1,
                Some(page),
            ),
            (
                json!({"type": "OrderedCollection", "first": {"type": "OrderedCollectionPage", "orderedItems": ["https://a.example/1"]}}),
                1,
                None,
            ),
            (
                json!({"type": "OrderedCollection", "first": {"type": "OrderedCollectionPage", "id": page}}),
                0,
                Some(page),
            ),
            (
                json!({"type": "OrderedCollectionPage", "id": "x", "orderedItems": [{"type": "Create"}, null, "https://a.example/2", 7], "next": page}),
                2,
                Some(page),
            ),
            (json!({"type": "CollectionPage", "items": "https://a.example/1", "next": null}), 1, None),
            (json!({"type": "OrderedCollectionPage", "id": page, "next": page}), 0, None),
            (json!({"type": "Collection", "items": {"type": "Note"}}), 1, None),
            (json!({"first": "javascript:1"}), 0, None),
            (json!([]), 0, None),
        ] {
            assert_eq!((items(&document).len(), next(&document).as_deref()), (found, onward), "{document}");
        }
        assert_eq!(total(&json!({"totalItems": "12"})), Some(12));
    }
}
