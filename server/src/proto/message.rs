//! Record messages: header, fields and operations.

use super::cursor::Cursor;
use super::field::Fields;
use super::op::Ops;

/// Size of the message header in bytes, without the protocol header before it.
pub const MESSAGE_HEADER_SIZE: usize = 22;

/// Bits of the first info byte.
pub mod info1 {
    /// Reads the record.
    pub const READ: u8 = 1;
    /// Reads all bins.
    pub const GET_ALL: u8 = 2;
    /// A short query, which is not listed as a job.
    pub const SHORT_QUERY: u8 = 4;
    /// The request is a batch.
    pub const BATCH: u8 = 8;
    /// Returns only metadata, without bins.
    pub const NO_BIN_DATA: u8 = 32;
    /// Compresses the reply.
    pub const COMPRESS_RESPONSE: u8 = 128;
}

/// Bits of the second info byte.
pub mod info2 {
    /// Writes the record.
    pub const WRITE: u8 = 1;
    /// Deletes the record.
    pub const DELETE: u8 = 2;
    /// The expected generation must equal the record's generation.
    pub const GENERATION: u8 = 4;
    /// The expected generation must be greater than the record's generation.
    pub const GENERATION_GT: u8 = 8;
    /// Leaves a tombstone.
    pub const DURABLE_DELETE: u8 = 16;
    /// The record must not exist.
    pub const CREATE_ONLY: u8 = 32;
    /// Returns a result for every operation, in order.
    pub const RESPOND_ALL_OPS: u8 = 128;
}

/// Bits of the third info byte.
pub mod info3 {
    /// This is the last message of a reply.
    pub const LAST: u8 = 1;
    /// The row reports the result for a partition, whose id takes the place of the generation.
    pub const PARTITION_DONE: u8 = 4;
    /// The record must exist.
    pub const UPDATE_ONLY: u8 = 8;
    /// Creates the record or replaces it: bins that are not written are removed.
    pub const CREATE_OR_REPLACE: u8 = 16;
    /// Replaces the record, which must exist: bins that are not written are removed.
    pub const REPLACE_ONLY: u8 = 32;
    /// With strong consistency: reads the latest state of the record. Together with [`SC_RELAX`], also reads from
    /// partitions that are not available.
    pub const SC_TYPE: u8 = 64;
    /// With strong consistency: reads from replicas, too.
    pub const SC_RELAX: u8 = 128;
}

/// Bits of the fourth info byte.
pub mod info4 {
    /// Verifies the version of a record that a transaction has read.
    pub const VERIFY: u8 = 1;
    /// Makes the write of a transaction visible.
    pub const ROLL_FORWARD: u8 = 2;
    /// Discards the write of a transaction.
    pub const ROLL_BACK: u8 = 4;
    /// Writes only if the transaction has not yet written the record.
    pub const ON_LOCKING_ONLY: u8 = 16;
}

/// Attribute flags of a request.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Attributes {
    /// See [`info1`].
    pub info1: u8,
    /// See [`info2`].
    pub info2: u8,
    /// See [`info3`].
    pub info3: u8,
    /// See [`info4`].
    pub info4: u8,
}

impl Attributes {
    /// Whether the request reads.
    #[must_use]
    pub fn reads(&self) -> bool {
        self.info1 & info1::READ != 0
    }

    /// Whether the request writes.
    #[must_use]
    pub fn writes(&self) -> bool {
        self.info2 & info2::WRITE != 0
    }

    /// Whether the request deletes the record.
    #[must_use]
    pub fn deletes(&self) -> bool {
        self.info2 & info2::DELETE != 0
    }

    /// Whether every operation gets a result.
    #[must_use]
    pub fn responds_all_ops(&self) -> bool {
        self.info2 & info2::RESPOND_ALL_OPS != 0
    }

    /// Whether all bins are requested.
    #[must_use]
    pub fn gets_all(&self) -> bool {
        self.info1 & info1::GET_ALL != 0
    }

    /// Whether bins are left out of the reply.
    #[must_use]
    pub fn no_bin_data(&self) -> bool {
        self.info1 & info1::NO_BIN_DATA != 0
    }

