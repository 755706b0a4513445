//! Putting a row in: one row, one transaction, through the slices' own actions.
//!
//! [`standing`] is the one place that decides what a row means to this node; putting in, foreseeing and asking for a key
//! all go by it.

use super::content::{Content, ImportedEvent, ImportedProducer, ImportedTask};
use super::named::{self, Named};
use super::row::{Row, Skip};
use super::seen::{self, Mark, Seen};
use crate::error::{FieldError, Key};
use crate::event::{NewEvent, Status};
use crate::task::State;
use crate::{Caller, Error, Node, event, message, organisation, person, producer, region, task};
use federation::key::KeyPair;
use store::id::{EventId, OrganisationId, ProducerId, TaskId};
use store::{Conn, Timestamp};

/// What came of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Applied {
    /// It is a new thing.
    Added,
    /// It says something else than before.
    Changed,
    /// It says the same as before: nothing was written.
    Unchanged,
    /// It is not meant to go in, or not any more.
    Skipped(Skip),
}

/// What a row means to this node.
enum Standing {
    /// Nothing is to be done.
    Settled(Applied),
    New,
    /// It differs from what was imported before.
    Differs(Seen),
}

fn standing(conn: &mut Conn, row: &Row, named: &Named) -> Result<Standing, Error> {
    let skipped = |reason| Ok(Standing::Settled(Applied::Skipped(reason)));
    let Some(seen) = seen::find(conn, row.source, &row.id)? else {
        return if row.content == Content::EventGone { skipped(Skip::NeverHere) } else { Ok(Standing::New) };
    };
    let Some(state) = state(conn, row, &seen)? else {
        return skipped(Skip::Deleted);
    };
    if row.sequence.unwrap_or(0) < seen.mark.sequence.unwrap_or(0) {
        return skipped(Skip::Older);
    }
    if row.hash == seen.mark.digest && named.is_as_before(seen.mark.named.as_deref()) {
        return Ok(Standing::Settled(Applied::Unchanged));
    }
    if matches!(row.content, Content::Producer(_)) && producer::is_owned(conn, &ProducerId::from_text(&*seen.row_id))? {
        return skipped(Skip::Owned);
    }
    match (&row.content, state) {
        (Content::Task(_), Some(state)) if state.is_over() => skipped(Skip::Over),
        (Content::Task(task), Some(State::Open)) if !task.open => skipped(Skip::Published),
        _ => Ok(Standing::Differs(seen)),
    }
}

/// Whether the thing that a row became is still there; of a task, where it stands.
fn state(conn: &mut Conn, row: &Row, seen: &Seen) -> Result<Option<Option<State>>, Error> {
    let id = seen.row_id.as_str();
    Ok(match row.content {
        Content::Organisation(_) => organisation::find_local(conn, &OrganisationId::from_text(id))?.map(|_| None),
        Content::Event(_) | Content::EventGone => event::find_local(conn, &EventId::from_text(id))?.map(|_| None),
        Content::Task(_) => task::find_local(conn, &TaskId::from_text(id))?.map(|task| Some(task.state())),
        Content::Producer(_) => producer::find_local(conn, &ProducerId::from_text(id))?.map(|_| None),
    })
}

/// Whether putting the row in would make an actor, whose key has to be made before the transaction.
///
/// # Errors
/// Those of the database.
pub fn needs_key(conn: &mut Conn, row: &Row) -> Result<bool, Error> {
    let may_be_published = match &row.content {
        Content::Organisation(_) => true,
        Content::Producer(producer) => producer.may_be_published(),
        Content::Event(_) | Content::EventGone | Content::Task(_) => return Ok(false),
    };
    Ok(match standing(conn, row, &Named::Nobody)? {
        Standing::Settled(_) => false,
        Standing::New => may_be_published,
        Standing::Differs(seen) => match row.content {
            Content::Producer(_) => {
                may_be_published && !producer::is_published(conn, &ProducerId::from_text(seen.row_id.as_str()))?
            }
            _ => false,
        },
    })
}

