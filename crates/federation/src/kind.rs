//! How a kind of thing takes part in federation without the spine knowing it.
//!
//! A kind says by a pure function whether a document is its own ([`Kind::claims`]), and turns a received one into a write
//! ([`Kind::prepare`]). The spine has by then checked the signature, the origin and the owner; it runs the write and
//! marks the received row done in one transaction.

use crate::reply::{self, Answer};
use crate::{Error, Origin};
use futures_util::future::{BoxFuture, FutureExt, ready};
use serde_json::Value;
use std::fmt;
use store::id::{ActorUrl, ObjectUrl};
use store::{Conn, Store, Timestamp};

/// What a received document led to. "Ignored" is an answer like another: the sender still gets its 202.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Something changed here.
    Applied,
    /// It was known already; nothing changed.
    Duplicate,
    /// Nothing is done with it, for this reason.
    Ignored(Reason),
}

/// Why a received activity had no effect. Counted and shown by `solmu inbox`; not an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// No kind claims the object, or the verb means nothing for it.
    NotUnderstood,
    /// The author is nobody that this node follows.
    NotFollowed,
    /// The sender is not the owner of what it speaks about, or the hosts differ.
    NotTheOwner,
    /// The id was deleted; a late `Create` does not bring it back.
    Deleted,
    /// An older version than the one that is here.
    Outdated,
    /// It concerns something that this node never had.
    Unknown,
    /// The document lacks what it needs, or is not public.
    Unusable,
    /// Its sender took it back before it came.
    TakenBack,
    /// Its host or its author is blocked here.
    Blocked,
    /// It asks for something that this node does not do, such as signing up for an event.
    NotOffered,
    /// It tells of a change to something that was never here and is too old to begin with now.
    TooOld,
    /// There are as many of its sender as are kept.
    TooMany,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Reason::NotUnderstood => "not understood",
            Reason::NotFollowed => "its author is not followed",
            Reason::NotTheOwner => "the sender does not own it",
            Reason::Deleted => "it was deleted",
            Reason::Outdated => "a newer version is here",
            Reason::Unknown => "not known here",
            Reason::Unusable => "incomplete or not public",
            Reason::TakenBack => "it was taken back before it came",
            Reason::Blocked => "blocked here",
            Reason::NotOffered => "not offered here",
            Reason::TooOld => "too old to begin with",
            Reason::TooMany => "too many of its sender",
        })
    }
}

/// What happened to an object, as its kind needs to know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It is new (`Create`), or was found while reading a followed actor's past.
    Created,
    /// It changed (`Update`).
    Updated,
}

/// An object that came from another server, checked: `document` is what `author`'s host says about `url`.
#[derive(Debug, Clone)]
pub struct Received {
    /// New or changed.
    pub change: Change,
    /// The object's id.
    pub url: ObjectUrl,
    /// Who answers for it: the signer, and for an actor itself the actor that presented it.
    pub author: ActorUrl,
    /// The author's own document (ActivityStreams actor), as last fetched.
    pub author_document: Value,
    /// The object.
    pub document: Value,
    /// When it arrived.
    pub now: Timestamp,
}

/// A write that was prepared: runs in one transaction, perhaps several times, without network.
pub type Write = Box<dyn Fn(&mut Conn) -> Result<Outcome, Error> + Send + Sync>;

/// What a kind may use while it prepares a write.
#[derive(Clone, Copy)]
pub struct Preparing<'a> {
    /// This node's addresses.
    pub origin: &'a Origin,
    /// The database, to read.
    pub store: &'a Store,
}

