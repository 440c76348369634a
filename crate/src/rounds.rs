//! Drives a query: asks the nodes, round by round, until every partition was read once.
//!
//! A round is one `query_foreach` of the core, whose position in each partition is always that of the last row that was
//! handed on. So a round can end early (a lost node, a consumer that rests) and the next one goes on behind that row:
//! nothing is left out, and nothing comes twice. The core's own retries are not used: without a limit they never end and
//! never sleep, and they do not say what became of the query.

use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use aerospike_core::{AdminPolicy, PartitionFilter, QueryHandle, QueryPolicy, Statement};

use crate::boundary::wire::Writer;
use crate::client::Client;
use crate::commands::job::command;
use crate::convert::cursor;
use crate::errors::{Failure, code};
use crate::feed::{Feed, is_abort};
use crate::guard::guard_async;
use crate::index_check::{self, Unchecked};
use crate::streams::{Stop, Stream};

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
    if feed.counts() {
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
    policy.max_records = feed.begin(&from);
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
    let failure = feed.end(&position);
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
            } else if feed.is_bounded() {
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
            () = feed.noticed() => {
                stopping |= feed.has_unavailable_node();
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

/// Ends a query on every node. One that is not there any more has ended.
pub async fn abort(client: Arc<Client>, job: u64) {
    let policy = AdminPolicy { timeout: 1000 };
    for node in client.core.nodes() {
        let _ = node.info(&policy, &[&command(&node, "abort", job)]).await;
    }
}
