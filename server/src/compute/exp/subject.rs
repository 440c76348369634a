//! The record that an expression is evaluated on.

use crate::record::Record;
use crate::record::digest::Digest;

/// The properties of a record that expressions can read.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// Encoded bins, as in [`crate::record::bins`].
    pub bins: &'a [u8],
    /// Set name; empty if the record is not in a set.
    pub set: &'a [u8],
    /// Particle type and bytes of the key, if it is stored.
    pub key: Option<&'a [u8]>,
    /// The record's digest.
    pub digest: &'a Digest,
    /// Time of the last update, in milliseconds since 2010-01-01.
    pub last_update_ms: u64,
    /// Expiry time, in seconds since 2010-01-01; 0 means never.
    pub void_time: u32,
    /// Current time, in milliseconds since 2010-01-01.
    pub now_ms: u64,
}

impl<'a> Subject<'a> {
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

    /// The record size that expressions and UDFs see.
    #[must_use]
    pub fn record_size(&self) -> i64 {
        i64::try_from(super::metadata::record_size(self)).unwrap_or(i64::MAX)
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
}
