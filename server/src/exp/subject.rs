//! The record that an expression is about.

use crate::digest::Digest;
use crate::record::Record;

/// What is known of a record.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// Its bins, encoded as records keep them.
    pub bins: &'a [u8],
    /// Its set's name; empty when it is in none.
    pub set: &'a [u8],
    /// Particle type and bytes of its key, when that is stored.
    pub key: Option<&'a [u8]>,
    /// Its digest.
    pub digest: &'a Digest,
    /// When it was written, in milliseconds since 2010-01-01.
    pub last_update_ms: u64,
    /// When it expires, in seconds since 2010-01-01; 0 is never.
    pub void_time: u32,
    /// The time.
    pub now_ms: u64,
}

impl<'a> Subject<'a> {
    /// A record as it is stored.
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

    /// The size of the record, as expressions and functions are told it.
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
