//! The organisation that an event or a task names by its id in the register.

use super::ORGANISATIONS;
use super::content::{Content, ImportedEvent, ImportedTask};
use super::row::digest;
use super::seen;
use crate::check::shown;
use crate::error::{FieldError, Key};
use crate::event::{NewEvent, Organiser};
use crate::task::Client;
use crate::{Error, message, organisation};
use store::Conn;
use store::id::OrganisationId;

/// Whom a row names.
#[derive(Debug)]
pub(super) enum Named {
    /// No organisation that this node knows, or none at all.
    Nobody,
    /// An organisation that was deleted.
    Gone,
    /// An organisation of this node.
    Known { name: String, url: String, page: String },
}

impl Named {
    /// A digest of what the thing takes over from the organisation.
    pub(super) fn digest(&self) -> Option<String> {
        match self {
            Named::Nobody | Named::Gone => None,
            Named::Known { name, url, page } => Some(digest(&[name.as_str(), url, page].join("\n"))),
        }
    }

    /// Whether the organisation is as it was when the row was imported last. One that is gone changes nothing: what has
    /// named it keeps the name.
    pub(super) fn is_as_before(&self, digest: Option<&str>) -> bool {
        self.digest().is_none_or(|now| Some(now.as_str()) == digest)
    }
}

/// Looks for the organisation that a row names.
pub(super) fn of(conn: &mut Conn, content: &Content) -> Result<Named, Error> {
    let id = match content {
        Content::Event(ImportedEvent { organiser: Some(organiser), .. }) => organiser.id.as_str(),
        Content::Task(task) => task.new.client.name.as_str(),
        _ => return Ok(Named::Nobody),
    };
    let Some(seen) = seen::find(conn, ORGANISATIONS, id)? else {
        return Ok(Named::Nobody);
    };
    let found = organisation::find_local(conn, &OrganisationId::from_text(seen.row_id))?;
    Ok(match found {
        Some(row) => Named::Known { name: row.name, url: row.url.to_string(), page: row.page },
        None => Named::Gone,
    })
}

/// The event with its organiser.
pub(super) fn organised(event: &ImportedEvent, named: &Named) -> Result<NewEvent, Error> {
    let mut new = event.new.clone();
    match (&event.organiser, named) {
        (None, _) => {}
        (Some(_), Named::Known { name, url, .. }) => {
            new.organiser = Some(Organiser { name: name.clone(), id: Some(url.clone()) });
        }
        (Some(organiser), Named::Nobody | Named::Gone) => return Err(unknown("organiser", &organiser.id)),
    }
    Ok(new)
}

/// The task with its client. What is no id of an organisation is shown as it is.
pub(super) fn commissioned(task: &ImportedTask, named: &Named) -> Result<ImportedTask, Error> {
    let mut task = task.clone();
    match named {
        Named::Known { name, page, .. } => task.new.client = Client { name: name.clone(), page: Some(page.clone()) },
        Named::Gone => return Err(unknown("client", &task.new.client.name)),
        Named::Nobody => {}
    }
    Ok(task)
}

fn unknown(field: &str, id: &str) -> Error {
    let reason = Key::new(message::NO_SUCH_ORGANISATION).with("value", shown(id));
    Error::Invalid(vec![FieldError::new(field, reason)])
}
