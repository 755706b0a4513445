//! Collections and their pages. Pages are addressed by offset; those of an outbox by the number of the activity before which
//! they begin, 0 for the newest, so that nothing shifts under a reader. Of the twenty items of a full page one is shown.

use serde_json::{Value, json};

use super::activities::{FOLLOWER, NATIONAL, announcement};
use super::{EVENT, GROUP, at, cc, events, to};
use crate::{Activity, Collection, Hashtag, OrderedCollection, OrderedCollectionPage, context};

const PRODUCER: &str = "https://pohjois-savo.example/ap/actors/0199d3a4-1f00-7a10-8000-9d2100000001";
const ORGANISATION: &str = "https://pohjois-savo.example/ap/actors/0199d3a4-1f00-7a10-8000-0a9a00000001";
const NEIGHBOUR: &str = "https://pirkanmaa.example/ap/actors/0199d3a4-1f00-7a10-8000-0b9c00000002";
const REPLY: &str = "https://mastodon.example/users/aino/statuses/115600000000000005";
/// Items of a page.
const PAGE: u64 = 20;

pub(super) fn all() -> Vec<(&'static str, Value)> {
    [outboxes(), in_pages(), whole(), counted()].concat()
}

fn outboxes() -> Vec<(&'static str, Value)> {
    let outbox = format!("{GROUP}/outbox");
    let event = context::embedded(&events::scheduled());
    let create = Activity::create(format!("{EVENT}/activity"), GROUP, to(), cc(), at("2026-11-23T09:00:00Z"), event);
    let page = OrderedCollectionPage {
        id: format!("{outbox}?page=0"),
        part_of: outbox.clone(),
        total_items: Some(41),
        next: Some(format!("{outbox}?page=63")),
        prev: None,
        ordered_items: vec![context::embedded(&create)],
    };
    let (first, last) = (format!("{outbox}?page=0"), format!("{outbox}?page=27"));
    let announced = page_of(&format!("{NATIONAL}/outbox"), 1, 0, vec![context::embedded(&announcement())]);
    vec![
        ("outbox", context::document(&OrderedCollection::paged(&outbox, 41, first, last))),
        ("outbox_page", context::document(&page)),
        ("outbox_page_with_an_announcement", announced),
    ]
}

fn in_pages() -> Vec<(&'static str, Value)> {
    let upcoming = format!("{GROUP}/upcoming");
    let event = context::embedded(&events::scheduled());
    let producers = format!("{GROUP}/producers");
    let organisations = format!("{GROUP}/organisations");
    let following = format!("{NATIONAL}/following");
    vec![
        ("upcoming", head_of(&upcoming, 21)),
        ("upcoming_page", page_of(&upcoming, 21, 20, vec![event])),
        ("producers", head_of(&producers, 45)),
        ("producers_page", page_of(&producers, 45, 20, vec![json!(PRODUCER)])),
        ("organisations", head_of(&organisations, 1)),
        ("organisations_page", page_of(&organisations, 1, 0, vec![json!(ORGANISATION)])),
        ("following", head_of(&following, 2)),
        ("following_page", page_of(&following, 2, 0, vec![json!(GROUP), json!(NEIGHBOUR)])),
    ]
}

fn whole() -> Vec<(&'static str, Value)> {
    let tag = Hashtag::new("Kuopio", Some("https://pohjois-savo.example/avainsanat/kuopio".into())).expect("a hashtag");
    let followers = format!("{GROUP}/followers_synchronization");
    vec![
        ("featured", context::document(&OrderedCollection::whole(format!("{GROUP}/featured"), vec![json!(EVENT)]))),
        (
            "featured_tags",
            context::document(&Collection::whole(format!("{GROUP}/tags"), vec![context::embedded(&tag)])),
        ),
        ("replies", context::document(&Collection::whole(format!("{EVENT}/replies"), vec![json!(REPLY)]))),
        ("followers_synchronization", context::document(&OrderedCollection::whole(followers, vec![json!(FOLLOWER)]))),
    ]
}

fn counted() -> Vec<(&'static str, Value)> {
    vec![
        ("followers", context::document(&OrderedCollection::counted(format!("{GROUP}/followers"), 128))),
        ("followers_of_a_producer", context::document(&OrderedCollection::hidden(format!("{PRODUCER}/followers")))),
        ("likes", context::document(&Collection::counted(format!("{EVENT}/likes"), 7))),
    ]
}

/// A collection whose pages are addressed by offset.
fn head_of(id: &str, total: u64) -> Value {
    let last = total.saturating_sub(1) / PAGE * PAGE;
    context::document(&OrderedCollection::paged(id, total, format!("{id}?page=0"), format!("{id}?page={last}")))
}

/// Its page from an offset on.
fn page_of(id: &str, total: u64, offset: u64, ordered_items: Vec<Value>) -> Value {
    let at = |offset: u64| format!("{id}?page={offset}");
    context::document(&OrderedCollectionPage {
        id: at(offset),
        part_of: id.to_owned(),
        total_items: Some(total),
        next: Some(offset + PAGE).filter(|next| *next < total).map(at),
        prev: offset.checked_sub(PAGE).map(at),
        ordered_items,
    })
}
