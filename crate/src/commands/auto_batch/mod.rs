//! Automatic batching: similar single-record calls of one block share a batch request.
//!
//! The dispatcher splits a block into groups and single calls (`split`). A group runs as one task (`run`), and
//! each of its calls behaves as if it had been sent alone: it gets the result of its own row and keeps its own deadline
//! and abort signal.

mod grouping;
mod rows;

use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, Waker};

use aerospike_core::{BatchOperation, BatchRecord, Error, Replica};
use futures_util::stream::{self, StreamExt};
use parking_lot::Mutex;

pub use grouping::{Dispatch, RecordsInUse, Use, is_batchable, split};

use self::rows::{Answer, Rows};
use super::{await_core, record};
use crate::catalog::commands::{APPLY, EXISTS, REMOVE};
use crate::client::Client;
use crate::common::errors::{Failure, Kind};
use crate::common::guard::{guard, guard_async};
use crate::common::in_doubt::{Sends, may_be_applied, rolls_back_failed_functions};
use crate::convert::function_call;
use crate::requests::{Call, Request};

/// Maximum number of concurrent single calls when calls of a group are sent alone.
const MAX_CONCURRENT_SINGLES: usize = 16;

/// The state of a group while its rows arrive.
struct Group {
    calls: Arc<[Call]>,
    /// The call of each row, once the batch is sent.
    row_calls: OnceLock<Vec<usize>>,
    /// How each call is answered.
    answers: Vec<Answer>,
    /// Whether the servers roll back a function that fails.
    rolls_back: bool,
    answered: Vec<AtomicBool>,
    left: AtomicUsize,
    /// Reads to repeat alone, because the failure of their row may be due to another row or to the request.
    resend: Mutex<Vec<usize>>,
    /// The first failure that may apply to the whole request.
    failure: Mutex<Option<Failure>>,
}

fn locked<T>(mutex: &Mutex<T>) -> parking_lot::MutexGuard<'_, T> {
    mutex.lock()
}

impl Group {
    fn new(calls: Arc<[Call]>, answers: Vec<Answer>, rolls_back: bool) -> Self {
        Group {
            row_calls: OnceLock::new(),
            answers,
            rolls_back,
            answered: calls.iter().map(|_| AtomicBool::new(false)).collect(),
            left: AtomicUsize::new(calls.len()),
            resend: Mutex::default(),
            failure: Mutex::default(),
            calls,
        }
    }

    fn request(&self, index: usize) -> &Arc<Request> {
        self.calls[index].request()
    }

    fn pending(&self, index: usize) -> bool {
        !self.answered[index].load(Ordering::Acquire)
    }

    /// Claims the answer to a call: true for the first caller only.
    fn take(&self, index: usize) -> bool {
        let first = !self.answered[index].swap(true, Ordering::AcqRel);
        if first {
            self.left.fetch_sub(1, Ordering::AcqRel);
        }
        first
    }

    fn row(&self, index: usize, row: &BatchRecord) {
        let (Some(call), Some(answer)) = (self.calls.get(index), self.answers.get(index)) else {
            return;
        };
        if let Some(error) = row.error() {
            let mut failure = Failure::from(error).with_in_doubt(self.in_doubt(call, error));
            function_call::add_reason(&mut failure, row, self.rolls_back);
            failure.waited_ms = call.request().waited_ms();
            self.failed(index, call, failure);
        } else if let Some(found) = &row.record
            && self.take(index)
        {
            answer.send(call, found);
        }
    }

    /// Whether a call that ended with this error may have been applied.
    fn in_doubt(&self, call: &Call, error: &Error) -> bool {
        let sends = match call.command {
            APPLY => Sends::Function {
                rolled_back: self.rolls_back,
            },
            _ => Sends::Counted,
        };
        call.request().writes() && may_be_applied(error, sends)
    }

    fn failed(&self, index: usize, call: &Call, failure: Failure) {
        let own = failure.is_of_row();
        if own || call.request().writes() || is_transient(&failure) {
            if !own {
                locked(&self.failure).get_or_insert_with(|| failure.clone());
            }
            self.fail(index, failure);
        } else {
            locked(&self.resend).push(index);
        }
    }

    fn fail(&self, index: usize, failure: Failure) {
        if self.take(index) {
            answer_failure(&self.calls[index], failure);
        }
    }

    /// Marks all calls as sent; call this before sending the batch. Answers those that were cancelled before, and removes
    /// their rows.
    fn send(&self, rows: &mut Vec<BatchOperation>) {
        let mut row_calls = Vec::with_capacity(rows.len());
        let mut index = 0;
        // In place: rows are large, and most often all of them stay.
        rows.retain(|_| {
            let request = self.request(index);
            let sent = request.send();
            if sent {
                row_calls.push(index);
            } else if let Some(why) = request.cancelled()
                && self.take(index)
            {
                self.calls[index].channel().fail(request, request.cancel_failure(why));
            }
            index += 1;
            sent
        });
        let _ = self.row_calls.set(row_calls);
    }

    /// The index of the call of a row.
    fn call_of(&self, row: usize) -> Option<usize> {
        self.row_calls.get()?.get(row).copied()
    }

