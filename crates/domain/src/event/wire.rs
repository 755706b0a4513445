//! An event on the wire: our view of it as `Event` with the fields of FEP-8a8e, and another node's `Event` as we take
//! it in.
//!
//! Several things are said twice for those who do not read the field that was made for them: the state in front of the
//! title (Mastodon, GoToSocial and Gancio ignore `eventStatus`), date and place in `summary` (all that Mastodon shows) and
//! above the text (all that Misskey shows), the organiser under it. Reading takes our own repetitions off again.

use super::state::Status;
use super::types::{EventView, PlaceView};
use super::when;
use crate::wire::{default_picture, hashtag};
use crate::{Language, RegionCode, html};
use federation::Origin;
use store::Timestamp;
use store::id::ActorUrl;
use vocab::object::{Content, Replies};
use vocab::{
    Attachment, Event, Image, InteractionPolicy, JoinMode, Link, LocalTime, Location, Note, Place, PostalAddress,
    SafeHtml, VirtualLocation,
};

/// Most characters of `summary`.
const MAX_SUMMARY: usize = 250;
/// What an end that is not told is guessed to be, in seconds after the beginning.
const GUESSED_END: u64 = 2 * 3600;

/// The event as it is sent and served, without `@context`.
pub(super) fn document(view: &EventView, author: &ActorUrl, origin: &Origin) -> Event {
    let language = Language::of_text(&view.language);
    let local = |at: Timestamp| LocalTime::new(at.to_jiff(), view.zone.clone());
    let id = view.source.id.as_str();
    let name = vocab::text::line(&format!("{}{}", mark(view.status, language), view.name), 200);
    let mut event = Event::new(id, author.as_str(), name, local(view.starts));
    event.uuid = id.rsplit('/').next().map(str::to_owned);
    event.url = Some(view.source.page.clone());
    event.to = federation::outbox::public();
    event.cc = federation::outbox::followers_of(author);
    event.summary = Some(summary(view, language));
    event.content = Some(Content::new(text(view, language), Some(&view.language)));
    event.in_language = Some(view.language.clone());
    event.published = Some(view.published.to_jiff());
    event.updated = (view.updated > view.published).then(|| view.updated.to_jiff());
    if view.ends_told && view.ends > view.starts {
        event.end_time = Some(local(view.ends));
    } else {
        event.end_time = Some(local(view.starts.plus(std::time::Duration::from_secs(GUESSED_END))));
        event.display_end_time = Some(false);
    }
    event.status = view.status.to_wire();
    event.category = Some(view.category.clone());
    event.join_mode = Some(JoinMode::External);
    event.external_participation_url = Some(view.participation_url.clone().unwrap_or_else(|| view.source.page.clone()));
    event.maximum_attendee_capacity = view.capacity.and_then(|capacity| u64::try_from(capacity).ok());
    event.is_online = Some(view.place.is_none());
    event.location = Some(location(view));
    let picture = match &view.picture {
        Some(picture) => Image::new(picture.url.clone(), media_type(&picture.url), picture.alt.clone()),
        None => default_picture(origin, language),
    };
    event.image = Some(picture.clone());
    event.attachment = attachments(view, picture);
    event.tag = view.tags.iter().filter_map(|tag| hashtag(tag, origin, "/tapahtumat")).collect();
    event.organizers = vec![view.organiser_id.clone().unwrap_or_else(|| author.to_string())];
    event.replies = Some(Replies::with_first(format!("{id}/replies"), Vec::new()));
    event.interaction_policy = Some(InteractionPolicy::anyone_may_quote());
    event
}

/// What stands in front of the title when it does not take place as announced.
fn mark(status: Status, language: Language) -> &'static str {
    match status {
        Status::Scheduled => "",
        Status::Tentative => language.pick("ALUSTAVA: ", "PRELIMINÄRT: ", "TENTATIVE: "),
        Status::Postponed => language.pick("SIIRRETTY: ", "UPPSKJUTET: ", "POSTPONED: "),
        Status::Rescheduled => language.pick("UUSI AIKA: ", "NY TID: ", "NEW DATE: "),
        Status::MovedOnline => language.pick("VERKOSSA: ", "PÅ NÄTET: ", "ONLINE: "),
        Status::Cancelled => language.pick("PERUTTU: ", "INSTÄLLT: ", "CANCELLED: "),
    }
}

pub(super) fn unmarked(text: &str, status: Status) -> &str {
    Language::ALL.into_iter().find_map(|language| text.strip_prefix(mark(status, language))).unwrap_or(text)
}

/// Date and place, as they stand in front of the blurb.
pub(super) fn head(view: &EventView, language: Language) -> String {
    let ends = if view.ends_told { view.ends } else { view.starts };
    let when = when::spoken(view.starts, ends, &view.zone, language);
    let place = match &view.place {
        Some(PlaceView { name, locality: Some(locality), .. }) if !name.contains(locality.as_str()) => {
            format!("{name}, {locality}")
        }
        Some(place) => place.name.clone(),
        None => language.pick("verkossa", "på nätet", "online").to_owned(),
    };
    format!("{when} · {place}")
}

