//! The attempts of a read: how long each may last, and which node comes first.

use std::borrow::Cow;
use std::sync::Arc;

use aerospike_core::{BasePolicy, ReadPolicy, Replica};

use super::{Defaults, bound};
use crate::nodes::Place;
use crate::requests::Request;

/// For a read whose master is lost: the minimum number of retries, and the number of shares that the total timeout is
/// divided into, one per attempt.
const REPLICA_RETRIES: usize = 11;
const REPLICA_SHARE: u32 = 6;

/// Limits an attempt of a read to its share of the total timeout, so that there is time for attempts on the other
/// `readable` nodes that have the record. Does nothing without retries or without a total timeout.
pub fn bound_attempts(base: &mut BasePolicy, readable: usize) {
    let attempts = base.max_retries.saturating_add(1).min(readable);
    let walks = matches!(
        base.replica,
        Replica::Sequence | Replica::PreferRack | Replica::MasterProles
    );
    if !walks || attempts < 2 || base.total_timeout == 0 {
        return;
    }
    let share = (base.total_timeout / u32::try_from(attempts).unwrap_or(u32::MAX)).max(1);
    if base.socket_timeout == 0 || base.socket_timeout > share {
        base.socket_timeout = share;
    }
}

/// Makes a read start with any of the nodes that have the record, in turn, because its master is lost. If another of
/// these nodes turns out to be lost, the core tries the next one, at once if it cannot get a connection.
pub fn prefer_replicas(base: &mut BasePolicy) {
    base.replica = Replica::MasterProles;
    base.max_retries = base.max_retries.max(REPLICA_RETRIES);
    if base.total_timeout > 0 {
        let share = (base.total_timeout / REPLICA_SHARE).max(1);
        if base.socket_timeout == 0 || base.socket_timeout > share {
            base.socket_timeout = share;
        }
    }
}

/// The base policy that the reads of a batch share, for records on several nodes.
pub fn read_batch(policy: Cow<'_, ReadPolicy>, request: &Request, readable: usize) -> BasePolicy {
    let mut base = policy.into_owned().base_policy;
    if let Some(timeout) = bound(&base, request) {
        base.total_timeout = timeout;
    }
    bound_attempts(&mut base, readable);
    base
}

/// The policy of a read for the place that it got on a node.
pub fn read_at<'d>(
    defaults: &'d Defaults,
    policy: Cow<'d, ReadPolicy>,
    request: &Request,
    place: &Place,
) -> Cow<'d, ReadPolicy> {
    let mut policy = policy;
    if let Some(transaction) = request.transaction() {
        policy.to_mut().base_policy.txn = Some(Arc::clone(transaction.txn()));
    }
    if let Some(timeout) = bound(&policy.base_policy, request) {
        policy.to_mut().base_policy.total_timeout = timeout;
    }
    if place.reads_replica() {
        prefer_replicas(&mut policy.to_mut().base_policy);
        return policy;
    }
    match (place.readable(), policy) {
        (0 | 1, policy) => policy,
        (2, Cow::Borrowed(_)) => Cow::Borrowed(&defaults.read_again),
        (readable, mut policy) => {
            bound_attempts(&mut policy.to_mut().base_policy, readable);
            policy
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attempt_of_a_read_leaves_time_for_a_replica() {
        let mut base = ReadPolicy::default().base_policy;
        (base.total_timeout, base.socket_timeout, base.max_retries) = (1000, 30_000, 2);
        for (readable, share) in [(1, 30_000), (2, 500), (3, 333), (9, 333)] {
            let mut base = base.clone();
            bound_attempts(&mut base, readable);
            assert_eq!(base.socket_timeout, share);
        }
        let unbounded = [
            BasePolicy {
                max_retries: 0,
                ..base.clone()
            },
            BasePolicy {
                total_timeout: 0,
                ..base.clone()
            },
            BasePolicy {
                replica: Replica::Master,
                ..base.clone()
            },
            BasePolicy {
                socket_timeout: 400,
                ..base.clone()
            },
        ];
        for base in unbounded {
            let mut bounded = base.clone();
            bound_attempts(&mut bounded, 2);
            assert_eq!(bounded.socket_timeout, base.socket_timeout);
        }
    }

    #[test]
    fn a_read_whose_master_is_lost_begins_with_any_owner() {
        let mut base = ReadPolicy::default().base_policy;
        (base.total_timeout, base.socket_timeout, base.max_retries) = (1000, 30_000, 2);
        prefer_replicas(&mut base);
        assert_eq!(
            (base.replica, base.max_retries, base.socket_timeout),
            (Replica::MasterProles, 11, 166)
        );
    }
}
