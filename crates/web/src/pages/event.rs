//! The list of events and the page of one.

use super::{Listed, event_map, listed, month};
use crate::answer;
use crate::card::{self, Card, FollowBox, Notice};
use crate::error::Error;
use crate::feeds::{self, atom, calendar};
use crate::i18n::{Key, Locale};
use crate::layout::Frame;
use crate::moment::{self, Leaf};
use crate::month::Month;
use crate::negotiate::Form;
use crate::paging::Paging;
use crate::query::{Dates, Search};
use crate::structured;
use crate::visit::Visit;
use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use domain::event::{self, EventView, Picture, PlaceView, Status};
use domain::organisation;

/// Where the list is.
pub const PATH: &str = "/tapahtumat";

/// An event in a list.
pub struct Row {
    /// Where it is and comes from.
    pub card: Card,
    /// Its title.
    pub name: String,
    /// A sentence.
    pub blurb: String,
    /// When, in words.
    pub when: String,
    /// When it begins, for machines.
    pub datetime: String,
    /// The calendar leaf.
    pub leaf: Leaf,
    /// Where, in short.
    pub where_short: Option<String>,
    /// The word for a status that is not the usual one.
    pub status: Option<String>,
    /// The status, for the style sheet.
    pub status_class: &'static str,
}

impl Row {
    /// Of a view.
    pub fn of(visit: &Visit, event: &EventView) -> Row {
        let l = visit.l;
        Row {
            card: card_of(visit, event),
            name: event.name.clone(),
            blurb: event.blurb.clone(),
            when: when(l, event),
            datetime: moment::machine(event.starts, &event.zone),
            leaf: l.leaf(&event.starts, &event.zone),
            where_short: where_short(l, event),
            status: (event.status != Status::Scheduled).then(|| l.word("event-status", event.status.as_str())),
            status_class: event.status.as_str(),
        }
    }

    /// It does not take place at all. What is postponed is not struck out: it waits for its new time.
    pub fn off(&self) -> bool {
        self.status_class == Status::Cancelled.as_str()
    }
}

/// Where an event is and comes from.
pub fn card_of(visit: &Visit, event: &EventView) -> Card {
    let place = event.place.as_ref().map(|place| place.name.as_str());
    let names = [Some(event.name.as_str()), event.organiser.as_deref(), place];
    Card::under(visit, PATH, &event.source, &event.slug, &event.language).naming(names.into_iter().flatten())
}

fn when(l: Locale, event: &EventView) -> String {
    if event.ends_told {
        l.span(&event.starts, &event.ends, &event.zone)
    } else {
        l.date_time(&event.starts, &event.zone)
    }
}

fn where_short(l: Locale, event: &EventView) -> Option<String> {
    let Some(place) = &event.place else {
        return event.online_url.as_ref().map(|_| l.t("event-online"));
    };
    Some(match &place.locality {
        Some(locality) if !place.name.contains(locality.as_str()) => format!("{}, {locality}", place.name),
        _ => place.name.clone(),
    })
}

#[derive(Template)]
#[template(path = "event/list.html")]
struct ListPage {
    l: Locale,
    frame: Frame,
    search: Search,
    paging: Paging,
    this_month: Month,
    total: i64,
    events: Vec<Row>,
}

/// `GET /tapahtumat`: as a list, with `month` as a calendar, with `view=map` on the map
pub async fn list(visit: Visit) -> Result<Response, Error> {
    let search = Search::read(&visit, PATH, Dates::Events);
    if visit.form == Form::Html && search.faults.is_empty() {
        match search.month {
            Some(month) => return month::show(&visit, search, month).await,
            None if search.on_map => return event_map::show(&visit, search).await,
            None => {}
        }
    }
    let (found, status) = match listed(&visit, &search, event::list).await? {
        Listed::Page(found, status) => (found, status),
        Listed::Answer(answer) => return Ok(answer),
    };
    let l = visit.l;
    let frame =
        Frame::new(&visit, &l.t("event-list"), &l.t("event-list-lead")).fed(&search, &[calendar::KIND, atom::KIND]);
    let paging = search.paging(found.total, l);
    let events = found.items.iter().map(|event| Row::of(&visit, event)).collect();
    let this_month = Month::of(visit.now);
    let page = ListPage { l, frame, search, paging, this_month, total: found.total, events };
    Ok((status, answer::html(&page.frame, &page)?).into_response())
}

/// `GET /tapahtumat.ics`
pub async fn calendar(visit: Visit) -> Result<Response, Error> {
    let search = Search::read(&visit, PATH, Dates::Events);
    let events = feeds::found(&visit, &search, event::list).await?;
    let l = visit.l;
    let name = format!("{} – {}", l.t("event-list"), visit.node().region.name(l.language()));
    Ok(calendar::of_events(&visit, &name, &events))
}

/// `GET /tapahtumat.atom`
pub async fn atom(visit: Visit) -> Result<Response, Error> {
    let search = Search::read(&visit, PATH, Dates::Events);
    atom::list(&visit, &search, (Key("event-list"), Key("event-list-lead")), event::list, told).await
}

fn told<'a>(visit: &Visit, event: &'a EventView) -> atom::Told<'a> {
    let l = visit.l;
    let status = (event.status != Status::Scheduled).then(|| l.word("event-status", event.status.as_str()));
    let blurb = Some(event.blurb.clone()).filter(|blurb| !blurb.is_empty());
    let summary: Vec<String> =
        [status, Some(when(l, event)), where_short(l, event), blurb].into_iter().flatten().collect();
    atom::Told {
        source: &event.source,
        title: &event.name,
        summary: summary.join(" · "),
        content: Some(&event.content),
        language: &event.language,
        author: event.organiser.as_deref().unwrap_or_else(|| event.source.region.name(l.language())),
        words: event.tags.clone(),
        published: Some(event.published),
        updated: event.updated,
    }
}

