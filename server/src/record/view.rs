//! A read-only view of a record, for expressions and indexes.

use super::Record;
use super::bins;
use super::digest::Digest;
use super::particle::{self, kind};

/// The properties of a record that expressions and indexes read.
#[derive(Debug, Clone, Copy)]
pub struct RecordView<'a> {
    /// Encoded bins, as in [`crate::record::bins`].
    pub bins: &'a [u8],
    /// Set name; empty if the record is not in a set.
    pub set: &'a [u8],
    /// Particle type and bytes of the key, if it is stored.
    pub key: Option<&'a [u8]>,
    pub digest: &'a Digest,
    /// Time of the last update, in milliseconds since 2010-01-01.
    pub last_update_ms: u64,
    /// Expiry time, in seconds since 2010-01-01; 0 means never.
    pub void_time: u32,
    /// Current time, in milliseconds since 2010-01-01.
    pub now_ms: u64,
}

impl<'a> RecordView<'a> {
    /// A stored record.
    #[must_use]
    pub fn of(record: &'a Record, digest: &'a Digest, set: &'a [u8], now_ms: u64) -> Self {
        Self {
            bins: &record.bins,
            set,
            key: record.key.as_deref(),
            digest,
            last_update_ms: record.last_update_ms,
            void_time: record.void_time,
            now_ms,
        }
    }

    /// A record that does not exist yet.
    #[must_use]
    pub fn new(digest: &'a Digest, set: &'a [u8], key: Option<&'a [u8]>, now_ms: u64) -> Self {
        Self {
            bins: &[],
            set,
            key,
            digest,
            last_update_ms: now_ms,
            void_time: 0,
            now_ms,
        }
    }

    /// The size of the record in a real server's storage, in bytes: a multiple of 16.
    #[must_use]
    pub fn record_size(&self) -> u64 {
        const HEADER: usize = 40;
        const VOID_TIME: usize = 4;
        let bins: usize = bins::iter(self.bins)
            .map(|bin| 1 + bin.name.len() + value_size(bin.value))
            .sum();
        let void_time = if self.void_time == 0 { 0 } else { VOID_TIME };
        let set = if self.set.is_empty() { 0 } else { 1 + self.set.len() };
        let key = self.key.map_or(0, |key| 1 + key.len());
        let size = HEADER + void_time + set + key + bins;
        size.next_multiple_of(16) as u64
    }
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
