//! Collects the outcomes of a batch's rows while it runs.

use std::sync::atomic::{AtomicBool, Ordering};

use aerospike_core::{BatchRecord, Record};
use futures_util::future::BoxFuture;
use parking_lot::{Mutex, MutexGuard};

use crate::common::errors::{Failure, Kind, is_undecodable};
use crate::common::in_doubt::{Sends, may_be_applied};
use crate::convert::function_call;

/// Resolves when a sink has room for more rows, or to false if it wants no more rows.
pub type Room = BoxFuture<'static, bool>;

/// Receives the rows of a batch. Each row is reported once.
pub trait Sink: Send + 'static {
    /// Whether the sink may make a row wait. Only then is `room` called.
    const PACED: bool = false;

    /// The record that answers a row.
    fn record(&mut self, row: usize, record: &Record);
    /// The failure of a row.
    fn fail(&mut self, row: usize, failure: Failure);
    /// A future to await before the next row is read from the node that sent this one.
    fn room(&mut self) -> Option<Room> {
        None
    }
}

/// Which rows write, and can therefore be in doubt.
pub enum Writes {
    Never,
    Always,
    /// The rows whose flag is set.
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

/// The state of a sub-batch.
#[derive(Default)]
struct Part {
    begun: bool,
    /// The first failure of a row that may apply to its whole group.
    group: Option<Failure>,
}

struct Inner<S> {
    sink: Option<S>,
    answered: Vec<bool>,
    part_rows: usize,
    parts: Vec<Part>,
    /// Rows to read again, each with the failure that it gets otherwise.
    reread: Vec<(usize, Failure)>,
    /// The first failure of a whole part, or of a node in it.
    failure: Option<Failure>,
    /// Whether the failure of a row, or of the batch, is in doubt.
    in_doubt: bool,
}

/// The rows of one batch, shared with the core's hook. The sink is removed at the end, so that late rows are ignored.
pub struct RowTracker<S> {
    inner: Mutex<Inner<S>>,
    writes: Writes,
    /// Whether the servers roll back a function that fails: see `in_doubt.rs`.
    rolled_back: bool,
    /// Whether a server answered for a row, with a record or a result code.
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
        self.in_doubt |= failure.in_doubt;
        if let Some(sink) = self.first_answer(row) {
            sink.fail(row, failure);
        }
    }

    /// Whether the part of this row was sent.
    fn begun(&self, row: usize) -> bool {
        self.parts.get(row / self.part_rows).is_some_and(|part| part.begun)
    }
}

