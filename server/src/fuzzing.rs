//! Entry points of the fuzz targets in `fuzz/`. The tests run them on the kept inputs.
//!
//! Each takes any bytes. It must not panic, and must not use memory or time out of proportion to its input. Messages are
//! served as from the network. The same input always does the same: the node exists for one input, or only its one record
//! can change, and each input writes that first.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::timeout;

use crate::cluster::network::NetworkConfig;
use crate::cluster::node::Node;
use crate::cluster::{Cluster, Member};
use crate::common::clock::ManualClock;
use crate::compute::msgpack::{self, Reader, Token};
use crate::net::connection::{Addresses, serve_stream};
use crate::proto::field::kind as field;
use crate::proto::header::{HEADER_SIZE, Kind};
use crate::proto::op::code as op;
use crate::record::rules::RecordRules;
use crate::security::{Caller, InitialUser, Security, SecurityConfig};
use crate::store::{Store, StoreConfig, StrongConsistency};

const LOCALHOST: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
/// The time of the node, in seconds since 2010.
const NOW: u32 = 500_000_000;
/// Time for one input: a query may wait.
const LIMIT: Duration = Duration::from_secs(2);
/// How often tasks that a message has started run before the node is dropped.
const TURNS: usize = 16;
const DIGEST: [u8; 20] = [7; 20];
/// The user of security messages, who logs in with a certificate: hashing a password would take most of the time.
const ADMINISTRATOR: &str = "admin";

/// Bins of the record that operations and expressions find: name, particle type, value.
const BINS: &[(&[u8], u8, &[u8])] = &[
    (b"int", 1, &[0, 0, 0, 0, 0, 0, 0, 42]),
    (b"float", 2, &[0x3f, 0xf8, 0, 0, 0, 0, 0, 0]),
    (b"text", 3, b"some text"),
    (b"bytes", 4, &[1, 2, 3, 4, 5, 6, 7, 8]),
    (
        b"map",
        19,
        &[0x82, 0xa2, 3, b'a', 0x01, 0xa2, 3, b'b', 0x92, 0x01, 0x02],
    ),
    (b"list", 20, &[0x94, 0x03, 0x01, 0x92, 0x02, 0x01, 0xa2, 3, b'x']),
    (b"geo", 23, b"\0\0\0{\"type\":\"Point\",\"coordinates\":[1.5,2.5]}"),
];

/// The bytes that a client sends. What the server answers is dropped.
struct Input<'a>(&'a [u8]);

