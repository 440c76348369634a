//! Going through partitions, and calling back with every record that is wanted.

use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::sync::Arc;

use super::condition::{self, Condition};
use super::partitions::{self, Slot};
use crate::digest::{DIGEST_SIZE, Digest};
use crate::exp::{Filter, Subject};
use crate::index::Index;
use crate::namespace::{Namespace, Set};
use crate::node::Node;
use crate::proto::message::Message;
use crate::record::{Record, SetId};
use crate::result_code::ResultCode;

/// Entries of an index that are looked at before its tree is left alone for others.
const CHUNK: usize = 512;

/// Records that are looked at while their partition stays locked.
const HELD: usize = 64;

/// A record that is wanted. Its partition is locked.
#[derive(Debug, Clone, Copy)]
pub struct Found<'a> {
    /// The record.
    pub record: &'a Record,
    /// Which one it is.
    pub digest: &'a Digest,
    /// The name of its set; empty when it is in none.
    pub set: &'a [u8],
    /// What stands in the index for the value that it was found by.
    pub bval: Option<i64>,
    /// What expressions and operations need to know of it.
    pub subject: Subject<'a>,
}

/// What a walk comes upon.
#[derive(Debug, Clone, Copy)]
pub enum Visit<'a> {
    /// A record that is wanted.
    Found(Found<'a>),
    /// A partition that is another node's: its records are to be asked for there.
    Elsewhere(u16),
}

/// How far a walk has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// There may be more records.
    More,
    /// All partitions were gone through.
    Finished,
}

/// The records of a query, partition by partition.
///
/// Within a partition records come in descending order of their digests, or in the ascending order
/// of the index: the last one that a client saw tells where to go on.
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
    /// What is known of the first partition, the next record last.
    current: Vec<(Digest, Option<i64>)>,
    filtered: u64,
}

impl Walk {
    /// Prepares to go through the partitions that a message names.
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
        let mut partitions = partitions::wanted(fields, condition.is_some())?;
        let slots = (
            fields.partitions.map_or(0, <[u8]>::len) / 2,
            fields.digests.map_or(0, <[u8]>::len) / DIGEST_SIZE,
        );
        if only == Some(None) && message.attributes.writes() {
            return Err(ResultCode::NOT_FOUND);
        }
        if only == Some(None) {
            // A set that has no id has no records either.
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

    /// Where the records are.
    #[must_use]
    pub fn namespace(&self) -> &Arc<Namespace> {
        &self.namespace
    }

    /// The index that finds them, if one does.
    #[must_use]
    pub fn index(&self) -> Option<&Index> {
        self.condition.as_ref().map(|condition| &*condition.index)
    }

    /// How many records the filter did not let through since this was last asked.
    pub fn take_filtered(&mut self) -> u64 {
        std::mem::take(&mut self.filtered)
    }

    /// How many whole partitions and how many to be resumed were asked for.
    #[must_use]
    pub fn slots(&self) -> (usize, usize) {
        self.slots
    }

    /// How much of the way is behind, in percent.
    #[must_use]
    pub fn progress(&self) -> f64 {
        if self.total == 0 {
            return 100.0;
        }
        100.0 * (self.total - self.partitions.len()) as f64 / self.total as f64
    }

    /// Goes on until the callback breaks, about `limit` records were looked at, or all were.
    pub fn step<B>(
        &mut self,
        node: &Node,
        limit: usize,
        mut visit: impl FnMut(Visit<'_>) -> ControlFlow<B>,
    ) -> ControlFlow<B, Step> {
        let now_ms = node.clock().now_ms();
        let mut looked_at = 0;
        while looked_at < limit {
            if self.index().is_some_and(Index::is_dropped) {
                // A query whose index is removed ends there and then, and says that all is well.
                self.partitions.clear();
                self.current.clear();
                return ControlFlow::Continue(Step::Finished);
            }
            if self.current.is_empty() {
                let Some(slot) = self.partitions.front().copied() else {
                    return ControlFlow::Continue(Step::Finished);
                };
                if node.masters(slot.id) {
                    self.look_up(slot, seconds(now_ms));
                } else {
                    self.partitions.pop_front();
                    visit(Visit::Elsewhere(slot.id))?;
                }
            }
            // A partition without records takes time too.
            looked_at += 1 + self.current.len().min(HELD);
            self.visit_some(now_ms, &mut visit)?;
        }
        ControlFlow::Continue(Step::More)
    }

    /// Looks up what the first partition has, or the next part of it.
    fn look_up(&mut self, slot: Slot, now_s: u32) {
        let Some(condition) = &self.condition else {
            self.partitions.pop_front();
            self.look_up_all(slot, now_s);
            return;
        };
        let mut entries = Vec::new();
        let after = slot.after.map(|(digest, bval)| (bval, digest));
        for range in condition.predicate.ranges() {
            let left = CHUNK - entries.len();
            condition
                .index
                .range(usize::from(slot.id), *range, after, left, &mut entries);
            if entries.len() >= CHUNK {
                break;
            }
        }
        match (entries.last(), self.partitions.front_mut()) {
            (Some((bval, digest)), Some(slot)) if entries.len() >= CHUNK => slot.after = Some((*digest, *bval)),
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
        let wanted = records.iter().filter(|(digest, record)| {
            self.only.is_none_or(|set| set == record.set)
                && after.is_none_or(|after| **digest < after)
                && !record.is_expired(now_s)
        });
        self.current.extend(wanted.map(|(digest, _)| (*digest, None)));
        drop(records);
        self.current.sort_unstable();
    }

    /// Visits a few of the records that were looked up, while their partition is locked.
    fn visit_some<B>(&mut self, now_ms: u64, visit: &mut impl FnMut(Visit<'_>) -> ControlFlow<B>) -> ControlFlow<B> {
        let Some((digest, _)) = self.current.last() else {
            return ControlFlow::Continue(());
        };
        let Some(partition) = self.namespace.partition_of(digest) else {
            self.current.clear();
            return ControlFlow::Continue(());
        };
        let records = partition.lock();
        for _ in 0..HELD {
            let Some((digest, bval)) = self.current.pop() else {
                break;
            };
            let Some(record) = records.get(&digest) else {
                continue;
            };
            if record.is_expired(seconds(now_ms)) || self.only.is_some_and(|set| set != record.set) {
                continue;
            }
            if usize::from(record.set.0) >= self.sets.len() {
                // The set is newer than the query.
                self.sets = self.namespace.sets();
            }
            let set = self
                .sets
                .get(usize::from(record.set.0))
                .map_or(&[][..], |set| &set.name);
            let subject = Subject::of(record, &digest, set, now_ms);
            if let (Some(condition), Some(bval)) = (&self.condition, bval) {
                // The record may have changed since, or have another of the wanted values, where it
                // was found before.
                let first = condition.predicate.first_of(condition.index.definition(), &subject);
                if first != Some(bval) {
                    continue;
                }
            }
            if self.filter.as_ref().is_some_and(|filter| !filter.matches(&subject)) {
                self.filtered += 1;
                continue;
            }
            visit(Visit::Found(Found {
                record,
                digest: &digest,
                set,
                bval,
                subject,
            }))?;
        }
        ControlFlow::Continue(())
    }
}

fn seconds(now_ms: u64) -> u32 {
    u32::try_from(now_ms / 1000).unwrap_or(u32::MAX)
}
