//! Drives a query: sends it to the nodes, round by round, until every partition was read once.
//!
//! A round is one `query_foreach` of the core. The core's position in each partition is always that of the last
//! delivered row, so a round can end early (a lost node, a consumer that stops reading) and the next one continues
//! after that row: no row is missed or repeated. The core's own retries are not used: without a time limit, they never
//! end and never sleep, and they do not report the outcome of the query.

use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use aerospike_core::{PartitionFilter, QueryPolicy, Statement};

use crate::client::Client;
use crate::common::errors::{Failure, code};
use crate::common::guard::guard_async;
use crate::convert::cursor;
use crate::query::index_check::{self, Unchecked};
use crate::query::round::{ABORT_AFTER, Round, abort, deadline};
use crate::query::row_sink::{RowSink, is_abort};
use crate::stream::buffer::{Stop, Stream};
use crate::wire::Writer;

/// If the consumer does not read for this long, the query releases its connections, and the servers end it.
const MAX_IDLE: Duration = Duration::from_secs(1);

/// The same, if another query is waiting for the connections.
const SHORT_IDLE: Duration = Duration::from_millis(20);

/// How long nodes may take to end their answers after all requested records have arrived.
const END_TIMEOUT: Duration = Duration::from_millis(200);

/// Sleep before the first retry; it triples with each retry up to the maximum. A cluster takes about three seconds to
/// detect a lost or new node and to inform its clients: the default of five retries spans nine seconds.
const FIRST_SLEEP: Duration = Duration::from_millis(100);
const MAX_SLEEP: Duration = Duration::from_secs(5);

/// How to execute a query.
pub struct QueryPlan {
    pub statement: Statement,
    pub policy: QueryPolicy,
    /// If the query returns a cursor at its end: the fingerprint of the query.
    pub cursor: Option<u64>,
    /// When the query fails with a timeout.
    pub deadline: Option<Instant>,
}

enum RoundOutcome {
    /// Every partition was read to its end, according to the nodes.
    Read,
    /// Everything requested was read.
    Done,
    /// Fewer records than requested arrived, and there are more: one node had less than its share.
    More,
    /// The consumer does not read.
    Parked,
    /// The stream is closed.
    Closed,
    /// A node did not complete its part.
    Lost(Option<Failure>),
}

/// Runs rounds until everything is read, then ends the stream.
pub async fn drive(
    client: Arc<Client>,
    stream: Arc<Stream>,
    sink: Arc<RowSink>,
    plan: QueryPlan,
    from: PartitionFilter,
) {
    let work = pin!(read(&client, &stream, &sink, &plan, from));
    let outcome = guard_async(work).await.and_then(|outcome| outcome);
    stream.end(outcome);
}

async fn read(
    client: &Arc<Client>,
    stream: &Stream,
    sink: &Arc<RowSink>,
    plan: &QueryPlan,
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
        let entered = client.admission.acquire_for_stream(client.core.nodes().len());
        let Some(permit) = while_wanted(stream, plan, entered).await? else {
            return Ok(Vec::new());
        };
        let before = sink.delivered();
        let outcome = if read_all {
            let checked = index_check::check(client, &plan.statement, &plan.policy);
            match while_wanted(stream, plan, checked).await? {
                None => RoundOutcome::Closed,
                Some(Ok(())) => RoundOutcome::Done,
                Some(Err(Unchecked::Lost(failure))) => RoundOutcome::Lost(Some(failure)),
                Some(Err(Unchecked::Refused(failure))) => return Err(failure),
            }
        } else {
            let (outcome, reached) = run_round(client, stream, sink, plan, position).await?;
            position = reached;
            outcome
        };
        drop(permit);
        match outcome {
            RoundOutcome::Closed => return Ok(Vec::new()),
            RoundOutcome::Read if plan.statement.filter.is_some() => read_all = true,
            RoundOutcome::Read | RoundOutcome::Done => return Ok(trailer(sink, plan, &position)),
            RoundOutcome::More => {}
            RoundOutcome::Parked => {
                if while_wanted(stream, plan, stream.until_wanted()).await? != Some(true) {
                    return Ok(Vec::new());
                }
            }
            RoundOutcome::Lost(failure) => {
                if sink.delivered() > before {
                    failures = 0;
                    sleep = first_sleep;
                }
                failures += 1;
                if failures > plan.policy.base_policy.max_retries {
                    return Err(retries_exhausted(failure, plan));
                }
                if while_wanted(stream, plan, tokio::time::sleep(sleep)).await?.is_none() {
                    return Ok(Vec::new());
                }
                sleep = (sleep * 3).min(MAX_SLEEP.max(sleep));
            }
        }
    }
}