fn summary(view: &EventView, language: Language) -> String {
    let mut line = format!("{}{}", mark(view.status, language), head(view, language));
    if !view.blurb.is_empty() {
        line = format!("{line} · {}", view.blurb);
    }
    vocab::text::line(&line, MAX_SUMMARY)
}

fn text(view: &EventView, language: Language) -> SafeHtml {
    let mut text = html::cut(&view.content, html::MAX_ON_THE_WIRE).as_str().trim_end().to_owned();
    if view.content.is_empty() {
        let line = if view.blurb.is_empty() { &view.name } else { &view.blurb };
        text = format!("<p>{}</p>", html::escaped(line));
    }
    text.insert_str(0, &head_line(view, language));
    if let Some(organiser) = &view.organiser {
        text.push_str(&organiser_line(organiser, language));
    }
    SafeHtml::clean(&text)
}

/// Date and place as the first paragraph.
fn head_line(view: &EventView, language: Language) -> String {
    format!("<p>{}{}</p>", mark(view.status, language), html::escaped(&head(view, language)))
}

/// The text without our own first paragraph. `view` is the event as it was read so far.
pub(super) fn without_head<'a>(text: &'a str, view: &EventView) -> &'a str {
    let ours = SafeHtml::clean(&head_line(view, Language::of_text(&view.language)));
    text.strip_prefix(ours.as_str().trim_end()).map_or(text, str::trim_start)
}

fn organiser_line(name: &str, language: Language) -> String {
    format!("<p>{}{}</p>", language.pick("Järjestäjä: ", "Arrangör: ", "Organised by "), html::escaped(name))
}

/// The text without our own last line about the organiser, and the organiser's name.
pub(super) fn without_organiser(text: &str, language: Language) -> (String, Option<String>) {
    let start = organiser_line("", language);
    let start = start.trim_end_matches("</p>");
    let found = text.rfind(start).and_then(|at| {
        let name = text[at + start.len()..].trim_end().strip_suffix("</p>")?;
        (!name.contains('<')).then(|| (text[..at].to_owned(), Some(vocab::text::line(name, 200))))
    });
    found.unwrap_or_else(|| (text.to_owned(), None))
}

/// The short text under an event that does not take place as announced: what, when and where, and the link to its page.
pub(super) fn notice(view: &EventView, author: &ActorUrl, id: &str, page: &str, now: Timestamp) -> Note {
    let language = Language::of_text(&view.language);
    let text = SafeHtml::clean(&format!(
        "<p><strong>{}{}</strong></p><p>{}</p><p><a href=\"{}\">{}</a></p>",
        mark(view.status, language),
        html::escaped(&view.name),
        html::escaped(&head(view, language)),
        html::escaped(&view.source.page),
        language.pick("Tapahtuman sivu", "Evenemangets sida", "The event's page"),
    ));
    Note {
        url: Some(page.to_owned()),
        in_reply_to: Some(view.source.id.clone()),
        to: federation::outbox::public(),
        cc: federation::outbox::followers_of(author),
        published: Some(now.to_jiff()),
        interaction_policy: Some(InteractionPolicy::anyone_may_quote()),
        ..Note::new(id, author.as_str(), Content::new(text, Some(&view.language)))
    }
}

fn location(view: &EventView) -> Location {
    let Some(place) = &view.place else {
        return Location::Virtual(VirtualLocation::online(view.online_url.clone()));
    };
    let region = (view.source.region != RegionCode::NATIONAL).then(|| view.source.region.name(Language::Fi).to_owned());
    // An address without street and town makes Gancio fail; then the region is as near as one can say.
    let nowhere = place.street.is_none() && place.locality.is_none();
    let locality = place.locality.clone().or_else(|| region.clone().filter(|_| nowhere));
    Location::Place(Place {
        name: place.name.clone(),
        latitude: place.latitude,
        longitude: place.longitude,
        address: Some(PostalAddress {
            street_address: place.street.clone(),
            postal_code: place.postal_code.clone(),
            address_locality: locality.or_else(|| nowhere.then(|| "Suomi".to_owned())),
            address_region: region,
            address_country: Some("FI".to_owned()),
        }),
    })
}

fn attachments(view: &EventView, picture: Image) -> Vec<Attachment> {
    let mut all = vec![Attachment::Image(picture), Attachment::Link(Link::website(view.source.page.clone()))];
    if let (Some(_), Some(stream)) = (&view.place, &view.online_url) {
        all.push(Attachment::Link(Link::page(stream.clone(), "Online")));
    }
    all
}

fn media_type(url: &str) -> &'static str {
    let path = url.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    match path.rsplit('.').next() {
        Some("png") => "image/png",
        Some("webp") => "image/webp",
        Some("gif") => "image/gif",
        _ => "image/jpeg",
    }
}
