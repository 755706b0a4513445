//! Answers to objects of ours: kept by the spine, shown as the `replies` collection of the object. Most are written on other
//! servers; what the object's author itself says under it is published like any object of ours ([`publish`]). A note that
//! mentions the actor that speaks for the node, and answers nothing of ours, is kept as an answer to that actor:
//! it is a message to the region, for it alone, since an actor has no `replies`.
//!
//! Invariants: an answer is its sender's own, on the sender's host; its text is cleaned before it is kept; what is not
//! addressed to everybody is kept for the region alone and in no collection, page or count. An answer to an answer belongs to the
//! same object. Answers go with their object and with their author. Left out: sending on what was received (ActivityPub
//! §7.1.2), since only the sender's own bytes and signature would be believed.

use crate::kind::{Outcome, Reason, Received, Write};
use crate::object::{self, Indexed};
use crate::outbox::{self, Publication};
use crate::{Error, Origin, actor};
use diesel::prelude::*;
use serde_json::Value;
use store::id::{ActivityUrl, ActorUrl, ObjectUrl};
use store::schema::{actors, objects, replies};
use store::{Conn, Timestamp, each};
use vocab::object::Content;
use vocab::{ActorType, Tag};

/// The word for an answer in the index of ids.
pub const KIND: &str = "reply";
/// Answers of one author to one object that are kept.
const OF_ONE_AUTHOR: i64 = 100;
/// Answers to one object that are kept.
const OF_ONE_OBJECT: i64 = 5_000;

/// A row of the table.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = replies)]
pub struct Reply {
    /// Its id.
    pub url: ObjectUrl,
    /// The object of ours that the conversation is about; of a message, the actor of ours that it mentions.
    pub object: ObjectUrl,
    /// What it answers: that object or actor, or another answer.
    pub parent: ObjectUrl,
    /// Who wrote it.
    pub author: ActorUrl,
    /// It is addressed to everybody.
    pub public: bool,
    /// Its text, cleaned HTML.
    pub content: String,
    /// The language of the text, when it is told.
    pub language: Option<String>,
    /// Its page for people.
    pub page: Option<String>,
    /// When it was published, by its own word, never in the future.
    pub published_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// When it came.
    pub received_at: Timestamp,
}

/// An answer that was received and checked, with what it answers.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The answer.
    pub received: Received,
    /// What it answers: an object of ours, an answer that is kept here, or the actor that speaks for this node.
    pub parent: Indexed,
}

/// The write that keeps an answer: what a kind does with it that has no use of its own for answers.
pub fn kept(answer: Answer) -> Write {
    let Some(content) = Content::parse(&answer.received.document).filter(|content| !content.html.is_empty()) else {
        return Box::new(|_| Ok(Outcome::Ignored(Reason::Unusable))); // such as a vote
    };
    Box::new(move |conn| keep(conn, &answer, &content))
}

/// The ids of this node that a note mentions (`tag`); nothing of what is no note.
pub(crate) fn mentioned(document: &Value, origin: &Origin) -> Vec<ObjectUrl> {
    if !vocab::object::is_a(document, "Note") {
        return Vec::new();
    }
    let href = |tag: Tag| match tag {
        Tag::Mention(mention) => Some(mention.href),
        Tag::Hashtag(_) => None,
    };
    let all = Tag::all_of(document).into_iter().filter_map(href).filter(|href| origin.owns(href));
    all.map(ObjectUrl::from_text).collect()
}

/// Whom a note is a message to: the actor that speaks for the node, a `Group`, when it is among the `mentioned`. A later version
/// of a message stays one.
///
/// # Errors
/// Those of the database.
pub(crate) fn addressee(
    conn: &mut Conn,
    note: &ObjectUrl,
    mentioned: Vec<ObjectUrl>,
) -> Result<Option<Indexed>, Error> {
    let before = find(conn, note)?.map(|known| known.parent);
    for id in before.into_iter().chain(mentioned) {
        let actor = actor::find(conn, &ActorUrl::from_text(id.as_str()))?;
        let speaks = |actor: &actor::Actor| actor.local && actor.actor_type == ActorType::Group.as_str();
        if actor.is_some_and(|actor| speaks(&actor) && actor.deleted_at.is_none()) {
            return Ok(object::find(conn, &id)?);
        }
    }
    Ok(None)
}

