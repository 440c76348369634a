//! Starts and stops the server: a single node or a cluster.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio::time::{Instant, interval_at};

use crate::cluster::network::NetworkConfig;
use crate::cluster::node::Node;
use crate::cluster::xdr::Xdr;
use crate::cluster::{Cluster, MAX_NODES, Member};
use crate::common::clock::{Clock, SystemClock};
use crate::net::node_listener::NodeListener;
use crate::record::rules::RecordRules;
use crate::security::{Security, SecurityConfig};
use crate::store::{Store, StoreConfig, StrongConsistency};
use crate::tls::{Tls, TlsConfig};

/// Interval at which expired records are removed, as on a real server.
const EXPIRY_PERIOD: Duration = Duration::from_secs(120);

/// Interval at which transactions whose deadline has passed are ended.
const TRANSACTION_PERIOD: Duration = Duration::from_secs(1);

/// Default number of copies of each record in a cluster.
const REPLICATION_FACTOR: usize = 2;

/// Server configuration.
#[derive(Debug, Clone)]
pub struct Config {
    /// Address to listen on.
    pub host: IpAddr,
    /// Port to listen on; 0 selects a free port. With several nodes, this is the port of the first node, and
    /// the others use the ports that follow (or free ports, if 0).
    pub port: u16,
    /// Number of nodes.
    pub nodes: usize,
    /// Number of nodes that have each record. The default is 2, or 1 for a single node.
    pub replication_factor: Option<usize>,
    /// Rack ids of the nodes. Nodes without an entry are in rack 0.
    pub racks: Vec<u32>,
    /// Namespace names.
    pub namespaces: Vec<String>,
    /// Settings of every namespace.
    pub rules: RecordRules,
    /// Strong consistency, and with it transactions. Without it, all namespaces are available during partitions, as
    /// in the Community Edition.
    pub strong_consistency: Option<StrongConsistency>,
    /// Cluster name, which clients can verify.
    pub cluster_name: Option<String>,
    /// Access control. Without it, the server has no users, as in the Community Edition.
    pub security: Option<SecurityConfig>,
    /// TLS, on a further port of each node.
    pub tls: Option<TlsConfig>,
    /// How clients reach the nodes.
    pub network: NetworkConfig,
    /// Names of the datacenters to which records would be shipped. Without any, as in the Community Edition, filters of
    /// cross-datacenter replication are refused.
    pub xdr_datacenters: Vec<String>,
    /// Time source.
    pub clock: Arc<dyn Clock>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            host: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: 0,
            nodes: 1,
            replication_factor: None,
            racks: Vec::new(),
            namespaces: vec!["test".to_owned()],
            rules: RecordRules::default(),
            strong_consistency: None,
            cluster_name: None,
            security: None,
            tls: None,
            network: NetworkConfig::default(),
            xdr_datacenters: Vec::new(),
            clock: Arc::new(SystemClock),
        }
    }
}

/// A running server. Dropping it stops the server.
#[derive(Debug)]
pub struct LocalServer {
    cluster: Arc<Cluster>,
    listeners: Vec<NodeListener>,
    upkeep: JoinHandle<()>,
    /// Nodes that were stopped, and the tasks that remove them from the cluster later.
    leaving: Vec<(usize, JoinHandle<()>)>,
}

