//! A namespace: its records, sets and settings.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use parking_lot::{MutexGuard, RwLock};

use crate::record::digest::{Digest, PARTITIONS};
use crate::record::rules::RecordRules;
use crate::record::view::RecordView;
use crate::record::{Record, SetId};
use crate::store::index::Indexes;
use crate::store::partition::{Partition, Records, Tombstone};
use crate::store::transactions::{Transactions, Verdict};

/// Maximum length of a set name, in bytes.
pub const MAX_SET_NAME: usize = 63;

/// Maximum number of sets in a namespace.
const MAX_SETS: usize = 4095;

/// Maximum number of records to sample when estimating the memory of all records.
const MAX_MEASURED: u64 = 100_000;

/// A set: a named group of records in a namespace.
#[derive(Debug)]
pub struct Set {
    /// Set name; empty for records without a set.
    pub name: Box<[u8]>,
    objects: AtomicU64,
    truncated_ms: AtomicU64,
}

impl Set {
    fn new(name: &[u8]) -> Arc<Self> {
        Arc::new(Self {
            name: name.into(),
            objects: AtomicU64::new(0),
            truncated_ms: AtomicU64::new(0),
        })
    }

    /// Number of records.
    #[must_use]
    pub fn objects(&self) -> u64 {
        self.objects.load(Ordering::Relaxed)
    }

    /// Time of the last truncation, in milliseconds since 2010-01-01; 0 means never.
    #[must_use]
    pub fn truncated_ms(&self) -> u64 {
        self.truncated_ms.load(Ordering::Relaxed)
    }
}

#[derive(Debug)]
struct Sets {
    by_id: Vec<Arc<Set>>,
    by_name: HashMap<Box<[u8]>, SetId>,
}

/// A namespace: records in partitions, with their sets, indexes and settings.
#[derive(Debug)]
pub struct Namespace {
    name: String,
    rules: RecordRules,
    partitions: Box<[Partition]>,
    sets: RwLock<Sets>,
    expires: AtomicBool,
    indexes: Indexes,
    transactions: Option<Transactions>,
}

impl Namespace {
    /// Creates an empty namespace.
    #[must_use]
    pub fn new(name: &str, rules: RecordRules) -> Self {
        Self {
            name: name.to_owned(),
            rules,
            partitions: (0..PARTITIONS).map(|_| Partition::default()).collect(),
            sets: RwLock::new(Sets {
                // Id 0 is for records without a set.
                by_id: vec![Set::new(b"")],
                by_name: HashMap::from([(Box::default(), SetId(0))]),
            }),
            expires: AtomicBool::new(rules.default_ttl != 0),
            indexes: Indexes::default(),
            transactions: None,
        }
    }

    /// Gives the namespace strong consistency, and with it transactions.
    #[must_use]
    pub fn with_transactions(mut self, transactions: Option<Transactions>) -> Self {
        self.transactions = transactions;
        self
    }

    /// The transactions. `None` without strong consistency.
    #[must_use]
    pub fn transactions(&self) -> Option<&Transactions> {
        self.transactions.as_ref()
    }

    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    #[must_use]
    pub fn rules(&self) -> &RecordRules {
        &self.rules
    }

    /// The secondary indexes.
    #[must_use]
    pub fn indexes(&self) -> &Indexes {
        &self.indexes
    }

    /// The partition of a record.
    #[must_use]
    pub fn partition_of(&self, digest: &Digest) -> Option<&Partition> {
        self.partitions.get(digest.partition())
    }

    #[must_use]
    pub fn partition(&self, id: u16) -> Option<&Partition> {
        self.partitions.get(usize::from(id))
    }

    /// The id of a set, if the set exists.
    #[must_use]
    pub fn find_set(&self, name: &[u8]) -> Option<SetId> {
        let sets = self.sets.read();
        sets.by_name.get(name).copied()
    }

