//! Requests about records: header, fields and operations.

use super::cursor::Cursor;
use super::field::Fields;
use super::op::Ops;

/// Size of a message's header, not counting the protocol header in front of it.
pub const MESSAGE_HEADER_SIZE: usize = 22;

/// Bits of the first info byte.
pub mod info1 {
    /// Read.
    pub const READ: u8 = 1;
    /// All bins.
    pub const GET_ALL: u8 = 2;
    /// A query that is over soon and is not listed among the others.
    pub const SHORT_QUERY: u8 = 4;
    /// A batch.
    pub const BATCH: u8 = 8;
    /// No bins, only the record's header.
    pub const NO_BIN_DATA: u8 = 32;
}

/// Bits of the second info byte.
pub mod info2 {
    /// Write.
    pub const WRITE: u8 = 1;
    /// Delete the record.
    pub const DELETE: u8 = 2;
    /// The generation must be equal.
    pub const GENERATION: u8 = 4;
    /// The generation must be greater than the record's.
    pub const GENERATION_GT: u8 = 8;
    /// Leave a tombstone.
    pub const DURABLE_DELETE: u8 = 16;
    /// The record must not exist.
    pub const CREATE_ONLY: u8 = 32;
    /// Answer every operation, in order.
    pub const RESPOND_ALL_OPS: u8 = 128;
}

/// Bits of the third info byte.
pub mod info3 {
    /// The last message of a reply.
    pub const LAST: u8 = 1;
    /// The row tells how a partition ended, whose number stands in place of the generation.
    pub const PARTITION_DONE: u8 = 4;
    /// The record must exist.
    pub const UPDATE_ONLY: u8 = 8;
    /// Bins that are not written go away.
    pub const CREATE_OR_REPLACE: u8 = 16;
    /// Bins that are not written go away; the record must exist.
    pub const REPLACE_ONLY: u8 = 32;
}

/// Bits of the fourth info byte.
pub mod info4 {
    /// Anything that transactions ask for.
    pub const TRANSACTION: u8 = 1 | 2 | 4 | 16;
}

/// What a request wants, in flags.
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

    /// Whether every operation is answered.
    #[must_use]
    pub fn responds_all_ops(&self) -> bool {
        self.info2 & info2::RESPOND_ALL_OPS != 0
    }

    /// Whether all bins are wanted.
    #[must_use]
    pub fn gets_all(&self) -> bool {
        self.info1 & info1::GET_ALL != 0
    }

    /// Whether bins stay out of the answer.
    #[must_use]
    pub fn no_bin_data(&self) -> bool {
        self.info1 & info1::NO_BIN_DATA != 0
    }

    /// Whether bins that are not written go away.
    #[must_use]
    pub fn replaces(&self) -> bool {
        self.info3 & (info3::CREATE_OR_REPLACE | info3::REPLACE_ONLY) != 0
    }

    /// Whether the record must exist already.
    #[must_use]
    pub fn must_exist(&self) -> bool {
        self.info3 & (info3::UPDATE_ONLY | info3::REPLACE_ONLY) != 0
    }
}

/// A request, taken apart.
#[derive(Debug, Clone, Copy)]
pub struct Message<'a> {
    /// What the request wants.
    pub attributes: Attributes,
    /// Expected generation.
    pub generation: u32,
    /// Time to live of writes; how reads renew it.
    pub ttl: u32,
    /// After how many milliseconds the client gives up; 0 is never.
    pub timeout_ms: u32,
    /// The fields.
    pub fields: Fields<'a>,
    /// The operations.
    pub ops: Ops<'a>,
}

impl<'a> Message<'a> {
    /// Takes a message apart, or nothing when it is malformed.
    #[must_use]
    pub fn parse(body: &'a [u8]) -> Option<Self> {
        let mut cursor = Cursor::new(body);
        let [header_size, info1, info2, info3, info4, _result] = cursor.array()?;
        let generation = cursor.u32()?;
        let ttl = cursor.u32()?;
        let timeout_ms = cursor.u32()?;
        let n_fields = cursor.u16()?;
        let n_ops = cursor.u16()?;
        // A header that announces to be longer is one of a newer protocol: skip what is added.
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
    fn truncated_messages_are_refused() {
        // Read bin "a" of a namespace "ns".
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
    fn a_longer_header_is_skipped_and_a_shorter_one_refused() {
        let mut bytes = [0; MESSAGE_HEADER_SIZE + 3];
        bytes[0] = 25;
        assert!(Message::parse(&bytes).is_some());
        bytes[0] = 21;
        assert!(Message::parse(&bytes).is_none());
    }
}
