//! A stored record.

use crate::clock::EPOCH_UNIX_MS;
use crate::proto::reply::Meta;

/// Bytes that a record takes beside its bins and key, counted against the largest record size.
const OVERHEAD: usize = 35;

/// A record: header, bins and, when the client sent it, the key.
#[derive(Debug, Clone)]
pub struct Record {
    /// When the record was last written, in milliseconds since 2010-01-01.
    pub last_update_ms: u64,
    /// When the record expires, in seconds since 2010-01-01; 0 is never.
    pub void_time: u32,
    /// Counts writes; 0 only before the first.
    pub generation: u16,
    /// The set that it belongs to.
    pub set: SetId,
    /// How many bins there are.
    pub bin_count: u16,
    /// The bins, as [`crate::bins`] encodes them.
    pub bins: Vec<u8>,
    /// Particle type and bytes of the key.
    pub key: Option<Box<[u8]>>,
}

/// Number of a set in its namespace; 0 is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct SetId(pub u16);

impl Record {
    /// A record that has not been written yet.
    #[must_use]
    pub fn new(set: SetId) -> Self {
        Self {
            last_update_ms: 0,
            void_time: 0,
            generation: 0,
            set,
            bin_count: 0,
            bins: Vec::new(),
            key: None,
        }
    }

    /// Whether the record's time is over.
    #[must_use]
    pub fn is_expired(&self, now_s: u32) -> bool {
        self.void_time != 0 && self.void_time < now_s
    }

    /// What replies say about the record.
    #[must_use]
    pub fn meta(&self) -> Meta {
        Meta {
            generation: u32::from(self.generation),
            void_time: self.void_time,
        }
    }

    /// The generation that the next write gives. It wraps, but not to the 0 of records that do not
    /// exist.
    #[must_use]
    pub fn next_generation(&self) -> u16 {
        self.generation.checked_add(1).unwrap_or(1)
    }

    /// Seconds between the last write and the expiry; nothing for records that never expire.
    #[must_use]
    pub fn time_to_live(&self) -> Option<u32> {
        let written_s = u32::try_from(self.last_update_ms / 1000).unwrap_or(u32::MAX);
        (self.void_time != 0).then(|| self.void_time.saturating_sub(written_s))
    }
}

/// The size that counts against the largest record size.
#[must_use]
pub fn stored_size(bins: &[u8], key: Option<&[u8]>) -> usize {
    OVERHEAD + bins.len() + key.map_or(0, <[u8]>::len)
}

/// Milliseconds since 2010-01-01 of nanoseconds since 1970-01-01.
#[must_use]
pub fn ms_from_unix_nanos(nanos: u64) -> u64 {
    (nanos / 1_000_000).saturating_sub(EPOCH_UNIX_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generations_wrap_to_one() {
        let mut record = Record::new(SetId(0));
        assert_eq!(record.next_generation(), 1);
        record.generation = u16::MAX;
        assert_eq!(record.next_generation(), 1);
    }

    #[test]
    fn a_record_lives_through_its_last_second() {
        let mut record = Record::new(SetId(0));
        assert!(!record.is_expired(u32::MAX));
        record.void_time = 10;
        assert!(!record.is_expired(10));
        assert!(record.is_expired(11));
    }
}
