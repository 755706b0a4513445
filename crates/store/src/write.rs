//! The way in: [`Store::read`], [`Store::read_one_moment`] and [`Store::write`].
//!
//! Invariant: a write is one transaction, `BEGIN IMMEDIATE` on SQLite and `SERIALIZABLE` on PostgreSQL, and is run again
//! after a lost race. A plain read-then-write would fail on the one ("database is locked") and silently lose updates on
//! the other. SQLite has one writing connection; queueing for it happens here, not in its lock.

use crate::conn::{Opener, Use, connect};
use crate::stamp::Stamps;
use crate::transaction::{Change, Durability, Wish, at_one_moment, durably};
use crate::{Conn, DatabaseUrl, Error, Failure};
use diesel::RunQueryDsl;
use diesel::connection::SimpleConnection;
use diesel::r2d2::{NopErrorHandler, Pool, PooledConnection};
use std::any::Any;
use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{Semaphore, SemaphorePermit};

/// How often a transaction that lost a race is run before [`Error::Busy`] is the answer.
const RACES: u32 = 12;
/// After so many lost races a transaction on PostgreSQL runs alone, so that under load everybody comes to an end, with
/// any number of processes on one database.
const ALONE_AFTER: u32 = 3;
/// How long a connection may take; and to a database server that counts as away otherwise, when readers wait for pages.
const WAIT: Duration = Duration::from_secs(5);
const SHORT_WAIT: Duration = Duration::from_millis(800);
/// For so long after a connection could not be had, nobody else waits for one.
const AWAY: Duration = Duration::from_millis(500);
/// How long a request waits for its turn.
const TURN: Duration = Duration::from_secs(10);
/// A transaction that lost races for so long is given up, so that who waits for it is told to come again.
const PATIENCE: Duration = Duration::from_secs(12);

/// The node's database. Cheap to clone; all clones share the same connections.
#[derive(Clone)]
pub struct Store {
    url: DatabaseUrl,
    readers: Pool<Opener>,
    writers: Pool<Opener>,
    /// As many tasks enter the blocking threads as there are connections; the others wait here without a thread.
    read_slots: Arc<Semaphore>,
    write_slots: Arc<Semaphore>,
    waiting_writes: Arc<AtomicUsize>,
    /// Readers wait: see [`Store::answer_soon`].
    soon: Arc<AtomicBool>,
    /// Until when the database counts as away.
    away: Arc<Mutex<Option<Instant>>>,
    stamps: Arc<Stamps>,
}

impl Store {
    /// Opens the database and checks that it answers. Creates an SQLite file that is not there, but no folder and no
    /// PostgreSQL database. Does not migrate: see [`crate::migrate::run`].
    ///
    /// # Errors
    /// [`Error::Open`] or [`Error::Unreachable`], with the reason in words.
    pub fn open(url: &DatabaseUrl) -> Result<Store, Error> {
        let (writers, readers) = match url {
            DatabaseUrl::Sqlite(_) => (1, 4),
            DatabaseUrl::Postgres(_) => (4, 4),
        };
        // The first connection is made by hand, to have its own error instead of the pool's time-out.
        let first = connect(url, Use::Read)?;
        let pool = |size: u32, purpose, first| {
            Pool::builder()
                .max_size(size)
                .min_idle(Some(0))
                .connection_timeout(WAIT)
                .error_handler(Box::new(NopErrorHandler)) // reported where a connection is asked for
                .build_unchecked(Opener { url: url.clone(), purpose, first: Mutex::new(first) })
        };
        Ok(Store {
            url: url.clone(),
            readers: pool(readers, Use::Read, Some(first)),
            writers: pool(writers, Use::Write, None),
            read_slots: Arc::new(Semaphore::new(readers as usize)),
            write_slots: Arc::new(Semaphore::new(writers as usize)),
            waiting_writes: Arc::default(),
            soon: Arc::default(),
            away: Arc::default(),
            stamps: Arc::default(),
        })
    }

    /// From now on readers wait for answers: a database server that does not answer within a second counts as away. A
    /// command has more patience than they have.
    pub fn answer_soon(&self) {
        self.soon.store(matches!(self.url, DatabaseUrl::Postgres(_)), Ordering::Relaxed);
    }

    pub(crate) fn stamps(&self) -> &Stamps {
        &self.stamps
    }

    /// Where the data is.
    pub fn url(&self) -> &DatabaseUrl {
        &self.url
    }

    /// Runs queries that change nothing, on a thread of their own.
    ///
    /// # Errors
    /// What `query` returns, or the store's own failure to give it a connection.
    pub async fn read<T, E, F>(&self, query: F) -> Result<T, E>
    where
        F: FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: Failure + Send + 'static,
    {
        opened(self.in_turn(Turn::Read, Box::new(move |store| Box::new(store.read_now(query)))).await)
    }