/// Awaits `work` while the stream is open. Returns `None` if the stream was closed.
///
/// # Errors
/// The total timeout has expired.
async fn while_wanted<T>(
    stream: &Stream,
    plan: &QueryPlan,
    work: impl Future<Output = T>,
) -> Result<Option<T>, Failure> {
    tokio::select! {
        done = work => Ok(Some(done)),
        () = stream.until_closed() => Ok(None),
        () = deadline(plan.deadline) => Err(timed_out()),
    }
}

fn timed_out() -> Failure {
    Failure::timeout("the query did not end within its total timeout")
}

fn retries_exhausted(failure: Option<Failure>, plan: &QueryPlan) -> Failure {
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

/// The final data of the stream: the row count, or a cursor.
fn trailer(sink: &RowSink, plan: &QueryPlan, position: &PartitionFilter) -> Vec<u8> {
    if sink.counts() {
        let mut out = Vec::new();
        out.put_f64(sink.delivered() as f64);
        return out;
    }
    match plan.cursor {
        Some(query) if !position.done() => cursor::write(position, query),
        _ => Vec::new(),
    }
}

async fn run_round(
    client: &Arc<Client>,
    stream: &Stream,
    sink: &Arc<RowSink>,
    plan: &QueryPlan,
    from: PartitionFilter,
) -> Result<(RoundOutcome, PartitionFilter), Failure> {
    let mut policy = plan.policy.clone();
    policy.max_records = sink.begin(&from);
    let receiving = Arc::clone(sink);
    let mut round = Round::start(client, policy, from, plan.statement.clone(), move |received| {
        receiving.take(received)
    })
    .await?;
    let ended = wait(client, stream, sink, plan, &mut round).await;
    round.cancel();
    let Some(position) = round.position() else {
        return Err(Failure::client("the core kept a query's position back"));
    };
    let failure = sink.end(&position);
    if stream.closed() {
        return Ok((RoundOutcome::Closed, position));
    }
    if sink.has_all() && failure.as_ref().is_none_or(|(_, lost)| *lost) {
        return Ok((RoundOutcome::Done, position));
    }
    let parked = stream.stop() == Some(Stop::Parked);
    match (failure, ended) {
        // A round that was parked reports that it was aborted or took too long. If a node was also lost at that time,
        // the next round detects it.
        (Some((failure, lost)), _) if parked && (lost || is_abort(&failure)) => Ok((RoundOutcome::Parked, position)),
        (None, Err(_)) if parked => Ok((RoundOutcome::Parked, position)),
        (Some((failure, true)), _) => Ok((RoundOutcome::Lost(Some(failure)), position)),
        (Some((failure, false)), _) => Err(failure),
        (None, Err(error)) => Ok((RoundOutcome::Lost(Some(Failure::from(error))), position)),
        (None, Ok(())) => {
            let outcome = if position.done() {
                RoundOutcome::Read
            } else if parked {
                RoundOutcome::Parked
            } else if sink.is_bounded() {
                RoundOutcome::More
            } else {
                RoundOutcome::Lost(None)
            };
            Ok((outcome, position))
        }
    }
}

/// Waits for a round to end, and ends it when its rows are not wanted any more.
async fn wait(
    client: &Arc<Client>,
    stream: &Stream,
    sink: &RowSink,
    plan: &QueryPlan,
    round: &mut Round,
) -> aerospike_core::Result<()> {
    let id = round.id();
    let mut ended = pin!(round.wait());
    let mut stopping = false;
    let mut abort_sent = false;
    let mut late = false;
    let mut end_by: Option<Instant> = None;
    loop {
        tokio::select! {
            ended = &mut ended => return ended,
            _ = stream.until_parked(|| client.admission.idle_time(MAX_IDLE, SHORT_IDLE)), if !stopping => stopping = true,
            () = sink.noticed() => {
                stopping |= sink.has_unavailable_node();
                // A cursor needs the final positions of all nodes, so wait for them.
                if sink.has_all() && plan.cursor.is_none() {
                    end_by.get_or_insert_with(|| Instant::now() + END_TIMEOUT);
                }
            }
            () = deadline(end_by) => return Ok(()),
            () = tokio::time::sleep(ABORT_AFTER), if stopping && !abort_sent => {
                abort_sent = true;
                if let Some(id) = id {
                    tokio::spawn(abort(Arc::clone(client), id));
                }
            }
            () = deadline(plan.deadline), if !late => {
                late = true;
                stream.fail_now(timed_out());
            }
        }
    }
}
