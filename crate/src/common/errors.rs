//! Failures as numbers and text. The TypeScript side chooses the error class and creates the error.

use std::borrow::Cow;

use aerospike_core::{Error, ErrorKind, ResultCode};

use crate::common::shorten::shorten;

/// Maximum bytes of a message. Longer messages, from a server or an argument, are shortened.
pub const MESSAGE_BYTES: usize = 8 << 10;
/// Maximum bytes of a node's name, and of its address.
pub const NODE_BYTES: usize = 256;
/// Maximum number of nested causes of a failure.
pub const MAX_CAUSES: usize = 8;

pub use crate::catalog::boundary::FailureKind as Kind;

/// Result codes of servers, and the client's own.
pub mod code {
    pub use crate::catalog::result_codes::client_code::{
        BAD_RESPONSE, CLIENT, CLUSTER, CONNECTION, INVALID_HOST, MAX_ERROR_RATE, NO_MORE_CONNECTIONS,
    };
    pub use crate::catalog::result_codes::result_code::*;
}

/// A failure to report to JavaScript.
#[derive(Debug, Clone)]
pub struct Failure {
    /// Selects the error class.
    pub kind: Kind,
    /// Result code: >= 0 from the server, negative from the client.
    pub code: i32,
    /// The server's sub-code (8.2 and later), or 0.
    pub sub_code: u32,
    /// Whether the write may have been applied despite the failure.
    pub in_doubt: bool,
    /// Number of times that the command was sent.
    pub attempts: u32,
    /// Milliseconds that the call waited in the queue.
    pub waited_ms: u32,
    /// The address of the node of the last attempt, or empty.
    pub address: String,
    /// Message, without a full stop.
    pub message: String,
    /// The failure that caused this one.
    pub cause: Option<Box<Failure>>,
}

impl Failure {
    /// Creates a failure with a kind, code and message; all other fields are empty.
    pub fn new(kind: Kind, code: i32, message: impl Into<String>) -> Self {
        Failure {
            kind,
            code,
            sub_code: 0,
            in_doubt: false,
            attempts: 0,
            waited_ms: 0,
            address: String::new(),
            message: message.into(),
            cause: None,
        }
    }

    /// A client failure without a code of its own.
    pub fn client(message: impl Into<String>) -> Self {
        Failure::new(Kind::Client, code::CLIENT, message)
    }

    /// A call of a client that is closed.
    pub fn closed(message: impl Into<String>) -> Self {
        Failure::new(Kind::Closed, code::CLIENT, message)
    }

    /// An invalid argument.
    pub fn invalid(message: impl Into<String>) -> Self {
        Failure::new(Kind::InvalidArgument, code::INVALID_ARGUMENT, message)
    }

    /// A failure to use the cluster.
    pub fn cluster(code: i32, message: impl Into<String>) -> Self {
        Failure::new(Kind::Cluster, code, message)
    }

    /// An expired deadline.
    pub fn timeout(message: impl Into<String>) -> Self {
        Failure::new(Kind::Timeout, code::TIMEOUT, message)
    }

    /// The message, shortened to `MESSAGE_BYTES`.
    pub fn shown(&self) -> Cow<'_, str> {
        shorten(&self.message, MESSAGE_BYTES)
    }

    /// Whether a server returned this code.
    pub fn is_server(&self, code: i32) -> bool {
        self.kind == Kind::Server && self.code == code
    }

    /// Whether the failure concerns only its own row of a batch. Any other failure may be due to another row or to the whole
    /// request.
    pub fn is_of_row(&self) -> bool {
        self.is_server(code::RECORD_NOT_FOUND) || self.is_server(code::FILTERED_OUT)
    }

    /// Prefixes the message with a bin name or another part of the call.
    #[must_use]
    pub fn with_context(mut self, part: &str) -> Self {
        self.message = format!("{part}: {}", self.message);
        self
    }

    /// Sets whether the failure is in doubt.
    #[must_use]
    pub fn with_in_doubt(mut self, in_doubt: bool) -> Self {
        self.in_doubt = in_doubt;
        self
    }
}

