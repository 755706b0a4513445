//! The steps that an event or a task takes at the desk, and what else is done there in one press.

use super::schedule;
use super::staff::{Staff, must_have_content};
use crate::audit::{self, Deed, Subject};
use crate::find::Found;
use crate::task::Closing;
use crate::{Error, Node, actions, event, feedback, task};
use diesel::prelude::*;
use federation::{peer, report};
use store::id::ObjectUrl;
use store::schema::settled_answers;
use store::{Conn, Timestamp, each};

/// What can be done with an event or a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// A draft is published.
    Publish,
    /// A draft is not published at its time after all.
    Unschedule,
    /// It is called off.
    Cancel,
    /// An event is put off.
    Postpone,
    /// Somebody was found for a task.
    Fill,
    /// The time of a task is over.
    Close,
    /// It is deleted for good.
    Delete,
}

impl Step {
    /// All.
    pub const ALL: [Step; 7] =
        [Step::Publish, Step::Unschedule, Step::Cancel, Step::Postpone, Step::Fill, Step::Close, Step::Delete];

    /// Its word in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Step::Publish => "publish",
            Step::Unschedule => "unschedule",
            Step::Cancel => "cancel",
            Step::Postpone => "postpone",
            Step::Fill => "fill",
            Step::Close => "close",
            Step::Delete => "delete",
        }
    }

    /// Reads its word.
    pub fn parse(word: &str) -> Option<Step> {
        Step::ALL.into_iter().find(|step| step.as_str() == word)
    }
}

/// An event or a task of this node, as the desk lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thing {
    /// Which.
    pub what: Found,
    /// Its title.
    pub title: String,
    /// Where it stands: `draft`, `published`, `open`, … and for an event that is not as announced, its status.
    pub state: &'static str,
    /// Its page, when everybody may see it.
    pub page: Option<String>,
    /// When it last changed.
    pub changed: Timestamp,
    /// When it is to be published.
    pub publish_at: Option<Timestamp>,
    /// The steps that it can take.
    pub steps: Vec<Step>,
}

impl Thing {
    fn of_event(row: event::EventRow) -> Thing {
        let (draft, status) = (row.state() == event::State::Draft, row.status());
        let state = match (draft, status) {
            (true, _) => row.state().as_str(),
            (false, event::Status::Scheduled) => row.state().as_str(),
            (false, status) => status.as_str(),
        };
        let steps = match (draft, status) {
            (true, _) => vec![Step::Publish, Step::Delete],
            (false, event::Status::Cancelled) => vec![Step::Delete],
            (false, event::Status::Postponed) => vec![Step::Cancel, Step::Delete],
            (false, _) => vec![Step::Postpone, Step::Cancel, Step::Delete],
        };
        Thing {
            what: Found::Event(row.id),
            title: row.name,
            state,
            page: (!draft).then_some(row.page),
            changed: row.updated_at,
            publish_at: None,
            steps,
        }
    }

    fn of_task(row: task::TaskRow) -> Thing {
        let state = row.state();
        let steps = match state {
            task::State::Draft => vec![Step::Publish, Step::Delete],
            task::State::Open => vec![Step::Fill, Step::Close, Step::Cancel, Step::Delete],
            _ => vec![Step::Delete],
        };
        Thing {
            what: Found::Task(row.id),
            title: row.title,
            state: state.as_str(),
            page: (state != task::State::Draft).then_some(row.page),
            changed: row.updated_at,
            publish_at: None,
            steps,
        }
    }

    /// With when it is to be published.
    fn timed(mut self, conn: &mut Conn) -> QueryResult<Thing> {
        if self.page.is_none() {
            self.publish_at = schedule::of(conn, &self.what)?.map(|due| due.at);
            self.steps.extend(self.publish_at.map(|_| Step::Unschedule));
        }
        Ok(self)
    }
}

/// One event or task of this node.
///
/// # Errors
/// Those of the database.
pub fn thing(conn: &mut Conn, what: &Found) -> QueryResult<Option<Thing>> {
    let found = match what {
        Found::Event(id) => event::find_local(conn, id)?.map(Thing::of_event),
        Found::Task(id) => task::find_local(conn, id)?.map(Thing::of_task),
        Found::Producer(_) | Found::Organisation(_) => None,
    };
    found.map(|thing| thing.timed(conn)).transpose()
}