impl<S: Sink> RowTracker<S> {
    /// Creates rows without an answer.
    pub fn new(sink: S, rows: usize, writes: Writes, rolled_back: bool) -> Self {
        RowTracker {
            inner: Mutex::new(Inner {
                sink: Some(sink),
                answered: vec![false; rows],
                part_rows: rows.max(1),
                parts: Vec::new(),
                reread: Vec::new(),
                failure: None,
                in_doubt: false,
            }),
            writes,
            rolled_back,
            served: AtomicBool::new(false),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner<S>> {
        self.inner.lock()
    }

    /// Splits the rows into `parts` parts of `rows` rows each.
    pub fn split(&self, rows: usize, parts: usize) {
        let mut inner = self.lock();
        inner.part_rows = rows;
        inner.parts.resize_with(parts, Part::default);
    }

    /// Marks a part as sent: from here on, its writes are in doubt if they end without an answer.
    pub fn begin(&self, part: usize) {
        if let Some(part) = self.lock().parts.get_mut(part) {
            part.begun = true;
        }
    }

    /// Handles the outcome of a row that the core reports. Rows that the core does not report are handled when their
    /// part ends.
    pub fn row(&self, part: usize, index: usize, row: &BatchRecord) {
        let Some(error) = row.error() else {
            if let Some(found) = &row.record {
                self.record(index, found);
            }
            return;
        };
        let mut failure = Failure::from(error).with_in_doubt(may_be_applied(error, Sends::Counted));
        if is_undecodable(error) {
            let in_doubt = failure.in_doubt && self.writes.at(index);
            self.lock().reread.push((index, failure.with_in_doubt(in_doubt)));
            return;
        }
        if error.server_result_code().is_some() {
            self.served.store(true, Ordering::Relaxed);
        }
        function_call::add_reason(&mut failure, row, self.rolled_back);
        let own = failure.is_of_row();
        let mut inner = self.lock();
        if !own && let Some(part) = inner.parts.get_mut(part) {
            part.group.get_or_insert_with(|| failure.clone());
        }
        let in_doubt = failure.in_doubt && self.writes.at(index);
        inner.fail(index, failure.with_in_doubt(in_doubt));
    }

    /// A future to await before more rows are read.
    pub fn room(&self) -> Option<Room> {
        self.lock().sink.as_mut()?.room()
    }

    /// Stores the record that answers a row.
    pub fn record(&self, index: usize, found: &Record) {
        self.served.store(true, Ordering::Relaxed);
        if let Some(sink) = self.lock().first_answer(index) {
            sink.record(index, found);
        }
    }

    /// Stores the failure of a row.
    pub fn fail(&self, index: usize, failure: Failure) {
        self.lock().fail(index, failure);
    }

    /// Records that a server answered, although the answer cannot be decoded.
    pub fn served(&self) {
        self.served.store(true, Ordering::Relaxed);
    }

    /// Whether a row writes.
    pub fn writes(&self, row: usize) -> bool {
        self.writes.at(row)
    }

    /// Whether an outcome of the batch, which has ended, is in doubt.
    pub fn ended_in_doubt(&self) -> bool {
        self.lock().in_doubt
    }

    /// Whether a writing row was sent, so that a failure of the whole batch is in doubt.
    pub fn in_doubt(&self) -> bool {
        self.sent_writes(&self.lock())
    }

    fn sent_writes(&self, inner: &Inner<S>) -> bool {
        (0..inner.answered.len()).any(|row| self.writes.at(row) && inner.begun(row))
    }

    /// Which of the `count` rows from `first` on are unanswered.
    pub fn unanswered(&self, first: usize, count: usize) -> Vec<usize> {
        let inner = self.lock();
        (first..first + count)
            .filter(|row| inner.answered.get(*row) == Some(&false))
            .collect()
    }

    /// Schedules a row to be read alone after the parts have ended. It gets `failure` if that is not possible.
    pub fn read_later(&self, row: usize, failure: Failure) {
        self.lock().reread.push((row, failure));
    }

    /// Takes the rows to read again, each with the failure that it gets otherwise.
    pub fn take_reread(&self) -> Vec<(usize, Failure)> {
        std::mem::take(&mut self.lock().reread)
    }

    /// Ends a part. Its unreported rows get the failure that caused this: the failure of the part, or the one that the
    /// server returned for the whole group, which the core reports for one row only.
    pub fn end(&self, part: usize, failure: Option<Failure>) {
        let mut inner = self.lock();
        let group = inner.parts.get_mut(part).and_then(|part| part.group.take());
        let root_failure = failure.clone().or(group);
        let first = part * inner.part_rows;
        let last = (first + inner.part_rows).min(inner.answered.len());
        let mut left: Vec<usize> = (first..last).filter(|row| !inner.answered[*row]).collect();
        if !left.is_empty() && !inner.reread.is_empty() {
            let again: std::collections::HashSet<usize> = inner.reread.iter().map(|(row, _)| *row).collect();
            left.retain(|row| !again.contains(row));
        }
        for row in left {
            let failure = root_failure.clone().unwrap_or_else(no_answer);
            let in_doubt = failure.in_doubt && self.writes.at(row);
            inner.fail(row, failure.with_in_doubt(in_doubt));
        }
        if inner.failure.is_none() {
            inner.failure = failure;
        }
    }

    /// Ends the batch and returns the sink, in which every row has an outcome. `ended` is the reason if the batch was
    /// cancelled.
    ///
    /// # Errors
    /// No server answered for any row, or the caller aborted.
    pub fn conclude(&self, ended: Option<Failure>) -> Result<S, Failure> {
        let mut inner = self.lock();
        // If a server answered any row, a failure only concerns the other rows; otherwise the whole call fails. An
        // abort always fails the call.
        let served = self.served.load(Ordering::Relaxed);
        match ended.as_ref().or(inner.failure.as_ref()) {
            Some(failure) if !served || failure.kind == Kind::Abort => {
                let failure = failure.clone();
                // The failure is that of the first node. Another one may have been sent its rows.
                let in_doubt = (failure.in_doubt || inner.in_doubt) && self.sent_writes(&inner);
                inner.sink = None;
                inner.in_doubt |= in_doubt;
                return Err(failure.with_in_doubt(in_doubt));
            }
            _ => {}
        }
        for row in 0..inner.answered.len() {
            if inner.answered[row] {
                continue;
            }
            let failure = ended.clone().unwrap_or_else(no_answer);
            let in_doubt = failure.in_doubt && inner.begun(row) && self.writes.at(row);
            inner.fail(row, failure.with_in_doubt(in_doubt));
        }
        inner
            .sink
            .take()
            .ok_or_else(|| Failure::client("the rows were gone at the end of the batch"))
    }
}

/// The failure of a row that was sent but has neither an answer nor a known cause.
fn no_answer() -> Failure {
    let mut failure = Failure::client("the server gave no answer for this row").with_in_doubt(true);
    failure.attempts = 1;
    failure
}

#[cfg(test)]
#[path = "tracker_tests.rs"]
mod tests;
