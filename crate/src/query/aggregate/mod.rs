//! Aggregations: the servers apply a function to the streams of records of a query, and the client reduces their
//! partial results.
//!
//! Nothing is retried: a partial result that a node sent before it was lost may already be included.

mod reduce;
mod values;

use std::pin::pin;
use std::sync::Arc;
use std::time::Instant;

use aerospike_core::{AdminPolicy, PartitionFilter, QueryPolicy, Record, Statement, Value};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reduce::Input;
pub use reduce::ReduceCall;
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::client::Client;
use crate::common::errors::{Failure, Kind, code};
use crate::common::guard::{guard, guard_async};
use crate::convert::function_call::FunctionCall;
use crate::query::index_check;
use crate::query::round::{FirstError, Round, deadline};
use crate::query::row_sink::is_lost;
use crate::query::unavailable;
use crate::stream::buffer::Stream;

/// Maximum number of buffered partial results, before the reduce.
const AHEAD: usize = 256;

/// Timeout of one request for a module, in milliseconds.
const FIND_MS: u32 = 5000;

/// An aggregation to run.
pub struct AggregatePlan {
    /// The query that selects the records.
    pub statement: Statement,
    pub policy: QueryPolicy,
    /// When the aggregation fails with a timeout.
    pub deadline: Option<Instant>,
    /// The function, with its arguments after the stream.
    pub call: FunctionCall,
}

/// Runs the servers' part and the client's part, then ends the stream.
pub async fn drive(client: Arc<Client>, stream: Arc<Stream>, plan: AggregatePlan) {
    let work = pin!(aggregate(&client, &stream, plan));
    let outcome = guard_async(work).await.and_then(|outcome| outcome);
    stream.end(outcome.map(|()| Vec::new()));
}

async fn aggregate(client: &Arc<Client>, stream: &Arc<Stream>, plan: AggregatePlan) -> Result<(), Failure> {
    let late = plan.deadline;
    tokio::select! {
        done = both_parts(client, stream, plan) => done,
        // The Lua thread notices this itself; the dropped round aborts the query on the servers.
        () = stream.until_closed() => Ok(()),
        () = deadline(late) => {
            stream.fail_now(Failure::timeout("the aggregation did not end within its total timeout"));
            Ok(())
        }
    }
}

async fn both_parts(client: &Arc<Client>, stream: &Arc<Stream>, plan: AggregatePlan) -> Result<(), Failure> {
    let AggregatePlan {
        mut statement,
        policy,
        call,
        ..
    } = plan;
    statement.set_aggregate_function(call.module.as_str(), call.function.as_str(), &call.args);
    let source = source_of(client, &call.module).await?;
    let call = ReduceCall { call, source };
    let (partials, input) = mpsc::channel(AHEAD);
    let (ready, loaded) = oneshot::channel();
    let mut reduced = spawn(client, stream, call, ready, input);
    if loaded.await.is_err() {
        // The module failed before the query was sent.
        return outcome(reduced.await);
    }
    let asked = {
        let _permit = client.admission.acquire_for_stream(client.core.nodes().len()).await;
        let asking = pin!(ask(client, &policy, statement, partials.clone()));
        tokio::select! {
            asked = asking => asked,
            // The reduce's own outcome takes precedence over the query that was dropped.
            done = &mut reduced => return outcome(done),
        }
    };
    asked?;
    let _ = partials.send(Input::End).await;
    drop(partials);
    outcome(reduced.await)
}

fn outcome(done: Result<Result<(), Failure>, tokio::task::JoinError>) -> Result<(), Failure> {
    done.map_err(|_| Failure::client("the thread of an aggregation was lost"))?
}

fn spawn(
    client: &Arc<Client>,
    stream: &Arc<Stream>,
    call: ReduceCall,
    ready: oneshot::Sender<()>,
    input: mpsc::Receiver<Input>,
) -> JoinHandle<Result<(), Failure>> {
    let (client, stream, runtime) = (Arc::clone(client), Arc::clone(stream), Handle::current());
    tokio::task::spawn_blocking(move || {
        let find = move |name: &str| runtime.block_on(source_of(&client, name));
        guard(|| reduce::run(&call, Box::new(find), ready, input, &stream)).and_then(|done| done)
    })
}

/// The source of a module. Fetched from a server each time, so that the client runs the same version as the servers.
async fn source_of(client: &Client, module: &str) -> Result<Vec<u8>, Failure> {
    let udf = |message: String| Failure::new(Kind::Server, code::UDF, message);
    if module.is_empty() || module.contains([';', ':', '=', '\n', '\t']) {
        return Err(udf(format!("{module:?} is no name of a module")));
    }
    let node = client.core.random_node()?;
    let command = format!("udf-get:filename={module}.lua");
    let answers = node.info(&AdminPolicy { timeout: FIND_MS }, &[&command]).await?;
    let answer = answers.into_iter().next().map(|(_, answer)| answer).unwrap_or_default();
    let content = answer.split(';').find_map(|field| field.strip_prefix("content="));
    let Some(content) = content else {
        return Err(udf(format!("there is no module {module}.lua on the servers: {answer}")));
    };
    STANDARD
        .decode(content)
        .map_err(|_| udf(format!("the source of {module}.lua came in an unknown form")))
}

/// The partial result in the row of a node, or the failure that the row reports.
fn partial(received: aerospike_core::Result<Record>) -> Result<Value, Failure> {
    let mut record = received.map_err(|error| {
        if is_lost(&error) {
            lost(Some(error.into()))
        } else {
            error.into()
        }
    })?;
    if record.bins.is_empty() && unavailable::is_no_record(&record) {
        return Err(lost(Some(unavailable::failure())));
    }
    if let Some(value) = record.bins.swap_remove("SUCCESS") {
        return Ok(value);
    }
    match record.bins.swap_remove("FAILURE") {
        Some(Value::String(message)) => Err(Failure::new(Kind::Server, code::UDF, message)),
        _ => Err(Failure::new(
            Kind::Client,
            code::BAD_RESPONSE,
            "a server's part of an aggregation is neither a result nor a failure",
        )),
    }
}

async fn ask(
    client: &Arc<Client>,
    policy: &QueryPolicy,
    statement: Statement,
    partials: mpsc::Sender<Input>,
) -> Result<(), Failure> {
    let first_error = Arc::new(FirstError::default());
    let noted = Arc::clone(&first_error);
    let take = move |received| {
        let (partials, noted) = (partials.clone(), Arc::clone(&noted));
        async move {
            match partial(received) {
                Ok(value) => partials.send(Input::Partial(value)).await.is_ok(),
                Err(failure) => {
                    noted.note(failure);
                    false
                }
            }
        }
    };
    let mut round = Round::start(client, policy.clone(), PartitionFilter::all(), statement.clone(), take).await?;
    let ended = round.wait().await;
    if let Some(failure) = first_error.take() {
        return Err(failure);
    }
    ended?;
    if round.position().is_some_and(|position| position.done()) {
        return Ok(index_check::check(client, &statement, policy).await?);
    }
    Err(lost(None))
}

fn lost(cause: Option<Failure>) -> Failure {
    let mut failure = Failure::cluster(
        code::CONNECTION,
        "a node was lost in the middle of an aggregation, which is not sent again by itself",
    );
    failure.cause = cause.map(Box::new);
    failure
}
