//! A node's place: the port that is kept for it, and the task that serves it while it runs.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, JoinSet};

use crate::cluster::Cluster;
use crate::connection;
use crate::node::Node;

/// How long to wait before accepting again when that failed, as it does without file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(10);

/// Connections that wait to be accepted.
const BACKLOG: u32 = 1024;

/// Where a node is, or was and will be.
#[derive(Debug)]
pub(crate) struct Seat {
    address: SocketAddr,
    node: Arc<Node>,
    state: State,
}

#[derive(Debug)]
enum State {
    Running {
        stop: oneshot::Sender<()>,
        task: JoinHandle<()>,
    },
    /// The port is still taken, so that nobody else gets it, but connections are refused.
    Stopped(Option<TcpSocket>),
}

impl Seat {
    /// Lets a member of the cluster take its seat.
    pub(crate) fn new(cluster: &Arc<Cluster>, member: usize, listener: TcpListener) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let node = Arc::new(Node::new(Arc::clone(cluster), member));
        Ok(Self {
            address,
            state: State::run(listener, &node),
            node,
        })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The node that runs, or ran last.
    pub(crate) fn node(&self) -> &Arc<Node> {
        &self.node
    }

    pub(crate) fn is_running(&self) -> bool {
        matches!(self.state, State::Running { .. })
    }

    /// Ends the node as if it were killed: nothing is answered any more. Once this returns, all its
    /// connections are closed, and nothing that it was doing goes on.
    pub(crate) async fn stop(&mut self) {
        if let State::Running { stop, task } = std::mem::replace(&mut self.state, State::Stopped(None)) {
            drop(stop);
            // The task ends by itself; that it panicked is of no interest to who wants it gone.
            let _ = task.await;
            self.node.jobs().abort_all();
            // Without the port the seat is not kept, and a start tries to get it again.
            self.state = State::Stopped(bind(self.address).ok());
        }
    }

    /// Starts a node anew, at the same address and with the same name.
    pub(crate) fn start(&mut self, cluster: &Arc<Cluster>) -> io::Result<()> {
        let State::Stopped(kept) = &mut self.state else {
            return Ok(());
        };
        let socket = match kept.take() {
            Some(socket) => socket,
            None => bind(self.address)?,
        };
        let listener = socket.listen(BACKLOG)?;
        self.node = Arc::new(Node::new(Arc::clone(cluster), self.node.member()));
        self.state = State::run(listener, &self.node);
        Ok(())
    }
}

impl State {
    fn run(listener: TcpListener, node: &Arc<Node>) -> Self {
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(run(listener, Arc::clone(node), stopped));
        Self::Running { stop, task }
    }
}

fn bind(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4(),
        SocketAddr::V6(_) => TcpSocket::new_v6(),
    }?;
    // Connections that were closed a moment ago do not keep the port. (On Windows the option would let two
    // processes have it.)
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}

/// Accepts connections until `stopped` resolves, which it does when its other end is dropped.
async fn run(listener: TcpListener, node: Arc<Node>, mut stopped: oneshot::Receiver<()>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            _ = &mut stopped => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(serve(Arc::clone(&node), stream));
                }
                Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
    drop(listener);
    connections.shutdown().await;
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