impl AsyncRead for Input<'_> {
    fn poll_read(mut self: Pin<&mut Self>, _: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let (now, later) = self.0.split_at(self.0.len().min(buffer.remaining()));
        buffer.put_slice(now);
        self.0 = later;
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Input<'_> {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

/// A node of the Enterprise Edition: `strong` has strong consistency, so that transactions are executed.
fn node(security: Option<Security>) -> Arc<Node> {
    let store = Arc::new(Store::new(&StoreConfig {
        namespaces: vec!["test".to_owned(), "strong".to_owned()],
        rules: RecordRules::default(),
        strong_consistency: Some(StrongConsistency {
            namespaces: vec!["strong".to_owned()],
            ..StrongConsistency::default()
        }),
        clock: Arc::new(ManualClock::at(NOW)),
    }));
    let members = vec![Member {
        id: "A1".to_owned(),
        address: SocketAddr::new(LOCALHOST, 3000),
        tls_address: None,
        rack: 0,
    }];
    let cluster = Cluster::new(None, 1, members, store)
        .with_security(security)
        .with_network(NetworkConfig {
            compression: true,
            ..NetworkConfig::default()
        });
    let node = Arc::new(Node::new(Arc::new(cluster), 0));
    node.cluster().join(0);
    node
}

/// Serves a connection on which a client sends these bytes.
fn serve(node: &Arc<Node>, bytes: &[u8]) {
    let addresses = Addresses {
        server: SocketAddr::new(LOCALHOST, 3000),
        client: SocketAddr::new(LOCALHOST, 3001),
    };
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_time().build() else {
        return;
    };
    runtime.block_on(async {
        let caller = Caller::new(LOCALHOST, Some(ADMINISTRATOR.to_owned()));
        let serving = serve_stream(Arc::clone(node), Input(bytes), addresses, caller);
        // The connection may end with an error.
        let _ = timeout(LIMIT, serving).await;
        for _ in 0..TURNS {
            tokio::task::yield_now().await;
        }
    });
}

fn framed(kind: Kind, body: &[u8]) -> Vec<u8> {
    let size = body.len() as u64;
    let mut bytes = Vec::with_capacity(HEADER_SIZE + body.len());
    bytes.extend_from_slice(&[2, kind as u8]);
    bytes.extend_from_slice(&size.to_be_bytes()[2..]);
    bytes.extend_from_slice(body);
    bytes
}

/// A message about the one record.
fn message(info: [u8; 2], fields: &[(u8, &[u8])], ops: &[(u8, &[u8], u8, &[u8])]) -> Vec<u8> {
    let mut body = vec![22, info[0], info[1], 0, 0, 0];
    body.extend_from_slice(&[0; 12]);
    let mut all: Vec<(u8, &[u8])> = vec![
        (field::NAMESPACE, b"test"),
        (field::SET, b"fuzz"),
        (field::DIGEST, &DIGEST),
    ];
    all.extend_from_slice(fields);
    body.extend_from_slice(&(all.len() as u16).to_be_bytes());
    body.extend_from_slice(&(ops.len() as u16).to_be_bytes());
    for (kind, value) in all {
        body.extend_from_slice(&(value.len() as u32 + 1).to_be_bytes());
        body.push(kind);
        body.extend_from_slice(value);
    }
    for (kind, bin, particle, value) in ops {
        body.extend_from_slice(&((4 + bin.len() + value.len()) as u32).to_be_bytes());
        body.extend_from_slice(&[*kind, *particle, 0, bin.len() as u8]);
        body.extend_from_slice(bin);
        body.extend_from_slice(value);
    }
    framed(Kind::Message, &body)
}

/// Writes the one record, then sends a request.
fn with_record(node: &Arc<Node>, request: &[u8]) {
    let ops: Vec<_> = BINS
        .iter()
        .map(|(bin, particle, value)| (op::WRITE, *bin, *particle, *value))
        .collect();
    let mut bytes = message([0, 1], &[], &ops);
    bytes.extend_from_slice(request);
    serve(node, &bytes);
}

/// A node for the targets that change nothing but the bins of the one record: creating one takes most of the time of an input.
fn shared_node() -> &'static Arc<Node> {
    static NODE: OnceLock<Arc<Node>> = OnceLock::new();
    NODE.get_or_init(|| node(None))
}

/// Serves a connection that sends these bytes.
pub fn connection(bytes: &[u8]) {
    serve(&node(None), bytes);
}

/// Executes a message: a command on a record, a batch, or a query.
pub fn command(body: &[u8]) {
    with_record(&node(None), &framed(Kind::Message, body));
}

/// Executes an operation on a bin. The first byte selects operation and bin, the rest is the operation's value.
pub fn operation(bytes: &[u8]) {
    const KINDS: [u8; 11] = [
        op::CDT_READ,
        op::CDT_MODIFY,
        op::EXP_READ,
        op::EXP_MODIFY,
        op::BIT_READ,
        op::BIT_MODIFY,
        op::HLL_READ,
        op::HLL_MODIFY,
        op::INCR,
        op::APPEND,
        op::WRITE,
    ];
    let Some((first, payload)) = bytes.split_first() else {
        return;
    };
    let kind = KINDS[usize::from(*first) % KINDS.len()];
    let (bin, particle, _) = BINS[usize::from(*first) / KINDS.len() % BINS.len()];
    let reads = matches!(kind, op::CDT_READ | op::EXP_READ | op::BIT_READ | op::HLL_READ);
    let info = if reads { [1, 0] } else { [0, 1] };
    with_record(shared_node(), &message(info, &[], &[(kind, bin, particle, payload)]));
}

