//! What the coordinator does with an organisation: rule, then write, then publish, in one transaction.

use super::queries::{self, OrganisationRow};
use super::rules::{self, NewOrganisation};
use super::wire;
use crate::error::{FieldError, Key};
use crate::region::{free_username, is_username_free, organisations_of, presenter};
use crate::view::PUBLISHED;
use crate::{Caller, Error, Node, json, message};
use federation::key::KeyPair;
use federation::{actor, outbox};
use store::id::{ActivityUrl, ActorUrl, ObjectUrl, OrganisationId};
use store::{Conn, Timestamp};

/// The kind's name in the index of ids, and what the actor is to the region.
pub(super) const KIND_NAME: &str = "organisation";

/// Adds and publishes an organisation: it gets an actor of its own, and the region presents it. The key is made before
/// the transaction begins.
///
/// # Errors
/// [`Error::Invalid`] with all that is wrong with it, [`Error::Forbidden`].
pub fn add(
    conn: &mut Conn,
    node: &Node,
    caller: Caller,
    new: &NewOrganisation,
    pair: &KeyPair,
    now: Timestamp,
) -> Result<OrganisationId, Error> {
    caller.must_be_coordinator()?;
    Error::if_any(rules::check(new))?;
    let region = presenter(conn)?;
    let slug = username(conn, node, new)?;
    let id = OrganisationId::fresh(now);
    let row = OrganisationRow {
        url: ObjectUrl::from_text(node.origin.actor(id.as_str()).as_str()),
        id: id.clone(),
        local: true,
        region: node.region.code().to_owned(),
        origin: node.origin.host().to_owned(),
        page: node.origin.profile(&slug),
        slug,
        name: String::new(),
        kind: String::new(),
        municipality: None,
        website: None,
        description: String::new(),
        state: PUBLISHED.to_owned(),
        created_at: now,
        updated_at: now,
        published_at: Some(now),
        received_at: None,
    };
    let row = filled(row, new);
    queries::insert(conn, &row)?;
    let (url, published) = (row.url.clone(), row.published_at);
    let document = wire::document(&queries::view(row), &node.origin, &pair.public_pem, published);
    actor::establish(conn, KIND_NAME, &document, pair, now)?;
    outbox::add(conn, &node.origin, &region, url.as_str(), &organisations_of(&region), now)?;
    Ok(id)
}

fn username(conn: &mut Conn, node: &Node, new: &NewOrganisation) -> Result<String, Error> {
    match &new.username {
        None => Ok(free_username(conn, node, &new.name)?),
        Some(wish) if is_username_free(conn, node, wish)? => Ok(wish.clone()),
        Some(wish) => {
            Err(Error::Invalid(vec![FieldError::new("username", Key::new(message::TAKEN).with("value", wish))]))
        }
    }
}

fn filled(row: OrganisationRow, new: &NewOrganisation) -> OrganisationRow {
    OrganisationRow {
        name: new.name.clone(),
        kind: new.kind.clone(),
        municipality: new.municipality.clone(),
        website: new.website.clone(),
        description: json::written(&new.description),
        ..row
    }
}

/// Changes an organisation; its followers and the servers that follow the region get an `Update`, unless nothing changed.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Invalid`] also when the username differs: it is given once.
pub fn edit(
    conn: &mut Conn,
    node: &Node,
    caller: Caller,
    id: &OrganisationId,
    new: &NewOrganisation,
    now: Timestamp,
) -> Result<Option<ActivityUrl>, Error> {
    caller.must_be_coordinator()?;
    change(conn, node, id, new, now)
}

/// [`edit`], once it is clear that it may be done.
pub(super) fn change(
    conn: &mut Conn,
    node: &Node,
    id: &OrganisationId,
    new: &NewOrganisation,
    now: Timestamp,
) -> Result<Option<ActivityUrl>, Error> {
    Error::if_any(rules::check(new))?;
    let row = queries::find_local(conn, id)?.ok_or(Error::NotFound)?;
    if new.username.as_ref().is_some_and(|wish| *wish != row.slug) {
        return Err(Error::Invalid(vec![FieldError::new("username", message::USERNAME_FIXED)]));
    }
    let changed = filled(row.clone(), new);
    if changed == row {
        return Ok(None);
    }
    let changed = OrganisationRow { updated_at: now, ..changed };
    queries::save(conn, &changed)?;
    let (region, published) = (presenter(conn)?, changed.published_at);
    let document = wire::document(&queries::view(changed), &node.origin, "", published);
    Ok(actor::update(conn, &document, Some(&region), now)?)
}

/// Deletes an organisation for good; everybody who knew it gets a `Delete`. Things that name it keep the name.
///
/// # Errors
/// [`Error::NotFound`].
pub fn delete(
    conn: &mut Conn,
    node: &Node,
    caller: Caller,
    id: &OrganisationId,
    now: Timestamp,
) -> Result<ActivityUrl, Error> {
    caller.must_be_coordinator()?;
    let row = queries::find_local(conn, id)?.ok_or(Error::NotFound)?;
    let region = presenter(conn)?;
    // In this order: a deletion takes back what was said before.
    let activity = actor::delete(conn, &ActorUrl::from_text(row.url.as_str()), Some(&region), now)?;
    outbox::remove(conn, &node.origin, &region, row.url.as_str(), &organisations_of(&region), now)?;
    queries::remove(conn, &row.url)?;
    Ok(activity)
}
