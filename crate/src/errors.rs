//! What goes wrong, as numbers and text: the TypeScript side picks the class and builds the error.

use std::borrow::Cow;

use aerospike_core::{Error, ErrorKind, ResultCode};

use crate::shorten::shorten;

/// Bytes of a message at most: what a server or an argument makes longer is cut.
pub const MESSAGE_BYTES: usize = 8 << 10;
/// Bytes of a node's name at most.
pub const NODE_BYTES: usize = 256;
/// Causes behind a failure at most.
pub const MOST_CAUSES: usize = 8;

/// Which branch of the error tree a failure belongs to; the numbers are those of `lib/common/errors.ts`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// The server answered with a result code; the code decides on the class.
    Server = 0,
    /// The client could not do it.
    Client = 1,
    /// No usable connection to the cluster.
    Cluster = 2,
    /// An argument that only the native side could judge.
    InvalidArgument = 3,
    /// A deadline passed, here or on the server.
    Timeout = 4,
    /// The caller aborted.
    Abort = 5,
    /// A panic was caught.
    Panic = 6,
}

/// Result codes of failures that no server answered (the numbers of aerospike-py).
pub mod code {
    /// Untyped failure of the client.
    pub const CLIENT: i32 = -1;
    /// An answer that could not be understood.
    pub const BAD_RESPONSE: i32 = -2;
    /// No more connections to a node.
    pub const NO_MORE_CONNECTIONS: i32 = -7;
    /// The connection failed.
    pub const CONNECTION: i32 = -10;
    /// No usable node.
    pub const CLUSTER: i32 = -11;
    /// The node's circuit breaker is open.
    pub const MAX_ERROR_RATE: i32 = -12;
    /// Invalid parameter, the server's number.
    pub const PARAMETER: i32 = 4;
    /// Timeout, the server's number.
    pub const TIMEOUT: i32 = 9;
    /// The node's storage cannot keep up, the server's number.
    pub const DEVICE_OVERLOAD: i32 = 18;
    /// Bin of another type, the server's number.
    pub const BIN_TYPE: i32 = 12;
    /// Unknown namespace, the server's number.
    pub const INVALID_NAMESPACE: i32 = 20;
    /// A UDF failed, the server's number.
    pub const UDF: i32 = 100;
}

/// One failure on its way to JavaScript.
#[derive(Debug, Clone)]
pub struct Failure {
    /// Branch of the error tree.
    pub kind: Kind,
    /// Server result codes are >= 0, the client's own negative.
    pub code: i32,
    /// The server's sub-code (8.2 and later), else 0.
    pub sub_code: u32,
    /// A write that may have been applied all the same.
    pub in_doubt: bool,
    /// How often it was sent.
    pub attempts: u32,
    /// Milliseconds that it waited for its turn before it was begun.
    pub waited_ms: u32,
    /// The node that it was last tried on, or empty.
    pub node: String,
    /// What happened, without a full stop.
    pub message: String,
    /// What was behind it.
    pub cause: Option<Box<Failure>>,
}

impl Failure {
    /// A failure with no more than its kind, code and text.
    pub fn new(kind: Kind, code: i32, message: impl Into<String>) -> Self {
        Failure {
            kind,
            code,
            sub_code: 0,
            in_doubt: false,
            attempts: 0,
            waited_ms: 0,
            node: String::new(),
            message: message.into(),
            cause: None,
        }
    }

    /// An untyped failure of the client.
    pub fn client(message: impl Into<String>) -> Self {
        Failure::new(Kind::Client, code::CLIENT, message)
    }

    /// An argument that is refused.
    pub fn invalid(message: impl Into<String>) -> Self {
        Failure::new(Kind::InvalidArgument, code::PARAMETER, message)
    }

    /// A cluster that cannot be used.
    pub fn cluster(code: i32, message: impl Into<String>) -> Self {
        Failure::new(Kind::Cluster, code, message)
    }

    /// A deadline that passed.
    pub fn timeout(message: impl Into<String>) -> Self {
        Failure::new(Kind::Timeout, code::TIMEOUT, message)
    }

    /// Its message, within the bound of what is shown to anybody.
    pub fn shown(&self) -> Cow<'_, str> {
        shorten(&self.message, MESSAGE_BYTES)
    }

    /// The same failure, told of a bin or another part of the call.
    #[must_use]
    pub fn of(mut self, part: &str) -> Self {
        self.message = format!("{part}: {}", self.message);
        self
    }

    /// The same failure, told as in doubt or not.
    #[must_use]
    pub fn doubt(mut self, in_doubt: bool) -> Self {
        self.in_doubt = in_doubt;
        self
    }
}

