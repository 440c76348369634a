//! Where the rows of a batch go while it runs.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use aerospike_core::{BatchRecord, Record, Value};
use futures_util::future::BoxFuture;

use crate::doubt::{Sends, may_be_applied, never_ran};
use crate::errors::{Failure, Kind, code, is_undecodable};

/// The bin in which a server tells why a function failed.
const FAILURE_BIN: &str = "FAILURE";

/// Resolves when a sink has room for more rows; false: it wants none any more.
pub type Room = BoxFuture<'static, bool>;

/// What the rows of a batch are laid into. Each row is told once.
pub trait Sink: Send + 'static {
    /// Whether it may want a row to wait: only then is it asked for room.
    const PACED: bool = false;

    /// A record answers a row.
    fn record(&mut self, row: usize, record: &Record);
    /// A row has failed.
    fn fail(&mut self, row: usize, failure: Failure);
    /// What to wait for before the next row is read from the node that sent this one.
    fn room(&mut self) -> Option<Room> {
        None
    }
}

/// Which rows write, and so can be in doubt.
pub enum Writes {
    /// None of them.
    Never,
    /// All of them.
    Always,
    /// Those that are marked.
    Rows(Vec<bool>),
}

impl Writes {
    fn at(&self, row: usize) -> bool {
        match self {
            Writes::Never => false,
            Writes::Always => true,
            Writes::Rows(rows) => rows.get(row).copied().unwrap_or_default(),
        }
    }
}

/// A sub-batch.
#[derive(Default)]
struct Part {
    begun: bool,
    /// The first failure of a row that may have been meant for all of its group.
    group: Option<Failure>,
}

struct Inner<S> {
    sink: Option<S>,
    answered: Vec<bool>,
    part_rows: usize,
    parts: Vec<Part>,
    /// Rows of a group that failed by one value that cannot be decoded, and how.
    reread: Vec<(usize, Failure)>,
    /// The first failure of a whole part, or of a node in it.
    failure: Option<Failure>,
}

/// The rows of one batch, shared with the core's hook. The sink is taken out at the end, so that a late row finds nothing
/// to write to.
pub struct Rows<S> {
    inner: Mutex<Inner<S>>,
    writes: Writes,
    /// Functions that fail leave nothing behind: see `doubt.rs`.
    undone: bool,
    /// A server answered for a row, with a record or a code of its own.
    served: AtomicBool,
}

impl<S: Sink> Inner<S> {
    fn first_answer(&mut self, row: usize) -> Option<&mut S> {
        let answered = self.answered.get_mut(row)?;
        if std::mem::replace(answered, true) {
            return None;
        }
        self.sink.as_mut()
    }

    fn fail(&mut self, row: usize, failure: Failure) {
        if let Some(sink) = self.first_answer(row) {
            sink.fail(row, failure);
        }
    }

    /// Whether the part that a row belongs to was sent.
    fn begun(&self, row: usize) -> bool {
        self.parts.get(row / self.part_rows).is_some_and(|part| part.begun)
    }
}

