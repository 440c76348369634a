//! Drives a query: asks the nodes, round by round, until every partition was read once.
//!
//! A round is one `query_foreach` of the core, whose position in each partition is always that of the last row that was
//! handed on. So a round can end early (a lost node, a consumer that rests) and the next one goes on behind that row:
//! nothing is left out, and nothing comes twice. The core's own retries are not used: without a limit they never end and
//! never sleep, and they do not say what became of the query.

use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use aerospike_core::{
    AdminPolicy, Error, ErrorKind, PartitionFilter, QueryHandle, QueryPolicy, Record, ResultCode, Statement,
};
use tokio::sync::Notify;

use crate::boundary::wire::{Writer, put_sized};
use crate::client::Client;
use crate::commands::job::command;
use crate::convert::record;
use crate::convert::{cursor, value};
use crate::errors::{Failure, code};
use crate::guard::guard_async;
use crate::index_check::{self, Unchecked};
use crate::streams::{Push, Rows, Stop, Stream};
use crate::unavailable::{self, FirstPartition};

/// With a limit that no round reaches, and a sleep that exceeds it, the core ends a round that failed instead of beginning
/// another one.
const ROUND_MS: u32 = 24 * 3600 * 1000;

/// A consumer that takes nothing for so long gives its connections back, and the server its query.
const REST: Duration = Duration::from_secs(1);

/// The same where another query waits for them.
const SHORT_REST: Duration = Duration::from_millis(20);

/// Nodes that have not noticed for so long that their rows are not wanted are told by name of the query: they may be
/// reading records of which none is a row.
pub const ABORT_AFTER: Duration = Duration::from_millis(10);

/// How long nodes may take to end their answers once all records that were asked for are there.
const END_PATIENCE: Duration = Duration::from_millis(200);

/// Sleep before the first retry, tripled up to the most. A cluster takes about three seconds to notice that a node is lost or
/// new, and to tell its clients: the five retries that are the default span nine.
const FIRST_SLEEP: Duration = Duration::from_millis(100);
const MOST_SLEEP: Duration = Duration::from_secs(5);

/// What becomes of a row.
pub enum Encode {
    /// A record, encoded.
    Record {
        /// Without bins.
        header: bool,
        /// The set that was asked for: a row of another one names it.
        set: String,
    },
    /// A record, laid into columns.
    Columns,
    /// It is counted.
    Count,
}

/// Where the rows of a query go.
pub struct Feed {
    stream: Arc<Stream>,
    encode: Encode,
    delivered: AtomicU64,
    /// Records at most, 0 for all.
    max_records: u64,
    failure: Mutex<Option<(Failure, bool)>>,
    partition: FirstPartition,
    /// A node has no partitions to read, so that the round ends.
    unavailable: AtomicBool,
    /// Wakes the driver, which alone waits: a node is unavailable, or all records that were asked for are there.
    noticed: Notify,
}

/// How a query is carried out.
pub struct Plan {
    /// What is asked for.
    pub statement: Statement,
    /// How.
    pub policy: QueryPolicy,
    /// Which query its cursors belong to, where one is wanted at the end.
    pub cursor: Option<u64>,
    /// When it has failed.
    pub deadline: Option<Instant>,
}

enum Outcome {
    /// Every partition was read to its end, as far as the nodes say.
    Read,
    /// All that was asked for was read.
    Done,
    /// Fewer records than were asked for, and there are more: one node had less than its share.
    More,
    /// The consumer rests.
    Parked,
    /// Nobody wants rows any more.
    Closed,
    /// A node did not bring its part to an end.
    Lost(Option<Failure>),
}

impl Feed {
    /// Rows go to `stream`, `max_records` at most, or all with 0.
    pub fn new(stream: Arc<Stream>, encode: Encode, max_records: u64) -> Arc<Self> {
        Arc::new(Feed {
            stream,
            encode,
            delivered: AtomicU64::new(0),
            max_records,
            failure: Mutex::default(),
            partition: FirstPartition::default(),
            unavailable: AtomicBool::new(false),
            noticed: Notify::new(),
        })
    }

