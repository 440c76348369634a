//! Replies: one row per record, encoded directly into the output buffer.

use super::field::write_field;
use super::header::{self, Kind};
use super::message::MESSAGE_HEADER_SIZE;
use super::op::write_op;
use crate::common::result_code::ResultCode;

/// Record metadata in a reply row.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Meta {
    /// The record's generation.
    pub generation: u32,
    /// Expiry time, in seconds since 2010-01-01; 0 means never.
    pub void_time: u32,
}

/// A row under construction at the end of the output buffer.
///
/// A row has the format of a message. The batch index takes the place of the timeout.
#[derive(Debug)]
pub struct Row<'a> {
    out: &'a mut Vec<u8>,
    start: usize,
    fields: u16,
    ops: u16,
    info1: u8,
}

impl<'a> Row<'a> {
    /// Starts a row.
    #[must_use]
    pub fn begin(out: &'a mut Vec<u8>) -> Self {
        let start = out.len();
        out.extend_from_slice(&[0; MESSAGE_HEADER_SIZE]);
        Self {
            out,
            start,
            fields: 0,
            ops: 0,
            info1: 0,
        }
    }

    /// Sets bits of the first info byte.
    pub fn set_info1(&mut self, bits: u8) {
        self.info1 |= bits;
    }

    /// Adds a field. All fields must precede the first operation.
    pub fn field(&mut self, kind: u8, value: &[u8]) {
        write_field(self.out, kind, value);
        self.fields = self.fields.saturating_add(1);
    }

    /// Adds an operation.
    pub fn op(&mut self, code: u8, particle: u8, name: &[u8], value: &[u8]) {
        write_op(self.out, code, particle, name, value);
        self.ops = self.ops.saturating_add(1);
    }

    /// Adds operations that are already encoded.
    pub fn encoded_ops(&mut self, bytes: &[u8], count: u16) {
        self.out.extend_from_slice(bytes);
        self.ops = self.ops.saturating_add(count);
    }

    /// Whether the row has any operations.
    #[must_use]
    pub fn has_ops(&self) -> bool {
        self.ops > 0
    }

    /// Removes the whole row.
    pub fn discard(self) {
        self.out.truncate(self.start);
    }

    /// Removes everything after the header, for an operation that failed midway.
    pub fn clear(&mut self) {
        self.out.truncate(self.start + MESSAGE_HEADER_SIZE);
        self.fields = 0;
        self.ops = 0;
    }

    /// Fills in the header.
    pub fn finish(self, result: ResultCode, meta: Meta, index: u32) {
        self.finish_with(result, meta, index, 0);
    }

    /// Fills in the header, with bits of the third info byte.
    pub fn finish_with(self, result: ResultCode, meta: Meta, index: u32, info3: u8) {
        let [g0, g1, g2, g3] = meta.generation.to_be_bytes();
        let [v0, v1, v2, v3] = meta.void_time.to_be_bytes();
        let [i0, i1, i2, i3] = index.to_be_bytes();
        let [f0, f1] = self.fields.to_be_bytes();
        let [o0, o1] = self.ops.to_be_bytes();
        const SIZE: u8 = MESSAGE_HEADER_SIZE as u8;
        let header: [u8; MESSAGE_HEADER_SIZE] = [
            SIZE, self.info1, 0, info3, 0, result.0, g0, g1, g2, g3, v0, v1, v2, v3, i0, i1, i2, i3, f0, f1, o0, o1,
        ];
        if let Some(place) = self.out.get_mut(self.start..self.start + MESSAGE_HEADER_SIZE) {
            place.copy_from_slice(&header);
        }
    }
}

/// Appends a complete reply that consists of one empty row.
pub fn write_empty(out: &mut Vec<u8>, result: ResultCode, info3: u8) {
    let start = header::begin(out);
    Row::begin(out).finish_with(result, Meta::default(), 0, info3);
    header::finish(out, start, Kind::Message);
}

#[cfg(test)]
mod tests {
    use super::super::message::{Message, info3};
    use super::*;

    #[test]
    fn rows_parse_as_messages() {
        let mut out = vec![1, 2];
        let mut row = Row::begin(&mut out);
        row.op(1, 0, b"gone", b"");
        row.clear();
        row.field(1, b"set");
        row.op(1, 1, b"a", &[0; 8]);
        row.finish_with(
            ResultCode::GENERATION,
            Meta {
                generation: 7,
                void_time: 9,
            },
            11,
            info3::LAST,
        );
        let message = Message::parse(&out[2..]).unwrap();
        assert_eq!(out[2 + 5], 3);
        assert_eq!(message.attributes.info3, info3::LAST);
        assert_eq!((message.generation, message.ttl, message.timeout_ms), (7, 9, 11));
        assert_eq!(message.fields.set, b"set");
        assert_eq!(message.ops.iter().next().unwrap().name, b"a");
    }
}
