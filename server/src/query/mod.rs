//! Queries on the records of a set or namespace, with or without an index.
//!
//! A query combines a [`Walk`] through partitions, which calls back with each matching record, with a way to
//! process the records: they are sent ([`Stream`]), aggregated ([`Aggregation`]), or changed by an [`Action`]
//! in the background ([`Background`]).

mod background;
mod condition;
mod partitions;
mod stream;
mod udf;
mod walk;

pub use background::{Action, Background};
pub use stream::Stream;
pub use udf::Aggregation;
pub use walk::Walk;

use std::net::SocketAddr;
use std::sync::Arc;

use crate::cluster::jobs::{BASIC, Description, Job};
use crate::cluster::node::Node;
use crate::commands::reject_transaction;
use crate::common::result_code::ResultCode;
use crate::proto::message::{Message, info1, info3};

/// The limit of records per second that info replies show for background queries without a limit. It is not
/// enforced.
const BACKGROUND_RPS: u32 = 10_000;

/// The timeout that info replies show for background queries, in milliseconds.
const BACKGROUND_TIMEOUT: u32 = 10_000;

/// A prepared query.
#[derive(Debug)]
pub enum Query {
    /// Sends records, block by block.
    Stream(Stream),
    /// Passes the records to a UDF and sends the results.
    Aggregation(Aggregation),
    /// Changes the records in the background.
    Background(Background),
}

/// Prepares a query.
///
/// # Errors
/// Returns the result code to send to the client.
pub fn begin(node: &Node, client: SocketAddr, message: &Message<'_>) -> Result<Query, ResultCode> {
    if message.fields.transaction.id.is_some() {
        return Err(reject_transaction(node));
    }
    match message.fields.udf_op {
        Some(udf::purpose::BACKGROUND) => {
            let make_action = || Ok(Box::new(udf::Apply::new(message)?) as Box<dyn Action>);
            return begin_background(node, client, message, make_action).map(Query::Background);
        }
        Some(udf::purpose::AGGREGATE) => {
            let walk = Walk::new(node, message)?;
            let timeout = message.fields.socket_timeout.unwrap_or_default();
            let job = list(node, client, message, &walk, "aggregation", 0, timeout)?;
            return udf::Aggregation::new(walk, message, job).map(Query::Aggregation);
        }
        Some(_) => return Err(ResultCode::PARAMETER),
        None => {}
    }
    if message.attributes.writes() {
        let make_action = || Ok(Box::new(background::Operations::new(message)?) as Box<dyn Action>);
        return begin_background(node, client, message, make_action).map(Query::Background);
    }
    let fields = &message.fields;
    if message.attributes.info3 & info3::PARTITION_DONE == 0
        || (fields.partitions.is_none() && fields.digests.is_none())
    {
        // Like a real server: obsolete clients, which do not specify partitions, are not supported.
        return Err(ResultCode::UNSUPPORTED);
    }
    let rate = fields.records_per_second.unwrap_or_default();
    let is_short = message.attributes.info1 & info1::SHORT_QUERY != 0;
    if is_short && rate != 0 {
        return Err(ResultCode::PARAMETER);
    }
    let walk = Walk::new(node, message)?;
    let job = if is_short {
        None
    } else {
        let timeout = message.fields.socket_timeout.unwrap_or_default();
        Some(list(node, client, message, &walk, BASIC, rate, timeout)?)
    };
    Ok(Query::Stream(Stream::new(walk, message, job)?))
}

/// Prepares a background query. `make_action` is called only after the query itself is known to be valid.
///
/// # Errors
/// Returns the result code to send to the client.
pub fn begin_background(
    node: &Node,
    client: SocketAddr,
    message: &Message<'_>,
    make_action: impl FnOnce() -> Result<Box<dyn Action>, ResultCode>,
) -> Result<Background, ResultCode> {
    let walk = Walk::new(node, message)?;
    let action = make_action()?;
    let rate = message.fields.records_per_second.filter(|rate| *rate != 0);
    let shown = rate.unwrap_or(BACKGROUND_RPS);
    let job = list(
        node,
        client,
        message,
        &walk,
        action.job_type(),
        shown,
        BACKGROUND_TIMEOUT,
    )?;
    Ok(Background::new(walk, action, rate, job))
}

/// Adds a query to the job list.
fn list(
    node: &Node,
    client: SocketAddr,
    message: &Message<'_>,
    walk: &Walk,
    job_type: &'static str,
    records_per_second: u32,
    socket_timeout: u32,
) -> Result<Arc<Job>, ResultCode> {
    let description = Description {
        id: message.fields.query_id.filter(|id| *id != 0),
        job_type,
        namespace: walk.namespace().name().to_owned(),
        set: String::from_utf8_lossy(message.fields.set).into_owned(),
        slots: walk.slots(),
        index: walk.index().map(|index| index.name().to_string()),
        records_per_second,
        socket_timeout,
        client,
        udf: udf::names(message),
    };
    node.jobs()
        .begin(description, node.clock().now_ms())
        .ok_or(ResultCode::PARAMETER)
}
