//! What the coordinator, and the clock, do with a task of the region: rule, then write, then publish, in one
//! transaction.

use super::queries::{self, TaskRow};
use super::rules::{self, NewTask};
use super::state::{self, Closing, State};
use super::types::TaskView;
use super::wire;
use crate::region::presenter;
use crate::{Caller, Error, Key, Node, json, message, slug};
use federation::object;
use federation::outbox::{self, Publication};
use serde_json::Value;
use store::id::{ActivityUrl, ActorUrl, ObjectUrl, TaskId};
use store::{Conn, Timestamp};

/// The kind's name in the index of ids.
pub(super) const KIND_NAME: &str = "task";

/// Adds a task as a draft.
///
/// # Errors
/// [`Error::Invalid`] with all that is wrong with it, [`Error::Forbidden`].
pub fn add(conn: &mut Conn, node: &Node, caller: Caller, new: &NewTask, now: Timestamp) -> Result<TaskId, Error> {
    caller.must_be_coordinator()?;
    Error::if_any(rules::check(new, false))?;
    let row = fresh(conn, node, new, now)?;
    queries::insert(conn, &row)?;
    Ok(row.id)
}

/// A draft that is not written yet, with an address of its own.
fn fresh(conn: &mut Conn, node: &Node, new: &NewTask, now: Timestamp) -> Result<TaskRow, Error> {
    let id = TaskId::fresh(now);
    let url = node.origin.object("tasks", id.as_str());
    let slug = queries::free_slug(conn, node.origin.host(), &slug::of(&new.title, "tehtava"), &url)?;
    let blank = TaskRow {
        id,
        page: node.origin.url(&format!("/tehtavat/{slug}")),
        url,
        local: true,
        region: node.region.code().to_owned(),
        origin: node.origin.host().to_owned(),
        slug,
        title: String::new(),
        description: String::new(),
        language: String::new(),
        client: None,
        kind: String::new(),
        engagement: String::new(),
        pay: None,
        unpaid_reason: None,
        hours: None,
        starts_on: None,
        ends_on: None,
        deadline_at: None,
        municipality: None,
        remote: false,
        skills: String::new(),
        languages: String::new(),
        seats: 1,
        state: State::Draft.as_str().to_owned(),
        closed_at: None,
        created_at: now,
        updated_at: now,
        published_at: None,
        received_at: None,
    };
    Ok(filled(blank, new))
}

/// The document that others would get of a task as it is to become; writes nothing. `known` is the task that is changed,
/// nothing for a new one.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Invalid`], [`Error::Refused`] before the node has made its actors.
pub(crate) fn foreseen(
    conn: &mut Conn,
    node: &Node,
    known: Option<&TaskId>,
    new: &NewTask,
    now: Timestamp,
) -> Result<Value, Error> {
    Error::if_any(rules::check(new, false))?;
    let row = match known {
        Some(id) => filled(queries::find_local(conn, id)?.ok_or(Error::NotFound)?, new),
        None => fresh(conn, node, new, now)?,
    };
    let author = presenter(conn)?;
    Ok(publication(&queries::view(row, None), node, &author).document)
}

/// The row with everything that somebody may edit.
fn filled(row: TaskRow, new: &NewTask) -> TaskRow {
    TaskRow {
        title: new.title.clone(),
        description: new.description.as_str().to_owned(),
        language: new.language.clone(),
        client: Some(json::written(&new.client)),
        kind: new.kind.clone(),
        engagement: json::written(&new.engagement),
        pay: new.pay.as_ref().map(json::written),
        unpaid_reason: new.unpaid_reason.clone(),
        hours: new.hours,
        starts_on: new.starts.clone(),
        ends_on: new.ends.clone(),
        deadline_at: new.deadline.map(Timestamp::whole_seconds),
        municipality: new.municipality.clone(),
        remote: new.remote,
        skills: json::written(&new.skills),
        languages: json::written(&new.languages),
        seats: new.seats,
        ..row
    }
}

/// Publishes a draft: the region's followers get a `Create`.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Refused`] when it is published already or its deadline has passed.
pub fn publish(
    conn: &mut Conn,
    node: &Node,
    caller: Caller,
    id: &TaskId,
    now: Timestamp,
) -> Result<ActivityUrl, Error> {
    caller.must_be_coordinator()?;
    let row = queries::find_local(conn, id)?.ok_or(Error::NotFound)?;
    let state = state::step(row.state(), State::Open).map_err(Error::Refused)?;
    match row.deadline_at {
        None => return Err(Error::Invalid(vec![crate::FieldError::new("deadline", message::MISSING)])),
        Some(deadline) if deadline < now => return Err(Error::refused(message::DEADLINE_PASSED)),
        Some(_) => {}
    }
    let author = presenter(conn)?;
    let row = TaskRow { state: state.as_str().to_owned(), published_at: Some(now), updated_at: now, ..row };
    queries::save(conn, &row)?;
    Ok(outbox::create(conn, &publication(&queries::view(row, None), node, &author), now)?)
}

