//! Helpers of the integration tests: a server in this process, and a client that exchanges raw bytes.

pub mod security;
pub mod transaction;
pub mod wire;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use aerospike_local::common::clock::ManualClock;
use aerospike_local::{Config, LocalServer};
use tokio::runtime::Runtime;
use wire::{Reply, parse_reply};

/// A time in 2026, relative to the protocol's epoch.
pub const START: u32 = 533_000_000;

/// A server with a manual clock, and its runtime.
pub struct TestServer {
    runtime: Option<Runtime>,
    server: Option<LocalServer>,
    pub clock: Arc<ManualClock>,
}

impl TestServer {
    pub fn start() -> Self {
        Self::with(|_| {})
    }

    pub fn with(adjust: impl FnOnce(&mut Config)) -> Self {
        let runtime = Runtime::new().unwrap();
        let clock = Arc::new(ManualClock::at(START));
        let mut config = Config {
            namespaces: vec!["test".to_owned(), "demo".to_owned()],
            clock: Arc::clone(&clock) as _,
            ..Config::default()
        };
        adjust(&mut config);
        let server = runtime.block_on(LocalServer::start(config)).unwrap();
        Self {
            runtime: Some(runtime),
            server: Some(server),
            clock,
        }
    }

    pub fn connect(&self) -> Client {
        Client::connect(self.server().address())
    }

    /// Connects to one of several nodes.
    pub fn connect_to(&self, node: usize) -> Client {
        Client::connect(self.server().addresses().nth(node).unwrap())
    }

    pub fn stop_node(&mut self, node: usize) {
        self.stop_node_noticed_after(node, Duration::ZERO);
    }

    pub fn stop_node_noticed_after(&mut self, node: usize, notice: Duration) {
        let runtime = self.runtime.as_ref().unwrap();
        runtime
            .block_on(self.server.as_mut().unwrap().stop_node(node, notice))
            .unwrap();
    }

    pub fn start_node(&mut self, node: usize) {
        let _context = self.runtime.as_ref().unwrap().enter();
        self.server.as_mut().unwrap().start_node(node).unwrap();
    }

    pub fn server(&self) -> &LocalServer {
        self.server.as_ref().unwrap()
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        if let (Some(runtime), Some(mut server)) = (self.runtime.take(), self.server.take()) {
            runtime.block_on(server.stop());
        }
    }
}

/// A client connection.
pub struct Client {
    pub stream: TcpStream,
}

impl Client {
    fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream }
    }

    /// Sends a complete request, including its header.
    pub fn send(&mut self, request: &[u8]) {
        self.stream.write_all(request).unwrap();
    }

    /// Receives one message: its type and the bytes after the header.
    pub fn receive(&mut self) -> (u8, Vec<u8>) {
        let mut header = [0; 8];
        self.stream.read_exact(&mut header).unwrap();
        let size = u64::from_be_bytes(header) & 0xffff_ffff_ffff;
        let mut body = vec![0; usize::try_from(size).unwrap()];
        self.stream.read_exact(&mut body).unwrap();
        (header[1], body)
    }

    /// Sends a message whose reply is a single row.
    pub fn call(&mut self, request: &[u8]) -> Reply {
        self.send(request);
        let (kind, body) = self.receive();
        assert_eq!(kind, 3);
        let mut rows = parse_reply(&body);
        assert_eq!(rows.len(), 1);
        rows.remove(0)
    }

    /// Sends a message whose reply is several rows, up to the one with the LAST flag, or a single row that
    /// rejects the request.
    pub fn ask_many(&mut self, request: &[u8]) -> Vec<Reply> {
        self.send(request);
        let mut rows = Vec::new();
        loop {
            let (kind, body) = self.receive();
            assert_eq!(kind, 3);
            rows.extend(parse_reply(&body));
            let refused = |row: &Reply| row.result != 0 && row.info3 == 0 && row.fields.is_empty();
            if rows
                .last()
                .is_some_and(|row| row.is_last() || (rows.len() == 1 && refused(row)))
            {
                return rows;
            }
        }
    }

    /// Sends an info command.
    pub fn info(&mut self, question: &str) -> String {
        self.send(&wire::proto(1, format!("{question}\n").as_bytes()));
        let (kind, body) = self.receive();
        assert_eq!(kind, 1);
        let text = String::from_utf8(body).unwrap();
        let answer = text.strip_prefix(question).unwrap();
        let answer = answer.strip_prefix('\t').unwrap();
        answer.strip_suffix('\n').unwrap().to_owned()
    }

    /// Whether the server has closed the connection.
    pub fn is_closed(&mut self) -> bool {
        matches!(self.stream.read(&mut [0; 1]), Ok(0) | Err(_))
    }
}
