//! Writing an event or a task: new, or over what there is; as a draft, at once, or at a time.

use super::schedule;
use super::staff::{Staff, must_have_content};
use crate::audit::{self, Deed, Subject};
use crate::event::{NewEvent, Organiser};
use crate::find::Found;
use crate::task::{Client, NewTask};
use crate::typed::Typed;
use crate::{Error, Node, event, json, message, organisation, task};
use serde_json::Value;
use store::{Conn, Timestamp};

/// What somebody has written.
#[derive(Debug, Clone, PartialEq)]
pub enum Written {
    /// An event.
    Event(Box<NewEvent>),
    /// A task.
    Task(Box<NewTask>),
}

/// What it is written over, and the version that its writer has seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Which event or task.
    pub what: Found,
    /// When it had last changed.
    pub version: Timestamp,
}

/// What is to become of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// It stays what it is: a draft, or published.
    Stays,
    /// It is published at once.
    Published,
    /// It is published at this moment.
    PublishedAt(Timestamp),
}

/// Writes it, and does with it what is wanted.
///
/// # Errors
/// Those of the slice's actions; [`Error::Conflict`] when somebody else has changed it since `known`; [`Error::Invalid`]
/// for a time that is over; [`Error::NotFound`] on a node that has no content of its own.
pub fn write(
    conn: &mut Conn,
    node: &Node,
    staff: &Staff,
    known: Option<&Known>,
    written: &Written,
    then: Then,
    now: Timestamp,
) -> Result<Found, Error> {
    must_have_content(node)?;
    if let Some(known) = known
        && version(conn, &known.what)?.ok_or(Error::NotFound)? != known.version
    {
        return Err(Error::Conflict(message::EDITED_MEANWHILE.into()));
    }
    let what = match (written, known.map(|known| &known.what)) {
        (Written::Event(new), id) => event_of(conn, node, staff, id, new, now)?,
        (Written::Task(new), id) => task_of(conn, node, staff, id, new, now)?,
    };
    match then {
        Then::Stays => {}
        Then::Published => super::deeds::step(conn, node, staff, &what, super::Step::Publish, now)?,
        Then::PublishedAt(at) => schedule::schedule(conn, staff, &what, at, now)?,
    }
    Ok(what)
}

fn event_of(
    conn: &mut Conn,
    node: &Node,
    staff: &Staff,
    known: Option<&Found>,
    new: &NewEvent,
    now: Timestamp,
) -> Result<Found, Error> {
    let row = match known {
        Some(Found::Event(id)) => Some(event::find_local(conn, id)?.ok_or(Error::NotFound)?),
        Some(_) => return Err(Error::NotFound),
        None => None,
    };
    let mut new = organised(conn, new, row.as_ref().and_then(|row| row.organiser.as_deref()))?;
    let Some(row) = row else {
        let id = event::add(conn, node, staff.caller(), &new, now)?;
        audit::note(conn, staff.by(), Deed::Added, &Subject::thing("event", &id, &new.name), "", now)?;
        return Ok(Found::Event(id));
    };
    new.starts = kept(row.starts_at, new.starts);
    new.ends = new.ends.map(|ends| kept(row.ends_at, ends));
    if same_text(&row.content, new.content.as_str()) {
        new.content = vocab::SafeHtml::clean(&row.content);
    }
    event::edit(conn, node, staff.caller(), &row.id, &new, now)?;
    if event::find_local(conn, &row.id)?.as_ref() != Some(&row) {
        audit::note(conn, staff.by(), Deed::Changed, &Subject::thing("event", &row.id, &new.name), "", now)?;
    }
    Ok(Found::Event(row.id))
}

fn task_of(
    conn: &mut Conn,
    node: &Node,
    staff: &Staff,
    known: Option<&Found>,
    new: &NewTask,
    now: Timestamp,
) -> Result<Found, Error> {
    let row = match known {
        Some(Found::Task(id)) => Some(task::find_local(conn, id)?.ok_or(Error::NotFound)?),
        Some(_) => return Err(Error::NotFound),
        None => None,
    };
    let mut new = commissioned(conn, new, row.as_ref().and_then(|row| row.client.as_deref()))?;
    let Some(row) = row else {
        let id = task::add(conn, node, staff.caller(), &new, now)?;
        audit::note(conn, staff.by(), Deed::Added, &Subject::thing("task", &id, &new.title), "", now)?;
        return Ok(Found::Task(id));
    };
    new.deadline = new.deadline.map(|deadline| row.deadline_at.map_or(deadline, |known| kept(known, deadline)));
    if same_text(&row.description, new.description.as_str()) {
        new.description = vocab::SafeHtml::clean(&row.description);
    }
    task::edit(conn, node, staff.caller(), &row.id, &new, now)?;
    if task::find_local(conn, &row.id)?.as_ref() != Some(&row) {
        audit::note(conn, staff.by(), Deed::Changed, &Subject::thing("task", &row.id, &new.title), "", now)?;
    }
    Ok(Found::Task(row.id))
}

