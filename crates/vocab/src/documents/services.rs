//! What is served beside actors, objects, activities and collections.

use serde_json::{Value, json};

use super::{EVENT, GROUP, QUOTE, at};
use crate::nodeinfo::{NodeInfo, Software, Usage, Version, WellKnown};
use crate::{Jrd, QuoteAuthorization, Tombstone, context, webfinger};

const HOST: &str = "https://pohjois-savo.example";

pub(super) fn all() -> Vec<(&'static str, Value)> {
    [of_what_was(), discovery()].concat()
}

fn of_what_was() -> Vec<(&'static str, Value)> {
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
    vec![("tombstone", tombstone.document()), ("quote_authorization", context::document(&quote))]
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
