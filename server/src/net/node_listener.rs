//! The network endpoint of a node: its reserved port, and the task that serves it while the node runs.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, JoinSet};

use crate::cluster::Cluster;
use crate::cluster::node::Node;
use crate::net::connection;

/// Delay before accepting again after an error, for example when no file descriptors are left.
const ACCEPT_PAUSE: Duration = Duration::from_millis(10);

/// Maximum number of connections that wait to be accepted.
const BACKLOG: u32 = 1024;

/// The endpoint of a node. It exists whether the node runs or not.
#[derive(Debug)]
pub(crate) struct NodeListener {
    address: SocketAddr,
    tls_address: Option<SocketAddr>,
    node: Arc<Node>,
    state: State,
}

#[derive(Debug)]
enum State {
    Running {
        stop: oneshot::Sender<()>,
        task: JoinHandle<()>,
    },
    /// The ports stay bound so that no other process takes them, but connections are refused.
    Stopped {
        plain: Option<TcpSocket>,
        tls: Option<TcpSocket>,
    },
}

impl NodeListener {
    /// Creates the endpoint of a cluster member and starts its node.
    pub(crate) fn new(
        cluster: &Arc<Cluster>,
        member: usize,
        listener: TcpListener,
        tls_listener: Option<TcpListener>,
    ) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let tls_address = tls_listener.as_ref().map(TcpListener::local_addr).transpose()?;
        let node = Arc::new(Node::new(Arc::clone(cluster), member));
        Ok(Self {
            address,
            tls_address,
            state: State::run(listener, tls_listener, &node),
            node,
        })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The running node, or the last one that ran.
    pub(crate) fn node(&self) -> &Arc<Node> {
        &self.node
    }

    pub(crate) fn is_running(&self) -> bool {
        matches!(self.state, State::Running { .. })
    }

    /// Stops the node as if it were killed: it sends no more replies. When this returns, all of its connections
    /// are closed and all of its work has ended.
    pub(crate) async fn stop(&mut self) {
        if let State::Running { stop, task } = std::mem::replace(&mut self.state, State::STOPPED) {
            drop(stop);
            // Ignore a panic of the task, because the node is being stopped anyway.
            let _ = task.await;
            self.node.jobs().abort_all();
            // If a port cannot be bound, it is not reserved, and `start` tries to bind it again.
            self.state = State::Stopped {
                plain: bind(self.address).ok(),
                tls: self.tls_address.and_then(|address| bind(address).ok()),
            };
        }
    }

    /// Starts a new node with the same address and id.
    pub(crate) fn start(&mut self, cluster: &Arc<Cluster>) -> io::Result<()> {
        let State::Stopped { plain, tls } = &mut self.state else {
            return Ok(());
        };
        let listener = listen(plain.take(), self.address)?;
        let tls_listener = self
            .tls_address
            .map(|address| listen(tls.take(), address))
            .transpose()?;
        self.node = Arc::new(Node::new(Arc::clone(cluster), self.node.member()));
        self.state = State::run(listener, tls_listener, &self.node);
        Ok(())
    }
}

impl State {
    const STOPPED: Self = Self::Stopped { plain: None, tls: None };

    fn run(listener: TcpListener, tls_listener: Option<TcpListener>, node: &Arc<Node>) -> Self {
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(run(listener, tls_listener, Arc::clone(node), stopped));
        Self::Running { stop, task }
    }
}

fn bind(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4(),
        SocketAddr::V6(_) => TcpSocket::new_v6(),
    }?;
    // Recently closed connections must not block the port. (On Windows, this option would let two processes
    // share the port.)
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}

fn listen(kept: Option<TcpSocket>, address: SocketAddr) -> io::Result<TcpListener> {
    let socket = match kept {
        Some(socket) => socket,
        None => bind(address)?,
    };
    socket.listen(BACKLOG)
}

/// Accepts connections until `stopped` resolves, which happens when its sender is dropped.
async fn run(
    listener: TcpListener,
    tls_listener: Option<TcpListener>,
    node: Arc<Node>,
    mut stopped: oneshot::Receiver<()>,
) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            _ = &mut stopped => break,
            stream = accept(&listener) => {
                connections.spawn(serve(Arc::clone(&node), stream, false));
            }
            stream = accept_from(tls_listener.as_ref()) => {
                connections.spawn(serve(Arc::clone(&node), stream, true));
            }
            Some(_) = connections.join_next() => {}
        }
    }
    drop((listener, tls_listener));
    connections.shutdown().await;
}

/// The next connection of a listener that may not exist.
async fn accept_from(listener: Option<&TcpListener>) -> TcpStream {
    match listener {
        Some(listener) => accept(listener).await,
        None => std::future::pending().await,
    }
}

async fn accept(listener: &TcpListener) -> TcpStream {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return stream,
            Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
        }
    }
}

async fn serve(node: Arc<Node>, stream: TcpStream, with_tls: bool) {
    /// Decrements the connection count even if the task is aborted.
    struct OpenConnection<'a>(&'a Node);
    impl Drop for OpenConnection<'_> {
        fn drop(&mut self) {
            self.0.connections().decrement();
        }
    }
    node.connections().increment();
    let _open = OpenConnection(&node);
    // Connection errors concern only that client.
    let tls = if with_tls { node.cluster().tls() } else { None };
    let _ = connection::serve(Arc::clone(&node), stream, tls).await;
}
