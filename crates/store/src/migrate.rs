//! Brings the schema up to date, from the migrations that are compiled in.
//!
//! Both trees hold the same steps under the same names. On PostgreSQL an advisory lock makes several nodes that start
//! together take turns; SQLite's own write lock does the same.

use crate::conn::{Use, connect};
use crate::{Conn, DatabaseUrl, Error, each, failpoint};
use diesel::connection::SimpleConnection;
use diesel::migration::MigrationSource;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

const SQLITE: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("../../migrations/postgres");

/// Any number of our own; it only has to differ from other programs' advisory locks in the same database.
const LOCK: i64 = 0x0050_4c4d_5500;

/// Applies what is pending, in an empty database everything, and returns the names of the applied steps, oldest first.
///
/// # Errors
/// [`Error::Migration`] with the step and the database's reason. On PostgreSQL a failed step leaves the steps before it;
/// on SQLite all of them are one transaction. [`Error::Newer`] when a step was applied that this program does not know.
pub fn run(url: &DatabaseUrl) -> Result<Vec<String>, Error> {
    bring(url, true)
}

/// As [`run`], where a node was made before: who names the wrong database must not begin a new one by that.
///
/// # Errors
/// As there; [`Error::Empty`] when nothing was ever made in it. It is as it was then, and a file that is not there is not made.
pub fn update(url: &DatabaseUrl) -> Result<Vec<String>, Error> {
    if let DatabaseUrl::Sqlite(path) = url
        && path.parent().is_none_or(|folder| folder.as_os_str().is_empty() || folder.is_dir())
        && !path.exists()
    {
        return Err(Error::Empty);
    }
    bring(url, false)
}

fn bring(url: &DatabaseUrl, may_be_empty: bool) -> Result<Vec<String>, Error> {
    let mut conn = connect(url, Use::Write)?;
    match &mut conn {
        Conn::Postgres(c) => {
            c.batch_execute(&format!("SELECT pg_advisory_lock({LOCK})"))?;
            let done = apply(c, || POSTGRES, may_be_empty);
            c.batch_execute(&format!("SELECT pg_advisory_unlock({LOCK})"))?;
            done
        }
        Conn::Sqlite(c) => {
            // Two processes that start together on one file: the second waits, then finds nothing left to do. The list
            // of what is pending has to be read under the write lock, or both would begin with the first step.
            c.batch_execute("PRAGMA busy_timeout = 30000")?;
            c.immediate_transaction(|c| apply(c, || SQLITE, may_be_empty))
        }
    }
}

/// The steps that this program knows and the database does not have yet.
///
/// # Errors
/// [`Error::Migration`] when the list cannot be read.
pub fn pending(url: &DatabaseUrl) -> Result<Vec<String>, Error> {
    let mut conn = connect(url, Use::Write)?;
    let known = match &mut conn {
        Conn::Postgres(c) => {
            c.pending_migrations(POSTGRES).map(|steps| steps.iter().map(|s| s.name().to_string()).collect())
        }
        Conn::Sqlite(c) => {
            c.pending_migrations(SQLITE).map(|steps| steps.iter().map(|s| s.name().to_string()).collect())
        }
    };
    known.map_err(|error| Error::Migration(error.to_string()))
}

/// Takes every step back, newest first. For tests of the `down.sql` files.
///
/// # Errors
/// [`Error::Migration`] with the reason.
pub fn revert_all(url: &DatabaseUrl) -> Result<(), Error> {
    let mut conn = connect(url, Use::Write)?;
    let reverted = match &mut conn {
        Conn::Postgres(c) => c.revert_all_migrations(POSTGRES).map(|_| ()),
        Conn::Sqlite(c) => c.revert_all_migrations(SQLITE).map(|_| ()),
    };
    reverted.map_err(|error| Error::Migration(error.to_string()))
}

/// How many steps this program holds for each database, SQLite first.
pub fn count() -> (usize, usize) {
    let sqlite = MigrationSource::<diesel::sqlite::Sqlite>::migrations(&SQLITE).map(|all| all.len());
    let postgres = MigrationSource::<diesel::pg::Pg>::migrations(&POSTGRES).map(|all| all.len());
    (sqlite.unwrap_or(0), postgres.unwrap_or(0))
}

fn apply<DB, C>(conn: &mut C, source: impl Fn() -> EmbeddedMigrations, may_be_empty: bool) -> Result<Vec<String>, Error>
where
    DB: diesel::backend::Backend,
    C: MigrationHarness<DB>,
    EmbeddedMigrations: MigrationSource<DB>,
{
    let failed = |error: Box<dyn std::error::Error + Send + Sync>| Error::Migration(error.to_string());
    let before = conn.applied_migrations().map_err(failed)?;
    if before.is_empty() && !may_be_empty {
        return Err(Error::Empty);
    }
    let known = MigrationSource::<DB>::migrations(&source()).map_err(failed)?;
    if let Some(step) = before.iter().find(|step| known.iter().all(|one| one.name().version() != **step)) {
        return Err(Error::Newer(step.to_string()));
    }
    let mut applied = Vec::new();
    while conn.has_pending_migration(source()).map_err(failed)? {
        failpoint::here("migrate.before_step");
        applied.push(conn.run_next_migration(source()).map_err(failed)?.to_string());
        failpoint::here("migrate.after_step");
    }
    Ok(applied)
}

/// Whether a connection can be had and answers at all, for a health check.
///
/// # Errors
/// The reason why not.
pub fn ping(conn: &mut Conn) -> Result<(), Error> {
    each!(conn, c => c.batch_execute("SELECT 1")).map_err(Error::from)
}
