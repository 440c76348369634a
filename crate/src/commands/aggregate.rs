//! Opens aggregations, whose results are streams of values.

use std::sync::Arc;

use crate::client::Client;
use crate::common::errors::Failure;
use crate::convert::function_call::FunctionCall;
use crate::convert::statement;
use crate::policy;
use crate::query::aggregate::{self, AggregatePlan};
use crate::requests::Call;
use crate::stream::buffer::Stream;
use crate::stream::pull;

/// Starts an aggregation and answers with its first chunk.
pub async fn open(client: &Arc<Client>, call: &Call) -> Result<(), Failure> {
    let (subject, mut reader) = call.open()?;
    let query = statement::read(subject, &mut reader)?;
    let function_call = FunctionCall::read(&mut reader)?;
    let policy = policy::query(&client.defaults, &mut reader)?;
    let plan = AggregatePlan {
        statement: query.statement,
        policy,
        deadline: call.request().deadline(),
        call: function_call,
    };
    let stream = Stream::encoded(Arc::clone(call.channel()));
    tokio::spawn(aggregate::drive(Arc::clone(client), Arc::clone(&stream), plan));
    pull::open(&client.streams, call, &stream).await
}
