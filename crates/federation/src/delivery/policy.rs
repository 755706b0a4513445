//! Who gets what: by the software of the inbox's host, as its NodeInfo names it (`software.name`), the verb, and the type
//! of the object. Pure; the table below is the test.
//!
//! What is skipped would be refused, hidden or never answered there. Skips save work and keep hanging peers from being
//! hung; nothing may depend on them: an unknown software gets everything. What takes something back goes to everybody.

use std::time::Duration;

/// What is sent, as far as it matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parcel<'a> {
    /// The verb, as on the wire.
    pub verb: &'a str,
    /// The type of its object; empty when the object is an id alone.
    pub object_type: &'a str,
    /// The object has a picture among its attachments.
    pub has_picture: bool,
}

/// What a peer's software means for a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// It is sent.
    pub send: bool,
    /// How long an answer is waited for.
    pub patience: Duration,
    /// That no answer comes counts against the host.
    pub silence_counts: bool,
}

const USUAL: Duration = Duration::from_secs(10);

/// The rule for one delivery. `software` is `None` while it is not known.
pub fn rule(software: Option<&str>, parcel: Parcel<'_>) -> Rule {
    let software = software.map(str::to_ascii_lowercase).unwrap_or_default();
    let send = match software.as_str() {
        // Shows events alone; a Note without a known parent becomes a comment to nothing.
        "mobilizon" => !(publishes(parcel) && is_text(parcel)),
        // Takes events of groups; what it does not know it never answers.
        "gancio" => {
            !(publishes(parcel) && is_text(parcel)
                || parcel.verb == "Announce"
                || parcel.verb == "Update" && is_actor(parcel))
        }
        // Pictures with a text; anything else is dropped.
        "pixelfed" => {
            !(publishes(parcel) && (parcel.object_type == "Event" || is_text(parcel) && !parcel.has_picture)
                || parcel.verb == "Announce")
        }
        // Communities' posts, wrapped in an Announce (FEP-1b12); not ours.
        "lemmy" | "piefed" | "mbin" => {
            !(publishes(parcel) && (parcel.object_type == "Event" || is_text(parcel)) || parcel.verb == "Announce")
        }
        _ => true,
    };
    Rule { send, patience: USUAL, silence_counts: software != "gancio" }
}

fn publishes(parcel: Parcel<'_>) -> bool {
    matches!(parcel.verb, "Create" | "Update")
}

fn is_text(parcel: Parcel<'_>) -> bool {
    matches!(parcel.object_type, "Note" | "Question" | "Article")
}

fn is_actor(parcel: Parcel<'_>) -> bool {
    matches!(parcel.object_type, "Application" | "Group" | "Organization" | "Person" | "Service")
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVENT: &str = "Event";
    const NOTE: &str = "Note";

    fn sent(software: &str, verb: &str, object_type: &str) -> bool {
        rule(Some(software), Parcel { verb, object_type, has_picture: false }).send
    }

    #[test]
    fn who_gets_what() {
        // Create/Update of an event, of a task or question, Announce, Update of an actor.
        for (software, event, note, announce, actor) in [
            ("mastodon", true, true, true, true),
            ("gotosocial", true, true, true, true),
            ("friendica", true, true, true, true),
            ("misskey", true, true, true, true),
            ("wordpress", true, true, true, true),
            ("solmu", true, true, true, true),
            ("never-heard-of", true, true, true, true),
            ("mobilizon", true, false, true, true),
            ("gancio", true, false, false, false),
            ("pixelfed", false, false, false, true),
            ("lemmy", false, false, false, true),
            ("piefed", false, false, false, true),
            ("mbin", false, false, false, true),
            ("Mobilizon", true, false, true, true),
        ] {
            for verb in ["Create", "Update"] {
                assert_eq!(sent(software, verb, EVENT), event, "{software}: {verb} of an event");
                assert_eq!(sent(software, verb, NOTE), note, "{software}: {verb} of a note");
                assert_eq!(sent(software, verb, "Question"), note, "{software}: {verb} of a question");
            }
            assert_eq!(sent(software, "Announce", ""), announce, "{software}: Announce");
            for kind in ["Group", "Person", "Application", "Organization"] {
                assert_eq!(sent(software, "Update", kind), actor, "{software}: Update of a {kind}");
            }
            for (verb, kind) in [("Delete", "Tombstone"), ("Undo", "Announce"), ("Accept", "Follow"), ("Follow", "")] {
                assert!(sent(software, verb, kind), "{software}: {verb} goes to everybody");
            }
        }
    }

    #[test]
    fn a_picture_makes_a_note_worth_pixelfeds_while() {
        let note = Parcel { verb: "Create", object_type: NOTE, has_picture: true };
        assert!(rule(Some("pixelfed"), note).send);
        assert!(!rule(Some("pixelfed"), Parcel { object_type: EVENT, ..note }).send);
    }

    #[test]
    fn whose_silence_counts() {
        let event = Parcel { verb: "Create", object_type: EVENT, has_picture: true };
        for (software, counts) in [(Some("gancio"), false), (Some("mastodon"), true), (None, true)] {
            let rule = rule(software, event);
            assert_eq!((rule.silence_counts, rule.patience), (counts, Duration::from_secs(10)), "{software:?}");
        }
    }
}
