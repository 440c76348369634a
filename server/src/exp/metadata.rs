//! What expressions can know of a record beside its bins.

use super::node::Metadata;
use super::subject::Subject;
use super::value::{Type, Value};
use crate::bins;
use crate::clock::EPOCH_UNIX_MS;
use crate::particle;
use crate::particle::kind;

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
        Metadata::RecordSize => record_size(subject),
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

/// The size that a real server tells.
fn record_size(subject: &Subject<'_>) -> i64 {
    let values: usize = bins::iter(subject.bins)
        .map(|bin| {
            1 + bin.name.len()
                + match bin.value.kind {
                    kind::INTEGER | kind::FLOAT => 10,
                    kind::BOOL => 2,
                    _ => 5 + bin.value.bytes.len(),
                }
        })
        .sum();
    let size = 35 + subject.set.len() + subject.key.map_or(0, <[u8]>::len) + values;
    signed(size.div_ceil(16) as u64 * 16)
}
