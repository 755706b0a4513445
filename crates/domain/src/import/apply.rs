//! Putting a row in: through the slices' own actions, one row a transaction.
//!
//! Table `imports` remembers where each thing came from and what the row said then. A row that says the same is left
//! alone, whatever the coordinator did to the thing since; one that says something else is an edit.

use super::content::{Content, ImportedEvent, ImportedProducer, ImportedTask};
use super::row::{Row, Skip};
use super::{ORGANISATIONS, ics};
use crate::error::{FieldError, Key};
use crate::event::{NewEvent, Organiser, Picture};
use crate::person::Field;
use crate::task::{Client, NewTask, State};
use crate::{Caller, Error, Node, event, message, organisation, producer, task};
use diesel::prelude::*;
use federation::key::KeyPair;
use store::id::{EventId, OrganisationId, ProducerId, TaskId};
use store::schema::{imports, organisations};
use store::{Conn, Timestamp, each};

/// What came of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applied {
    /// It is new here.
    Added,
    /// It changed something.
    Changed,
    /// It says what it said before.
    Unchanged,
    /// It is passed over.
    Skipped(Skip),
}

/// What was remembered of a row.
struct Known {
    row_id: String,
    hash: String,
    sequence: Option<u32>,
}

/// What is to be done with a row.
enum Plan {
    Add,
    Edit(String),
    Remove(String),
    Nothing(Applied),
}

/// Whether putting the row in makes a new actor, for which a key has to be made before.
///
/// # Errors
/// Those of the database.
pub fn needs_key(conn: &mut Conn, row: &Row) -> Result<bool, Error> {
    let known = known(conn, row)?;
    match &row.content {
        Content::Organisation(_) => Ok(known.is_none()),
        Content::Producer(ImportedProducer { consent, .. }) => {
            let named = consent.as_ref().is_some_and(|consent| consent.fields.contains(&Field::Name));
            let published = match &known {
                Some(known) => producer::is_published(conn, &ProducerId::from_text(known.row_id.as_str()))?,
                None => false,
            };
            Ok(named && !published)
        }
        _ => Ok(false),
    }
}

/// What [`apply_row`] would do, without doing it.
///
/// # Errors
/// What speaks against the row as things stand.
pub fn foresee(conn: &mut Conn, node: &Node, row: &Row, now: Timestamp) -> Result<Applied, Error> {
    Ok(match plan(conn, node, row, now)? {
        Plan::Add => Applied::Added,
        Plan::Edit(_) | Plan::Remove(_) => Applied::Changed,
        Plan::Nothing(applied) => applied,
    })
}

/// Puts one row in. Belongs into one transaction of its own; `key` is needed when [`needs_key`] says so.
///
/// # Errors
/// [`Error::Invalid`] in the words of the slice (see [`refusals`]), or what else the action refuses.
pub fn apply_row(
    conn: &mut Conn,
    node: &Node,
    caller: Caller,
    row: &Row,
    key: Option<&KeyPair>,
    now: Timestamp,
) -> Result<Applied, Error> {
    let (row_id, applied) = match plan(conn, node, row, now)? {
        Plan::Nothing(applied) => return Ok(applied),
        Plan::Add => (add(conn, node, caller, row, key, now)?, Applied::Added),
        Plan::Edit(id) => {
            edit(conn, node, caller, row, &id, key, now)?;
            (id, Applied::Changed)
        }
        Plan::Remove(id) => {
            event::delete(conn, caller, &EventId::from_text(id.as_str()), now)?;
            (id, Applied::Changed)
        }
    };
    remember(conn, row, &row_id, now)?;
    Ok(applied)
}