    /// Whether bins that are not written are removed.
    #[must_use]
    pub fn replaces(&self) -> bool {
        self.info3 & (info3::CREATE_OR_REPLACE | info3::REPLACE_ONLY) != 0
    }

    /// Whether the request reads the latest state of the record, with strong consistency.
    #[must_use]
    pub fn is_linearized(&self) -> bool {
        self.info3 & (info3::SC_TYPE | info3::SC_RELAX) == info3::SC_TYPE && self.reads() && !self.writes()
    }

    /// Whether the request reads even if the partition is not available.
    #[must_use]
    pub fn reads_unavailable(&self) -> bool {
        const BOTH: u8 = info3::SC_TYPE | info3::SC_RELAX;
        self.info3 & BOTH == BOTH && self.reads() && !self.writes()
    }

    /// Whether a deletion leaves a tombstone.
    #[must_use]
    pub fn is_durable(&self) -> bool {
        self.info2 & info2::DURABLE_DELETE != 0
    }

    /// Whether the request ends a transaction for a record, or verifies one.
    #[must_use]
    pub fn ends_transaction(&self) -> bool {
        self.info4 & (info4::VERIFY | info4::ROLL_FORWARD | info4::ROLL_BACK) != 0
    }

    /// Whether the record must already exist.
    #[must_use]
    pub fn must_exist(&self) -> bool {
        self.info3 & (info3::UPDATE_ONLY | info3::REPLACE_ONLY) != 0
    }
}

/// A parsed request.
#[derive(Debug, Clone, Copy)]
pub struct Message<'a> {
    pub attributes: Attributes,
    /// The generation that the record must have, if the attributes demand it.
    pub generation: u32,
    /// For writes, the time to live. For reads, how to renew it.
    pub ttl: u32,
    /// Client timeout in milliseconds; 0 means no timeout.
    pub timeout_ms: u32,
    pub fields: Fields<'a>,
    pub ops: Ops<'a>,
}

impl<'a> Message<'a> {
    /// Parses a message. Returns `None` if it is malformed.
    #[must_use]
    pub fn parse(body: &'a [u8]) -> Option<Self> {
        let mut cursor = Cursor::new(body);
        let [header_size, info1, info2, info3, info4, _result] = cursor.array()?;
        let generation = cursor.u32()?;
        let ttl = cursor.u32()?;
        let timeout_ms = cursor.u32()?;
        let n_fields = cursor.u16()?;
        let n_ops = cursor.u16()?;
        // A longer header belongs to a newer protocol version: skip the additional bytes.
        cursor.take(usize::from(header_size).checked_sub(MESSAGE_HEADER_SIZE)?)?;
        let fields = Fields::parse(&mut cursor, n_fields)?;
        let ops = Ops::parse(&mut cursor, n_ops)?;
        Some(Self {
            attributes: Attributes {
                info1,
                info2,
                info3,
                info4,
            },
            generation,
            ttl,
            timeout_ms,
            fields,
            ops,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rejects_truncated_messages() {
        // A request to read bin "a" in namespace "ns".
        let mut bytes = vec![22, 1, 0, 0, 0, 0];
        bytes.extend_from_slice(&[0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0, 5, 0, 1, 0, 1]);
        bytes.extend_from_slice(&[0, 0, 0, 3, 0, b'n', b's']);
        bytes.extend_from_slice(&[0, 0, 0, 5, 1, 0, 0, 1, b'a']);
        let message = Message::parse(&bytes).unwrap();
        assert_eq!((message.generation, message.ttl, message.timeout_ms), (3, 4, 5));
        assert_eq!(message.fields.namespace, Some(&b"ns"[..]));
        assert_eq!(message.ops.count(), 1);
        for end in 0..bytes.len() {
            assert!(Message::parse(&bytes[..end]).is_none(), "{end} bytes");
        }
    }

    #[test]
    fn skips_long_headers_and_rejects_short_ones() {
        let mut bytes = [0; MESSAGE_HEADER_SIZE + 3];
        bytes[0] = 25;
        assert!(Message::parse(&bytes).is_some());
        bytes[0] = 21;
        assert!(Message::parse(&bytes).is_none());
    }
}
