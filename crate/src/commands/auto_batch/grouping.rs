//! Which calls can share a batch: the groups of a list of calls, and their order within a key.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use nohash_hasher::IntMap;

use crate::catalog::commands::{
    APPEND, APPLY, EXISTS, GET, INCREMENT, OPERATE, OPERATE_ORDERED, PREPEND, PUT, REMOVE, TOUCH,
};
use crate::catalog::policy_fields::{FIRST_BYTES_FIELD, GENERATION_FIELD, write_field};
use crate::common::errors::Failure;
use crate::convert::key;
use crate::policy::client::AutoBatchPolicy;
use crate::requests::Call;
use crate::wire::Reader;

/// The largest generation that a row of a batch can expect: the core sends it in 16 bits.
const MAX_GENERATION: f64 = u16::MAX as f64;

/// What the dispatcher starts as one task.
pub enum Dispatch {
    /// A call that is sent alone.
    Alone(Call),
    /// Calls that share a batch.
    Group(Vec<Call>),
}

/// What calls must have in common to share a batch: the kind of their policies, the namespace, and those fields of the
/// encoded policies that a batch has only once.
type BatchKey<'a> = (bool, &'a [u8], Cow<'a, [u8]>);

/// Splits calls into groups and single calls, in the order of their first calls. Fewer than `min` calls do not form a
/// group.
pub fn split(policy: AutoBatchPolicy, calls: Vec<Call>, min: usize) -> Vec<Dispatch> {
    // First assign the groups, so that a single call keeps its position. The grouping key borrows from the calls.
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut open: HashMap<BatchKey<'_>, usize> = HashMap::new();
    let mut group_of = vec![usize::MAX; calls.len()];
    for (index, call) in calls.iter().enumerate() {
        let Some(key) = batch_key(policy, call) else { continue };
        let group = match open.get(&key) {
            Some(group) if groups[*group].len() < policy.max_size => *group,
            _ => {
                groups.push(Vec::new());
                open.insert(key, groups.len() - 1);
                groups.len() - 1
            }
        };
        groups[group].push(index);
        group_of[index] = group;
    }
    drop(open);
    let sizes: Vec<usize> = groups.iter().map(Vec::len).collect();
    let mut dispatches: Vec<Dispatch> = Vec::new();
    let mut dispatch_of = vec![usize::MAX; groups.len()];
    for (call, group) in calls.into_iter().zip(group_of) {
        if group == usize::MAX || sizes[group] < min {
            dispatches.push(Dispatch::Alone(call));
        } else if let Some(Dispatch::Group(calls)) = dispatches.get_mut(dispatch_of[group]) {
            calls.push(call);
        } else {
            dispatch_of[group] = dispatches.len();
            let mut calls = Vec::with_capacity(sizes[group]);
            calls.push(call);
            dispatches.push(Dispatch::Group(calls));
        }
    }
    dispatches
}

/// Whether a call may share a batch with others.
pub fn is_batchable(policy: AutoBatchPolicy, call: &Call) -> bool {
    // A call of a logger is sent alone: it must produce no log lines, and the other calls must not lose theirs. A batch of
    // several calls would register their keys in a transaction at once, and fail for all if one is refused.
    !call.quiet && call.transaction.is_none() && has_write_policy(policy, call.command).is_some()
}

/// Whether a command has the policy of a write. `None` if it cannot share a batch.
fn has_write_policy(policy: AutoBatchPolicy, command: u8) -> Option<bool> {
    match command {
        GET | EXISTS => policy.reads.then_some(false),
        PUT | REMOVE | TOUCH | APPEND | PREPEND | INCREMENT | OPERATE | OPERATE_ORDERED | APPLY => {
            policy.writes.then_some(true)
        }
        _ => None,
    }
}

fn batch_key(policy: AutoBatchPolicy, call: &Call) -> Option<BatchKey<'_>> {
    if !is_batchable(policy, call) {
        return None;
    }
    let writes = has_write_policy(policy, call.command)?;
    let encoded = call.policy_bytes()?;
    let shared = if writes {
        shared_fields(encoded).ok().flatten()?
    } else {
        Cow::Borrowed(encoded)
    };
    let namespace = call.reader().name().ok()?;
    Some((writes, namespace.as_bytes(), shared))
}

/// The fields of a write's policy that a batch has only once: each row has its own of the others. `None` if a row cannot
/// have one of them.
fn shared_fields(encoded: &[u8]) -> Result<Option<Cow<'_, [u8]>>, Failure> {
    let mut reader = Reader::new(encoded);
    let count = reader.u8()?;
    let mut shared = vec![0];
    for _ in 0..count {
        let start = encoded.len() - reader.rest().len();
        let number = reader.u8()?;
        if number < FIRST_BYTES_FIELD {
            let value = reader.f64()?;
            if number == GENERATION_FIELD && value > MAX_GENERATION {
                return Ok(None);
            }
        } else {
            reader.blob()?;
        }
        if number != GENERATION_FIELD && !write_field::ALL.contains(&number) {
            shared[0] += 1;
            shared.extend_from_slice(&encoded[start..encoded.len() - reader.rest().len()]);
        }
    }
    // The common cases need no copy: no field of a row, or no field at all.
    Ok(Some(if shared[0] == count {
        Cow::Borrowed(encoded)
    } else {
        Cow::Owned(shared)
    }))
}

