//! Opens aggregations, whose results are streams of values.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::client::Client;
use crate::common::errors::Failure;
use crate::convert::{statement, value};
use crate::policy;
use crate::query::aggregate;
use crate::query::aggregate::AggregatePlan;
use crate::requests::Job;
use crate::stream::buffer::Stream;
use crate::stream::pull;

/// Starts an aggregation and answers with its first chunk.
pub async fn open(client: &Arc<Client>, job: &Job) -> Result<(), Failure> {
    let mut reader = job.reader();
    let query = statement::read(&mut reader)?;
    let (module, function) = (reader.text()?.to_owned(), reader.text()?.to_owned());
    let count = reader.u16()?;
    let args = (0..count)
        .map(|_| value::read(&mut reader))
        .collect::<Result<Vec<_>, _>>()?;
    let policy = policy::query(&client.defaults, &mut reader)?;
    let timeout = job.request().remaining_ms();
    let plan = AggregatePlan {
        statement: query.statement,
        policy,
        deadline: (timeout > 0).then(|| Instant::now() + Duration::from_millis(u64::from(timeout))),
        module,
        function,
        args,
    };
    let stream = Stream::encoded(Arc::clone(job.channel()));
    tokio::spawn(aggregate::drive(Arc::clone(client), Arc::clone(&stream), plan));
    pull::open(&client.streams, job, &stream).await
}