fn plan(conn: &mut Conn, node: &Node, row: &Row, now: Timestamp) -> Result<Plan, Error> {
    let Some(known) = known(conn, row)? else { return plan_new(conn, node, row, now) };
    if !exists(conn, row, &known.row_id)? {
        return Ok(Plan::Nothing(Applied::Skipped(Skip::Deleted)));
    }
    if matches!(row.content, Content::EventGone) {
        return Ok(Plan::Remove(known.row_id));
    }
    if known.hash == row.hash {
        return Ok(Plan::Nothing(Applied::Unchanged));
    }
    if row.source == ics::SOURCE && row.sequence.unwrap_or(0) < known.sequence.unwrap_or(0) {
        return Ok(Plan::Nothing(Applied::Skipped(Skip::Older)));
    }
    if let Content::Task(ImportedTask { open, .. }) = &row.content {
        let state = task::find_local(conn, &TaskId::from_text(known.row_id.as_str()))?.map(|row| row.state());
        match state {
            Some(state) if state.is_over() => return Ok(Plan::Nothing(Applied::Skipped(Skip::Over))),
            Some(State::Open) if !open => return Ok(Plan::Nothing(Applied::Skipped(Skip::Published))),
            _ => {}
        }
    }
    if let Content::Event(event) = &row.content {
        completed_event(conn, node, event)?;
    }
    Ok(Plan::Edit(known.row_id))
}

/// What only counts for a row that was never here.
fn plan_new(conn: &mut Conn, node: &Node, row: &Row, now: Timestamp) -> Result<Plan, Error> {
    match &row.content {
        Content::EventGone => return Ok(Plan::Nothing(Applied::Skipped(Skip::NeverHere))),
        Content::Task(ImportedTask { new, open: true }) if new.deadline.is_some_and(|deadline| deadline < now) => {
            return Err(Error::Invalid(vec![FieldError::new("deadline", message::DEADLINE_PASSED)]));
        }
        Content::Event(event) => drop(completed_event(conn, node, event)?),
        _ => {}
    }
    Ok(Plan::Add)
}

fn exists(conn: &mut Conn, row: &Row, id: &str) -> QueryResult<bool> {
    Ok(match &row.content {
        Content::Organisation(_) => organisation::find_local(conn, &OrganisationId::from_text(id))?.is_some(),
        Content::Event(_) | Content::EventGone => event::find_local(conn, &EventId::from_text(id))?.is_some(),
        Content::Task(_) => task::find_local(conn, &TaskId::from_text(id))?.is_some(),
        Content::Producer(_) => producer::find_local(conn, &ProducerId::from_text(id))?.is_some(),
    })
}

fn add(
    conn: &mut Conn,
    node: &Node,
    caller: Caller,
    row: &Row,
    key: Option<&KeyPair>,
    now: Timestamp,
) -> Result<String, Error> {
    match &row.content {
        Content::Organisation(new) => {
            let id = organisation::add(conn, node, caller, new, needed(key)?, now)?;
            Ok(id.as_str().to_owned())
        }
        Content::Event(event) => {
            let new = completed_event(conn, node, event)?;
            let id = event::add(conn, node, caller, &new, now)?;
            event::publish(conn, node, caller, &id, now)?;
            Ok(id.as_str().to_owned())
        }
        Content::EventGone => Err(Error::NotFound),
        Content::Task(ImportedTask { new, open }) => {
            let new = completed_task(conn, new)?;
            let id = task::add(conn, node, caller, &new, now)?;
            if *open {
                task::publish(conn, node, caller, &id, now)?;
            }
            Ok(id.as_str().to_owned())
        }
        Content::Producer(ImportedProducer { new, consent }) => {
            let id = producer::add(conn, node, caller, new, consent.as_ref(), now)?;
            publish_producer(conn, node, caller, &id, key, now)?;
            Ok(id.as_str().to_owned())
        }
    }
}

fn edit(
    conn: &mut Conn,
    node: &Node,
    caller: Caller,
    row: &Row,
    id: &str,
    key: Option<&KeyPair>,
    now: Timestamp,
) -> Result<(), Error> {
    match &row.content {
        Content::Organisation(new) => {
            organisation::edit(conn, node, caller, &OrganisationId::from_text(id), new, now)?;
        }
        Content::Event(event) => {
            let new = completed_event(conn, node, event)?;
            event::edit(conn, node, caller, &EventId::from_text(id), &new, now)?;
        }
        Content::EventGone => {}
        Content::Task(ImportedTask { new, open }) => {
            let (id, new) = (TaskId::from_text(id), completed_task(conn, new)?);
            task::edit(conn, node, caller, &id, &new, now)?;
            let draft = task::find_local(conn, &id)?.is_some_and(|row| row.state() == State::Draft);
            if draft && *open {
                task::publish(conn, node, caller, &id, now)?;
            }
        }
        Content::Producer(ImportedProducer { new, consent }) => {
            let id = ProducerId::from_text(id);
            producer::edit(conn, node, caller, &id, new, consent.as_ref(), now)?;
            publish_producer(conn, node, caller, &id, key, now)?;
        }
    }
    Ok(())
}

