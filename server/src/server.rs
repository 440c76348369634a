//! Starting and stopping a server: a node, or a cluster of them.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio::time::{Instant, interval_at};

use crate::clock::{Clock, SystemClock};
use crate::cluster::{Cluster, MAX_NODES, Member};
use crate::namespace::NamespaceRules;
use crate::node::Node;
use crate::seat::Seat;
use crate::store::{Store, StoreConfig};

/// How often records whose time is over are removed; as on a real server.
const EXPIRY_PERIOD: Duration = Duration::from_secs(120);

/// How many nodes of a cluster have each record, unless the configuration says otherwise.
const REPLICATION_FACTOR: usize = 2;

/// How a server is to be.
#[derive(Debug, Clone)]
pub struct Config {
    /// Address to listen at.
    pub host: IpAddr,
    /// Port to listen at; 0 takes a free one. Of several nodes the first one's, and the others have the
    /// ports behind it, or free ones too.
    pub port: u16,
    /// How many nodes there are.
    pub nodes: usize,
    /// How many nodes have each record; without it 2, or 1 where there is a single node.
    pub replication_factor: Option<usize>,
    /// The racks of the nodes; those that have none are in rack 0.
    pub racks: Vec<u32>,
    /// Names of the namespaces.
    pub namespaces: Vec<String>,
    /// Rules of every namespace.
    pub rules: NamespaceRules,
    /// Name of the cluster; clients can insist on it.
    pub cluster_name: Option<String>,
    /// Where time comes from.
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
            rules: NamespaceRules::default(),
            cluster_name: None,
            clock: Arc::new(SystemClock),
        }
    }
}

/// A running server. Dropping it stops it.
#[derive(Debug)]
pub struct LocalServer {
    cluster: Arc<Cluster>,
    seats: Vec<Seat>,
    expiry: JoinHandle<()>,
    /// Nodes that were stopped, until the others notice.
    leaving: Vec<(usize, JoinHandle<()>)>,
}

impl LocalServer {
    /// Starts a server on the current Tokio runtime. It accepts connections once this returns.
    ///
    /// # Errors
    /// When it cannot listen at an address, or there are no nodes or more than [`MAX_NODES`].
    pub async fn start(config: Config) -> io::Result<Self> {
        if config.nodes == 0 || config.nodes > MAX_NODES {
            return Err(invalid(format!(
                "{} nodes; 1 to {MAX_NODES} are possible",
                config.nodes
            )));
        }
        let mut listeners = Vec::with_capacity(config.nodes);
        let mut members = Vec::with_capacity(config.nodes);
        for index in 0..config.nodes {
            let listener = TcpListener::bind((config.host, port(config.port, index)?)).await?;
            let address = listener.local_addr()?;
            members.push(Member {
                id: node_id(address.port()),
                address,
                rack: config.racks.get(index).copied().unwrap_or_default(),
            });
            listeners.push(listener);
        }
        let store = Arc::new(Store::new(&StoreConfig {
            namespaces: config.namespaces,
            rules: config.rules,
            clock: config.clock,
        }));
        let factor = config
            .replication_factor
            .unwrap_or(REPLICATION_FACTOR.min(config.nodes))
            .max(1);
        let cluster = Cluster::new(config.cluster_name, factor, members, Arc::clone(&store));
        let cluster = Arc::new(cluster);
        let seats = listeners
            .into_iter()
            .enumerate()
            .map(|(member, listener)| Seat::new(&cluster, member, listener))
            .collect::<io::Result<_>>()?;
        Ok(Self {
            cluster,
            seats,
            expiry: tokio::spawn(remove_expired(store)),
            leaving: Vec::new(),
        })
    }