    /// Takes what a node brought; the result tells whether to go on.
    fn take(&self, brought: aerospike_core::Result<Record>) -> impl Future<Output = bool> + Send + 'static + use<> {
        let counting = matches!(self.encode, Encode::Count);
        let (push, go_on) = match brought {
            Ok(row) if unavailable::is_no_record(&row) => {
                self.partition.overwritten();
                self.note(unavailable::failure(), true);
                self.unavailable.store(true, Ordering::Relaxed);
                self.noticed.notify_one();
                (None, false)
            }
            Ok(record) => {
                self.partition.note(&record);
                let push = self.push(&record);
                if self.delivered.fetch_add(1, Ordering::Relaxed) + 1 == self.max_records {
                    self.noticed.notify_one();
                }
                (push, counting && !self.stream.closed())
            }
            Err(error) => {
                let lost = is_lost(&error);
                self.note(Failure::from(error), lost);
                (None, counting && !self.stream.closed())
            }
        };
        async move {
            match push {
                Some(push) => push.room().await,
                None => go_on,
            }
        }
    }

    /// Keeps a failure of a node; what the server refuses tells more than what came of it.
    fn note(&self, failure: Failure, lost: bool) {
        let mut kept = self.failure.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.as_ref().is_none_or(|(_, known)| *known && !lost) {
            *kept = Some((failure, lost));
        }
    }

    /// Whether all records that were asked for are there.
    fn has_all(&self) -> bool {
        self.max_records > 0 && self.delivered() >= self.max_records
    }

    fn push(&self, record: &Record) -> Option<Push> {
        match &self.encode {
            Encode::Count => None,
            Encode::Columns => Some(self.stream.push(|rows| match rows {
                Rows::Columns(columns) => {
                    let before = columns.varying_bytes();
                    columns.append(record);
                    columns.varying_bytes() - before
                }
                Rows::Encoded(_) => 0,
            })),
            Encode::Record { header, set } => Some(with_scratch(|scratch| {
                put_sized(scratch, |out| encode_record(out, &self.stream, record, *header, set));
                self.stream.push(|rows| {
                    if let Rows::Encoded(out) = rows {
                        out.extend_from_slice(scratch);
                    }
                    scratch.len()
                })
            })),
        }
    }

    fn take_failure(&self) -> Option<(Failure, bool)> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn delivered(&self) -> u64 {
        self.delivered.load(Ordering::Relaxed)
    }
}

thread_local! {
    /// Rows are encoded outside the stream's lock: nodes do not wait for each other's encoding.
    static SCRATCH: std::cell::RefCell<Vec<u8>> = const { std::cell::RefCell::new(Vec::new()) };
}

fn with_scratch<T>(work: impl FnOnce(&mut Vec<u8>) -> T) -> T {
    SCRATCH.with_borrow_mut(|scratch| {
        scratch.clear();
        let result = work(scratch);
        if scratch.capacity() > (1 << 20) {
            scratch.shrink_to(64 << 10);
        }
        result
    })
}

/// A record with its key: which parts of it follow, the digest, the set, the user key, generation, lifetime, bins.
fn encode_record(out: &mut Vec<u8>, stream: &Stream, found: &Record, header: bool, set: &str) {
    const USER_KEY: u8 = 1;
    const OTHER_SET: u8 = 2;
    let (mut parts, at) = (0, out.len());
    out.put_u8(0);
    if let Some(key) = &found.key {
        out.extend_from_slice(&key.digest());
        if key.set_name() != set {
            parts |= OTHER_SET;
            out.put_text(key.set_name());
        }
        if let Some(user_key) = key.user_key() {
            parts |= USER_KEY;
            value::write(out, user_key);
        }
    } else {
        out.extend_from_slice(&[0; 20]);
    }
    out[at] = parts;
    if header {
        record::write_meta(out, found);
    } else {
        record::write(out, stream.channel(), found);
    }
}

/// Whether a node did not answer, or not to the end, rather than refuse.
pub fn is_lost(error: &Error) -> bool {
    if let Some(rc) = error.server_result_code() {
        return matches!(
            rc,
            ResultCode::Timeout | ResultCode::PartitionUnavailable | ResultCode::KeyBusy | ResultCode::DeviceOverload
        );
    }
    matches!(
        error.kind(),
        ErrorKind::Timeout
            | ErrorKind::Connection
            | ErrorKind::Io(_)
            | ErrorKind::InvalidNode
            | ErrorKind::ConnectionPoolEmpty
            | ErrorKind::NoMoreConnections
            | ErrorKind::MaxErrorRate
    )
}

/// Asks until everything was read, and ends the stream.
pub async fn drive(client: Arc<Client>, stream: Arc<Stream>, feed: Arc<Feed>, plan: Plan, from: PartitionFilter) {
    let work = pin!(read(&client, &stream, &feed, &plan, from));
    let outcome = guard_async(work).await.and_then(|outcome| outcome);
    stream.end(outcome);
}

