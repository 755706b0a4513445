//! Whether anything was written since: a [`Stamp`] tells two states of the database apart, whichever process wrote.
//!
//! For answers that are kept in memory. Taken before what is read and compared before what is kept is used. On SQLite it is
//! the state of the write-ahead log's file, one system call; the file's time moves in steps of a few milliseconds, so a
//! stamp younger than that tells nothing ([`Store::stamp`] gives none). On PostgreSQL it is the snapshot that a query would
//! see (`pg_current_snapshot`), asked for once for all who came meanwhile.
//!
//! One gap is left on SQLite: a commit becomes visible only after its bytes are synchronised, so a stamp taken while the disk
//! needs longer than the step can be the same before and after. Who keeps something must let it go after a second at most.

use crate::{Clock, DatabaseUrl, Error, Store};
use diesel::prelude::*;
use diesel::sql_types::Text;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::sync::Mutex;

/// Far more than a step of a file's time on any system: Linux takes it from a clock that ticks 100 to 1,000 times a second.
const STEP: Duration = Duration::from_millis(50);

/// A state of the database. Equal stamps: nothing was committed in between. The opposite does not hold: on PostgreSQL a write
/// to another database of the same server changes the stamp too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp(State);

#[derive(Debug, Clone, PartialEq, Eq)]
enum State {
    /// Length and time of the log, and this process's own commits.
    Log { length: u64, modified: SystemTime, commits: u64 },
    /// Which transactions a query sees.
    Snapshot(String),
}

/// What a store needs for its stamps.
#[derive(Default)]
pub(crate) struct Stamps {
    /// Commits of this process.
    commits: AtomicU64,
    /// Those who asked so far.
    asked: AtomicU64,
    /// Who asked before the last question to PostgreSQL began, and its answer.
    answered: Mutex<(u64, Option<String>)>,
}

impl Stamps {
    /// A write of this process was committed.
    pub(crate) fn committed(&self) {
        self.commits.fetch_add(1, Ordering::Release);
    }
}

#[derive(QueryableByName)]
struct Snapshot {
    #[diesel(sql_type = Text)]
    snapshot: String,
}

impl Store {
    /// The present stamp. `None` when the state cannot be told from one a moment later: keep nothing then.
    pub async fn stamp(&self) -> Option<Stamp> {
        let state = match self.url() {
            DatabaseUrl::Sqlite(path) => self.log(path.clone()),
            DatabaseUrl::Postgres(_) => self.snapshot().await.map(State::Snapshot),
        };
        state.map(Stamp)
    }

    /// How many writes of this process were committed.
    pub fn commits(&self) -> u64 {
        self.stamps().commits.load(Ordering::Acquire)
    }

    fn log(&self, database: PathBuf) -> Option<State> {
        let commits = self.commits();
        let mut log = database.into_os_string();
        log.push("-wal");
        let file = match std::fs::metadata(log) {
            Ok(file) => Some(file).filter(|file| file.len() > 0),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(_) => return None,
        };
        // An empty log, or none: nothing was written since the database was opened.
        let Some(file) = file else { return Some(State::Log { length: 0, modified: UNIX_EPOCH, commits }) };
        let modified = file.modified().ok()?;
        let now = UNIX_EPOCH + Duration::from_millis(u64::try_from(Clock::System.now().as_millis()).ok()?);
        let settled = now.duration_since(modified).is_ok_and(|age| age > STEP);
        settled.then_some(State::Log { length: file.len(), modified, commits })
    }

    /// Asks once for all who came before the question.
    async fn snapshot(&self) -> Option<String> {
        let stamps = self.stamps();
        let turn = stamps.asked.fetch_add(1, Ordering::AcqRel);
        let mut answered = stamps.answered.lock().await;
        if answered.0 <= turn {
            let before = stamps.asked.load(Ordering::Acquire);
            let asked = self.read(|conn| {
                let row: Snapshot =
                    diesel::sql_query("SELECT pg_current_snapshot()::text AS snapshot").get_result(conn)?;
                Ok::<_, Error>(row.snapshot)
            });
            *answered = (before, asked.await.ok());
        }
        answered.1.clone()
    }
}
