//! What our actors say, and to whom: the activity and one delivery row for each inbox, in the caller's transaction.
//!
//! Invariant: nothing here sends. A crash at any point leaves either no change or a change with all its deliveries.
//! An activity's id is derived from its object's (`{object}/activity`, `{object}/updates/{second}`, `{object}/delete`), so
//! that the same thing is not announced twice.

mod addressing;
mod audience;

pub(crate) use addressing::{Addressee, address, inboxes};
pub use audience::Audience;

use crate::actor::{self, Actor};
use crate::{Error, Origin, object, relay, reply};
use diesel::prelude::*;
use serde_json::Value;
use store::id::{ActivityUrl, ActorUrl, ObjectUrl};
use store::schema::{activities, deliveries};
use store::{Conn, Timestamp, each, failpoint};

/// What a slice hands over to be published: its own view of an object, ready for the wire.
#[derive(Debug, Clone)]
pub struct Publication {
    /// The kind's name in the index (`event`).
    pub kind: &'static str,
    /// The object's id.
    pub url: ObjectUrl,
    /// Its page for people.
    pub page: String,
    /// The actor that it is attributed to.
    pub author: ActorUrl,
    /// Its ActivityStreams type, for the tombstone.
    pub object_type: &'static str,
    /// The object as JSON, without `@context`.
    pub document: Value,
    /// The host's own actor announces it to the servers that follow that.
    pub announced: bool,
}

/// A row of the activities that this node has made.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = activities)]
pub struct Sent {
    /// Counts up; the order of the outbox.
    pub id: i64,
    /// Its id.
    pub url: ActivityUrl,
    /// Who did it.
    pub actor: ActorUrl,
    /// The verb, as on the wire.
    pub verb: String,
    /// The id of what it is about.
    pub object: String,
    /// The activity as JSON, without `@context`.
    pub document: String,
    /// It appears in the outbox.
    pub listed: bool,
    /// When it was made.
    pub published_at: Timestamp,
}

/// What is left of an activity whose object was deleted.
pub(crate) const EMPTIED: &str = "{}";

/// `to` of everything public.
pub fn public() -> Vec<String> {
    vec![vocab::PUBLIC.to_owned()]
}

/// `cc` of what goes to an actor's followers.
pub fn followers_of(actor: &ActorUrl) -> Vec<String> {
    vec![format!("{actor}/followers")]
}

/// Publishes a new object: its id in the index, the `Create`, its deliveries.
///
/// # Errors
/// [`Error::Gone`] when the id is a tombstone.
pub fn create(conn: &mut Conn, what: &Publication, now: Timestamp) -> Result<ActivityUrl, Error> {
    object::enter(
        conn,
        &object::Indexed {
            url: what.url.clone(),
            kind: what.kind.to_owned(),
            local: true,
            author: what.author.clone(),
            page: Some(what.page.clone()),
            document: Some(what.document.to_string()),
            former_type: what.object_type.to_owned(),
            published_at: now,
            updated_at: now.whole_seconds(),
            deleted_at: None,
        },
    )?;
    let id = ActivityUrl::from_text(format!("{}/activity", what.url));
    let (to, cc) = (public(), followers_of(&what.author));
    let activity =
        vocab::Activity::create(id.as_str(), what.author.as_str(), to, cc, now.to_jiff(), what.document.clone());
    let audience = Audience::Followers(what.author.clone());
    send(conn, &what.author, &id, "Create", what.url.as_str(), &vocab::context::embedded(&activity), audience, now)?;
    if what.announced {
        relay::announce_own(conn, &what.url, &what.author, now)?;
    }
    Ok(id)
}

/// Publishes a new version. `at` comes from [`object::next_version`] and is the document's `updated`; it may lie ahead of
/// `now`, when the version before was made by a clock that was set back since.
///
/// # Errors
/// [`Error::Unknown`] or [`Error::Gone`].
pub fn update(conn: &mut Conn, what: &Publication, at: Timestamp, now: Timestamp) -> Result<ActivityUrl, Error> {
    object::replace(conn, &what.url, &what.page, &what.document, at)?;
    let id = ActivityUrl::from_text(format!("{}/updates/{}", what.url, at.as_millis() / 1000));
    let (to, cc) = (public(), followers_of(&what.author));
    let activity =
        vocab::Activity::update(id.as_str(), what.author.as_str(), to, cc, at.to_jiff(), what.document.clone());
    let audience = Audience::AllWhoHave(what.author.clone(), what.url.clone());
    send(conn, &what.author, &id, "Update", what.url.as_str(), &vocab::context::embedded(&activity), audience, now)?;
    Ok(id)
}