async fn read(
    client: &Arc<Client>,
    stream: &Stream,
    feed: &Arc<Feed>,
    plan: &Plan,
    from: PartitionFilter,
) -> Result<Vec<u8>, Failure> {
    let mut position = from;
    let mut read_all = false;
    let mut failures = 0;
    let first_sleep = FIRST_SLEEP.max(Duration::from_millis(u64::from(
        plan.policy.base_policy.sleep_between_retries,
    )));
    let mut sleep = first_sleep;
    loop {
        let entered = client.limits.enter_stream(client.core.nodes().len());
        let Some(permit) = wanted(stream, plan, entered).await? else {
            return Ok(Vec::new());
        };
        let before = feed.delivered();
        let outcome = if read_all {
            let checked = index_check::check(client, &plan.statement, &plan.policy);
            match wanted(stream, plan, checked).await? {
                None => Outcome::Closed,
                Some(Ok(())) => Outcome::Done,
                Some(Err(Unchecked::Lost(failure))) => Outcome::Lost(Some(failure)),
                Some(Err(Unchecked::Refused(failure))) => return Err(failure),
            }
        } else {
            let (outcome, reached) = round(client, stream, feed, plan, position).await?;
            position = reached;
            outcome
        };
        drop(permit);
        match outcome {
            Outcome::Closed => return Ok(Vec::new()),
            Outcome::Read if plan.statement.filter.is_some() => read_all = true,
            Outcome::Read | Outcome::Done => return Ok(said(feed, plan, &position)),
            Outcome::More => {}
            Outcome::Parked => {
                if wanted(stream, plan, stream.until_wanted()).await? != Some(true) {
                    return Ok(Vec::new());
                }
            }
            Outcome::Lost(failure) => {
                if feed.delivered() > before {
                    failures = 0;
                    sleep = first_sleep;
                }
                failures += 1;
                if failures > plan.policy.base_policy.max_retries {
                    return Err(given_up(failure, plan));
                }
                if wanted(stream, plan, tokio::time::sleep(sleep)).await?.is_none() {
                    return Ok(Vec::new());
                }
                sleep = (sleep * 3).min(MOST_SLEEP.max(sleep));
            }
        }
    }
}

/// Awaits `work` as long as rows are wanted. None: they are not any more.
///
/// # Errors
/// The total timeout has passed.
async fn wanted<T>(stream: &Stream, plan: &Plan, work: impl Future<Output = T>) -> Result<Option<T>, Failure> {
    tokio::select! {
        done = work => Ok(Some(done)),
        () = stream.until_closed() => Ok(None),
        () = passed(plan.deadline) => Err(too_late()),
    }
}

/// Waits until `deadline`, for ever where there is none.
pub async fn passed(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline.into()).await,
        None => std::future::pending().await,
    }
}

fn too_late() -> Failure {
    Failure::timeout("the query did not end within its total timeout")
}

fn given_up(failure: Option<Failure>, plan: &Plan) -> Failure {
    let retries = plan.policy.base_policy.max_retries;
    let mut lost = Failure::cluster(
        code::CONNECTION,
        format!(
            "a node was lost in the middle of the query, silent for longer than socketTimeout, or without partitions, \
             and maxRetries ({retries}) are used up; the rows before were given once"
        ),
    );
    lost.attempts = retries as u32 + 1;
    lost.cause = failure.map(Box::new);
    lost
}

/// What is said at the end: the count, or where to go on.
fn said(feed: &Feed, plan: &Plan, position: &PartitionFilter) -> Vec<u8> {
    if matches!(feed.encode, Encode::Count) {
        let mut out = Vec::new();
        out.put_f64(feed.delivered() as f64);
        return out;
    }
    match plan.cursor {
        Some(query) if !position.done() => cursor::write(position, query),
        _ => Vec::new(),
    }
}

/// The policy with which the core asks each node once, and ends.
pub fn single_round(policy: &QueryPolicy) -> QueryPolicy {
    let mut policy = policy.clone();
    policy.base_policy.total_timeout = ROUND_MS;
    policy.base_policy.sleep_between_retries = ROUND_MS * 2;
    policy.base_policy.max_retries = 1;
    policy
}