/// What the page of an event says beside the view itself.
struct Details {
    when: String,
    datetime: String,
    zone: Option<String>,
    address: Vec<String>,
    map: Option<String>,
    online: Option<String>,
    sign_up: Option<String>,
    organiser: String,
    organiser_link: Option<String>,
    notice: Option<Notice>,
    status_class: &'static str,
    picture: Option<Picture>,
    changed: bool,
    calendar: String,
}

impl Details {
    fn of(visit: &Visit, event: &EventView, organiser_link: Option<String>) -> Details {
        let l = visit.l;
        let status = event.status.as_str();
        Details {
            when: when(l, event),
            datetime: moment::machine(event.starts, &event.zone),
            zone: (event.zone != "Europe/Helsinki").then(|| event.zone.replace('_', " ")),
            address: event.place.as_ref().map(address).unwrap_or_default(),
            map: event.place.as_ref().and_then(map),
            online: event.online_url.as_deref().and_then(card::web).map(str::to_owned),
            sign_up: sign_up(event),
            organiser: event.organiser.clone().unwrap_or_else(|| event.source.region.name(l.language()).to_owned()),
            organiser_link: organiser_link.map(|page| here(visit, &page)),
            notice: (event.status != Status::Scheduled)
                .then(|| Notice { title: l.word("event-status", status), text: l.word("event-notice", status) }),
            status_class: status,
            picture: event.picture.clone().filter(|picture| visit.node().origin.owns(&picture.url)),
            changed: event.updated.since(event.published).as_secs() > 60,
            calendar: l.link(&format!("{}{}", visit.path, calendar::KIND.extension)),
        }
    }
}

/// The link within the site when the address is one of ours, so that a chosen language is carried on.
fn here(visit: &Visit, page: &str) -> String {
    match page.strip_prefix(&visit.node().origin.url("")) {
        Some(path) => visit.l.link(path),
        None => page.to_owned(),
    }
}

fn sign_up(event: &EventView) -> Option<String> {
    let takes_place = !matches!(event.status, Status::Cancelled | Status::Postponed);
    event.participation_url.as_deref().and_then(card::web).filter(|_| takes_place).map(str::to_owned)
}

fn address(place: &PlaceView) -> Vec<String> {
    let lines = place.street.iter().cloned().chain([place.town()]);
    lines.filter(|line| !line.is_empty() && *line != place.name).collect()
}

fn map(place: &PlaceView) -> Option<String> {
    let (north, east) = (place.latitude?, place.longitude?);
    Some(format!("https://www.openstreetmap.org/?mlat={north:.5}&mlon={east:.5}#map=16/{north:.5}/{east:.5}"))
}

#[derive(Template)]
#[template(path = "event/page.html")]
struct Page {
    l: Locale,
    frame: Frame,
    card: Card,
    event: EventView,
    row: Details,
    follow: Option<FollowBox>,
}

/// `GET /tapahtumat/{slug}`
pub async fn show(visit: Visit, Path(slug): Path<String>) -> Result<Response, Error> {
    let host = visit.node().origin.host().to_owned();
    page(visit, host, slug).await
}

/// `GET /tapahtumat/{host}/{slug}`: our copy of another node's event.
pub async fn show_copy(visit: Visit, Path((host, slug)): Path<(String, String)>) -> Result<Response, Error> {
    page(visit, host, slug).await
}

/// The page, or with the end of a calendar's address the event for a calendar.
async fn page(visit: Visit, host: String, slug: String) -> Result<Response, Error> {
    if let Some(slug) = slug.strip_suffix(calendar::KIND.extension) {
        let slug = slug.to_owned();
        let found = visit.read(move |conn| event::by_slug(conn, &host, &slug)).await?.ok_or(Error::NotFound)?;
        return Ok(calendar::of_events(&visit, &found.name, std::slice::from_ref(&found)));
    }
    let found = visit
        .read(move |conn| {
            let Some(event) = event::by_slug(conn, &host, &slug)? else { return Ok::<_, store::Error>(None) };
            let organiser = match &event.organiser_id {
                Some(id) => organisation::by_url(conn, id)?.map(|organiser| organiser.source.page),
                None => None,
            };
            Ok(Some((event, organiser)))
        })
        .await?;
    let Some((event, organiser)) = found else { return Err(Error::NotFound) };
    match visit.form {
        Form::Activity => return answer::see_id(&event.source.id),
        Form::Json => return Ok(answer::json(&event)),
        Form::Html => {}
    }
    let row = Details::of(&visit, &event, organiser);
    let description = if event.blurb.is_empty() { event.content.to_text() } else { event.blurb.clone() };
    let mut frame = Frame::new(&visit, &event.name, &format!("{} · {description}", row.when)).of(
        "article",
        &event.source.id,
        event.source.handle.as_deref(),
    );
    if let Some(picture) = &row.picture {
        frame = frame.pictured(&picture.url, &picture.alt);
    }
    let card = card_of(&visit, &event);
    if card.local {
        let picture = row.picture.as_ref().map(|picture| picture.url.as_str());
        frame = frame.described(Some(&structured::event(&visit, &event, &description, picture)));
    } else {
        frame = frame.copy_of(&card.page);
    }
    let follow = FollowBox::of_author(visit.l, &event.source);
    let page = Page { l: visit.l, frame, card, event, row, follow };
    answer::html(&page.frame, &page)
}
