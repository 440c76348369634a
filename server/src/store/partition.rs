//! One of the 4096 partitions of a namespace, each with its own lock.

use std::collections::HashMap;

use parking_lot::{Mutex, MutexGuard};

use crate::record::Record;
use crate::record::digest::{Digest, DigestBuildHasher};

pub type Records = HashMap<Digest, Record, DigestBuildHasher>;

/// The records of one partition, behind a lock.
#[derive(Debug, Default)]
pub struct Partition {
    records: Mutex<Records>,
}

impl Partition {
    /// Locks the partition. A lock is held for operations on records and never across an await point.
    pub fn lock(&self) -> MutexGuard<'_, Records> {
        // A panic while the lock was held is a bug, but the records are still consistent: they are replaced
        // only once the new record is complete.
        self.records.lock()
    }
}