async fn round(
    client: &Arc<Client>,
    stream: &Stream,
    feed: &Arc<Feed>,
    plan: &Plan,
    from: PartitionFilter,
) -> Result<(Outcome, PartitionFilter), Failure> {
    let mut policy = single_round(&plan.policy);
    policy.max_records = match feed.max_records {
        0 => 0,
        most => most.saturating_sub(feed.delivered()).max(1),
    };
    feed.partition.begin(&from);
    feed.unavailable.store(false, Ordering::Relaxed);
    let fed = Arc::clone(feed);
    let started = client
        .core
        .query_foreach(&policy, from, plan.statement.clone(), move |brought| fed.take(brought))
        .await;
    let mut handle = started?;
    let job = job_of(&handle);
    let ended = wait(client, stream, feed, plan, &mut handle, job).await;
    handle.cancel();
    let Some(position) = handle.partition_filter() else {
        return Err(Failure::client("the core kept a query's position back"));
    };
    feed.partition.restore(&position);
    let mut failure = feed.take_failure();
    if feed.unavailable.load(Ordering::Relaxed) && failure.as_ref().is_some_and(|(failure, _)| is_abort(failure)) {
        failure = Some((unavailable::failure(), true));
    }
    if stream.closed() {
        return Ok((Outcome::Closed, position));
    }
    if feed.has_all() && failure.as_ref().is_none_or(|(_, lost)| *lost) {
        return Ok((Outcome::Done, position));
    }
    let parked = stream.stop() == Some(Stop::Parked);
    match (failure, ended) {
        // A round that was ended on purpose says that it was aborted, or that it took too long. Were a node lost at the same
        // time, the next round meets that.
        (Some((failure, lost)), _) if parked && (lost || is_abort(&failure)) => Ok((Outcome::Parked, position)),
        (None, Err(_)) if parked => Ok((Outcome::Parked, position)),
        (Some((failure, true)), _) => Ok((Outcome::Lost(Some(failure)), position)),
        (Some((failure, false)), _) => Err(failure),
        (None, Err(error)) => Ok((Outcome::Lost(Some(Failure::from(error))), position)),
        (None, Ok(())) => {
            let outcome = if position.done() {
                Outcome::Read
            } else if parked {
                Outcome::Parked
            } else if feed.max_records > 0 {
                Outcome::More
            } else {
                Outcome::Lost(None)
            };
            Ok((outcome, position))
        }
    }
}

/// Waits for a round to end, and sees to it that it does when rows are not wanted any more.
async fn wait(
    client: &Arc<Client>,
    stream: &Stream,
    feed: &Feed,
    plan: &Plan,
    handle: &mut QueryHandle,
    job: Option<u64>,
) -> aerospike_core::Result<()> {
    let mut ended = pin!(handle.wait());
    let mut stopping = false;
    let mut told = false;
    let mut late = false;
    let mut over: Option<Instant> = None;
    loop {
        tokio::select! {
            ended = &mut ended => return ended,
            _ = stream.until_parked(|| client.limits.rest(REST, SHORT_REST)), if !stopping => stopping = true,
            () = feed.noticed.notified() => {
                stopping |= feed.unavailable.load(Ordering::Relaxed);
                // A cursor stands behind records whose node was waited for.
                if feed.has_all() && plan.cursor.is_none() {
                    over.get_or_insert_with(|| Instant::now() + END_PATIENCE);
                }
            }
            () = passed(over) => return Ok(()),
            () = tokio::time::sleep(ABORT_AFTER), if stopping && !told => {
                told = true;
                if let Some(job) = job {
                    tokio::spawn(abort(Arc::clone(client), job));
                }
            }
            () = passed(plan.deadline), if !late => {
                late = true;
                stream.fail_now(too_late());
            }
        }
    }
}

/// The number under which the servers know the query; the core tells it in its debug form only.
pub fn job_of(handle: &QueryHandle) -> Option<u64> {
    let told = format!("{handle:?}");
    let (_, number) = told.split_once("task_id: ")?;
    let end = number
        .find(|letter: char| !letter.is_ascii_digit())
        .unwrap_or(number.len());
    number[..end].parse().ok()
}

/// Whether a server says that it has ended a scan or a query because it was told to.
fn is_abort(failure: &Failure) -> bool {
    matches!(failure.code, 15 | 210)
}

/// Ends a query on every node. One that is not there any more has ended.
pub async fn abort(client: Arc<Client>, job: u64) {
    let policy = AdminPolicy { timeout: 1000 };
    for node in client.core.nodes() {
        let _ = node.info(&policy, &[&command(&node, "abort", job)]).await;
    }
}