/// Compiles a filter expression, and evaluates it for a record.
pub fn expression(bytes: &[u8]) {
    with_record(shared_node(), &message([1 | 2, 0], &[(field::FILTER, bytes)], &[]));
}

/// Executes an info request.
pub fn info(body: &[u8]) {
    serve(&node(None), &framed(Kind::Info, body));
}

/// Executes a message about users and roles, then lists all of them.
pub fn security(body: &[u8]) {
    const LOGIN: u8 = 20;
    const QUERIES: [u8; 2] = [9, 16];
    let users = vec![InitialUser {
        name: ADMINISTRATOR.to_owned(),
        password: None,
        ..InitialUser::admin()
    }];
    let Ok(security) = Security::new(&SecurityConfig {
        users,
        ..SecurityConfig::default()
    }) else {
        return;
    };
    let bare = |command: u8| {
        let mut body = [0; 16];
        body[2] = command;
        framed(Kind::Security, &body)
    };
    let mut bytes = bare(LOGIN);
    bytes.extend_from_slice(&framed(Kind::Security, body));
    for query in QUERIES {
        bytes.extend_from_slice(&bare(query));
    }
    serve(&node(Some(security)), &bytes);
}

/// Reads, normalises and compares values in MessagePack. The order must be consistent.
///
/// # Panics
/// If it is not.
pub fn msgpack(bytes: &[u8]) {
    let mut reader = Reader::new(bytes);
    let (Ok(a), Ok(b)) = (reader.element(), reader.element()) else {
        return;
    };
    assert!(
        msgpack::compare(a, b) == msgpack::compare(b, a).reverse(),
        "{a:02x?} {b:02x?}"
    );
    let mut once = Vec::new();
    if msgpack::normalise_value(a, &mut once).is_ok() && !has_extension_after_marker(a) {
        let mut twice = Vec::new();
        assert!(
            msgpack::normalise_value(&once, &mut twice).is_ok() && once == twice,
            "{a:02x?}"
        );
    }
}

/// Whether an extension follows the order marker of a list. The marker of an unordered list is not stored, as on a real
/// server, so that the extension is then in the place of a marker.
fn has_extension_after_marker(bytes: &[u8]) -> bool {
    let mut reader = Reader::new(bytes);
    let (mut in_list, mut marked) = (false, false);
    while let Ok(token) = reader.token() {
        let is_extension = matches!(token, Token::Ext(..));
        if marked && is_extension {
            return true;
        }
        marked = in_list && is_extension;
        in_list = matches!(token, Token::List(_));
    }
    false
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    fn replay(target: &str, run: fn(&[u8])) {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../fuzz/corpus/{target}.txt"));
        let text = fs::read_to_string(&file).unwrap_or_default();
        assert!(!text.is_empty(), "{} is missing or empty", file.display());
        for line in text.lines() {
            let input = STANDARD.decode(line);
            assert!(input.is_ok(), "{line}");
            run(&input.unwrap_or_default());
        }
    }

    #[test]
    fn connections_of_the_fuzzer_are_served() {
        replay("server_connection", super::connection);
    }

    #[test]
    fn commands_of_the_fuzzer_are_executed_or_refused() {
        replay("server_command", super::command);
    }

    #[test]
    fn operations_of_the_fuzzer_are_executed_or_refused() {
        replay("server_operation", super::operation);
    }

    #[test]
    fn expressions_of_the_fuzzer_are_evaluated_or_refused() {
        replay("server_expression", super::expression);
    }

    #[test]
    fn info_requests_of_the_fuzzer_are_answered() {
        replay("server_info", super::info);
    }

    #[test]
    fn security_messages_of_the_fuzzer_are_answered() {
        replay("server_security", super::security);
    }

    #[test]
    fn messagepack_of_the_fuzzer_is_ordered_and_normalised() {
        replay("server_msgpack", super::msgpack);
    }
}
