//! Opens aggregations, whose results are streams of values.

use std::sync::Arc;

use crate::client::Client;
use crate::common::errors::Failure;
use crate::convert::function_call::FunctionCall;
use crate::convert::statement;
use crate::policy;
use crate::query::aggregate::{self, AggregatePlan};
use crate::requests::Job;
use crate::stream::buffer::Stream;
use crate::stream::pull;

/// Starts an aggregation and answers with its first chunk.
pub async fn open(client: &Arc<Client>, job: &Job) -> Result<(), Failure> {
    let mut reader = job.reader();
    let query = statement::read(&mut reader)?;
    let call = FunctionCall::read(&mut reader)?;
    let policy = policy::query(&client.defaults, &mut reader)?;
    let plan = AggregatePlan {
        statement: query.statement,
        policy,
        deadline: job.request().deadline(),
        call,
    };
    let stream = Stream::encoded(Arc::clone(job.channel()));
    tokio::spawn(aggregate::drive(Arc::clone(client), Arc::clone(&stream), plan));
    pull::open(&client.streams, job, &stream).await
}
