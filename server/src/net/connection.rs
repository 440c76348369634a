//! Client connections. Requests are handled one at a time, in order.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::compression;
use super::dispatch::{self, Client, Reply};
use super::info;
use crate::cluster::faults::Fault;
use crate::cluster::node::Node;
use crate::commands::{BLOCK_SIZE, Progress, Scratch};
use crate::common::result_code::ResultCode;
use crate::proto::header::{HEADER_SIZE, Header, Kind};
use crate::proto::message::info3;
use crate::proto::reply::write_empty;
use crate::security::{self, Caller};
use crate::tls::{Tls, client_name};

/// Initial size of the input buffer. It grows for larger requests.
const BUFFER_SIZE: usize = 16 * 1024;

/// Number of bytes by which the buffer may always grow beyond the bytes received so far, so that a request's
/// header alone cannot claim more memory than this.
const MAX_AHEAD: usize = 256 * 1024;

/// Maximum buffer size that is kept after a large request or reply.
const MAX_KEPT: usize = 1024 * 1024;

/// Time for a TLS handshake.
const HANDSHAKE_TIME: Duration = Duration::from_secs(10);

/// Serves a connection until the client closes it.
///
/// # Errors
/// Returns an error if reading or writing fails, or the TLS handshake.
pub async fn serve(node: Arc<Node>, stream: TcpStream, tls: Option<&Tls>) -> io::Result<()> {
    let addresses = Addresses {
        server: stream.local_addr()?,
        client: stream.peer_addr()?,
    };
    stream.set_nodelay(true)?;
    let Some(tls) = tls else {
        let caller = Caller::new(addresses.client.ip(), None);
        return serve_stream(node, stream, addresses, caller).await;
    };
    let stream = timeout(HANDSHAKE_TIME, tls.accept(stream)).await??;
    let caller = Caller::new(addresses.client.ip(), client_name(&stream));
    serve_stream(node, stream, addresses, caller).await
}

pub(crate) async fn serve_stream(
    node: Arc<Node>,
    mut stream: impl Stream,
    addresses: Addresses,
    mut caller: Caller,
) -> io::Result<()> {
    let mut input = Input::new();
    let mut output = Output {
        buffer: Vec::with_capacity(BUFFER_SIZE),
        scratch: Scratch::default(),
    };
    loop {
        if !input.read(&mut stream).await? {
            return Ok(());
        }
        node.faults().while_paused().await;
        // The client may pipeline requests: handle all that have arrived before writing.
        loop {
            match input.next(&node) {
                Next::Request(kind, body) => {
                    output
                        .handle(&node, &mut caller, addresses, kind, body, &mut stream)
                        .await?;
                    let size = body.len();
                    input.consume(size);
                }
                Next::Incomplete => break,
                Next::Broken => {
                    output.flush(&mut stream).await?;
                    return Ok(());
                }
            }
        }
        output.flush(&mut stream).await?;
    }
}

/// A stream with or without TLS.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// The addresses of both ends of a connection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Addresses {
    pub server: SocketAddr,
    pub client: SocketAddr,
}

/// The input buffer.
struct Input {
    buffer: Vec<u8>,
    start: usize,
    end: usize,
}

enum Next<'a> {
    Request(Kind, &'a [u8]),
    Incomplete,
    Broken,
}

impl Input {
    fn new() -> Self {
        Self {
            buffer: vec![0; BUFFER_SIZE],
            start: 0,
            end: 0,
        }
    }

    /// Reads more bytes. Returns false if the client has closed the connection.
    async fn read(&mut self, stream: &mut impl Stream) -> io::Result<bool> {
        if self.start == self.end {
            self.start = 0;
            self.end = 0;
            if self.buffer.len() > MAX_KEPT {
                self.buffer.truncate(BUFFER_SIZE);
                self.buffer.shrink_to_fit();
            }
        }
        let place = self.buffer.get_mut(self.end..).unwrap_or_default();
        let count = stream.read(place).await?;
        self.end += count;
        Ok(count > 0)
    }