/// One kind of thing that federates. Implemented by a unit struct in its slice.
pub trait Kind: Send + Sync + 'static {
    /// Its name in the index of ids (`event`).
    fn name(&self) -> &'static str;

    /// Whether a new document is of this kind, by its marks alone. Pure; at most one kind claims a document.
    fn claims(&self, document: &Value) -> bool;

    /// Turns a received object into the write that takes it in. May fetch; must not write.
    ///
    /// # Errors
    /// A temporary error is tried again later; any other ends the row as failed, where `solmu inbox retry` finds it.
    fn prepare<'a>(&'a self, received: Received, with: Preparing<'a>) -> BoxFuture<'a, Result<Write, Error>>;

    /// Turns an answer to an object of this kind into the write that takes it in. The spine keeps it, unless the kind knows
    /// something better to do with it.
    ///
    /// # Errors
    /// As for [`Kind::prepare`].
    fn replied<'a>(&'a self, answer: Answer, _with: Preparing<'a>) -> BoxFuture<'a, Result<Write, Error>> {
        ready(Ok(reply::kept(answer))).boxed()
    }

    /// Removes what this node holds of an object whose owner deleted it. The tombstone is the spine's.
    ///
    /// # Errors
    /// Those of the database.
    fn forget(&self, conn: &mut Conn, url: &ObjectUrl) -> Result<(), Error>;
}

/// The kinds that a node knows, in the order in which they are asked.
pub type Kinds = &'static [&'static dyn Kind];

/// Where a document goes.
#[derive(Clone, Copy)]
pub enum Route {
    /// It is a thing of this kind.
    Thing(&'static dyn Kind),
    /// It answers a thing of this kind.
    Reply(&'static dyn Kind),
}

/// Finds the kind of a document (pure): the index knows its id, or the id of what it answers, or a kind claims its marks.
///
/// `indexed` is the word under which the index has the document's own id; `answered` the kind of the thing of ours that
/// it answers, directly or through other answers.
pub fn route(kinds: Kinds, indexed: Option<&str>, answered: Option<&str>, document: Option<&Value>) -> Option<Route> {
    let named = |name: &str| kinds.iter().copied().find(|kind| kind.name() == name);
    match (indexed, answered, document) {
        (Some(reply::KIND) | None, Some(answered), _) => named(answered).map(Route::Reply),
        (Some(name), _, _) => named(name).map(Route::Thing),
        (None, None, Some(document)) => kinds.iter().copied().find(|kind| kind.claims(document)).map(Route::Thing),
        (None, None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Named(&'static str);

    impl Kind for Named {
        fn name(&self) -> &'static str {
            self.0
        }

        fn claims(&self, document: &Value) -> bool {
            document["type"] == self.0
        }

        fn prepare<'a>(&'a self, _: Received, _: Preparing<'a>) -> BoxFuture<'a, Result<Write, Error>> {
            ready(Ok::<Write, Error>(Box::new(|_| Ok(Outcome::Applied)))).boxed()
        }

        fn forget(&self, _: &mut Conn, _: &ObjectUrl) -> Result<(), Error> {
            Ok(())
        }
    }

    #[test]
    fn known_ids_come_before_what_is_answered_and_that_before_marks() {
        static KINDS: Kinds = &[&Named("event"), &Named("task")];
        let task = serde_json::json!({"type": "task"});
        for (indexed, answered, document, expected) in [
            (None, None, Some(&task), "thing task"),
            (Some("event"), None, Some(&task), "thing event"),
            (Some("event"), Some("task"), Some(&task), "thing event"),
            (None, Some("event"), Some(&task), "reply event"),
            (Some(reply::KIND), Some("event"), Some(&task), "reply event"),
            (Some(reply::KIND), None, Some(&task), "nowhere"),
            (Some("unknown"), None, Some(&task), "nowhere"),
            (None, Some("unknown"), Some(&task), "nowhere"),
            (None, None, None, "nowhere"),
        ] {
            let found = match route(KINDS, indexed, answered, document) {
                Some(Route::Thing(kind)) => format!("thing {}", kind.name()),
                Some(Route::Reply(kind)) => format!("reply {}", kind.name()),
                None => "nowhere".to_owned(),
            };
            assert_eq!(found, expected, "{indexed:?} {answered:?}");
        }
    }
}
