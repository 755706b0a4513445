//! Which thing somebody means: by its id, the end of its address, its whole address, its handle, or the id that it has in
//! the register it was imported from.

use crate::error::Key;
use crate::{Error, Node, event, message, organisation, producer, task};
use diesel::prelude::*;
use store::Conn;
use store::id::{EventId, OrganisationId, ProducerId, TaskId};
use store::schema::imports;

/// One thing of this node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// An event.
    Event(EventId),
    /// A task.
    Task(TaskId),
    /// A producer.
    Producer(ProducerId),
    /// An organisation.
    Organisation(OrganisationId),
}

impl Found {
    /// What it is, in a word.
    pub fn kind(&self) -> &'static str {
        match self {
            Found::Event(_) => "event",
            Found::Task(_) => "task",
            Found::Producer(_) => "producer",
            Found::Organisation(_) => "organisation",
        }
    }

    /// An event or a task by its kind and id, whether or not there is one.
    pub fn of_content(kind: &str, id: &str) -> Option<Found> {
        match kind {
            "event" => Some(Found::Event(EventId::from_text(id))),
            "task" => Some(Found::Task(TaskId::from_text(id))),
            _ => None,
        }
    }

    /// Its id within its kind.
    pub fn id(&self) -> &str {
        match self {
            Found::Event(id) => id.as_str(),
            Found::Task(id) => id.as_str(),
            Found::Producer(id) => id.as_str(),
            Found::Organisation(id) => id.as_str(),
        }
    }
}

/// Finds the one thing of this node that goes by `text`.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Conflict`] naming all that it may mean; [`Error::Refused`] when it is another node's.
pub fn find(conn: &mut Conn, node: &Node, text: &str) -> Result<Found, Error> {
    let word = word(text.trim(), node);
    let imported: Vec<String> =
        imports::table.filter(imports::source_id.eq(word)).select(imports::row_id).distinct().load(conn)?;
    let mut found: Vec<(Found, String)> = Vec::new();
    let all = event::named(conn, word, &imported)?;
    found.extend(all.into_iter().map(|(id, url)| (Found::Event(id), url.to_string())));
    let all = task::named(conn, word, &imported)?;
    found.extend(all.into_iter().map(|(id, url)| (Found::Task(id), url.to_string())));
    let all = producer::named(conn, word, &imported)?;
    found.extend(all.into_iter().map(|(id, url)| (Found::Producer(id), url.to_string())));
    let all = organisation::named(conn, word, &imported)?;
    found.extend(all.into_iter().map(|(id, url)| (Found::Organisation(id), url.to_string())));
    match found.len() {
        0 => Err(not_ours(conn, word)?.unwrap_or(Error::NotFound)),
        1 => found.pop().map(|(one, _)| one).ok_or(Error::NotFound),
        _ => {
            let candidates: Vec<String> = found.iter().map(|(one, url)| format!("{} {url}", one.kind())).collect();
            let key = Key::new(message::AMBIGUOUS).with("value", crate::check::shown(text));
            Err(Error::Conflict(key.with("candidates", candidates.join(", "))))
        }
    }
}

/// A handle of this host is the username in it; everything else stands for itself.
fn word<'a>(text: &'a str, node: &Node) -> &'a str {
    let Some(handle) = text.strip_prefix('@') else {
        return text;
    };
    match handle.split_once('@') {
        Some((username, host)) if host.eq_ignore_ascii_case(node.origin.host()) => username,
        Some(_) => text,
        None => handle,
    }
}

/// The refusal for a thing that is only a copy here.
fn not_ours(conn: &mut Conn, word: &str) -> QueryResult<Option<Error>> {
    let source = match event::by_url(conn, word)? {
        Some(one) => Some(one.source),
        None => match task::by_url(conn, word)? {
            Some(one) => Some(one.source),
            None => match producer::by_url(conn, word)? {
                Some(one) => Some(one.source),
                None => organisation::by_url(conn, word)?.map(|one| one.source),
            },
        },
    };
    Ok(source.map(|source| Error::refused(Key::new(message::NOT_OURS).with("host", source.host))))
}
