//! What may happen to an event of ours: one table, one pure function.

use crate::error::Key;
use crate::{message, view};
use serde::Serialize;

/// Whether the world knows of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Inside the node only.
    Draft,
    /// Published.
    Published,
}

impl State {
    /// As the column keeps it.
    pub fn as_str(self) -> &'static str {
        match self {
            State::Draft => view::DRAFT,
            State::Published => view::PUBLISHED,
        }
    }

    pub(super) fn of_column(word: &str) -> State {
        if word == view::PUBLISHED { State::Published } else { State::Draft }
    }
}

/// Whether it takes place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// As announced.
    #[default]
    Scheduled,
    /// Not yet certain.
    Tentative,
    /// Put off without a new date.
    Postponed,
    /// Put off to the date that it now has.
    Rescheduled,
    /// Now online.
    MovedOnline,
    /// Called off.
    Cancelled,
}

impl Status {
    /// All, as imports may name them except [`Status::MovedOnline`].
    pub const ALL: [Status; 6] = [
        Status::Scheduled,
        Status::Tentative,
        Status::Postponed,
        Status::Rescheduled,
        Status::MovedOnline,
        Status::Cancelled,
    ];

    /// As columns, files and JSON name it.
    pub fn as_str(self) -> &'static str {
        match self {
            Status::Scheduled => "scheduled",
            Status::Tentative => "tentative",
            Status::Postponed => "postponed",
            Status::Rescheduled => "rescheduled",
            Status::MovedOnline => "moved_online",
            Status::Cancelled => "cancelled",
        }
    }

    /// Reads its name.
    pub fn parse(word: &str) -> Option<Status> {
        Status::ALL.into_iter().find(|status| status.as_str() == word)
    }

    /// Whether somebody who knows the event would come to the wrong place, at the wrong time, or for nothing.
    pub(super) fn is_news(self) -> bool {
        match self {
            Status::Scheduled | Status::Tentative => false,
            Status::Postponed | Status::Rescheduled | Status::MovedOnline | Status::Cancelled => true,
        }
    }

    pub(super) fn to_wire(self) -> vocab::EventStatus {
        match self {
            Status::Scheduled => vocab::EventStatus::Scheduled,
            Status::Tentative => vocab::EventStatus::Tentative,
            Status::Postponed => vocab::EventStatus::Postponed,
            Status::Rescheduled => vocab::EventStatus::Rescheduled,
            Status::MovedOnline => vocab::EventStatus::MovedOnline,
            Status::Cancelled => vocab::EventStatus::Cancelled,
        }
    }

    pub(super) fn of_wire(status: vocab::EventStatus) -> Status {
        match status {
            vocab::EventStatus::Scheduled => Status::Scheduled,
            vocab::EventStatus::Tentative => Status::Tentative,
            vocab::EventStatus::Postponed => Status::Postponed,
            vocab::EventStatus::Rescheduled => Status::Rescheduled,
            vocab::EventStatus::MovedOnline => Status::MovedOnline,
            vocab::EventStatus::Cancelled => Status::Cancelled,
        }
    }
}

/// What somebody wants to do with it. Deleting is always allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Publish,
    Edit,
    Cancel,
    Postpone,
}

/// Where a step leads, or why it is not taken. Pure.
pub(super) fn step(state: State, status: Status, step: Step) -> Result<(State, Status), Key> {
    match (state, status, step) {
        (State::Draft, status, Step::Publish) => Ok((State::Published, status)),
        (State::Published, _, Step::Publish) => Err(message::ALREADY_PUBLISHED.into()),
        (state, status, Step::Edit) => Ok((state, status)),
        (State::Draft, _, Step::Cancel | Step::Postpone) => Err(message::NOT_PUBLISHED.into()),
        (State::Published, Status::Cancelled, Step::Postpone) => Err(message::ALREADY_CANCELLED.into()),
        (State::Published, Status::Postponed, Step::Postpone) => Err(message::ALREADY_POSTPONED.into()),
        (State::Published, _, Step::Postpone) => Ok((State::Published, Status::Postponed)),
        (State::Published, Status::Cancelled, Step::Cancel) => Err(message::ALREADY_CANCELLED.into()),
        (State::Published, _, Step::Cancel) => Ok((State::Published, Status::Cancelled)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_steps_of_an_event() {
        use State::{Draft, Published};
        use Status::{Cancelled, Scheduled, Tentative};
        for (before, wanted, expected) in [
            ((Draft, Scheduled), Step::Publish, Ok((Published, Scheduled))),
            ((Draft, Cancelled), Step::Publish, Ok((Published, Cancelled))),
            ((Draft, Tentative), Step::Edit, Ok((Draft, Tentative))),
            ((Draft, Scheduled), Step::Cancel, Err("not-published")),
            ((Published, Scheduled), Step::Publish, Err("already-published")),
            ((Published, Scheduled), Step::Edit, Ok((Published, Scheduled))),
            ((Published, Tentative), Step::Cancel, Ok((Published, Cancelled))),
            ((Published, Cancelled), Step::Cancel, Err("already-cancelled")),
            ((Published, Cancelled), Step::Edit, Ok((Published, Cancelled))),
            ((Draft, Scheduled), Step::Postpone, Err("not-published")),
            ((Published, Scheduled), Step::Postpone, Ok((Published, Status::Postponed))),
            ((Published, Status::Postponed), Step::Postpone, Err("already-postponed")),
            ((Published, Status::Postponed), Step::Cancel, Ok((Published, Cancelled))),
            ((Published, Cancelled), Step::Postpone, Err("already-cancelled")),
        ] {
            let found = step(before.0, before.1, wanted).map_err(|key| key.id());
            assert_eq!(found, expected, "{before:?} {wanted:?}");
        }
    }

    #[test]
    fn a_status_survives_the_wire_and_the_column() {
        for status in Status::ALL {
            assert_eq!(Status::of_wire(status.to_wire()), status);
            assert_eq!(Status::parse(status.as_str()), Some(status));
        }
    }
}
