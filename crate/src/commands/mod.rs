//! The commands. Each reads its arguments, calls the core and answers. `lib/commands/` uses the same numbers.

mod aggregate;
pub mod auto_batch;
mod batch;
mod indexes;
mod info;
pub mod job;
mod names;
mod operate;
mod query;
mod record;
mod truncate;
mod udf;

use std::pin::Pin;
use std::sync::Arc;

use aerospike_core::Key;

use crate::boundary::completion::{Cancellable, Request};
use crate::client::{Client, Job};
use crate::doubt::{Sends, may_be_applied};
use crate::errors::Failure;
use crate::nodes::Reach;
use crate::{logging, pulls};

pub use names::{Body, body, operation, told};

/// Connects a client. The body is the client configuration.
pub const CONNECT: u8 = 1;
/// Closes a client. The body is how long to wait for running commands, in milliseconds (u32).
pub const CLOSE: u8 = 2;
/// Ends the use of tracing by an environment. The body is how long to wait for the export, in milliseconds (u32).
pub const SHUTDOWN_TRACING: u8 = 75;
const PUT: u8 = 3;
const GET: u8 = 4;
const EXISTS: u8 = 5;
const REMOVE: u8 = 6;
const TOUCH: u8 = 7;
const APPEND: u8 = 8;
const PREPEND: u8 = 9;
const ADD: u8 = 10;
const OPERATE: u8 = 11;
const OPERATE_ORDERED: u8 = 12;
const INFO_ALL: u8 = 13;
const INFO_NODE: u8 = 14;
const INFO_RANDOM: u8 = 15;
const BATCH_READ: u8 = 16;
const BATCH_READ_COLUMNS: u8 = 17;
const BATCH_WRITE: u8 = 18;
const BATCH_OPERATE: u8 = 19;
const BATCH_REMOVE: u8 = 20;
const BATCH_APPLY: u8 = 21;
const BATCH: u8 = 22;
const BATCH_WRITE_COLUMNS: u8 = 23;
const BATCH_STREAM: u8 = 24;
const INDEX_CREATE: u8 = 45;
const INDEX_REMOVE: u8 = 46;
const UDF_REGISTER: u8 = 50;
const UDF_REMOVE: u8 = 51;
const APPLY: u8 = 52;
const TRUNCATE: u8 = 58;
const QUERY: u8 = 30;
const STREAM_NEXT: u8 = 31;
const QUERY_AGGREGATE: u8 = 36;
const QUERY_APPLY: u8 = 33;
const QUERY_OPERATE: u8 = 34;
const JOB_PROGRESS: u8 = 60;
const JOB_ABORT: u8 = 61;

/// Starts the metrics server. The body is the host and the port.
pub const START_METRICS_SERVER: u8 = 65;
/// Stops the metrics server.
pub const STOP_METRICS_SERVER: u8 = 66;

/// Whether a command is sent to several nodes.
pub fn is_batch(command: u8) -> bool {
    matches!(command, BATCH_READ..=BATCH_WRITE_COLUMNS)
}

/// Whether a command needs no admission permit: a pull only takes rows that are there, and a command that opens a
/// stream leaves admission to the stream's driver.
pub fn is_free(command: u8) -> bool {
    matches!(command, QUERY | STREAM_NEXT | BATCH_STREAM | QUERY_AGGREGATE)
}

/// Runs one command and answers it.
pub async fn execute(client: &Arc<Client>, job: &Job) {
    let outcome = match job.command {
        // The hottest commands run inline; the others are boxed to keep the task small.
        GET | EXISTS => record::get(client, job).await,
        PUT => record::put(client, job).await,
        REMOVE => Box::pin(record::remove(client, job)).await,
        TOUCH => Box::pin(record::touch(client, job)).await,
        APPEND | PREPEND | ADD => Box::pin(record::change(client, job)).await,
        OPERATE | OPERATE_ORDERED => Box::pin(operate::operate(client, job)).await,
        INFO_ALL | INFO_NODE | INFO_RANDOM => Box::pin(info::info(client, job)).await,
        BATCH_READ_COLUMNS => Box::pin(batch::read_columns(client, job)).await,
        BATCH_WRITE_COLUMNS => Box::pin(batch::write_columns(client, job)).await,
        BATCH_READ | BATCH_WRITE | BATCH_OPERATE | BATCH_REMOVE | BATCH_APPLY | BATCH => {
            Box::pin(batch::batch(client, job)).await
        }
        BATCH_STREAM => Box::pin(batch::open(client, job)).await,
        INDEX_CREATE => Box::pin(indexes::create(client, job)).await,
        INDEX_REMOVE => Box::pin(indexes::remove(client, job)).await,
        UDF_REGISTER => Box::pin(udf::register(client, job)).await,
        UDF_REMOVE => Box::pin(udf::remove(client, job)).await,
        APPLY => Box::pin(udf::apply(client, job)).await,
        TRUNCATE => Box::pin(truncate::truncate(client, job)).await,
        QUERY => Box::pin(query::open(client, job)).await,
        QUERY_AGGREGATE => Box::pin(aggregate::open(client, job)).await,
        STREAM_NEXT => Box::pin(pulls::next(client, job)).await,
        QUERY_APPLY | QUERY_OPERATE => Box::pin(job::begin(client, job)).await,
        JOB_PROGRESS => Box::pin(job::progress(client, job)).await,
        JOB_ABORT => Box::pin(job::abort(client, job)).await,
        other => Err(Failure::client(format!("the command {other} is unknown"))),
    };
    if let Err(failure) = outcome {
        fail(job, failure);
    }
}

/// Logs the failure and answers with it.
fn fail(job: &Job, failure: Failure) {
    logging::failed(
        job.owed.request().body().operation(),
        is_batch(job.command) || job.command == BATCH_STREAM,
        &failure,
    );
    job.owed.channel().fail(job.owed.request(), failure);
}

/// Awaits a place on the node of `key`, then a call of the core.
async fn at_master<F, T>(client: &Client, job: &Job, key: &Key, sends: Sends, call: Pin<&mut F>) -> Result<T, Failure>
where
    F: Future<Output = aerospike_core::Result<T>>,
{
    let place = client.nodes.enter(client, job, key, Reach::Master).await?;
    let outcome = until(job.owed.request(), sends, call).await;
    client.nodes.settle(&place, outcome)
}

/// Awaits a call of the core until it completes or its request is cancelled. Dropping the call closes its connection.
/// The call is passed pinned in place, as in `guard_async` and for the same reason.
async fn until<F, T>(request: &Request, sends: Sends, call: Pin<&mut F>) -> Result<T, Failure>
where
    F: Future<Output = aerospike_core::Result<T>>,
{
    let cancellable = match sends {
        Sends::Questions => Cancellable::asking(call, request),
        Sends::Counted | Sends::Function { .. } | Sends::Uncounted => Cancellable::sending(call, request),
    };
    match cancellable.await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => {
            let mut failure = Failure::from(&error);
            failure.in_doubt = request.writes() && may_be_applied(&error, sends);
            failure.waited_ms = request.waited_ms();
            Err(failure)
        }
        Err(why) => Err(request.cancel_failure(why)),
    }
}
