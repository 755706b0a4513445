//! What the coordinator does with an event of the region: rule, then write, then publish, in one transaction.

use super::queries::{self, EventRow};
use super::rules::{self, NewEvent};
use super::state::{self, State, Status, Step};
use super::types::EventView;
use super::{notice, wire};
use crate::region::presenter;
use crate::{Caller, Error, Node, json, slug};
use federation::object;
use federation::outbox::{self, Publication};
use serde_json::Value;
use store::id::{ActivityUrl, ActorUrl, EventId};
use store::{Conn, Timestamp};

/// The kind's name in the index of ids.
pub(super) const KIND_NAME: &str = "event";

/// Adds an event as a draft. The first line of its address is made from its name and never changes.
///
/// # Errors
/// [`Error::Invalid`] with all that is wrong with it, [`Error::Forbidden`].
pub fn add(conn: &mut Conn, node: &Node, caller: Caller, new: &NewEvent, now: Timestamp) -> Result<EventId, Error> {
    caller.must_be_coordinator()?;
    Error::if_any(rules::check(new))?;
    let row = fresh(conn, node, new, now)?;
    queries::insert(conn, &row)?;
    Ok(row.id)
}

/// A draft that is not written yet, with an address of its own.
fn fresh(conn: &mut Conn, node: &Node, new: &NewEvent, now: Timestamp) -> Result<EventRow, Error> {
    let id = EventId::fresh(now);
    let url = node.origin.object("events", id.as_str());
    let slug = queries::free_slug(conn, node.origin.host(), &slug::of(&new.name, "tapahtuma"), &url)?;
    let blank = EventRow {
        id,
        page: node.origin.url(&format!("/tapahtumat/{slug}")),
        url,
        local: true,
        region: node.region.code().to_owned(),
        origin: node.origin.host().to_owned(),
        slug,
        name: String::new(),
        blurb: String::new(),
        content: String::new(),
        language: String::new(),
        starts_at: new.starts,
        ends_at: new.starts,
        zone: String::new(),
        status: String::new(),
        category: String::new(),
        place: None,
        locality: None,
        online_url: None,
        participation_url: None,
        capacity: None,
        picture: None,
        tags: String::new(),
        organiser: None,
        state: State::Draft.as_str().to_owned(),
        created_at: now,
        updated_at: now,
        published_at: None,
        received_at: None,
    };
    Ok(filled(blank, node, new))
}

/// The document that others would get of an event as it is to become; writes nothing. `known` is the event that is
/// changed, nothing for a new one.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Invalid`], [`Error::Refused`] before the node has made its actors.
pub(crate) fn foreseen(
    conn: &mut Conn,
    node: &Node,
    known: Option<&EventId>,
    new: &NewEvent,
    now: Timestamp,
) -> Result<Value, Error> {
    Error::if_any(rules::check(new))?;
    let row = match known {
        Some(id) => filled(queries::find_local(conn, id)?.ok_or(Error::NotFound)?, node, new),
        None => fresh(conn, node, new, now)?,
    };
    let author = presenter(conn)?;
    Ok(publication(&queries::view(row, None), node, &author).document)
}

/// The row with everything that somebody may edit.
fn filled(row: EventRow, node: &Node, new: &NewEvent) -> EventRow {
    let picture = new.picture.clone().map(|mut picture| {
        if picture.url.starts_with('/') {
            picture.url = node.origin.url(&picture.url);
        }
        json::written(&picture)
    });
    EventRow {
        name: new.name.clone(),
        blurb: new.blurb.clone(),
        content: new.content.as_str().to_owned(),
        language: new.language.clone(),
        starts_at: new.starts.whole_seconds(),
        ends_at: new.ends.unwrap_or(new.starts).whole_seconds(),
        zone: new.zone.clone(),
        status: new.status.as_str().to_owned(),
        category: new.category.clone(),
        place: new.place.as_ref().map(json::written),
        locality: new.place.as_ref().and_then(|place| place.locality.clone()),
        online_url: new.online_url.clone(),
        participation_url: new.participation_url.clone(),
        capacity: new.capacity,
        picture,
        tags: json::written(&new.tags),
        organiser: new.organiser.as_ref().map(json::written),
        ..row
    }
}