impl<S: Sink> Rows<S> {
    /// Rows without an answer.
    pub fn new(sink: S, rows: usize, writes: Writes, undone: bool) -> Self {
        Rows {
            inner: Mutex::new(Inner {
                sink: Some(sink),
                answered: vec![false; rows],
                part_rows: rows.max(1),
                parts: Vec::new(),
                reread: Vec::new(),
                failure: None,
            }),
            writes,
            undone,
            served: AtomicBool::new(false),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner<S>> {
        // The lock guards plain data; a panic spoils its own row at most.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The rows are sent in `parts` of `rows` each.
    pub fn cut(&self, rows: usize, parts: usize) {
        let mut inner = self.lock();
        inner.part_rows = rows;
        inner.parts.resize_with(parts, Part::default);
    }

    /// A part is sent: from here on its writes are in doubt when they end without an answer.
    pub fn begin(&self, part: usize) {
        if let Some(part) = self.lock().parts.get_mut(part) {
            part.begun = true;
        }
    }

    /// What the core tells of a row. A row that it tells nothing of is looked at when its part ends.
    pub fn row(&self, part: usize, index: usize, row: &BatchRecord) {
        let Some(error) = row.error() else {
            if let Some(found) = &row.record {
                self.record(index, found);
            }
            return;
        };
        let mut failure = Failure::from(error).doubt(may_be_applied(error, Sends::Counted));
        if is_undecodable(error) {
            let in_doubt = failure.in_doubt && self.writes.at(index);
            self.lock().reread.push((index, failure.doubt(in_doubt)));
            return;
        }
        if error.server_result_code().is_some() {
            self.served.store(true, Ordering::Relaxed);
        }
        if failure.code == code::UDF
            && let Some(Value::String(reason)) = row.record.as_ref().and_then(|record| record.bins.get(FAILURE_BIN))
        {
            // The core judges the row by its code, which says nothing of how far the function came.
            failure.in_doubt |= !self.undone && !never_ran(reason);
            failure.message.clone_from(reason);
        }
        let own = failure.kind == Kind::Server && matches!(failure.code, 2 | 27);
        let mut inner = self.lock();
        if !own && let Some(part) = inner.parts.get_mut(part) {
            part.group.get_or_insert_with(|| failure.clone());
        }
        let in_doubt = failure.in_doubt && self.writes.at(index);
        inner.fail(index, failure.doubt(in_doubt));
    }

    /// What to wait for before more rows are read.
    pub fn room(&self) -> Option<Room> {
        self.lock().sink.as_mut()?.room()
    }

    /// A record answers a row.
    pub fn record(&self, index: usize, found: &Record) {
        self.served.store(true, Ordering::Relaxed);
        if let Some(sink) = self.lock().first_answer(index) {
            sink.record(index, found);
        }
    }

    /// A row has failed.
    pub fn fail(&self, index: usize, failure: Failure) {
        self.lock().fail(index, failure);
    }

    /// An answer came that cannot be read: it is one.
    pub fn served(&self) {
        self.served.store(true, Ordering::Relaxed);
    }

    /// Whether a row writes.
    pub fn writes(&self, row: usize) -> bool {
        self.writes.at(row)
    }

    /// Whether a row that writes was sent: a failure of the whole batch is in doubt then.
    pub fn in_doubt(&self) -> bool {
        self.sent_writes(&self.lock())
    }

    fn sent_writes(&self, inner: &Inner<S>) -> bool {
        (0..inner.answered.len()).any(|row| self.writes.at(row) && inner.begun(row))
    }

    /// Which of `count` rows from `first` on have no answer yet.
    pub fn unanswered(&self, first: usize, count: usize) -> Vec<usize> {
        let inner = self.lock();
        (first..first + count)
            .filter(|row| inner.answered.get(*row) == Some(&false))
            .collect()
    }

    /// Has a row read by itself when the parts have ended; `failure` is what it has otherwise.
    pub fn read_later(&self, row: usize, failure: Failure) {
        self.lock().reread.push((row, failure));
    }

    /// The rows to be read again, each with the failure that it has otherwise.
    pub fn take_reread(&self) -> Vec<(usize, Failure)> {
        std::mem::take(&mut self.lock().reread)
    }

    /// A part has ended. Its rows that nothing was told of get the failure that was behind it: its own, or the one that the
    /// server gave for the whole group, which the core tells of one row only.
    pub fn end(&self, part: usize, failure: Option<Failure>) {
        let mut inner = self.lock();
        let group = inner.parts.get_mut(part).and_then(|part| part.group.take());
        let behind = failure.clone().or(group);
        let first = part * inner.part_rows;
        let last = (first + inner.part_rows).min(inner.answered.len());
        let mut left: Vec<usize> = (first..last).filter(|row| !inner.answered[*row]).collect();
        if !left.is_empty() && !inner.reread.is_empty() {
            let again: std::collections::HashSet<usize> = inner.reread.iter().map(|(row, _)| *row).collect();
            left.retain(|row| !again.contains(row));
        }
        for row in left {
            let failure = behind.clone().unwrap_or_else(no_answer);
            let in_doubt = failure.in_doubt && self.writes.at(row);
            inner.fail(row, failure.doubt(in_doubt));
        }
        if inner.failure.is_none() {
            inner.failure = failure;
        }
    }

    /// The batch is over: gives the sink in which every row has its outcome. `ended` is why it was cut short.
    ///
    /// # Errors
    /// No server answered for any row, or the caller aborted.
    pub fn conclude(&self, ended: Option<Failure>) -> Result<S, Failure> {
        let mut inner = self.lock();
        // Answered rows survive a failure; a call that brought none is the caller's error. So is an abort.
        let served = self.served.load(Ordering::Relaxed);
        match ended.as_ref().or(inner.failure.as_ref()) {
            Some(failure) if !served || failure.kind == Kind::Abort => {
                let failure = failure.clone();
                let in_doubt = failure.in_doubt && self.sent_writes(&inner);
                inner.sink = None;
                return Err(failure.doubt(in_doubt));
            }
            _ => {}
        }
        for row in 0..inner.answered.len() {
            if inner.answered[row] {
                continue;
            }
            let failure = ended.clone().unwrap_or_else(no_answer);
            let in_doubt = failure.in_doubt && inner.begun(row) && self.writes.at(row);
            inner.fail(row, failure.doubt(in_doubt));
        }
        inner
            .sink
            .take()
            .ok_or_else(|| Failure::client("the rows were gone at the end of the batch"))
    }
}

/// What a row that was sent fails with when nothing else is known of it.
fn no_answer() -> Failure {
    Failure::client("the server gave no answer for this row").doubt(true)
}

#[cfg(test)]
#[path = "rows_tests.rs"]
mod tests;
