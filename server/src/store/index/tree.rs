//! A secondary index.

use std::collections::{BTreeSet, HashSet};
use std::ops::Bound;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use parking_lot::{Mutex, MutexGuard, RwLock};

use super::definition::Definition;
use super::value::values;
use crate::record::digest::{DIGEST_SIZE, Digest, PARTITIONS};
use crate::record::view::RecordView;

/// An index key, and the digest of a record with this key.
pub type Entry = (i64, Digest);

/// Statistics of an index.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// Number of entries. A value counts once per record.
    pub entries: u64,
    pub records: u64,
    /// Number of distinct values.
    pub values: u64,
}

#[derive(Debug, Default)]
struct Tree {
    entries: BTreeSet<Entry>,
    records: u64,
}

/// A secondary index.
#[derive(Debug)]
pub struct Index {
    name: RwLock<Arc<str>>,
    definition: Definition,
    trees: Box<[Mutex<Tree>]>,
    /// Number of partitions that are built.
    built: AtomicU32,
    dropped: AtomicBool,
    load_us: AtomicU64,
}

impl Index {
    /// Creates an empty index.
    #[must_use]
    pub fn new(name: &str, definition: Definition) -> Self {
        Self {
            name: RwLock::new(name.into()),
            definition,
            trees: (0..PARTITIONS).map(|_| Mutex::default()).collect(),
            built: AtomicU32::new(0),
            dropped: AtomicBool::new(false),
            load_us: AtomicU64::new(0),
        }
    }

    #[must_use]
    pub fn name(&self) -> Arc<str> {
        Arc::clone(&self.name.read())
    }

    /// Whether the index has this name.
    #[must_use]
    pub fn is_named(&self, name: &str) -> bool {
        *self.name() == *name
    }

    pub(super) fn rename(&self, name: &str) {
        *self.name.write() = name.into();
    }

    #[must_use]
    pub fn definition(&self) -> &Definition {
        &self.definition
    }

    /// Whether the index contains all records that existed when it was created.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.built.load(Ordering::Acquire) as usize >= PARTITIONS
    }

    /// Build progress, in percent.
    #[must_use]
    pub fn load_percent(&self) -> u32 {
        self.built.load(Ordering::Acquire).saturating_mul(100) / PARTITIONS as u32
    }

    /// Build time, in milliseconds.
    #[must_use]
    pub fn load_ms(&self) -> u64 {
        self.load_us.load(Ordering::Relaxed) / 1000
    }

    /// Number of partitions that are built.
    pub(in crate::store) fn built(&self) -> usize {
        self.built.load(Ordering::Acquire) as usize
    }

    /// Records build progress: the number of partitions built, and the time that the latest ones took.
    pub(in crate::store) fn note_built(&self, partitions: usize, took: Duration) {
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.load_us.fetch_add(micros, Ordering::Relaxed);
        self.built
            .store(u32::try_from(partitions).unwrap_or(u32::MAX), Ordering::Release);
    }

    /// Whether the index was removed, so that it is no longer maintained.
    #[must_use]
    pub fn is_dropped(&self) -> bool {
        self.dropped.load(Ordering::Acquire)
    }

    pub(super) fn mark_dropped(&self) {
        self.dropped.store(true, Ordering::Release);
    }

    fn tree(&self, partition: usize) -> Option<MutexGuard<'_, Tree>> {
        let tree = self.trees.get(partition)?;
        Some(tree.lock())
    }

    /// The distinct index keys of a record, in ascending order.
    #[must_use]
    pub fn keys(&self, view: &RecordView<'_>) -> Vec<i64> {
        let mut keys = Vec::new();
        values(&self.definition, view, |value| value.keys(|key| keys.push(key)));
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// Replaces the keys of a record. Both slices are in ascending order.
    pub(super) fn replace(&self, digest: &Digest, before: &[i64], after: &[i64]) {
        if before == after {
            return;
        }
        let Some(mut tree) = self.tree(digest.partition()) else {
            return;
        };
        for key in before.iter().filter(|key| after.binary_search(key).is_err()) {
            tree.entries.remove(&(*key, *digest));
        }
        for key in after.iter().filter(|key| before.binary_search(key).is_err()) {
            tree.entries.insert((*key, *digest));
        }
        match (before.is_empty(), after.is_empty()) {
            (true, false) => tree.records += 1,
            (false, true) => tree.records = tree.records.saturating_sub(1),
            _ => {}
        }
    }

    /// Adds the keys of a record, which may already be present.
    pub(in crate::store) fn add(&self, digest: &Digest, keys: &[i64]) {
        let Some(mut tree) = self.tree(digest.partition()) else {
            return;
        };
        let mut new = false;
        for key in keys {
            new |= tree.entries.insert((*key, *digest));
        }
        tree.records += u64::from(new);
    }

    /// Appends up to `limit` entries of a partition that lie within a range, starting after a given entry.
    pub fn range(
        &self,
        partition: usize,
        (first, last): (i64, i64),
        after: Option<Entry>,
        limit: usize,
        out: &mut Vec<Entry>,
    ) {
        const MIN: Digest = Digest([0; DIGEST_SIZE]);
        const MAX: Digest = Digest([0xff; DIGEST_SIZE]);
        let start = match after {
            Some(after) if after >= (first, MIN) => Bound::Excluded(after),
            _ => Bound::Included((first, MIN)),
        };
        let end = (last, MAX);
        let (Bound::Included(from) | Bound::Excluded(from)) = start else {
            return;
        };
        if from > end || (from == end && start == Bound::Excluded(end)) {
            return;
        }
        if let Some(tree) = self.tree(partition) {
            out.extend(tree.entries.range((start, Bound::Included(end))).take(limit));
        }
    }

    /// Computes the statistics of some partitions.
    #[must_use]
    pub fn totals(&self, partitions: impl Iterator<Item = usize>) -> Totals {
        let mut totals = Totals::default();
        let mut different = HashSet::new();
        for partition in partitions {
            if let Some(tree) = self.tree(partition) {
                totals.entries += tree.entries.len() as u64;
                totals.records += tree.records;
                different.extend(tree.entries.iter().map(|(key, _)| *key));
            }
        }
        totals.values = different.len() as u64;
        totals
    }
}