/// Changes a draft or an open task. Of an open one everybody who has it gets an `Update`, unless nothing changed.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Invalid`], [`Error::Refused`] when nobody is looked for any more.
pub fn edit(
    conn: &mut Conn,
    node: &Node,
    caller: Caller,
    id: &TaskId,
    new: &NewTask,
    now: Timestamp,
) -> Result<Option<ActivityUrl>, Error> {
    caller.must_be_coordinator()?;
    let row = queries::find_local(conn, id)?.ok_or(Error::NotFound)?;
    let state = row.state();
    if state.is_over() {
        return Err(Error::Refused(Key::new(message::EDIT_CLOSED).with("state", state.as_str())));
    }
    Error::if_any(rules::check(new, state == State::Open))?;
    let changed = filled(row.clone(), new);
    if changed == row {
        return Ok(None);
    }
    if state == State::Draft {
        queries::save(conn, &TaskRow { updated_at: now, ..changed })?;
        return Ok(None);
    }
    save_and_tell(conn, node, changed, now).map(Some)
}

/// Closes an open task: somebody was found, or the time is over. It stays readable and says so.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Refused`] when it is not open.
pub fn close(
    conn: &mut Conn,
    node: &Node,
    caller: Caller,
    id: &TaskId,
    how: Closing,
    now: Timestamp,
) -> Result<ActivityUrl, Error> {
    caller.must_be_coordinator()?;
    end(conn, node, id, how.state(), now)
}

/// Calls an open task off.
///
/// # Errors
/// As [`close`].
pub fn withdraw(
    conn: &mut Conn,
    node: &Node,
    caller: Caller,
    id: &TaskId,
    now: Timestamp,
) -> Result<ActivityUrl, Error> {
    caller.must_be_coordinator()?;
    end(conn, node, id, State::Withdrawn, now)
}

/// Closes the open tasks whose deadline has passed: the clock's own action, for the node to run now and then.
///
/// # Errors
/// Those of the database, [`Error::Forbidden`].
pub fn close_expired(conn: &mut Conn, node: &Node, caller: Caller, now: Timestamp) -> Result<Vec<ActivityUrl>, Error> {
    caller.must_be_coordinator()?;
    let expired = queries::overdue(conn, now)?;
    expired.iter().map(|id| end(conn, node, id, State::Closed, now)).collect()
}

fn end(conn: &mut Conn, node: &Node, id: &TaskId, to: State, now: Timestamp) -> Result<ActivityUrl, Error> {
    let row = queries::find_local(conn, id)?.ok_or(Error::NotFound)?;
    let state = state::step(row.state(), to).map_err(Error::Refused)?;
    let row = TaskRow { state: state.as_str().to_owned(), closed_at: Some(now.whole_seconds()), ..row };
    save_and_tell(conn, node, row, now)
}

fn save_and_tell(conn: &mut Conn, node: &Node, row: TaskRow, now: Timestamp) -> Result<ActivityUrl, Error> {
    let author = presenter(conn)?;
    let at = object::next_version(conn, &row.url, now)?;
    let row = TaskRow { updated_at: at, ..row };
    queries::save(conn, &row)?;
    Ok(outbox::update(conn, &publication(&queries::view(row, None), node, &author), at, now)?)
}

/// Deletes a task for good. Everybody who has a published one gets a `Delete`; a draft just goes.
///
/// # Errors
/// [`Error::NotFound`].
pub fn delete(conn: &mut Conn, caller: Caller, id: &TaskId, now: Timestamp) -> Result<Option<ActivityUrl>, Error> {
    caller.must_be_coordinator()?;
    let row = queries::find_local(conn, id)?.ok_or(Error::NotFound)?;
    let activity = match row.state() {
        State::Draft => None,
        _ => Some(outbox::delete(conn, &row.url, now)?),
    };
    queries::remove(conn, &row.url)?;
    Ok(activity)
}

fn publication(view: &TaskView, node: &Node, author: &ActorUrl) -> Publication {
    Publication {
        kind: KIND_NAME,
        url: ObjectUrl::from_text(view.source.id.as_str()),
        page: view.source.page.clone(),
        author: author.clone(),
        object_type: "Note",
        document: wire::document(view, author, &node.origin),
        announced: false, // it is for Mobilizon above all, which cannot show tasks
    }
}