/// Deletes an object of ours: a tombstone in the index, a `Delete` to everyone who was ever sent it, and no copy of the
/// text left in what we sent before. What its author said under it goes first.
///
/// # Errors
/// [`Error::Unknown`] or [`Error::Gone`].
pub fn delete(conn: &mut Conn, url: &ObjectUrl, now: Timestamp) -> Result<ActivityUrl, Error> {
    let known = object::find(conn, url)?.filter(|row| row.local).ok_or_else(|| Error::Unknown(url.to_string()))?;
    if known.is_deleted() {
        return Err(Error::Gone(url.to_string()));
    }
    reply::take_back(conn, url, &known.author, now)?;
    let id = ActivityUrl::from_text(format!("{url}/delete"));
    let stone = vocab::Tombstone {
        id: url.to_string(),
        former_type: Some(known.former_type),
        published: None,
        deleted: Some(now.to_jiff()),
    };
    let activity =
        vocab::Activity::delete(id.as_str(), known.author.as_str(), public(), followers_of(&known.author), &stone);
    let activity = vocab::context::embedded(&activity);
    let inboxes = inboxes(conn, &Audience::AllWhoHave(known.author.clone(), url.clone()), "Delete", now)?;
    relay::take_back(conn, url, now)?;
    enter(conn, &known.author, &id, "Delete", url.as_str(), &activity, now)?;
    address(conn, &known.author, &id, url.as_str(), addressing::at_once(inboxes, now), now)?;
    object::bury(conn, url, &known.author, now)?;
    reply::forget(conn, url)?;
    Ok(id)
}

/// Puts something into a collection of an actor (ActivityPub §6.6): a region presents a producer. Told to the servers
/// that follow it; people would see nothing of it.
///
/// # Errors
/// Those of the database.
pub fn add(
    conn: &mut Conn,
    origin: &Origin,
    author: &ActorUrl,
    what: &str,
    collection: &str,
    now: Timestamp,
) -> Result<ActivityUrl, Error> {
    let id = origin.activity("adds", &store::id::fresh(now));
    let activity = vocab::Activity::add(id.as_str(), author.as_str(), public(), followers_of(author), what, collection);
    let activity = vocab::context::embedded(&activity);
    let audience = Audience::Profile { actor: ActorUrl::from_text(what), presenter: Some(author.clone()) };
    send(conn, author, &id, "Add", what, &activity, audience, now)?;
    Ok(id)
}

/// Takes something out of a collection again (ActivityPub §6.7).
///
/// # Errors
/// Those of the database.
pub fn remove(
    conn: &mut Conn,
    origin: &Origin,
    author: &ActorUrl,
    what: &str,
    collection: &str,
    now: Timestamp,
) -> Result<ActivityUrl, Error> {
    let id = origin.activity("removes", &store::id::fresh(now));
    let activity =
        vocab::Activity::remove(id.as_str(), author.as_str(), public(), followers_of(author), what, collection);
    let activity = vocab::context::embedded(&activity);
    let audience = Audience::Profile { actor: ActorUrl::from_text(what), presenter: Some(author.clone()) };
    send(conn, author, &id, "Remove", what, &activity, audience, now)?;
    Ok(id)
}

/// Enters an activity and addresses it.
#[allow(clippy::too_many_arguments)] // each is one field of the activity's row
pub(crate) fn send(
    conn: &mut Conn,
    actor: &ActorUrl,
    id: &ActivityUrl,
    verb: &str,
    object: &str,
    document: &Value,
    audience: Audience,
    now: Timestamp,
) -> Result<(), Error> {
    let _span =
        tracing::info_span!("outbox.publish", activity.id = %id, object.id = object, actor.id = %actor).entered();
    let inboxes = inboxes(conn, &audience, verb, now)?;
    if verb == "Update" {
        supersede_updates(conn, object, now)?;
    }
    enter(conn, actor, id, verb, object, document, now)?;
    address(conn, actor, id, object, addressing::at_once(inboxes, now), now)?;
    Ok(())
}

pub(crate) fn enter(
    conn: &mut Conn,
    actor: &ActorUrl,
    id: &ActivityUrl,
    verb: &str,
    object: &str,
    document: &Value,
    now: Timestamp,
) -> QueryResult<()> {
    let row = (
        activities::url.eq(id),
        activities::actor.eq(actor),
        activities::verb.eq(verb),
        activities::object.eq(object),
        activities::document.eq(document.to_string()),
        activities::listed.eq(matches!(verb, "Create" | "Announce")),
        activities::published_at.eq(now),
    );
    each!(conn, c => diesel::insert_into(activities::table).values(row).execute(c))?;
    failpoint::here("outbox.entered");
    Ok(())
}

/// Removes what was said about an object before it was deleted: the texts, and what is still waiting to be sent. What a
/// worker holds just now stays where it is, so that the `Delete` waits behind it; the worker looks again before it sends.
pub(crate) fn forget_activities(conn: &mut Conn, object: &str, now: Timestamp) -> QueryResult<()> {
    let urls: Vec<ActivityUrl> =
        activities::table.filter(activities::object.eq(object)).select(activities::url).load(conn)?;
    supersede(conn, &urls, now)?;
    // The rows stay, emptied: their deliveries tell who has to hear of the deletion, and of the next one.
    diesel::update(activities::table.filter(activities::object.eq(object)))
        .set((activities::document.eq(EMPTIED), activities::listed.eq(false)))
        .execute(conn)
        .map(|_| ())
}