/// Publishes a draft: the region's followers get a `Create`.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Refused`] when it is published already.
pub fn publish(
    conn: &mut Conn,
    node: &Node,
    caller: Caller,
    id: &EventId,
    now: Timestamp,
) -> Result<ActivityUrl, Error> {
    caller.must_be_coordinator()?;
    let row = queries::find_local(conn, id)?.ok_or(Error::NotFound)?;
    let (state, _) = state::step(row.state(), row.status(), Step::Publish).map_err(Error::Refused)?;
    let author = presenter(conn)?;
    let row = EventRow { state: state.as_str().to_owned(), published_at: Some(now), updated_at: now, ..row };
    queries::save(conn, &row)?;
    Ok(outbox::create(conn, &publication(&queries::view(row, None), node, &author), now)?)
}

/// Changes an event. Of a published one everybody who has it gets an `Update`, unless nothing changed.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Invalid`].
pub fn edit(
    conn: &mut Conn,
    node: &Node,
    caller: Caller,
    id: &EventId,
    new: &NewEvent,
    now: Timestamp,
) -> Result<Option<ActivityUrl>, Error> {
    caller.must_be_coordinator()?;
    Error::if_any(rules::check(new))?;
    let row = queries::find_local(conn, id)?.ok_or(Error::NotFound)?;
    state::step(row.state(), row.status(), Step::Edit).map_err(Error::Refused)?;
    let changed = filled(row.clone(), node, new);
    if changed == row {
        return Ok(None);
    }
    save_and_tell(conn, node, changed, row.status(), now)
}

/// Calls a published event off. It stays readable and says so.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Refused`] when it is not published or called off already.
pub fn cancel(
    conn: &mut Conn,
    node: &Node,
    caller: Caller,
    id: &EventId,
    now: Timestamp,
) -> Result<ActivityUrl, Error> {
    take_off(conn, node, caller, id, Step::Cancel, now)
}

/// Puts a published event off: without a new date yet. It stays readable and says so.
///
/// # Errors
/// As [`cancel`].
pub fn postpone(
    conn: &mut Conn,
    node: &Node,
    caller: Caller,
    id: &EventId,
    now: Timestamp,
) -> Result<ActivityUrl, Error> {
    take_off(conn, node, caller, id, Step::Postpone, now)
}

/// What takes a published event off its date.
fn take_off(
    conn: &mut Conn,
    node: &Node,
    caller: Caller,
    id: &EventId,
    step: Step,
    now: Timestamp,
) -> Result<ActivityUrl, Error> {
    caller.must_be_coordinator()?;
    let row = queries::find_local(conn, id)?.ok_or(Error::NotFound)?;
    let (_, status) = state::step(row.state(), row.status(), step).map_err(Error::Refused)?;
    let (before, row) = (row.status(), EventRow { status: Status::as_str(status).to_owned(), ..row });
    save_and_tell(conn, node, row, before, now)?.ok_or(Error::NotFound)
}

/// `before` is whether it took place until now.
fn save_and_tell(
    conn: &mut Conn,
    node: &Node,
    row: EventRow,
    before: Status,
    now: Timestamp,
) -> Result<Option<ActivityUrl>, Error> {
    if row.state() == State::Draft {
        queries::save(conn, &EventRow { updated_at: now, ..row })?;
        return Ok(None);
    }
    let author = presenter(conn)?;
    let at = object::next_version(conn, &row.url, now)?;
    let row = EventRow { updated_at: at, ..row };
    queries::save(conn, &row)?;
    let view = queries::view(row, None);
    let update = outbox::update(conn, &publication(&view, node, &author), at, now)?;
    if view.status != before {
        notice::renew(conn, &view, &author, &node.origin, now)?;
    }
    Ok(Some(update))
}

/// Deletes an event for good. Everybody who has a published one gets a `Delete`; a draft just goes.
///
/// # Errors
/// [`Error::NotFound`].
pub fn delete(conn: &mut Conn, caller: Caller, id: &EventId, now: Timestamp) -> Result<Option<ActivityUrl>, Error> {
    caller.must_be_coordinator()?;
    let row = queries::find_local(conn, id)?.ok_or(Error::NotFound)?;
    let activity = match row.state() {
        State::Published => Some(outbox::delete(conn, &row.url, now)?),
        State::Draft => None,
    };
    queries::remove(conn, &row.url)?;
    Ok(activity)
}

fn publication(view: &EventView, node: &Node, author: &ActorUrl) -> Publication {
    Publication {
        kind: KIND_NAME,
        url: store::id::ObjectUrl::from_text(view.source.id.as_str()),
        page: view.source.page.clone(),
        author: author.clone(),
        object_type: "Event",
        document: vocab::context::embedded(&wire::document(view, author, &node.origin)),
        announced: true,
    }
}
