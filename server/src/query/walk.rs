//! Visits the matching records of a query, partition by partition.

use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::sync::Arc;

use super::condition::{self, Condition};
use super::partitions::{self, Slot};
use crate::cluster::node::Node;
use crate::common::result_code::ResultCode;
use crate::compute::exp::Filter;
use crate::proto::message::Message;
use crate::record::digest::{DIGEST_SIZE, Digest};
use crate::record::view::RecordView;
use crate::record::{Record, SetId};
use crate::store::index::Index;
use crate::store::namespace::{Namespace, Set};

/// Maximum number of index entries to read before releasing the index lock.
const ENTRIES_PER_LOCK: usize = 512;

/// Maximum number of records to visit while their partition is locked.
const RECORDS_PER_LOCK: usize = 64;

/// A matching record. Its partition is locked during the visit.
#[derive(Debug, Clone, Copy)]
pub struct Found<'a> {
    /// The stored record.
    pub record: &'a Record,
    /// The record's digest.
    pub digest: &'a Digest,
    /// Set name; empty if the record is not in a set.
    pub set: &'a [u8],
    /// The index key by which the record was found.
    pub bval: Option<i64>,
    /// The record as a view of expressions and operations.
    pub view: RecordView<'a>,
}

/// An event of a walk.
#[derive(Debug, Clone, Copy)]
pub enum Visit<'a> {
    /// A matching record.
    Found(Found<'a>),
    /// A partition that another node masters. The client must query that node for its records.
    NotOwned(u16),
}

/// Progress after a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// There may be more records.
    More,
    /// All partitions were visited.
    Finished,
}

/// The walk of a query through its partitions.
///
/// Within a partition, records are visited in descending order of digests or, with an index, in ascending index
/// order, so that the last record that a client received determines where to resume.
#[derive(Debug)]
pub struct Walk {
    namespace: Arc<Namespace>,
    only: Option<SetId>,
    sets: Vec<Arc<Set>>,
    condition: Option<Condition>,
    filter: Option<Filter>,
    partitions: VecDeque<Slot>,
    total: usize,
    slots: (usize, usize),
    /// The looked-up entries of the current partition, in reverse order: the next record is last.
    current: Vec<(Digest, Option<i64>)>,
    filtered: u64,
}

impl Walk {
    /// Creates a walk through the partitions that a message specifies.
    ///
    /// # Errors
    /// Returns the result code to send to the client.
    pub fn new(node: &Node, message: &Message<'_>) -> Result<Self, ResultCode> {
        let fields = &message.fields;
        let name = fields.namespace.ok_or(ResultCode::PARAMETER)?;
        let namespace = node.shared_namespace(name).ok_or(ResultCode::NAMESPACE)?;
        let only = match fields.set {
            b"" => None,
            set => Some(namespace.find_set(set)),
        };
        let condition = condition::find(&namespace, only.flatten(), &fields.index)?;
        let filter = fields.filter.map(Filter::compile).transpose()?;
        let mut partitions = partitions::requested(fields, condition.is_some())?;
        let slots = (
            fields.partitions.map_or(0, <[u8]>::len) / 2,
            fields.digests.map_or(0, <[u8]>::len) / DIGEST_SIZE,
        );
        if only == Some(None) && message.attributes.writes() {
            return Err(ResultCode::NOT_FOUND);
        }
        if only == Some(None) {
            // An unknown set has no records.
            partitions.clear();
        }
        Ok(Self {
            only: only.flatten(),
            sets: namespace.sets(),
            condition,
            filter,
            total: partitions.len(),
            slots,
            partitions,
            current: Vec::new(),
            filtered: 0,
            namespace,
        })
    }

    /// The namespace of the query.
    #[must_use]
    pub fn namespace(&self) -> &Arc<Namespace> {
        &self.namespace
    }

    /// The index that the query uses, if any.
    #[must_use]
    pub fn index(&self) -> Option<&Index> {
        self.condition.as_ref().map(|condition| &*condition.index)
    }

    /// The number of records that did not match the filter since the last call.
    pub fn take_filtered(&mut self) -> u64 {
        std::mem::take(&mut self.filtered)
    }

    /// Number of requested whole partitions and of resumed partitions.
    #[must_use]
    pub fn slots(&self) -> (usize, usize) {
        self.slots
    }

    /// Progress in percent.
    #[must_use]
    pub fn progress(&self) -> f64 {
        if self.total == 0 {
            return 100.0;
        }
        100.0 * (self.total - self.partitions.len()) as f64 / self.total as f64
    }

