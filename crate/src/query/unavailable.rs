//! Nodes that have no partitions to read.
//!
//! A node that has just started answers a whole query with one empty message that has the code `PARTITION_UNAVAILABLE`.
//! The core treats it as a record without a key, waits for the rest of the answer until `socketTimeout`, and stores the
//! digest of that record, twenty zeros, as the position in partition 0. Therefore a row without a digest is not a
//! record: it ends the round, and partition 0 continues after its last record.

use std::sync::atomic::{AtomicBool, Ordering};

use aerospike_core::{PartitionFilter, Record, ResultCode};
use parking_lot::{Mutex, MutexGuard};

use crate::common::errors::{Failure, Kind};

type Digest = [u8; 20];

/// The digest that the core stores for a row without one.
const NO_DIGEST: Digest = [0; 20];

/// The partition of that digest.
const PARTITION: usize = 0;

/// Whether a row of a query has no digest. A real record with an all-zero digest has a namespace.
pub fn is_no_record(row: &Record) -> bool {
    row.key
        .as_ref()
        .is_none_or(|key| key.digest() == NO_DIGEST && key.namespace().is_empty())
}

/// The failure that such a row means.
pub fn failure() -> Failure {
    Failure::new(
        Kind::Server,
        i32::from(u8::from(ResultCode::PartitionUnavailable)),
        "a node answered that it has no partitions to read: it has just started, or the cluster is changing",
    )
}

/// The last delivered record of partition 0, to restore a position that the core may have overwritten.
#[derive(Default)]
pub struct FirstPartition {
    last: Mutex<Option<Digest>>,
    overwritten: AtomicBool,
}

impl FirstPartition {
    fn last(&self) -> MutexGuard<'_, Option<Digest>> {
        self.last.lock()
    }

    /// Stores the digest of a delivered record.
    pub fn note(&self, record: &Record) {
        if let Some(key) = &record.key
            && key.partition_id() == PARTITION
        {
            *self.last() = Some(key.digest());
        }
    }

    /// Records that a row without a digest has overwritten the core's position.
    pub fn overwritten(&self) {
        self.overwritten.store(true, Ordering::Relaxed);
    }

    /// Whether a record may have been read from the overwritten position: its node's request may have been written after the
    /// refusal of another node came. Such a record can be one that was delivered before. The next round reads it again from the
    /// right position.
    pub fn is_misplaced(&self, record: &Record) -> bool {
        // Relaxed is enough: the core's lock of the position lies between the store and a request that it is read for.
        self.overwritten.load(Ordering::Relaxed)
            && record.key.as_ref().is_some_and(|key| key.partition_id() == PARTITION)
    }

    /// Call before a round. A query that continues from a cursor has already read a part of the partition.
    pub fn begin(&self, from: &PartitionFilter) {
        let mut last = self.last();
        if last.is_none() {
            *last = match &from.partitions {
                Some(partitions) => PARTITION
                    .checked_sub(from.begin)
                    .and_then(|offset| partitions.get(offset)?.lock().digest),
                None if from.begin == PARTITION => from.digest,
                None => None,
            };
        }
    }

    /// Call after a round: restores the position. The stored index value is already correct, because a row without a
    /// digest has none.
    pub fn restore(&self, position: &PartitionFilter) {
        if !self.overwritten.swap(false, Ordering::Relaxed) {
            return;
        }
        let partitions = position.partitions.as_ref();
        let status = partitions.and_then(|partitions| partitions.get(PARTITION.checked_sub(position.begin)?));
        if let Some(status) = status {
            status.lock().digest = *self.last();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use aerospike_core::query::PartitionStatus;
    use aerospike_core::{IndexMap, Key};

    use super::*;

    fn row(key: Option<Key>) -> Record {
        Record::new(key, IndexMap::new(), None, 0, 0)
    }

    fn key(namespace: &str, digest: Digest) -> Key {
        Key::with_digest(namespace, "", None, digest)
    }

    fn position(begin: usize, digest: Option<Digest>) -> PartitionFilter {
        let mut filter = PartitionFilter::by_range(begin, 2);
        let mut statuses: Vec<_> = (begin..begin + 2).map(PartitionStatus::new).collect();
        statuses[0].digest = digest;
        statuses[0].bval = Some(5);
        filter.partitions = Some(Arc::new(statuses.into_iter().map(Into::into).collect()));
        filter
    }

    fn first(filter: &PartitionFilter) -> (Option<Digest>, Option<u64>) {
        let status = filter
            .partitions
            .as_ref()
            .map(|partitions| partitions[0].lock().clone());
        status.map_or((None, None), |status| (status.digest, status.bval))
    }

    /// A digest in partition 0.
    fn in_partition(byte: u8) -> Digest {
        let mut digest = [byte; 20];
        digest[..2].fill(0);
        digest
    }

    #[test]
    fn rows_without_a_digest_are_no_records() {
        assert!(is_no_record(&row(None)));
        assert!(is_no_record(&row(Some(key("", NO_DIGEST)))));
        assert!(!is_no_record(&row(Some(key("test", NO_DIGEST)))));
        assert!(!is_no_record(&row(Some(key("", in_partition(1))))));
    }

    #[test]
    fn a_position_is_that_of_the_last_record() {
        let partition = FirstPartition::default();
        partition.begin(&position(0, Some(in_partition(9))));
        let reached = position(0, Some(NO_DIGEST));
        partition.restore(&reached);
        assert_eq!(
            first(&reached),
            (Some(NO_DIGEST), Some(5)),
            "a record with this digest was read"
        );
        partition.overwritten();
        partition.restore(&reached);
        assert_eq!(first(&reached), (Some(in_partition(9)), Some(5)));

        partition.note(&row(Some(key("test", in_partition(7)))));
        partition.note(&row(Some(key("test", [1; 20]))));
        partition.begin(&reached);
        let reached = position(0, Some(NO_DIGEST));
        partition.overwritten();
        partition.restore(&reached);
        assert_eq!(first(&reached), (Some(in_partition(7)), Some(5)));
    }

    #[test]
    fn a_partition_of_which_nothing_was_read_is_read_from_its_start() {
        let partition = FirstPartition::default();
        partition.begin(&PartitionFilter::all());
        partition.overwritten();
        let reached = position(0, Some(NO_DIGEST));
        partition.restore(&reached);
        assert_eq!(first(&reached).0, None);

        let partition = FirstPartition::default();
        partition.begin(&PartitionFilter::by_key(&key("test", in_partition(3))));
        partition.overwritten();
        partition.restore(&reached);
        assert_eq!(first(&reached).0, Some(in_partition(3)));
    }

    #[test]
    fn records_read_from_an_overwritten_position_are_misplaced() {
        let partition = FirstPartition::default();
        let (first, other) = (row(Some(key("test", in_partition(7)))), row(Some(key("test", [1; 20]))));
        assert!(!partition.is_misplaced(&first));
        partition.overwritten();
        assert!(partition.is_misplaced(&first));
        assert!(!partition.is_misplaced(&other));
        partition.restore(&position(0, Some(NO_DIGEST)));
        assert!(
            !partition.is_misplaced(&first),
            "the next round begins at the right position"
        );
    }

    #[test]
    fn queries_of_other_partitions_stay_as_they_are() {
        let partition = FirstPartition::default();
        partition.begin(&position(10, Some([9; 20])));
        partition.overwritten();
        let reached = position(10, Some([8; 20]));
        partition.restore(&reached);
        assert_eq!(first(&reached).0, Some([8; 20]));
    }
}