/// Publishes a profile that is kept, if the person has agreed.
fn publish_producer(
    conn: &mut Conn,
    node: &Node,
    caller: Caller,
    id: &ProducerId,
    key: Option<&KeyPair>,
    now: Timestamp,
) -> Result<(), Error> {
    if producer::needs_key(conn, id)? {
        producer::publish(conn, node, caller, id, needed(key)?, now)?;
    }
    Ok(())
}

fn needed(key: Option<&KeyPair>) -> Result<&KeyPair, Error> {
    key.ok_or_else(|| Error::Conflict(message::KEY_NEEDED.into()))
}

/// The event with its organiser's name, and with a picture of this node at its whole address.
fn completed_event(conn: &mut Conn, node: &Node, row: &ImportedEvent) -> Result<NewEvent, Error> {
    let mut new = row.new.clone();
    if let Some(organiser) = &row.organiser {
        let Some((row_id, name, _)) = organisation_of(conn, &organiser.id)? else {
            let key = Key::new(message::NO_SUCH_ORGANISATION).with("value", crate::check::shown(&organiser.id));
            return Err(Error::Invalid(vec![FieldError::new("organiser", key)]));
        };
        new.organiser = Some(Organiser { name, id: Some(row_id) });
    }
    new.picture = new.picture.map(|picture| match picture.url.starts_with('/') {
        true => Picture { url: node.origin.url(&picture.url), ..picture },
        false => picture,
    });
    Ok(new)
}

/// The task with its client's name and page, when the client is an organisation of this node.
fn completed_task(conn: &mut Conn, new: &NewTask) -> Result<NewTask, Error> {
    let client = match organisation_of(conn, &new.client.name)? {
        Some((_, name, page)) => Client { name, page: Some(page) },
        None => new.client.clone(),
    };
    Ok(NewTask { client, ..new.clone() })
}

/// Id, name and page of an organisation by its id in the region's register.
fn organisation_of(conn: &mut Conn, id: &str) -> QueryResult<Option<(String, String, String)>> {
    imports::table
        .inner_join(organisations::table.on(organisations::id.eq(imports::row_id)))
        .filter(imports::source.eq(ORGANISATIONS))
        .filter(imports::source_id.eq(id))
        .select((organisations::id, organisations::name, organisations::page))
        .first(conn)
        .optional()
}

fn known(conn: &mut Conn, row: &Row) -> QueryResult<Option<Known>> {
    let found: Option<(String, String)> = imports::table
        .find((row.source, row.id.as_str()))
        .select((imports::row_id, imports::content_hash))
        .first(conn)
        .optional()?;
    Ok(found.map(|(row_id, stored)| {
        let (hash, sequence) = stored.split_once(':').unwrap_or((stored.as_str(), ""));
        Known { row_id, hash: hash.to_owned(), sequence: sequence.parse().ok() }
    }))
}

fn remember(conn: &mut Conn, row: &Row, row_id: &str, now: Timestamp) -> QueryResult<()> {
    let slice = match &row.content {
        Content::Organisation(_) => "organisation",
        Content::Event(_) | Content::EventGone => "event",
        Content::Task(_) => "task",
        Content::Producer(_) => "producer",
    };
    // The version that a calendar counts stands behind the digest.
    let stored = match row.sequence {
        Some(sequence) => format!("{}:{sequence}", row.hash),
        None => row.hash.clone(),
    };
    let values = (
        imports::source.eq(row.source),
        imports::source_id.eq(row.id.as_str()),
        imports::slice.eq(slice),
        imports::row_id.eq(row_id),
        imports::content_hash.eq(stored.as_str()),
        imports::imported_at.eq(now),
    );
    let changes = (imports::row_id.eq(row_id), imports::content_hash.eq(stored.as_str()), imports::imported_at.eq(now));
    each!(conn, c => diesel::insert_into(imports::table)
        .values(values)
        .on_conflict((imports::source, imports::source_id))
        .do_update()
        .set(changes)
        .execute(c))
    .map(|_| ())
}
