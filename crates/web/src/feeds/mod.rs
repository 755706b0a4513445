//! The lists for the programs of readers: Atom for feed readers, iCalendar for calendars, narrowed down by the same query
//! as the page beside them, and the map of the site for search engines.
//!
//! They are made of the same views as the pages, so nothing is in a feed that is not on a page.

pub mod atom;
pub mod calendar;
pub mod sitemap;

use crate::error::Error;
use crate::i18n::Key;
use crate::query::Search;
use crate::visit::Visit;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use domain::view::{Filter, Listing, MAX_LIMIT, Page};
use http::header::CONTENT_TYPE;
use store::{Conn, Timestamp};

/// Entries of a feed at most; what is beyond is on the pages.
const MOST: i64 = 500;

/// A form in which a list can be had beside its page.
pub struct Kind {
    /// What the address ends in.
    pub extension: &'static str,
    /// Its media type.
    pub media_type: &'static str,
    /// What a link to it says.
    pub label: Key,
}

/// All that a search finds, in the order of the list, as far as a feed reaches. `query` is one of the domain's `list`
/// functions; pages do not matter here.
///
/// # Errors
/// Those of the database; [`Error::Invalid`] with the faults of the search.
pub async fn found<T, E, F>(visit: &Visit, search: &Search, query: F) -> Result<Vec<T>, Error>
where
    T: Send + 'static,
    F: Fn(&mut Conn, &Filter, Timestamp) -> Result<Listing<T>, E> + Send + 'static,
    store::Error: From<E>,
{
    if !search.faults.is_empty() {
        return Err(Error::Invalid(search.fault_texts(visit.l)));
    }
    let (filter, now) = (search.filter(), visit.now);
    visit.read(move |conn| all(conn, filter, MOST, now, query)).await
}

/// All that a filter leaves, `most` of it, read part by part.
fn all<T, E>(
    conn: &mut Conn,
    filter: Filter,
    most: i64,
    now: Timestamp,
    query: impl Fn(&mut Conn, &Filter, Timestamp) -> Result<Listing<T>, E>,
) -> Result<Vec<T>, E> {
    let mut all = Vec::new();
    for offset in (0..most).step_by(MAX_LIMIT as usize) {
        let filter = Filter { page: Page { offset, limit: MAX_LIMIT }, ..filter.clone() };
        let part = query(conn, &filter, now)?;
        all.extend(part.items);
        if part.total <= offset + MAX_LIMIT {
            break;
        }
    }
    Ok(all)
}

/// To the second: what is below would look like a change that is none.
fn time(at: Timestamp) -> DateTime<Utc> {
    DateTime::from_timestamp(at.as_millis().div_euclid(1000), 0).unwrap_or_default()
}

fn document(media_type: &str, text: String) -> Response {
    ([(CONTENT_TYPE, format!("{media_type}; charset=utf-8"))], text).into_response()
}
