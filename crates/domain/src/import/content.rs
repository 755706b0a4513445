//! What a row says, in the words of the slices. Their own rules say whether it may be so.

use crate::error::FieldError;
use crate::event::{self, NewEvent};
use crate::organisation::{self, NewOrganisation};
use crate::person::{Consent, Field};
use crate::producer::{self, NewProducer};
use crate::task::{self, NewTask};
use serde::Serialize;

/// What a row says.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum Content {
    /// An organisation.
    Organisation(NewOrganisation),
    /// An event.
    Event(ImportedEvent),
    /// An event is deleted where it comes from.
    EventGone,
    /// A task.
    Task(ImportedTask),
    /// A person.
    Producer(ImportedProducer),
}

/// An event, and the organisation that it names by the id of the register.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ImportedEvent {
    /// The event.
    pub new: NewEvent,
    /// Who organises it.
    pub organiser: Option<Reference>,
}

/// A task as a file tells it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ImportedTask {
    /// The task. The name of its client may be the id of an organisation in the register.
    pub new: NewTask,
    /// It is to be published; else it is a draft.
    pub open: bool,
}

impl ImportedTask {
    fn faults(&self) -> Vec<FieldError> {
        let mut faults = task::check(&self.new, self.open);
        // The highest pay that is not told is the lowest one; what is wrong with both is said of the one that is told.
        if self.new.pay.as_ref().is_some_and(|pay| pay.min == pay.max) {
            faults.retain(|fault| fault.field != "pay_max");
        }
        faults
    }
}

/// A person and what that person has agreed to publish.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ImportedProducer {
    /// The profile.
    pub new: NewProducer,
    /// The consent; none when there is none.
    pub consent: Option<Consent>,
}

impl ImportedProducer {
    /// Whether the profile may be published at all.
    pub(super) fn may_be_published(&self) -> bool {
        self.consent.as_ref().is_some_and(|consent| consent.fields.contains(&Field::Name))
    }
}

/// An organisation, named by its id in the register.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reference {
    /// The id.
    pub id: String,
    /// It stands in the same file, without a fault, and goes in before.
    #[serde(skip)]
    pub in_file: bool,
}

impl Content {
    /// What the rules of the thing find, in their own words.
    pub(super) fn faults(&self) -> Vec<FieldError> {
        match self {
            Content::Organisation(new) => organisation::check(new),
            Content::Event(event) => event::check(&event.new),
            Content::EventGone => Vec::new(),
            Content::Task(task) => task.faults(),
            Content::Producer(producer) => producer::check(&producer.new),
        }
    }
}