/// The last error of the chain of causes.
fn root(error: &Error) -> &Error {
    let mut error = error;
    while let Some(cause) = error.cause() {
        error = cause;
    }
    error
}

/// The core's messages for replies that violate the protocol. It reports them as wrong arguments or untyped errors.
const UNREADABLE: [&str; 4] = [
    "Invalid Message Header",
    "ecompression error",
    "Invalid size for buffer",
    "Invalid size for info command buffer",
];

/// The core's message for a panic in one of its tasks.
const PANICKED: &str = "panicked with message";

/// The core's message for a request that it could not encode.
const UNENCODABLE: &str = "send buffer";

/// Whether the core could not encode the request, and so sent nothing.
pub fn unencodable_request(error: &Error) -> bool {
    error.base_message().contains(UNENCODABLE) || error.cause().is_some_and(unencodable_request)
}

/// Whether the core could not read a reply. A request that is too large has one of the same messages.
pub fn unreadable_reply(error: &Error) -> bool {
    let root = root(error);
    // Errors of connecting contain such messages as well, one for each seed.
    let untyped = matches!(root.kind(), ErrorKind::InvalidArgument | ErrorKind::Client);
    let message = root.base_message();
    untyped && UNREADABLE.iter().any(|words| message.contains(words)) && !unencodable_request(error)
}

/// aerospike-core reports several server codes, and connections that could not be opened, as "Timeout after N tries".
/// So check the server's code first, then the root of the chain.
fn classify(error: &Error) -> (Kind, i32) {
    if let Some(rc) = error.server_result_code() {
        return match rc {
            ResultCode::Timeout => (Kind::Timeout, code::TIMEOUT),
            rc => (Kind::Server, i32::from(u8::from(rc))),
        };
    }
    if unreadable_reply(error) {
        return (Kind::Client, code::BAD_RESPONSE);
    }
    if root(error).base_message().contains(PANICKED) {
        return (Kind::Panic, code::CLIENT);
    }
    match root(error).kind() {
        ErrorKind::Timeout => (Kind::Timeout, code::TIMEOUT),
        ErrorKind::Connection | ErrorKind::Io(_) => (Kind::Cluster, code::CONNECTION),
        ErrorKind::ConnectionPoolEmpty | ErrorKind::NoMoreConnections => (Kind::Cluster, code::NO_MORE_CONNECTIONS),
        ErrorKind::MaxErrorRate => (Kind::Cluster, code::MAX_ERROR_RATE),
        ErrorKind::InvalidNode => (Kind::Cluster, code::CLUSTER),
        ErrorKind::InvalidNamespace if root(error).base_message().ends_with(NO_NODE_YET) => {
            (Kind::Cluster, code::CLUSTER)
        }
        ErrorKind::InvalidNamespace => (Kind::Server, code::INVALID_NAMESPACE),
        ErrorKind::InvalidArgument => (Kind::InvalidArgument, code::INVALID_ARGUMENT),
        ErrorKind::UdfBadResponse => (Kind::Server, code::UDF),
        ErrorKind::BadResponse | ErrorKind::ParsePeers | ErrorKind::InvalidUtf8(_) | ErrorKind::ParseInt(_) => {
            (Kind::Client, code::BAD_RESPONSE)
        }
        _ => (Kind::Client, code::CLIENT),
    }
}

/// The end of the core's message for a command that it never sent, because it waited for a connection or a node until
/// the deadline.
const UNSENT: &str = "after 0 tries";

/// The message that replaces it.
pub const NO_CONNECTION: &str = "no connection could be had within the total timeout; nothing was sent";

/// The end of the core's message for a command of a client that has not reached a node yet, or has lost all of them.
const NO_NODE_YET: &str = "Partition map empty";