/// Puts a row in: adds and publishes what is new, edits what is different. To be called in a transaction of its own.
///
/// # Errors
/// [`Error::Forbidden`]; what the slice's action refuses (see [`super::refusals`]); [`Error::Conflict`] when a key is
/// needed and none is given.
pub fn apply_row(
    conn: &mut Conn,
    node: &Node,
    caller: Caller,
    row: &Row,
    key: Option<&KeyPair>,
    now: Timestamp,
) -> Result<Applied, Error> {
    caller.must_be_coordinator()?;
    let named = named::of(conn, &row.content)?;
    let seen = match standing(conn, row, &named)? {
        Standing::Settled(applied) => return Ok(applied),
        Standing::New => None,
        Standing::Differs(seen) => Some(seen),
    };
    let actor = Actor { node, caller, key, now };
    let known = seen.as_ref();
    let (slice, id) = match &row.content {
        Content::Organisation(new) => ("organisation", actor.organisation(conn, new, known)?),
        Content::Event(event) => ("event", actor.event(conn, &named::organised(event, &named)?, known)?),
        Content::EventGone => ("event", actor.event_gone(conn, known)?),
        Content::Task(task) => ("task", actor.task(conn, &named::commissioned(task, &named)?, known)?),
        Content::Producer(producer) => ("producer", actor.producer(conn, producer, known)?),
    };
    seen::note(conn, row, slice, &id, &mark(row, &named), now)?;
    Ok(if seen.is_some() { Applied::Changed } else { Applied::Added })
}

fn mark(row: &Row, named: &Named) -> Mark {
    let status = match &row.content {
        Content::Event(event) => Some(event.new.status.as_str().to_owned()),
        _ => None,
    };
    Mark { digest: row.hash.clone(), named: named.digest(), sequence: row.sequence, status }
}

/// Who puts rows in, with what, and when. Each answers the id of the row that it wrote.
struct Actor<'a> {
    node: &'a Node,
    caller: Caller,
    key: Option<&'a KeyPair>,
    now: Timestamp,
}

impl Actor<'_> {
    fn key(&self) -> Result<&KeyPair, Error> {
        self.key.ok_or_else(|| Error::Conflict(message::KEY_NEEDED.into()))
    }

    fn organisation(
        &self,
        conn: &mut Conn,
        new: &organisation::NewOrganisation,
        known: Option<&Seen>,
    ) -> Result<String, Error> {
        let Some(seen) = known else {
            let id = organisation::add(conn, self.node, self.caller, new, self.key()?, self.now)?;
            return Ok(id.to_string());
        };
        let id = OrganisationId::from_text(seen.row_id.as_str());
        organisation::edit(conn, self.node, self.caller, &id, new, self.now)?;
        Ok(id.to_string())
    }

    fn event(&self, conn: &mut Conn, new: &NewEvent, known: Option<&Seen>) -> Result<String, Error> {
        let Some(seen) = known else {
            let id = event::add(conn, self.node, self.caller, new, self.now)?;
            event::publish(conn, self.node, self.caller, &id, self.now)?;
            return Ok(id.to_string());
        };
        let id = EventId::from_text(seen.row_id.as_str());
        let mut new = new.clone();
        if was_cancelled_here(conn, &id, seen)? {
            new.status = Status::Cancelled;
        }
        event::edit(conn, self.node, self.caller, &id, &new, self.now)?;
        Ok(id.to_string())
    }

    fn event_gone(&self, conn: &mut Conn, known: Option<&Seen>) -> Result<String, Error> {
        let seen = known.ok_or(Error::NotFound)?;
        event::delete(conn, self.caller, &EventId::from_text(seen.row_id.as_str()), self.now)?;
        Ok(seen.row_id.clone())
    }

    fn task(&self, conn: &mut Conn, task: &ImportedTask, known: Option<&Seen>) -> Result<String, Error> {
        let id = match known {
            None => task::add(conn, self.node, self.caller, &task.new, self.now)?,
            Some(seen) => {
                let id = TaskId::from_text(seen.row_id.as_str());
                task::edit(conn, self.node, self.caller, &id, &task.new, self.now)?;
                id
            }
        };
        let is_draft = task::find_local(conn, &id)?.is_some_and(|row| row.state() == State::Draft);
        if task.open && is_draft {
            task::publish(conn, self.node, self.caller, &id, self.now)?;
        }
        Ok(id.to_string())
    }

    fn producer(&self, conn: &mut Conn, producer: &ImportedProducer, known: Option<&Seen>) -> Result<String, Error> {
        let id = match known {
            None => {
                let consent = producer.consent.as_ref();
                producer::add(conn, self.node, self.caller, &producer.new, consent, self.now)?
            }
            Some(seen) => {
                let id = ProducerId::from_text(seen.row_id.as_str());
                let consent =
                    producer.consent.as_ref().map(|consent| person::still_given(conn, &id, consent)).transpose()?;
                producer::edit(conn, self.node, self.caller, &id, &producer.new, consent.as_ref(), self.now)?;
                id
            }
        };
        if producer::needs_key(conn, &id)? {
            producer::publish(conn, self.node, self.caller, &id, self.key()?, self.now)?;
        }
        Ok(id.to_string())
    }
}