/// How a call uses its record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Use {
    /// Hash of namespace, set and user key.
    record: u64,
    writes: bool,
}

impl Use {
    /// How a call uses its record. `None` if its key is malformed.
    pub fn of(call: &Call) -> Option<Self> {
        let bytes = call.request().body().bytes();
        let mut reader = call.reader();
        reader.name().ok()?;
        reader.name().ok()?;
        key::skip_user_key(&mut reader).ok()?;
        let mut hasher = DefaultHasher::new();
        bytes[..bytes.len() - reader.rest().len()].hash(&mut hasher);
        Some(Use {
            record: hasher.finish(),
            writes: call.request().writes(),
        })
    }
}

/// The records that unanswered calls use. Calls on one record follow each other, unless all of them read: the server
/// does not keep the order of two requests, or of two rows of one.
#[derive(Debug, Default)]
pub struct RecordsInUse {
    /// Number of reading and of writing calls for each record, by its hash, which needs no further hashing.
    uses: IntMap<u64, (usize, usize)>,
}

impl RecordsInUse {
    /// Whether a call has to wait for another one.
    pub fn blocks(&self, call: Use) -> bool {
        self.uses
            .get(&call.record)
            .is_some_and(|(_, writing)| call.writes || *writing > 0)
    }

    pub fn add(&mut self, call: Use) {
        let (reading, writing) = self.uses.entry(call.record).or_default();
        *if call.writes { writing } else { reading } += 1;
    }

    pub fn remove(&mut self, call: Use) {
        let Some((reading, writing)) = self.uses.get_mut(&call.record) else {
            return;
        };
        let count = if call.writes { &mut *writing } else { &mut *reading };
        *count = count.saturating_sub(1);
        if *reading + *writing == 0 {
            self.uses.remove(&call.record);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::policy_fields::{FILTER_FIELD, base_field};

    fn encoded(fields: &[(u8, f64)], filter: &[u8]) -> Vec<u8> {
        let mut out = vec![(fields.len() + usize::from(!filter.is_empty())) as u8];
        for (number, value) in fields {
            out.push(*number);
            out.extend_from_slice(&value.to_le_bytes());
        }
        if !filter.is_empty() {
            out.push(FILTER_FIELD);
            out.extend_from_slice(&(filter.len() as u32).to_le_bytes());
            out.extend_from_slice(filter);
        }
        out
    }

    fn shared(fields: &[(u8, f64)], filter: &[u8]) -> Option<Vec<u8>> {
        let encoded = encoded(fields, filter);
        shared_fields(&encoded).ok().flatten().map(Cow::into_owned)
    }

    #[test]
    fn rows_have_their_own_generation_ttl_and_exists() {
        let timeout = (base_field::TOTAL_TIMEOUT, 500.0);
        let own = [
            (write_field::TTL, 60.0),
            timeout,
            (write_field::EXISTS, 4.0),
            (GENERATION_FIELD, 3.0),
        ];
        assert_eq!(shared(&own, b"filter"), Some(encoded(&[timeout], b"filter")));
        assert_eq!(shared(&[timeout], b""), Some(encoded(&[timeout], b"")));
        assert_eq!(shared(&[], b""), Some(vec![0]));
        assert_ne!(shared(&own, b"filter"), shared(&own, b"other"));
    }

    #[test]
    fn a_generation_of_more_than_16_bits_goes_alone() {
        assert_eq!(shared(&[(GENERATION_FIELD, 65_536.0)], b""), None);
        assert!(shared(&[(GENERATION_FIELD, 65_535.0)], b"").is_some());
    }

    #[test]
    fn a_malformed_policy_is_not_shared() {
        assert!(shared_fields(&[2, write_field::TTL, 0]).is_err());
    }

    #[test]
    fn a_write_waits_for_every_call_on_its_record_and_a_read_for_writes() {
        let read = Use {
            record: 1,
            writes: false,
        };
        let write = Use { writes: true, ..read };
        let mut records = RecordsInUse::default();
        assert!(!records.blocks(write));
        records.add(read);
        assert!(!records.blocks(read));
        assert!(records.blocks(write));
        records.add(write);
        assert!(records.blocks(read));
        assert!(!records.blocks(Use { record: 2, ..write }));
        records.remove(write);
        assert!(!records.blocks(read));
        records.remove(read);
        assert!(!records.blocks(write) && records.uses.is_empty());
    }
}
