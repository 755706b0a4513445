//! Where a task stands and where it may go: one table, one pure function.

use crate::error::Key;
use crate::{message, view};
use serde::Serialize;

/// Where a task stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Inside the node only.
    Draft,
    /// Published; somebody is looked for.
    Open,
    /// Somebody was found.
    Filled,
    /// The time to apply is over.
    Closed,
    /// Called off.
    Withdrawn,
}

impl State {
    /// All.
    pub const ALL: [State; 5] = [State::Draft, State::Open, State::Filled, State::Closed, State::Withdrawn];

    /// As columns and JSON name it.
    pub fn as_str(self) -> &'static str {
        match self {
            State::Draft => view::DRAFT,
            State::Open => "open",
            State::Filled => "filled",
            State::Closed => "closed",
            State::Withdrawn => "withdrawn",
        }
    }

    /// Reads its name.
    pub fn parse(word: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.as_str() == word)
    }

    /// Nobody is looked for any more.
    pub fn is_over(self) -> bool {
        matches!(self, State::Filled | State::Closed | State::Withdrawn)
    }
}

/// How a task is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closing {
    /// Somebody was found.
    Filled,
    /// The time to apply is over.
    Closed,
}

impl Closing {
    pub(super) fn state(self) -> State {
        match self {
            Closing::Filled => State::Filled,
            Closing::Closed => State::Closed,
        }
    }
}

/// Every step that a task may take. A closed one is not opened again: whoever looks anew makes a new task.
const STEPS: &[(State, State)] = &[
    (State::Draft, State::Open),
    (State::Open, State::Filled),
    (State::Open, State::Closed),
    (State::Open, State::Withdrawn),
];

/// Lets a step pass, or says why not. Pure.
pub(super) fn step(from: State, to: State) -> Result<State, Key> {
    if STEPS.contains(&(from, to)) {
        return Ok(to);
    }
    Err(match (from, to) {
        (State::Open, State::Open) => message::ALREADY_PUBLISHED.into(),
        (State::Draft, _) => message::NOT_PUBLISHED.into(),
        (from, to) if from == to => Key::new(message::ALREADY_CLOSED).with("state", from.as_str()),
        (from, to) => Key::new(message::STEP_NOT_ALLOWED).with("state", from.as_str()).with("next", to.as_str()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_is_allowed_or_has_its_reason() {
        use State::{Closed, Draft, Filled, Open, Withdrawn};
        let mut expected = std::collections::HashMap::new();
        for (from, to) in [(Draft, Open), (Open, Filled), (Open, Closed), (Open, Withdrawn)] {
            expected.insert((from.as_str(), to.as_str()), "");
        }
        for to in [Draft, Filled, Closed, Withdrawn] {
            expected.insert((Draft.as_str(), to.as_str()), "not-published");
        }
        expected.insert((Open.as_str(), Open.as_str()), "already-published");
        for state in [Filled, Closed, Withdrawn] {
            expected.insert((state.as_str(), state.as_str()), "already-closed");
        }
        for from in State::ALL {
            for to in State::ALL {
                let reason = expected.get(&(from.as_str(), to.as_str())).copied().unwrap_or("step-not-allowed");
                let found = step(from, to).map_or_else(|key| key.id(), |_| "");
                assert_eq!(found, reason, "{from:?} → {to:?}");
            }
        }
    }
}
