//! Checks that the index of a query still exists after the query has read it.
//!
//! If an index is removed during a query, the server ends its answer as if it were complete. So after a query by index
//! has read everything, it queries each node again for one record: a node without the index returns an error. An index
//! that was removed and created again in the meantime is not detected once it is built.

use std::future::ready;
use std::sync::Arc;

use aerospike_core::{Bins, Error, PartitionFilter, QueryDuration, QueryPolicy, Record, ResultCode, Statement};

use crate::client::Client;
use crate::common::errors::Failure;
use crate::query::round::{FirstError, Round};
use crate::query::row_sink::is_lost;
use crate::query::unavailable;

/// Why the check could not confirm the index.
pub enum Unchecked {
    /// A node did not answer.
    Lost(Failure),
    /// A node returned an error, usually because the index does not exist.
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

/// Checks that the index exists, if the query reads by one.
///
/// # Errors
/// The index does not exist, or a node did not answer.
pub async fn check(client: &Arc<Client>, statement: &Statement, policy: &QueryPolicy) -> Result<(), Unchecked> {
    if statement.filter.is_none() {
        return Ok(());
    }
    let mut probe = Statement::new(statement.namespace.as_str(), statement.set_name.as_str(), Bins::None);
    probe.filter.clone_from(&statement.filter);
    let nodes = client.core.nodes().len();
    let mut policy = policy.clone();
    policy.base_policy.filter_expression = None;
    policy.expected_duration = QueryDuration::Short;
    policy.records_per_second = 0;
    policy.max_records = nodes.max(1) as u64;
    let partitions = match nodes {
        1 => PartitionFilter::by_id(0),
        _ => PartitionFilter::all(),
    };
    let first_error = Arc::new(FirstError::default());
    let noted = Arc::clone(&first_error);
    let take = move |received: aerospike_core::Result<Record>| {
        let unchecked = match received {
            Ok(row) if unavailable::is_no_record(&row) => Unchecked::Lost(unavailable::failure()),
            Ok(_) => return ready(true),
            Err(error) => error.into(),
        };
        noted.note(unchecked);
        ready(false)
    };
    let mut round = Round::start(client, policy, partitions, probe, take).await?;
    let ended = round.wait().await;
    match first_error.take() {
        Some(unchecked) => Err(unchecked),
        None => Ok(ended?),
    }
}
