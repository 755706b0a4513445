//! Tasks: open, filled, and an offer of mentoring.

use serde_json::Value;

use super::{GROUP, TASK, at, cc, to};
use crate::{
    Attachment, Content, Hashtag, Intent, InteractionPolicy, Link, Location, Measure, Place, Purpose, Replies,
    SafeHtml, Task, context,
};

const PAGE: &str = "https://pohjois-savo.example/tehtavat/tuottaja-talvifestareille";

pub(super) fn all() -> Vec<(&'static str, Value)> {
    vec![
        ("task_open", context::document(&open())),
        ("task_filled", context::document(&filled())),
        ("task_offer_of_mentoring", context::document(&mentoring())),
    ]
}

fn text(first_line: &str) -> Content {
    let html = format!(
        "<p><strong>{first_line}</strong></p><p>Kuopio · 2.–12.12.2026 · 40 h · 1 800 €<br>Hae 5.12. mennessä.</p>\
         <p><a href=\"{PAGE}\">Lue ja ilmoittaudu</a></p><p><a href=\"https://pohjois-savo.example/avainsanat/tuottajahaku\" \
         class=\"mention hashtag\">#tuottajahaku</a></p>"
    );
    Content::new(SafeHtml::clean(&html), Some("fi"))
}

pub(super) fn open() -> Task {
    let tag = |name: &str, page: &str| {
        Hashtag::new(name, Some(format!("https://pohjois-savo.example/avainsanat/{page}"))).expect("a hashtag")
    };
    let work = Intent {
        resource_conforms_to: Some("https://kansallinen.example/ns/osaaminen/tapahtumatuotanto".into()),
        resource_quantity: Some(Measure::hours(40)),
        available_quantity: Some(Measure::hours(40)),
        ..Intent::service(TASK, "Tuottaja Talvifestareille")
    };
    Task {
        url: Some(PAGE.into()),
        to: to(),
        cc: cc(),
        published: Some(at("2026-11-23T09:00:00Z")),
        end_time: Some(at("2026-12-05T21:59:59Z")),
        tag: vec![tag("tuottajahaku", "tuottajahaku"), tag("Kuopio", "kuopio")],
        location: Some(Location::Place(Place {
            name: "Kuopio".into(),
            latitude: Some(62.8924),
            longitude: Some(27.678),
            address: None,
        })),
        attachment: vec![Attachment::Link(Link::website(PAGE))],
        reciprocal: Some(Intent::payment(TASK, "1800")),
        replies: Some(Replies::at(format!("{TASK}/replies"))),
        interaction_policy: Some(InteractionPolicy::anyone_may_quote()),
        ..Task::new(TASK, GROUP, text("Haetaan tuottajaa: Talvifestarit"), work)
    }
}

pub(super) fn filled() -> Task {
    let mut task = open();
    task.content = text("TÄYTETTY: Haetaan tuottajaa: Talvifestarit");
    task.updated = Some(at("2026-12-01T12:30:00Z"));
    task.closed = Some(at("2026-12-01T12:30:00Z"));
    task.publishes.available_quantity = Some(Measure::hours(0));
    task
}

fn mentoring() -> Task {
    let id = "https://pohjois-savo.example/ap/tasks/0199d3a4-1f00-7a10-8000-51aa00000002";
    let html =
        SafeHtml::clean("<p><strong>Mentorointia uudelle tuottajalle</strong></p><p>Kolme tapaamista keväällä.</p>");
    Task {
        to: to(),
        cc: cc(),
        published: Some(at("2026-11-23T09:00:00Z")),
        purpose: Purpose::Offer,
        ..Task::new(id, GROUP, Content::new(html, Some("fi")), Intent::service(id, "Mentorointia uudelle tuottajalle"))
    }
}
