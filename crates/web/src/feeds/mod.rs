//! The lists for the programs of readers: Atom for feed readers, iCalendar for calendars, narrowed down by the same query
//! as the page beside them, and the map of the site for search engines.
//!
//! They are made of the same views as the pages, so nothing is in a feed that is not on a page.

pub mod atom;
pub mod calendar;
pub mod sitemap;

use crate::error::Error;
use crate::query::Search;
use crate::visit::Visit;
use axum::response::{IntoResponse, Response};
use domain::view::{Filter, Listing, MAX_LIMIT, Page};
use http::header::CONTENT_TYPE;
use store::{Conn, Timestamp};

/// Entries of a feed at most; what is beyond is on the pages.
pub const MOST: i64 = 500;

/// What a search finds, in the order of the list, `most` of it. `query` is one of the domain's `list`
/// functions; pages do not matter here.
///
/// # Errors
/// Those of the database; [`Error::Invalid`] with the faults of the search.
pub async fn found<T, E, F>(visit: &Visit, search: &Search, most: i64, query: F) -> Result<Vec<T>, Error>
where
    T: Send + 'static,
    F: Fn(&mut Conn, &Filter, Timestamp) -> Result<Listing<T>, E> + Send + 'static,
    store::Error: From<E>,
{
    if !search.faults.is_empty() {
        return Err(Error::Invalid(search.fault_texts(visit.l)));
    }
    let (filter, now) = (search.filter(), visit.now);
    visit
        .read(move |conn| {
            let mut all = Vec::new();
            for offset in (0..most).step_by(MAX_LIMIT as usize) {
                let filter = Filter { page: Page { offset, limit: MAX_LIMIT }, ..filter.clone() };
                let part = query(conn, &filter, now)?;
                all.extend(part.items);
                if part.total <= offset + MAX_LIMIT {
                    break;
                }
            }
            Ok::<_, E>(all)
        })
        .await
}

fn document(media_type: &'static str, text: String) -> Response {
    ([(CONTENT_TYPE, media_type)], text).into_response()
}