    /// Answers the calls that were cancelled since the last check. Returns true if no call is left because of that.
    fn release_cancelled(&self) -> bool {
        let mut released = false;
        for index in 0..self.calls.len() {
            let request = self.request(index);
            if let Some(why) = request.cancelled()
                && self.take(index)
            {
                released = true;
                self.calls[index].channel().fail(request, request.cancel_failure(why));
            }
        }
        released && self.left.load(Ordering::Acquire) == 0
    }
}

/// Whether a retry is useless, because it would meet the same deadline or lost connection.
fn is_transient(failure: &Failure) -> bool {
    matches!(failure.kind, Kind::Timeout | Kind::Cluster | Kind::Abort)
}

fn answer_failure(call: &Call, failure: Failure) {
    if call.command == EXISTS && record::not_found(&failure) {
        record::missing(call);
    } else if call.command == REMOVE && record::not_found(&failure) {
        call.channel().fail(call.request(), record::nothing_removed());
    } else {
        await_core::fail(call, failure);
    }
}

/// Polls the batch and answers its calls that are cancelled meanwhile.
struct WithCancellation<'a, F> {
    batch: Pin<&'a mut F>,
    group: &'a Group,
    waker: Option<Waker>,
}

impl<F: Future> Future for WithCancellation<'_, F> {
    /// `None` if every call was cancelled or answered.
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        // The waker of a task does not change, so it is registered only once per request.
        if !self
            .waker
            .as_ref()
            .is_some_and(|waker| waker.will_wake(context.waker()))
        {
            for call in self.group.calls.iter() {
                call.request().on_cancel(context.waker());
            }
            self.waker = Some(context.waker().clone());
        }
        if self.group.release_cancelled() {
            return Poll::Ready(None);
        }
        self.batch.as_mut().poll(context).map(Some)
    }
}

/// Runs a group until all of its calls are answered.
pub async fn run(client: &Arc<Client>, calls: Arc<[Call]>) {
    // A malformed body or an unsupported policy is handled by sending each call alone.
    let alone = match Rows::read(client, &calls).ok().flatten() {
        Some(rows) => batch(client, &calls, rows).await,
        None => (0..calls.len()).collect(),
    };
    stream::iter(alone)
        .for_each_concurrent(MAX_CONCURRENT_SINGLES, |index| single(client, &calls[index]))
        .await;
}

async fn single(client: &Arc<Client>, call: &Call) {
    let (channel, request) = (call.channel(), call.request());
    if let Some(why) = request.cancelled() {
        return channel.fail(request, request.cancel_failure(why));
    }
    let work = pin!(super::execute(client, call));
    if let Err(panic) = guard_async(work).await {
        channel.fail(request, panic.with_in_doubt(request.in_doubt()));
    }
}

/// Sends the batch. Returns the calls to send alone.
async fn batch(client: &Client, calls: &Arc<[Call]>, rows: Rows) -> Vec<usize> {
    let Rows {
        policy,
        mut operations,
        answers,
    } = rows;
    let rolls_back = rolls_back_failed_functions(&client.core);
    let group = Arc::new(Group::new(Arc::clone(calls), answers, rolls_back));
    group.send(&mut operations);
    if operations.is_empty() {
        return Vec::new();
    }
    let hooked = Arc::clone(&group);
    let on_row = move |number: usize, row: &BatchRecord| {
        if let Some(index) = hooked.call_of(number)
            && let Err(panic) = guard(|| hooked.row(index, row))
        {
            let in_doubt = hooked.request(index).in_doubt();
            hooked.fail(index, panic.with_in_doubt(in_doubt));
        }
        std::future::ready(true)
    };
    let sent = pin!(client.core.batch_foreach(&policy, &mut operations, on_row));
    let cancellable = pin!(WithCancellation {
        batch: sent,
        group: &group,
        waker: None,
    });
    let reads =
        policy.base_policy.replica == Replica::Sequence && group.calls.iter().all(|call| !call.request().writes());
    let mut losses = client.nodes.watch_losses();
    let guarded = pin!(guard_async(cancellable));
    let ended = if reads && client.nodes.max_readable() > 1 {
        losses.unless_lost(guarded).await
    } else {
        Some(guarded.await)
    };
    // If a node was lost, the remaining calls are sent alone and can use a replica.
    let outcome = match ended.unwrap_or(Ok(Some(Ok(())))) {
        Ok(None) => return Vec::new(),
        Ok(Some(Ok(()))) => None,
        Ok(Some(Err(error))) => {
            let in_doubt = calls.iter().any(|call| group.in_doubt(call, &error));
            Some(Failure::from(&error).with_in_doubt(in_doubt))
        }
        Err(panic) => Some(panic.with_in_doubt(group.calls.iter().any(|call| call.request().in_doubt()))),
    };
    let root_failure = outcome.or_else(|| locked(&group.failure).take());
    let mut alone = std::mem::take(&mut *locked(&group.resend));
    for (index, call) in group.calls.iter().enumerate() {
        if !group.pending(index) || alone.contains(&index) {
            continue;
        }
        match &root_failure {
            Some(failure) if call.request().writes() || is_transient(failure) => {
                let in_doubt = failure.in_doubt && call.request().writes();
                group.fail(index, failure.clone().with_in_doubt(in_doubt));
            }
            None if call.request().writes() => {
                let mut lost = Failure::client("the server gave no answer for this row");
                lost.attempts = 1;
                group.fail(index, lost.with_in_doubt(true));
            }
            _ => alone.push(index),
        }
    }
    alone
}
