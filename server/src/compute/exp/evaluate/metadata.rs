//! Record metadata in expressions.

use crate::common::clock::EPOCH_UNIX_MS;
use crate::compute::exp::node::Metadata;
use crate::compute::exp::value::{Type, Value};
use crate::record::particle;
use crate::record::view::RecordView;

pub(super) fn look_up<'v>(view: &'v RecordView<'v>, what: Metadata) -> Value<'v> {
    let void_ms = u64::from(view.void_time) * 1000;
    Value::Int(match what {
        Metadata::SetName => return Value::Bytes(Type::String, view.set.into()),
        Metadata::KeyExists => return Value::Bool(view.key.is_some()),
        Metadata::IsTombstone => return Value::Bool(false),
        Metadata::DeviceSize => 0,
        Metadata::LastUpdate => unix_nanos(view.last_update_ms),
        Metadata::SinceUpdate => signed(view.now_ms.saturating_sub(view.last_update_ms)),
        Metadata::VoidTime | Metadata::TimeToLive if view.void_time == 0 => -1,
        Metadata::VoidTime => unix_nanos(void_ms),
        Metadata::TimeToLive => signed(void_ms / 1000) - signed(view.now_ms / 1000),
        Metadata::RecordSize => signed(view.record_size()),
    })
}

fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

fn unix_nanos(ms: u64) -> i64 {
    signed(ms.saturating_add(EPOCH_UNIX_MS).saturating_mul(1_000_000))
}

/// The last four bytes of the digest, modulo a number.
pub(super) fn digest_modulo(view: &RecordView<'_>, modulus: i32) -> Value<'static> {
    let [.., a, b, c, d] = view.digest.0;
    let tail = i64::from(u32::from_le_bytes([a, b, c, d]));
    Value::Int(tail.checked_rem(i64::from(modulus)).unwrap_or(0))
}

/// The key, if it is stored and of this type.
pub(super) fn key<'v>(view: &'v RecordView<'v>, wanted: Type) -> Option<Value<'v>> {
    let (kind, bytes) = view.key?.split_first()?;
    let value = particle::Value { kind: *kind, bytes };
    Value::from_particle(value).filter(|value| value.kind() == wanted)
}