/// An event that the coordinator has called off on this node, not the file, stays called off.
fn was_cancelled_here(conn: &mut Conn, id: &EventId, seen: &Seen) -> Result<bool, Error> {
    let is_cancelled = event::find_local(conn, id)?.is_some_and(|row| row.status() == Status::Cancelled);
    Ok(is_cancelled && seen.mark.status.as_deref() != Some(Status::Cancelled.as_str()))
}

/// Tells what would come of a row, and writes nothing. Organisations of the same file count as known.
///
/// # Errors
/// As [`apply_row`].
pub fn foresee(conn: &mut Conn, node: &Node, row: &Row, now: Timestamp) -> Result<Applied, Error> {
    let named = named::of(conn, &row.content)?;
    let seen = match standing(conn, row, &named)? {
        Standing::Settled(applied) => return Ok(applied),
        Standing::New => None,
        Standing::Differs(seen) => Some(seen),
    };
    match &row.content {
        Content::Organisation(new) => {
            foresee_username(conn, node, new.username.as_deref(), seen.as_ref(), slug_of_organisation)?
        }
        Content::Producer(producer) => {
            foresee_username(conn, node, producer.new.username.as_deref(), seen.as_ref(), slug_of_producer)?;
        }
        Content::Event(ImportedEvent { organiser: Some(organiser), .. }) if organiser.in_file => {}
        Content::Event(event) => named::organised(event, &named).map(|_| ())?,
        Content::EventGone => {}
        Content::Task(task) => {
            named::commissioned(task, &named)?;
            foresee_deadline(conn, task, seen.as_ref(), now)?;
        }
    }
    Ok(if seen.is_some() { Applied::Changed } else { Applied::Added })
}

fn slug_of_organisation(conn: &mut Conn, id: &str) -> diesel::QueryResult<Option<String>> {
    Ok(organisation::find_local(conn, &OrganisationId::from_text(id))?.map(|row| row.slug))
}

fn slug_of_producer(conn: &mut Conn, id: &str) -> diesel::QueryResult<Option<String>> {
    Ok(producer::find_local(conn, &ProducerId::from_text(id))?.map(|row| row.slug))
}

/// The answer that adding or editing would give about the username.
fn foresee_username(
    conn: &mut Conn,
    node: &Node,
    wish: Option<&str>,
    seen: Option<&Seen>,
    slug: fn(&mut Conn, &str) -> diesel::QueryResult<Option<String>>,
) -> Result<(), Error> {
    let Some(wish) = wish else { return Ok(()) };
    let reason = match seen {
        None if region::actors::is_username_free(conn, node, wish)? => return Ok(()),
        None => Key::new(message::TAKEN).with("value", wish),
        Some(seen) if slug(conn, &seen.row_id)?.as_deref() == Some(wish) => return Ok(()),
        Some(_) => message::USERNAME_FIXED.into(),
    };
    Err(Error::Invalid(vec![FieldError::new("username", reason)]))
}

/// The answer that publishing would give about the deadline.
fn foresee_deadline(conn: &mut Conn, task: &ImportedTask, seen: Option<&Seen>, now: Timestamp) -> Result<(), Error> {
    let is_open = match seen {
        None => false,
        Some(seen) => {
            let row = task::find_local(conn, &TaskId::from_text(seen.row_id.as_str()))?;
            row.is_some_and(|row| row.state() != State::Draft)
        }
    };
    let has_passed = task.new.deadline.is_some_and(|deadline| deadline < now);
    if task.open && !is_open && has_passed { Err(Error::refused(message::DEADLINE_PASSED)) } else { Ok(()) }
}
