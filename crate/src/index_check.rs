//! Whether the index that a query has read is still there.
//!
//! A server whose index is removed in the middle of a query ends its answer as if it were whole. So a query by an index asks
//! each node once more when it has read all, for one record: a node without the index refuses. An index that was removed
//! and made anew in the meantime is not noticed, once it is built.

use std::future::ready;
use std::sync::{Arc, Mutex, PoisonError};

use aerospike_core::{Bins, Error, PartitionFilter, QueryDuration, QueryPolicy, Record, ResultCode, Statement};

use crate::client::Client;
use crate::errors::Failure;
use crate::feed::is_lost;
use crate::rounds::single_round;
use crate::unavailable;

/// Why it is not known that the index is there.
pub enum Unchecked {
    /// A node did not say.
    Lost(Failure),
    /// A node refused; mostly because there is no such index.
    Refused(Failure),
}

impl From<Unchecked> for Failure {
    fn from(unchecked: Unchecked) -> Self {
        match unchecked {
            Unchecked::Lost(failure) | Unchecked::Refused(failure) => failure,
        }
    }
}

impl From<Error> for Unchecked {
    fn from(error: Error) -> Self {
        if is_lost(&error) {
            return Unchecked::Lost(error.into());
        }
        let gone = error.server_result_code() == Some(ResultCode::IndexNotFound);
        let mut failure = Failure::from(error);
        if gone {
            failure.message = "the index was removed while the query read it: rows may be missing".into();
        }
        Unchecked::Refused(failure)
    }
}

/// Asks whether the index is there, of a query that reads by one.
///
/// # Errors
/// It is not, or a node did not say.
pub async fn check(client: &Client, statement: &Statement, policy: &QueryPolicy) -> Result<(), Unchecked> {
    if statement.filter.is_none() {
        return Ok(());
    }
    let mut asked = Statement::new(statement.namespace.as_str(), statement.set_name.as_str(), Bins::None);
    asked.filter.clone_from(&statement.filter);
    let nodes = client.core.nodes().len();
    let mut policy = single_round(policy);
    policy.base_policy.filter_expression = None;
    policy.expected_duration = QueryDuration::Short;
    policy.records_per_second = 0;
    policy.max_records = nodes.max(1) as u64;
    let partitions = match nodes {
        1 => PartitionFilter::by_id(0),
        _ => PartitionFilter::all(),
    };
    let told = Arc::new(Mutex::new(None));
    let heard = Arc::clone(&told);
    let take = move |brought: aerospike_core::Result<Record>| {
        let unchecked = match brought {
            Ok(row) if unavailable::is_no_record(&row) => Unchecked::Lost(unavailable::failure()),
            Ok(_) => return ready(true),
            Err(error) => error.into(),
        };
        let mut first = heard.lock().unwrap_or_else(PoisonError::into_inner);
        first.get_or_insert(unchecked);
        ready(false)
    };
    let mut handle = client.core.query_foreach(&policy, partitions, asked, take).await?;
    let ended = handle.wait().await;
    let refused = told.lock().unwrap_or_else(PoisonError::into_inner).take();
    match refused {
        Some(unchecked) => Err(unchecked),
        None => Ok(ended?),
    }
}
