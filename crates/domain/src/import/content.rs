//! What a row says: the input of a slice's action, and what only this node's database can complete.

use crate::error::FieldError;
use crate::event::NewEvent;
use crate::organisation::NewOrganisation;
use crate::person::Consent;
use crate::producer::NewProducer;
use crate::task::NewTask;
use crate::{event, organisation, producer, task};
use serde::Serialize;

/// What a row says.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum Content {
    /// An organisation.
    Organisation(NewOrganisation),
    /// An event.
    Event(ImportedEvent),
    /// The event of this id is deleted where it comes from.
    EventGone,
    /// A task.
    Task(ImportedTask),
    /// A producer, with the person's consent.
    Producer(ImportedProducer),
}

/// An event; its organiser may be an organisation of this node.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ImportedEvent {
    /// The event.
    pub new: NewEvent,
    /// The organising organisation.
    pub organiser: Option<Reference>,
}

/// An organisation by its id in the region's register.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reference {
    /// The id.
    pub id: String,
    /// It is in the same file, and so on the node by the time the row goes in.
    #[serde(skip)]
    pub in_file: bool,
}

/// A task; its client may be an organisation of this node.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ImportedTask {
    /// The task, with the client as the file names it.
    pub new: NewTask,
    /// It is to be published.
    pub open: bool,
}

/// A producer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ImportedProducer {
    /// The profile.
    pub new: NewProducer,
    /// What the person has agreed to; `None`: nothing.
    pub consent: Option<Consent>,
}

impl Content {
    /// What the rules of the thing say against it, in the words of the rules.
    pub(super) fn faults(&self) -> Vec<FieldError> {
        match self {
            Content::Organisation(new) => organisation::check(new),
            Content::Event(row) => event::check(&row.new),
            Content::EventGone => Vec::new(),
            Content::Task(row) => task::check(&row.new, row.open),
            Content::Producer(row) => producer::check(&row.new),
        }
    }
}
