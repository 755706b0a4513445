//! What can go wrong with the database, told apart by what the caller can do about it.

use diesel::result::{DatabaseErrorKind, Error as Diesel};

/// A failure of the database. The texts are for the log of this node; they never go to a peer or a page.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A query was refused or found nothing where one row had to be.
    #[error("the database refused a query: {0}")]
    Query(#[source] Diesel),
    /// Another writer was faster, again and again; the request may be repeated.
    #[error("the database is busy: {0}")]
    Busy(String),
    /// The database cannot be reached; it may come back.
    #[error("the database cannot be reached: {0}")]
    Unreachable(String),
    /// No space is left. Nothing was written.
    #[error("the disk that holds the database is full; make room and try again")]
    DiskFull,
    /// The database cannot be opened at all: a wrong path, no rights, not a database.
    #[error("the database cannot be opened: {0}")]
    Open(String),
    /// A copy of the database could not be written.
    #[error("no backup was written: {0}")]
    Backup(String),
    /// No node was ever made in it.
    #[error("the database is empty")]
    Empty,
    /// It has a step that this program does not know.
    #[error(
        "a newer version of solmu has changed this database (step {0}): run that version, or go back to a copy from before it"
    )]
    Newer(String),
    /// The schema could not be brought up to date.
    #[error("migration failed: {0}")]
    Migration(String),
}

impl Error {
    /// The same transaction may succeed when it is run once more.
    pub fn is_race(&self) -> bool {
        match self {
            Error::Query(Diesel::DatabaseError(DatabaseErrorKind::SerializationFailure, _)) => true,
            Error::Query(Diesel::DatabaseError(_, info)) => {
                let text = info.message();
                text.contains("database is locked")
                    || text.contains("database table is locked")
                    || text.contains("deadlock detected")
                    || text.contains("could not serialize access")
                    || text.contains("canceling statement due to lock timeout")
            }
            _ => false,
        }
    }

    /// Nothing is wrong with the request: the database is away, full or busy, and the answer is "later" (HTTP 503).
    pub fn is_temporary(&self) -> bool {
        matches!(self, Error::Busy(_) | Error::Unreachable(_) | Error::DiskFull) || self.is_race()
    }
}

impl From<Diesel> for Error {
    fn from(error: Diesel) -> Self {
        if let Diesel::DatabaseError(kind, info) = &error {
            let text = info.message();
            if text.contains("database or disk is full") || text.contains("No space left on device") {
                return Error::DiskFull;
            }
            let lost = matches!(kind, DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand)
                || text.contains("terminating connection")
                || text.contains("server closed the connection")
                || text.contains("no connection to the server")
                || text.contains("the database system is");
            if lost {
                return Error::Unreachable(text.to_owned());
            }
        }
        if matches!(error, Diesel::BrokenTransactionManager) {
            return Error::Unreachable("the connection broke inside a transaction".to_owned());
        }
        Error::Query(error)
    }
}

/// Implemented by every error that can come out of [`crate::Store::write`], so that a lost race inside it can be seen
/// and the transaction run again.
pub trait Failure: From<Error> {
    /// The database failure inside, if that is what this is.
    fn as_store_error(&self) -> Option<&Error>;
}

impl Failure for Error {
    fn as_store_error(&self) -> Option<&Error> {
        Some(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn database(kind: DatabaseErrorKind, text: &str) -> Error {
        Diesel::DatabaseError(kind, Box::new(text.to_owned())).into()
    }

    #[test]
    fn what_the_caller_can_do_about_it() {
        use DatabaseErrorKind::{ClosedConnection, SerializationFailure, UniqueViolation, Unknown};
        for (error, race, temporary) in [
            (database(SerializationFailure, "could not serialize access due to concurrent update"), true, true),
            (database(Unknown, "deadlock detected"), true, true),
            (database(Unknown, "canceling statement due to lock timeout"), true, true),
            (database(Unknown, "database is locked"), true, true),
            (database(Unknown, "database table is locked: events"), true, true),
            (database(UniqueViolation, "UNIQUE constraint failed: objects.url"), false, false),
            (database(Unknown, "no such table: events"), false, false),
            (database(Unknown, "database or disk is full"), false, true),
            (database(Unknown, "could not extend file: No space left on device"), false, true),
            (database(ClosedConnection, "x"), false, true),
            (database(Unknown, "terminating connection due to administrator command"), false, true),
            (database(Unknown, "the database system is shutting down"), false, true),
            (Diesel::BrokenTransactionManager.into(), false, true),
            (Diesel::NotFound.into(), false, false),
            (Error::Busy(String::new()), false, true),
            (Error::Open(String::new()), false, false),
            (Error::Migration(String::new()), false, false),
        ] {
            assert_eq!((error.is_race(), error.is_temporary()), (race, temporary), "{error:?}");
        }
    }

    #[test]
    fn a_full_disk_and_a_lost_connection_are_told_apart() {
        assert!(matches!(database(DatabaseErrorKind::Unknown, "database or disk is full"), Error::DiskFull));
        assert!(matches!(database(DatabaseErrorKind::UnableToSendCommand, "x"), Error::Unreachable(_)));
        assert!(matches!(
            database(DatabaseErrorKind::Unknown, "server closed the connection unexpectedly"),
            Error::Unreachable(_)
        ));
    }
}