impl LocalServer {
    /// Starts a server on the current Tokio runtime. When this returns, the server accepts connections.
    ///
    /// # Errors
    /// Returns an error if the server cannot listen on an address, or if the number of nodes is 0 or more than
    /// [`MAX_NODES`].
    pub async fn start(config: Config) -> io::Result<Self> {
        if config.nodes == 0 || config.nodes > MAX_NODES {
            return Err(invalid(format!(
                "the number of nodes is {}, not 1 to {MAX_NODES}",
                config.nodes
            )));
        }
        let security = config
            .security
            .as_ref()
            .map(Security::new)
            .transpose()
            .map_err(invalid)?;
        if let Some(strong) = &config.strong_consistency {
            strong.check(&config.namespaces, &config.rules).map_err(invalid)?;
        }
        let tls = config.tls.as_ref().map(|tls| Tls::new(tls, config.host)).transpose()?;
        let mut sockets = Vec::with_capacity(config.nodes);
        let mut members = Vec::with_capacity(config.nodes);
        for index in 0..config.nodes {
            let socket = listen(config.host, port(config.port, index)?).await?;
            let tls_socket = match &config.tls {
                None => None,
                Some(tls) => Some(listen(config.host, port(tls.port, index)?).await?),
            };
            let address = socket.local_addr()?;
            members.push(Member {
                id: node_id(address.port()),
                address,
                tls_address: tls_socket.as_ref().map(TcpListener::local_addr).transpose()?,
                rack: config.racks.get(index).copied().unwrap_or_default(),
            });
            sockets.push((socket, tls_socket));
        }
        let store = Arc::new(Store::new(&StoreConfig {
            namespaces: config.namespaces,
            rules: config.rules,
            strong_consistency: config.strong_consistency,
            clock: config.clock,
        }));
        let factor = config
            .replication_factor
            .unwrap_or(REPLICATION_FACTOR.min(config.nodes))
            .max(1);
        let cluster = Cluster::new(config.cluster_name, factor, members, Arc::clone(&store));
        let cluster = cluster
            .with_network(config.network)
            .with_xdr(Xdr::new(config.xdr_datacenters));
        let cluster = Arc::new(cluster.with_security(security).with_tls(tls));
        let listeners = sockets
            .into_iter()
            .enumerate()
            .map(|(member, (socket, tls_socket))| NodeListener::new(&cluster, member, socket, tls_socket))
            .collect::<io::Result<_>>()?;
        Ok(Self {
            cluster,
            listeners,
            upkeep: tokio::spawn(keep_up(store)),
            leaving: Vec::new(),
        })
    }

    /// The address of the first node.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.addresses()
            .next()
            .unwrap_or(SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0)))
    }

    /// The addresses of all nodes, running or not.
    pub fn addresses(&self) -> impl Iterator<Item = SocketAddr> {
        self.listeners.iter().map(NodeListener::address)
    }

    /// The names of the namespaces.
    pub fn namespaces(&self) -> impl Iterator<Item = &str> {
        let namespaces = self.cluster.store().namespaces();
        namespaces.iter().map(|namespace| namespace.name())
    }

    /// The cluster of nodes.
    #[must_use]
    pub fn cluster(&self) -> &Cluster {
        &self.cluster
    }

    /// A running node. `None` if it is stopped or does not exist.
    #[must_use]
    pub fn node(&self, index: usize) -> Option<&Node> {
        self.listeners
            .get(index)
            .filter(|listener| listener.is_running())
            .map(|listener| &**listener.node())
    }

    /// Stops a node as if it were killed: its connections are closed at once, even those with pending requests,
    /// and new connections are refused. The other nodes take over its partitions after `noticed_after`: at once
    /// if it is zero, or later, like real nodes, which first have to notice that the node is gone. Records that
    /// no other node has are lost. Stopping a stopped node does nothing.
    ///
    /// # Errors
    /// Returns an error if the node does not exist.
    pub async fn stop_node(&mut self, index: usize, noticed_after: Duration) -> io::Result<()> {
        let listener = self.listeners.get_mut(index).ok_or_else(|| no_node(index))?;
        if listener.is_running() {
            self.cluster.mark_unresponsive(index);
            listener.stop().await;
            let leave = leave(Arc::clone(&self.cluster), index, noticed_after);
            if noticed_after.is_zero() {
                leave.await;
            } else {
                self.leaving.push((index, tokio::spawn(leave)));
            }
        }
        Ok(())
    }

    /// Suspends a node: it accepts connections and requests, but neither executes them nor replies. The other
    /// nodes still rely on it: writes that they replicate to it get no reply either.
    ///
    /// # Errors
    /// Returns an error if the node is not running.
    pub fn pause_node(&self, index: usize) -> io::Result<()> {
        self.node(index).ok_or_else(|| not_running(index))?.faults().pause();
        self.cluster.mark_unresponsive(index);
        Ok(())
    }

    /// Resumes a suspended node. It handles the requests that arrived in the meantime.
    ///
    /// # Errors
    /// Returns an error if the node is not running.
    pub fn resume_node(&self, index: usize) -> io::Result<()> {
        self.node(index).ok_or_else(|| not_running(index))?.faults().resume();
        self.cluster.mark_responsive(index);
        Ok(())
    }

    /// Starts a stopped node again at the same address, and gives it its partitions back. Starting a running
    /// node does nothing.
    ///
    /// # Errors
    /// Returns an error if the node does not exist, or if its port is now in use by another process.
    pub fn start_node(&mut self, index: usize) -> io::Result<()> {
        let listener = self.listeners.get_mut(index).ok_or_else(|| no_node(index))?;
        if !listener.is_running() {
            for (_, task) in self.leaving.extract_if(.., |(leaving, _)| *leaving == index) {
                task.abort();
            }
            if self.cluster.view().has(index) {
                // The cluster has not removed the node yet. Remove it now.
                self.cluster.leave(index);
            }
            self.cluster.mark_responsive(index);
            listener.start(&self.cluster)?;
            self.cluster.join(index);
        }
        Ok(())
    }

    /// Lets all sessions of users expire at once.
    ///
    /// # Errors
    /// Returns an error if access control is not enabled.
    pub fn expire_sessions(&self) -> io::Result<()> {
        let security = self.cluster.security();
        security
            .ok_or_else(|| invalid("security is not enabled".to_owned()))?
            .expire_sessions();
        Ok(())
    }

    /// Closes all connections and stops listening.
    pub async fn stop(&mut self) {
        for listener in &mut self.listeners {
            listener.stop().await;
        }
    }
}

