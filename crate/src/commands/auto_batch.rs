//! Automatic batching: similar single-record calls of one block share a batch request.
//!
//! The dispatcher splits a block into groups and single calls (`split`). A group runs as one task (`run`), and
//! each of its calls behaves as if it had been sent alone: it gets the result of its own row and keeps its own deadline
//! and abort signal.

use std::collections::HashMap;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};

use aerospike_core::{
    BasePolicy, BatchDeletePolicy, BatchOperation, BatchPolicy, BatchReadPolicy, BatchRecord, BatchWritePolicy,
    GenerationPolicy, ReadModeSc, RecordExistsAction, Replica, WritePolicy, operations,
};
use futures_util::stream::{self, StreamExt};
use parking_lot::Mutex;

use super::read_mode;
use super::{await_core, record};
use crate::catalog::commands::{EXISTS, GET, PUT, REMOVE};
use crate::client::Client;
use crate::common::errors::{Failure, Kind};
use crate::common::guard::{guard, guard_async};
use crate::common::in_doubt::{Sends, may_be_applied};
use crate::convert::{bins, key};
use crate::policy;
use crate::policy::client::AutoBatchPolicy;
use crate::requests::{Call, Request};

/// Maximum number of concurrent single calls when calls of a group are sent alone.
const MAX_CONCURRENT_SINGLES: usize = 16;

/// What the dispatcher starts as one task.
pub enum Dispatch {
    /// A call that is sent alone.
    Alone(Call),
    /// Calls that share a batch.
    Group(Vec<Call>),
}

/// What calls must have in common to share a batch: whether they write, the namespace, and the encoded policy.
type BatchKey<'a> = (bool, &'a [u8], &'a [u8]);

/// Splits a block into groups and single calls, in the order of their first calls. Fewer than `min` calls do not form a
/// group.
pub fn split(policy: AutoBatchPolicy, block: Vec<Call>, min: usize) -> Vec<Dispatch> {
    // First assign the groups, so that a single call keeps its position. The grouping key borrows from the block.
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut open: HashMap<BatchKey<'_>, usize> = HashMap::new();
    let mut group_of = vec![usize::MAX; block.len()];
    for (index, call) in block.iter().enumerate() {
        let Some(key) = batch_key(policy, call) else { continue };
        let group = match open.get(&key) {
            Some(group) if groups[*group].len() < policy.max_size => *group,
            _ => {
                groups.push(Vec::new());
                open.insert(key, groups.len() - 1);
                groups.len() - 1
            }
        };
        groups[group].push(index);
        group_of[index] = group;
    }
    drop(open);
    let sizes: Vec<usize> = groups.iter().map(Vec::len).collect();
    let mut dispatches: Vec<Dispatch> = Vec::new();
    let mut dispatch_of = vec![usize::MAX; groups.len()];
    for (call, group) in block.into_iter().zip(group_of) {
        if group == usize::MAX || sizes[group] < min {
            dispatches.push(Dispatch::Alone(call));
        } else if let Some(Dispatch::Group(calls)) = dispatches.get_mut(dispatch_of[group]) {
            calls.push(call);
        } else {
            dispatch_of[group] = dispatches.len();
            let mut calls = Vec::with_capacity(sizes[group]);
            calls.push(call);
            dispatches.push(Dispatch::Group(calls));
        }
    }
    dispatches
}

fn batch_key(policy: AutoBatchPolicy, call: &Call) -> Option<BatchKey<'_>> {
    // A call of a logger is sent alone: it must produce no log lines, and the other calls must not lose theirs.
    if call.quiet {
        return None;
    }
    // A batch of several calls would register their keys in the transaction at once, and fail for all if one is refused.
    if call.transaction.is_some() {
        return None;
    }
    let writes = match call.command {
        GET | EXISTS if policy.reads => false,
        PUT | REMOVE if policy.writes => true,
        _ => return None,
    };
    let encoded = call.policy_bytes()?;
    let namespace = call.reader().name().ok()?;
    Some((writes, namespace.as_bytes(), encoded))
}

