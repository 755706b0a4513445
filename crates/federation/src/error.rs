//! What can go wrong on the way to and from other servers.

use store::Failure;

/// A failure of the spine. Its texts are for this node's log and its operator.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The actor or object is not known to this node, or was deleted.
    #[error("{0} is not known to this node")]
    Unknown(String),
    /// The id is a tombstone: it was deleted and is never used again.
    #[error("{0} was deleted; a deleted id is never used again")]
    Gone(String),
    /// The other side could not be reached now; later may do.
    #[error("{url} cannot be reached: {reason}")]
    Unreachable {
        /// What was asked for.
        url: String,
        /// Why not, in words.
        reason: String,
    },
    /// The other side answered something that is not acceptable, and will again.
    #[error("{url} is refused: {reason}")]
    Refused {
        /// What was asked for.
        url: String,
        /// Why, in words.
        reason: String,
    },
    /// A key could not be made, read or used.
    #[error("key of {actor}: {reason}")]
    Key {
        /// Whose key.
        actor: String,
        /// What is wrong, without the key.
        reason: String,
    },
}

impl Error {
    /// Trying again later may help.
    pub fn is_temporary(&self) -> bool {
        match self {
            Error::Store(error) => error.is_temporary(),
            Error::Unreachable { .. } => true,
            _ => false,
        }
    }

    pub(crate) fn refused(url: &str, reason: impl Into<String>) -> Self {
        Error::Refused { url: url.to_owned(), reason: reason.into() }
    }

    pub(crate) fn unreachable(url: &str, reason: impl Into<String>) -> Self {
        Error::Unreachable { url: url.to_owned(), reason: reason.into() }
    }
}

impl From<diesel::result::Error> for Error {
    fn from(error: diesel::result::Error) -> Self {
        Error::Store(error.into())
    }
}

impl Failure for Error {
    fn as_store_error(&self) -> Option<&store::Error> {
        match self {
            Error::Store(error) => Some(error),
            _ => None,
        }
    }
}
