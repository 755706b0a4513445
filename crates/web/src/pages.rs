//! One module for each kind of page; [`listed`] is what the lists share.

pub mod about;
pub mod actor;
pub mod approval;
pub mod desk;
pub mod event;
mod event_map;
pub mod feedback;
pub mod follow;
pub mod front;
pub mod join;
pub mod me;
pub mod member;
mod month;
pub mod organisation;
pub mod passkey;
pub mod producer;
pub mod record;
pub mod region;
pub mod representing;
pub mod search;
pub mod second_step;
pub mod self_test;
pub mod setup;
pub mod sign_in;
pub mod task;
pub mod texts;

use crate::answer::{self, Items};
use crate::error::Error;
use crate::negotiate::Form;
use crate::query::Search;
use crate::visit::Visit;
use axum::response::Response;
use domain::view::{Filter, Listing};
use http::StatusCode;
use serde::Serialize;
use store::{Conn, Timestamp};

/// A list, read; or, for programs, answered already.
pub enum Listed<T> {
    /// To be shown as a page. Empty when the search is at fault.
    Page(Listing<T>, StatusCode),
    /// JSON, or the way to the actor whose collections have all of it.
    Answer(Response),
}

/// Reads a list and answers programs. `query` is one of the domain's `list` functions.
///
/// # Errors
/// Those of the database; for programs also [`Error::Invalid`] with the faults of the search.
pub async fn listed<T, E, F>(visit: &Visit, search: &Search, query: F) -> Result<Listed<T>, Error>
where
    T: Serialize + Send + 'static,
    F: FnOnce(&mut Conn, &Filter, Timestamp) -> Result<Listing<T>, E> + Send + 'static,
    store::Error: From<E>,
{
    if visit.form == Form::Activity {
        let profile = profile(visit).await?.ok_or(Error::NotFound)?;
        return answer::see_id(&profile.id).map(Listed::Answer);
    }
    if !search.faults.is_empty() {
        return match visit.form {
            Form::Html => Ok(Listed::Page(Listing { items: Vec::new(), total: 0 }, StatusCode::BAD_REQUEST)),
            Form::Activity | Form::Json => Err(Error::Invalid(search.fault_texts(visit.l))),
        };
    }
    let (filter, now) = (search.filter(), visit.now);
    let found = visit.read(move |conn| query(conn, &filter, now)).await?;
    if visit.form == Form::Html {
        return Ok(Listed::Page(found, StatusCode::OK));
    }
    let next = search.next_page(found.total).map(|next| visit.node().origin.url(&next));
    Ok(Listed::Answer(answer::json(&Items { total: found.total, items: &found.items, next })))
}

/// The node's own actor; nothing until it is made.
///
/// # Errors
/// Those of the database.
pub async fn profile(visit: &Visit) -> Result<Option<domain::region::Profile>, Error> {
    let node = visit.node().clone();
    visit.read(move |conn| domain::region::profile(conn, &node)).await
}

/// The languages, in words and joined.
fn languages(visit: &Visit, tags: &[String]) -> String {
    tags.iter().map(|tag| visit.l.language_name(tag)).collect::<Vec<_>>().join(", ")
}

/// The skills in the language of the page.
fn skills(visit: &Visit, skills: &[domain::skill::SkillLabel]) -> Vec<String> {
    skills.iter().map(|skill| skill.label(visit.l.language()).to_owned()).collect()
}
