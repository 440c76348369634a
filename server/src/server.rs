//! Starting and stopping a server.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{Instant, interval_at};

use crate::clock::{Clock, SystemClock};
use crate::connection;
use crate::namespace::NamespaceRules;
use crate::node::{Node, NodeConfig};
use crate::store::{Store, StoreConfig};

/// How often records whose time is over are removed; as on a real server.
const EXPIRY_PERIOD: Duration = Duration::from_secs(120);

/// How long to wait before accepting again when that failed, as it does without file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(10);

/// How a server is to be.
#[derive(Debug, Clone)]
pub struct Config {
    /// Address to listen at.
    pub host: IpAddr,
    /// Port to listen at; 0 takes a free one.
    pub port: u16,
    /// Names of the namespaces.
    pub namespaces: Vec<String>,
    /// Rules of every namespace.
    pub rules: NamespaceRules,
    /// Name of the cluster; clients can insist on it.
    pub cluster_name: Option<String>,
    /// Name of the node, hexadecimal; made from the port when there is none.
    pub node_id: Option<String>,
    /// Where time comes from.
    pub clock: Arc<dyn Clock>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            host: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: 0,
            namespaces: vec!["test".to_owned()],
            rules: NamespaceRules::default(),
            cluster_name: None,
            node_id: None,
            clock: Arc::new(SystemClock),
        }
    }
}

/// A running server. Dropping it stops it.
#[derive(Debug)]
pub struct LocalServer {
    address: SocketAddr,
    node: Arc<Node>,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<()>,
}

impl LocalServer {
    /// Starts a server on the current Tokio runtime. It accepts connections once this returns.
    ///
    /// # Errors
    /// When it cannot listen at the address.
    pub async fn start(config: Config) -> io::Result<Self> {
        let listener = TcpListener::bind((config.host, config.port)).await?;
        let address = listener.local_addr()?;
        let store = Arc::new(Store::new(&StoreConfig {
            namespaces: config.namespaces,
            rules: config.rules,
            clock: config.clock,
        }));
        let node = Arc::new(Node::new(NodeConfig {
            id: config.node_id.unwrap_or_else(|| node_id(address.port())),
            cluster_name: config.cluster_name,
            store,
        }));
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(run(listener, Arc::clone(&node), stopped));
        Ok(Self {
            address,
            node,
            stop: Some(stop),
            task,
        })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The node that it is.
    #[must_use]
    pub fn node(&self) -> &Node {
        &self.node
    }

    /// Closes all connections and stops listening.
    pub async fn stop(mut self) {
        self.stop.take();
        // The task ends by itself; that it panicked is of no interest to who wants it gone.
        let _ = (&mut self.task).await;
    }
}

/// `BB9` and twelve digits, like the names of real nodes.
fn node_id(port: u16) -> String {
    format!("BB9{:012X}", 0x0200_0000_0000_u64 | u64::from(port))
}

/// Accepts connections until `stopped` resolves, which it also does when its other end is dropped.
/// The connections' tasks end with the set that holds them.
async fn run(listener: TcpListener, node: Arc<Node>, mut stopped: oneshot::Receiver<()>) {
    let mut connections = JoinSet::new();
    let mut expiry = interval_at(Instant::now() + EXPIRY_PERIOD, EXPIRY_PERIOD);
    loop {
        tokio::select! {
            _ = &mut stopped => return,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(serve(Arc::clone(&node), stream));
                }
                Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
            },
            _ = expiry.tick() => node.store().remove_expired(),
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn serve(node: Arc<Node>, stream: TcpStream) {
    /// Counts down even when the task is aborted.
    struct Open<'a>(&'a Node);
    impl Drop for Open<'_> {
        fn drop(&mut self) {
            self.0.connections().leave();
        }
    }
    node.connections().enter();
    let _open = Open(&node);
    // A connection that breaks is the client's affair.
    let _ = connection::serve(Arc::clone(&node), stream).await;
}
