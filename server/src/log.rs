//! Complaints on the standard error.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

/// Different complaints that are remembered; more are not worth a line each.
const MAX_COMPLAINTS: usize = 1000;

/// Complaints on the standard error, each one once: a client that asks for something that is
/// missing tends to ask for it many times.
#[derive(Debug, Default)]
pub struct Log {
    seen: Mutex<HashSet<String>>,
}

impl Log {
    /// Tells that a client asked for something that the server does not do.
    pub fn unsupported(&self, what: &str) {
        self.once(what, "unsupported");
    }

    /// Tells that a client broke the protocol and lost its connection.
    pub fn protocol_error(&self, what: &str) {
        self.once(what, "connection closed");
    }

    fn once(&self, what: &str, event: &str) {
        let line = format!("aerospike-local: {event}: {what}");
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() < MAX_COMPLAINTS && !seen.contains(&line) {
            eprintln!("{line}");
            seen.insert(line);
        }
    }
}
