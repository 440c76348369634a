//! A connected client: aerospike-core's client, the default policies, the admission of commands, the nodes and the open
//! streams.

mod connect;
mod core;
mod diagnose;
pub mod foreign;
mod stats;
pub mod transactions;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use aerospike_core::AuthMode;
use tokio::sync::Notify;

use self::core::Core;
use self::transactions::Transactions;
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

/// The commands of a client, those on the connections that `reconnect` has replaced included.
#[derive(Default)]
struct Activity {
    /// Number of submitted commands without an answer.
    active: AtomicUsize,
    /// Number of submitted commands that have not started.
    waiting: AtomicUsize,
    idle: Notify,
}

/// A connected client.
pub struct Client {
    /// aerospike-core's client.
    pub core: Core,
    /// The default policies of calls.
    pub defaults: Defaults,
    /// The first seed host, for spans.
    pub server: Arc<SeedHost>,
    /// The open streams.
    pub streams: Arc<Streams>,
    /// The transactions that are not released.
    pub transactions: Arc<Transactions>,
    /// Admission of commands to the client.
    pub admission: Arc<Admission>,
    /// Admission of single-record commands to each node.
    pub nodes: Arc<Nodes>,
    /// Which calls are grouped into batches; `None` if automatic batching is off.
    pub auto_batch: Option<AutoBatchPolicy>,
    activity: Arc<Activity>,
    watch: WatchOptions,
    /// The credentials, for `reconnect`. Their debug format does not contain the password.
    auth_mode: AuthMode,
    /// Seconds that the session of a login lasts; 0 if unknown.
    pub session_ttl: u32,
}

impl Client {
    /// Connects within the connect timeout of the configuration.
    ///
    /// # Errors
    /// No node is reachable, the cluster has another name, or the credentials are rejected.
    pub async fn connect(config: ClientConfig) -> Result<Arc<Client>, Failure> {
        let server = Arc::new(match config.hosts.first() {
            Some(host) => SeedHost {
                address: Arc::from(host.name.as_str()),
                port: host.port,
            },
            None => SeedHost {
                address: Arc::from(""),
                port: 0,
            },
        });
        let (pools, opened) = (config.policy.max_conns_per_node, config.policy.min_conns_per_node);
        let (max_concurrent, auto_batch) = (config.max_concurrent, config.auto_batch);
        let (defaults, max_errors, error_window) = (config.defaults.clone(), config.max_errors, config.error_window);
        let auth_mode = config.policy.auth_mode.clone();
        let (core, session_ttl) = connect::connect(config).await?;
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
            core: Core::new(core),
            defaults,
            server,
            streams: Arc::default(),
            transactions: Arc::default(),
            admission: Arc::new(Admission::new(max_commands, opened, count)),
            nodes: Arc::new(Nodes::new(max_errors)),
            auto_batch,
            activity: Arc::default(),
            watch,
            auth_mode,
            session_ttl,
        });
        metrics::register(&client);
        client.watch_nodes();
        Ok(client)
    }

    /// Connects again, with the credentials and certificates of `config`, and returns the client that takes over.
    /// Running commands and open streams end on the connections of this one, which are closed after the last of them.
    /// Limits and default policies stay.
    ///
    /// # Errors
    /// As of `connect`; this client is unchanged then.
    pub async fn reconnect(self: &Arc<Self>, mut config: ClientConfig) -> Result<Arc<Client>, Failure> {
        if config.same_credentials {
            config.policy.auth_mode = self.auth_mode.clone();
        }
        let auth_mode = config.policy.auth_mode.clone();
        let (core, session_ttl) = connect::connect(config).await?;
        let client = Arc::new(Client {
            core: Core::new(core),
            defaults: self.defaults.clone(),
            server: Arc::clone(&self.server),
            streams: Arc::clone(&self.streams),
            transactions: Arc::clone(&self.transactions),
            admission: Arc::clone(&self.admission),
            nodes: Arc::new(Nodes::new(self.nodes.max_errors())),
            auto_batch: self.auto_batch,
            activity: Arc::clone(&self.activity),
            watch: self.watch,
            auth_mode,
            session_ttl,
        });
        metrics::replace(self.as_ref(), &client);
        client.watch_nodes();
        Ok(client)
    }

    fn watch_nodes(self: &Arc<Self>) {
        let (nodes, client) = (Arc::clone(&self.nodes), Arc::downgrade(self));
        tokio::spawn(nodes::watch(nodes, client, self.watch));
    }

    /// Maximum number of commands that run at once.
    pub fn max_commands(&self) -> u32 {
        self.admission.max()
    }

    /// Numbers of running and of queued commands.
    pub fn load(&self) -> (usize, usize) {
        let waiting = self.activity.waiting.load(Ordering::Relaxed) + self.nodes.waiting();
        (
            self.activity.active.load(Ordering::Relaxed).saturating_sub(waiting),
            waiting,
        )
    }

    /// Adds commands that were submitted.
    pub fn accept(&self, commands: usize) {
        self.activity.active.fetch_add(commands, Ordering::AcqRel);
    }

    /// Whether a submitted command has not started.
    pub fn has_waiting(&self) -> bool {
        self.activity.waiting.load(Ordering::Acquire) > 0
    }

    /// Adds accepted commands to those that have not started.
    pub fn enqueue(&self, commands: usize) {
        self.activity.waiting.fetch_add(commands, Ordering::AcqRel);
    }

    /// Removes commands that start now.
    pub fn dequeue(&self, commands: usize) {
        self.activity.waiting.fetch_sub(commands, Ordering::AcqRel);
    }

    /// Removes an accepted command that was answered.
    pub fn finish_one(&self) {
        if self.activity.active.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.activity.idle.notify_waiters();
        }
    }

    /// Waits up to `timeout` for the running commands, then cancels the rest with `end_rest`, aborts the open transactions,
    /// and closes the core.
    ///
    /// Open streams end at once, because they might never be read again.
    pub async fn close(self: &Arc<Self>, timeout: Duration, end_rest: impl FnOnce()) {
        self.streams.end_all();
        if tokio::time::timeout(timeout, self.drained()).await.is_err() {
            end_rest();
            // A cancelled command drops its connection and answers at once.
            let _ = tokio::time::timeout(END_TIMEOUT, self.drained()).await;
        }
        self.transactions.abort_all(self, timeout.max(END_TIMEOUT)).await;
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
            let idle = self.activity.idle.notified();
            if self.activity.active.load(Ordering::Acquire) == 0 {
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