    /// [`Store::read`] for queries whose answers are compared: all see the database of the same moment, whatever is written
    /// between them.
    ///
    /// # Errors
    /// As [`Store::read`].
    pub async fn read_one_moment<T, E, F>(&self, queries: F) -> Result<T, E>
    where
        F: FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: Failure + Send + 'static,
    {
        self.read(move |conn| at_one_moment(conn, queries)).await
    }

    /// Runs `change` in one serialisable transaction, on a thread of its own, and commits it when it returns `Ok`. It
    /// may run several times, so it must have no effect outside the database.
    ///
    /// # Errors
    /// What `change` returns (then nothing was written), or the store's own failure.
    pub async fn write<T, E, F>(&self, change: F) -> Result<T, E>
    where
        F: Fn(&mut Conn) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: Failure + Send + 'static,
    {
        opened(self.in_turn(Turn::Write, Box::new(move |store| Box::new(store.write_now(change)))).await)
    }

    /// [`Store::write`] for what a power cut may take: who works on what, and what of it is done. Nothing waits for the disk.
    /// The end of the process loses nothing, and the order stays: what is lost is the latest, and such work is done again.
    ///
    /// # Errors
    /// As [`Store::write`].
    pub async fn write_lightly<T, E, F>(&self, change: F) -> Result<T, E>
    where
        F: Fn(&mut Conn) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: Failure + Send + 'static,
    {
        let work: Work = Box::new(move |store| Box::new(store.write_as(Durability::Light, change)));
        opened(self.in_turn(Turn::WriteLightly, work).await)
    }

    /// [`Store::read`] on the calling thread, for the command line and for what already runs on a blocking thread.
    ///
    /// # Errors
    /// As [`Store::read`].
    pub fn read_now<T, E: Failure>(&self, query: impl FnOnce(&mut Conn) -> Result<T, E>) -> Result<T, E> {
        query(&mut *self.connection(&self.readers)?)
    }

    /// [`Store::write`] on the calling thread.
    ///
    /// # Errors
    /// As [`Store::write`].
    pub fn write_now<T, E: Failure>(&self, change: impl Fn(&mut Conn) -> Result<T, E>) -> Result<T, E> {
        self.write_as(Durability::Full, change)
    }

    fn write_as<T, E: Failure>(
        &self,
        durability: Durability,
        change: impl Fn(&mut Conn) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut last = None;
        self.transact(durability, &mut |conn| {
            let done = change(conn);
            let race = done.as_ref().err().and_then(Failure::as_store_error).filter(|error| error.is_race());
            let wish = match (&done, race) {
                (Ok(_), _) => Wish::Commit,
                (Err(_), Some(error)) => Wish::OnceMore(error.to_string()),
                (Err(_), None) => Wish::Rollback,
            };
            last = Some(done);
            wish
        })?;
        last.expect("what came to an end was run")
    }

    /// Runs `change` in transactions until one comes to an end: committed, or rolled back as `change` wishes.
    fn transact(&self, durability: Durability, change: Change<'_>) -> Result<(), Error> {
        let (mut last, begun) = (String::new(), Instant::now());
        for attempt in 0..RACES {
            let mut conn = self.connection(&self.writers)?;
            last = match durably(&mut conn, durability, attempt >= ALONE_AFTER, change) {
                Ok(Wish::OnceMore(why)) => why,
                Err(error) if error.is_race() => error.to_string(),
                ended => {
                    self.stamps.committed();
                    return ended.map(|_| ());
                }
            };
            tracing::debug!(attempt, "store.write lost a race, once more");
            drop(conn);
            if begun.elapsed() > PATIENCE {
                break;
            }
            std::thread::sleep(jitter(attempt));
        }
        Err(Error::Busy(last))
    }

    /// Runs `work` on a thread of its own when its turn has come.
    async fn in_turn(&self, turn: Turn, work: Work) -> Result<Opaque, Error> {
        let _slot = match turn {
            Turn::Read => soon(&self.read_slots).await?,
            Turn::Write => {
                let _waiting = Waiting::new(&self.waiting_writes);
                soon(&self.write_slots).await?
            }
            Turn::WriteLightly => self.write_slots.acquire().await.map_err(|_| stopping())?,
        };
        if turn != Turn::WriteLightly {
            self.check_away()?;
        }
        let store = self.clone();
        match tokio::task::spawn_blocking(move || work(&store)).await {
            Ok(done) => Ok(done),
            Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
            Err(_) => Err(stopping()),
        }
    }

    /// How many wait for their turn to write.
    pub fn waiting_writes(&self) -> usize {
        self.waiting_writes.load(Ordering::Relaxed)
    }

    /// When the database is away, few find out how long it takes to say so; the others are told at once, however many
    /// they are.
    fn check_away(&self) -> Result<(), Error> {
        match *self.away() {
            Some(until) if until > Instant::now() => Err(Error::Unreachable("it was away a moment ago".to_owned())),
            _ => Ok(()),
        }
    }