/// Takes earlier versions of an object out of what was said about it: the text, which may hold what its owner has taken
/// back since, and what is still waiting to be sent.
fn supersede_updates(conn: &mut Conn, object: &str, now: Timestamp) -> QueryResult<()> {
    let earlier: Vec<Sent> = activities::table
        .filter(activities::object.eq(object))
        .filter(activities::verb.eq("Update"))
        .filter(activities::document.ne(EMPTIED))
        .select(Sent::as_select())
        .load(conn)?;
    let urls: Vec<ActivityUrl> = earlier.iter().map(|row| row.url.clone()).collect();
    supersede(conn, &urls, now)?;
    for row in earlier {
        let mut document: Value = serde_json::from_str(&row.document).unwrap_or(Value::Null);
        if let Some(fields) = document.as_object_mut().filter(|fields| fields["object"].is_object()) {
            fields.insert("object".to_owned(), Value::String(object.to_owned()));
            diesel::update(activities::table.find(row.id))
                .set(activities::document.eq(document.to_string()))
                .execute(conn)?;
        }
    }
    Ok(())
}

fn supersede(conn: &mut Conn, urls: &[ActivityUrl], now: Timestamp) -> QueryResult<()> {
    diesel::update(
        deliveries::table
            .filter(deliveries::activity.eq_any(urls))
            .filter(deliveries::state.eq(crate::delivery::WAITING))
            .filter(deliveries::leased_until.le(now)),
    )
    .set(deliveries::state.eq(crate::delivery::SUPERSEDED))
    .execute(conn)
    .map(|_| ())
}

/// How many activities an actor's outbox lists.
///
/// # Errors
/// Those of the database.
pub fn count(conn: &mut Conn, actor: &ActorUrl) -> QueryResult<i64> {
    listed(actor).count().get_result(conn)
}

/// A page of an actor's outbox, newest first, from before the activity numbered `before`. A `Create` carries its object
/// as it is now, so that who reads the past gets no stale copy.
///
/// # Errors
/// Those of the database.
pub fn page(conn: &mut Conn, actor: &ActorUrl, before: Option<i64>, limit: i64) -> QueryResult<Vec<(i64, Value)>> {
    let rows: Vec<Sent> = listed(actor)
        .filter(activities::id.lt(before.unwrap_or(i64::MAX)))
        .order(activities::id.desc())
        .limit(limit)
        .select(Sent::as_select())
        .load(conn)?;
    rows.into_iter().map(|row| Ok((row.id, as_of_now(conn, &row)?))).collect()
}

#[diesel::dsl::auto_type(no_type_alias)]
fn listed<'a>(actor: &'a ActorUrl) -> _ {
    activities::table.filter(activities::actor.eq(actor)).filter(activities::listed.eq(true))
}

/// An activity of ours by its id, as it is served. `None` when it is not known, or tells of something deleted.
///
/// # Errors
/// Those of the database.
pub fn find(conn: &mut Conn, url: &ActivityUrl) -> QueryResult<Option<Value>> {
    let row: Option<Sent> =
        activities::table.filter(activities::url.eq(url)).select(Sent::as_select()).first(conn).optional()?;
    match row {
        Some(row) if row.document != EMPTIED => as_of_now(conn, &row).map(Some),
        _ => Ok(None),
    }
}

/// The activity with its object as it is now: whoever reads the past gets no copy of what was changed or taken back.
fn as_of_now(conn: &mut Conn, row: &Sent) -> QueryResult<Value> {
    let mut activity: Value = serde_json::from_str(&row.document).unwrap_or(Value::Null);
    if matches!(row.verb.as_str(), "Create" | "Update") {
        let object = object::find(conn, &ObjectUrl::from_text(row.object.as_str()))?.and_then(|known| known.parsed());
        let current = match object {
            Some(object) => Some(object),
            None => actor::find(conn, &ActorUrl::from_text(row.object.as_str()))?.map(|actor| actor.parsed()),
        };
        if let (Some(current), Some(fields)) = (current, activity.as_object_mut()) {
            fields.insert("object".to_owned(), current);
        }
    }
    Ok(activity)
}

/// Whether an actor of this node is known and ours, with its row.
///
/// # Errors
/// [`Error::Unknown`] when it is not.
pub fn ours(conn: &mut Conn, url: &ActorUrl) -> Result<Actor, Error> {
    actor::find(conn, url)?.filter(|actor| actor.local).ok_or_else(|| Error::Unknown(url.to_string()))
}

/// Before which number the oldest page of an actor's outbox begins; 0 when there is none.
///
/// # Errors
/// Those of the database.
pub(crate) fn last_page(conn: &mut Conn, actor: &ActorUrl, size: i64) -> QueryResult<i64> {
    let oldest: Vec<i64> = listed(actor).order(activities::id.asc()).limit(size).select(activities::id).load(conn)?;
    Ok(oldest.last().map_or(0, |number| number.saturating_add(1)))
}
