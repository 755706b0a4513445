//! Whether an event takes place, and how one takes part in it.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::one_or_many::string;

/// Whether an event takes place.
///
/// Serialises as two keys: `eventStatus` (FEP-8a8e) and `status` (iCalendar's three words, the only ones that Mobilizon
/// knows).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EventStatus {
    /// As announced.
    #[default]
    Scheduled,
    /// Called off.
    Cancelled,
    /// Put off without a new date.
    Postponed,
    /// Put off to the date that it now has.
    Rescheduled,
    /// Now online.
    MovedOnline,
    /// Not yet certain.
    Tentative,
}

impl EventStatus {
    const ALL: [(Self, &'static str, &'static str); 6] = [
        (Self::Scheduled, "EventScheduled", "CONFIRMED"),
        (Self::Cancelled, "EventCancelled", "CANCELLED"),
        (Self::Postponed, "EventPostponed", "TENTATIVE"),
        (Self::Rescheduled, "EventRescheduled", "CONFIRMED"),
        (Self::MovedOnline, "EventMovedOnline", "CONFIRMED"),
        (Self::Tentative, "EventTentative", "TENTATIVE"),
    ];

    fn words(self) -> (&'static str, &'static str) {
        let row = Self::ALL.iter().find(|(status, ..)| *status == self);
        row.map_or(("EventScheduled", "CONFIRMED"), |(_, ours, ical)| (ours, ical))
    }

    /// FEP-8a8e's word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.words().0
    }

    /// iCalendar's word (RFC 5545 §3.8.1.11).
    #[must_use]
    pub fn ical(self) -> &'static str {
        self.words().1
    }

    /// Reads `eventStatus` in any namespace, else `status`; scheduled when neither says anything known.
    #[must_use]
    pub fn parse(object: &Value) -> Self {
        let ours = string(object, "eventStatus").and_then(|word| {
            let word = word.rsplit(['/', ':', '#']).next()?;
            Self::ALL.iter().find(|(_, name, _)| name.eq_ignore_ascii_case(word))
        });
        let ical = || {
            let word = string(object, "status").or_else(|| string(object, "ical:status"))?;
            Self::ALL
                .iter()
                .rev()
                .find(|(_, _, ical)| ical.eq_ignore_ascii_case(word))
                .filter(|(_, _, ical)| *ical != "CONFIRMED")
        };
        ours.or_else(ical).map_or(Self::Scheduled, |(status, ..)| *status)
    }
}

impl Serialize for EventStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("eventStatus", self.as_str())?;
        map.serialize_entry("status", self.ical())?;
        map.end()
    }
}

/// How to take part in an event. Mobilizon's `none` is not here: it invalidates the whole event there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum JoinMode {
    /// By `Join`, which is accepted at once.
    Free,
    /// By `Join`, which somebody approves.
    Restricted,
    /// By invitation.
    Invite,
    /// At `externalParticipationUrl`.
    External,
}

impl JoinMode {
    pub(super) fn named(word: &str) -> Option<Self> {
        Some(match word {
            "free" => Self::Free,
            "restricted" => Self::Restricted,
            "invite" => Self::Invite,
            "external" => Self::External,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn statuses_in_every_spelling() {
        for (object, expected) in [
            (json!({"eventStatus": "EventCancelled"}), EventStatus::Cancelled),
            (
                json!({"eventStatus": "https://schema.org/EventPostponed", "status": "CONFIRMED"}),
                EventStatus::Postponed,
            ),
            (json!({"eventStatus": "fep8a8e:EventMovedOnline"}), EventStatus::MovedOnline),
            (json!({"status": "CANCELLED"}), EventStatus::Cancelled),
            (json!({"ical:status": "TENTATIVE"}), EventStatus::Tentative),
            (json!({"status": "CONFIRMED"}), EventStatus::Scheduled),
            (json!({"eventStatus": "EventHaunted", "status": 7}), EventStatus::Scheduled),
            (json!({}), EventStatus::Scheduled),
        ] {
            assert_eq!(EventStatus::parse(&object), expected, "{object}");
        }
    }
}