    /// The id of a set, which is created if it does not exist. Returns `None` if the name is too long or there
    /// are too many sets.
    #[must_use]
    pub fn find_or_make_set(&self, name: &[u8]) -> Option<SetId> {
        if let Some(id) = self.find_set(name) {
            return Some(id);
        }
        if name.len() > MAX_SET_NAME {
            return None;
        }
        let mut sets = self.sets.write();
        if let Some(id) = sets.by_name.get(name) {
            return Some(*id);
        }
        if sets.by_id.len() > MAX_SETS {
            return None;
        }
        let id = SetId(u16::try_from(sets.by_id.len()).ok()?);
        sets.by_id.push(Set::new(name));
        sets.by_name.insert(name.into(), id);
        Some(id)
    }

    #[must_use]
    pub fn set(&self, id: SetId) -> Option<Arc<Set>> {
        let sets = self.sets.read();
        sets.by_id.get(usize::from(id.0)).cloned()
    }

    /// All sets. The first is for records without a set.
    #[must_use]
    pub fn sets(&self) -> Vec<Arc<Set>> {
        let sets = self.sets.read();
        sets.by_id.clone()
    }

    /// Number of records.
    #[must_use]
    pub fn objects(&self) -> u64 {
        self.sets().iter().map(|set| set.objects()).sum()
    }

    /// Estimated size in bytes of the records of each set, indexed by set id. For many records, only a sample
    /// is measured.
    #[must_use]
    pub fn used_bytes(&self) -> Vec<u64> {
        let sets = self.sets();
        let mut used = vec![(0u64, 0u64); sets.len()];
        let mut seen = 0;
        for partition in &self.partitions {
            if seen >= MAX_MEASURED {
                break;
            }
            for (digest, record) in &partition.lock().live {
                let id = usize::from(record.set.0);
                if let (Some(set), Some((count, bytes))) = (sets.get(id), used.get_mut(id)) {
                    *count += 1;
                    *bytes += RecordView::of(record, digest, &set.name, 0).record_size();
                }
                seen += 1;
            }
        }
        let all = used.iter().zip(&sets);
        all.map(|((count, bytes), set)| (bytes * set.objects()).checked_div(*count).unwrap_or(0))
            .collect()
    }

