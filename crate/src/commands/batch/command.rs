//! Batches whose rows each have their own kind: batchRead, batchWrite, batchOperate, batchRemove, batchApply and batch.

use std::sync::Arc;

use aerospike_core::BatchOperation;

use crate::client::Client;
use crate::commands::batch::record_sink::Records;
use crate::commands::batch::row_source::{Operations, Parts};
use crate::commands::batch::row_spec;
use crate::commands::batch::run::run;
use crate::common::errors::Failure;
use crate::policy;
use crate::policy::batch::BatchPolicies;
use crate::requests::Call;

/// Runs all of these methods; they differ only in the kinds of their rows.
pub async fn batch(client: &Client, call: &Call) -> Result<(), Failure> {
    let (channel, request) = (call.channel(), call.request());
    let (subject, mut reader) = call.open()?;
    let policies = policy::batch::read(&client.defaults, &mut reader, request)?;
    let rows = row_spec::read(subject, &mut reader, &policies)?;
    let sink = Records::new(Arc::clone(channel), rows.answers);
    let operations = Decoded {
        operations: rows.operations,
        call,
        policies: &policies,
    };
    let records = run(client, call, &policies, operations, sink, rows.writes).await?;
    channel.reply(request, |out, _| {
        records.write(out);
        Ok(())
    });
    Ok(())
}

/// The operations of a request. An operation that the core lost when it was cancelled is decoded from the request
/// again.
struct Decoded<'a> {
    operations: Vec<BatchOperation>,
    call: &'a Call,
    policies: &'a BatchPolicies<'a>,
}

impl Decoded<'_> {
    fn decode(&self) -> Result<Vec<BatchOperation>, Failure> {
        let (subject, mut reader) = self.call.open()?;
        policy::skip(&mut reader)?;
        Ok(row_spec::read(subject, &mut reader, self.policies)?.operations)
    }
}

impl Operations for Decoded<'_> {
    fn rows(&self) -> usize {
        self.operations.len()
    }

    fn parts(&mut self, rows: usize) -> Parts<'_> {
        self.operations.parts(rows)
    }

    fn again(&self, rows: &[usize]) -> Vec<Option<BatchOperation>> {
        let kept = self.operations.again(rows);
        if kept.iter().all(Option::is_some) {
            return kept;
        }
        let Ok(decoded) = self.decode() else { return kept };
        decoded.again(rows)
    }
}
