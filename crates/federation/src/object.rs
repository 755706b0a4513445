//! The index of ids: every object this node has published or taken in, and the tombstones of those that are gone.
//!
//! Invariants: an id is used once; a tombstone is never revived, not even by a `Create` that comes late, and also stands
//! for an id whose `Delete` came first. For our own objects the index holds the document as it is served.

use crate::{Error, quote, reaction, reply};
use diesel::prelude::*;
use serde_json::Value;
use store::id::{ActorUrl, ObjectUrl};
use store::schema::objects;
use store::{Conn, Timestamp, each};

/// A row of the index.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = objects)]
pub struct Indexed {
    /// The id.
    pub url: ObjectUrl,
    /// The kind's name; empty for the tombstone of something that never arrived.
    pub kind: String,
    /// Ours.
    pub local: bool,
    /// The actor that it is attributed to; for an actor, itself.
    pub author: ActorUrl,
    /// Its page for people.
    pub page: Option<String>,
    /// What is served (ours only), without `@context`.
    pub document: Option<String>,
    /// Its ActivityStreams type, kept for the tombstone.
    pub former_type: String,
    /// When it was published, or arrived here.
    pub published_at: Timestamp,
    /// When it last changed, in whole seconds.
    pub updated_at: Timestamp,
    /// Set on a tombstone.
    pub deleted_at: Option<Timestamp>,
}

impl Indexed {
    /// It is a tombstone.
    pub fn is_deleted(&self) -> bool {
        self.deleted_at.is_some()
    }

    /// The document as served.
    pub fn parsed(&self) -> Option<Value> {
        self.document.as_deref().and_then(|text| serde_json::from_str(text).ok())
    }
}

/// Looks an id up; tombstones too.
///
/// # Errors
/// Those of the database.
pub fn find(conn: &mut Conn, url: &ObjectUrl) -> QueryResult<Option<Indexed>> {
    objects::table.find(url).select(Indexed::as_select()).first(conn).optional()
}

/// Looks a page of this node up, for content negotiation.
///
/// # Errors
/// Those of the database.
pub fn find_by_page(conn: &mut Conn, page: &str) -> QueryResult<Option<Indexed>> {
    objects::table
        .filter(objects::page.eq(page))
        .filter(objects::local.eq(true))
        .select(Indexed::as_select())
        .first(conn)
        .optional()
}

/// Enters a new id.
///
/// # Errors
/// [`Error::Gone`] when a tombstone has it; the database's own error when it is there already.
pub fn enter(conn: &mut Conn, row: &Indexed) -> Result<(), Error> {
    if find(conn, &row.url)?.is_some_and(|known| known.is_deleted()) {
        return Err(Error::Gone(row.url.to_string()));
    }
    each!(conn, c => diesel::insert_into(objects::table).values(row).execute(c))?;
    Ok(())
}

/// Enters an object of another server, or notes its newer version. `false` when it is a tombstone or not newer.
///
/// # Errors
/// Those of the database.
pub fn take_in(conn: &mut Conn, row: &Indexed) -> Result<bool, Error> {
    match find(conn, &row.url)? {
        None => {
            each!(conn, c => diesel::insert_into(objects::table).values(row).execute(c))?;
            Ok(true)
        }
        Some(known) if known.is_deleted() || known.updated_at > row.updated_at => Ok(false),
        Some(_) => {
            let changed = diesel::update(objects::table.find(&row.url))
                .set((objects::updated_at.eq(row.updated_at), objects::page.eq(&row.page)))
                .execute(conn)?;
            Ok(changed == 1)
        }
    }
}

/// Replaces what is served under one of our ids.
///
/// # Errors
/// [`Error::Unknown`] or [`Error::Gone`].
pub fn replace(conn: &mut Conn, url: &ObjectUrl, page: &str, document: &Value, at: Timestamp) -> Result<(), Error> {
    let changed = diesel::update(objects::table.find(url).filter(objects::deleted_at.is_null()))
        .set((
            objects::document.eq(Some(document.to_string())),
            objects::page.eq(Some(page)),
            objects::updated_at.eq(at),
        ))
        .execute(conn)?;
    match changed {
        1 => Ok(()),
        _ if find(conn, url)?.is_some() => Err(Error::Gone(url.to_string())),
        _ => Err(Error::Unknown(url.to_string())),
    }
}

/// Turns an id into a tombstone, or leaves one for an id that was never here. What others said about it goes along.
/// `false` when it was one already.
///
/// # Errors
/// Those of the database.
pub fn bury(conn: &mut Conn, url: &ObjectUrl, author: &ActorUrl, now: Timestamp) -> Result<bool, Error> {
    reaction::forget_object(conn, url)?;
    reply::forget_object(conn, url)?;
    quote::forget_object(conn, url)?;
    let buried = diesel::update(objects::table.find(url).filter(objects::deleted_at.is_null()))
        .set((
            objects::deleted_at.eq(Some(now)),
            objects::document.eq(None::<String>),
            objects::page.eq(None::<String>),
        ))
        .execute(conn)?;
    if buried == 1 {
        return Ok(true);
    }
    let stone = Indexed {
        url: url.clone(),
        kind: String::new(),
        local: false,
        author: author.clone(),
        page: None,
        document: None,
        former_type: "Object".to_owned(),
        published_at: now,
        updated_at: now,
        deleted_at: Some(now),
    };
    let left =
        each!(conn, c => diesel::insert_into(objects::table).values(&stone).on_conflict_do_nothing().execute(c))?;
    Ok(left == 1)
}

/// The time of the next version of one of our objects: whole seconds, and later than the last one, since Mastodon takes
/// an `Update` only when `updated` is newer than what it has.
///
/// # Errors
/// [`Error::Unknown`] or [`Error::Gone`].
pub fn next_version(conn: &mut Conn, url: &ObjectUrl, now: Timestamp) -> Result<Timestamp, Error> {
    let known = find(conn, url)?.ok_or_else(|| Error::Unknown(url.to_string()))?;
    if known.is_deleted() {
        return Err(Error::Gone(url.to_string()));
    }
    let after_last = known.updated_at.plus(std::time::Duration::from_secs(1)).whole_seconds();
    Ok(now.whole_seconds().max(after_last))
}

/// Removes an id from the index without a tombstone: it was only taken out of a collection, and may come again.
///
/// # Errors
/// Those of the database.
pub(crate) fn drop_entry(conn: &mut Conn, url: &ObjectUrl) -> QueryResult<()> {
    diesel::delete(objects::table.find(url).filter(objects::deleted_at.is_null())).execute(conn).map(|_| ())
}

/// What another host's actor authored or presented, and the actor itself, tombstones left out.
///
/// # Errors
/// Those of the database.
pub(crate) fn all_of(conn: &mut Conn, author: &ActorUrl) -> QueryResult<Vec<Indexed>> {
    objects::table
        .filter(objects::author.eq(author).or(objects::url.eq(author.as_str())))
        .filter(objects::local.eq(false))
        .filter(objects::deleted_at.is_null())
        .select(Indexed::as_select())
        .load(conn)
}
