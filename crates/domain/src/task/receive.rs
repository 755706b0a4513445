//! A task that another node has sent.

use super::actions::KIND_NAME;
use super::queries::TaskRow;
use super::{incoming, queries};
use crate::learnt::{self, Entry};
use crate::region;
use federation::Error;
use federation::kind::{Kind, Outcome, Preparing, Reason, Received, Write};
use futures_util::future::{BoxFuture, FutureExt, ready};
use serde_json::Value;
use store::Conn;
use store::id::{ObjectUrl, TaskId};
use vocab::Task;

/// Tasks, as the spine knows them.
pub static KIND: &dyn Kind = &Tasks;

struct Tasks;

impl Kind for Tasks {
    fn name(&self) -> &'static str {
        KIND_NAME
    }

    fn claims(&self, document: &Value) -> bool {
        Task::marks(document)
    }

    fn prepare<'a>(&'a self, received: Received, _with: Preparing<'a>) -> BoxFuture<'a, Result<Write, Error>> {
        ready(Ok(prepared(received))).boxed()
    }

    fn forget(&self, conn: &mut Conn, url: &ObjectUrl) -> Result<(), Error> {
        queries::remove(conn, url)?;
        Ok(())
    }
}

fn prepared(received: Received) -> Write {
    let ignored = |reason| -> Write { Box::new(move |_| Ok(Outcome::Ignored(reason))) };
    let Ok(task) = Task::parse(&received.document) else {
        return ignored(Reason::Unusable);
    };
    if task.id != received.url.as_str() || task.attributed_to != received.author.as_str() {
        return ignored(Reason::NotTheOwner);
    }
    if !incoming::is_for_everybody(&task) {
        let (_, updated) = learnt::times(task.published, task.updated, received.now);
        return Box::new(move |conn| learnt::withdraw(conn, &received, updated, queries::remove));
    }
    match region::of_actor(&received.author_document) {
        Some(region) => {
            let row = incoming::row(&task, &received, region);
            Box::new(move |conn| take_in(conn, &received, &row))
        }
        None => ignored(Reason::Unusable),
    }
}

fn take_in(conn: &mut Conn, received: &Received, row: &TaskRow) -> Result<Outcome, Error> {
    let entry = Entry {
        kind: KIND_NAME,
        url: &received.url,
        author: received.author.clone(),
        region: &row.region,
        page: &row.page,
        object_type: "Note",
        published: row.published_at.unwrap_or(received.now),
        updated: row.updated_at,
    };
    learnt::take_in(conn, received, &entry, |conn| {
        let known = queries::find_by_url(conn, &received.url)?;
        let slug = queries::free_slug(conn, &row.origin, &row.slug, &received.url)?;
        let Some(known) = known else {
            queries::insert(conn, &TaskRow { id: TaskId::fresh(received.now), slug, ..row.clone() })?;
            return Ok(Outcome::Applied);
        };
        let new = TaskRow { id: known.id.clone(), slug, created_at: known.created_at, ..row.clone() };
        if (TaskRow { received_at: known.received_at, ..new.clone() }) == known {
            return Ok(Outcome::Duplicate);
        }
        queries::save(conn, &new)?;
        Ok(Outcome::Applied)
    })
}