/// Whether a batch without retries supports this policy. If not, the calls are sent alone.
fn batchable(write: &WritePolicy) -> bool {
    write.generation_policy == GenerationPolicy::None
        && write.record_exists_action != RecordExistsAction::CreateOnly
        && write.base_policy.max_retries == 0
        && !write.base_policy.use_compression
}

/// The state of a group while its rows arrive.
struct Group {
    calls: Arc<[Call]>,
    /// For each call, whether it reads without bins.
    headers: Vec<bool>,
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
    fn new(calls: Arc<[Call]>, headers: Vec<bool>) -> Self {
        Group {
            headers,
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
        let Some(call) = self.calls.get(index) else { return };
        if let Some(error) = row.error() {
            let mut failure =
                Failure::from(error).with_in_doubt(writes(call.command) && may_be_applied(error, Sends::Counted));
            failure.waited_ms = call.request().waited_ms();
            self.failed(index, call, failure);
        } else if let Some(found) = &row.record
            && self.take(index)
        {
            if writes(call.command) {
                record::done(call);
            } else {
                record::found(call, found, self.headers.get(index).is_some_and(|header| *header));
            }
        }
    }

    fn failed(&self, index: usize, call: &Call, failure: Failure) {
        let own = failure.is_of_row();
        if own || writes(call.command) || is_transient(&failure) {
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

    /// Marks all calls as sent; call this before sending the batch. Returns false if a call was cancelled (it is then
    /// answered): do not send the batch.
    fn send(&self) -> bool {
        let mut all = true;
        for index in 0..self.calls.len() {
            let request = self.request(index);
            if !request.send()
                && let Some(why) = request.cancelled()
                && self.take(index)
            {
                all = false;
                self.calls[index].channel().fail(request, request.cancel_failure(why));
            }
        }
        all
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

fn writes(command: u8) -> bool {
    matches!(command, PUT | REMOVE)
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
    let alone = match Prepared::read(client, &calls).ok().flatten() {
        Some(prepared) => batch(client, &calls, prepared).await,
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
async fn batch(client: &Client, calls: &Arc<[Call]>, prepared: Prepared) -> Vec<usize> {
    let Prepared {
        policy,
        mut operations,
        headers,
    } = prepared;
    let group = Arc::new(Group::new(Arc::clone(calls), headers));
    if !group.send() {
        // The batch contains a row of a call that was cancelled and reported as not sent.
        return (0..calls.len()).filter(|index| group.pending(*index)).collect();
    }
    let hooked = Arc::clone(&group);
    let on_row = move |index: usize, row: &BatchRecord| {
        if let Err(panic) = guard(|| hooked.row(index, row)) {
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
    let reads = policy.base_policy.replica == Replica::Sequence && group.calls.iter().all(|call| !writes(call.command));
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
        Ok(Some(Err(error))) => Some(Failure::from(&error).with_in_doubt(may_be_applied(&error, Sends::Counted))),
        Err(panic) => Some(panic.with_in_doubt(group.calls.iter().any(|call| call.request().in_doubt()))),
    };
    let root_failure = outcome.or_else(|| locked(&group.failure).take());
    let mut alone = std::mem::take(&mut *locked(&group.resend));
    for (index, call) in group.calls.iter().enumerate() {
        if !group.pending(index) || alone.contains(&index) {
            continue;
        }
        match &root_failure {
            Some(failure) if writes(call.command) || is_transient(failure) => group.fail(index, failure.clone()),
            None if writes(call.command) => {
                let mut lost = Failure::client("the server gave no answer for this row");
                lost.attempts = 1;
                group.fail(index, lost.with_in_doubt(true));
            }
            _ => alone.push(index),
        }
    }
    alone
}

/// A group in the form that the core takes.
struct Prepared {
    policy: BatchPolicy,
    /// For each call, whether it reads without bins.
    headers: Vec<bool>,
    operations: Vec<BatchOperation>,
}

impl Prepared {
    /// Returns `None` if a batch does not support the policy or the calls are better sent alone.
    fn read(client: &Client, calls: &[Call]) -> Result<Option<Self>, Failure> {
        let Some(first) = calls.first() else { return Ok(None) };
        if writes(first.command) {
            Self::read_writes(client, calls)
        } else {
            Self::read_reads(client, calls)
        }
    }

    fn read_reads(client: &Client, calls: &[Call]) -> Result<Option<Self>, Failure> {
        let mut shared = None;
        let mut operations = Vec::with_capacity(calls.len());
        let mut headers = Vec::with_capacity(calls.len());
        for call in calls {
            let mut reader = call.reader();
            let key = key::read(&mut reader)?;
            let selection = bins::read_selection(&mut reader)?;
            if client.nodes.unreachable_master(&key).is_some() {
                // A single read can use a replica.
                return Ok(None);
            }
            headers.push(selection.is_none());
            if shared.is_none() {
                let request = call.request();
                let policy = policy::read(&client.defaults, &mut reader)?;
                let mut base = policy::attempts::read_batch(policy, request, client.nodes.max_readable());
                if base.use_compression || read_mode::needs_batch(client, &base, key.namespace()) {
                    return Ok(None);
                }
                // It has no meaning without strong consistency.
                base.read_mode_sc = ReadModeSc::Session;
                let row = BatchReadPolicy {
                    read_touch_ttl: base.read_touch_ttl,
                    ..BatchReadPolicy::default()
                };
                shared = Some((base, row));
            }
            if let Some((_, row)) = &shared {
                operations.push(BatchOperation::read(row, key, selection));
            }
        }
        Ok(shared.map(|(base, _)| Prepared {
            policy: in_one_request(base),
            headers,
            operations,
        }))
    }

    fn read_writes(client: &Client, calls: &[Call]) -> Result<Option<Self>, Failure> {
        let mut shared: Option<WritePolicy> = None;
        let mut operations = Vec::with_capacity(calls.len());
        for call in calls {
            let mut reader = call.reader();
            let key = key::read(&mut reader)?;
            let written = if call.command == PUT {
                bins::read(&mut reader)?
            } else {
                Vec::new()
            };
            if shared.is_none() {
                let write = policy::write(&client.defaults, &mut reader, call.request())?.into_owned();
                if !batchable(&write) {
                    return Ok(None);
                }
                shared = Some(write);
            }
            let Some(write) = &shared else { continue };
            operations.push(if call.command == PUT {
                let puts: Vec<_> = written.iter().map(operations::put).collect();
                BatchOperation::write(&put_policy(write), key, puts)
            } else {
                BatchOperation::delete(&remove_policy(write), key)
            });
        }
        Ok(shared.map(|write| Prepared {
            policy: in_one_request(write.base_policy),
            headers: Vec::new(),
            operations,
        }))
    }
}

fn in_one_request(base_policy: BasePolicy) -> BatchPolicy {
    BatchPolicy {
        base_policy,
        ..BatchPolicy::default()
    }
}

fn put_policy(write: &WritePolicy) -> BatchWritePolicy {
    BatchWritePolicy {
        record_exists_action: write.record_exists_action,
        commit_level: write.commit_level,
        expiration: write.expiration,
        send_key: write.send_key,
        durable_delete: write.durable_delete,
        on_locking_only: write.on_locking_only,
        ..BatchWritePolicy::default()
    }
}

fn remove_policy(write: &WritePolicy) -> BatchDeletePolicy {
    BatchDeletePolicy {
        commit_level: write.commit_level,
        send_key: write.send_key,
        durable_delete: write.durable_delete,
        ..BatchDeletePolicy::default()
    }
}
