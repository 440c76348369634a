//! Batches that read into columns.

use aerospike_core::{Bins, Record};

use super::run::run;
use crate::client::Client;
use crate::commands::batch::row_source::Reads;
use crate::commands::batch::tracker::{Sink, Writes};
use crate::common::errors::Failure;
use crate::convert::column::Columns;
use crate::convert::keys::Keys;
use crate::policy;
use crate::requests::{Attachment, Call};
use crate::wire::Writer;

impl Sink for Box<Columns> {
    fn record(&mut self, row: usize, record: &Record) {
        Columns::record(self, row, record);
    }

    fn fail(&mut self, row: usize, failure: Failure) {
        Columns::fail(self, row, failure);
    }
}

/// batchReadColumns.
pub async fn read(client: &Client, call: &Call) -> Result<(), Failure> {
    let request = call.request();
    let (subject, mut reader) = call.open()?;
    let keys = Keys::read(subject, &mut reader)?;
    let columns = Box::new(Columns::read(&mut reader, keys.len(), call.take_reusable())?);
    let bins = Bins::Some(columns.bins());
    let policies = policy::batch::read(&client.defaults, &mut reader, request)?;
    let policy = policies.read_row();
    let columns = run(
        client,
        call,
        &policies,
        Reads { keys, policy, bins },
        columns,
        Writes::Never,
    )
    .await?;
    answer_with(call, *columns);
    Ok(())
}

/// Answers with columns in which every row has an outcome.
pub fn answer_with(call: &Call, columns: Columns) {
    call.channel().reply(call.request(), |out, channel| {
        let mut body = Vec::new();
        let pending = || Failure::client("the server gave no answer for this row");
        let memory = columns.finish(pending, &mut body)?;
        out.put_u32(channel.attach(Attachment::Columns(memory)));
        out.extend_from_slice(&body);
        Ok(())
    });
}
