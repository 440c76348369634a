//! One round of a query, as one call of the core: its policy, its id on the servers, and its abort.

use std::sync::Arc;
use std::time::{Duration, Instant};

use aerospike_core::{AdminPolicy, Node, QueryHandle, QueryPolicy, Version};

use crate::client::Client;

/// A time limit that no round reaches. With it, and a longer sleep between retries, the core ends a failed round
/// instead of starting another one.
const ROUND_MS: u32 = 24 * 3600 * 1000;

/// If nodes have not noticed within this time that their rows are not wanted, the query is aborted by its id: the nodes
/// may be reading records that produce no rows.
pub const ABORT_AFTER: Duration = Duration::from_millis(10);

/// A policy with which the core queries each node once and does not retry.
pub fn single_round(policy: &QueryPolicy) -> QueryPolicy {
    let mut policy = policy.clone();
    policy.base_policy.total_timeout = ROUND_MS;
    policy.base_policy.sleep_between_retries = ROUND_MS * 2;
    policy.base_policy.max_retries = 1;
    policy
}

/// Waits until `at`; forever if there is none.
pub async fn deadline(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at.into()).await,
        None => std::future::pending().await,
    }
}

/// The query's id on the servers. The core exposes it only in its debug output.
pub fn job_of(handle: &QueryHandle) -> Option<u64> {
    let text = format!("{handle:?}");
    let (_, number) = text.split_once("task_id: ")?;
    let end = number
        .find(|letter: char| !letter.is_ascii_digit())
        .unwrap_or(number.len());
    number[..end].parse().ok()
}

/// Aborts a query on every node. Nodes where it has already ended are unaffected.
pub async fn abort(client: Arc<Client>, job: u64) {
    let policy = AdminPolicy { timeout: 1000 };
    for node in client.core.nodes() {
        let _ = node.info(&policy, &[&command(&node, "abort", job)]).await;
    }
}

/// The info command `verb` for a job, in the syntax of the node's version.
pub fn command(node: &Node, verb: &str, job: u64) -> String {
    if node.version() >= &Version::new(8, 1, 0, 0) {
        format!("query-{verb}:id={job}")
    } else {
        format!("query-{verb}:trid={job}")
    }
}
