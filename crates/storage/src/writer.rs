//! The thread that writes: answers in groups first, then one piece of other work at a time.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, TryRecvError};

use diesel::Connection as _;
use tokio::sync::oneshot;

use crate::StorageError;
use crate::answers::{self, SaveOutcome, SaveRequest};
use crate::connection::{DatabaseUrl, DbConnection, is_broken, open};

/// Rows that go into one transaction at the most.
pub(crate) const BATCH_ROWS: usize = 512;

/// Between two tries to open a connection.
const REOPEN_PAUSE: std::time::Duration = std::time::Duration::from_millis(500);

pub(crate) type Job = Box<dyn FnOnce(&mut DbConnection) + Send>;
pub(crate) type SaveReply = oneshot::Sender<Result<Vec<SaveOutcome>, StorageError>>;

/// What the writer is asked to do.
pub(crate) enum Command {
    /// The lane of answers.
    Save { rows: Vec<SaveRequest>, reply: SaveReply },
    /// The lane of everything else.
    Work(Job),
    /// Finish what waits, then end.
    Stop,
}

struct Waiting {
    saves: VecDeque<(Vec<SaveRequest>, SaveReply)>,
    work: VecDeque<Job>,
    stop: bool,
}

impl Waiting {
    fn take(&mut self, command: Command) {
        match command {
            Command::Save { rows, reply } => self.saves.push_back((rows, reply)),
            Command::Work(job) => self.work.push_back(job),
            Command::Stop => self.stop = true,
        }
    }

    fn is_empty(&self) -> bool {
        self.saves.is_empty() && self.work.is_empty()
    }
}

/// What waits for the writer, and what it has done.
#[derive(Default)]
pub(crate) struct Counts {
    /// Answers that wait.
    pub(crate) waiting: AtomicUsize,
    /// The memory that they take, in bytes.
    pub(crate) waiting_bytes: AtomicUsize,
    /// Answers written since the start.
    pub(crate) written: AtomicU64,
}

impl Counts {
    /// Takes what was queued, and has been dealt with or refused, off what waits.
    pub(crate) fn take_off(&self, rows: usize, bytes: usize) {
        self.waiting.fetch_sub(rows, Ordering::AcqRel);
        self.waiting_bytes.fetch_sub(bytes, Ordering::AcqRel);
    }
}

/// The memory of some answers, in bytes.
pub(crate) fn bytes_of(rows: &[SaveRequest]) -> usize {
    rows.iter()
        .map(|row| size_of::<SaveRequest>() + row.id.len() + row.attempt_id.len() + row.response_json.len())
        .fold(0, usize::saturating_add)
}

/// Runs until told to stop, or until every sender is gone.
pub(crate) fn run(url: &DatabaseUrl, mut connection: DbConnection, commands: &Receiver<Command>, counts: &Arc<Counts>) {
    let mut waiting = Waiting { saves: VecDeque::new(), work: VecDeque::new(), stop: false };
    loop {
        if waiting.is_empty() {
            if waiting.stop {
                return;
            }
            match commands.recv() {
                Ok(command) => waiting.take(command),
                Err(_) => return,
            }
        }
        // Drain without waiting, so that a batch is as large as the load makes it.
        loop {
            match commands.try_recv() {
                Ok(command) => waiting.take(command),
                Err(TryRecvError::Empty) => break,
                Err(TryRecvError::Disconnected) => {
                    waiting.stop = true;
                    break;
                }
            }
        }
        if waiting.saves.is_empty() {
            if let Some(job) = waiting.work.pop_front() {
                guarded(url, &mut connection, |connection| job(connection));
            }
        } else {
            let batch = take_batch(&mut waiting.saves);
            let (rows, bytes) = (batch.rows.len(), bytes_of(&batch.rows));
            guarded(url, &mut connection, |connection| write_batch(url, connection, batch));
            counts.take_off(rows, bytes);
            counts.written.fetch_add(u64::try_from(rows).unwrap_or(0), Ordering::AcqRel);
        }
    }
}

