//! The policy and the failure of one part of a batch.

use std::borrow::Cow;

use aerospike_core::BatchPolicy;

use crate::client::Client;
use crate::commands::transaction_call::explained;
use crate::common::errors::{Failure, Kind};
use crate::common::in_doubt::{Sends, may_be_applied};
use crate::policy::attempts::bound_attempts;
use crate::requests::Request;

/// The policy of a part. A part that starts late gets only the rest of the total timeout, because the core would start
/// it anew.
pub fn part_policy<'p>(
    client: &Client,
    policy: &'p BatchPolicy,
    request: &Request,
    late: bool,
) -> Cow<'p, BatchPolicy> {
    let mut policy = Cow::Borrowed(policy);
    let remaining = request.remaining_ms();
    if late && remaining > 0 {
        policy.to_mut().base_policy.total_timeout = remaining;
    }
    let readable = client.nodes.max_readable();
    if readable > 1 && !request.writes() {
        bound_attempts(&mut policy.to_mut().base_policy, readable);
    }
    policy
}

/// The failure of a whole part, or of a node in it.
pub fn part_failure(error: &aerospike_core::Error, request: &Request) -> Failure {
    let mut failure = Failure::from(error).with_in_doubt(may_be_applied(error, Sends::Counted));
    failure.waited_ms = request.waited_ms();
    failure = explained(request, failure);
    // It is unknown whether a task of the core that panicked had sent anything.
    if failure.kind == Kind::Panic {
        failure.in_doubt = true;
    }
    failure
}
