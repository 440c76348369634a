//! Opens queries and scans, whose results are streams of records.

use std::sync::Arc;

use crate::catalog::formats::query_mode as mode;
use crate::client::Client;
use crate::common::errors::Failure;
use crate::convert::column::{Columns, Schema};
use crate::convert::statement;
use crate::policy;
use crate::query::driver::{self, QueryPlan};
use crate::query::row_sink::{RowFormat, RowSink};
use crate::requests::Call;
use crate::stream::buffer::{BufferLimits, ChunkRows, Stream};
use crate::stream::pull;

/// Starts a query and answers with its first chunk.
pub async fn open(client: &Arc<Client>, call: &Call) -> Result<(), Failure> {
    let (subject, mut reader) = call.open()?;
    let query = statement::read(subject, &mut reader)?;
    let policy = policy::query(&client.defaults, &mut reader)?;
    let mode = reader.u8()?;
    let wants_cursor = reader.u8()? != 0;
    let channel = Arc::clone(call.channel());
    let (stream, encode) = match mode {
        mode::RECORDS => {
            let set = query.statement.set_name.clone();
            let header = query.header;
            (Stream::encoded(channel), RowFormat::Record { header, set })
        }
        mode::COUNT => (Stream::encoded(channel), RowFormat::Count),
        mode::COLUMNS => {
            let rows = reader.u32()? as usize;
            let schema = Arc::new(Schema::read(&mut reader)?);
            let fresh = move || {
                let columns = Columns::appending(Arc::clone(&schema), rows, None)?;
                Ok(ChunkRows::Columns(Box::new(columns)))
            };
            let stream = Stream::new(channel, BufferLimits::columns(rows), Box::new(fresh));
            (stream, RowFormat::Columns)
        }
        other => return Err(Failure::client(format!("the query mode {other} is unknown"))),
    };
    let sink = RowSink::new(Arc::clone(&stream), encode, query.max_records);
    let plan = QueryPlan {
        statement: query.statement,
        policy,
        cursor: wants_cursor.then_some(query.fingerprint),
        deadline: call.request().deadline(),
    };
    tokio::spawn(driver::drive(
        Arc::clone(client),
        Arc::clone(&stream),
        sink,
        plan,
        query.partitions,
    ));
    pull::open(&client.streams, call, &stream).await
}