impl Drop for LocalServer {
    fn drop(&mut self) {
        // Dropping the listeners ends the tasks of the nodes.
        self.upkeep.abort();
        for (_, task) in &self.leaving {
            task.abort();
        }
    }
}

fn invalid(message: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, message)
}

fn not_running(index: usize) -> io::Error {
    invalid(format!("node {index} is not running"))
}

fn no_node(index: usize) -> io::Error {
    invalid(format!("node {index} does not exist"))
}

/// The port of the node at `index`.
fn port(first: u16, index: usize) -> io::Result<u16> {
    if first == 0 {
        return Ok(0);
    }
    u16::try_from(index)
        .ok()
        .and_then(|index| first.checked_add(index))
        .ok_or_else(|| invalid(format!("no port is left for node {index}: the first port is {first}")))
}

/// Listens on an address. An error names it.
async fn listen(host: IpAddr, port: u16) -> io::Result<TcpListener> {
    let address = SocketAddr::new(host, port);
    TcpListener::bind(address)
        .await
        .map_err(|error| io::Error::new(error.kind(), format!("cannot listen on {address}: {error}")))
}

/// `BB9` followed by twelve digits, like the ids of real nodes.
fn node_id(port: u16) -> String {
    format!("BB9{:012X}", 0x0200_0000_0000_u64 | u64::from(port))
}

/// Removes a node from the cluster after a delay.
async fn leave(cluster: Arc<Cluster>, index: usize, noticed_after: Duration) {
    tokio::time::sleep(noticed_after).await;
    cluster.leave(index);
    cluster.mark_responsive(index);
}

/// Removes expired records, and ends expired transactions.
async fn keep_up(store: Arc<Store>) {
    let mut expiry = interval_at(Instant::now() + EXPIRY_PERIOD, EXPIRY_PERIOD);
    let mut transactions = interval_at(Instant::now() + TRANSACTION_PERIOD, TRANSACTION_PERIOD);
    loop {
        tokio::select! {
            _ = expiry.tick() => store.remove_expired(),
            _ = transactions.tick(), if store.is_enterprise() => store.end_expired_transactions(),
        }
    }
}
