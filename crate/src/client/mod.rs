//! A connected client: aerospike-core's client, the default policies, the admission of commands, the nodes and the open
//! streams.

mod connect;
mod foreign;
mod stats;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::Notify;

use crate::common::errors::Failure;
use crate::nodes::{self, Nodes, WatchOptions};
use crate::policy::Defaults;
use crate::policy::client::{AutoBatchPolicy, ClientConfig};
use crate::requests::SeedHost;
use crate::requests::admission::Admission;
use crate::stream::registry::Streams;
use crate::telemetry::metrics;

/// How long cancelled commands may take to end.
const END_TIMEOUT: Duration = Duration::from_secs(1);

/// How long `close` waits for the core to close.
const CLOSE_TIMEOUT: Duration = Duration::from_millis(500);

/// A connected client.
pub struct Client {
    /// aerospike-core's client.
    pub core: aerospike_core::Client,
    /// The default policies of calls.
    pub defaults: Defaults,
    /// The first seed host, for spans.
    pub server: Arc<SeedHost>,
    /// The open streams.
    pub streams: Streams,
    /// Admission of commands to the client.
    pub admission: Admission,
    /// Admission of single-record commands to each node.
    pub nodes: Arc<Nodes>,
    /// Which calls are grouped into batches; `None` if automatic batching is off.
    pub auto_batch: Option<AutoBatchPolicy>,
    /// Number of submitted commands without an answer.
    active: AtomicUsize,
    /// Number of submitted commands that have not started.
    waiting: AtomicUsize,
    idle: Notify,
}

impl Client {
    /// Connects within the connect timeout of the configuration.
    ///
    /// # Errors
    /// No node is reachable, the cluster has another name, or the credentials are rejected.
    pub async fn connect(config: ClientConfig) -> Result<Arc<Client>, Failure> {
        let ClientConfig {
            hosts,
            policy,
            connect_timeout,
            max_concurrent,
            auto_batch,
            defaults,
            max_errors,
            error_window,
        } = config;
        let server = Arc::new(match hosts.first() {
            Some(host) => SeedHost {
                address: Arc::from(host.name.as_str()),
                port: host.port,
            },
            None => SeedHost {
                address: Arc::from(""),
                port: 0,
            },
        });
        let (pools, opened) = (policy.max_conns_per_node, policy.min_conns_per_node);
        let core = connect::connect(policy, hosts, connect_timeout).await?;
        let count = core.nodes().len().max(1);
        let max_commands = match max_concurrent {
            0 => pools.max(1) * count,
            max => max as usize,
        };
        let watch = WatchOptions {
            error_window,
            max_commands,
            admin_timeout: defaults.admin.timeout,
        };
        let client = Arc::new(Client {
            core,
            defaults,
            server,
            streams: Streams::default(),
            admission: Admission::new(max_commands, opened, count),
            nodes: Arc::new(Nodes::new(max_errors)),
            auto_batch,
            active: AtomicUsize::new(0),
            waiting: AtomicUsize::new(0),
            idle: Notify::new(),
        });
        metrics::register(&client);
        tokio::spawn(nodes::watch(Arc::clone(&client.nodes), Arc::downgrade(&client), watch));
        Ok(client)
    }

    /// Maximum number of commands that run at once.
    pub fn max_commands(&self) -> u32 {
        self.admission.max()
    }

    /// Numbers of running and of queued commands.
    pub fn load(&self) -> (usize, usize) {
        let waiting = self.waiting.load(Ordering::Relaxed) + self.nodes.waiting();
        (self.active.load(Ordering::Relaxed).saturating_sub(waiting), waiting)
    }

    /// Adds commands that were submitted.
    pub fn accept(&self, commands: usize) {
        self.active.fetch_add(commands, Ordering::AcqRel);
    }

    /// Whether a submitted command has not started.
    pub fn has_waiting(&self) -> bool {
        self.waiting.load(Ordering::Acquire) > 0
    }

    /// Adds accepted commands to those that have not started.
    pub fn enqueue(&self, commands: usize) {
        self.waiting.fetch_add(commands, Ordering::AcqRel);
    }

    /// Removes commands that start now.
    pub fn dequeue(&self, commands: usize) {
        self.waiting.fetch_sub(commands, Ordering::AcqRel);
    }

    /// Removes an accepted command that was answered.
    pub fn finish_one(&self) {
        if self.active.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.idle.notify_waiters();
        }
    }

    /// Waits up to `timeout` for the running commands, then cancels the rest with `end_rest`, and closes the core.
    ///
    /// Open streams end at once, because they might never be read again.
    pub async fn close(self: &Arc<Self>, timeout: Duration, end_rest: impl FnOnce()) {
        self.streams.end_all();
        if tokio::time::timeout(timeout, self.drained()).await.is_err() {
            end_rest();
            // A cancelled command drops its connection and answers at once.
            let _ = tokio::time::timeout(END_TIMEOUT, self.drained()).await;
        }
        metrics::unregister(self.as_ref());
        self.nodes.close();
        // The core's close waits for its tend, which may wait for a silent server. After the timeout it continues in
        // the background.
        let client = Arc::clone(self);
        let closing = tokio::spawn(async move {
            let _ = client.core.close().await;
        });
        let _ = tokio::time::timeout(CLOSE_TIMEOUT, closing).await;
    }

    async fn drained(&self) {
        loop {
            let idle = self.idle.notified();
            if self.active.load(Ordering::Acquire) == 0 {
                return;
            }
            idle.await;
        }
    }
}

impl AsRef<aerospike_core::Client> for Client {
    fn as_ref(&self) -> &aerospike_core::Client {
        &self.core
    }
}