/// A form shows minutes: who does not touch it keeps the seconds.
fn kept(known: Timestamp, typed: Timestamp) -> Timestamp {
    let minute = |at: Timestamp| at.as_millis().div_euclid(60_000);
    if minute(known) == minute(typed) { known } else { typed }
}

/// Whether a text was not touched: what the form showed of it is what came back.
fn same_text(known: &str, typed: &str) -> bool {
    let shown = crate::html::to_markdown(&vocab::SafeHtml::clean(known));
    crate::html::from_markdown(&shown).as_str() == typed
}

/// The event with its organiser: one of the node's organisations when it has exactly this name, or who it was before.
fn organised(conn: &mut Conn, new: &NewEvent, before: Option<&str>) -> Result<NewEvent, Error> {
    let mut new = new.clone();
    if let Some(organiser) = &mut new.organiser {
        let before: Option<Organiser> = json::read_optional(before);
        organiser.id = match before.filter(|before| before.name == organiser.name) {
            Some(before) => before.id,
            None => organisation::named_so(conn, &organiser.name)?.map(|row| row.url.to_string()),
        };
    }
    Ok(new)
}

/// The task with its client, in the same way.
fn commissioned(conn: &mut Conn, new: &NewTask, before: Option<&str>) -> Result<NewTask, Error> {
    let mut new = new.clone();
    let before: Option<Client> = json::read_optional(before);
    new.client.page = match before.filter(|before| before.name == new.client.name) {
        Some(before) => before.page,
        None => organisation::named_so(conn, &new.client.name)?.map(|row| row.page),
    };
    Ok(new)
}

/// The document that others would get of it; nothing is written.
///
/// # Errors
/// [`Error::Invalid`], [`Error::NotFound`].
pub fn foreseen(
    conn: &mut Conn,
    node: &Node,
    known: Option<&Found>,
    written: &Written,
    now: Timestamp,
) -> Result<Value, Error> {
    must_have_content(node)?;
    match (written, known) {
        (Written::Event(new), None) => {
            let new = organised(conn, new, None)?;
            event::foreseen(conn, node, None, &new, now)
        }
        (Written::Event(new), Some(Found::Event(id))) => {
            let row = event::find_local(conn, id)?.ok_or(Error::NotFound)?;
            let new = organised(conn, new, row.organiser.as_deref())?;
            event::foreseen(conn, node, Some(id), &new, now)
        }
        (Written::Task(new), None) => {
            let new = commissioned(conn, new, None)?;
            task::foreseen(conn, node, None, &new, now)
        }
        (Written::Task(new), Some(Found::Task(id))) => {
            let row = task::find_local(conn, id)?.ok_or(Error::NotFound)?;
            let new = commissioned(conn, new, row.client.as_deref())?;
            task::foreseen(conn, node, Some(id), &new, now)
        }
        _ => Err(Error::NotFound),
    }
}

/// The version of a thing, and what its form holds; nothing when there is no such thing of ours.
///
/// # Errors
/// Those of the database.
pub fn known(conn: &mut Conn, what: &Found) -> Result<Option<(Known, Typed)>, Error> {
    let typed = match what {
        Found::Event(id) => event::typed(conn, id)?,
        Found::Task(id) => task::typed(conn, id)?,
        Found::Producer(_) | Found::Organisation(_) => None,
    };
    let Some((typed, version)) = typed.zip(version(conn, what)?) else { return Ok(None) };
    Ok(Some((Known { what: what.clone(), version }, typed)))
}

fn version(conn: &mut Conn, what: &Found) -> Result<Option<Timestamp>, Error> {
    Ok(match what {
        Found::Event(id) => event::find_local(conn, id)?.map(|row| row.updated_at),
        Found::Task(id) => task::find_local(conn, id)?.map(|row| row.updated_at),
        Found::Producer(_) | Found::Organisation(_) => None,
    })
}