fn keep(conn: &mut Conn, answer: &Answer, content: &Content) -> Result<Outcome, Error> {
    let Answer { received, parent } = answer;
    let about = match find(conn, &parent.url)? {
        Some(reply) => reply.object,
        None => parent.url.clone(),
    };
    // What it answers may have been deleted since it was looked at.
    if object::find(conn, &about)?.is_none_or(|known| !known.local || known.is_deleted()) {
        return Ok(Outcome::Ignored(Reason::Deleted));
    }
    let known = find(conn, &received.url)?;
    if known.is_none() && is_full(conn, &about, &received.author)? {
        return Ok(Outcome::Ignored(Reason::TooMany));
    }
    let row = row(received, parent, about, content);
    if known.as_ref().is_some_and(|known| Reply { received_at: known.received_at, ..row.clone() } == *known) {
        return Ok(Outcome::Duplicate);
    }
    if !object::take_in(conn, &entry(&row))? {
        let buried = object::find(conn, &row.url)?.is_some_and(|known| known.is_deleted());
        return Ok(Outcome::Ignored(if buried { Reason::Deleted } else { Reason::Outdated }));
    }
    diesel::delete(replies::table.find(&row.url)).execute(conn)?;
    each!(conn, c => diesel::insert_into(replies::table).values(&row).execute(c))?;
    Ok(Outcome::Applied)
}

fn row(received: &Received, parent: &Indexed, object: ObjectUrl, content: &Content) -> Reply {
    let document = &received.document;
    let published_at = vocab::object::published(document).map_or(received.now, Timestamp::from).min(received.now);
    let updated_at = vocab::object::updated(document).map_or(published_at, Timestamp::from).min(received.now);
    let public = ["to", "cc"]
        .iter()
        .any(|key| vocab::object::addressees(document, key).iter().any(|addressee| addressee == vocab::PUBLIC));
    let page = vocab::one_or_many::page(document, "url").filter(|page| store::id::host_of(page) == received.url.host());
    Reply {
        url: received.url.clone(),
        object,
        parent: parent.url.clone(),
        author: received.author.clone(),
        public,
        content: content.html.as_str().to_owned(),
        language: content.language.clone(),
        page,
        published_at,
        updated_at: updated_at.max(published_at).whole_seconds(),
        received_at: received.now,
    }
}

fn entry(row: &Reply) -> Indexed {
    Indexed {
        url: row.url.clone(),
        kind: KIND.to_owned(),
        local: false,
        author: row.author.clone(),
        page: row.page.clone(),
        document: None,
        former_type: "Note".to_owned(),
        published_at: row.published_at,
        updated_at: row.updated_at,
        deleted_at: None,
    }
}

/// Publishes what the author of an object of ours says under it. `note` is of the kind [`KIND`].
///
/// # Errors
/// Those of [`outbox::create`].
pub fn publish(
    conn: &mut Conn,
    note: &Publication,
    object: &ObjectUrl,
    content: &Content,
    now: Timestamp,
) -> Result<ActivityUrl, Error> {
    let row = Reply {
        url: note.url.clone(),
        object: object.clone(),
        parent: object.clone(),
        author: note.author.clone(),
        public: true,
        content: content.html.as_str().to_owned(),
        language: content.language.clone(),
        page: Some(note.page.clone()),
        published_at: now,
        updated_at: now.whole_seconds(),
        received_at: now,
    };
    each!(conn, c => diesel::insert_into(replies::table).values(&row).execute(c))?;
    outbox::create(conn, note, now)
}

/// Deletes what the author of an object of ours has said under it.
///
/// # Errors
/// Those of [`outbox::delete`].
pub fn take_back(conn: &mut Conn, object: &ObjectUrl, author: &ActorUrl, now: Timestamp) -> Result<(), Error> {
    let own = replies::table.filter(replies::object.eq(object)).filter(replies::author.eq(author));
    let urls: Vec<ObjectUrl> = own.order(replies::url).select(replies::url).load(conn)?;
    for url in urls {
        outbox::delete(conn, &url, now)?;
    }
    Ok(())
}

fn is_full(conn: &mut Conn, object: &ObjectUrl, author: &ActorUrl) -> QueryResult<bool> {
    let all = replies::table.filter(replies::object.eq(object));
    let of_author: i64 = all.filter(replies::author.eq(author)).count().get_result(conn)?;
    let of_all: i64 = all.count().get_result(conn)?;
    Ok(of_author >= OF_ONE_AUTHOR || of_all >= OF_ONE_OBJECT)
}

