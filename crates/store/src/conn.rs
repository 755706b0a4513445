//! One connection that is either of the two, and the pool that opens it by the scheme of its URL.
//!
//! The derived `establish` of a multi-connection tries one database after the other, so that a mistyped PostgreSQL URL
//! becomes a new SQLite file of that name; here the scheme decides and anything else is refused.

use crate::Error;
use diesel::connection::{Connection, SimpleConnection};
use diesel::r2d2::{ManageConnection, R2D2Connection};
use diesel::{PgConnection, QueryResult, SqliteConnection};
use std::fmt;
use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// A connection to either database. Used like any diesel connection.
#[derive(diesel::MultiConnection)]
pub enum Conn {
    /// PostgreSQL.
    Postgres(PgConnection),
    /// SQLite.
    Sqlite(SqliteConnection),
}

/// Where the data is: `sqlite:PATH`, or `postgres://…` / `postgresql://…` as libpq reads it.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// A file of this machine.
    Sqlite(PathBuf),
    /// A server, by libpq's connection URI.
    Postgres(String),
}

/// A database URL of no known scheme.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no database URL: use sqlite:PATH (such as sqlite:solmu.db) or postgres://USER:PASSWORD@HOST/NAME")]
pub struct UnknownScheme(pub String);

impl FromStr for DatabaseUrl {
    type Err = UnknownScheme;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(DatabaseUrl::Postgres(text.to_owned()));
        }
        match text.strip_prefix("sqlite:") {
            Some(path) if !path.trim_start_matches('/').is_empty() => {
                let path = path.strip_prefix("//").unwrap_or(path);
                Ok(DatabaseUrl::Sqlite(PathBuf::from(path)))
            }
            _ => Err(UnknownScheme(without_password(text))),
        }
    }
}

/// The URL as it may be logged and shown: without its password.
impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DatabaseUrl::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            DatabaseUrl::Postgres(url) => f.write_str(&without_password(url)),
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

fn without_password(text: &str) -> String {
    match url::Url::parse(text) {
        Ok(mut url) if url.password().is_some() => match url.set_password(Some("…")) {
            Ok(()) => url.to_string(),
            Err(()) => url.scheme().to_owned(),
        },
        _ => text.to_owned(),
    }
}

/// What a connection is used for; SQLite's pragmas differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    Read,
    Write,
}

/// Opens and checks the connections of a pool.
pub(crate) struct Opener {
    pub url: DatabaseUrl,
    pub purpose: Use,
    /// A connection that is there already: the pool's first.
    pub first: Mutex<Option<Conn>>,
}

/// `busy_timeout` comes first: the others may already have to wait for a lock. What is deleted is overwritten
/// (`secure_delete`): people may ask for it to be gone. The writer syncs each commit
/// (`synchronous=FULL`), so that what was acknowledged survives a power cut.
const PRAGMAS: &str = "PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON; \
                       PRAGMA cache_size = -4000; PRAGMA journal_size_limit = 67108864;";

/// How often, and how far apart, a new file is tried to be turned to WAL while others do the same. SQLite answers
/// "database is locked" there at once, whatever `busy_timeout` says.
const WAL_TRIES: u32 = 500;
const WAL_PAUSE: Duration = Duration::from_millis(10);

/// A process that stands still in the middle of a transaction (a paused machine) holds up all others on the database; so
/// long, then PostgreSQL takes the transaction back.
const STANDSTILL: &str = "SET idle_in_transaction_session_timeout = '15s'";

fn turn_to_wal(conn: &mut SqliteConnection) -> QueryResult<()> {
    let mut turned = conn.batch_execute("PRAGMA journal_mode = WAL;");
    for _ in 1..WAL_TRIES {
        match &turned {
            Err(diesel::result::Error::DatabaseError(_, info)) if info.message().contains("database is locked") => {}
            _ => break,
        }
        std::thread::sleep(WAL_PAUSE);
        turned = conn.batch_execute("PRAGMA journal_mode = WAL;");
    }
    turned
}

/// Makes a new file that nobody else on the machine may read: private keys are in it. SQLite gives its mode to the files beside
/// it. Who may not make it is told so by SQLite.
fn keep_private(path: &Path) {
    let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    if made.is_ok() {
        tracing::debug!(path = %path.display(), "a new database file");
    }
}

/// Opens a connection.
///
/// # Errors
/// [`Error::Open`] or [`Error::Unreachable`], with the reason in words.
pub(crate) fn connect(url: &DatabaseUrl, purpose: Use) -> Result<Conn, Error> {
    match url {
        DatabaseUrl::Postgres(url) => {
            let mut conn = PgConnection::establish(url).map_err(|error| Error::Unreachable(error.to_string()))?;
            conn.batch_execute(STANDSTILL)?;
            Ok(Conn::Postgres(conn))
        }
        DatabaseUrl::Sqlite(path) => {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
            if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
                return Err(Error::Open(format!("the folder {} does not exist", folder.display())));
            }
            keep_private(path);
            let mut conn = SqliteConnection::establish(&path.to_string_lossy())
                .map_err(|error| Error::Open(format!("{}: {error}", path.display())))?;
            conn.batch_execute(PRAGMAS)
                .and_then(|()| turn_to_wal(&mut conn))
                .and_then(|()| {
                    conn.batch_execute(match purpose {
                        Use::Write => "PRAGMA synchronous = FULL;",
                        Use::Read => "PRAGMA synchronous = NORMAL; PRAGMA query_only = ON;",
                    })
                })
                .map_err(|error| Error::Open(format!("{}: {error}", path.display())))?;
            Ok(Conn::Sqlite(conn))
        }
    }
}

impl ManageConnection for Opener {
    type Connection = Conn;
    type Error = Error;

    fn connect(&self) -> Result<Conn, Error> {
        let first = self.first.lock().unwrap_or_else(PoisonError::into_inner).take();
        first.map_or_else(|| connect(&self.url, self.purpose), Ok)
    }

    fn is_valid(&self, conn: &mut Conn) -> Result<(), Error> {
        match conn {
            Conn::Postgres(conn) => conn.ping().map_err(Error::from),
            Conn::Sqlite(_) => Ok(()), // a file does not hang up
        }
    }

    fn has_broken(&self, conn: &mut Conn) -> bool {
        std::thread::panicking() || crate::each!(conn, c => R2D2Connection::is_broken(c))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scheme_decides_and_anything_else_is_refused() {
        for (text, expected) in [
            ("sqlite:solmu.db", Ok(DatabaseUrl::Sqlite("solmu.db".into()))),
            ("sqlite:/var/lib/solmu/solmu.db", Ok(DatabaseUrl::Sqlite("/var/lib/solmu/solmu.db".into()))),
            ("sqlite:///var/lib/solmu.db", Ok(DatabaseUrl::Sqlite("/var/lib/solmu.db".into()))),
            ("postgres://a@h/b", Ok(DatabaseUrl::Postgres("postgres://a@h/b".into()))),
            ("sqlite:", Err(UnknownScheme("sqlite:".into()))),
            ("postgers://a@h/b", Err(UnknownScheme("postgers://a@h/b".into()))),
            ("solmu.db", Err(UnknownScheme("solmu.db".into()))),
        ] {
            assert_eq!(text.parse(), expected, "{text}");
        }
    }

    #[test]
    fn a_password_is_never_shown() {
        let url: DatabaseUrl = "postgres://solmu:secret@db.example/solmu".parse().unwrap();
        assert!(!format!("{url} {url:?}").contains("secret"));
        assert!(!"postgers://a:secret@h/b".parse::<DatabaseUrl>().unwrap_err().to_string().contains("secret"));
    }
}
