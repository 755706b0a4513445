//! How a kind of thing takes part in federation without the spine knowing it.
//!
//! A kind says by a pure function whether a document is its own ([`Kind::claims`]), and turns a received one into a write
//! ([`Kind::prepare`]). The spine has by then checked the signature, the origin and the owner; it runs the write and
//! marks the received row done in one transaction.

use crate::{Error, Origin};
use futures_util::future::BoxFuture;
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

    /// Removes what this node holds of an object whose owner deleted it. The tombstone is the spine's.
    ///
    /// # Errors
    /// Those of the database.
    fn forget(&self, conn: &mut Conn, url: &ObjectUrl) -> Result<(), Error>;
}

/// The kinds that a node knows, in the order in which they are asked.
pub type Kinds = &'static [&'static dyn Kind];

/// Finds the kind of a document (pure): the index knows the id, or a kind claims its marks.
pub fn route(kinds: Kinds, indexed: Option<&str>, document: Option<&Value>) -> Option<&'static dyn Kind> {
    match (indexed, document) {
        (Some(name), _) => kinds.iter().copied().find(|kind| kind.name() == name),
        (None, Some(document)) => kinds.iter().copied().find(|kind| kind.claims(document)),
        (None, None) => None,
    }
}
