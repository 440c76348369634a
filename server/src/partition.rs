//! One of the 4096 parts of a namespace, each behind its own lock.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::digest::{Digest, DigestBuildHasher};
use crate::record::Record;

/// The records of a partition.
pub type Records = HashMap<Digest, Record, DigestBuildHasher>;

/// A partition.
#[derive(Debug, Default)]
pub struct Partition {
    records: Mutex<Records>,
}

impl Partition {
    /// Locks the partition. Locks are held for one record's operation, never across waiting.
    pub fn lock(&self) -> MutexGuard<'_, Records> {
        // A panic while the lock was held is a bug, but records are replaced only once they are
        // complete: there is no half-written state to keep others from.
        self.records.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
