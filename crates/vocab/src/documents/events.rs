//! Events: as announced, called off, online, and in two places at once.

use serde_json::Value;

use super::{EVENT, GROUP, NOTE, at, cc, to};
use crate::{
    Attachment, Content, Event, EventStatus, Hashtag, Image, InteractionPolicy, JoinMode, Link, LocalTime, Location,
    Note, Place, PostalAddress, Replies, SafeHtml, VirtualLocation, context,
};

const PAGE: &str = "https://pohjois-savo.example/tapahtumat/talvifestarit-2026";
const POSTER: &str = "https://pohjois-savo.example/m/a1.jpg";

pub(super) fn all() -> Vec<(&'static str, Value)> {
    vec![
        ("event_scheduled", context::document(&scheduled())),
        ("event_cancelled", context::document(&cancelled())),
        ("event_online", context::document(&online())),
        ("event_hybrid_with_open_end", context::document(&hybrid())),
        ("note_of_a_cancellation", context::document(&note())),
    ]
}

pub(super) fn scheduled() -> Event {
    let html = SafeHtml::clean(
        "<p>Kolme esitystä ja pikkujoulut.</p><ul><li>klo 18 Tanssi</li><li>klo 20 Musiikki</li></ul><p lang=\"sv\">Tre föreställningar.</p>",
    );
    let poster = Image::new(POSTER, "image/jpeg", "Juliste: Talvifestarit, 11.12. Kuopio");
    let begins = LocalTime::new(at("2026-12-11T16:00:00Z"), "Europe/Helsinki");
    Event {
        uuid: Some("0199d3a4-1f00-7a10-8000-7f3e00000001".into()),
        url: Some(PAGE.into()),
        to: to(),
        cc: cc(),
        summary: Some("pe 11.12.2026 klo 18–22 · Kuopion pääkirjasto, Kuopio · Kolme esitystä ja pikkujoulut.".into()),
        content: Some(Content::new(html, Some("fi"))),
        in_language: Some("fi".into()),
        published: Some(at("2026-11-23T09:00:00Z")),
        end_time: Some(LocalTime::new(at("2026-12-11T20:00:00Z"), "Europe/Helsinki")),
        category: Some("PERFORMING_VISUAL_ARTS".into()),
        join_mode: Some(JoinMode::External),
        external_participation_url: Some(format!("{PAGE}#osallistu")),
        maximum_attendee_capacity: Some(120),
        is_online: Some(false),
        location: Some(Location::Place(library())),
        image: Some(poster.clone()),
        attachment: vec![
            Attachment::Image(Image {
                blurhash: Some("UHF5?xYk^6#M@-5b,1J5@[or[k6.};FxOvNG".into()),
                focal_point: Some([0.0, 0.0]),
                width: Some(1200),
                height: Some(630),
                ..poster
            }),
            Attachment::Link(Link::website(PAGE)),
        ],
        tag: Hashtag::new("Kuopio", Some("https://pohjois-savo.example/avainsanat/kuopio".into()))
            .into_iter()
            .collect(),
        organizers: vec!["https://pohjois-savo.example/ap/actors/0199d3a4-1f00-7a10-8000-9d2100000001".into()],
        replies: Some(Replies::with_first(format!("{EVENT}/replies"), vec![])),
        interaction_policy: Some(InteractionPolicy::anyone_may_quote()),
        ..Event::new(EVENT, GROUP, "Talvifestarit 2026", begins)
    }
}

fn library() -> Place {
    Place {
        name: "Kuopion pääkirjasto".into(),
        latitude: Some(62.8924),
        longitude: Some(27.0),
        address: Some(PostalAddress {
            street_address: Some("Maaherrankatu 12".into()),
            postal_code: Some("70100".into()),
            address_locality: Some("Kuopio".into()),
            address_region: Some("Pohjois-Savo".into()),
            address_country: Some("FI".into()),
        }),
    }
}

pub(super) fn cancelled() -> Event {
    let event = scheduled();
    Event {
        name: format!("PERUTTU: {}", event.name),
        summary: event.summary.map(|summary| format!("PERUTTU: {summary}")),
        updated: Some(at("2026-12-01T12:30:00Z")),
        status: EventStatus::Cancelled,
        ..event
    }
}

fn online() -> Event {
    let html = SafeHtml::clean("<p>Tuottajakahvit verkossa.</p>");
    let page = "https://pohjois-savo.example/tapahtumat/tuottajakahvit-verkossa";
    Event {
        url: Some(page.into()),
        to: to(),
        cc: cc(),
        summary: Some("to 1.7.2027 klo 9–10 · verkossa · Tuottajakahvit.".into()),
        content: Some(Content::new(html, Some("fi"))),
        in_language: Some("fi".into()),
        published: Some(at("2027-06-01T06:00:00Z")),
        end_time: Some(LocalTime::new(at("2027-07-01T07:00:00Z"), "Europe/Helsinki")),
        category: Some("NETWORKING".into()),
        is_online: Some(true),
        location: Some(Location::Virtual(VirtualLocation::online(Some("https://video.example/kahvit".into())))),
        attachment: vec![
            Attachment::Image(Image::new(
                "https://pohjois-savo.example/m/oletus.jpg",
                "image/jpeg",
                "Pohjois-Savon solmu",
            )),
            Attachment::Link(Link::website(page)),
        ],
        ..Event::new(
            "https://pohjois-savo.example/ap/events/0199d3a4-1f00-7a10-8000-7f3e00000002",
            GROUP,
            "Tuottajakahvit",
            LocalTime::new(at("2027-07-01T06:00:00Z"), "Europe/Helsinki"),
        )
    }
}

fn hybrid() -> Event {
    let mut event = scheduled();
    event.attachment.push(Attachment::Link(Link::page("https://video.example/talvifestarit", "Suora lähetys")));
    Event { display_end_time: Some(false), ..event }
}

pub(super) fn note() -> Note {
    let html = SafeHtml::clean(&format!(
        "<p><strong>PERUTTU: Talvifestarit 2026</strong></p><p>pe 11.12.2026 klo 18–22 · Kuopion pääkirjasto, Kuopio</p><p><a href=\"{PAGE}\">Tapahtuman sivu</a></p>"
    ));
    Note {
        url: Some(format!("{PAGE}#0199d3a4-1f00-7a10-8000-07e000000001")),
        in_reply_to: Some(EVENT.into()),
        to: to(),
        cc: cc(),
        published: Some(at("2026-12-01T12:30:00Z")),
        interaction_policy: Some(InteractionPolicy::anyone_may_quote()),
        ..Note::new(NOTE, GROUP, Content::new(html, Some("fi")))
    }
}