    /// Visits records until the callback breaks, about `limit` records were examined, or none are left.
    pub fn step<B>(
        &mut self,
        node: &Node,
        limit: usize,
        mut visit: impl FnMut(Visit<'_>) -> ControlFlow<B>,
    ) -> ControlFlow<B, Step> {
        let now_ms = node.clock().now_ms();
        let mut examined = 0;
        while examined < limit {
            if self.index().is_some_and(Index::is_dropped) {
                // A query whose index is removed ends immediately and reports success.
                self.partitions.clear();
                self.current.clear();
                return ControlFlow::Continue(Step::Finished);
            }
            if self.current.is_empty() {
                let Some(slot) = self.partitions.front().copied() else {
                    return ControlFlow::Continue(Step::Finished);
                };
                if node.masters(&self.namespace, slot.id) {
                    self.look_up(slot, seconds(now_ms));
                } else {
                    self.partitions.pop_front();
                    visit(Visit::NotOwned(slot.id))?;
                }
            }
            // Visiting an empty partition takes time too.
            examined += 1 + self.current.len().min(RECORDS_PER_LOCK);
            self.visit_some(now_ms, &mut visit)?;
        }
        ControlFlow::Continue(Step::More)
    }

    /// Looks up the entries of a partition, or the next part of them.
    fn look_up(&mut self, slot: Slot, now_s: u32) {
        let Some(condition) = &self.condition else {
            self.partitions.pop_front();
            self.look_up_all(slot, now_s);
            return;
        };
        let mut entries = Vec::new();
        let after = slot.after.map(|(digest, bval)| (bval, digest));
        for range in condition.predicate.ranges() {
            let left = ENTRIES_PER_LOCK - entries.len();
            condition
                .index
                .range(usize::from(slot.id), *range, after, left, &mut entries);
            if entries.len() >= ENTRIES_PER_LOCK {
                break;
            }
        }
        match (entries.last(), self.partitions.front_mut()) {
            (Some((bval, digest)), Some(slot)) if entries.len() >= ENTRIES_PER_LOCK => {
                slot.after = Some((*digest, *bval))
            }
            _ => {
                self.partitions.pop_front();
            }
        }
        self.current
            .extend(entries.into_iter().rev().map(|(bval, digest)| (digest, Some(bval))));
    }

    fn look_up_all(&mut self, slot: Slot, now_s: u32) {
        let Some(partition) = self.namespace.partition(slot.id) else {
            return;
        };
        let after = slot.after.map(|(digest, _)| digest);
        let records = partition.lock();
        let wanted = records.live.iter().filter(|(digest, record)| {
            self.only.is_none_or(|set| set == record.set)
                && after.is_none_or(|after| **digest < after)
                && !record.is_expired(now_s)
        });
        self.current.extend(wanted.map(|(digest, _)| (*digest, None)));
        drop(records);
        self.current.sort_unstable();
    }

    /// Visits the next looked-up records while their partition is locked.
    fn visit_some<B>(&mut self, now_ms: u64, visit: &mut impl FnMut(Visit<'_>) -> ControlFlow<B>) -> ControlFlow<B> {
        let Some((digest, _)) = self.current.last() else {
            return ControlFlow::Continue(());
        };
        let Some(partition) = self.namespace.partition_of(digest) else {
            self.current.clear();
            return ControlFlow::Continue(());
        };
        let records = partition.lock();
        for _ in 0..RECORDS_PER_LOCK {
            let Some((digest, bval)) = self.current.pop() else {
                break;
            };
            let Some(record) = records.live.get(&digest) else {
                continue;
            };
            if record.is_expired(seconds(now_ms)) || self.only.is_some_and(|set| set != record.set) {
                continue;
            }
            if usize::from(record.set.0) >= self.sets.len() {
                // The set was created after the query started.
                self.sets = self.namespace.sets();
            }
            let set = self
                .sets
                .get(usize::from(record.set.0))
                .map_or(&[][..], |set| &set.name);
            let view = RecordView::of(record, &digest, set, now_ms);
            if let (Some(condition), Some(bval)) = (&self.condition, bval) {
                // The record may have changed since the lookup, or it has several matching values and was found
                // at another one before.
                let first = condition.predicate.first_of(condition.index.definition(), &view);
                if first != Some(bval) {
                    continue;
                }
            }
            if self.filter.as_ref().is_some_and(|filter| !filter.matches(&view)) {
                self.filtered += 1;
                continue;
            }
            visit(Visit::Found(Found {
                record,
                digest: &digest,
                set,
                bval,
                view,
            }))?;
        }
        ControlFlow::Continue(())
    }
}

fn seconds(now_ms: u64) -> u32 {
    u32::try_from(now_ms / 1000).unwrap_or(u32::MAX)
}
