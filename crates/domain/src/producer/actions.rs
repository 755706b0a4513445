//! What the coordinator does with a producer's profile: rule, then write, then publish, in one transaction.
//!
//! Invariant: after each action the world sees exactly what the consents allow. A profile whose name is no longer
//! consented to is taken down, not emptied.

use super::queries::{self, KEPT, ProducerRow};
use super::rules::{self, NewProducer};
use super::wire;
use super::{approval, picture};
use crate::error::{FieldError, Key};
use crate::person::{self, Consent, Field, letter};
use crate::region::{free_username, is_username_free, presenter, producers_of};
use crate::view::PUBLISHED;
use crate::{Caller, Error, Node, json, message};
use diesel::prelude::*;
use federation::key::KeyPair;
use federation::{actor, object, outbox, report};
use std::collections::BTreeSet;
use store::id::{ActivityUrl, ActorUrl, ObjectUrl, ProducerId};
use store::schema::imports;
use store::{Conn, Timestamp};

/// The kind's name in the index of ids, and what the actor is to the region.
pub(super) const KIND_NAME: &str = "producer";

/// Adds a profile and notes what the person has agreed to. Nothing is published by this.
///
/// # Errors
/// [`Error::Invalid`] with all that is wrong with it, [`Error::Forbidden`].
pub fn add(
    conn: &mut Conn,
    node: &Node,
    caller: Caller,
    new: &NewProducer,
    consent: Option<&Consent>,
    now: Timestamp,
) -> Result<ProducerId, Error> {
    caller.must_be_coordinator()?;
    Error::if_any(rules::check(new))?;
    let row = filled(blank(conn, node, new, now)?, new);
    queries::insert(conn, &row)?;
    person::replace(conn, &row.id, consent, now)?;
    Ok(row.id)
}

/// A profile of which nothing is told yet but how it is called.
pub(super) fn blank(conn: &mut Conn, node: &Node, new: &NewProducer, now: Timestamp) -> Result<ProducerRow, Error> {
    let slug = username(conn, node, new)?;
    let id = ProducerId::fresh(now);
    Ok(ProducerRow {
        url: ObjectUrl::from_text(node.origin.actor(id.as_str()).as_str()),
        id: id.clone(),
        local: true,
        region: node.region.code().to_owned(),
        origin: node.origin.host().to_owned(),
        page: node.origin.profile(&slug),
        slug,
        name: String::new(),
        headline: None,
        bio: None,
        municipality: None,
        skills: String::new(),
        languages: String::new(),
        fields: String::new(),
        links: String::new(),
        remote: false,
        state: KEPT.to_owned(),
        created_at: now,
        updated_at: now,
        published_at: None,
        received_at: None,
        account: None,
        work: "{}".to_owned(),
        picture: None,
        asked_at: None,
        returned: None,
    })
}

fn username(conn: &mut Conn, node: &Node, new: &NewProducer) -> Result<String, Error> {
    match &new.username {
        None => Ok(free_username(conn, node, &new.name)?),
        Some(wish) if is_username_free(conn, node, wish)? => Ok(wish.clone()),
        Some(wish) => {
            Err(Error::Invalid(vec![FieldError::new("username", Key::new(message::TAKEN).with("value", wish))]))
        }
    }
}

pub(super) fn filled(row: ProducerRow, new: &NewProducer) -> ProducerRow {
    ProducerRow {
        name: new.name.clone(),
        headline: new.headline.clone(),
        bio: new.bio.as_ref().map(|bio| bio.as_str().to_owned()),
        municipality: new.municipality.clone(),
        skills: json::written(&new.skills),
        languages: json::written(&new.languages),
        fields: json::written(&new.fields),
        links: json::written(&new.links),
        remote: new.remote,
        ..row
    }
}

/// Whether publishing this profile would make an actor, which takes a key: it is not published and may be.
///
/// # Errors
/// Those of the database.
pub fn needs_key(conn: &mut Conn, id: &ProducerId) -> QueryResult<bool> {
    let kept = queries::find_local(conn, id)?.is_some_and(|row| !row.has_actor());
    Ok(kept && person::consented_fields(conn, id)?.allows(Field::Name))
}

/// Whether the profile is published.
///
/// # Errors
/// Those of the database.
pub fn is_published(conn: &mut Conn, id: &ProducerId) -> QueryResult<bool> {
    Ok(queries::find_local(conn, id)?.is_some_and(|row| row.is_published()))
}

/// Publishes a profile: it gets an actor of its own, and the region presents it to the servers that follow the region.
/// The answer is the id of that `Add`. The key is made before the transaction begins.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Refused`] when it is published already or the person has not agreed.
pub fn publish(
    conn: &mut Conn,
    node: &Node,
    caller: Caller,
    id: &ProducerId,
    pair: &KeyPair,
    now: Timestamp,
) -> Result<ActivityUrl, Error> {
    caller.must_be_coordinator()?;
    let row = queries::find_local(conn, id)?.ok_or(Error::NotFound)?;
    if row.has_actor() {
        return Err(Error::refused(message::ALREADY_PUBLISHED));
    }
    let region = presenter(conn)?;
    let row = with_fresh_address(conn, node, row, now)?;
    let (asked_at, returned, published_at) = (None, None, Some(now));
    let state = PUBLISHED.to_owned();
    let row = ProducerRow { state, asked_at, returned, published_at, updated_at: now, ..row };
    let consented = person::consented_fields(conn, id)?;
    let view = queries::view(row.clone(), &consented).ok_or_else(|| Error::refused(message::NO_CONSENT))?;
    queries::save(conn, &row)?;
    approval::tell(conn, &row, letter::Kind::Published, None, now)?;
    let document = wire::document(&view, &node.origin, &pair.public_pem, row.published_at);
    actor::establish(conn, KIND_NAME, &document, pair, now)?;
    Ok(outbox::add(conn, &node.origin, &region, row.url.as_str(), &producers_of(&region), now)?)
}

