//! Builds an index from existing records.

use std::time::Instant;

use super::index::Index;
use super::namespace::Namespace;
use crate::record::digest::PARTITIONS;
use crate::record::view::RecordView;

/// Builds the next `count` partitions of an index. Returns false once all are built or the index was removed.
pub fn build_index(namespace: &Namespace, index: &Index, now_ms: u64, count: usize) -> bool {
    let start = Instant::now();
    let mut sets = namespace.sets();
    let first = index.built();
    let next = first.saturating_add(count).min(PARTITIONS);
    for id in first..next {
        if index.is_dropped() {
            return false;
        }
        let Some(partition) = u16::try_from(id).ok().and_then(|id| namespace.partition(id)) else {
            continue;
        };
        let records = partition.lock();
        for (digest, record) in &records.live {
            if !index.definition().covers(record.set) {
                continue;
            }
            if usize::from(record.set.0) >= sets.len() {
                sets = namespace.sets();
            }
            let set = sets.get(usize::from(record.set.0)).map_or(&[][..], |set| &set.name);
            let keys = index.keys(&RecordView::of(record, digest, set, now_ms));
            if !keys.is_empty() {
                index.add(digest, &keys);
            }
        }
    }
    index.note_built(next, start.elapsed());
    next < PARTITIONS
}