/// The message that replaces it.
const NOT_CONNECTED: &str = "the client has no connection to a node of the cluster; it keeps trying";

/// The core names a node as "address" or "name: address". Returns the address.
fn address(node: &str) -> &str {
    node.rsplit_once(": ").map_or(node, |(_, address)| address)
}

/// How often the command was sent. The core counts it for single commands only; the rows of a batch were sent at least
/// once if a server answered or may have applied them.
fn attempts(error: &Error) -> u32 {
    let sent = error.server_result_code().is_some() || error.in_doubt();
    error.iteration().unwrap_or_else(|| u32::from(sent))
}

fn message_of(message: String) -> String {
    if message.ends_with(UNSENT) {
        NO_CONNECTION.to_owned()
    } else if message.ends_with(NO_NODE_YET) {
        NOT_CONNECTED.to_owned()
    } else {
        message
    }
}

impl From<&Error> for Failure {
    fn from(error: &Error) -> Self {
        let (kind, code) = classify(error);
        // "Timeout after 1 tries" does not explain a refused connection or a busy server: report the root cause.
        let reported = if matches!(error.kind(), ErrorKind::Timeout) && error.cause().is_some() {
            root(error)
        } else {
            error
        };
        Failure {
            kind,
            code,
            sub_code: error.sub_code(),
            // The caller sets this: see `in_doubt.rs`.
            in_doubt: false,
            attempts: attempts(error),
            waited_ms: 0,
            address: address(error.node().unwrap_or_default()).to_owned(),
            message: match kind {
                Kind::Panic => format!("the native code panicked: {}", reported.base_message()),
                _ => message_of(reported.base_message()),
            },
            cause: error.cause().map(|cause| Box::new(Failure::from(cause))),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Failure::from(&error)
    }
}

/// Whether the failure is an answer that aerospike-core cannot decode (text that is not UTF-8, an unsupported map key).
/// The core turns it into a failure of a whole group of rows.
pub fn is_undecodable(error: &Error) -> bool {
    matches!(root(error).kind(), ErrorKind::InvalidUtf8(_) | ErrorKind::BadResponse)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_argument_error_of_the_core_is_an_invalid_argument() {
        let failure = Failure::from(Error::invalid_argument("no"));
        assert_eq!(
            (failure.kind, failure.code),
            (Kind::InvalidArgument, code::INVALID_ARGUMENT)
        );
        assert!(!failure.in_doubt);
    }

    #[test]
    fn a_reply_that_violates_the_protocol_is_no_wrong_argument() {
        for error in [
            Error::invalid_argument("Invalid size for buffer: 281474976710625"),
            Error::invalid_argument("Invalid size for info command buffer: 281474976710625"),
            Error::client_error("Invalid Message Header: Expected version to be 2, but got 7"),
            Error::client_error("Batch decompression error: corrupt deflate stream"),
        ] {
            let failure = Failure::from(&error);
            assert_eq!(
                (failure.kind, failure.code),
                (Kind::Client, code::BAD_RESPONSE),
                "{error}"
            );
        }
        let request =
            Error::invalid_argument("Invalid size for buffer: 200000000").chain_error("Failed to prepare send buffer");
        assert_eq!(Failure::from(&request).kind, Kind::InvalidArgument);
    }

    #[test]
    fn a_panic_in_a_task_of_the_core_is_a_panic() {
        let failure = Failure::from(Error::client_error("task 3 panicked with message \"out of range\""));
        assert_eq!(failure.kind, Kind::Panic);
    }

    #[test]
    fn a_command_that_was_never_sent_does_not_count_its_tries() {
        assert_eq!(message_of("Command timed out after 0 tries".to_owned()), NO_CONNECTION);
        assert_eq!(message_of("Timeout after 0 tries".to_owned()), NO_CONNECTION);
        let tried = "Command timed out after 10 tries";
        assert_eq!(message_of(tried.to_owned()), tried);
    }
}
