//! Operations: each reads or modifies one bin.
//!
//! `u32 size, u8 code, u8 particle type, u8 0, u8 name length, name, value`. Records store their bins in the
//! same form, so that reading is a copy.

use super::cursor::Cursor;

/// Size of an operation before its name, in bytes.
pub const OP_HEADER_SIZE: usize = 8;

/// Operation codes.
pub mod code {
    /// Reads a bin, or all bins if the name is empty.
    pub const READ: u8 = 1;
    /// Writes a bin, or deletes it if the particle is null.
    pub const WRITE: u8 = 2;
    /// Reads from a list or map.
    pub const CDT_READ: u8 = 3;
    /// Modifies a list or map.
    pub const CDT_MODIFY: u8 = 4;
    /// Adds to a number.
    pub const INCR: u8 = 5;
    /// Evaluates an expression.
    pub const EXP_READ: u8 = 7;
    /// Writes the result of an expression.
    pub const EXP_MODIFY: u8 = 8;
    /// Appends to a string or blob.
    pub const APPEND: u8 = 9;
    /// Prepends to a string or blob.
    pub const PREPEND: u8 = 10;
    /// Renews the record's time to live.
    pub const TOUCH: u8 = 11;
    /// Reads bits of a blob.
    pub const BIT_READ: u8 = 12;
    /// Modifies bits of a blob.
    pub const BIT_MODIFY: u8 = 13;
    /// Deletes the record.
    pub const DELETE: u8 = 14;
    /// Reads a HyperLogLog.
    pub const HLL_READ: u8 = 15;
    /// Modifies a HyperLogLog.
    pub const HLL_MODIFY: u8 = 16;
}

/// One operation of a request.
#[derive(Debug, Clone, Copy)]
pub struct Op<'a> {
    /// Operation code, one of [`code`].
    pub code: u8,
    /// Particle type of the value.
    pub particle: u8,
    pub name: &'a [u8],
    /// Value, in the wire form of its type.
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

/// The operations of a request, validated for well-formedness.
#[derive(Debug, Clone, Copy)]
pub struct Ops<'a> {
    bytes: &'a [u8],
    count: u16,
}

impl<'a> Ops<'a> {
    /// No operations.
    pub const NONE: Ops<'static> = Ops { bytes: &[], count: 0 };

    /// Parses `count` operations. Returns `None` if they are malformed.
    pub fn parse(cursor: &mut Cursor<'a>, count: u16) -> Option<Self> {
        let start = cursor.rest();
        for _ in 0..count {
            Op::parse(cursor)?;
        }
        let bytes = start.get(..start.len() - cursor.rest().len())?;
        Some(Self { bytes, count })
    }

    /// All operations in their wire form.
    #[must_use]
    pub fn encoded(&self) -> &'a [u8] {
        self.bytes
    }

    /// Number of operations.
    #[must_use]
    pub fn count(&self) -> u16 {
        self.count
    }

    /// Iterates over the operations.
    pub fn iter(&self) -> impl Iterator<Item = Op<'a>> + use<'a> {
        let mut cursor = Cursor::new(self.bytes);
        std::iter::from_fn(move || Op::parse(&mut cursor))
    }
}

/// Appends an operation.
pub fn write_op(out: &mut Vec<u8>, code: u8, particle: u8, name: &[u8], value: &[u8]) {
    // Names come from requests, which encode the length in one byte.
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
    fn operations_round_trip() {
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
    fn rejects_truncated_operations() {
        let mut bytes = Vec::new();
        write_op(&mut bytes, code::WRITE, 3, b"bin", b"value");
        for end in 0..bytes.len() {
            assert!(Ops::parse(&mut Cursor::new(&bytes[..end]), 1).is_none());
        }
        // The name is longer than the operation.
        assert!(Ops::parse(&mut Cursor::new(&[0, 0, 0, 4, 2, 3, 0, 9]), 1).is_none());
    }
}
