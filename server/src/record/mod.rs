//! Stored records.

pub(crate) mod bins;
pub mod digest;
pub mod particle;
pub mod rules;
pub(crate) mod view;

use crate::common::clock::EPOCH_UNIX_MS;
use crate::proto::reply::Meta;

/// Size of a record in bytes without its bins and key, for the maximum record size.
const OVERHEAD: usize = 35;

/// A record: metadata, bins and, if the client sent it, the key.
#[derive(Debug, Clone)]
pub struct Record {
    /// Time of the last update, in milliseconds since 2010-01-01.
    pub last_update_ms: u64,
    /// Expiry time, in seconds since 2010-01-01; 0 means never.
    pub void_time: u32,
    /// Generation, incremented by each write. 0 only before the first write.
    pub generation: u16,
    /// Version, unique among all states of all records of a namespace with strong consistency. 0 in other namespaces.
    pub version: u64,
    /// Id of the record's set.
    pub set: SetId,
    /// Number of bins.
    pub bin_count: u16,
    /// Encoded bins, see [`crate::record::bins`].
    pub bins: Vec<u8>,
    /// Particle type and bytes of the key, if it is stored.
    pub key: Option<Box<[u8]>>,
}

/// Id of a set within its namespace. 0 means no set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct SetId(pub u16);

impl Record {
    /// Creates a record that has not been written yet.
    #[must_use]
    pub fn new(set: SetId) -> Self {
        Self {
            last_update_ms: 0,
            void_time: 0,
            generation: 0,
            version: 0,
            set,
            bin_count: 0,
            bins: Vec::new(),
            key: None,
        }
    }

    /// Whether the record has expired.
    #[must_use]
    pub fn is_expired(&self, now_s: u32) -> bool {
        self.void_time != 0 && self.void_time < now_s
    }

    /// Metadata for replies.
    #[must_use]
    pub fn meta(&self) -> Meta {
        Meta {
            generation: u32::from(self.generation),
            void_time: self.void_time,
        }
    }

    /// The generation after the next write. It wraps to 1, because 0 is the generation of missing records.
    #[must_use]
    pub fn next_generation(&self) -> u16 {
        self.generation.checked_add(1).unwrap_or(1)
    }

    /// Seconds between the last update and the expiry. `None` if the record never expires.
    #[must_use]
    pub fn time_to_live(&self) -> Option<u32> {
        let written_s = u32::try_from(self.last_update_ms / 1000).unwrap_or(u32::MAX);
        (self.void_time != 0).then(|| self.void_time.saturating_sub(written_s))
    }
}

/// The size that counts towards the maximum record size, in bytes.
#[must_use]
pub fn stored_size(bins: &[u8], key: Option<&[u8]>) -> usize {
    OVERHEAD + bins.len() + key.map_or(0, <[u8]>::len)
}

/// Converts nanoseconds since 1970-01-01 to milliseconds since 2010-01-01.
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
    fn a_record_expires_after_its_last_second() {
        let mut record = Record::new(SetId(0));
        assert!(!record.is_expired(u32::MAX));
        record.void_time = 10;
        assert!(!record.is_expired(10));
        assert!(record.is_expired(11));
    }
}
