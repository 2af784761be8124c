//! The store: a pool of readers, and for SQLite one writer thread with two lanes, answers first.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::Duration;

use diesel::{Connection as _, RunQueryDsl as _};
use tokio::sync::oneshot;

use crate::answers::{SaveOutcome, SaveRequest};
use crate::connection::{DatabaseUrl, DbConnection, Manager, open};
use crate::writer::{self, Command, Counts};
use crate::{StorageError, migrations};

/// Connections that read, on SQLite.
const SQLITE_READERS: u32 = 4;
/// Connections in the pool, on PostgreSQL.
const POSTGRES_CONNECTIONS: u32 = 16;
/// How long a caller waits for a connection.
const POOL_WAIT: Duration = Duration::from_secs(5);
/// Answers that may wait to be written; past it a save is told to come again (503).
pub const ANSWER_QUEUE_ROWS: usize = 20_000;
/// The memory that they may take, in bytes: long texts fill the queue before its rows do.
pub const ANSWER_QUEUE_BYTES: usize = 64 * 1024 * 1024;

/// Resolves once queued answers are durable, or refused.
pub type SaveReceiver = oneshot::Receiver<Result<Vec<SaveOutcome>, StorageError>>;

type Pool = r2d2::Pool<Manager>;

/// The database of one installation.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    url: DatabaseUrl,
    pool: Pool,
    commands: mpsc::Sender<Command>,
    counts: Arc<Counts>,
    writer: std::sync::Mutex<Option<JoinHandle<()>>>,
    /// Locks taken by [`Store::hold`] where the database belongs to this process.
    held: Arc<std::sync::Mutex<BTreeSet<i64>>>,
    _lock: Option<std::fs::File>,
}

impl Store {
    /// Opens a database without touching its schema.
    ///
    /// # Errors
    /// [`StorageError::InUse`] when another process serves the same SQLite file,
    /// [`StorageError::Unavailable`] when it cannot be reached.
    pub fn open(url: &DatabaseUrl) -> Result<Self, StorageError> {
        let lock = match url {
            DatabaseUrl::Sqlite(path) => Some(lock_file(path)?),
            DatabaseUrl::Postgres(_) => None,
        };
        let size = match url {
            DatabaseUrl::Sqlite(_) => SQLITE_READERS,
            DatabaseUrl::Postgres(_) => POSTGRES_CONNECTIONS,
        };
        // The writer opens first: on SQLite that is what sets the journal mode.
        let connection = open(url)?;
        let pool = r2d2::Pool::builder()
            .max_size(size)
            .min_idle(Some(1))
            .connection_timeout(POOL_WAIT)
            .test_on_check_out(matches!(url, DatabaseUrl::Postgres(_)))
            .build(Manager(url.clone()))?;
        let counts: Arc<Counts> = Arc::default();
        let (commands, receiver) = mpsc::channel();
        let writer = {
            let url = url.clone();
            let counts = Arc::clone(&counts);
            std::thread::Builder::new()
                .name("zhijie-writer".to_owned())
                .spawn(move || writer::run(&url, connection, &receiver, &counts))
                .map_err(|error| StorageError::Unavailable(error.to_string()))?
        };
        Ok(Self {
            inner: Arc::new(Inner {
                url: url.clone(),
                pool,
                commands,
                counts,
                writer: std::sync::Mutex::new(Some(writer)),
                held: Arc::default(),
                _lock: lock,
            }),
        })
    }

    /// Opens a database and brings its schema up to date.
    ///
    /// # Errors
    /// As [`Store::open`], and [`StorageError::Migration`].
    pub fn open_migrated(url: &DatabaseUrl) -> Result<Self, StorageError> {
        let store = Self::open(url)?;
        store.exclusive(migrations::up)?;
        Ok(store)
    }

