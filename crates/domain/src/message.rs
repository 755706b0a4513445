//! Every message of the domain, once: its identifier, which the pages translate, and its English, which the command line
//! prints. Gaps are written `{name}` and filled by [`crate::Key::with`].

/// One message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Message {
    /// Its identifier, `[a-z-]`.
    pub id: &'static str,
    /// Its English, with gaps.
    pub english: &'static str,
}

macro_rules! messages {
    ($($(#[$doc:meta])* $name:ident = $id:literal, $english:literal;)*) => {
        $(
            #[doc = $english]
            $(#[$doc])*
            pub const $name: Message = Message { id: $id, english: $english };
        )*

        /// All of them, for translators and for the test that each is translated.
        pub const ALL: &[Message] = &[$($name),*];
    };
}

messages! {
    // What is wrong with a field.
    MISSING = "missing", "is missing";
    TOO_SHORT = "too-short", "is shorter than {n} characters";
    TOO_LONG = "too-long", "is longer than {n} characters";
    TOO_MANY = "too-many", "has more than {n} entries";
    CONTROL_CHARACTERS = "control-characters", "holds control characters";
    NO_SUCH_SKILL = "no-such-skill", "\"{value}\" is not a known skill";
    NO_SUCH_REGION = "no-such-region", "\"{value}\" is not a known region";
    OTHER_REGION = "other-region", "region is {theirs}, this node is {ours}";
    NOT_ONE_OF = "not-one-of", "\"{value}\" is not one of: {words}";
    NO_SUCH_ORGANISATION = "no-such-organisation", "\"{value}\" is not a known organisation";
    NOT_A_DATE = "not-a-date", "\"{value}\" is not a date";
    NOT_A_TIME = "not-a-time", "\"{value}\" is not a day and a time of day";
    NO_SUCH_TIME = "no-such-time", "{value} does not exist: the clock is put forward then";
    TIME_TWICE = "time-twice", "{value} is there twice: the clock is put back then";
    NOT_TO_COME = "not-to-come", "is over already";
    NO_SUCH_ZONE = "no-such-zone", "\"{value}\" is not a known time zone";
    NOT_A_NUMBER = "not-a-number", "\"{value}\" is not a number";
    TOO_SMALL = "too-small", "is smaller than {n}";
    TOO_LARGE = "too-large", "is larger than {n}";
    NOT_YES_OR_NO = "not-yes-or-no", "\"{value}\" is not yes or no";
    NOT_A_LINK = "not-a-link", "\"{value}\" is not a link";
    NOT_A_LANGUAGE = "not-a-language", "\"{value}\" is not a language code";
    NOT_A_POSTAL_CODE = "not-a-postal-code", "\"{value}\" is not a postal code";
    NOT_AN_ID = "not-an-id", "\"{value}\" is not an id: use letters, digits, - _ . :";
    NOT_A_MAIL_ADDRESS = "not-a-mail-address", "\"{value}\" is not a mail address";
    NOT_A_BUSINESS_ID = "not-a-business-id", "\"{value}\" is not a Finnish business id";
    NOT_ACCEPTED = "not-accepted", "is not agreed to";
    NOT_ADULT = "not-adult", "has to be eighteen or over";
    TERMS_NOT_ACCEPTED = "terms-not-accepted", "the terms are not agreed to";
    NOT_A_USERNAME = "not-a-username", "\"{value}\" is not a username: use a-z, 0-9 and _";
    ROW_TOO_LARGE = "row-too-large", "is larger than {n} bytes";
    NESTED_TOO_DEEP = "nested-too-deep", "is nested too deeply";
    FIELD_TWICE = "field-twice", "a field stands twice";
    NOT_TEXT = "not-text", "is not a text";
    NOT_A_LIST = "not-a-list", "is not a list";
    NOT_AN_OBJECT = "not-an-object", "is not an object";
    ENDS_BEFORE_START = "ends-before-start", "ends before it starts";
    LASTS_TOO_LONG = "lasts-too-long", "lasts longer than {n} days";
    DEADLINE_PASSED = "deadline-passed", "the deadline has passed";
    PAY_MISSING = "pay-missing", "pay is missing";
    PAY_NOT_EMPTY = "pay-not-empty", "unpaid work has no pay";
    PAY_UPSIDE_DOWN = "pay-upside-down", "the smallest pay is larger than the largest";
    PAY_ZERO = "pay-zero", "may be 0 only with revenue_share";
    UNPAID_NOT_ALLOWED = "unpaid-not-allowed", "unpaid work is not allowed for this kind";
    UNPAID_REASON_MISSING = "unpaid-reason-missing", "the reason for unpaid work is missing";
    CONSENT_INCOMPLETE = "consent-incomplete", "consent is not complete";
    TAKEN = "taken", "\"{value}\" is taken";
    USERNAME_FIXED = "username-fixed", "the username cannot change";
    ID_USED = "id-used", "the id was already used on line {line}";
    ID_USED_ITEM = "id-used-item", "the id was already used by item {line}";
    WRONG_FIELD_COUNT = "wrong-field-count", "has {n} fields, the header has {m}";
    PLACE_MISSING = "place-missing", "place is missing";
    PLACE_REFERENCE = "place-reference", "place is only a reference";
    REPEATS = "repeats", "repeats";
    UNKNOWN_FIELD = "unknown-field", "field \"{value}\" is unknown";
    NO_SUCH_OCCUPATION = "no-such-occupation", "\"{value}\" is not a known occupation";
    NOT_A_PICTURE = "not-a-picture", "is not a picture (JPEG, PNG or WebP)";
    // What stops a whole file.
    FILE_TOO_LARGE = "file-too-large", "the file is larger than {n} MB";
    FILE_TOO_LONG = "file-too-long", "the file has more than {n} rows";
    FILE_NOT_UTF8 = "file-not-text", "the file is not UTF-8 text";
    FILE_NOT_JSON = "file-not-json", "the file is not JSON: {reason}";
    FILE_NOT_CSV = "file-not-csv", "the file is not CSV: {reason}";
    FILE_NOT_ICALENDAR = "file-not-icalendar", "the file is not an iCalendar file: {reason}";
    FILE_EMPTY = "file-empty", "the file has no header row";
    FILE_UNKNOWN_COLUMN = "file-unknown-column", "column \"{value}\" is unknown";
    FILE_MISSING_COLUMN = "file-missing-column", "column \"{value}\" is missing";
    FILE_DOUBLE_COLUMN = "file-double-column", "column \"{value}\" is there twice";
    FILE_NOT_A_BUNDLE = "file-not-a-bundle", "the file is not a bundle: \"format\" has to be \"solmu-bundle/1\"";
    FILE_NOT_LINKED_EVENTS = "file-not-linked-events", "the file is no page of a Linked Events API: \"data\" is missing";
    FILE_OTHER_REGION = "file-other-region", "the file is for region {theirs}, this node is {ours}";
    // What an action refuses.
    ALREADY_PUBLISHED = "already-published", "it is published already";
    NOT_PUBLISHED = "not-published", "it is not published; there is nobody to tell";
    ALREADY_POSTPONED = "already-postponed", "it is put off already";
    EDITED_MEANWHILE = "edited-meanwhile", "somebody else has changed it in the meantime";
    NOT_SCHEDULED = "not-scheduled", "it is not to be published at a time";
    ALREADY_CANCELLED = "already-cancelled", "it is cancelled already";
    ALREADY_CLOSED = "already-closed", "it is {state} already";
    STEP_NOT_ALLOWED = "step-not-allowed", "a task that is {state} cannot become {next}";
    EDIT_CLOSED = "edit-closed", "a task that is {state} is not edited any more";
    NO_CONSENT = "no-consent", "the person has not agreed to publish the name";
    PROFILE_INCOMPLETE = "profile-incomplete", "there is no profile yet";
    HAND_OVER_FIRST = "hand-over-first", "who holds a position hands it over first";
    NOT_ASKED = "not-asked", "nobody has asked for it to be published";
    NOT_THIS_VERB = "not-this-verb", "{verb} means nothing for a {kind}";
    NOT_OURS = "not-ours", "it belongs to {host}; only that node changes it";
    AMBIGUOUS = "ambiguous", "\"{value}\" may mean several things: {candidates}";
    KEY_NEEDED = "key-needed", "a new actor needs a key, and none was made; try again";
    COORDINATOR_ONLY = "coordinator-only", "only the coordinator may do this";
    OWN_HOST = "own-host", "that is this node itself";
    ALREADY_BLOCKED = "already-blocked", "it is blocked already";
    MAIL_TAKEN = "mail-taken", "somebody has this address already";
    POSITION_NOT_HELD = "position-not-held", "the position is not theirs";
    POSITION_HELD = "position-held", "the position is theirs already";
    REPRESENTS_ALREADY = "represents-already", "they speak for it already";
    PROFILE_OWNED = "profile-owned", "the profile is somebody's own already";
    PROFILE_THERE = "profile-there", "there is a profile of your own already";
    PASSKEYS_FULL = "passkeys-full", "there are too many passkeys already; remove one first";
    FEEDBACK_FULL = "feedback-full", "too much feedback waits for an answer; write to the region instead";
    NOT_ESTABLISHED = "not-established", "the node has no actors yet; run `solmu init` or start `solmu serve` once";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Key;

    #[test]
    fn each_message_has_an_identifier_of_its_own() {
        for (at, message) in ALL.iter().enumerate() {
            assert!(message.id.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{}", message.id);
            assert!(ALL[..at].iter().all(|other| other.id != message.id), "{} twice", message.id);
        }
    }

    #[test]
    fn gaps_are_filled_by_name() {
        let key = Key::new(OTHER_REGION).with("ours", "06").with("theirs", "14");
        assert_eq!(key.to_string(), "region is 14, this node is 06");
        assert_eq!(Key::new(NO_SUCH_SKILL).with("value", "{n}").to_string(), "\"{n}\" is not a known skill");
    }
}
