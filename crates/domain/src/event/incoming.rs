//! Another node's `Event` as a row of ours: parsed, bounded, sanitised, and without what our own kind repeats in text.

use super::queries::EventRow;
use super::state::{State, Status};
use super::types::{EventView, Organiser, Picture, PlaceView};
use super::{queries, wire};
use crate::{Language, RegionCode, json, learnt};
use federation::kind::Received;
use store::Timestamp;
use store::id::EventId;
use vocab::{Attachment, Event, Location, SafeHtml};

/// Most tags that are kept.
const MAX_TAGS: usize = 20;
/// The end of the address of the picture that stands in for a missing one.
const DEFAULT_PICTURE: &str = "/static/pictures/default.png";

/// The row that a received event becomes, which must be a public one. Slug and id are given when it is written.
pub(super) fn row(event: &Event, received: &Received, region: RegionCode) -> EventRow {
    let (published, updated) = learnt::times(event.published, event.updated, received.now);
    let starts = Timestamp::from(event.start_time.at);
    let ends = event.end_time.as_ref().filter(|_| event.display_end_time != Some(false));
    let status = Status::of_wire(event.status);
    let language = event.in_language.clone().unwrap_or_else(|| "und".to_owned());
    let text = event.content.as_ref().map(|content| content.html.as_str()).unwrap_or_default();
    let (content, organiser) = wire::without_organiser(text, Language::of_text(&language));
    let page = learnt::page_of(event.url.as_deref(), &received.url);
    let place = place(event);
    let mut row = EventRow {
        id: EventId::from_text(String::new()),
        url: received.url.clone(),
        local: false,
        region: region.code().to_owned(),
        origin: received.url.host(),
        slug: learnt::slug_of(&page, "tapahtuma"),
        name: wire::unmarked(&event.name, status).to_owned(),
        blurb: String::new(),
        content: SafeHtml::clean(&content).as_str().to_owned(),
        language,
        starts_at: starts,
        ends_at: ends.map_or(starts, |end| Timestamp::from(end.at)),
        zone: event.start_time.zone.clone(),
        status: status.as_str().to_owned(),
        category: event.category.clone().unwrap_or_else(|| "MEETING".to_owned()),
        locality: place.as_ref().and_then(|place| place.locality.clone()),
        place: place.as_ref().map(json::written),
        online_url: online(event),
        participation_url: event.external_participation_url.clone().filter(|url| *url != page),
        capacity: event.maximum_attendee_capacity.and_then(|capacity| i32::try_from(capacity).ok()),
        picture: picture(event).as_ref().map(json::written),
        tags: json::written(&tags(event)),
        organiser: organiser.map(|name| json::written(&Organiser { name, id: organiser_id(event) })),
        state: State::Published.as_str().to_owned(),
        created_at: received.now,
        updated_at: updated.whole_seconds(),
        published_at: Some(published),
        received_at: Some(received.now),
        page,
    };
    let view = queries::view(row.clone(), None);
    row.blurb = blurb(event, &view);
    row.content = wire::without_head(&row.content, &view).to_owned();
    row
}

/// The summary without the date and place that our own kind puts in front of it.
fn blurb(event: &Event, view: &EventView) -> String {
    let Some(summary) = event.summary.as_deref() else {
        return String::new();
    };
    let summary = wire::unmarked(summary, view.status);
    let head = wire::head(view, Language::of_text(&view.language));
    match summary.strip_prefix(&head) {
        Some(rest) => rest.strip_prefix(" · ").unwrap_or_default().to_owned(),
        None => summary.to_owned(),
    }
}

fn place(event: &Event) -> Option<PlaceView> {
    let Some(Location::Place(place)) = &event.location else {
        return None;
    };
    let address = place.address.clone().unwrap_or_default();
    Some(PlaceView {
        name: place.name.clone(),
        street: address.street_address,
        postal_code: address.postal_code,
        locality: address.address_locality,
        latitude: place.latitude,
        longitude: place.longitude,
    })
}

fn online(event: &Event) -> Option<String> {
    if let Some(Location::Virtual(online)) = &event.location {
        return online.url.clone();
    }
    event.attachment.iter().find_map(|one| match one {
        Attachment::Link(link) if link.name.as_deref() == Some("Online") => Some(link.href.clone()),
        _ => None,
    })
}

fn picture(event: &Event) -> Option<Picture> {
    let picture = event.picture().filter(|picture| !picture.url.ends_with(DEFAULT_PICTURE))?;
    Some(Picture { url: picture.url.clone(), alt: picture.name.clone().unwrap_or_default() })
}

fn tags(event: &Event) -> Vec<String> {
    event.tag.iter().map(|tag| tag.name.trim_start_matches('#').to_owned()).take(MAX_TAGS).collect()
}

/// An actor of the event's own host: a node does not put its events under the names of others.
fn organiser_id(event: &Event) -> Option<String> {
    let id = event.organizers.first().filter(|id| **id != event.attributed_to)?;
    store::id::is_same_origin(id, &event.id).then(|| id.clone())
}