    /// The next request, if it has arrived completely. Otherwise, makes room for the rest of it.
    fn next(&mut self, node: &Node) -> Next<'_> {
        let waiting = self.buffer.get(self.start..self.end).unwrap_or_default();
        let size = match waiting.first_chunk::<HEADER_SIZE>() {
            None => HEADER_SIZE,
            Some(bytes) => match Header::parse(*bytes) {
                Err(bad) => {
                    node.log().protocol_error(&bad.to_string());
                    return Next::Broken;
                }
                Ok(header) if waiting.len() >= HEADER_SIZE + header.size => {
                    let from = self.start + HEADER_SIZE;
                    let body = self.buffer.get(from..from + header.size);
                    return Next::Request(header.kind, body.unwrap_or_default());
                }
                Ok(header) => HEADER_SIZE + header.size,
            },
        };
        self.make_room(size);
        Next::Incomplete
    }

    /// Makes room for a request of `size` bytes, or for part of it: for at most as many further bytes as have
    /// arrived, or for [`MAX_AHEAD`] if that is more.
    fn make_room(&mut self, size: usize) {
        let arrived = self.end - self.start;
        let size = size.min(arrived + arrived.max(MAX_AHEAD));
        if self.start + size <= self.buffer.len() {
            return;
        }
        self.buffer.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.start = 0;
        if size > self.buffer.len() {
            self.buffer.resize(size, 0);
        }
    }

    /// Removes a handled request from the buffer.
    fn consume(&mut self, body_size: usize) {
        self.start += HEADER_SIZE + body_size;
    }
}

/// The output buffer.
struct Output {
    buffer: Vec<u8>,
    scratch: Scratch,
}

impl Output {
    async fn handle(
        &mut self,
        node: &Arc<Node>,
        caller: &mut Caller,
        addresses: Addresses,
        kind: Kind,
        body: &[u8],
        stream: &mut impl Stream,
    ) -> io::Result<()> {
        match kind {
            Kind::Info => {
                let access = caller.access(node.cluster().security());
                info::handle(node, addresses.server, &access, body, &mut self.buffer);
            }
            Kind::Security => {
                let context = node.cluster().security().map(|security| security::Context {
                    security,
                    member: node.member(),
                    now_ms: node.clock().now_ms(),
                });
                caller.handle(context.as_ref(), body, &mut self.buffer);
            }
            Kind::Compressed if !node.cluster().network().compression => {
                node.log().unsupported("compressed requests");
                write_empty(&mut self.buffer, ResultCode::ENTERPRISE_ONLY, info3::LAST);
            }
            Kind::Compressed => match compression::decompress(body) {
                Some(body) => self.handle_message(node, caller, addresses, &body, stream).await?,
                None => write_empty(&mut self.buffer, ResultCode::PARAMETER, info3::LAST),
            },
            Kind::Message => self.handle_message(node, caller, addresses, body, stream).await?,
        }
        if self.buffer.len() >= BLOCK_SIZE {
            self.flush(stream).await?;
        }
        Ok(())
    }

    async fn handle_message(
        &mut self,
        node: &Arc<Node>,
        caller: &mut Caller,
        addresses: Addresses,
        body: &[u8],
        stream: &mut impl Stream,
    ) -> io::Result<()> {
        let compresses = node.cluster().network().compression && compression::is_asked_for(body);
        let start = self.buffer.len();
        let fault = node.faults().next();
        let access = match fault {
            Some(Fault::Refuse(result)) => Err(result),
            _ => caller.access(node.cluster().security()),
        };
        let reply = match access {
            Err(result) => dispatch::reject(body, result, &mut self.buffer),
            Ok(access) => {
                let client = Client {
                    address: addresses.client,
                    access,
                };
                dispatch::dispatch(node, client, body, &mut self.scratch, &mut self.buffer)
            }
        };
        if let Reply::Written(partition) = reply {
            node.cluster().replicated(node.member(), partition).await;
        }
        if compresses {
            compression::compress(&mut self.buffer, start);
        }
        if let Some(fault) = fault {
            self.send_with_fault(fault, start, node, reply, stream, compresses)
                .await
        } else {
            self.stream_blocks(node, reply, stream, compresses).await
        }
    }

