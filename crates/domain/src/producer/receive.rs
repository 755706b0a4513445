//! A producer whom another region presents.

use super::actions::KIND_NAME;
use super::queries::ProducerRow;
use super::{queries, wire};
use crate::learnt::{self, Entry};
use crate::region;
use federation::Error;
use federation::kind::{Kind, Outcome, Preparing, Reason, Received, Write};
use futures_util::future::{BoxFuture, FutureExt, ready};
use serde_json::Value;
use store::Conn;
use store::id::{ObjectUrl, ProducerId};
use vocab::{Actor, ActorType};

/// Producers, as the spine knows them.
pub static KIND: &dyn Kind = &Producers;

struct Producers;

impl Kind for Producers {
    fn name(&self) -> &'static str {
        KIND_NAME
    }

    /// A person who tells a region as only our own kind of node does. Other people of the fediverse are no producers.
    fn claims(&self, document: &Value) -> bool {
        ActorType::of(document) == Some(ActorType::Person) && region::of_actor(document).is_some()
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
    let person = match Actor::parse(&received.document) {
        Ok(person) if person.kind == ActorType::Person && learnt::is_usable_username(&person.preferred_username) => {
            person
        }
        _ => return ignored(Reason::Unusable),
    };
    if person.id != received.url.as_str() || received.author.host() != received.url.host() {
        return ignored(Reason::NotTheOwner);
    }
    match region::of_actor(&received.author_document) {
        Some(region) => {
            let row = wire::row(&person, &received, region);
            Box::new(move |conn| take_in(conn, &received, &row))
        }
        None => ignored(Reason::Unusable),
    }
}

fn take_in(conn: &mut Conn, received: &Received, row: &ProducerRow) -> Result<Outcome, Error> {
    let entry = Entry {
        kind: KIND_NAME,
        url: &received.url,
        author: received.author.clone(),
        region: &row.region,
        page: &row.page,
        object_type: ActorType::Person.as_str(),
        published: row.published_at.unwrap_or(received.now),
        updated: received.now,
    };
    learnt::take_in(conn, received, &entry, |conn| {
        let known = queries::find_by_url(conn, &received.url)?;
        let slug = queries::free_slug(conn, &row.origin, &row.slug, &received.url)?;
        let Some(known) = known else {
            queries::insert(conn, &ProducerRow { id: ProducerId::fresh(received.now), slug, ..row.clone() })?;
            return Ok(Outcome::Applied);
        };
        let published_at = known.published_at.or(row.published_at);
        let new = ProducerRow { id: known.id.clone(), slug, created_at: known.created_at, published_at, ..row.clone() };
        let (received_at, updated_at) = (known.received_at, known.updated_at);
        if (ProducerRow { received_at, updated_at, ..new.clone() }) == known {
            return Ok(Outcome::Duplicate);
        }
        queries::save(conn, &new)?;
        Ok(Outcome::Applied)
    })
}
