//! Who may quote what (FEP-044f): every quote of a public object of ours is approved when it is asked for, and the approval
//! has an address where anybody can look it up, for as long as the object exists.

use crate::{Error, Origin};
use diesel::prelude::*;
use serde_json::Value;
use store::id::{ActorUrl, ObjectUrl};
use store::schema::quotes;
use store::{Conn, Timestamp, each};
use vocab::QuoteAuthorization;

/// A quote that was approved.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = quotes)]
pub struct Quote {
    /// Where the approval is served.
    pub url: ObjectUrl,
    /// What is quoted.
    pub object: ObjectUrl,
    /// The text that quotes it.
    pub instrument: ObjectUrl,
    /// Who approved: the author of what is quoted.
    pub author: ActorUrl,
    /// Who quotes.
    pub quoter: ActorUrl,
    /// When it was approved.
    pub created_at: Timestamp,
}

impl Quote {
    /// The approval as it is served, without `@context`.
    pub fn document(&self) -> Value {
        vocab::context::embedded(&QuoteAuthorization {
            id: self.url.to_string(),
            attributed_to: self.author.to_string(),
            interacting_object: self.instrument.to_string(),
            interaction_target: self.object.to_string(),
        })
    }
}

/// Approves a quote. Asked again for the same one, the approval is the same.
///
/// # Errors
/// Those of the database.
pub(crate) fn approve(
    conn: &mut Conn,
    origin: &Origin,
    object: &ObjectUrl,
    author: &ActorUrl,
    instrument: &ObjectUrl,
    quoter: &ActorUrl,
    now: Timestamp,
) -> Result<Quote, Error> {
    let known = quotes::table.filter(quotes::object.eq(object)).filter(quotes::instrument.eq(instrument));
    if let Some(known) = known.select(Quote::as_select()).first(conn).optional()? {
        return Ok(known);
    }
    let row = Quote {
        url: origin.object("quotes", &store::id::fresh(now)),
        object: object.clone(),
        instrument: instrument.clone(),
        author: author.clone(),
        quoter: quoter.clone(),
        created_at: now,
    };
    each!(conn, c => diesel::insert_into(quotes::table).values(&row).execute(c))?;
    Ok(row)
}

/// An approval by its address.
///
/// # Errors
/// Those of the database.
pub fn find(conn: &mut Conn, url: &ObjectUrl) -> QueryResult<Option<Quote>> {
    quotes::table.find(url).select(Quote::as_select()).first(conn).optional()
}

/// How many quotes of an object were approved.
///
/// # Errors
/// Those of the database.
pub fn count(conn: &mut Conn, object: &ObjectUrl) -> QueryResult<i64> {
    quotes::table.filter(quotes::object.eq(object)).count().get_result(conn)
}

/// Lets go of what was approved for an object, or for a text of others: one of the two is gone.
///
/// # Errors
/// Those of the database.
pub(crate) fn forget_object(conn: &mut Conn, object: &ObjectUrl) -> QueryResult<usize> {
    diesel::delete(quotes::table.filter(quotes::object.eq(object).or(quotes::instrument.eq(object)))).execute(conn)
}

/// Lets go of what was approved for a text that its author has deleted; how many that were.
///
/// # Errors
/// Those of the database.
pub(crate) fn forget_instrument(conn: &mut Conn, instrument: &ObjectUrl, quoter: &ActorUrl) -> QueryResult<usize> {
    diesel::delete(quotes::table.filter(quotes::instrument.eq(instrument)).filter(quotes::quoter.eq(quoter)))
        .execute(conn)
}

/// Lets go of what was approved for an actor.
///
/// # Errors
/// Those of the database.
pub(crate) fn forget_actor(conn: &mut Conn, actor: &ActorUrl) -> QueryResult<usize> {
    diesel::delete(quotes::table.filter(quotes::quoter.eq(actor))).execute(conn)
}
