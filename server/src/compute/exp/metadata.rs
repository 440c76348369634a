//! Record metadata in expressions.

use super::node::Metadata;
use super::subject::Subject;
use super::value::{Type, Value};
use crate::common::clock::EPOCH_UNIX_MS;
use crate::record::bins;
use crate::record::particle;
use crate::record::particle::kind;

pub(super) fn look_up<'v>(subject: &'v Subject<'v>, what: Metadata) -> Value<'v> {
    let void_ms = u64::from(subject.void_time) * 1000;
    Value::Int(match what {
        Metadata::SetName => return Value::Bytes(Type::String, subject.set.into()),
        Metadata::KeyExists => return Value::Bool(subject.key.is_some()),
        Metadata::IsTombstone => return Value::Bool(false),
        Metadata::DeviceSize => 0,
        Metadata::LastUpdate => unix_nanos(subject.last_update_ms),
        Metadata::SinceUpdate => signed(subject.now_ms.saturating_sub(subject.last_update_ms)),
        Metadata::VoidTime | Metadata::TimeToLive if subject.void_time == 0 => -1,
        Metadata::VoidTime => unix_nanos(void_ms),
        Metadata::TimeToLive => signed(void_ms / 1000) - signed(subject.now_ms / 1000),
        Metadata::RecordSize => signed(record_size(subject)),
    })
}

fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

fn unix_nanos(ms: u64) -> i64 {
    signed(ms.saturating_add(EPOCH_UNIX_MS).saturating_mul(1_000_000))
}

/// The last four bytes of the digest, modulo a number.
pub(super) fn digest_modulo(subject: &Subject<'_>, modulus: i32) -> Value<'static> {
    let [.., a, b, c, d] = subject.digest.0;
    let tail = i64::from(u32::from_le_bytes([a, b, c, d]));
    Value::Int(tail.checked_rem(i64::from(modulus)).unwrap_or(0))
}

/// The key, if it is stored and of this type.
pub(super) fn key<'v>(subject: &'v Subject<'v>, wanted: Type) -> Option<Value<'v>> {
    let (kind, bytes) = subject.key?.split_first()?;
    let value = particle::Value { kind: *kind, bytes };
    Value::from_particle(value).filter(|value| value.kind() == wanted)
}

/// The size of the record in a real server's storage, in bytes: a multiple of 16.
#[must_use]
pub fn record_size(subject: &Subject<'_>) -> u64 {
    const HEADER: usize = 40;
    const VOID_TIME: usize = 4;
    let bins: usize = bins::iter(subject.bins)
        .map(|bin| 1 + bin.name.len() + value_size(bin.value))
        .sum();
    let void_time = if subject.void_time == 0 { 0 } else { VOID_TIME };
    let set = if subject.set.is_empty() {
        0
    } else {
        1 + subject.set.len()
    };
    let key = subject.key.map_or(0, |key| 1 + key.len());
    let size = HEADER + void_time + set + key + bins;
    size.next_multiple_of(16) as u64
}

fn value_size(value: particle::Value<'_>) -> usize {
    match (value.kind, <[u8; 8]>::try_from(value.bytes)) {
        (kind::INTEGER, Ok(bytes)) => {
            2 + match u64::from_be_bytes(bytes) {
                0..=0xff => 1,
                0x100..=0xffff => 2,
                0x1_0000..=0xffff_ffff => 4,
                _ => 8,
            }
        }
        (kind::FLOAT, _) => 9,
        (kind::BOOL, _) => 2,
        _ => 5 + value.bytes.len(),
    }
}
