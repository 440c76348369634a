//! The commands. Each reads its arguments, calls the core and answers.

mod aggregate;
pub mod auto_batch;
mod batch;
mod indexes;
mod info;
pub mod job;
mod operate;
mod query;
mod record;
mod truncate;
mod udf;

use std::pin::Pin;
use std::sync::Arc;

use aerospike_core::Key;

use crate::boundary::completion::{Cancellable, Request};
use crate::catalog::*;
use crate::client::Client;
use crate::doubt::{Sends, may_be_applied};
use crate::errors::Failure;
use crate::nodes::Reach;
use crate::requests::Job;
use crate::{logging, pulls};

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
    let place = client.nodes.enter(&client.limits, job, key, Reach::Master).await?;
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
