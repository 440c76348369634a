//! One round of a query, as one call of the core: its policy, its id on the servers, and its abort.

use std::sync::Arc;
use std::time::{Duration, Instant};

use aerospike_core::{AdminPolicy, Node, PartitionFilter, QueryHandle, QueryPolicy, Record, Statement, Version};
use parking_lot::Mutex;

use crate::client::Client;

/// A time limit that no round reaches. With it, and a longer sleep between retries, the core ends a failed round
/// instead of starting another one.
const ROUND_MS: u32 = 24 * 3600 * 1000;

/// If nodes have not noticed within this time that their rows are not wanted, the query is aborted by its id: the nodes
/// may be reading records that produce no rows.
pub const ABORT_AFTER: Duration = Duration::from_millis(10);

/// A query that each node is sent once. If it is dropped before it has ended, it is aborted on the servers.
pub struct Round {
    client: Arc<Client>,
    handle: QueryHandle,
    /// The query's id on the servers.
    id: Option<u64>,
    ended: bool,
}

impl Round {
    /// Starts a query at `from`. `on_row` resolves to whether its node is to send more rows. The retries and the total
    /// timeout of `policy` are not used.
    pub async fn start<F, R>(
        client: &Arc<Client>,
        mut policy: QueryPolicy,
        from: PartitionFilter,
        statement: Statement,
        on_row: F,
    ) -> aerospike_core::Result<Self>
    where
        F: Fn(aerospike_core::Result<Record>) -> R + Send + Sync + 'static,
        R: Future<Output = bool> + Send + 'static,
    {
        policy.base_policy.total_timeout = ROUND_MS;
        policy.base_policy.sleep_between_retries = ROUND_MS * 2;
        policy.base_policy.max_retries = 1;
        let handle = client.core.query_foreach(&policy, from, statement, on_row).await?;
        Ok(Round {
            client: Arc::clone(client),
            id: id_of(&handle),
            handle,
            ended: false,
        })
    }

    /// Waits until every node has ended its answer.
    pub async fn wait(&mut self) -> aerospike_core::Result<()> {
        let ended = self.handle.wait().await;
        self.ended = true;
        ended
    }

    /// The query's id on the servers, if it is known.
    pub fn id(&self) -> Option<u64> {
        self.id
    }

    /// Ends the round without waiting for the nodes. Its rows are not received any more.
    pub fn cancel(&mut self) {
        self.handle.cancel();
        self.ended = true;
    }

    /// The position that was reached in each partition.
    pub fn position(&self) -> Option<PartitionFilter> {
        self.handle.partition_filter()
    }
}

impl Drop for Round {
    fn drop(&mut self) {
        if self.ended {
            return;
        }
        if let Some(id) = self.id {
            let client = Arc::clone(&self.client);
            tokio::spawn(async move {
                // Most nodes notice by themselves that their rows are not wanted; give them time to.
                tokio::time::sleep(ABORT_AFTER).await;
                abort(client, id).await;
            });
        }
    }
}

/// The first failure of a round.
#[derive(Debug)]
pub struct FirstError<T>(Mutex<Option<T>>);

impl<T> Default for FirstError<T> {
    fn default() -> Self {
        FirstError(Mutex::new(None))
    }
}

impl<T> FirstError<T> {
    /// Stores a failure, unless there is one already.
    pub fn note(&self, failure: T) {
        self.0.lock().get_or_insert(failure);
    }

    pub fn take(&self) -> Option<T> {
        self.0.lock().take()
    }
}

/// Waits until `at`, or forever if it is `None`.
pub async fn deadline(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at.into()).await,
        None => std::future::pending().await,
    }
}

/// The query's id on the servers. The core exposes it only in its debug output.
fn id_of(handle: &QueryHandle) -> Option<u64> {
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
