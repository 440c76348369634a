//! Operations: one a bin that is read or changed.
//!
//! `u32 size, u8 code, u8 particle type, u8 0, u8 name length, name, value`. Records are stored in
//! this very form, so that reading one is copying it.

use super::cursor::Cursor;

/// Bytes of an operation in front of its name.
pub const OP_HEADER_SIZE: usize = 8;

/// Operation codes.
pub mod code {
    /// Read a bin, or all of them when there is no name.
    pub const READ: u8 = 1;
    /// Write or, with a null particle, delete a bin.
    pub const WRITE: u8 = 2;
    /// Read from a list or map.
    pub const CDT_READ: u8 = 3;
    /// Change a list or map.
    pub const CDT_MODIFY: u8 = 4;
    /// Add to a number.
    pub const INCR: u8 = 5;
    /// Evaluate an expression.
    pub const EXP_READ: u8 = 7;
    /// Write what an expression evaluates to.
    pub const EXP_MODIFY: u8 = 8;
    /// Add to the end of a string or blob.
    pub const APPEND: u8 = 9;
    /// Add to the beginning of a string or blob.
    pub const PREPEND: u8 = 10;
    /// Renew the record's time to live.
    pub const TOUCH: u8 = 11;
    /// Read bits of a blob.
    pub const BIT_READ: u8 = 12;
    /// Change bits of a blob.
    pub const BIT_MODIFY: u8 = 13;
    /// Delete the record.
    pub const DELETE: u8 = 14;
    /// Read a HyperLogLog.
    pub const HLL_READ: u8 = 15;
    /// Change a HyperLogLog.
    pub const HLL_MODIFY: u8 = 16;
    /// Read parts of a string.
    pub const STRING_READ: u8 = 17;
    /// Change parts of a string.
    pub const STRING_MODIFY: u8 = 18;
    /// Turn a value into a string.
    pub const TO_STRING: u8 = 19;
}

/// One operation of a request.
#[derive(Debug, Clone, Copy)]
pub struct Op<'a> {
    /// What to do, one of [`code`].
    pub code: u8,
    /// The value's type.
    pub particle: u8,
    /// The bin.
    pub name: &'a [u8],
    /// The value.
    pub value: &'a [u8],
}

impl<'a> Op<'a> {
    fn parse(cursor: &mut Cursor<'a>) -> Option<Self> {
        let size = usize::try_from(cursor.u32()?).ok()?;
        let mut body = Cursor::new(cursor.take(size)?);
        let [code, particle, _, name_size] = body.array()?;
        let name = body.take(usize::from(name_size))?;
        Some(Self {
            code,
            particle,
            name,
            value: body.rest(),
        })
    }
}

/// The operations of a request, checked to be well-formed.
#[derive(Debug, Clone, Copy)]
pub struct Ops<'a> {
    bytes: &'a [u8],
    count: u16,
}

impl<'a> Ops<'a> {
    /// No operations.
    pub const NONE: Ops<'static> = Ops { bytes: &[], count: 0 };

    /// Takes `count` operations from `cursor`, or nothing when they are malformed.
    pub fn parse(cursor: &mut Cursor<'a>, count: u16) -> Option<Self> {
        let start = cursor.rest();
        for _ in 0..count {
            Op::parse(cursor)?;
        }
        let bytes = start.get(..start.len() - cursor.rest().len())?;
        Some(Self { bytes, count })
    }

    /// All of them as they were sent.
    #[must_use]
    pub fn encoded(&self) -> &'a [u8] {
        self.bytes
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> u16 {
        self.count
    }

    /// One after the other.
    pub fn iter(&self) -> impl Iterator<Item = Op<'a>> + use<'a> {
        let mut cursor = Cursor::new(self.bytes);
        std::iter::from_fn(move || Op::parse(&mut cursor))
    }
}

/// Appends one operation to a reply or a record.
pub fn write_op(out: &mut Vec<u8>, code: u8, particle: u8, name: &[u8], value: &[u8]) {
    // Names come from requests, where one byte holds their length.
    let name_size = u8::try_from(name.len()).unwrap_or(u8::MAX);
    let size = u32::try_from(4 + name.len() + value.len()).unwrap_or(u32::MAX);
    out.reserve(4 + size as usize);
    out.extend_from_slice(&size.to_be_bytes());
    out.extend_from_slice(&[code, particle, 0, name_size]);
    out.extend_from_slice(name);
    out.extend_from_slice(value);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let mut bytes = Vec::new();
        write_op(&mut bytes, code::WRITE, 3, b"bin", b"value");
        write_op(&mut bytes, code::READ, 0, b"", b"");
        bytes.push(7);
        let mut cursor = Cursor::new(&bytes);
        let ops = Ops::parse(&mut cursor, 2).unwrap();
        assert_eq!(cursor.rest(), [7]);
        let names: Vec<_> = ops.iter().map(|op| (op.code, op.name, op.value)).collect();
        assert_eq!(names, [(2, &b"bin"[..], &b"value"[..]), (1, b"", b"")]);
    }

    #[test]
    fn truncated_operations_are_refused() {
        let mut bytes = Vec::new();
        write_op(&mut bytes, code::WRITE, 3, b"bin", b"value");
        for end in 0..bytes.len() {
            assert!(Ops::parse(&mut Cursor::new(&bytes[..end]), 1).is_none());
        }
        // A name longer than its operation.
        assert!(Ops::parse(&mut Cursor::new(&[0, 0, 0, 4, 2, 3, 0, 9]), 1).is_none());
    }
}