/// Runs one piece of work so that a defect in it ends neither the thread nor the work of others: its caller gets no
/// reply, the connection (which may be inside a transaction) is replaced. So is a SQLite connection that a full disk left
/// in a transaction without end; one to PostgreSQL is replaced with the next batch.
fn guarded(url: &DatabaseUrl, connection: &mut DbConnection, work: impl FnOnce(&mut DbConnection)) {
    if std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| work(connection))).is_err() {
        tracing::error!("a piece of work panicked on the writer thread; opening a fresh connection");
    } else if matches!(connection, DbConnection::Sqlite(_)) && is_broken(connection) {
        tracing::warn!("the writer's transaction could not be ended; opening a fresh connection");
    } else {
        return;
    }
    loop {
        match open(url) {
            Ok(fresh) => {
                *connection = fresh;
                return;
            }
            Err(error) => {
                tracing::error!(%error, "the writer cannot open a connection; trying again");
                std::thread::sleep(REOPEN_PAUSE);
            }
        }
    }
}

/// Answers that go into one transaction, and who waits for how many of them.
struct Batch {
    rows: Vec<SaveRequest>,
    replies: Vec<(usize, SaveReply)>,
}

/// Takes the requests that have waited longest, up to [`BATCH_ROWS`] rows of them, one at the least.
fn take_batch(saves: &mut VecDeque<(Vec<SaveRequest>, SaveReply)>) -> Batch {
    let mut batch = Batch { rows: Vec::new(), replies: Vec::new() };
    while let Some((first, _)) = saves.front() {
        if !batch.rows.is_empty() && batch.rows.len().saturating_add(first.len()) > BATCH_ROWS {
            break;
        }
        let Some((rows, reply)) = saves.pop_front() else { break };
        batch.replies.push((rows.len(), reply));
        batch.rows.extend(rows);
    }
    batch
}

/// Writes a batch and acknowledges each request of it.
fn write_batch(url: &DatabaseUrl, connection: &mut DbConnection, Batch { rows, replies }: Batch) {
    let taken = rows.len();
    let outcome = match save(connection, &rows) {
        // A connection that could not be replaced is tried, and replaced, again with the next batch.
        Err(error) if error.is_transient() && reconnect(url, connection) => save(connection, &rows),
        outcome => outcome,
    };
    match outcome {
        Ok(outcomes) => {
            let mut outcomes = outcomes.into_iter();
            for (len, reply) in replies {
                let _ = reply.send(Ok(outcomes.by_ref().take(len).collect()));
            }
        }
        Err(error) if error.is_transient() => {
            for (_, reply) in replies {
                let _ = reply.send(Err(StorageError::Unavailable(error.to_string())));
            }
        }
        Err(error) => {
            tracing::warn!(%error, rows = taken, "a batch of answers failed; replaying row by row");
            let mut rows = rows.into_iter();
            for (len, reply) in replies {
                let own: Vec<SaveRequest> = rows.by_ref().take(len).collect();
                let _ = reply.send(replay(connection, &own));
            }
        }
    }
}

fn save(connection: &mut DbConnection, rows: &[SaveRequest]) -> Result<Vec<SaveOutcome>, StorageError> {
    connection.transaction(|connection| answers::save_answers(connection, rows))
}

/// One transaction for each row, so that a bad row harms no other.
fn replay(connection: &mut DbConnection, rows: &[SaveRequest]) -> Result<Vec<SaveOutcome>, StorageError> {
    let mut outcomes = Vec::with_capacity(rows.len());
    for row in rows {
        match save(connection, std::slice::from_ref(row)) {
            Ok(mut one) => outcomes.append(&mut one),
            Err(error) if error.is_transient() => return Err(error),
            Err(error) => {
                tracing::error!(%error, "an answer could not be stored");
                outcomes.push(SaveOutcome::Failed);
            }
        }
    }
    Ok(outcomes)
}

/// Replaces a connection to PostgreSQL. Says whether it did.
fn reconnect(url: &DatabaseUrl, connection: &mut DbConnection) -> bool {
    let DatabaseUrl::Postgres(_) = url else { return false };
    match open(url) {
        Ok(fresh) => {
            *connection = fresh;
            true
        }
        Err(error) => {
            tracing::warn!(%error, "the writer could not reconnect");
            false
        }
    }
}