/// One answer.
///
/// # Errors
/// Those of the database.
pub fn find(conn: &mut Conn, url: &ObjectUrl) -> QueryResult<Option<Reply>> {
    replies::table.find(url).select(Reply::as_select()).first(conn).optional()
}

/// How many public answers an object has.
///
/// # Errors
/// Those of the database.
pub fn count(conn: &mut Conn, object: &ObjectUrl) -> QueryResult<i64> {
    public_of(object).count().get_result(conn)
}

/// A page of the public answers to an object, oldest first.
///
/// # Errors
/// Those of the database.
pub fn page(conn: &mut Conn, object: &ObjectUrl, offset: i64, limit: i64) -> QueryResult<Vec<Reply>> {
    public_of(object)
        .order((replies::published_at, replies::url))
        .offset(offset)
        .limit(limit)
        .select(Reply::as_select())
        .load(conn)
}

#[diesel::dsl::auto_type(no_type_alias)]
fn public_of<'a>(object: &'a ObjectUrl) -> _ {
    replies::table.filter(replies::object.eq(object)).filter(replies::public.eq(true))
}

/// The answers of others, to everybody and to the region alone, that came after a moment, the newest first.
///
/// # Errors
/// Those of the database.
pub fn lately(conn: &mut Conn, since: Timestamp, limit: i64) -> QueryResult<Vec<Reply>> {
    replies::table
        .inner_join(objects::table.on(objects::url.eq(replies::url)))
        .filter(objects::local.eq(false))
        .filter(replies::received_at.gt(since))
        .order((replies::received_at.desc(), replies::url))
        .limit(limit)
        .select(Reply::as_select())
        .load(conn)
}

/// For whom the answers of others are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum For {
    /// For everybody, under an object of ours.
    Everybody,
    /// For the region alone, messages to it among them.
    Us,
}

/// The answers of others that came before a moment.
fn older(conn: &mut Conn, whose: For, before: Timestamp) -> QueryResult<Vec<ObjectUrl>> {
    // Each of ours has a slice; to say so is what makes SQLite take the index of ours.
    let of_ours = actors::table.filter(actors::local).filter(actors::slice.gt(""));
    let speaks = of_ours.filter(actors::actor_type.eq(ActorType::Group.as_str()));
    let ours: Vec<ActorUrl> = speaks.select(actors::url).load(conn)?;
    let old = replies::table
        .inner_join(objects::table.on(objects::url.eq(replies::url)))
        .filter(objects::local.eq(false))
        .filter(replies::received_at.lt(before))
        .select(replies::url);
    match whose {
        For::Everybody => old.filter(replies::public.eq(true)).filter(replies::object.ne_all(ours)).load(conn),
        For::Us => old.filter(replies::public.eq(false).or(replies::object.eq_any(ours))).load(conn),
    }
}

/// How many answers of others came before a moment.
///
/// # Errors
/// Those of the database.
pub(crate) fn count_older(conn: &mut Conn, whose: For, before: Timestamp) -> QueryResult<i64> {
    Ok(i64::try_from(older(conn, whose, before)?.len()).unwrap_or(i64::MAX))
}

/// Lets go of the answers of others that came before a moment, out of the index as well: the ids are others'.
///
/// # Errors
/// Those of the database.
pub(crate) fn let_go(conn: &mut Conn, whose: For, before: Timestamp) -> QueryResult<usize> {
    let old = older(conn, whose, before)?;
    for url in &old {
        object::drop_entry(conn, url)?;
        forget(conn, url)?;
    }
    Ok(old.len())
}

/// Lets one answer go; its entry in the index is the caller's.
///
/// # Errors
/// Those of the database.
pub(crate) fn forget(conn: &mut Conn, url: &ObjectUrl) -> QueryResult<usize> {
    diesel::delete(replies::table.find(url)).execute(conn)
}

/// Lets go of every answer to an object, out of the index as well: the ids are others'.
///
/// # Errors
/// Those of the database.
pub(crate) fn forget_object(conn: &mut Conn, object: &ObjectUrl) -> QueryResult<()> {
    let urls: Vec<ObjectUrl> = replies::table.filter(replies::object.eq(object)).select(replies::url).load(conn)?;
    for url in &urls {
        object::drop_entry(conn, url)?;
    }
    diesel::delete(replies::table.filter(replies::object.eq(object))).execute(conn).map(|_| ())
}
