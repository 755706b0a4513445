//! An organisation that another region presents.

use super::actions::KIND_NAME;
use super::queries::OrganisationRow;
use super::{queries, wire};
use crate::learnt::{self, Entry};
use crate::region;
use federation::Error;
use federation::kind::{Kind, Outcome, Preparing, Reason, Received, Write};
use futures_util::future::{BoxFuture, FutureExt, ready};
use serde_json::Value;
use store::Conn;
use store::id::{ObjectUrl, OrganisationId};
use vocab::{Actor, ActorType};

/// Organisations, as the spine knows them.
pub static KIND: &dyn Kind = &Organisations;

struct Organisations;

impl Kind for Organisations {
    fn name(&self) -> &'static str {
        KIND_NAME
    }

    /// An organisation that tells a region as only our own kind of node does.
    fn claims(&self, document: &Value) -> bool {
        ActorType::of(document) == Some(ActorType::Organization) && region::of_actor(document).is_some()
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
    let organisation = match Actor::parse(&received.document) {
        Ok(organisation)
            if organisation.kind == ActorType::Organization
                && learnt::is_usable_username(&organisation.preferred_username) =>
        {
            organisation
        }
        _ => return ignored(Reason::Unusable),
    };
    if organisation.id != received.url.as_str() || received.author.host() != received.url.host() {
        return ignored(Reason::NotTheOwner);
    }
    match region::of_actor(&received.author_document) {
        Some(region) => {
            let row = wire::row(&organisation, &received, region);
            Box::new(move |conn| take_in(conn, &received, &row))
        }
        None => ignored(Reason::Unusable),
    }
}

fn take_in(conn: &mut Conn, received: &Received, row: &OrganisationRow) -> Result<Outcome, Error> {
    let entry = Entry {
        kind: KIND_NAME,
        url: &received.url,
        author: received.author.clone(),
        region: &row.region,
        page: &row.page,
        object_type: ActorType::Organization.as_str(),
        published: row.published_at.unwrap_or(received.now),
        updated: received.now,
    };
    learnt::take_in(conn, received, &entry, |conn| {
        let known = queries::find_by_url(conn, &received.url)?;
        let slug = queries::free_slug(conn, &row.origin, &row.slug, &received.url)?;
        let Some(known) = known else {
            queries::insert(conn, &OrganisationRow { id: OrganisationId::fresh(received.now), slug, ..row.clone() })?;
            return Ok(Outcome::Applied);
        };
        let published_at = known.published_at.or(row.published_at);
        let new =
            OrganisationRow { id: known.id.clone(), slug, created_at: known.created_at, published_at, ..row.clone() };
        let (received_at, updated_at) = (known.received_at, known.updated_at);
        if (OrganisationRow { received_at, updated_at, ..new.clone() }) == known {
            return Ok(Outcome::Duplicate);
        }
        queries::save(conn, &new)?;
        Ok(Outcome::Applied)
    })
}