    fn connection(&self, pool: &Pool<Opener>) -> Result<PooledConnection<Opener>, Error> {
        let wait = if self.soon.load(Ordering::Relaxed) { SHORT_WAIT } else { WAIT };
        let conn = pool.get_timeout(wait).map_err(|error| Error::Unreachable(error.to_string()));
        *self.away() = conn.is_err().then(|| Instant::now() + AWAY);
        conn
    }

    fn away(&self) -> std::sync::MutexGuard<'_, Option<Instant>> {
        self.away.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Leaves nothing of what was deleted before in the database's files: SQLite's index of words is merged and its WAL is
    /// emptied into the file and cut; the tables of PostgreSQL are vacuumed. `false` when somebody still read the old state
    /// and it has to be done again.
    ///
    /// # Errors
    /// Those of the database.
    pub fn scrub(&self) -> Result<bool, Error> {
        let mut conn = self.connection(&self.writers)?;
        match &mut *conn {
            Conn::Sqlite(conn) => {
                conn.batch_execute("INSERT INTO search_words (search_words) VALUES ('optimize')")?;
                let emptied: Emptied = diesel::sql_query("PRAGMA wal_checkpoint(TRUNCATE)").get_result(conn)?;
                Ok(emptied.busy == 0)
            }
            Conn::Postgres(conn) => {
                conn.batch_execute(
                    "VACUUM accounts, producers, pictures, letters, join_links, actors, objects, activities, deliveries, \
                     searchable, search_words",
                )?;
                Ok(true)
            }
        }
    }

    /// Writes a consistent copy of an SQLite database to a new file (`VACUUM INTO`), while the node runs. The file is for its
    /// owner alone, whatever the umask: the private keys are in it.
    ///
    /// # Errors
    /// [`Error::Backup`] in words when the file exists, or when the database is PostgreSQL, whose own `pg_dump` does this.
    pub fn backup(&self, file: &std::path::Path) -> Result<(), Error> {
        if matches!(self.url, DatabaseUrl::Postgres(_)) {
            return Err(Error::Backup(format!(
                "{} is kept by PostgreSQL: back it up with `pg_dump --format=custom --file={} URL`",
                self.url,
                file.display()
            )));
        }
        if file.exists() {
            return Err(Error::Backup(format!("{} exists already and is not overwritten", file.display())));
        }
        let quoted = file.to_string_lossy().replace('\'', "''");
        let mut conn = self.connection(&self.writers)?;
        // SQLite takes an empty file for a new one.
        let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file);
        made.map_err(|error| Error::Backup(format!("{}: {error}", file.display())))?;
        conn.batch_execute(&format!("VACUUM INTO '{quoted}'")).map_err(|error| {
            std::fs::remove_file(file).ok();
            Error::from(error)
        })
    }
}

/// What SQLite says of a checkpoint.
#[derive(diesel::QueryableByName)]
struct Emptied {
    #[diesel(sql_type = diesel::sql_types::Integer)]
    busy: i32,
}

/// What is run on a thread of its own, and what comes of it: a `Result<T, E>` of types that only the asker knows. In boxes,
/// because the compiler would otherwise make tokio's whole machinery of threads anew for each query of the node.
type Work = Box<dyn FnOnce(&Store) -> Opaque + Send>;
type Opaque = Box<dyn Any + Send>;

/// The asker's own type again.
fn opened<T: 'static, E: Failure + 'static>(done: Result<Opaque, Error>) -> Result<T, E> {
    *done?.downcast().expect("work returns what its asker boxed")
}

/// Whose turn it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    Read,
    Write,
    /// Nobody was promised an answer: it waits for as long as it takes.
    WriteLightly,
}

/// Waits for a turn, in order.
async fn soon(slots: &Semaphore) -> Result<SemaphorePermit<'_>, Error> {
    let turn = tokio::time::timeout(TURN, slots.acquire()).await;
    turn.ok().and_then(Result::ok).ok_or_else(|| Error::Busy("too many wait for it".to_owned()))
}

fn stopping() -> Error {
    Error::Unreachable("the node is stopping".to_owned())
}

/// Somebody who waits for a turn to write.
struct Waiting<'a>(&'a AtomicUsize);

impl Waiting<'_> {
    fn new(count: &AtomicUsize) -> Waiting<'_> {
        count.fetch_add(1, Ordering::Relaxed);
        Waiting(count)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// 2, 4, 8 … 256 ms, plus up to as much again, so that two losers do not meet once more.
fn jitter(attempt: u32) -> Duration {
    let base = 1u64 << attempt.clamp(1, 8);
    let random = uuid::Uuid::new_v4().as_u64_pair().0;
    Duration::from_millis(base + random % base)
}