    /// Updates the counters after a record was created.
    pub fn count_created(&self, set: SetId) {
        if let Some(set) = self.set(set) {
            set.objects.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Updates the counters after a record was removed.
    pub fn count_removed(&self, set: SetId) {
        if let Some(set) = self.set(set) {
            set.objects.fetch_sub(1, Ordering::Relaxed);
        }
    }

    /// Updates indexes and counters before a record is removed. Its partition must be locked.
    pub fn forget(&self, digest: &Digest, record: &Record) {
        self.count_removed(record.set);
        if !self.indexes.is_empty() {
            let set = self.set(record.set);
            let name = set.as_ref().map_or(&[][..], |set| &set.name);
            let view = RecordView::of(record, digest, name, record.last_update_ms);
            self.indexes.change(record.set, Some(&view)).finish(digest, None);
        }
    }

    /// Locks the partition of a record. If the record is locked by a transaction that has ended, the transaction's
    /// write is rolled forward or back first.
    #[must_use]
    pub fn lock_record(&self, digest: &Digest, now_s: u32) -> Option<MutexGuard<'_, Records>> {
        let mut records = self.partition_of(digest)?.lock();
        if let Some(transactions) = &self.transactions {
            self.resolve(transactions, &mut records, digest, now_s);
        }
        Some(records)
    }

    /// A version for a record that changes. 0 without strong consistency.
    #[must_use]
    pub fn next_version(&self) -> u64 {
        self.transactions.as_ref().map_or(0, Transactions::next_version)
    }

    /// Stores the new state of a record, and updates indexes and counters.
    pub fn put(&self, records: &mut Records, digest: &Digest, mut record: Record) {
        record.version = self.next_version();
        if record.void_time != 0 {
            self.note_expiring();
        }
        let before = records.live.get(digest);
        if !self.indexes.is_empty() {
            let set = self.set(record.set);
            let name = set.as_ref().map_or(&[][..], |set| &set.name);
            let view = before.map(|before| RecordView::of(before, digest, name, before.last_update_ms));
            let changes = self.indexes.change(record.set, view.as_ref());
            let view = RecordView::of(&record, digest, name, record.last_update_ms);
            changes.finish(digest, Some(&view));
        }
        if before.is_none() {
            self.count_created(record.set);
        }
        records.tombstones.remove(digest);
        records.live.insert(*digest, record);
    }

    /// Removes a record, and updates indexes and counters. With strong consistency, a tombstone remains.
    pub fn remove(&self, records: &mut Records, digest: &Digest) {
        let Some(record) = records.live.remove(digest) else {
            return;
        };
        self.forget(digest, &record);
        if self.transactions.is_some() {
            let tombstone = Tombstone {
                version: self.next_version(),
                set: record.set,
            };
            records.tombstones.insert(*digest, tombstone);
        }
    }

    /// Makes a transaction's write to a record visible, and unlocks the record.
    pub fn roll_forward(&self, records: &mut Records, digest: &Digest) {
        let Some(provisional) = records.provisional.remove(digest) else {
            return;
        };
        self.count_unlocked();
        match provisional.after {
            Some(record) => self.put(records, digest, record),
            None => self.remove(records, digest),
        }
    }

    /// Discards a transaction's write to a record, and unlocks the record.
    pub fn roll_back(&self, records: &mut Records, digest: &Digest) {
        if records.provisional.remove(digest).is_some() {
            self.count_unlocked();
        }
    }

    fn count_unlocked(&self) {
        if let Some(transactions) = &self.transactions {
            transactions.counters.provisionals.fetch_sub(1, Ordering::Relaxed);
        }
    }

    fn resolve(&self, transactions: &Transactions, records: &mut Records, digest: &Digest, now_s: u32) {
        let Some(lock) = records.provisional.get(digest) else {
            return;
        };
        match transactions.verdict(lock.transaction, lock.deadline, now_s) {
            Verdict::Keep => {}
            Verdict::RollForward => {
                transactions
                    .counters
                    .monitor_rolled_forward
                    .fetch_add(1, Ordering::Relaxed);
                self.roll_forward(records, digest);
            }
            Verdict::RollBack => {
                transactions
                    .counters
                    .monitor_rolled_back
                    .fetch_add(1, Ordering::Relaxed);
                self.roll_back(records, digest);
            }
        }
    }

    /// Ends transactions whose deadline has passed: rolls them forward if they were committed, otherwise back.
    pub fn end_expired_transactions(&self, now_s: u32) {
        let Some(transactions) = &self.transactions else {
            return;
        };
        transactions.end_expired(now_s);
        if transactions.counters.provisionals.load(Ordering::Relaxed) > 0 {
            for partition in &self.partitions {
                let mut records = partition.lock();
                let locked: Vec<Digest> = records.provisional.keys().copied().collect();
                for digest in locked {
                    self.resolve(transactions, &mut records, &digest, now_s);
                }
            }
        }
        transactions.forget_ended(now_s);
    }

    /// Records that expiring records exist, so that the expiry task scans the namespace.
    pub fn note_expiring(&self) {
        if !self.expires.load(Ordering::Relaxed) {
            self.expires.store(true, Ordering::Relaxed);
        }
    }

    /// Removes expired records.
    pub fn remove_expired(&self, now_s: u32) {
        if self.expires.load(Ordering::Relaxed) {
            self.remove_where(|record| record.is_expired(now_s));
        }
    }

    /// Removes the records of a set, or of all sets, that were last updated at or before `until_ms`, in
    /// milliseconds since 2010-01-01. Returns the number of removed records.
    pub fn truncate(&self, set: Option<SetId>, until_ms: u64) -> u64 {
        for truncated in self
            .sets()
            .iter()
            .enumerate()
            .filter(|(id, _)| set.is_none_or(|set| usize::from(set.0) == *id))
        {
            truncated.1.truncated_ms.store(until_ms, Ordering::Relaxed);
        }
        self.remove_where(|record| set.is_none_or(|set| record.set == set) && record.last_update_ms <= until_ms)
    }

    /// Removes all records of a partition.
    pub fn clear_partition(&self, id: u16) {
        if let Some(partition) = self.partition(id) {
            self.remove_from(partition, &|_| true);
        }
    }

    /// Number of tombstones per set, indexed by set id, in the chosen partitions.
    #[must_use]
    pub fn count_tombstones(&self, chosen: impl Fn(u16) -> bool) -> HashMap<SetId, u64> {
        let mut counts = HashMap::new();
        if self.transactions.is_some() {
            for (id, partition) in (0..).zip(&self.partitions) {
                if chosen(id) {
                    for tombstone in partition.lock().tombstones.values() {
                        *counts.entry(tombstone.set).or_default() += 1;
                    }
                }
            }
        }
        counts
    }

    /// Number of records per set, indexed by set id, in the chosen partitions.
    #[must_use]
    pub fn count_objects(&self, chosen: impl Fn(u16) -> bool) -> HashMap<SetId, u64> {
        let mut counts = HashMap::new();
        for (id, partition) in (0..).zip(&self.partitions) {
            if chosen(id) {
                for record in partition.lock().live.values() {
                    *counts.entry(record.set).or_default() += 1;
                }
            }
        }
        counts
    }

    fn remove_where(&self, gone: impl Fn(&Record) -> bool) -> u64 {
        self.partitions
            .iter()
            .map(|partition| self.remove_from(partition, &gone))
            .sum()
    }

    fn remove_from(&self, partition: &Partition, gone: &impl Fn(&Record) -> bool) -> u64 {
        let mut removed = 0;
        partition.lock().live.retain(|digest, record| {
            let gone = gone(record);
            if gone {
                self.forget(digest, record);
                removed += 1;
            }
            !gone
        });
        removed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(namespace: &Namespace, n: u8, set: &[u8], written_ms: u64, void_time: u32) {
        let digest = Digest([n; 20]);
        let id = namespace.find_or_make_set(set).unwrap();
        let mut record = Record::new(id);
        record.last_update_ms = written_ms;
        record.void_time = void_time;
        namespace.note_expiring();
        let mut records = namespace.partition_of(&digest).unwrap().lock();
        records.live.insert(digest, record);
        namespace.count_created(id);
    }

    #[test]
    fn truncation_keeps_other_sets_and_later_records() {
        let namespace = Namespace::new("test", RecordRules::default());
        put(&namespace, 1, b"a", 100, 0);
        put(&namespace, 2, b"a", 200, 0);
        put(&namespace, 3, b"b", 100, 0);
        put(&namespace, 4, b"", 100, 0);
        assert_eq!(namespace.truncate(namespace.find_set(b"a"), 150), 1);
        assert_eq!(namespace.objects(), 3);
        assert_eq!(namespace.truncate(None, 150), 2);
        assert_eq!(namespace.objects(), 1);
    }

    #[test]
    fn removes_expired_records() {
        let namespace = Namespace::new("test", RecordRules::default());
        put(&namespace, 1, b"a", 0, 10);
        put(&namespace, 2, b"a", 0, 0);
        namespace.remove_expired(10);
        assert_eq!(namespace.objects(), 2);
        namespace.remove_expired(11);
        assert_eq!(namespace.objects(), 1);
    }

    #[test]
    fn limits_the_length_and_number_of_set_names() {
        let namespace = Namespace::new("test", RecordRules::default());
        assert_eq!(namespace.find_or_make_set(&[b'x'; 64]), None);
        for n in 0..MAX_SETS {
            assert!(namespace.find_or_make_set(n.to_string().as_bytes()).is_some());
        }
        assert_eq!(namespace.find_or_make_set(b"one more"), None);
        assert!(namespace.find_or_make_set(b"7").is_some());
    }
}