/// A profile that was taken down before comes back as somebody else to the world: the old id is a tombstone, and other
/// servers would not take it again.
fn with_fresh_address(conn: &mut Conn, node: &Node, row: ProducerRow, now: Timestamp) -> Result<ProducerRow, Error> {
    if object::find(conn, &row.url)?.is_none() {
        return Ok(row);
    }
    let slug = free_username(conn, node, &row.name)?;
    let url = ObjectUrl::from_text(node.origin.actor(&store::id::fresh(now)).as_str());
    Ok(ProducerRow { url, page: node.origin.profile(&slug), slug, ..row })
}

/// Changes a profile and what the person has agreed to. Of a published one its followers and the servers that follow the
/// region get an `Update` of what they may see, if that changed; it is taken down when its name may not be shown any
/// more. One that is kept stays kept: see [`publish`].
///
/// # Errors
/// [`Error::NotFound`], [`Error::Invalid`] also when the username differs: it is given once.
pub fn edit(
    conn: &mut Conn,
    node: &Node,
    caller: Caller,
    id: &ProducerId,
    new: &NewProducer,
    consent: Option<&Consent>,
    now: Timestamp,
) -> Result<Option<ActivityUrl>, Error> {
    caller.must_be_coordinator()?;
    Error::if_any(rules::check(new))?;
    let row = queries::find_local(conn, id)?.ok_or(Error::NotFound)?;
    if new.username.as_ref().is_some_and(|wish| *wish != row.slug) {
        return Err(Error::Invalid(vec![FieldError::new("username", message::USERNAME_FIXED)]));
    }
    let changed = filled(row.clone(), new);
    if changed != row {
        queries::save(conn, &changed)?;
    }
    person::replace(conn, id, consent, now)?;
    settle(conn, node, changed, now)
}

/// Takes consent to some fields back. Without its name a profile is taken down; else an `Update` goes out without them.
///
/// # Errors
/// [`Error::NotFound`].
pub fn withdraw(
    conn: &mut Conn,
    node: &Node,
    caller: Caller,
    id: &ProducerId,
    fields: &BTreeSet<Field>,
    now: Timestamp,
) -> Result<Option<ActivityUrl>, Error> {
    caller.must_be_coordinator()?;
    let row = queries::find_local(conn, id)?.ok_or(Error::NotFound)?;
    person::withdraw(conn, id, fields, now)?;
    settle(conn, node, row, now)
}

/// Brings what the world sees in line with the row and the consents.
pub(super) fn settle(
    conn: &mut Conn,
    node: &Node,
    row: ProducerRow,
    now: Timestamp,
) -> Result<Option<ActivityUrl>, Error> {
    if !row.is_published() {
        return Ok(None);
    }
    let consented = person::consented_fields(conn, &row.id)?;
    let Some(view) = queries::view(row.clone(), &consented) else {
        let activity = take_down(conn, node, &row, now)?;
        queries::save(conn, &ProducerRow { state: KEPT.to_owned(), published_at: None, ..row })?;
        return Ok(Some(activity));
    };
    let region = presenter(conn)?;
    let document = wire::document(&view, &node.origin, "", row.published_at);
    let activity = actor::update(conn, &document, Some(&region), now)?;
    let updated_at = if activity.is_some() { now } else { row.updated_at };
    queries::save(conn, &ProducerRow { updated_at, ..row })?; // also when the consents alone have changed: it indexes
    Ok(activity)
}

/// The actor says nothing any more, and is still there.
pub(super) fn empty_actor(conn: &mut Conn, node: &Node, row: &ProducerRow, now: Timestamp) -> Result<(), Error> {
    let region = presenter(conn)?;
    let document = wire::emptied(row, &node.origin);
    actor::update(conn, &document, Some(&region), now)?;
    Ok(())
}

/// The actor goes, and the region stops presenting it. In this order, for a deletion takes back what was said before; the
/// `Remove` reaches also those who cannot check the signature of an actor that is gone.
fn take_down(conn: &mut Conn, node: &Node, row: &ProducerRow, now: Timestamp) -> Result<ActivityUrl, Error> {
    let region = presenter(conn)?;
    let activity = actor::delete(conn, &ActorUrl::from_text(row.url.as_str()), Some(&region), now)?;
    outbox::remove(conn, &node.origin, &region, row.url.as_str(), &producers_of(&region), now)?;
    Ok(activity)
}

/// Deletes a profile for good: everything the person has told goes, the consents end, and everybody who knew the actor
/// gets a `Delete`. A kept one just goes.
///
/// # Errors
/// [`Error::NotFound`].
pub fn delete(
    conn: &mut Conn,
    node: &Node,
    caller: Caller,
    id: &ProducerId,
    now: Timestamp,
) -> Result<Option<ActivityUrl>, Error> {
    caller.must_be_coordinator()?;
    let row = queries::find_local(conn, id)?.ok_or(Error::NotFound)?;
    let activity = if row.has_actor() { Some(take_down(conn, node, &row, now)?) } else { None };
    person::end(conn, id, now)?;
    picture::remove_of(conn, id)?;
    report::forget(conn, &[row.url.as_str(), row.page.as_str()])?;
    queries::remove(conn, &row.url)?;
    // That the row of the register was seen stays known, so that no import brings the profile back; what it said does not.
    diesel::update(imports::table.filter(imports::row_id.eq(id.as_str())))
        .set(imports::content_hash.eq(""))
        .execute(conn)?;
    Ok(activity)
}