    /// Sends a reply with an injected fault. The complete reply is produced first, since it is buffered in any
    /// case.
    async fn send_with_fault(
        &mut self,
        fault: Fault,
        start: usize,
        node: &Arc<Node>,
        mut reply: Reply<'_>,
        stream: &mut impl Stream,
        compresses: bool,
    ) -> io::Result<()> {
        loop {
            match self.next_block(node, &mut reply, compresses) {
                Progress::Finished => break,
                // Yield, because a query may run for long without finding records.
                Progress::More => tokio::task::yield_now().await,
                Progress::Wait(pause) => tokio::time::sleep(pause).await,
            }
        }
        match fault {
            // The rejection is the reply.
            Fault::Refuse(_) => {}
            Fault::Delay(delay) => tokio::time::sleep(delay).await,
            Fault::Drop => self.buffer.truncate(start),
            Fault::Cut(bytes) => {
                self.buffer.truncate(start.saturating_add(bytes));
                self.flush(stream).await?;
                stream.shutdown().await?;
                return Err(io::ErrorKind::ConnectionAborted.into());
            }
        }
        Ok(())
    }

    fn next_block(&mut self, node: &Arc<Node>, reply: &mut Reply<'_>, compresses: bool) -> Progress {
        let start = self.buffer.len();
        let progress = self.write_block(node, reply);
        if compresses {
            compression::compress(&mut self.buffer, start);
        }
        progress
    }

    fn write_block(&mut self, node: &Arc<Node>, reply: &mut Reply<'_>) -> Progress {
        match reply {
            Reply::Complete | Reply::Written(_) => Progress::Finished,
            Reply::Background(_) => {
                if let Reply::Background(background) = std::mem::replace(reply, Reply::Complete) {
                    tokio::spawn(background.run(Arc::clone(node)));
                }
                Progress::Finished
            }
            Reply::Batch(batch) => batch.next_block(node, &mut self.scratch, &mut self.buffer),
            Reply::Query(query) => query.next_block(node, &mut self.buffer),
            Reply::Aggregation(query) => query.next_block(node, &mut self.buffer),
        }
    }

    async fn stream_blocks(
        &mut self,
        node: &Arc<Node>,
        mut reply: Reply<'_>,
        stream: &mut impl Stream,
        compresses: bool,
    ) -> io::Result<()> {
        loop {
            match self.next_block(node, &mut reply, compresses) {
                Progress::Finished => return Ok(()),
                // Yield, because a query may run for long without finding records.
                Progress::More if self.buffer.is_empty() => tokio::task::yield_now().await,
                Progress::More => self.flush(stream).await?,
                Progress::Wait(pause) => {
                    self.flush(stream).await?;
                    tokio::time::sleep(pause).await;
                }
            }
        }
    }

    async fn flush(&mut self, stream: &mut impl Stream) -> io::Result<()> {
        if !self.buffer.is_empty() {
            stream.write_all(&self.buffer).await?;
            // TLS may still hold part of what was written.
            stream.flush().await?;
            self.buffer.clear();
            self.buffer.shrink_to(MAX_KEPT);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_alone_allocates_little_memory() {
        let mut input = Input::new();
        input.end = 18;
        input.make_room(127 * 1024 * 1024);
        assert!(input.buffer.len() <= 18 + MAX_AHEAD);
        // The buffer doubles each time until the whole request has arrived.
        let mut times = 0;
        while input.buffer.len() < 127 * 1024 * 1024 {
            input.end = input.buffer.len();
            input.make_room(127 * 1024 * 1024);
            times += 1;
        }
        assert!(input.buffer.len() == 127 * 1024 * 1024 && times < 12, "{times}");
    }
}
