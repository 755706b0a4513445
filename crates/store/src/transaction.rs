//! One transaction: begun in the way of each database, committed or rolled back as its change wishes; or only read.

use crate::{Conn, Error, Failure, each, failpoint};
use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};

/// `LOCK TABLE` comes before the first snapshot of the transaction, unlike an advisory lock, so who has waited for it sees
/// what the others have written. `node` is only the table that they all have in common.
const TOGETHER: &str = "BEGIN TRANSACTION ISOLATION LEVEL SERIALIZABLE; LOCK TABLE node IN ROW EXCLUSIVE MODE";
/// Waits until no other is under way and lets none begin; not for long, since one of them may stand still.
const ALONE: &str = "BEGIN TRANSACTION ISOLATION LEVEL SERIALIZABLE; SET LOCAL lock_timeout = '2s'; \
                     LOCK TABLE node IN SHARE ROW EXCLUSIVE MODE";

/// Sees what was there at its first query until it ends.
const READING: &str = "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// Whether a commit waits for the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Durability {
    /// It does.
    Full,
    /// The next full one does it for this one too.
    Light,
}

/// A change of the database, and what shall become of its transaction.
pub(crate) type Change<'a> = &'a mut dyn FnMut(&mut Conn) -> Wish;

/// See [`Change`].
pub(crate) enum Wish {
    Commit,
    Rollback,
    /// It lost a race, in these words.
    OnceMore(String),
}

/// Runs the transaction with the connection set to the durability, and back. SQLite wants it said for the connection, before
/// the transaction begins; PostgreSQL inside it.
pub(crate) fn durably(conn: &mut Conn, durability: Durability, alone: bool, change: Change<'_>) -> Result<Wish, Error> {
    let relaxes = durability == Durability::Light;
    match conn {
        Conn::Sqlite(c) if relaxes => c.batch_execute("PRAGMA synchronous = NORMAL")?,
        _ => (),
    }
    let done = transaction(conn, durability, alone, change);
    match conn {
        Conn::Sqlite(c) if relaxes => c.batch_execute("PRAGMA synchronous = FULL")?,
        _ => (),
    }
    done
}

fn transaction(conn: &mut Conn, durability: Durability, alone: bool, change: Change<'_>) -> Result<Wish, Error> {
    match conn {
        Conn::Sqlite(c) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN IMMEDIATE")?,
        Conn::Postgres(c) => {
            let together = if alone { ALONE } else { TOGETHER };
            let durable = if durability == Durability::Light { "; SET LOCAL synchronous_commit = off" } else { "" };
            let begun = AnsiTransactionManager::begin_transaction_sql(c, &format!("{together}{durable}"));
            if begun.is_err()
                && let Err(error) = c.batch_execute("ROLLBACK")
            {
                tracing::debug!(%error, "what could not begin cannot be ended either: the connection is lost");
            }
            begun?;
        }
    }
    failpoint::here("write.begun");
    let wish = change(conn);
    if matches!(wish, Wish::Commit) {
        failpoint::here("write.before_commit");
        each!(conn, c => AnsiTransactionManager::commit_transaction(c))?;
        failpoint::here("write.after_commit");
    } else if let Err(failed) = each!(conn, c => AnsiTransactionManager::rollback_transaction(c)) {
        // A failed rollback leaves a broken connection, which the pool throws away; the first error is the one to tell.
        tracing::debug!(%failed, "rollback failed");
    }
    Ok(wish)
}

/// Runs queries that all see the database of the same moment.
pub(crate) fn at_one_moment<T, E: Failure>(
    conn: &mut Conn,
    queries: impl FnOnce(&mut Conn) -> Result<T, E>,
) -> Result<T, E> {
    match conn {
        Conn::Sqlite(c) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN DEFERRED"),
        Conn::Postgres(c) => AnsiTransactionManager::begin_transaction_sql(c, READING),
    }
    .map_err(Error::from)?;
    let read = queries(conn);
    if let Err(failed) = each!(conn, c => AnsiTransactionManager::rollback_transaction(c)) {
        // Nothing was written; the pool throws the connection away.
        tracing::debug!(%failed, "the end of a reading failed");
    }
    read
}
