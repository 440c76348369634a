//! Messages on standard error.

use std::collections::HashSet;

use parking_lot::Mutex;

/// Maximum number of distinct messages to remember. Beyond that, messages are dropped.
const MAX_REMEMBERED: usize = 1000;

/// Writes each distinct message to standard error once, because a client that uses an unsupported feature tends
/// to repeat the request.
#[derive(Debug, Default)]
pub struct Log {
    seen: Mutex<HashSet<String>>,
}

impl Log {
    /// Logs that a client used an unsupported feature.
    pub fn unsupported(&self, what: &str) {
        self.once(what, "unsupported");
    }

    /// Logs that a connection was closed because the client violated the protocol.
    pub fn protocol_error(&self, what: &str) {
        self.once(what, "connection closed");
    }

    fn once(&self, what: &str, event: &str) {
        let line = format!("aerospike-local: {event}: {what}");
        let mut seen = self.seen.lock();
        if seen.len() < MAX_REMEMBERED && !seen.contains(&line) {
            eprintln!("{line}");
            seen.insert(line);
        }
    }
}
