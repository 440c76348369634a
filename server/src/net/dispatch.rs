//! Passes each message to the code that executes it: single-record commands, batches and queries.

use std::net::SocketAddr;

use crate::cluster::node::Node;
use crate::commands::batch::Batch;
use crate::commands::{self, Scratch};
use crate::common::result_code::ResultCode;
use crate::proto::message::{Message, info1, info3};
use crate::proto::reply::write_empty;
use crate::query::{self, Aggregation, Background, Query, Stream};
use crate::security::Access;

/// What the connection does after a message was handled.
#[derive(Debug)]
pub enum Reply<'a> {
    /// Nothing: the reply is in the output buffer.
    Complete,
    /// Wait until the other owners of the partition have the record, too. The reply is in the output buffer.
    Written(u16),
    /// Send the rows of a batch.
    Batch(Batch<'a>),
    /// Send the records of a query.
    Query(Stream),
    /// Run a background query. Its client is not waiting; the reply is in the output buffer.
    Background(Background),
    /// Send the results of an aggregation.
    Aggregation(Aggregation),
}

/// The client that sent a message.
#[derive(Debug, Clone)]
pub struct Client {
    /// The client's address.
    pub address: SocketAddr,
    /// What the client may do.
    pub access: Access,
}

/// Executes a message, or prepares its execution.
pub fn dispatch<'a>(
    node: &Node,
    client: Client,
    body: &'a [u8],
    scratch: &mut Scratch,
    out: &mut Vec<u8>,
) -> Reply<'a> {
    let Some(message) = Message::parse(body) else {
        write_empty(out, ResultCode::PARAMETER, 0);
        return Reply::Complete;
    };
    let fields = &message.fields;
    let rejected = if let Some(rows) = fields.batch {
        match Batch::new(node, client.access, &message, rows) {
            Ok(batch) => return Reply::Batch(batch),
            Err(result) => result,
        }
    } else if message.attributes.info1 & info1::BATCH != 0 {
        ResultCode::PARAMETER
    } else if fields.digest.is_some() || fields.key.is_some() {
        return commands::single(node, &client.access, &message, scratch, out).map_or(Reply::Complete, Reply::Written);
    } else {
        let begun = client.access.check_query(&message);
        match begun.and_then(|()| query::begin(node, client.address, &message)) {
            Ok(Query::Stream(stream)) => return Reply::Query(stream),
            Ok(Query::Aggregation(aggregation)) => return Reply::Aggregation(aggregation),
            Ok(Query::Background(background)) => {
                write_empty(out, ResultCode::OK, info3::LAST);
                return Reply::Background(background);
            }
            Err(result) => {
                // Like a real server: the reply does not have the LAST flag.
                write_empty(out, result, 0);
                return Reply::Complete;
            }
        }
    };
    write_empty(out, rejected, info3::LAST);
    Reply::Complete
}

/// Replies to a message with a result code without executing it.
pub fn reject(body: &[u8], result: ResultCode, out: &mut Vec<u8>) -> Reply<'static> {
    let is_batch = Message::parse(body).is_some_and(|message| message.attributes.info1 & info1::BATCH != 0);
    // Like a real server: the reply to a rejected query does not have the LAST flag.
    write_empty(out, result, if is_batch { info3::LAST } else { 0 });
    Reply::Complete
}