/// The events or the tasks of this node, those that changed last first; drafts alone if asked for.
///
/// # Errors
/// Those of the database.
pub fn all(conn: &mut Conn, kind: &str, drafts: bool, offset: i64, limit: i64) -> QueryResult<Vec<Thing>> {
    let things: Vec<Thing> = match kind {
        "event" => event::ours(conn, drafts, offset, limit)?.into_iter().map(Thing::of_event).collect(),
        "task" => task::ours(conn, drafts, offset, limit)?.into_iter().map(Thing::of_task).collect(),
        _ => Vec::new(),
    };
    things.into_iter().map(|thing| thing.timed(conn)).collect()
}

/// Lets an event or a task take a step.
///
/// # Errors
/// Those of the slice's action.
pub fn step(
    conn: &mut Conn,
    node: &Node,
    staff: &Staff,
    what: &Found,
    step: Step,
    now: Timestamp,
) -> Result<(), Error> {
    must_have_content(node)?;
    let thing = thing(conn, what)?.ok_or(Error::NotFound)?;
    let caller = staff.caller();
    let deed = match step {
        Step::Publish => actions::publish(conn, node, caller, what, None, now).map(|_| Deed::Published)?,
        Step::Unschedule => {
            schedule::unschedule(conn, what)?;
            Deed::Unscheduled
        }
        Step::Cancel => actions::cancel(conn, node, caller, what, now).map(|_| Deed::Cancelled)?,
        Step::Postpone => actions::postpone(conn, node, caller, what, now).map(|_| Deed::Postponed)?,
        Step::Fill => actions::close(conn, node, caller, what, Closing::Filled, now).map(|_| Deed::Closed)?,
        Step::Close => actions::close(conn, node, caller, what, Closing::Closed, now).map(|_| Deed::Closed)?,
        Step::Delete => actions::delete(conn, node, caller, what, now).map(|_| Deed::Deleted)?,
    };
    if matches!(step, Step::Publish | Step::Delete) {
        schedule::forget(conn, what)?;
    }
    let subject = Subject::thing(what.kind(), what.id(), &thing.title);
    Ok(audit::note(conn, staff.by(), deed, &subject, "", now)?)
}

/// Notes that somebody's feedback was answered.
///
/// # Errors
/// [`Error::NotFound`] when none of that number waits.
pub fn answer_feedback(conn: &mut Conn, staff: &Staff, id: i64, now: Timestamp) -> Result<(), Error> {
    feedback::answer(conn, staff.caller(), id, now)?;
    Ok(audit::note(conn, staff.by(), Deed::Settled, &Subject::feedback(id), "", now)?)
}

/// Settles a report.
///
/// # Errors
/// [`Error::NotFound`] when there is no open one of that number.
pub fn settle_report(conn: &mut Conn, staff: &Staff, id: i64, now: Timestamp) -> Result<(), Error> {
    if !report::resolve(conn, id, now)? {
        return Err(Error::NotFound);
    }
    Ok(audit::note(conn, staff.by(), Deed::Settled, &Subject::thing("report", id, ""), "", now)?)
}

/// Takes an answer from the list: somebody has seen to it. It stays where it is.
///
/// # Errors
/// [`Error::NotFound`] when there is no such answer.
pub fn settle_answer(conn: &mut Conn, staff: &Staff, url: &ObjectUrl, now: Timestamp) -> Result<(), Error> {
    federation::reply::find(conn, url)?.ok_or(Error::NotFound)?;
    let row = (settled_answers::url.eq(url), settled_answers::at.eq(now));
    let new =
        each!(conn, c => diesel::insert_into(settled_answers::table).values(row).on_conflict_do_nothing().execute(c))?;
    if new == 0 {
        return Ok(()); // pressed twice
    }
    Ok(audit::note(conn, staff.by(), Deed::Settled, &Subject::thing("reply", url, ""), "", now)?)
}

/// Tries at once what waits for a host. It is no deed to be logged: nothing changes by it.
///
/// # Errors
/// Those of the database.
pub fn try_now(conn: &mut Conn, _: &Staff, host: &str, now: Timestamp) -> Result<(), Error> {
    Ok(peer::try_now(conn, host, now)?)
}
