//! What activities do. An unknown verb is kept as a word: it is counted and answered with 202, never an error.

use std::fmt;

macro_rules! verbs {
    ($($verb:ident $meaning:literal,)*) => {
        /// What an activity does.
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub enum Verb {
            $(#[doc = $meaning] $verb,)*
            /// A verb that this node knows nothing of; the word as it came, at most 64 characters.
            Other(String),
        }

        impl Verb {
            /// The word on the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$verb => stringify!($verb),)*
                    Self::Other(word) => word,
                }
            }

            fn known(word: &str) -> Option<Self> {
                match word {
                    $(stringify!($verb) => Some(Self::$verb),)*
                    _ => None,
                }
            }
        }
    };
}

verbs! {
    Accept "Says yes to what was asked.",
    Add "Puts an object into a collection.",
    Announce "Passes an object on.",
    Block "Wants to hear no more of an actor.",
    Create "Brings a new object.",
    Delete "Takes an object away.",
    Dislike "Disapproves of an object.",
    EmojiReact "Answers an object with one sign.",
    FeatureRequest "Asks to list an actor (Mastodon).",
    Flag "Reports objects to whoever moderates them.",
    Follow "Asks for what an actor sends.",
    Ignore "Says that what was asked is not done here (FEP-8a8e).",
    Invite "Asks an actor to an event.",
    Join "Wants to take part in an event.",
    Leave "Takes part no longer.",
    Like "Approves of an object.",
    Listen "Says what one listens to.",
    Move "An actor goes elsewhere (FEP-7628).",
    Offer "Offers an object, such as an agreement (FEP-0837).",
    Question "Asks for votes.",
    QuoteRequest "Asks to quote an object (FEP-044f).",
    Read "Says what one reads.",
    Reject "Says no to what was asked.",
    Remove "Takes an object out of a collection.",
    TentativeAccept "Says perhaps.",
    TentativeReject "Says perhaps not.",
    Travel "Says where one goes.",
    Undo "Takes an earlier activity back.",
    Update "Brings a new version of an object.",
    View "Says what one looks at.",
}

impl Verb {
    /// The verb of a document by its types ([`kind_of`](crate::object::kind_of)): the first known word, else the first one.
    #[must_use]
    pub fn of(words: &[String]) -> Option<Self> {
        words
            .iter()
            .find_map(|word| Self::known(word))
            .or_else(|| words.first().map(|word| Self::Other(word.chars().take(64).collect())))
    }
}

impl fmt::Display for Verb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