    /// Where its first node listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.addresses()
            .next()
            .unwrap_or(SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0)))
    }

    /// Where its nodes listen, running or not.
    pub fn addresses(&self) -> impl Iterator<Item = SocketAddr> {
        self.seats.iter().map(Seat::address)
    }

    /// Who is in the cluster, and has what.
    #[must_use]
    pub fn cluster(&self) -> &Cluster {
        &self.cluster
    }

    /// A node that runs.
    #[must_use]
    pub fn node(&self, index: usize) -> Option<&Node> {
        self.seats
            .get(index)
            .filter(|seat| seat.is_running())
            .map(|seat| &**seat.node())
    }

    /// Ends a node as if it were killed: its connections are closed at once, whatever they are waiting for,
    /// and new ones are refused. The other nodes take its partitions over, at once or, as real ones do, only
    /// when they have missed it for `noticed_after`; records that none of them has are lost. Stopping one that
    /// does not run does nothing.
    ///
    /// # Errors
    /// When there is no such node.
    pub async fn stop_node(&mut self, index: usize, noticed_after: Duration) -> io::Result<()> {
        let seat = self.seats.get_mut(index).ok_or_else(|| no_node(index))?;
        if seat.is_running() {
            self.cluster.silence(index);
            seat.stop().await;
            let leave = leave(Arc::clone(&self.cluster), index, noticed_after);
            if noticed_after.is_zero() {
                leave.await;
            } else {
                self.leaving.push((index, tokio::spawn(leave)));
            }
        }
        Ok(())
    }

    /// Lets a node hang: it accepts connections and requests, and neither carries them out nor answers. The other nodes
    /// count on it all the same: what they write for it stays without an answer, too.
    ///
    /// # Errors
    /// When it does not run.
    pub fn pause_node(&self, index: usize) -> io::Result<()> {
        self.node(index).ok_or_else(|| not_running(index))?.faults().pause();
        self.cluster.silence(index);
        Ok(())
    }

    /// Lets a node that hangs go on, with what came meanwhile.
    ///
    /// # Errors
    /// When it does not run.
    pub fn resume_node(&self, index: usize) -> io::Result<()> {
        self.node(index).ok_or_else(|| not_running(index))?.faults().resume();
        self.cluster.unsilence(index);
        Ok(())
    }

    /// Starts a node again, where it was, and gives it its partitions back. Starting one that runs does
    /// nothing.
    ///
    /// # Errors
    /// When there is no such node, or its port is taken meanwhile.
    pub fn start_node(&mut self, index: usize) -> io::Result<()> {
        let seat = self.seats.get_mut(index).ok_or_else(|| no_node(index))?;
        if !seat.is_running() {
            for (_, task) in self.leaving.extract_if(.., |(leaving, _)| *leaving == index) {
                task.abort();
            }
            if self.cluster.view().has(index) {
                // Nobody has noticed that it was gone: they do now.
                self.cluster.leave(index);
            }
            self.cluster.unsilence(index);
            seat.start(&self.cluster)?;
            self.cluster.join(index);
        }
        Ok(())
    }

    /// Closes all connections and stops listening.
    pub async fn stop(&mut self) {
        for seat in &mut self.seats {
            seat.stop().await;
        }
    }
}

impl Drop for LocalServer {
    fn drop(&mut self) {
        // The nodes' tasks end when their seats are dropped.
        self.expiry.abort();
        for (_, task) in &self.leaving {
            task.abort();
        }
    }
}

fn invalid(message: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, message)
}

fn not_running(index: usize) -> io::Error {
    invalid(format!("node {index} does not run"))
}

fn no_node(index: usize) -> io::Error {
    invalid(format!("there is no node {index}"))
}

/// The port of one of several nodes.
fn port(first: u16, index: usize) -> io::Result<u16> {
    if first == 0 {
        return Ok(0);
    }
    u16::try_from(index)
        .ok()
        .and_then(|index| first.checked_add(index))
        .ok_or_else(|| invalid(format!("no port is left behind {first} for node {index}")))
}

/// `BB9` and twelve digits, like the names of real nodes.
fn node_id(port: u16) -> String {
    format!("BB9{:012X}", 0x0200_0000_0000_u64 | u64::from(port))
}

/// Leaves a node out once the others have missed it for long enough.
async fn leave(cluster: Arc<Cluster>, index: usize, noticed_after: Duration) {
    tokio::time::sleep(noticed_after).await;
    cluster.leave(index);
    cluster.unsilence(index);
}

async fn remove_expired(store: Arc<Store>) {
    let mut expiry = interval_at(Instant::now() + EXPIRY_PERIOD, EXPIRY_PERIOD);
    loop {
        expiry.tick().await;
        store.remove_expired();
    }
}
