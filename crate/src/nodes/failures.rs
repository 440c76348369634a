//! Details that are added to failures of nodes to which no connection can be had.

use super::NodeState;
use crate::common::errors::{Failure, Kind, NO_CONNECTION, code};
use crate::requests::{Cancel, Request};

/// Adds the node's address to a failure. If no connection could be had, adds why: the node refuses the login, or its last
/// connection error.
pub(super) fn explain(node: &NodeState, failure: &mut Failure) {
    if failure.address.is_empty() {
        node.address().clone_into(&mut failure.address);
    }
    let no_node = failure.kind == Kind::Cluster && failure.code == code::CLUSTER;
    if (no_node || failure.message == NO_CONNECTION)
        && !failure.in_doubt
        && let Some(refusal) = node.login_refusal()
    {
        // The core does not report why it could not connect, or why it no longer uses the node.
        (failure.kind, failure.code) = (refusal.kind, refusal.code);
        failure.message = format!("no connection could be opened; nothing was sent: {}", refusal.message);
        return;
    }
    if !node.is_unreachable() {
        return;
    }
    failure.message = if failure.message == NO_CONNECTION {
        let address = node.address();
        format!("no connection to {address} could be opened within the total timeout; nothing was sent")
    } else {
        format!(
            "{}; no connection to {} could be opened",
            failure.message,
            node.address()
        )
    };
    if failure.cause.is_none() {
        failure.cause = node.last_error().map(Box::new);
    }
}

/// The failure of a command that was cancelled while it waited for its node.
pub(super) fn unsent(node: &NodeState, request: &Request, why: Cancel) -> Failure {
    let mut failure = request.cancel_failure(why).with_in_doubt(false);
    if why == Cancel::Timeout {
        failure.message = if node.is_unreachable() {
            NO_CONNECTION.to_owned()
        } else {
            let address = node.address();
            format!("the total timeout passed while the call waited for {address}; nothing was sent")
        };
        explain(node, &mut failure);
    }
    failure
}

pub(super) fn breaker_failure(node: &NodeState, request: &Request) -> Failure {
    let mut failure = Failure::cluster(
        code::MAX_ERROR_RATE,
        format!(
            "the circuit breaker of {} is open: maxErrorRate was reached",
            node.address()
        ),
    );
    node.address().clone_into(&mut failure.address);
    failure.waited_ms = request.waited_ms();
    failure.cause = node.last_error().map(Box::new);
    failure
}
