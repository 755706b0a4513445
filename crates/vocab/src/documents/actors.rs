//! The actors of a host.

use serde_json::Value;
use url::Url;

use super::{GROUP, at};
use crate::actor::{Generator, IMPLEMENTS};
use crate::{Actor, ActorType, Endpoints, Image, PropertyValue, PublicKey, SafeHtml, context};

const PEM: &str =
    "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA…\n-----END PUBLIC KEY-----\n";

pub(super) fn all() -> Vec<(&'static str, Value)> {
    vec![
        ("actor_region", context::document(&region())),
        ("actor_application", context::document(&application())),
        ("actor_producer", context::document(&producer())),
        ("actor_organisation", context::document(&organisation())),
        ("actor_moved", context::document(&moved())),
    ]
}

fn actor(kind: ActorType, id: &str, username: &str) -> Actor {
    Actor {
        url: Some(format!("https://pohjois-savo.example/@{username}")),
        outbox: Some(format!("{id}/outbox")),
        followers: Some(format!("{id}/followers")),
        following: Some(format!("{id}/following")),
        endpoints: Some(Endpoints { shared_inbox: "https://pohjois-savo.example/ap/inbox".into() }),
        public_key: Some(PublicKey { id: format!("{id}#main-key"), owner: id.into(), public_key_pem: PEM.into() }),
        generator: (kind != ActorType::Application).then(|| Generator::ours("https://pohjois-savo.example/ap/relay")),
        implements: if kind == ActorType::Application { IMPLEMENTS } else { &[] },
        published: Some(at("2026-11-01T00:00:00Z")),
        ..Actor::new(kind, id, username, format!("{id}/inbox"))
    }
}

pub(super) fn region() -> Actor {
    Actor {
        name: Some("Pohjois-Savon kulttuurituottajat".into()),
        summary: Some(SafeHtml::clean("<p>Tapahtumia ja avoimia tehtäviä Pohjois-Savosta.</p>")),
        featured: Some(format!("{GROUP}/featured")),
        featured_tags: Some(format!("{GROUP}/tags")),
        upcoming_events: Some(format!("{GROUP}/upcoming")),
        discoverable: Some(true),
        indexable: Some(true),
        icon: Some(Image::new("https://pohjois-savo.example/m/icon.png", "image/png", "Pohjois-Savon solmun merkki")),
        image: Some(Image::new("https://pohjois-savo.example/m/cover.jpg", "image/jpeg", "Kuopion tori")),
        attachment: vec![PropertyValue::own_page(
            "Verkkosivu",
            &Url::parse("https://pohjois-savo.example/").expect("a URL"),
        )],
        attribution_domains: vec!["pohjois-savo.example".into()],
        ..actor(ActorType::Group, GROUP, "pohjois_savo")
    }
}

fn application() -> Actor {
    Actor {
        name: Some("Pohjois-Savon solmu".into()),
        summary: Some(SafeHtml::clean("<p>Palvelimen oma tili: välittää tapahtumat muille palvelimille.</p>")),
        discoverable: Some(false),
        indexable: Some(false),
        ..actor(ActorType::Application, "https://pohjois-savo.example/ap/relay", "relay")
    }
}

fn producer() -> Actor {
    let id = "https://pohjois-savo.example/ap/actors/0199d3a4-1f00-7a10-8000-9d2100000001";
    Actor {
        name: Some("Aino Esimerkki".into()),
        summary: Some(SafeHtml::clean("<p>Tuottaja, joka tuntee kiertueet ja kesäteatterit.</p>")),
        discoverable: Some(false),
        indexable: Some(false),
        attachment: vec![
            PropertyValue::text("Erikoisala", "Kiertueet, kesäteatteri"),
            PropertyValue::text("Kielet", "suomi, svenska"),
            PropertyValue::own_page("Verkkosivu", &Url::parse("https://aino.example/").expect("a URL")),
        ],
        also_known_as: vec!["https://mastodon.example/users/aino".into()],
        ..actor(ActorType::Person, id, "aino")
    }
}

fn organisation() -> Actor {
    let id = "https://pohjois-savo.example/ap/actors/0199d3a4-1f00-7a10-8000-0a9a00000001";
    Actor {
        name: Some("Esimerkkiteatteri".into()),
        discoverable: Some(true),
        ..actor(ActorType::Organization, id, "esimerkkiteatteri")
    }
}

fn moved() -> Actor {
    let target = "https://pirkanmaa.example/ap/actors/0199d3a4-1f00-7a10-8000-9d2100000002";
    Actor { moved_to: Some(target.into()), updated: Some(at("2027-01-15T10:00:00Z")), ..producer() }
}