    /// `sqlite` or `postgres`.
    pub fn backend_name(&self) -> &'static str {
        self.inner.url.backend_name()
    }

    /// Reads: `work` sees one consistent state of the database.
    ///
    /// # Errors
    /// What `work` returns, or [`StorageError::Unavailable`].
    pub fn read<T, E>(&self, work: impl FnOnce(&mut DbConnection) -> Result<T, E>) -> Result<T, E>
    where
        E: From<StorageError>,
    {
        let mut connection = self.inner.pool.get().map_err(StorageError::from)?;
        in_transaction(&mut connection, |connection| {
            // A transaction of SQLite sees one state anyway.
            if matches!(connection, DbConnection::Postgres(_)) {
                diesel::sql_query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
                    .execute(connection)
                    .map_err(StorageError::from)?;
            }
            work(connection)
        })
    }

    /// Writes in one durable transaction: all of `work`, or nothing of it.
    ///
    /// On SQLite it runs on the writer thread, after the answers that wait.
    ///
    /// # Errors
    /// What `work` returns, or [`StorageError::Unavailable`].
    pub fn write<T, E>(&self, work: impl FnOnce(&mut DbConnection) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StorageError> + Send + 'static,
    {
        match self.inner.url {
            DatabaseUrl::Sqlite(_) => self.on_writer(|connection| in_transaction(connection, work)),
            DatabaseUrl::Postgres(_) => {
                let mut connection = self.inner.pool.get().map_err(StorageError::from)?;
                in_transaction(&mut connection, work)
            }
        }
    }

    /// Runs `work` outside a transaction on the connection that writes (migrations, maintenance).
    ///
    /// # Errors
    /// What `work` returns, or [`StorageError::Unavailable`].
    pub fn exclusive<T, E>(&self, work: impl FnOnce(&mut DbConnection) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StorageError> + Send + 'static,
    {
        match self.inner.url {
            DatabaseUrl::Sqlite(_) => self.on_writer(work),
            DatabaseUrl::Postgres(_) => {
                let mut connection = self.inner.pool.get().map_err(StorageError::from)?;
                work(&mut connection)
            }
        }
    }

    fn on_writer<T, E>(&self, work: impl FnOnce(&mut DbConnection) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StorageError> + Send + 'static,
    {
        let (reply, answer) = mpsc::sync_channel(1);
        let job = Box::new(move |connection: &mut DbConnection| {
            // The caller may be gone; then nobody needs the reply.
            let _ = reply.send(work(connection));
        });
        let gone = || E::from(StorageError::Unavailable("the writer has stopped".to_owned()));
        self.inner.commands.send(Command::Work(job)).map_err(|_| gone())?;
        answer.recv().map_err(|_| gone())?
    }

    /// Queues answers for the writer. The receiver resolves once they are durable, or refused.
    ///
    /// # Errors
    /// [`StorageError::Unavailable`] when the queue is full.
    pub fn enqueue_saves(&self, rows: Vec<SaveRequest>) -> Result<SaveReceiver, StorageError> {
        let (count, bytes) = (rows.len(), writer::bytes_of(&rows));
        let counts = &self.inner.counts;
        let waiting = counts.waiting.fetch_add(count, Ordering::AcqRel).saturating_add(count);
        let waiting_bytes = counts.waiting_bytes.fetch_add(bytes, Ordering::AcqRel).saturating_add(bytes);
        if waiting > ANSWER_QUEUE_ROWS || waiting_bytes > ANSWER_QUEUE_BYTES {
            counts.take_off(count, bytes);
            return Err(StorageError::Unavailable("the answer queue is full".to_owned()));
        }
        let (reply, receiver) = oneshot::channel();
        if self.inner.commands.send(Command::Save { rows, reply }).is_err() {
            counts.take_off(count, bytes);
            return Err(StorageError::Unavailable("the writer has stopped".to_owned()));
        }
        Ok(receiver)
    }

    /// Answers that wait to be written.
    pub fn answers_waiting(&self) -> usize {
        self.inner.counts.waiting.load(Ordering::Acquire)
    }

    /// Answers that this process has decided on since it started: stored, superseded or refused, each durably.
    pub fn answers_written(&self) -> u64 {
        self.inner.counts.written.load(Ordering::Acquire)
    }

    /// Takes a named lock until the guard goes, against other nodes and against other threads of this one; none when
    /// somebody holds it.
    ///
    /// # Errors
    /// [`StorageError::Unavailable`].
    pub fn hold(&self, key: i64) -> Result<Option<Held>, StorageError> {
        let url = match &self.inner.url {
            // A SQLite file belongs to one process.
            DatabaseUrl::Sqlite(_) => {
                let mut held = self.inner.held.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                let guard = || Held { _how: Holding::Here { key, held: Arc::clone(&self.inner.held) } };
                return Ok(held.insert(key).then(guard));
            }
            url @ DatabaseUrl::Postgres(_) => url,
        };
        let mut connection = open(url)?;
        let is_held = crate::settings::try_lock(&mut connection, key)?;
        Ok(is_held.then_some(Held { _how: Holding::Database { _connection: Box::new(connection) } }))
    }

    /// Whether the database answers.
    pub fn is_up(&self) -> bool {
        self.read(|connection| crate::settings::get(connection, "schema").map(|_| ())).is_ok()
    }

    /// Writes what waits and stops the writer. Later writes are refused.
    pub fn shut_down(&self) {
        let _ = self.inner.commands.send(Command::Stop);
        let handle = self.inner.writer.lock().ok().and_then(|mut guard| guard.take());
        if let Some(handle) = handle {
            let _ = handle.join();
        }
    }
}

/// A lock that is held; it ends with this value, or with the process.
pub struct Held {
    _how: Holding,
}

enum Holding {
    /// Across nodes: the lock ends with the connection.
    Database { _connection: Box<DbConnection> },
    /// In this process.
    Here { key: i64, held: Arc<std::sync::Mutex<BTreeSet<i64>>> },
}

impl Drop for Holding {
    fn drop(&mut self) {
        if let Self::Here { key, held } = self {
            held.lock().unwrap_or_else(std::sync::PoisonError::into_inner).remove(key);
        }
    }
}

fn in_transaction<T, E>(
    connection: &mut DbConnection,
    work: impl FnOnce(&mut DbConnection) -> Result<T, E>,
) -> Result<T, E>
where
    E: From<StorageError>,
{
    // Diesel's own error type must be convertible; carry ours across it.
    enum Carried<E> {
        Ours(E),
        Theirs(diesel::result::Error),
    }
    impl<E> From<diesel::result::Error> for Carried<E> {
        fn from(error: diesel::result::Error) -> Self {
            Self::Theirs(error)
        }
    }
    connection.transaction(|connection| work(connection).map_err(Carried::Ours)).map_err(|error| match error {
        Carried::Ours(error) => error,
        Carried::Theirs(error) => E::from(StorageError::from(error)),
    })
}

/// Takes an advisory lock beside the SQLite file, held as long as the store lives.
fn lock_file(path: &std::path::Path) -> Result<std::fs::File, StorageError> {
    if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        std::fs::create_dir_all(parent).map_err(|error| StorageError::Unavailable(error.to_string()))?;
    }
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let file = std::fs::OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&name)
        .map_err(|error| StorageError::Unavailable(error.to_string()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(_) => Err(StorageError::InUse(path.display().to_string())),
    }
}
