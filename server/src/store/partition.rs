//! One of the 4096 partitions of a namespace, each with its own lock.

use std::collections::HashMap;

use parking_lot::{Mutex, MutexGuard};

use crate::record::digest::{Digest, DigestBuildHasher};
use crate::record::{Record, SetId};

/// Values by digest.
pub type ByDigest<T> = HashMap<Digest, T, DigestBuildHasher>;

/// The records of one partition.
#[derive(Debug, Default)]
pub struct Records {
    /// The records that commands outside transactions see.
    pub live: ByDigest<Record>,
    /// The uncommitted states of records that transactions have written. These records are locked.
    pub provisional: ByDigest<Provisional>,
    /// Records that were deleted durably and not written since.
    pub tombstones: ByDigest<Tombstone>,
}

/// The uncommitted state of a record, and the lock of its transaction.
#[derive(Debug, Clone)]
pub struct Provisional {
    /// Id of the transaction that holds the lock.
    pub transaction: i64,
    /// Time at which the server ends the transaction, in seconds since 2010-01-01.
    pub deadline: u32,
    /// The state of the record if the transaction commits; `None` if the transaction deletes it.
    pub after: Option<Record>,
}

/// What is left of a record that was deleted durably.
#[derive(Debug, Clone, Copy)]
pub struct Tombstone {
    /// The version of the deletion.
    pub version: u64,
    /// The set that the record was in.
    pub set: SetId,
}

impl Records {
    /// The version of the committed state of a record. 0 if the record never existed.
    #[must_use]
    pub fn version(&self, digest: &Digest) -> u64 {
        match self.live.get(digest) {
            Some(record) => record.version,
            None => self.tombstones.get(digest).map_or(0, |tombstone| tombstone.version),
        }
    }
}

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
