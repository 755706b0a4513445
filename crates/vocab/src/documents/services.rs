//! What is served beside actors, objects and activities.

use serde_json::{Value, json};

use super::{EVENT, GROUP, QUOTE, at, cc, events, to};
use crate::nodeinfo::{NodeInfo, Software, Usage, Version, WellKnown};
use crate::{
    Activity, Collection, Hashtag, Jrd, OrderedCollection, OrderedCollectionPage, QuoteAuthorization, Tombstone,
    context, webfinger,
};

const HOST: &str = "https://pohjois-savo.example";

pub(super) fn all() -> Vec<(&'static str, Value)> {
    [collections(), discovery()].concat()
}

fn collections() -> Vec<(&'static str, Value)> {
    let outbox = format!("{GROUP}/outbox");
    let event = context::embedded(&events::scheduled());
    let create =
        Activity::create(format!("{EVENT}/activity"), GROUP, to(), cc(), at("2026-11-23T09:00:00Z"), event.clone());
    let page = OrderedCollectionPage {
        id: format!("{outbox}?page=2"),
        part_of: outbox.clone(),
        total_items: Some(41),
        next: Some(format!("{outbox}?page=3")),
        prev: Some(format!("{outbox}?page=1")),
        ordered_items: vec![context::embedded(&create)],
    };
    let tag = Hashtag::new("Kuopio", Some(format!("{HOST}/avainsanat/kuopio"))).expect("a hashtag");
    let tombstone = Tombstone {
        id: EVENT.into(),
        former_type: Some("Event".into()),
        published: Some(at("2026-11-23T09:00:00Z")),
        deleted: Some(at("2026-12-01T12:30:00Z")),
    };
    let quote = QuoteAuthorization {
        id: QUOTE.into(),
        attributed_to: GROUP.into(),
        interacting_object: "https://mastodon.example/users/aino/statuses/115600000000000004".into(),
        interaction_target: EVENT.into(),
    };
    let first_and_last = (format!("{outbox}?page=1"), format!("{outbox}?page=3"));
    vec![
        ("outbox", context::document(&OrderedCollection::paged(&outbox, 41, first_and_last.0, first_and_last.1))),
        ("outbox_page", context::document(&page)),
        ("followers", context::document(&OrderedCollection::counted(format!("{GROUP}/followers"), 128))),
        ("featured", context::document(&OrderedCollection::whole(format!("{GROUP}/featured"), vec![json!(EVENT)]))),
        ("upcoming", context::document(&OrderedCollection::whole(format!("{GROUP}/upcoming"), vec![event]))),
        (
            "featured_tags",
            context::document(&Collection::whole(format!("{GROUP}/tags"), vec![context::embedded(&tag)])),
        ),
        ("likes", context::document(&Collection::counted(format!("{EVENT}/likes"), 7))),
        ("tombstone", tombstone.document()),
        ("quote_authorization", context::document(&quote)),
    ]
}

fn discovery() -> Vec<(&'static str, Value)> {
    let jrd = Jrd::of_actor(
        "pohjois_savo",
        "pohjois-savo.example",
        GROUP,
        Some("https://pohjois-savo.example/@pohjois_savo"),
    )
    .with_avatar("https://pohjois-savo.example/m/icon.png", "image/png")
    .with_subscribe("https://pohjois-savo.example/authorize_interaction?uri={uri}");
    let info = NodeInfo {
        software: Software { name: "solmu".into(), version: "0.1.0".into() },
        repository: Some("https://github.com/tuottajakeskusverkosto/solmu".into()),
        homepage: None,
        usage: Usage { total: 12, active_month: 5, active_halfyear: 9, local_posts: 84 },
        metadata: json!({
            "nodeName": "Pohjois-Savon solmu",
            "nodeDescription": "Pohjois-Savon kulttuurituottajat",
            "region": "11",
            "federation": {"enabled": true},
        }),
    };
    vec![
        ("webfinger", context::embedded(&jrd)),
        ("host_meta_json", webfinger::host_meta_json(HOST)),
        ("nodeinfo_pointer", context::embedded(&WellKnown::new(HOST, "https://pohjois-savo.example/ap/relay"))),
        ("nodeinfo_2_1", info.document(Version::V2_1)),
        ("nodeinfo_2_0", info.document(Version::V2_0)),
    ]
}