/// The failure at the bottom of a chain of causes.
fn root(error: &Error) -> &Error {
    let mut error = error;
    while let Some(cause) = error.cause() {
        error = cause;
    }
    error
}

/// aerospike-core reports several server codes, and connections that never came up, as "Timeout after N tries": the
/// server's code is asked for first, then what is at the bottom of the chain.
fn classify(error: &Error) -> (Kind, i32) {
    if let Some(rc) = error.server_result_code() {
        return match rc {
            ResultCode::Timeout => (Kind::Timeout, code::TIMEOUT),
            rc => (Kind::Server, i32::from(u8::from(rc))),
        };
    }
    match root(error).kind() {
        ErrorKind::Timeout => (Kind::Timeout, code::TIMEOUT),
        ErrorKind::Connection | ErrorKind::Io(_) => (Kind::Cluster, code::CONNECTION),
        ErrorKind::ConnectionPoolEmpty | ErrorKind::NoMoreConnections => (Kind::Cluster, code::NO_MORE_CONNECTIONS),
        ErrorKind::MaxErrorRate => (Kind::Cluster, code::MAX_ERROR_RATE),
        ErrorKind::InvalidNode => (Kind::Cluster, code::CLUSTER),
        ErrorKind::InvalidNamespace => (Kind::Server, code::INVALID_NAMESPACE),
        ErrorKind::InvalidArgument => (Kind::InvalidArgument, code::PARAMETER),
        ErrorKind::UdfBadResponse => (Kind::Server, code::UDF),
        ErrorKind::BadResponse | ErrorKind::ParsePeers | ErrorKind::InvalidUtf8(_) | ErrorKind::ParseInt(_) => {
            (Kind::Client, code::BAD_RESPONSE)
        }
        _ => (Kind::Client, code::CLIENT),
    }
}

/// What the core says of a command that it has never sent: it waited for a connection, or for a node, until the deadline.
const UNSENT: &str = "after 0 tries";

/// What it says instead.
pub const NO_CONNECTION: &str = "no connection could be had within the total timeout; nothing was sent";

/// The core names a node by its address, or by "name: address": the address is what both have.
fn address(node: &str) -> &str {
    node.rsplit_once(": ").map_or(node, |(_, address)| address)
}

fn told(message: String) -> String {
    if message.ends_with(UNSENT) {
        NO_CONNECTION.to_owned()
    } else {
        message
    }
}

impl From<&Error> for Failure {
    fn from(error: &Error) -> Self {
        let (kind, code) = classify(error);
        // "Timeout after 1 tries" says nothing where a refused connection or a busy server was behind it.
        let telling = if matches!(error.kind(), ErrorKind::Timeout) && error.cause().is_some() {
            root(error)
        } else {
            error
        };
        Failure {
            kind,
            code,
            sub_code: error.sub_code(),
            // Judged by who has sent it: `doubt.rs`.
            in_doubt: false,
            attempts: error.iteration().unwrap_or(0),
            waited_ms: 0,
            node: address(error.node().unwrap_or_default()).to_owned(),
            message: told(telling.base_message()),
            cause: error.cause().map(|cause| Box::new(Failure::from(cause))),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Failure::from(&error)
    }
}

/// Whether the failure is an answer that aerospike-core cannot decode (text that is not UTF-8, a key that a map does not
/// take), which it turns into the failure of a whole group of rows.
pub fn is_undecodable(error: &Error) -> bool {
    matches!(root(error).kind(), ErrorKind::InvalidUtf8(_) | ErrorKind::BadResponse)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_argument_error_of_the_core_is_an_invalid_argument() {
        let failure = Failure::from(Error::invalid_argument("no"));
        assert_eq!((failure.kind, failure.code), (Kind::InvalidArgument, code::PARAMETER));
        assert!(!failure.in_doubt);
    }

    #[test]
    fn a_command_that_was_never_sent_does_not_count_its_tries() {
        assert_eq!(told("Command timed out after 0 tries".to_owned()), NO_CONNECTION);
        assert_eq!(told("Timeout after 0 tries".to_owned()), NO_CONNECTION);
        let tried = "Command timed out after 10 tries";
        assert_eq!(told(tried.to_owned()), tried);
    }
}
