//! Who did what to what or whom.

use store::id::AccountId;

/// On whose account something is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct By {
    /// Who it is, when it is somebody who signed in.
    pub account: Option<AccountId>,
    /// The position under which it is done, by its word.
    pub position: &'static str,
}

impl By {
    /// The operator, at the command line of the node.
    pub const OPERATOR: By = By { account: None, position: "operator" };
    /// Nobody: what was put off came due.
    pub const CLOCK: By = By { account: None, position: "clock" };

    /// Somebody who signed in, under a position.
    pub fn holder(account: &AccountId, position: &'static str) -> By {
        By { account: Some(account.clone()), position }
    }
}

macro_rules! deeds {
    ($($(#[$doc:meta])* $name:ident = $word:literal,)*) => {
        /// What was done. Pages translate its word (`audit-deed-…`).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Deed {
            $($(#[$doc])* $name,)*
        }

        impl Deed {
            /// All of them.
            pub const ALL: &[Deed] = &[$(Deed::$name),*];

            /// As the column keeps it.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Deed::$name => $word,)*
                }
            }
        }
    };
}

deeds! {
    /// Something new was written.
    Added = "added",
    /// It was changed.
    Changed = "changed",
    /// Everybody may see it from then on.
    Published = "published",
    /// It is to be published at a time.
    Scheduled = "scheduled",
    /// It is not to be published then after all.
    Unscheduled = "unscheduled",
    /// It was called off.
    Cancelled = "cancelled",
    /// It was put off.
    Postponed = "postponed",
    /// Somebody was found, or the time is over.
    Closed = "closed",
    /// It was deleted for good.
    Deleted = "deleted",
    /// A file was put in.
    Imported = "imported",
    /// What is not everybody's was looked at.
    LookedAt = "looked-at",
    /// Somebody's wish was granted.
    Approved = "approved",
    /// Somebody's wish was declined.
    Declined = "declined",
    /// Another node's actor is followed.
    Followed = "followed",
    /// It is followed no more.
    Unfollowed = "unfollowed",
    /// Nothing is taken from there any more.
    Blocked = "blocked",
    /// It is taken again.
    Unblocked = "unblocked",
    /// A report was settled.
    Settled = "settled",
    /// A position was given.
    Appointed = "appointed",
    /// A position was taken away.
    Dismissed = "dismissed",
    /// A position was offered.
    Offered = "offered",
    /// The offer was taken back, or was not taken.
    Withdrawn = "withdrawn",
    /// The offer was taken, and the position changed hands.
    TakenOver = "taken-over",
    /// Signing in asks for a second step from then on.
    StepAdded = "step-added",
    /// It does no more.
    StepRemoved = "step-removed",
    /// Somebody was invited to take a profile over.
    Invited = "invited",
    /// The invitation was taken back, or was not taken.
    InvitationEnded = "invitation-ended",
    /// A profile that an import had made became its person's own.
    ProfileTaken = "profile-taken",
    /// A passkey lets somebody in from then on.
    PasskeyAdded = "passkey-added",
    /// It does no more.
    PasskeyRemoved = "passkey-removed",
    /// An account has another mail address.
    AddressChanged = "address-changed",
    /// A link to sign in by was made for somebody by the operator.
    LinkMade = "link-made",
}

/// What or whom it was done to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// The kind of thing: the name of a slice (`event`, `producer`), `account`, `host`, `actor`, `report`, `file`.
    pub kind: &'static str,
    /// Its id.
    pub id: String,
    /// What it is called; empty for people.
    pub name: String,
}

impl Subject {
    /// The kind of a person by the account.
    pub const ACCOUNT: &'static str = "account";
    /// The kind of a person by the profile.
    pub const PRODUCER: &'static str = "producer";
    /// The kind of a person by what they told with their address.
    pub const FEEDBACK: &'static str = "feedback";

    /// A thing with a name of its own.
    pub fn thing(kind: &'static str, id: impl ToString, name: &str) -> Subject {
        Subject { kind, id: id.to_string(), name: vocab::text::line(name, 200) }
    }

    /// A person, by the account. It is concerned, and can read the line.
    pub fn account(id: impl ToString) -> Subject {
        Subject { kind: Subject::ACCOUNT, id: id.to_string(), name: String::new() }
    }

    /// A person, by the profile.
    pub fn producer(id: impl ToString) -> Subject {
        Subject { kind: Subject::PRODUCER, id: id.to_string(), name: String::new() }
    }

    /// What somebody told; a person when it has an address that is an account's.
    pub fn feedback(id: i64) -> Subject {
        Subject { kind: Subject::FEEDBACK, id: id.to_string(), name: String::new() }
    }
}
