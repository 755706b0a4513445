//! An event that another node has sent.

use super::actions::KIND_NAME;
use super::queries::EventRow;
use super::{incoming, queries};
use crate::learnt::{self, Entry};
use crate::region;
use federation::Error;
use federation::kind::{Kind, Outcome, Preparing, Reason, Received, Write};
use futures_util::future::{BoxFuture, FutureExt, ready};
use serde_json::Value;
use store::Conn;
use store::id::{EventId, ObjectUrl};
use vocab::Event;

/// Events, as the spine knows them.
pub static KIND: &dyn Kind = &Events;

struct Events;

impl Kind for Events {
    fn name(&self) -> &'static str {
        KIND_NAME
    }

    fn claims(&self, document: &Value) -> bool {
        Event::marks(document)
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
    let Ok(event) = Event::parse(&received.document) else {
        return ignored(Reason::Unusable);
    };
    if event.id != received.url.as_str() || event.attributed_to != received.author.as_str() {
        return ignored(Reason::NotTheOwner);
    }
    if !learnt::is_public(&event.to, &event.cc) {
        let (_, updated) = learnt::times(event.published, event.updated, received.now);
        return Box::new(move |conn| learnt::withdraw(conn, &received, updated, queries::remove));
    }
    match region::of_actor(&received.author_document) {
        Some(region) => {
            let row = incoming::row(&event, &received, region);
            Box::new(move |conn| take_in(conn, &received, &row))
        }
        None => ignored(Reason::Unusable),
    }
}

fn take_in(conn: &mut Conn, received: &Received, row: &EventRow) -> Result<Outcome, Error> {
    let entry = Entry {
        kind: KIND_NAME,
        url: &received.url,
        author: received.author.clone(),
        region: &row.region,
        page: &row.page,
        object_type: "Event",
        published: row.published_at.unwrap_or(received.now),
        updated: row.updated_at,
    };
    learnt::take_in(conn, received, &entry, |conn| {
        let known = queries::find_by_url(conn, &received.url)?;
        let slug = queries::free_slug(conn, &row.origin, &row.slug, &received.url)?;
        let Some(known) = known else {
            queries::insert(conn, &EventRow { id: EventId::fresh(received.now), slug, ..row.clone() })?;
            return Ok(Outcome::Applied);
        };
        let new = EventRow { id: known.id.clone(), slug, created_at: known.created_at, ..row.clone() };
        if (EventRow { received_at: known.received_at, ..new.clone() }) == known {
            return Ok(Outcome::Duplicate);
        }
        queries::save(conn, &new)?;
        Ok(Outcome::Applied)
    })
}
