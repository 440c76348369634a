//! Batches of rows that each do what they say: batchRead, batchWrite, batchOperate, batchRemove, batchApply and batch.

use std::sync::Arc;

use super::records::Records;
use super::{run, work};
use crate::client::{Client, Job};
use crate::errors::Failure;
use crate::policy;

/// All of them: they differ in what their rows do.
pub async fn batch(client: &Client, job: &Job) -> Result<(), Failure> {
    let (channel, request) = (job.owed.channel(), job.owed.request());
    let mut reader = job.reader();
    let call = policy::batch::call(&client.defaults, &mut reader, request)?;
    let rows = work::read(&mut reader, &call)?;
    let sink = Records::new(Arc::clone(channel), rows.answers);
    let records = run(client, job, &call, rows.operations, sink, rows.writes).await?;
    channel.reply(request, |out, _| {
        records.write(out);
        Ok(())
    });
    Ok(())
}
